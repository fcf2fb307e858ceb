"""The list of references of a page or a site."""

from __future__ import annotations

import pytest

from dossier.model import Evidence, Passage, Record, Reference, Span
from dossier.reference_list import Place, Use, reference_list
from dossier.style import Styled
from reports import Html

HERE = Span("x")
KEYS = ("b", "a#1", "c")
COPY = "https://archive.example/web/20161103001230/"
STYLED = Styled(
    labels={key: f"Label <{key}>" for key in KEYS},
    entries={key: f"Entry {key}" for key in KEYS},
    order=KEYS,
)


def listed(*uses: Use, whole: bool = False, here: str = "", **records: Record) -> Html:
    """Return the list over three works, of which records are held."""
    urls = {"b": "https://example.org/b", "a#1": f"{COPY}https://example.org/a?b"}
    references = {
        k: Reference(k, "book", (), "", HERE, title=f"Title <{k}>", url=urls.get(k, ""))
        for k in KEYS
    }
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
    ({"copy_of": "c"}, "text taken from Label <c>"),
    ({"relies_on": "c"}, "facts taken from Label <c>"),
    ({"relies_on": "c#words"}, "facts taken from Label <c>"),
    ({"relies_on": "a#1"}, "facts taken from Label <a#1>"),
    ({"relies_on": "a#1#words"}, "facts taken from Label <a#1>"),
    ({"copy_of": "gone"}, "text taken from gone"),
    ({"relies_on": "none"}, "News."),
    ({}, "News."),
]


@pytest.mark.parametrize(("relations", "words"), RELATIONS)
def test_an_entry_says_where_its_text_or_facts_come_from(
    relations: dict[str, str], words: str
) -> None:
    """As citations call it; a source that speaks for itself says nothing."""
    record = Record("b", "news", HERE, interest="Owns <it>.", **relations)
    page = listed(use("b", "cite-1"), b=record)
    about = page.one("p", "about").text
    assert words in about
    assert about.endswith("Owns <it>.")
    assert ("taken from" in about) == ("taken from" in words)


def test_what_a_record_notes_stands_where_the_whole_work_is_cited() -> None:
    """And in the whole list; a passage speaks for itself."""
    record = Record("b", "news", HERE, note="Not <seen>.", passages=(Passage("p", "Words", HERE),))
    for uses, whole, noted in (
        ((use("b", "x", passage="p"),), False, False),
        ((use("b", "x", passage="p"), use("b", "y")), False, True),
        ((use("b", "x", passage="p"),), True, True),
    ):
        about = listed(*uses, whole=whole, b=record).one("p", "about").text
        assert ("Not <seen>." in about) == noted


def test_relations_lead_to_entries_of_the_same_list_only() -> None:
    """A link that would lead nowhere is none."""
    record = Record("b", "news", HERE, relies_on="c")
    both = listed(use("b", "cite-1"), use("c", "cite-2"), b=record)
    (link,) = [a for a in both.all("a") if a.inside("about")]
    assert link.attributes["href"] == "#ref-c"
    alone = listed(use("b", "cite-1"), b=record)
    assert [a for a in alone.all("a") if a.inside("about")] == []


def test_an_entry_names_its_copies_and_its_origin() -> None:
    """Who copies it, in the order of the records; and where a chain of relations ends."""
    page = listed(
        whole=True,
        c=Record("c", "advocacy", HERE),
        b=Record("b", "news", HERE, relies_on="c"),
        a=Record("a#1", "copy", HERE, copy_of="b"),
    )
    about = {e.above[-1].attributes["id"]: e.text for e in page.all("p", "about")}
    assert about["ref-c"] == "Advocacy."
    assert about["ref-b"] == "News; facts taken from Label <c>; copied by Label <a#1>."
    assert about["ref-a#1"] == "Copy; text taken from Label <b>; starts with Label <c>."


