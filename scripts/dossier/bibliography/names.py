"""Names of people and bodies: split by BibTeX's rules first, decoded afterwards."""

from __future__ import annotations

import re
from functools import lru_cache

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from dossier.bibliography.latex import balance, plain

NAME_FIELDS = ("author", "editor", "translator", "bookauthor", "director")

# biblatex 3.20, section 3.4: family=..., given=..., prefix=..., suffix=...
_EXTENDED = re.compile(r"\b(family|given|prefix|suffix)\s*=\s*(\"[^\"]*\"|[^,]*)")
_CURLY = re.compile(r"\\.|[{},]", re.DOTALL)


def read_names(value: str) -> tuple[str, ...]:
    """Return display names, `Given Family` or that of a body; `others` is not a person."""
    names = (_display(name) for name in _split(value))
    return tuple(name for name in names if name)


def comma_list(value: str) -> str:
    """Return the first name with more commas than a name has, or the empty string.

    A name has two at most (von Last, Jr, First); more is a list without `and`.
    """
    if value.count(",") < 3:
        return ""
    for name in _split(value):
        depth = commas = 0
        for match in _CURLY.finditer(name):
            depth += (match[0] == "{") - (match[0] == "}")
            commas += match[0] == "," and depth == 0
        if commas > 2 and not _EXTENDED.search(name):
            return name
    return ""


def _split(value: str) -> list[str]:
    names = split_multiple_persons_names(balance(value))
    return [
        name for name in names if name.strip().lower() not in {"others", "and others", "and", ""}
    ]


@lru_cache(maxsize=8192)
def _display(name: str) -> str:
    name = name.strip()
    if name.startswith("{") and name.endswith("}") and _is_one_group(name):
        return plain(name)
    found = {part: value.strip('" ') for part, value in _EXTENDED.findall(name)}
    if "family" in found:
        parts = [found.get(part, "") for part in ("given", "prefix", "family", "suffix")]
        return plain(" ".join(part for part in parts if part))
    return plain(parse_single_name_into_parts(name, strict=False).merge_first_name_first)


def _is_one_group(name: str) -> bool:
    """Tell whether the first brace closes with the last: the name of a body, kept whole."""
    depth = 0
    for match in _CURLY.finditer(name):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth == 0 and match[0] == "}" and match.end() < len(name):
            return False
    return True
