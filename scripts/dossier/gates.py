"""The gates: every quotation and number of a project held against its passages, in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dossier.model import Evidence
from dossier.number_gate import Held, hold_findings, hold_page, hold_series, problems_of
from dossier.numbers.ledger import Ledger
from dossier.problems import Problem, in_order
from dossier.quotation_gate import Place, check_quotations
from dossier.syntax import Page
from dossier.syntax.plain import Unit
from dossier.syntax.units import read_units

UnitsRead: TypeAlias = tuple[tuple[Unit, ...], tuple[Problem, ...]]
"""The units of a page, and what is wrong with its quotation marks."""


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
    evidence: Evidence, pages: Iterable[Page], known: Mapping[str, UnitsRead] | None = None
) -> Gates:
    """Return what becomes of the quotations and numbers of pages, findings and series.

    `known` gives the units of pages that have been read already, by path.
    """
    units: dict[str, tuple[Unit, ...]] = {}

    def read(page: Page) -> UnitsRead:
        found, problems = (known or {}).get(page.path) or read_units(page)
        units[page.path] = found
        return found, problems

    pages = tuple(pages)
    verdict = check_quotations(evidence, pages, read)
    ledger = Ledger(evidence, evidence.names)
    numbers = (
        *(held for page in pages for held in hold_page(ledger, evidence, page, units[page.path])),
        *hold_findings(ledger, evidence),
        *hold_series(ledger, evidence),
    )
    problems = in_order((*verdict.problems, *problems_of(numbers)))
    return Gates(problems, verdict.places, verdict.quotations, numbers)
