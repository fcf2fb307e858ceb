"""The form of `evidence.json` as a JSON Schema, draft 2020-12."""

from __future__ import annotations

from typing import Any, Final, get_args

from dossier.dataset import SCHEMA_NAME
from dossier.model import Assessment, Bearing, CheckResult, ColumnKind, Standing

_Schema = dict[str, Any]

_TEXT: Final[_Schema] = {"type": "string"}
_SAID: Final[_Schema] = {"type": "string", "minLength": 1}
_MAYBE: Final[_Schema] = {"type": ["string", "null"], "minLength": 1}
_COUNT: Final[_Schema] = {"type": "integer", "minimum": 0}
_HASH: Final[_Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_ADDRESS: Final[_Schema] = {"type": "string", "pattern": "^.+#.+$"}
_ANCHOR: Final[_Schema] = {"type": "string", "pattern": "^#."}
_DATE: Final[_Schema] = {"type": ["string", "null"], "pattern": "^[0-9]{4}(-[0-9]{2}){0,2}$"}


def schema(site_url: str = "") -> dict[str, Any]:
    """Return the schema, in which every property is named, told of, and required."""
    base = f"{site_url.rstrip('/')}/" if site_url else ""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base}{SCHEMA_NAME}",
        "title": "The evidence of a report",
        "description": (
            "Every source, passage, finding, series, relation and check of a report. Passages "
            "are selected as in the W3C Web Annotation Data Model."
        ),
        **_object(
            {
                "$schema": (_SAID, "Where this schema stands."),
                "generator": (_SAID, "What wrote the document, with its version."),
                "commit": (_SAID, "The commit of the project, or 'not available'."),
                "site": (_SAID, "The address of the site, or 'not available'."),
                "sources": (_list(_source()), "Works of the bibliography, and what is held."),
                "passages": (_list(_passage()), "The words held of each source."),
                "findings": (_list(_finding()), "Statements, their evidence and assessment."),
                "series": (_list(_series()), "Numbers or events over time."),
                "relations": (_list(_relation()), "What takes text, facts or words from what."),
                "origins": (_list(_origin()), "Where passages start."),
                "overlaps": (_list(_overlap()), "How much of one text stands in another."),
                "uses": (_list(_use()), "Where the pages cite what."),
                "live_checks": (_list(_live()), "What was found at addresses, and when."),
                "checks": (_list(_check()), "What of the pages was held against the evidence."),
            }
        ),
    }


def _object(properties: dict[str, tuple[_Schema, str]]) -> _Schema:
    return {
        "type": "object",
        "properties": {
            name: {**form, "description": told} for name, (form, told) in properties.items()
        },
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: _Schema) -> _Schema:
    return {"type": "array", "items": items}


def _one_of(words: tuple[str, ...]) -> _Schema:
    return {"enum": list(words)}


def _or_null(form: _Schema) -> _Schema:
    return {"oneOf": [form, {"type": "null"}]}


def _source() -> _Schema:
    work = _object(
        {
            "type": (_SAID, "The type of the entry in BibTeX."),
            "title": (_MAYBE, "The title, in plain text."),
            "authors": (_list(_TEXT), "Those who wrote or published it."),
            "date": (_MAYBE, "The date of the entry, as it is given there."),
            "doi": (_MAYBE, "The Digital Object Identifier."),
            "url": (_MAYBE, "The address."),
        }
    )
    capture = _object(
        {
            "retrieved": (_DATE, "The day, where it was recorded."),
            "sha256": (_HASH, "The hash of the text in UTF-8."),
            "words": (_COUNT, "Runs of characters that are not space."),
            "extent": (_one_of(("full", "partial")), "Whether the text is whole."),
            "bytes_sha256": (_or_null(_HASH), "The hash of what was retrieved."),
        }
    )
    independent = _object(
        {"source": (_SAID, "The other source."), "reason": (_SAID, "Why they are independent.")}
    )
    record = _object(
        {
            "standing": (_one_of(get_args(Standing)), "The standing of the source."),
            "kind": (_MAYBE, "What kind of document it is."),
            "interest": (_MAYBE, "An interest of the source in the matter."),
            "note": (_MAYBE, "A remark of the editors."),
            "copy_of": (_MAYBE, "The source from which its text is taken."),
            "relies_on": (_MAYBE, "The source or passage from which its facts are taken."),
            "origin": (_SAID, "Where it starts: the id of a source, or of a voice."),
            "archived": (_MAYBE, "The address of an archived copy."),
            "independent_of": (_list(independent), "Sources that it is like and not taken from."),
            "captures": (_list(capture), "Texts that were held; the texts are not published."),
        }
    )
    return _object(
        {
            "id": (_SAID, "The key."),
            "anchor": (_ANCHOR, "The entry, on each page that lists it."),
            "work": (_or_null(work), "The entry of the bibliography."),
            "record": (_or_null(record), "What is held of it."),
        }
    )


