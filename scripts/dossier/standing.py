"""How it is known that a passage stands in its source, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dossier.model import Check, Passage, Record
from dossier.seals import broken
from dossier.wording import date_in_words


@dataclass(frozen=True, slots=True)
class PassageStanding:
    """How a passage is held: by transcription only, by a seal, or by a look at its address.

    `date` is ISO 8601, empty where it was not recorded; `words` says it all to a reader.
    """

    kind: Literal["transcribed", "sealed", "checked"]
    date: str
    words: str


def standing_of(passage: Passage, record: Record, checks: Iterable[Check]) -> PassageStanding:
    """Return the standing of a passage.

    What is found at an address later does not undo a seal: it is said beside it. A broken seal
    is none.
    """
    looks = sorted(
        (check.checked, check.where == "archive", result)
        for check in checks
        if check.key == record.key
        for result in (r.result for r in check.passages if r.id == passage.id)
    )
    said: list[str] = []
    kind: Literal["transcribed", "sealed", "checked"] = "transcribed"
    day = ""
    seal = passage.seal
    if seal is not None and not broken(passage, seal):
        kind = "sealed"
        captures = (c for c in record.captures if c.sha256 == seal.capture_sha256)
        day = next((c.retrieved for c in captures), "")
        said.append(f"sealed on {date_in_words(day)}" if day else "sealed (day not recorded)")
    good = [look for look in looks if look[2] in ("there", "moved")]
    if good:
        kind, day = "checked", good[-1][0]
        copy = " in its archived copy" if good[-1][1] else ""
        said.append(f"checked live on {date_in_words(day)}{copy}")
    bad = [look for look in looks if look[2] in ("changed", "gone") and not look[1]]
    if bad and not any(look[0] >= bad[-1][0] and not look[1] for look in good):
        said.append(f"{bad[-1][2]} at its address on {date_in_words(bad[-1][0])}")
    if kind == "transcribed":
        said.insert(0, "transcribed")
    return PassageStanding(kind, day, ", ".join(said))
