"""Tiny reports: a project in a folder of its own, built and read back."""

from __future__ import annotations

import json
import os
import posixpath
import re
import subprocess
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from processes import run_module

BIB = """\
@book{doe2020, author={Doe, Jane}, title={First Book}, publisher={Press}, year=2020}
@book{roe2021, author={Roe, Richard}, title={Second Book}, publisher={Press}, year=2021}
@book{poe2022, author={Poe, Paula}, title={Third Book}, publisher={Press}, year=2022}
"""
CONFIG = "site_name: Report\nplugins: [search, dossier]\n"
ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}


@dataclass(eq=False)
class Element:
    """An element of a page: its name, attributes, and the text inside it."""

    tag: str
    attributes: dict[str, str]
    above: tuple[Element, ...] = field(default=(), repr=False)
    words: list[str] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def inside(self, name: str) -> bool:
        """Tell whether it stands in an element of that tag or class."""
        return any(name == e.tag or name in e.classes for e in self.above)


class _Reader(HTMLParser):
    VOID = frozenset(["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"])

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {k: v or "" for k, v in attrs}, tuple(self._open))
        self.elements.append(element)
        if tag not in self.VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words.append(data)


class Html:
    """A page of HTML as its elements."""

    def __init__(self, text: str) -> None:
        self.source = text
        reader = _Reader()
        reader.feed(text)
        reader.close()
        self.elements = reader.elements

    def all(self, tag: str = "", class_: str = "") -> list[Element]:
        return [
            e for e in self.elements if tag in ("", e.tag) and (not class_ or class_ in e.classes)
        ]

    def one(self, tag: str = "", class_: str = "") -> Element:
        (found,) = self.all(tag, class_)
        return found

    def by_id(self, id_: str) -> Element:
        (found,) = [e for e in self.elements if e.attributes.get("id") == id_]
        return found

    @property
    def ids(self) -> list[str]:
        return [e.attributes["id"] for e in self.elements if "id" in e.attributes]

    def repeated_ids(self) -> list[str]:
        return [id_ for id_, count in Counter(self.ids).items() if count > 1]

    def citations(self) -> list[Element]:
        """The places where the text cites, in order."""
        return [
            e
            for e in self.all("span", "citation")
            if re.fullmatch(r"cite-\d+", e.attributes.get("id", ""))
        ]

    def entries(self) -> list[str]:
        """The keys of the list of references, in order."""
        entries = self.all("div", "csl-entry")
        return [e.attributes["id"][4:] for e in entries if "id" in e.attributes]

    def prose(self) -> str:
        """The text of the page outside of code and script."""
        reader = _Prose()
        reader.feed(self.source)
        reader.close()
        return "".join(reader.words)


class _Prose(HTMLParser):
    SILENT = frozenset(["code", "pre", "script", "style"])

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


@dataclass
class Report:
    """A project on disk."""

    root: Path
    site: Path

    def write(self, files: Mapping[str, str | bytes]) -> Report:
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(textwrap.dedent(content), "utf-8", newline="")
        return self

    def build(
        self,
        *,
        strict: bool = False,
        command: Literal["build", "gh-deploy", "serve"] = "build",
        dirty: bool = False,
    ) -> Report:
        """Build the site in this process, as `mkdocs build` or each turn of `mkdocs serve` does."""
        config = load_config(str(self.root / "mkdocs.yml"), site_dir=str(self.site), strict=strict)
        config.plugins.on_startup(command=command, dirty=dirty)
        serve_url = "http://localhost/" if command == "serve" else None
        mkdocs_build(config, dirty=dirty, serve_url=serve_url)
        return self

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a module of Python in the project's folder."""
        return run_module(command, self.root, ENVIRONMENT)

    def html(self, name: str = "index.html") -> Html:
        return Html((self.site / name).read_text("utf-8"))

    def pages(self) -> dict[str, Html]:
        return {
            path.relative_to(self.site).as_posix(): Html(path.read_text("utf-8"))
            for path in sorted(self.site.rglob("*.html"))
        }

    def search_texts(self) -> str:
        """Everything that the search index holds as title or text."""
        index = json.loads((self.site / "search" / "search_index.json").read_text("utf-8"))
        return "\n".join(f"{doc['title']}\n{doc['text']}" for doc in index["docs"])

    def target(self, page: str, href: str) -> tuple[str, str]:
        """Return the file in the site and the id that a link on a page leads to."""
        split = urlsplit(href)
        assert not split.scheme, href
        assert not split.netloc, href
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), split.path))
        if not split.path:
            path = page
        elif (self.site / path).is_dir():
            path = posixpath.join(path, "index.html")
        return posixpath.normpath(path), unquote(split.fragment)

    def dead_links(self) -> list[str]:
        """Links of the evidence (to entries, passages, places, pages) that lead nowhere."""
        pages = self.pages()
        dead = []
        for name, page in pages.items():
            for link in page.all("a"):
                href = link.attributes.get("href", "")
                ours = link.attributes.get("role", "").startswith("doc-")
                ours = ours or link.inside("references") or link.inside("findings")
                if not ours or urlsplit(href).scheme or link.inside("csl-entry-text"):
                    continue
                path, id_ = self.target(name, href)
                if path not in pages and not id_ and (self.site / path).is_file():
                    continue  # a file that is no page
                if path not in pages or (id_ and id_ not in pages[path].ids):
                    dead.append(f"{name}: {href}")
        return dead


def make_report(root: Path, files: Mapping[str, str | bytes]) -> Report:
    """Return a project of a configuration, a bibliography and the files given."""
    root.mkdir(parents=True, exist_ok=True)
    every: dict[str, str | bytes] = {"mkdocs.yml": CONFIG, "references.bib": BIB, **files}
    return Report(root, root / "site").write(every)


def dossier_links(page: Html) -> Iterator[Element]:
    """Yield the links from citations to entries."""
    return (a for a in page.all("a") if a.attributes.get("role") == "doc-biblioref")
