"""The pages of the guides as Markdown: their front matter and their fenced blocks."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

_FENCE = re.compile(
    r'^(?P<fence>`{3,})(?P<kind>\w*)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^(?P=fence)$',
    re.MULTILINE | re.DOTALL,
)
_FRONT = re.compile(r"\A---\n(.*?)^---\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its kind, its title, and its text, at `page[start:end]`.

    It stands with its fences at `page[outer[0]:outer[1]]`.
    """

    kind: str
    title: str
    text: str
    start: int
    end: int
    outer: tuple[int, int]


def front_of(page: str) -> Mapping[str, str]:
    """Return the front matter of a page."""
    found = _FRONT.match(page)
    return (yaml.safe_load(found[1]) if found else None) or {}


def blocks(page: str) -> tuple[Block, ...]:
    """Return the fenced blocks of a page, in order."""
    return tuple(
        Block(one["kind"], one["title"] or "", one["body"], *one.span("body"), one.span())
        for one in _FENCE.finditer(page)
    )


def variables(name: str, address: str) -> dict[str, str]:
    """Return the variables of a shell that has `dossier`, and a git that nobody has set up."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = {"PATH": path, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        found |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": address}
    return found
