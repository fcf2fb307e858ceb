"""Where a new report gets its engine from: addresses without secrets, commits, and the lock."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from dossier import installation
from dossier.cli import main
from dossier.engine_address import (
    Engine,
    from_answer,
    from_direct_url,
    public_address,
    requirement,
)
from dossier.starting import FILES

ROOT = Path(__file__).resolve().parent.parent
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SHA256 = COMMIT + "0" * 24
SECRET = "s3cr3t"


# -- addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://example.org/a/b.git", "https://example.org/a/b.git"),
        ("git+https://example.org/a/b", "https://example.org/a/b"),
        ("https://example.org:8443/b", "https://example.org:8443/b"),
        (f"https://jane:{SECRET}@example.org/b.git", "https://example.org/b.git"),
        (f"https://{SECRET}@example.org/b.git", "https://example.org/b.git"),
        (f"https://example.org/b.git?token={SECRET}#x", "https://example.org/b.git"),
        ("ssh://git@example.org/b.git", "ssh://git@example.org/b.git"),
        (f"ssh://git:{SECRET}@example.org:22/b", "ssh://git@example.org:22/b"),
        ("git@example.org:a/b.git", "ssh://git@example.org/a/b.git"),
    ],
)
def test_an_address_for_others_has_no_secret(address: str, public: str) -> None:
    """No user, password, token or query is left but the name by which ssh finds its way."""
    assert public_address(address) == public
    assert requirement(address, COMMIT) == f"dossier @ git+{public}@{COMMIT}"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/home/jane/dossier",
        "../dossier",
        "file:///home/jane/dossier",
        "http://example.org/b.git",
        "git://example.org/b.git",
        "https://example.org",
        "https://example.org/",
        "https:///b.git",
        "https://[::1/b.git",
        "https://example.org/b.git@main",
        "https://example.org/a b.git",
        "https://example.org/${HOME}.git",
        "https://example.org/b.git\n--index-url https://example.org/",
        "C:/dossier",
    ],
)
def test_what_is_of_use_to_nobody_else_is_no_address(address: str) -> None:
    """Paths, what anyone can change on the way, and what pip would read as something else."""
    assert public_address(address) == ""
    assert requirement(address, COMMIT) == ""


def test_a_commit_is_whole() -> None:
    """A branch, a tag or the beginning of a hash is none: it may be another tomorrow."""
    for commit in ("", "main", "v0.1.0", COMMIT[:12], COMMIT.upper(), COMMIT + "0"):
        assert requirement("https://example.org/b.git", commit) == ""


def test_an_answer_names_a_commit_or_means_the_one_that_is_known() -> None:
    """The commit that is named goes before; without any there is no line."""
    address = "https://example.org/b.git"
    other = COMMIT[::-1]
    assert from_answer(f" {address}@{COMMIT} ", other) == f"dossier @ git+{address}@{COMMIT}"
    assert from_answer(address, COMMIT) == f"dossier @ git+{address}@{COMMIT}"
    assert from_answer("git@example.org:b.git", COMMIT).endswith(f"example.org/b.git@{COMMIT}")
    assert from_answer(address, "") == ""
    assert from_answer(f"{address}@main", COMMIT) == ""


# -- what pip notes --------------------------------------------------------------------------


def git(url: str) -> str:
    return json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": COMMIT}})


@pytest.mark.parametrize(
    ("noted", "engine"),
    [
        ("", Engine()),
        ("[]", Engine()),
        ("{}", Engine()),
        ('{"url": 1, "dir_info": 2}', Engine()),
        (
            '{"url": "file:///d%20e", "dir_info": {"editable": true}}',
            Engine("dossier @ file:///d%20e", "", "file:///d%20e"),
        ),
        ('{"url": "https://example.org/d", "dir_info": {}}', Engine()),
        (
            git("https://example.org/d.git"),
            Engine("", f"dossier @ git+https://example.org/d.git@{COMMIT}", "", COMMIT),
        ),
        (
            git(f"https://jane:{SECRET}@example.org/d.git"),
            Engine("", f"dossier @ git+https://example.org/d.git@{COMMIT}", "", COMMIT),
        ),
        (
            git("file:///d"),
            Engine(f"git+file:///d@{COMMIT}", "", "file:///d", COMMIT),
        ),
        (git("https://example.org/d.git").replace('"git"', '"hg"'), Engine()),
        (git("https://example.org/d.git").replace(COMMIT, "main"), Engine()),
        (
            json.dumps(
                {"url": "https://example.org/d.whl", "archive_info": {"hashes": {"sha256": SHA256}}}
            ),
            Engine("", f"dossier @ https://example.org/d.whl --hash=sha256:{SHA256}"),
        ),
        (
            json.dumps(
                {"url": "https://example.org/d.whl", "archive_info": {"hash": f"sha256={SHA256}"}}
            ),
            Engine("", f"dossier @ https://example.org/d.whl --hash=sha256:{SHA256}"),
        ),
        ('{"url": "https://example.org/d.whl", "archive_info": {}}', Engine()),
        ('{"url": "file:///d.whl", "archive_info": {}}', Engine("dossier @ file:///d.whl")),
    ],
)
def test_what_pip_notes_is_understood(noted: str, engine: Engine) -> None:
    """A folder, a repository or a file, here or elsewhere; what says nothing of use is nothing."""
    assert from_direct_url(noted) == engine


# -- what git knows --------------------------------------------------------------------------


def run_git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Jane", "-c", "user.email=jane@example.org")
    command = ("git", "-C", str(folder), *identity, *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that passes for the checkout that the engine runs from, with a commit."""
    folder = tmp_path / "the engine"
    folder.mkdir()
    for name in ("pyproject.toml", "requirements-capture.lock"):
        shutil.copy(ROOT / name, folder / name)
    run_git(folder, "init", "--quiet", "--initial-branch=main")
    run_git(folder, "add", ".")
    run_git(folder, "commit", "--quiet", "--message=All")
    monkeypatch.setattr(installation, "_CHECKOUT", folder)
    return folder


