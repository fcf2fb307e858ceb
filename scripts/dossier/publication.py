"""What a build gives its host once all pages are rendered: their HTML, files, every problem.

No host is known here. What one build publishes is made of plain values, so that the next build
of the same report can take it as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from dossier import __version__
from dossier.assembly import Assembly
from dossier.chart_files import chart_addresses, chart_files, chart_names
from dossier.citing import head_meta
from dossier.dataset import DATASET_NAME, SCHEMA_NAME, evidence_document
from dossier.dataset_schema import schema
from dossier.downloads import downloads, names_of
from dossier.edition import Citations, Edition, cited_by_style
from dossier.examination import examined
from dossier.exhibits import NAMES as EXHIBITS
from dossier.handover import Entry, Host, Printed, Publication, Rendered
from dossier.linked_data import linked_data_script, linked_page
from dossier.loading import Source
from dossier.model import Evidence
from dossier.picture import NAME as PICTURE
from dossier.picture import picture
from dossier.problems import Problem
from dossier.search_entries import search_entries
from dossier.site import Site, anchor_of_references, anchors_of, finished, plainly
from dossier.versions import history_of

_Value = TypeVar("_Value")

ROBOTS: Final = "robots.txt"


OF_ALL_USES: Final = frozenset({"bibliography"})
"""Directives that print where works are cited."""
OF_ALL_PAGES: Final = frozenset({"explorer", "history", *EXHIBITS})
"""Directives that may print what stands on other pages."""


class _Same:
    """A value that is compared by identity: it is never changed, and large."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value

    __hash__ = None  # type: ignore[assignment]


def names_published(evidence: Evidence) -> tuple[str, ...]:
    """Return the names of the files to which pages may link, each once."""
    charts = (name for chart in chart_names(evidence) for name in chart_addresses(chart).values())
    return tuple(dict.fromkeys((DATASET_NAME, SCHEMA_NAME, *names_of(evidence), *charts)))


def publish(
    site: Site, host: Host, rest: Iterable[Source], relate: Callable[[str, str], str]
) -> Publication:
    """Return what a site publishes, whose drafts are all there in the order of chapters.

    `rest` are pages of the project that this build does not render. `relate(url, start)` is the
    way to an address of the site from another.
    """
    assembly, problems = site.finish(rest, host.order)
    names = frozenset(names_published(site.project.evidence))
    making = _Making(site, host, relate, list(problems), names)
    return making.publication(assembly)


