"""The option `csp`: policies in whole sites, as MkDocs writes them and `dossier` checks them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dossier.policy import policy_in, policy_of
from reports import BIB, Report, make_report

CONFIG = """\
site_name: Report
theme: {name: material, font: false}
plugins:
  - search
  - dossier: {csp: true}
markdown_extensions: [attr_list, tables]
"""
TABLE = """\
# T

[@doe2020; @roe2021; @poe2022]

| a | b | c | d |
|---|:--|:-:|--:|
| 1 | 2 | 3 | 4 {: .x } |
"""


def report_of(root: Path, **files: str) -> Report:
    named: dict[str, str | bytes] = {"mkdocs.yml": CONFIG, "docs/index.md": TABLE}
    named |= {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
    return make_report(root / "p", named)


def codes(report: Report) -> set[tuple[str, str]]:
    """The codes of what `dossier check --site` finds, with their pages."""
    done = report.run("dossier.cli", "check", "--site", "--format", "json")
    return {(p["path"], p["code"]) for p in json.loads(done.stdout)}


@pytest.mark.parametrize("command", ["build", "gh-deploy"])
def test_every_page_of_a_build_has_the_policy_that_it_needs(tmp_path: Path, command: str) -> None:
    """Also the pages that the theme brings; a site map is no page."""
    report = report_of(tmp_path, docs__b_md="# B\n")
    report.build(command=command)  # type: ignore[arg-type]
    pages = {name: page.source for name, page in report.pages().items()}
    assert pages.keys() == {"index.html", "b/index.html", "404.html"}
    for name, page in pages.items():
        policy = policy_in(page)
        assert (name, policy) == (name, policy_of(page))
        assert policy is not None
        assert policy.count("'sha256-") >= 2
        assert page.index("Content-Security-Policy") < 200
    assert "Content-Security-Policy" not in (report.site / "sitemap.xml").read_text("utf-8")
    assert codes(report) == set()


def test_there_is_none_while_the_site_is_served(tmp_path: Path) -> None:
    """MkDocs then adds a script of its own to every page that it sends."""
    report = report_of(tmp_path).build(command="serve")
    assert {policy_in(page.source) for page in report.pages().values()} == {None}


def test_there_is_none_where_it_is_not_asked_for(tmp_path: Path) -> None:
    """And no page is told to lack one."""
    report = report_of(tmp_path, mkdocs_yml=CONFIG.replace("true", "false")).build()
    assert {policy_in(page.source) for page in report.pages().values()} == {None}
    assert codes(report) == set()


ADDING = """
from mkdocs.plugins import event_priority

@event_priority({priority})
def on_post_page(output, **_):
    return output.replace("</body>", "<script>added()</script></body>")
"""


@pytest.mark.parametrize(("priority", "found"), [(-50, set()), (-200, {"policy-outdated"})])
def test_a_plugin_that_changes_scripts_behind_the_policy_is_found(
    tmp_path: Path, priority: int, found: set[str]
) -> None:
    """What is added before is listed; what is added behind would not run."""
    report = report_of(
        tmp_path, mkdocs_yml=f"{CONFIG}hooks: [h.py]\n", h_py=ADDING.format(priority=priority)
    )
    done = report.run("mkdocs", "build", "-q")
    assert done.returncode == 0, done.stderr
    assert codes(report) == {("index.html", code) for code in found}


def test_a_page_that_mkdocs_copies_is_found_without_a_policy(tmp_path: Path) -> None:
    """An HTML file among the pages is no page of the theme."""
    report = report_of(tmp_path, docs__b_html="<p style=a>x").build()
    assert codes(report) == {("b.html", "policy-missing"), ("b.html", "blocked-style")}


def test_fonts_of_another_host_fail_the_build(tmp_path: Path) -> None:
    """Material's fonts come from elsewhere unless its option says otherwise; the site stays."""
    report = report_of(tmp_path)
    assert report.run("dossier.cli", "build").returncode == 0
    before = (report.site / "index.html").read_bytes()
    report.write({"mkdocs.yml": CONFIG.replace(", font: false", "")})
    done = report.run("dossier.cli", "build")
    assert done.returncode == 1
    assert "index.html:1:1: blocked-address" in done.stdout
    assert "404.html:1:1: blocked-style" in done.stdout
    assert (report.site / "index.html").read_bytes() == before


def test_markup_of_an_author_that_would_be_blocked_fails_the_build(tmp_path: Path) -> None:
    """Raw HTML and attribute lists."""
    text = "# T\n\n[@doe2020]\n\nx\n{: style='color: red' onclick='a()' }\n"
    report = report_of(tmp_path, docs__index_md=text)
    done = report.run("dossier.cli", "build")
    assert done.returncode == 1
    assert "blocked-style" in done.stdout
    assert "blocked-script" in done.stdout


@pytest.mark.parametrize("command", ["build", "serve"])
def test_columns_are_aligned_by_classes_under_a_policy(tmp_path: Path, command: str) -> None:
    """A style in an attribute would be blocked; a class of the author's own is kept."""
    page = report_of(tmp_path).build(command=command).html()  # type: ignore[arg-type]
    assert [e.classes for e in page.all("th")] == [
        [],
        ["align-left"],
        ["align-center"],
        ["align-right"],
    ]
    assert [e.classes for e in page.all("td")][-1] == ["x", "align-right"]
    assert [e for e in page.elements if "style" in e.attributes] == []


def test_columns_are_aligned_by_styles_without_a_policy(tmp_path: Path) -> None:
    """A theme may know no class for it."""
    page = report_of(tmp_path, mkdocs_yml=CONFIG.replace("true", "false")).build().html()
    assert page.all("td")[-1].attributes["style"] == "text-align: right;"
    assert page.all(class_="align-right") == []


def test_the_extension_takes_the_option_and_aligns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the plugin there is no policy, and the classes are the same."""
    import markdown

    (tmp_path / "references.bib").write_text(BIB, "utf-8")
    monkeypatch.chdir(tmp_path)
    options = {"dossier": {"csp": True}}
    html = markdown.markdown(TABLE, extensions=["tables", "dossier"], extension_configs=options)
    assert '<td class="align-right">' in html
    assert "style=" not in html
