"""What differs in the series, and in the names whose numbers count nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dossier.comparison.difference import Difference, Kind, code, from_to, listed, ours
from dossier.comparison.states import State
from dossier.model import Row, Series
from dossier.problems import counted
from dossier.wording import same_words


def of_series(old: State, new: State) -> Iterator[Difference]:
    """Yield the series that are new or gone, and in the others the rows and fields that differ."""
    was, is_ = old.evidence.series, new.evidence.series
    for id_, series in is_.items():
        head = f"{code(id_)}, {ours(series.title)}:"
        if id_ in was:
            yield from _changed(head, was[id_], series)
        else:
            words = f"new, with {counted(len(series.rows), 'row')}"
            yield _difference(id_, "added", head, words, after=series.title)
    for id_, series in was.items():
        if id_ not in is_:
            head = f"{code(id_)}, {ours(series.title)}:"
            yield _difference(id_, "gone", head, "gone", series.title)


def of_names(old: State, new: State) -> Iterator[Difference]:
    """Yield the names that were added or taken out."""
    was, is_ = old.evidence.names, new.evidence.names
    for name in is_:
        if name not in was:
            words = f"the numbers in {ours(name)} need no passage from now on"
            yield Difference("names", name, "added", "", words, after=name)
    for name in was:
        if name not in is_:
            words = f"the numbers in {ours(name)} need a passage again"
            yield Difference("names", name, "gone", "", words, name)


def _difference(
    id_: str, kind: Kind, head: str, words: str, before: str = "", after: str = ""
) -> Difference:
    return Difference("tables", id_, kind, head, words, before, after)


def _changed(head: str, was: Series, is_: Series) -> Iterator[Difference]:
    fields = (("title", was.title, is_.title), ("caption", was.caption, is_.caption))
    for name, before, after in fields:
        if not same_words(before, after):
            words = from_to(code(name), before, after)
            yield _difference(is_.id, "altered", head, words, before, after)
    if was.columns != is_.columns:
        before, after = (", ".join(c.title for c in series.columns) for series in (was, is_))
        words = "the kinds, units or names of columns changed"
        if before != after:
            words = f"the columns are now {ours(after)}, before {ours(before)}"
        yield _difference(is_.id, "altered", head, words, before, after)
    if was.chart != is_.chart:
        yield _difference(is_.id, "altered", head, "drawn in another way")
    yield from _rows(head, was, is_)


def _rows(head: str, was: Series, is_: Series) -> Iterator[Difference]:
    """Yield the rows that differ; one with half of its cells as they were is the same row."""
    left = list(was.rows)
    fresh: list[Row] = []
    for row in is_.rows:
        same = next((r for r in left if _same(r, row)), None)
        if same is None:
            fresh.append(row)
        else:
            left.remove(same)
    for row in fresh:
        former = _former(row, left)
        name = f"row {ours(_name(row))}"
        if former is None:
            words = f"{name} is new"
            yield _difference(is_.id, "added", head, words, after=_cells(row))
        else:
            left.remove(former)
            words = f"{name}: {listed(_cell_changes(former, row))}"
            yield _difference(is_.id, "altered", head, words, _cells(former), _cells(row))
    for row in left:
        words = f"row {ours(_name(row))} is gone"
        yield _difference(is_.id, "gone", head, words, _cells(row))


def _same(one: Row, other: Row) -> bool:
    return (
        one.passages == other.passages
        and one.values.keys() == other.values.keys()
        and all(same_words(value, other.values[name]) for name, value in one.values.items())
    )


def _former(row: Row, among: Sequence[Row]) -> Row | None:
    """Return the row that this one was: most cells alike, at least half of them."""
    best, most = None, 0
    for known in among:
        alike = sum(
            same_words(value, known.values.get(name, "")) for name, value in row.values.items()
        )
        if alike > most:
            best, most = known, alike
    return best if 2 * most >= len(row.values) else None


def _name(row: Row) -> str:
    return next((value for value in row.values.values() if value), "")


def _cells(row: Row) -> str:
    return "; ".join(f"{name}: {value}" for name, value in row.values.items() if value)


def _cell_changes(was: Row, is_: Row) -> Iterator[str]:
    for name in dict.fromkeys((*is_.values, *was.values)):
        before, after = was.values.get(name) or "", is_.values.get(name) or ""
        if not same_words(before, after):
            yield from_to(code(name), before, after)
    if was.passages != is_.passages:
        fresh = [code(one) for one in is_.passages if one not in was.passages]
        lost = [code(one) for one in was.passages if one not in is_.passages]
        if fresh:
            yield f"now rests on {listed(fresh)}"
        if lost:
            yield f"no longer rests on {listed(lost)}"
        if not fresh and not lost:
            yield "its passages stand in another order"
