"""Building never loses the last good site."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dossier.building import NEXT, PREVIOUS, beside, build, restore, swap
from dossier.problems import Problem

FAULT = Problem("raw-citation", "index.html", 1, 1, "wrong")


def make(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(text, "utf-8")


def builder(text: str, status: int = 0):
    def run(folder: Path) -> int:
        make(folder, text)
        return status

    return run


def content(site: Path) -> str:
    return (site / "index.html").read_text("utf-8")


def test_a_good_build_takes_the_place_of_the_site(tmp_path: Path) -> None:
    """The new site stands, and nothing is left beside it."""
    site = tmp_path / "site"
    make(site, "old")
    built, problems = build(site, builder("new"), lambda _: ())
    assert (built, problems, content(site)) == (True, (), "new")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["site"]


@pytest.mark.parametrize("first", [True, False])
def test_a_failed_build_changes_nothing(tmp_path: Path, first: bool) -> None:
    """A builder that fails half way leaves the site as it was, or none where none was."""
    site = tmp_path / "site"
    if not first:
        make(site, "old")
    built, _ = build(site, builder("half", status=1), lambda _: ())
    assert not built
    assert site.exists() != first
    assert not beside(site, NEXT).exists()


def test_a_site_with_faults_is_not_published(tmp_path: Path) -> None:
    """What the check of the HTML finds keeps the old site."""
    site = tmp_path / "site"
    make(site, "old")
    built, problems = build(site, builder("new"), lambda _: (FAULT,))
    assert (built, problems, content(site)) == (False, (FAULT,), "old")


def test_a_builder_that_dies_changes_nothing(tmp_path: Path) -> None:
    """An exception on the way passes on, with the old site in its place."""
    site = tmp_path / "site"
    make(site, "old")

    def die(folder: Path) -> int:
        make(folder, "half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(site, die, lambda _: ())
    assert content(site) == "old"


# What a kill leaves after each step of a swap: (site, previous, next) and what must stand after.
STATES = [
    ("old", None, "new", "old"),
    (None, "old", "new", "old"),
    ("new", "old", None, "new"),
    ("new", None, None, "new"),
]


@pytest.mark.parametrize(("now", "previous", "fresh", "kept"), STATES)
def test_a_swap_cut_short_is_mended(
    tmp_path: Path, now: str | None, previous: str | None, fresh: str | None, kept: str
) -> None:
    """After a kill at any moment the next run finds or restores a whole site."""
    site = tmp_path / "site"
    for folder, text in (
        (site, now),
        (beside(site, PREVIOUS), previous),
        (beside(site, NEXT), fresh),
    ):
        if text is not None:
            make(folder, text)
    restore(site)
    assert content(site) == kept
    built, _ = build(site, builder("later"), lambda _: ())
    assert built
    assert content(site) == "later"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["site"]


KILLED = """
import os, sys
from pathlib import Path
from dossier import building

site, moment = Path(sys.argv[1]), int(sys.argv[2])
done = 0

def tick(original):
    def wrapped(*args, **kwargs):
        global done
        if done == moment:
            os.kill(os.getpid(), 9)
        done += 1
        return original(*args, **kwargs)
    return wrapped

Path.replace = tick(Path.replace)
building.shutil.rmtree = tick(building.shutil.rmtree)

def run(folder):
    folder.mkdir()
    (folder / "index.html").write_text("new", "utf-8")
    return 0

building.build(site, run, lambda _: ())
"""


@pytest.mark.parametrize("moment", range(4))
def test_a_real_kill_at_each_step_leaves_a_whole_site(tmp_path: Path, moment: int) -> None:
    """A process killed before each move or removal leaves a state that the next run mends."""
    site = tmp_path / "site"
    make(site, "old")
    subprocess.run([sys.executable, "-c", KILLED, str(site), str(moment)], check=False)
    restore(site)
    assert content(site) in ("old", "new")


def test_a_swap_without_a_site_is_a_move(tmp_path: Path) -> None:
    """The first build of a project has nothing to move aside."""
    site = tmp_path / "site"
    make(beside(site, NEXT), "new")
    swap(site)
    assert content(site) == "new"


def test_a_broken_report_keeps_its_last_site(tmp_path: Path) -> None:
    """`dossier build` over a report that went wrong exits 1 and leaves every byte as it was."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# T\n\nSee [@a].\n", "utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: T\nplugins: [search, dossier]\n", "utf-8")
    bib = tmp_path / "references.bib"
    bib.write_text("@book{a, author={Doe, Jane}, title={T}, publisher={P}, year=2020}\n", "utf-8")
    command = [sys.executable, "-m", "dossier.cli", "build"]

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ}
        )

    assert run().returncode == 0
    before = {p: p.read_bytes() for p in (tmp_path / "site").rglob("*") if p.is_file()}
    bib.write_text("@book{b, author={Doe, Jane}, title={T}, publisher={P}, year=2020}\n", "utf-8")
    failed = run()
    assert failed.returncode == 1
    assert "unknown-key" in failed.stdout + failed.stderr
    assert "Traceback" not in failed.stdout + failed.stderr
    after = {p: p.read_bytes() for p in (tmp_path / "site").rglob("*") if p.is_file()}
    assert before == after
    assert not (tmp_path / "site.next").exists()