@dataclass(slots=True)
class _Making:
    site: Site
    host: Host
    relate: Callable[[str, str], str]
    problems: list[Problem]
    names: frozenset[str]
    files: dict[str, str | bytes] = field(default_factory=dict)

    def publication(self, assembly: Assembly) -> Publication:
        citations = self._citations(assembly)
        assembly = self._with_history(self._with_citations(assembly, citations))
        around = self._surroundings(assembly, citations)
        known = {
            page.path: self._known(assembly, page, citations, around)
            for page in self.host.pages
            if page.path in self.site.drafts
        }
        # Pages that a host leaves as they are may be rendered again by the next build.
        self.site.known.pages |= known
        pages = {path: printed for path, (_, printed) in known.items()}
        found = self._entries(assembly)
        if self.site.project.gated:
            self._publish(assembly)
        edition = citations.edition.in_words() if citations else ""
        return Publication(tuple(self.problems), pages, self.files, edition, found)

    def _surroundings(self, assembly: Assembly, citations: Citations | None) -> object:
        """Return what a page depends on beside itself, for all pages that do not list the others.

        Compared by value, and by identity where the evidence is concerned.
        """
        return (
            _Same(assembly.evidence),
            _Same(self.site.project.citation) if citations is None else citations.edition,
            replace(self.host, pages=()),
            dict(assembly.homes),
            dict(assembly.first_pages),
            {path: assembly.title(path) for path in assembly.views},
            self.site.style,
            self.site.project.settings,
        )

    def _known(
        self, assembly: Assembly, page: Rendered, citations: Citations | None, around: object
    ) -> tuple[object, Printed]:
        """Return a page and what it depends on, as they are known or printed anew."""
        view = assembly.views[page.path]
        names = {directive.name for directive in view.directives()}
        of: list[object] = [page, view.page, around]
        if names & OF_ALL_PAGES:
            of.append(assembly.gates)
        if names & {*OF_ALL_PAGES, *OF_ALL_USES}:
            of += [assembly.uses, assembly.beside, assembly.history]
        before = self.site.known.pages.get(page.path)
        if before and before[0] == of:
            return before
        return of, self._printed(assembly, page, citations)

    def _entries(self, assembly: Assembly) -> tuple[Entry, ...]:
        """Return what the search finds beside pages."""
        urls, locale = self.host.urls, self.site.project.settings.locale
        places = urls.get(assembly.bibliography, ""), urls.get(assembly.explorer, "")

        def found(assembly: Assembly) -> tuple[Entry, ...]:
            return tuple(search_entries(assembly, locale, *places))

        of = [self.site.style, locale, places, dict(assembly.homes)]
        return self._once("entries", of, assembly, found)

    def _link(self, page: Rendered) -> Callable[[str], str]:
        """Return how a page links to others by their sources, and to files by their names."""
        names, urls = self.names, self.host.urls

        def link(target: str) -> str:
            url = urls.get(target, target if target in names else None)
            return "" if url is None else self.relate(url, page.url)

        return link

    def _printed(self, assembly: Assembly, page: Rendered, citations: Citations | None) -> Printed:
        draft = replace(self.site.drafts[page.path], content=page.content)
        link = self._link(page)
        body, closing = finished(assembly, draft, link)
        head = ""
        if self.site.gated:
            edition = citations.edition if citations else Edition("")
            # Before the references, whose words it shares: nearer is smaller when packed.
            closing = f"{self._linked(assembly, page, link, edition)}\n{closing}"
        if citations:
            work = citations.of_page("" if page.is_home else page.url)
            head = head_meta(
                work,
                self.host.name,
                page.description or self.host.description,
                f"{self.host.url.rstrip('/')}/{PICTURE}" if self.host.url else "",
                f"How the findings of the report stand: {work.report or work.title}",
            )
            closing += "\n" + citations.box(work.name, f"{self.relate('.', page.url)}/")
        return Printed(
            body,
            closing,
            plainly(assembly, draft, page.title) if page.title else "",
            tuple(plainly(assembly, draft, heading) for heading in page.headings),
            anchor_of_references(assembly, draft),
            tuple(sorted(anchors_of(body + closing))),
            head,
            page.path == assembly.explorer,
        )

    def _citations(self, assembly: Assembly) -> Citations | None:
        """Return the report, its pages and its findings as works, where it says who wrote it."""
        project, host = self.site.project, self.host
        if project.citation is None:
            return None
        edition = Edition(
            project.citation.title or host.name,
            project.citation.authors,
            host.day,
            host.commit,
            host.url,
            project.settings.locale,
        )
        works = [edition.report()]
        works += [
            edition.page(assembly.title(page.path), page.url)
            for page in host.pages
            if not page.is_home and page.path in assembly.views
        ]
        if explorer := host.urls.get(assembly.explorer, ""):
            works += [
                edition.finding(
                    number,
                    item.finding.id,
                    item.finding.statement,
                    f"{explorer}#finding-{item.finding.id}",
                )
                for number, item in enumerate(assembly.in_reading_order, 1)
            ]
        return cited_by_style(
            edition, works, self.site.style, project.settings.locale, self.site.cache
        )

    def _with_citations(self, assembly: Assembly, citations: Citations | None) -> Assembly:
        """Publish the files of each work, and say at each finding how it is cited."""
        if citations is None:
            return assembly
        self.files.update(citations.files())
        edition = citations.edition
        if edition.site_url:
            # The picture is named by its whole address, and so of no use where that is not known.
            stands = [item.assessment for item in assembly.assessed]
            drawn = picture(edition.title, "Research report", stands, edition.in_words())
            if isinstance(drawn, bytes):
                self.files[PICTURE] = drawn
            else:
                message = f"the picture of the report was not made: {drawn.words}"
                self.problems.append(Problem("picture-failed", PICTURE, 1, 1, message, drawn.hint))
            if not self.host.has_robots:
                sitemap = f"Sitemap: {edition.site_url.rstrip('/')}/sitemap.xml\n"
                self.files[ROBOTS] = f"User-agent: *\nAllow: /\n{sitemap}"
        explorer = self.host.urls.get(assembly.explorer)
        if explorer is None:
            return assembly
        return replace(assembly, beside=citations.of_findings(f"{self.relate('.', explorer)}/"))

    def _with_history(self, assembly: Assembly) -> Assembly:
        """Say at each finding, and in one list, what changed between versions."""
        if not (assembly.explorer or assembly.page_with("history")):
            return assembly
        settings = self.site.project.settings
        history = history_of(settings.root, settings.sources, self.site.cache)
        if history is None:
            return assembly
        beside = {
            item.finding.id: assembly.beside.get(item.finding.id, "") + history.of(item.finding.id)
            for item in assembly.assessed
        }
        return replace(assembly, beside=beside, history=history)

    def _linked(
        self,
        assembly: Assembly,
        page: Rendered,
        link: Callable[[str], str],
        edition: Edition,
    ) -> str:
        """Return what machines are told of a page: its quotations, claims and works.

        Where a page of the site lists all works, it tells of them, and the others name them.
        """
        path = page.path
        view = assembly.views[path]
        listing = assembly.bibliography
        chapters = {d.argument for d in view.directives() if d.name == "findings"}
        document = linked_page(
            assembly.evidence,
            assembly.title(path),
            url=page.canonical,
            site_name=self.host.name,
            language=view.locale,
            authors=edition.authors,
            date=edition.date,
            quotations=[
                (view.page.text[place.start : place.end], place.address)
                for place in assembly.quoted_on(path)
            ],
            findings=[a for a in assembly.assessed if a.finding.chapter in chapters],
            keys=(
                assembly.evidence.references
                if listing == path
                else dict.fromkeys(use.key for use in assembly.uses_on(path))
            ),
            bibliography="" if listing in ("", path) else link(listing),
        )
        return linked_data_script(document)

    def _publish(self, assembly: Assembly) -> None:
        """Add the machine's copy of the evidence, the data of pictures, and the downloads."""
        pages = [view.page for view in assembly.views.values()]
        urls = self.host.urls
        document = evidence_document(
            assembly.evidence,
            assembly.assessed,
            assembly.uses,
            self.host.commit,
            __version__,
            self.host.url,
            examined=examined(assembly.evidence, assembly.gates, pages),
            url_of=lambda path: urls.get(path, path),
        )
        for name, value in ((DATASET_NAME, document), (SCHEMA_NAME, schema(self.host.url))):
            self.files[name] = json.dumps(value, ensure_ascii=False) + "\n"
        self.files |= self._once("charts", [assembly.chapters()], assembly, self._charts)
        self.files |= self._once("downloads", [dict(assembly.homes)], assembly, self._downloads)

    def _charts(self, assembly: Assembly) -> dict[str, str]:
        return chart_files(assembly.evidence, assembly.assessed, assembly.chapters())

    def _downloads(self, assembly: Assembly) -> dict[str, str]:
        return dict(downloads(assembly.evidence, assembly.in_reading_order, self.site.items))

    def _once(
        self, name: str, of: list[object], assembly: Assembly, make: Callable[[Assembly], _Value]
    ) -> _Value:
        """Return what was made before of the same evidence and of this, else make it."""
        of = [_Same(assembly.evidence), *of]
        before = self.site.known.parts.get(name)
        if before is None or before[0] != of:
            before = self.site.known.parts[name] = of, make(assembly)
        made: _Value = before[1]
        return made
