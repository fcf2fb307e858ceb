"""What is kept between builds never shows: after any edit a site is what a first build makes of it.

Held over random edits for a dirty build, for one that finds everything kept, and for a full one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from mkdocs.config.defaults import MkDocsConfig

from dossier import commands, publication
from dossier.cli import main
from dossier.handover import Publication
from dossier.settings import Settings
from dossier.site import Site
from reports import Report, make_report

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

SEEDS, EDITS = 4, 50
KEYS = [f"k{n}" for n in range(8)]
# A theme of one file: what is compared is the content, the contents, the title and the head.
THEME = """\
<html><head><title>{{ page.title }}</title></head><body>
{% for item in page.toc %}<i>{{ item.title }}{% for one in item.children %}/{{ one.title }}
{%- endfor %}</i>{% endfor %}<main>{{ page.content }}</main></body></html>
"""
CONFIG = """\
site_name: Report
theme: {name: null, custom_dir: theme}
plugins: [search, dossier]
markdown_extensions: [footnotes, attr_list]
"""


def entry(key: str, year: int, title: str) -> str:
    """An entry; few names, so that letters behind years come and go."""
    name = "Doe, Jane" if int(key[1:]) % 2 else "Roe, Rick"
    return f"@book{{{key}, author={{{name}}}, title={{{title}}}, publisher={{P}}, year={year}}}"


class Author:
    """Edits a report at random, and keeps it free of errors."""

    def __init__(self, report: Report, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - no secret
        self.report = report
        self.years = dict.fromkeys(KEYS, 2020)
        self.titles = {key: f"Title of {key}" for key in KEYS}
        self.bears = ["supports", "qualifies"]
        self.pages: dict[str, tuple[str, list[str]]] = {}
        for number in range(5):
            self.pages[f"p{number}"] = (f"Page {number}", ["Some prose.", "Cited [@k1]."])
        self.write()

    def write(self) -> None:
        """Write what has changed, and nothing else: a file that is the same keeps its time."""
        files = {
            "references.bib": "\n".join(entry(k, self.years[k], self.titles[k]) for k in KEYS),
            "sources/records/k1.yml": "key: k1\nstanding: news\npassages:\n"
            "  - {id: w, exact: The first words of 12 passages., read: twice}\n"
            "  - {id: v, exact: Some other words stand in 34 places., read: twice}\n",
            "sources/findings/one.yml": "chapter: one\nfindings:\n  - id: so\n"
            "    statement: It is so.\n    evidence:\n"
            + "".join(
                f"      - {{passage: 'k1#{id_}', bears: {bears}}}\n"
                for id_, bears in zip("wv", self.bears, strict=True)
            ),
            "docs/index.md": "# Home\n\nAll {= count(findings) =}, {= assessment(so) =}. [@k2]\n\n"
            "::: findings form=short\n",
            "docs/all.md": "# All works\n\n::: bibliography\n",
            "docs/verified.md": "# Verified\n\n::: verification\n",
        }
        for name, (title, parts) in self.pages.items():
            files[f"docs/{name}.md"] = f"# {title}\n\n" + "\n\n".join(parts) + "\n"
        for path in (self.report.root / "docs").glob("p*.md"):
            if path.stem not in self.pages:
                path.unlink()
        for name, text in files.items():
            path = self.report.root / name
            if not path.exists() or path.read_text("utf-8") != text:
                self.report.write({name: text})

    def edit(self) -> str:
        """Make one edit, and say which."""
        kinds = [
            "text",
            "text",
            "text",
            "cite",
            "cite",
            "title",
            "works",
            "works",
            "bears",
            "page",
            "touch",
        ]
        kind = self.random.choice(kinds)
        getattr(self, f"edit_{kind}")()
        self.write()
        return kind

    def page(self) -> tuple[str, str, list[str]]:
        """Return the name, the title and the paragraphs of any page."""
        name = self.random.choice(sorted(self.pages))
        return name, *self.pages[name]

    def edit_text(self) -> None:
        _, _, parts = self.page()
        more = [
            f"More prose, {self.random.random()}.",
            'It has "first words" of 12 passages [@k1#w].',
            "::: findings one",
        ]
        if self.random.random() < 0.3 and len(parts) > 1:
            parts.pop(self.random.randrange(len(parts)))
        else:
            parts.insert(self.random.randrange(len(parts) + 1), self.random.choice(more))

    def edit_cite(self) -> None:
        _, _, parts = self.page()
        key = self.random.choice(KEYS)
        where = self.random.choice(["", f", p. {self.random.randint(1, 9)}", f"; @{KEYS[0]}"])
        parts.append(f"It says so [@{key}{where}], and `[@{key}]` is code.")

    def edit_title(self) -> None:
        name, title, parts = self.page()
        self.pages[name] = (f"{title.split(',')[0]}, {self.random.randint(1, 9)}", parts)

    def edit_works(self) -> None:
        key = self.random.choice(KEYS)
        if self.random.random() < 0.5:
            self.titles[key] = f"A title, {self.random.randint(1, 99)}"
        else:
            self.years[key] = self.random.choice([2020, 2020, 2021])

    def edit_bears(self) -> None:
        self.bears[1] = self.random.choice(["supports", "qualifies", "contradicts"])

    def edit_page(self) -> None:
        other = f"p{self.random.randrange(8)}"
        if other in self.pages and len(self.pages) > 3:
            del self.pages[other]
        else:
            self.pages.setdefault(other, (f"Page {other}", ["Again [@k1; @k3]."]))

    def edit_touch(self) -> None:
        name, _, _ = self.page()
        (self.report.root / "docs" / f"{name}.md").touch()


@contextmanager
def other_plugins() -> Iterator[None]:
    """Build with plugins that know nothing: those of MkDocs live as long as the process."""
    option = vars(MkDocsConfig)["plugins"]
    known, option.plugin_cache = option.plugin_cache, {}
    try:
        yield
    finally:
        option.plugin_cache = known


def pages(site: Path) -> dict[str, str]:
    """The HTML of a site, by path."""
    return {p.relative_to(site).as_posix(): p.read_text("utf-8") for p in site.rglob("*.html")}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_site_is_that_of_a_first_build_after_any_edit(tmp_path: Path, seed: int) -> None:
    """No label, link, assessment or title is stale: not after a dirty build, nor a kept one."""
    root = tmp_path / "report"
    report = make_report(root, {"mkdocs.yml": CONFIG, "theme/main.html": THEME})
    author = Author(report, seed)
    dirty = Report(root, tmp_path / "dirty")
    told: list[str] = []
    with other_plugins():
        for _ in range(EDITS):
            dirty.build(command="serve", dirty=True)
            with other_plugins():
                whole = Report(root, tmp_path / "whole").build(command="serve")
            expected = pages(whole.site)
            # A dirty build leaves the files of pages that are gone.
            found = {path: html for path, html in pages(dirty.site).items() if path in expected}
            assert (told, found) == (told, expected)
            # Now and then twice, so that all is found kept; else an edit stands between.
            for name in ("kept", "kept again")[: 1 + (len(told) % 5 == 0)]:
                with other_plugins():
                    kept = Report(root, tmp_path / name).build()
                assert (told, name, pages(kept.site)) == (told, name, expected)
            told.append(author.edit())


def test_a_dirty_build_leaves_what_is_as_it_was(tmp_path: Path) -> None:
    """An edit of prose makes its own page, and those that tell of all pages; no other."""
    root = tmp_path / "report"
    report = make_report(root, {"mkdocs.yml": CONFIG, "theme/main.html": THEME})
    author = Author(report, 0)
    with other_plugins():
        report.build(command="serve", dirty=True)
        for path in report.site.rglob("*.html"):
            path.write_text("as it was", "utf-8")
        author.pages["p1"][1].append("More prose.")
        author.write()
        report.build(command="serve", dirty=True)
        made = {path for path, html in pages(report.site).items() if html != "as it was"}
        assert made == {"p1/index.html", "verified/index.html"}
        author.pages["p2"][1].append("And [@k7].")
        author.write()
        report.build(command="serve", dirty=True)
        made = {path for path, html in pages(report.site).items() if html != "as it was"}
        assert made == {"p1/index.html", "p2/index.html", "verified/index.html", "all/index.html"}


def test_a_build_of_the_same_reads_and_sets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is kept, and taken where one byte differs in nothing; else all is made anew."""
    root = tmp_path / "report"
    report = make_report(root, {"mkdocs.yml": CONFIG, "theme/main.html": THEME})
    author = Author(report, 0)
    with other_plugins():
        report.build()
    first = pages(report.site)

    def refuse(*_: object) -> None:
        raise AssertionError

    with other_plugins(), monkeypatch.context() as patch:
        patch.setattr("dossier.loading.read_project", refuse)
        assert pages(report.build().site) == first
        author.titles["k1"] = "Another"
        author.write()
        with pytest.raises(AssertionError):
            report.build()
    with other_plugins():
        assert pages(report.build().site) != first


