"""The MkDocs adapter: thin, and the only module that knows MkDocs (or ProperDocs)."""

from __future__ import annotations

import html as html_
import json
import logging
import os
from dataclasses import replace
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from jinja2 import TemplateError
from markdown import Markdown
from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.exceptions import BuildError, PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils import get_build_date, get_relative_url

from dossier import __version__, web
from dossier.assembly import Assembly
from dossier.cache import Cache
from dossier.chart_files import chart_addresses, chart_files, chart_names
from dossier.citing import head_meta
from dossier.dataset import DATASET_NAME, SCHEMA_NAME, evidence_document
from dossier.dataset_schema import schema
from dossier.downloads import downloads, names_of
from dossier.edition import Citations, Edition, cited_by_style
from dossier.examination import examined
from dossier.extension import CACHE, NAMES, Desk, DossierExtension
from dossier.front_matter import FrontMatter
from dossier.linked_data import linked_data_script, linked_page
from dossier.loading import (
    UNREAD,
    Memory,
    Source,
    commit_of,
    locale_of,
    read_bibliography_option,
    read_page,
    read_project,
    read_settings,
    shown,
)
from dossier.model import Evidence
from dossier.picture import NAME as PICTURE
from dossier.picture import picture
from dossier.policy import with_policy
from dossier.problems import Problem, as_text, has_errors, summary
from dossier.search_entries import Entry, search_entries, with_entries
from dossier.settings import DEFAULTS, GATES
from dossier.site import (
    Draft,
    Site,
    anchor_of_references,
    anchors_of,
    drafted,
    finished,
    open_site,
    plainly,
)
from dossier.versions import history_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

log = get_plugin_logger("dossier")
CARDS_SCRIPT, CARDS_STYLE = "assets/dossier/cards.js", "assets/dossier/cards.css"
EXPLORER_SCRIPT = "assets/dossier/explorer.js"
_LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "note": logging.INFO}


class DossierConfig(base.Config):  # type: ignore[no-untyped-call]
    """The options, as DESIGN.md describes them; `settings` reads them for the command line."""

    bibliography = c.Type((str, list), default=DEFAULTS["bibliography"])
    csl = c.Type(str, default=DEFAULTS["csl"])
    locale = c.Type(str, default=DEFAULTS["locale"])
    sources = c.Type(str, default=DEFAULTS["sources"])
    # YAML 1.1 reads a bare `off` as false.
    evidence = c.Choice((*GATES, False), default=DEFAULTS["evidence"])
    cards = c.Type(bool, default=DEFAULTS["cards"])
    csp = c.Type(bool, default=DEFAULTS["csp"])
    pdf = c.Type(bool, default=DEFAULTS["pdf"])  # `dossier build` heeds it


class _PluginDesk(Desk):
    """The desk of a build: the page at hand is the one that MkDocs renders just now."""

    def __init__(self) -> None:
        self.source: Source | None = None
        self.draft: Draft | None = None
        self.locale = ""
        self.names: tuple[str, ...] | None = None

    def open(self, source: Source, locale: str) -> None:
        self.source, self.locale, self.draft = source, source.front.lang or locale, None

    def mark(self, text: str) -> str:
        # What another plugin renders beside the pages, or within one, is no page of ours.
        if self.source is None or self.draft is not None:
            return text
        self.draft, marked = drafted(self.source, text, self.locale, self.names)
        return marked

    def take(self, content: str, md: Markdown) -> str:  # noqa: ARG002 - the desk's form
        return content


