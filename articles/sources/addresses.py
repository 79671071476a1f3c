"""Which addresses may be fetched, and connections that go to the very one that was checked.

A name is looked up once. Whoever answers for it may answer otherwise the next time, so nothing looks it up again:
the connection is made to the number, and what it reached is compared before a byte is sent.
"""

import re
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

type IP = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network
type Resolve = Callable[..., Sequence[tuple[Any, ...]]]
"""As socket.getaddrinfo."""

_PORTS = {"http": 80, "https": 443}
_LONGEST = 2000
_MOST_NUMBERS = 4
"""Of a name that has many, how many are tried."""

_GLOBAL_6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# What ipaddress, in one Python or another, takes for global and is not, or leads to somewhere else: 6to4 and its
# relays, Teredo and other addresses of protocols, documentation, and the number at which Azure tells a machine
# about itself.
_NEVER: tuple[Network, ...] = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("168.63.129.16/32"),
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)


class Refused(ValueError):
    """The address is not fetched; the message says why, for whoever set it."""


class NoAnswer(Exception):
    """Nothing could be reached there; the message says what happened."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a web address leads: what is asked of which host."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """As the header Host has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be fetched besides public addresses at the usual ports: an intranet's, or a test's."""

    allowed: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset(_PORTS.values())

    def place(self, address: str) -> Place:
        """What an address says, nothing looked up. Raises Refused."""
        address = address.strip()
        if len(address) > _LONGEST or re.search(r"[\x00-\x20\x7f\\]", address):
            raise Refused("That is no web address.")
        try:
            parts = urlsplit(address)
            port = parts.port
            host = _ascii((parts.hostname or "").rstrip("."))
        except ValueError:  # UnicodeError is one, too
            raise Refused("That is no web address.") from None
        if parts.scheme not in _PORTS or not host:
            raise Refused("Give an address that begins with http:// or https://.")
        if "@" in parts.netloc:
            raise Refused("A name or password in the address is not supported. Leave it out.")
        port = _PORTS[parts.scheme] if port is None else port
        if port not in self.ports:
            told = ", ".join(map(str, sorted(self.ports)))
            raise Refused(f"Port {port} is not fetched from, only {told}.")
        target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
        if parts.query:
            target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?")
        return Place(parts.scheme, host, port, target)

    def allows(self, number: IP) -> bool:
        """Whether that one may be connected to."""
        return is_public(number) or self.names(number)

    def names(self, number: IP) -> bool:
        """Whether it was allowed by name, public or not."""
        return any(number in network for network in self.allowed if network.version == number.version)

    def resolved(self, place: Place, resolve: Resolve) -> list[IP]:
        """The numbers of the place's host. Raises Refused if one of them is not allowed, NoAnswer without any.

        A name that mixes allowed and other numbers is refused as a whole: it is a mistake or a trick.
        """
        try:
            found = resolve(place.host, place.port, type=socket.SOCK_STREAM)
            numbers = list(dict.fromkeys(ip_address(one[4][0]) for one in found))
        except (OSError, UnicodeError, ValueError):
            numbers = []
        if not numbers:
            raise NoAnswer(f"There is no server of the name {place.host}.")
        if not all(map(self.allows, numbers)):
            raise Refused(
                f"{place.host} is not at a public address, and feeds are fetched from public ones only."
            )
        return numbers[:_MOST_NUMBERS]

    def connect(self, place: Place, *, seconds: Callable[[], float], resolve: Resolve) -> HTTPConnection:
        """A connection to the place, which nothing has been sent over. Raises Refused and NoAnswer.

        `seconds` gives the most that the next try may take.
        """
        reason = ""
        for number in self.resolved(place, resolve):
            connection = self._connection(place, number, seconds())
            try:
                connection.connect()
            except ssl.SSLCertVerificationError as error:
                reason = f"The certificate of {place.host} is not in order: {error.verify_message}."
            except ssl.SSLError:
                reason = f"No secure connection to {place.host} could be made."
            except (OSError, HTTPError):
                reason = f"{place.authority} does not answer."
            else:
                return connection
            connection.close()
        raise NoAnswer(reason)

    def _connection(self, place: Place, number: IP, timeout: float) -> HTTPConnection:
        if place.scheme == "http":
            plain = _Plain(str(number), place.port, timeout=timeout)
            plain.guard = self
            return plain
        secure = _Secure(
            str(number),
            place.port,
            timeout=timeout,
            server_hostname=place.host,
            ssl_context=ssl.create_default_context(),
        )
        secure.guard = self
        return secure


class _Plain(HTTPConnection):
    guard: Guard

    def _new_conn(self) -> socket.socket:
        return _connected(self, self.guard)


class _Secure(HTTPSConnection):
    guard: Guard

    def _new_conn(self) -> socket.socket:
        return _connected(self, self.guard)


def _connected(connection: HTTPConnection, guard: Guard) -> socket.socket:
    """A socket to the connection's number, if it reaches that, and not this machine by a public number of its own."""
    wanted = ip_address(connection.host)
    sock = socket.socket(socket.AF_INET if wanted.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    try:
        sock.settimeout(connection.timeout)
        sock.connect((str(wanted), connection.port))
        reached, ours = (ip_address(end[0]) for end in (sock.getpeername(), sock.getsockname()))
        if reached != wanted or (reached == ours and not guard.names(reached)):
            raise Refused("The connection did not lead to the public address that was asked for.")
    except BaseException:
        sock.close()
        raise
    return sock


def is_public(number: IP) -> bool:
    """Whether it can be reached from everywhere, and is nobody's inside: not loopback, private, link-local …"""
    if isinstance(number, IPv6Address):
        if number in _NAT64:  # how a network that has IPv6 alone reaches IPv4
            return is_public(IPv4Address(int(number) & 0xFFFF_FFFF))
        if number not in _GLOBAL_6:
            return False
    if number.is_multicast or number.is_reserved or not number.is_global:
        return False
    return not any(number in network for network in _NEVER if network.version == number.version)


def _ascii(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode("ascii")
