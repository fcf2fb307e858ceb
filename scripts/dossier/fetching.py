"""Retrieving an address: the only module that reaches a network.

The standard library does it, because what is needed is below what an HTTP client offers: the
connection goes to the very address that was looked up and judged, so that a name cannot be
public when it is judged and private when it is used, at every step of a redirection.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from typing import Final, TypeAlias
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from dossier import __version__

AGENT: Final = f"dossier/{__version__} (checks quotations against their sources; a page at a time)"

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup: TypeAlias = Callable[[str, int], tuple[str, ...]]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CHUNK: Final = 1 << 16
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


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
    small letters and as declared, empty where they were not.
    """

    address: str
    status: int
    body: bytes
    media_type: str = ""
    charset: str = ""


class FetchError(Exception):
    """An address that could not be retrieved; the message says why, in words for an author.

    `refused` tells that nothing was asked because the address may not be.
    """

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


def look_up(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host, as the system knows them; raise OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in found))


def fetch(
    address: str,
    *,
    allow_private: bool = False,
    limits: Limits | None = None,
    look_up: Lookup = look_up,
) -> Fetched:
    """Return what an address answers, whatever its status; raise FetchError.

    Only http and https, and only hosts on the public Internet unless `allow_private`: one
    address of a host that is not public refuses it. Redirections are judged like addresses.
    """
    limits = limits or Limits()
    end = time.monotonic() + limits.whole
    seen: set[str] = set()
    for _ in range(limits.redirects + 1):
        if address in seen:
            raise FetchError(f"it is redirected in a circle, by {address}")
        seen.add(address)
        target = _target(address)
        ips = _judged(target, allow_private, look_up)
        answer = _ask(target, ips, limits, end)
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
    target = urlunsplit(("", "", path, query, ""))
    # A path of two slashes would be read as a host again.
    if target.startswith("//"):
        target = "/." + target
    clean = urlunsplit((parts.scheme, parts.netloc, parts.path, parts.query, parts.fragment))
    return _Target(clean, tls, host, port or (443 if tls else 80), target)


def _next(address: str, location: str) -> str:
    """Return the address that a redirection leads to."""
    # Servers send what is not ASCII as bytes, and http.client reads bytes as Latin-1.
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(address, location).partition("#")[0]
    except ValueError as error:
        raise FetchError(f"it is redirected to what is no address: {location[:100]}") from error


def _judged(target: _Target, allow_private: bool, look_up: Lookup) -> tuple[str, ...]:
    """Return the addresses of a host, all of which may be asked."""
    try:
        ips = look_up(target.host, target.port)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the host {target.host} is not known: {error}") from error
    if not ips:
        raise FetchError(f"the host {target.host} has no address")
    for ip in ips:
        if not allow_private and not is_public(ip):
            raise FetchError(f"{target.host} is not on the public Internet ({ip})", refused=True)
    return ips


def is_public(ip: str) -> bool:
    """Tell whether an address is one of the public Internet, and of one host.

    Source: the special-purpose address registries of IANA, as `ipaddress` has them. What
    carries an address of version 4 within it (mapped, 6to4, Teredo, NAT64) is judged by that.
    """
    try:
        address: Address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(str(inner))
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour


class _Timed(io.RawIOBase):
    """What a connection sends, with an end to how long that may take in all."""

    def __init__(self, connection: socket.socket, answer: float, end: float) -> None:
        super().__init__()
        self.connection = connection
        self.answer = answer
        self.end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("it takes too long")
        self.connection.settimeout(min(self.answer, left))
        return self.connection.recv_into(buffer)


class _Socket:
    """As much of a socket as http.client uses, reading through `_Timed`."""

    def __init__(self, connection: socket.socket, answer: float, end: float) -> None:
        self.connection = connection
        self.timed = _Timed(connection, answer, end)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self.timed)

    def sendall(self, data: bytes) -> None:
        self.connection.sendall(data)

    def close(self) -> None:
        """Leave it open: http.client closes before an answer of no length is read."""


def _ask(target: _Target, ips: tuple[str, ...], limits: Limits, end: float) -> Fetched | str:
    """Return what a target answers, or the address that it redirects to."""
    connection = _connected(target, ips, limits, end)
    asked = http.client.HTTPConnection(target.host, target.port)
    # http.client takes whatever reads and writes like a socket.
    asked.sock = _Socket(connection, limits.answer, end)
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
        answer = asked.getresponse()
        location = answer.headers.get("Location", "")
        if answer.status in _REDIRECTS and location:
            return location
        body = _unpacked(_body(answer, limits), answer.headers, limits)
        return Fetched(
            target.address,
            answer.status,
            body,
            answer.headers.get_content_type() if "Content-Type" in answer.headers else "",
            answer.headers.get_content_charset("") or "",
        )
    except TimeoutError as error:
        raise FetchError(f"{target.host} answers too slowly") from error
    except http.client.IncompleteRead as error:
        raise FetchError(f"{target.host} ended its answer half way") from error
    except (http.client.HTTPException, OSError, ValueError, LookupError) as error:
        raise FetchError(f"{target.host} cannot be understood: {error}") from error
    finally:
        connection.close()


def _host(target: _Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == (443 if target.tls else 80) else f"{host}:{target.port}"


def _connected(target: _Target, ips: tuple[str, ...], limits: Limits, end: float) -> socket.socket:
    """Return a connection to the first of the addresses that takes one."""
    fault: Exception = TimeoutError("it takes too long")
    for ip in ips:
        left = min(limits.answer, end - time.monotonic())
        if left <= 0:
            break
        try:
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


def _unpacked(body: bytes, headers: Message, limits: Limits) -> bytes:
    """Return a body with its content codings taken off, none of them larger than allowed."""
    codings = [c.strip().lower() for c in headers.get("Content-Encoding", "").split(",")]
    for coding in reversed([c for c in codings if c not in ("", "identity")]):
        if coding not in ("gzip", "x-gzip", "deflate"):
            raise FetchError(f"the answer is packed in a way that was not asked for: {coding}")
        body = _inflated(body, coding, limits)
    return body


def _inflated(body: bytes, coding: str, limits: Limits) -> bytes:
    # RFC 9110, section 8.4.1.2: deflate is the zlib format, and some send it bare.
    bare = coding == "deflate" and body[:1] and (body[0] & 0x0F != 8 or len(body) < 2)
    machine = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
    try:
        data = machine.decompress(body, limits.size + 1)
    except zlib.error as error:
        raise FetchError(f"the answer cannot be unpacked: {error}") from error
    if len(data) > limits.size:
        raise FetchError(f"the answer unpacks to more than {limits.size} bytes")
    if not machine.eof:
        raise FetchError("the answer was ended half way")
    return data
