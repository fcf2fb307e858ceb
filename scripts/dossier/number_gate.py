"""The gate of numbers: each stands in a passage of a source that is cited with it.

Source of the rules: DESIGN.md, "What authors write". What is a number, and which are equal, is
said by the package `numbers`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dossier.addresses import split_address
from dossier.model import Bears, Column, Evidence, Finding, Row, Span
from dossier.numbers import CalendarDate, Number, numbers_in
from dossier.numbers.identifiers import blot
from dossier.numbers.ledger import (
    Citation,
    Entered,
    Ledger,
    entry_of,
    entry_of_operand,
    nearest_entry,
    nearest_operand,
)
from dossier.problems import Problem
from dossier.syntax.citations import Cluster
from dossier.syntax.nearby import Nearby
from dossier.syntax.pages import Calculation, Page
from dossier.syntax.plain import Plain, Unit


@dataclass(frozen=True, slots=True)
class Held:
    """A number held against the evidence.

    `place` is where it stands, `key#passage` or `key` for a title or date, and empty where
    `problem` says that it stands nowhere. `at` are its offsets in the `exact` of that passage,
    None for a title or date. `operand` tells that a calculation takes it. `field` is empty in
    a page; elsewhere it names the text of a finding or series in which the number stands, at
    the offsets of `number`, as `quotation_gate.Place` does.
    """

    number: Number
    span: Span
    place: str
    problem: Problem | None = None
    operand: bool = False
    at: tuple[int, int] | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A number in the prose of a page: `start` and `end` are offsets into the page's text."""

    number: Number
    start: int
    end: int


def numbers_of(unit: Unit, names: tuple[str, ...]) -> tuple[Written, ...]:
    """Return the numbers of a unit that cites, in order, none of one that does not."""
    return tuple(
        Written(number, run.start(number.start), run.end(number.end))
        for run in (unit.runs if unit.clusters else ())
        for number in numbers_in(_prose(run), names)
    )


def hold_page(
    ledger: Ledger,
    evidence: Evidence,
    page: Page,
    units: Sequence[Unit],
    written: Sequence[Sequence[Written]] | None = None,
) -> tuple[Held, ...]:
    """Return the numbers of those units of a page that cite, and of all its calculations.

    `written` are the numbers of each unit where they have been read already.
    """
    held: list[Held] = []
    if written is None:
        written = tuple(numbers_of(unit, ledger.names) for unit in units)
    for unit, numbers in zip(units, written, strict=True):
        cited = _Cited(ledger, evidence, page, unit)
        found: list[Held] = []
        for one in numbers if cited.citations else ():
            span, entries = page.span(one.start, one.end), cited.entries(one.start)
            found.append(_hold(ledger, entries, cited.citations, one.number, span))
        for calculation in _calculations(page, unit):
            entries = cited.entries(calculation.start)
            for number, span in _operands(page, calculation):
                found.append(_hold_operand(ledger, entries, cited.citations, number, span))
        held += (_with_excerpt(one, page) for one in found)
    return tuple(held)


def hold_findings(ledger: Ledger, evidence: Evidence) -> tuple[Held, ...]:
    """Return the numbers of findings, held against the passages that bear on them.

    A figure stands in one that supports it; the note of a passage's bearing, in that passage.
    """
    held: list[Held] = []
    for finding in evidence.findings:
        for name, text, bears in _texts(finding):
            citations = tuple(split_address(b.passage, evidence.references) for b in bears)
            entries = ledger.under(citations)
            span = bears[0].span if len(bears) == 1 and text == bears[0].note else finding.span
            for number in numbers_in(text, ledger.names):
                one = _hold(ledger, entries, citations, number, span)
                held.append(replace(one, field=f"finding/{finding.id}/{name}"))
    return tuple(held)


def hold_series(ledger: Ledger, evidence: Evidence) -> tuple[Held, ...]:
    """Return the numbers of the rows of series, held against the passages of each row."""
    held: list[Held] = []
    for series in evidence.series.values():
        for place, row in enumerate(series.rows):
            citations = tuple(split_address(a, evidence.references) for a in row.passages)
            entries = ledger.under(citations)
            for column in series.columns:
                name = f"series/{series.id}/rows/{place}/{column.id}"
                for number in _cell(row, column, ledger.names):
                    one = _hold(ledger, entries, citations, number, row.span)
                    held.append(replace(one, field=name))
    return tuple(held)


def problems_of(held: Iterable[Held]) -> tuple[Problem, ...]:
    """Return the problems of numbers that stand nowhere. Code: number-not-found."""
    return tuple(one.problem for one in held if one.problem is not None)


class _Cited:
    """What a unit cites, cluster by cluster, and the numbers that this leads to."""

    def __init__(self, ledger: Ledger, evidence: Evidence, page: Page, unit: Unit) -> None:
        clusters = sorted((page.clusters[index] for index in unit.clusters), key=_start)
        each = [(one.start, tuple(_citations(evidence, one))) for one in clusters]
        self.citations = tuple(dict.fromkeys(one for _, citations in each for one in citations))
        self._near = Nearby(each)
        self._ledger = ledger
        self._ordered: dict[tuple[tuple[Citation, ...], ...], tuple[Entered, ...]] = {}

    def entries(self, at: int) -> tuple[Entered, ...]:
        """Return the numbers of what is cited, those of the cluster next behind `at` first.

        The clusters before follow, the nearest of them first, as they do for quotations.
        """
        groups = self._near.around(at)
        if groups not in self._ordered:
            self._ordered[groups] = tuple(
                entered for group in groups for entered in self._ledger.under(group)
            )
        return self._ordered[groups]


