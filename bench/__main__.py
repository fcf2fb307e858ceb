"""`python -m bench`, run in the project's folder: prints what a build of the report costs."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.cases import make_cases
from bench.comparison import as_text, compare, take_rounds
from bench.machine import describe
from bench.processes import RunError

_QUICK = 3


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it takes one round at least")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Times the report under Dossier, cold and warm, against the same pages "
        "under MkDocs and Material alone.",
    )
    parser.add_argument(
        "--rounds", type=_count, default=7, metavar="N", help="rounds that count (default: 7)"
    )
    parser.add_argument(
        "--quick", action="store_const", const=_QUICK, dest="rounds", help=f"{_QUICK} rounds"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to a file")
    return parser


def _tell(words: str) -> None:
    """Say what goes on, where someone is looking."""
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; return 1 only where something to be timed fails."""
    options = _parser().parse_args(arguments)
    report, machine = Path.cwd(), describe()
    try:
        with tempfile.TemporaryDirectory(prefix="dossier-bench-") as folder:
            costs = take_rounds(make_cases(report, Path(folder)), options.rounds, _tell)
    except RunError as failure:
        _tell("")
        print(failure, file=sys.stderr)
        return 1
    _tell("")
    rows = compare(costs)
    pages = sum(1 for _ in (report / "docs").rglob("*.md"))
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    print(f"{pages} pages, {options.rounds} rounds: median (least to greatest)\n")
    print(as_text(rows))
    if options.json is not None:
        figures = {
            "machine": machine,
            "pages": pages,
            "rounds": options.rounds,
            "rows": [asdict(row) for row in rows],
            "runs": {name: [asdict(cost) for cost in taken] for name, taken in costs.items()},
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
