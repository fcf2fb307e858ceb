"""One build of a site: pages come in as Markdown and go out as HTML with their evidence.

Both adapters drive it. A page is marked before Python-Markdown reads it and taken over
after; when all pages are there everything is assembled once and put into each.
"""

from __future__ import annotations

import html
import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from dossier.assembly import Assembly, Link, Taken, View, assemble
from dossier.cache import Cache
from dossier.check import check_pages, check_uses
from dossier.clusters import canonical
from dossier.edits import Edit
from dossier.gates import Gate, Gates, Reading, read
from dossier.handover import Printed
from dossier.loading import Project, Source, shown
from dossier.model import Span
from dossier.problems import Problem, in_order
from dossier.settings import Settings
from dossier.site_check import Expected
from dossier.style import Setting, Style, Styled, as_csl_json, begin, find_style, render
from dossier.syntax import Page, scan_page
from dossier.weave import Mark, Stretch, landings, mark, resolve, token


@dataclass(frozen=True, slots=True)
class Draft:
    """A page that Python-Markdown has rendered, its tokens still in it.

    `edits` are those by which its Markdown was marked, `names` those that were known.
    """

    page: Page
    marks: tuple[Mark, ...]
    content: str
    title: str
    locale: str
    held: tuple[Stretch, ...] = ()
    reading: Reading | None = None
    edits: tuple[Edit, ...] = ()
    names: tuple[str, ...] | None = None

    def view(self) -> View:
        """Return what the assembly needs of the page."""
        landed = dict.fromkeys(found.number for found in landings(self.content) if found.prose)
        return View(self.page, self.marks, tuple(landed), self.title, self.locale, self.held)


@dataclass(slots=True)
class Known:
    """What is known of the build before, in the same process.

    `gate` belongs to its evidence; `views` are by path, each with the draft that it is of; so are
    the pages that were `rendered`, each with its source; `pages` and `parts` are for who publishes.
    """

    gate: Gate | None = None
    views: dict[str, tuple[Draft, View, Page]] = field(default_factory=dict)
    drafts: dict[str, tuple[Source, Draft]] = field(default_factory=dict)
    rendered: dict[str, tuple[Source, Draft]] = field(default_factory=dict)
    taken: dict[str, Taken] = field(default_factory=dict)
    pages: dict[str, tuple[object, Printed]] = field(default_factory=dict)
    parts: dict[str, tuple[object, Any]] = field(default_factory=dict)


def placed(source: Source, markdown: str) -> tuple[str, int]:
    """Return Markdown to scan and the line of the file on which it begins.

    A host hands over the text behind the front matter, in whichever form it reads that. Where
    this is the end of the file the places of the file hold, else they count from its top.
    """
    lead = len(markdown) - len(markdown.lstrip("\n"))
    core, whole = markdown.strip("\n"), source.text.rstrip("\n")
    at = len(whole) - len(core)
    if core and whole.endswith(core) and (at == 0 or whole[at - 1] == "\n"):
        return markdown, source.text.count("\n", 0, at) + 1 - lead
    return markdown, source.text.count("\n", 0, source.front.body) + 1


def scan_source(source: Source) -> Page:
    """Return the scan of a page as it stands on disk."""
    return scan_page(source.path, source.text, source.front.body)


def scan_markdown(source: Source, markdown: str) -> Page:
    """Return the scan of a page as its host hands it over, with the places of its file."""
    text, line = placed(source, markdown)
    return scan_page(source.path, text, 0, line)


def stretches_in(reading: Reading) -> tuple[Stretch, ...]:
    """Return where the quotations of a page stand, and the numbers that are in none of them."""
    quoted = [
        Stretch("quotation-block" if one.block else "quotation", one.start, one.end)
        for unit in reading.units
        for one in unit.quotations
    ]
    inside = sorted((one.start, one.end) for one in quoted)
    starts = [start for start, _ in inside]

    def is_quoted(start: int) -> bool:
        before = bisect_right(starts, start) - 1
        return before >= 0 and start < inside[before][1]

    numbers: list[Stretch] = []
    for one in (one for unit in reading.numbers for one in unit):
        # Of two numbers that share words, as those of a range may, one element can hold one.
        before = numbers[-1].end if numbers else 0
        if before <= one.start and not is_quoted(one.start):
            numbers.append(Stretch("number", one.start, one.end))
    return (*quoted, *numbers)


def as_drafted(source: Source, locale: str, names: Iterable[str] | None = None) -> Draft:
    """Return a page that no host has rendered: every citation counts as printed.

    `names` are those of the project, None where nothing is held.
    """
    draft, _ = _draft(source, scan_source(source), locale, names)
    tokens = "".join(f"{token(n)}\n" for n in range(len(draft.marks)))
    return replace(draft, content=tokens)


