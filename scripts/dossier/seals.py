"""Seals: where a passage stands in a capture, and the hash by which an edit of it shows.

A seal is made where the capture is held and checked in any clone: the hash is that of the
passage, so that a passage edited by one word no longer has it. Whoever holds the text can
check the rest, by `verification`.

The normal form of a version is frozen here and is not the list of `quotations`: that may
grow, and a seal must not break by it, since nobody without the text could make it anew. It
forgives less, so that no edit passes a seal that a quotation would not survive. Version 1: soft
hyphens (with a line break behind them), zero-width spaces, word joiners and byte order marks are
gone; NFC (Unicode Standard Annex 15); Latin ligatures are taken apart; quotation marks and
apostrophes are straight; hyphens, minus signs and en dashes are one hyphen; words (runs of
non-space characters) are joined by one space. Letters, their case, digits and all other
punctuation count: the words of `captures`, by which overlaps are measured, would let `$1.2` pass
for `1 2`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dossier.model import Passage, Record, Seal
from dossier.problems import Problem, in_order

VERSION = 1

_GLYPHS = str.maketrans(
    {
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
        **dict.fromkeys("‘’‚‛＇", "'"),
        **dict.fromkeys("“”„‟«»＂", '"'),
        **dict.fromkeys("‐‑‒–−", "-"),
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
    }
)
_SOFT = re.compile(r"\u00ad[ \t]*(?:\r\n?|\n)\s*")
_WORD = re.compile(r"\S+")


def normal(text: str) -> str:
    """Return the normal form of a text, version 1."""
    return " ".join(filter(None, map(_normal_word, _SOFT.sub("", text).split())))


def _normal_word(word: str) -> str:
    return unicodedata.normalize("NFC", word).translate(_GLYPHS)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in lower-case hexadecimal."""
    return digest_of(text.encode("utf-8", "surrogatepass"))


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of bytes, in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Searchable:
    r"""A capture made ready to look for passages.

    `text` is its normal form, save that a hyphen at the end of a line is followed by `\n`
    and not by a space, because nobody can tell whether it belongs to the word. `starts` are the
    offsets in it where words begin, `numbers` the numbers of these words, from 0.
    """

    text: str
    starts: tuple[int, ...]
    numbers: tuple[int, ...]

    def words_of(self, begin: int, end: int) -> tuple[int, int]:
        """Return the numbers of the words that a stretch of the text lies in, end not included."""
        first, last = (bisect_right(self.starts, at) - 1 for at in (begin, end - 1))
        return self.numbers[first], self.numbers[last] + 1


def searchable(capture: str) -> Searchable:
    """Return a capture made ready to look for passages."""
    parts: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    length, end, soft = 0, 0, False
    for number, found in enumerate(_WORD.finditer(capture)):
        broken_line = any(c in "\n\r\f" for c in capture[end : found.start()])
        end = found.end()
        word = _normal_word(found[0])
        if not word:
            continue
        if parts:
            hyphen = broken_line and re.search(r"\w-$", parts[-1])
            gap = "" if broken_line and soft else "\n" if hyphen else " "
            length += len(gap)
            parts.append(gap)
        soft = found[0].endswith("\u00ad")
        starts.append(length)
        numbers.append(number)
        parts.append(word)
        length += len(word)
    return Searchable("".join(parts), tuple(starts), tuple(numbers))


def occurrences(exact: str, capture: Searchable) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a capture's text that are a passage, on whole words, in order."""
    wanted = normal(exact)
    if not wanted:
        return
    if "-\n" in capture.text:
        pattern = re.compile(_over_lines(wanted))
    else:
        pattern = re.compile(re.escape(wanted))
    at = 0
    while found := pattern.search(capture.text, at):
        begin, end = found.span()
        if _parts(capture.text, begin) and _parts(capture.text, end):
            yield begin, end
        at = begin + 1


