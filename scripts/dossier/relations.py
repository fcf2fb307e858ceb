"""What is wrong in the relations between records, references, findings, series and overlaps."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.addresses import split_address
from dossier.model import Bears, Evidence, Finding, Overlap, Record, Span
from dossier.origins import ITSELF, Point, assess, lineage, origin_of
from dossier.problems import Problem, Severity, in_order, listed, nearest


def check_relations(evidence: Evidence) -> tuple[Problem, ...]:
    """Return every problem of the relations, in order.

    Codes: record-without-reference, unknown-origin, unknown-passage, origin-cycle,
    origin-conflict, copy-without-original (a warning), finding-without-evidence (a warning),
    repeated-evidence, origin-on-both-sides (a warning), unknown-record, overlap-without-capture.
    No text of a file is at hand here, so the problems carry no excerpt.
    """
    problems: list[Problem] = []
    for record in evidence.records.values():
        problems += _record(record, evidence)
    problems += _cycles(evidence)
    for finding in evidence.findings:
        problems += _finding(finding, evidence)
    for series in evidence.series.values():
        for row in series.rows:
            for address in row.passages:
                problems += _unknown(address, row.span, f"the series `{series.id}`", evidence)
    for overlap in evidence.overlaps:
        problems += _overlap(overlap, evidence)
    return in_order(problems)


def _problem(
    code: str, span: Span, message: str, hint: str, severity: Severity = "error"
) -> Problem:
    return Problem(code, span.path, span.line, span.column, message, hint, severity)


def _did_you_mean(near: list[str], otherwise: str) -> str:
    return f"did you mean {listed(near)}?" if near else otherwise


def _record(record: Record, evidence: Evidence) -> Iterator[Problem]:
    key, span = record.key, record.span
    if key not in evidence.references:
        yield _problem(
            "record-without-reference",
            span,
            f"no entry of the bibliography has the key `{key}` of this record",
            _did_you_mean(nearest(key, evidence.references), "add the entry, or mend the key"),
        )
    if record.copy_of:
        place = record.place("copy_of")
        yield from _unknown_record(record.copy_of, place, f"`copy_of` of `{key}`", evidence)
    elif record.standing == "copy":
        yield _problem(
            "copy-without-original",
            record.place("standing"),
            f"the record `{key}` has the standing copy and does not say of what",
            "add `copy_of: key`, or change its standing",
            "warning",
        )
    if record.relies_on:
        place = record.place("relies_on")
        yield from _unknown(record.relies_on, place, f"`relies_on` of `{key}`", evidence)
    for independence in record.independent_of:
        where = f"`independent_of` of `{key}`"
        place = independence.span if independence.span.path else span
        yield from _unknown_record(independence.key, place, where, evidence, "unknown-record")
    if record.copy_of and record.relies_on:
        text, facts = (origin_of(a, evidence.records) for a in (record.copy_of, record.relies_on))
        if text != facts:
            yield _problem(
                "origin-conflict",
                record.place("relies_on"),
                f"`{key}` is a copy of `{record.copy_of}`, whose origin is `{text}`, and relies "
                f"on `{record.relies_on}`, whose origin is `{facts}`: it can have one origin only",
                f"give `{record.copy_of}` the same `relies_on`, or move it to the passages",
            )
    for passage in record.passages:
        place, whose = passage.span, f"the passage `{key}#{passage.id}`"
        if passage.relies_on not in (None, ITSELF):
            target = str(passage.relies_on)
            yield from _unknown(target, place, f"`relies_on` of {whose}", evidence)
            if passage.voice:
                yield _problem(
                    "origin-conflict",
                    place,
                    f"{whose} has a voice, `{passage.voice}`, and relies on `{target}`: it can "
                    "have one origin only",
                    "keep `voice` where the speaker has no record, else `relies_on`",
                )
        if passage.variant_of:
            yield from _unknown(
                passage.variant_of, place, f"`variant_of` of {whose}", evidence, passage=True
            )


def _unknown_record(
    key: str, span: Span, where: str, evidence: Evidence, code: str = "unknown-origin"
) -> Iterator[Problem]:
    if key in evidence.records:
        return
    near = nearest(key, evidence.records)
    mend = "add the record, or mend the key"
    if key in evidence.references:
        near, mend = [], f"the bibliography has `{key}`: add a record with that key"
    yield _problem(
        code, span, f"{where} names `{key}`, which has no record", _did_you_mean(near, mend)
    )


def _unknown(
    address: str, span: Span, where: str, evidence: Evidence, *, passage: bool = False
) -> Iterator[Problem]:
    """Yield the problem of an address that names no record, or no passage of one.

    With `passage` the address of a whole record will not do.
    """
    key, id_ = split_address(address, evidence.records)
    record = evidence.records.get(key)
    if record is None:
        code = "unknown-passage" if id_ else "unknown-origin"
        yield from _unknown_record(key, span, where, evidence, code)
    elif (id_ or passage) and record.passage(id_) is None:
        ids = [p.id for p in record.passages]
        otherwise = f"its passages are: {', '.join(ids)}" if ids else "it has no passages yet"
        message = f"{where} names `{address}`, and the record `{key}` has no such passage"
        hint = _did_you_mean([f"{key}#{near}" for near in nearest(id_, ids)], otherwise)
        yield _problem("unknown-passage", span, message, hint)


def _cycles(evidence: Evidence) -> Iterator[Problem]:
    """Yield one problem for each loop, at the relation or passage that comes first in it."""
    records = evidence.records
    told: set[frozenset[Point]] = set()
    starts = [*records, *(f"{r.key}#{p.id}" for r in records.values() for p in r.passages)]
    for start in starts:
        _, loop = lineage(start, records)
        if not loop or frozenset(loop) in told:
            continue
        told.add(frozenset(loop))
        first = loop.index(min(loop))
        turned = (*loop[first:], *loop[: first + 1])
        record = records[turned[0].key]
        passage = record.passage(turned[0].id) if turned[0].id else None
        span = record.place("relies_on" if record.relies_on else "copy_of")
        if passage is not None:
            span = passage.span
        shown = " → ".join(f"`{point.address}`" for point in turned)
        message = f"these take their facts or text from each other: {shown}"
        hint = "take `relies_on` or `copy_of` out of the one that had the facts first"
        if all(not point.id for point in loop):
            hint += ", or move it to the passages that it is true of"
        yield _problem("origin-cycle", span, message, hint)


def _finding(finding: Finding, evidence: Evidence) -> Iterator[Problem]:
    where = f"the finding `{finding.id}`"
    if not finding.evidence and not finding.torn:
        yield _problem(
            "finding-without-evidence",
            finding.span,
            f"{where} has no evidence, so it is unsupported",
            "add a passage that bears on it, or take the finding out",
            "warning",
        )
    first: dict[str, Bears] = {}
    for item in finding.evidence:
        yield from _unknown(item.passage, item.span, where, evidence, passage=True)
        before = first.setdefault(item.passage, item)
        if before is not item:
            yield _problem(
                "repeated-evidence",
                item.span,
                f"`{item.passage}` bears on {where} twice: it {before.bears} it on line "
                f"{before.span.line} and {item.bears} it on line {item.span.line}",
                "keep one of them",
            )
    assessed = assess(finding, evidence.records)
    for origin in assessed.supports:
        if origin in assessed.contradicts:
            yield _problem(
                "origin-on-both-sides",
                finding.span,
                f"one origin, `{origin}`, both supports and contradicts {where}",
                "split the finding, or give the passage its own origin (`relies_on` or `voice`)",
                "warning",
            )


def _overlap(overlap: Overlap, evidence: Evidence) -> Iterator[Problem]:
    where = f"the overlap of `{overlap.part}` in `{overlap.whole}`"
    for key, hash_ in (
        (overlap.part, overlap.part_sha256),
        (overlap.whole, overlap.whole_sha256),
    ):
        record = evidence.records.get(key)
        if record is None:
            yield from _unknown_record(key, overlap.span, where, evidence, "unknown-record")
        elif all(capture.sha256 != hash_ for capture in record.captures):
            yield _problem(
                "overlap-without-capture",
                overlap.span,
                f"{where} was measured on a text of `{key}` that its record does not list",
                "measure it again, or add the capture to the record",
            )
