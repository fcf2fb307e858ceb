"""The search index of a site, with what a search finds beside pages and sections.

Its form is that of MkDocs, `search_index.json`: `docs` with `location`, `title` and `text`. Text is
HTML there, so that all of it is escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape

from dossier.handover import Entry


def with_entries(index: str, entries: Iterable[Entry]) -> str:
    """Return a search index with more entries; one that is not of that form stays as it is."""
    try:
        read = json.loads(index)
    except ValueError:
        return index
    if not isinstance(read, dict) or not isinstance(read.get("docs"), list):
        return index
    more = (
        {"location": location, "title": escape(title), "text": escape(text)}
        for location, title, text in entries
    )
    return json.dumps({**read, "docs": [*read["docs"], *more]}, separators=(",", ":"))


# As `assembly` and `reference_list` write them. No list of references holds a section.
_LIST = re.compile(r'<section aria-label="References" data-search-exclude>.*?</section>', re.DOTALL)
_WRAPPED = (
    re.compile(r'<a href="#ref-[^">]*" role="doc-biblioref"[^>]*>([^<]*)</a>'),
    re.compile(r'<span (?:id="cite-[0-9]+" )?class="(?:citation|number)"[^>]*>([^<]*)</span>'),
)


def searchable(html: str) -> str:
    """Return a page as a search reads it: the same words, without what it would skip or leave out.

    A search parses each page in Python, tag by tag; half of the tags of a page that cites much are
    those of citations, and the list of all works is a page that it excludes.
    """
    html = _LIST.sub("", html)
    for wrapped in _WRAPPED:
        html = wrapped.sub(r"\1", html)
    return html
