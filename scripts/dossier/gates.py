"""The gates: every quotation and number of a project held against its passages, in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dossier.model import Evidence
from dossier.number_gate import (
    Held,
    Written,
    hold_findings,
    hold_page,
    hold_series,
    numbers_of,
    problems_of,
)
from dossier.numbers.ledger import Ledger
from dossier.problems import Problem, in_order
from dossier.quotation_gate import Place, QuotationGate, Verdict, joined
from dossier.syntax import Page
from dossier.syntax.plain import Unit
from dossier.syntax.units import read_units


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read in a page to be held: its units, what is wrong with its marks, its numbers.

    `numbers` are those of each unit, in the order of the units.
    """

    units: tuple[Unit, ...]
    problems: tuple[Problem, ...]
    numbers: tuple[tuple[Written, ...], ...]


def read(page: Page, names: Iterable[str] = ()) -> Reading:
    """Return what is to be held in a page, given the names whose digits count nothing."""
    units, problems = read_units(page)
    known = tuple(names)
    return Reading(units, problems, tuple(numbers_of(unit, known) for unit in units))


@dataclass(frozen=True, slots=True)
class Gates:
    """What was held: problems in order, the quotations that stand, and every number.

    `quotations` counts all that were looked up.
    """

    problems: tuple[Problem, ...] = ()
    places: tuple[Place, ...] = ()
    quotations: int = 0
    numbers: tuple[Held, ...] = ()


def hold(
    evidence: Evidence, pages: Iterable[Page], known: Mapping[str, Reading] | None = None
) -> Gates:
    """Return what becomes of the quotations and numbers of pages, findings and series.

    `known` are the pages that have been read already, by path.
    """
    return Gate(evidence).hold(pages, known or {})


class Gate:
    """Some evidence, ready for pages to be held against it, and what became of those before.

    A page that is the same again is not held again.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._quotations = QuotationGate(evidence)
        self._ledger = Ledger(evidence, evidence.names)
        self._texts = self._quotations.of_evidence()
        self._numbers = (
            *hold_findings(self._ledger, evidence),
            *hold_series(self._ledger, evidence),
        )
        self._pages: dict[str, tuple[Page, Verdict, tuple[Held, ...]]] = {}

    def hold(self, pages: Iterable[Page], known: Mapping[str, Reading]) -> Gates:
        """Return what becomes of the quotations and numbers of pages, findings and series."""
        held = {page.path: self._held(page, known.get(page.path)) for page in pages}
        self._pages = held
        verdict = joined((*(one for _, one, _ in held.values()), self._texts))
        numbers = (*(n for _, _, found in held.values() for n in found), *self._numbers)
        problems = in_order((*verdict.problems, *problems_of(numbers)))
        return Gates(problems, verdict.places, verdict.quotations, numbers)

    def _held(self, page: Page, known: Reading | None) -> tuple[Page, Verdict, tuple[Held, ...]]:
        before = self._pages.get(page.path)
        if before and before[0] == page:
            return before
        reading = known or read(page, self.evidence.names)
        return (
            page,
            self._quotations.of_page(page, reading.units, reading.problems),
            hold_page(self._ledger, self.evidence, page, reading.units, reading.numbers),
        )
