"""What a report gives to those who work on with it: references, findings and series as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from dossier.exports import as_csv
from dossier.model import Assessed, Evidence

REFERENCES, REFERENCES_JSON = "references.bib", "references.json"
FINDINGS = "data/findings.csv"


def names_of(evidence: Evidence) -> tuple[str, ...]:
    """Return the names of all files, which pages may link to before there is any content."""
    return (REFERENCES, REFERENCES_JSON, FINDINGS, *map(series_name, evidence.series))


def series_name(id_: str) -> str:
    """Return the name of the file of a series."""
    return f"data/series-{id_}.csv"


def downloads(
    evidence: Evidence,
    assessed: Sequence[Assessed],
    items: Callable[[], list[dict[str, object]] | None],
) -> Iterator[tuple[str, str]]:
    """Yield each file with its text: BibTeX as it was read, CSL-JSON of pandoc, CSV (RFC 4180).

    The list of works is left out as CSL-JSON where pandoc cannot read it; what is wrong is then
    told of its entries. `items` gives it.
    """
    references = tuple(evidence.references.values())
    yield REFERENCES, "".join(f"{reference.bibtex.strip()}\n\n" for reference in references)
    found = items()
    if found is not None:
        yield REFERENCES_JSON, json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    yield FINDINGS, as_csv(assessed, numbered=True)
    for series in evidence.series.values():
        yield series_name(series.id), as_csv(series)
