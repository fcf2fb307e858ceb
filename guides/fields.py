"""The page of the fields of all files in `sources/`, from their JSON Schemas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dossier.schemas import schemas
from guides.cells import NOTE, code, joined, sentence, table

_FILES = {
    "record": "sources/records/KEY.yml",
    "findings": "sources/findings/CHAPTER.yml",
    "series": "sources/series/NAME.yml",
    "names": "sources/names.yml",
    "overlaps": "sources/overlaps.yml",
    "checks": "sources/checks.yml",
}
_TITLES = {
    "record": "Source record",
    "findings": "Findings",
    "series": "Series",
    "names": "Names",
    "overlaps": "Overlaps",
    "checks": "Checks",
}
_ON_FIELDS = """\
File names are free, except for the three single files: the field `key` or `id` decides. An editor
that reads JSON Schemas completes these fields and says the same; `dossier schemas` writes them.
"""


def fields() -> str:
    """Return the page of the fields of all files in `sources/`."""
    parts = [
        f"# Fields\n\nWhat the files in `sources/` may hold. {NOTE}",
        _ON_FIELDS,
    ]
    for kind, schema in schemas().items():
        parts += [
            f"## {_TITLES[kind]} {{: #{kind} }}\n",
            f"`{_FILES[kind]}`\n",
            f"{schema['description']}\n",
            _fields(kind, schema),
        ]
        forms: Any = schema.get("$defs", {})
        for name, form in forms.items():
            part = _part(name)
            title = f"{part.capitalize().replace('-', ' ')}, in {_TITLES[kind].lower()}"
            parts += [
                f"### {title} {{: #{kind}-{part} }}\n",
                f"{form['description']}\n",
                _fields(kind, form),
            ]
    return "\n".join(parts)


def _part(name: str) -> str:
    """Return the name of a part of a file: `PassageCheckForm` is `passage-check`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name.removesuffix("Form")).lower()


def _fields(kind: str, form: Mapping[str, Any]) -> str:
    needed = form.get("required", ())
    rows = [
        (
            code(name) + (" (needed)" if name in needed else ""),
            _takes(kind, field),
            joined(sentence(_escaped(field["description"])), _example(field)),
        )
        for name, field in form["properties"].items()
    ]
    return table(("Field", "Takes", "Meaning"), rows)


def _escaped(text: str) -> str:
    """Return a plain text whose key#passage is no heading and whose bars are no cells."""
    return text.replace("|", "\\|")


def _takes(kind: str, field: Mapping[str, Any]) -> str:
    """Return in words what a field takes."""
    if "anyOf" in field:
        return _takes(kind, next(one for one in field["anyOf"] if one.get("type") != "null"))
    if "$ref" in field:
        part = _part(field["$ref"].rpartition("/")[2])
        return f"[{part}](#{kind}-{part})"
    if "enum" in field:
        return ", ".join(code(word) for word in field["enum"])
    if field["type"] == "array":
        return f"a list: {_takes(kind, field['items'])}"
    return {"string": "text", "integer": "a whole number", "number": "a number"}[field["type"]]


def _example(field: Mapping[str, Any]) -> str:
    found = field.get("examples", ())
    texts = [", ".join(one) if isinstance(one, list) else str(one) for one in found]
    return f"For example {', '.join(map(code, texts))}." if texts else ""
