"""Two builds of one state are identical to the byte, wherever and however they are made."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("docs", "sources", "overrides", "references.bib", "mkdocs.yml", "CITATION.cff")
EPOCH = "1790000000"
NOBODY = 65534

# Loaded by Python before anything else: a file system gives the names of a folder in any order.
SHUFFLING = """
import os, random

names, entries = os.listdir, os.scandir
order = random.Random(int(os.environ["ORDER"]))


def listdir(path="."):
    found = sorted(names(path))
    order.shuffle(found)
    return found


class scandir:
    def __init__(self, path="."):
        with entries(path) as found:
            self.found = sorted(found, key=lambda entry: entry.name)
        order.shuffle(self.found)

    def __iter__(self):
        return self

    def __next__(self):
        if not self.found:
            raise StopIteration
        return self.found.pop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.found = []


os.listdir, os.scandir = listdir, scandir
"""

# What a process is told of where it runs. A build that prints any of it is caught.
TELLING = """
import json, locale, os, time

umask = os.umask(0)
print(json.dumps({
    "folder": os.getcwd(),
    "length": len(os.getcwd()),
    "home": os.path.expanduser("~"),
    "login": os.environ["USER"],
    "zone": time.strftime("%z", time.localtime(1790000000)),
    "locale": locale.setlocale(locale.LC_ALL, ""),
    "umask": umask,
    "hash": hash("a"),
    "order": os.listdir("docs"),
    "files": [entry.name for entry in os.scandir("sources/records")],
}))
"""

# What people set for git, and what another program must not be led astray by.
GITCONFIG = """\
[log]
  showSignature = true
  follow = true
  date = relative
  diffMerges = combined
[color]
  ui = always
[core]
  abbrev = 5
  quotePath = true
[diff]
  noprefix = true
  renames = copies
"""


@dataclass(frozen=True)
class Place:
    """A folder with the report, and what differs about whoever builds there."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    umask: int = 0o022
    other_user: bool = False

    def run(self, *arguments: str) -> str:
        """Run Python there, and return what it prints."""
        home = self.folder.parent
        variables = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONPATH": str(home / "hook")}
        variables |= {"HOME": str(home), "TMPDIR": str(home), **self.variables}
        command = [sys.executable, *arguments]
        if self.other_user:
            # It may read everything, as what it needs of Python may stand in a home of root's.
            command = [
                *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
                *("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"),
                *command,
            ]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=variables,
            umask=self.umask,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def build(self) -> dict[str, str]:
        """The hash of every file of the site that a whole process builds there."""
        self.run("-m", "dossier.cli", "build")
        site = self.folder / "site"
        return {
            path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(site.rglob("*"))
            if path.is_file()
        }


def committed(folder: Path, *, backwards: bool) -> None:
    """Put the report into a folder, its files written in one order or the other, and commit it."""
    home = folder.parent
    (home / "hook").mkdir(parents=True)
    (home / "hook" / "sitecustomize.py").write_text(SHUFFLING, "utf-8")
    folder.mkdir()
    for part in sorted(PARTS, reverse=backwards):
        source = ROOT / part
        if source.is_file():
            shutil.copyfile(source, folder / part)
            continue
        for path in sorted((p for p in source.rglob("*") if p.is_file()), reverse=backwards):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    who = {
        f"GIT_{one}_{what}": "x" for one in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    when = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{EPOCH} +0000")
    variables = {**os.environ, **who, **when, "GIT_CONFIG_GLOBAL": os.devnull}
    for command in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "All")):
        subprocess.run(["git", *command], cwd=folder, env=variables, check=True)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("a") / "r"
    committed(folder, backwards=False)
    variables = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "ORDER": "1"}
    return Place(folder, {**variables, "USER": "ada", "LOGNAME": "ada"})


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Place]:
    # Not in the folders of pytest, into which no other user may go.
    with tempfile.TemporaryDirectory(prefix="dossier-") as top:
        Path(top).chmod(0o755)
        yield place_elsewhere(Path(top) / "another place" / ("deep down " * 9) / "report")


def place_elsewhere(folder: Path) -> Place:
    """All that may differ without a letter of the site differing."""
    committed(folder, backwards=True)
    home = folder.parent
    (home / ".gitconfig").write_text(GITCONFIG, "utf-8")
    # Only root may become another user.
    other = os.geteuid() == 0 and shutil.which("setpriv") is not None
    if other:
        for path in (home, *home.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    variables = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "tr_TR.UTF-8"}
    variables |= {"PYTHONHASHSEED": "77", "ORDER": "2", "USER": "grace", "LOGNAME": "grace"}
    return Place(folder, variables, 0o077, other)


@pytest.fixture(scope="module")
def built(here: Place) -> dict[str, str]:
    return here.build()


def test_the_two_places_differ(here: Place, elsewhere: Place) -> None:
    """What is said of the two places below is so."""
    one, other = (json.loads(place.run("-c", TELLING)) for place in (here, elsewhere))
    assert [name for name in one if one[name] == other[name]] == []
    for listing in ("order", "files"):
        assert sorted(one[listing]) == sorted(other[listing])
    if elsewhere.other_user:
        uids = [place.run("-c", "import os; print(os.getuid())") for place in (here, elsewhere)]
        assert uids == ["0\n", f"{NOBODY}\n"]


def test_another_place_gives_the_same_bytes(built: dict[str, str], elsewhere: Place) -> None:
    """Neither path, user, zone, locale, mask, seed nor order of names shows in the site."""
    assert elsewhere.build() == built
    expected = {"report.pdf", "evidence.json", "search/search_index.json", "sitemap.xml.gz"}
    assert expected <= set(built)
    assert any(name.startswith("charts/") for name in built)
    history = (elsewhere.folder / "site" / "findings" / "index.html").read_text("utf-8")
    assert "September 21, 2026</time>: added" in history
    # What the last build kept prints as what was worked out, and so does half of it.
    assert elsewhere.build() == built
    kept = list((elsewhere.folder / ".dossier" / "cache").glob("build-*.json"))
    assert kept
    for path in kept:
        path.unlink()
    assert elsewhere.build() == built


def test_what_is_packed_has_no_time(built: dict[str, str], here: Place) -> None:
    """A gzip file may tell when it was made (RFC 1952, section 2.3.1, MTIME); ours do not."""
    packed = [name for name in built if name.endswith(".gz")]
    assert packed
    for name in packed:
        assert (here.folder / "site" / name).read_bytes()[4:8] == bytes(4), name
