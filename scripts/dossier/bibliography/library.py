"""Well-formed entries through bibtexparser: what it reads is what a reference holds.

The outline has found every fault before; the text that the library gets is written so that
it can neither drop nor merge anything: one field a line, values in braces that pair.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.enclosing import RemoveEnclosingMiddleware

from dossier.bibliography.entries import Entry
from dossier.bibliography.latex import balance

_SPACES = re.compile(r"[ \t\n\r\f\v]+")
# The library takes any brace behind a backslash for an escaped one, even behind `\\`.
_PAIRS_BEFORE_BRACE = re.compile(r"(?<!\\)((?:\\\\)+)(?=[{}])")
_ESCAPED_BRACE = re.compile(r"\\+([{}])")


def read_fields(entries: Sequence[Entry]) -> list[tuple[tuple[str, str], ...] | None]:
    """Return the fields of each entry, None for one that the library could not read."""
    # Numbers stand in for keys: the library ends a key at an equals sign, and refuses the
    # second of two entries with the same key.
    text = "".join(
        f"@{entry.type}{{{number},\n"
        + "".join(f"{value.name} = {{{_guarded(value.text)}}},\n" for value in entry.values)
        + "}\n"
        for number, entry in enumerate(entries)
    )
    parsed = parse_string(text, parse_stack=[RemoveEnclosingMiddleware()])
    by_number = {entry.key: entry for entry in parsed.entries}
    result: list[tuple[tuple[str, str], ...] | None] = []
    for number in range(len(entries)):
        entry = by_number.get(str(number))
        fields = ((f.key, str(f.value).strip()) for f in entry.fields) if entry else None
        result.append(tuple(fields) if fields is not None else None)
    return result


def _guarded(text: str) -> str:
    """Return a value that pairs its braces as the library counts them."""
    text = _SPACES.sub(" ", text)
    if "\\" in text:
        text = _PAIRS_BEFORE_BRACE.sub(r"\1 ", text)
        if text.endswith("\\"):
            text += " "
    if balance(text) != text:
        text = balance(_ESCAPED_BRACE.sub(r"\1", text))
    return text
