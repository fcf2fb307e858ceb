"""The MkDocs adapter: thin, and the only module that knows MkDocs (or ProperDocs).

Of the engine it loads what it needs when it needs it: a build that finds everything kept from the
one before needs next to nothing.
"""

from __future__ import annotations

import html as html_
import logging
import os
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from jinja2 import TemplateError
from markupsafe import Markup, escape
from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.exceptions import BuildError, PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils import get_build_date, get_relative_url

from dossier import keeping, web
from dossier.cache import FOLDER, Cache
from dossier.desk import NAMES, Desk, DeskExtension
from dossier.edits import Edit, edited
from dossier.handover import Host, Printed, Publication, Rendered
from dossier.problems import Problem, as_text, has_errors, summary
from dossier.repository import commit_of
from dossier.search_index import searchable, with_entries
from dossier.settings import DEFAULTS, GATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jinja2 import Environment
    from markdown import Markdown
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

    from dossier.dirty import State
    from dossier.loading import Memory, Source
    from dossier.site import Draft, Known, Site

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


@dataclass(slots=True)
class _Leaf:
    """A page of this build: its Markdown as handed in, and what became of it so far."""

    path: str
    file: File
    text: str | None = None
    edits: tuple[Edit, ...] = ()
    draft: Draft | None = None
    content: str = ""

    @property
    def digest(self) -> str:
        """The name of its Markdown."""
        return keeping.digest(self.text or "")


class _PluginDesk(Desk):
    """The desk of a build: the page at hand is the one that MkDocs renders just now."""

    def __init__(self, plugin: DossierPlugin) -> None:
        self.plugin = plugin
        self.leaf: _Leaf | None = None

    def mark(self, text: str) -> str:
        # What another plugin renders beside the pages, or within one, is no page of ours.
        if self.leaf is None or self.leaf.text is not None:
            return text
        self.leaf.text = text
        return self.plugin.marked(self.leaf, text)

    def take(self, content: str, md: Markdown) -> str:  # noqa: ARG002 - the desk's form
        return content


