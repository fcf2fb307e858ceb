"""The lineage of sources as a figure: two drawings, one shown, and the same in words.

No color is told of: lines differ in form and carry words. Everything is set by attributes and
by classes, so that the page needs no inline style.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape, unescape
from typing import Final

from dossier.lineage.across import across
from dossier.lineage.boxes import (
    ARROW,
    FILE_STYLE,
    LEADING,
    NAME_SIZE,
    NOTE_SIZE,
    PADDING,
    Box,
    Drawing,
    Point,
    Wire,
    label_of,
    trimmed,
    wrapped,
)
from dossier.lineage.boxes import xml_number as _n
from dossier.lineage.boxes import xml_text as _text
from dossier.lineage.down import down, main_givers, outline
from dossier.lineage.graph import RUN, Graph, Measured, Relation, Source

Cite = Callable[[str], str]
"""The citation of a source or a passage, given its address, as HTML."""

_BEND: Final = 5.0
_TITLE: Final = "Which source takes text or facts from which"
_NUMBERS: Final = {5: "five"}


def lineage_figure(graph: Graph, cite: Cite, *, name: str = "lineage") -> str:
    """Return `figure.lineage`, the drawings with a caption, and the relations as a nested list.

    The list follows the figure: HTML has the caption first or last in it (HTML, 4.4.12).

    `name` begins the ids of the drawings and must be another for each figure of a page. A graph
    without relations gives no figure but an empty text.
    """
    if not graph.relations:
        return ""
    return (
        f'<figure class="lineage">\n{lineage_svg(graph, name=name)}\n'
        f'<figcaption><span class="chart-title">{_TITLE}</span>\n'
        f"{_caption(graph)}</figcaption>\n</figure>\n"
        '<details class="lineage-words">'
        "<summary>Who takes what from whom, in words</summary>\n"
        f"{_list(graph, cite)}\n</details>"
    )


def lineage_svg(graph: Graph, *, name: str = "lineage") -> str:
    """Return the drawings: `svg.lineage-across`, where columns fit, and `svg.lineage-down`.

    A style sheet shows the first where there is room for it, the second elsewhere. Without
    relations there is nothing to draw, and the text is empty.
    """
    if not graph.relations:
        return ""
    wide = across(graph)
    drawings = [("across", wide)] if wide else []
    drawings.append(("down", down(graph)))
    only = " lineage-only" if wide is None else ""
    return "\n".join(
        _svg(graph, drawing, f"lineage-{way}{only}", f"{name}-{way}") for way, drawing in drawings
    )


def lineage_file(graph: Graph) -> str:
    """Return the drawing as an SVG file of its own, in columns where these fit.

    It has its title and caption in it, and the colors of both schemes. Without relations there is
    nothing to draw, and the text is empty.
    """
    if not graph.relations:
        return ""
    drawing = across(graph) or down(graph)
    caption = wrapped(unescape(_caption(graph)), drawing.width, NOTE_SIZE)
    title = f'font-size="{_n(NAME_SIZE)}" font-weight="600" fill="currentColor">{_TITLE}</text>'
    told = [f'<text x="0" y="-18" {title}']
    told += [
        f'<text class="note" x="0" y="{_n(drawing.height + (n + 2) * LEADING)}" '
        f'font-size="{_n(NOTE_SIZE)}">{_text(line)}</text>'
        for n, line in enumerate(caption)
    ]
    width, height = drawing.width + 40, drawing.height + (len(caption) + 2) * LEADING + 56
    sheet = f"-20 -44 {_n(width)} {_n(height)}"
    return _svg(graph, drawing, "lineage", "lineage", FILE_STYLE, tuple(told), sheet) + "\n"


def _svg(
    graph: Graph,
    drawing: Drawing,
    class_: str,
    id_: str,
    style: str = "",
    told: tuple[str, ...] = (),
    sheet: str = "",
) -> str:
    shared = trimmed(drawing.wires, _BEND)
    wires = "\n".join(map(_wire, drawing.wires, shared))
    boxes = "\n".join((*map(_box, drawing.boxes), *told))
    sheet = sheet or f"0 0 {_n(drawing.width)} {_n(drawing.height)}"
    _, _, width, height = sheet.split()
    return (
        f'<svg class="{class_}" xmlns="http://www.w3.org/2000/svg" viewBox="{sheet}" '
        f'width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{escape(id_)}-title" aria-describedby="{escape(id_)}-desc">\n'
        f'<title id="{escape(id_)}-title">{_TITLE}</title>\n'
        f'<desc id="{escape(id_)}-desc">{_text(_summary(graph))} '
        "The list below the drawing says the same in words.</desc>\n"
        f"{style}"
        f'<g fill="none" stroke="currentColor">\n{wires}\n</g>\n'
        f'<g fill="currentColor">\n{boxes}\n</g>\n</svg>'
    )


def _summary(graph: Graph) -> str:
    texts = sum(relation.taken == "text" for relation in graph.relations)
    starts = [s.name for s in graph.sources if not graph.given_to(s.key)]
    return (
        f"{len(graph.sources)} sources; {texts} take their text from another, and "
        f"{len(graph.relations) - texts} arrows lead from facts to those who took them. "
        f"Nothing is taken from another by: {'; '.join(starts) or 'none'}."
    )


def _wire(wire: Wire, points: tuple[Point, ...]) -> str:
    relation = wire.relation
    dashes = ' stroke-dasharray="5 4"' if relation.taken == "facts" else ""
    body = f'<path class="wire" d="{_rounded(points)}" stroke-width="1.25"{dashes}/>'
    (x0, _), (x, y) = wire.points[-2:]
    tail = x + (ARROW if x0 > x else -ARROW)
    head = f"M{_n(tail)} {_n(y - 4)}L{_n(x)} {_n(y)}L{_n(tail)} {_n(y + 4)}"
    # The head of an arrow of text is filled, that of one of facts is open.
    filled = ' fill="currentColor"' if relation.taken == "text" else ""
    label = ""
    if wire.label:
        at = f'x="{_n(wire.label[0])}" y="{_n(wire.label[1])}"'
        label = (
            f'<text class="taken" {at} font-size="{_n(NOTE_SIZE)}" text-anchor="end" '
            f'fill="currentColor" stroke="none">{_text(label_of(relation))}</text>'
        )
    arrow = f'<path d="{head}{"Z" if filled else ""}" stroke-width="1.25"{filled}/>'
    return f'<g class="{relation.taken}">{body}{arrow}{label}</g>'


def _rounded(points: tuple[Point, ...]) -> str:
    """Return a path through the points, its right angles rounded."""
    kept = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        straight = before[0] == here[0] == after[0] or before[1] == here[1] == after[1]
        if not straight and here != kept[-1]:
            kept.append(here)
    kept.append(points[-1])
    path = f"M{_n(kept[0][0])} {_n(kept[0][1])}"
    for before, here, after in zip(kept, kept[1:], kept[2:], strict=False):
        bend = min(_BEND, _length(before, here) / 2, _length(here, after) / 2)
        start, end = _towards(here, before, bend), _towards(here, after, bend)
        path += (
            f"L{_n(start[0])} {_n(start[1])}Q{_n(here[0])} {_n(here[1])} {_n(end[0])} {_n(end[1])}"
        )
    return f"{path}L{_n(kept[-1][0])} {_n(kept[-1][1])}"


def _length(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _towards(here: Point, there: Point, by: float) -> Point:
    length = _length(here, there) or 1.0
    return (
        here[0] + (there[0] - here[0]) * by / length,
        here[1] + (there[1] - here[1]) * by / length,
    )


def _box(box: Box) -> str:
    frame = (
        f'<rect class="frame" x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" '
        f'height="{_n(box.height)}" rx="3" fill="none" stroke="currentColor" '
        f'stroke-width="{"2" if box.heavy else "1"}"/>'
    )
    left, right = _n(box.x + PADDING), _n(box.x + box.width - PADDING)
    lines = [("name", NAME_SIZE, f'x="{left}" font-weight="600"', line) for line in box.name]
    lines += [("note", NOTE_SIZE, f'x="{left}"', line) for line in box.notes]
    lines += [("taken", NOTE_SIZE, f'x="{right}" text-anchor="end"', line) for line in box.entering]
    y = box.y + (box.height - len(lines) * LEADING) / 2 + 12
    drawn = "".join(
        f'<text class="{class_}" {place} y="{_n(y + n * LEADING)}" font-size="{_n(size)}">'
        f"{_text(line)}</text>"
        for n, (class_, size, place, line) in enumerate(lines)
    )
    class_ = "source origin" if box.heavy else "source"
    return f'<g class="{class_}" data-key="{_text(box.key)}">{frame}{drawn}</g>'


def _caption(graph: Graph) -> str:
    words = (
        "Each arrow leads from a source to one that took from it: with a solid line and a filled "
        "head the text, with a broken line and an open head the facts, or some of them. Frames "
        "are heavy where nothing held shows that anything was taken from another."
    )
    if any(relation.measured for relation in graph.relations):
        run = _NUMBERS.get(RUN, str(RUN))
        words += (
            f" A percentage is the share of a copy’s runs of {run} words that stand in the text it "
            "was taken from."
        )
    for source in graph.sources:
        if source.nearest:
            whole, original = _full_name(source), _full_name(graph.source(source.nearest))
            words += (
                f" No text of {_text(original)} is held; its copies are measured against "
                f"{_text(whole)}, the one that has most in common with the others."
            )
    return words


def _full_name(source: Source) -> str:
    return f"{source.name} ({source.about})" if source.about else source.name


def _list(graph: Graph, cite: Cite) -> str:
    parents = main_givers(graph)
    parts, depth = [], -1
    for key, below in outline(graph, parents):
        parts.append(
            "\n<ul>\n" if below > depth else "</li>\n" + "</ul>\n</li>\n" * (depth - below)
        )
        depth = below
        parts.append(f"<li>{_sentence(graph, key, parents, cite)}")
    return ("".join(parts) + "</li>\n" + "</ul>\n</li>\n" * depth + "</ul>").strip()


def _sentence(graph: Graph, key: str, parents: Mapping[str, Relation], cite: Cite) -> str:
    source = graph.source(key)
    given = sorted(graph.given_to(key), key=lambda r: r != parents.get(key))
    taken = [_taken(relation, graph, cite) for relation in given]
    if source.measured:
        share = _share(source.measured, graph)
        taken.append(f"its text is its own: {share}")
    words = "; ".join(taken) or "nothing held shows that it takes from another"
    about = f", {_text(source.about)}" if source.about else ""
    return f"{cite(key)}{about}: {words}."


def _taken(relation: Relation, graph: Graph, cite: Cite) -> str:
    giver = cite(relation.giver)
    if relation.taken == "text":
        share = f", and {_share(relation.measured, graph)}" if relation.measured else ""
        return f"takes its text from {giver}{share}"
    if not relation.passages:
        return f"takes its facts from {giver}"
    some = "one passage" if relation.passages == 1 else f"{relation.passages} passages"
    return f"takes the facts of {some} from {giver}"


def _share(measured: Measured, graph: Graph) -> str:
    whole = _text(graph.source(measured.whole).name)
    return f"{measured.percent} of its runs of {_NUMBERS.get(RUN, str(RUN))} words stand in {whole}"
