"""The value of a field: strings in braces or quotation marks, numbers and macros, joined by #."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dossier.bibliography.source import Source
from dossier.problems import Problem

NESTING_LIMIT = 100
"""Levels of braces in a value beyond which it is not LaTeX that anybody wrote."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a value: text without its delimiters, or the name of a macro, and its offset."""

    text: str
    offset: int
    macro: bool = False


class Unclosed(Exception):  # noqa: N818 - it names a state of the input, caught within the reader
    """A bracket that nothing closes; `field` is empty where it is the block's own."""

    def __init__(self, offset: int, field: str = "") -> None:
        super().__init__(offset, field)
        self.offset = offset
        self.field = field


_BLANK = re.compile(r"(?>(?:[^\S\n]|\n|%[^\n]*+)*)")
_BLANK_OR_COMMA = re.compile(r"(?>(?:[^\S\n]|\n|,|%[^\n]*+)*)")
_CURLY = re.compile(r"\\.|[{}]", re.DOTALL)
_AFTER_VALUE = re.compile(r"\s*+(?:,\s*+(?:[\w:+-]++\s*+=|[})])|[})]\s*+(?:$|\n|@))")
_CURLY_OR_QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
_BARE = re.compile(r"[^\s\"#%'(),={}]++")
_UNQUOTED = re.compile(r"[^,\n{}#]{0,200}+")
_FIELD_WITHIN = re.compile(r"[ \t][A-Za-z][\w:+-]*+[ \t]*+=")
# A quoted value that ends just after `name =` took the opening mark of the next one.
_TOOK_NEXT = re.compile(r"\n[ \t]*+[A-Za-z][\w:+-]*+[ \t]*+=[ \t]*+$")


def skip_blank(text: str, position: int, limit: int, more: str = "") -> int:
    """Return the offset after blanks and percent comments, and after commas if `more` is one."""
    match = (_BLANK_OR_COMMA if more else _BLANK).match(text, position, limit)
    return match.end() if match is not None else position


def read_value(
    source: Source, position: int, limit: int, field: str
) -> tuple[tuple[Piece, ...], list[Problem], int]:
    """Return the pieces of the value at `position`, the faults in it, and the offset after it.

    Raises Unclosed where a string does not end before `limit`.
    """
    text = source.text
    pieces: list[Piece] = []
    problems: list[Problem] = []
    piece: Piece | None
    while True:
        char = text[position : position + 1] if position < limit else ""
        if not char:
            raise Unclosed(position, field)
        if char == "{":
            piece, fault, position = _braced(source, position, limit, field)
        elif char == '"':
            piece, fault, position = _quoted(source, position, limit, field)
        else:
            piece, fault, position = _bare(source, position, limit, field)
        if piece is not None:
            pieces.append(piece)
        if fault is not None:
            problems.append(fault)
        after = skip_blank(text, position, limit)
        if after >= limit or text[after] != "#":
            return tuple(pieces), problems, position
        position = skip_blank(text, after + 1, limit)


def _braced(
    source: Source, opened: int, limit: int, field: str
) -> tuple[Piece, Problem | None, int]:
    # A backslash before a brace escapes it for pandoc and not for BibTeX. The reading is
    # pandoc's, unless BibTeX's alone makes sense of what follows, as in `file = {C:\},`.
    depth = raw = deepest = 0
    for match in _CURLY.finditer(source.text, opened, limit):
        sign = match[0][-1]
        if sign not in "{}":
            continue
        step = 1 if sign == "{" else -1
        raw += step
        if len(match[0]) == 1:
            depth += step
            deepest = max(deepest, depth)
        elif raw != 0 or not _AFTER_VALUE.match(source.text, match.end(), limit):
            continue
        if depth == 0 or len(match[0]) == 2:
            end = match.end()
            content = source.text[opened + 1 : end - 1]
            return _piece(source, content, opened + 1, deepest, field, end)
    raise Unclosed(opened, field)


def _quoted(
    source: Source, opened: int, limit: int, field: str
) -> tuple[Piece, Problem | None, int]:
    text = source.text
    depth = deepest = 0
    stray = -1
    for match in _CURLY_OR_QUOTE.finditer(text, opened + 1, limit):
        if match[0] == "{":
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] == "}":
            depth -= 1
            if depth < 0 and stray < 0:
                stray = match.start()
        elif match[0] == '"' and depth <= 0:
            content = text[opened + 1 : match.start()]
            took = _TOOK_NEXT.search(content)
            if took is not None:
                return _runaway(source, content[: took.start()], opened, field)
            piece, fault, end = _piece(source, content, opened + 1, deepest, field, match.end())
            if fault is None and depth < 0:
                message = f"the value of `{field}` closes a brace that it did not open"
                hint = "take the brace away, or open it within the quotation marks"
                fault = source.problem("bib-unbalanced-braces", stray, message, hint)
            return piece, fault, end
    raise Unclosed(opened, field)


def _runaway(
    source: Source, content: str, opened: int, field: str
) -> tuple[Piece, Problem | None, int]:
    kept = content.rstrip().removesuffix(",")
    message = f"the value of `{field}` opens with a quotation mark that nothing closes"
    hint = "close the value with a quotation mark, or write it between braces"
    fault = source.problem("bib-unclosed-value", opened, message, hint)
    return Piece(kept, opened + 1), fault, opened + 1 + len(kept)


def _piece(
    source: Source, content: str, offset: int, deepest: int, field: str, end: int
) -> tuple[Piece, Problem | None, int]:
    if deepest <= NESTING_LIMIT:
        return Piece(content, offset), None, end
    message = (
        f"the value of `{field}` nests braces {deepest} deep; more than {NESTING_LIMIT} is not read"
    )
    hint = "take the needless braces away; the value is used without any"
    flat = content.replace("{", "").replace("}", "")
    return Piece(flat, offset), source.problem("bib-too-deep", offset - 1, message, hint), end


def _bare(
    source: Source, start: int, limit: int, field: str
) -> tuple[Piece | None, Problem | None, int]:
    """Read a number or the name of a macro; other words without delimiters are a fault."""
    text = source.text
    match = _BARE.match(text, start, limit)
    if match is None:
        message = f"the field `{field}` has no value"
        return (
            None,
            source.problem(
                "missing-value", start, message, f"write `{field} = {{...}}` or delete it"
            ),
            start,
        )
    word, end = match[0], match.end()
    if word.isascii() and word.isdigit():
        return Piece(word, start), None, end
    rest = _UNQUOTED.match(text, start, limit)
    after = skip_blank(text, end, limit)
    # What may follow a macro: the next piece, the next field, the end, or a lost comma.
    plain = after >= limit or text[after] in "#,})" or "\n" in text[end:after]
    if rest is not None and _FIELD_WITHIN.search(rest[0]):
        plain = True
    if plain and not word[0].isdigit() and not word.startswith(("-", "\\", "$")):
        return Piece(word, start, macro=True), None, end
    words = rest[0].strip(" \t)") if rest is not None else word
    message = f"the value of `{field}` stands neither in braces nor in quotation marks: {words}"
    fault = source.problem("bib-unquoted-value", start, message, f"write `{field} = {{{words}}}`")
    return Piece(words, start), fault, start + len(words)
