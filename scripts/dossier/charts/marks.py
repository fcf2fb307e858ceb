"""What charts are drawn with: text that stays text, bars, dots and lines, set by attributes.

Lengths are user units of SVG, one to a pixel where a drawing is shown at its own size. No mark has
an inline style, so that a page needs none; colors come from `currentColor` and by classes. What is
claimed and not measured is open, a bar broken too; what is measured is full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dossier.lineage.boxes import NAME_SIZE, NOTE_SIZE, wrapped, xml_number, xml_text
from dossier.model import Row, Series
from dossier.numbers import numbers_in

LEADING: Final = 16.0
WIDE: Final = 700.0
NARROW: Final = 296.0
"""The two widths in which a chart is drawn; below the first a style sheet shows the second."""

_OPEN: Final = 'fill="none" stroke="currentColor" stroke-width="1.5"'


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart of some width and height, its marks as SVG."""

    width: float
    height: float
    marks: tuple[str, ...]


def text(x: float, y: float, words: str, class_: str = "note", anchor: str = "") -> str:
    """Return a line of text; that of the class `name` is bold and a little larger."""
    bold = f' font-size="{xml_number(NAME_SIZE)}" font-weight="600"' if class_ == "name" else ""
    side = f' text-anchor="{anchor}"' if anchor else ""
    at = f'x="{xml_number(x)}" y="{xml_number(y)}"'
    return f'<text class="{class_}" {at}{bold}{side}>{xml_text(words)}</text>'


def lines(
    x: float, y: float, words: str, width: float, class_: str = "note"
) -> tuple[list[str], float]:
    """Return a text in lines no wider than `width`, the first on the line y, and the next y."""
    size = NAME_SIZE if class_ == "name" else NOTE_SIZE
    drawn = [
        text(x, y + number * LEADING, line, class_)
        for number, line in enumerate(wrapped(words, width, size))
    ]
    return drawn, y + LEADING * len(drawn)


def bar(x: float, y: float, width: float, height: float, *, claim: bool) -> str:
    """Return a bar, open and dashed for a claim."""
    at = f'x="{xml_number(x)}" y="{xml_number(y)}"'
    size = f'width="{xml_number(width)}" height="{xml_number(height)}"'
    if claim:
        return f'<rect class="claim" {at} {size} {_OPEN} stroke-dasharray="4 2.5"/>'
    return f'<rect class="mark" {at} {size} fill="currentColor"/>'


def dot(x: float, y: float, radius: float, *, claim: bool = False) -> str:
    """Return a dot, a ring for a claim."""
    # The outline of a ring ends where a full dot does.
    radius -= 0.75 if claim else 0.0
    at = f'cx="{xml_number(x)}" cy="{xml_number(y)}" r="{xml_number(radius)}"'
    if claim:
        return f'<circle class="claim" {at} {_OPEN}/>'
    return f'<circle class="mark" {at} fill="currentColor"/>'


def rule(x: float, y: float, to_x: float, to_y: float, class_: str = "rule") -> str:
    """Return a straight line."""
    ends = " ".join(
        f'{name}="{xml_number(value)}"'
        for name, value in (("x1", x), ("y1", y), ("x2", to_x), ("y2", to_y))
    )
    return f'<line class="{class_}" {ends} stroke="currentColor"/>'


def ticks(places: Sequence[float], y: float, length: float) -> list[str]:
    """Return the ticks of an axis, down from the height y: one path, or nothing for no place."""
    drawn = "".join(f"M{xml_number(x)} {xml_number(y)}v{xml_number(length)}" for x in places)
    return [f'<path class="axis" d="{drawn}" stroke="currentColor"/>'] if drawn else []


def signs(places: Sequence[float], y: float, written: str) -> str:
    """Return signs on one line, each in the middle of its place (SVG 2, `x` of `text`: a list)."""
    at = " ".join(map(xml_number, places))
    return (
        f'<text class="sign" x="{at}" y="{xml_number(y)}" text-anchor="middle">'
        f"{xml_text(written)}</text>"
    )


def amount(row: Row, column: str) -> Decimal | None:
    """Return the first number of a cell, its scale worked in; None where there is none."""
    for number in numbers_in(row.values.get(column, "")):
        value = number.value if isinstance(number.value, Decimal) else number.written
        if value is not None:
            return value
    return None


def is_claim(series: Series, row: Row) -> bool:
    """Tell whether a row is a claim: the text of its column of claims begins with that word."""
    column = series.chart.claim if series.chart else ""
    return row.values.get(column, "").casefold().startswith("claim") if column else False
