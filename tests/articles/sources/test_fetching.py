"""Fetching a feed from a server on this machine, which a rule of the test lets in."""

import gzip
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from articles.sources.addresses import Guard
from articles.sources.fetching import LONGEST_REST, Fetched, FetchError, Rules, fetch
from tests.articles.sources.server import Server, by_number, leading_to, serving

FEED = b"<rss><channel><title>The Post</title></channel></rss>"


def rules(*servers: Server, **more: Any) -> Rules:
    guard = Guard(
        tuple(ipaddress.ip_network(server.host) for server in servers),
        frozenset({80, 443, *(server.port for server in servers)}),
    )
    quick = {"connecting": 2, "silent": 2, "in_all": 5} | more
    return Rules("Newsdesk (+https://desk.example)", guard, **quick)


def body(got: Fetched | None) -> bytes:
    assert got is not None
    with got.file:
        return got.file.read()


def test_a_feed_comes_with_what_its_server_says_of_it(web: Server) -> None:
    headers = {
        "ETag": '"a1"',
        "Last-Modified": "Thu, 09 May 2019 12:00:00 GMT",
        "Content-Type": "text/xml; a=b",
    }
    web.answers["/rss"] = (200, headers, FEED)
    got = fetch(web["/rss"], rules(web))
    assert got is not None
    assert (got.etag, got.last_modified, got.media_type) == ('"a1"', headers["Last-Modified"], "text/xml")
    assert (body(got), got.address, got.moved_to) == (FEED, web["/rss"], "")
    [(_, asked)] = web.asked
    assert asked["User-Agent"] == "Newsdesk (+https://desk.example)"
    assert asked["Host"] == f"127.0.0.1:{web.port}"
    assert {"Cookie", "Authorization", "Referer", "If-None-Match"} & asked.keys() == set()


def test_what_is_as_we_have_it_is_not_sent_again(web: Server) -> None:
    web.answers["/rss"] = (304, {}, b"")
    assert (
        fetch(web["/rss"], rules(web), etag='W/"a1"', last_modified="Thu, 09 May 2019 12:00:00 GMT") is None
    )
    [(_, asked)] = web.asked
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('W/"a1"', "Thu, 09 May 2019 12:00:00 GMT")
    with pytest.raises(FetchError, match="304"):
        fetch(web["/rss"], rules(web))


def test_a_marker_that_could_not_be_sent_back_is_not_kept(web: Server) -> None:
    web.answers["/rss"] = (200, {"ETag": '"\x00\x01"', "Last-Modified": "x" * 1000}, FEED)
    got = fetch(web["/rss"], rules(web))
    assert got is not None
    assert (got.etag, got.last_modified, body(got)) == ("", "", FEED)


def test_proxies_of_the_environment_are_not_used(web: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.answers["/rss"] = (200, {}, FEED)
    assert body(fetch(web["/rss"], rules(web))) == FEED


# Where it goes.


def test_this_machine_is_refused_unless_it_is_allowed(web: Server) -> None:
    ports = Rules("Newsdesk", Guard(ports=frozenset({web.port})))
    with pytest.raises(FetchError, match="not at a public address"):
        fetch(web["/rss"], ports)
    assert not web.connections


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(web: Server) -> None:
    with serving("127.0.0.2") as inside:
        web.answers["/rss"] = (200, {}, FEED)
        rebound = leading_to("127.0.0.1", "127.0.0.2")
        got = fetch(f"http://feeds.example:{web.port}/rss", rules(web), resolve=rebound)
        assert body(got) == FEED
        assert rebound.asked == ["feeds.example"]  # type: ignore[attr-defined]
        assert web.asked[0][1]["Host"] == f"feeds.example:{web.port}"
        assert not inside.connections


def test_a_name_that_is_public_first_and_private_then_never_gets_us_inside(
    web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone_to: list[Any] = []

    def connect(self: socket.socket, address: Any) -> None:
        gone_to.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(FetchError, match="does not answer"):
        fetch("http://feeds.example/", rules(web), resolve=leading_to("93.184.216.34", "127.0.0.1"))
    assert gone_to == ["93.184.216.34"]


def test_a_connection_that_ends_elsewhere_is_left_before_a_byte_is_sent(
    web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", lambda self, _: real(self, (web.host, web.port)))
    with pytest.raises(FetchError, match="did not lead to"):
        fetch("http://feeds.example/", rules(web), resolve=leading_to("93.184.216.34"))
    assert not web.asked


def test_our_own_public_number_is_as_private_as_this_machine(
    web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.sources.addresses.is_public", lambda number: True)
    with pytest.raises(FetchError, match="did not lead to"):
        fetch(web["/rss"], Rules("Newsdesk", Guard(ports=frozenset({web.port}))))
    assert not web.asked


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.5/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "//192.168.1.1/",
    ],
)
def test_a_redirect_that_leads_inside_is_refused(web: Server, target: str) -> None:
    web.answers["/rss"] = (302, {"Location": target}, b"")
    with pytest.raises(FetchError, match="not at a public address"):
        fetch(web["/rss"], rules(web), resolve=by_number)


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "http://a:b@feeds.example/", "http://feeds.example:22/", ""]
)
def test_a_redirect_to_what_is_never_fetched_is_refused(web: Server, target: str) -> None:
    web.answers["/rss"] = (301, {"Location": target}, b"")
    with pytest.raises(FetchError, match="leads on"):
        fetch(web["/rss"], rules(web))