PAGE = {"mkdocs.yml": CONFIG, "theme/main.html": THEME, "docs/index.md": "# T\n\n[@doe2020]\n"}


def test_a_kept_build_that_is_damaged_is_made_anew(tmp_path: Path) -> None:
    """What is cut short or of another form costs time and nothing else."""
    report = make_report(tmp_path, PAGE)
    with other_plugins():
        report.build()
    first = pages(report.site)
    (kept,) = (tmp_path / ".dossier" / "cache").glob("build-*.json")
    whole = kept.read_bytes()
    for damaged in (whole[:-9], b"", b"{}", whole.replace(b'"form":', b'"from":')):
        kept.write_bytes(damaged)
        with other_plugins():
            assert pages(report.build().site) == first


def test_what_has_a_warning_is_not_kept(tmp_path: Path) -> None:
    """What it warns of may go by itself: here a file that a page names comes later."""
    page = "---\nbibliography: more.bib\n---\n# T\n\n[@doe2020]\n"
    report = make_report(tmp_path, {**PAGE, "docs/index.md": page})
    with other_plugins():
        report.build()
    assert not list((tmp_path / ".dossier" / "cache").glob("build-*.json"))
    report.write({"docs/more.bib": "@book{more, title={M}, year=2001}"})
    with other_plugins():
        report.build()
    assert list((tmp_path / ".dossier" / "cache").glob("build-*.json"))


