"""What became of words from copy to copy."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.captures import words
from dossier.drift import compared, drift_table, drifts
from dossier.loading import read_project, read_settings
from dossier.model import Evidence, Passage, Record, Span

HERE = Span("r.yml")
ROOT = Path(__file__).resolve().parent.parent
_SIGNS = {"kept": "{}", "changed": "~{}~", "added": "+{}+", "dropped": "-{}-", "outside": "[{}]"}


def shown(old: str, new: str) -> str:
    return " ".join(
        _SIGNS[s.change].format(s.before if s.change in ("dropped", "outside") else s.after)
        for s in compared(old, new)
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a bunch of crap", "a bunch of crap.", "a bunch of crap."),
        ("“It’s so,” he said", '"It\'s so" he said', '"It\'s so" he said'),
        ("a bunch of crap", "a bunch of nonsense", "a bunch of ~nonsense~"),
        (
            "police are much more engaged",
            "police are more engaged",
            "police are -much- more engaged",
        ),
        ("it was proven", "it was never proven", "it was +never+ proven"),
        ("it was so and not otherwise", "it was so", "it was so [and not otherwise]"),
        ("and yet it was so", "it was so", "[and yet] it was so"),
        ("in 2021, by records", "in 2021For, by records", "in ~2021For,~ by records"),
        ("spending—$400 million", "spending – $500 million", "spending – ~$500~ million"),
        ("one two three four five", "six seven eight nine five", "~six seven eight nine five~"),
        (
            "agencies share it with ICE and it helps them act in the city of Boston today",
            "agencies sell many records to it for gain in the city of Boston today",
            "agencies ~sell many records to it for gain~ in the city of Boston today",
        ),
        ("", "new", "+new+"),
    ],
)
def test_words_are_held_against_words(old: str, new: str, expected: str) -> None:
    """Typography is set aside, ends of excerpts are no omissions, and chance words no rest."""
    assert shown(old, new) == expected


_TEXT = st.lists(st.sampled_from(["a", "b", "c.", "“d”", "—", "e—f", "$4", "…"])).map(" ".join)


@given(_TEXT, _TEXT)
def test_both_texts_can_be_read_back(old: str, new: str) -> None:
    """No word is lost or told twice, and neighbors differ in their fate."""
    stretches = compared(old, new)
    gap = r"\s"
    assert re.sub(gap, "", "".join(s.after for s in stretches)) == re.sub(gap, "", new)
    assert re.sub(gap, "", "".join(s.before for s in stretches)) == re.sub(gap, "", old)
    for one, other in pairwise(stretches):
        assert one.change != other.change
    for stretch in stretches:
        if stretch.change == "kept":
            assert words(stretch.before) == words(stretch.after)


@given(_TEXT)
def test_what_is_the_same_is_kept(text: str) -> None:
    """A text is no variant of itself."""
    assert all(stretch.change == "kept" for stretch in compared(text, text))


def record(key: str, **passages: tuple[str, str]) -> Record:
    held = (Passage(i, exact, HERE, variant_of=of) for i, (exact, of) in passages.items())
    return Record(key, "copy", HERE, passages=tuple(held))


RECORDS = {
    r.key: r
    for r in (
        record("copy", p=("a lot of <crap>", "near#p"), q=("so it was not", "near#q")),
        record(
            "far", p=("a bunch of <crap>!", "near#p"), lost=("x", "near#gone"), me=("x", "far#me")
        ),
        record("near", p=("a bunch of <crap>", "first#p"), q=("it was so", "")),
        record("first", p=("such a bunch of <crap>", "")),
        record("round", p=("a", "round#q"), q=("b", "round#p")),
    )
}


@pytest.mark.parametrize(
    ("selection", "bases"),
    [
        ("", ["first#p", "near#q", "near#p", "round#p", "round#q"]),
        ("near", ["near#q", "near#p"]),
        ("near#q", ["near#q"]),
        ("copy", ["near#q", "near#p"]),
        ("first#q", []),
        ("nobody", []),
    ],
)
def test_a_selection_chooses_passages(selection: str, bases: list[str]) -> None:
    """A passage, a record, or one whose own passages are variants; first words come first."""
    assert sorted(d.base for d in drifts(RECORDS, selection)) == sorted(bases)


def test_words_come_before_what_was_made_of_them() -> None:
    """A passage that is itself a variant stands behind the one that it alters."""
    order = [d.base for d in drifts(RECORDS)]
    assert order.index("first#p") < order.index("near#p")


def test_marks_are_more_than_color() -> None:
    """What changed is a mark, an insertion or a deletion, and says so to those who listen."""
    table = drift_table(Evidence(records=RECORDS), lambda a: f"<a>{a}</a>", "near")
    assert '<th scope="row"><a>copy#p</a></th>' in table
    assert (
        'a <mark class="changed">lot<span class="sr-only">, changed from: bunch, end of changed '
        "words</span></mark> of &lt;crap&gt;"
    ) in table
    assert 'a bunch of &lt;crap&gt;! <span class="kept">kept word for word</span>' in table
    assert '<ins><span class="sr-only">added: </span>' in table
    assert "no quotation of anyone whom it names" in table
    assert "style" not in table
    assert "<crap>" not in table


def test_what_was_left_out_is_told() -> None:
    """Words dropped between others stand struck through, an end not held is an ellipsis."""
    records = {
        r.key: r
        for r in (
            record("a", p=("it is much more so than before", "")),
            record("b", p=("it is more so", "a#p")),
        )
    }
    table = drift_table(Evidence(records=records), str)
    assert '<del><span class="sr-only">dropped: </span>much' in table
    assert '<span class="outside">…' in table


def test_nothing_chosen_is_no_table() -> None:
    """A table without rows is not printed."""
    assert drift_table(Evidence(records=RECORDS), str, "nobody") == ""


def test_the_report_shows_its_drift() -> None:
    """The altered words of the copies are marked as such in the report's own table."""
    evidence = read_project(read_settings(ROOT)[0]).evidence
    table = unescape(drift_table(evidence, str, "technologymag2024"))
    for altered in ("mainly", "nonsense", "catastrophic scenario.", "Kahn", "cardinal successful"):
        assert re.search(rf'<(mark class="changed"|ins)>[^<]*{altered}', table), altered
