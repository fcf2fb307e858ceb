"""A whole project: bibliography, sources and pages, read at one time."""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from dossier.bibliography import read_bibliography
from dossier.copies import undeclared_copies
from dossier.live import check_checks
from dossier.loading.bounds import leads_out
from dossier.loading.citation import NAME as CITATION_FILE
from dossier.loading.citation import Citation, read_citation
from dossier.loading.config import config_problem
from dossier.loading.pages import Source, read_pages, shown
from dossier.model import Check, Evidence, Finding, Overlap, Record, Reference, Series
from dossier.names import read_names
from dossier.problems import Problem, has_errors, in_order
from dossier.records import (
    read_checks,
    read_findings,
    read_overlaps,
    read_records,
    read_series,
)
from dossier.relations import check_relations
from dossier.seals import check_seals
from dossier.settings import Settings
from dossier.style import names_file

Files = tuple[tuple[str, bytes], ...]
_Value = TypeVar("_Value")
_Reader = Callable[[Files], tuple[tuple[_Value, ...], tuple[Problem, ...]]]


@dataclass(frozen=True, slots=True)
class Project:
    """Everything read of a project.

    `gated` tells whether sources are read; `watched` names the files and folders whose
    change changes the site; `style` holds the bytes of the CSL file where the option names
    one that is there; `citation` is how the project asks to be cited, None where it does not.
    """

    settings: Settings
    evidence: Evidence
    pages: tuple[Source, ...]
    problems: tuple[Problem, ...]
    gated: bool
    watched: tuple[Path, ...] = ()
    style: bytes | None = None
    citation: Citation | None = None


@dataclass(slots=True)
class Memory:
    """What was read before, while an author edits: the last sound bytes of each file too.

    Files that are the same again are not read again, and make the same values: who holds them
    knows by identity that nothing has changed.
    """

    sound: dict[str, bytes] = field(default_factory=dict)
    values: dict[object, tuple[Files, tuple[Any, ...], tuple[Problem, ...]]] = field(
        default_factory=dict
    )
    whole: tuple[tuple[object, ...], Evidence, tuple[Problem, ...]] | None = None

    def recall(self, files: Files, read: _Reader[_Value]) -> Files:
        """Return the files, each broken one as it was when it was last without error."""
        kept = []
        for path, data in files:
            if has_errors(read(((path, data),))[1]):
                kept.append((path, self.sound.get(path, data)))
            else:
                self.sound[path] = data
                kept.append((path, data))
        return tuple(kept)


@dataclass(slots=True)
class _Reading:
    """Reads kinds of files and gathers their problems, with the line of each."""

    memory: Memory | None
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)

    def values(self, files: Files, read: _Reader[_Value]) -> tuple[_Value, ...]:
        """Return what a reader makes of files; with a memory, of their last sound state."""
        self.texts.update(files)
        if self.memory is None:
            values, found = read(files)
            self.problems += found
            return values
        before = self.memory.values.get(read)
        if before is None or before[0] != files:
            values, found = read(files)
            sound = self.memory.recall(files, read) if has_errors(found) else files
            if sound == files:
                self.memory.sound.update(files)
            else:
                values = read(sound)[0]
            before = self.memory.values[read] = (files, values, found)
        self.problems += before[2]
        return before[1]

    def whole(self) -> Iterator[Problem]:
        """Yield the problems, those without an excerpt with the line on which they stand."""
        split: dict[str, list[str]] = {}
        for problem in self.problems:
            data = self.texts.get(problem.path)
            if problem.excerpt or data is None:
                yield problem
                continue
            if problem.path not in split:
                text = data.decode("utf-8-sig", "replace")
                split[problem.path] = re.split(r"\r\n?|\n", text)
            lines = split[problem.path]
            known = problem.line <= len(lines)
            yield replace(problem, excerpt=lines[problem.line - 1] if known else "")


