"""The differences between two states as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from dossier.comparison.difference import Difference, Part, code, listed, plain
from dossier.comparison.states import State
from dossier.problems import counted
from dossier.wording import date_in_words

NOTHING: Final = "Nothing in the evidence changed."
_PARTS: Final[dict[Part, tuple[str, str]]] = {
    "findings": ("Findings", "finding"),
    "quotations": ("Quotations in pages", "quotation"),
    "sources": ("Sources", "source"),
    "tables": ("Tables", "table"),
    "names": ("Names", "name"),
}


def as_markdown(
    old: State, new: State, found: Sequence[Difference], remarks: Sequence[str] = ()
) -> str:
    """Return the differences under a heading for each part; one item for each thing."""
    lines = ["## What changed in the evidence", "", f"From {_named(old)} to {_named(new)}."]
    for remark in remarks:
        lines += ["", f"> {plain(remark)}"]
    if not found:
        return "\n".join((*lines, "", NOTHING, ""))
    items = {part: _items([d for d in found if d.part == part]) for part in _PARTS}
    counts = (counted(len(items[part]), noun) for part, (_, noun) in _PARTS.items() if items[part])
    lines[2] = f"{lines[2]} Changed: {listed(counts)}."
    for part, (title, _) in _PARTS.items():
        if items[part]:
            lines += ["", f"### {title}", "", *items[part]]
    return "\n".join((*lines, ""))


def _items(found: Sequence[Difference]) -> list[str]:
    """Return the lines of a list: what is said of one thing together, in one item."""
    # What is said of a place in a page, or without a name, stands by itself.
    names = {
        number: (d.head, number if d.part in ("quotations", "names") else -1)
        for number, d in enumerate(found)
    }
    lines = []
    for (head, _), group in groupby(enumerate(found), key=lambda pair: names[pair[0]]):
        words = "; ".join(difference.words for _, difference in group)
        text = f"{head} {words}" if head else words[:1].upper() + words[1:]
        lines.append(f"- {text}.")
    return lines


def _named(state: State) -> str:
    if not state.name:
        return "the files as they stand"
    return f"{code(state.name[:12])} ({date_in_words(state.date)})"


def as_json(
    old: State, new: State, found: Sequence[Difference], remarks: Sequence[str] = ()
) -> str:
    """Return the same for machines: the two states, the remarks, and a list of differences.

    `commit` is null for the files as they stand.
    """
    value = {
        "from": {"commit": old.name or None, "date": old.date or None},
        "to": {"commit": new.name or None, "date": new.date or None},
        "remarks": list(remarks),
        "differences": [
            {
                "part": d.part,
                "subject": d.subject,
                "kind": d.kind,
                "before": d.before,
                "after": d.after,
                "by": list(d.by),
                "words": f"{d.head} {d.words}".strip(),
            }
            for d in found
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2)