class DossierPlugin(BasePlugin[DossierConfig]):  # type: ignore[no-untyped-call]
    """Holds a site against its evidence and prints it: see DESIGN.md."""

    def __init__(self) -> None:
        self._command: Literal["build", "gh-deploy", "serve"] = "build"
        self._memory = Memory()
        self._desk = _PluginDesk()
        self._site: Site | None = None
        self._urls: dict[str, str] = {}
        self._order: dict[str, int] = {}
        self._closings: dict[str, str] = {}
        self._heads: dict[str, str] = {}
        self._found: tuple[Entry, ...] = ()
        self._left_out: set[str] = set()
        self._at = ""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], **_: object) -> None:
        """Remember what runs: under `serve` a problem never takes the site down."""
        self._command = command

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the project and hand the extension to Python-Markdown."""
        root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
        name = Path(config.config_file_path or "mkdocs.yml").name
        settings, problems = read_settings(root, name)
        language = str(config.theme.get("language") or "")
        evidence = self.config.evidence
        settings = replace(
            settings,
            # MkDocs has merged the configuration: what it read stands above what we did.
            docs=Path(config.docs_dir),
            site=Path(config.site_dir),
            bibliography=read_bibliography_option(self.config.bibliography),
            csl=self.config.csl,
            locale=locale_of(self.config.locale, language),
            sources=self.config.sources,
            evidence=next((gate for gate in GATES if gate == evidence), "off"),
            csp=self.config.csp,
            directory_urls=config.use_directory_urls,
            drafts=() if self._command == "serve" else settings.drafts,
        )
        if self._site is None or self._site.project.settings.root != root:
            self._memory = Memory()  # MkDocs keeps its plugins for as long as the process lives
        project = read_project(settings, self._memory if self._command == "serve" else None)
        self._site = open_site(project, Cache(root / CACHE))
        self._site.style_problems += tuple(problems)
        self._desk.source = None
        self._desk.names = self._site.names
        self._closings = {}
        self._heads = {}
        self._urls = {}
        self._left_out = set()
        self._at = ""
        extension = DossierExtension(self._desk, csp=self.config.csp)
        # A configuration for several hosts may name the extension beside the plugin.
        others = [e for e in config.markdown_extensions if not _is_ours(e)]
        config.markdown_extensions = [*others, extension]  # type: ignore[list-item]
        if self.config.cards:
            # The style of the report stands behind ours and above it.
            config.extra_css.insert(0, CARDS_STYLE)
            config.extra_javascript.append(CARDS_SCRIPT)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig, **_: object) -> Files:
        """Leave out the pages that cannot be read, which would end MkDocs with a traceback."""
        assert self._site is not None
        unread = {p.path for p in self._site.project.problems if p.code in UNREAD}
        for file in list(files):
            path = PurePosixPath(self._name(file))
            if any(str(part) in unread for part in (path, *path.parents)):
                files.remove(file)
                self._left_out.add(str(path))
        for name in (CARDS_STYLE, CARDS_SCRIPT) if self.config.cards else ():
            files.append(File.generated(config, name, content=_served(name)))
        if self._site.project.gated:
            # Known to MkDocs now, so that pages may link to them; their content comes later.
            for name in _published(self._site.project.evidence):
                files.append(File.generated(config, name, content=""))
        return files

    def on_nav(self, nav: Navigation, **_: object) -> Navigation:
        """Remember the order of the chapters, which lists of them follow."""
        self._order = {page.file.src_uri: number for number, page in enumerate(nav.pages)}
        return nav

    @event_priority(-100)
    def on_page_markdown(self, markdown: str, *, page: Page, **_: object) -> str:
        """Open the page at the desk, after every other plugin has changed its text."""
        assert self._site is not None
        settings = self._site.project.settings
        name = self._name(page.file)
        path = page.file.abs_src_path
        source = read_page(name, Path(path))[0] if path else None
        if source is None:
            source = Source(name, markdown, FrontMatter())
        self._at = source.path
        self._desk.open(source, settings.locale)
        self._urls[source.path] = page.file.src_uri
        return markdown

    @event_priority(100)
    def on_page_content(self, html: str, *, page: Page, **_: object) -> str:
        """Keep what Python-Markdown made of the page until all pages are there."""
        assert self._site is not None
        draft, self._desk.source = self._desk.draft, None
        self._at = ""
        if draft is None:
            return html
        # A title is HTML to MkDocs.
        title = html_.unescape(str(page.title)) if page.title else draft.title
        self._site.drafts[draft.page.path] = replace(draft, content=html, title=title)
        return html

    @event_priority(100)
    def on_env(
        self, env: Environment, *, config: MkDocsConfig, files: Files, **_: object
    ) -> Environment:
        """Assemble the evidence, report every problem, and put the evidence into the pages."""
        assert self._site is not None
        last = len(self._order)
        self._site.drafts = dict(
            sorted(self._site.drafts.items(), key=lambda d: self._order.get(self._uri(d[0]), last))
        )
        rest = [s for s in self._site.project.pages if self._is_page(s, files)]
        assembly, problems = self._site.finish(rest)
        self._report((*problems, *self._without_template(env, files)))
        # Drafts have a page while the site is served; nothing that is left out has one.
        by_uri = {file.src_uri: file for file in files if file.page is not None}
        citations = self._citations(assembly, by_uri, config)
        if citations:
            env.globals["edition"] = citations.edition.in_words()
        assembly = self._with_history(self._with_citations(assembly, citations, files, config))
        for path, draft in self._site.drafts.items():
            file = by_uri.get(self._urls.get(path, ""))
            page = file.page if file else None
            if page is None or file is None:
                continue
            # MkDocs changes `content` between its events, and no event sees all pages at once.
            content = page.content if page.content is not None else draft.content
            current = replace(draft, content=content)

            def link(target: str, file: object = file) -> str:
                other = by_uri.get(self._uri(target)) or files.get_file_from_path(target)
                return other.url_relative_to(file) if other else ""  # type: ignore[arg-type]

            page.content, closing = finished(assembly, current, link)
            if self._site.gated:
                closing += self._linked(assembly, path, page, config, link)
            if citations:
                closing += self._cited(citations, page, config)
            if path == assembly.explorer:
                closing += self._explorer_script(files, page, config)
            self._closings[file.src_uri] = closing
            if page.title:
                page.title = plainly(assembly, current, str(page.title))
            for item in _anchors(list(page.toc)):
                item.title = plainly(assembly, current, item.title)
            if anchor := anchor_of_references(assembly, current):
                _add_anchor(page.toc.items, AnchorLink("References", anchor, 2))
            # Authors may link to a finding or an entry of another page.
            whole = page.content + self._closings[file.src_uri]
            page.present_anchor_ids = (page.present_anchor_ids or set()) | anchors_of(whole)
        urls = {path: by_uri[uri].url for path, uri in self._urls.items() if uri in by_uri}
        self._found = tuple(
            search_entries(
                assembly,
                self._site.project.settings.locale,
                urls.get(assembly.bibliography, ""),
                urls.get(assembly.explorer, ""),
            )
        )
        if self._site.project.gated:
            self._publish(assembly, files, config, urls)
        return env

    def _without_template(self, env: Environment, files: Files) -> Iterator[Problem]:
        """Yield the pages whose front matter names a template that cannot be used."""
        for file in files.documentation_pages():
            name = file.page.meta.get("template", "main.html") if file.page else "main.html"
            try:
                env.get_template(name)
            except (TemplateError, TypeError, ValueError, AttributeError, OSError):
                text = file.content_string.splitlines()
                lines = (n for n, line in enumerate(text, 1) if line.startswith("template"))
                message = f"the theme has no template `{name}` that can be used"
                hint = "name one of the theme's or of `custom_dir`, or take the line out"
                line = next(lines, 1)
                yield Problem("unknown-template", self._name(file), line, 1, message, hint)

    def _citations(
        self, assembly: Assembly, by_uri: dict[str, File], config: MkDocsConfig
    ) -> Citations | None:
        """Return the report, its pages and its findings as works, where it says who wrote it."""
        assert self._site is not None
        project = self._site.project
        if project.citation is None:
            return None
        day = get_build_date()
        edition = Edition(
            project.citation.title or config.site_name,
            project.citation.authors,
            # An epoch of zero stands for no date.
            "" if day.startswith("1970") else day,
            commit_of(project.settings.root),
            config.site_url or "",
            project.settings.locale,
        )
        pages = {path: by_uri[uri] for path, uri in self._urls.items() if uri in by_uri}
        explorer = pages.get(assembly.explorer)
        works = [edition.report()]
        works += [
            edition.page(assembly.title(path), file.url)
            for path, file in pages.items()
            if not _is_home(file)
        ]
        works += [
            edition.finding(number, item.finding.id, item.finding.statement, f"{place.url}{anchor}")
            for number, item in enumerate(assembly.in_reading_order, 1)
            if (place := explorer)
            for anchor in (f"#finding-{item.finding.id}",)
        ]
        return cited_by_style(
            edition, works, self._site.style, project.settings.locale, self._site.cache
        )

    def _with_citations(
        self, assembly: Assembly, citations: Citations | None, files: Files, config: MkDocsConfig
    ) -> Assembly:
        """Publish the files of each work, and say at each finding how it is cited."""
        if citations is None:
            return assembly
        for name, text in citations.files():
            _add_file(files, config, name, text)
        edition = citations.edition
        if edition.site_url:
            # The picture is named by its whole address, and so of no use where that is not known.
            stands = [item.assessment for item in assembly.assessed]
            drawn = picture(edition.title, "Research report", stands, edition.in_words())
            if isinstance(drawn, bytes):
                _add_file(files, config, PICTURE, drawn)
            else:
                message = f"the picture of the report was not made: {drawn.words}"
                self._report((Problem("picture-failed", PICTURE, 1, 1, message, drawn.hint),))
            sitemap = f"Sitemap: {edition.site_url.rstrip('/')}/sitemap.xml\n"
            if files.get_file_from_path("robots.txt") is None:
                _add_file(files, config, "robots.txt", f"User-agent: *\nAllow: /\n{sitemap}")
        explorer = files.get_file_from_path(self._urls.get(assembly.explorer, ""))
        if explorer is None:
            return assembly
        root = get_relative_url(".", explorer.url)
        return replace(assembly, beside=citations.of_findings(f"{root}/"))

    def _with_history(self, assembly: Assembly) -> Assembly:
        """Say at each finding, and in one list, what changed between versions."""
        assert self._site is not None
        if not (assembly.explorer or assembly.page_with("history")):
            return assembly
        settings = self._site.project.settings
        history = history_of(settings.root, settings.sources, self._site.cache)
        if history is None:
            return assembly
        beside = {
            item.finding.id: assembly.beside.get(item.finding.id, "") + history.of(item.finding.id)
            for item in assembly.assessed
        }
        return replace(assembly, beside=beside, history=history)

    def _explorer_script(self, files: Files, page: Page, config: MkDocsConfig) -> str:
        """Publish the script of the page of all findings, and return its element."""
        if files.get_file_from_path(EXPLORER_SCRIPT) is None:
            _add_file(files, config, EXPLORER_SCRIPT, _served(EXPLORER_SCRIPT))
        return f'\n<script src="{get_relative_url(EXPLORER_SCRIPT, page.url)}" defer></script>'

    def _cited(self, citations: Citations, page: Page, config: MkDocsConfig) -> str:
        """Return how a page is cited, and keep what its head tells of it."""
        work = citations.of_page("" if _is_home(page.file) else page.url)
        self._heads[page.file.src_uri] = head_meta(
            work,
            config.site_name,
            str(page.meta.get("description") or config.site_description or ""),
            f"{config.site_url.rstrip('/')}/{PICTURE}" if config.site_url else "",
            f"How the findings of the report stand: {work.report or work.title}",
        )
        return "\n" + citations.box(work.name, get_relative_url(".", page.url) + "/")

    def _linked(
        self,
        assembly: Assembly,
        path: str,
        page: Page,
        config: MkDocsConfig,
        link: Callable[[str], str],
    ) -> str:
        """Return what machines are told of a page: its quotations, claims and works.

        Where a page of the site lists all works, it tells of them, and the others name them.
        """
        view = assembly.views[path]
        listing = assembly.bibliography
        keys = (use.key for use in assembly.uses if use.path == path)
        chapters = {d.argument for d in view.directives() if d.name == "findings"}
        document = linked_page(
            assembly.evidence,
            assembly.title(path),
            url=page.canonical_url or "",
            site_name=config.site_name,
            language=view.locale,
            quotations=[
                (view.page.text[place.start : place.end], place.address)
                for place in assembly.gates.places
                if place.path == path and not place.field and place.address
            ],
            findings=[a for a in assembly.assessed if a.finding.chapter in chapters],
            keys=assembly.evidence.references if listing == path else dict.fromkeys(keys),
            bibliography="" if listing in ("", path) else link(listing),
        )
        return "\n" + linked_data_script(document)

    def _publish(
        self, assembly: Assembly, files: Files, config: MkDocsConfig, urls: dict[str, str]
    ) -> None:
        """Give the machine's copy of the evidence its content."""
        assert self._site is not None
        pages = [view.page for view in assembly.views.values()]
        document = evidence_document(
            assembly.evidence,
            assembly.assessed,
            assembly.uses,
            commit_of(self._site.project.settings.root),
            __version__,
            config.site_url or "",
            examined=examined(assembly.evidence, assembly.gates, pages),
            url_of=lambda path: urls.get(path, path),
        )
        texts = {
            name: json.dumps(value, ensure_ascii=False) + "\n"
            for name, value in (
                (DATASET_NAME, document),
                (SCHEMA_NAME, schema(config.site_url or "")),
            )
        }
        texts |= chart_files(assembly.evidence, assembly.assessed, assembly.chapters())
        texts |= downloads(assembly.evidence, assembly.in_reading_order, self._site.cache)
        for name in _published(assembly.evidence):
            file = files.get_file_from_path(name)
            if file is not None and name in texts:
                file.content_string = texts[name]
            elif file is not None:
                files.remove(file)

    @event_priority(-100)
    def on_page_context(
        self, context: TemplateContext, *, page: Page, **_: object
    ) -> TemplateContext:
        """Put notes and references below the page, behind what is searched.

        The search reads a page before this. It finds sources in the whole bibliography, and
        would else find each of them on every page that cites it.
        """
        self._at = self._name(page.file)
        closing = self._closings.get(page.file.src_uri, "")
        if closing and page.content is not None:
            page.content = f"{page.content}\n{closing}"
        return context

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig, **_: object) -> None:
        """Let the search find sources and findings, when it has written what it finds."""
        index = Path(config.site_dir) / "search" / "search_index.json"
        if self._found and index.is_file():
            index.write_text(with_entries(index.read_text("utf-8"), self._found), "utf-8")

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, **_: object) -> str:
        """Tell of a page in its head, and give it its policy, when others have had the page."""
        self._at = ""
        head = self._heads.get(page.file.src_uri, "")
        if head:
            output = output.replace("</head>", f"{head}\n</head>", 1)
        return self._policed(output)

    @event_priority(-100)
    def on_post_template(self, output_content: str, *, template_name: str, **_: object) -> str:
        """Give a page that the theme brings, such as 404.html, its policy."""
        is_page = template_name.endswith((".html", ".htm"))
        return self._policed(output_content) if is_page else output_content

    def _policed(self, html: str) -> str:
        # Under `serve` MkDocs puts a script of its own into every page that it sends.
        wanted = self.config.csp and self._command != "serve" and html.strip()
        return with_policy(html) if wanted else html

    def _name(self, file: File) -> str:
        assert self._site is not None
        settings = self._site.project.settings
        return f"{shown(settings.root, settings.docs)}/{file.src_uri}"

    def _uri(self, path: str) -> str:
        assert self._site is not None
        settings = self._site.project.settings
        return self._urls.get(path) or os.path.relpath(
            path, shown(settings.root, settings.docs)
        ).replace(os.sep, "/")

    def _is_page(self, source: Source, files: Files) -> bool:
        if source.path in self._left_out:
            return True
        file = files.get_file_from_path(self._uri(source.path))
        return file is not None and not file.inclusion.is_excluded()  # type: ignore[no-untyped-call]

    def _report(self, problems: tuple[Problem, ...]) -> None:
        for problem in problems:
            log.log(_LEVELS[problem.severity], as_text(problem))
        if has_errors(problems) and self._command != "serve":
            raise PluginError(f"The report does not agree with its sources: {summary(problems)}.")

    def on_build_error(self, *, error: Exception, **_: object) -> None:
        """Name the page that MkDocs fails on, with all else that is wrong, and no traceback."""
        if self._site is None or not self._at or isinstance(error, BuildError):
            return
        log.debug("MkDocs failed on %s", self._at, exc_info=error)
        # Before the evidence was assembled nothing has been reported yet.
        before = self._desk.source is not None
        problems = self._site.finish(self._site.project.pages)[1] if before else ()
        if isinstance(error, RecursionError):
            why, hint = "it is nested too deep", "take lists, quotations and elements apart"
        else:
            why = " ".join(f"{type(error).__name__}: {error}".split())
            hint = "mend what this names, be it in the text or in the front matter (`template`)"
        message = f"the host cannot build this page: {why}"
        failed = Problem("page-failed", self._at, 1, 1, message, hint)
        self._at = ""
        self._report((*problems, failed))

    def on_serve(self, server: LiveReloadServer, **_: object) -> LiveReloadServer:
        """Reload when the bibliography, the sources or the style change."""
        assert self._site is not None
        for path in self._site.project.watched:
            if path.exists():
                server.watch(str(path))
        return server


