"""What is timed: the report built in each way, in folders that are made for it."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.processes import Cost, run

# What no site is made of; whatever begins with a dot, or with `site.`, is left out too.
_LEFT_OUT = {
    *("site", "build", "dist", "htmlcov", "captures"),
    *("audit", "bench", "scripts", "tests"),
}
# Inherited but for the plugins, a list, which MkDocs replaces as a whole: the same theme,
# overrides, style sheets and extensions, while citations and directives stay text.
_BARE = "INHERIT: mkdocs.yml\nplugins:\n  - search\n"


@dataclass(frozen=True, slots=True)
class Case:
    """A module of a Python to time in a folder; `cold` where it finds nothing kept before."""

    name: str
    arguments: tuple[str, ...]
    folder: Path
    cold: bool = False
    python: str = sys.executable

    def measure(self) -> Cost:
        """Return the cost of one run; what a run before it left is removed off the clock."""
        shutil.rmtree(self.folder / "site", ignore_errors=True)
        if self.cold:
            shutil.rmtree(self.folder / ".dossier", ignore_errors=True)
        return run((self.python, "-m", *self.arguments), self.folder)


def copy_report(report: Path, folder: Path) -> None:
    """Copy what a site is made of; nothing is ever built in the report's own folder."""
    folder.mkdir(parents=True)
    for path in sorted(report.iterdir()):
        if path.name in _LEFT_OUT or path.name.startswith((".", "site.")):
            continue
        if path.is_dir():
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(path, folder / path.name)


def make_cases(report: Path, folder: Path) -> tuple[Case, ...]:
    """Return the cases in the order of a round; the first is the one others are held against.

    A cold build is followed by the warm ones, so that they find what it kept.
    """
    bare, dossier = folder / "bare", folder / "dossier"
    copy_report(report, bare)
    copy_report(report, dossier)
    (bare / "bare.yml").write_text(_BARE, encoding="utf-8")
    build = ("mkdocs", "build", "--quiet", "--config-file")
    return (
        Case("bare MkDocs and Material", (*build, "bare.yml"), bare),
        Case("Dossier, cold", (*build, "mkdocs.yml"), dossier, cold=True),
        Case("Dossier, warm", (*build, "mkdocs.yml"), dossier),
        Case("dossier check, warm", ("dossier.cli", "check"), dossier),
    )
