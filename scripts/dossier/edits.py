"""Edits of a text, by which one text is kept as what it differs in from another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Edit: TypeAlias = tuple[int, int, str]
"""Where words begin and end (offsets in code points), and what stands in their place."""


def edited(text: str, edits: Iterable[Edit], start: int = 0) -> str:
    """Return a text from `start` on with its edits made, which stand in order and apart."""
    parts: list[str] = []
    at = start
    for first, end, written in edits:
        parts += (text[at:first], written)
        at = end
    return "".join((*parts, text[at:]))
