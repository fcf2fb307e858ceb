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
class Measure:
    """One measure of a case over rounds, and its ratio to that of the first case.

    The ratio is taken in each round, so that both saw the same load of the machine.
    """

    figures: Spread
    ratio: Spread


@dataclass(frozen=True, slots=True)
class Row:
    """A case beside the first: seconds of clock and of processor, and memory in MiB."""

    name: str
    seconds: Measure
    processor: Measure
    memory: Measure


def take_rounds(
    cases: Sequence[Case], rounds: int, tell: Callable[[str], None], *, warming: bool = True
) -> dict[str, tuple[Cost, ...]]:
    """Return the costs of each case, run in turn, round after round; one round is not counted.

    In turn, because the load of a machine and the speed of its processors drift. The first
    round compiles modules and fills the caches of the system; without `warming` there is none.
    """
    costs: dict[str, list[Cost]] = {case.name: [] for case in cases}
    for number in range(0 if warming else 1, rounds + 1):
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
            _measure([c.seconds for c in taken], [b.seconds for b in base]),
            _measure([c.processor for c in taken], [b.processor for b in base]),
            _measure([c.memory / _MIB for c in taken], [b.memory / _MIB for b in base]),
        )
        for name, taken in costs.items()
    )


def _measure(figures: Sequence[float], base: Sequence[float]) -> Measure:
    ratios = [figure / other for figure, other in zip(figures, base, strict=True)]
    return Measure(spread(figures), spread(ratios))


def as_text(rows: Sequence[Row]) -> str:
    """Return the rows as a table: medians, with the least and the greatest in brackets."""
    table = [("", "seconds", "times bare", "CPU s", "times bare", "peak MiB", "times bare")]
    table += [
        (
            row.name,
            shown(row.seconds.figures),
            shown(row.seconds.ratio),
            f"{row.processor.figures.median:.2f}",
            shown(row.processor.ratio),
            f"{row.memory.figures.median:.0f}",
            f"{row.memory.ratio.median:.2f}",
        )
        for row in rows
    ]
    return aligned(table)


def aligned(table: Sequence[tuple[str, ...]]) -> str:
    """Return lines of cells as text, the first column to the left and all others to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join((line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])))
        for line in table
    )


def shown(spread_: Spread) -> str:
    """Return the median with the least and the greatest in brackets."""
    return f"{spread_.median:.2f} ({spread_.least:.2f} to {spread_.greatest:.2f})"
