"""How words changed from copy to copy: passages held against those of which they are variants.

An altered quotation is evidence about the copy and no quotation of the speaker, and the table
says so. What changed is told by marks, by their form and by words for those who hear the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import Final, Literal

from dossier.addresses import split_address
from dossier.captures import words
from dossier.model import Evidence, Passage, Record

Change = Literal["kept", "changed", "added", "dropped", "outside"]

_TITLE: Final = "How words changed from copy to copy"
_NOTE: Final = (
    "The first row of each group has the words of the earlier text, the rows under it those of "
    "its copies. Words underlined were changed or added; words struck through are left out "
    "between words that are kept. An ellipsis means that the passage held begins later or ends "
    "earlier. Case, punctuation and quotation marks are set aside. What a copy altered is "
    "evidence about that copy, and no quotation of anyone whom it names."
)
# Below this share of words kept, marks word by word would say less than one mark for all.
_LEAST_KEPT: Final = 1 / 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words in a row with one fate; `before` holds those of the earlier text, `after` the copy's.

    What is kept has both, each as its own text has them. Words are dropped where others are
    kept on both sides; at either end they are `outside`: a passage is an excerpt, and its copy
    may have them all the same.
    """

    change: Change
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A passage, by its address, and what became in it of the passage that it alters."""

    address: str
    stretches: tuple[Stretch, ...]

    @property
    def is_kept(self) -> bool:
        """Tell whether the words held are those of the earlier text, none missing between."""
        return all(stretch.change in ("kept", "outside") for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class Drift:
    """A passage with its variants; `base` is its address and `exact` its words."""

    base: str
    exact: str
    variants: tuple[Variant, ...]


def drifts(records: Mapping[str, Record], selection: str = "") -> tuple[Drift, ...]:
    """Return the passages that have variants, those ahead from which others of them come.

    A `selection` is the address of such a passage, or the key of its record; where that record
    has none, of the record whose passages are variants. A variant of what no record has is left
    out.
    """
    chosen: dict[str, list[Variant]] = {}
    for base, address, old, new in _pairs(records, selection):
        chosen.setdefault(base, []).append(Variant(address, compared(old.exact, new.exact)))
    places = {
        f"{record.key}#{passage.id}": (_steps(passage, records), number, place)
        for number, record in enumerate(records.values())
        for place, passage in enumerate(record.passages)
    }
    return tuple(
        Drift(base, _passage(base, records).exact, tuple(chosen[base]))  # type: ignore[union-attr]
        for base in sorted(chosen, key=lambda address: places[address])
    )


_Pair = tuple[str, str, Passage, Passage]


def _pairs(records: Mapping[str, Record], selection: str) -> list[_Pair]:
    pairs = list(_all_pairs(records))
    if not selection:
        return pairs
    key, passage = split_address(selection, records)
    if passage:
        return [pair for pair in pairs if pair[0] == selection]
    of = [pair for pair in pairs if split_address(pair[0], records)[0] == key]
    return of or [pair for pair in pairs if split_address(pair[1], records)[0] == key]


def _all_pairs(records: Mapping[str, Record]) -> Iterator[_Pair]:
    for record in records.values():
        for passage in record.passages:
            base = _passage(passage.variant_of, records) if passage.variant_of else None
            if base is not None and base is not passage:
                key, id_ = split_address(passage.variant_of, records)
                yield f"{key}#{id_}", f"{record.key}#{passage.id}", base, passage


def _passage(address: str, records: Mapping[str, Record]) -> Passage | None:
    key, id_ = split_address(address, records)
    record = records.get(key)
    return record.passage(id_) if record else None


def _steps(passage: Passage, records: Mapping[str, Record]) -> int:
    """Return over how many variants a passage comes from the first of its words."""
    seen = [passage]
    while seen[-1].variant_of:
        base = _passage(seen[-1].variant_of, records)
        if base is None or base in seen:
            break
        seen.append(base)
    return len(seen) - 1


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is compared, and its place in the text."""

    compared: tuple[str, ...]
    start: int
    end: int


def _read(text: str) -> list[_Word]:
    """Return the words of a text; marks that stand alone belong to the word before."""
    found: list[_Word] = []
    for match in re.finditer(r"[^\s–—]+[–—]*|[–—]+", text):
        compared = words(match.group())
        if compared or not found:
            found.append(_Word(compared, match.start(), match.end()))
        else:
            last = found.pop()
            found.append(_Word(last.compared, last.start, match.end()))
    return found