def _passage() -> _Schema:
    selector = {
        "type": "object",
        "properties": {
            "type": {"const": "TextQuoteSelector"},
            "exact": {**_SAID, "description": "The words."},
            "prefix": {**_SAID, "description": "The words before them."},
            "suffix": {**_SAID, "description": "The words behind them."},
        },
        "required": ["type", "exact"],
        "additionalProperties": False,
    }
    target = _object(
        {
            "type": ({"const": "SpecificResource"}, "The class of the model."),
            "source": (_SAID, "The address, or the entry in this document."),
            "selector": (selector, "What selects the words."),
        }
    )
    seal = _object(
        {
            "version": (_COUNT, "The version of the seal."),
            "capture_sha256": (_HASH, "The hash of the text that was captured."),
            "start": (_COUNT, "The first of its words in the text, counted from 0."),
            "end": (_COUNT, "The word after its last."),
            "sha256": (_HASH, "The hash of its words, normalised."),
        }
    )
    held = _object(
        {
            "how": (
                _one_of(("transcribed", "sealed", "checked")),
                "Copied by hand, sealed in a capture, or found at its address.",
            ),
            "on": (_DATE, "The day of that, where it was recorded."),
            "words": (_SAID, "The same in words, with what else is known."),
        }
    )
    return _object(
        {
            "id": (_ADDRESS, "The address by which it is cited: key#passage."),
            "source": (_SAID, "The key of its source."),
            "target": (target, "The passage in the W3C Web Annotation Data Model."),
            "locator": (_MAYBE, "Where in the source it stands."),
            "voice": (_MAYBE, "Whose words or facts it carries."),
            "origin": (_SAID, "Where it starts."),
            "read": (_one_of(("once", "twice")), "By how many readers it was compared."),
            "held": (held, "How it is held."),
            "seal": (_or_null(seal), "Where it stands in a capture."),
            "care": (_MAYBE, "What to mind when it is quoted."),
        }
    )


def _finding() -> _Schema:
    bears = _object(
        {
            "passage": (_ADDRESS, "The passage."),
            "bears": (_one_of(get_args(Bearing)), "How it bears on the finding."),
            "origin": (_SAID, "Where the passage starts."),
            "note": (_MAYBE, "A few words on it."),
        }
    )
    side = _list(_SAID)
    origins = _object(
        {
            "supports": (side, "Origins in support."),
            "qualifies": (side, "Origins that add a condition."),
            "contradicts": (side, "Origins against it."),
        }
    )
    return _object(
        {
            "id": (_SAID, "Its name."),
            "anchor": (_ANCHOR, "Its row."),
            "chapter": (_SAID, "The chapter to which it belongs."),
            "statement": (_SAID, "The finding, in the words of the report."),
            "figure": (_MAYBE, "The figure that it rests on."),
            "note": (_MAYBE, "Limits, and the answer of others."),
            "assessment": (_one_of(get_args(Assessment)), "What its evidence comes to."),
            "origins": (origins, "The distinct origins on each side."),
            "evidence": (_list(bears), "The passages that bear on it."),
        }
    )


