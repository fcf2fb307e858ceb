"""`python -m bench`, run in the project's folder: prints what builds and gates cost."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench import comparison, edits, growth, sizes, start
from bench.cases import make_cases
from bench.corpus import SIZES, make_report
from bench.machine import describe
from bench.processes import RunError
from bench.telling import tell

_ROUNDS = 7
_SIZES_ROUNDS = 3
_PARTS = ("builds", "sizes", "growth", "saves", "gates", "start")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it takes one round at least")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Times the report, and made ones of up to 1,000 pages, under Dossier, cold "
        "and warm, against the same pages under MkDocs and Material alone; how a cold build grows; "
        "saves under `mkdocs serve`; the gates of quotations and numbers at a size and at ten "
        "times that size; and start-up.",
    )
    parser.add_argument(
        "--rounds",
        type=_count,
        metavar="N",
        help=f"rounds that count (default: {_ROUNDS} of builds, {growth.ROUNDS} of all else)",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="one round, the lesser sizes, no growth and no saves: two minutes",
    )
    parser.add_argument("--only", choices=_PARTS, help="one of the parts")
    parser.add_argument("--style", default="", help="a CSL style by name, for the made reports")
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


def _sizes(rounds: int, style: str, *, quick: bool) -> dict[str, object]:
    """Time made reports at each size, print what it comes to, and return every figure."""
    figures: dict[str, object] = {}
    for size in sizes.sizes_of(quick=quick):
        with tempfile.TemporaryDirectory(prefix="dossier-bench-") as folder:
            cases = sizes.cases_of(Path(folder), size, style)
            costs = comparison.take_rounds(cases, rounds, tell, warming=False)
        tell("")
        rows = comparison.compare(costs)
        named = f", {style}" if style else ""
        print(f"\n{size}{named}, {size.pages * size.citations:,} citations, {rounds} rounds\n")
        print(comparison.as_text(rows))
        figures[str(size)] = [asdict(row) for row in rows]
    return figures


def _growth(rounds: int, *, quick: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="dossier-bench-") as folder:
        runs = sizes.take_growth(Path(folder), rounds, tell, quick=quick)
    tell("")
    print(f"\nGrowth: {rounds} rounds\n\n{sizes.growth_rows(runs)}")


def _saves(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="dossier-bench-") as folder:
        report = Path(folder) / "report"
        make_report(report, SIZES[1])
        text = edits.as_text(report, rounds, tell)
    tell("")
    print(f"\n{SIZES[1]}: {rounds} rounds\n\n{text}")


def _parts(options: argparse.Namespace, report: Path, figures: dict[str, object]) -> None:
    """Run the parts that are asked for, in their order."""
    quick = options.quick
    few = options.rounds or (1 if quick else _SIZES_ROUNDS)
    # What takes longest is left out where time is short, unless it is asked for.
    every = tuple(part for part in _PARTS if not (quick and part in ("growth", "saves")))
    wanted = (options.only,) if options.only else every
    if "builds" in wanted:
        figures["builds"] = _builds(report, options.rounds or (1 if quick else _ROUNDS))
    if "sizes" in wanted:
        figures["sizes"] = _sizes(few, options.style, quick=quick)
    if "growth" in wanted:
        _growth(few, quick=quick)
    if "saves" in wanted:
        _saves(few)
    if "gates" in wanted:
        figures["gates"] = _gates(report, few, quick=quick)
    if "start" in wanted:
        text = start.as_text(report, options.rounds or _ROUNDS, tell)
        tell("")
        print(f"\n{text}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; return 1 only where something to be timed fails."""
    options = _parser().parse_args(arguments)
    report, machine = Path.cwd(), describe()
    figures: dict[str, object] = {"machine": machine}
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    try:
        _parts(options, report, figures)
    except RunError as failure:
        tell("")
        print(failure, file=sys.stderr)
        return 1
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