def drafted(
    source: Source, markdown: str, locale: str, names: Iterable[str] | None = None
) -> tuple[Draft, str]:
    """Return a page as its host hands it over, without content yet, and what to render of it.

    Where there are `names`, those of the project, its quotations and numbers are marked too,
    so that they can carry their passages.
    """
    return _draft(source, scan_markdown(source, markdown), locale, names)


def _draft(
    source: Source, page: Page, locale: str, names: Iterable[str] | None
) -> tuple[Draft, str]:
    reading = None if names is None else read(page, names)
    held = stretches_in(reading) if reading else ()
    marked = mark(page, held)
    title = source.front.title or _first_heading(marked.text) or _stem(source.path)
    locale = source.front.lang or locale
    known = None if names is None else tuple(names)
    draft = Draft(page, marked.marks, "", title, locale, held, reading, marked.edits, known)
    return draft, marked.text


def _first_heading(markdown: str) -> str:
    """Return the first heading of a page without its markup, where it is the first line."""
    first = markdown.lstrip("\n").partition("\n")[0]
    if not first.startswith("# "):
        return ""
    text = re.sub(r"\s*\{[^{}]*\}\s*$", "", first[2:].strip()).rstrip("# ")
    text = re.sub(r"!?\[([^\[\]]*)\]\([^()]*\)", r"\1", text)
    return re.sub(r"(\*\*|\*|__|`)(?=\S)(.+?)(?<=\S)\1", r"\2", text)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Outline:
    """What other pages take from a page: its title, its directives, what it cites and where."""

    title: str
    directives: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    cited: tuple[str, ...]


