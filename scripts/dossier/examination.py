"""What the gates held, one by one, for the machine's copy of the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dossier.calculations import names_a_finding
from dossier.dataset import Examined
from dossier.gates import Gates
from dossier.model import Evidence
from dossier.quotation_gate import Place, texts_of
from dossier.syntax import Page


def examined(evidence: Evidence, gates: Gates, pages: Iterable[Page]) -> Iterator[Examined]:
    """Yield every quotation, number and calculation that was held, in the order of the pages."""
    by_path = {page.path: page for page in pages}
    fields = dict(texts_of(evidence))
    for place in gates.places:
        yield _quotation(place, by_path, fields)
    for held in gates.numbers:
        how = "operand of a calculation" if held.operand else ""
        if held.place and "#" not in held.place:
            how = "date or title of the entry cited"
        passage = held.place if "#" in held.place else ""
        number = held.number.text
        yield Examined("number", held.span.path, number, passage, held.span.line, how)
    for page in by_path.values():
        for calculation in page.calculations:
            if names_a_finding(calculation.source):
                continue
            line = page.span(calculation.start).line
            yield Examined("calculation", page.path, calculation.source, "", line, "worked out")


def _quotation(place: Place, pages: Mapping[str, Page], fields: Mapping[str, str]) -> Examined:
    how = "" if place.address else "title of a work cited"
    if place.field:
        words = fields.get(place.field, "")[place.start : place.end]
        return Examined("quotation", place.path, words, place.address, 1, how)
    page = pages[place.path]
    line = page.span(place.start).line
    words = page.text[place.start : place.end]
    return Examined("quotation", place.path, words, place.address, line, how)
