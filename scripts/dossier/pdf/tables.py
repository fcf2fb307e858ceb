"""Tables of a page: heads that come again on each sheet, rows that stay together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dossier.html_tree import Element, children, classes_of, text_of, value_of
from dossier.pdf.markup import call, collapsed

if TYPE_CHECKING:
    from dossier.pdf.conversion import Writing

# Columns of findings: the statement, its figure where any has one, its assessment, the evidence.
_FINDINGS = {4: (34, 13, 21, 32), 3: (38, 24, 38)}
_WHOLE = 1500
"""Letters up to which a row stays together: more might not fit on one sheet."""
_NUMERIC = frozenset({"num", "align-right"})


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[Element, ...]
    part: str

    @property
    def letters(self) -> int:
        return max((len(_words(cell)) for cell in self.cells), default=0)


def table(element: Element, writing: Writing) -> str:
    """Return a table, its caption above it; a table without a caption has none in print."""
    rows = tuple(_rows(element))
    widths = _widths(rows)
    if "findings" in classes_of(element):
        widths = _FINDINGS.get(len(widths), widths)
    if not widths:
        return ""
    caption = element.css_first("caption")
    parts = [f"columns: ({', '.join(f'{width}fr' for width in widths)},)"]
    head = [cell for row in rows if row.part == "thead" for cell in _cells(row, writing)]
    if head:
        parts.append(f"table.header({', '.join(head)})")
    for row in rows:
        cells = ", ".join(_cells(row, writing))
        if row.part == "thead" or not cells:
            continue
        # A head of a group within the table must not be the last row on its sheet.
        alone = len(row.cells) == 1 and value_of(row.cells[0], "scope") == "rowgroup"
        parts.append(f"table.header(level: 2, repeat: false, {cells})" if alone else cells)
    above = f"[{writing.words(caption)}]" if caption is not None else "none"
    return call("exhibit", above, f"table({', '.join(parts)})")


def _rows(element: Element) -> list[_Row]:
    found = []
    for part in children(element):
        if part.tag in ("thead", "tbody", "tfoot"):
            for row in children(part):
                if row.tag == "tr":
                    cells = tuple(c for c in children(row) if c.tag in ("td", "th"))
                    found.append(_Row(cells, str(part.tag)))
    return found


def _cells(row: _Row, writing: Writing) -> list[str]:
    first = row.cells[0].parent if row.cells else None
    mark = writing.anchor(first) if first is not None else ""
    found = []
    for number, cell in enumerate(row.cells):
        options = [
            f"{name}: {value_of(cell, name)}"
            for name in ("colspan", "rowspan")
            if value_of(cell, name).isdecimal() and int(value_of(cell, name)) > 1
        ]
        options.append(f"breakable: {'false' if row.letters <= _WHOLE else 'true'}")
        if classes_of(cell) & _NUMERIC:
            options.append("align: right")
        body = (mark if number == 0 else "") + writing.anchor(cell) + writing.flow(cell)
        if cell.tag == "th" and cell.css_first("p") is None:
            body = call("strong", body=body)
        found.append(f"table.cell({', '.join(options)})[{body}]")
    return found


def _widths(rows: tuple[_Row, ...]) -> tuple[int, ...]:
    """Return the shares of the columns, by their longest word and by how much they say."""
    count = max((len(row.cells) for row in rows), default=0)
    widths = []
    for number in range(count):
        texts = [_words(row.cells[number]) for row in rows if len(row.cells) == count]
        longest = max((len(word) for text in texts for word in text.split()), default=1)
        mean = sum(map(len, texts)) / max(len(texts), 1)
        widths.append(round(max(5, min(longest, 16), min(longest, 9) + mean**0.5 * 2.2)))
    return tuple(widths)


def _words(cell: Element) -> str:
    return collapsed(text_of(cell)).strip()
