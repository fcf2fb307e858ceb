"""Records, findings, series, overlaps and checks from the files of `sources/`.

Each reader takes files as (path, bytes) in the order in which they shall count, and returns
the values that are sound and every problem. File names are free: what a file holds is named
by the key or the ids inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from dossier.conversion import check_of, finding_of, items_of, record_of, series_of
from dossier.forms import ChecksForm, FindingsForm, OverlapsForm, RecordForm, SeriesForm
from dossier.model import Check, Finding, Overlap, Record, Series, Span
from dossier.problems import Problem, in_order
from dossier.series_values import values_wrong
from dossier.validation import validate
from dossier.yaml_nodes import ScalarNode, SequenceNode, YamlDocument, locate
from dossier.yaml_source import read_yaml

__all__ = [
    "read_checks",
    "read_findings",
    "read_overlaps",
    "read_records",
    "read_series",
]

Files: TypeAlias = Sequence[tuple[str, bytes]]
Problems: TypeAlias = tuple[Problem, ...]


def read_records(files: Files) -> tuple[tuple[Record, ...], Problems]:
    """Return the source records, one a file; a faulty passage hides no other.

    Codes: those of `read_yaml`, record-unknown-key, record-missing-key, record-bad-value,
    repeated-record, repeated-passage.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    first: dict[str, Span] = {}
    for path, data in files:
        document, found = read_yaml(data, path)
        problems += found
        form, root, found = validate(document, RecordForm, "record")
        problems += found
        problems += _repeated(document, ("passages",), "passage", {})
        again = _repeated(document, (), "record", first, name="key")
        problems += again
        if form is not None and not again:
            records.append(record_of(form, root))
    return tuple(records), in_order(problems)


def read_findings(files: Files) -> tuple[tuple[Finding, ...], Problems]:
    """Return the findings of all chapters; their ids are unique over all files.

    Codes: those of `read_yaml`, finding-unknown-key, finding-missing-key,
    finding-bad-value, repeated-finding.
    """
    findings: list[Finding] = []
    problems: list[Problem] = []
    first: dict[str, Span] = {}
    for path, data in files:
        document, found = read_yaml(data, path)
        problems += found
        form, root, found = validate(document, FindingsForm, "finding")
        problems += found
        problems += _repeated(document, ("findings",), "finding", first)
        if form is not None:
            nodes = items_of(root, "findings")
            known = {f.id for f in findings}
            written = items_of(document.root, "findings") if document.root else ()
            evidence = {node.span: len(items_of(node, "evidence")) for node in written}
            for filled, node in zip(form.findings, nodes, strict=True):
                if filled.id not in known:
                    known.add(filled.id)
                    torn = evidence.get(node.span) != len(filled.evidence)
                    findings.append(finding_of(filled, form.chapter, node, torn=torn))
    return tuple(findings), in_order(problems)


def read_series(files: Files) -> tuple[tuple[Series, ...], Problems]:
    """Return the series, one a file.

    Codes: those of `read_yaml`, series-unknown-key, series-missing-key, series-bad-value,
    repeated-series, repeated-column.
    """
    every: list[Series] = []
    problems: list[Problem] = []
    first: dict[str, Span] = {}
    for path, data in files:
        document, found = read_yaml(data, path)
        problems += found
        form, root, found = validate(document, SeriesForm, "series")
        problems += found
        problems += _repeated(document, ("columns",), "column", {})
        again = _repeated(document, (), "series", first)
        problems += again
        if form is not None and not again:
            series = series_of(form, root)
            problems += values_wrong(document, series)
            every.append(series)
    return tuple(every), in_order(problems)


def read_overlaps(files: Files) -> tuple[tuple[Overlap, ...], Problems]:
    """Return the measured overlaps; a pair is measured once.

    Codes: those of `read_yaml`, overlap-unknown-key, overlap-missing-key,
    overlap-bad-value, repeated-overlap.
    """
    overlaps: dict[tuple[str, str], Overlap] = {}
    problems: list[Problem] = []
    for path, data in files:
        document, found = read_yaml(data, path)
        problems += found
        form, root, found = validate(document, OverlapsForm, "overlap")
        problems += found
        if form is None:
            continue
        for filled, node in zip(form.overlaps, items_of(root, "overlaps"), strict=True):
            pair = (filled.part, filled.whole)
            if pair in overlaps:
                line = overlaps[pair].span.line
                message = (
                    f"the overlap of `{filled.part}` in `{filled.whole}` stands on line {line} too"
                )
                problems.append(
                    document.source.problem(
                        "repeated-overlap",
                        node.span,
                        message,
                        "keep the one whose hashes the records list",
                    )
                )
                continue
            overlaps[pair] = Overlap(**filled.model_dump(), span=node.span)
    return tuple(overlaps.values()), in_order(problems)


def read_checks(files: Files) -> tuple[tuple[Check, ...], Problems]:
    """Return the results of live checks.

    Codes: those of `read_yaml`, check-unknown-key, check-missing-key, check-bad-value.
    """
    checks: list[Check] = []
    problems: list[Problem] = []
    for path, data in files:
        document, found = read_yaml(data, path)
        problems += found
        form, root, found = validate(document, ChecksForm, "check")
        problems += found
        if form is not None:
            nodes = items_of(root, "checks")
            checks += [check_of(f, n) for f, n in zip(form.checks, nodes, strict=True)]
    return tuple(checks), in_order(problems)


def _repeated(
    document: YamlDocument,
    path: tuple[str, ...],
    word: str,
    first: dict[str, Span],
    *,
    name: str = "id",
) -> list[Problem]:
    """Return a problem for each id met before; `first` holds where each was met, and grows.

    Looks at the tree as read, so that a faulty item cannot hide that its id is taken.
    """
    if document.root is None:
        return []
    node, _, whole = locate(document.root, path)
    if not whole:
        return []
    problems: list[Problem] = []
    for item in node.items if isinstance(node, SequenceNode) else (node,):
        value, _, found = locate(item, (name,))
        if not found or not isinstance(value, ScalarNode) or value.value is None:
            continue
        before = first.setdefault(value.value, value.span)
        if before is not value.span:
            message = (
                f"the {word} `{value.value}` is defined twice: at {before.path}:{before.line} "
                f"and at {value.span.path}:{value.span.line}"
            )
            hint = f"rename or delete one `{name}`"
            if word == "record":
                hint = "delete one file, or give it the key of its own work"
            problems.append(document.source.problem(f"repeated-{word}", value.span, message, hint))
    return problems