def read_project(settings: Settings, memory: Memory | None = None) -> Project:
    """Return the whole project.

    With a memory a broken file of the evidence counts as it was when it was last sound,
    while its problems are reported; without one it counts as far as it can be read.
    Codes of its own: missing-bibliography, no-sources, path-outside, source-unreadable.
    """
    reading = _Reading(memory)
    pages, found = read_pages(settings)
    reading.problems += found
    files, found = _bibliography_files(settings, pages)
    reading.problems += found
    references = reading.values(files, read_bibliography) if files else ()
    folder = settings.root / settings.sources
    outside = leads_out(settings.root, folder)
    if outside:
        reading.problems.append(_outside(settings, "sources", settings.sources))
    names = ("records", "findings", "series")
    here = not outside and any((folder / name).is_dir() for name in names)
    gated = settings.evidence == "required" or (settings.evidence == "auto" and here)
    watched = [settings.root / name for name in settings.bibliography]
    watched += [settings.root / name for name, _ in files if name not in settings.bibliography]
    if gated and not outside:
        evidence = _read_sources(settings, folder, references, reading)
        watched.append(folder)
    else:
        evidence = _evidence((references, (), (), (), (), (), ()), reading)
    style = None
    if settings.csl and names_file(settings.csl):
        path = settings.root / settings.csl
        if leads_out(settings.root, path):
            reading.problems.append(_outside(settings, "csl", settings.csl))
        else:
            style = _read(path)
        watched.append(path)
    citation, found = read_citation(settings.root)
    reading.problems += found
    if citation:
        watched.append(settings.root / CITATION_FILE)
    problems = in_order(reading.whole())
    return Project(settings, evidence, pages, problems, gated, tuple(watched), style, citation)


def _read_sources(
    settings: Settings, folder: Path, references: tuple[Reference, ...], reading: _Reading
) -> Evidence:
    if settings.evidence == "required" and not (folder / "records").is_dir():
        message = f"evidence is required, and there is no folder {settings.sources}/records"
        hint = "write records, name their folder with `sources`, or set `evidence: auto`"
        reading.problems.append(config_problem(settings, "evidence", "no-sources", message, hint))

    def files(name: str) -> Files:
        found, unread = _source_files(settings, folder / name)
        reading.problems += unread
        return found

    records = reading.values(files("records"), read_records)
    findings = reading.values(files("findings"), read_findings)
    series = reading.values(files("series"), read_series)
    overlaps = reading.values(files("overlaps.yml"), read_overlaps)
    checks = reading.values(files("checks.yml"), read_checks)
    names = reading.values(files("names.yml"), read_names)
    return _evidence((references, records, findings, series, overlaps, names, checks), reading)


_Parts = tuple[
    tuple[Reference, ...],
    tuple[Record, ...],
    tuple[Finding, ...],
    tuple[Series, ...],
    tuple[Overlap, ...],
    tuple[str, ...],
    tuple[Check, ...],
]


def _evidence(parts: _Parts, reading: _Reading) -> Evidence:
    """Return what was read as one, and report what is wrong between its parts."""
    memory = reading.memory
    if memory and memory.whole and all(map(operator.is_, memory.whole[0], parts)):
        _, whole, found = memory.whole
    else:
        references, records, findings, series, overlaps, names, checks = parts
        whole = Evidence(
            # An xdata entry holds fields for others, and is no work that could be cited.
            {reference.key: reference for reference in references if reference.type != "xdata"},
            {record.key: record for record in records},
            findings,
            {one.id: one for one in series},
            overlaps,
            names,
            checks,
        )
        found = (
            *check_relations(whole),
            *check_seals(whole.records.values()),
            *undeclared_copies(whole.overlaps, whole.records),
            *check_checks(whole.checks, whole.records),
        )
        if memory:
            memory.whole = parts, whole, found
    reading.problems += found
    return whole