def _series() -> _Schema:
    column = _object(
        {
            "id": (_SAID, "Its name."),
            "title": (_SAID, "Its head."),
            "kind": (_one_of(get_args(ColumnKind)), "The kind of its values."),
            "unit": (_MAYBE, "The unit of its values."),
        }
    )
    values = {"type": "object", "additionalProperties": {"type": ["string", "null"]}}
    row = _object(
        {
            "id": (_SAID, "The series and the number of the row, from 1."),
            "values": (values, "What stands in each column, as the source writes it."),
            "passages": (_list(_ADDRESS), "The passages it comes from."),
        }
    )
    return _object(
        {
            "id": (_SAID, "Its name."),
            "anchor": (_ANCHOR, "Its table."),
            "title": (_SAID, "Its title."),
            "caption": (_MAYBE, "A longer sentence."),
            "columns": (_list(column), "What is given of each row."),
            "rows": (_list(row), "The numbers or events."),
        }
    )


def _relation() -> _Schema:
    kinds = ("copy_of", "relies_on", "variant_of", "voice")
    return _object(
        {
            "kind": (_one_of(kinds), "What is taken: text, facts, words, or those of a voice."),
            "from": (_SAID, "The source or passage that takes."),
            "to": (_SAID, "The source, passage or voice from which it is taken."),
        }
    )


def _origin() -> _Schema:
    return _object(
        {
            "id": (_SAID, "The key of a source, or the name of a voice."),
            "kind": (_one_of(("source", "voice")), "Which of the two."),
            "name": (_MAYBE, "The name of a voice."),
            "passages": (_list(_ADDRESS), "The passages that start there."),
        }
    )


def _overlap() -> _Schema:
    share = {"type": "number", "minimum": 0, "maximum": 1}
    run = {"type": "integer", "minimum": 1}
    return _object(
        {
            "part": (_SAID, "The source whose text is looked up."),
            "whole": (_SAID, "The source in whose text it is looked up."),
            "run": (run, "How many words are looked up at a time."),
            "share": (share, "The share found."),
            "spread": (_or_null(share), "The same without quotations."),
            "carried": (_or_null(share), "The share of words that run alongside."),
            "part_sha256": (_HASH, "The hash of the one text."),
            "whole_sha256": (_HASH, "The hash of the other."),
        }
    )


def _use() -> _Schema:
    return _object(
        {
            "page": (_TEXT, "The page, relative to the site."),
            "anchor": (_ANCHOR, "The place on it."),
            "source": (_SAID, "The source that is cited."),
            "passage": (_or_null(_ADDRESS), "The passage that is cited."),
        }
    )


def _live() -> _Schema:
    looked = _object(
        {
            "passage": (_ADDRESS, "The passage."),
            "result": (_one_of(get_args(CheckResult)), "What became of it."),
            "now": (_MAYBE, "What stands there where it changed."),
        }
    )
    return _object(
        {
            "source": (_SAID, "The source."),
            "where": (_one_of(("address", "archive")), "At its address, or in an archive."),
            "address": (_SAID, "The address."),
            "checked": (_SAID, "The day."),
            "moved_to": (_MAYBE, "The address that answered, where it is another."),
            "fault": (_MAYBE, "Why nothing could be read, where that was so."),
            "passages": (_list(looked), "What became of each passage."),
        }
    )


def _check() -> _Schema:
    return _object(
        {
            "kind": (_one_of(("quotation", "number", "calculation")), "What was checked."),
            "page": (_TEXT, "The page, relative to the site."),
            "line": ({"type": "integer", "minimum": 1}, "The line of the page's file."),
            "words": (_SAID, "What the page says."),
            "passage": (_or_null(_ADDRESS), "Where it was found."),
            "how": (_MAYBE, "How it was checked."),
            "reason": (_MAYBE, "Why an exception was made, where one was."),
        }
    )
