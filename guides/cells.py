"""Markdown of which the pages of the reference are made: tables, code, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

NOTE = "Written from the code, when these guides are built.\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown; each cell is Markdown already."""
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)]
    return "\n".join(lines) + "\n"


def code(text: str) -> str:
    """Return a text as code in a cell of a table."""
    return f"`{text.replace('|', chr(92) + '|')}`" if text else ""


def sentence(text: str) -> str:
    """Return a description with a full stop and a capital letter, unless a value begins it."""
    first = text[:1] if re.match(r"[\w-]+:", text) else text[:1].upper()
    return f"{first}{text[1:]}{'' if text.endswith('.') else '.'}"


def joined(*sentences: str) -> str:
    """Return sentences in a row, those that are empty left out."""
    return " ".join(filter(None, sentences))