def new(tmp_path: Path, *options: str) -> Path:
    assert main(["new", "--yes", *options, str(tmp_path / "r")]) == 0
    return tmp_path / "r"


def lines(file: Path) -> list[str]:
    """The lines of a file that pip reads."""
    return [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]


def test_a_checkout_names_its_folder_here_and_its_remote_to_others(
    tmp_path: Path, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No path of this machine and no secret is in a file that git keeps."""
    run_git(checkout, "remote", "add", "backup", "/elsewhere")
    address = f"https://jane:{SECRET}@example.org/d.git"
    run_git(checkout, "remote", "add", "origin", address)
    commit = run_git(checkout, "rev-parse", "HEAD")
    report = new(tmp_path)
    assert lines(report / "engine.txt") == [f"dossier @ git+https://example.org/d.git@{commit}"]
    assert lines(report / "engine.local.txt") == [f"dossier @ {checkout.as_uri()}"]
    assert "/engine.local.txt" in lines(report / ".gitignore")
    for path in (*FILES, *capsys.readouterr().out.splitlines()):
        text = (report / path).read_text("utf-8") if path in FILES else path
        assert SECRET not in text
        assert path == "engine.local.txt" or str(checkout) not in text


def test_a_commit_that_no_remote_has_is_still_to_be_published(
    tmp_path: Path, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As far as this clone knows; nobody is asked."""
    run_git(checkout, "remote", "add", "origin", "https://example.org/d.git")
    commit = run_git(checkout, "rev-parse", "HEAD")
    shutil.rmtree(new(tmp_path))
    assert f"publish the commit {commit[:12]} of the engine" in capsys.readouterr().out
    run_git(checkout, "update-ref", "refs/remotes/origin/main", commit)
    new(tmp_path)
    assert "Left to do" not in capsys.readouterr().out


def test_an_ssh_address_needs_a_key(
    tmp_path: Path, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who writes the report is told, since the workflows have none."""
    run_git(checkout, "remote", "add", "origin", "git@example.org:d.git")
    report = new(tmp_path)
    assert lines(report / "engine.txt")[0].startswith("dossier @ git+ssh://git@example.org/d.git@")
    assert "the workflows need one with https, or a key" in capsys.readouterr().out


@pytest.mark.parametrize("remote", ["", "/somewhere", "file:///somewhere", "../d"])
def test_without_an_address_it_says_what_is_left(
    tmp_path: Path, checkout: Path, capsys: pytest.CaptureFixture[str], remote: str
) -> None:
    """The engine of this machine is used meanwhile; a name alone is never asked of a registry."""
    if remote:
        run_git(checkout, "remote", "add", "origin", remote)
    report = new(tmp_path)
    assert lines(report / "engine.txt") == []
    assert lines(report / "engine.local.txt") == [f"dossier @ {checkout.as_uri()}"]
    assert "write into engine.txt where others" in capsys.readouterr().out


def test_what_is_named_goes_before_what_is_found(tmp_path: Path, checkout: Path) -> None:
    """With --engine, whose commit is that of the checkout where it names none."""
    run_git(checkout, "remote", "add", "origin", "https://example.org/d.git")
    commit = run_git(checkout, "rev-parse", "HEAD")
    report = new(tmp_path, "--engine", "https://example.org/fork.git")
    assert lines(report / "engine.txt") == [f"dossier @ git+https://example.org/fork.git@{commit}"]


def test_a_folder_within_another_repository_has_none_of_its_own(
    tmp_path: Path, checkout: Path
) -> None:
    """The commit and the remote of what surrounds it are not those of the engine."""
    shutil.rmtree(checkout / ".git")
    run_git(tmp_path, "init", "--quiet")
    run_git(tmp_path, "remote", "add", "origin", "https://example.org/other.git")
    run_git(tmp_path, "commit", "--quiet", "--allow-empty", "--message=Other")
    assert lines(new(tmp_path) / "engine.txt") == []


# -- what is installed without a checkout ----------------------------------------------------


class Installed:
    """A distribution as a wheel leaves it: `files` are those of its metadata."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def read_text(self, name: str) -> str | None:
        return self.files.get(name)


def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: dict[str, str]) -> None:
    monkeypatch.setattr(installation, "_CHECKOUT", tmp_path / "lib")
    monkeypatch.setattr(metadata, "distribution", lambda _: Installed(files))


def test_an_installed_engine_tells_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its address is what pip noted, and its lock stands in its metadata."""
    lock = (ROOT / "requirements-capture.lock").read_text("utf-8")
    noted = {
        "direct_url.json": git("https://example.org/d.git"),
        "extra_metadata/requirements-capture.lock": lock,
    }
    installed(monkeypatch, tmp_path, noted)
    report = new(tmp_path)
    assert lines(report / "engine.txt") == [f"dossier @ git+https://example.org/d.git@{COMMIT}"]
    assert not (report / "engine.local.txt").exists()
    assert "engine.local.txt  " not in capsys.readouterr().out
    assert (report / "requirements.lock").read_text("utf-8").splitlines()[1:] == [
        line for line in lock.splitlines() if not line.startswith("#")
    ]


def test_an_engine_of_unknown_address_cannot_be_installed_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As when an index served it; that is said, and no name is left to be looked up."""
    lock = (ROOT / "requirements-capture.lock").read_text("utf-8")
    installed(monkeypatch, tmp_path, {"extra_metadata/requirements-capture.lock": lock})
    assert lines(new(tmp_path) / "engine.txt") == []
    assert "until then `make` cannot install it" in capsys.readouterr().out


def test_an_engine_without_its_lock_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report without one would install whatever is newest."""
    installed(monkeypatch, tmp_path, {})
    assert main(["new", "--yes", str(tmp_path / "r")]) == 1
    assert "file-refused" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_the_lock_is_that_of_this_engine(tmp_path: Path) -> None:
    """Each line that pip reads, with its hashes; no option and no address is among them."""
    written = (new(tmp_path) / "requirements.lock").read_text("utf-8")
    ours = (ROOT / "requirements-capture.lock").read_text("utf-8")
    assert written.partition("\n")[2] in ours
    assert ours.endswith(written.partition("\n")[2])
    pins = re.findall(r"^(\S+==\S+) \\\n    --hash=sha256:", written, re.MULTILINE)
    assert pins == re.findall(r"^(\S+==\S+)", ours, re.MULTILINE)
    assert "://" not in written
    assert not re.search(r"^-", written, re.MULTILINE)


def test_a_wheel_holds_what_is_written(tmp_path: Path) -> None:
    """Each template, and the lock; so does the wheel that is made of the archive of sources."""
    from hatchling.builders.sdist import SdistBuilder
    from hatchling.builders.wheel import WheelBuilder

    (archive,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path))
    with tarfile.open(archive) as packed:
        # Python has it from 3.11.4 on, and warns without it from 3.12 on.
        if hasattr(tarfile, "data_filter"):
            packed.extraction_filter = tarfile.data_filter
        packed.extractall(tmp_path / "sources")  # noqa: S202 - an archive made here
    (unpacked,) = (tmp_path / "sources").iterdir()
    templates = {path.removeprefix(".") for path in FILES} - {"requirements.lock"}
    for root in (ROOT, unpacked):
        (wheel,) = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
        with zipfile.ZipFile(wheel) as held:
            names = held.namelist()
            assert {f"dossier/new_report/{name}" for name in templates} <= set(names)
            (lock,) = [name for name in names if name.endswith("requirements-capture.lock")]
            assert lock.endswith(".dist-info/extra_metadata/requirements-capture.lock")
            assert held.read(lock) == (ROOT / "requirements-capture.lock").read_bytes()