def test_the_kind_of_a_document_is_said_where_its_standing_does_not() -> None:
    """A news article need not be called news twice."""
    kinds = {"news article (copy)": "News.", "blog <x>": "News, blog <x>.", "": "News."}
    for kind, words in kinds.items():
        page = listed(use("b", "cite-1"), b=Record("b", "news", HERE, kind=kind))
        assert page.one("p", "about").text == words


def test_an_archived_copy_has_the_attributes_of_robust_links() -> None:
    """The original, the copy, and its day, where the address of the archive says it."""
    archived = f"{COPY}https://example.org/b"
    page = listed(use("b", "cite-1"), b=Record("b", "news", HERE, archived=archived))
    (link,) = [a for a in page.all("a") if a.inside("about")]
    assert link.text == "archived copy of November 3, 2016"
    assert link.attributes == {
        "href": archived,
        "data-originalurl": "https://example.org/b",
        "data-versionurl": archived,
        "data-versiondate": "2016-11-03",
    }
    cited = Record("a#1", "news", HERE, archived=f"{COPY}https://example.org/a?b")
    (link,) = [a for a in listed(use("a#1", "cite-1"), a=cited).all("a") if a.inside("about")]
    assert link.attributes["data-originalurl"] == "https://example.org/a?b"
    plain = Record("c", "news", HERE, archived="https://archive.example/xyz")
    (link,) = [a for a in listed(use("c", "cite-1"), c=plain).all("a") if a.inside("about")]
    assert link.text == "archived copy"
    assert link.attributes == {
        "href": "https://archive.example/xyz",
        "data-versionurl": "https://archive.example/xyz",
    }


def test_a_passage_leads_to_its_words_at_the_source() -> None:
    """By a text fragment; without an address of the work there is no link."""
    passage = Passage("one", "Its own words.", HERE, prefix="Said he:", suffix="And so on")
    for key, links in (("b", 1), ("c", 0)):
        record = Record(key, "news", HERE, passages=(passage,))
        page = listed(use(key, "cite-1", passage="one"), r=record)
        found = [a for a in page.all("a") if a.inside("passages")]
        assert len(found) == links
        if links:
            words = "Said%20he-,Its%20own%20words,-And%20so"
            assert found[0].attributes["href"] == f"https://example.org/b#:~:text={words}"
        assert page.one("span", "exact").text == "Its own words."
        assert page.one("blockquote").text == "Said he: Its own words. And so on"


STARTS = [
    ({}, {}, ""),
    ({"relies_on": "c"}, {}, ""),
    ({"relies_on": "c"}, {"relies_on": "none"}, "Reporting of its own."),
    ({}, {"relies_on": "c"}, "Starts with Label <c>."),
    ({}, {"voice": "An <official>"}, "Words or facts of An <official>."),
]


@pytest.mark.parametrize(("record", "passage", "words"), STARTS)
def test_a_passage_says_where_it_starts_if_its_record_does_not(
    record: dict[str, str], passage: dict[str, str], words: str
) -> None:
    """What is true of the whole source is said once."""
    one = Passage("one", "Words", HERE, **passage)
    page = listed(
        use("b", "x", passage="one"), b=Record("b", "news", HERE, passages=(one,), **record)
    )
    assert [e.text for e in page.all("span", "voice")] == ([words] if words else [])


def test_passages_are_folded_and_escaped() -> None:
    """Those that a page cites; all that are held in the whole list."""
    passages = (
        Passage("one", "Words <b>", HERE, locator="p. <3>", voice="A <voice>"),
        Passage("two", "Others", HERE),
    )
    record = Record("b", "news", HERE, passages=passages)
    page = listed(use("b", "cite-1", passage="one"), b=record)
    (item,) = page.all("li")
    assert item.text == (
        "Words <b>p. <3>. Words or facts of A <voice>. Transcribed. Find it at the source"
    )
    assert item.attributes["id"] == "passage-b--one"
    assert page.one("summary").text == "1 passage cited here"
    assert not listed(use("b", "cite-1"), b=record).all("details")
    whole = listed(whole=True, b=record)
    assert whole.one("summary").text == "2 passages held"
