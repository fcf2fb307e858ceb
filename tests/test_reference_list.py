"""The list of references of a page or a site."""

from __future__ import annotations

import pytest

from dossier.model import Evidence, Passage, Record, Reference, Span
from dossier.reference_list import Place, Use, reference_list
from dossier.style import Styled
from reports import Html

HERE = Span("x")
KEYS = ("b", "a#1", "c")
STYLED = Styled(entries={key: f"Entry {key}" for key in KEYS}, order=KEYS)


def listed(*uses: Use, whole: bool = False, here: str = "", **records: Record) -> Html:
    """Return the list over three works, of which records are held."""
    references = {k: Reference(k, "book", (), "", HERE, title=f"Title <{k}>") for k in KEYS}
    evidence = Evidence(references, {r.key: r for r in records.values()})
    page = reference_list(
        evidence, STYLED, uses, lambda p: Place(f"../{p}/?a&b", f"<{p}>"), here=here, whole=whole
    )
    return Html(page)


def use(key: str, anchor: str, path: str = "p", passage: str = "") -> Use:
    """Return a place that cites a work."""
    return Use(path, key, passage, anchor)


def test_a_page_lists_what_it_cites_in_the_order_of_the_style() -> None:
    """Each work once, however often it is cited, and none that is not in the bibliography."""
    page = listed(use("c", "cite-1"), use("b", "cite-2"), use("c", "cite-3"), use("none", "cite-4"))
    assert page.entries() == ["b", "c"]
    back = [a.attributes["href"] for a in page.all("a") if page.by_id("ref-c") in a.above]
    assert back == ["#cite-1", "#cite-3"]


def test_a_place_that_cites_two_passages_is_one_place() -> None:
    """Two passages in one citation lead back to it once."""
    page = listed(use("c", "cite-1", passage="x"), use("c", "cite-1", passage="y"))
    assert [a.text for a in page.all("a")] == ["1"]


def test_the_whole_list_names_the_pages_that_cite() -> None:
    """By title, each place numbered; the page itself without an address."""
    uses = (use("b", "cite-1", "p"), use("b", "cite-2", "p"), use("b", "cite-1", "q"))
    page = listed(*uses, whole=True, here="q")
    assert page.entries() == list(KEYS)
    assert [a.attributes["href"] for a in page.all("a")] == [
        "../p/?a&b#cite-1",
        "../p/?a&b#cite-2",
        "#cite-1",
    ]
    assert "<p> 1 2" in page.by_id("ref-b").text
    assert page.all("p", "uncited")[0].text == "Not cited."
    assert len(page.all("p", "uncited")) == 2


RELATIONS = [
    ({"copy_of": "c"}, "text taken from Title <c>"),
    ({"relies_on": "c"}, "facts taken from Title <c>"),
    ({"relies_on": "c#words"}, "facts taken from Title <c>"),
    ({"relies_on": "a#1"}, "facts taken from Title <a#1>"),
    ({"relies_on": "a#1#words"}, "facts taken from Title <a#1>"),
    ({"copy_of": "gone"}, "text taken from gone"),
    ({"relies_on": "none"}, "News."),
    ({}, "News."),
]


@pytest.mark.parametrize(("relations", "words"), RELATIONS)
def test_an_entry_says_where_its_text_or_facts_come_from(
    relations: dict[str, str], words: str
) -> None:
    """By title, as text; a source that speaks for itself says nothing."""
    record = Record("b", "news", HERE, interest="Owns <it>.", **relations)
    page = listed(use("b", "cite-1"), b=record)
    about = page.one("p", "about").text
    assert words in about
    assert about.endswith("Owns <it>.")
    assert ("taken from" in about) == ("taken from" in words)


def test_passages_are_folded_and_escaped() -> None:
    """Those that a page cites; all that are held in the whole list."""
    passages = (
        Passage("one", "Words <b>", HERE, locator="p. <3>", voice="A <voice>"),
        Passage("two", "Others", HERE),
    )
    record = Record("b", "news", HERE, passages=passages)
    page = listed(use("b", "cite-1", passage="one"), b=record)
    (item,) = page.all("li")
    assert item.text == "Words <b> p. <3> Words or facts of A <voice>. Transcribed."
    assert item.attributes["id"] == "passage-b--one"
    assert page.one("summary").text == "1 passage cited here"
    assert not listed(use("b", "cite-1"), b=record).all("details")
    whole = listed(whole=True, b=record)
    assert whole.one("summary").text == "2 passages held"
