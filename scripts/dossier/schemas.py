"""The JSON Schemas of the files in `sources/`, by which an editor completes and checks them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from dossier.forms import (
    ChecksForm,
    FindingsForm,
    Form,
    NamesForm,
    OverlapsForm,
    RecordForm,
    SeriesForm,
)

FOLDER: Final = "schemas"
"""The folder of the schemas within that of the sources."""

Kind: TypeAlias = Literal["record", "findings", "series", "names", "overlaps", "checks"]

_FORMS: Final[Mapping[Kind, type[Form]]] = {
    "record": RecordForm,
    "findings": FindingsForm,
    "series": SeriesForm,
    "names": NamesForm,
    "overlaps": OverlapsForm,
    "checks": ChecksForm,
}


def schemas() -> dict[Kind, dict[str, object]]:
    """Return the JSON Schemas of all kinds of files, by the name of the kind.

    A schema sees values as an editor's YAML reader types them, so it asks for quotation
    marks around a text that looks like a number; the engine reads such a text either way.
    """
    return {
        kind: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **form.model_json_schema(),
        }
        for kind, form in _FORMS.items()
    }


def file_name(kind: Kind) -> str:
    """Return the name of the file of a schema."""
    return f"{kind}.schema.json"


def as_json(schema: Mapping[str, object]) -> str:
    """Return the text of the file of a schema, the same for the same schema."""
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def first_line(kind: Kind) -> str:
    """Return the comment by which a file in a folder of the sources names its schema.

    Source of the form: the README of yaml-language-server, "Using inlined schema"; a path is
    taken from the folder of the file.
    """
    return f"# yaml-language-server: $schema=../{FOLDER}/{file_name(kind)}\n"
