"""Where a webhook may point: to other systems on the internet, never back into this network.

An address is checked when it is written and again at each delivery, which then connects to exactly the
machine that was checked: a name that answers differently a moment later (DNS rebinding) leads nowhere else.
"""

import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LENGTH = 500
PORTS: Final = (80, 443)  # and those above 1023
UNPRIVILEGED = 1024
KEPT: Final = "/%:@!$&'()*+,;=?"  # of a path and a query that somebody wrote: what is encoded stays as it is
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.ASCII)
NAT64 = ip_network("64:ff9b::/96")
GLOBAL_UNICAST = IPv6Network("2000::/3")

AnyAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Iterable[str]]


class BadAddress(ValueError):
    """The text is for people and says what would be right; ``code`` is for programs."""

    def __init__(self, text: "str | Promise", *, code: str) -> None:
        super().__init__(text)
        self.text, self.code = text, code


@dataclass(frozen=True)
class Target:
    """An address taken apart: ``host`` is lower case ASCII without a trailing dot, ``path`` has the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def netloc(self) -> str:
        """For the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_secure else 80) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.path}"


def parse(url: str) -> Target:
    """Raises ``BadAddress`` for what no webhook may be sent to, whatever its name resolves to."""
    url = url.strip()
    if len(url) > LENGTH or not url.isprintable() or re.search(r"[\s\\]", url):
        raise BadAddress(
            _("Write one address of at most 500 characters, without blanks."), code="bad_address"
        )
    try:
        parts = urlsplit(url)
        _check_scheme(parts.scheme)
        port = parts.port
        host = _host(parts.hostname or "")
    except (ValueError, UnicodeError) as error:
        if isinstance(error, BadAddress):
            raise
        raise BadAddress(_("This is no address of a host and a port."), code="bad_address") from None
    if "@" in parts.netloc:
        raise BadAddress(
            _("An address may not hold a user name or password: what arrives is signed."), code="credentials"
        )
    path = urlunsplit(("", "", quote(parts.path or "/", safe=KEPT), quote(parts.query, safe=KEPT), ""))
    return Target(parts.scheme, host, _port(port, parts.scheme), path)


def _check_scheme(scheme: str) -> None:
    allowed = ("https", "http") if settings.WEBHOOK_INSECURE else ("https",)
    if scheme not in allowed:
        raise BadAddress(_("The address must begin with https://."), code="not_https")


def _port(port: int | None, scheme: str) -> int:
    if port is None:
        return 443 if scheme == "https" else 80
    if port not in PORTS and port < UNPRIVILEGED:
        raise BadAddress(_("The port must be 443, 80, or one from 1024 on."), code="port")
    return port


def _host(written: str) -> str:
    """The host as it is asked for and as its certificate names it."""
    host = written.rstrip(".") if not written.endswith("..") else ""
    if ":" in host:
        if "%" in host:
            raise ValueError  # a zone (%eth0), which no other host knows
        return str(IPv6Address(host))
    host = host.encode("idna").decode().lower() if host else ""
    labels = host.split(".")
    if NUMBER.fullmatch(labels[-1]):
        # Decimal, octal and hexadecimal ways of writing an address (2130706433, 0x7f.1) lead astray
        return str(IPv4Address(host))
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise ValueError
    if len(labels) == 1 and not settings.WEBHOOK_PRIVATE:
        raise BadAddress(_("Write the whole name of the host, as in hooks.example.com."), code="short_name")
    return host


# Which machine it is


def resolve(host: str, port: int) -> list[str]:
    """Every address that the system's resolver gives for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(sockaddr[0]) for *_rest, sockaddr in found))


def reachable(target: Target, *, resolver: Resolve | None = None) -> list[str]:
    """The machines to connect to. Raises ``BadAddress`` when the name is unknown, or when any of its
    addresses is not on the internet: a name with one good and one bad address is meant to deceive."""
    try:
        found = list((resolver or resolve)(target.host, target.port))
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise BadAddress(_("The name of the host is not known."), code="not_resolved")
    if not all(is_allowed(address) for address in found):
        raise BadAddress(
            _("The host is inside a private network, or is no host on the internet."), code="private_address"
        )
    return found


def is_allowed(address: str) -> bool:
    """Whether a webhook may be sent to this machine: on the internet, or in a network the settings name."""
    try:
        machine = ip_address(address)
    except ValueError:
        return False
    return _is_public(machine) or _is_named(machine)


def _is_named(machine: AnyAddress) -> bool:
    """Never the link-local ones: the credentials of cloud machines are served there."""
    named = (ip_network(network) for network in settings.WEBHOOK_PRIVATE)
    return not machine.is_link_local and any(machine in network for network in named)


def _is_public(machine: AnyAddress) -> bool:
    if isinstance(machine, IPv6Address):
        return _is_public_v6(machine)
    return machine.is_global and not machine.is_multicast and not machine.is_reserved


def _is_public_v6(machine: IPv6Address) -> bool:
    """An address that carries an IPv4 address is as good as that one."""
    if machine in NAT64:
        return _is_public(IPv4Address(int(machine) & 0xFFFFFFFF))
    if machine.sixtofour is not None and not _is_public(machine.sixtofour):
        return False
    if machine.teredo is not None:
        return False
    return machine in GLOBAL_UNICAST and machine.is_global
