"""The evidence of a report and the quotations of its pages, as they are or were at a commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import normpath

from dossier.bibliography import read_bibliography
from dossier.loading import Source, pages_among, shown
from dossier.model import Assessed, Evidence
from dossier.names import read_names
from dossier.origins import assess_all
from dossier.problems import Problem
from dossier.quotation_gate import QuotationGate
from dossier.records import Files, read_findings, read_records, read_series
from dossier.repository import version_at
from dossier.settings import Settings
from dossier.syntax import Page, scan_page
from dossier.syntax.units import read_units


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation of a page that cites beside it; `address` is its passage, empty for a title."""

    path: str
    line: int
    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What a report holds: `name` is a commit, or empty for the files as they stand.

    `date` is the day of the commit (ISO 8601). Findings are numbered in the order of `assessed`,
    that of the site: chapter by chapter, as the navigation of today has the pages.
    """

    name: str
    date: str
    evidence: Evidence
    assessed: tuple[Assessed, ...]
    quotations: tuple[Quotation, ...]

    def number(self, finding: str) -> int:
        """Return the number of a finding, 0 where there is no such finding."""
        ids = (item.finding.id for item in self.assessed)
        return next((number for number, id_ in enumerate(ids, 1) if id_ == finding), 0)


def state_of(
    settings: Settings,
    evidence: Evidence,
    sources: Iterable[Source],
    name: str = "",
    date: str = "",
) -> State:
    """Return the state of what was read."""
    docs = PurePosixPath(shown(settings.root, settings.docs))
    order = {(docs / name).as_posix(): number for number, name in enumerate(settings.nav)}
    in_order = sorted(sources, key=lambda one: (order.get(one.path, len(order)), one.path))
    pages = [scan_page(one.path, one.text, one.front.body) for one in in_order]
    gate = QuotationGate(evidence)
    return State(
        name,
        date,
        evidence,
        _in_reading_order(assess_all(evidence.findings, evidence.records), pages),
        tuple(quotation for page in pages for quotation in _quotations(gate, page)),
    )


def _in_reading_order(
    assessed: tuple[Assessed, ...], pages: Iterable[Page]
) -> tuple[Assessed, ...]:
    """Return findings by the first page that shows the evidence of their chapter."""
    shown_by = [
        directive.argument
        for page in pages
        for directive in page.directives
        if directive.name == "findings" and ("form", "short") not in directive.options
    ]
    order = {chapter: place for place, chapter in reversed([*enumerate(filter(None, shown_by))])}
    return tuple(sorted(assessed, key=lambda a: order.get(a.finding.chapter, len(shown_by))))


def read_state(settings: Settings, revision: str) -> tuple[State | None, tuple[Problem, ...]]:
    """Return the state at a commit, by the paths that the configuration names today.

    None where there is no such commit. The problems are those of the files of that day, as the
    rules of today see them: what they hold is not in the state, or not all of it.
    """
    docs = PurePosixPath(shown(settings.root, settings.docs))
    sources = PurePosixPath(normpath(settings.sources))

    def wanted(name: str) -> bool:
        path = PurePosixPath(name)
        return path.suffix == ".bib" or any(path.is_relative_to(one) for one in (docs, sources))

    version = version_at(settings.root, revision, wanted)
    if version is None:
        return None, ()
    problems: list[Problem] = []

    def files(name: str) -> Files:
        place = sources / name
        return tuple(
            (path, data)
            for path, data in version.files.items()
            if PurePosixPath(path).is_relative_to(place) and PurePosixPath(path).match("*.y*ml")
        )

    pages = pages_among(settings, version.files.items())
    named = tuple(_bibliographies(settings, pages, version.files))
    references, found = read_bibliography(named) if named else ((), ())
    problems += found
    records, found = read_records(files("records"))
    problems += found
    findings, found = read_findings(files("findings"))
    problems += found
    series, found = read_series(files("series"))
    problems += found
    names, found = read_names(files("names.yml"))
    problems += found
    evidence = Evidence(
        {one.key: one for one in references if one.type != "xdata"},
        {one.key: one for one in records},
        findings,
        {one.id: one for one in series},
        names=names,
    )
    return state_of(settings, evidence, pages, version.commit, version.date), tuple(problems)


def _bibliographies(
    settings: Settings, pages: Iterable[Source], files: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    """Yield the .bib files that the configuration and the pages name, each once."""
    asked = [normpath(name) for name in settings.bibliography]
    for page in pages:
        for name, _ in page.front.bibliography:
            beside = normpath((PurePosixPath(page.path).parent / name).as_posix())
            asked.append(beside if beside in files else normpath(name))
    for name in dict.fromkeys(asked):
        if name in files:
            yield name, files[name]


def _quotations(gate: QuotationGate, page: Page) -> Iterator[Quotation]:
    units, problems = read_units(page)
    found = {place.start: place for place in gate.of_page(page, units, problems).places}
    for unit in units:
        for quoted in unit.quotations:
            place = found.get(quoted.start)
            if place is not None or unit.clusters:
                address = place.address if place is not None else ""
                line = page.span(quoted.start).line
                yield Quotation(page.path, line, " ".join(quoted.text.split()), address)
