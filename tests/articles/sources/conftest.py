import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest

from tests.articles.sources.server import Server, serving


@pytest.fixture
def web() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def fetched(settings: Any, web: Server) -> Server:
    """A server that this site may fetch from."""
    settings.FEED_FETCHING = True
    settings.FEED_ALLOWED_ADDRESSES = [ipaddress.ip_network(web.host)]
    settings.FEED_PORTS = [web.port]
    return web
