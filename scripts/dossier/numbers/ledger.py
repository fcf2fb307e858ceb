"""The ledger: every number of every passage, title and date that a project holds, by its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from dossier.model import Evidence
from dossier.numbers.reading import numbers_in
from dossier.numbers.values import EXACT, CalendarDate, Number, covers, nearest

Citation: TypeAlias = tuple[str, str]
"""A key and the id of a passage, the id empty where the whole source is cited."""
_Form: TypeAlias = tuple[str, Decimal | CalendarDate, str]


@dataclass(frozen=True, slots=True)
class Entered:
    """A number and the place it stands in: `key#passage`, or `key` for its title or date."""

    number: Number
    place: str


class Ledger:
    """Looks numbers up; each text is read once, titles and dates when they are first cited."""

    def __init__(self, evidence: Evidence, names: Iterable[str] = ()) -> None:
        self.names = tuple(names)
        self._passages: dict[str, dict[str, tuple[Entered, ...]]] = {
            key: {
                passage.id: self._entered(passage.exact, f"{key}#{passage.id}")
                for passage in record.passages
            }
            for key, record in evidence.records.items()
        }
        self._references = evidence.references
        self._own: dict[str, tuple[Entered, ...]] = {}
        self._places: dict[_Form, list[str]] = {}
        for passages in self._passages.values():
            for entries in passages.values():
                for entered in entries:
                    for form in _forms(entered.number):
                        self._places.setdefault(form, []).append(entered.place)

    def has_record(self, key: str) -> bool:
        """Tell whether a record of a source is held."""
        return key in self._passages

    def under(self, citations: Iterable[Citation]) -> tuple[Entered, ...]:
        """Return what citations lead to: the passage they name, else all of the record.

        The title and the date of each cited entry come last.
        """
        found: list[Entered] = []
        keys: dict[str, None] = {}
        for key, passage in dict.fromkeys(citations):
            keys.setdefault(key)
            of_record = self._passages.get(key, {})
            ids = (passage,) if passage else tuple(of_record)
            for one in ids:
                found += of_record.get(one, ())
        for key in keys:
            found += self._of_entry(key)
        return tuple(found)

    def _of_entry(self, key: str) -> tuple[Entered, ...]:
        """Return the numbers in the date and the title of an entry."""
        if key not in self._own:
            reference = self._references.get(key)
            self._own[key] = (
                (
                    *(e for e in self._entered(reference.date, key) if e.number.kind == "date"),
                    *self._entered(reference.title, key),
                )
                if reference
                else ()
            )
        return self._own[key]

    def elsewhere(self, number: Number) -> str:
        """Return the first passage of the project that says a number, empty where none does."""
        return next(iter(self._places.get(_form(number), ())), "")

    def _entered(self, text: str, place: str) -> tuple[Entered, ...]:
        return tuple(Entered(number, place) for number in numbers_in(text, self.names))


def entry_of(entries: Iterable[Entered], want: Number) -> Entered | None:
    """Return the first entry whose number says all that `want` says, None where none does."""
    return next((e for e in entries if covers((e.number,), want)), None)


def entry_of_operand(entries: Iterable[Entered], want: Number) -> Entered | None:
    """Return the first entry with a number that a calculation takes, None where there is none.

    An operand is written without its scale and mostly without its unit, `184.8` for `$184.8
    million`: it stands where a number has these digits, or this value. A year stands where a
    date holds it.
    """
    return next((e for e in entries if _is_operand(e.number, want)), None)


def nearest_entry(entries: Iterable[Entered], want: Number) -> Entered | None:
    """Return the entry with the number most like one, or None where there are no entries."""
    every = tuple(entries)
    near = nearest((e.number for e in every), want)
    return next((e for e in every if e.number is near), None)


def nearest_operand(entries: Iterable[Entered], want: Number) -> Entered | None:
    """Return the entry whose numeral is nearest to an operand, whatever its unit and scale."""
    if want.written is None:
        return None
    gaps = [
        (EXACT.subtract(e.number.written, want.written).copy_abs(), e)
        for e in entries
        if e.number.written is not None
    ]
    return min(gaps, key=lambda pair: pair[0], default=(None, None))[1]


def _is_operand(have: Number, want: Number) -> bool:
    if isinstance(have.value, CalendarDate):
        return have.value.year is not None and have.value.year == want.written
    if want.unit and want.unit != have.unit:
        return False
    return want.written is not None and want.written in (have.written, have.value)


def _form(number: Number) -> _Form:
    return ("date" if number.kind == "decade" else number.kind, number.value, number.unit)


def _forms(number: Number) -> Iterator[_Form]:
    """Yield the forms under which a number is looked up: those of all that it covers."""
    value = number.value
    yield _form(number)
    if not isinstance(value, CalendarDate):
        return
    for part in {
        CalendarDate(value.year),
        CalendarDate(value.year, value.month),
        CalendarDate(None, value.month, value.day),
    } - {value, CalendarDate(), CalendarDate(None, value.month)}:
        yield ("date", part, "")
    if value.year is not None:
        yield ("date", Decimal(value.year // 10 * 10), "")
