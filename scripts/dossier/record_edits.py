"""Captures and seals written into the text of a record, everything else left as it stands.

Lines are put in by the places that the YAML reader gives: a library that writes a tree back
(ruamel.yaml, tried in other projects for this) folds long texts anew and moves comments, and
a reviewer could not see what changed. What comes out is read again and must be the same
record but for what was written; else nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dossier.model import Capture, Record, Seal
from dossier.problems import Problem
from dossier.records import read_records
from dossier.schemas import first_line
from dossier.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, locate
from dossier.yaml_source import read_yaml
from dossier.yaml_text import scalar

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class _Edit:
    """A stretch of the text and what comes in its place."""

    start: int
    end: int
    text: str


def new_record(key: str, standing: str, *, confirmed: bool = True) -> str:
    """Return the text of a record that holds nothing yet, and names its schema to editors."""
    remark = "" if confirmed else "  # to be confirmed by a person"
    return f"{first_line('record')}key: {scalar(key)}\nstanding: {standing}{remark}\n"


def with_captures(
    data: bytes, path: str, captures: Sequence[Capture], seals: Mapping[str, Seal | None]
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return the bytes of a record with these captures and seals, or None and the problems.

    A passage whose id is not in `seals` keeps the seal that it has; None takes it away.
    Codes: those of the reader, record-not-editable.
    """
    records, problems = read_records([(path, data)])
    if len(records) != 1 or problems:
        return None, problems or (_not_editable(path, "it holds no record"),)
    document, _ = read_yaml(data, path)
    assert document.root is not None, "what was read has a tree"
    text, root = document.source.text, document.root
    ends = _LINE_END.findall(text)
    line_end = ends[0] if ends else "\n"
    edits = _seal_edits(text, root, records[0], seals, line_end)
    if captures != records[0].captures:
        edits += _capture_edits(text, root, captures, line_end)
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    written = mark + text.encode("utf-8")
    again, _ = read_records([(path, written)])
    wanted = replace(
        records[0],
        captures=tuple(captures),
        passages=tuple(replace(p, seal=seals.get(p.id, p.seal)) for p in records[0].passages),
    )
    if tuple(map(_bare, again)) != (_bare(wanted),):
        return None, (_not_editable(path, "its layout is not understood"),)
    return written, ()


def _not_editable(path: str, why: str) -> Problem:
    hint = "write `captures:` and `passages:` as lists, each item on lines of its own"
    message = f"captures and seals cannot be written into this record: {why}"
    return Problem("record-not-editable", path, 1, 1, message, hint)


def _bare(record: Record) -> Record:
    """Return a record without the places in its file, which an edit moves."""
    nowhere = replace(record.span, line=1, column=1, start=0, end=0)
    passages = tuple(replace(p, span=nowhere) for p in record.passages)
    return replace(record, span=nowhere, passages=passages)


# ---- captures ----


def _capture_lines(captures: Sequence[Capture], indent: str) -> list[str]:
    lines = []
    for capture in captures:
        fields = [("retrieved", capture.retrieved)] if capture.retrieved else []
        fields.append(("sha256", capture.sha256))
        if capture.bytes_sha256:
            fields.append(("bytes_sha256", capture.bytes_sha256))
        fields += [("words", str(capture.words)), ("extent", capture.extent)]
        lead = "- "
        for name, value in fields:
            lines.append(f"{indent}{lead}{name}: {value}")
            lead = "  "
    return lines


def _capture_edits(
    text: str, root: Node, captures: Sequence[Capture], line_end: str
) -> list[_Edit]:
    """Return the edits that make the captures these.

    Those that the record has and keeps stand as they are written; of others the block is
    written anew.
    """
    lines = ["captures:", *_capture_lines(captures, "  ")]
    value, entry, found = locate(root, ("captures",))
    if not found or entry is None:
        passages = locate(root, ("passages",))[1]
        at = passages.key_span.start if passages is not None else len(text)
        lead = "" if not text[:at] or text[:at].endswith(("\n", "\r")) else line_end
        return [_Edit(at, at, lead + line_end.join(lines) + line_end)]
    nodes = value.items if isinstance(value, SequenceNode) else ()
    block = bool(nodes) and text[value.span.start] == "-"
    if block and (new := _appended(nodes, captures)) is not None:
        indent = _indent_of(text, value.span.start)
        at = _end_of_line(text, nodes[-1])
        added = "".join(line_end + line for line in _capture_lines(new, indent))
        return [_Edit(at, at, added)]
    # Behind an empty value the key ends with its colon.
    end = _end_of_value(text, value, _colon(text, entry.key_span.end))
    return [_Edit(entry.key_span.start, end, line_end.join(lines))]


