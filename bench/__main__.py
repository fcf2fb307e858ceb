"""`python -m bench`, run in the project's folder: prints what builds and gates cost."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench import comparison, growth
from bench.cases import make_cases
from bench.machine import describe
from bench.processes import RunError
from bench.telling import tell

_ROUNDS, _QUICK = 7, 3


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it takes one round at least")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Times the report under Dossier, cold and warm, against the same pages "
        "under MkDocs and Material alone; and the gates of quotations and numbers at a size and "
        "at ten times that size.",
    )
    parser.add_argument(
        "--rounds",
        type=_count,
        metavar="N",
        help=f"rounds that count (default: {_ROUNDS} of builds, {growth.ROUNDS} of gates)",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"{_QUICK} rounds of builds, and the gates at their lesser size only",
    )
    parser.add_argument("--only", choices=("builds", "gates"), help="one of the two parts")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to a file")
    return parser


def _builds(report: Path, rounds: int) -> dict[str, object]:
    """Time the builds, print what they come to, and return every figure."""
    with tempfile.TemporaryDirectory(prefix="dossier-bench-") as folder:
        costs = comparison.take_rounds(make_cases(report, Path(folder)), rounds, tell)
    tell("")
    rows = comparison.compare(costs)
    pages = sum(1 for _ in (report / "docs").rglob("*.md"))
    print(f"\nBuilds: {pages} pages, {rounds} rounds: median (least to greatest)\n")
    print(comparison.as_text(rows))
    return {
        "pages": pages,
        "rounds": rounds,
        "rows": [asdict(row) for row in rows],
        "runs": {name: [asdict(cost) for cost in taken] for name, taken in costs.items()},
    }


def _gates(report: Path, rounds: int, *, quick: bool) -> dict[str, object]:
    """Time the gates, print what they come to, and return every figure."""
    runs = growth.hold_gates(report, rounds, tell, quick=quick)
    tell("")
    lines = growth.lines_of(runs)
    print(f"\nGates: {rounds} rounds: median (least to greatest)\n")
    print(growth.as_text(lines))
    return {
        "rounds": rounds,
        "rows": [asdict(line) for line in lines],
        "runs": {
            f"{size} {gate}": [asdict(h) for h in held] for (gate, size), held in runs.items()
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; return 1 only where something to be timed fails."""
    options = _parser().parse_args(arguments)
    report, machine = Path.cwd(), describe()
    figures: dict[str, object] = {"machine": machine}
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    try:
        if options.only != "gates":
            usual = _QUICK if options.quick else _ROUNDS
            figures["builds"] = _builds(report, options.rounds or usual)
        if options.only != "builds":
            rounds = options.rounds or growth.ROUNDS
            figures["gates"] = _gates(report, rounds, quick=options.quick)
    except RunError as failure:
        tell("")
        print(failure, file=sys.stderr)
        return 1
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
