"""The MkDocs adapter: thin, and the only module that knows MkDocs (or ProperDocs)."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from markdown import Markdown
from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.toc import AnchorLink

from dossier.cache import Cache
from dossier.extension import CACHE, Desk, DossierExtension
from dossier.front_matter import FrontMatter
from dossier.loading import Memory, Source, locale_of, read_page, read_project, read_settings, shown
from dossier.problems import Problem, as_text, has_errors, summary
from dossier.settings import DEFAULTS, GATES
from dossier.site import Draft, Site, finished, open_site, plainly, scan_markdown, title_of
from dossier.weave import mark

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

log = get_plugin_logger("dossier")
_LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "note": logging.INFO}


class DossierConfig(base.Config):  # type: ignore[no-untyped-call]
    """The options, as DESIGN.md describes them; `settings` reads them for the command line."""

    bibliography = c.Type((str, list), default=DEFAULTS["bibliography"])
    csl = c.Type(str, default=DEFAULTS["csl"])
    locale = c.Type(str, default=DEFAULTS["locale"])
    sources = c.Type(str, default=DEFAULTS["sources"])
    # YAML 1.1 reads a bare `off` as false.
    evidence = c.Choice((*GATES, False), default=DEFAULTS["evidence"])


class _PluginDesk(Desk):
    """The desk of a build: the page at hand is the one that MkDocs renders just now."""

    def __init__(self) -> None:
        self.source: Source | None = None
        self.draft: Draft | None = None
        self.locale = ""

    def open(self, source: Source, locale: str) -> None:
        self.source, self.locale, self.draft = source, source.front.lang or locale, None

    def mark(self, text: str) -> str:
        if self.source is None:  # Markdown that another plugin renders beside the pages
            return text
        page = scan_markdown(self.source, text)
        marked = mark(page)
        self.draft = Draft(page, marked.marks, "", title_of(self.source), self.locale)
        return marked.text

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

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], **_: object) -> None:
        """Remember what runs: under `serve` a problem never takes the site down."""
        self._command = command

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the project and hand the extension to Python-Markdown."""
        root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
        name = Path(config.config_file_path or "mkdocs.yml").name
        settings, problems = read_settings(root, name)
        language = str(config.theme.get("language") or "")
        settings = type(settings)(
            root,
            name,
            Path(config.docs_dir),
            Path(config.site_dir),
            settings.bibliography,
            settings.csl,
            locale_of(self.config.locale, language),
            self.config.sources,
            settings.evidence,
            config.use_directory_urls,
            settings.lines,
        )
        project = read_project(settings, self._memory if self._command == "serve" else None)
        self._site = open_site(project, Cache(root / CACHE))
        self._site.style_problems += tuple(problems)
        self._desk.source = None
        self._urls = {}
        extension = DossierExtension(self._desk)
        others = [e for e in config.markdown_extensions if not isinstance(e, DossierExtension)]
        config.markdown_extensions = [*others, extension]  # type: ignore[list-item]
        return config

    def on_nav(self, nav: Navigation, **_: object) -> Navigation:
        """Remember the order of the chapters, which lists of them follow."""
        self._order = {page.file.src_uri: number for number, page in enumerate(nav.pages)}
        return nav

    @event_priority(-100)
    def on_page_markdown(self, markdown: str, *, page: Page, **_: object) -> str:
        """Open the page at the desk, after every other plugin has changed its text."""
        assert self._site is not None
        settings = self._site.project.settings
        source = None
        if page.file.abs_src_path:
            path = Path(page.file.abs_src_path)
            source = read_page(shown(settings.root, path), path)[0]
        if source is None:
            name = f"{shown(settings.root, settings.docs)}/{page.file.src_uri}"
            source = Source(name, markdown, FrontMatter())
        self._desk.open(source, settings.locale)
        self._urls[source.path] = page.file.src_uri
        return markdown

    @event_priority(100)
    def on_page_content(self, html: str, *, page: Page, **_: object) -> str:
        """Keep what Python-Markdown made of the page until all pages are there."""
        assert self._site is not None
        draft, self._desk.source = self._desk.draft, None
        if draft is None:
            return html
        title = str(page.title) if page.title else draft.title
        self._site.drafts[draft.page.path] = Draft(
            draft.page, draft.marks, html, title, draft.locale
        )
        return html

    @event_priority(100)
    def on_env(self, env: Environment, *, files: Files, **_: object) -> Environment:
        """Assemble the evidence, report every problem, and put the evidence into the pages."""
        assert self._site is not None
        last = len(self._order)
        self._site.drafts = dict(
            sorted(self._site.drafts.items(), key=lambda d: self._order.get(self._uri(d[0]), last))
        )
        rest = [s for s in self._site.project.pages if self._is_page(s, files)]
        assembly, problems = self._site.finish(rest)
        self._report(problems)
        by_uri = {file.src_uri: file for file in files.documentation_pages()}
        for path, draft in self._site.drafts.items():
            file = by_uri.get(self._urls.get(path, ""))
            page = file.page if file else None
            if page is None or file is None:
                continue
            # MkDocs changes `content` between its events, and no event sees all pages at once.
            content = page.content if page.content is not None else draft.content
            drafted = Draft(draft.page, draft.marks, content, draft.title, draft.locale)

            def link(target: str, file: object = file) -> str:
                other = by_uri.get(self._uri(target))
                return other.url_relative_to(file) if other else ""  # type: ignore[arg-type]

            page.content = finished(assembly, drafted, link)
            if page.title:
                page.title = plainly(assembly, drafted, str(page.title))
            for item in _anchors(list(page.toc)):
                item.title = plainly(assembly, drafted, item.title)
            if '<h2 id="references"' in page.content:
                _add_anchor(page.toc.items, AnchorLink("References", "references", 2))
        return env

    def _uri(self, path: str) -> str:
        assert self._site is not None
        settings = self._site.project.settings
        return self._urls.get(path) or os.path.relpath(
            path, shown(settings.root, settings.docs)
        ).replace(os.sep, "/")

    def _is_page(self, source: Source, files: Files) -> bool:
        file = files.get_file_from_path(self._uri(source.path))
        return file is not None and not file.inclusion.is_excluded()  # type: ignore[no-untyped-call]

    def _report(self, problems: tuple[Problem, ...]) -> None:
        for problem in problems:
            log.log(_LEVELS[problem.severity], as_text(problem))
        if has_errors(problems) and self._command != "serve":
            raise PluginError(f"The report does not agree with its sources: {summary(problems)}.")

    def on_serve(self, server: LiveReloadServer, **_: object) -> LiveReloadServer:
        """Reload when the bibliography, the sources or the style change."""
        assert self._site is not None
        for path in self._site.project.watched:
            if path.exists():
                server.watch(str(path))
        return server


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
