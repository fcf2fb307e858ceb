"""A server on 127.0.0.1 that answers with the very bytes that a test gives it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = bytes | list[bytes | float] | Callable[[], bytes]
"""What is sent: bytes; or bytes and pauses in seconds in turn."""


def page(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return an HTTP answer with these headers and the length of its body."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def redirect(to: str, status: str = "301 Moved Permanently") -> bytes:
    """Return an answer that leads elsewhere."""
    return page(b"", f"Location: {to}", status=status)


@dataclass
class Loopback:
    """The server: its answers by path, and the requests that came."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def loopback() -> Iterator[Loopback]:
    """Yield a running server."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Loopback(listener.getsockname()[1])
    closing = threading.Event()

    def serve() -> None:
        while not closing.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with connection:
            try:
                request = b""
                while b"\r\n\r\n" not in request:
                    part = connection.recv(65536)
                    if not part:
                        return
                    request += part
                text = request.decode("latin-1")
                server.requests.append(text)
                given = server.answers.get(text.split(" ")[1], page(b"", status="404 Not Found"))
                for piece in given if isinstance(given, list) else [given]:
                    if isinstance(piece, float):
                        time.sleep(piece)
                    else:
                        connection.sendall(piece() if callable(piece) else piece)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        closing.set()
        # A closed listener does not wake a thread that waits in accept; a visit does.
        with socket.create_connection(("127.0.0.1", server.port), timeout=5):
            pass
        thread.join(5)
        listener.close()
