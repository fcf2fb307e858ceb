"""How a report says that it is cited: on its pages, in their heads, and in files beside them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pypandoc
import pytest

from dossier.loading import read_citation
from reports import Report, make_report

CFF = """\
cff-version: 1.2.0
message: Cite it.
title: The set
authors: [{family-names: Roe, given-names: Richard}]
preferred-citation:
  type: report
  title: The report & more
  authors:
    - {name: The contributors}
    - {family-names: Doe, given-names: Jane, name-particle: van}
"""
CONFIG = "site_name: Site\nplugins: [search, dossier]\n"
PAGES: dict[str, str | bytes] = {
    "docs/index.md": "# Start\n\nWords.\n",
    "docs/sub/other.md": "---\ndescription: Says it\n---\n\n# Other “page”\n\nWords.\n",
}


def built(folder: Path, more: str = "", cff: str = CFF) -> Report:
    files = {"mkdocs.yml": CONFIG + more, "CITATION.cff": cff, **PAGES}
    return make_report(folder / "p", files).build(strict=True)


def test_a_report_that_says_how_it_is_cited_says_so_on_each_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report itself on its first page, the others as parts of it, with day and address."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    report = built(tmp_path, "site_url: https://a.example/r/\n")
    start, other = report.html(), report.html("sub/other/index.html")
    assert start.one("details", "cite-this").attributes["id"] == "cite-this-report"
    text = "The contributors, and Jane van Doe. 2023. The report & more. https://a.example/r/."
    assert start.one("p", "cite-text").text == text
    assert other.one("details", "cite-this").attributes["id"] == "cite-this-page"
    part = other.one("p", "cite-text").text
    assert "In The report & more. https://a.example/r/sub/other/." in part
    assert other.one("p", "cite-version").text == "Edition of November 14, 2023."
    assert report.dead_links() == []


def test_each_form_is_a_file_that_pandoc_reads_back(tmp_path: Path) -> None:
    """The links in the fold lead to them; the text in the fold is that of the file."""
    report = built(tmp_path, "site_url: https://a.example/r/\n")
    names = ["page-sub-other", "report"]
    assert sorted(p.name for p in (report.site / "cite").iterdir()) == [
        f"{name}.{ending}" for name in names for ending in ("bib", "json", "ris")
    ]
    for form, ending in (("bibtex", "bib"), ("ris", "ris"), ("csljson", "json")):
        path = report.site / "cite" / f"page-sub-other.{ending}"
        command = [pypandoc.get_pandoc_path(), "--fail-if-warnings", "-f", form, "-t", "csljson"]
        done = subprocess.run([*command, str(path)], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        (item,) = json.loads(done.stdout)
        assert item["title"] == "Other “page”"
        assert item["container-title"] == "The report & more"
    links = [e for e in report.html().all("a") if e.inside("cite-this")]
    assert [e.attributes["href"] for e in links] == [
        f"./cite/report.{e}" for e in ("bib", "ris", "json")
    ]


def test_the_head_tells_of_the_page(tmp_path: Path) -> None:
    """Once each; what the page describes itself with goes before what the site does."""
    report = built(tmp_path, "site_url: https://a.example/r/\nsite_description: Of it\n")
    head = {
        e.attributes.get("name") or e.attributes.get("property"): e.attributes["content"]
        for e in report.html("sub/other/index.html").all("meta")
        if "content" in e.attributes and e.inside("head")
    }
    assert head["citation_title"] == head["og:title"] == "Other “page”"
    assert head["citation_inbook_title"] == "The report & more"
    assert head["og:url"] == "https://a.example/r/sub/other/"
    assert head["og:description"] == "Says it"
    assert 'property="og:description" content="Of it"' in report.html().source


def test_robots_are_shown_the_map_of_the_site(tmp_path: Path) -> None:
    """Where its address is known, and the author has written nothing for them."""
    report = built(tmp_path, "site_url: https://a.example/r/\n")
    robots = (report.site / "robots.txt").read_text("utf-8")
    assert "Sitemap: https://a.example/r/sitemap.xml\n" in robots
    assert "https://a.example/r/sub/other/" in (report.site / "sitemap.xml").read_text("utf-8")
    report.write({"docs/robots.txt": "User-agent: x\n"}).build()
    assert (report.site / "robots.txt").read_text("utf-8") == "User-agent: x\n"


def test_without_an_address_none_is_made_up(tmp_path: Path) -> None:
    """Neither in the fold nor in the head."""
    page = built(tmp_path).html("sub/other/index.html")
    fold = page.one("details", "cite-this").text
    assert "http" not in fold
    assert "og:url" not in page.source
    assert "citation_public_url" not in page.source


def test_a_report_that_does_not_say_is_left_alone(tmp_path: Path) -> None:
    """Without CITATION.cff there is no fold, no file, and nothing in the head."""
    report = make_report(tmp_path / "p", {"mkdocs.yml": CONFIG, **PAGES}).build(strict=True)
    assert "cite-this" not in report.html().source
    assert "citation_title" not in report.html().source
    assert not (report.site / "cite").exists()


@pytest.mark.parametrize(
    ("text", "title", "authors"),
    [
        (CFF, "The report & more", ["The contributors", "Jane van Doe"]),
        ("title: A\nauthors: [{given-names: Plato}, {alias: x}, 3]", "A", ["Plato"]),
        ("title: A\npreferred-citation: no", "A", []),
        ("- a list", "", []),
        ("", "", []),
    ],
)
def test_a_citation_file_is_read_as_far_as_it_says(
    tmp_path: Path, text: str, title: str, authors: list[str]
) -> None:
    """The preferred citation goes before; what is no author is none."""
    (tmp_path / "CITATION.cff").write_text(text, "utf-8")
    citation, problems = read_citation(tmp_path)
    assert citation is not None
    assert (citation.title, [a.name for a in citation.authors], problems) == (title, authors, ())


def test_a_citation_file_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    """It is a warning, and the report then says nothing of how it is cited."""
    (tmp_path / "CITATION.cff").write_text("title: A\nauthors: [\n", "utf-8")
    citation, (problem,) = read_citation(tmp_path)
    assert citation is None
    assert (problem.code, problem.severity, problem.line) == ("citation-file", "warning", 3)
    assert read_citation(tmp_path / "none") == (None, ())
