"""Quotations looked up in the passages of records: exactly, on whole words, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from dossier.model import Passage, Record
from dossier.quotations.corpus import Corpus, Held
from dossier.quotations.editing import Part, parts_of, places_of
from dossier.quotations.nearest import find_nearest
from dossier.quotations.normalisation import normalise
from dossier.quotations.outcomes import (
    Ambiguous,
    Found,
    FoundInTitle,
    InOtherSource,
    Match,
    Nearest,
    NoRecord,
    NotFound,
    Outcome,
    TooShort,
    Uncited,
)
from dossier.quotations.words import WORD, is_too_short

_ELSEWHERE = 64
"""Places at which a quotation is compared with sources that are not cited with it."""

_PARTS_OF_TITLE = re.compile(r":\s")


class Index:
    """The passages of records and the titles of works, ready for quotations to be looked up.

    `titles` gives plain titles by key. A quotation is compared with the passages of the
    sources it cites, and with those alone of all others that hold its rarest run of words.
    """

    def __init__(
        self, records: Iterable[Record], titles: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        records = tuple(records)
        self._corpus = Corpus(records)
        self._titles = titles
        by_key: dict[str, list[Held]] = {record.key: [] for record in records}
        for held in self._corpus.held:
            by_key[held.key].append(held)
        self._by_key = {key: tuple(held) for key, held in by_key.items()}
        self._by_address = {held.address: held for held in self._corpus.held}

    def passage(self, address: str) -> Passage:
        """Return the passage of an address that this index gave."""
        return self._by_address[address].passage

    def find(
        self,
        quotation: str,
        keys: Sequence[str],
        cited: Sequence[str] = (),
        *,
        in_marks: bool = True,
    ) -> Outcome:
        """Return what becomes of a quotation in the sources of `keys`.

        `cited` are addresses of passages that are cited by themselves: they come first.
        Without `in_marks` (a block quotation) no punctuation of the writer stands in it.
        """
        texts = _variants(normalise(quotation).text, in_marks)
        if is_too_short(texts[0]) or not parts_of(texts[0]):
            return TooShort()
        sought = [parts_of(text) for text in texts]
        if not keys:
            return Uncited(self._elsewhere(sought, ()))
        first = [self._by_address[address] for address in cited if address in self._by_address]
        rest = [held for key in dict.fromkeys(keys) for held in self._by_key.get(key, ())]
        for group in (first, rest):
            for parts in sought:
                matches = [m for held in dict.fromkeys(group) if (m := _match(held, parts))]
                if matches:
                    return _found(matches)
        for key in keys:
            if self._is_title(key, texts):
                return FoundInTitle(key)
        unknown = tuple(key for key in dict.fromkeys(keys) if key not in self._by_key)
        if unknown:
            return NoRecord(unknown)
        address = self._elsewhere(sought, keys)
        return InOtherSource(address) if address else NotFound(self.nearest(quotation, keys))

    def nearest(self, quotation: str, keys: Sequence[str]) -> Nearest | None:
        """Return the passage most like a quotation, of `keys` if one is; None if none is."""
        held = [held for key in dict.fromkeys(keys) for held in self._by_key.get(key, ())]
        return find_nearest(self._corpus, held, quotation)

    def _elsewhere(self, sought: Sequence[tuple[Part, ...]], keys: Sequence[str]) -> str:
        """Return a passage of no source in `keys` that holds a quotation, or the empty string."""
        for parts in sought:
            anchor = max((part.anchor for part in parts), key=len)
            if anchor:
                for held in self._corpus.find(anchor, _ELSEWHERE):
                    if held.key not in keys and _match(held, parts):
                        return held.address
        return ""

    def _is_title(self, key: str, texts: Sequence[str]) -> bool:
        title = normalise(self._titles.get(key, "")).text
        titles = {title}
        for match in _PARTS_OF_TITLE.finditer(title):
            titles |= {title[: match.start()], title[match.end() :]}
        return any(text in titles for text in texts)


def _variants(text: str, in_marks: bool) -> tuple[str, ...]:
    """Return the texts to look for: the quotation, and it without a final comma or full stop."""
    if in_marks and text.endswith((",", ".")) and WORD.search(text):
        return text, text[:-1]
    return (text,)


def _match(held: Held, parts: tuple[Part, ...]) -> Match | None:
    """Return where the parts of a quotation stand in a passage, or None."""
    places = places_of(parts, held.text)
    if not places:
        return None
    original = held.normalised.original
    spans = [original(start, end) for start, end in places]
    gaps = tuple(
        (before[1], behind[0])
        for before, behind in pairwise(spans)
        if WORD.search(held.passage.exact, before[1], behind[0])
    )
    return Match(held.address, spans[0][0], spans[-1][1], gaps)


def _found(matches: Sequence[Match]) -> Outcome:
    if len(matches) == 1:
        return Found(matches[0])
    return Ambiguous(matches[0], tuple(match.address for match in matches[1:]))
