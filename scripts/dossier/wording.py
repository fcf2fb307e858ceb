"""The words and signs in which tables speak of assessments, bearings and origins."""

from __future__ import annotations

import re
from typing import Final

from dossier.model import Assessed, Assessment, Bearing, Bears, Standing

ASSESSMENT_WORDS: Final[dict[Assessment, str]] = {
    "unsupported": "unsupported",
    "contradicted": "contradicted",
    "disputed": "disputed",
    "qualified": "qualified",
    "single-origin": "single origin",
    "confirmed": "confirmed",
}
"""The assessment as a reader reads it."""

ASSESSMENT_SIGNS: Final[dict[Assessment, str]] = {
    "unsupported": "○",
    "contradicted": "✕",
    "disputed": "⇄",
    "qualified": "±",
    "single-origin": "◐",
    "confirmed": "●",
}
"""A sign beside each word, told apart by its form: colour alone never says anything.

Circles count the origins in support: two or more, one, none. The other signs tell what stands
against it, a condition with the sign that it has among bearings.
"""

STANDING_WORDS: Final[dict[Standing, str]] = {
    "primary": "Primary source",
    "research": "Research",
    "news": "News",
    "advocacy": "Advocacy",
    "party": "Party to a case",
    "copy": "Copy",
}
"""What kind of source a record says it is, as a reader reads it."""

ASSESSMENT_MEANINGS: Final[dict[Assessment, str]] = {
    "unsupported": "Nothing held supports or contradicts it. It may still be true.",
    "contradicted": (
        "No origin supports it and at least one says otherwise; or a primary source, such as a "
        "statute or a document of the body concerned, says otherwise and no primary source "
        "supports it."
    ),
    "disputed": "It has support, and another origin says otherwise.",
    "qualified": "It has support, and an origin adds a condition that belongs with it.",
    "single-origin": (
        "One origin supports it, however many copies repeat it, and none limits or opposes it."
    ),
    "confirmed": "More than one origin supports it, and nothing held limits or opposes it.",
}
"""What an assessment says of a finding, in a sentence or two."""

BEARINGS: Final[tuple[Bearing, ...]] = ("supports", "qualifies", "contradicts")
"""The bearings in the order in which tables show them."""

BEARING_SIGNS: Final[dict[Bearing, str]] = {
    "supports": "+",
    "qualifies": "±",
    "contradicts": "−",
}
"""A sign beside the word for each bearing."""

NO_VALUE: Final = "not stated"
"""What stands where a row of a series gives no value for a column."""


_SIGNS: Final = str.maketrans("‘’“”", "''\"\"")


def plain_signs(text: str) -> str:
    """Return a text with straight signs for curved ones."""
    return text.translate(_SIGNS)


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts say the same: signs that are straight or curved change no word."""
    return plain_signs(one) == plain_signs(other)


def grouped(item: Assessed) -> tuple[tuple[Bearing, tuple[Bears, ...], int], ...]:
    """Return the bearings that a finding has, with its passages and the number of origins."""
    origins = {
        "supports": item.supports,
        "qualifies": item.qualifies,
        "contradicts": item.contradicts,
    }
    groups = []
    for bearing in BEARINGS:
        passages = tuple(e for e in item.finding.evidence if e.bears == bearing)
        if passages:
            groups.append((bearing, passages, len(origins[bearing])))
    return tuple(groups)


def origins_in_words(item: Assessed) -> str:
    """Return how many origins stand on each side: `2 in support, 1 against`.

    An origin that stands on two sides is counted on each.
    """
    parts = [f"{len(item.supports)} in support"]
    if item.qualifies:
        parts.append(f"{len(item.qualifies)} with a condition")
    if item.contradicts:
        parts.append(f"{len(item.contradicts)} against")
    return ", ".join(parts)


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def date_in_words(value: str) -> str:
    """Return an ISO 8601 date, or a period with `/`, as prose has it: `April 30, 2025`."""
    return " to ".join(_one_date(part) for part in value.split("/"))


def _one_date(value: str) -> str:
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])(?:-([0-9]{2}))?", value)
    if match is None:
        return value
    day = f" {int(match[3])}," if match[3] else ""
    return f"{_MONTHS[int(match[2]) - 1]}{day} {match[1]}"
