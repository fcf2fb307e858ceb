"""The commit that a project stands at, and the files of those before it: what git knows."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 60.0
"""Seconds after which git is given up."""


@dataclass(frozen=True, slots=True)
class Version:
    """The files of some folders at a commit, by their paths, and its day (ISO 8601)."""

    commit: str
    date: str
    files: Mapping[str, bytes]


_PLAIN = tuple(
    word
    for setting in (
        "core.quotePath=false",
        "log.showSignature=false",
        "log.follow=false",
        "log.diffMerges=separate",
        "color.ui=false",
    )
    for word in ("-c", setting)
)
"""What a user may have set otherwise, and with it how git prints what is read here."""

_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def commit_of(root: Path) -> str:
    """Return the hash of the commit checked out, empty where there is no git or no commit.

    Source of the layout: gitrepository-layout(5), HEAD, refs and packed-refs; a work tree
    beside its repository names that in a file `.git`.
    """
    folder = next((p / ".git" for p in (root, *root.parents) if (p / ".git").exists()), None)
    if folder is None:
        return ""
    if folder.is_file():
        folder = (folder.parent / _text(folder).removeprefix("gitdir:").strip()).resolve()
    head = _text(folder / "HEAD")
    if not head.startswith("ref:"):
        return head if _HASH.fullmatch(head) else ""
    name = head.removeprefix("ref:").strip()
    shared = _text(folder / "commondir")
    places = [folder, *([(folder / shared).resolve()] if shared else [])]
    for place in places:
        found = _text(place / name)
        if _HASH.fullmatch(found):
            return found
        for line in _text(place / "packed-refs").splitlines():
            value, _, ref = line.partition(" ")
            if ref == name and _HASH.fullmatch(value):
                return value
    return ""


def past_versions(root: Path, folders: tuple[str, ...]) -> tuple[tuple[Version, ...], bool] | None:
    """Return the commits that changed folders of a project, the oldest first, with their files.

    The second value tells whether the history is whole; that of a shallow clone begins with all
    files of its first commit. None where there is no git, or it does not answer. Merges count as
    what they brought in (git-log(1), `--first-parent`).
    """
    log = ["log", "--reverse", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames"]
    listed = _git(root, *log, "--relative", "--format=commit %H %cs", "--", *folders)
    shallow = _git(root, "rev-parse", "--is-shallow-repository")
    if listed is None or shallow is None:
        return None
    names: dict[str, str] = {}
    states: list[tuple[str, str, dict[str, str]]] = []
    for line in listed.decode("utf-8", "replace").splitlines():
        if line.startswith("commit "):
            _, commit, date = line.split(" ")
            states.append((commit, date, names))
        elif line.startswith(":"):
            # `:old-mode new-mode old-hash new-hash status TAB path`
            head, _, path = line.partition("\t")
            blob, status = head.split(" ")[3:5]
            names = {name: held for name, held in names.items() if name != path}
            names |= {} if status == "D" else {path: blob}
            states[-1] = (*states[-1][:2], names)
    blobs = _blobs(root, sorted({blob for *_, held in states for blob in held.values()}))
    if blobs is None:
        return None
    versions = tuple(
        Version(commit, date, {path: blobs[blob] for path, blob in sorted(held.items())})
        for commit, date, held in states
    )
    return versions, shallow.strip() == b"false"


def in_repository(root: Path) -> bool:
    """Tell whether a folder belongs to a repository, and git can read it."""
    return _git(root, "rev-parse", "--git-dir") is not None


def is_top(root: Path) -> bool:
    """Tell whether a folder is the top of a repository, and not one somewhere within it."""
    prefix = _git(root, "rev-parse", "--show-prefix")
    return prefix is not None and not prefix.strip()


def remote_of(root: Path) -> str:
    """Return the address that a repository is shared at, as its configuration has it, or empty.

    That is of the remote `origin`, else of the first one. It may have a password in it.
    """
    names = (_git(root, "remote") or b"").decode("utf-8", "replace").split()
    name = "origin" if "origin" in names else next(iter(names), "")
    found = _git(root, "config", "--get", f"remote.{name}.url") if name else None
    return (found or b"").decode("utf-8", "replace").strip()


def is_shared(root: Path, commit: str) -> bool:
    """Tell whether a branch of a remote is known to have a commit; no remote is asked."""
    named = None if commit.startswith("-") else commit
    return bool(named and _git(root, "branch", "--remotes", "--contains", named))


def user_name(root: Path) -> str:
    """Return the name under which commits are made there, empty where none is set."""
    found = _git(root, "config", "--get", "user.name")
    return (found or b"").decode("utf-8", "replace").strip()


def version_at(root: Path, revision: str, wanted: Callable[[str], bool]) -> Version | None:
    """Return a commit with those files of a project whose paths are wanted.

    `revision` is any name of a commit (gitrevisions(7)), `wanted` is asked of paths relative to
    the project. Links are left out. None where there is no such commit, or not all of it is here,
    as in a partial clone.
    """
    # An option is no revision, whatever it does to git.
    named = None if revision.startswith("-") else revision
    found = _git(root, "rev-parse", "--verify", "--quiet", f"{named}^{{commit}}") if named else None
    if found is None:
        return None
    commit = found.decode("ascii").strip()
    date = _git(root, "show", "--no-patch", "--format=%cs", commit)
    listed = _git(root, "ls-tree", "-r", "-z", commit)
    if date is None or listed is None:
        return None
    names: dict[str, str] = {}
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        # `mode type hash TAB path`; a link has the mode 120000
        head, _, path = line.partition("\t")
        if head.startswith("100") and wanted(path):
            names[path] = head.split(" ")[2]
    blobs = _blobs(root, sorted(set(names.values())))
    if blobs is None:
        return None
    files = {path: blobs[blob] for path, blob in sorted(names.items())}
    return Version(commit, date.decode("ascii").strip(), files)


def _blobs(root: Path, names: list[str]) -> dict[str, bytes] | None:
    """Return the content of blobs (git-cat-file(1), `--batch`), None where one is missing."""
    output = _git(root, "cat-file", "--batch", text="".join(f"{name}\n" for name in names))
    blobs: dict[str, bytes] = {}
    at = 0
    while output is not None and at < len(output):
        end = output.index(b"\n", at)
        name, *rest = output[at:end].decode("ascii", "replace").split(" ")
        if len(rest) != 2:
            return None
        size = int(rest[1])
        blobs[name] = output[end + 1 : end + 1 + size]
        at = end + size + 2
    return blobs if output is not None and len(blobs) == len(names) else None


def _git(root: Path, *arguments: str, text: str = "") -> bytes | None:
    """Return what git prints, None where it is not there or fails; it reaches no network."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    command = ["git", "-C", str(root), *_PLAIN, *arguments]
    try:
        done = subprocess.run(
            command,
            input=text.encode(),
            capture_output=True,
            env=environment,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
