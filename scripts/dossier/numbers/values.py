"""Numbers as values: what one says, and when another says the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["money", "percent", "count", "fraction", "vague", "decade", "date"]

# Quotients are worked out in a context of our own, so that a third is everywhere the same.
# No numeral that a person writes is longer than its precision; nothing in it raises.
EXACT = Context(prec=200, traps=[])


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date of the proleptic Gregorian calendar as far as it is given: None is not said."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def within(self, whole: CalendarDate) -> bool:
        """Tell whether all that this date says is said by another."""
        return all(
            mine is None or mine == theirs
            for mine, theirs in (
                (self.year, whole.year),
                (self.month, whole.month),
                (self.day, whole.day),
            )
        )


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a text: `text[start:end]`, in code points, and what it says.

    `value` is a date where the kind is `date`, else a decimal with its scale worked in:
    400000000 for `$400 million`. `unit` is the currency, `%` or `points`, or a unit of
    measure in the singular, empty where there is none: what is counted is no unit. `written`
    is the numeral before its scale, 400 there, which a calculation may take as operand.
    """

    kind: Kind
    value: Decimal | CalendarDate
    unit: str
    start: int
    end: int
    text: str
    written: Decimal | None = None


def same(one: Number, other: Number) -> bool:
    """Tell whether two numbers are equal: of one kind, one value and one unit."""
    return (one.kind, one.value, one.unit) == (other.kind, other.value, other.unit)


def covers(have: Iterable[Number], want: Number) -> bool:
    """Tell whether one of the numbers says all that `want` says.

    It is equal, or both are dates and it says as much or more: `November 6, 2014` covers
    `2014`, `November 2014` and `November 6`, and none of these covers it.
    """
    return any(_covers(one, want) for one in have)


def _covers(one: Number, want: Number) -> bool:
    if same(one, want):
        return True
    if not isinstance(one.value, CalendarDate):
        return False
    if isinstance(want.value, CalendarDate):
        return want.value.within(one.value)
    if want.kind == "decade" and one.value.year is not None:
        return one.value.year // 10 * 10 == want.value
    return False


def nearest(have: Iterable[Number], want: Number) -> Number | None:
    """Return the number most like `want`, the first of those that are equally like, or None.

    It is a hint for an author who mistyped, never a ground on which anything passes: the
    same digits in another unit come first, then the same kind with the next value.
    """
    return min(have, key=lambda one: _distance(one, want), default=None)


def _distance(one: Number, want: Number) -> tuple[float, float]:
    if isinstance(one.value, CalendarDate) and isinstance(want.value, CalendarDate):
        theirs = (one.value.year, one.value.month, one.value.day)
        mine = (want.value.year, want.value.month, want.value.day)
        differ = sum(a != b for a, b in zip(mine, theirs, strict=True))
        return differ / 2, abs((one.value.year or 0) - (want.value.year or 0))
    if isinstance(one.value, CalendarDate) or isinstance(want.value, CalendarDate):
        return (0.05 if one.written is not None and one.written == want.written else 9, 0)
    alike = one.value == want.value or one.written == want.written
    unlike = (one.kind != want.kind) * 2 + (one.unit != want.unit)
    size = max(one.value.copy_abs(), want.value.copy_abs(), Decimal(1))
    gap = EXACT.divide(EXACT.subtract(one.value, want.value).copy_abs(), size)
    return (0.05 + unlike / 10 if alike else float(gap) + unlike, float(gap))