def _served(name: str) -> str:
    """Return the script or style of ours that a site serves under a name."""
    text = resources.files(web).joinpath(PurePosixPath(name).name).read_text("utf-8")
    return web.as_served(text) if name.endswith(".js") else text


def _published(evidence: Evidence) -> tuple[str, ...]:
    """Return the names of the files that a site offers beside its pages, each once."""
    charts = (name for chart in chart_names(evidence) for name in chart_addresses(chart).values())
    return tuple(dict.fromkeys((DATASET_NAME, SCHEMA_NAME, *names_of(evidence), *charts)))


def _is_home(file: File) -> bool:
    return file.url in ("", ".", "./", "index.html")


def _add_file(files: Files, config: MkDocsConfig, name: str, text: str | bytes) -> None:
    """Put a file into the site as it is, which no page links to before all pages are there."""
    inclusion = InclusionLevel.INCLUDED
    files.append(File.generated(config, name, content=text, inclusion=inclusion))


def _is_ours(extension: object) -> bool:
    return isinstance(extension, DossierExtension) or extension in NAMES


def _anchors(items: list[AnchorLink]) -> list[AnchorLink]:
    found: list[AnchorLink] = []
    for item in items:
        found.append(item)
        found += _anchors(item.children)
    return found


def _add_anchor(items: list[AnchorLink], anchor: AnchorLink) -> None:
    """Put the heading of the references last, below the title of the page."""
    if items and items[-1].level < anchor.level:
        items[-1].children.append(anchor)
    else:
        items.append(anchor)
