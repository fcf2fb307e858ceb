"""Mark what was scanned in a page, and put the rendered fragments in the place of the marks.

A page goes through Python-Markdown once, with a token for everything that the scan
found. Where the token comes out in text it is replaced by its fragment; where it comes
out in code, an attribute, a link or a comment, Python-Markdown has judged otherwise than
the scan, and its author's own characters are put back.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dossier.edits import Edit, edited
from dossier.syntax import Page

# Private-use characters: no word characters, so that they vanish from the slugs of headings,
# no punctuation, so that no other extension takes them for markup.
_OPEN, _CLOSE, _ZERO = "\ue0d0", "\ue0d1", 0xE0D2
_DIGITS = {ord(str(n)): _ZERO + n for n in range(10)}
_VALUES = {value: chr(digit) for digit, value in _DIGITS.items()}
TOKEN = re.compile("\ue0d0([\ue0d2-\ue0db]+)\ue0d1")

MarkKind = Literal[
    "cluster",
    "escape",
    "calculation",
    "directive",
    "quotation-open",
    "quotation-close",
    "quotation-block",
    "number-open",
    "number-close",
]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a page that are to carry their passage: `text[start:end]`, marks included.

    A `quotation-block` is a paragraph of a block quotation.
    """

    kind: Literal["quotation", "quotation-block", "number"]
    start: int
    end: int


_ENDS: Final[dict[Literal["quotation", "number"], tuple[MarkKind, MarkKind]]] = {
    "quotation": ("quotation-open", "quotation-close"),
    "number": ("number-open", "number-close"),
}
_OPENING: Final = frozenset(opening for opening, _ in _ENDS.values())
_HOLDING: Final = frozenset({"quotation-block", *_OPENING, *(end for _, end in _ENDS.values())})


@dataclass(frozen=True, slots=True)
class Mark:
    """One token's meaning: what it stands for, its place in the list of its kind, its source."""

    kind: MarkKind
    index: int
    source: str


@dataclass(frozen=True, slots=True)
class Marked:
    """The text of a page with tokens in it, and what each token stands for, by number.

    `edits` are what makes the one text of the other.
    """

    text: str
    marks: tuple[Mark, ...]
    edits: tuple[Edit, ...] = ()


def token(number: int) -> str:
    """Return the token of that number."""
    return _OPEN + str(number).translate(_DIGITS) + _CLOSE


def _number(digits: str) -> int:
    return int(digits.translate(_VALUES))


def mark(page: Page, held: Sequence[Stretch] = ()) -> Marked:
    """Return the Markdown of a page, without front matter, with tokens for what was scanned.

    What is `held` keeps its words; tokens stand before and behind it, or before a block.
    """
    places: list[tuple[int, int, MarkKind, int]] = []
    places += [(c.start, c.end, "cluster", i) for i, c in enumerate(page.clusters)]
    places += [(at, at + 2, "escape", i) for i, at in enumerate(page.escapes)]
    places += [(c.start, c.end, "calculation", i) for i, c in enumerate(page.calculations)]
    places += [(d.start, d.end, "directive", i) for i, d in enumerate(page.directives)]
    for i, one in enumerate(held):
        if one.kind == "quotation-block":
            places.append((one.start, one.start, one.kind, i))
        else:
            opening, closing = _ENDS[one.kind]
            places.append((one.start, one.start, opening, i))
            places.append((one.end, one.end, closing, i))
    places.sort(key=lambda place: place[:2])
    marks: list[Mark] = []
    edits: list[Edit] = []
    at = page.body
    for start, end, kind, index in places:
        if start < at:
            continue  # within what another token stands for
        written = token(len(marks))
        if kind == "directive":
            # A paragraph of its own, whatever stands on the lines beside it, in the list or
            # block quotation in which it stands.
            around = page.text[page.text.rfind("\n", page.body, start) + 1 : start]
            written = f"\n{around}{written}\n{around}"
        edits.append((start, end, written))
        marks.append(Mark(kind, index, page.text[start:end]))
        at = end
    return Marked(edited(page.text, edits, page.body), tuple(marks), tuple(edits))


