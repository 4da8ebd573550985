"""Network addresses: which one a request comes from, whether it may, and how much of it is kept."""

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache

from django.http import HttpRequest
from rest_framework.settings import api_settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What is left of an address in the audit: enough to tell one company's network from another's
KEPT_BITS = {4: 24, 6: 48}
# Who counts as one caller: a household or server has a whole /64 of IPv6 to choose addresses from
COUNTED_BITS = {4: 32, 6: 64}
WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>[\d.]+):\d+")  # as some proxies write it


class BadNetwork(ValueError):
    """A text that is no network; the message names what is wrong with it."""


def address_of(request: HttpRequest) -> str:
    """The caller's address, as the framework reads it for its throttles (NUM_PROXIES); "" when there is none.

    A client can write X-Forwarded-For itself, so only the part that known proxies added is read.
    """
    proxies = api_settings.NUM_PROXIES
    direct: str = request.META.get("REMOTE_ADDR") or ""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR")
    if not proxies or not forwarded:
        return direct
    told: list[str] = [part.strip() for part in forwarded.split(",")]
    return told[-min(proxies, len(told))]


@lru_cache(maxsize=4096)
def parsed(address: str) -> Address | None:
    """None when it is no address. An IPv4 address in IPv6 clothes is the IPv4 address."""
    match = WITH_PORT.fullmatch(address)
    bare = (match["six"] or match["four"]) if match else address
    try:
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@lru_cache(maxsize=4096)
def network_of(text: str) -> Network:
    """A network by its CIDR notation, or one address. Raises ``BadNetwork``."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise BadNetwork(text) from error


def contained(address: str, networks: Iterable[str]) -> bool:
    """Whether the address lies in one of the networks; one that cannot be read lies in none."""
    found = parsed(address)
    if found is None:
        return False
    return any(found in network for network in map(network_of, networks) if network.version == found.version)


@lru_cache(maxsize=4096)
def kept(address: str) -> str:
    """The network that the audit keeps of an address: 203.0.113.0/24, 2001:db8::/48; "" for none."""
    return _shortened(address, bits=KEPT_BITS)


@lru_cache(maxsize=4096)
def counted(address: str) -> str:
    """Under what a caller without a key is counted."""
    return _shortened(address, bits=COUNTED_BITS) or "unknown"


def _shortened(address: str, *, bits: dict[int, int]) -> str:
    found = parsed(address)
    if found is None:
        return ""
    return ipaddress.ip_network((found, bits[found.version]), strict=False).compressed
