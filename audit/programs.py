"""The programs that an audit needs besides Python: Node.js with npm, Java and a Chromium."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from bench.processes import RunError, read

FOLDER = Path(__file__).parent
"""Where the packages of npm are named, locked and installed."""

_INSTALLED = FOLDER / "node_modules"
LIGHTHOUSE = _INSTALLED / "lighthouse" / "cli" / "index.js"
CHECKER = _INSTALLED / "vnu-jar" / "build" / "dist" / "vnu.jar"

# `engines` of Lighthouse 12; its next version asks for a Node.js that Debian 12 does not have.
_NODE = (18, 16)
_WANTED = {
    "node": "Node.js 18.16 or newer (on Debian and Ubuntu: apt-get install nodejs npm)",
    "npm": "npm, which comes with Node.js (on Debian and Ubuntu: apt-get install npm)",
    "java": "Java 11 or newer (on Debian and Ubuntu: apt-get install default-jre-headless)",
}
_BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chrome")


class MissingError(Exception):
    """A program is not there; the words say what to install."""


def program(name: str) -> str:
    """Return the path of a program. Raises MissingError with what to install."""
    found = shutil.which(name)
    if found is None:
        raise MissingError(
            f"There is no {name} here, which an audit needs: install {_WANTED[name]}"
        )
    return found


def node() -> str:
    """Return the path of a Node.js that is new enough. Raises MissingError."""
    found = program("node")
    printed = read((found, "--version"), FOLDER).decode().strip()
    version = tuple(map(int, re.findall(r"\d+", printed)[:2]))
    if version < _NODE:
        raise MissingError(f"An audit needs more than Node.js {printed}: install {_WANTED['node']}")
    return found


def java() -> str:
    """Return the path of a Java that runs. Raises MissingError."""
    found = program("java")
    try:
        # macOS has a `java` that only says that there is none.
        read((found, "-version"), FOLDER)
    except RunError as failure:
        raise MissingError(f"java does not run: install {_WANTED['java']}\n{failure}") from failure
    return found


def browser() -> str:
    """Return the path of a Chromium: that of CHROME_PATH, or one of this system."""
    named = os.environ.get("CHROME_PATH")
    if named:
        return named
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise MissingError(
            "There is no Chromium here, and Lighthouse needs one: install the package chromium, "
            "or name a browser in CHROME_PATH"
        )
    return found


def install() -> None:
    """Install the packages of npm from their lock, unless they stand there as it has them.

    Raises MissingError without npm, RunError where it fails.
    """
    stamp = _INSTALLED / ".package-lock.json"
    lock = FOLDER / "package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    read((program("npm"), "ci"), FOLDER)
    stamp.touch()
