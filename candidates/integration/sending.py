"""One request to another system, to a machine that was checked, in ten seconds; only its status is kept.

Written upon sockets, for what a client library does not promise together: the connection goes to exactly the
machine that was checked, all of it (handshake, headers that come byte by byte, body) ends at one deadline,
and no proxy named in the environment is asked.
"""

import email.utils
import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from threading import Timer
from time import monotonic
from typing import Final

from django.utils import timezone

from candidates.integration.addresses import Target

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
READ_BYTES = 4096  # of the answer's body, and thrown away: it may hold anything
GONE: Final = 410

# Problems, for programs; in words: ``webhooks.PROBLEMS``
TIMEOUT, UNREACHABLE, CERTIFICATE, TLS = "timeout", "unreachable", "certificate", "tls"
REDIRECT, REFUSED, NO_HTTP, IS_GONE = "redirect", "refused", "no_http", "gone"


@dataclass(frozen=True)
class Outcome:
    """``problem`` is "" when it arrived; ``retry_after``: seconds to be left alone, as it asked."""

    status: int | None = None
    problem: str = ""
    milliseconds: float = 0.0
    retry_after: float | None = None

    @property
    def arrived(self) -> bool:
        return not self.problem

    @property
    def is_down(self) -> bool:
        """Whether it is the receiver that is in trouble, and not this one message."""
        return not self.arrived and (self.status is None or self.status == 429 or self.status >= 500)


def post(target: Target, machines: Sequence[str], *, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send ``body`` to the first of ``machines`` that takes a connection. Never raises for what is remote."""
    started = monotonic()
    try:
        with _connected(target, machines, until=started + TOTAL_SECONDS) as connection:
            return _exchange(connection, target, headers, body, started)
    except ssl.SSLCertVerificationError:
        problem = CERTIFICATE
    except ssl.SSLError:
        problem = TLS
    except TimeoutError:
        problem = TIMEOUT
    except http.client.RemoteDisconnected:
        problem = UNREACHABLE
    except http.client.HTTPException:
        problem = NO_HTTP
    except OSError:
        problem = UNREACHABLE
    late = monotonic() - started >= TOTAL_SECONDS  # the watchdog ended it, whatever that looked like
    return Outcome(problem=TIMEOUT if late else problem, milliseconds=_since(started))


def _since(started: float) -> float:
    return round(1000 * (monotonic() - started), 1)


def _exchange(
    connection: http.client.HTTPConnection,
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    started: float,
) -> Outcome:
    connection.request("POST", target.path, body=body, headers={"Host": target.netloc, **headers})
    answer = connection.getresponse()
    with suppress(OSError, http.client.HTTPException):  # what it had to say is in the status
        answer.read(READ_BYTES)
    status = answer.status
    return Outcome(status, problem_of(status), _since(started), _retry_after(answer.getheader("Retry-After")))


def problem_of(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return REDIRECT  # not followed: it would lead to an address that nobody checked
    return IS_GONE if status == GONE else REFUSED


def _retry_after(text: str | None) -> float | None:
    """Seconds, from a number or a date; None for what is neither."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=timezone.get_fixed_timezone(0))
    return max(0.0, (aware - timezone.now()).total_seconds())


@contextmanager
def _connected(
    target: Target, machines: Sequence[str], *, until: float
) -> Iterator[http.client.HTTPConnection]:
    """A connection to one of these machines; at the deadline it is cut, whatever is under way."""
    plain = _reach(machines, target.port)
    guard = plain.dup()  # the socket goes into the TLS one; shutting its copy ends both
    watchdog = Timer(max(0.0, until - monotonic()), _cut, [guard])
    watchdog.daemon = True
    watchdog.start()
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.auto_open = 0
    try:
        plain.settimeout(max(0.1, until - monotonic()))
        connection.sock = (
            _trust().wrap_socket(plain, server_hostname=target.host) if target.is_secure else plain
        )
        yield connection
    finally:
        watchdog.cancel()
        connection.close()
        plain.close()
        guard.close()


def _reach(machines: Sequence[str], port: int) -> socket.socket:
    """Raises what the last of them answered."""
    until, failure = monotonic() + CONNECT_SECONDS, OSError("no machine")
    for machine in machines:
        left = until - monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((machine, port), timeout=left)
        except OSError as error:
            failure = error
    raise failure


def _cut(guard: socket.socket) -> None:
    with suppress(OSError):
        guard.shutdown(socket.SHUT_RDWR)


@cache
def _trust() -> ssl.SSLContext:
    """Certificates that this machine trusts, and the host's name in them."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
