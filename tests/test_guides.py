"""The guides: they build, their examples do what they say, and the reference leaves nothing out."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from playwright.sync_api import Browser

from browsing import SCHEME, SIZES, opened, served, switch
from dossier.calculations import COUNTED, FUNCTIONS
from dossier.cli import command_line
from dossier.directives import DIRECTIVES
from dossier.exhibits import NAMES
from dossier.front_matter import FIELDS
from dossier.schemas import schemas
from dossier.settings import DEFAULTS, OPTIONS
from guides.pages import blocks, front_of
from guides.reference import PROBLEMS, pages
from guides.walks import DOCS, begin, faults, follow, walks
from reports import Html
from test_accessibility_browser import (
    ALIKE,
    COLORS,
    RULES,
    most_alike,
    only_colors_changed,
    violations,
)

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).resolve().parent.parent
# The pages of problems have a form of their own, and tests of their own.
TYPED = sorted(path for path in DOCS.rglob("*.md") if path.parent.name != "problems")
WIDEST = 110
LOOKED_AT = ("", "tutorial/", "explanation/origins/", "reference/fields/", "problems/")
# What a walk cannot run: it needs the network, an account, or goes on until it is ended.
ELSEWHERE = re.compile(
    r"git (?:clone|push|remote) |make (?:-C dossier )?(?:install|serve|properdocs|zensical)\b"
    r"|make (?:lock|advisories|install test)\b|mkdir |cd |\. \.venv|pip install |pre-commit install"
    r"|rsync |dossier (?:verify --live|capture https://)"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the guides, built strictly and checked, as the workflow builds them."""
    folder = tmp_path_factory.mktemp("guides") / "site"
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    environment["SITE_URL"] = "https://report.example/trees/"
    command = [sys.executable, "-m", "dossier.cli", "-f", "guides/mkdocs.yml", "build"]
    built = subprocess.run(
        [*command, "--site-dir", folder], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert "WARNING" not in built.stderr
    return folder


@pytest.fixture(scope="module")
def built(site: Path) -> dict[str, Html]:
    return {
        path.relative_to(site).as_posix(): Html(path.read_text("utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


# -- the site ------------------------------------------------------------------------------------


def test_every_page_is_in_the_guides(built: dict[str, Html]) -> None:
    """Those that are written, those that come from the code, and those of problems."""
    written = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} | pages().keys()
    expected = {
        "index.html" if name == "index.md" else f"{name.removesuffix('.md')}/index.html"
        for name in written
    }
    expected = {name.replace("/index/index.html", "/index.html") for name in expected}
    assert set(built) == {*expected, "404.html"}


def test_internal_links_and_anchors_lead_somewhere(site: Path, built: dict[str, Html]) -> None:
    """From every page, to a file of the site and to an id on the page it leads to."""
    dead: list[str] = []
    seen = 0
    for name, page in built.items():
        for link in page.all("a"):
            href = link.attributes.get("href", "")
            parts = urlsplit(href)
            if not href or parts.scheme or name == "404.html":
                continue
            target = site / name
            if parts.path:
                target = (target.parent / unquote(parts.path)).resolve()
                target = target / "index.html" if target.is_dir() else target
            there = target.relative_to(site).as_posix() if target.is_relative_to(site) else ""
            found = target.is_file()
            if found and parts.fragment and there in built:
                found = unquote(parts.fragment) in built[there].ids
            seen += 1
            dead += [] if found else [f"{name}: {href}"]
    assert dead == []
    assert seen > 500


def test_their_address_is_below_that_of_the_report(site: Path) -> None:
    """The address of the report is all that is given."""
    assert "https://report.example/trees/guides/tutorial/" in (site / "sitemap.xml").read_text()


def test_they_ask_no_other_host(built: dict[str, Html]) -> None:
    """Every page has the policy that lets a browser ask its own alone."""
    for name, page in built.items():
        policies = [
            e
            for e in page.all("meta")
            if "http-equiv" in e.attributes and "content" in e.attributes
        ]
        assert any("default-src 'self'" in e.attributes["content"] for e in policies), name


def test_assessments_are_those_that_the_explanation_tells_of(built: dict[str, Html]) -> None:
    """The worked example shows all six, and each as the text goes on to explain it."""
    page = built["explanation/origins/index.html"]
    rows = {
        row.attributes["id"].removeprefix("finding-"): row.attributes["data-assessment"]
        for row in page.all("tr")
        if row.attributes.get("id", "").startswith("finding-")
    }
    assert rows == {
        "oldest-tree": "single-origin",
        "shade-is-cooler": "confirmed",
        "shade-is-cooler-everywhere": "qualified",
        "how-many-trees": "disputed",
        "gardens-counted": "contradicted",
        "young-trees-watered": "disputed",
        "birds-gained": "unsupported",
    }


def test_the_report_links_to_them_and_the_workflow_builds_them_into_its_site() -> None:
    """After the report itself, whose build replaces the folder."""
    jobs = yaml.safe_load((ROOT / ".github/workflows/site.yml").read_text("utf-8"))["jobs"]
    steps = [step.get("run", "") for step in jobs["build"]["steps"]]
    assert steps.index("make build") < steps.index("make build-guides")
    upload = next(n for n, s in enumerate(jobs["build"]["steps"]) if "upload" in s.get("uses", ""))
    assert steps.index("make build-guides") < upload
    assert "site/guides" in (ROOT / "Makefile").read_text("utf-8")
    assert "guides/docs/index.md" in (ROOT / "README.md").read_text("utf-8")
    other = [step.get("run", "") for step in jobs["hosts"]["steps"]]
    assert {"make properdocs", "make zensical"} <= set(other)


# -- examples ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", walks(), ids=lambda path: path.stem)
def test_a_page_that_is_followed_does_what_it_says(path: Path, tmp_path: Path) -> None:
    """From top to bottom: commands succeed, and print what stands below them."""
    page = path.read_text("utf-8")
    done = tuple(follow(page, begin(page, tmp_path)))
    assert faults(page, done) == []
    assert any(one.shown for one in done)


def test_a_page_that_says_otherwise_is_found(tmp_path: Path) -> None:
    """What is printed otherwise, a command that fails unseen, and a block that nothing runs."""
    page = (
        "---\nstart: nothing\n---\n\n```sh\necho a\n```\n\n```text\nb\n```\n\n"
        "```sh\nfalse\n```\n\n```yaml\nkey: value\n```\n"
    )
    found = faults(page, tuple(follow(page, begin(page, tmp_path))))
    assert [told.splitlines()[-1] for told in found] == ["a", "`false` prints:", "key: value"]


def test_the_tutorial_and_every_how_to_page_are_followed() -> None:
    """Each page that tells of doing is one whose examples are run."""
    followed = set(walks())
    assert DOCS / "tutorial.md" in followed
    assert set((DOCS / "how-to").glob("*.md")) <= followed
    assert front_of((DOCS / "tutorial.md").read_text("utf-8"))["start"] == "nothing"


@pytest.mark.parametrize("path", TYPED, ids=lambda path: path.stem)
def test_what_is_not_run_is_said_so(path: Path) -> None:
    """Commands for readers alone need a network, an account or an end; no other is among them."""
    for block in blocks(path.read_text("utf-8")):
        for line in block.text.splitlines() if block.kind == "console" else ():
            assert line.startswith("$ "), line
            assert ELSEWHERE.match(line[2:]), line


@pytest.mark.parametrize("path", TYPED, ids=lambda path: path.stem)
def test_lines_are_short_enough_to_review(path: Path) -> None:
    """Prose is; what a program prints, tables and addresses are as long as they are."""
    page = path.read_text("utf-8")
    for block in reversed(blocks(page)):
        page = page[: block.start] + page[block.end :]
    for line in page.splitlines():
        assert len(line) <= WIDEST or line.startswith(("|", "```")) or "://" in line, line


# -- the reference -------------------------------------------------------------------------------


def code_in(text: str) -> set[str]:
    """The first word of each piece of code that begins a row or is a heading."""
    return {found.split()[0] for found in re.findall(r"^\| \[?`([^`]+)`", text, re.MULTILINE)}


def subcommands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in command_line()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def test_every_command_is_in_the_reference_with_all_that_it_takes() -> None:
    """And nothing that the parser does not know."""
    text = pages()["reference/commands.md"]
    told = re.split(r"^## dossier", text, flags=re.MULTILINE)
    assert [part.split()[0] for part in told[2:]] == [name for name, _ in subcommands()]
    for part, (name, parser) in zip(told[2:], subcommands(), strict=True):
        known = {
            word
            for action in parser._actions
            if not isinstance(action, argparse._HelpAction)
            for word in (action.option_strings or [str(action.metavar or action.dest)])
        }
        listed = {
            word.strip().split()[0].replace("\\|", "|")
            for cell in re.findall(r"^\| `([^`]+)`", part, re.MULTILINE)
            for word in cell.split(", ")
        }
        assert (name, listed) == (name, known)


def test_every_option_is_in_the_reference() -> None:
    """Of the plugin and of front matter; the plugin takes no other."""
    from dossier.plugin import DossierConfig

    assert code_in(pages()["reference/options.md"]) == {*OPTIONS, *FIELDS}
    assert {name for name, _ in DossierConfig._schema} == set(OPTIONS) == set(DEFAULTS)


def test_the_fields_of_front_matter_that_are_checked_are_in_the_reference() -> None:
    """No field is judged of which nothing says what it means."""
    from dossier.front_matter import _CHECKS

    assert set(_CHECKS) <= set(FIELDS)


def test_every_directive_is_in_the_reference() -> None:
    """With its options, and what is filled in within a sentence."""
    text = pages()["reference/directives.md"]
    headings = re.findall(r"^## (\w+)$", text, re.MULTILINE)
    assert headings == list(DIRECTIVES)
    assert set(NAMES) <= set(DIRECTIVES)
    for form in DIRECTIVES.values():
        for option, values in form.options.items():
            assert all(f"`{option}={value}`" in text for value in values)
    filled = set(re.findall(r"^\| `\{= (\w+)\(", text, re.MULTILINE))
    assert filled == set(FUNCTIONS)
    assert all(f"| `{word}` |" in text for word in COUNTED)


def test_every_field_is_in_the_reference() -> None:
    """Of each kind of file and each of its parts, with what it means."""
    text = pages()["reference/fields.md"]
    sections = dict(
        re.findall(r"\{: #([\w-]+) \}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    )
    wanted: dict[str, set[str]] = {}
    for kind, schema in schemas().items():
        wanted[kind] = set(schema["properties"])  # type: ignore[call-overload]
        for name, form in schema.get("$defs", {}).items():  # type: ignore[attr-defined]
            part = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name.removesuffix("Form")).lower()
            wanted[f"{kind}-{part}"] = set(form["properties"])
    assert {name: code_in(section) for name, section in sections.items()} == wanted


def test_every_code_is_in_the_reference_and_leads_to_its_page() -> None:
    """Where there is one; and no page is of a code that does not exist."""
    row = re.compile(r"^\| `([^`]+)` \| (?:error|warning|note)\b", re.MULTILINE)
    known = set(row.findall(PROBLEMS.read_text("utf-8")))
    text = pages()["problems/index.md"]
    assert code_in(text) == known
    written = {path.stem for path in (DOCS / "problems").glob("*.md")} - {"index"}
    assert written <= known
    for code in written:
        assert f"| [`{code}`]({code}.md) |" in text


# -- in a browser --------------------------------------------------------------------------------


@pytest.mark.parametrize("width", SIZES)
def test_axe_finds_nothing(browser: Browser, site: Path, width: int) -> None:
    """On a page of each kind, wide and narrow, in both schemes."""
    schemes = set()
    with served(site, places=0) as home, opened(browser, width) as page:
        for path in LOOKED_AT:
            page.goto(home + path)
            for rules, least in ((RULES, 20), (COLORS, 1)):
                if rules is COLORS:
                    switch(page)
                only_colors_changed(page)
                page.evaluate(ALIKE, most_alike(page, width))
                assert (path, violations(page, "html", least, rules)) == (path, [])
                schemes.add((path, page.evaluate(SCHEME)))
    assert len(schemes) == 2 * len(LOOKED_AT)
