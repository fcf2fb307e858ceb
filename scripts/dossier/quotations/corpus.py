"""All passages of a project as words in one row, so that a run of words is found by bisection."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dossier.model import Passage, Record
from dossier.quotations.normalisation import Normalised, normalise
from dossier.quotations.words import WORD

RUN = 4
"""Words of a run by which the row is sorted: longer runs are looked up by their rarest four."""


@dataclass(frozen=True, slots=True)
class Held:
    """A passage that is held, with its normalised text."""

    key: str
    address: str
    passage: Passage
    normalised: Normalised

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.normalised.text


class Corpus:
    """The passages of records, and a sorted list of all runs of up to `RUN` words in them.

    Takes four bytes a word for the words, and four for the list: what a lookup costs grows
    with the logarithm of the words held, and with what it finds.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self.held: tuple[Held, ...] = tuple(
            Held(record.key, f"{record.key}#{passage.id}", passage, normalise(passage.exact))
            for record in records
            for passage in record.passages
        )
        self._ids: dict[str, int] = {}
        self._starts = array("Q")
        row = array("I")
        for held in self.held:
            self._starts.append(len(row))
            # 0 parts the passages: no run goes on from one to the next.
            row.extend(self._ids.setdefault(w, len(self._ids) + 1) for w in WORD.findall(held.text))
            row.append(0)
        self._row = row.tobytes()
        self._width = row.itemsize
        # Sorted by bytes: any order serves in which runs that begin alike stand together.
        self._sorted = memoryview(
            array("I", sorted((n for n, w in enumerate(row) if w), key=lambda n: self._run(n, RUN)))
        )

    def find(self, words: Sequence[str], limit: int) -> Iterator[Held]:
        """Yield at most `limit` passages that hold the rarest run of `words`, each once."""
        runs = [self.hits(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1))]
        rarest = min(runs, key=len)
        seen: set[int] = set()
        for hit in rarest[:limit]:
            number = self.owner(hit)
            if number not in seen:
                seen.add(number)
                yield self.held[number]

    def hits(self, words: Sequence[str]) -> Sequence[int]:
        """Return the places in the row where a run of one to `RUN` words begins, in any order."""
        numbers = [self._ids.get(word, 0) for word in words]
        if 0 in numbers or not numbers:
            return ()
        target = array("I", numbers).tobytes()

        def run(place: int) -> bytes:
            return self._run(place, len(numbers))

        low = bisect_left(self._sorted, target, key=run)
        return self._sorted[low : bisect_right(self._sorted, target, lo=low, key=run)]

    def owner(self, place: int) -> int:
        """Return the number of the passage that holds a place of the row."""
        return bisect_right(self._starts, place) - 1

    def _run(self, place: int, words: int) -> bytes:
        return self._row[place * self._width : (place + words) * self._width]
