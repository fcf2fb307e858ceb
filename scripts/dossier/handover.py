"""What a host hands over and what it gets back, as plain values; light to load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from dossier.problems import Problem

Entry: TypeAlias = tuple[str, str, str]
"""What a search finds: where it leads, its title, and the text in which words are looked for."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as its host has rendered it: `content` is HTML, with its tokens in it.

    `path` is that of the source, from the folder of the project; `url` is relative to the site,
    `canonical` absolute or empty. `title` and `headings`, those of the table of contents in
    order, are HTML as hosts take titles.
    """

    path: str
    url: str
    title: str
    content: str
    headings: tuple[str, ...] = ()
    canonical: str = ""
    description: str = ""

    @property
    def is_home(self) -> bool:
        """Whether it is the first page of the site."""
        return self.url in ("", ".", "./", "index.html")


@dataclass(frozen=True, slots=True)
class Host:
    """What a host says of its site: empty where it does not know.

    `day` is the day of the build (ISO 8601), `urls` gives the address of each page in the site by
    the path of its source, also of those that are not rendered in this build. `has_robots` tells
    that the author wrote a `robots.txt`; `order` are the paths of all pages as chapters stand.
    """

    name: str
    url: str = ""
    description: str = ""
    day: str = ""
    commit: str = ""
    pages: tuple[Rendered, ...] = ()
    urls: Mapping[str, str] = field(default_factory=dict)
    has_robots: bool = False
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """A page as it is published: its HTML, and behind what is searched its `closing`.

    `references` is the anchor of its list of references, empty for none; `anchors` are all ids;
    `head` is what its head tells of it; `has_explorer` that it needs the script of the explorer.
    """

    body: str
    closing: str
    title: str
    headings: tuple[str, ...]
    references: str
    anchors: tuple[str, ...]
    head: str = ""
    has_explorer: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """All that a build publishes beside what its host does.

    `files` by their path in the site; `edition` in words; `entries` are what the search finds
    beside pages. Where `problems` has errors nothing of it is to be published.
    """

    problems: tuple[Problem, ...]
    pages: Mapping[str, Printed] = field(default_factory=dict)
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    edition: str = ""
    entries: tuple[Entry, ...] = ()
