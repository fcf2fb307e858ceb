"""What stands at several places of a unit, in the order in which it is nearest to a place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

Thing = TypeVar("Thing", bound=Hashable)


class Nearby(Generic[Thing]):
    """Things by where they stand.

    A unit may cite one passage a thousand times: what a look costs grows with the things
    that are distinct, and hardly with the places.
    """

    def __init__(self, placed: Iterable[tuple[int, Thing]]) -> None:
        """Take each thing with its place; places do not fall, and may be shared."""
        self._places: dict[Thing, tuple[list[int], list[int]]] = {}
        for rank, (place, thing) in enumerate(placed):
            starts, ranks = self._places.setdefault(thing, ([], []))
            if not starts or starts[-1] != place:
                starts.append(place)
                ranks.append(rank)

    def around(self, at: int) -> tuple[Thing, ...]:
        """Return each thing once: first those from `at` on, then those before; nearest first."""

        def order(thing: Thing) -> tuple[bool, int, int]:
            starts, ranks = self._places[thing]
            behind = bisect_left(starts, at)
            if behind < len(starts):
                return False, starts[behind], ranks[behind]
            return True, -starts[-1], ranks[-1]

        return tuple(sorted(self._places, key=order))
