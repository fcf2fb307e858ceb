"""The gate of numbers: each stands in a passage of a source that is cited with it.

Source of the rules: DESIGN.md, "What authors write". What is a number, and which are equal, is
said by the package `numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from dossier.addresses import split_address
from dossier.model import Bears, Column, Evidence, Finding, Row, Span
from dossier.numbers import CalendarDate, Number, numbers_in
from dossier.numbers.ledger import (
    Citation,
    Entered,
    Ledger,
    nearest_entry,
    place_of,
    place_of_operand,
)
from dossier.problems import Problem
from dossier.syntax import Page


class Unit(Protocol):
    """A sentence, heading, caption, item or table row of a page: what a citation speaks for.

    `clusters` are indices into those of the page. `prose` bounds its words, without
    citations, calculations, code and HTML.
    """

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it ends."""
        ...

    @property
    def clusters(self) -> Sequence[int]:
        """The citations that belong to it."""
        ...

    @property
    def prose(self) -> Sequence[tuple[int, int]]:
        """The stretches of its words."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """A number held against the evidence.

    `place` is where it stands, `key#passage` or `key` for a title or date, and empty where
    `problem` says that it stands nowhere. `operand` tells that a calculation takes it.
    """

    number: Number
    span: Span
    place: str
    problem: Problem | None = None
    operand: bool = False


def hold_page(
    ledger: Ledger, evidence: Evidence, page: Page, units: Iterable[Unit]
) -> tuple[Held, ...]:
    """Return the numbers of the units of a page that cite, and of all calculations."""
    held: list[Held] = []
    for unit in units:
        citations = tuple(_citations(evidence, page, unit))
        entries = ledger.under(citations)
        if citations:
            text, offsets = plain_text(page.text, unit.prose)
            for number in numbers_in(text, ledger.names):
                span = page.span(offsets[number.start], offsets[number.end - 1] + 1)
                one = _hold(ledger, entries, citations, number, span)
                held.append(_with_excerpt(one, page))
        for number, span in _operands(page, unit):
            held.append(_with_excerpt(_hold_operand(entries, citations, number, span), page))
    return tuple(held)


def hold_findings(ledger: Ledger, evidence: Evidence) -> tuple[Held, ...]:
    """Return the numbers of findings, held against the passages that bear on them.

    A figure stands in one that supports it; the note of a passage's bearing, in that passage.
    """
    held: list[Held] = []
    for finding in evidence.findings:
        for text, bears in _texts(finding):
            citations = tuple(split_address(b.passage, evidence.references) for b in bears)
            entries = ledger.under(citations)
            span = bears[0].span if len(bears) == 1 and text == bears[0].note else finding.span
            for number in numbers_in(text, ledger.names):
                held.append(_hold(ledger, entries, citations, number, span))
    return tuple(held)


def hold_series(ledger: Ledger, evidence: Evidence) -> tuple[Held, ...]:
    """Return the numbers of the rows of series, held against the passages of each row."""
    held: list[Held] = []
    for series in evidence.series.values():
        for row in series.rows:
            citations = tuple(split_address(a, evidence.references) for a in row.passages)
            entries = ledger.under(citations)
            for column in series.columns:
                for number in _cell(row, column, ledger.names):
                    held.append(_hold(ledger, entries, citations, number, row.span))
    return tuple(held)


def problems_of(held: Iterable[Held]) -> tuple[Problem, ...]:
    """Return the problems of numbers that stand nowhere. Code: number-not-found."""
    return tuple(one.problem for one in held if one.problem is not None)


_MARKUP = re.compile(
    r"(?P<space>&(?:nbsp|thinsp|ensp|emsp|#160|#xa0);)|(?<!\d)\*+|\*+(?!\d)|\\(?=[^\w\s])",
    re.IGNORECASE,
)
_TAG = re.compile(r"(?:</?[A-Za-z][^<>]*>)+")
_APART = " \ufffc "


def plain_text(text: str, runs: Iterable[tuple[int, int]]) -> tuple[str, list[int]]:
    """Return stretches of Markdown as one text without emphasis, and the offset of each character.

    Stretches that only white space, marks of quotation or a tag of HTML part go on, others
    (beside a citation) do not, so that no number reaches across what is no prose.
    """
    parts: list[str] = []
    offsets: list[int] = []

    def add(part: str, at: int, *, placed: bool) -> None:
        parts.append(part)
        offsets.extend(range(at, at + len(part)) if placed else [at] * len(part))

    last = -1
    for start, end in runs:
        between = text[last:start] if 0 <= last <= start else ""
        if between and not between.strip(" \t\n>"):
            add(" ", last, placed=False)
        elif between and not _TAG.fullmatch(between):
            add(_APART, last, placed=False)
        at = start
        for match in _MARKUP.finditer(text, start, end):
            add(text[at : match.start()], at, placed=True)
            if match["space"]:
                add(" ", match.start(), placed=False)
            at = match.end()
        add(text[at:end], at, placed=True)
        last = end
    return "".join(parts), offsets


def _citations(evidence: Evidence, page: Page, unit: Unit) -> Iterator[Citation]:
    """Yield what a unit cites; keys that no bibliography holds are a problem of their own."""
    for index in unit.clusters:
        for item in page.clusters[index].all_items:
            key, passage = split_address(item.key, evidence.references)
            if key in evidence.references:
                yield key, passage


_OPERATORS = re.compile(r"[-+*/×÷−()]")
_COUNT = re.compile(r"\s*[A-Za-z]+\s*\(")


def _operands(page: Page, unit: Unit) -> Iterator[tuple[Number, Span]]:
    """Yield what the calculations of a unit work with; their results are worked out."""
    for calculation in page.calculations:
        if not unit.start <= calculation.start < unit.end or _COUNT.match(calculation.source):
            continue
        terms = calculation.source.rpartition("=")[0]
        begin = calculation.start + max(page.text[calculation.start :].find(terms), 0)
        # Each operator parts two numbers; none is a dash, a sign or part of a fraction here.
        for number in numbers_in(_OPERATORS.sub(";", terms)):
            yield number, page.span(begin + number.start, begin + number.end)


def _hold_operand(
    entries: Sequence[Entered], citations: Sequence[Citation], number: Number, span: Span
) -> Held:
    place = place_of_operand(entries, number)
    if place:
        return Held(number, span, place, operand=True)
    message = f"the calculation takes `{number.text}`, which stands in no passage cited here"
    hint = _nearest_hint(entries, number) if citations else "cite the passages with its numbers"
    return Held(number, span, "", _problem(span, message, hint), operand=True)


def _hold(
    ledger: Ledger,
    entries: Sequence[Entered],
    citations: Sequence[Citation],
    number: Number,
    span: Span,
) -> Held:
    place = place_of(entries, number)
    if place:
        return Held(number, span, place)
    hints = []
    lacking = [f"`{key}`" for key, _ in dict.fromkeys(citations) if not ledger.has_record(key)]
    elsewhere = ledger.elsewhere(number)
    if elsewhere:
        hints.append(f"`{elsewhere}` has it: cite that passage if it is meant")
    if lacking:
        hints.append(f"there is no record of {', '.join(lacking)}")
    hints.append(_nearest_hint(entries, number))
    message = f"`{number.text}` stands in no passage cited here"
    return Held(number, span, "", _problem(span, message, "; ".join(hints)))


def _nearest_hint(entries: Sequence[Entered], number: Number) -> str:
    near = nearest_entry(entries, number)
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


def _texts(finding: Finding) -> Iterator[tuple[str, tuple[Bears, ...]]]:
    """Yield the texts of a finding, each with the evidence that it is held against."""
    supports = tuple(bears for bears in finding.evidence if bears.bears == "supports")
    yield finding.statement, finding.evidence
    yield finding.figure, supports
    yield finding.note, finding.evidence
    for bears in finding.evidence:
        yield bears.note, (bears,)


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
        return numbers_in(f"{sign}{value}{rest}", names)
    # A column of numbers holds no years: 1800 is a count there.
    return tuple(
        replace(n, kind="count", value=n.written)
        if isinstance(n.value, CalendarDate) and n.written is not None
        else n
        for n in found
    )