def compared(old: str, new: str) -> tuple[Stretch, ...]:
    """Return what became of the words of `old` in `new`, compared as the words of captures are.

    Of two stretches in a row none has the same fate. Where less than a third of the longer text
    is kept, all of it counts as changed.
    """
    old, new = " ".join(old.split()), " ".join(new.split())
    before, after = _read(old), _read(new)
    matcher = SequenceMatcher(
        None, [w.compared for w in before], [w.compared for w in after], autojunk=False
    )
    steps = _without_chance([_Step(*step) for step in matcher.get_opcodes()])
    kept = sum(step.i2 - step.i1 for step in steps if step.same)
    if before and after and kept < _LEAST_KEPT * max(len(before), len(after)):
        steps = [_Step("replace", 0, len(before), 0, len(after))]
    last = len(steps) - 1
    return tuple(
        Stretch(
            "outside" if step.change == "dropped" and number in (0, last) else step.change,
            _slice(old, before, step.i1, step.i2),
            _slice(new, after, step.j1, step.j2),
        )
        for number, step in enumerate(steps)
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of difflib: words i1 to i2 of the one text and j1 to j2 of the other."""

    tag: str
    i1: int
    i2: int
    j1: int
    j2: int

    @property
    def same(self) -> bool:
        return self.tag == "equal"

    @property
    def size(self) -> int:
        return max(self.i2 - self.i1, self.j2 - self.j1)

    @property
    def change(self) -> Change:
        if self.same:
            return "kept"
        if self.i1 == self.i2:
            return "added"
        return "dropped" if self.j1 == self.j2 else "changed"


def _without_chance(steps: list[_Step]) -> list[_Step]:
    """Return the steps, a word or two kept by chance between longer changes counted as changed."""
    joined: list[_Step] = []
    for number, step in enumerate(steps):
        beside = steps[max(0, number - 1) : number] + steps[number + 1 : number + 2]
        chance = (
            step.same
            and step.size <= 2
            and len(beside) == 2
            and all(other.size > step.size for other in beside)
        )
        plain = _Step("replace", step.i1, step.i2, step.j1, step.j2) if chance else step
        if joined and not joined[-1].same and not plain.same:
            last = joined.pop()
            plain = _Step("replace", last.i1, plain.i2, last.j1, plain.j2)
        joined.append(plain)
    return joined


def _slice(text: str, found: list[_Word], start: int, end: int) -> str:
    return text[found[start].start : found[end - 1].end] if start < end else ""


def drift_table(
    evidence: Evidence,
    cite: Callable[[str], str],
    selection: str = "",
    *,
    caption: str = _TITLE,
) -> str:
    """Return `table.drift` in its box, a `tbody` for each passage with its variants under it.

    `cite(address)` gives the citation of a passage as HTML. Where nothing is chosen, the text is
    empty.
    """
    groups = drifts(evidence.records, selection)
    if not groups:
        return ""
    bodies = "\n".join(_group(group, cite) for group in groups)
    return (
        '<div class="table-box"><table class="drift">\n'
        f'<caption>{escape(caption)} <span class="caption-note">{_NOTE}</span></caption>\n'
        '<thead>\n<tr><th scope="col">Source</th><th scope="col">Its words</th></tr>\n</thead>\n'
        f"{bodies}\n</table></div>"
    )


def _group(drift: Drift, cite: Callable[[str], str]) -> str:
    rows = [_row("drift-base", cite(drift.base), escape(" ".join(drift.exact.split())))]
    for variant in drift.variants:
        kept = ' <span class="kept">kept word for word</span>' if variant.is_kept else ""
        shown = " ".join(map(_marked, variant.stretches))
        rows.append(_row("drift-variant", cite(variant.address), shown + kept))
    return "\n".join(("<tbody>", *rows, "</tbody>"))


def _row(class_: str, cited: str, cell: str) -> str:
    return (
        f'<tr class="{class_}"><th scope="row">{cited}</th>'
        f'<td data-label="Its words">{cell}</td></tr>'
    )


def _marked(stretch: Stretch) -> str:
    before, after = escape(stretch.before), escape(stretch.after)
    if stretch.change == "kept":
        return after
    if stretch.change == "outside":
        return f'<span class="outside">…{_heard(" not in the passage held ")}</span>'
    if stretch.change == "dropped":
        return f"<del>{_heard('dropped: ')}{before}{_heard(', end of dropped words')}</del>"
    if stretch.change == "added":
        return f"<ins>{_heard('added: ')}{after}{_heard(', end of added words')}</ins>"
    return (
        f'<mark class="changed">{after}'
        f"{_heard(f', changed from: {before}, end of changed words')}</mark>"
    )


def _heard(words_: str) -> str:
    return f'<span class="sr-only">{words_}</span>'
