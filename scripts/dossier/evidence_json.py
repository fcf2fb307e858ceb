"""The values of the evidence as JSON values and back, for a cache: flat lists, fields in order.

What is read back is what was written, by the same release of the same code, or it is refused:
whoever keeps the lists names them by a hash of that code and looks after their integrity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar

from dossier.model import (
    Bears,
    Capture,
    Column,
    Finding,
    Overlap,
    Passage,
    Record,
    Reference,
    Row,
    Series,
    Span,
)
from dossier.problems import Problem

# JSON knows no types: what a list holds, the constructor at hand says.
Json: TypeAlias = Any
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Form(Generic[_Value]):
    """How one kind of value is written as a list, and made of one."""

    write: Callable[[_Value], Json]
    read: Callable[[Json], _Value]

    def write_all(self, values: tuple[_Value, ...], problems: tuple[Problem, ...]) -> Json:
        """Return what a reader returned as a JSON value."""
        return [[self.write(value) for value in values], [_write_problem(p) for p in problems]]

    def read_all(self, kept: Json) -> tuple[tuple[_Value, ...], tuple[Problem, ...]] | None:
        """Return what a reader returned, None where the value is not of this form."""
        try:
            values, problems = kept
            return tuple(map(self.read, values)), tuple(Problem(*p) for p in problems)
        except (TypeError, ValueError, IndexError):
            return None


def _write_problem(p: Problem) -> Json:
    return [p.code, p.path, p.line, p.column, p.message, p.hint, p.severity, p.excerpt]


def _write_span(span: Span) -> Json:
    return [span.path, span.line, span.column, span.start, span.end]


def _write_reference(r: Reference) -> Json:
    span = _write_span(r.span)
    return [r.key, r.type, r.fields, r.bibtex, span, r.title, r.authors, r.date, r.doi, r.url]


def _read_reference(kept: Json) -> Reference:
    key, type_, fields, bibtex, span, title, authors, *rest = kept
    pairs = tuple((name, value) for name, value in fields)
    return Reference(key, type_, pairs, bibtex, Span(*span), title, tuple(authors), *rest)


def _write_record(r: Record) -> Json:
    captures = [[c.sha256, c.words, c.extent, c.retrieved] for c in r.captures]
    passages = [_write_passage(p) for p in r.passages]
    words = [r.kind, r.interest, r.note, r.copy_of, r.relies_on]
    return [r.key, r.standing, _write_span(r.span), words, captures, passages]


def _read_record(kept: Json) -> Record:
    key, standing, span, (kind, interest, note, copy_of, relies_on), captures, passages = kept
    return Record(
        key,
        standing,
        Span(*span),
        kind,
        interest,
        note,
        copy_of,
        relies_on,
        tuple(Capture(*c) for c in captures),
        tuple(_read_passage(p) for p in passages),
    )


def _write_passage(p: Passage) -> Json:
    words = [p.locator, p.prefix, p.suffix, p.relies_on, p.voice, p.variant_of, p.read, p.care]
    return [p.id, p.exact, _write_span(p.span), *words]


def _read_passage(kept: Json) -> Passage:
    id_, exact, span, *rest = kept
    return Passage(id_, exact, Span(*span), *rest)


def _write_finding(f: Finding) -> Json:
    evidence = [[_write_span(b.span), b.passage, b.bears, b.note] for b in f.evidence]
    return [f.id, f.chapter, f.statement, evidence, _write_span(f.span), f.figure, f.note]


def _read_finding(kept: Json) -> Finding:
    id_, chapter, statement, evidence, span, *rest = kept
    bearing = tuple(Bears(passage, bears, Span(*at), note) for at, passage, bears, note in evidence)
    return Finding(id_, chapter, statement, bearing, Span(*span), *rest)


def _write_series(s: Series) -> Json:
    columns = [[c.id, c.title, c.kind, c.unit] for c in s.columns]
    rows = [[dict(r.values), r.passages, _write_span(r.span)] for r in s.rows]
    return [s.id, s.title, columns, rows, _write_span(s.span), s.caption]


def _read_series(kept: Json) -> Series:
    id_, title, columns, rows, span, caption = kept
    return Series(
        id_,
        title,
        tuple(Column(*c) for c in columns),
        tuple(Row(MappingProxyType(dict(v)), tuple(p), Span(*at)) for v, p, at in rows),
        Span(*span),
        caption,
    )


def _write_overlap(o: Overlap) -> Json:
    return [o.part, o.whole, o.run, o.share, o.part_sha256, o.whole_sha256, _write_span(o.span)]


def _read_overlap(kept: Json) -> Overlap:
    part, whole, run, share, part_sha256, whole_sha256, span = kept
    return Overlap(part, whole, run, share, part_sha256, whole_sha256, Span(*span))


REFERENCES = Form(_write_reference, _read_reference)
RECORDS = Form(_write_record, _read_record)
FINDINGS = Form(_write_finding, _read_finding)
SERIES = Form(_write_series, _read_series)
OVERLAPS = Form(_write_overlap, _read_overlap)
