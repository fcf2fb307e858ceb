"""Entries that share a key, in one file or over several."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.bibliography.entries import Entry
from dossier.problems import Problem


def drop_duplicates(entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], list[Problem]]:
    """Return the first entry of each key, and a problem for each further one.

    The same entry twice in a file is a warning. In two files it is an error, since the copies
    will part sooner or later, and which of them counts hangs on the order of the files. Keys
    that differ only in case are a warning, since file systems and anchors may not tell them
    apart.
    """
    first: dict[str, Entry] = {}
    folded: dict[str, Entry] = {}
    problems: list[Problem] = []
    for entry in entries:
        before = first.setdefault(entry.key, entry)
        if before is not entry:
            problems.append(_repeated(before, entry))
            continue
        like = folded.setdefault(entry.key.casefold(), entry)
        if like is not entry:
            problems.append(_alike(like, entry))
    return tuple(first.values()), problems


def _place(entry: Entry) -> str:
    line, _ = entry.source.place(entry.block.offset)
    return f"{entry.source.path}:{line}"


def _content(entry: Entry) -> tuple[str, dict[str, list[str]]]:
    return entry.type, {v.name: v.text.split() for v in entry.values}


def _repeated(before: Entry, entry: Entry) -> Problem:
    if before.source is entry.source and _content(before) == _content(entry):
        return entry.warning(
            "duplicate-key",
            entry.block.offset,
            f"the entry `{entry.key}` at {_place(entry)} repeats that at {_place(before)}",
            "delete one of the two",
        )
    same = _content(before) == _content(entry)
    how = "in two files" if same else "for different entries"
    return entry.problem(
        "duplicate-key",
        entry.block.offset,
        f"the key `{entry.key}` is used twice, {how}: first at {_place(before)}, "
        f"again at {_place(entry)}; the first is used",
        "delete one of them" if same else "give one of them another key, or delete it",
    )


def _alike(before: Entry, entry: Entry) -> Problem:
    return entry.warning(
        "duplicate-key",
        entry.block.offset,
        f"the keys `{before.key}` ({_place(before)}) and `{entry.key}` ({_place(entry)}) "
        "differ only in case",
        "rename one of them: anchors and files may not tell them apart",
    )
