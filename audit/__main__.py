"""`python -m audit`, run in the project's folder: holds the pages beside bare Material."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from audit import lighthouse, validity, weight
from audit.programs import FOLDER, MissingError, browser, install, java, node
from audit.sites import Site, serve_sites, written_pages
from bench.machine import describe
from bench.processes import RunError
from bench.telling import tell


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m audit",
        description="Holds the pages of the report beside the same pages under MkDocs and "
        "Material alone: their weight, what Lighthouse says, and whether their HTML is valid. "
        "Ends with 1 where a limit is missed.",
    )
    parser.add_argument(
        "--only", choices=("weight", "lighthouse", "validity"), help="one of the three parts"
    )
    parser.add_argument(
        "--page",
        action="append",
        metavar="PATH",
        help="Lighthouse for this page alone, such as law/index.html; may be given again",
    )
    parser.add_argument(
        "--rounds",
        type=int,
        choices=range(1, 100),
        metavar="N",
        default=lighthouse.ROUNDS,
        help=f"runs of Lighthouse for performance of each page (default: {lighthouse.ROUNDS})",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to a file")
    return parser


def _contents(site: Site) -> dict[str, bytes]:
    return {
        path.relative_to(site.folder).as_posix(): path.read_bytes()
        for path in sorted(site.folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True, slots=True)
class _Part:
    """What one part comes to: a table, a sentence for each limit missed, every figure."""

    table: str
    failures: tuple[str, ...]
    figures: object


def _weigh(report: Path, ours: Site, bare: Site) -> _Part:
    mine, theirs = _contents(ours), _contents(bare)
    html = {page: mine[page] for page in ours.pages()}
    pages = weight.weigh_pages(html, theirs, written_pages(report / "docs"))
    parts = weight.weigh_parts(mine, theirs)
    return _Part(
        weight.as_text(pages, parts),
        weight.failures(pages, parts),
        {"pages": [asdict(page) for page in pages], "parts": [asdict(part) for part in parts]},
    )


def _validate(ours: Site, bare: Site) -> _Part:
    tell("the Nu HTML checker")
    styles = weight.weigh_parts(_contents(ours), _contents(bare))
    sheets = [part.name for part in styles if part.name.endswith(".css")]
    messages = validity.check(ours, [*ours.pages(), *sheets])
    theirs = validity.check(bare, bare.pages())
    rules = validity.read_rules((FOLDER / "known.toml").read_text("utf-8"))
    verdict = validity.hold(messages, rules)
    return _Part(
        validity.as_text(verdict, theirs),
        verdict.failures,
        {"ours": [asdict(m) for m in messages], "bare": [asdict(m) for m in theirs]},
    )


def _look(report: Path, ours: Site, bare: Site, options: argparse.Namespace) -> _Part:
    pages: Sequence[str] = options.page or ours.pages()
    written = written_pages(report / "docs")
    readings = lighthouse.read_pages(ours, bare, pages, written, options.rounds, tell)
    return _Part(
        lighthouse.as_text(readings),
        lighthouse.failures(readings),
        [asdict(page) for page in readings],
    )


def _audit(options: argparse.Namespace, report: Path) -> dict[str, _Part]:
    """Return the parts that are asked for, each printed when it is there."""
    only: str | None = options.only
    if only != "weight":
        install()
    if only in {None, "lighthouse"}:
        node()
        browser()
    if only in {None, "validity"}:
        java()
    parts: dict[str, _Part] = {}
    with tempfile.TemporaryDirectory(prefix="dossier-audit-") as folder:
        tell("building the report, and the same pages under bare Material")
        with serve_sites(report, Path(folder)) as (ours, bare):
            takes: dict[str, Callable[[], _Part]] = {
                "weight": lambda: _weigh(report, ours, bare),
                "validity": lambda: _validate(ours, bare),
                "lighthouse": lambda: _look(report, ours, bare, options),
            }
            for name, take in takes.items():
                if only in {None, name}:
                    parts[name] = take()
                    tell("")
                    print(f"\n{parts[name].table}", flush=True)
    return parts


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit what is asked for; return 1 where a limit is missed, or a program is missing."""
    options = _parser().parse_args(arguments)
    machine = describe()
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    try:
        parts = _audit(options, Path.cwd())
    except (MissingError, RunError, ValueError) as failure:
        tell("")
        print(failure, file=sys.stderr)
        return 1
    if options.json is not None:
        figures = {"machine": machine, **{name: part.figures for name, part in parts.items()}}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    failures = [failure for part in parts.values() for failure in part.failures]
    if failures:
        print("\nMissed:", *failures, sep="\n  ", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
