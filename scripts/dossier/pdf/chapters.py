"""The chapters of a built site, in the order in which its pages lead on."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from dossier.html_tree import Element, contents_of, head_of, value_of


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the site: its number from one, its path there, and what it is about."""

    number: int
    path: str
    contents: Element


def chapters_of(pages: Mapping[str, str]) -> tuple[Chapter, ...]:
    """Return the pages that belong to the book, in its order.

    The links `next` and `prev` in the head of each page say it (WHATWG HTML, 'Sequential link
    types'). Where no page has any, the book is the page of the site's root.
    """
    found = ((path, contents_of(pages[path])) for path in _order(pages))
    return tuple(
        Chapter(number, path, contents)
        for number, (path, contents) in enumerate(found, 1)
        if contents is not None
    )


def target(path: str, href: str) -> tuple[str, str]:
    """Return the page of the site that a link on a page leads to, and the place in it.

    Both are empty where it leads out of the site.
    """
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return "", ""
    place = unquote(parts.fragment)
    if not parts.path:
        return path, place
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
    if parts.path.endswith("/") or joined in (".", ""):
        joined = posixpath.normpath(posixpath.join(joined, "index.html"))
    return joined, place


def _order(pages: Mapping[str, str]) -> Iterator[str]:
    after: dict[str, str] = {}
    for path, html in pages.items():
        for element in head_of(html):
            if element.tag == "link" and value_of(element, "rel") == "next":
                other = target(path, value_of(element, "href"))[0]
                if other in pages:
                    after[path] = other
    begun = [path for path in after if path not in after.values()] or ["index.html"]
    seen: set[str] = set()
    place: str | None = begun[0] if begun[0] in pages else None
    while place is not None and place not in seen:
        seen.add(place)
        yield place
        place = after.get(place)
