"""A bibliography divided into parts that are set apart, each with its clusters."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from zlib import crc32

from dossier.model import Reference
from dossier.style.groups import BY_NAMES, Names, Ties, Traits, group, names_of
from dossier.style.job import Job

LEAST = 400
"""Works from which on a bibliography is divided; fewer are set in a second or two."""
_PART = 100
"""Works of a part at least, and of one twice as large at most, if names allow: a call has
some 0.05 s of its own, and styles that add given names to names take a square of time."""
_MOST = 2
"""How many times over all works may be set for the sake of clusters that cite several."""
_SLOW = 300
"""Works from whose number on a slow style is slower by one than by one time more in parts."""
_KEY = re.compile(r"@\{([^{}]*)\}|@([^\W_](?:[\w:.#$%&+?<>~/-]*\w)?)")


@dataclass(frozen=True, slots=True)
class Division:
    """The parts of a job: those whose works are set, and those set for their clusters only."""

    parts: tuple[Job, ...]
    joint: tuple[Job, ...] = ()


def divide(
    job: Job, traits: Traits, levels: Mapping[str, int] = MappingProxyType({})
) -> tuple[Division, Mapping[str, Names]] | None:
    """Return the parts of a job and the names of its works, None where one call is as good.

    `levels` tells of works by what the style cites them, where that is known.
    """
    if not traits.divisible or len(job.references) < LEAST:
        return None
    keys = [reference.key for reference in job.references]
    names = [names_of(r, traits, levels.get(r.key, BY_NAMES)) for r in job.references]
    numbers = {key: n for n, key in enumerate(keys)}
    cited = [sorted({numbers[k] for k in _keys(c) if k in numbers}) for c in job.clusters]
    ties = group(names, keys)
    apart = [ties.root(n) for n in range(len(keys))]
    for works in cited:
        for a, b in pairwise(works):
            if ties.size(a) + ties.size(b) <= _PART:
                ties.tie(a, b)
    parts = _pack(ties, names)
    if len(parts) < 2:
        return None
    home = {n: number for number, part in enumerate(parts) for n in part}
    clusters: list[list[str]] = [[] for _ in parts]
    crossing: list[tuple[list[int], str]] = []
    for cluster, works in zip(job.clusters, cited, strict=True):
        homes = {home[n] for n in works}
        if len(homes) < 2:
            clusters[min(homes, default=0)].append(cluster)
        else:
            crossing.append((sorted(apart[n] for n in works), cluster))
    members: dict[int, list[int]] = {}
    for n, root in enumerate(apart):
        members.setdefault(root, []).append(n)
    joint: list[tuple[list[str], set[int]]] = []
    for roots, cluster in sorted(crossing):
        needed = {n for root in roots for n in members[root]}
        if not joint or len(joint[-1][1] | needed) > 2 * _PART:
            joint.append(([], set()))
        joint[-1][0].append(cluster)
        joint[-1][1].update(needed)
    most = max(_MOST, len(keys) // _SLOW if traits.slow else 0) * len(keys)
    if sum(len(works) for _, works in joint) > most:
        return None
    return (
        Division(
            tuple(_part(job, part, sources) for part, sources in zip(parts, clusters, strict=True)),
            tuple(_part(job, works, sources) for sources, works in joint),
        ),
        dict(zip(keys, names, strict=True)),
    )


def _keys(cluster: str) -> list[str]:
    """Return what may be keys in a cluster; more than it cites does no harm."""
    return [braced or bare for braced, bare in _KEY.findall(cluster)]


def _pack(ties: Ties, names: Sequence[Names]) -> list[list[int]]:
    """Return numbers of works in parts: sets whole, near one another in a list.

    Where a part ends is decided by the works at its end alone, so that a new work changes
    one part and not all that follow.
    """
    members: dict[int, list[int]] = {}
    for n in range(len(names)):
        members.setdefault(ties.root(n), []).append(n)
    sets = sorted(members.values(), key=lambda works: (names[works[0]].first, works))
    # One of so many sets ends a part that is full enough, so that parts are of the size meant.
    share = 1 << max((_PART // 2 * len(sets) // len(names)).bit_length() - 1, 0)
    parts: list[list[int]] = [[]]
    for works in sets:
        if len(parts[-1]) + len(works) > 2 * _PART and parts[-1]:
            parts.append([])
        parts[-1] += works
        if len(parts[-1]) >= _PART and crc32(names[works[0]].first.encode()) % share == 0:
            parts.append([])
    return parts if parts[-1] else parts[:-1]


def _part(job: Job, numbers: Collection[int], clusters: Sequence[str]) -> Job:
    references: tuple[Reference, ...] = tuple(job.references[n] for n in sorted(numbers))
    return replace(job, references=references, clusters=tuple(clusters))
