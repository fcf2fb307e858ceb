"""The narrow drawing: a tree that reads downwards like a list.

Each source stands under the one from which it takes its text, else its facts. What it takes
from others comes in from the right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dossier.lineage.boxes import (
    Box,
    Drawing,
    Wire,
    box_height,
    by_nearness,
    label_of,
    lines_of,
    notes_of,
)
from dossier.lineage.graph import Graph, Relation

_WIDTH: Final = 320.0
_INDENT: Final = 24.0
_INDENTS: Final = 130.0
_LANE: Final = 13.0
_GAP: Final = 10.0
_EDGE: Final = 1.0


def down(graph: Graph) -> Drawing:
    """Return the drawing as a tree."""
    parents = main_givers(graph)
    others = [r for r in graph.relations if parents.get(r.taker) != r]
    lanes = {giver: n for n, giver in enumerate(dict.fromkeys(r.giver for r in others))}
    right = _WIDTH - _EDGE - (_LANE * len(lanes) + 2 if lanes else 0)
    listed = list(outline(graph, parents))
    indent = min(_INDENT, _INDENTS / max(1, *(depth for _, depth in listed)))
    boxes: dict[str, Box] = {}
    y = _EDGE
    for key, depth in listed:
        x = _EDGE + indent * depth
        source, parent = graph.source(key), parents.get(key)
        about, *more = notes_of(source) or ("",)
        first = " · ".join(filter(None, (label_of(parent) if parent else "", about)))
        name, notes = lines_of(source, right - x, tuple(filter(None, (first, *more))))
        entering = tuple(label_of(r) for r in others if r.taker == key)
        height = box_height(len(name) + len(notes) + len(entering))
        heavy = not parent and not entering
        boxes[key] = Box(key, x, y, right - x, height, name, notes, entering, heavy)
        y += height + _GAP
    wires = [_branch(relation, boxes, 0.4 * indent) for relation in parents.values()]
    wires += [_lane(relation, boxes, lanes, right) for relation in others]
    return Drawing(_WIDTH, y - _GAP + _EDGE, tuple(boxes.values()), tuple(wires))


def main_givers(graph: Graph) -> dict[str, Relation]:
    """Return for each source the relation under which it stands, none for where it starts.

    Text goes before facts, and facts of the whole before those of some passages. Of sources
    that take from each other in a circle the first is taken for the start.
    """
    rank: dict[str, int] = {"text": 0, "facts": 1}
    found: dict[str, Relation] = {}
    for relation in sorted(graph.relations, key=lambda r: (rank[r.taken], r.passages > 0)):
        above = relation.giver
        while above in found:
            above = found[above].giver
        if relation.taker not in found and above != relation.taker:
            found[relation.taker] = relation
    return found


def outline(graph: Graph, parents: Mapping[str, Relation]) -> Iterator[tuple[str, int]]:
    """Yield the sources as a list reads them, with their depths.

    A tree stands before those that take from it besides.
    """
    rank = by_nearness(graph)
    top = {source.key: _root(source.key, parents) for source in graph.sources}
    before: dict[str, set[str]] = {root: set() for root in dict.fromkeys(top.values())}
    for relation in graph.relations:
        if top[relation.giver] != top[relation.taker]:
            before[top[relation.taker]].add(top[relation.giver])
    waiting = [*before]
    while waiting:
        # Of trees that wait for each other the first goes first.
        free = [root for root in waiting if not before[root] & {*waiting} - {root}]
        root = (free or waiting)[0]
        waiting.remove(root)
        yield from _under(root, parents, rank)


def _root(key: str, parents: Mapping[str, Relation]) -> str:
    while key in parents:
        key = parents[key].giver
    return key


def _under(
    root: str, parents: Mapping[str, Relation], rank: Mapping[str, tuple[float, ...]]
) -> Iterator[tuple[str, int]]:
    givers = {relation.giver for relation in parents.values()}
    waiting = [(root, 0)]
    while waiting:
        key, depth = waiting.pop()
        yield key, depth
        below = [taker for taker, relation in parents.items() if relation.giver == key]
        # Those on which nothing rests come first, so that trunks stay short.
        below.sort(key=lambda taker: (taker in givers, rank[taker]), reverse=True)
        waiting += [(taker, depth + 1) for taker in below]


def _branch(relation: Relation, boxes: Mapping[str, Box], trunk: float) -> Wire:
    giver, taker = boxes[relation.giver], boxes[relation.taker]
    x = giver.x + trunk
    start, end = (x, giver.y + giver.height), (taker.x, taker.middle)
    return Wire(relation, (start, (x, taker.middle), end))


def _lane(
    relation: Relation, boxes: Mapping[str, Box], lanes: Mapping[str, int], right: float
) -> Wire:
    giver, taker = boxes[relation.giver], boxes[relation.taker]
    x = right + _LANE * (lanes[relation.giver] + 1) - 2
    start, end = (right, giver.middle), (right, taker.middle)
    return Wire(relation, (start, (x, giver.middle), (x, taker.middle), end))
