"""The gates: every quotation and number of a project held against its passages, in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

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
from dossier.quotation_gate import Place, check_quotations
from dossier.syntax import Page
from dossier.syntax.plain import Unit
from dossier.syntax.units import read_units

UnitsRead: TypeAlias = tuple[tuple[Unit, ...], tuple[Problem, ...]]
"""The units of a page, and what is wrong with its quotation marks."""


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
    pages = tuple(pages)
    readings = {
        page.path: (known or {}).get(page.path) or read(page, evidence.names) for page in pages
    }

    def units_of(page: Page) -> UnitsRead:
        return readings[page.path].units, readings[page.path].problems

    verdict = check_quotations(evidence, pages, units_of)
    ledger = Ledger(evidence, evidence.names)
    numbers = (
        *(
            held
            for page in pages
            for held in hold_page(
                ledger, evidence, page, readings[page.path].units, readings[page.path].numbers
            )
        ),
        *hold_findings(ledger, evidence),
        *hold_series(ledger, evidence),
    )
    problems = in_order((*verdict.problems, *problems_of(numbers)))
    return Gates(problems, verdict.places, verdict.quotations, numbers)
