"""Every quotation of pages, findings and series, held against the passages that are cited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from dossier.addresses import split_address
from dossier.model import Evidence, Passage, Span
from dossier.problems import Problem, in_order
from dossier.quotation_wording import Remark, omission_remark, remark_on
from dossier.quotations import Ambiguous, Found, Index, Match, negation_in, normalise
from dossier.syntax import Page
from dossier.syntax.nearby import Nearby
from dossier.syntax.plain import Quoted, Unit
from dossier.syntax.quoting import pair_marks
from dossier.syntax.sentences import sentence_ends
from dossier.syntax.units import read_units


@dataclass(frozen=True, slots=True)
class Place:
    """A quotation that was found: where it stands, and the passage that has it.

    In a page `start` and `end` are offsets into its text, the quotation marks included, and
    `field` is empty. Elsewhere they are offsets into the text of `field`, such as
    `finding/total-cost-2014/statement` or `series/network-cost/rows/3/what`, and `path` is the
    file. `address` is empty for the title of a work. `at` are the stretches of the passage's
    `exact` that are quoted.
    """

    path: str
    start: int
    end: int
    address: str
    block: bool = False
    field: str = ""
    at: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found: problems in order, and the places of quotations that stand.

    `quotations` counts all that were looked up, also those that failed.
    """

    problems: tuple[Problem, ...]
    places: tuple[Place, ...]
    quotations: int


Reader: TypeAlias = Callable[[Page], tuple[tuple[Unit, ...], tuple[Problem, ...]]]


def check_quotations(
    evidence: Evidence, pages: Iterable[Page], read: Reader = read_units
) -> Verdict:
    """Return what becomes of every quotation of pages, findings and series.

    `read` gives the units of a page and what is wrong with its marks: a caller who needs
    the units too gives a reader that remembers them.
    """
    gate = QuotationGate(evidence)
    verdicts = [gate.of_page(page, *read(page)) for page in pages]
    return joined((*verdicts, gate.of_evidence()))


class QuotationGate:
    """The passages of some evidence, ready for the quotations of pages."""

    def __init__(self, evidence: Evidence) -> None:
        titles = {key: reference.title for key, reference in evidence.references.items()}
        self._evidence = evidence
        self._index = Index(evidence.records.values(), titles)

    def of_page(self, page: Page, units: Sequence[Unit], problems: Sequence[Problem]) -> Verdict:
        """Return what becomes of the quotations of a page; `problems` are those of its marks."""
        gate = _Gate(self._evidence, self._index)
        gate.check_page(page, units, problems)
        return gate.verdict()

    def of_evidence(self) -> Verdict:
        """Return what becomes of the quotations of findings and series."""
        gate = _Gate(self._evidence, self._index)
        for text in _texts(self._evidence):
            gate.check_text(text)
        return gate.verdict()


