"""The extension alone: any host of Python-Markdown, over whole tiny reports."""

from __future__ import annotations

import os
from pathlib import Path

import markdown
import pytest

from reports import BIB, Html, Report, make_report

PAGES: dict[str, str | bytes] = {
    "mkdocs.yml": "site_name: T\nmarkdown_extensions: [dossier, toc]\n",
    "docs/index.md": "# Start\n\nSee [@doe2020, p. 3] and @roe2021.\n",
    "docs/sub/a.md": "---\ntitle: Sub\n---\n\n# A\n\n[@doe2020]\n",
    "docs/all.md": "# All\n\n::: bibliography\n",
}


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Return a report, its folder that in which a host runs."""
    monkeypatch.chdir(tmp_path)
    return make_report(tmp_path, PAGES)


def convert(text: str, *extensions: str, **options: object) -> Html:
    """Return what Python-Markdown makes of a text in the folder at hand."""
    return Html(
        markdown.markdown(
            text, extensions=["dossier", *extensions], extension_configs={"dossier": options}
        )
    )


def body(report: Report, name: str) -> str:
    """Return the Markdown of a page without its front matter, as hosts hand it over."""
    return (report.root / name).read_text("utf-8").rpartition("---\n\n")[2]


def test_a_page_has_its_citations_and_references(report: Report) -> None:
    """Without any option the configuration of the site is read."""
    page = convert(body(report, "docs/index.md"))
    assert [c.text for c in page.citations()] == ["(Doe 2020, 3)", "Roe (2021)"]
    assert page.entries() == ["doe2020", "roe2021"]
    assert page.one("h2").attributes["id"] == "references"


def test_labels_are_those_of_the_plugin(report: Report) -> None:
    """Year suffixes and numbers count over the whole bibliography, not over the page."""
    same = "".join(
        f"@book{{{k}, author={{Doe, Jane}}, title={{{k.title()}}}, publisher={{P}}, year=2020}}\n"
        for k in ("alpha", "beta", "gamma")
    )
    report.write({"references.bib": same, "docs/index.md": "# T\n\n[@gamma] and @beta\n"})
    report.write({"docs/sub/a.md": "# A\n", "docs/all.md": "# All\n"})
    alone = convert(body(report, "docs/index.md"))
    report.write({"mkdocs.yml": "site_name: T\nplugins: [dossier]\n"}).build()
    hosted = report.html()
    labels = [c.text for c in alone.citations()]
    assert labels == [c.text for c in hosted.citations()] == ["(Doe 2020c)", "Doe (2020b)"]
    assert alone.entries() == hosted.entries()
    for key in alone.entries():
        assert alone.by_id(f"ref-{key}").text == hosted.by_id(f"ref-{key}").text


def test_the_whole_bibliography_knows_the_other_pages(report: Report) -> None:
    """They are read ahead; the links lead to where hosts put them."""
    page = convert(body(report, "docs/all.md"))
    links = [a for a in page.all("a") if page.by_id("ref-doe2020") in a.above]
    assert [a.attributes["href"] for a in links] == ["../#cite-1", "../sub/a/#cite-1"]
    assert "Start 1" in page.by_id("ref-doe2020").text
    assert "Sub 1" in page.by_id("ref-doe2020").text
    report.write({"mkdocs.yml": str(PAGES["mkdocs.yml"]) + "use_directory_urls: false\n"})
    page = convert(body(report, "docs/all.md"))
    links = [a for a in page.all("a") if page.by_id("ref-doe2020") in a.above]
    assert [a.attributes["href"] for a in links] == ["index.html#cite-1", "sub/a.html#cite-1"]


def test_a_text_that_is_no_page_is_cited_from_the_same_bibliography(report: Report) -> None:
    """It has its own places and entries, and is not remembered."""
    page = convert("A text [@poe2022].\n\n::: bibliography\n")
    assert [c.text for c in page.citations()] == ["(Poe 2022)"]
    links = [a for a in page.all("a") if page.by_id("ref-doe2020") in a.above]
    assert [a.attributes["href"] for a in links] == ["../#cite-1", "../sub/a/#cite-1"]
    assert [
        a.attributes["href"] for a in page.all("a") if page.by_id("ref-poe2022") in a.above
    ] == ["#cite-1"]
    assert "Not cited." in convert(body(report, "docs/all.md")).by_id("ref-poe2022").text


def test_options_are_those_of_the_plugin_and_docs_dir(report: Report) -> None:
    """Given in code they stand for themselves."""
    report.write(
        {
            "other.bib": BIB.replace("Doe, Jane", "Moe, Max"),
            "pages/index.md": "# P\n\n[@doe2020]\n",
        }
    )
    page = convert(
        "# P\n\n[@doe2020]\n\n::: bibliography\n",
        bibliography=["other.bib"],
        csl="ieee",
        docs_dir="pages",
        evidence="off",
    )
    assert page.citations()[0].text == "[1]"
    assert "Moe" in page.by_id("ref-doe2020").text
    assert "P 1" in page.by_id("ref-doe2020").text
    assert "Start" not in page.prose()


def test_without_a_configuration_the_defaults_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bibliography is enough, and no bibliography is no crash."""
    monkeypatch.chdir(tmp_path)
    page = convert("[@doe2020]")
    assert [e.text for e in page.all("span", "unresolved")] == ["[doe2020?]"]
    (tmp_path / "references.bib").write_text(BIB, "utf-8")
    assert convert("[@doe2020]").citations()[0].text == "(Doe 2020)"


