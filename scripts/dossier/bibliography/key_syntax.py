"""The key of an entry, told from a first field where the key or the comma behind it is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dossier.bibliography.value_syntax import skip_blank

FIELD_NAMES = frozenset(
    [
        "author",
        "editor",
        "title",
        "booktitle",
        "journal",
        "journaltitle",
        "year",
        "month",
        "date",
        "publisher",
        "volume",
        "number",
        "pages",
        "doi",
        "url",
        "note",
        "isbn",
        "issn",
        "address",
        "location",
        "institution",
        "school",
    ]
)
"""Fields that nearly every entry has: what stands before an equals sign and is one is no key."""

_STOP = {"{": re.compile(r"[,{}]"), "(": re.compile(r"[,{)]")}
_LINE_STOP = re.compile(r"[,\n]")
_KEY_THEN_FIELD = re.compile(r"(?:(.*?)(?<=\s))?([A-Za-z][\w:+-]*+)(\s*+=\s*+)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as written, empty where there is none, and the offset at which fields begin."""

    key: str
    offset: int
    end: int
    comma_missing: bool = False
    unfinished: bool = False


def read_key(text: str, opened: int, limit: int) -> Key:
    """Return the key of the entry whose bracket stands at `opened`."""
    start = opened + 1
    stop = _STOP[text[opened]].search(text, start, limit)
    if stop is None:
        words = text[start:limit].split(None, 1)
        return Key(words[0] if words else "", start, limit, unfinished=True)
    head = text[start : stop.start()]
    match = _KEY_THEN_FIELD.fullmatch(head)
    if match is not None and _is_field(match, stop[0]):
        key = (match[1] or "").strip()
        offset = skip_blank(text, start, limit) if key else start
        return Key(key, offset, start + match.start(2), comma_missing=bool(key))
    end = stop.start()
    if stop[0] == "{":  # a brace inside the key: it is bad, but shows where the key ends
        after = _LINE_STOP.search(text, end, limit)
        end = after.start() if after is not None else limit
    key = text[start:end].strip()
    return Key(key, skip_blank(text, start, limit) if key else start, end)


def _is_field(match: re.Match[str], stop: str) -> bool:
    """Tell a field whose key or comma is missing from a key with an equals sign."""
    if not match[4]:
        return stop == "{"
    if not (match[1] or "").strip():
        known = match[2].lower() in FIELD_NAMES
        return known or match[4][0] == '"' or match[3] != "="
    return True