def _over_lines(wanted: str) -> str:
    """Return a pattern of a text that may be hyphenated at the ends of lines."""
    pieces: list[str] = []
    before = " "
    for char in wanted:
        if before.isalpha() and char.isalpha():
            pieces.append("(?:-\n)?")
        pieces.append("-\n?" if char == "-" else re.escape(char))
        before = char
    return "".join(pieces)


def _parts(text: str, at: int) -> bool:
    """Tell whether words part at an offset.

    They part inside a run of letters and digits too, where a capital follows on what is none:
    text extraction runs words together so (`2012For example`, `clinicsICE agents`).
    """
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    if unicodedata.category(after)[0] == "M":
        return False
    if not (before.isalnum() and after.isalnum()):
        return True
    return after.isupper() and not before.isupper()


def place(
    exact: str, capture: Searchable, prefix: str = "", suffix: str = ""
) -> tuple[int, int] | None:
    """Return the words of a capture that a passage lies in, None where it does not stand there.

    Of several places the first counts where prefix and suffix stand beside it, else the first.
    """
    before, after = normal(prefix), normal(suffix)
    first: tuple[int, int] | None = None
    for begin, end in occurrences(exact, capture):
        first = first or (begin, end)
        left = capture.text[:begin].rstrip().endswith(before)
        if left and capture.text[end:].lstrip().startswith(after):
            return capture.words_of(begin, end)
    return capture.words_of(*first) if first else None


def seal(
    exact: str,
    capture: str,
    prefix: str = "",
    suffix: str = "",
    *,
    ready: Searchable | None = None,
) -> Seal | None:
    """Return the seal of a passage in a capture, None where it does not stand there.

    `ready` is the capture made ready, for whoever seals many passages in it.
    """
    words = place(exact, ready or searchable(capture), prefix, suffix)
    if words is None:
        return None
    return Seal(VERSION, digest(capture), *words, digest(normal(exact)))


def broken(passage: Passage, of: Seal) -> bool:
    """Tell whether a passage no longer has the words that were sealed."""
    return of.version != VERSION or digest(normal(passage.exact)) != of.sha256


def check_seals(records: Iterable[Record]) -> tuple[Problem, ...]:
    """Return what is wrong with seals, as far as it shows without a capture.

    Codes: seal-broken, seal-unknown-version, seal-without-capture, seal-out-of-range. Problems
    stand where the passage begins; no text of a file is at hand here, so they carry no excerpt.
    """
    return in_order(
        problem
        for record in records
        for passage in record.passages
        if passage.seal is not None
        for problem in _wrong(record, passage, passage.seal)
    )


def _wrong(record: Record, passage: Passage, of: Seal) -> Iterator[Problem]:
    where = f"the passage `{record.key}#{passage.id}`"
    again = f"else delete the seal, or write it anew: dossier capture TEXT --key {record.key}"
    if of.version != VERSION:
        message = f"the seal of {where} is of version {of.version}, which is not known here"
        hint = f"update dossier; {again}"
        yield at_passage("seal-unknown-version", passage, message, hint)
        return
    if broken(passage, of):
        message = f"{where} was edited after it was sealed: its words have another hash"
        hint = f"put the words of the source back; {again}"
        yield at_passage("seal-broken", passage, message, hint)
    capture = next((c for c in record.captures if c.sha256 == of.capture_sha256), None)
    if capture is None:
        message = f"{where} is sealed in a capture that its record does not list"
        hint = f"put the capture back into the record; {again}"
        yield at_passage("seal-without-capture", passage, message, hint)
    elif not of.start < of.end <= capture.words:
        message = (
            f"{where} is sealed at the words {of.start} to {of.end} of a capture of "
            f"{capture.words} words"
        )
        yield at_passage("seal-out-of-range", passage, message, again.removeprefix("else "))


def at_passage(code: str, passage: Passage, message: str, hint: str) -> Problem:
    """Return an error at the place of a passage."""
    span = passage.span
    return Problem(code, span.path, span.line, span.column, message, hint)
