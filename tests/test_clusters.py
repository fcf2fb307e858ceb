"""The one form of all clusters that print the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.clusters import canonical, unresolved
from dossier.syntax.inline import scan_inline

KEYS = {"a", "b", "c", "a#x", "odd key"}


def form(text: str) -> str:
    """Return the canonical form of the first cluster of a text."""
    return canonical(scan_inline(text).clusters[0], KEYS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[@a]", "[@{a}]"),
        ("[ @{a} ]", "[@{a}]"),
        ("[-@a]", "[-@{a}]"),
        ("@a", "@{a}"),
        ("-@a", "-@{a}"),
        ("@a [p. 3]", "@{a} [p. 3]"),
        ("@a[p. 3]", "@{a} [p. 3]"),
        ("@a [see @b]", "@{a} [see @{b}]"),
        ("@a [p. 3; -@b, p. 4]", "@{a} [p. 3; -@{b}, p. 4]"),
        ("[see @a, pp. 3-4; -@b]", "[see @{a}, pp. 3-4; -@{b}]"),
        ("[see\n@a,\np. 3]", "[see @{a}, p. 3]"),
        ("[@a{p. 3}]", "[@{a}{p. 3}]"),
        ("[@a and @b]", "[@{a} and @{b}]"),
        ("[see [@b] for @a]", "[see [@{b}] for @{a}]"),
        # Passages are no business of the style.
        ("[@a#p]", "[@{a}]"),
        ("@a#p", "@{a}"),
        ("[@a#x]", "[@{a#x}]"),
        ("[@a#x#p, p. 3]", "[@{a#x}, p. 3]"),
        ("[@a and @b#p]", "[@{a} and @{b}]"),
        # Two passages of one work are one citation of it ...
        ("[@a#p; @a#q]", "[@{a}]"),
        ("[@a; @a#q]", "[@{a}]"),
        ("[@a#p; @b; @a#q]", "[@{a}; @{b}]"),
        ("[see @a#p, p. 3; see @a#q, p. 3]", "[see @{a}, p. 3]"),
        ("@a#p [@a#q]", "@{a}"),
        ("-@a#p [-@a#q]", "-@{a}"),
        # ... but what is written differently prints so, and what is written twice too.
        ("[@a; @a]", "[@{a}; @{a}]"),
        ("[@a#p; @a#q, p. 3]", "[@{a}; @{a}, p. 3]"),
        ("[@a#p; see @a#q]", "[@{a}; see @{a}]"),
        ("[@a#p; -@a#q]", "[@{a}; -@{a}]"),
        # Unknown keys are left out; where none is known there is nothing to print.
        ("[@nope]", ""),
        ("@nope [p. 3]", ""),
        ("[@nope; @a]", "[@{a}]"),
        ("[see @nope, p. 3; cf. @a]", "[cf. @{a}]"),
        ("@nope [see @a]", "[see @{a}]"),
        ("@a [see @nope]", "@{a}"),
        ("[@a and @nope]", "[@{a} and \\@nope]"),
        ("[@nope and @a]", ""),
    ],
)
def test_the_form_of_a_cluster(text: str, expected: str) -> None:
    """Keys in braces, one line, one space; affixes as written, with their citations so too."""
    assert form(text) == expected


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("[@a]", ()),
        ("[@nope]", ("nope",)),
        ("[@nope#p; @a; @no; @nope]", ("nope", "no")),
        ("[@a and @nope]", ("nope",)),
        ("@a#x#y", ()),
    ],
)
def test_keys_that_the_bibliography_does_not_hold(text: str, missing: tuple[str, ...]) -> None:
    """Each once, in order, those in affixes too; a passage is no part of a key."""
    assert unresolved(scan_inline(text).clusters[0], KEYS) == missing


@given(st.text(alphabet='@abc[];,- #p*"{}', max_size=30))
def test_the_form_is_its_own_form(text: str) -> None:
    """Scanned again it is one cluster, with the same form."""
    for cluster in scan_inline(text).clusters:
        source = canonical(cluster, KEYS)
        if source:
            again = scan_inline(source).clusters
            assert len(again) == 1, source
            assert canonical(again[0], KEYS) == source
