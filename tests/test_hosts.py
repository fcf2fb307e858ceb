"""The report of this repository under the hosts that build it: ProperDocs and Zensical."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from reports import Report

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).resolve().parent.parent


def check(report: Report) -> list[dict[str, object]]:
    """Return what `dossier check --site` finds wrong, notes left out."""
    done = report.run("dossier.cli", "check", "--format", "json", "--site", str(report.site))
    assert "Traceback" not in done.stderr
    return [p for p in json.loads(done.stdout) if p["severity"] != "note"]


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!ENV", lambda *_: "")


def copy(folder: Path) -> tuple[Report, dict[str, Any]]:
    """Return a copy of the report, theme and all, and its configuration to be changed."""
    for name in ("docs", "sources", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "references.bib", folder)
    return Report(folder, folder / "site"), configuration()


def configuration() -> dict[str, Any]:
    """Return the configuration of the report; variables of the environment are empty."""
    return yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader=_Loader)  # noqa: S506


def assert_chapters_are_numbered(report: Report) -> None:
    """Hold the line above each title, and the numbers before and behind, against `nav`."""
    config = configuration()
    chapters = [name for chapter in config["nav"] for name in chapter.values()]
    for number, name in enumerate(chapters, 1):
        stem = name.removesuffix(".md")
        page = report.html("index.html" if stem == "index" else f"{stem}/index.html")
        line = "Research report" if number == 1 else f"Chapter {number}"
        assert [e.text for e in page.all(class_="kicker")] == [line]
        beside = [str(n) for n in (number - 1, number + 1) if 1 <= n <= len(chapters)]
        assert [e.text for e in page.all(class_="turn-number")] == beside
        assert '<rect x="3.5"' in page.source  # the mark of the report, a symbol of its own


def zensical(report: Report, config: dict[str, Any]) -> Report:
    """Build a report with Zensical."""
    (report.root / "mkdocs.yml").write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
    done = report.run("zensical", "build", "-f", "mkdocs.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    return report


def test_properdocs_builds_the_report(tmp_path: Path) -> None:
    """It loads the plugin; every citation is there and nothing is raw."""
    report = Report(ROOT, tmp_path / "site")
    done = report.run("properdocs", "build", "-q", "-f", "mkdocs.yml", "-d", str(report.site))
    assert done.returncode == 0, done.stdout + done.stderr
    assert check(report) == []
    assert len(report.html("spending/index.html").citations()) > 10
    assert_chapters_are_numbered(report)


@pytest.fixture(scope="module")
def by_extension(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Return the report built by Zensical, the options moved from the plugin to the extension."""
    report, _ = copy(tmp_path_factory.mktemp("zensical"))
    shutil.copy(ROOT / "mkdocs.yml", report.root)
    subprocess.run([sys.executable, ROOT / ".ci/zensical.py", "site"], cwd=report.root, check=True)
    text = (report.root / "mkdocs.zensical.yml").read_text("utf-8")
    # Variables of the environment are there for whoever builds it elsewhere.
    assert text.count("!ENV") == (ROOT / "mkdocs.yml").read_text("utf-8").count("!ENV")
    return zensical(report, yaml.load(text, Loader=_Loader))  # noqa: S506


def test_zensical_builds_the_pages_of_the_report(by_extension: Report) -> None:
    """Through the extension alone every citation is there, and nothing is raw."""
    assert check(by_extension) == []
    pages = by_extension.pages()
    assert len(pages["spending/index.html"].citations()) > 10
    assert len(pages["spending/index.html"].entries()) > 10
    for name, page in pages.items():
        assert (name, page.repeated_ids()) == (name, [])


def test_the_theme_of_the_report_serves_zensical_too(by_extension: Report) -> None:
    """Its templates keep to what both template engines know: chapters have their numbers."""
    assert_chapters_are_numbered(by_extension)


def test_links_of_the_evidence_hold_under_zensical(by_extension: Report) -> None:
    """To entries, passages, places and pages."""
    assert by_extension.dead_links() == []


def test_what_zensical_lacks_is_what_maintainers_are_told(by_extension: Report) -> None:
    """The guides list it for whoever has to choose; what comes to be there is taken off."""
    page = (ROOT / "guides" / "docs" / "maintaining.md").read_text("utf-8")
    table = page.partition("| Missing | Files |\n")[2].partition("\n\n")[0]
    names = [n for row in table.splitlines() for n in re.findall(r"`([^`]+)`", row) if " " not in n]
    assert len(names) > 5
    assert [name for name in names if (by_extension.site / name).exists()] == []
    chapter = by_extension.html("spending/index.html").source
    for lacking in ("Content-Security-Policy", "application/ld+json", "citation_title"):
        assert lacking not in chapter


def test_a_host_that_skips_the_plugin_is_found_out(tmp_path: Path) -> None:
    """Zensical ignores a plugin that it does not know; the check of the site does not."""
    report, config = copy(tmp_path / "p")
    zensical(report, config)
    codes = {str(problem["code"]) for problem in check(report)}
    assert {"raw-citation", "citations-lost", "raw-directive"} <= codes