def test_redirects_are_followed_five_times_and_a_lasting_move_is_told(web: Server) -> None:
    for number in range(5):
        web.answers[f"/{number}"] = (301, {"Location": f"/{number + 1}"}, b"")
    web.answers["/5"] = (200, {}, FEED)
    got = fetch(web["/0"], rules(web))
    assert got is not None
    assert (body(got), got.moved_to) == (FEED, web["/5"])
    web.answers["/first"] = (302, {"Location": "/0"}, b"")
    with pytest.raises(FetchError, match="more than 5 times"):
        fetch(web["/first"], rules(web))
    web.answers["/3"] = (307, {"Location": "/5"}, b"")
    got = fetch(web["/0"], rules(web))
    assert got is not None
    assert got.moved_to == web["/3"]
    got.file.close()


# How much, and for how long.


def test_a_feed_packed_with_gzip_is_unpacked(web: Server) -> None:
    packed = gzip.compress(FEED) + gzip.compress(FEED)
    web.answers["/rss"] = (200, {"Content-Encoding": "gzip"}, packed)
    assert body(fetch(web["/rss"], rules(web))) == FEED * 2


@pytest.mark.parametrize(
    ("said", "packed"),
    [("br", FEED), ("deflate", zlib.compress(FEED)), ("gzip, gzip", FEED)],
    ids=["br", "deflate", "twice"],
)
def test_what_is_packed_otherwise_is_refused(web: Server, said: str, packed: bytes) -> None:
    web.answers["/rss"] = (200, {"Content-Encoding": said}, packed)
    with pytest.raises(FetchError, match="not asked for"):
        fetch(web["/rss"], rules(web))


@pytest.mark.parametrize(
    "sent",
    [gzip.compress(FEED)[:-12], b"\x1f\x8b\x08\x00" + b"\xff" * 50, FEED],
    ids=["cut", "garbled", "not packed"],  # else named by the bytes, in which the second is written
)
def test_what_is_packed_and_damaged_is_refused(web: Server, sent: bytes) -> None:
    web.answers["/rss"] = (200, {"Content-Encoding": "gzip"}, sent)
    with pytest.raises(FetchError, match="damaged"):
        fetch(web["/rss"], rules(web))


def test_a_bomb_is_left_where_it_gets_too_large(web: Server) -> None:
    bomb = gzip.compress(bytes(50_000_000), 9)
    web.answers["/rss"] = (200, {"Content-Encoding": "gzip"}, bomb)
    with pytest.raises(FetchError, match="Unpacked, the feed has more than 1 MB"):
        fetch(web["/rss"], rules(web, largest=1024 * 1024))


def test_what_unpacks_to_nothing_is_bounded_on_the_wire(web: Server) -> None:
    nothing = gzip.compress(b"", 9) * 200_000
    web.answers["/rss"] = (200, {"Content-Encoding": "gzip", "Transfer-Encoding": "identity"}, nothing)
    with pytest.raises(FetchError, match="more than 1 MB"):
        fetch(web["/rss"], rules(web, largest_packed=1024 * 1024))


@pytest.mark.parametrize("says_so", [True, False])
def test_a_feed_that_is_too_large_is_left(web: Server, says_so: bool) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if says_so:
            handler.send_header("Content-Length", str(10**12))
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(65536))

    web.answers["/rss"] = endless
    with pytest.raises(FetchError, match="more than 1 MB"):
        fetch(web["/rss"], rules(web, largest_packed=1024 * 1024))


def drip(*, before: bytes, drop: bytes) -> Any:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(before)
        for _ in range(400):
            handler.wfile.write(drop)
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 ", b"2"),
        (b"HTTP/1.1 200 OK\r\n", b"X"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_server_that_drips_is_left_after_the_whole_time(web: Server, before: bytes, drop: bytes) -> None:
    web.answers["/rss"] = drip(before=before, drop=drop)
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"longer than 0\.6 seconds"):
        fetch(web["/rss"], rules(web, in_all=0.6))
    assert time.monotonic() - started < 2


def test_a_server_that_says_nothing_is_left(web: Server) -> None:
    web.answers["/rss"] = lambda handler: time.sleep(1)
    with pytest.raises(FetchError, match=r"sent nothing for 0\.2 seconds"):
        fetch(web["/rss"], rules(web, silent=0.2))


