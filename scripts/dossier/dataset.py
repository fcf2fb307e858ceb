"""The evidence of a report as one document for machines: `evidence.json`.

Names in it are stable: `finding-ID` and `series-ID` are the ids of rows and tables of the pages,
`ref-KEY` those of entries, and passages have the addresses by which authors cite them. Its form
is that of `dataset_schema`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from dossier import style
from dossier.exports import finding_object
from dossier.model import Assessed, Check, Evidence, Passage, Record, Reference, Series
from dossier.origins import ITSELF, VOICE, origin_of, voice_of
from dossier.reference_list import Use
from dossier.standing import standing_of

NOT_AVAILABLE: Final = "not available"
"""What stands for the commit where there is no version control."""

DATASET_NAME: Final = "evidence.json"
SCHEMA_NAME: Final = "evidence.schema.json"
"""The name of the schema, beside the document."""

# JSON knows no types; the schema says what each value is.
Json: TypeAlias = Any
Object: TypeAlias = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing of a page that was held against the evidence, and how that came out.

    `words` is what the page says; `passage` the address at which it was found, empty where it
    stands in no passage (a title, a calculation, an entry's own date); `how` one plain sentence
    or a few words; `reason` is given where an exception was made.
    """

    kind: Literal["quotation", "number", "calculation"]
    page: str
    words: str
    passage: str = ""
    line: int = 1
    how: str = ""
    reason: str = ""


def evidence_document(
    evidence: Evidence,
    assessed: Iterable[Assessed],
    uses: Iterable[Use] = (),
    commit: str = "",
    version: str = "",
    site_url: str = "",
    *,
    examined: Iterable[Examined] = (),
    url_of: Callable[[str], str] = str,
) -> Object:
    """Return the whole evidence as JSON values, in the order of the project.

    `url_of(path)` is where a page stands, relative to the site; `examined` is what the gates
    found. No value depends on the day or the machine.
    """
    base = f"{site_url.rstrip('/')}/" if site_url else ""
    return {
        "$schema": f"{base}{SCHEMA_NAME}",
        "generator": f"Dossier {version}".strip(),
        "commit": commit or NOT_AVAILABLE,
        "site": base or NOT_AVAILABLE,
        "sources": [
            _source(key, evidence)
            for key in dict.fromkeys([*evidence.references, *evidence.records])
        ],
        "passages": [
            _passage(record, passage, evidence)
            for record in evidence.records.values()
            for passage in record.passages
        ],
        "findings": [_finding(item, evidence) for item in assessed],
        "series": [_series(series) for series in evidence.series.values()],
        "relations": [*_relations(evidence)],
        "origins": _origins(evidence),
        "overlaps": [
            {
                "part": o.part,
                "whole": o.whole,
                "run": o.run,
                "share": o.share,
                "spread": o.spread,
                "carried": o.carried,
                "part_sha256": o.part_sha256,
                "whole_sha256": o.whole_sha256,
            }
            for o in evidence.overlaps
        ],
        "uses": [_use(use, url_of) for use in uses],
        "live_checks": [_live(check) for check in evidence.checks],
        "checks": [
            {
                "kind": check.kind,
                "page": url_of(check.page),
                "line": check.line,
                "words": check.words,
                "passage": check.passage or None,
                "how": check.how or None,
                "reason": check.reason or None,
            }
            for check in examined
        ],
    }


def address_of(reference: Reference | None) -> str:
    """Return where a work is to be had, as its entry links to it; nothing for no reference."""
    return style.address_of(reference) if reference else ""


def annotation_target(key: str, passage: Passage, evidence: Evidence) -> Object:
    """Return a passage as a specific resource, with its words as the selector.

    Source: W3C Web Annotation Data Model, sections 4 and 4.2.4. What has no address of its own
    is named by its entry in this document.
    """
    selector = {"type": "TextQuoteSelector", "exact": passage.exact}
    selector |= {"prefix": passage.prefix} if passage.prefix else {}
    selector |= {"suffix": passage.suffix} if passage.suffix else {}
    return {
        "type": "SpecificResource",
        "source": address_of(evidence.references.get(key)) or f"#ref-{key}",
        "selector": selector,
    }


