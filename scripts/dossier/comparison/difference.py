"""One thing that differs between two states, and the Markdown in which it is told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Part: TypeAlias = Literal["findings", "quotations", "sources", "tables", "names"]
Kind: TypeAlias = Literal[
    "added", "gone", "assessed", "reworded", "evidence", "altered", "relocated"
]

_LONGEST: Final = 200
"""Characters of a text that are told; the file has the rest."""
_SIGNS = re.compile(r"[\\`*_\[\]<>|~#&]")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    `subject` is the id of what it is about: a finding, the path of a page, the key of a source,
    an address `key#passage`, a series. `head` calls that by name and `words` say what happened
    to it, both in Markdown; `before` and `after` are plain and whole, empty for nothing. `by` are
    the addresses of the passages that an assessment or a change of evidence comes from.
    """

    part: Part
    subject: str
    kind: Kind
    head: str
    words: str
    before: str = ""
    after: str = ""
    by: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Return a text as Markdown that shows these very characters, on one line and not too long."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rpartition(" ")[0] + " …"
    return _SIGNS.sub(lambda match: f"\\{match[0]}", text)


def code(text: str) -> str:
    """Return a name as code."""
    return plain(text) if "`" in text else f"`{text}`"


def ours(text: str) -> str:
    """Return words of the report in the marks that are no quotation."""
    return f"‘{plain(text)}’"


def theirs(text: str) -> str:
    """Return words of a source in the marks of a quotation."""
    return f"“{plain(text)}”"


def listed(words: Iterable[str]) -> str:
    """Return words as a list in a sentence: `a, b and c`."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def from_to(name: str, before: str, after: str) -> str:
    """Return how a field changed, in words."""
    if not before:
        return f"{name} {ours(after)} added"
    if not after:
        return f"{name} {ours(before)} taken out"
    return f"{name} from {ours(before)} to {ours(after)}"
