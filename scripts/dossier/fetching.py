"""Retrieving an address: the only module that reaches a network.

The standard library does it, because what is needed is below what an HTTP client offers: the
connection goes to the very address that was looked up and judged, so that a name cannot be
public when it is judged and private when it is used, at every step of a redirection.
"""

from __future__ import annotations

import http.client
import io
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from dossier import __version__
from dossier.packing import PackingError, unpacked
from dossier.public_hosts import is_public

AGENT: Final = f"dossier/{__version__} (checks quotations against their sources; a page at a time)"

Lookup: TypeAlias = Callable[[str, int], tuple[str, ...]]
Clock: TypeAlias = Callable[[], float]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CHUNK: Final = 1 << 16
_HEAD: Final = 1 << 20
"""Bytes that are borne beside those of a body: heads, the frames of chunks, trailers."""
_LOCATION: Final = 8000
"""The longest address that is followed (RFC 9110, section 4.1, on what all must take)."""
_MESSAGE: Final = 300
"""Characters of a fault: it may repeat what a server said, and is shown and kept."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is borne: times in seconds, sizes in bytes.

    `answer` is the longest wait for anything, `whole` the time for one address with all its
    redirections; `size` holds for what is sent and for what it unpacks to.
    """

    redirects: int = 5
    answer: float = 15.0
    whole: float = 60.0
    size: int = 30_000_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered.

    `address` is the one that answered, after redirections. `media_type` and `charset` are in
    small letters and as declared, empty where they were not; so is `retry_after`, as sent.
    """

    address: str
    status: int
    body: bytes
    media_type: str = ""
    charset: str = ""
    retry_after: str = ""


class FetchError(Exception):
    """An address that could not be retrieved; the message says why, in words for an author.

    `refused` tells that nothing was asked because the address may not be.
    """

    def __init__(self, message: str, *, refused: bool = False) -> None:
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in message)
        super().__init__(shown if len(shown) <= _MESSAGE else f"{shown[: _MESSAGE - 1]}…")
        self.refused = refused


def look_up(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host, as the system knows them; raise OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in found))


@dataclass(slots=True)
class _Time:
    """The time that is left for one address."""

    clock: Clock
    end: float

    def left(self, most: float) -> float:
        """Return the seconds that may be waited now; raise TimeoutError where there are none."""
        left = self.end - self.clock()
        if left <= 0:
            raise TimeoutError("it takes too long")
        return min(most, left)


def fetch(
    address: str,
    *,
    allow_private: bool = False,
    limits: Limits | None = None,
    look_up: Lookup = look_up,
    before: Callable[[str], None] | None = None,
    clock: Clock = time.monotonic,
) -> Fetched:
    """Return what an address answers, whatever its status; raise FetchError.

    Only http and https, and only hosts on the public Internet unless `allow_private`: one
    address of a host that is not public refuses it. Redirections are judged like addresses.
    `before` is called with each host before it is asked, and may wait: that is not held against
    the time of the address.
    """
    limits = limits or Limits()
    time_ = _Time(clock, clock() + limits.whole)
    seen: set[str] = set()
    hosts: set[str] = set()
    for _ in range(limits.redirects + 1):
        if address in seen:
            raise FetchError(f"it is redirected in a circle, by {address}")
        seen.add(address)
        target = _target(address)
        ips = _judged(target, allow_private, look_up, limits, time_)
        if before is not None and target.host not in hosts:
            then = clock()
            before(target.host)
            time_.end += clock() - then
        hosts.add(target.host)
        answer = _ask(target, ips, limits, time_)
        if isinstance(answer, Fetched):
            return answer
        address = _next(target.address, answer)
    raise FetchError(f"it is redirected more than {limits.redirects} times")


@dataclass(frozen=True, slots=True)
class _Target:
    """An address taken apart."""

    address: str
    tls: bool
    host: str
    port: int
    path: str


def _target(address: str) -> _Target:
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FetchError(f"{address} is no address: {error}", refused=True) from error
    if parts.scheme not in ("http", "https"):
        raise FetchError(
            f"only http and https are retrieved, not {parts.scheme or address}", refused=True
        )
    if parts.username is not None or parts.password is not None:
        raise FetchError("an address with a user name in it is not retrieved", refused=True)
    try:
        host = host.rstrip(".") if ":" in host else host.encode("idna").decode("ascii").rstrip(".")
    except UnicodeError as error:
        raise FetchError(f"{host} is no name of a host", refused=True) from error
    if not host:
        raise FetchError(f"{address} names no host", refused=True)
    tls = parts.scheme == "https"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=-._~?[]|")
    # Not by urlunsplit: versions of Python differ in what they make of two slashes.
    target = f"{path}?{query}" if query else path
    # A path of two slashes would be read as a host again.
    if target.startswith("//"):
        target = "/." + target
    clean = urlunsplit((parts.scheme, parts.netloc, parts.path, parts.query, parts.fragment))
    return _Target(clean, tls, host, port or (443 if tls else 80), target)


def _next(address: str, location: str) -> str:
    """Return the address that a redirection leads to."""
    if len(location) > _LOCATION:
        raise FetchError(f"it is redirected to an address of more than {_LOCATION} letters")
    # Servers send what is not ASCII as bytes, and http.client reads bytes as Latin-1.
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(address, location).partition("#")[0]
    except ValueError as error:
        raise FetchError(f"it is redirected to what is no address: {location[:100]}") from error


def _judged(
    target: _Target, allow_private: bool, look_up: Lookup, limits: Limits, time_: _Time
) -> tuple[str, ...]:
    """Return the addresses of a host, all of which may be asked."""
    ips = _looked_up(target, look_up, limits, time_)
    if not ips:
        raise FetchError(f"the host {target.host} has no address")
    for ip in ips:
        if not allow_private and not is_public(ip):
            raise FetchError(f"{target.host} is not on the public Internet ({ip})", refused=True)
    return ips


def _looked_up(target: _Target, look_up: Lookup, limits: Limits, time_: _Time) -> tuple[str, ...]:
    """Return the addresses of a host, asked for no longer than is borne.

    In a thread, since the system's way of looking up knows no time; one that does not come back
    is left behind, and ends with the process.
    """
    answers: queue.SimpleQueue[tuple[str, ...] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(look_up(target.host, target.port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    try:
        patience = time_.left(limits.answer)
        threading.Thread(target=ask, daemon=True).start()
        found = answers.get(timeout=patience)
    except (TimeoutError, queue.Empty) as error:
        raise FetchError(f"{target.host} answers too slowly: where it is, is not known") from error
    if isinstance(found, Exception):
        raise FetchError(f"the host {target.host} is not known: {found}") from found
    return found


class _Timed(io.RawIOBase):
    """What a connection sends, with an end to how long that may take in all and how much it is."""

    def __init__(self, connection: socket.socket, limits: Limits, time_: _Time) -> None:
        super().__init__()
        self.connection = connection
        self.limits = limits
        self.time = time_
        # A body in chunks of one letter each is six times as long as what it holds.
        self.left = 6 * limits.size + _HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self.connection.settimeout(self.time.left(self.limits.answer))
        taken = self.connection.recv_into(buffer)
        self.left -= taken
        if self.left < 0:
            raise FetchError(f"the answer is larger than {self.limits.size} bytes, with its head")
        return taken


class _Socket:
    """As much of a socket as http.client uses, reading through `_Timed`."""

    def __init__(self, connection: socket.socket, limits: Limits, time_: _Time) -> None:
        self.connection = connection
        self.timed = _Timed(connection, limits, time_)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self.timed)

    def sendall(self, data: bytes) -> None:
        self.connection.sendall(data)

    def close(self) -> None:
        """Leave it open: http.client closes before an answer of no length is read."""


def _ask(target: _Target, ips: tuple[str, ...], limits: Limits, time_: _Time) -> Fetched | str:
    """Return what a target answers, or the address that it redirects to."""
    connection = _connected(target, ips, limits, time_)
    asked = http.client.HTTPConnection(target.host, target.port)
    # http.client takes whatever reads and writes like a socket.
    asked.sock = _Socket(connection, limits, time_)
    try:
        asked.putrequest("GET", target.path, skip_accept_encoding=True, skip_host=True)
        for name, value in (
            ("Host", _host(target)),
            ("User-Agent", AGENT),
            (
                "Accept",
                "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5",
            ),
            ("Accept-Encoding", "gzip, deflate"),
            ("Connection", "close"),
        ):
            asked.putheader(name, value)
        asked.endheaders()
        with asked.getresponse() as answer:
            return _read(target, answer, limits)
    except PackingError as error:
        raise FetchError(str(error)) from error
    except TimeoutError as error:
        raise FetchError(f"{target.host} answers too slowly") from error
    except http.client.IncompleteRead as error:
        raise FetchError(f"{target.host} ended its answer half way") from error
    except http.client.HTTPException as error:
        raise FetchError(f"{target.host} cannot be understood: {error}") from error
    except ConnectionError as error:
        raise FetchError(f"{target.host} ended its answer half way: {error}") from error
    except (OSError, ValueError, LookupError) as error:
        raise FetchError(f"{target.host} cannot be understood: {error}") from error
    finally:
        connection.close()


def _read(target: _Target, answer: http.client.HTTPResponse, limits: Limits) -> Fetched | str:
    """Return an answer whole, or the address that it redirects to."""
    headers = answer.headers
    location = headers.get("Location", "")
    if answer.status in _REDIRECTS and location:
        return location
    body = unpacked(_body(answer, limits), headers.get("Content-Encoding", ""), limits.size)
    return Fetched(
        target.address,
        answer.status,
        body,
        headers.get_content_type() if "Content-Type" in headers else "",
        headers.get_content_charset("") or "",
        headers.get("Retry-After", ""),
    )


def _host(target: _Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == (443 if target.tls else 80) else f"{host}:{target.port}"


def _connected(
    target: _Target, ips: tuple[str, ...], limits: Limits, time_: _Time
) -> socket.socket:
    """Return a connection to the first of the addresses that takes one."""
    fault: Exception = TimeoutError("it takes too long")
    for ip in ips:
        try:
            left = time_.left(limits.answer)
            connection = socket.create_connection((ip, target.port), timeout=left)
        except OSError as error:
            fault = error
            continue
        if not target.tls:
            return connection
        try:
            return ssl.create_default_context().wrap_socket(connection, server_hostname=target.host)
        except (OSError, ValueError) as error:
            connection.close()
            fault = error
    raise FetchError(f"{target.host} takes no connection: {fault}") from fault


def _body(answer: http.client.HTTPResponse, limits: Limits) -> bytes:
    """Return the bytes of an answer as they were sent."""
    parts: list[bytes] = []
    size = 0
    while part := answer.read(_CHUNK):
        size += len(part)
        if size > limits.size:
            raise FetchError(f"the answer is larger than {limits.size} bytes")
        parts.append(part)
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)
    return b"".join(parts)
