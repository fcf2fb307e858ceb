"""What `dossier new` does: a small report in a folder of its own, whole or not at all."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from dossier.blanks import explanation, filled, read_authors, read_title, title_of, values
from dossier.engine_address import Engine, from_answer
from dossier.installation import found_engine, lock, still_to_do
from dossier.problems import Problem, as_text
from dossier.repository import user_name
from dossier.telling import refuse

TEMPLATES = "new_report"
"""The folder of the package with the files as they are written, those with a dot without it."""
FILES = (
    "mkdocs.yml",
    *(f"docs/{name}.md" for name in ("index", "shade", "method")),
    "docs/assets/evidence.css",
    "references.bib",
    *(f"sources/records/{key}.yml" for key in ("census2021", "courier2022", "doe2022")),
    *(f"sources/findings/{chapter}.yml" for chapter in ("count", "shade")),
    "sources/series/trees.yml",
    "Makefile",
    "requirements.lock",
    "engine.txt",
    "engine.local.txt",
    "CITATION.cff",
    "README.md",
    ".gitignore",
    *(f".github/workflows/{name}.yml" for name in ("site", "sources")),
    ".github/dependabot.yml",
)
"""What is written, in the order in which it is told."""
_LOCK = "# What is installed besides the engine: one version of each package, by hash.\n"


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the new report: its path, its text, and what it is for, in a line."""

    path: str
    text: str
    line: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of who starts a report, and the option that answers it beforehand.

    `read` returns an answer as it is used, or the problem with it, at the place it is given.
    """

    option: str
    words: str
    default: str
    read: Callable[[str, str], str | Problem]
    asked: bool = True


def start(options: argparse.Namespace, _config: Path) -> int:
    """Write a new report into a folder, and say what was written; exit 1 where nothing was.

    Codes: new-in-the-way and those of `read_title` and `read_authors`.
    """
    target = Path(os.path.realpath(options.folder))
    if (problem := _in_the_way(target, options.folder)) is not None:
        return refuse([problem])
    engine = found_engine()
    asked = not options.yes and sys.stdin is not None and sys.stdin.isatty()
    if not asked and not options.yes:
        sys.stdout.write("Nobody can be asked here: the defaults are taken, as with --yes.\n")
    answers: list[str] = []
    try:
        for question in _questions(target, engine, asked=asked):
            said = _answer(question, getattr(options, question.option), asked=asked)
            if isinstance(said, Problem):
                return refuse([said])
            answers.append(said)
    except (EOFError, KeyboardInterrupt):
        sys.stderr.write("\ndossier: interrupted; nothing was written\n")
        return 1
    title, authors, shared = answers
    files = tuple(_files(values(title, authors, shared, engine.local), local=bool(engine.local)))
    write(target, files)
    sys.stdout.write(_told(options.folder, files, still_to_do(engine, shared)))
    return 0


# ---- what is asked ----


def _in_the_way(target: Path, name: str) -> Problem | None:
    if not os.path.lexists(target) or (target.is_dir() and not any(target.iterdir())):
        return None
    message = "something stands there already, and nothing is written over"
    return Problem("new-in-the-way", name, 1, 1, message, "name a folder that is new, or empty")


def _questions(target: Path, engine: Engine, *, asked: bool) -> tuple[Question, ...]:
    """Return what is asked, each with what will do where nothing is answered."""

    def engine_of(answer: str, of: str) -> str | Problem:
        if not answer.strip() or answer == engine.shared:
            return answer.strip()
        if line := from_answer(answer, engine.commit):
            return line
        message = "it is not the address of a repository and a commit"
        hint = "write it as https://HOST/PATH@COMMIT, with all 40 digits of the commit"
        return Problem("new-bad-answer", of, 1, 1, message, hint)

    authors = (asked and user_name(Path.cwd())) or "The authors"
    where = "Where others get the engine from, ADDRESS@COMMIT (it may be said later)"
    return (
        Question("title", "Title", title_of(target.name), read_title),
        Question("authors", "Authors, `Family, Given; ...`", authors, read_authors),
        # A default that will do is not asked about.
        Question("engine", where, engine.shared, engine_of, asked=not engine.shared),
    )


def _answer(question: Question, given: str | None, *, asked: bool) -> str | Problem:
    """Return what an option gives, else what is answered; ask again where that will not do."""
    if given is not None or not (asked and question.asked):
        return question.read(question.default if given is None else given, f"--{question.option}")
    default = f" [{question.default}]" if question.default else ""
    while True:
        said = input(f"{question.words}{default}: ").strip() or question.default
        answer = question.read(said, question.option)
        if isinstance(answer, str):
            return answer
        sys.stdout.write(f"{as_text(answer)}\n")


# ---- the files ----


def _files(blanks: Mapping[str, str], *, local: bool) -> Iterator[Written]:
    """Yield the files of a new report, filled."""
    folder = resources.files("dossier").joinpath(TEMPLATES)
    for path in FILES:
        if path == "engine.local.txt" and not local:
            continue
        if path == "requirements.lock":
            text = _LOCK + lock()
        else:
            # Not read_text: of it Python 3.11 knows no newline.
            data = folder.joinpath(*path.removeprefix(".").split("/")).read_bytes()
            text = filled(data.decode("utf-8"), blanks)
        yield Written(path, text, explanation(text))


def write(target: Path, files: tuple[Written, ...]) -> None:
    """Write files into a folder that is new or empty, all of them or none.

    They are written beside, into a folder that is removed whatever happens, and take their places
    by renaming. An empty folder stays the one that it is: it may be where a shell stands.
    """
    kept = target.is_dir()
    parent = target if kept else target.parent
    parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".dossier-new-", dir=parent))
    placed: list[Path] = []
    try:
        whole = stage / "report"
        for file in files:
            path = whole / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text, "utf-8", newline="")
        if not kept:
            whole.rename(target)
        for child in sorted(whole.iterdir()) if kept else ():
            child.rename(target / child.name)
            placed.append(target / child.name)
    except BaseException:
        for path in placed:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)


# ---- what is said ----


def _told(name: str, files: tuple[Written, ...], left: Iterator[str]) -> str:
    width = max(len(file.path) for file in files)
    lines = [f"A new report stands in {name}:", ""]
    lines += [f"  {file.path:{width}}  {file.line}" for file in files]
    lines += [
        "",
        "Next:",
        f"  1. cd {shlex.quote(name)} && make serve    shows the site; the first time it installs",
        "  2. put your own words and sources in the place of the example, and `make check`",
        "  3. git init, commit, push; on GitHub choose Settings, Pages, Source: GitHub Actions",
    ]
    todo = [f"  - {line}" for line in left]
    return "\n".join([*lines, *(["", "Left to do:"] if todo else []), *todo]) + "\n"
