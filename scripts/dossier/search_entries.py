"""What a search finds beside pages and sections: each source, and each finding by its number.

The form of the index is that of MkDocs, `search_index.json`: `docs` with `location`, `title`
and `text`. Text is HTML there, so that all of it is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape

from dossier.assembly import Assembly
from dossier.style import anchor
from dossier.wording import ASSESSMENT_WORDS

Entry = tuple[str, str, str]
"""Where a result leads, its title, and the text in which words are looked for."""


def search_entries(assembly: Assembly, locale: str, listing: str, explorer: str) -> Iterator[Entry]:
    """Yield the sources and the findings; `listing` and `explorer` are the addresses of pages.

    Where no page lists them they are not found by themselves. A source is called as citations
    call it, by author and year; its passages belong to its text.
    """
    evidence = assembly.evidence
    styled = assembly.styled.get(locale)
    if listing and styled:
        for key in styled.order:
            record = evidence.records.get(key)
            passages = [passage.exact for passage in record.passages] if record else []
            words = " ".join([assembly.entry_in_words(locale, key), *passages])
            yield f"{listing}{anchor(key)}", styled.labels.get(key, key), words
    for number, item in enumerate(assembly.in_reading_order if explorer else (), 1):
        finding = item.finding
        words = f"{finding.statement} {finding.note} {ASSESSMENT_WORDS[item.assessment]}"
        yield f"{explorer}#finding-{finding.id}", f"Finding {number}", words


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
