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


def misread_name(value: str) -> tuple[str, str]:
    """Return the first name that is none as BibTeX reads it, and why; both empty for none.

    A name has two commas at most (von Last, Jr, First), with words between them; more is a
    list without `and`, as is one parted by semicolons. An `and` stands between two names.
    """
    if not any(sign in value for sign in ",;") and not _AND.search(value):
        return "", ""
    if value.strip().lower() == "and others":
        return "", ""
    for name in _parts(value):
        bare = _outside_braces(name)
        commas = [part.strip() for part in bare.split(",")]
        if _EXTENDED.search(name):
            continue
        if not name.strip():
            return value.strip(), "has an `and` with no name beside it"
        if ";" in _ENTITY.sub("", bare):
            return name.strip(), "is parted by a semicolon"
        if len(commas) > 3:
            return name.strip(), "has too many commas"
        if not all(commas):
            return name.strip(), "has a comma with nothing beside it"
    return "", ""


_AND = re.compile(r"(?i)(?:^|\s)and(?=\s|$)")
_ENTITY = re.compile(r"&#?\w+;")


def _parts(value: str) -> list[str]:
    """Return what stands between the `and` of a list, outside of braces."""
    bare = _outside_braces(balance(value))
    ends = [match.span() for match in _AND.finditer(bare)]
    starts = [0, *(end for _, end in ends)]
    whole = balance(value)
    return [whole[a:b] for a, b in zip(starts, [*(a for a, _ in ends), len(bare)], strict=True)]


def _outside_braces(text: str) -> str:
    """Return a text with what stands in braces masked, each character by one sign."""
    shown: list[str] = []
    depth = position = 0
    for match in _CURLY.finditer(text):
        gap = text[position : match.start()]
        shown.append("x" * len(gap) if depth else gap)
        depth = max(0, depth + (match[0] == "{") - (match[0] == "}"))
        is_comma = match[0] == "," and depth == 0
        shown.append("," if is_comma else "x" * len(match[0]))
        position = match.end()
    return "".join(shown) + text[position:]


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
