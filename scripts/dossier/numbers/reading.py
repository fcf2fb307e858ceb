"""Numbers in a text, each with its place and value."""

from __future__ import annotations

from collections.abc import Iterable

from dossier.numbers.dates import Dated, read_dates
from dossier.numbers.identifiers import blot, has_digits, mask_identifiers, mask_ordinals
from dossier.numbers.quantities import Quantity, of_words, read_digits
from dossier.numbers.ranges import spread
from dossier.numbers.spoken import read_spoken
from dossier.numbers.values import CalendarDate, Number


def numbers_in(text: str, names: Iterable[str] = ()) -> tuple[Number, ...]:
    """Return the numbers of a text in order: money, percent, counts, fractions, years and dates.

    Numerals in words count from two up; *one*, ordinals and identifiers (287(g), SB 54,
    8 U.S.C. 1373) are no numbers, nor is any in one of the `names`.
    """
    masked = mask_identifiers(text, tuple(names))
    dates: tuple[Dated, ...] = ()
    found: list[Quantity] = []
    if has_digits(masked):
        dates = read_dates(masked)
        masked = mask_ordinals(blot(masked, ((one.start, one.end) for one in dates)))
        found += read_digits(masked)
    rest = blot(masked, ((number.start, number.end) for number in found))
    # What follows a number in words is looked for in the text that still has its digits.
    found += [of_words(masked, spoken) for spoken in read_spoken(rest)]
    found.sort(key=lambda number: number.start)
    numbers = [_of_date(text, one) for one in dates]
    numbers += [_of_quantity(text, one) for one in spread(masked, found) if not _is_mere_one(one)]
    return tuple(sorted(numbers, key=lambda number: number.start))


def _is_mere_one(number: Quantity) -> bool:
    return number.alone and number.scale == 1 and number.kind not in ("money", "percent")


def _of_date(text: str, one: Dated) -> Number:
    return Number("date", one.value, "", one.start, one.end, text[one.start : one.end])


def _of_quantity(text: str, one: Quantity) -> Number:
    stretch = text[one.start : one.end]
    if one.bare:
        year = CalendarDate(int(one.written))
        return Number("date", year, "", one.start, one.end, stretch, one.written)
    return Number(one.kind, one.value, one.unit, one.start, one.end, stretch, one.written)
