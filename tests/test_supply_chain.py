"""What is installed: by hash, as a wheel, held against advisories, from wherever it is had."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from audit.lock import without_addresses

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PIN = re.compile(r"[a-z0-9][a-z0-9.-]*==[^\s;@]+")

# In parts, since no file may name one, this one neither.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("pypi", "python", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("conda", "anaconda", "org"),
    )
)


def entries(lock: Path) -> dict[str, list[str]]:
    """The lines of a lock that pip reads, by what they pin: `name==version`, its hashes."""
    text = lock.read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith((" ", "#"))]
    return {line.split()[0]: line.split()[1:] for line in lines}


def tracked() -> list[Path]:
    """The files that git keeps; those of a copy without git are not known."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no clone: which files belong to it is not known")
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    assert len(paths) > 100
    return [path for path in paths if path.is_file()]


def test_there_is_a_lock_for_each_purpose() -> None:
    """What builds, tests, captures, audits and times has its lock; `make lock` writes them."""
    names = {lock.name for lock in LOCKS}
    assert names == {
        "requirements.lock",
        *(f"requirements-{purpose}.lock" for purpose in ("test", "capture", "audit", "bench")),
    }
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name in names:
        assert f"--output-file {name} " in makefile
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(project["optional-dependencies"]) == {"test", "capture", "audit"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_each_entry_of_a_lock_is_one_version_with_hashes(lock: Path) -> None:
    """Each line pins one version of one package by SHA-256, and none is an option or an address."""
    found = entries(lock)
    assert len(found) > 20
    for pin, hashes in found.items():
        assert PIN.fullmatch(pin), pin
        assert hashes, pin
        for one in hashes:
            assert re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one), pin
    assert "://" not in lock.read_text("utf-8")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_agree(lock: Path) -> None:
    """A package has one version in all locks, and the same hashes."""
    every = {pin.partition("==")[0]: (pin, hashes) for pin, hashes in entries(lock).items()}
    for other in LOCKS:
        for pin, hashes in entries(other).items():
            name = pin.partition("==")[0]
            assert every.get(name, (pin, hashes)) == (pin, hashes), other.name


def test_a_line_without_a_hash_is_seen(tmp_path: Path) -> None:
    """The reading of locks above sees what has no hash, and what is no package."""
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1 \\\n    --hash=sha256:0\n    # via b\nb==2\n--index-url x\n")
    assert entries(lock) == {"a==1": ["--hash=sha256:0"], "b==2": [], "--index-url": ["x"]}


def test_the_lock_of_npm_has_hashes_and_no_address() -> None:
    """Each package of npm has a hash (which its reader demands) and names no host."""
    import json

    lock = json.loads((ROOT / "audit" / "package-lock.json").read_text("utf-8"))
    assert without_addresses(lock) == lock


def test_no_file_names_a_registry() -> None:
    """Where packages come from is the machine's to say: no file names a host of them."""
    hosts = re.compile("|".join(map(re.escape, REGISTRIES)).encode(), re.IGNORECASE)
    found = {
        path.relative_to(ROOT).as_posix(): match.group().decode()
        for path in tracked()
        if (match := hosts.search(path.read_bytes()))
    }
    assert found == {}


def test_only_wheels_with_hashes_are_installed() -> None:
    """Every installation from a lock demands hashes and wheels, and looks for nothing besides."""
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    lines = [
        line for line in makefile.splitlines() if re.search(r"(pip|\(PIP\)) .*\binstall --", line)
    ]
    demands = ("--require-hashes", "--no-deps", "--only-binary :all:")
    # The project itself, from its own files; and the resolver, of which the locks come.
    own = [line for line in lines if not all(demand in line for demand in demands)]
    assert len(lines) - len(own) >= 2
    assert [line.split()[-1] for line in own] == [".", "'pip-tools>=7.5,<8'"]
    for line in makefile.splitlines():
        if re.search(r"-r \S+\.lock", line):
            assert line.lstrip("\t@").startswith("$(LOCKED)") or line in lines, line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_installs_through_make_alone(path: Path) -> None:
    """A workflow may do little, takes its actions by hash, and installs what the locks say."""
    text = path.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert set(job["permissions"].values()) <= {"read", "write"}
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", step["uses"])
            assert not re.search(r"\b(pip|pipx|uv|npm|npx|curl|wget)\b", step.get("run", ""))


def test_each_python_is_tested() -> None:
    """The versions of Python that the project names are those that each change is tested on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [c.rpartition(" ")[2] for c in project["classifiers"] if re.search(r":: 3\.\d+$", c)]
    site = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text("utf-8"))
    assert site["jobs"]["test"]["strategy"]["matrix"]["python"] == named
    assert named[0] == project["requires-python"].removeprefix(">=")


def test_the_locks_are_held_against_advisories() -> None:
    """Once a week and where one changes; a version that the service does not know is no success."""
    text = (ROOT / ".github" / "workflows" / "advisories.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    # YAML 1.1 reads the key `on` as true.
    events = workflow[True]
    assert re.fullmatch(r"\d+ \d+ \* \* \d", events["schedule"][0]["cron"])
    for event in ("push", "pull_request"):
        assert "requirements*.lock" in events[event]["paths"]
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    (line,) = [line for line in makefile.splitlines() if "/pip-audit " in line]
    for option in ("--strict", "--require-hashes", "--disable-pip", "requirements*.lock"):
        assert option in line


def test_updates_wait_and_cover_all_that_is_locked() -> None:
    """Dependabot looks at actions, Python and npm, and proposes nothing younger than a week."""
    settings = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text("utf-8"))
    covered = {(u["package-ecosystem"], u["directory"]) for u in settings["updates"]}
    assert covered == {("github-actions", "/"), ("pip", "/"), ("npm", "/audit")}
    assert all(update["cooldown"]["default-days"] >= 7 for update in settings["updates"])