def test_a_change_of_the_evidence_is_seen(report: Report) -> None:
    """A host that stays up reads the bibliography again when it changes."""
    text = body(report, "docs/index.md")
    assert "First Book" in convert(text).prose()
    bib = report.root / "references.bib"
    bib.write_text(BIB.replace("First Book", "Other Book"), "utf-8")
    os.utime(bib, ns=(1, 1))
    assert "Other Book" in convert(text).prose()


def test_a_page_that_was_edited_since_is_printed_as_it_is(report: Report) -> None:
    """The host's text counts, not the one that was read ahead."""
    convert(body(report, "docs/index.md"))
    page = convert("# Start\n\nOnly [@poe2022] now.\n")
    assert page.entries() == ["poe2022"]


def test_what_comes_out_as_code_is_not_cited(report: Report) -> None:
    """Where Python-Markdown judges otherwise than the scan, it is right: no entry stands alone."""
    page = convert("A\n\n<div>[@doe2020]</div>\n\nB [@roe2021]\n", "md_in_html")
    assert [c.text for c in page.citations()] == ["(Roe 2021)"]
    assert page.entries() == ["roe2021"]


def test_the_table_of_contents_is_in_plain_words(report: Report) -> None:
    """In `toc_tokens`, which hosts print, and where `[TOC]` stands."""
    md = markdown.Markdown(extensions=["dossier", "toc"])
    page = Html(md.convert("# As @doe2020 has it [@roe2021]\n\n[TOC]\n\n## B & C [@doe2020]\n"))
    (top,) = md.toc_tokens  # type: ignore[attr-defined]
    assert top["name"] == "As Doe (2020) has it"
    assert top["children"][0]["name"] == "B &amp; C"
    assert [a.text for a in page.all("a") if a.inside("toc")] == ["As Doe (2020) has it", "B & C"]
    assert "\ue0d0" not in page.source


def test_one_markdown_converts_many_pages(report: Report) -> None:
    """`reset` and convert, as some hosts do."""
    md = markdown.Markdown(extensions=["dossier"])
    for name, keys in (("index", ["doe2020", "roe2021"]), ("sub/a", ["doe2020"])):
        page = Html(md.reset().convert(body(report, f"docs/{name}.md")))
        assert page.entries() == keys
        assert page.repeated_ids() == []


def test_an_unknown_option_is_an_error_of_python_markdown() -> None:
    """As for every extension."""
    with pytest.raises(KeyError):
        markdown.Markdown(extensions=["dossier"], extension_configs={"dossier": {"nothing": 1}})


@pytest.mark.parametrize("name", ["dossier", "dossier.extension"])
def test_the_extension_has_two_names(report: Report, name: str) -> None:
    """That of its entry point and that of its module."""
    html = markdown.markdown("[@doe2020]", extensions=[name])
    assert Html(html).citations()[0].text == "(Doe 2020)"
