"""One build of a site: pages come in as Markdown and go out as HTML with their evidence.

Both adapters drive it. A page is marked before Python-Markdown reads it and taken over
after; when all pages are there everything is assembled once and put into each.
"""

from __future__ import annotations

import posixpath
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath

from dossier.assembly import Assembly, Link, View, assemble
from dossier.cache import Cache
from dossier.check import check_pages, check_uses
from dossier.clusters import canonical
from dossier.loading import Project, Source, shown
from dossier.model import Span
from dossier.problems import Problem, in_order
from dossier.settings import Settings
from dossier.site_check import Expected
from dossier.style import Style, Styled, find_style, render
from dossier.syntax import Page, scan_page
from dossier.weave import Mark, as_plain, landings, mark, resolve, token


@dataclass(frozen=True, slots=True)
class Draft:
    """A page that Python-Markdown has rendered, its tokens still in it."""

    page: Page
    marks: tuple[Mark, ...]
    content: str
    title: str
    locale: str

    def view(self) -> View:
        """Return what the assembly needs of the page."""
        landed = frozenset(found.number for found in landings(self.content) if found.prose)
        return View(self.page, self.marks, landed, self.title, self.locale)


def placed(source: Source, markdown: str) -> tuple[str, int]:
    """Return Markdown to scan and the line of the file on which it begins.

    A host hands over the text behind the front matter; where it is the text of the file
    the places of the file hold, else the line is counted from the top.
    """
    body = source.text[source.front.body :]
    if body.strip("\n") == markdown.strip("\n") and markdown.strip("\n"):
        at = source.text.find(markdown.strip("\n"), source.front.body)
        lead = len(markdown) - len(markdown.lstrip("\n"))
        return markdown, source.text.count("\n", 0, at) + 1 - lead
    return markdown, source.text.count("\n", 0, source.front.body) + 1


def scan_source(source: Source) -> Page:
    """Return the scan of a page as it stands on disk."""
    return scan_page(source.path, source.text, source.front.body)


def scan_markdown(source: Source, markdown: str) -> Page:
    """Return the scan of a page as its host hands it over, with the places of its file."""
    text, line = placed(source, markdown)
    return scan_page(source.path, text, 0, line)


def as_drafted(source: Source, locale: str) -> Draft:
    """Return a page that no host has rendered: every citation counts as printed."""
    page = scan_source(source)
    marked = mark(page)
    tokens = "".join(f"{token(n)}\n" for n in range(len(marked.marks)))
    return Draft(page, marked.marks, tokens, title_of(source), source.front.lang or locale)


def title_of(source: Source) -> str:
    """Return the title of a page: of its front matter, else its first heading, else its name."""
    if source.front.title:
        return source.front.title
    for line in source.text[source.front.body :].split("\n"):
        if line.startswith("# "):
            return line[2:].strip(" #")
    return source.path.rpartition("/")[2].removesuffix(".md")


@dataclass(slots=True)
class Site:
    """The pages of one build, and the rendered evidence once they are all there."""

    project: Project
    style: Style
    cache: Cache | None
    style_problems: tuple[Problem, ...] = ()
    drafts: dict[str, Draft] = field(default_factory=dict)

    def finish(self, rest: Iterable[Source] = ()) -> tuple[Assembly, tuple[Problem, ...]]:
        """Return the assembled evidence and every problem of the project.

        `rest` are pages that were not rendered in this build and cite all the same.
        """
        drafts = dict(self.drafts)
        for source in rest:
            if source.path not in drafts:
                drafts[source.path] = as_drafted(source, self.project.settings.locale)
        found: list[Problem] = []
        styling = partial(self._render, found)
        evidence = self.project.evidence
        assembly = assemble(evidence, [d.view() for d in drafts.values()], styling)
        pages = [self._landed(draft) for draft in drafts.values()]
        problems = (
            *self.project.problems,
            *self.style_problems,
            *found,
            *assembly.problems,
            *check_pages(evidence, pages, gated=self.project.gated),
            *check_uses(evidence, pages),
        )
        return assembly, in_order(problems)

    def _landed(self, draft: Draft) -> Page:
        """Return the scan of a page with only the citations that came out as prose."""
        view = draft.view()
        return replace(
            draft.page,
            clusters=tuple(cluster for _, cluster in view.clusters()),
            directives=tuple(view.directives()),
        )

    def _places(self) -> dict[str, Span]:
        """Return where each distinct cluster stands first."""
        keys = self.project.evidence.references
        places: dict[str, Span] = {}
        for draft in self.drafts.values():
            for cluster in draft.page.clusters:
                places.setdefault(canonical(cluster, keys), draft.page.span(cluster.start))
        return places

    def _render(self, found: list[Problem], locale: str, sources: Iterable[str]) -> Styled:
        settings = self.project.settings
        styled, problems = render(
            tuple(self.project.evidence.references.values()),
            sources,
            style=self.style,
            locale=locale,
            cache=self.cache,
            place=Span(settings.config, settings.lines.get("locale", 1)),
            places=self._places(),
        )
        found += problems
        return styled


def open_site(project: Project, cache: Cache | None) -> Site:
    """Return a build of a project that holds no page yet."""
    settings = project.settings
    place = Span(settings.config, settings.lines.get("csl", 1))
    style, problems = find_style(settings.csl, project.style, place=place)
    return Site(project, style, cache, problems)


def finished(assembly: Assembly, draft: Draft, link: Link) -> str:
    """Return the HTML of a page with its evidence in it and its references below."""
    path = draft.page.path

    def fragment(number: int, _: Mark) -> str:
        return assembly.fragment(path, number, link)

    body = resolve(draft.content, draft.marks, fragment)
    closing = assembly.closing(path, link)
    return f"{body}\n{closing}" if closing else body


def plainly(assembly: Assembly, draft: Draft, text: str) -> str:
    """Return a title or heading of a page in plain words."""
    return as_plain(text, lambda number: assembly.plain(draft.page.path, number))


def expected_pages(site: Site, settings: Settings, pages: Container[str]) -> dict[str, Expected]:
    """Return what each page of a built site should show, by its path there.

    A page whose HTML is nowhere in the site may be left out of it by its author
    (`exclude_docs`, a draft): it is expected only where the site has no page at all.
    """
    docs = shown(settings.root, settings.docs)
    expected: dict[str, Expected] = {}
    for path, draft in site.drafts.items():
        where = html_path(path, docs, settings.directory_urls)
        if where in pages:
            expected[where] = Expected(path, len(draft.page.clusters), len(draft.page.escapes))
    return expected


def html_path(path: str, docs: str, directories: bool) -> str:
    """Return where the HTML of a page stands in the site, as MkDocs lays it out."""
    pure = PurePosixPath(posixpath.relpath(path, docs))
    if pure.stem.lower() in ("index", "readme"):
        return str(pure.with_name("index.html"))
    return (
        str(pure.with_suffix("") / "index.html") if directories else str(pure.with_suffix(".html"))
    )
