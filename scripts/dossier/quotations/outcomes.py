"""What becomes of a quotation that is looked for: one value for each way it can end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quotation stands: the passage `key#id` and the offsets in its `exact`.

    `gaps` are the places in `exact` that its ellipses leave out, where they leave out words.
    """

    address: str
    start: int
    end: int
    gaps: tuple[tuple[int, int], ...] = ()

    @property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """The stretches of `exact` that are quoted: from `start` to `end`, without the gaps."""
        edges = [self.start, *(edge for gap in self.gaps for edge in gap), self.end]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return tuple((a, b) for a, b in pairs if a < b)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The passage most like a quotation that stands nowhere.

    `ratio` is the share of words that agree, from 0 to 1. `marked` shows both at once, in
    the form of wdiff: `[-words of the quotation-]{+words of the passage+}`.
    """

    address: str
    ratio: float
    marked: str


@dataclass(frozen=True, slots=True)
class Found:
    """It stands in one passage of a cited source."""

    match: Match


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It stands in several passages; the first is taken, `others` are the rest."""

    match: Match
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundInTitle:
    """It is the title of a cited work."""

    key: str


@dataclass(frozen=True, slots=True)
class InOtherSource:
    """It stands in a passage of a source that is not cited here."""

    address: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """It stands in no passage that is held."""

    nearest: Nearest | None = None


@dataclass(frozen=True, slots=True)
class NoRecord:
    """It stands in no cited source that has a record, and these have none."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uncited:
    """Nothing is cited; `address` is a passage that holds it, empty where none does."""

    address: str = ""


@dataclass(frozen=True, slots=True)
class TooShort:
    """It has no letters, or is one function word."""


Outcome: TypeAlias = (
    Found | Ambiguous | FoundInTitle | InOtherSource | NotFound | NoRecord | Uncited | TooShort
)
