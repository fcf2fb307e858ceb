"""A whole project: bibliography, sources and pages, read at one time."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from dossier.bibliography import read_bibliography
from dossier.copies import undeclared_copies
from dossier.live import check_checks
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
    Codes of its own: missing-bibliography, no-sources.
    """
    reading = _Reading(memory)
    pages, found = read_pages(settings)
    reading.problems += found
    files, found = _bibliography_files(settings, pages)
    reading.problems += found
    references = reading.values(files, read_bibliography) if files else ()
    folder = settings.root / settings.sources
    here = any((folder / name).is_dir() for name in ("records", "findings", "series"))
    gated = settings.evidence == "required" or (settings.evidence == "auto" and here)
    watched = [settings.root / name for name in settings.bibliography]
    watched += [settings.root / name for name, _ in files if name not in settings.bibliography]
    if gated:
        evidence = _read_sources(settings, folder, references, reading)
        watched.append(folder)
    else:
        evidence = _evidence((references, (), (), (), (), (), ()), reading)
    style = None
    if settings.csl and names_file(settings.csl):
        path = settings.root / settings.csl
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
        hint = "write a record for each source, or set `evidence: auto`"
        reading.problems.append(config_problem(settings, "evidence", "no-sources", message, hint))
    records = reading.values(_folder_files(settings, folder / "records"), read_records)
    findings = reading.values(_folder_files(settings, folder / "findings"), read_findings)
    series = reading.values(_folder_files(settings, folder / "series"), read_series)
    measured = [path for path in (folder / "overlaps.yml",) if path.is_file()]
    overlaps = reading.values(_files(settings, measured), read_overlaps)
    looked = [path for path in (folder / "checks.yml",) if path.is_file()]
    checks = reading.values(_files(settings, looked), read_checks)
    named = [path for path in (folder / "names.yml",) if path.is_file()]
    names = reading.values(_files(settings, named), read_names)
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
            {reference.key: reference for reference in references},
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
    by_default = "bibliography" not in settings.lines
    for name in settings.bibliography:
        path = settings.root / name
        data = _read(path)
        if data is not None:
            files[shown(settings.root, path)] = data
        elif not (by_default and any(page.front.bibliography for page in pages)):
            message = f"the bibliography {path.resolve()} cannot be read: {_why(path)}"
            problems.append(
                config_problem(settings, "bibliography", "missing-bibliography", message, hint)
            )
    for page in pages:
        for name, line in page.front.bibliography:
            folders = ((settings.root / page.path).parent, settings.root)
            read = ((folder / name, _read(folder / name)) for folder in folders)
            path, data = next(((p, d) for p, d in read if d is not None), (Path(), None))
            if data is None:
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


def _read(path: Path) -> bytes | None:
    """Return the bytes of a file, or None where there is none that can be read."""
    try:
        return path.read_bytes()
    except (OSError, ValueError):  # a name may be none that a file can have
        return None


def _why(path: Path) -> str:
    return "there is no such file" if not path.exists() else "it is no file, or may not be read"


def _folder_files(settings: Settings, folder: Path) -> Files:
    return _files(settings, sorted(p for p in folder.rglob("*.y*ml") if p.is_file()))


def _files(settings: Settings, paths: Iterable[Path]) -> Files:
    return tuple((shown(settings.root, path), path.read_bytes()) for path in paths)
