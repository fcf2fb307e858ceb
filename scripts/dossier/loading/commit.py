"""The commit that a project stands at, read from git's own files."""

from __future__ import annotations

import re
from pathlib import Path

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


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
