"""What the bytes of a file say of the way its text was saved, before any of it is read."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

# Byte order marks; UTF-32 first, because its little-endian mark begins with that of UTF-16.
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Why no text can be read from bytes: another encoding, or none where they are no text."""

    encoding: str
    why: str

    @property
    def message(self) -> str:
        """Return what is wrong with the file, in a sentence."""
        if not self.encoding:
            return f"the file is no text ({self.why}); none of it was read"
        named = f"the file is encoded as {self.encoding}, not as UTF-8"
        return f"{named} ({self.why}); none of it was read"

    def hint(self, path: str) -> str:
        """Return how to mend a file of that path."""
        if not self.encoding:
            return "put a text in its place, saved as UTF-8"
        return (
            "save the file as UTF-8; "
            f"the command `iconv -f {self.encoding} -t UTF-8 {path}` prints it converted"
        )


def foreign(data: bytes) -> Foreign | None:
    """Return why a file is not read at all, or None where its text may be UTF-8.

    A single NUL, or a byte that is not UTF-8, in what is a text otherwise is a fault at its
    place, and no reason to refuse the file.
    """
    for mark, name in _WIDE_MARKS:
        if data.startswith(mark):
            return Foreign(name, "its byte order mark says so")
    zeros = data.count(0)
    if not zeros:
        return None
    pairs = len(data) // 2
    for start in (0, 1):
        # Letters of the first 256 code points have a zero on one side in UTF-16, and the
        # other side has none.
        here, beside = data[start::2].count(0), data[1 - start :: 2].count(0)
        if here * 2 > pairs and beside * 8 < pairs:
            return Foreign("UTF-16", "every other byte of it is NUL")
    if zeros * 8 > len(data) * 5 and zeros * 8 < len(data) * 7:
        return Foreign("UTF-32", "three of four bytes of it are NUL")
    if zeros * 4 > len(data):
        return Foreign("", "most of it is NUL" if zeros * 2 > len(data) else "much of it is NUL")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return Foreign("", "it holds NUL and bytes that are not UTF-8")
    return None
