"""`python -m bench.gate GATE SIZE`: one gate held once, in a process of its own.

It prints what the gate took, without the evidence and the pages that are made for it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from time import perf_counter, process_time
from typing import TypeAlias

from bench.evidence import Trial, make_numbers, make_quotations
from bench.processes import peak_memory
from dossier.number_gate import hold_page, problems_of
from dossier.numbers.ledger import Ledger
from dossier.problems import Problem
from dossier.quotation_gate import check_quotations
from dossier.syntax.units import read_units

_Outcome: TypeAlias = tuple[int, tuple[Problem, ...]]
"""How many were held, and what is wrong with them."""


def _quotations(trial: Trial) -> _Outcome:
    verdict = check_quotations(trial.evidence, trial.pages)
    return verdict.quotations, verdict.problems


def _numbers(trial: Trial) -> _Outcome:
    ledger = Ledger(trial.evidence)
    held = [
        one
        for page in trial.pages
        for one in hold_page(ledger, trial.evidence, page, read_units(page)[0])
    ]
    return len(held), problems_of(held)


_GATES: dict[str, tuple[Callable[[int], Trial], Callable[[Trial], _Outcome]]] = {
    "quotations": (lambda size: make_quotations(size // 10, size), _quotations),
    "numbers": (lambda size: make_numbers(size // 100, size), _numbers),
}


def main(gate: str, size: int) -> None:
    """Hold so many quotations or numbers, and print what it took as JSON.

    Exits with a message where the gate does not find exactly what was planted.
    """
    make, hold = _GATES[gate]
    trial = make(size)
    before, begun, worked = peak_memory(), perf_counter(), process_time()
    count, problems = hold(trial)
    figures = {
        "seconds": perf_counter() - begun,
        "processor": process_time() - worked,
        "memory": peak_memory(),
        "before": before,
    }
    found = Counter(problem.code for problem in problems)
    if count != size or found != trial.expected:
        sys.exit(f"{count} {gate} of {size} held: {dict(found)}, not {trial.expected}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
