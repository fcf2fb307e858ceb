"""Content codings of HTTP taken off, within a size; source: RFC 9110, section 8.4."""

from __future__ import annotations

import zlib
from typing import Final

_MOST: Final = 3
"""Codings that are borne one within another: a bomb may be packed any number of times."""
_MEMBERS: Final = 100
"""Members of a gzip file that are borne: of empty ones a small answer could have a million."""


class PackingError(ValueError):
    """A body that is not unpacked; the message says why, in words for an author."""


def unpacked(body: bytes, codings: str, size: int) -> bytes:
    """Return a body with its codings taken off, none of them larger than `size` bytes.

    `codings` is the header Content-Encoding. Raises PackingError.
    """
    named = [coding.strip().lower() for coding in codings.split(",")]
    packed = [coding for coding in named if coding not in ("", "identity")]
    if len(packed) > _MOST:
        raise PackingError(f"the answer is packed {len(packed)} times")
    # An answer without content is not packed, whatever its head says of all answers.
    for coding in reversed(packed if body else []):
        if coding not in ("gzip", "x-gzip", "deflate"):
            raise PackingError(
                f"the answer is packed in a way that was not asked for: {coding[:40]}"
            )
        body = _deflated(body, size) if coding == "deflate" else _members(body, size)
    return body


def _deflated(body: bytes, size: int) -> bytes:
    # RFC 9110, section 8.4.1.2: deflate is the zlib format, and some send it bare.
    bare = body[:1] and (body[0] & 0x0F != 8 or len(body) < 2)
    return _inflated(body, -zlib.MAX_WBITS if bare else zlib.MAX_WBITS, size)[0]


def _members(body: bytes, size: int) -> bytes:
    """Return the content of all members of a gzip file (RFC 1952, section 2.2)."""
    parts: list[bytes] = []
    left = size
    while not parts or body.startswith(b"\x1f\x8b"):
        if len(parts) == _MEMBERS:
            raise PackingError(f"the answer is packed in more than {_MEMBERS} parts")
        part, body = _inflated(body, zlib.MAX_WBITS | 16, left, size)
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _inflated(body: bytes, form: int, left: int, size: int | None = None) -> tuple[bytes, bytes]:
    """Return what a stream of zlib holds, and what follows it."""
    machine = zlib.decompressobj(form)
    try:
        data = machine.decompress(body, left + 1)
    except zlib.error as error:
        raise PackingError(f"the answer cannot be unpacked: {error}") from error
    if len(data) > left:
        raise PackingError(f"the answer unpacks to more than {size or left} bytes")
    if not machine.eof:
        raise PackingError("the answer was ended half way")
    return data, machine.unused_data
