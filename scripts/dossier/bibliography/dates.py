"""Dates of bibliography fields: what biblatex accepts, what no calendar holds.

The forms are those of EDTF level 1 (ISO 8601-2:2019, clause 4) as the manual of biblatex 3.20
lists them in section 2.3.8, and the fields year, month and day of BibTeX.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from typing import Literal

from dossier.bibliography.strings import MONTHS

DATE_FIELDS = ("date", "urldate", "eventdate", "origdate")


@dataclass(frozen=True, slots=True)
class Date:
    """A date read. `edtf` is how pandoc is given it, empty where it knows no such form.

    `literal` is what is printed then, `fault` what is wrong with it in words, `mend` how to
    write it. A fault is `impossible` where no calendar holds the date or its form has no
    meaning, `unread` where it may be words for people.
    """

    edtf: str = ""
    literal: str = ""
    fault: str = ""
    mend: str = ""
    kind: Literal["", "impossible", "unread"] = ""


LITERALS = {
    "n.d.": "", "nd": "", "n. d.": "", "no date": "", "s.d.": "", "s. d.": "", "s.a.": "",
    "undated": "",
    "forthcoming": "forthcoming", "to appear": "forthcoming",
    "in press": "inpress", "inpress": "inpress",
    "in preparation": "inpreparation", "inpreparation": "inpreparation",
    "submitted": "submitted", "under review": "submitted", "accepted": "forthcoming",
    "preprint": "prepublished", "prepublished": "prepublished",
}  # fmt: skip
"""Words that stand for a date, and what biblatex calls them as state of publication."""

_PART = re.compile(
    r"(?P<year>[-−]?\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?"
    r"(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?(?P<doubt>[?~%]?)"
)
_UNSPECIFIED = re.compile(
    r"(?P<year>-?\d{4})-(?:(?P<month>\d\d)-XX|XX(?:-XX)?)|(?P<tens>-?\d{3})X|(?P<hundreds>-?\d\d)XX"
)
_LONG_YEAR = re.compile(r"Y-?\d{4,}")
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_SHAPE = "dates are written 2020-01-31, 2020-01, 2020 or 2019/2020"
_SEASONS = range(21, 25)
_Bounds = tuple[int, ...]


def read_date(text: str) -> Date:
    """Return the date that a date field holds, with its fault if there is one."""
    text = _ascii_digits(" ".join(text.split()))
    if text.lower() in LITERALS:
        return Date(literal=text)
    if basic := _BASIC.fullmatch(text):
        text = "-".join(basic.groups())
    parts = text.split("/")
    if len(parts) > 2:
        mend = "-".join(parts) if re.fullmatch(r"\d{4}/\d\d?/\d\d?", text) else ""
        return _unread(text, mend)
    read = [_read_part(part, len(parts) > 1) for part in parts]
    for part in read:
        if part.date.fault:
            return part.date
    if len(read) == 2 and read[0].bounds and read[1].bounds and _after(*read):
        return _impossible(f"{parts[0]} is later than {parts[1]}", f"{parts[1]}/{parts[0]}")
    if len(read) == 1:
        return read[0].date
    if not any(part.bounds or part.date.literal for part in read):
        return _unread(text, "")
    if not all(part.date.edtf or not part.bounds for part in read):
        return Date(literal="–".join(part.date.literal or part.date.edtf for part in read))
    return Date(edtf="/".join(part.date.edtf for part in read))


@dataclass(frozen=True, slots=True)
class _Part:
    """One end of a range: the date, and its year, month and day as far as they are known."""

    date: Date
    bounds: _Bounds = ()


def _read_part(text: str, in_range: bool) -> _Part:
    text = text.strip()
    if in_range and text in {"", "..", "open", "unknown"}:
        return _Part(Date())
    if match := _PART.fullmatch(text):
        numbers = tuple(int(n.replace("−", "-")) for n in match.group(1, 2, 3) if n)
        fault = _impossible_day(*numbers)
        if fault:
            return _Part(_impossible(f"{text}: {fault}", ""))
        day = "-".join(n for n in match.group(1, 2, 3) if n) + match["doubt"].replace("%", "~")
        return _Part(Date(edtf=day), numbers)
    if match := _UNSPECIFIED.fullmatch(text.replace("u", "X")):
        return _unspecified(match)
    if _LONG_YEAR.fullmatch(text):
        return _Part(Date(literal=text), (int(text[1:]),) if len(text) < 20 else ())
    loose = re.fullmatch(r"(\d{4})-(\d\d?)(?:-(\d\d?))?", text)
    mend = "-".join(n.zfill(2) for n in loose.groups() if n) if loose else ""
    return _Part(_unread(text, mend))


def _unspecified(match: re.Match[str]) -> _Part:
    if match["tens"]:
        return _Part(Date(literal=f"{match['tens']}0s"), (int(match["tens"] + "0"),))
    if match["hundreds"]:
        return _Part(Date(literal=f"{match['hundreds']}00s"), (int(match["hundreds"] + "00"),))
    numbers = tuple(int(n) for n in match.group("year", "month") if n)
    fault = _impossible_day(*numbers)
    if fault:
        return _Part(_impossible(f"{match[0]}: {fault}", ""))
    return _Part(Date(edtf="-".join(n for n in match.group("year", "month") if n)), numbers)


def _impossible_day(year: int, month: int = 1, day: int = 0) -> str:
    """Return what is wrong with the numbers of a date, or the empty string."""
    if month in _SEASONS and not day:
        return ""
    if not 1 <= month <= 12:
        return f"there is no month {month:02}"
    if day == 0:
        return ""
    # The calendar of dates before 1 and after 9999 repeats every 400 years.
    days = monthrange(year % 400 + 2000, month)[1]
    if not 1 <= day <= days:
        return f"{MONTHS[month - 1]} {year} has {days} days"
    return ""


def _after(first: _Part, last: _Part) -> bool:
    a, b = first.bounds, last.bounds
    if any(len(x) > 1 and x[1] in _SEASONS for x in (a, b)):
        return a[0] > b[0]
    shared = min(len(a), len(b))
    return a[:shared] > b[:shared]


def _impossible(fault: str, mend: str) -> Date:
    return Date(fault=fault, mend=f"write {mend}" if mend else _SHAPE, kind="impossible")


def _unread(text: str, mend: str) -> Date:
    """Return the fault of a text that is no date; words are printed as they stand."""
    fault = f"{text} is not a date"
    hint = f"write {mend}" if mend else _SHAPE
    if _WORDS.search(text.replace("XX", "")):
        return Date(literal=text, fault=fault, mend=hint, kind="unread")
    return Date(fault=fault, mend=hint, kind="impossible")


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


_MONTH_WORDS = {name.lower(): n for n, name in enumerate(MONTHS, 1)}
_MONTH_WORDS |= {name[:3].lower(): n for n, name in enumerate(MONTHS, 1)} | {"sept": 9}
_MONTH = re.compile(
    r"(?:(?P<before>\d\d?)(?:st|nd|rd|th)?[ ~.]+)?(?P<month>[A-Za-z]+|\d+)\.?"
    r"(?:[ ~.]+(?P<after>\d\d?)(?:st|nd|rd|th)?)?"
)
_ISO = re.compile(r"\d{4}-\d\d(?:-\d\d)?|\d{4}/\d{4}")
_YEARS = re.compile(r"(\d{4}) ?[-–—]{1,3} ?(\d{4})")


def read_year(year: str, month: str, day: str) -> Date:
    """Return the date in BibTeX's fields year, month and day, each as plain text."""
    year, month = _ascii_digits(year), _ascii_digits(month)
    if year.lower() in LITERALS:
        return Date(literal=year)
    if _ISO.fullmatch(year):  # a whole date in the field year
        return read_date(year)
    if years := _YEARS.fullmatch(year):
        if int(years[1]) > int(years[2]):
            return _impossible(f"{years[1]} is later than {years[2]}", f"{years[2]}--{years[1]}")
        return Date(edtf=f"{years[1]}/{years[2]}")
    if not re.fullmatch(r"-?\d+", year):
        if re.search(r"[^\W\d_]|(?<!\d)\d{4}(?!\d)(?!-\d)", year) or not year:
            return Date(literal=year)  # "c. 1850", "[1998]": a year field may hold words
        return _impossible(f"{year} is not a year", "")
    if len(year.lstrip("-")) > 4:
        return _impossible(f"{year} is not a year", "")
    sign = "-" if year.startswith("-") else ""
    text = sign + year.lstrip("-").zfill(4)
    match = _MONTH.fullmatch(month.strip())
    if match is None:
        return Date(edtf=text)
    number = _month_number(match["month"])
    if number is None:
        return Date(edtf=text)
    day = day.strip() or match["before"] or match["after"] or ""
    numbers = (int(text), number, int(day)) if day.isdecimal() else (int(text), number)
    fault = _impossible_day(*numbers)
    if fault:
        return Date(
            edtf=text,
            fault=fault,
            mend="write the month as jan to dec, the day as a number",
            kind="impossible",
        )
    return Date(edtf="-".join([text, *(f"{n:02}" for n in numbers[1:])]))


def _month_number(word: str) -> int | None:
    """Return the number of a month, 1 to 12 if it is one, or None for other words."""
    if word.isdecimal():
        return int(word[:4])
    return _MONTH_WORDS.get(word.lower())
