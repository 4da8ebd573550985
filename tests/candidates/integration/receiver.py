"""A real server on loopback that takes webhooks, and looks at them with code of its own."""

import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Got:
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def id(self):
        return self.headers["webhook-id"]

    def is_signed_with(self, secret, *, at=None, tolerance=300):
        """As the Standard Webhooks specification says a receiver checks it; written apart from the sender."""
        stamp = self.headers["webhook-timestamp"]
        if abs(int(stamp) - (at or time.time())) > tolerance:
            return False
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{stamp}.".encode() + self.body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        versions = [one.split(",", 1) for one in self.headers["webhook-signature"].split(" ")]
        return any(version == "v1" and hmac.compare_digest(one, expected) for version, one in versions)


@dataclass
class Receiver:
    url: str = ""
    got: list = field(default_factory=list)
    answers: list = field(default_factory=list)  # (status, headers, body) of the next requests, then 204
    before_answer: object = None  # called with the handler; returns True when it answered itself

    def answer(self, status, headers=None, body=b""):
        self.answers.append((status, headers or {}, body))


@contextmanager
def receiving(wrap=None):
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(Got(self.path, headers, body))
            if receiver.before_answer and receiver.before_answer(self):
                return
            status, more, text = receiver.answers.pop(0) if receiver.answers else (204, {}, b"")
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if status != 204:
                self.wfile.write(text)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None
    if wrap:
        server.socket = wrap(server.socket)
    receiver.url = f"http{'s' if wrap else ''}://127.0.0.1:{server.server_port}/hooks?from=peneira"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
