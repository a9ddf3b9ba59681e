"""A web server on the loopback interface that serves one content with the faults a test asks for, and a small proxy."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Answer:
    """One answer. `cut_at` closes the connection after so many bytes of the body, `length` lies about its length."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = '"v1"'
    ranges: bool = True
    cut_at: int | None = None
    length: int | None = None
    pause: float = 0.0


@dataclass
class Site:
    """What was asked for, in order, and what is answered: the next of `script`, its last one again and again."""

    script: list[Answer | Callable[[BaseHTTPRequestHandler], Answer]]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0

    def url(self, path: str = "/table.csv") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def serving(*script: Answer | Callable[[BaseHTTPRequestHandler], Answer]) -> Iterator[Site]:
    """A site with that script on a free port."""
    site = Site(list(script))

    class Handler(_Quiet):
        def do_GET(self) -> None:
            site.asked.append((self.path, {k.casefold(): v for k, v in self.headers.items()}))
            turn = site.script[min(len(site.asked), len(site.script)) - 1]
            send(self, turn if isinstance(turn, Answer) else turn(self))

        def do_POST(self) -> None:
            site.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            self.do_GET()

    with _running(Handler) as port:
        site.port = port
        yield site


@contextmanager
def proxying() -> Iterator[Site]:
    """A plain HTTP proxy that remembers which addresses it was asked for."""
    site = Site([])

    class Handler(_Quiet):
        def do_GET(self) -> None:
            site.asked.append((self.path, {k.casefold(): v for k, v in self.headers.items()}))
            to = urlsplit(self.path)
            connection = HTTPConnection(to.hostname or "", to.port or 80, timeout=5)
            connection.request("GET", to.path or "/")
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            send(self, Answer(body, answer.status, ranges=False))

    with _running(Handler) as port:
        site.port = port
        yield site


def send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Write an answer: 206 where a range is asked for with the validator that holds, 416 beyond the end."""
    body, status, headers = answer.body, answer.status, dict(answer.headers)
    asked = handler.headers.get("Range", "")
    same = handler.headers.get("If-Range") in (None, answer.etag, headers.get("Last-Modified"))
    if answer.ranges and asked.startswith("bytes=") and same and status == 200:
        start = int(asked.removeprefix("bytes=").partition("-")[0])
        if start >= len(body):
            status, headers, body = 416, {"Content-Range": f"bytes */{len(body)}"}, b""
        else:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            status, body = 206, body[start:]
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    if answer.etag:
        handler.send_header("ETag", answer.etag)
    handler.send_header("Content-Length", str(len(body) if answer.length is None else answer.length))
    handler.end_headers()
    _write(handler, body if answer.cut_at is None else body[: answer.cut_at], answer.pause)
    if answer.cut_at is not None:
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)


def _write(handler: BaseHTTPRequestHandler, body: bytes, pause: float) -> None:
    try:
        for start in range(0, len(body), 1 << 16):
            handler.wfile.write(body[start : start + (1 << 16)])
            if pause:
                handler.wfile.flush()
                time.sleep(pause)
        handler.wfile.flush()
    except OSError:
        handler.close_connection = True


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Tell nobody."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no fault of the server."""


@contextmanager
def _running(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
