"""The Python-Markdown adapter: citations, references and tables in any host of Python-Markdown.

Under MkDocs the plugin drives it. Alone (Zensical, or `markdown.markdown`) it reads
the whole project on its first page, so that labels are those of the whole bibliography.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markdown import Markdown

from dossier.assembly import Assembly
from dossier.cache import FOLDER, Cache
from dossier.desk import Desk, DeskExtension
from dossier.front_matter import FrontMatter
from dossier.loading import (
    Source,
    read_bibliography_option,
    read_project,
    read_settings,
    shown,
)
from dossier.settings import GATES, OPTIONS, Settings
from dossier.site import (
    Draft,
    Site,
    as_drafted,
    drafted,
    finished,
    html_path,
    open_site,
    plainly,
)


class DossierExtension(DeskExtension):
    """Citations, references, findings tables and series in Markdown.

    Options are those of the plugin, and `docs_dir` beside them.
    """

    def __init__(self, **options: Any) -> None:
        self.config: dict[str, list[Any]] = {
            name: [option.default, option.means] for name, option in OPTIONS.items()
        }
        self.config["docs_dir"] = ["docs", "the folder of the pages"]
        self.config["config_file"] = ["mkdocs.yml", "the configuration of the site"]
        self._given = set(options)
        super().__init__()
        self.setConfigs(options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is the host's
        """Open a desk of its own, and register the processors."""
        self.desk = Alone(self._settings())
        self.csp = bool(self.getConfig("csp"))
        super().extendMarkdown(md)

    def _settings(self) -> Settings:
        root = Path.cwd()
        config = str(self.getConfig("config_file"))
        whole = Settings(root, config, root / "docs", root / "site")
        if (root / config).is_file():
            whole, _ = read_settings(root, config)
        if not self._given:
            return whole
        evidence = self.getConfig("evidence")
        given = Settings(
            root,
            config,
            root / str(self.getConfig("docs_dir")) if "docs_dir" in self._given else whole.docs,
            whole.site,
            read_bibliography_option(self.getConfig("bibliography")),
            str(self.getConfig("csl")),
            str(self.getConfig("locale")) or whole.locale,
            str(self.getConfig("sources")),
            # YAML 1.1 reads a bare `off` as false.
            "off" if evidence is False else next((g for g in GATES if g == evidence), "auto"),
        )
        return replace(
            given,
            directory_urls=whole.directory_urls,
            places=whole.places,
            excluded=whole.excluded,
            drafts=whole.drafts,
        )


@dataclass(frozen=True, slots=True)
class _Opened:
    """A project read ahead, and the state of its files when it was."""

    site: Site
    assembly: Assembly
    stamp: tuple[tuple[str, int], ...]


# One reading serves all pages of a process: hosts make a new Markdown for each page.
_opened: dict[str, _Opened] = {}


class Alone(Desk):
    """The desk of the extension on its own: pages of the project are read ahead from disk."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.page: object = None
        self.draft: Draft | None = None

    def turn_to(self, page: object) -> None:
        """Keep the page that Zensical names."""
        self.page = page

    def mark(self, text: str) -> str:
        """Mark one page, which is found by what its host says of it, else by its text."""
        site = self._open().site
        source = self._find(site, text)
        self.draft, marked = drafted(source, text, self.settings.locale, site.names)
        return marked

    def take(self, content: str, md: Markdown) -> str:
        """Return the page with its citations and references."""
        assert self.draft is not None, "Python-Markdown runs preprocessors first"
        draft = replace(self.draft, content=content)
        opened = self._open()
        assembly = opened.assembly
        ahead = assembly.views.get(draft.page.path)
        now = draft.view()
        if ahead is None or (ahead.marks, ahead.landed) != (now.marks, now.landed):
            # Python-Markdown judged otherwise than the scan, or the page is none of the project.
            drafts = {**opened.site.drafts, draft.page.path: draft}
            assembly, _ = replace(opened.site, drafts=drafts).finish()
        for entry in _entries(getattr(md, "toc_tokens", [])):
            for part in ("name", "html", "data-toc-label"):
                if isinstance(entry.get(part), str):
                    entry[part] = plainly(assembly, draft, entry[part])
        body, closing = finished(assembly, draft, self._link)
        return f"{body}\n{closing}" if closing else body

    def _open(self) -> _Opened:
        name = str(self.settings)
        found = _opened.get(name)
        if found is None or found.stamp != _stamp(found.site):
            project = read_project(self.settings)
            site = open_site(project, Cache(self.settings.root / FOLDER))
            for source in project.pages:
                site.drafts[source.path] = as_drafted(source, self.settings.locale, site.names)
            found = _opened[name] = _Opened(site, site.finish()[0], _stamp(site))
        return found

    def _find(self, site: Site, text: str) -> Source:
        path = str(getattr(self.page, "path", "") or "")
        docs = shown(self.settings.root, self.settings.docs)
        for source in site.project.pages:
            if path and source.path in (path, posixpath.join(docs, path)):
                return source
        for source in site.project.pages:
            if source.text[source.front.body :].strip("\n") == text.strip("\n"):
                return source
        return Source(posixpath.join(docs, path or "page.md"), text, FrontMatter())

    def _link(self, path: str) -> str:
        assert self.draft is not None
        if path.endswith((".svg", ".csv")):
            return ""  # files that only the plugin writes
        if self.page is not None:
            # Zensical turns ways between sources into ways between pages, also in HTML.
            return posixpath.relpath(path, posixpath.dirname(self.draft.page.path))
        docs = shown(self.settings.root, self.settings.docs)
        here = _url(self.draft.page.path, docs, self.settings.directory_urls)
        there = _url(path, docs, self.settings.directory_urls)
        base = here if here.endswith("/") or not here else posixpath.dirname(here)
        way = posixpath.relpath(there or ".", base or ".")
        return f"{way}/" if there.endswith("/") or not there else way


def _entries(tokens: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for entry in tokens:
        yield entry
        yield from _entries(entry.get("children", []))


def _stamp(site: Site) -> tuple[tuple[str, int], ...]:
    """Return the names and times of the files that the evidence was read from."""
    stamps: list[tuple[str, int]] = []
    for watched in site.project.watched:
        for path in (watched, *(sorted(watched.rglob("*.y*ml")) if watched.is_dir() else ())):
            try:
                stamps.append((str(path), path.stat().st_mtime_ns))
            except OSError:
                stamps.append((str(path), 0))
    return tuple(stamps)


def _url(path: str, docs: str, directories: bool) -> str:
    url = html_path(path, docs, directories)
    return url.removesuffix("index.html") if directories else url


def makeExtension(**options: Any) -> DossierExtension:  # noqa: N802 - the name is the host's
    """Return the extension, as Python-Markdown asks for it by the name of this module."""
    return DossierExtension(**options)
