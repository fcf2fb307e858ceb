"""The report of this repository under the hosts that build it: ProperDocs and Zensical."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from reports import Report

ROOT = Path(__file__).resolve().parent.parent


def check(report: Report) -> list[dict[str, object]]:
    """Return what `dossier check --site` finds wrong, notes left out."""
    done = report.run("dossier.cli", "check", "--format", "json", "--site", str(report.site))
    assert "Traceback" not in done.stderr
    return [p for p in json.loads(done.stdout) if p["severity"] != "note"]


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!ENV", lambda *_: "")


def copy(folder: Path) -> tuple[Report, dict[str, object]]:
    """Return a copy of the report, and its configuration to be changed."""
    for name in ("docs", "sources"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "references.bib", folder)
    config = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader=_Loader)  # noqa: S506
    # The pages are held to account, not the theme: Zensical's templates are its own.
    config["theme"] = {"name": "material", "language": "en", "font": False}
    return Report(folder, folder / "site"), config


def zensical(report: Report, config: dict[str, object]) -> Report:
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


@pytest.fixture(scope="module")
def by_extension(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Return the report built by Zensical, the options moved from the plugin to the extension."""
    report, config = copy(tmp_path_factory.mktemp("zensical"))
    assert isinstance(config["plugins"], list)
    (options,) = [p for p in config["plugins"] if isinstance(p, dict) and "dossier" in p]
    config["plugins"].remove(options)
    assert isinstance(config["markdown_extensions"], list)
    config["markdown_extensions"].append(options)
    return zensical(report, config)


def test_zensical_builds_the_pages_of_the_report(by_extension: Report) -> None:
    """Through the extension alone every citation is there, and nothing is raw."""
    assert check(by_extension) == []
    pages = by_extension.pages()
    assert len(pages["spending/index.html"].citations()) > 10
    assert len(pages["spending/index.html"].entries()) > 10
    for name, page in pages.items():
        assert (name, page.repeated_ids()) == (name, [])


def test_links_of_the_evidence_hold_under_zensical(by_extension: Report) -> None:
    """To entries, passages, places and pages."""
    assert by_extension.dead_links() == []


def test_a_host_that_skips_the_plugin_is_found_out(tmp_path: Path) -> None:
    """Zensical ignores a plugin that it does not know; the check of the site does not."""
    report, config = copy(tmp_path / "p")
    zensical(report, config)
    codes = {str(problem["code"]) for problem in check(report)}
    assert {"raw-citation", "citations-lost", "raw-directive"} <= codes
