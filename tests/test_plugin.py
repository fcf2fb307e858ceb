"""The site under MkDocs, over whole tiny reports."""

from __future__ import annotations

import json
import logging
import os
import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from browsing import ROOT
from reports import BIB, CONFIG, Html, Report, dossier_links, make_report

FULL = """\
site_name: Report
plugins: [search, dossier]
markdown_extensions: [admonition, attr_list, def_list, footnotes, md_in_html, tables, toc]
"""


def report_of(root: Path, *pages: str, config: str = FULL, **options: object) -> Report:
    """Return a built report of some pages, index.md first."""
    names = ["docs/index.md", "docs/b.md", "docs/c.md"]
    files: dict[str, str | bytes] = {"mkdocs.yml": config, **dict(zip(names, pages, strict=False))}
    return make_report(root / "p", files).build(**options)  # type: ignore[arg-type]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="mkdocs")
    return caplog


def said(log: pytest.LogCaptureFixture, level: int) -> list[str]:
    """Return the codes of what the plugin has logged at a level."""
    lines = [r.getMessage() for r in log.records if r.levelno == level]
    return [m[1] for line in lines if (m := re.match(r"dossier: \S+: ([\w-]+): ", line))]


# -- the least an author needs ---------------------------------------------------------------


def test_a_report_needs_a_configuration_pages_and_a_bibliography(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """Without sources/ there are citations, links to their entries, and the entries."""
    report = make_report(tmp_path / "p", {"docs/index.md": "# T\n\nSaid [@doe2020, p. 3].\n"})
    page = report.build(strict=True).html()
    assert [c.text for c in page.citations()] == ["(Doe 2020, 3)"]
    assert page.citations()[0].attributes["data-cites"] == "doe2020"
    assert [a.attributes["href"] for a in dossier_links(page)] == ["#ref-doe2020"]
    assert page.entries() == ["doe2020"]
    assert page.by_id("ref-doe2020").text.startswith("Doe, Jane. 2020. First Book. Press.")
    assert page.one("h2").text == "References"
    assert said(log, logging.WARNING) == said(log, logging.ERROR) == []
    assert said(log, logging.INFO) == ["uncited-reference", "uncited-reference"]


def test_a_page_without_citations_has_no_references(tmp_path: Path) -> None:
    """Nothing is put on a page that cites nothing."""
    page = report_of(tmp_path, "# T\n\nWords.\n", "# B\n\n[@doe2020]\n").html()
    assert page.entries() == []
    assert "References" not in page.prose()


def test_pandocs_vocabulary_is_kept(tmp_path: Path) -> None:
    """Classes, roles and ids are those of pandoc's HTML."""
    page = report_of(tmp_path, "# T\n\nSaid [@doe2020].\n").html()
    listed = page.by_id("refs")
    assert (listed.tag, listed.classes) == ("div", ["references", "csl-bib-body"])
    assert page.one("div", "csl-entry").attributes["id"] == "ref-doe2020"
    assert all(a.inside("citation") for a in dossier_links(page))


# -- the ways back ---------------------------------------------------------------------------


def test_an_entry_leads_back_to_every_place_that_cites_it(tmp_path: Path) -> None:
    """In the order of the page, in which a footnote comes last."""
    text = """\
        # T

        One[^n] [@doe2020], [@roe2021] and [see @doe2020; @roe2021].

        [^n]: A note [@doe2020].

        Last [@doe2020].
        """
    report = report_of(tmp_path, text)
    page = report.html()
    entry = page.by_id("ref-doe2020")
    back = [a for a in page.all("a") if entry in a.above and "doc-backlink" in a.attributes["role"]]
    assert [a.text for a in back] == ["1", "2", "3", "4"]
    places = [page.by_id(a.attributes["href"][1:]) for a in back]
    order = [page.elements.index(place) for place in places]
    assert order == sorted(order)
    assert places[-1].inside("footnote")
    assert report.dead_links() == []


@pytest.mark.parametrize("directories", [True, False])
def test_the_whole_bibliography_leads_to_every_place(tmp_path: Path, directories: bool) -> None:
    """From any depth, to any depth, with and without directories as addresses."""
    files: dict[str, str | bytes] = {
        "mkdocs.yml": FULL + f"use_directory_urls: {directories}\n",
        "docs/index.md": "# Start\n\n[@doe2020]\n",
        "docs/sub/README.md": "# Sub\n\n[@doe2020] and [@doe2020]\n",
        "docs/sub/deep/er.md": "# Deeper\n\n[@doe2020]\n",
        "docs/sub/deep/all.md": "# All\n\n[@roe2021]\n\n::: bibliography\n",
        "docs/all.md": "# All too\n\n::: bibliography\n",
    }
    report = make_report(tmp_path / "p", files).build(strict=True)
    assert report.dead_links() == []
    for name in ("sub/deep/all", "all"):
        page = report.html(f"{name}/index.html" if directories else f"{name}.html")
        assert page.entries() == ["doe2020", "poe2022", "roe2021"]
        links = [a for a in page.all("a") if page.by_id("ref-doe2020") in a.above]
        wanted = ["index.html", "sub/index.html", "sub/index.html"]
        wanted.append("sub/deep/er/index.html" if directories else "sub/deep/er.html")
        where = f"{name}/index.html" if directories else f"{name}.html"
        reached = [report.target(where, a.attributes["href"]) for a in links]
        assert sorted(path for path, _ in reached) == sorted(wanted)
        assert {id_ for _, id_ in reached} == {"cite-1", "cite-2"}
        assert "Not cited." in page.by_id("ref-poe2022").text
        assert page.repeated_ids() == []


def test_a_page_with_the_bibliography_lists_each_entry_once(tmp_path: Path) -> None:
    """Its citations lead into that list, which leads back to them."""
    report = report_of(
        tmp_path, "# All\n\nSee [@doe2020].\n\n::: bibliography\n\n::: bibliography\n"
    )
    page = report.html()
    assert page.repeated_ids() == []
    assert sorted(set(page.entries())) == ["doe2020", "poe2022", "roe2021"]
    assert [
        a.attributes["href"] for a in page.all("a") if page.by_id("ref-doe2020") in a.above
    ] == ["#cite-1"]
    assert report.dead_links() == []
    assert not page.all("section", "page-references")


def test_authors_may_link_to_entries_and_findings(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """MkDocs, asked to hold links to anchors, finds those of the evidence."""
    config = FULL + "validation: {anchors: warn}\n"
    text = "# T\n\nSee [it](b.md#ref-doe2020), [all](b.md#references) and [@doe2020].\n"
    report_of(tmp_path, text, "# B\n\n[@doe2020]\n", config=config, strict=True)
    log.clear()
    with pytest.raises(Abort):
        report_of(tmp_path, "# T\n\nSee [it](b.md#ref-none).\n", config=config, strict=True)


# -- where citations stand -------------------------------------------------------------------

PLACES = {
    "paragraph": ("Text [@doe2020].", "p"),
    "heading": ("## Head [@doe2020]", "h2"),
    "setext heading": ("Head [@doe2020]\n---------------", "h2"),
    "table head": ("| A [@doe2020] | B |\n|---|---|\n| c | d |", "th"),
    "table cell": ("| A | B |\n|---|---|\n| c | d [@doe2020] |", "td"),
    "admonition title": ('!!! note "Title [@doe2020]"\n    Body.', "admonition-title"),
    "admonition body": ("!!! note\n    Body [@doe2020].", "admonition"),
    "footnote": ("Foot[^1].\n\n[^1]: Note [@doe2020].", "footnote"),
    "block quote": ("> Quote [@doe2020].", "blockquote"),
    "nested quote": ("> > Quote [@doe2020].", "blockquote"),
    "list": ("- a\n- b [@doe2020]", "li"),
    "nested list": ("- a\n\n    - b [@doe2020]", "li"),
    "numbered list": ("1. a [@doe2020]", "li"),
    "definition": ("Term\n:   Meaning [@doe2020].", "dd"),
    "emphasis": ("*so [@doe2020] it is*", "em"),
    "strong": ("**so [@doe2020] it is**", "strong"),
    "caption": (
        """<figure markdown>
![Alt](pic.svg)
<figcaption markdown="span">Words [@doe2020].</figcaption>
</figure>""",
        "figcaption",
    ),
    "markdown in html": ('<div markdown="1">\nText [@doe2020].\n</div>', "div"),
}


@pytest.mark.parametrize(("text", "around"), PLACES.values(), ids=list(PLACES))
def test_citations_stand_wherever_prose_does(tmp_path: Path, text: str, around: str) -> None:
    """Each is printed, has its place, and leads to an entry that leads back."""
    files: dict[str, str | bytes] = {
        "mkdocs.yml": FULL,
        "docs/index.md": f"# T\n\n{text}\n",
        "docs/pic.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    report = make_report(tmp_path / "p", files).build(strict=True)
    page = report.html()
    (citation,) = page.citations()
    assert (citation.text, citation.inside(around)) == ("(Doe 2020)", True)
    assert report.dead_links() == []
    assert page.repeated_ids() == []


NOT_CITED = {
    "code": "`[@doe2020]`",
    "fence": "```\n[@doe2020]\n```",
    "tilde fence": "~~~ sql\nselect [@doe2020] from @cdm.person\n~~~",
    "indented code": "    [@doe2020]",
    "code in a list": "- a\n\n        [@doe2020]",
    "e-mail": "Write to jane@doe2020.org or <jane@doe2020.org>.",
    "address": "See <https://x.org/@doe2020> and https://x.org/@doe2020.",
    "mathematics": "So $[@doe2020]$ and $$[@doe2020]$$.",
    "attribute": 'A <a href="x" title="[@doe2020]">b</a>.',
    "attribute list": 'A *b*{ title="[@doe2020]" }.',
    "inline comment": "A <!-- [@doe2020] --> b.",
    "block comment": "<!--\n[@doe2020]\n-->",
    "script": "<script>\nlet a = '[@doe2020]';\n</script>",
    "html": "<pre>\n[@doe2020]\n</pre>",
    "escaped": "A \\@doe2020 b.",
}


@pytest.mark.parametrize("text", NOT_CITED.values(), ids=list(NOT_CITED))
def test_citations_are_never_seen_in_what_is_no_prose(tmp_path: Path, text: str) -> None:
    """Code, mathematics, addresses, attributes and comments stay as they were written."""
    page = report_of(tmp_path, f"# T\n\n{text}\n").html()
    assert page.citations() == []
    assert page.entries() == []
    assert "@doe2020" in page.source
    assert "\ue0d0" not in page.source


def test_a_citation_in_a_link_is_not_read_and_said(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """A link cannot hold a link; the warning names the place."""
    report = report_of(tmp_path, "# T\n\nA [link @doe2020](https://x.org).\n")
    assert said(log, logging.WARNING) == ["citation-in-link"]
    assert report.html().citations() == []
    assert "link @doe2020" in report.html().prose()


def test_an_escaped_sign_is_printed_without_its_escape(tmp_path: Path) -> None:
    """An escape is taken off in prose, and stays in code."""
    text = "# T \\@ you\n\nA \\@doe2020 [\\@b] `\\@c`.\n"
    page = report_of(tmp_path, "# Home\n", text).html("b/index.html")
    assert "A @doe2020 [@b] \\@c." in page.one("div", "col-md-9").text
    assert page.one("title").text == "T @ you - Report"


# -- headings, titles, navigation ------------------------------------------------------------


def test_a_citation_changes_no_slug_and_leaves_no_mark_in_titles(tmp_path: Path) -> None:
    """The table of contents, the page's title and the navigation are in plain words."""
    text = """\
        # About [@doe2020] *things*, as @roe2021 says

        [TOC]

        ## Costs [see @doe2020, p. 3]: a sum

        ## As @doe2020 [p. 4] has it
        """
    report = report_of(tmp_path, text, "# Other\n\n[@doe2020]\n\n::: bibliography\n")
    page = report.html()
    title = "About things, as Roe (2021) says"
    assert [h.attributes["id"] for h in page.all("h2")][:2] == ["costs-a-sum", "as-has-it"]
    assert page.one("h1").attributes["id"] == "about-things-as-says"
    contents = [a.text for a in page.all("a") if a.inside("toc")]
    assert contents == [title, "Costs: a sum", "As Doe (2020, 4) has it"]
    other = report.html("b/index.html")
    assert title in [a.text for a in other.all("a", "nav-link")]
    assert title in other.by_id("ref-doe2020").text
    for built in report.pages().values():
        assert "\ue0d0" not in built.source
        assert "[@" not in built.source
        assert "[see @" not in built.source
    assert title in report.search_texts()


def test_the_title_of_the_home_page_is_in_plain_words(tmp_path: Path) -> None:
    """Also where it stands in the head of a page, and where it is a citation and nothing else."""
    report = report_of(tmp_path, "# T\n", "# B [@doe2020]\n", "# [@doe2020]\n")
    assert report.html("b/index.html").one("title").text == "B - Report"
    assert report.html("c/index.html").one("title").text == "(Doe 2020) - Report"


def test_titles_are_escaped_once(tmp_path: Path) -> None:
    """An ampersand in a heading is one on every page that names it."""
    report = report_of(tmp_path, "# A & B\n\n[@doe2020]\n", "# All\n\n::: bibliography\n")
    assert "A & B" in report.html("b/index.html").by_id("ref-doe2020").text
    assert "&amp;amp;" not in report.html("b/index.html").source


def test_what_front_matter_says_is_text(tmp_path: Path) -> None:
    """MkDocs and its themes print titles and descriptions as they are: no markup comes of them."""
    breaking = "</title>\"><img src=x onerror=alert(1)> & &amp; 'so'"
    front = (
        f"---\ntitle: {json.dumps(breaking)}\ndescription: {json.dumps(breaking)}\n---\nWords.\n"
    )
    files = {
        "mkdocs.yml": f"{CONFIG}theme: {{name: material, font: false}}\n",
        "docs/index.md": "# Home\n",
        "docs/a.md": front,
        "docs/b.md": "# On `</title><script>` & others\n",
    }
    report = make_report(tmp_path, files).build()
    page = report.html("a/index.html")
    for each in report.pages().values():
        assert each.all("img") == []
    assert [
        m.attributes["content"]
        for m in page.all("meta")
        if m.attributes.get("name") == "description"
    ] == [breaking.replace("&amp;", "&")]
    assert page.one("title").text == f"{breaking.replace('&amp;', '&')} - Report"
    assert report.html("b/index.html").one("title").text == "On </title><script> & others - Report"


def test_the_references_stand_in_the_table_of_contents(tmp_path: Path) -> None:
    """Under the title, as the last heading; once where the author has written the heading."""
    report = report_of(tmp_path, "# T\n\n## One\n\nSee [@doe2020].\n")
    contents = [a.attributes["href"] for a in report.html().all("a", "nav-link")]
    assert [href for href in contents if href.startswith("#")][-1] == "#references"
    page = report_of(tmp_path, "# T\n\nSee [@doe2020].\n\n## References\n").html()
    assert [h.text for h in page.all("h2")] == ["References"]
    assert page.repeated_ids() == []
    page = report_of(tmp_path, "# T\n\n## References\n\nSee [@doe2020].\n").html()
    assert [h.attributes["id"] for h in page.all("h2")] == ["references", "page-references"]
    assert page.repeated_ids() == []


def test_a_heading_of_an_author_takes_no_id_twice(tmp_path: Path) -> None:
    """Headings may be called what the engine calls its parts."""
    text = "# Refs\n\n## References\n\n## Page references\n\nSee [@doe2020].\n"
    page = report_of(tmp_path, text).html()
    assert page.repeated_ids() == []
    assert page.entries() == ["doe2020"]


# -- problems --------------------------------------------------------------------------------


def test_an_unknown_key_fails_the_build(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    """The error names line and column, and the key that was meant."""
    with pytest.raises(Abort):
        report_of(tmp_path, "# T\n\nSee [@deo2020].\n")
    assert said(log, logging.ERROR) == ["unknown-key"]
    assert "docs/index.md:3:6: unknown-key" in log.text
    assert "did you mean `doe2020`?" in log.text
    assert "The report does not agree with its sources: 1 error" in log.text


def test_an_unknown_key_is_marked_while_the_site_is_served(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """The site stays up; the key is shown where it is cited, beside those that are known."""
    text = "# T\n\nSee [@deo2020] and [@doe2020; @ghost].\n"
    page = report_of(tmp_path, text, command="serve").html()
    assert said(log, logging.ERROR) == ["unknown-key", "unknown-key"]
    assert [e.text for e in page.all("span", "unresolved")] == ["[deo2020?]", "[ghost?]"]
    assert [c.text for c in page.citations()] == ["[deo2020?]", "(Doe 2020)"]
    assert page.entries() == ["doe2020"]


def test_a_served_site_marks_what_it_cannot_print(tmp_path: Path) -> None:
    """Directives and calculations that cannot be worked out are named on the page."""
    text = "# T\n\n::: fndings one\n\nSum {= 1 + 1 = 3 =} and {= origins(none) =}.\n"
    page = report_of(tmp_path, text, command="serve").html()
    assert "fndings?" in page.prose()
    assert len(page.all("span", "unresolved")) == 2


def test_a_page_that_cannot_be_read_is_left_out_while_served(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """It is named, and fails a build; the other pages stay up, and no link out is followed."""
    files: dict[str, str | bytes] = {
        "docs/index.md": "# T\n\n[@doe2020]\n",
        "docs/bad.md": b"# B \xff\n",
        "secret/page.md": "# Secret\n",
    }
    report = make_report(tmp_path / "p", files)
    (report.root / "docs" / "out").symlink_to("../secret")
    (report.root / "docs" / "round").symlink_to(".")
    report.build(command="serve")
    assert sorted(report.pages()) == ["404.html", "index.html"]
    assert "docs/bad.md:1:5: page-not-utf8" in log.text
    assert said(log, logging.ERROR).count("symlink-outside") == 2
    with pytest.raises(Abort):
        report.build()


def test_every_problem_of_a_report_is_named_at_once(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """Bibliography, front matter and pages, in one build."""
    files: dict[str, str | bytes] = {
        "references.bib": BIB + "@book{doe2020, title={Again}, year=2020}\n",
        "docs/index.md": "---\nlang: no\n---\n# T\n\n[@one] [@two]\n",
        "docs/b.md": "::: table none\n",
    }
    with pytest.raises(Abort):
        make_report(tmp_path / "p", files).build()
    codes = said(log, logging.ERROR)
    assert codes.count("unknown-key") == 2
    assert {"duplicate-key", "front-matter-type", "unknown-series"} <= set(codes)


def test_warnings_fail_a_strict_build_and_notes_do_not(tmp_path: Path) -> None:
    """A note is for information; a warning is for mending."""
    report_of(tmp_path, "# T\n\nSee [@doe2020].\n", strict=True)  # two entries are not cited
    slip = "# T\n\nSee [@doe2020, @roe2021].\n"
    report_of(tmp_path, slip)
    with pytest.raises(Abort, match="strict"):
        report_of(tmp_path, slip, strict=True)


def test_an_unknown_option_is_named_by_its_line(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """MkDocs warns as well; the build fails."""
    config = "site_name: T\nplugins:\n  - dossier:\n      bibliografy: x.bib\n"
    with pytest.raises(Abort):
        report_of(tmp_path, "# T\n", config=config)
    assert "mkdocs.yml:4:7: unknown-option" in log.text


@pytest.mark.parametrize(
    "head", ["---\ntitle: T\n---\n\n\n", "title: T\nauthor: A\n\n", "\n\n", ""]
)
def test_places_are_those_of_the_file(
    tmp_path: Path, log: pytest.LogCaptureFixture, head: str
) -> None:
    """Behind front matter of either form, and behind blank lines."""
    with pytest.raises(Abort):
        report_of(tmp_path, f"{head}Text [@none].\n")
    line = head.count("\n") + 1
    assert f"docs/index.md:{line}:7: unknown-key" in log.text


# -- the search index ------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_the_search_index_holds_what_a_reader_reads(tmp_path: Path, theme: str) -> None:
    """Citations as they are printed, the entries, no marks and nothing raw."""
    config = FULL.replace("search,", "search," if theme == "mkdocs" else "material/search,")
    config += f"theme: {{name: {theme}}}\n"
    text = "# T [@doe2020]\n\n## As @doe2020 has it\n\nText [@roe2021].\n"
    report = report_of(tmp_path, text, config=config)
    # Each source is found where the whole bibliography stands, not on every page that cites it.
    assert "Second Book" not in report.search_texts()
    (report.root / "docs" / "all.md").write_text("# All\n\n::: bibliography\n", "utf-8")
    report = report.build(strict=True)
    texts = report.search_texts()
    assert "As Doe (2020) has it" in texts
    assert "Roe 2021" in texts
    assert "Second Book" in texts
    assert "[@" not in texts
    assert not re.search("[\ue0d0-\ue0db]", texts)


# -- languages and styles --------------------------------------------------------------------


def test_a_page_in_another_language_is_printed_so(tmp_path: Path) -> None:
    """`lang` of the front matter decides for its page alone; the label is the same work's."""
    bib = BIB.replace(
        "@book{doe2020, author={Doe, Jane}", "@book{doe2020, author={Doe, Jane and Roe, A}"
    )
    report = make_report(
        tmp_path / "p",
        {
            "references.bib": bib,
            "docs/index.md": "# T\n\n[@doe2020]\n",
            "docs/b.md": "---\nlang: de\n---\n# B\n\n[@doe2020]\n",
        },
    ).build(strict=True)
    assert report.html().citations()[0].text == "(Doe and Roe 2020)"
    assert report.html("b/index.html").citations()[0].text == "(Doe und Roe 2020)"


def test_the_theme_s_language_is_that_of_citations(tmp_path: Path) -> None:
    """Unless the option `locale` says otherwise."""
    two = BIB.replace("author={Doe, Jane}", "author={Doe, Jane and Roe, A}")
    files: dict[str, str | bytes] = {
        "mkdocs.yml": "site_name: T\ntheme: {name: material, language: de}\nplugins: [dossier]\n",
        "references.bib": two,
        "docs/index.md": "# T\n\n[@doe2020]\n",
    }
    report = make_report(tmp_path / "p", files).build()
    assert report.html().citations()[0].text == "(Doe und Roe 2020)"
    files["mkdocs.yml"] = str(files["mkdocs.yml"]).replace(
        "[dossier]", "[dossier: {locale: en-GB}]"
    )
    assert make_report(tmp_path / "p", files).build().html().citations()[0].text == (
        "(Doe and Roe 2020)"
    )


def styled(style: str) -> str:
    return f"site_name: T\nplugins:\n  - search\n  - dossier:\n      csl: {style}\n"


def test_a_numeric_style_numbers_over_the_whole_bibliography(tmp_path: Path) -> None:
    """A number means the same work on every page, cited there first or last."""
    report = report_of(
        tmp_path,
        "# T\n\n[@poe2022] and [@doe2020]\n",
        "# B\n\n[@poe2022]\n\n::: bibliography\n",
        config=styled("ieee"),
    )
    assert [c.text for c in report.html().citations()] == ["[3]", "[1]"]
    assert [c.text for c in report.html("b/index.html").citations()] == ["[3]"]
    assert report.html("b/index.html").entries() == ["doe2020", "roe2021", "poe2022"]
    assert report.html().entries() == ["doe2020", "poe2022"]
    assert "[3]" in report.html().by_id("ref-poe2022").text


def test_a_note_style_makes_notes(tmp_path: Path) -> None:
    """Numbers run in the order of the page; each leads to its note and back."""
    text = """\
        # T

        One[^f] [@doe2020, p. 3]. As @roe2021 says. Again [@doe2020].

        [^f]: A footnote [@poe2022].
        """
    config = (
        styled("chicago-notes-bibliography-classic-no-url") + "markdown_extensions: [footnotes]\n"
    )
    report = report_of(tmp_path, text, "# [@doe2020]\n\n@roe2021 says\n", config=config)
    page = report.html()
    calls = [a for a in page.all("a") if a.attributes.get("role") == "doc-noteref"]
    assert [a.text for a in calls] == ["1", "2", "3", "4"]
    assert all(a.inside("citation") for a in calls)
    assert calls[3].inside("footnote")
    notes = page.one("section", "citation-notes")
    assert notes.attributes["role"] == "doc-endnotes"
    listed = [e for e in page.all("li") if notes in e.above]
    assert "First Book" in listed[0].text
    assert "Second Book" in listed[1].text
    assert "Third Book" in listed[3].text
    for call, note in zip(calls, listed, strict=True):
        assert call.attributes["href"] == f"#{note.attributes['id']}"
        (back,) = [
            a
            for a in page.all("a")
            if note in a.above and a.attributes.get("role") == "doc-backlink"
        ]
        assert page.by_id(back.attributes["href"][1:]) is call
    assert page.citations()[1].text == "Richard Roe2"
    for built in report.pages().values():
        assert built.repeated_ids() == []
    assert report.dead_links() == []
    assert "ibid" not in page.source.casefold()


def test_a_note_without_its_work_is_no_note(tmp_path: Path) -> None:
    """An unknown key is marked, and no link leads to a note that is not there."""
    text = "# T\n\n[@none] and [@doe2020].\n"
    report = report_of(
        tmp_path, text, config=styled("chicago-notes-bibliography-classic-no-url"), command="serve"
    )
    page = report.html()
    assert [a.text for a in page.all("a") if a.attributes.get("role") == "doc-noteref"] == ["1"]
    assert report.dead_links() == []


OWN_STYLE = """\
<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <info><title>Own</title><id>own</id><updated>2020-01-01T00:00:00+00:00</updated></info>
  <citation><layout prefix="{" suffix="}" delimiter="; ">
    <text variable="title"/>
  </layout></citation>
  <bibliography><layout><text variable="title"/></layout></bibliography>
</style>
"""


def test_a_style_may_be_a_file_of_the_project(tmp_path: Path) -> None:
    """Its path is relative to mkdocs.yml."""
    files: dict[str, str | bytes] = {
        "mkdocs.yml": styled("styles/own.csl"),
        "styles/own.csl": OWN_STYLE,
        "docs/index.md": "# T\n\n[@doe2020]\n",
    }
    page = make_report(tmp_path / "p", files).build().html()
    assert page.citations()[0].text == "{First book}"


@pytest.mark.parametrize("style", ["no-such-style", "styles/none.csl"])
def test_an_unknown_style_is_an_error_at_its_option(
    tmp_path: Path, log: pytest.LogCaptureFixture, style: str
) -> None:
    """The site is printed in the default while it is served."""
    report = report_of(tmp_path, "# T\n\n[@doe2020]\n", config=styled(style), command="serve")
    assert "mkdocs.yml:5:1: unknown-style" in log.text
    assert report.html().citations()[0].text == "(Doe 2020)"
    with pytest.raises(Abort):
        report.build()


def test_two_works_never_share_a_label(tmp_path: Path) -> None:
    """Year suffixes hold over the whole bibliography, whatever a page cites."""
    bib = "".join(
        f"@book{{{key}, author={{Doe, Jane}}, title={{{title}}}, publisher={{P}}, year=2020}}\n"
        for key, title in (("x", "Alpha"), ("y", "Beta"), ("z", "Gamma"))
    )
    report = make_report(
        tmp_path / "p",
        {
            "references.bib": bib,
            "docs/index.md": "# T\n\n[@z]\n",
            "docs/b.md": "# B\n\n[@y] and @z\n",
            "docs/c.md": "# C\n\n[@x; @y; @z]\n",
        },
    ).build()
    assert [c.text for c in report.html().citations()] == ["(Doe 2020c)"]
    assert [c.text for c in report.html("b/index.html").citations()] == [
        "(Doe 2020b)",
        "Doe (2020c)",
    ]
    assert report.html("c/index.html").citations()[0].text == "(Doe 2020a, 2020b, 2020c)"


# -- hostile input ---------------------------------------------------------------------------

HOSTILE = r"""
@book{a<b>"c, author={{<img src=x onerror=alert(1)>}}, title={<script>alert(1)</script> [@x] "&},
  publisher={P}, year=2020, url={javascript:alert(1)}}
@book{k:ey/1.2_3, author={Ö "><svg onload=alert(2)>, Ä}, title={Plain}, publisher={P}, year=2021}
@book{clé日本, author={Roe, R}, title={Key}, publisher={P}, year=2022}
"""


def test_nothing_of_the_bibliography_becomes_an_element(tmp_path: Path) -> None:
    """Titles, names and keys are text in pages, attributes, titles and the search index."""
    text = """\
        # As @k:ey/1.2_3 says

        See [@{a<b>"c}], [@k:ey/1.2_3, p. 3] and @clé日本.

        ## Of @{a<b>"c}
        """
    report = make_report(
        tmp_path / "p",
        {
            "mkdocs.yml": FULL,
            "references.bib": HOSTILE,
            "docs/index.md": text,
            "docs/b.md": "# All\n\n::: bibliography\n",
        },
    ).build(command="serve")
    for page in report.pages().values():
        assert not [e for e in page.elements if e.tag in ("svg", "b")]
        assert not [e for e in page.all("img") if "onerror" in e.attributes]
        assert not [e for e in page.elements if any(n.startswith("on") for n in e.attributes)]
        assert not [a for a in page.all("a") if "javascript" in a.attributes.get("href", "")]
        assert "<script>alert" not in page.source
        assert page.repeated_ids() == []
    assert "<script" not in report.search_texts()
    assert "<img" not in report.search_texts()
    assert report.dead_links() == []
    page = report.html()
    assert "clé日本" in page.entries()
    assert "k:ey/1.2_3" in page.entries()


# -- findings and series ---------------------------------------------------------------------


def record(key: str, relations: str = "", passages: str = "words") -> str:
    items = "".join(
        f"  - id: {id_}\n    exact: The {id_} of {key} <b>& more</b>, 3 for $3.\n"
        "    locator: p. 3\n"
        for id_ in passages.split()
    )
    return f"key: {key}\nstanding: news\n{relations}passages:\n{items}"


EVIDENCE: dict[str, str | bytes] = {
    "mkdocs.yml": FULL,
    "sources/records/doe.yml": record("doe2020", passages="words more"),
    "sources/records/roe.yml": record("roe2021", "relies_on: doe2020\n"),
    "sources/records/poe.yml": record("poe2022"),
    "sources/findings/one.yml": """\
        chapter: one
        findings:
          - id: so-it-is
            statement: It is so & <b>not</b> otherwise.
            figure: "$3"
            evidence:
              - {passage: "doe2020#words", bears: supports}
              - {passage: "roe2021#words", bears: supports}
          - id: so-it-was
            statement: It was so.
            evidence:
              - {passage: "doe2020#more", bears: supports}
              - {passage: "poe2022#words", bears: contradicts}
        """,
    "sources/findings/two.yml": """\
        chapter: two
        findings:
          - id: and-so-on
            statement: And so on.
            evidence:
              - {passage: "doe2020#words", bears: supports}
              - {passage: "poe2022#words", bears: supports}
        """,
    "sources/series/counts.yml": """\
        id: counts
        title: Counts & more
        columns:
          - {id: when, title: Date, kind: date}
          - {id: count, title: Count, kind: number}
        rows:
          - {when: "2020", count: "3", passages: ["doe2020#words", "poe2022#words"]}
        """,
}


def evidence_report(root: Path, **pages: str) -> Report:
    files = dict(EVIDENCE) | {f"docs/{name}.md": text for name, text in pages.items()}
    return make_report(root / "p", files).build()


def test_a_findings_table_shows_findings_with_their_assessments(tmp_path: Path) -> None:
    """A row a finding, by its id, its assessment as data and in words."""
    report = evidence_report(tmp_path, index="# One\n\n::: findings one\n")
    page = report.html()
    table = page.one("table", "findings")
    rows = {
        e.attributes["id"]: e for e in page.all("tr") if table in e.above and "id" in e.attributes
    }
    assert {i: e.attributes["data-assessment"] for i, e in rows.items()} == {
        "finding-so-it-is": "single-origin",
        "finding-so-it-was": "disputed",
    }
    assert "It is so & <b>not</b> otherwise." in rows["finding-so-it-is"].text
    assert "1 in support" in rows["finding-so-it-is"].text
    assert page.one("caption").text
    heads = [e for e in page.all("th") if table in e.above]
    assert heads
    assert all(e.attributes.get("scope") for e in heads)
    assert not [e for e in page.elements if table in e.above and "style" in e.attributes]
    assert page.entries() == ["doe2020", "poe2022", "roe2021"]
    assert report.dead_links() == []


def test_the_passages_that_a_page_cites_are_folded_under_their_entry(tmp_path: Path) -> None:
    """Only those cited there, with their locators, as text."""
    text = "# One\n\nSee [@doe2020#words, p. 3] and [@poe2022].\n"
    page = evidence_report(tmp_path, index=text, b="# B\n\n[@doe2020#more]\n").html()
    (fold,) = page.all("details", "passages")
    assert page.by_id("ref-doe2020") in fold.above
    assert "The words of doe2020 <b>& more</b>, 3 for $3." in fold.text
    assert "The more of" not in fold.text
    assert "p. 3" in fold.text
    (link,) = [a for a in page.all("a") if page.citations()[0] in a.above]
    assert link.attributes["data-passages"] == "words"


def test_a_series_table_cites_its_passages(tmp_path: Path) -> None:
    """Its sources are entries of the page that lead back to it."""
    report = evidence_report(tmp_path, index="# One\n\n::: table counts\n\n::: table counts\n")
    page = report.html()
    assert [t.attributes.get("id") for t in page.all("table", "series")] == ["series-counts", None]
    assert page.entries() == ["doe2020", "poe2022"]
    assert "Counts & more" in page.all("caption")[0].text
    assert report.dead_links() == []
    assert page.repeated_ids() == []


def test_findings_have_their_ids_once_a_page(tmp_path: Path) -> None:
    """Two tables of the same findings, in either order, and the short form among them."""
    pages = {
        "index": "# A\n\n::: findings one\n\n::: findings\n",
        "b": "# B\n\n::: findings\n\n::: findings two\n",
        "c": "# C\n\n::: findings form=short\n\n::: findings one\n\n::: findings one\n",
    }
    report = evidence_report(tmp_path, **pages)
    for name in ("index.html", "b/index.html"):
        page = report.html(name)
        assert page.repeated_ids() == []
        ids = {i for i in page.ids if i.startswith("finding-")}
        assert ids == {"finding-so-it-is", "finding-so-it-was", "finding-and-so-on"}
    page = report.html("c/index.html")
    assert page.repeated_ids() == []
    row = page.by_id("finding-so-it-is")
    assert not row.inside("findings-summary")
    assert report.dead_links() == []


def test_the_summary_leads_to_the_page_of_each_chapter(tmp_path: Path) -> None:
    """To the whole table, not to another summary; a chapter without a table is named."""
    report = evidence_report(
        tmp_path,
        index="# All [@doe2020]\n\n::: findings form=short\n\n::: findings one form=short\n",
        z="# Of *one* [@doe2020]\n\n::: findings one\n",
    )
    page = report.html()
    summary = page.all("table", "findings-summary")[0]
    links = [a for a in page.all("a") if summary in a.above]
    assert {a.attributes["href"] for a in links} == {
        "z/",
        "z/#finding-so-it-is",
        "z/#finding-so-it-was",
    }
    assert links[0].text == "Of one"
    badges = [a for a in links if "assessment" in a.classes]
    assert {a.attributes["href"] for a in badges} == {"z/#finding-so-it-is", "z/#finding-so-it-was"}
    assert "two" in summary.text
    assert report.dead_links() == []


def test_a_table_of_all_findings_is_their_page_where_there_is_no_other(tmp_path: Path) -> None:
    """The chapter's own table comes first."""
    report = evidence_report(
        tmp_path,
        index="# Start\n\n::: findings form=short\n",
        all="# All\n\n::: findings\n",
        two="# Two\n\n::: findings two\n",
    )
    links = {a.attributes["href"] for a in report.html().all("a") if a.inside("findings-summary")}
    assert "all/#finding-so-it-is" in links
    assert "two/#finding-and-so-on" in links
    assert report.dead_links() == []


def test_five_copies_of_one_article_are_one_origin(tmp_path: Path) -> None:
    """On the page: `single-origin`, one in support, though five works are cited."""
    keys = ["one", "two", "three", "four", "five"]
    bib = "".join(
        f"@online{{{k}, author={{{k.title()}}}, title={{T {k}}}, year=2020, url={{https://{k}.org}}}}\n"
        for k in keys
    )
    files: dict[str, str | bytes] = {
        "references.bib": bib,
        "docs/index.md": "# T\n\n::: findings\n",
    }
    for before, key in zip(["", *keys], keys, strict=False):
        files[f"sources/records/{key}.yml"] = record(key, f"copy_of: {before}\n" if before else "")
    evidence = "".join(f"      - {{passage: '{k}#words', bears: supports}}\n" for k in keys)
    head = "chapter: c\nfindings:\n  - id: copied\n    statement: So it is.\n    evidence:\n"
    files["sources/findings/c.yml"] = head + evidence
    report = make_report(tmp_path / "p", files).build(command="serve")
    page = report.html()
    row = page.by_id("finding-copied")
    assert row.attributes["data-assessment"] == "single-origin"
    assert "1 in support" in row.text
    assert sorted(page.entries()) == sorted(keys)


def test_numbers_of_the_reports_own_making_are_worked_out(tmp_path: Path) -> None:
    """In prose, headings and titles."""
    text = "# Of {= count(findings) =} findings\n\nFrom {= origins(so-it-is) =} origin. \\{= x =}\n"
    report = evidence_report(tmp_path, index=text, b="# All\n\n::: bibliography\n")
    assert "From 1 origin." in report.html().prose()
    assert report.html().one("h1").text == "Of 3 findings"
    assert "\ue0d0" not in report.html("b/index.html").source


# -- which pages count -----------------------------------------------------------------------


def test_what_is_left_out_of_the_site_does_not_count(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """Excluded pages and drafts cite nothing; a page outside the navigation does."""
    files: dict[str, str | bytes] = {
        "mkdocs.yml": CONFIG
        + "exclude_docs: old.md\ndraft_docs: next.md\nnav: [index.md]\nnot_in_nav: more.md\n",
        "docs/index.md": "# T\n\n::: bibliography\n",
        "docs/old.md": "# Old\n\n[@doe2020] [@none]\n",
        "docs/next.md": "# Next\n\n[@doe2020] [@none]\n",
        "docs/more.md": "# More\n\n[@roe2021]\n",
    }
    report = make_report(tmp_path / "p", files).build(strict=True)
    page = report.html()
    assert "Not cited." in page.by_id("ref-doe2020").text
    assert "More 1" in page.by_id("ref-roe2021").text
    assert report.dead_links() == []
    # A draft is shown while the site is served, and held to account there.
    log.clear()
    report.build(command="serve")
    assert "docs/next.md:3:13: unknown-key" in log.text
    assert "docs/old.md" not in log.text
    assert "[none?]" in report.html("next/index.html").prose()


def test_nothing_of_one_build_reaches_the_next(tmp_path: Path) -> None:
    """MkDocs keeps the plugin between the builds of `mkdocs serve`; what has gone has gone."""
    report = report_of(tmp_path, "# T\n\n[@doe2020]\n", "# Gone\n\n[@roe2021]\n")
    config = load_config(str(report.root / "mkdocs.yml"), site_dir=str(report.site))
    config.plugins.on_startup(command="serve", dirty=False)
    mkdocs_build(config, serve_url="http://localhost/")
    (report.root / "docs" / "b.md").unlink()
    report.write({"docs/index.md": "# T\n\n[@poe2022]\n\n::: bibliography\n"})
    again = load_config(str(report.root / "mkdocs.yml"), site_dir=str(report.site))
    assert again.plugins["dossier"] is config.plugins["dossier"]
    for _ in range(2):
        mkdocs_build(again, serve_url="http://localhost/")
        page = report.html()
        assert "Gone" not in page.prose()
        assert len(page.citations()) == 1
        assert page.prose().count("Not cited.") == 2
        assert report.dead_links() == []


def test_one_process_may_serve_several_projects(tmp_path: Path) -> None:
    """What is remembered of the files of one is not held for those of another."""
    first = report_of(tmp_path / "a", "# T\n\n[@doe2020]\n", command="serve")
    assert first.html().entries() == ["doe2020"]
    files = {"references.bib": "@book{doe2020, title={Open\n", "docs/index.md": "[@doe2020]\n"}
    second = make_report(tmp_path / "b", files).build(command="serve")
    assert second.html().entries() == []


def test_a_broken_file_leaves_its_last_good_state_while_served(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """The memory is the plugin's, which MkDocs keeps between builds."""
    report = report_of(tmp_path, "# T\n\n[@doe2020]\n")
    config = load_config(str(report.root / "mkdocs.yml"), site_dir=str(report.site))
    config.plugins.on_startup(command="serve", dirty=False)
    mkdocs_build(config, serve_url="http://localhost/")
    report.write({"references.bib": "@book{doe2020, title={Never closed\n"})
    log.clear()
    mkdocs_build(config, serve_url="http://localhost/")
    assert "references.bib:1:1: bib-unclosed-entry" in log.text
    assert report.html().citations()[0].text == "(Doe 2020)"


def test_a_dirty_build_counts_the_pages_that_it_leaves(tmp_path: Path) -> None:
    """`--dirty` renders what has changed; the lists on it know the other pages all the same."""
    report = report_of(tmp_path, "# T\n\n[@doe2020]\n", "# All [@roe2021]\n\n::: bibliography\n")
    page = report.root / "docs" / "b.md"
    os.utime(report.site / "b" / "index.html", (1, 1))
    report.build(dirty=True)
    assert page.exists()
    built = report.html("b/index.html")
    assert "T 1" in built.by_id("ref-doe2020").text
    assert "All 1" in built.by_id("ref-roe2021").text
    assert report.dead_links() == []


# -- beside other plugins --------------------------------------------------------------------

HOOK = """\
import markdown

def on_page_markdown(text, page, config, **_):
    return text.replace("MACRO", "[@roe2021]")

def on_page_content(html, page, config, **_):
    side = markdown.markdown("Beside [@doe2020]", extensions=config["markdown_extensions"],
                             extension_configs=config["mdx_configs"])
    return html.replace("</h1>", " (changed)</h1>") + side
"""
NESTED = """\
import markdown
from markdown.preprocessors import Preprocessor

class Nested(Preprocessor):
    def __init__(self, md, config):
        super().__init__(md)
        self.config = config

    def run(self, lines):
        markdown.markdown("Inner [@poe2022]", extensions=self.config["markdown_extensions"],
                          extension_configs=self.config["mdx_configs"])
        return lines

class Extension(markdown.Extension):
    def __init__(self, mkdocs):
        super().__init__()
        self.mkdocs = mkdocs

    def extendMarkdown(self, md):
        if not getattr(self.mkdocs, "_once", False):
            self.mkdocs._once = True
            md.preprocessors.register(Nested(md, self.mkdocs), "nested", 1)

def on_config(config):
    config["markdown_extensions"].append(Extension(config))
    return config
"""


def test_other_plugins_may_change_text_and_html(tmp_path: Path) -> None:
    """Text put in before is cited; HTML changed after stays changed; Markdown beside is let be."""
    files: dict[str, str | bytes] = {
        "mkdocs.yml": FULL + "hooks: [hook.py]\n",
        "hook.py": HOOK,
        "docs/index.md": "# T\n\nMACRO and [@doe2020]\n",
    }
    page = make_report(tmp_path / "p", files).build().html()
    assert [c.text for c in page.citations()] == ["(Roe 2021)", "(Doe 2020)"]
    assert page.one("h1").text == "T (changed)"
    assert "Beside [@doe2020]" in page.prose()
    assert page.entries() == ["doe2020", "roe2021"]


def test_markdown_rendered_within_a_page_leaves_its_citations_alone(tmp_path: Path) -> None:
    """A page whose extensions render more Markdown with the same extensions keeps its own marks."""
    files: dict[str, str | bytes] = {
        "mkdocs.yml": FULL + "hooks: [hook.py]\n",
        "hook.py": NESTED,
        "docs/index.md": "# T\n\n[@roe2021] and [@doe2020]\n",
    }
    page = make_report(tmp_path / "p", files).build().html()
    assert [c.text for c in page.citations()] == ["(Roe 2021)", "(Doe 2020)"]


def test_the_extension_beside_the_plugin_does_nothing(tmp_path: Path) -> None:
    """One configuration may serve a host of plugins and a host of extensions."""
    config = "site_name: T\nplugins: [search, dossier]\nmarkdown_extensions: [dossier]\n"
    page = report_of(tmp_path, "# T\n\n[@doe2020]\n", config=config, strict=True).html()
    assert len(page.citations()) == 1
    assert page.repeated_ids() == []


def test_pages_that_are_no_files_are_read_as_they_come(tmp_path: Path) -> None:
    """A page that another plugin makes has the name that MkDocs gives it."""
    hook = """\
        from mkdocs.structure.files import File

        def on_files(files, config):
            files.append(File.generated(config, "made/up.md", content="# Up\\n\\n[@roe2021]\\n"))
            return files
        """
    files: dict[str, str | bytes] = {
        "mkdocs.yml": FULL + "hooks: [hook.py]\n",
        "hook.py": hook,
        "docs/index.md": "# T\n\n::: bibliography\n",
    }
    report = make_report(tmp_path / "p", files).build()
    assert report.html("made/up/index.html").entries() == ["roe2021"]
    assert "Up 1" in report.html().by_id("ref-roe2021").text
    assert report.dead_links() == []


# -- the report itself -----------------------------------------------------------------------


@pytest.fixture(scope="session")
def real(site: Path) -> Report:
    """The report of this repository, built once."""
    return Report(ROOT, site)


@pytest.mark.no_cover
def test_no_id_stands_twice_on_a_page_of_the_report(real: Report) -> None:
    """Nor is one empty."""
    pages = real.pages()
    assert len(pages) >= 9
    for name, page in pages.items():
        assert (name, page.repeated_ids()) == (name, [])
        assert "" not in page.ids


@pytest.mark.no_cover
def test_every_link_of_the_evidence_of_the_report_leads_somewhere(real: Report) -> None:
    """To an entry, a passage, a place or a page that is there."""
    assert real.dead_links() == []


@pytest.mark.no_cover
def test_a_label_means_one_work_over_the_whole_report(real: Report) -> None:
    """What a link to an entry says belongs to that entry alone."""
    labels: dict[str, str] = {}
    for page in real.pages().values():
        for link in page.all("a"):
            if link.attributes.get("role") == "doc-biblioref" and link.inside("findings"):
                key = link.attributes["href"]
                assert labels.setdefault(link.text, key) == key
    assert len(labels) > 20


@pytest.mark.no_cover
def test_the_report_shows_nothing_raw(real: Report) -> None:
    """No token, no citation, no directive in prose."""
    for page in real.pages().values():
        assert not re.search("[\ue0d0-\ue0db]", page.source)
        assert not re.search(r"\[[^\]\[]*@\w", page.prose())
        assert not re.search(r"(?m)^:::", page.prose())
    assert not re.search(r"\[@|[\ue0d0-\ue0db]", real.search_texts())


@pytest.mark.no_cover
def test_html_of_the_report_is_read_by_the_tests_as_by_a_browser(real: Report) -> None:
    """The reader of the tests sees the elements that are there: citations and entries abound."""
    page: Html = real.html("spending/index.html")
    assert len(page.citations()) > 10
    assert len(page.entries()) > 10
