"""Where the engine can be installed from, for this machine and for others: lines for pip.

Read from what pip notes when it installs from an address (PyPA, "Recording the Direct URL Origin
of installed distributions", once PEP 610) and from what git knows of a checkout. No line has a
user name that is a secret, a password or a token.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# What a line of a requirements file takes as it stands: no space, no comment, no variable.
_PLAIN = re.compile(r"[A-Za-z0-9._~/%+:@\[\]-]+")
# The short form of ssh addresses, `user@host:path` (git-fetch(1), "GIT URLS").
_SHORT = re.compile(r"(?P<user>[\w.-]+)@(?P<host>[\w.-]+):(?P<path>[^/\s].*)")


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine as a requirement: `local` for this machine, `shared` for everyone; may be empty.

    `folder` is the address (`file:`) of the folder that it was installed from, with its `commit`
    where that is known.
    """

    local: str = ""
    shared: str = ""
    folder: str = ""
    commit: str = ""


def public_address(address: str) -> str:
    """Return the address of a repository as others may have it, empty where it is none for them.

    That is one with https or ssh. Of https nothing is kept but host, port and path, of ssh the name
    of the user too, which is part of the way; the short form of ssh is written out.
    """
    text = address.strip().removeprefix("git+")
    if (short := _SHORT.fullmatch(text)) and "://" not in text:
        text = f"ssh://{short['user']}@{short['host']}/{short['path']}"
    split = _split(text)
    if split is None or split.scheme not in ("https", "ssh"):
        return ""
    # What stands behind an `@` in a path is taken for the name of a commit.
    if not split.path.strip("/") or "@" in split.path:
        return ""
    host = split.netloc.rpartition("@")[2]
    user = split.netloc.rpartition("@")[0].partition(":")[0]
    if split.scheme == "ssh" and user:
        host = f"{user}@{host}"
    found = urlunsplit((split.scheme, host, split.path, "", ""))
    return found if host and _PLAIN.fullmatch(found) else ""


def requirement(address: str, commit: str) -> str:
    """Return the line by which pip installs a commit of a repository, or nothing."""
    found = public_address(address)
    if not found or not _COMMIT.fullmatch(commit):
        return ""
    return f"dossier @ git+{found}@{commit}"


def from_answer(answer: str, commit: str) -> str:
    """Return the line for an address that someone names, or nothing where it is none.

    It is `ADDRESS@COMMIT` or, where the commit of the engine is known, `ADDRESS`.
    """
    address, at, named = answer.strip().rpartition("@")
    if at and _COMMIT.fullmatch(named):
        return requirement(address, named)
    return requirement(answer, commit)


def from_folder(address: str, remote: str, commit: str) -> Engine:
    """Return the engine of a checkout: its address (`file:`), its remote and its commit."""
    return Engine(f"dossier @ {address}", requirement(remote, commit), address, commit)


def from_direct_url(text: str) -> Engine:
    """Return the engine as `direct_url.json` tells of it; empty where that says nothing of use."""
    try:
        told = json.loads(text)
    except ValueError:
        return Engine()
    told = told if isinstance(told, dict) else {}
    address = str(told.get("url") or "")
    versions = told.get("vcs_info")
    archive = told.get("archive_info")
    if isinstance(versions, dict):
        commit = str(versions.get("commit_id") or "")
        if versions.get("vcs") != "git" or not _COMMIT.fullmatch(commit):
            return Engine()
        if _is_file(address):
            # Without its name, since pip 23 takes no name before an address without a host.
            return Engine(f"git+{address}@{commit}", "", address, commit)
        return Engine("", requirement(address, commit), "", commit)
    if isinstance(archive, dict):
        return _from_archive(address, archive)
    if isinstance(told.get("dir_info"), dict) and _is_file(address):
        return Engine(f"dossier @ {address}", "", address)
    return Engine()


def _from_archive(address: str, archive: dict[str, object]) -> Engine:
    if _is_file(address):
        return Engine(f"dossier @ {address}")
    hashes = archive.get("hashes")
    known = str(hashes.get("sha256") or "") if isinstance(hashes, dict) else ""
    known = known or str(archive.get("hash") or "").removeprefix("sha256=")
    found = public_address(address)
    if not found.startswith("https:") or not _SHA256.fullmatch(known):
        return Engine()
    return Engine("", f"dossier @ {found} --hash=sha256:{known}")


def _is_file(address: str) -> bool:
    return address.startswith("file:///") and _PLAIN.fullmatch(address) is not None


def _split(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:
        return None