def test_nothing_is_left_behind_by_a_fetch(web: Server) -> None:
    web.answers["/rss"] = (200, {}, FEED)
    fetch(web["/rss"], rules(web)).file.close()  # type: ignore[union-attr]
    for timer in [one for one in threading.enumerate() if isinstance(one, threading.Timer)]:
        timer.join(1)  # cancelled, it ends at once; else only after five seconds
        assert not timer.is_alive()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_proper_answer_is_told(web: Server, sent: bytes) -> None:
    web.answers["/rss"] = lambda handler: handler.wfile.write(sent) and None
    with pytest.raises(FetchError, match="broke off"):
        fetch(web["/rss"], rules(web))


# What a server says.


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (204, "204 No Content"),
        (206, "206 Partial Content"),
        (401, "does not let us"),
        (403, "does not let us"),
        (404, "nothing at the address"),
        (418, "418 I'm a Teapot"),
        (500, "500 Internal Server Error"),
        (599, "599"),
    ],
)
def test_another_status_is_told(web: Server, status: int, reason: str) -> None:
    web.answers["/rss"] = (status, {"Retry-After": "100"}, b"")
    with pytest.raises(FetchError, match=reason) as caught:
        fetch(web["/rss"], rules(web))
    assert (caught.value.rest, caught.value.is_gone) == (0, False)


def test_a_feed_that_is_gone_is_gone(web: Server) -> None:
    web.answers["/rss"] = (410, {}, b"")
    with pytest.raises(FetchError, match="gone for good") as caught:
        fetch(web["/rss"], rules(web))
    assert caught.value.is_gone


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("120", 120),
        ("999999999999999999999", LONGEST_REST),
        ("Fri, 31 Dec 2100 23:59:59 GMT", LONGEST_REST),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        ("Fri, 31 Dec 1999 23:59:59", 0),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
    ],
)
def test_a_server_that_asks_for_rest_is_understood(web: Server, status: int, said: str, rest: float) -> None:
    web.answers["/rss"] = (status, {"Retry-After": said}, b"")
    with pytest.raises(FetchError, match=str(status)) as caught:
        fetch(web["/rss"], rules(web))
    assert caught.value.rest == rest


def test_an_empty_answer_is_no_feed(web: Server) -> None:
    web.answers["/rss"] = (200, {}, b"")
    with pytest.raises(FetchError, match="sent nothing"):
        fetch(web["/rss"], rules(web))


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = Server("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(FetchError, match="does not answer"):
            fetch(nobody["/"], rules(nobody))


def test_a_name_that_nobody_has_is_told(web: Server) -> None:
    def resolve(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"no server of the name feeds\.example"):
        fetch("https://feeds.example/", rules(web), resolve=resolve)


# TLS.


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of feeds.example, with its key."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, cert, both = folder / "key.pem", folder / "cert.pem", folder / "both.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=feeds.example"),
            *("-addext", "subjectAltName=DNS:feeds.example"),
        ],
        check=True,
        capture_output=True,
    )
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(tls=context) as server:
        server.answers["/rss"] = (200, {}, FEED)
        yield server


def test_a_certificate_is_checked_for_the_name_and_not_for_the_number(
    secure: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    here = leading_to("127.0.0.1")
    got = fetch(f"https://feeds.example:{secure.port}/rss", rules(secure), resolve=here)
    assert body(got) == FEED
    assert secure.names == ["feeds.example"]
    with pytest.raises(FetchError, match=r"certificate of other\.example is not in order"):
        fetch(f"https://other.example:{secure.port}/rss", rules(secure), resolve=here)
    assert len(secure.asked) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Server) -> None:
    with pytest.raises(FetchError, match="certificate"):
        fetch(f"https://feeds.example:{secure.port}/rss", rules(secure), resolve=leading_to("127.0.0.1"))
    assert not secure.asked


def test_plain_http_where_tls_should_be_is_refused(web: Server) -> None:
    with pytest.raises(FetchError, match="No secure connection"):
        fetch(f"https://127.0.0.1:{web.port}/rss", rules(web))


def test_a_redirect_from_https_to_http_is_refused(
    secure: Server, web: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure.answers["/rss"] = (302, {"Location": web["/rss"]}, b"")
    with pytest.raises(FetchError, match="without it"):
        fetch(f"https://feeds.example:{secure.port}/rss", rules(secure, web), resolve=leading_to("127.0.0.1"))
    assert not web.asked


def test_a_dripping_server_is_left_behind_tls_too(
    secure: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure.answers["/rss"] = drip(before=b"HTTP/1.1 200 OK\r\n\r\n", drop=b"x")
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"longer than 0\.6 seconds"):
        fetch(
            f"https://feeds.example:{secure.port}/rss",
            rules(secure, in_all=0.6),
            resolve=leading_to("127.0.0.1"),
        )
    assert time.monotonic() - started < 2


def test_a_server_that_never_shakes_hands_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = Server("127.0.0.1", silent.getsockname()[1])
        started = time.monotonic()
        with pytest.raises(FetchError, match="does not answer"):
            fetch(f"https://127.0.0.1:{mute.port}/", rules(mute, connecting=0.3))
        assert time.monotonic() - started < 2
