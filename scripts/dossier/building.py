"""Building a site without ever losing the last good one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from dossier.problems import Problem, has_errors

NEXT, PREVIOUS, DISCARDED = ".next", ".previous", ".discarded"


def beside(site: Path, ending: str) -> Path:
    """Return the folder of that ending beside the site."""
    return site.with_name(site.name + ending)


def restore(site: Path) -> bool:
    """Put the last good site back where a swap was cut short; tell whether that was needed.

    A swap moves the site aside, the new one in, and deletes the old. Killed in between,
    it leaves no site and the old one aside, or the new site and the old one aside. What is
    aside is always whole: to be deleted, it is first given another name.
    """
    previous, discarded = beside(site, PREVIOUS), beside(site, DISCARDED)
    if discarded.exists():
        shutil.rmtree(discarded)
    if not previous.exists():
        return False
    if site.exists():
        _discard(site)
        return False
    previous.replace(site)
    return True


def _discard(site: Path) -> None:
    """Delete the site that stands aside."""
    discarded = beside(site, DISCARDED)
    beside(site, PREVIOUS).replace(discarded)
    shutil.rmtree(discarded)


def swap(site: Path) -> None:
    """Put the freshly built folder in the place of the site."""
    fresh, previous = beside(site, NEXT), beside(site, PREVIOUS)
    if site.exists():
        site.replace(previous)
    try:
        fresh.replace(site)
    except OSError:
        if previous.exists():
            previous.replace(site)
        raise
    if previous.exists():
        _discard(site)


def without_times(site: Path) -> None:
    """Take out of the gzip files of a site when they were packed (RFC 1952, 2.3.1, MTIME).

    MkDocs writes the day of the build into that of the sitemap, whatever stands in it.
    """
    for path in sorted(site.rglob("*.gz")):
        with path.open("r+b") as file:
            if file.read(2) == b"\x1f\x8b":
                file.seek(4)
                file.write(bytes(4))


def in_the_way(site: Path, kept: Iterable[Path]) -> tuple[Problem, ...]:
    """Return why a site must not be put into a folder: what stands there is no site of before.

    `kept` are the files and folders that a project is made of. A build replaces the folder as a
    whole. Code: site-in-the-way.
    """
    for path in kept:
        if site == path or site in path.parents or (path.is_dir() and path in site.parents):
            return (
                _in_the_way(site, f"it holds or lies within {path}, of which the site is made"),
            )
    for folder in (site, *(beside(site, ending) for ending in (NEXT, PREVIOUS, DISCARDED))):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            return (_in_the_way(folder, "it is a file or a link"),)
    held = sorted(entry.name for entry in site.iterdir()) if site.is_dir() else []
    if held and not any(name.endswith((".html", ".xml")) for name in held):
        return (_in_the_way(site, f"it holds {held[0]}, and no page of a site"),)
    return ()


def _in_the_way(folder: Path, why: str) -> Problem:
    message = f"a build would replace {folder}: {why}"
    hint = (
        "name a folder that is empty, not there yet, or holds a site and nothing else "
        "(`site_dir`, --site-dir)"
    )
    return Problem("site-in-the-way", str(folder), 1, 1, message, hint)


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


def start(command: Sequence[str], root: Path, environment: Mapping[str, str]) -> int:
    """Run a command in a folder, which prints where this process does; return its exit status."""
    return subprocess.run(command, cwd=root, env=environment, check=False).returncode


def run_mkdocs(
    root: Path, config: str, host: str = "mkdocs", variables: Mapping[str, str] | None = None
) -> Callable[[Path], int]:
    """Return a builder that runs MkDocs (or another host of its plugins) strictly.

    `variables` are added to its environment, for `!ENV` in the configuration.
    """

    def run(folder: Path) -> int:
        # Not the host itself: one that fails on its configuration or the disk does so with a
        # traceback.
        command = [sys.executable, "-m", "dossier.hosting", host, config]
        command += ["build", "--strict", "--clean"]
        command += ["--config-file", config, "--site-dir", str(folder.resolve())]
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **(variables or {})}
        return start(command, root, environment)

    return run
