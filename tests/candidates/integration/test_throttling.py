import socket
import subprocess
import sys
import time
from threading import Barrier, Thread

import pytest

from candidates.integration import throttling
from candidates.integration.throttling import Counter, _rate

DEAD = "redis://127.0.0.1:1/0"
SCRIPT = """
import sys
from candidates.integration.throttling import Counter
counter = Counter(sys.argv[1], prefix=sys.argv[2])
print(sum(counter.hit("key:1", 50).allowed for _one in range(40)))
"""


@pytest.fixture
def prefix(settings):
    from redis import Redis

    name = f"tests-{time.time_ns()}"
    yield name
    with Redis.from_url(settings.REDIS_URL) as redis:
        for key in redis.scan_iter(f"{name}*"):
            redis.delete(key)


@pytest.fixture
def counter(settings, prefix):
    return Counter(settings.REDIS_URL, prefix=prefix)


# The rule


def test_the_limit_holds_and_what_is_left_is_told(counter):
    told = [counter.hit("key:1", 3) for _one in range(4)]
    assert [rate.allowed for rate in told] == [True, True, True, False]
    assert [rate.remaining for rate in told] == [2, 1, 0, 0]
    assert all(0 < rate.reset <= 61 for rate in told)
    assert counter.hit("key:2", 3).allowed


def test_the_headers_say_it(counter):
    first, refused = counter.hit("key:1", 1), counter.hit("key:1", 1)
    assert first.headers == {
        "RateLimit-Limit": "1",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": str(first.reset),
        "RateLimit-Policy": "1;w=60",
    }
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"] == str(refused.reset)


@pytest.mark.parametrize(
    ("taken", "limit", "rate"),
    [
        # let through; before, seconds left of it; now, seconds left of it
        ((True, 0, 0.0, 1, 120.0), 10, (True, 10, 9, 60)),
        ((True, 10, 30.0, 1, 90.0), 10, (True, 10, 4, 30)),
        ((True, 10, 0.2, 1, 60.2), 10, (True, 10, 9, 1)),
        # full in this minute: room when it has ended and begun to fade
        ((False, 0, 0.0, 10, 90.0), 10, (False, 10, 0, 31)),
        # full for what is left of the minute before: 12 weigh 5, 5 more; one fades in 5 seconds
        ((False, 12, 25.0, 5, 85.0), 10, (False, 10, 0, 1)),
        ((False, 12, 27.5, 5, 87.5), 10, (False, 10, 0, 3)),
        # the limit was lowered
        ((False, 0, 0.0, 20, 90.0), 10, (False, 10, 0, 61)),
    ],
)
def test_what_is_left_follows_from_both_minutes(taken, limit, rate):
    found = _rate(taken, limit)
    assert (found.allowed, found.limit, found.remaining, found.reset) == rate


def test_after_the_wait_that_was_told_one_more_is_let_through(counter, monkeypatch):
    monkeypatch.setattr(throttling, "WINDOW", 2)
    for _one in range(4):
        assert counter.hit("key:1", 4).allowed
    refused = counter.hit("key:1", 4)
    assert not refused.allowed
    time.sleep(refused.reset)
    assert counter.hit("key:1", 4).allowed


def test_the_minute_before_weighs_in(counter, monkeypatch):
    monkeypatch.setattr(throttling, "WINDOW", 2)
    for _one in range(100):
        counter.hit("key:1", 100)
    time.sleep(2.2)
    more = sum(counter.hit("key:1", 100).allowed for _one in range(100))
    assert 0 < more < 60


def test_ours_counts_as_the_package_does(settings, prefix):
    """The script is the package's two in one: the package goes on counting where it stopped."""
    shared = throttling.SharedStorage(settings.REDIS_URL, prefix=prefix)
    for _one in range(3):
        shared.take("key:1", 10)
    assert shared.get_sliding_window("key:1", throttling.WINDOW)[2] == 3
    assert shared.acquire_sliding_window_entry("key:1", 4, throttling.WINDOW)
    assert not shared.take("key:1", 4)[0]


# Together


def test_two_processes_share_the_count(settings, prefix):
    command = [sys.executable, "-c", SCRIPT, settings.REDIS_URL, prefix]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _one in range(2)]
    allowed = [int(one.communicate(timeout=60)[0]) for one in running]
    assert sum(allowed) == 50


@pytest.mark.parametrize("url", [None, DEAD])
def test_threads_share_the_count(settings, prefix, url):
    counter = Counter(url or settings.REDIS_URL, prefix=prefix)
    barrier, allowed = Barrier(8), []

    def call():
        barrier.wait()
        allowed.extend(counter.hit("key:1", 200).allowed for _one in range(50))

    threads = [Thread(target=call) for _one in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == (200 if url is None else 200 // throttling.SHARE_ALONE)


# Without Redis


def test_without_redis_each_process_lets_a_share_through_and_says_so_once(caplog):
    counter = Counter(DEAD)
    told = [counter.hit("key:1", 20) for _one in range(8)]
    assert [rate.allowed for rate in told] == [True] * 5 + [False] * 3
    assert told[0].limit == 5
    assert caplog.text.count("Redis is away") == 1
    assert Counter(DEAD).hit("key:1", 1).allowed  # never nobody at all


def test_while_redis_is_away_hardly_anybody_asks_for_it(monkeypatch):
    counter, asked = Counter(DEAD), []
    take = counter._shared.take
    monkeypatch.setattr(counter._shared, "take", lambda *given: asked.append(1) or take(*given))
    for _one in range(50):
        counter.hit("key:1", 1000)
    assert len(asked) == 1
    counter._next_try = 0.0
    counter.hit("key:1", 1000)
    counter.hit("key:1", 1000)
    assert len(asked) == 2


def test_a_redis_that_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        counter = Counter(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        began = time.monotonic()
        for _one in range(20):
            assert counter.hit("key:1", 1000).allowed
        assert time.monotonic() - began < 10 * throttling.SOCKET_SECONDS


def test_when_redis_is_back_it_counts_again(settings, prefix, caplog):
    counter = Counter(settings.REDIS_URL, prefix=prefix)
    shared, counter._shared = counter._shared, throttling.SharedStorage(DEAD, prefix=prefix)
    assert counter.hit("key:1", 40).limit == 10
    counter._shared = shared
    assert counter.hit("key:1", 40).limit == 10
    counter._next_try = 0.0
    assert counter.hit("key:1", 40).limit == 40
    assert counter.hit("key:1", 40).remaining == 38
    assert caplog.text.count("Redis is back") == 1


def test_a_connection_from_before_a_restart_is_made_anew(counter):
    counter.hit("key:1", 10)
    for connection in counter._shared.storage.connection_pool._available_connections:
        connection._sock.shutdown(socket.SHUT_RDWR)
    assert counter.hit("key:1", 10).remaining == 8
    assert not counter._away
