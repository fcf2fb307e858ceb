"""Builds of made reports at several sizes: bare, with Dossier cold and warm, and with a peer."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.cases import Case
from bench.comparison import aligned, spread
from bench.corpus import SIZES, Size, make_report
from bench.processes import Cost

PEER = "DOSSIER_BENCH_PEER"
"""The variable that names a Python with mkdocs-bibtex, whose needs are not ours."""
_PEER = """\
site_name: Bench
theme:
  name: material
  font: false
markdown_extensions: [footnotes, tables, attr_list]
plugins:
  - search
  - bibtex:
      bib_file: references.bib
"""
_BUILD = ("mkdocs", "build", "--quiet", "--config-file")


def cases_of(folder: Path, size: Size, style: str = "") -> tuple[Case, ...]:
    """Write a report of a size, and return its builds; the first is what others are held against.

    `style` names a CSL style, empty for the default.
    """
    report = folder / "report"
    make_report(report, size, f"      csl: {style}\n" if style else "")
    cases = [
        Case("bare MkDocs and Material", (*_BUILD, "bare.yml"), report),
        Case("Dossier, cold", (*_BUILD, "mkdocs.yml"), report, cold=True),
        Case("Dossier, warm", (*_BUILD, "mkdocs.yml"), report),
    ]
    if peer := os.environ.get(PEER):
        copy = folder / "peer"
        make_peer(report, copy)
        cases.append(Case("mkdocs-bibtex", (*_BUILD, "mkdocs.yml"), copy, python=peer))
    return tuple(cases)


def make_peer(report: Path, folder: Path) -> None:
    """Copy a report for mkdocs-bibtex, which knows neither passages nor directives."""
    shutil.copytree(report, folder, ignore=shutil.ignore_patterns("site", ".dossier", "sources"))
    (folder / "mkdocs.yml").write_text(_PEER, "utf-8")
    for page in (folder / "docs").glob("*.md"):
        text = re.sub(r"(@r[0-9]+)#p[0-9]+", r"\1", page.read_text("utf-8"))
        text = re.sub(r"(?m)^::: bibliography$", r"\\full_bibliography", text)
        page.write_text(re.sub(r"(?m)^:::.*\n", "", text), "utf-8")


def sizes_of(*, quick: bool) -> tuple[Size, ...]:
    """Return the sizes of the targets, the two lesser ones where time is short."""
    return SIZES[:2] if quick else SIZES


def grown(*, quick: bool) -> dict[str, tuple[Size, Size]]:
    """Return for each quantity two sizes that differ in it alone, the second twice the first."""
    one = Size(50, 400) if quick else Size(100, 1_000)
    return {
        "pages, each as before": (one, replace(one, pages=one.pages * 2)),
        "references, cited as before": (one, replace(one, references=one.references * 2)),
        "citations": (one, replace(one, citations=39)),
        "quotations and numbers": (one, replace(one, quoting_every=one.quoting_every // 2)),
    }


def growth_rows(runs: Mapping[str, Sequence[tuple[Cost, Cost]]]) -> str:
    """Return how the seconds of processor of a cold build grow with each quantity, as a table."""
    table = [("Cold build, CPU s", "once", "twice", "times")]
    for name, pairs in runs.items():
        once = spread([one.processor for one, _ in pairs]).median
        twice = spread([two.processor for _, two in pairs]).median
        ratio = spread([two.processor / one.processor for one, two in pairs]).median
        table.append((name, f"{once:.2f}", f"{twice:.2f}", f"{ratio:.2f}"))
    return aligned(table)


def take_growth(
    folder: Path, rounds: int, tell: Callable[[str], None], *, quick: bool
) -> dict[str, list[tuple[Cost, Cost]]]:
    """Return the costs of cold builds at both sizes of each quantity, in turn."""
    runs: dict[str, list[tuple[Cost, Cost]]] = {}
    made: dict[Size, Case] = {}
    sizes = grown(quick=quick)
    for size in dict.fromkeys(size for pair in sizes.values() for size in pair):
        report = folder / f"size-{len(made)}"
        make_report(report, size)
        made[size] = Case(str(size), (*_BUILD, "mkdocs.yml"), report, cold=True)
    for number in range(1, rounds + 1):
        tell(f"growth, round {number} of {rounds}")
        costs = {size: case.measure() for size, case in made.items()}
        for name, (once, twice) in sizes.items():
            runs.setdefault(name, []).append((costs[once], costs[twice]))
    return runs
