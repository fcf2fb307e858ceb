"""The words of captures, and the containment of one in another."""

from __future__ import annotations

import hashlib
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.captures import containment, words
from dossier.records import read_overlaps

COMMITTED = Path(__file__).parents[1] / "sources" / "overlaps.yml"
LETTERS = st.lists(st.sampled_from("abc"), max_size=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n\t – … ", ""),
        ("Fusion  centers\nspent", "fusion centers spent"),
        ("“a bunch of crap.”", "a bunch of crap"),
        ('"a bunch of crap".', "a bunch of crap"),
        ("it’s it's ‘it’", "its its it"),
        ("Foreign powers’ persistently", "foreign powers persistently"),
        ("data-sharing federal/local more—often", "data sharing federal local more often"),
        ("S.T.O.P.", "s t o p"),
        ("$328.3 million, 1,500 and 43%", "328 3 million 1 500 and 43"),
        ("2012For example", "2012for example"),
        ("oﬃcial Straße ①", "official strasse 1"),
        ("de\u00adport zero\u200bwidth", "deport zerowidth"),
        ("cafe\u0301 CAFÉ", "café café"),
        ("हिन्दी snake_case", "हिन्दी snake case"),
    ],
)
def test_words(text: str, expected: str) -> None:
    """Words are told apart by letters and digits, and never by typography or case."""
    assert words(text) == tuple(expected.split())


@given(st.text())
def test_words_stand(text: str) -> None:
    """The words of words are the same words."""
    once = words(text)
    assert words(" ".join(once)) == once


@pytest.mark.parametrize(
    ("part", "whole", "run", "share"),
    [
        ("a b c d", "a b c d", 2, 1.0),
        ("a b c d", "x a b c y", 2, 2 / 3),
        ("a b c d", "x a b c y", 3, 1 / 2),
        ("a b c d", "d c b a", 2, 0.0),
        ("a b a b a b x", "a b", 2, 1 / 3),  # a b, b a, b x: a repeated run counts once
        ("a b", "a b c", 2, 1.0),
        ("a b c", "a b", 2, 1 / 2),
        ("a b", "a b c", 3, 0.0),
        ("", "a b", 1, 0.0),
        ("a b", "", 1, 0.0),
    ],
)
def test_containment(part: str, whole: str, run: int, share: float) -> None:
    """Containment is the share of the part's distinct runs that stand in the whole."""
    assert containment(part.split(), whole.split(), run) == pytest.approx(share)


@pytest.mark.parametrize("run", [0, -1])
def test_a_run_has_words(run: int) -> None:
    """A run of no words is a mistake of the caller."""
    with pytest.raises(ValueError, match=f"not {run}"):
        containment(["a"], ["a"], run)


@given(LETTERS, LETTERS, LETTERS, st.integers(1, 3))
def test_containment_grows_with_the_whole(
    part: list[str], whole: list[str], more: list[str], run: int
) -> None:
    """A share lies from 0 to 1, does not fall as the whole grows, and is 1 in a text itself."""
    share = containment(part, whole, run)
    assert 0 <= share <= containment(part, [*whole, *more], run) <= 1
    assert containment(part, [*more, *part], run) == (1 if len(part) >= run else 0)


def test_committed_overlaps(corpus: Path) -> None:
    """The overlaps of the repository are those of the captures: every pair, and four digits."""
    captures = {
        path.stem: path.read_bytes() for path in (corpus / "evidence" / "captures").glob("*.txt")
    }
    assert len(captures) == 5
    overlaps, problems = read_overlaps([("sources/overlaps.yml", COMMITTED.read_bytes())])
    assert problems == ()
    assert {(o.part, o.whole) for o in overlaps} == set(permutations(captures, 2))
    texts = {key: words(data.decode("utf-8")) for key, data in captures.items()}
    hashes = {key: hashlib.sha256(data).hexdigest() for key, data in captures.items()}
    for o in overlaps:
        share = round(containment(texts[o.part], texts[o.whole], o.run), 4)
        assert (o.run, o.share) == (5, share), f"{o.part} in {o.whole}"
        assert (o.part_sha256, o.whole_sha256) == (hashes[o.part], hashes[o.whole])
