"""A proposed entry of the bibliography, from what a source says of itself."""

from __future__ import annotations

import re

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def bibtex(
    key: str,
    *,
    title: str = "",
    authors: tuple[str, ...] = (),
    date: str = "",
    site: str = "",
    address: str = "",
    retrieved: str = "",
) -> str:
    """Return a BibTeX entry to be checked and put into the bibliography by a person.

    Dates are ISO 8601. What a source says of itself is often wrong: its author may be a
    staff account, its date that of the last change.
    """
    fields = [
        ("author", " and ".join(f"{{{_tex(a)}}}" if _is_body(a) else _tex(a) for a in authors)),
        ("title", f"{{{_tex(title)}}}" if title else ""),
        ("date", date if re.fullmatch(r"\d{4}(-\d{2}){0,2}", date) else ""),
        ("organization", _tex(site)),
        # Addresses stand as they are: only braces would end the field.
        ("url", address.replace("{", "%7B").replace("}", "%7D")),
        ("urldate", retrieved if address else ""),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    return "\n".join([f"@online{{{key},", *lines, "}"]) + "\n"


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(char, char) for char in text)


def _is_body(name: str) -> bool:
    """Tell whether a name is one that is not to be split into given and family name."""
    return bool(re.search(r"(?i)\b(?:staff|news|team|office|desk|room|department|and)\b", name))
