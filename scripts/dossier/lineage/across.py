"""The wide drawing: sources in columns, from those on which others rest to the last copies.

The steps are those of Sugiyama, Tagawa and Toda, Methods for visual understanding of
hierarchical system structures (1981): columns, order within them, places. Wires run in right
angles, and all that one source gives of one kind shares a trunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from dossier.lineage.boxes import (
    ARROW,
    Box,
    Drawing,
    Point,
    Wire,
    box_height,
    by_nearness,
    label_of,
    lines_of,
    notes_of,
    text_width,
)
from dossier.lineage.graph import Graph, Relation

MOST_COLUMNS: Final = 4
"""With more columns the letters would be too small on the page."""

_BOX: Final = 176.0
_GAP: Final = 12.0
_PORT: Final = 22.0
_TRUNK: Final = 9.0
_EDGE: Final = 1.0
_SWEEPS: Final = 6


@dataclass(frozen=True, slots=True, order=True)
class _Slot:
    """A place in a column: a source, or a relation (by number) on its way past the column."""

    key: str
    relation: int = -1
    column: int = 0


_Steps = dict[_Slot, list[_Slot]]


def across(graph: Graph) -> Drawing | None:
    """Return the drawing in columns, None where these are too many or sources go in a circle."""
    columns_of = _columns(graph)
    steps = [columns_of[r.taker] - columns_of[r.giver] for r in graph.relations]
    if min(steps, default=0) < 1 or max(columns_of.values()) >= MOST_COLUMNS:
        return None
    routes = _routes(graph, columns_of)
    columns = _ordered(graph, columns_of, routes)
    heights = {slot: _height(slot, graph) for column in columns for slot in column}
    tops = _tops(columns, heights, routes)
    lefts, trunks, width = _lefts(columns, graph, routes)
    boxes = {}
    for slot in tops:
        if slot.relation < 0:
            source = graph.source(slot.key)
            name, notes = lines_of(source, _BOX, notes_of(source))
            place = (lefts[columns_of[slot.key]], tops[slot], _BOX, heights[slot])
            heavy = not graph.given_to(slot.key)
            boxes[slot.key] = Box(slot.key, *place, name, notes, heavy=heavy)
    middles = {slot: tops[slot] + heights[slot] / 2 for slot in tops}
    wires = _wires(graph, boxes, routes, middles, trunks)
    height = max(box.y + box.height for box in boxes.values()) + _EDGE
    return Drawing(width, height, tuple(boxes.values()), wires)


def _columns(graph: Graph) -> dict[str, int]:
    """Return the column of each source: behind all that it takes from, near those it gives to.

    What gives to none stands beside the last of those that take from the same.
    """
    column = {source.key: 0 for source in graph.sources}
    # As many rounds as there are sources: what goes in circles stops there.
    for _ in column:
        for relation in graph.relations:
            after = column[relation.giver] + 1
            column[relation.taker] = max(column[relation.taker], min(after, len(column) - 1))
    givers = {relation.giver for relation in graph.relations}
    for key in column.keys() - givers:
        above = {relation.giver for relation in graph.given_to(key)}
        column[key] = max((column[r.taker] for r in graph.relations if r.giver in above), default=0)
    for giver in sorted(column, key=lambda key: -column[key]):
        takers = [column[r.taker] for r in graph.relations if r.giver == giver]
        column[giver] = max(column[giver], min(takers, default=0) - 1)
    return column


def _routes(graph: Graph, columns: Mapping[str, int]) -> list[list[_Slot]]:
    """Return for each relation the places that it goes through, column by column."""
    return [
        [
            _Slot(r.giver, column=columns[r.giver]),
            *(_Slot("", n, c) for c in range(columns[r.giver] + 1, columns[r.taker])),
            _Slot(r.taker, column=columns[r.taker]),
        ]
        for n, r in enumerate(graph.relations)
    ]


def _ordered(
    graph: Graph, columns_of: Mapping[str, int], routes: Sequence[Sequence[_Slot]]
) -> list[list[_Slot]]:
    """Return the columns, each in the order in which the fewest wires cross."""
    rank = by_nearness(graph)
    slots = sorted(
        {slot for route in routes for slot in route}
        | {_Slot(key, column=column) for key, column in columns_of.items()},
        key=lambda slot: (rank.get(slot.key, ()), slot),
    )
    columns = [[s for s in slots if s.column == c] for c in range(max(columns_of.values()) + 1)]
    before, after = _steps(routes)
    best = [list(column) for column in columns]
    for sweep in range(_SWEEPS):
        back = sweep % 2 == 0
        for column in reversed(columns) if back else columns:
            place = {slot: n / len(c) for c in columns for n, slot in enumerate(c)}
            column.sort(key=lambda slot: _mean(slot, after if back else before, place))
        if _crossings(columns, after) < _crossings(best, after):
            best = [list(column) for column in columns]
    return best


def _steps(routes: Iterable[Sequence[_Slot]]) -> tuple[_Steps, _Steps]:
    before: _Steps = {}
    after: _Steps = {}
    for route in routes:
        for left, right in pairwise(route):
            after.setdefault(left, []).append(right)
            before.setdefault(right, []).append(left)
    return before, after


def _mean(slot: _Slot, sides: _Steps, place: Mapping[_Slot, float]) -> float:
    near = [place[other] for other in sides.get(slot, ())]
    return sum(near) / len(near) if near else place[slot]


def _crossings(columns: Iterable[Sequence[_Slot]], after: _Steps) -> int:
    place = {slot: n for column in columns for n, slot in enumerate(column)}
    steps = [(a.column, place[a], place[b]) for a, bs in after.items() for b in bs]
    return sum(
        c1 == c2 and (a1 - a2) * (b1 - b2) < 0
        for n, (c1, a1, b1) in enumerate(steps)
        for c2, a2, b2 in steps[:n]
    )


def _height(slot: _Slot, graph: Graph) -> float:
    if slot.relation >= 0:
        return _PORT
    source = graph.source(slot.key)
    name, notes = lines_of(source, _BOX, notes_of(source))
    return box_height(len(name) + len(notes), _PORT * (len(graph.given_to(slot.key)) + 0.4))


def _tops(
    columns: Sequence[Sequence[_Slot]],
    heights: Mapping[_Slot, float],
    routes: Sequence[Sequence[_Slot]],
) -> dict[_Slot, float]:
    """Return the upper edge of each place; the tallest column first, the rest beside it."""
    before, after = _steps(routes)
    tall = [sum(heights[s] + _GAP for s in column) for column in columns]
    first = max(range(len(columns)), key=lambda c: (tall[c], c))
    tops: dict[_Slot, float] = {}
    middles: dict[_Slot, float] = {}
    order = [first, *range(first - 1, -1, -1), *range(first + 1, len(columns))]
    for number in order:
        sides = after if number < first else before
        # A source without a neighbor on that side goes under those that have one.
        lowest = max(middles.values(), default=0.0)
        wanted = []
        for slot in columns[number]:
            near = [middles[other] for other in sides.get(slot, ()) if other in middles]
            wanted.append(sum(near) / len(near) if near else lowest)
        if number == first:
            wanted = [0.0] * len(columns[number])
        for slot, top in zip(
            columns[number], _spread(columns[number], wanted, heights), strict=True
        ):
            tops[slot] = top
            middles[slot] = top + heights[slot] / 2
    shift = _EDGE - min(tops.values())
    return {slot: round(top + shift, 1) for slot, top in tops.items()}


def _spread(
    column: Sequence[_Slot], wanted: Sequence[float], heights: Mapping[_Slot, float]
) -> list[float]:
    """Return upper edges as near to the wanted middles as the order and the gaps allow.

    Source of the method: the pool-adjacent-violators algorithm for isotonic regression.
    """
    offsets, at = [], 0.0
    for slot in column:
        offsets.append(at)
        at += heights[slot] + _GAP
    pools: list[tuple[float, int]] = []
    for slot, want, offset in zip(column, wanted, offsets, strict=True):
        pool = (want - heights[slot] / 2 - offset, 1)
        while pools and pools[-1][0] >= pool[0]:
            mean, count = pools.pop()
            total = count + pool[1]
            pool = ((mean * count + pool[0] * pool[1]) / total, total)
        pools.append(pool)
    means = [mean for mean, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


_Trunk = tuple[_Slot, str]


def _lefts(
    columns: Sequence[Sequence[_Slot]], graph: Graph, routes: Sequence[Sequence[_Slot]]
) -> tuple[list[float], dict[_Trunk, float], float]:
    """Return the left edge of each column, where each trunk runs, and the width of all."""
    lefts = [_EDGE]
    trunks: dict[_Trunk, float] = {}
    for number, column in enumerate(columns[:-1]):
        here = dict.fromkeys(
            (slot, relation.taken)
            for slot in column
            for route, relation in zip(routes, graph.relations, strict=True)
            if slot in route[:-1]
        )
        right = lefts[-1] + _BOX
        for n, trunk in enumerate(reversed(here), 1):
            trunks[trunk] = right + n * _TRUNK
        labels = [
            text_width(label_of(relation), 12.5)
            for relation, route in zip(graph.relations, routes, strict=True)
            if route[-1].column == number + 1
        ]
        wide = max(labels, default=0.0) + len(here) * _TRUNK + ARROW + _GAP
        lefts.append(round(right + wide, 1))
    return lefts, trunks, lefts[-1] + _BOX + _EDGE


def _wires(
    graph: Graph,
    boxes: Mapping[str, Box],
    routes: Sequence[Sequence[_Slot]],
    middles: Mapping[_Slot, float],
    trunks: Mapping[_Trunk, float],
) -> tuple[Wire, ...]:
    numbered = list(enumerate(zip(graph.relations, routes, strict=True)))
    ports: dict[int, float] = {}
    for key, box in boxes.items():
        into = [(middles[route[-2]], n) for n, (r, route) in numbered if r.taker == key]
        for place, (_, n) in enumerate(sorted(into)):
            ports[n] = box.middle + _PORT * (place - (len(into) - 1) / 2)
    wires = []
    for n, (relation, route) in numbered:
        giver, taker = boxes[relation.giver], boxes[relation.taker]
        y = _leaves(relation, giver, graph)
        points: list[Point] = [(giver.x + giver.width, y)]
        for here, there in pairwise(route):
            x = trunks[here, relation.taken]
            down = ports[n] if there is route[-1] else middles[there]
            points += [(x, y), (x, down)]
            y = down
        points.append((taker.x, y))
        wires.append(Wire(relation, tuple(points), (taker.x - ARROW - 3, y - 4)))
    return tuple(wires)


def _leaves(relation: Relation, giver: Box, graph: Graph) -> float:
    """Return where a wire leaves its giver: one place for each kind of thing given."""
    kinds = sorted({r.taken for r in graph.relations if r.giver == giver.key})
    return giver.middle + 8 * (kinds.index(relation.taken) - (len(kinds) - 1) / 2)
