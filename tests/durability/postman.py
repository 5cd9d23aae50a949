"""邮差: a server of its own process that takes messages, and does with the n-th what it is told.

    python tests/durability/postman.py PORT FILE ok,500,hang,die

"500": turned away. "hang": taken, and never answered. "die": taken, and the process is gone at once. Beyond the last,
and for "ok": taken and answered. What was taken is in FILE, one id a line, before anything is said.
"""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def serve(port: int, file: Path, plan: list[str]) -> None:
    lock, count = threading.Lock(), iter(range(10**9))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                number = next(count)
                deed = plan[number] if number < len(plan) else "ok"
                if deed != "500":
                    with file.open("a") as taken:
                        taken.write(f"{body['id']}\n")
            if deed == "die":
                os._exit(1)
            time.sleep(60 if deed == "hang" else 0.02)
            self.send_response(500 if deed == "500" else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].split(","))
