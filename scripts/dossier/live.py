"""Passages held against what their address shows today, and the file sources/checks.yml."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Literal
from urllib.parse import urlsplit

from dossier.archives import Copy, held, is_lost
from dossier.model import Check, Passage, PassageCheck, Record, Reference
from dossier.problems import Problem, counted, in_order
from dossier.seals import normal, place, searchable
from dossier.yaml_text import scalar

NEAR = 0.6
"""The likeness from which on a stretch is a passage that was changed, by words (difflib)."""

_FEW_WORDS = 100
"""A page of fewer words that has none of the passages is a wall or an error, not the source."""

GONE = frozenset({404, 410})
"""The answers by which a server says that a page is no more (RFC 9110, 15.5.5 and 15.5.11)."""

HEADER = """\
# What became of the passages at their addresses; written by `dossier verify --live`, not by hand.
# there: the very words stand there. moved: they stand there, at another address than ours.
# changed: something like them does (now). gone: nothing does. fault: nothing could be read.
"""

Where = Literal["address", "archive"]


def addresses(record: Record, reference: Reference | None) -> tuple[tuple[Where, str], ...]:
    """Return where a source can be looked at: its own address and its archived copy."""
    found: list[tuple[Where, str]] = []
    if reference is not None and reference.url.startswith(("http://", "https://")):
        found.append(("address", reference.url))
    elif reference is not None and reference.doi:
        found.append(("address", f"https://doi.org/{reference.doi}"))
    if record.archived:
        found.append(("archive", record.archived))
    return tuple(found)


def moved(asked: str, answered: str) -> bool:
    """Tell whether an answer came from elsewhere, not from the same page by another spelling."""
    return _spelled(asked) != _spelled(answered)


def _spelled(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.rstrip("/"), parts.query


def look(
    record: Record, texts: Sequence[str], *, moved: bool = False
) -> tuple[tuple[PassageCheck, ...], str]:
    """Return what became of each passage in the texts of a page, or a fault in words.

    The texts are readings of one page: its main text, and all that it shows.
    """
    ready = [searchable(text) for text in texts]
    results: list[PassageCheck] = []
    for passage in record.passages:
        if any(place(passage.exact, r, passage.prefix, passage.suffix) for r in ready):
            results.append(PassageCheck(passage.id, "moved" if moved else "there"))
            continue
        now = max((nearest(passage, text) for text in texts), default=(0.0, ""))
        changed = now[0] >= NEAR
        results.append(
            PassageCheck(passage.id, "changed", _shown(now[1], passage.exact))
            if changed
            else PassageCheck(passage.id, "gone")
        )
    nothing = all(result.result in ("changed", "gone") for result in results)
    if nothing and max((len(text.split()) for text in texts), default=0) < _FEW_WORDS:
        return (), "the page shows hardly any text"
    return tuple(results), ""


def _shown(now: str, exact: str) -> str:
    """Return what stands at an address now, cut where one of its words has no end."""
    most = 4 * len(exact) + 200
    return now if len(now) <= most else f"{now[:most]}…"


def nearest(passage: Passage, text: str) -> tuple[float, str]:
    """Return the stretch of a text most like a passage, and how like it is, from 0 to 1."""
    wanted = [_folded(word) for word in passage.exact.split()]
    shown = text.split()
    words = [_folded(word) for word in shown]
    size = len(wanted)
    left = Counter(wanted)
    inside: Counter[str] = Counter()
    score = best = begin = 0
    for at, word in enumerate(words):
        score += inside[word] < left[word]
        inside[word] += 1
        if at >= size:
            out = words[at - size]
            inside[out] -= 1
            score -= inside[out] < left[out]
        if score > best:
            best, begin = score, max(0, at - size + 1)
    if not best:
        return 0.0, ""
    # The window may lie beside the stretch, or be too short for it: look at both sides.
    start = max(0, begin - size // 2)
    around = words[start : begin + size + size // 2 + 1]
    blocks = SequenceMatcher(None, wanted, around, autojunk=False).get_matching_blocks()[:-1]
    if not blocks:
        return 0.0, ""
    first = max(0, blocks[0].b - blocks[0].a)
    last = min(len(around), blocks[-1].b + size - blocks[-1].a)
    likeness = SequenceMatcher(None, wanted, around[first:last], autojunk=False).ratio()
    return likeness, " ".join(shown[start + first : start + last])


def _folded(word: str) -> str:
    return normal(word).casefold().strip(".,;:!?\"'()[]")


def differences(exact: str, now: str) -> str:
    """Return the words that changed, in words: `"detailed" became "elaborated on"`."""
    before, after = normal(exact).split(), normal(now).split()
    said = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        old, new = " ".join(before[a:b]), " ".join(after[c:d])
        if what == "replace":
            said.append(f'"{old}" became "{new}"')
        elif what == "delete":
            said.append(f'"{old}" was taken out')
        elif what == "insert":
            said.append(f'"{new}" was put in')
    return "; ".join(said)


def merge(known: Iterable[Check], new: Check) -> tuple[Check, ...]:
    """Return the checks with a new one in the place of the last of the same address, sorted.

    A check that could read nothing does not take the place of one that could: of each address
    the last look stays, and the last that reached it.
    """
    same = (new.key, new.where)
    kept = [c for c in known if (c.key, c.where) != same or (not new.passages and c.passages)]
    return tuple(sorted([*kept, new], key=lambda c: (c.key, c.where, c.checked)))


def as_yaml(checks: Iterable[Check]) -> str:
    """Return the text of sources/checks.yml, the same for the same checks."""
    lines = [HEADER.rstrip("\n"), "checks:"]
    for check in checks:
        lines += [
            f"  - key: {scalar(check.key)}",
            f"    where: {check.where}",
            f"    address: {scalar(check.address)}",
            f"    checked: {check.checked}",
        ]
        if check.moved_to:
            lines.append(f"    moved_to: {scalar(check.moved_to)}")
        if check.fault:
            lines.append(f"    fault: {scalar(check.fault)}")
        if check.passages:
            lines.append("    passages:")
        for passage in check.passages:
            lines += [f"      - id: {passage.id}", f"        result: {passage.result}"]
            if passage.now:
                lines.append(f"        now: {scalar(passage.now)}")
    if len(lines) == 2:
        lines[1] += " []"
    return "\n".join(lines) + "\n"


def check_checks(checks: Iterable[Check], records: Mapping[str, Record]) -> tuple[Problem, ...]:
    """Return a warning for each check of a record or a passage that there is not.

    Code: check-without-passage.
    """
    problems: list[Problem] = []
    for check in checks:
        record = records.get(check.key)
        known = {p.id for p in record.passages} if record else set()
        for id_ in [p.id for p in check.passages if p.id not in known] or ([] if record else [""]):
            address = f"{check.key}#{id_}" if id_ else check.key
            span = check.span
            message = f"`{address}` was checked, and is not there any more"
            hint = "run `dossier verify --live` again, or delete the result"
            problems.append(
                Problem(
                    "check-without-passage",
                    span.path,
                    span.line,
                    span.column,
                    message,
                    hint,
                    "warning",
                )
            )
    return in_order(problems)


def summary(
    checks: Iterable[Check], records: Mapping[str, Record], copies: Mapping[str, Copy]
) -> str:
    """Return in Markdown what is not as it was: the body of an issue, empty where all is there.

    What pages say stands in code spans, so that it cannot address anyone or carry a link. `copies`
    has what was found in an archive of sources that were lost, by their keys.
    """
    latest: dict[tuple[str, str], Check] = {}
    for check in sorted(checks, key=lambda c: c.checked):
        latest[check.key, check.where] = check
    lines: list[str] = []
    for (key, where), check in sorted(latest.items()):
        record = records.get(key)
        found = _found(check, record)
        if found:
            place_ = "address" if where == "address" else "archived copy"
            lines += ["", f"**{_code(key)}**, {place_} {_code(check.address)}, {check.checked}", ""]
            lines += [f"- {line}" for line in found]
            if where == "address" and is_lost(check):
                lines += [f"- {line}" for line in _kept(key, latest, copies)]
    return "\n".join(lines).lstrip("\n") + ("\n" if lines else "")


def _found(check: Check, record: Record | None) -> list[str]:
    lines = []
    if check.fault:
        lines.append(f"nothing could be read: {_code(check.fault)}")
    if check.moved_to:
        lines.append(f"the address leads to {_code(check.moved_to)} now")
    for result in check.passages:
        passage = record.passage(result.id) if record else None
        if result.result == "changed" and passage is not None:
            how = differences(passage.exact, result.now)
            lines.append(f"{_code(result.id)} changed: {_code(how)}")
        elif result.result == "gone":
            lines.append(f"{_code(result.id)} is gone")
    return lines


def _kept(
    key: str, latest: Mapping[tuple[str, str], Check], copies: Mapping[str, Copy]
) -> Iterator[str]:
    """Yield what an archive has of a source that is lost: what the record names, or might name."""
    named = latest.get((key, "archive"))
    if named is not None and named.passages:
        there, of = held(named.passages), counted(len(named.passages), "passage")
        yield f"its archived copy has {there} of {of}"
    copy = copies.get(key)
    if copy is not None:
        of_day = f" of {copy.day}" if copy.day else ""
        yield (
            f"an archived copy{of_day} has {copy.there} of {counted(copy.of, 'passage')}; "
            f"after a look at it, put into the record: {_code(f'archived: {copy.address}')}"
        )


def _code(text: str) -> str:
    """Return a text as a code span of CommonMark (section 6.1)."""
    text = " ".join(text.split())
    longest = max(
        (len(run) for run in "".join(c if c == "`" else " " for c in text).split()), default=0
    )
    fence = "`" * (longest + 1)
    padded = f" {text} " if text.startswith("`") or text.endswith("`") else text
    return f"{fence}{padded}{fence}"
