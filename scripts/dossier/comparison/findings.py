"""What differs in the findings, and by which evidence an assessment moved."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.comparison.difference import Difference, Kind, code, from_to, listed, ours, plain
from dossier.comparison.states import State
from dossier.model import Assessed, Bearing
from dossier.origins import VOICE, origin_of
from dossier.wording import ASSESSMENT_WORDS, origins_in_words, same_words

_VERBS: dict[Bearing, str] = {
    "supports": "supports",
    "qualifies": "limits",
    "contradicts": "contradicts",
}
_INFINITIVES: dict[Bearing, str] = {
    "supports": "support",
    "qualifies": "limit",
    "contradicts": "contradict",
}


def of_findings(old: State, new: State) -> Iterator[Difference]:
    """Yield what differs in the findings: first those that are there, in their order."""
    before = {item.finding.id: item for item in old.assessed}
    for number, item in enumerate(new.assessed, 1):
        head = f"Finding {number}, {ours(item.finding.statement)},"
        known = before.pop(item.finding.id, None)
        if known is None:
            yield _difference(
                item,
                "added",
                head,
                f"is new: {_assessed(item)}, {origins_in_words(item)}",
                after=item.finding.statement,
            )
        else:
            yield from _changed(old, new, known, item, head)
    for id_, item in before.items():
        head = f"The former finding {old.number(id_)}, {ours(item.finding.statement)},"
        said = f"was withdrawn; it was {_assessed(item)}"
        yield _difference(item, "gone", head, said, before=item.finding.statement)


def _assessed(item: Assessed) -> str:
    return ASSESSMENT_WORDS[item.assessment]


def _difference(
    item: Assessed, kind: Kind, head: str, words: str, before: str = "", after: str = ""
) -> Difference:
    return Difference("findings", item.finding.id, kind, head, words, before, after)


def _changed(
    old: State, new: State, was: Assessed, is_: Assessed, head: str
) -> Iterator[Difference]:
    id_ = is_.finding.id
    causes = tuple(_causes(old, new, was, is_))
    told = listed(words for _, words in causes)
    by = tuple(address for address, _ in causes)
    if was.assessment != is_.assessment:
        said = f"moved from {_assessed(was)} to {_assessed(is_)}" + (f": {told}" if told else "")
        yield Difference(
            "findings", id_, "assessed", head, said, was.assessment, is_.assessment, by
        )
    elif causes:
        said = f"stays {_assessed(is_)}: {told}"
        yield Difference(
            "findings", id_, "evidence", head, said, was.assessment, is_.assessment, by
        )
    former, present = was.finding, is_.finding
    if not same_words(former.statement, present.statement):
        words = f"was reworded, before: {ours(former.statement)}"
        changed = former.statement, present.statement
        yield Difference("findings", id_, "reworded", head, words, *changed)
    for name, before, after in (
        ("its figure", former.figure, present.figure),
        ("its note", former.note, present.note),
        ("its chapter", former.chapter, present.chapter),
    ):
        if not same_words(before, after):
            words = f"changed: {from_to(name, before, after)}"
            yield Difference("findings", id_, "altered", head, words, before, after)


def _causes(old: State, new: State, was: Assessed, is_: Assessed) -> Iterator[tuple[str, str]]:
    """Yield the addresses whose bearing, origin or remark is another, with what they do now."""
    before = {one.passage: one for one in was.finding.evidence}
    after = {one.passage: one for one in is_.finding.evidence}
    for address, bears in after.items():
        known = before.get(address)
        if known is None:
            yield address, f"{code(address)} now {_VERBS[bears.bears]} it"
        elif known.bears != bears.bears:
            verbs = f"now {_VERBS[bears.bears]} it and does not {_INFINITIVES[known.bears]} it"
            yield address, f"{code(address)} {verbs} any more"
        else:
            yield from _of_origin(old, new, address)
            if not same_words(known.note, bears.note):
                yield (
                    address,
                    f"beside {code(address)} " + from_to("the remark", known.note, bears.note),
                )
    for address, bears in before.items():
        if address not in after:
            yield address, f"{code(address)} no longer {_VERBS[bears.bears]} it"


def _of_origin(old: State, new: State, address: str) -> Iterator[tuple[str, str]]:
    """Yield that the words of a passage come from elsewhere now, or from another kind of source."""
    before = origin_of(address, old.evidence.records)
    after = origin_of(address, new.evidence.records)
    if before != after:
        yield (
            address,
            f"{code(address)} now goes back to {_named(after)}, before to {_named(before)}",
        )
        return
    was, is_ = (state.evidence.records.get(after) for state in (old, new))
    primary = tuple(record is not None and record.standing == "primary" for record in (was, is_))
    if primary[0] != primary[1]:
        word = "now" if primary[1] else "no longer"
        yield address, f"{_named(after)}, the origin of {code(address)}, {word} is a primary source"


def _named(origin: str) -> str:
    if origin.startswith(VOICE):
        return f"a speaker ({plain(origin.removeprefix(VOICE))})"
    return code(origin)
