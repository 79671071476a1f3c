"""Which addresses are fetched: none that leads inside, however it is written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.sources.addresses import Guard, Refused, is_public
from tests.articles.sources.server import by_number, leading_to

INSIDE = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "::1/128",
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]
PRIVATE_4 = [ipaddress.IPv4Network(one) for one in INSIDE if ":" not in one]


def inside(network: str) -> st.SearchStrategy[object]:
    return st.ip_addresses(network=network)


@pytest.mark.parametrize("network", INSIDE)
def test_the_ends_of_every_network_that_is_not_public_are_refused(network: str) -> None:
    ends = ipaddress.ip_network(network)
    assert not is_public(ends[0])
    assert not is_public(ends[-1])


@given(number=st.one_of([inside(network) for network in INSIDE]))
def test_nothing_inside_is_public(number: ipaddress.IPv4Address) -> None:
    assert not is_public(number)


@given(number=st.one_of([inside(str(network)) for network in PRIVATE_4]))
def test_a_private_number_is_not_public_in_any_ipv6_clothes(number: ipaddress.IPv4Address) -> None:
    bits = int(number)
    for clothed in (
        0xFFFF << 32 | bits,  # mapped
        bits,  # compatible
        0x64FF9B << 96 | bits,  # NAT64
        0x2002 << 112 | bits << 80,  # 6to4
        0x20010000 << 96 | (bits ^ 0xFFFF_FFFF),  # Teredo
    ):
        assert not is_public(ipaddress.IPv6Address(clothed))


@given(number=st.ip_addresses(v=4))
def test_what_python_calls_private_is_never_public(number: ipaddress.IPv4Address) -> None:
    if number.is_private or number.is_link_local or number.is_loopback or number.is_multicast:
        assert not is_public(number)


@pytest.mark.parametrize("number", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::5db8:d822"])
def test_a_public_number_is_public(number: str) -> None:
    assert is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ],
)
def test_this_machine_is_refused_however_its_number_is_written(host: str) -> None:
    """By the system's own resolver, which takes all of these."""
    guard = Guard()
    with pytest.raises(Refused):
        guard.resolved(guard.place(f"http://{host}/"), by_number)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://feeds.example/", "begins with http"),
        ("file:///etc/passwd", "begins with http"),
        ("gopher://feeds.example:70/_", "begins with http"),
        ("feeds.example/rss", "begins with http"),
        ("http:///rss", "begins with http"),
        ("https://ada:secret@feeds.example/", "name or password"),
        ("https://feeds.example@127.0.0.1/", "name or password"),
        ("https://feeds.example:22/", "Port 22"),
        ("https://feeds.example:99999/", "no web address"),
        ("http://feeds.example\\@127.0.0.1/", "no web address"),
        ("http://feeds.example/ HTTP/1.1\r\nHost: inside", "no web address"),
        ("http://feeds\t.example/", "no web address"),
        ("http://[::1/", "no web address"),
        ("http://" + "a" * 3000, "no web address"),
    ],
)
def test_what_is_no_address_of_a_feed_is_refused_with_a_reason(address: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        Guard().place(address)


def test_a_place_is_what_the_address_says() -> None:
    place = Guard().place("https://Fäden.example./straße?q=ä b".replace(" ", "%20"))
    assert (place.host, place.port) == ("xn--fden-loa.example", 443)
    assert place.target == "/stra%C3%9Fe?q=%C3%A4%20b"
    assert str(Guard(ports=frozenset({8080})).place("http://a.example:8080")) == "http://a.example:8080/"


@pytest.mark.parametrize("numbers", [("93.184.216.34", "10.0.0.5"), ("10.0.0.5", "93.184.216.34")])
def test_a_name_that_is_inside_as_well_is_refused(numbers: tuple[str, str]) -> None:
    guard = Guard()

    def resolve(*_: object, **__: object) -> list[object]:
        return [found for number in numbers for found in leading_to(number)("a", 80)]

    with pytest.raises(Refused, match="not at a public address"):
        guard.resolved(guard.place("http://a.example/"), resolve)  # type: ignore[arg-type]


def test_what_was_allowed_by_name_may_be_private() -> None:
    guard = Guard((ipaddress.ip_network("10.1.0.0/16"),))
    assert guard.allows(ipaddress.ip_address("10.1.2.3"))
    assert not guard.allows(ipaddress.ip_address("10.2.2.3"))
    assert not guard.allows(ipaddress.ip_address("::ffff:10.1.2.3"))
    assert guard.allows(ipaddress.ip_address("1.1.1.1"))
