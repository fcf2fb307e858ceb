"""Dates in a text, down to the month; a year alone is read with the other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from dossier.numbers.values import CalendarDate
from dossier.numbers.vocabulary import MONTHS

FIRST_YEAR, LAST_YEAR = 1600, 2100
"""The years that four digits without a unit mean."""

# May and March are words too: a month has a capital letter.
_NAMES = "|".join(
    sorted((f(name) for name in MONTHS for f in (str.capitalize, str.upper)), key=len, reverse=True)
)
_MONTH = rf"(?<![^\W_])(?:{_NAMES})(?![^\W_])\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_NO_UNIT = (
    r"(?![^\W_]|[.,]\d|[/:]\d|\s*%"
    r"|[\s-]+(?:percent|per\s+cent|hundred|thousand|million|billion|dollars)\b)"
)
_YEAR = rf"(?:1[6-9]\d\d|20\d\d|2100){_NO_UNIT}"
_DASH = "[-\u2010-\u2015]"
_LINK = rf"\s*(?:{_DASH}|(?:and|or|to|through|until)(?![^\W_]))\s*"
_OPEN = r"(?<![^\W_])(?<!\d[./,-])"

_WRITTEN = re.compile(
    # November 19, 2024; November 19; June 1-5, 2025
    rf"(?P<a>(?P<am>{_MONTH})\s+(?P<ad>{_DAY}))(?:\s*{_DASH}\s*(?P<al>{_DAY}){_NO_UNIT})?{_NO_UNIT}"
    rf"(?:,?\s+(?P<ay>{_YEAR}))?"
    # 19 November 2024; the 19th of November; 19-Nov-2024
    rf"|{_OPEN}(?P<bd>{_DAY})(?:\s+(?:of\s+)?|-)(?P<bm>{_MONTH})(?:(?:,?\s+|-)(?P<by>{_YEAR}))?"
    # November 2024; March of 2021; October and November 2012
    rf"|(?:(?P<cf>{_MONTH}){_LINK})?(?P<cm>{_MONTH})(?:,?\s+(?:of\s+)?|-)(?P<cy>{_YEAR})"
)
_FIGURES = re.compile(
    rf"(?<![^\W_])(?<!\d[.,-])(?P<y>\d{{4}})(?P<s>[-/])(?P<m>\d\d)(?:(?P=s)(?P<d>\d\d))?(?![^\W_]|-\d|[.,]\d)"
    rf"|{_OPEN}(?P<p>\d\d?)(?P<t>[/.])(?P<q>\d\d?)(?P=t)(?P<z>\d{{4}}|\d\d)(?![^\W_]|/\d|[.,]\d)"
)
_PERIOD = re.compile(rf"(?:{_LINK}|\s*/\s*)(?:(?:early|mid|late)(?:\s+|-))?")
_PIVOT = 70  # two digits from here on mean 19xx, as POSIX reads %y (69) but for a year


@dataclass(frozen=True, slots=True)
class Dated:
    """A date and the stretch of the text that it stands in."""

    start: int
    end: int
    value: CalendarDate


def read_dates(text: str) -> tuple[Dated, ...]:
    """Return the dates of a text in order, each sound in the calendar.

    Of two that make a period the first takes the year of the second where it gives none:
    `between February 21 and March 21, 2021`.
    """
    found = sorted((*_written(text), *_figures(text)), key=lambda one: one.start)
    for i, (one, other) in enumerate(pairwise(found)):
        late = one.value.year is None and other.value.year is not None
        if late and _PERIOD.fullmatch(text, one.end, other.start):
            value = CalendarDate(other.value.year, one.value.month, one.value.day)
            if (value.month or 0) <= (other.value.month or 0) and _is_sound(value):
                found[i] = Dated(one.start, one.end, value)
    return tuple(found)


def _written(text: str) -> Iterator[Dated]:
    for match in _WRITTEN.finditer(text):
        if match["am"]:
            year = int(match["ay"]) if match["ay"] else None
            first = CalendarDate(year, _month(match["am"]), _day(match["ad"]))
            last = CalendarDate(year, first.month, _day(match["al"])) if match["al"] else None
            end = match.end() if last is None else match.end("a")
            ends = [(match.start(), end, first)]
            if last is not None:
                ends.append((match.start("al"), match.end(), last))
        elif match["bm"]:
            year = int(match["by"]) if match["by"] else None
            value = CalendarDate(year, _month(match["bm"]), _day(match["bd"]))
            ends = [(match.start(), match.end(), value)]
        else:
            year = int(match["cy"])
            value = CalendarDate(year, _month(match["cm"]))
            ends = [(match.start("cm"), match.end(), value)]
            if match["cf"]:
                first = CalendarDate(year, _month(match["cf"]))
                ends.append((match.start("cf"), match.end("cf"), first))
        yield from (Dated(*one) for one in ends if _is_sound(one[2]))


def _figures(text: str) -> Iterator[Dated]:
    """Yield dates in figures: ISO 8601, and 11/19/24 with the month first, as Americans write.

    The day comes first where the first figure can be no month, and between full stops.
    """
    for match in _FIGURES.finditer(text):
        if match["y"]:
            day = int(match["d"]) if match["d"] else None
            value = CalendarDate(int(match["y"]), int(match["m"]), day)
            if match["s"] == "/" and day is None:
                continue
        else:
            month, day = int(match["p"]), int(match["q"])
            if month > 12 or match["t"] == ".":
                month, day = day, month
            value = CalendarDate(_year(match["z"]), month, day)
            if match["t"] == "." and len(match["z"]) == 2:
                continue
        if _is_sound(value):
            yield Dated(match.start(), match.end(), value)


def _month(name: str) -> int:
    return MONTHS[name.rstrip(".").lower()]


def _day(text: str) -> int:
    return int(text.rstrip("sthndr"))


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (1900 if year >= _PIVOT else 2000)


def _is_sound(value: CalendarDate) -> bool:
    """Tell whether a date exists; one without a year may be a leap day."""
    year = 2000 if value.year is None else value.year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return False
    try:
        date(year, value.month or 1, value.day or 1)
    except ValueError:
        return False
    return True
