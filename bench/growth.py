"""The gates at a size and at ten times that size: time, memory, and how both grow."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.comparison import Spread, aligned, shown, spread
from bench.processes import read

_MIB = 1024 * 1024
_TENFOLD = 10
ROUNDS = 3
# The greater sizes: 10,000 quotations of 1,000 sources, and 20,000 numbers.
_SIZES = {"quotations": 10_000, "numbers": 20_000}


@dataclass(frozen=True, slots=True)
class Held:
    """One run of a gate: seconds of clock and of processor, and memory in bytes at the peak.

    `before` is the memory with the evidence and the pages made, and nothing held yet: what
    grows beyond it is the gate's own.
    """

    seconds: float
    processor: float
    memory: int
    before: int

    @property
    def own(self) -> int:
        """The bytes that the gate took beyond its input, a page of memory at least."""
        return max(self.memory - self.before, 4096)


@dataclass(frozen=True, slots=True)
class Line:
    """A gate at one size, over rounds: seconds of clock and of processor, and memory in MiB.

    Where `size` is 0, how many times those of the lesser size the greater one takes.
    """

    gate: str
    size: int
    seconds: Spread
    processor: Spread
    memory: Spread
    own: Spread


def hold_gates(
    folder: Path, rounds: int, tell: Callable[[str], None], *, quick: bool = False
) -> dict[tuple[str, int], tuple[Held, ...]]:
    """Return the runs of each gate at each size, every one in a process of its own.

    Quickly, the lesser sizes alone. Raises RunError where a gate does not find what it has to.
    """
    sizes = [
        (gate, size)
        for gate, full in _SIZES.items()
        for size in ((full // _TENFOLD,) if quick else (full // _TENFOLD, full))
    ]
    runs: dict[tuple[str, int], list[Held]] = {one: [] for one in sizes}
    for number in range(1, rounds + 1):
        for gate, size in sizes:
            tell(f"gates, round {number} of {rounds}: {size:,} {gate}")
            command = (sys.executable, "-m", "bench.gate", gate, str(size))
            runs[gate, size].append(Held(**json.loads(read(command, folder))))
    return {one: tuple(held) for one, held in runs.items()}


def lines_of(runs: dict[tuple[str, int], tuple[Held, ...]]) -> tuple[Line, ...]:
    """Return a line for each gate and size, and the growth below its two sizes."""
    lines = []
    for (gate, size), held in runs.items():
        lines.append(
            Line(
                gate,
                size,
                spread([h.seconds for h in held]),
                spread([h.processor for h in held]),
                spread([h.memory / _MIB for h in held]),
                spread([h.own / _MIB for h in held]),
            )
        )
        lesser = runs.get((gate, size // _TENFOLD))
        if lesser is not None:
            pairs = list(zip(held, lesser, strict=True))
            lines.append(
                Line(
                    gate,
                    0,
                    spread([h.seconds / less.seconds for h, less in pairs]),
                    spread([h.processor / less.processor for h, less in pairs]),
                    spread([h.memory / less.memory for h, less in pairs]),
                    spread([h.own / less.own for h, less in pairs]),
                )
            )
    return tuple(lines)


def as_text(lines: Sequence[Line]) -> str:
    """Return the lines as a table."""
    table = [("", "seconds", "CPU s", "peak MiB", "of it the gate")]
    table += [
        (
            f"{line.size:,} {line.gate}" if line.size else f"  growth, {_TENFOLD} times as many",
            shown(line.seconds),
            shown(line.processor),
            f"{line.memory.median:.1f}",
            f"{line.own.median:.1f}",
        )
        for line in lines
    ]
    return aligned(table)