class DossierPlugin(BasePlugin[DossierConfig]):  # type: ignore[no-untyped-call]
    """Holds a site against its evidence and prints it: see DESIGN.md."""

    def __init__(self) -> None:
        self._command: Literal["build", "gh-deploy", "serve"] = "build"
        self._dirty = False
        self._state: State | None = None
        self._memory: Memory | None = None
        self._desk = _PluginDesk(self)
        self._config: MkDocsConfig
        self._root = Path()
        self._docs = ""
        self._cache = Cache(Path())
        self._site: Site | None = None
        self._kept: keeping.Kept | None = None
        self._inputs = self._before = ""
        self._leaves: dict[str, _Leaf] = {}
        self._known: Known | None = None
        self._drafts: dict[str, tuple[Source, Draft]] = {}
        self._order: dict[str, int] = {}
        self._printed: dict[str, Printed] = {}
        self._publication = Publication(())
        self._searched: str | None = None
        self._left_out: set[str] = set()
        self._at, self._reading = "", False

    def on_startup(
        self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool = False
    ) -> None:
        """Remember what runs: under `serve` a problem never takes the site down."""
        self._command, self._dirty = command, dirty

    # -- reading -------------------------------------------------------------------------

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Look what is kept of the project, else read it; give Python-Markdown its extension."""
        file = config.config_file_path
        root = Path(file).parent if file else Path.cwd()
        if root != self._root:
            self._memory = None  # MkDocs keeps its plugins for as long as the process lives
            self._known = self._state = None
            self._drafts = {}
        self._config, self._root, self._site = config, root, None
        self._docs = Path(os.path.relpath(config.docs_dir, root)).as_posix()
        self._cache = Cache(root / FOLDER)
        self._leaves, self._printed, self._desk.leaf = {}, {}, None
        self._left_out, self._at, self._reading = set(), "", False
        # Under `serve` all is kept in memory, by what remembers it.
        keeps = self._command != "serve"
        self._kept = keeping.read_kept(self._cache, self._kept_name()) if keeps else None
        roots = self._kept.roots if self._kept else ()
        self._inputs = keeping.inputs_digest(root, roots, self._options()) if roots else ""
        if self._kept and self._kept.inputs != self._inputs:
            self._kept = None
        # A configuration for several hosts may name the extension beside the plugin.
        others = [e for e in config.markdown_extensions if not _is_ours(e)]
        extension = DeskExtension(self._desk, csp=self.config.csp)
        config.markdown_extensions = [*others, extension]  # type: ignore[list-item]
        if self.config.cards:
            # The style of the report stands behind ours and above it.
            config.extra_css.insert(0, CARDS_STYLE)
            config.extra_javascript.append(CARDS_SCRIPT)
        return config

    def _kept_name(self) -> str:
        file = self._config.config_file_path or "mkdocs.yml"
        return "build-" + keeping.digest(Path(file).name, self._command)[:16]

    def _options(self) -> str:
        """Return all that the configuration says which changes what is read or printed."""
        config = self._config
        language = str(config.theme.get("language") or "")
        values = {name: self.config[name] for name in sorted(self.config)}
        directories = config.use_directory_urls
        return repr((values, config.docs_dir, language, directories, self._command, self._root))

    @property
    def site(self) -> Site:
        """The project, read when it is first asked for."""
        if self._site is None:
            self._site = self._open()
        return self._site

    def _open(self) -> Site:
        from dossier.loading import (  # noqa: PLC0415 - only where nothing is kept
            Memory,
            locale_of,
            read_bibliography_option,
            read_project,
            read_settings,
        )
        from dossier.site import Known, open_site  # noqa: PLC0415

        config = self._config
        name = Path(config.config_file_path or "mkdocs.yml").name
        settings, problems = read_settings(self._root, name)
        evidence = self.config.evidence
        settings = replace(
            settings,
            # MkDocs has merged the configuration: what it read stands above what we did.
            docs=Path(config.docs_dir),
            site=Path(config.site_dir),
            bibliography=read_bibliography_option(self.config.bibliography),
            csl=self.config.csl,
            locale=locale_of(self.config.locale, str(config.theme.get("language") or "")),
            sources=self.config.sources,
            evidence=next((gate for gate in GATES if gate == evidence), "off"),
            csp=self.config.csp,
            directory_urls=config.use_directory_urls,
            drafts=() if self._command == "serve" else settings.drafts,
        )
        if self._memory is None:
            self._memory = Memory()
        own = keeping.roots_of(settings)
        self._before = self._digest_of(own) if self._command != "serve" else ""
        project = read_project(settings, self._memory if self._command == "serve" else None)
        self._known = self._known or Known()
        site = open_site(project, self._cache, self._known)
        site.style_problems += tuple(problems)
        return site

    def on_files(self, files: Files, *, config: MkDocsConfig, **_: object) -> Files:
        """Leave out the pages that cannot be read, which would end MkDocs with a traceback."""
        if self._dirty:
            self._renew(files)
        for name in (CARDS_STYLE, CARDS_SCRIPT) if self.config.cards else ():
            files.append(File.generated(config, name, content=_served(name)))
        for name in self._names_published():
            # Known to MkDocs now, so that pages may link to them; their content comes later.
            files.append(File.generated(config, name, content=""))
        if self._kept:
            return files  # there is nothing to leave out: it would not have been kept
        from dossier.loading import UNREAD  # noqa: PLC0415

        unread = {p.path for p in self.site.project.problems if p.code in UNREAD}
        for file in list(files):
            path = PurePosixPath(self._name(file))
            if any(str(part) in unread for part in (path, *path.parents)):
                files.remove(file)
                self._left_out.add(str(path))
        if self._command != "serve":
            handed = {source.path: _handed_over(source) for source in self.site.project.pages}
            self._drafts = self.site.foresee(handed)
        return files

    def _renew(self, files: Files) -> None:
        """Have all pages made anew that would show what is no longer so."""
        from dossier.dirty import stale, state_of  # noqa: PLC0415

        pages = {self._name(file): file for file in files if file.is_documentation_page()}
        host = self._day(), commit_of(self._root), {path: f.url for path, f in pages.items()}
        before, self._state = self._state, state_of(self.site, host)
        names = stale(before, self._state)
        if names is not None:
            # A file may have changed and be older than its page, as after a checkout.
            names |= self.site.changed()
        for path in pages if names is None else names & pages.keys():
            pages[path].is_modified = _always  # type: ignore[method-assign]

    def _names_published(self) -> tuple[str, ...]:
        if self._kept:
            return self._kept.published
        if not self.site.project.gated:
            return ()
        from dossier.publication import names_published  # noqa: PLC0415

        return names_published(self.site.project.evidence)

    def on_nav(self, nav: Navigation, **_: object) -> Navigation:
        """Remember the order of the chapters, which lists of them follow."""
        self._order = {page.file.src_uri: number for number, page in enumerate(nav.pages)}
        return nav

    @event_priority(100)
    def on_pre_page(self, page: Page, **_: object) -> Page:
        """Remember the page that is begun, so that it is named where another plugin fails on it."""
        self._at, self._reading = self._name(page.file), True
        return page

    @event_priority(-100)
    def on_page_markdown(self, markdown: str, *, page: Page, **_: object) -> str:
        """Open the page at the desk, after every other plugin has changed its text."""
        page.meta = {name: _as_html(value) for name, value in page.meta.items()}
        self._desk.leaf = _Leaf(self._at, page.file)
        return markdown

    def marked(self, leaf: _Leaf, text: str) -> str:
        """Return the Markdown of a page with its tokens, as kept or scanned anew."""
        if self._kept:
            name, edits = self._kept.marks.get(leaf.path, ("", ()))
            if name == leaf.digest:
                leaf.edits = edits
                return edited(text, edits)
        leaf.draft = self._drafted(leaf, text)
        leaf.edits = leaf.draft.edits
        return edited(leaf.draft.page.text, leaf.edits, leaf.draft.page.body)

    def _drafted(self, leaf: _Leaf, text: str) -> Draft:
        """Return the scan of a page, which is kept for as long as the process lives."""
        from dossier.front_matter import FrontMatter  # noqa: PLC0415
        from dossier.loading import Source, read_page  # noqa: PLC0415

        path = leaf.file.abs_src_path
        source = read_page(leaf.path, Path(path))[0] if path else None
        source = source or Source(leaf.path, text, FrontMatter())
        of, known = self._drafts.get(leaf.path, (None, None))
        draft = self.site.drafted(source, text, known if of == source else None)
        self._drafts[leaf.path] = (source, draft)
        return draft

    @event_priority(100)
    def on_page_content(self, html: str, *, page: Page, **_: object) -> str:
        """Keep what Python-Markdown made of the page until all pages are there."""
        leaf, self._desk.leaf, self._at = self._desk.leaf, None, ""
        if leaf is not None and leaf.text is not None:
            leaf.content = html
            self._leaves[page.file.src_uri] = leaf
        return html

    # -- printing ------------------------------------------------------------------------

    @event_priority(100)
    def on_env(
        self, env: Environment, *, config: MkDocsConfig, files: Files, **_: object
    ) -> Environment:
        """Publish: report every problem, and put the evidence into the pages."""
        env.filters["striptags"] = _without_tags
        self._reading = False
        last = len(self._order)
        self._leaves = dict(
            sorted(self._leaves.items(), key=lambda one: self._order.get(one[0], last))
        )
        host = self._host(config, files)
        publication = self._published(host, files)
        self._report((*publication.problems, *self._without_template(env, files)))
        if publication.edition:
            env.globals["edition"] = publication.edition
        for rendered in host.pages:
            printed = publication.pages.get(rendered.path)
            file = files.get_file_from_path(self._uri(rendered.path))
            if printed and file and file.page:
                self._print(file.page, printed, files, config)
        for name in self._names_published():
            file = files.get_file_from_path(name)
            if file is not None and name not in publication.files:
                files.remove(file)
        for name, content in publication.files.items():
            file = files.get_file_from_path(name)
            if file is None:
                _add_file(files, config, name, content)
            elif isinstance(content, str):
                file.content_string = content
        self._publication = publication
        if self._command != "serve":  # the host writes page after page now: room for it
            self._leaves, self._kept = {}, None
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

    def _host(self, config: MkDocsConfig, files: Files) -> Host:
        """Return what MkDocs says of the site and of the pages that it has rendered."""
        pages = []
        for leaf in self._leaves.values():
            page = leaf.file.page
            if page is None:
                continue
            pages.append(
                Rendered(
                    leaf.path,
                    page.url,
                    str(page.title or ""),
                    # MkDocs changes `content` between its events, and no event sees all pages.
                    page.content if page.content is not None else leaf.content,
                    tuple(item.title for item in _anchors(list(page.toc))),
                    page.canonical_url or "",
                    html_.unescape(str(page.meta.get("description") or "")),
                )
            )
        # Drafts have a page while the site is served; nothing that is left out has one.
        every = [file for file in files if file.page is not None]
        last = len(self._order)
        order = sorted(every, key=lambda file: self._order.get(file.src_uri, last))
        return Host(
            config.site_name,
            config.site_url or "",
            html_.unescape(config.site_description or ""),
            self._day(),
            commit_of(self._root),
            tuple(pages),
            {self._name(file): file.url for file in every},
            files.get_file_from_path("robots.txt") is not None,
            tuple(map(self._name, order)),
        )

    def _day(self) -> str:
        """Return the day of the build; an epoch of zero stands for no date."""
        day: str = get_build_date()
        return "" if day.startswith("1970") else day

    def _published(self, host: Host, files: Files) -> Publication:
        """Return what was kept of a build of the same, else work it out and keep it."""
        if self._kept and self._kept.key == keeping.host_digest(self._inputs, host):
            return self._kept.publication
        from dossier.publication import publish  # noqa: PLC0415

        site = self.site
        rendered = {page.path: page for page in host.pages}
        for leaf in self._leaves.values():
            if leaf.path not in rendered:
                continue
            draft = leaf.draft or self._drafted(leaf, leaf.text or "")
            title = html_.unescape(rendered[leaf.path].title)  # HTML to MkDocs
            content = rendered[leaf.path].content
            draft = replace(draft, content=content, title=title or draft.title)
            site.drafts[leaf.path] = draft
            if leaf.path in self._drafts:
                site.known.rendered[leaf.path] = (self._drafts[leaf.path][0], draft)
        rest = [s for s in site.project.pages if self._is_page(s, files)]
        publication = publish(site, host, rest, get_relative_url)
        self._keep(host, publication)
        return publication

    def _keep(self, host: Host, publication: Publication) -> None:
        if self._command == "serve" or not keeping.is_keepable(publication.problems):
            return
        project = self.site.project
        if self._digest_of(keeping.roots_of(project.settings)) != self._before:
            return  # something was edited while this was built
        roots = keeping.roots_of(project.settings, project.watched)
        inputs = keeping.inputs_digest(self._root, roots, self._options())
        kept = keeping.Kept(
            inputs,
            roots,
            self._names_published(),
            {leaf.path: (leaf.digest, leaf.edits) for leaf in self._leaves.values()},
            keeping.host_digest(inputs, host),
            publication,
        )
        keeping.write_kept(self._cache, self._kept_name(), kept)

    def _digest_of(self, roots: Iterable[str]) -> str:
        return keeping.inputs_digest(self._root, roots, self._options())

    def _print(self, page: Page, printed: Printed, files: Files, config: MkDocsConfig) -> None:
        """Put the evidence into a page."""
        page.content = printed.body
        closing = printed.closing
        if printed.has_explorer:
            closing += _explorer_script(files, page, config)
        self._printed[page.file.src_uri] = replace(printed, closing=closing)
        if page.title:
            page.title = printed.title
        for item, title in zip(_anchors(list(page.toc)), printed.headings, strict=True):
            item.title = title
        if printed.references:
            _add_anchor(page.toc.items, AnchorLink("References", printed.references, 2))
        # Authors may link to a finding or an entry of another page.
        page.present_anchor_ids = (page.present_anchor_ids or set()) | set(printed.anchors)

    @event_priority(100)
    def _give_to_search(
        self, context: TemplateContext, *, page: Page, **_: object
    ) -> TemplateContext:
        """Hand the search the words of a page and not the tags that it would parse in vain."""
        printed = self._printed.get(page.file.src_uri)
        self._searched = None
        if printed and page.content == printed.body and self._only_search_follows():
            self._searched = page.content = searchable(printed.body)
        return context

    @event_priority(-100)
    def _close_page(self, context: TemplateContext, *, page: Page, **_: object) -> TemplateContext:
        """Put notes and references below the page, behind what is searched.

        The search reads a page before this. It finds sources in the whole bibliography, and
        would else find each of them on every page that cites it.
        """
        self._at = self._name(page.file)
        printed = self._printed.get(page.file.src_uri)
        if printed and page.content is not None:
            body = page.content if self._searched is None else printed.body
            page.content = f"{body}\n{printed.closing}" if printed.closing else body
        return context

    on_page_context = CombinedEvent(_give_to_search, _close_page)  # type: ignore[arg-type]

    def _only_search_follows(self) -> bool:
        """Tell whether no plugin but a search sees pages before they are closed."""
        others = (getattr(m, "__self__", None) for m in self._config.plugins.events["page_context"])
        return all(other is self or type(other).__name__ == "SearchPlugin" for other in others)

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig, **_: object) -> None:
        """Let the search find sources and findings, when it has written what it finds."""
        index = Path(config.site_dir) / "search" / "search_index.json"
        if self._publication.entries and index.is_file():
            entries = self._publication.entries
            index.write_text(with_entries(index.read_text("utf-8"), entries), "utf-8")

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, **_: object) -> str:
        """Tell of a page in its head, and give it its policy, when others have had the page."""
        self._at = ""
        printed = self._printed.get(page.file.src_uri)
        if printed and printed.head:
            output = output.replace("</head>", f"{printed.head}\n</head>", 1)
        return self._policed(output)

    @event_priority(-100)
    def on_post_template(self, output_content: str, *, template_name: str, **_: object) -> str:
        """Give a page that the theme brings, such as 404.html, its policy."""
        is_page = template_name.endswith((".html", ".htm"))
        return self._policed(output_content) if is_page else output_content

    def _policed(self, html: str) -> str:
        # Under `serve` MkDocs puts a script of its own into every page that it sends.
        if not self.config.csp or self._command == "serve" or not html.strip():
            return html
        from dossier.policy import with_policy  # noqa: PLC0415

        return with_policy(html)

    def _name(self, file: File) -> str:
        return f"{self._docs}/{file.src_uri}"

    def _uri(self, path: str) -> str:
        return os.path.relpath(path, self._docs).replace(os.sep, "/")

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
        if not self._at or isinstance(error, BuildError):
            return
        log.debug("MkDocs failed on %s", self._at, exc_info=error)
        # Before the evidence was assembled nothing has been reported yet.
        problems = self.site.finish(self.site.project.pages)[1] if self._reading else ()
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
        for path in self.site.project.watched:
            if path.exists():
                server.watch(str(path))
        return server


def _served(name: str) -> str:
    """Return the script or style of ours that a site serves under a name."""
    text = resources.files(web).joinpath(PurePosixPath(name).name).read_text("utf-8")
    return web.as_served(text) if name.endswith(".js") else text


def _handed_over(source: Source) -> str:
    """Return the Markdown of a page as MkDocs hands it over where no plugin changes it.

    MkDocs takes front matter off with the empty lines behind it (mkdocs.utils.meta).
    """
    body = source.text[source.front.body :]
    return body.lstrip("\n") if source.front.body else body


def _explorer_script(files: Files, page: Page, config: MkDocsConfig) -> str:
    """Publish the script of the page of all findings, and return its element."""
    if files.get_file_from_path(EXPLORER_SCRIPT) is None:
        _add_file(files, config, EXPLORER_SCRIPT, _served(EXPLORER_SCRIPT))
    return f'\n<script src="{get_relative_url(EXPLORER_SCRIPT, page.url)}" defer></script>'


def _add_file(files: Files, config: MkDocsConfig, name: str, text: str | bytes) -> None:
    """Put a file into the site as it is, which no page links to before all pages are there."""
    inclusion = InclusionLevel.INCLUDED
    files.append(File.generated(config, name, content=text, inclusion=inclusion))


# An author's own `&amp;` stays: no character reference makes markup.
_MARKUP = str.maketrans({"<": "&lt;", ">": "&gt;", '"': "&quot;"})


def _as_html(value: object) -> object:
    """Return a value of front matter as HTML: MkDocs and its themes print it as it stands."""
    if isinstance(value, dict):
        return {name: _as_html(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_html(one) for one in value]
    return value.translate(_MARKUP) if isinstance(value, str) else value


def _without_tags(value: str) -> Markup:
    """Return HTML without its tags, as HTML: the filter of Jinja of that name returns plain text.

    Themes print what it returns as it stands, and a heading may be about `<script>`.
    """
    return escape(Markup(value).striptags())  # noqa: S704 - only its text is kept


def _always() -> bool:
    return True


def _is_ours(extension: object) -> bool:
    return isinstance(extension, DeskExtension) or extension in NAMES


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
