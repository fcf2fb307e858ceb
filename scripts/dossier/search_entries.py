"""What a search finds beside pages and sections: each source, and each finding by its number."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.assembly import Assembly
from dossier.handover import Entry
from dossier.style import anchor
from dossier.wording import ASSESSMENT_WORDS


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