def joined(verdicts: Iterable[Verdict]) -> Verdict:
    """Return verdicts as one, their places in order."""
    every = tuple(verdicts)
    return Verdict(
        in_order(problem for one in every for problem in one.problems),
        tuple(place for one in every for place in one.places),
        sum(one.quotations for one in every),
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """Plain words of ours in a file of `sources/`, and the addresses they rest on."""

    field: str
    words: str
    addresses: tuple[str, ...]
    span: Span
    unit: str


def _texts(evidence: Evidence) -> Iterator[_Text]:
    for finding in evidence.findings:
        name = f"finding/{finding.id}"
        passages = tuple(bears.passage for bears in finding.evidence)
        yield _Text(f"{name}/statement", finding.statement, passages, finding.span, "finding")
        yield _Text(f"{name}/note", finding.note, passages, finding.span, "finding")
        for number, bears in enumerate(finding.evidence):
            field_ = f"{name}/evidence/{number}/note"
            yield _Text(field_, bears.note, (bears.passage,), bears.span, "entry")
    for series in evidence.series.values():
        name = f"series/{series.id}"
        every = tuple(dict.fromkeys(one for row in series.rows for one in row.passages))
        yield _Text(f"{name}/title", series.title, every, series.span, "series")
        yield _Text(f"{name}/caption", series.caption, every, series.span, "series")
        for number, row in enumerate(series.rows):
            for column, words in row.values.items():
                yield _Text(f"{name}/rows/{number}/{column}", words, row.passages, row.span, "row")


def texts_of(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield the fields of findings and series whose words are held, and those words."""
    for text in _texts(evidence):
        yield text.field, text.words


_UNITS = {"quotation": "block quotation"}


@dataclass(slots=True)
class _Gate:
    evidence: Evidence
    index: Index
    problems: list[Problem] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    quotations: int = 0

    def verdict(self) -> Verdict:
        return Verdict(tuple(self.problems), tuple(self.places), self.quotations)

    def check_page(self, page: Page, units: Sequence[Unit], problems: Sequence[Problem]) -> None:
        self.problems += problems
        for unit in units:
            near = _cited(page, unit)
            for quoted in unit.quotations:
                # The citation next behind a quotation comes first.
                self._check_quoted(page, unit, quoted, near.around(quoted.start))

    def _check_quoted(self, page: Page, unit: Unit, quoted: Quoted, cited: Sequence[str]) -> None:
        span = page.span(quoted.start)
        excerpt = page.excerpt(quoted.start)
        name = _UNITS.get(unit.kind, unit.kind)
        for remark in self._look_up(
            quoted.text, cited, name, Place(page.path, quoted.start, quoted.end, "", quoted.block)
        ):
            self._report(remark, span, excerpt)

    def check_text(self, text: _Text) -> None:
        found = pair_marks(text.words)
        for start, end in found.pairs:
            place = Place(text.span.path, start, end, "", field=text.field)
            words = text.words[start + 1 : end - 1]
            for remark in self._look_up(words, text.addresses, text.unit, place):
                self._report(remark, text.span, "")
        if found.lone:
            self._report(_UNCLOSED, text.span, "")

    def _look_up(
        self, words: str, cited: Sequence[str], unit: str, place: Place
    ) -> Iterator[Remark]:
        """Look a quotation up, keep its place if it stands, and yield what is to be said."""
        references, records = self.evidence.references, self.evidence.records
        keys = tuple(dict.fromkeys(split_address(one, references)[0] for one in cited))
        known = tuple(key for key in keys if key in references or key in records)
        if keys and not known:
            return  # that these keys are unknown is said of their citation
        self.quotations += 1
        outcome = self.index.find(words, known, cited, in_marks=not place.block)
        remark = remark_on(outcome, words, unit, known)
        if remark is not None:
            yield remark
        if isinstance(outcome, Found | Ambiguous):
            match = outcome.match
            self.places.append(replace(place, address=match.address, at=match.stretches))
            yield from self._omissions(words, match)
        elif remark is None:
            self.places.append(place)

    def _omissions(self, words: str, match: Match) -> Iterator[Remark]:
        passage = self.index.passage(match.address)
        if not match.gaps or _is_confirmed(passage, words):
            return
        ends = sentence_ends(passage.exact)
        for start, end in match.gaps:
            negation = negation_in(normalise(passage.exact[start:end]).text)
            if negation:
                yield omission_remark(words, match.address, negation)
            if any(start < stop <= end for stop in ends):
                yield omission_remark(words, match.address, "")

    def _report(self, remark: Remark, span: Span, excerpt: str) -> None:
        self.problems.append(
            Problem(
                remark.code,
                span.path,
                span.line,
                span.column,
                remark.message,
                remark.hint,
                remark.severity,
                excerpt,
            )
        )


_UNCLOSED = Remark(
    "quote-unclosed",
    "a quotation mark in this text has no other: what it quotes is not checked",
    "close the quotation in the same text; write inches as 6 in. or 6″",
    "warning",
)


def _cited(page: Page, unit: Unit) -> Nearby[str]:
    """Return what a unit cites, as written, by where it does."""
    clusters = sorted((page.clusters[number] for number in unit.clusters), key=lambda c: c.start)
    return Nearby((cluster.start, item.key) for cluster in clusters for item in cluster.all_items)


def _is_confirmed(passage: Passage, words: str) -> bool:
    """Tell whether the record of a passage confirms this very quotation, ellipses and all."""
    quotation = normalise(words).text
    return any(normalise(one.words).text == quotation for one in passage.confirmed)
