"""All findings in one table: what each row says and carries, without a browser."""

from __future__ import annotations

from pathlib import Path

from dossier.explorer import Held, Surroundings, explorer, kinds_of
from dossier.model import Assessed, Bears, Finding, Passage, Span
from reports import Html, Report, make_report

SPAN = Span("x.yml")


def assessed(id_: str, chapter: str, *passages: str) -> Assessed:
    evidence = tuple(Bears(address, "supports", SPAN, "a <note>") for address in passages)
    finding = Finding(id_, chapter, f"It is <so> with {id_}.", evidence, SPAN, note="But & if.")
    origins = tuple(sorted({address.partition("#")[0] for address in passages}))
    name = ("unsupported", "single-origin", "confirmed")[min(len(origins), 2)]
    return Assessed(finding, name, origins)  # type: ignore[arg-type]


def held(address: str) -> Held:
    key = address.partition("#")[0]
    standing = "primary" if key == "law" else "news"
    passage = Passage("p", "Words & more", SPAN)
    return Held(f"{key} 2020", f"refs/#{key}", passage, standing)  # type: ignore[arg-type]


ITEMS = (
    assessed("one", "a", "law#p", "press#p"),
    assessed("two", "b", "press#p", "press#q"),
    assessed("three", "b"),
)


def table(**around: object) -> Html:
    return Html(explorer(ITEMS, Surroundings(held, **around)))  # type: ignore[arg-type]


def test_each_row_carries_what_readers_choose_by() -> None:
    """Its number, chapter, assessment, origins, passages and kinds of source."""
    rows = [e for e in table().all("tr") if "id" in e.attributes]
    assert [tuple(row.attributes.values()) for row in rows] == [
        ("finding-one", "1", "a", "confirmed", "2", "2", "primary news"),
        ("finding-two", "2", "b", "single-origin", "1", "2", "news"),
        ("finding-three", "3", "b", "unsupported", "0", "0", ""),
    ]
    assert list(rows[0].attributes)[1:] == [
        f"data-{name}"
        for name in ("number", "chapter", "assessment", "origins", "evidence", "kinds")
    ]


def test_the_words_of_each_passage_stand_in_the_row() -> None:
    """With a link to where the passage is listed, and the remark; all of it escaped."""
    page = table()
    first = page.all("li")[0]
    assert first.text == "“Words & more” law 2020 a <note>"
    assert [a.attributes["href"] for a in page.all("a") if first in a.above] == ["refs/#law"]
    assert "It is &lt;so&gt; with one." in page.source
    assert page.by_id("finding-three").text.endswith("none held")


def test_a_finding_leads_to_its_chapter() -> None:
    """To its row there; a chapter without a page is named and not linked."""
    page = table(places={"a": ("a/#top", "Chapter A")})
    links = {a.text: a.attributes["href"] for a in page.all("a")}
    assert links["Chapter A"] == "a/#finding-one"
    assert links["Finding 2"] == "#finding-two"
    assert [p.text for p in page.all("p", "finding-chapter")] == ["Chapter A", "b", "b"]


def test_controls_offer_what_there_is_and_are_hidden() -> None:
    """Until a script makes them work; an assessment that no finding has is not offered."""
    page = table()
    assert "hidden" in page.one("form").attributes
    options: dict[str, list[str]] = {}
    for option in page.all("option"):
        name = option.above[-1].attributes["name"]
        options.setdefault(name, []).append(option.attributes["value"])
    assert options["chapter"] == ["", "a", "b"]
    assert options["assessment"] == ["", "confirmed", "single-origin", "unsupported"]
    assert options["kinds"] == ["", "primary", "news"]
    assert page.one("p", "explorer-count").text == "3 findings"


def test_what_a_host_adds_stands_in_the_row() -> None:
    """As it is, at the finding that it belongs to."""
    page = table(beside={"two": "<p class='more'>More</p>"})
    (more,) = page.all("p", "more")
    assert page.by_id("finding-two") in more.above


def test_kinds_stand_in_one_order() -> None:
    """Each once, the firmest first, whatever order the passages have."""
    assert kinds_of([held("press#a"), held("law#a"), held("press#b"), Held("x")]) == (
        "primary",
        "news",
    )


RECORD = """\
key: doe2020
standing: news
passages:
  - {id: p, exact: "Some words here"}
"""
FINDINGS = """\
chapter: late
findings:
  - id: b
    statement: "It says so."
    evidence: [{passage: "doe2020#p", bears: supports}]
"""
FILES: dict[str, str | bytes] = {
    "docs/index.md": "# Start\n\n::: findings early\n",
    "docs/all.md": "# All\n\n::: explorer\n",
    "docs/late.md": "# Late\n\n::: findings late\n",
    "docs/refs.md": "# References\n\n::: bibliography\n",
    "sources/records/doe2020.yml": RECORD,
    "sources/findings/a.yml": FINDINGS,
    "sources/findings/z.yml": FINDINGS.replace("late", "early").replace("id: b", "id: a"),
    "CITATION.cff": "title: The report\nauthors: [{name: Somebody}]\n",
    "mkdocs.yml": "site_name: R\nplugins: [search, dossier]\n"
    "nav: [index.md, late.md, all.md, refs.md]\n",
}


def built(folder: Path) -> Report:
    return make_report(folder / "p", FILES).build()


def test_findings_are_numbered_as_the_chapters_stand(tmp_path: Path) -> None:
    """By the navigation, not by the names of files; every link of the page holds."""
    report = built(tmp_path)
    page = report.html("all/index.html")
    ids = [e.attributes["id"] for e in page.all("tr") if "id" in e.attributes]
    assert ids == ["finding-a", "finding-b"]
    assert page.by_id("finding-b").text.startswith("Finding 2 It says so.")
    assert report.dead_links() == []


def test_the_page_lists_no_works_and_counts_as_no_place_that_cites(tmp_path: Path) -> None:
    """Passages lead to the list of all works, where the chapters are the places that cite."""
    report = built(tmp_path)
    assert report.html("all/index.html").entries() == []
    assert "refs/#passage-doe2020--p" in report.html("all/index.html").source
    assert "All" not in report.html("refs/index.html").by_id("ref-doe2020").text


def test_each_finding_says_how_it_is_cited(tmp_path: Path) -> None:
    """By its number and words, with files; and its script is loaded there alone."""
    report = built(tmp_path)
    page = report.html("all/index.html")
    fold = [e for e in page.all("p", "cite-text") if page.by_id("finding-b") in e.above]
    assert "Finding 2: It Says So" in fold[0].text.replace("says so", "Says So")
    assert (report.site / "cite" / "finding-b.ris").is_file()
    assert 'assets/dossier/explorer.js" defer' in page.source
    assert "explorer.js" not in report.html("late/index.html").source
