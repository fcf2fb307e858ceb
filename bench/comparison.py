"""Costs of several cases over rounds, and what they come to beside the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.cases import Case
from bench.processes import Cost

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some figures, the least and the greatest of them."""

    median: float
    least: float
    greatest: float


def spread(figures: Sequence[float]) -> Spread:
    """Return the spread of figures, of which there is one at least."""
    return Spread(median(figures), min(figures), max(figures))


@dataclass(frozen=True, slots=True)
class Row:
    """A case beside the first: ratios are taken in each round, so that both saw the same load."""

    name: str
    seconds: Spread
    seconds_ratio: Spread
    memory: Spread
    memory_ratio: Spread


def take_rounds(
    cases: Sequence[Case], rounds: int, tell: Callable[[str], None]
) -> dict[str, tuple[Cost, ...]]:
    """Return the costs of each case, run in turn, round after round; one round is not counted.

    In turn, because the load of a machine and the speed of its processors drift. The first
    round compiles modules and fills the caches of the system.
    """
    costs: dict[str, list[Cost]] = {case.name: [] for case in cases}
    for number in range(rounds + 1):
        tell(f"round {number} of {rounds}" if number else "warming up")
        for case in cases:
            cost = case.measure()
            if number:
                costs[case.name].append(cost)
    return {name: tuple(taken) for name, taken in costs.items()}


def compare(costs: Mapping[str, Sequence[Cost]]) -> tuple[Row, ...]:
    """Return a row for each case; the first case is what the others are held against."""
    base = next(iter(costs.values()))
    return tuple(
        Row(
            name,
            spread([cost.seconds for cost in taken]),
            spread([c.seconds / b.seconds for c, b in zip(taken, base, strict=True)]),
            spread([cost.memory / _MIB for cost in taken]),
            spread([c.memory / b.memory for c, b in zip(taken, base, strict=True)]),
        )
        for name, taken in costs.items()
    )


def as_text(rows: Sequence[Row]) -> str:
    """Return the rows as a table: medians, with the least and the greatest in brackets."""
    head = ("", "seconds", "times bare", "peak MiB", "times bare")
    table = [head]
    table += [
        (
            row.name,
            _shown(row.seconds, 2),
            _shown(row.seconds_ratio, 2),
            _shown(row.memory, 0),
            f"{row.memory_ratio.median:.2f}",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in table) for column in range(len(head))]
    return "\n".join(
        "  ".join((line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])))
        for line in table
    )


def _shown(figures: Spread, digits: int) -> str:
    middle, least, greatest = (
        f"{figure:.{digits}f}" for figure in (figures.median, figures.least, figures.greatest)
    )
    return f"{middle} ({least} to {greatest})"
