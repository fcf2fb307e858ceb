"""What a page may not hold because the host of the pages dies of it, or takes minutes over it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dossier.problems import Problem
from dossier.syntax.raw import Raw, find_raw

# Python's html.parser raised on a marked section of any other name until 3.13.6
# (_markupbase.ParserBase.parse_marked_section). MkDocs gives it the Markdown of a page, of which
# fences and nothing else have been taken out by then, and its search the HTML.
_SECTION = re.compile(
    r"<!\[(?!(?:temp|cdata|ignore|include|rcdata|if|else|endif)(?![-\w.]))", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

# Python-Markdown calls itself for each quotation within another, some eight calls deep of the
# thousand that Python allows, and looks for the end of each bracket up to that of the paragraph.
_MOST_QUOTES = 50
_MOST_BRACKETS = 200
_QUOTES = re.compile(rf"[ ]{{0,3}}(?:>[ ]{{0,4}}){{{_MOST_QUOTES + 1}}}")
_BRACKET = re.compile(r"\\.|\]\(|[\[\])]", re.DOTALL)


def fatal_to_hosts(path: str, text: str, body: int) -> Iterator[Problem]:
    """Yield what would end a host of Python-Markdown with a traceback or hang it.

    Codes: html-declaration, page-too-deep.
    """
    sections = "<![" in text
    quotes = text.count(">", body) > _MOST_QUOTES
    brackets = text.count("[", body) > _MOST_BRACKETS
    if not (sections or quotes or brackets):
        return
    raw = find_raw(text, body)
    first = text.count("\n", 0, body) + 1
    if sections:
        yield from _declarations(path, text, raw, first)
    if quotes:
        yield from _quotations(path, text, raw, first)
    if brackets:
        yield from _brackets(path, text, raw, first)


def _declarations(path: str, text: str, raw: Raw, first: int) -> Iterator[Problem]:
    comments = [match.span() for match in _COMMENT.finditer(text)]
    for number, (start, end) in enumerate(raw.lines):
        for match in () if raw.code[number] else _SECTION.finditer(text, start, end):
            if any(a <= match.start() < b for a, b in comments):
                continue
            yield Problem(
                "html-declaration",
                path,
                first + number,
                match.start() - start + 1,
                "`<![` begins a declaration that HTML does not have; hosts of the pages fail on it",
                "write `&lt;![`; in code, put it between fences (```)",
                excerpt=text[start:end],
            )


def _quotations(path: str, text: str, raw: Raw, first: int) -> Iterator[Problem]:
    for number, (start, end) in enumerate(raw.lines):
        if not raw.code[number] and _QUOTES.match(text, start, end):
            message = f"more than {_MOST_QUOTES} block quotations stand within each other"
            yield _too_deep(path, first + number, 1, message, text[start:end])
            return


def _brackets(path: str, text: str, raw: Raw, first: int) -> Iterator[Problem]:
    """Yield the first place at which too many brackets of a paragraph are open."""
    opened = addresses = 0
    for number, (start, end) in enumerate(raw.lines):
        if raw.code[number] or not text[start:end].strip():
            opened = addresses = 0
            continue
        for match in _BRACKET.finditer(text, start, end):
            sign = match[0]
            opened = opened + 1 if sign == "[" else max(0, opened - (sign[0] == "]"))
            addresses = addresses + 1 if sign == "](" else max(0, addresses - (sign == ")"))
            if max(opened, addresses) > _MOST_BRACKETS:
                message = f"more than {_MOST_BRACKETS} brackets of this paragraph are open here"
                at = match.start() - start + 1
                yield _too_deep(path, first + number, at, message, text[start:end])
                return


def _too_deep(path: str, line: int, column: int, message: str, excerpt: str) -> Problem:
    hint = "close them, or take them apart: no host can set this"
    return Problem("page-too-deep", path, line, column, message, hint, excerpt=excerpt)