def _start(one: Cluster | Calculation) -> int:
    return one.start


def _calculations(page: Page, unit: Unit) -> Sequence[Calculation]:
    """Return the calculations of a page that begin in a unit."""
    first = bisect_left(page.calculations, unit.start, key=_start)
    return page.calculations[first : bisect_left(page.calculations, unit.end, key=_start)]


def _citations(evidence: Evidence, cluster: Cluster) -> Iterator[Citation]:
    """Yield what a cluster cites; keys that no bibliography holds are a problem of their own."""
    for item in cluster.all_items:
        key, passage = split_address(item.key, evidence.references)
        if key in evidence.references:
            yield key, passage


_OPERATORS = re.compile(r"[-+*/×÷−()]")
_COUNT = re.compile(r"\s*[A-Za-z]+\s*\(")


def _prose(run: Plain) -> str:
    """Return the words of a run with its code, addresses and mathematics blotted out."""
    return blot(run.text, run.opaque)


def _operands(page: Page, calculation: Calculation) -> Iterator[tuple[Number, Span]]:
    """Yield what a calculation works with, none for a count; its result is worked out."""
    if _COUNT.match(calculation.source):
        return
    terms = calculation.source.rpartition("=")[0]
    begin = page.text.find(terms, calculation.start)
    # Each operator parts two numbers: none is a dash, a sign or part of a fraction here.
    for number in numbers_in(_OPERATORS.sub(";", terms)):
        yield number, page.span(begin + number.start, begin + number.end)


def _hold_operand(
    ledger: Ledger,
    entries: Sequence[Entered],
    citations: Sequence[Citation],
    number: Number,
    span: Span,
) -> Held:
    entry = entry_of_operand(entries, number)
    if entry:
        return Held(number, span, entry.place, operand=True, at=_offsets(entry))
    message = f"the calculation takes `{number.text}`, which stands in no passage cited here"
    hint = "cite the passages with its numbers"
    if citations:
        nearest = _nearest_hint(nearest_operand(entries, number), number)
        hint = "; ".join((*_without_record(ledger, citations), nearest))
    return Held(number, span, "", _problem(span, message, hint), operand=True)


def _hold(
    ledger: Ledger,
    entries: Sequence[Entered],
    citations: Sequence[Citation],
    number: Number,
    span: Span,
) -> Held:
    entry = entry_of(entries, number)
    if entry:
        return Held(number, span, entry.place, at=_offsets(entry))
    hints = []
    elsewhere = ledger.elsewhere(number)
    if elsewhere:
        hints.append(f"`{elsewhere}` has it: cite that passage if it is meant")
    hints += _without_record(ledger, citations)
    hints.append(_nearest_hint(nearest_entry(entries, number), number))
    message = f"`{number.text}` stands in no passage cited here"
    return Held(number, span, "", _problem(span, message, "; ".join(hints)))


def _offsets(entry: Entered) -> tuple[int, int] | None:
    in_passage = "#" in entry.place
    return (entry.number.start, entry.number.end) if in_passage else None


def _without_record(ledger: Ledger, citations: Sequence[Citation]) -> tuple[str, ...]:
    lacking = dict.fromkeys(f"`{key}`" for key, _ in citations if not ledger.has_record(key))
    return (f"there is no record of {', '.join(lacking)}",) if lacking else ()


def _nearest_hint(near: Entered | None, number: Number) -> str:
    if near is None:
        return "what is cited holds no number: cite the passage that has it, or take it out"
    hint = f"the nearest there is `{near.number.text}` in `{near.place}`"
    year = number.value.year if isinstance(number.value, CalendarDate) else None
    if year is not None and year == near.number.value:
        hint += "; a count of four digits has a comma"
    return hint


def _problem(span: Span, message: str, hint: str) -> Problem:
    return Problem("number-not-found", span.path, span.line, span.column, message, hint)


def _with_excerpt(held: Held, page: Page) -> Held:
    if held.problem is None:
        return held
    excerpt = page.excerpt(held.span.start)
    return replace(held, problem=replace(held.problem, excerpt=excerpt))


def _texts(finding: Finding) -> Iterator[tuple[str, str, tuple[Bears, ...]]]:
    """Yield the texts of a finding, each with its name and the evidence it is held against."""
    supports = tuple(bears for bears in finding.evidence if bears.bears == "supports")
    yield "statement", finding.statement, finding.evidence
    yield "figure", finding.figure, supports
    yield "note", finding.note, finding.evidence
    for number, bears in enumerate(finding.evidence):
        yield f"evidence/{number}/note", bears.note, (bears,)


def _cell(row: Row, column: Column, names: tuple[str, ...]) -> tuple[Number, ...]:
    """Return the numbers of a cell, in the unit of its column where it gives none itself."""
    value = row.values.get(column.id, "")
    found = numbers_in(value, names)
    if column.kind in ("text", "date"):
        return found
    plain = all(n.kind in ("count", "date") and not n.unit for n in found)
    if plain and column.kind in ("money", "percent"):
        unit = column.unit or ("$" if column.kind == "money" else "percent")
        sign, rest = (unit[:1], unit[1:]) if unit[:1] in "$€£" else ("", f" {unit}")
        shift, most = len(sign), len(value)
        return tuple(
            replace(n, start=max(n.start - shift, 0), end=min(n.end - shift, most))
            for n in numbers_in(f"{sign}{value}{rest}", names)
        )
    # A column of numbers holds no years: 1800 is a count there.
    return tuple(
        replace(n, kind="count", value=n.written)
        if isinstance(n.value, CalendarDate) and n.written is not None
        else n
        for n in found
    )
