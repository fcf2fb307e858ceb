"""What differs in references, records and their passages."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.comparison.difference import Difference, Kind, code, from_to, listed, ours, theirs
from dossier.comparison.states import State
from dossier.model import Passage, Record, Reference
from dossier.problems import counted
from dossier.wording import STANDING_WORDS, same_words

_OF_RECORD = ("standing", "kind", "interest", "note", "copy_of", "relies_on", "archived")
_OF_PASSAGE = ("locator", "prefix", "suffix", "relies_on", "voice", "variant_of", "read", "care")


def of_sources(old: State, new: State) -> Iterator[Difference]:
    """Yield what differs in sources, in the order of the bibliography, those that are gone last."""
    keys = (
        *new.evidence.references,
        *new.evidence.records,
        *old.evidence.references,
        *old.evidence.records,
    )
    for key in dict.fromkeys(keys):
        yield from _of_source(old, new, key)


def _of_source(old: State, new: State, key: str) -> Iterator[Difference]:
    references = old.evidence.references.get(key), new.evidence.references.get(key)
    records = old.evidence.records.get(key), new.evidence.records.get(key)
    named = references[1] or references[0]
    head = code(key) + (f", {ours(named.title)}:" if named and named.title else ":")
    was, is_ = (any(pair) for pair in zip(references, records, strict=True))
    if not was:
        yield _source(key, "added", head, f"new, {_held(records[1])}", after=_title(references[1]))
        return
    if not is_:
        yield _source(key, "gone", head, f"gone, {_held(records[0])}", _title(references[0]))
        return
    yield from _of_entry(key, head, *references)
    yield from _of_record(new, key, head, *records)


def _source(
    subject: str, kind: Kind, head: str, words: str, before: str = "", after: str = ""
) -> Difference:
    return Difference("sources", subject, kind, head, words, before, after)


def _title(reference: Reference | None) -> str:
    return reference.title if reference is not None else ""


def _held(record: Record | None) -> str:
    if record is None:
        return "without a record"
    standing = STANDING_WORDS[record.standing].lower()
    return f"{standing}, with {counted(len(record.passages), 'passage')}"


def _of_entry(
    key: str, head: str, was: Reference | None, is_: Reference | None
) -> Iterator[Difference]:
    if was is None:
        yield _source(key, "added", head, "has an entry in the bibliography now")
    elif is_ is None:
        yield _source(key, "gone", head, "has no entry in the bibliography any more")
    else:
        before = {"type": was.type, **dict(was.fields)}
        after = {"type": is_.type, **dict(is_.fields)}
        for name in dict.fromkeys((*after, *before)):
            one, other = before.get(name, ""), after.get(name, "")
            if not same_words(one, other):
                yield _source(key, "altered", head, from_to(code(name), one, other), one, other)


def _of_record(
    new: State, key: str, head: str, was: Record | None, is_: Record | None
) -> Iterator[Difference]:
    if was is None and is_ is not None:
        yield _source(key, "added", head, f"has a record now: {_held(is_)}")
    elif is_ is None and was is not None:
        yield _source(key, "gone", head, f"has no record any more; it was {_held(was)}")
    elif was is not None and is_ is not None:
        for name in _OF_RECORD:
            one, other = str(getattr(was, name)), str(getattr(is_, name))
            if not same_words(one, other):
                yield _source(key, "altered", head, from_to(code(name), one, other), one, other)
        yield from _of_lists(key, head, was, is_)
        yield from _of_passages(new, head, was, is_)


def _of_lists(key: str, head: str, was: Record, is_: Record) -> Iterator[Difference]:
    hashes = [{c.sha256 for c in record.captures} for record in (was, is_)]
    if fresh := len(hashes[1] - hashes[0]):
        yield _source(key, "altered", head, f"{counted(fresh, 'capture')} added")
    if lost := len(hashes[0] - hashes[1]):
        yield _source(key, "altered", head, f"{counted(lost, 'capture')} taken out")
    others = [{one.key: one.reason for one in record.independent_of} for record in (was, is_)]
    for other in dict.fromkeys((*others[1], *others[0])):
        one, two = (known.get(other, "") for known in others)
        if not same_words(one, two):
            name = f"that it is independent of {code(other)}"
            yield _source(key, "altered", head, from_to(name, one, two), one, two)


def _of_passages(new: State, head: str, was: Record, is_: Record) -> Iterator[Difference]:
    before = {passage.id: passage for passage in was.passages}
    for passage in is_.passages:
        known = before.pop(passage.id, None)
        address = f"{is_.key}#{passage.id}"
        if known is None:
            words = f"passage {code(passage.id)} is new: {theirs(passage.exact)}"
            words += _rests(new, address)
            yield _source(address, "added", head, words, after=passage.exact)
        else:
            yield from _of_passage(new, head, address, known, passage)
    for id_, passage in before.items():
        words = f"passage {code(id_)} is gone: {theirs(passage.exact)}"
        yield _source(f"{is_.key}#{id_}", "gone", head, words, passage.exact)


def _of_passage(
    new: State, head: str, address: str, was: Passage, is_: Passage
) -> Iterator[Difference]:
    name = f"passage {code(is_.id)}"
    if was.exact != is_.exact:
        words = f"{name} now reads {theirs(is_.exact)}, before {theirs(was.exact)}"
        words += _rests(new, address)
        yield _source(address, "reworded", head, words, was.exact, is_.exact)
    for field in _OF_PASSAGE:
        one, other = (getattr(passage, field) or "" for passage in (was, is_))
        if not same_words(one, other):
            words = f"{name}: {from_to(code(field), one, other)}"
            yield _source(address, "altered", head, words, one, other)
    if was.seal != is_.seal:
        done = "is sealed no more" if is_.seal is None else "was sealed"
        yield _source(
            address, "altered", head, f"{name} {done}{' anew' * bool(was.seal and is_.seal)}"
        )
    for one in is_.confirmed:
        if one not in was.confirmed:
            words = f"{name}: the quotation {theirs(one.words)} is confirmed, {ours(one.reason)}"
            yield _source(address, "altered", head, words, after=one.words)
    for one in was.confirmed:
        if one not in is_.confirmed:
            words = f"{name}: the quotation {theirs(one.words)} is confirmed no more"
            yield _source(address, "altered", head, words, one.words)


def _rests(new: State, address: str) -> str:
    """Return which findings rest on a passage, in words, empty for none."""
    found = [
        str(number)
        for number, item in enumerate(new.assessed, 1)
        if any(one.passage == address for one in item.finding.evidence)
    ]
    if not found:
        return ""
    noun = "finding" if len(found) == 1 else "findings"
    return f" (it bears on {noun} {listed(found)})"