@dataclass(slots=True)
class Site:
    """The pages of one build, and the rendered evidence once they are all there."""

    project: Project
    style: Style
    cache: Cache | None
    style_problems: tuple[Problem, ...] = ()
    drafts: dict[str, Draft] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    setting: Setting | None = None

    @property
    def gated(self) -> bool:
        """Whether quotations and numbers are held: where there are records, or must be."""
        project = self.project
        required = project.settings.evidence == "required"
        return project.gated and (required or bool(project.evidence.records))

    @property
    def names(self) -> tuple[str, ...] | None:
        """The names whose digits count nothing, None where nothing is held."""
        return self.project.evidence.names if self.gated else None

    def drafted(self, source: Source, markdown: str, known: Draft | None = None) -> Draft:
        """Return a page as its host hands it over; a known draft of the same is taken as it is.

        `known` is of the same source, scanned perhaps under another configuration.
        """
        locale = source.front.lang or self.project.settings.locale
        if known and (known.page.text, known.locale, known.names) == (markdown, locale, self.names):
            return known
        return drafted(source, markdown, locale, self.names)[0]

    def finish(
        self, rest: Iterable[Source] = (), order: Sequence[str] = ()
    ) -> tuple[Assembly, tuple[Problem, ...]]:
        """Return the assembled evidence and every problem of the project.

        `rest` are pages that were not rendered in this build and cite all the same; `order` are
        the paths of pages as chapters stand, those that it does not name come behind.
        """
        drafts = dict(self.drafts)
        for source in rest:
            if source.path not in drafts:
                drafts[source.path] = self._as_drafted(source)
        places = {path: place for place, path in enumerate(order)}
        drafts = dict(sorted(drafts.items(), key=lambda one: places.get(one[0], len(places))))
        found: list[Problem] = []
        styling = partial(self._render, found)
        evidence = self.project.evidence
        self.known.views = {path: self._viewed(draft) for path, draft in drafts.items()}
        pages = [page for _, _, page in self.known.views.values()]
        views = [view for _, view, _ in self.known.views.values()]
        gates = self._held(drafts.values(), pages) if self.gated else Gates()
        assembly = assemble(evidence, views, styling, gates, self.known.taken)
        problems = (
            *self.project.problems,
            *self.style_problems,
            *found,
            *assembly.problems,
            *check_pages(evidence, pages, gated=self.project.gated),
            *check_uses(evidence, pages),
            *gates.problems,
        )
        unread = unread_evidence(self.project)
        return assembly, in_order(p for p in problems if not _follows_from(p, unread))

    def changed(self) -> frozenset[str]:
        """Return the pages whose files are not as they were when they were last rendered."""
        rendered = self.known.rendered
        last = {path: source for path, (source, _) in rendered.items()}
        return frozenset(s.path for s in self.project.pages if last.get(s.path) != s)

    def outline(self, source: Source) -> Outline:
        """Return what other pages take from a page, as its file has it."""
        draft = self._scanned(source)
        page = draft.page
        return Outline(
            draft.title,
            tuple((one.name, one.argument, one.options) for one in page.directives),
            tuple(page.text[cluster.start : cluster.end] for cluster in page.clusters),
        )

    def _as_drafted(self, source: Source) -> Draft:
        """Return a page that is not rendered in this build, as it is known or scanned anew."""
        last = self.known.rendered.get(source.path)
        if last and last[0] == source and last[1].names == self.names:
            return last[1]
        return self._scanned(source)

    def _scanned(self, source: Source) -> Draft:
        locale = self.project.settings.locale
        before = self.known.drafts.get(source.path)
        if before and before[0] == source and before[1].locale == (source.front.lang or locale):
            return before[1]
        draft = as_drafted(source, locale)
        self.known.drafts[source.path] = (source, draft)
        return draft

    def _held(self, drafts: Iterable[Draft], pages: Sequence[Page]) -> Gates:
        """Return what becomes of quotations and numbers."""
        evidence = self.project.evidence
        gate = self.known.gate
        if gate is None or gate.evidence is not evidence:
            gate = self.known.gate = Gate(evidence)
        known = {
            page.path: draft.reading
            for page, draft in zip(pages, drafts, strict=True)
            if draft.reading is not None and page == draft.page
        }
        return gate.hold(pages, known)

    def _viewed(self, draft: Draft) -> tuple[Draft, View, Page]:
        """Return a draft, its view, and its scan with only what came out as prose."""
        before = self.known.views.get(draft.page.path)
        if before and before[0] == draft:
            return before
        view = draft.view()
        landed = replace(
            draft.page,
            clusters=tuple(cluster for _, cluster in view.clusters()),
            directives=tuple(view.directives()),
        )
        return draft, view, landed

    def _places(self) -> dict[str, Span]:
        """Return where each distinct cluster stands first."""
        keys = self.project.evidence.references
        places: dict[str, Span] = {}
        for draft in self.drafts.values():
            for cluster in draft.page.clusters:
                places.setdefault(canonical(cluster, keys), draft.page.span(cluster.start))
        return places

    def foresee(self, texts: Mapping[str, str]) -> dict[str, tuple[Source, Draft]]:
        """Return the drafts of pages as they are likely to be handed over, and start to set them.

        `texts` gives the Markdown by path. The style processor works while the host still renders.
        """
        drafts = {
            source.path: (source, self.drafted(source, texts[source.path]))
            for source in self.project.pages
            if source.path in texts
        }
        evidence, locale = self.project.evidence, self.project.settings.locale
        clusters = dict.fromkeys(
            canonical(cluster, evidence.references)
            for _, draft in drafts.values()
            if draft.locale == locale
            for cluster in draft.page.clusters
        )
        clusters.pop("", None)
        self.setting = begin(
            tuple(evidence.references.values()),
            clusters,
            style=self.style,
            locale=locale,
            cache=self.cache,
        )
        return drafts

    def items(self) -> list[dict[str, object]] | None:
        """Return the works as CSL-JSON, None where they cannot be read."""
        if self.setting:
            return self.setting.items()
        return as_csl_json(tuple(self.project.evidence.references.values()), self.cache)

    def _render(self, found: list[Problem], locale: str, sources: Iterable[str]) -> Styled:
        settings = self.project.settings
        if self.setting and self.setting.locale == locale:
            styled, problems = self.setting.finish(
                sources,
                place=_place(settings, "locale"),
                style_place=_place(settings, "csl"),
                places=self._places(),
            )
            found += problems
            return styled
        styled, problems = render(
            tuple(self.project.evidence.references.values()),
            sources,
            style=self.style,
            locale=locale,
            cache=self.cache,
            place=_place(settings, "locale"),
            style_place=_place(settings, "csl"),
            places=self._places(),
        )
        found += problems
        return styled


def _place(settings: Settings, option: str) -> Span:
    """Return where an option is set, the head of the configuration where it is not."""
    return Span(settings.config, settings.lines.get(option, 1))


def open_site(project: Project, cache: Cache | None, known: Known | None = None) -> Site:
    """Return a build of a project that holds no page yet."""
    settings = project.settings
    style, problems = find_style(settings.csl, project.style, place=_place(settings, "csl"))
    return Site(project, style, cache, problems, known=known or Known())


def unread_evidence(project: Project) -> frozenset[str]:
    """Return the keys of records and the ids of series whose files are there and cannot be read.

    Their names are those of the files: what stands in such a file nobody knows.
    """
    sources = project.settings.sources.strip("/")
    folders = (f"{sources}/records/", f"{sources}/series/")
    broken = {
        PurePosixPath(problem.path).stem
        for problem in project.problems
        if problem.severity == "error" and problem.path.startswith(folders)
    }
    return frozenset(broken - set(project.evidence.records) - set(project.evidence.series))


