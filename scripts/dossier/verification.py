"""Records held against the texts of captures, by whoever holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, unquote

from dossier.copies import Likeness, likeness
from dossier.model import Overlap, Passage, Record, Seal, Span
from dossier.problems import Problem, Severity, in_order, nearest
from dossier.seals import (
    Searchable,
    at_passage,
    broken,
    digest,
    normal,
    occurrences,
    place,
    searchable,
)

Texts = Mapping[str, str]
"""Texts of captures by name: the key of the record, percent-encoded as a file name must be (`~`
too), for an older text with `~` and the beginning of its hash behind it."""

_SHOWN_WORDS = 40


def key_of(name: str) -> str:
    """Return the key of the record that a text of this name belongs to."""
    return unquote(name.partition("~")[0])


def name_of(key: str, sha256: str = "") -> str:
    """Return the name of a text of a record; with a hash, of one that is no longer the last."""
    name = quote(key, safe="@+,=").replace("~", "%7E")
    return f"{name}~{sha256[:12]}" if sha256 else name


def current(texts: Texts) -> dict[str, str]:
    """Return the last text of each source, by key."""
    return {key_of(name): text for name, text in texts.items() if "~" not in name}


def verify_folder(records: Mapping[str, Record], texts: Texts) -> tuple[Problem, ...]:
    """Return what is wrong between records and the texts of their captures.

    Every text must be a capture that its record lists, and every sealed passage must stand in
    the text at the words that the seal names. A text is known by its hash; its name says
    whose it should be. Codes: capture-hash-differs, capture-words-differ, seal-not-in-capture,
    capture-without-record (a warning), capture-missing (a note).
    """
    problems: list[Problem] = []
    held = {digest(text): text for text in texts.values()}
    for name, text in texts.items():
        problems += _text(key_of(name), text, records)
    for record in records.values():
        for capture in record.captures:
            if capture.sha256 not in held:
                day = f" of {capture.retrieved}" if capture.retrieved else ""
                message = (
                    f"the capture{day} of `{record.key}` is not among the texts: "
                    f"no text has the hash {capture.sha256[:12]}..."
                )
                hint = "nothing is wrong: what is sealed in it was not checked against it"
                problems.append(_at(record.span, "capture-missing", message, hint, "note"))
        ready: dict[str, Searchable] = {}
        for passage in record.passages:
            of = passage.seal
            if of is None or of.capture_sha256 not in held:
                continue
            text = held[of.capture_sha256]
            if of.capture_sha256 not in ready:
                ready[of.capture_sha256] = searchable(text)
            problems += _sealed(record, passage, of, text, ready[of.capture_sha256])
    return in_order(problems)


def _at(span: Span, code: str, message: str, hint: str, severity: Severity = "error") -> Problem:
    return Problem(code, span.path, span.line, span.column, message, hint, severity)


def _text(key: str, text: str, records: Mapping[str, Record]) -> Iterator[Problem]:
    """Yield what is wrong with a text itself."""
    record = records.get(key)
    if record is None:
        near = nearest(key, records)
        hint = f"did you mean `{near[0]}`?" if near else f"make one: dossier capture --key {key}"
        message = f"there is a text of `{key}`, which has no record"
        yield _at(Span(key), "capture-without-record", message, hint, "warning")
        return
    hash_ = digest(text)
    capture = next((c for c in record.captures if c.sha256 == hash_), None)
    if capture is None:
        message = f"the text of `{key}` has the hash {hash_}, which its record does not list"
        hint = "it is another text, or was changed, if only in its line ends: save it as it was"
        yield _at(record.span, "capture-hash-differs", message, hint)
    elif capture.words != len(text.split()):
        message = (
            f"the text of `{key}` has {len(text.split())} words, and its record says "
            f"{capture.words}"
        )
        yield _at(record.span, "capture-words-differ", message, "mend `words` in the record")


def _sealed(
    record: Record, passage: Passage, of: Seal, text: str, ready: Searchable
) -> Iterator[Problem]:
    """Yield the problem of a passage that does not stand where its seal says."""
    if any(
        ready.words_of(*found) == (of.start, of.end) for found in occurrences(passage.exact, ready)
    ):
        return
    where = f"the passage `{record.key}#{passage.id}`"
    there = normal(" ".join(text.split()[of.start : min(of.end, of.start + _SHOWN_WORDS)]))
    message = (
        f"{where} does not stand at the words {of.start} to {of.end} of its capture; "
        f"there stands: {there or 'nothing'}"
    )
    found = place(passage.exact, ready, passage.prefix, passage.suffix)
    if found:
        hint = f"it stands at the words {found[0]} to {found[1]}: seal it anew"
    elif broken(passage, of):
        hint = "put the words of the source back"
    else:
        hint = "the seal was not made from this text: seal it anew, or delete the seal"
    yield at_passage("seal-not-in-capture", passage, message, hint)


def verify_overlaps(
    overlaps: Iterable[Overlap], records: Mapping[str, Record], texts: Texts
) -> tuple[Problem, ...]:
    """Return where the measured overlaps are not those of the texts that are held.

    Texts that no record lists do not count. Codes: overlap-differs, overlap-missing.
    """
    listed = {c.sha256 for record in records.values() for c in record.captures}
    held = {digest(text): text for text in texts.values()}
    problems: list[Problem] = []
    known: set[tuple[str, str]] = set()
    for overlap in overlaps:
        known.add((overlap.part, overlap.whole))
        part, whole = held.get(overlap.part_sha256), held.get(overlap.whole_sha256)
        if part is None or whole is None:
            continue
        real = likeness(part, whole, overlap.run)
        said = Likeness(overlap.share, overlap.spread or 0.0, overlap.carried or 0.0)
        measured = overlap.spread is not None and overlap.carried is not None
        if real.share != round(said.share, 4) or (measured and real != said):
            message = (
                f"the overlap of `{overlap.part}` in `{overlap.whole}` is {real.shown}, "
                f"and {said.shown} is written"
            )
            hint = f"delete the entry, and run `{_capture(overlap.part)}`"
            problems.append(_at(overlap.span, "overlap-differs", message, hint))
    keys = sorted(
        key for key, text in current(texts).items() if key in records and digest(text) in listed
    )
    for part_key in keys:
        for whole_key in keys:
            if part_key != whole_key and (part_key, whole_key) not in known:
                message = f"the overlap of `{part_key}` in `{whole_key}` was not measured"
                hint = f"run `{_capture(part_key)}`: it measures all texts that are held"
                problems.append(_at(records[part_key].span, "overlap-missing", message, hint))
    return in_order(problems)


def _capture(key: str) -> str:
    """Return the command that captures a held text again, which measures what is not measured."""
    return f"dossier capture captures/{name_of(key)}.txt --key {key}"
