"""What a search finds beside pages: each source once, and each finding by its number."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Browser, expect

from browsing import opened
from dossier.search_index import with_entries
from test_explorer import built
from test_policy_browser import search


def test_sources_and_findings_are_found_by_themselves(tmp_path: Path) -> None:
    """A source by author, title and the words of its passages; where each stands."""
    report = built(tmp_path)
    index = json.loads((report.site / "search" / "search_index.json").read_text("utf-8"))
    found = {doc["location"]: doc for doc in index["docs"]}
    source = found["refs/#ref-doe2020"]
    assert source["title"] == "Doe 2020"
    assert "First Book" in source["text"]
    assert "Some words here" in source["text"]
    finding = found["all/#finding-b"]
    assert finding["title"] == "Finding 2"
    assert finding["text"].startswith("It says so.")
    pages = report.pages()
    for location in found:
        path, _, id_ = location.partition("#")
        assert not id_ or id_ in pages[f"{path}index.html"].ids


def test_an_index_of_another_form_stays_as_it_is() -> None:
    """Nothing is lost that another search has written; what is added is escaped."""
    for index in ("", "no JSON", "[]", '{"docs": 1}'):
        assert with_entries(index, [("a", "b", "c")]) == index
    read = json.loads(with_entries('{"docs": [1], "x": 2}', [("a#b", "<b>", "c & d")]))
    assert read == {
        "docs": [1, {"location": "a#b", "title": "&lt;b&gt;", "text": "c &amp; d"}],
        "x": 2,
    }


def test_readers_find_a_finding_by_its_number_and_a_source_by_its_author(
    browser: Browser, home: str
) -> None:
    """The first result leads there."""
    for words, address in (
        ("finding 12", "findings/#finding-"),
        ("Martínez-Schuldt", "references/#ref-martinezschuldt2021"),
    ):
        with opened(browser) as page:
            page.goto(f"{home}method/")
            search(page, words)
            inner = page.locator(f".md-search-result__item a[href*='{address}']").first
            expect(inner).to_be_attached()
            if words == "finding 12":
                expect(inner).to_contain_text("Finding 12")