_OF_MISSING = frozenset(
    {
        "no-record",
        "number-not-found",
        "unknown-origin",
        "unknown-passage",
        "unknown-record",
        "unknown-series",
    }
)


def _follows_from(problem: Problem, unread: frozenset[str]) -> bool:
    """Tell whether a problem says no more than that a file, which is broken, is not there.

    A hint to write a record that exists would send its author the wrong way, and a number of
    that record is not to be looked for before it can be read.
    """
    if problem.code not in _OF_MISSING:
        return False
    # Of a number the message names what was looked for, and the hint what could not be read.
    said = problem.hint if problem.code == "number-not-found" else problem.message
    return any(f"`{key}`" in said or f"`{key}#" in said for key in unread)


def finished(assembly: Assembly, draft: Draft, link: Link) -> tuple[str, str]:
    """Return the HTML of a page with its evidence in it, and what stands at its end.

    That is its notes and references, with a heading of their own.
    """
    path = draft.page.path
    # No id twice on a page: a second table of the same findings, or a heading of that name.
    ids = _ids_in(draft.content)

    def fragment(number: int, _: Mark) -> str:
        return _once(assembly.fragment(path, number, link), ids)

    content = _TOC.sub(lambda match: plainly(assembly, draft, match.group()), draft.content)
    body = resolve(content, draft.marks, fragment)
    closing = assembly.closing(path, link, _heading_of_references(draft))
    return body, _once(closing, ids)


def _heading_of_references(draft: Draft) -> str:
    """Return the id for the heading of a page's references, empty where its author wrote one."""
    if re.search(r"</h[1-6]>\s*\Z", draft.content):
        return ""
    taken = _ids_in(draft.content)
    return next((i for i in ("references", "page-references") if i not in taken), "references-list")


def anchor_of_references(assembly: Assembly, draft: Draft) -> str:
    """Return the id of the heading that a page's references have been given, empty for none."""
    return _heading_of_references(draft) if assembly.has_references(draft.page.path) else ""


def anchors_of(content: str) -> frozenset[str]:
    """Return the ids in a page's HTML."""
    return frozenset(map(html.unescape, _ids_in(content)))


# Authors may write an id in each of the three ways of HTML.
_ID = re.compile(
    r"<[a-z][^<>]*?\sid\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+))", re.IGNORECASE
)


def _ids_in(content: str) -> set[str]:
    return {next(filter(None, ids), "") for ids in _ID.findall(content)}


_TAG_WITH_ID = re.compile(r"(<[A-Za-z][^<>]*?)\sid=\"([^\"]*)\"")
_MEANING = re.compile(r" data-meaning=\"[^\"]*\"")
# The table of contents that `[TOC]` makes in a page holds its headings in links.
_TOC = re.compile(r"<div class=\"toc\">.*?</div>", re.DOTALL)


def _once(fragment: str, ids: set[str]) -> str:
    """Return HTML without the ids that the page has already, and add its own to them.

    So it is with what an assessment means: the first badge of each kind says it for all.
    """

    def kept(match: re.Match[str]) -> str:
        if match[2] in ids:
            return match[1]
        ids.add(match[2])
        return match[0]

    def said(match: re.Match[str]) -> str:
        known = match[0] in ids
        ids.add(match[0])
        return "" if known else match[0]

    return _MEANING.sub(said, _TAG_WITH_ID.sub(kept, fragment))


def plainly(assembly: Assembly, draft: Draft, text: str) -> str:
    """Return a title or heading of a page in plain words."""
    return assembly.in_words(draft.page.path, text)


def expected_pages(site: Site) -> dict[str, Expected]:
    """Return what each page of a built site should show, by its path there."""
    settings = site.project.settings
    docs = shown(settings.root, settings.docs)
    return {
        html_path(path, docs, settings.directory_urls): Expected(
            path, len(draft.page.clusters), frozenset(_escaped(draft.page))
        )
        for path, draft in site.drafts.items()
    }


def _escaped(page: Page) -> Iterator[str]:
    """Yield the word behind each escaped sign, as far as a raw citation would be read."""
    for at in page.escapes:
        match = re.compile(r"[^\]\[\s;,]*").match(page.text, at + 2)
        yield match.group() if match else ""


def html_path(path: str, docs: str, directories: bool) -> str:
    """Return where the HTML of a page stands in the site, as MkDocs lays it out."""
    pure = PurePosixPath(posixpath.relpath(path, docs))
    if pure.stem in ("index", "README"):
        return str(pure.with_name("index.html"))
    return (
        str(pure.with_suffix("") / "index.html") if directories else str(pure.with_suffix(".html"))
    )
