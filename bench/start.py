"""How long programs take to start, and what the plugin adds to that of MkDocs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bench.comparison import aligned, shown, spread
from bench.processes import run

_VERSION = """
import runpy, sys
sys.argv = ["mkdocs", "--version"]
runpy.run_module("mkdocs", run_name="__main__")
"""
# What any plugin loads of MkDocs.
_EMPTY = "import mkdocs.config.config_options, mkdocs.plugins, mkdocs.structure.pages"
_PROGRAMS = {
    "dossier --help": ("-m", "dossier.cli", "--help"),
    "mkdocs --version": ("-c", _VERSION),
    "mkdocs --version, and an empty plugin": ("-c", f"{_EMPTY}\n{_VERSION}"),
    "mkdocs --version, and Dossier": ("-c", f"{_EMPTY}\nimport dossier.plugin\n{_VERSION}"),
}


def as_text(folder: Path, rounds: int, tell: Callable[[str], None]) -> str:
    """Return the seconds that each program takes to start, as a table; rounds take turns."""
    taken: dict[str, list[float]] = {name: [] for name in _PROGRAMS}
    for number in range(rounds + 1):
        tell(f"start-up, round {number} of {rounds}")
        for name, arguments in _PROGRAMS.items():
            seconds = run((sys.executable, *arguments), folder).seconds
            if number:
                taken[name].append(seconds)
    table = [("Start-up", "seconds")]
    table += [(name, shown(spread(seconds))) for name, seconds in taken.items()]
    return aligned(table)
