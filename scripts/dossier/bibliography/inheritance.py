"""crossref and xdata: entries that take fields from others, and the faults of that graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dossier.bibliography.entries import Entry, Value
from dossier.problems import Problem, listed, nearest

PARENT_FIELDS = ("crossref", "xdata")
GENERATIONS = 4
"""Parents of parents that are followed: pandoc's time grows with the cube of their number."""
_POOL = 2_000


@dataclass(frozen=True, slots=True)
class Inheritance:
    """For each key the parents it can take fields from, by field; no loops, none missing."""

    parents: Mapping[str, Mapping[str, tuple[str, ...]]]
    problems: tuple[Problem, ...]

    def all_of(self, key: str) -> tuple[str, ...]:
        """Return all parents that an entry names."""
        return tuple(p for named in self.parents.get(key, {}).values() for p in named)

    def of(self, key: str, field: str) -> tuple[str, ...]:
        """Return the parents that an entry names in `crossref` or `xdata`, in order."""
        return self.parents.get(key, {}).get(field, ())


def read_inheritance(entries: Sequence[Entry], lost: Mapping[str, str]) -> Inheritance:
    """Return the parents of all entries; `lost` gives the place of entries left out, by key.

    pandoc follows a loop until its memory is exhausted, so loops are cut here.
    """
    keys = {entry.key: entry.key for entry in entries}
    aliases = {
        alias.strip(): entry.key for entry in entries for alias in entry.text("ids").split(",")
    }
    known = {k: v for k, v in aliases.items() if k} | keys
    folded = {key.casefold(): key for key in known.values() if key not in lost}
    problems: list[Problem] = []
    parents: dict[str, dict[str, tuple[str, ...]]] = {}
    for entry in entries:
        for value in entry.values:
            if value.name not in PARENT_FIELDS:
                continue
            found = []
            for target in _targets(value):
                if target in known:
                    found.append(known[target])
                elif target.casefold() in folded:
                    found.append(folded[target.casefold()])
                    problems.append(_other_case(entry, value, target, found[-1]))
                else:
                    problems.append(_missing(entry, value, target, known, lost))
            if found:
                parents.setdefault(entry.key, {})[value.name] = tuple(found)
    looping = _on_loops(parents)
    by_key = {entry.key: entry for entry in entries}
    problems += [_loop(by_key, path) for path in _loops(parents, looping)]
    cut = {
        key: {
            field: tuple(p for p in named if key not in looping or p not in looping)
            for field, named in fields.items()
        }
        for key, fields in parents.items()
    }
    for key in _ends_of_long_chains(cut):
        problems.append(_too_long(by_key[key]))
        del cut[key]
    return Inheritance(cut, tuple(problems))


def _ends_of_long_chains(parents: Mapping[str, Mapping[str, tuple[str, ...]]]) -> list[str]:
    """Return the entries that must take nothing, so that no chain of parents is too long.

    There is no loop among the parents.
    """
    depths: dict[str, int] = {}
    ends: list[str] = []
    for start in parents:
        waiting = [start]
        while waiting:
            key = waiting[-1]
            above = [p for named in parents.get(key, {}).values() for p in named]
            unknown = [p for p in above if p not in depths]
            if unknown:
                waiting += unknown
                continue
            waiting.pop()
            if key in depths:
                continue
            depths[key] = 1 + max((depths[p] for p in above), default=-1)
            if depths[key] > GENERATIONS:
                ends.append(key)
                depths[key] = 0
    return ends


def _too_long(entry: Entry) -> Problem:
    value = next(value for value in entry.values if value.name in PARENT_FIELDS)
    return entry.problem(
        "inheritance-too-long",
        value.offset,
        f"the entry `{entry.key}` takes fields through more than {GENERATIONS} others in a row",
        "name the entry that has the fields, or write them here",
    )


def _targets(value: Value) -> list[str]:
    names = value.text.split(",") if value.name == "xdata" else [value.text]
    return [name.strip() for name in names if name.strip()]


def _missing(
    entry: Entry, value: Value, target: str, known: Mapping[str, str], lost: Mapping[str, str]
) -> Problem:
    message = f"the entry `{entry.key}` takes fields from `{target}` (`{value.name}`), "
    if target in lost:
        message += f"which is left out because of the fault at {lost[target]}"
        return entry.problem("missing-parent", value.offset, message, "mend that entry first")
    pool = set(known)
    if len(known) > _POOL:
        pool = {k for k in known if k[:2].casefold() == target[:2].casefold()}
    near = nearest(target, sorted(pool)[:_POOL])
    hint = f"add the entry `{target}`, or delete this"
    if near:
        hint = f"did you mean {listed(near)}?"
    return entry.problem("missing-parent", value.offset, message + "which does not exist", hint)


def _other_case(entry: Entry, value: Value, target: str, key: str) -> Problem:
    """Return a warning for a parent that only BibTeX, which heeds no case there, would find."""
    message = (
        f"the entry `{entry.key}` takes fields from `{target}` (`{value.name}`), "
        f"whose key is `{key}`"
    )
    return entry.warning("missing-parent", value.offset, message, f"write `{key}`")


def _on_loops(parents: Mapping[str, Mapping[str, tuple[str, ...]]]) -> set[str]:
    """Return the keys left when those without parents or children are taken away, repeatedly.

    What remains lies on a loop, or on a way from one loop to another.
    """
    up = {key: {p for named in fields.values() for p in named} for key, fields in parents.items()}
    down: dict[str, set[str]] = {}
    for key, named in up.items():
        for parent in named:
            down.setdefault(parent, set()).add(key)
    left = set(up) | set(down)
    for forward, back in ((up, down), (down, up)):
        degree = {key: len(forward.get(key, set()) & left) for key in left}
        free = [key for key, count in degree.items() if count == 0]
        while free:
            key = free.pop()
            left.discard(key)
            for other in back.get(key, ()):
                if other in left:
                    degree[other] -= 1
                    if degree[other] == 0:
                        free.append(other)
    return left


def _loops(
    parents: Mapping[str, Mapping[str, tuple[str, ...]]], looping: set[str]
) -> list[list[str]]:
    """Return one path round each loop that is met on following parents, in the order of keys."""
    loops: list[list[str]] = []
    seen: set[str] = set()
    for start in parents:
        path: list[str] = []
        place: dict[str, int] = {}
        key = start
        while key in looping and key not in seen:
            seen.add(key)
            place[key] = len(path)
            path.append(key)
            key = next(p for named in parents[key].values() for p in named if p in looping)
        if key in place:
            loops.append([*path[place[key] :], key])
    return loops


def _loop(by_key: Mapping[str, Entry], path: list[str]) -> Problem:
    entry = by_key[path[0]]
    fields = [value for value in entry.values if value.name in PARENT_FIELDS]
    # A target may be named by an alias, so that no field need hold the key itself.
    value = next((v for v in fields if path[1] in _targets(v)), fields[0])
    return entry.problem(
        "inheritance-loop",
        value.offset,
        f"the entry `{entry.key}` takes fields from itself: `{'` -> `'.join(path)}`",
        "delete one of these fields, `crossref` or `xdata`",
    )