def _bibliography_files(
    settings: Settings, pages: Sequence[Source]
) -> tuple[Files, tuple[Problem, ...]]:
    """Return the .bib files of the site and, behind them, those that pages name.

    A page names a file from its own folder or from that of the site. The file that is read
    by default may be missing where pages name theirs.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    hint = "mend the option `bibliography`, or make the file"
    by_default = "bibliography" not in settings.places
    for name in settings.bibliography:
        path = settings.root / name
        if leads_out(settings.root, path):
            problems.append(_outside(settings, "bibliography", name))
            continue
        data = _read(path)
        if data is not None:
            files[shown(settings.root, path)] = data
        elif not (by_default and any(page.front.bibliography for page in pages)):
            message = (
                f"the bibliography {os.path.normpath(path.absolute())} cannot be read: {_why(path)}"
            )
            problems.append(
                config_problem(settings, "bibliography", "missing-bibliography", message, hint)
            )
    for page in pages:
        for name, line in page.front.bibliography:
            folders = ((settings.root / page.path).parent, settings.root)
            named = [folder / name for folder in folders]
            within = [path for path in named if not leads_out(settings.root, path)]
            read = ((path, _read(path)) for path in within)
            path, data = next(((p, d) for p, d in read if d is not None), (Path(), None))
            if not within:
                problems.append(_outside_page(page, name, line))
            elif data is None:
                problems.append(_missing(page, name, line))
            else:
                files.setdefault(shown(settings.root, path), data)
    return tuple(files.items()), tuple(problems)


def _missing(page: Source, name: str, line: int) -> Problem:
    return Problem(
        "missing-bibliography",
        page.path,
        line,
        1,
        f"the bibliography {name} that this page names is not there",
        "mend the path: it counts from the folder of the page, or from that of mkdocs.yml",
        "warning",
        page.text.split("\n")[line - 1],
    )


def _outside(settings: Settings, option: str, name: str) -> Problem:
    message = f"the path {name} leads out of the project, where nothing is read"
    hint = "put a copy into the project, and name that"
    return config_problem(settings, option, "path-outside", message, hint)


def _outside_page(page: Source, name: str, line: int) -> Problem:
    return Problem(
        "path-outside",
        page.path,
        line,
        1,
        f"the path {name} leads out of the project, where nothing is read",
        "put a copy into the project, and name that",
        excerpt=page.text.split("\n")[line - 1],
    )


def _read(path: Path) -> bytes | None:
    """Return the bytes of a file, or None where there is none that can be read.

    What is no file, such as a pipe, might never end.
    """
    try:
        return path.read_bytes() if path.is_file() else None
    except (OSError, ValueError):  # a name may be none that a file can have
        return None


def _why(path: Path) -> str:
    return "it is no file, or may not be read" if os.path.lexists(path) else "there is no such file"


def _source_files(settings: Settings, place: Path) -> tuple[Files, tuple[Problem, ...]]:
    """Return the files of a folder of `sources/`, or the one of that name, and those unread.

    Codes: source-unreadable, symlink-outside.
    """
    every = sorted(place.rglob("*")) if place.is_dir() else [place]
    files: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    for path in every:
        name = shown(settings.root, path)
        named = path.match("*.y*ml")
        if path.is_symlink() and (path.is_dir() or (named and leads_out(settings.root, path))):
            message = "this link leads out of the project, or to a folder, and is not followed"
            hint = "put the file itself into the folder of the sources"
            problems.append(Problem("symlink-outside", name, 1, 1, message, hint))
            continue
        # A link to nothing is named when it is read; what is no file, as a pipe, might never end.
        if not named or not (path.is_file() or (path.is_symlink() and not path.exists())):
            continue
        try:
            files.append((name, path.read_bytes()))
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            hint = "look at its permissions, or where its link leads"
            problems.append(Problem("source-unreadable", name, 1, 1, message, hint))
    return tuple(files), tuple(problems)
