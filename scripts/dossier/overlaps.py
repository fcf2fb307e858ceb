"""The file sources/overlaps.yml: every two captures that are held, measured both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import permutations

from dossier.copies import likeness
from dossier.model import Overlap
from dossier.seals import digest
from dossier.yaml_text import scalar

RUN = 5
"""The length in words of the runs that are compared."""

HEADER = """\
# How much of each capture stands in each other; written by `dossier capture`, not by hand.
# share:   of the distinct runs of 5 words of `part`, those that stand in `whole`.
# spread:  the same without quotations and without the longest stretch that is alike.
# carried: of the words of `part`, likewise, those in stretches that run alongside `whole`.
# scripts/dossier/copies.py says how they are measured. Captures are compared whole, as they were
# retrieved; the hashes are those of their UTF-8 texts and stand in the records too.
"""


def measure(texts: Mapping[str, str], known: Iterable[Overlap] = ()) -> tuple[Overlap, ...]:
    """Return the overlaps of every two texts, both ways, sorted; texts are named by key.

    What is known of the same two texts is not measured again, and what is known of texts that
    are not held stays.
    """
    hashes = {key: digest(text) for key, text in texts.items()}
    found = {(o.part, o.whole): o for o in known}
    for part, whole in permutations(texts, 2):
        before = found.get((part, whole))
        if before is not None and _holds(before, hashes[part], hashes[whole]):
            continue
        alike = likeness(texts[part], texts[whole], RUN)
        found[part, whole] = Overlap(
            part,
            whole,
            RUN,
            alike.share,
            hashes[part],
            hashes[whole],
            spread=alike.spread,
            carried=alike.carried,
        )
    return tuple(found[pair] for pair in sorted(found))


def _holds(known: Overlap, part_sha256: str, whole_sha256: str) -> bool:
    return (
        (known.run, known.part_sha256, known.whole_sha256) == (RUN, part_sha256, whole_sha256)
        and known.spread is not None
        and known.carried is not None
    )


def as_yaml(overlaps: Iterable[Overlap]) -> str:
    """Return the text of sources/overlaps.yml, the same for the same overlaps."""
    lines = [HEADER.rstrip("\n"), "overlaps:"]
    for overlap in overlaps:
        lines += [
            f"  - part: {scalar(overlap.part)}",
            f"    whole: {scalar(overlap.whole)}",
            f"    run: {overlap.run}",
            f"    share: {overlap.share:.4f}",
        ]
        if overlap.spread is not None and overlap.carried is not None:
            lines += [f"    spread: {overlap.spread:.4f}", f"    carried: {overlap.carried:.4f}"]
        lines += [
            f"    part_sha256: {overlap.part_sha256}",
            f"    whole_sha256: {overlap.whole_sha256}",
        ]
    if len(lines) == 2:
        lines[1] += " []"
    return "\n".join(lines) + "\n"
