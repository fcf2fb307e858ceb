"""Ranges: each end is a number of its own, and what is said of one end holds for the other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from dossier.numbers.quantities import Quantity

_ABOUT = r"(?:(?:about|almost|around|nearly|over|roughly|some)\s+)?"
_DASH = re.compile("\\s*[-\u2010-\u2015−]\\s*")
_TO = re.compile(rf"(?:\s+|-)(?:to|through)(?:\s+|-){_ABOUT}")
_AND = re.compile(rf"\s+(?:and|or)\s+{_ABOUT}")
_BETWEEN = re.compile(rf"(?<![^\W_])(?:between|from)\s+{_ABOUT}\Z", re.IGNORECASE)
_LONGEST_BEFORE = 24


def spread(text: str, numbers: Iterable[Quantity]) -> list[Quantity]:
    """Return numbers, in order, with the units and scales of ranges given to both their ends.

    `20 to 30 percent` and `20 and 30 percent` are two percentages, `$3-4 million` two sums.
    """
    found = list(numbers)
    for i in range(len(found) - 2, -1, -1):
        one, other = found[i], found[i + 1]
        dash = _DASH.fullmatch(text, one.end, other.start) is not None
        to = _TO.fullmatch(text, one.end, other.start) is not None
        both = _AND.fullmatch(text, one.end, other.start) is not None
        between = both and _BETWEEN.search(text, max(0, one.start - _LONGEST_BEFORE), one.start)
        if dash and _is_short_year(one, other):
            century = int(one.written) // 100 * 100
            found[i + 1] = replace(other, written=other.written + century, bare=True)
            continue
        if dash or between:
            other = found[i + 1] = _with_currency_of(one, other)
        if dash or to or both:
            one = _with_unit_of(other, one, closely=bool(dash or to or between))
        if dash or to or between:
            one = _with_scale_of(other, one)
        found[i] = one
    return found


def _is_short_year(one: Quantity, other: Quantity) -> bool:
    """Tell whether two digits finish a period of years: 2023-24."""
    plain = other.kind == "count" and not other.unit and other.scale == 1
    return one.bare and plain and one.written % 100 < other.written < 100


def _with_currency_of(one: Quantity, other: Quantity) -> Quantity:
    if one.kind == "money" and other.kind == "count" and not (other.unit or other.bare):
        return replace(other, kind="money", unit=one.unit)
    return other


def _with_unit_of(other: Quantity, one: Quantity, *, closely: bool) -> Quantity:
    """Return the first end with the unit of the second; a year has none but in a plain range."""
    if one.kind != "count" or one.unit or not other.unit or (one.bare and not closely):
        return one
    return replace(one, kind=other.kind, unit=other.unit, bare=False, alone=False)


def _with_scale_of(other: Quantity, one: Quantity) -> Quantity:
    """Return the first end with the scale of the second where it is the lower one by that."""
    alike = (one.kind, one.unit) == (other.kind, other.unit) and one.kind in ("count", "money")
    if alike and one.scale == 1 < other.scale and Decimal(0) <= one.written < other.written:
        return replace(one, scale=other.scale, bare=False)
    return one
