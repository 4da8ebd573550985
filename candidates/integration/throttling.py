"""How many requests a caller may send: counted in Redis for all processes, in memory while that is away.

The sliding window counter of the package ``limits``: what is left of the minute before weighs in, so nobody
gets twice the limit at the turn of a minute. Header fields: draft-ietf-httpapi-ratelimit-headers-06.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, TypeVar

from django.conf import settings
from limits.storage import MemoryStorage, RedisStorage
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

WINDOW: Final = 60  # seconds
# A dead Redis costs a request at most this, and only one request in a while
SOCKET_SECONDS = 0.25
TRIED_AGAIN_AFTER = 5.0  # seconds
# Each process counts for itself while Redis is away: each lets only this share through
SHARE_ALONE = 4
PREFIX = "peneira-limits"  # of what is counted in Redis

# limits' own two scripts (acquire, then read) in one: what is let through and what is left in one round trip
TAKE = """
local limit, expiry = tonumber(ARGV[1]), tonumber(ARGV[2])
local ttl = redis.call('pttl', KEYS[2])
if ttl > 0 and ttl < expiry then
    redis.call('rename', KEYS[2], KEYS[1])
    redis.call('set', KEYS[2], 0, 'PX', ttl + expiry)
    ttl = ttl + expiry
end
local before = tonumber(redis.call('get', KEYS[1])) or 0
local before_ttl = before > 0 and math.max(redis.call('pttl', KEYS[1]), 0) or 0
local now = tonumber(redis.call('get', KEYS[2])) or 0
if math.floor(before * before_ttl / expiry) + now + 1 > limit then
    return {0, before, before_ttl, now, ttl}
end
if ttl > 0 then
    redis.call('incr', KEYS[2])
else
    redis.call('set', KEYS[2], 1, 'PX', expiry * 2)
    ttl = expiry * 2
end
return {1, before, before_ttl, now + 1, ttl}
"""

Result = TypeVar("Result")
Taken = tuple[bool, int, float, int, float]  # let through; before, its seconds left; now, its seconds left


@dataclass(frozen=True)
class Rate:
    """What a caller has left; ``reset``: seconds until the minute ends or, refused, until there is room."""

    allowed: bool
    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
            "RateLimit-Policy": f"{self.limit};w={WINDOW}",
        }
        return told if self.allowed else told | {"Retry-After": str(self.reset)}


class SharedStorage(RedisStorage):
    """Keeps limits' keys and its rules; asks once where it asks twice."""

    def __init__(self, url: str, *, prefix: str) -> None:
        pool = ConnectionPool.from_url(
            url,
            socket_timeout=SOCKET_SECONDS,
            socket_connect_timeout=SOCKET_SECONDS,
            # A connection from before Redis was restarted is made anew; what took too long is not tried twice
            retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
            max_connections=64,
        )
        super().__init__("redis://", connection_pool=pool, key_prefix=prefix)
        self._take = self.get_connection().register_script(TAKE.encode())

    def take(self, key: str, limit: int) -> Taken:
        windows = (self._previous_window_key(key), self._current_window_key(key))
        names = [self.prefixed_key(window) for window in windows]
        taken, before, before_ttl, now, ttl = self._take(keys=names, args=[limit, WINDOW * 1000])
        return bool(taken), before, before_ttl / 1000, now, ttl / 1000


class OwnStorage(MemoryStorage):
    """The same for this process alone."""

    def __init__(self) -> None:
        super().__init__()
        self._one_at_a_time = threading.Lock()

    def take(self, key: str, limit: int) -> Taken:
        with self._one_at_a_time:
            taken = self.acquire_sliding_window_entry(key, limit, WINDOW)
            return taken, *self.get_sliding_window(key, WINDOW)


class Counter:
    """Counts in Redis; without it, in memory, trying Redis again after some seconds."""

    def __init__(self, url: str, *, prefix: str = PREFIX) -> None:
        self._shared = SharedStorage(url, prefix=prefix)
        self._lock = threading.Lock()
        self._away = False
        self._next_try = 0.0

    def hit(self, who: str, limit: int) -> Rate:
        """Counts one request of this caller, unless that would be too many."""
        return self._asked(
            lambda: _rate(self._shared.take(who, limit), limit),
            lambda: self._alone(who, max(1, limit // SHARE_ALONE)),
        )

    @cached_property
    def _own(self) -> OwnStorage:
        """Made when it is needed: it starts a thread."""
        return OwnStorage()

    def seen(self, who: str) -> int:
        """Counts without a limit: how often since the first of this minute, this time included."""
        return self._asked(
            lambda: self._shared.incr(who, WINDOW),
            lambda: self._own.incr(who, WINDOW),
        )

    def _alone(self, who: str, limit: int) -> Rate:
        return _rate(self._own.take(who, limit), limit)

    def _asked(self, shared: Callable[[], Result], alone: Callable[[], Result]) -> Result:
        if self._may_try():
            try:
                found = shared()
            except RedisError as error:
                self._is_away(error)
            else:
                self._is_back()
                return found
        return alone()

    def _may_try(self) -> bool:
        """While it is away one request in a while tries, and all others go on without waiting."""
        if not self._away:
            return True
        with self._lock:
            due = time.monotonic() >= self._next_try
            if due:
                self._next_try = time.monotonic() + TRIED_AGAIN_AFTER
            return due

    def _is_away(self, error: RedisError) -> None:
        with self._lock:
            first, self._away = not self._away, True
            self._next_try = time.monotonic() + TRIED_AGAIN_AFTER
        if first:
            logger.error("Redis is away (%s): each process counts alone", type(error).__name__)

    def _is_back(self) -> None:
        if self._away:
            with self._lock:
                self._away = False
            logger.warning("Redis is back: requests are counted for all processes")


def _rate(taken: Taken, limit: int) -> Rate:
    allowed, before, before_left, now, now_left = taken
    used = math.floor(before * before_left / WINDOW) + now
    ends = now_left - WINDOW  # then this minute becomes the one before, which fades evenly
    if allowed:
        return Rate(True, limit, max(0, limit - used), max(1, math.ceil(ends)))
    if now < limit:
        wait = before_left - (limit - now) * WINDOW / before
    else:
        wait = ends + WINDOW - limit * WINDOW / now
    return Rate(False, limit, 0, math.floor(max(0.0, wait)) + 1)


@lru_cache(maxsize=8)
def _counter(url: str) -> Counter:
    return Counter(url)


def counter() -> Counter:
    """The one of this process."""
    return _counter(settings.REDIS_URL)


def hit_by_caller(caller: str, *, per_minute: int | None) -> Rate:
    """One request of a caller who signed in (``authentication.caller_of``)."""
    return counter().hit(f"caller:{caller}", per_minute or settings.API_PER_MINUTE)


def hit_by_stranger(address: str) -> Rate:
    """One request without a valid key, token or session, from this address."""
    from candidates.integration.networks import counted

    return counter().hit(f"stranger:{counted(address)}", settings.API_STRANGERS_PER_MINUTE)
