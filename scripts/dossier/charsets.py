"""Bytes to text, whatever encoding was declared for them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE
)
_LATIN = frozenset({"iso8859-1", "ascii"})
_HEAD = 4096
"""Bytes of a page in which it may name its encoding; the standard asks for 1024."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was read in, and how many characters could not be read."""

    text: str
    charset: str
    lost: int = 0


def decode(body: bytes, declared: str = "", *, html: bool = False) -> Decoded:
    """Return the text of bytes.

    In this order: a byte order mark; UTF-8, where the bytes are that beyond ASCII, since hardly any
    text in another encoding is by chance; what was declared, by the server or else by the
    page, where it fits; Windows-1252, which fits nearly all that is left. Latin-1 and ASCII
    mean Windows-1252 (Encoding Standard of the WHATWG, section 4.2).
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(charset, "replace")
            return Decoded(text, charset, text.count("\ufffd"))
    names = [declared, "utf-8"]
    if not body.isascii():
        names.insert(0, "utf-8")
    if html and (named := _META.search(body[:_HEAD])):
        names.insert(-1, named[1].decode("ascii"))
    for name in names:
        charset = _known(name)
        if not charset:
            continue
        try:
            return Decoded(body.decode(charset), charset)
        except (UnicodeError, ValueError):
            continue
    text = body.decode("cp1252", "replace")
    return Decoded(text, "cp1252", text.count("\ufffd"))


def _known(name: str) -> str:
    """Return the codec of an encoding of text, empty where there is none of this name."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # Base64 and its like are codecs too, and turn no bytes into text.
    if not getattr(info, "_is_text_encoding", True) or info.name in ("idna", "punycode"):
        return ""
    return "cp1252" if info.name in _LATIN else info.name
