"""When each source was last checked: the oldest look first, what was never looked at before all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from dossier.model import Check, Evidence, Record
from dossier.problems import counted

How = Literal["address", "archive", "capture", ""]
_HOW: dict[How, str] = {
    "address": "looked at its address",
    "archive": "looked at its archived copy",
    "capture": "its text was retrieved",
    "": "",
}


@dataclass(frozen=True, slots=True)
class Look:
    """The last day on which somebody or something held a source against what is kept of it.

    `day` is an ISO 8601 date, empty for never, and `how` says by what. `results` counts what
    became of the passages on that day, by the words of `sources/checks.yml`. `passages` is the
    number of those kept, `twice` that of those compared by a second reader, on a day that no
    record tells. `fault` is why a later look failed, on the day `failed`.
    """

    key: str
    title: str = ""
    day: str = ""
    how: How = ""
    results: tuple[tuple[str, int], ...] = ()
    passages: int = 0
    twice: int = 0
    failed: str = ""
    fault: str = ""


def looks(evidence: Evidence) -> tuple[Look, ...]:
    """Return the last look at each source that has a record.

    The oldest come first; of one day those with the smallest share of passages read twice.
    """
    checks: dict[str, list[Check]] = {}
    for check in evidence.checks:
        checks.setdefault(check.key, []).append(check)
    found = (
        _look(record, evidence, checks.get(key, ())) for key, record in evidence.records.items()
    )
    return tuple(sorted(found, key=lambda one: (one.day, _share(one), one.key)))


def _share(look: Look) -> float:
    return look.twice / look.passages if look.passages else 0.0


def _look(record: Record, evidence: Evidence, checks: Iterable[Check]) -> Look:
    reference = evidence.references.get(record.key)
    # Of one day a look at the live address says more than one at a copy or at a text.
    days: list[tuple[str, int, How, Check | None]] = [
        (capture.retrieved, 0, "capture", None) for capture in record.captures if capture.retrieved
    ]
    failed = ("", "")
    for check in checks:
        if check.passages:
            days.append((check.checked, 2 if check.where == "address" else 1, check.where, check))
        elif check.fault:
            failed = max(failed, (check.checked, check.fault))
    day, _, how, last = max(days, key=lambda one: one[:2], default=("", 0, "", None))
    results = Counter(passage.result for passage in last.passages) if last else Counter()
    return Look(
        record.key,
        reference.title if reference is not None else "",
        day,
        how,
        tuple(results.items()),
        len(record.passages),
        sum(passage.read == "twice" for passage in record.passages),
        *(failed if failed[0] >= day else ("", "")),
    )


def as_text(found: Sequence[Look]) -> str:
    """Return a line for each source, and at the end how many were never checked."""
    lines = [f"{look.day or 'never':<10}  {look.key}: {_words(look)}" for look in found]
    never = sum(not look.day for look in found)
    last = f"{counted(len(found), 'source')}, {never} of them never checked"
    oldest = next((look.day for look in found if look.day), "")
    return "\n".join((*lines, f"{last}; the oldest look is of {oldest}" if oldest else last))


def _words(look: Look) -> str:
    parts = [_HOW[look.how]] if look.how else []
    parts += [", ".join(f"{number} {result}" for result, number in look.results)]
    parts += [f"{counted(look.passages, 'passage')}, {look.twice} read twice"]
    if look.fault:
        parts += [f"a look on {look.failed} failed, {look.fault}"]
    return "; ".join(part for part in parts if part)


def as_json(found: Sequence[Look]) -> str:
    """Return the same as a list of objects; `day` and `how` are null for never."""
    return json.dumps(
        [
            {
                "key": look.key,
                "title": look.title,
                "day": look.day or None,
                "how": look.how or None,
                "results": dict(look.results),
                "passages": look.passages,
                "read_twice": look.twice,
                "failed": {"day": look.failed, "fault": look.fault} if look.fault else None,
            }
            for look in found
        ],
        ensure_ascii=False,
        indent=2,
    )
