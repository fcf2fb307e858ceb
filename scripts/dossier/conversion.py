"""Filled forms to the values of the model, each with its place in the file."""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from dossier.forms import CheckForm, FindingForm, PassageForm, RecordForm, RowForm, SeriesForm
from dossier.model import (
    Bears,
    Capture,
    Chart,
    Check,
    Column,
    Confirmation,
    Finding,
    Independence,
    Passage,
    PassageCheck,
    Record,
    Row,
    Seal,
    Series,
)
from dossier.yaml_nodes import Node, SequenceNode, locate


def items_of(root: Node, key: str) -> tuple[Node, ...]:
    """Return the nodes of a list under a key of the root, in step with those of the form."""
    node, _, found = locate(root, (key,))
    return node.items if found and isinstance(node, SequenceNode) else ()


def record_of(form: RecordForm, root: Node) -> Record:
    """Return the record of a form; of passages that share an id the first."""
    passages: dict[str, Passage] = {}
    for filled, node in zip(form.passages or (), items_of(root, "passages"), strict=True):
        passages.setdefault(filled.id, _passage(filled, node))
    captures = tuple(
        Capture(c.sha256, c.words, c.extent, c.retrieved or "", c.bytes_sha256 or "")
        for c in form.captures or ()
    )
    return Record(
        key=form.key,
        standing=form.standing,
        span=root.span,
        kind=_line(form.kind),
        interest=_line(form.interest),
        note=_line(form.note),
        copy_of=form.copy_of or "",
        # A record that says it relies on none says what is so by default.
        relies_on="" if form.relies_on in (None, "none") else str(form.relies_on),
        captures=captures,
        passages=tuple(passages.values()),
        archived=form.archived or "",
        independent_of=tuple(
            Independence(i.key, _line(i.reason), locate(node, ("key",))[0].span)
            for i, node in zip(
                form.independent_of or (), items_of(root, "independent_of"), strict=True
            )
        ),
        places=tuple(
            (name, node.span)
            for name in ("standing", "copy_of", "relies_on")
            for node, _, found in (locate(root, (name,)),)
            if found
        ),
    )


def _passage(form: PassageForm, node: Node) -> Passage:
    return Passage(
        id=form.id,
        exact=form.exact.strip(),
        span=node.span,
        locator=_line(form.locator),
        prefix=form.prefix or "",
        suffix=form.suffix or "",
        relies_on=form.relies_on,
        voice=_line(form.voice),
        variant_of=form.variant_of or "",
        read=form.read or "once",
        care=_line(form.care),
        seal=Seal(**form.seal.model_dump()) if form.seal is not None else None,
        confirmed=tuple(
            Confirmation(_line(one.words), _line(one.reason)) for one in form.confirmed or ()
        ),
    )


def check_of(form: CheckForm, node: Node) -> Check:
    """Return the check of a form."""
    return Check(
        key=form.key,
        where=form.where,
        address=form.address,
        checked=form.checked,
        passages=tuple(PassageCheck(p.id, p.result, p.now or "") for p in form.passages or ()),
        moved_to=form.moved_to or "",
        fault=_line(form.fault),
        span=node.span,
    )


def finding_of(form: FindingForm, chapter: str, node: Node, *, torn: bool = False) -> Finding:
    """Return the finding of a form; each bearing stands where its address is written."""
    evidence = tuple(
        Bears(filled.passage, filled.bears, locate(item, ("passage",))[0].span, _line(filled.note))
        for filled, item in zip(form.evidence, items_of(node, "evidence"), strict=True)
    )
    return Finding(
        id=form.id,
        chapter=chapter,
        statement=_line(form.statement),
        evidence=evidence,
        span=node.span,
        figure=_line(form.figure),
        note=_line(form.note),
        torn=torn,
    )


def series_of(form: SeriesForm, root: Node) -> Series:
    """Return the series of a form, its cells as written."""
    columns: dict[str, Column] = {}
    for filled in form.columns:
        column = Column(filled.id, _line(filled.title), filled.kind or "text", _line(filled.unit))
        columns.setdefault(column.id, column)
    rows = tuple(
        Row(MappingProxyType(_cells(filled, columns)), tuple(filled.passages), node.span)
        for filled, node in zip(form.rows, items_of(root, "rows"), strict=True)
    )
    title, caption = _line(form.title), _line(form.caption)
    chart = None
    if form.chart is not None:
        named = form.chart.model_dump(exclude_none=True)
        chart = Chart(**named)
    return Series(form.id, title, tuple(columns.values()), rows, root.span, caption, chart)


def _cells(row: RowForm, columns: Collection[str]) -> dict[str, str]:
    """Return the values of a row by column; one left empty is one the source does not give."""
    values = row.__pydantic_extra__ or {}
    return {name: _line(value) for name, value in values.items() if value and name in columns}


def _line(text: str | None) -> str:
    """Return a text on one line: a folded YAML block ends in a line break that means nothing."""
    return " ".join((text or "").split())