# The paragraph that holds nothing but a token goes with it.
_MARKUP = re.compile(
    r"(?P<paragraph><p>\s*+)?\ue0d0(?P<number>[\ue0d2-\ue0db]+)\ue0d1(?(paragraph)\s*+</p>)"
    r"|<!--|<(?P<close>/?)(?P<name>[A-Za-z][\w:-]*+)(?>(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*)>"
)
# Elements whose content is not prose of the author: a token in them is put back as written.
_OPAQUE = frozenset(
    ("a", "code", "kbd", "pre", "samp", "script", "style", "svg", "textarea", "title")
)


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a token came out: its number, and the element that keeps it from being prose.

    `within` is the name of that element, empty where the token stands in prose.
    """

    number: int
    within: str = ""

    @property
    def prose(self) -> bool:
        """Whether the token stands in prose."""
        return not self.within


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of some HTML that has tokens in it: one that landed, or a tag or comment."""

    start: int
    end: int
    landing: Landing | None


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield the parts of some HTML that have tokens in them, in order."""
    opaque: list[str] = []  # the outermost opaque element that is open, and those of its name in it
    shown = 0
    has_comments = True
    for found in _MARKUP.finditer(text):
        start, end = found.span()
        if start < shown:
            continue
        if found["number"] is not None:
            yield _Piece(start, end, Landing(_number(found["number"]), opaque[0] if opaque else ""))
            continue
        if found["name"] is not None:
            _track(opaque, found)
        elif has_comments:
            close = text.find("-->", end)
            has_comments = close >= 0
            end = shown = close + 3 if has_comments else end
        if _OPEN in text[start:end]:
            yield _Piece(start, end, None)


def _track(opaque: list[str], tag: re.Match[str]) -> None:
    name, piece = tag["name"].lower(), tag.group()
    if piece.endswith("/>"):
        return
    if tag["close"]:
        if opaque and name == opaque[0]:
            opaque.pop()
    elif opaque:
        if name == opaque[0]:
            opaque.append(name)
    elif name in _OPAQUE or (name in ("span", "div") and "arithmatex" in piece):
        # Mathematics as pymdownx.arithmatex leaves it for the browser is no prose either.
        opaque.append(name)


def landings(text: str) -> tuple[Landing, ...]:
    """Return where each token of a piece of HTML came out, in order."""
    return tuple(piece.landing for piece in _pieces(text) if piece.landing is not None)


def resolve(text: str, marks: tuple[Mark, ...], render: Callable[[int, Mark], str]) -> str:
    r"""Return HTML with its tokens replaced.

    `render` gives the fragment of a token that stands in prose; in links only `\\@` and
    calculations have one. A directive stands in a paragraph of its own, which its fragment
    replaces.
    """
    parts: list[str] = []
    at = 0
    pieces = list(_pieces(text))
    whole = _whole_stretches(text, pieces, marks)
    for piece in pieces:
        parts.append(text[at : piece.start])
        at = piece.end
        found = _mark_of(piece, marks)
        if found is not None and found.kind in _HOLDING:
            fragment = ""
            if (found.kind == "quotation-block" or found.index in whole) and piece.landing:
                fragment = render(piece.landing.number, found)
            if found.kind == "quotation-block":
                _describe_block(parts, fragment)
                fragment = ""
            around = text[piece.start : piece.end]
            parts.append(TOKEN.sub(lambda _, fragment=fragment: fragment, around))  # type: ignore[misc]
            continue
        parts.append(_resolved(text[piece.start : piece.end], piece.landing, marks, render))
    parts.append(text[at:])
    return "".join(parts)


def _mark_of(piece: _Piece, marks: tuple[Mark, ...]) -> Mark | None:
    if piece.landing is None or piece.landing.number >= len(marks):
        return None
    return marks[piece.landing.number]


def _whole_stretches(
    text: str, pieces: Sequence[_Piece], marks: tuple[Mark, ...]
) -> frozenset[int]:
    """Return the stretches that one element can hold: both ends in prose, no element cut."""
    opened: dict[int, int] = {}
    whole: set[int] = set()
    for piece in pieces:
        found = _mark_of(piece, marks)
        if found is None or piece.landing is None or not piece.landing.prose:
            continue
        if found.kind in _OPENING:
            opened[found.index] = piece.end
        elif (
            found.kind in _HOLDING
            and found.index in opened
            and _is_balanced(text[opened[found.index] : piece.start])
        ):
            whole.add(found.index)
    return frozenset(whole)


_VOID = frozenset({"area", "br", "hr", "img", "input", "link", "wbr"})
# What a `q` may not hold: a quotation over these is none that HTML could mark.
_NOT_PHRASING = frozenset({"p", "div", "li", "ul", "ol", "table", "td", "th", "tr", "blockquote"})


def _is_balanced(fragment: str) -> bool:
    """Tell whether a stretch of HTML closes what it opens, and holds no block."""
    open_: list[str] = []
    for found in _MARKUP.finditer(fragment):
        if found["name"] is None or found.group().endswith("/>"):
            continue
        name = found["name"].lower()
        if name in _NOT_PHRASING:
            return False
        if name in _VOID:
            continue
        if not found["close"]:
            open_.append(name)
        elif not open_ or open_.pop() != name:
            return False
    return not open_


def _describe_block(parts: list[str], attributes: str) -> None:
    """Give the block quotation that is open at the end of the parts its attributes, once."""
    for number in range(len(parts) - 1, -1, -1):
        at = parts[number].rfind("blockquote")
        if at < 0:
            continue
        if attributes and parts[number][at - 1 : at + 11] == "<blockquote>":
            before, behind = parts[number][: at + 10], parts[number][at + 10 :]
            parts[number] = f"{before}{attributes}{behind}"
        return


def _resolved(
    piece: str,
    landing: Landing | None,
    marks: tuple[Mark, ...],
    render: Callable[[int, Mark], str],
) -> str:
    if landing is None:
        return restore(piece, marks, quoted=not piece.startswith("<!--"))
    if landing.number >= len(marks):
        return restore(piece, marks)
    found = marks[landing.number]
    if landing.prose or (landing.within == "a" and found.kind in ("escape", "calculation")):
        fragment = render(landing.number, found)
        return fragment if found.kind == "directive" else TOKEN.sub(lambda _: fragment, piece)
    return restore(piece, marks)


def restore(text: str, marks: tuple[Mark, ...], quoted: bool = True) -> str:
    """Return text with each token replaced by what its author wrote, escaped for HTML."""

    def source(match: re.Match[str]) -> str:
        number = _number(match.group(1))
        if number >= len(marks):
            return ""
        written = marks[number].source
        return html.escape(written) if quoted else written.replace("--", "- -")

    return TOKEN.sub(source, text)


def as_plain(text: str, plain: Callable[[int], str]) -> str:
    """Return a title, or an entry of a table of contents, with its tokens as plain words."""
    return TOKEN.sub(lambda match: plain(_number(match.group(1))), text).rstrip()
