"""Building a site without ever losing the last good one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from dossier.problems import Problem, has_errors

NEXT, PREVIOUS = ".next", ".previous"


def beside(site: Path, ending: str) -> Path:
    """Return the folder of that ending beside the site."""
    return site.with_name(site.name + ending)


def restore(site: Path) -> bool:
    """Put the last good site back where a swap was cut short; tell whether that was needed.

    A swap moves the site aside, the new one in, and deletes the old. Killed in between,
    it leaves no site and the old one aside, or the new site and the old one aside.
    """
    previous = beside(site, PREVIOUS)
    if not previous.exists():
        return False
    if site.exists():
        shutil.rmtree(previous)
        return False
    previous.replace(site)
    return True


def swap(site: Path) -> None:
    """Put the freshly built folder in the place of the site."""
    fresh, previous = beside(site, NEXT), beside(site, PREVIOUS)
    if site.exists():
        site.replace(previous)
    fresh.replace(site)
    if previous.exists():
        shutil.rmtree(previous)


def build(
    site: Path,
    run: Callable[[Path], int],
    check: Callable[[Path], tuple[Problem, ...]],
) -> tuple[bool, tuple[Problem, ...]]:
    """Return whether a new site stands, and the problems of its HTML.

    `run` builds into a folder and returns an exit status; `check` reads what it built.
    Only a build without fault takes the place of the site.
    """
    restore(site)
    fresh = beside(site, NEXT)
    if fresh.exists():
        shutil.rmtree(fresh)
    site.parent.mkdir(parents=True, exist_ok=True)
    try:
        if run(fresh) != 0:
            return False, ()
        problems = check(fresh)
        if has_errors(problems):
            return False, problems
        swap(site)
        return True, problems
    finally:
        if fresh.exists():
            shutil.rmtree(fresh, ignore_errors=True)


def run_mkdocs(
    root: Path, config: str, host: str = "mkdocs", variables: Mapping[str, str] | None = None
) -> Callable[[Path], int]:
    """Return a builder that runs MkDocs (or another host of its plugins) strictly.

    `variables` are added to its environment, for `!ENV` in the configuration.
    """

    def run(folder: Path) -> int:
        command = [sys.executable, "-m", host, "build", "--strict", "--clean"]
        command += ["--config-file", config, "--site-dir", str(folder.resolve())]
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **(variables or {})}
        return subprocess.run(command, cwd=root, env=environment, check=False).returncode

    return run
