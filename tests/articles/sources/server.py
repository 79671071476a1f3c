"""A web server on this machine that answers as a test says, and remembers what it was asked."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

type Answer = tuple[int, Mapping[str, str], bytes] | Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """`answers` by path; a callable writes the answer itself."""

    host: str
    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    connections: list[Any] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)

    def __getitem__(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"


@contextmanager
def serving(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            known.connections.append(self.client_address)
            super().setup()

        def do_GET(self) -> None:
            known.asked.append((self.path, dict(self.headers)))
            answer = known.answers.get(self.path.partition("?")[0], (404, {}, b"no"))
            with suppress(ConnectionError, ssl.SSLError):
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | dict(headers)).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None:
            pass

    web = Quiet((host, 0), Handler)
    known = Server(host, web.server_port)
    if tls:
        tls.sni_callback = lambda _sock, name, _context: known.names.append(name)
        web.socket = tls.wrap_socket(web.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=lambda: web.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield known
    finally:
        web.shutdown()
        web.server_close()
        thread.join(5)


_getaddrinfo = socket.getaddrinfo


def by_number(host: str, port: int, **more: Any) -> list[Any]:
    """As the system reads numbers, in whatever way they are written; no name is looked up."""
    return _getaddrinfo(host, port, flags=socket.AI_NUMERICHOST, **more)


def leading_to(*numbers: str) -> Callable[..., Any]:
    """A resolver that gives these, one after the other for each time it is asked, the last for ever."""
    left = list(numbers)
    asked: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        number = left.pop(0) if len(left) > 1 else left[0]
        family = socket.AF_INET6 if ":" in number else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (number, port))]

    resolve.asked = asked  # type: ignore[attr-defined]
    return resolve
