"""A build that is killed, or that the file system refuses, leaves the last good site whole."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dossier.building import DISCARDED, NEXT, PREVIOUS, beside, in_the_way, restore, swap
from processes import run_module

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

BIB = "@book{a, author={Doe, Jane}, title={T}, publisher={P}, year=2020}\n"

# Loaded by Python before anything else in the process of `dossier build`, and in that of MkDocs,
# which it starts: kills the one that is named at the nth time it changes the disk.
KILLER = """
import os, sys

if os.environ.get("KILLED") == ("host" if "dossier.hosting" in sys.orig_argv else "command"):
    left = int(os.environ["KILLED_AT"])
    site = os.environ["KILLED_SITE"]
    writes = os.O_WRONLY | os.O_RDWR

    def watch(event, arguments):
        global left
        changes = event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir")
        changes = changes or (event == "open" and arguments[2] & writes)
        # A tree is removed by names within folders that are held open.
        within = event in ("os.remove", "os.rmdir") and arguments[1] != -1
        if within or (changes and str(arguments[0]).startswith(site)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), 9)

    sys.addaudithook(watch)
"""


def report(folder: Path) -> Path:
    """A report of two pages with a site that was built from other text."""
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "index.md").write_text("# New\n\nSee [@a].\n", "utf-8")
    (folder / "docs" / "more.md").write_text("# More\n\nSee [@a].\n", "utf-8")
    config = "site_name: T\ntheme: {name: null, custom_dir: theme}\nplugins: [dossier]\n"
    (folder / "mkdocs.yml").write_text(config, "utf-8")
    (folder / "theme").mkdir()
    (folder / "theme" / "main.html").write_text("<title>T</title>{{ page.content }}", "utf-8")
    (folder / "references.bib").write_text(BIB, "utf-8")
    (folder / "killer").mkdir()
    (folder / "killer" / "sitecustomize.py").write_text(KILLER, "utf-8")
    return folder


def old_site(folder: Path) -> dict[str, bytes]:
    """Put a site of before into a report, and return its files."""
    site = folder / "site"
    (site / "old").mkdir(parents=True)
    for number in range(3):
        (site / "old" / f"{number}.html").write_text(f"old {number}", "utf-8")
    (site / "index.html").write_text("old", "utf-8")
    return held(site)


def held(site: Path) -> dict[str, bytes]:
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}


ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1700000000"}


def build(folder: Path, killed: str = "", at: int = 0) -> subprocess.CompletedProcess[str]:
    """Build in processes of their own, which the killer can reach."""
    environment = {
        **os.environ,
        **ENVIRONMENT,
        "PYTHONPATH": str(folder / "killer"),
        "PYTHONDONTWRITEBYTECODE": "1",  # of what stands in the folder, whose files are compared
        "KILLED": killed,
        "KILLED_AT": str(at),
        "KILLED_SITE": str(folder / "site"),
    }
    command = [sys.executable, "-m", "dossier.cli", "build"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def build_again(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build in processes that have everything loaded, which nothing kills."""
    return run_module(("dossier.cli", "build"), folder, {**os.environ, **ENVIRONMENT})


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A report, and the files of the site that a build which is left alone makes of it."""
    folder = report(tmp_path_factory.mktemp("killed") / "report")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    site = held(folder / "site")
    shutil.rmtree(folder / "site")
    return folder, site


# The command: move the old site aside, the new one in, rename the old and delete it. The host:
# folders and files of the fresh site, one after another.
MOMENTS = [*(("command", at) for at in range(1, 9)), *(("host", at) for at in (1, 2, 4, 7))]


@pytest.mark.parametrize(("killed", "at"), MOMENTS)
def test_a_kill_at_any_change_of_the_disk_loses_no_site(
    good: tuple[Path, dict[str, bytes]], killed: str, at: int
) -> None:
    """What stands, or is put back by the next command, is the whole old site or the whole new."""
    folder, new = good
    for name in ("site", *(f"site{ending}" for ending in (NEXT, PREVIOUS, DISCARDED))):
        shutil.rmtree(folder / name, ignore_errors=True)
    old = old_site(folder)
    done = build(folder, killed, at)
    if killed == "command":
        assert done.returncode == -signal.SIGKILL
    else:
        assert done.returncode == 1
        assert "Traceback" not in done.stdout + done.stderr
        assert held(folder / "site") == old
    restore(folder / "site")
    assert held(folder / "site") in (old, new)
    assert build_again(folder).returncode == 0
    assert held(folder / "site") == new
    beside_it = {p.name for p in folder.iterdir() if p.name.startswith("site")}
    assert beside_it == {"site"}


def test_a_swap_that_is_refused_puts_the_old_site_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full when the new site is moved in leaves the old one where it was."""
    site = tmp_path / "site"
    for folder, text in ((site, "old"), (beside(site, NEXT), "new")):
        folder.mkdir()
        (folder / "index.html").write_text(text, "utf-8")
    move = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if path == beside(site, NEXT):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return move(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        swap(site)
    assert (site / "index.html").read_text("utf-8") == "old"


FULL = """
import errno, os, sys

site = os.environ["KILLED_SITE"] + ".next"
writes = os.O_WRONLY | os.O_RDWR

def watch(event, arguments):
    if event == "open" and arguments[2] & writes and str(arguments[0]).startswith(site):
        raise OSError(errno.{error}, os.strerror(errno.{error}), str(arguments[0]))

sys.addaudithook(watch)
"""


@pytest.mark.parametrize(
    ("error", "mend"), [("ENOSPC", "make room on the disk"), ("EROFS", "may be written to")]
)
def test_a_disk_that_refuses_is_a_problem(tmp_path: Path, error: str, mend: str) -> None:
    """A full disk and one that may only be read: named with the file and the mend, no traceback."""
    folder = report(tmp_path / "report")
    old = old_site(folder)
    (folder / "killer" / "sitecustomize.py").write_text(FULL.format(error=error), "utf-8")
    done = build(folder)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "Traceback" not in said
    assert f"{folder / 'site.next'}" in said
    assert ":1:1: file-refused: " in said
    assert mend in said
    assert held(folder / "site") == old
    assert not (folder / "site.next").exists()


@pytest.mark.parametrize(
    ("site", "why"),
    [
        (".", "holds or lies within"),
        ("docs", "holds or lies within"),
        ("docs/site", "holds or lies within"),
        ("sources", "holds or lies within"),
        ("references.bib", "holds or lies within"),
        ("notes", "no page of a site"),
        ("notes/letter.txt", "a file or a link"),
    ],
)
def test_what_is_no_site_is_not_replaced(tmp_path: Path, site: str, why: str) -> None:
    """A slip in `site_dir` costs no pages, no sources, and no folder of anything else."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "sources").mkdir()
    (tmp_path / "references.bib").write_text(BIB, "utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "letter.txt").write_text("Dear", "utf-8")
    kept = (tmp_path / "docs", tmp_path / "sources", tmp_path / "references.bib")
    (problem,) = in_the_way(tmp_path / site, kept)
    assert problem.code == "site-in-the-way"
    assert why in problem.message
    assert problem.hint


def test_a_site_is_replaced_and_a_new_one_made(tmp_path: Path) -> None:
    """Nothing, an empty folder and a site of before are in nobody's way."""
    assert in_the_way(tmp_path / "site", ()) == ()
    (tmp_path / "site").mkdir()
    assert in_the_way(tmp_path / "site", ()) == ()
    (tmp_path / "site" / "index.html").write_text("old", "utf-8")
    (tmp_path / "site" / "CNAME").write_text("example.org", "utf-8")
    assert in_the_way(tmp_path / "site", (tmp_path / "docs",)) == ()


def test_a_slip_in_the_folder_of_the_site_ends_before_anything_is_built(tmp_path: Path) -> None:
    """`dossier build` says what it would have replaced, and leaves every file."""
    folder = report(tmp_path / "report")
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write("site_dir: theme\n")
    (folder / "theme" / "main.html").rename(folder / "theme" / "main.txt")
    before = held(folder)
    done = build(folder)
    assert done.returncode == 1
    assert f"{folder / 'theme'}:1:1: site-in-the-way: " in done.stdout
    assert "mend: " in done.stdout
    assert held(folder) == before