def _source(key: str, evidence: Evidence) -> Object:
    reference, record = evidence.references.get(key), evidence.records.get(key)
    work = None
    if reference:
        work = {
            "type": reference.type,
            "title": reference.title or None,
            "authors": list(reference.authors),
            "date": reference.date or None,
            "doi": reference.doi or None,
            "url": reference.url or None,
        }
    kept = None
    if record:
        kept = {
            "standing": record.standing,
            "kind": record.kind or None,
            "interest": record.interest or None,
            "note": record.note or None,
            "copy_of": record.copy_of or None,
            "relies_on": record.relies_on or None,
            "origin": origin_of(key, evidence.records),
            "archived": record.archived or None,
            "independent_of": [
                {"source": other.key, "reason": other.reason} for other in record.independent_of
            ],
            "captures": [
                {
                    "retrieved": c.retrieved or None,
                    "sha256": c.sha256,
                    "words": c.words,
                    "extent": c.extent,
                    "bytes_sha256": c.bytes_sha256 or None,
                }
                for c in record.captures
            ],
        }
    return {"id": key, "anchor": f"#ref-{key}", "work": work, "record": kept}


def _passage(record: Record, passage: Passage, evidence: Evidence) -> Object:
    address = f"{record.key}#{passage.id}"
    standing = standing_of(passage, record, evidence.checks)
    seal = None
    if passage.seal:
        seal = {
            "version": passage.seal.version,
            "capture_sha256": passage.seal.capture_sha256,
            "start": passage.seal.start,
            "end": passage.seal.end,
            "sha256": passage.seal.sha256,
        }
    return {
        "id": address,
        "source": record.key,
        "target": annotation_target(record.key, passage, evidence),
        "locator": passage.locator or None,
        "voice": passage.voice or None,
        "origin": origin_of(address, evidence.records),
        "read": passage.read,
        "held": {"how": standing.kind, "on": standing.date or None, "words": standing.words},
        "seal": seal,
        "care": passage.care or None,
    }


def _finding(item: Assessed, evidence: Evidence) -> Object:
    finding = item.finding
    return {
        "id": finding.id,
        "anchor": f"#finding-{finding.id}",
        **finding_object(item),
        "evidence": [
            {
                "passage": bears.passage,
                "bears": bears.bears,
                "origin": origin_of(bears.passage, evidence.records),
                "note": bears.note or None,
            }
            for bears in finding.evidence
        ],
    }


def _series(series: Series) -> Object:
    return {
        "id": series.id,
        "anchor": f"#series-{series.id}",
        "title": series.title,
        "caption": series.caption or None,
        "columns": [
            {"id": c.id, "title": c.title, "kind": c.kind, "unit": c.unit or None}
            for c in series.columns
        ],
        "rows": [
            {
                "id": f"{series.id}/{number}",
                "values": {c.id: row.values.get(c.id) for c in series.columns},
                "passages": list(row.passages),
            }
            for number, row in enumerate(series.rows, 1)
        ],
    }


def _relations(evidence: Evidence) -> Iterable[Object]:
    def relation(kind: str, taker: str, giver: str) -> Object:
        return {"kind": kind, "from": taker, "to": giver}

    for key, record in evidence.records.items():
        if record.copy_of:
            yield relation("copy_of", key, record.copy_of)
        if record.relies_on:
            yield relation("relies_on", key, record.relies_on)
        for passage in record.passages:
            address = f"{key}#{passage.id}"
            if passage.relies_on not in (None, ITSELF):
                yield relation("relies_on", address, str(passage.relies_on))
            if passage.variant_of:
                yield relation("variant_of", address, passage.variant_of)
            if passage.voice:
                yield relation("voice", address, voice_of(passage.voice))


def _origins(evidence: Evidence) -> list[Object]:
    """Return the origins of all passages, each with the passages that lead to it."""
    found: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for record in evidence.records.values():
        for passage in record.passages:
            address = f"{record.key}#{passage.id}"
            found.setdefault(origin_of(address, evidence.records), []).append(address)
            if passage.voice:
                names.setdefault(voice_of(passage.voice), passage.voice)
    return [
        {
            "id": origin,
            "kind": "voice" if origin.startswith(VOICE) else "source",
            "name": names.get(origin),
            "passages": addresses,
        }
        for origin, addresses in sorted(found.items())
    ]


def _live(check: Check) -> Object:
    return {
        "source": check.key,
        "where": check.where,
        "address": check.address,
        "checked": check.checked,
        "moved_to": check.moved_to or None,
        "fault": check.fault or None,
        "passages": [
            {"passage": f"{check.key}#{p.id}", "result": p.result, "now": p.now or None}
            for p in check.passages
        ],
    }


def _use(use: Use, url_of: Callable[[str], str]) -> Object:
    return {
        "page": url_of(use.path),
        "anchor": f"#{use.anchor}",
        "source": use.key,
        "passage": f"{use.key}#{use.passage}" if use.passage else None,
    }
