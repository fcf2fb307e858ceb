"""The works that pages cite, and their passages, as the pages print them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dossier.html_tree import Element, classes_of, text_of, value_of
from dossier.pdf.chapters import Chapter
from dossier.pdf.markup import collapsed

Cited = tuple[str, tuple[str, ...]]
"""A work, by its key, and the ids of the passages meant."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the pages say of works: entries and passages by their ids, and what works are called.

    `listed` tells whether a chapter lists all works, `names` has the longest label of each.
    """

    entries: Mapping[str, Element]
    passages: Mapping[str, Element]
    names: Mapping[str, str]
    listed: bool


def sources_of(chapters: Iterable[Chapter]) -> Sources:
    """Return what the chapters print of works; the chapter that lists them all has the say."""
    entries: dict[str, Element] = {}
    passages: dict[str, Element] = {}
    names: dict[str, str] = {}
    listed = False
    for chapter in chapters:
        whole = chapter.contents.css_first("section.page-references") is None
        for node in chapter.contents.traverse():
            identity, classes = value_of(node, "id"), classes_of(node)
            if "csl-entry" in classes:
                listed |= whole
                if whole or identity not in entries:
                    entries[identity] = node
            elif identity.startswith("passage-"):
                passages.setdefault(identity, node)
            elif value_of(node, "role") == "doc-biblioref":
                key, words = key_of(node), collapsed(text_of(node)).strip()
                names[key] = max(names.get(key, ""), words, key=len)
    return Sources(entries, passages, names, listed)


def key_of(link: Element) -> str:
    """Return the key of the work that a link leads to, empty where it is none."""
    _, _, key = value_of(link, "href").partition("#ref-")
    return key


def cited_in(citation: Element) -> tuple[Cited, ...]:
    """Return what a citation rests on, work by work; the works without passages left out."""
    found: dict[Cited, None] = {}
    for link in citation.css('a[role="doc-biblioref"]'):
        ids = tuple(value_of(link, "data-passages").split())
        if ids:
            found[key_of(link), ids] = None
    return tuple(found)
