"""A server on 127.0.0.1 that answers with the very bytes that a test gives it."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum


class Then(Enum):
    """What a server does in place of sending: nothing until it is stopped, or a reset of TCP."""

    WAIT = "wait"
    RESET = "reset"


Piece = bytes | float | Then
Answer = bytes | Iterable[Piece] | Callable[[], bytes | Iterable[Piece]]
"""What is sent: bytes; or bytes, pauses in seconds and faults in turn, perhaps without end."""


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


def converse(server: Loopback, connection: socket.socket, closing: threading.Event) -> None:
    """Take one request, note it, and answer it as a test has said."""
    request = b""
    while b"\r\n\r\n" not in request:
        part = connection.recv(65536)
        if not part:
            return
        request += part
        # The greeting of TLS (RFC 8446, section 5.1): what speaks plain HTTP says so and hangs up.
        if request.startswith(b"\x16"):
            connection.sendall(page(b"", status="400 Bad Request"))
            return
    text = request.decode("latin-1")
    server.requests.append(text)
    given = server.answers.get(text.split(" ")[1], page(b"", status="404 Not Found"))
    given = given() if callable(given) else given
    for piece in [given] if isinstance(given, bytes) else given:
        if isinstance(piece, float):
            time.sleep(piece)
        elif piece is Then.WAIT:
            closing.wait()
        elif piece is Then.RESET:
            # Closed with a linger of no time, a connection is reset (socket(7), tcp(7)).
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        else:
            connection.sendall(piece)


@contextmanager
def loopback(context: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    """Yield a running server, which speaks TLS where it is given what it needs for that."""
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
                if context is not None:
                    connection = context.wrap_socket(connection, server_side=True)
                with connection:
                    converse(server, connection, closing)
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
