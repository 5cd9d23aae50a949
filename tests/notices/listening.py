"""A real HTTP server on this machine that keeps what it was sent, and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = Callable[["Request"], tuple[int, str] | None]


@dataclass(frozen=True)
class Request:
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Listener:
    """`answer` gives status and body, or nothing: the connection is then closed without a word."""

    url: str = ""
    heard: list[Request] = field(default_factory=list)
    answer: Answer = lambda _: (200, '{"errcode": 0, "errmsg": "ok"}')
    release: threading.Event = field(default_factory=threading.Event)

    def hang(self, _: Request) -> None:
        self.release.wait(30)


@contextmanager
def listening(answer: Answer | None = None) -> Iterator[Listener]:
    listener = Listener()
    if answer:
        listener.answer = answer

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            at = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            query = {key: value for key, [value] in parse_qs(at.query, strict_parsing=bool(at.query)).items()}
            request = Request(at.path, query, dict(self.headers), raw)
            listener.heard.append(request)
            said = listener.answer(request)
            if said is None:
                self.close_connection = True
                return
            status, words = said
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{listener.url}/elsewhere")
            self.send_header("Content-Length", str(len(words.encode())))
            self.end_headers()
            self.wfile.write(words.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    listener.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield listener
    finally:
        listener.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