def _appended(nodes: Sequence[Node], captures: Sequence[Capture]) -> Sequence[Capture] | None:
    """Return the captures that follow those written, None where these do not stay."""
    hashes = [locate(node, ("sha256",))[0] for node in nodes]
    written = [h.value for h in hashes if isinstance(h, ScalarNode)]
    kept = [c.sha256 for c in captures[: len(nodes)]]
    return captures[len(nodes) :] if written == kept and len(captures) > len(nodes) else None


# ---- seals ----


def _seal_lines(of: Seal) -> list[str]:
    return [
        "seal:",
        f"  version: {of.version}",
        f"  capture_sha256: {of.capture_sha256}",
        f"  start: {of.start}",
        f"  end: {of.end}",
        f"  sha256: {of.sha256}",
    ]


def _seal_flow(of: Seal) -> str:
    return (
        f"seal: {{version: {of.version}, capture_sha256: {of.capture_sha256}, "
        f"start: {of.start}, end: {of.end}, sha256: {of.sha256}}}"
    )


def _seal_edits(
    text: str, root: Node, record: Record, seals: Mapping[str, Seal | None], line_end: str
) -> list[_Edit]:
    """Return the edits that give each passage its seal."""
    value, _, found = locate(root, ("passages",))
    nodes = value.items if found and isinstance(value, SequenceNode) else ()
    edits: list[_Edit] = []
    for node, passage in zip(nodes, record.passages, strict=True):
        of = seals.get(passage.id, passage.seal)
        if of != passage.seal and isinstance(node, MappingNode):
            edits += _seal_edit(text, node, of, line_end)
    return edits


def _seal_edit(text: str, node: MappingNode, of: Seal | None, line_end: str) -> list[_Edit]:
    entry = node.entry("seal")
    if text[node.span.start] == "{":
        return _seal_in_flow(text, node, of)
    indent = " " * (node.span.column - 1)
    lines = [indent + line for line in _seal_lines(of)] if of is not None else []
    if entry is None:
        at = _end_of_line(text, node.entries[-1].value, node.entries[-1].key_span.end)
        return [_Edit(at, at, "".join(line_end + line for line in lines))]
    end = _end_of_line(text, entry.value, entry.key_span.end)
    if lines:
        end = _end_of_value(text, entry.value, entry.key_span.end)
        return [_Edit(entry.key_span.start, end, line_end.join(lines).lstrip(" "))]
    start = len(text[: entry.key_span.start].rstrip(" \t"))
    start = len(text[:start].removesuffix("\n").removesuffix("\r"))
    return [_Edit(start, end, "")]


def _seal_in_flow(text: str, node: MappingNode, of: Seal | None) -> list[_Edit]:
    entry = node.entry("seal")
    if entry is not None and of is not None:
        return [_Edit(entry.key_span.start, entry.value.span.end, _seal_flow(of))]
    if entry is not None:
        start = len(text[: entry.key_span.start].rstrip(" \t\r\n,"))
        return [_Edit(start, entry.value.span.end, "")]
    last = node.entries[-1]
    at = max(last.key_span.end, last.value.span.end)
    return [_Edit(at, at, f", {_seal_flow(of)}")] if of is not None else []


# ---- places ----


def _end_of_line(text: str, node: Node, least: int = 0) -> int:
    """Return the offset of the end of the last line that a value stands on, comment included."""
    return _line_end_at(text, _end_of_value(text, node, least))


def _end_of_value(text: str, node: Node, least: int = 0) -> int:
    """Return the offset of the end of a value.

    A block that was read ends where the next thing begins, so what is blank before that is taken
    off again. `least` is the end of its key, for a value that is empty.
    """
    end = max(node.span.end, least)
    if text[node.span.start : node.span.start + 1] not in ("[", "{"):
        match node:
            case SequenceNode() if node.items:
                return _end_of_value(text, node.items[-1])
            case MappingNode() if node.entries:
                last = node.entries[-1]
                return _end_of_value(text, last.value, last.key_span.end)
    return len(text[:end].rstrip())


def _line_end_at(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return found.start() if found else len(text)


def _colon(text: str, at: int) -> int:
    return text.index(":", at) + 1


def _indent_of(text: str, at: int) -> str:
    """Return the white space before an item of a list."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    return text[start:at]
