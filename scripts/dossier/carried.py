"""What words of a page carry of their evidence: the passage they stand in, and where in it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from dossier.addresses import split_address
from dossier.gates import Gates
from dossier.model import Evidence
from dossier.number_gate import Held
from dossier.quotation_gate import Place
from dossier.style import address_of

Offsets: TypeAlias = tuple[tuple[int, int], ...]
"""Stretches of the `exact` of a passage, in code points."""


@dataclass(frozen=True, slots=True)
class _Inset:
    """A stretch of a text of the evidence that becomes an element: its tag and attributes."""

    start: int
    end: int
    tag: str
    attributes: str


@dataclass(frozen=True, slots=True)
class Carried:
    """The quotations and numbers that were found, by the place they stand in."""

    evidence: Evidence
    _quoted: Mapping[tuple[str, int], Place] = field(default_factory=dict)
    _numbers: Mapping[tuple[str, int], Held] = field(default_factory=dict)
    _operands: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)
    _fields: Mapping[str, tuple[_Inset, ...]] = field(default_factory=dict)

    def by_quotation(self, path: str, start: int) -> str:
        """Return the attributes of the quotation at an offset of a page, empty for a title's."""
        place = self._quoted.get((path, start))
        return quotation_attributes(place, self.evidence) if place and place.address else ""

    def by_number(self, path: str, start: int) -> str:
        """Return the attributes of the number at an offset of a page, empty for one not found."""
        held = self._numbers.get((path, start))
        return number_attributes(held, self.evidence) if held and held.place else ""

    def by_calculation(self, path: str, start: int, end: int) -> str:
        """Return the attributes of a calculation: the passages of its terms, and where in each.

        The stretches of one passage are parted from those of the next by `|`.
        """
        places: dict[str, list[tuple[int, int]]] = {}
        for held in self._operands.get(path, ()):
            if held.place and start <= held.span.start < end:
                places.setdefault(held.place, []).extend([held.at] if held.at else [])
        if not places:
            return ""
        addresses = html.escape(" ".join(places))
        stretches = "|".join(
            _written(_in_utf16(address, tuple(sorted(set(at))), self.evidence))
            for address, at in places.items()
        )
        return f' data-passages="{addresses}" data-at="{stretches}"'

    def in_field(self, name: str, text: str) -> str:
        """Return a text of a finding or series as HTML, its quotations and numbers marked."""
        parts, at = [], 0
        for inset in self._fields.get(name, ()):
            inside = html.escape(text[inset.start : inset.end])
            parts.append(html.escape(text[at : inset.start]))
            parts.append(f"<{inset.tag}{inset.attributes}>{inside}</{inset.tag}>")
            at = inset.end
        return "".join((*parts, html.escape(text[at:])))


def carry(evidence: Evidence, gates: Gates) -> Carried:
    """Return what the gates found, ready to be printed."""
    operands: dict[str, list[Held]] = {}
    for held in gates.numbers:
        if held.operand:
            operands.setdefault(held.span.path, []).append(held)
    return Carried(
        evidence,
        {(one.path, one.start): one for one in gates.places if not one.field},
        {
            (one.span.path, one.span.start): one
            for one in gates.numbers
            if not one.field and not one.operand
        },
        {path: tuple(found) for path, found in operands.items()},
        _by_field(evidence, gates),
    )


def _by_field(evidence: Evidence, gates: Gates) -> dict[str, tuple[_Inset, ...]]:
    """Return what stands in each field of findings and series, in order, none within another."""
    found: dict[str, list[_Inset]] = {}
    for place in gates.places:
        if place.field and place.address:
            attributes = quotation_attributes(place, evidence)
            found.setdefault(place.field, []).append(
                _Inset(place.start, place.end, "q", attributes)
            )
    for held in gates.numbers:
        if held.field and held.place:
            number = held.number
            attributes = number_attributes(held, evidence)
            found.setdefault(held.field, []).append(
                _Inset(number.start, number.end, "span", attributes)
            )
    return {name: _apart(insets) for name, insets in found.items()}


def _apart(insets: Iterable[_Inset]) -> tuple[_Inset, ...]:
    kept: list[_Inset] = []
    for inset in sorted(insets, key=lambda one: (one.start, -one.end)):
        if not kept or kept[-1].end <= inset.start:
            kept.append(inset)
    return tuple(kept)


def quotation_attributes(place: Place, evidence: Evidence) -> str:
    """Return the attributes by which a quotation carries its passage, and where it stands in it.

    Source of `cite`: HTML, sections 4.4.4 and 4.5.7.
    """
    reference = evidence.references.get(split_address(place.address, evidence.references)[0])
    url = address_of(reference) if reference else ""
    cite = f' cite="{html.escape(url)}"' if url else ""
    return f"{cite}{_passage(place.address, place.at, evidence)}"


def number_attributes(held: Held, evidence: Evidence) -> str:
    """Return the attributes by which a number carries its passage, or its work for a date."""
    at = (held.at,) if held.at else ()
    return f' class="number"{_passage(held.place, at, evidence)}'


def _passage(address: str, at: Offsets, evidence: Evidence) -> str:
    stretches = _written(_in_utf16(address, at, evidence))
    where = f' data-at="{stretches}"' if stretches else ""
    return f' data-passage="{html.escape(address)}"{where}'


def _written(at: Offsets) -> str:
    return " ".join(f"{start}-{end}" for start, end in at)


def _in_utf16(address: str, at: Offsets, evidence: Evidence) -> Offsets:
    """Return offsets as scripts count them, in code units of UTF-16 (DOM, section 4.10)."""
    key, id_ = split_address(address, evidence.references)
    record = evidence.records.get(key)
    passage = record.passage(id_) if record else None
    text = passage.exact if passage else ""
    if text.isascii() or max(text) <= "\uffff":
        return at

    def units(offset: int) -> int:
        return len(text[:offset].encode("utf-16-le")) // 2

    return tuple((units(a), units(b)) for a, b in at)
