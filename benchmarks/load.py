"""A load generator: keep-alive connections that each send the next request as soon as they have an answer.

``python -m benchmarks.load PLAN OUTCOME``: both are JSON files. One thread over raw sockets, so that it takes
a twentieth of the processor time of what it measures; bodies are kept and judged after the clock has stopped.
"""

import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNK = 1 << 18
END = b"\r\n\r\n"


@dataclass(frozen=True)
class Plan:
    """``seconds`` of load on one address; every request is one of ``bodies``, in turn."""

    port: int
    path: str
    method: str
    headers: dict[str, str]
    bodies: list[str]
    connections: int
    seconds: float


@dataclass
class Outcome:
    """What came back. ``milliseconds``: of each answer, from sending the first byte to receiving the last."""

    seconds: float = 0.0
    processor_seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)


class Connection:
    """One client that waits for each answer before it asks again."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._received = b""

    def send(self, request: bytes) -> None:
        self._received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> tuple[int, bytes] | None:
        """Status and body once all of the answer is there."""
        part = self.socket.recv(CHUNK)
        if not part:
            raise ConnectionError("the service closed the connection")
        self._received += part
        head, found, body = self._received.partition(END)
        if not found:
            return None
        length = LENGTH.search(head)
        if length is None:
            raise ConnectionError("an answer without a length")
        return (int(head[9:12]), body) if len(body) >= int(length[1]) else None


def run(plan: Plan) -> Outcome:
    """Raises ConnectionError when the service hangs up."""
    requests = cycle(_requests(plan))
    outcome = Outcome()
    began, processor = time.perf_counter(), time.process_time()
    ends = began + plan.seconds
    with selectors.DefaultSelector() as selector:
        for _one in range(plan.connections):
            connection = Connection(plan.port)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(requests))
        while selector.get_map():
            for key, _events in selector.select(timeout=30):
                if _answered(key.data, outcome):
                    if time.perf_counter() < ends:
                        key.data.send(next(requests))
                    else:
                        selector.unregister(key.data.socket)
                        key.data.socket.close()
    outcome.seconds = time.perf_counter() - began
    outcome.processor_seconds = time.process_time() - processor
    return outcome


def _requests(plan: Plan) -> list[bytes]:
    return [_request(plan, body.encode()) for body in plan.bodies]


def _request(plan: Plan, body: bytes) -> bytes:
    lines = [
        f"{plan.method} {plan.path} HTTP/1.1",
        f"Host: 127.0.0.1:{plan.port}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in plan.headers.items()),
    ]
    return "\r\n".join(lines).encode() + END + body


def _answered(connection: Connection, outcome: Outcome) -> bool:
    answer = connection.receive()
    if answer is None:
        return False
    outcome.milliseconds.append(1000 * (time.perf_counter() - connection.sent_at))
    status, body = answer
    outcome.statuses.append(status)
    outcome.bodies.append(body.decode())
    return True


def percentiles(milliseconds: Sequence[float], *wanted: int) -> Iterator[float]:
    """Nearest rank."""
    ordered = sorted(milliseconds)
    for percent in wanted:
        yield ordered[max(0, -(-percent * len(ordered) // 100) - 1)]


def main() -> None:
    plan_file, outcome_file = sys.argv[1:]
    plan: dict[str, Any] = json.loads(Path(plan_file).read_text())
    Path(outcome_file).write_text(json.dumps(asdict(run(Plan(**plan)))))


if __name__ == "__main__":
    main()
