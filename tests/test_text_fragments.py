"""Addresses that open a source at the very words of a passage."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.model import Passage, Span
from dossier.text_fragments import WHOLE, at_words, text_directive

HERE = Span("x")
DIRECTIVES = {
    "Six words stand as they are.": "text=Six%20words%20stand%20as%20they%20are",
    "One two three four five six seven.": "text=One%20two%20three,five%20six%20seven",
    "“Quoted words,” he said…": "text=Quoted%20words%2C”%20he%20said".replace("”", "%E2%80%9D"),
    "Data-sharing, R&D": "text=Data%2Dsharing%2C%20R%26D",
    "Ünïcode — 56.3% of it": "text=%C3%9Cn%C3%AFcode%20%E2%80%94%2056.3%25%20of%20it",
    "  two\n lines  ": "text=two%20lines",
    "#hash and <tag>": "text=%23hash%20and%20%3Ctag%3E",
    "…": "",
    " ": "",
}


@pytest.mark.parametrize(("words", "directive"), DIRECTIVES.items())
def test_a_directive_names_the_words_of_a_passage(words: str, directive: str) -> None:
    """All of a short passage, both ends of a long one, without the marks around them."""
    assert text_directive(Passage("p", words, HERE)) == directive


def test_prefix_and_suffix_tell_which_of_two_is_meant() -> None:
    """The words next to it: the last before, the first behind."""
    passage = Passage("p", "the words", HERE, prefix="He said of all:", suffix="and no more.")
    assert text_directive(passage) == "text=of%20all-,the%20words,-and%20no"


ADDRESSES = {
    "https://example.org/a": "https://example.org/a#:~:text=words",
    "https://example.org/a#part": "https://example.org/a#part:~:text=words",
    "http://example.org/?q=1": "http://example.org/?q=1#:~:text=words",
    "mailto:a@example.org": "",
    "": "",
}


@pytest.mark.parametrize(("url", "address"), ADDRESSES.items())
def test_the_directive_stands_behind_the_fragment_of_an_address(url: str, address: str) -> None:
    """An address that is not one of the web has none."""
    assert at_words(url, Passage("p", "words", HERE)) == address


@given(st.text(max_size=200), st.text(max_size=30), st.text(max_size=30))
def test_the_parts_of_a_directive_are_words_of_the_passage(
    exact: str, prefix: str, suffix: str
) -> None:
    """Whatever the words are, they come back from the address, and no syntax comes from them."""
    directive = text_directive(Passage("p", exact, HERE, prefix=prefix, suffix=suffix))
    if not directive:
        return
    assert re.fullmatch(r"text=[A-Za-z0-9%!$'()*+.:;=?@_~/,-]*", directive)
    parts = directive.removeprefix("text=").split(",")
    assert 1 <= len(parts) <= 4
    said = " ".join(exact.split())
    for part in parts:
        if not part.endswith("-") and not part.startswith("-"):
            assert unquote(part) in said
    middle = [p for p in parts if not p.startswith("-") and not p.endswith("-")]
    assert len(middle) == (2 if len(unquote(",".join(middle)).split()) > WHOLE else len(middle))
