"""Mark what was scanned in a page, and put the rendered fragments in the place of the marks.

A page goes through Python-Markdown once, with a token for everything that the scan
found. Where the token comes out in text it is replaced by its fragment; where it comes
out in code, an attribute, a link or a comment, Python-Markdown has judged otherwise than
the scan, and its author's own characters are put back.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from dossier.syntax import Page

# Private-use characters: no word characters, so that they vanish from the slugs of headings,
# no punctuation, so that no other extension takes them for markup.
_OPEN, _CLOSE, _ZERO = "\ue0d0", "\ue0d1", 0xE0D2
_DIGITS = {ord(str(n)): _ZERO + n for n in range(10)}
_VALUES = {_ZERO + n: str(n) for n in range(10)}
TOKEN = re.compile("\ue0d0([\ue0d2-\ue0db]+)\ue0d1")

MarkKind = Literal["cluster", "escape", "calculation", "directive"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One token's meaning: what it stands for, its place in the list of its kind, its source."""

    kind: MarkKind
    index: int
    source: str


@dataclass(frozen=True, slots=True)
class Marked:
    """The text of a page with tokens in it, and what each token stands for, by number."""

    text: str
    marks: tuple[Mark, ...]


def token(number: int) -> str:
    """Return the token of that number."""
    return _OPEN + str(number).translate(_DIGITS) + _CLOSE


def mark(page: Page) -> Marked:
    """Return the Markdown of a page, without front matter, with tokens for what was scanned."""
    places: list[tuple[int, int, MarkKind, int]] = []
    places += [(c.start, c.end, "cluster", i) for i, c in enumerate(page.clusters)]
    places += [(at, at + 2, "escape", i) for i, at in enumerate(page.escapes)]
    places += [(c.start, c.end, "calculation", i) for i, c in enumerate(page.calculations)]
    places += [(d.start, d.end, "directive", i) for i, d in enumerate(page.directives)]
    places.sort()
    parts: list[str] = []
    marks: list[Mark] = []
    at = page.body
    for start, end, kind, index in places:
        parts.append(page.text[at:start])
        if kind == "directive":
            # A paragraph of its own, whatever stands on the lines beside it.
            indent = " " * page.directives[index].indent
            parts.append(f"\n{indent}{token(len(marks))}\n")
        else:
            parts.append(token(len(marks)))
        marks.append(Mark(kind, index, page.text[start:end]))
        at = end
    parts.append(page.text[at:])
    return Marked("".join(parts), tuple(marks))


_MARKUP = re.compile(
    # A token with its paragraph comes first: the tag of the paragraph is a tag, too.
    r"(?:<p>\s*)?\ue0d0[\ue0d2-\ue0db]+\ue0d1(?:\s*</p>)?"
    r"|<!--.*?-->|<(?P<close>/?)(?P<name>[A-Za-z][\w:-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL,
)
# Elements whose content is not prose of the author: a token in them is put back as written.
_OPAQUE = frozenset({"code", "pre", "script", "style", "textarea", "samp", "kbd", "a", "svg", "title"})


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a token came out: its number and whether it is prose there."""

    number: int
    prose: bool


def _events(text: str) -> Iterator[tuple[int, int, str, Landing | None]]:
    """Yield the pieces of HTML: (start, end, what, landing); opaque elements are tracked."""
    opaque = ""
    depth = 0
    for found in _MARKUP.finditer(text):
        piece = found.group()
        name = found["name"]
        if name is None and not piece.startswith("<!--"):
            match = TOKEN.search(piece)
            assert match is not None
            number = int("".join(_VALUES[ord(c)] for c in match.group(1)))
            yield found.start(), found.end(), "token", Landing(number, depth == 0)
            continue
        if name is not None:
            name = name.lower()
            if depth:
                if name == opaque and not piece.endswith("/>"):
                    depth += -1 if found["close"] else 1
            elif _is_opaque(name, piece) and not found["close"] and not piece.endswith("/>"):
                opaque, depth = name, 1
        if _OPEN in piece:
            yield found.start(), found.end(), "tag", None


def _is_opaque(name: str, piece: str) -> bool:
    # Mathematics as pymdownx.arithmatex leaves it for the browser is no prose either.
    return name in _OPAQUE or (name in ("span", "div") and "arithmatex" in piece)


def landings(text: str) -> tuple[Landing, ...]:
    """Return where each token of a piece of HTML came out, in order."""
    return tuple(landing for *_, landing in _events(text) if landing is not None)


def resolve(text: str, marks: tuple[Mark, ...], render: Callable[[int, Mark], str]) -> str:
    """Return HTML with its tokens replaced.

    `render` gives the fragment of a token that stands in prose. A directive stands in a
    paragraph of its own, which its fragment replaces.
    """
    parts: list[str] = []
    at = 0
    for start, end, what, landing in _events(text):
        parts.append(text[at:start])
        piece = text[start:end]
        if what == "tag" or landing is None or landing.number >= len(marks):
            parts.append(restore(piece, marks, quoted=not piece.startswith("<!--")))
        elif not landing.prose:
            parts.append(restore(piece, marks))
        else:
            found = marks[landing.number]
            fragment = render(landing.number, found)
            if found.kind == "directive":
                parts.append(fragment)
            else:
                parts.append(TOKEN.sub(lambda _, fragment=fragment: fragment, piece))
        at = end
    parts.append(text[at:])
    return "".join(parts)


def restore(text: str, marks: tuple[Mark, ...], quoted: bool = True) -> str:
    """Return text with each token replaced by what its author wrote, escaped for HTML."""

    def source(match: re.Match[str]) -> str:
        number = int("".join(_VALUES[ord(c)] for c in match.group(1)))
        if number >= len(marks):
            return ""
        written = marks[number].source
        return html.escape(written) if quoted else written.replace("--", "- -")

    return TOKEN.sub(source, text)


def as_plain(text: str, plain: Callable[[int], str]) -> str:
    """Return text (a title, an entry of a table of contents) with tokens replaced by plain words."""

    def words(match: re.Match[str]) -> str:
        return plain(int("".join(_VALUES[ord(c)] for c in match.group(1))))

    return re.sub(r"\s+$", "", TOKEN.sub(words, text))