def test_what_is_edited_while_it_is_built_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next build would take what was made of the file as it was."""
    report = make_report(tmp_path, PAGE)
    made = publication.publish

    def publish(*arguments: Any) -> Publication:
        report.write({"references.bib": "@book{doe2020, title={Edited}, year=1999}"})
        return made(*arguments)

    with other_plugins(), monkeypatch.context() as patch:
        patch.setattr(publication, "publish", publish)
        report.build()
    assert not list((tmp_path / ".dossier" / "cache").glob("build-*.json"))
    with other_plugins():
        assert "1999" in pages(report.build().site)["index.html"]


def test_a_check_of_the_same_reads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not when a page, a source, an inherited configuration or a variable that it names changes."""
    files = {
        **PAGE,
        "mkdocs.yml": "INHERIT: base.yml\nsite_name: !ENV [REPORT_NAME, Report]\n",
        "base.yml": "plugins: [dossier]\n",
    }
    report = make_report(tmp_path, files)
    command = ["-f", str(tmp_path / "mkdocs.yml"), "check", "--format", "json"]

    def checked() -> str:
        assert main(command) == 0
        return capsys.readouterr().out

    first = checked()
    opened = []
    open_project = commands.opened

    def note(settings: Settings) -> Site:
        opened.append(settings)
        return open_project(settings)

    monkeypatch.setattr(commands, "opened", note)
    assert checked() == first
    assert not opened
    report.write({"base.yml": "plugins: [dossier: {locale: en-GB}]\n"})
    checked()
    monkeypatch.setenv("REPORT_NAME", "Another")
    checked()
    report.write({"docs/index.md": "# T\n\n[@roe2021]\n"})
    assert "uncited-reference" in checked()
    report.write({"docs/more.md": "# More\n\n[@doe2020; @poe2022]\n"})
    assert json.loads(checked()) == []
    assert len(opened) == 4
    assert checked() == checked()
    assert len(opened) == 4


def test_a_check_that_is_kept_sees_links(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those to nothing, and those that lead out: all in the docs folder is published."""
    report = make_report(tmp_path / "r", PAGE)
    command = ["-f", str(report.root / "mkdocs.yml"), "check"]
    assert main(command) == 0
    picture = report.root / "docs" / "elm.jpg"
    for target, code in (("gone.jpg", "page-unreadable"), ("../..", "symlink-outside")):
        picture.symlink_to(target)
        assert main(command) == 1
        assert code in capsys.readouterr().out
        picture.unlink()
        assert main(command) == 0
    page = report.root / "docs" / "index.md"
    outside = page.rename(tmp_path / "index.md")
    page.symlink_to(outside)
    assert main(command) == 1
    assert "symlink-outside" in capsys.readouterr().out
    assert list(report.root.glob(".dossier/cache/check-*"))
