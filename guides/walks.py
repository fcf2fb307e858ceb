"""The pages of the guides that are followed step by step, as projects that can be run.

A page with `start` in its front matter is a walk: `base` begins with a copy of the project in
`base/`, `nothing` with an empty folder. Its fenced blocks are done from top to bottom. One with a
title is a file of that name, or lines for its end (`title="name (at the end)"`). One of `sh` is
run, must succeed unless its output is shown, and a block of `text` behind it is what it prints. One
of `console` is for readers alone: what needs a network or an account. There is no other kind.
`python -m guides.walks --write` follows all pages and writes what is printed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guides.examples import BASE, HERE
from guides.pages import Block, blocks, front_of, variables

DOCS = HERE / "docs"
HOME = "/home/you"
"""The folder that the folder of a project is printed in."""

_AT_THE_END = " (at the end)"
# The short name of a commit hangs on files that a page does not show.
_COMMIT = re.compile(r"(?<=`)[0-9a-f]{12}(?=`)")
# Nothing of the machine, and no clock: a walk prints the same everywhere.
_ENVIRONMENT = {
    "PYTHONUTF8": "1",
    "NO_MKDOCS_2_WARNING": "1",
    "COLUMNS": "100",
    "GIT_AUTHOR_DATE": "2025-07-08T12:00:00Z",
    "GIT_COMMITTER_DATE": "2025-07-08T12:00:00Z",
}

# What a workflow may have set, and whoever reads has not.
_UNSET = frozenset({"SITE_URL", "ERROR_REPORT_URL", "SOURCE_DATE_EPOCH", "DOSSIER_PDF"})


@dataclass(frozen=True, slots=True)
class Done:
    """A command of a page that was run: what it printed, and the block that says so, if any."""

    command: Block
    status: int
    printed: str
    shown: Block | None


def walks() -> tuple[Path, ...]:
    """Return the pages that are followed, by their front matter."""
    pages = sorted(DOCS.rglob("*.md"))
    return tuple(path for path in pages if "start" in front_of(path.read_text("utf-8")))


def follow(page: str, folder: Path) -> Iterator[Done]:
    """Do what a page says in a folder, and yield what became of each command."""
    every = blocks(page)
    for block, behind in zip(every, (*every[1:], None), strict=True):
        if block.title:
            _write(folder, block)
        elif block.kind == "sh":
            status, printed = _run(folder, block.text)
            yield Done(block, status, printed, behind if behind and behind.kind == "text" else None)


def _write(folder: Path, block: Block) -> None:
    name = block.title.removesuffix(_AT_THE_END)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") if name != block.title else ""
    path.write_text(before + block.text, "utf-8", newline="")


def _run(folder: Path, text: str) -> tuple[int, str]:
    """Return the exit status of lines of a shell, and what they print."""
    around = {name: value for name, value in os.environ.items() if name not in _UNSET}
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", text],
        cwd=folder,
        env={
            **around,
            **variables("You", "you@example.org"),
            **_ENVIRONMENT,
            "HOME": str(folder.parent),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    printed = _COMMIT.sub("0123456789ab", done.stdout.replace(str(folder.parent), HOME))
    lines = (line.rstrip() for line in printed.splitlines())
    return done.returncode, "".join(f"{line}\n" for line in lines)


def begin(page: str, parent: Path) -> Path:
    """Return the folder in which a page is followed, as it is to begin."""
    folder = parent / "street-trees"
    # The engine, where who reads has cloned it.
    (parent / "dossier").mkdir()
    (parent / "dossier" / ".venv").symlink_to(sys.prefix)
    if front_of(page)["start"] == "base":
        shutil.copytree(BASE, folder)
    else:
        folder.mkdir()
    return folder


def faults(page: str, done: Sequence[Done]) -> list[str]:
    """Return where a page says otherwise than what was seen, and blocks that are of no kind."""
    found = [
        f"`{one.command.text.strip()}` prints:\n{one.printed}"
        for one in done
        if (one.printed != one.shown.text if one.shown else one.status != 0)
    ]
    shown = {one.shown for one in done}
    stray = [
        block
        for block in blocks(page)
        if not block.title and block.kind not in ("sh", "console") and block not in shown
    ]
    return [*found, *(f"a block that nothing runs:\n{block.text}" for block in stray)]


def written(page: str, done: Sequence[Done]) -> str:
    """Return a page with what was printed in the place of what it shows."""
    for one in reversed(done):
        if one.shown:
            page = page[: one.shown.start] + one.printed + page[one.shown.end :]
    return page


def main(arguments: Sequence[str]) -> int:
    """Follow the pages named, or all; with --write put down what is printed."""
    names = [name for name in arguments if not name.startswith("-")]
    status = 0
    for path in walks():
        if names and path.stem not in names:
            continue
        page = path.read_text("utf-8")
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
            done = tuple(follow(page, begin(page, Path(place).resolve())))
        if "--write" in arguments:
            page = written(page, done)
            path.write_text(page, "utf-8", newline="")
            done = tuple(follow_again(page, done))
        for fault in faults(page, done):
            status = 1
            sys.stderr.write(f"{path.relative_to(DOCS)}: {fault}\n")
    return status


def follow_again(page: str, done: Sequence[Done]) -> Iterator[Done]:
    """Yield what was done, beside the blocks of the page as it was written anew."""
    every = blocks(page)
    commands = [n for n, block in enumerate(every) if block.kind == "sh" and not block.title]
    for number, one in zip(commands, done, strict=True):
        yield Done(every[number], one.status, one.printed, every[number + 1] if one.shown else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
