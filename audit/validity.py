"""What the Nu HTML checker says of pages and styles, read beside the rules that are known."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.programs import CHECKER, java
from bench.comparison import aligned
from bench.processes import read


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the checker: of which file, at which line, an error or a warning, its words."""

    path: str
    line: int
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A message that is known: its words as a pattern, whose it is, and why it stays."""

    pattern: str
    of: str
    reason: str

    def meets(self, message: Message) -> bool:
        """Whether these are the words of a message, all of them."""
        return re.fullmatch(self.pattern, message.words) is not None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Messages of a site: those that no rule knows, and how often each rule was met."""

    unknown: tuple[Message, ...]
    met: tuple[tuple[Rule, int], ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """A sentence for each message that no rule knows, and each rule that is met no more."""
        words = [f"{m.path}:{m.line}: {m.kind}: {m.words}" for m in self.unknown]
        words += [
            f"the checker says no more what audit/known.toml lists: {rule.pattern}"
            for rule, times in self.met
            if not times
        ]
        return tuple(words)


def read_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules of a file in TOML: tables `rule`, each with a message, of whom, and why."""
    return tuple(
        Rule(" ".join(rule["message"].split()), rule["of"], " ".join(rule["reason"].split()))
        for rule in tomllib.loads(text)["rule"]
    )


def read_messages(output: bytes, folder: Path) -> tuple[Message, ...]:
    """Return what the checker printed as JSON, its paths within a folder.

    Information that is not a warning is left out; what kept it from checking is an error.
    """
    found = []
    for message in json.loads(output)["messages"]:
        warning = message["type"] == "info"
        if warning and message.get("subType") != "warning":
            continue
        path = message.get("url", "").removeprefix("file:").removeprefix(str(folder.resolve()))
        words = " ".join(message["message"].split())
        kind = "warning" if warning else "error"
        found.append(Message(path.lstrip("/"), message.get("lastLine", 0), kind, words))
    return tuple(found)


def hold(messages: Sequence[Message], rules: Sequence[Rule]) -> Verdict:
    """Return which messages no rule knows, and how often each rule was met."""
    met: Counter[Rule] = Counter()
    unknown = []
    for message in messages:
        rule = next((rule for rule in rules if rule.meets(message)), None)
        if rule is None:
            unknown.append(message)
        else:
            met[rule] += 1
    return Verdict(tuple(unknown), tuple((rule, met[rule]) for rule in rules))


def check_files(folder: Path, files: Sequence[str]) -> tuple[Message, ...]:
    """Return what the checker says of files of a folder, pages or styles by their suffixes.

    Raises MissingError without Java, RunError where the checker fails.
    """
    if not files:
        return ()
    options = ("--format", "json", "--stdout", "--exit-zero-always", "--also-check-css")
    command = (java(), "-jar", str(CHECKER), *options, *files)
    return read_messages(read(command, folder), folder)


def as_text(ours: Verdict, bare: Sequence[Message]) -> str:
    """Return the rules with how often each was met, here and in bare Material."""
    lines = [("Nu HTML checker", "the report", "bare Material")]
    for rule, times in ours.met:
        theirs = sum(rule.meets(message) for message in bare)
        lines.append((f"known, of {rule.of}: {_short(rule.pattern)}", str(times), str(theirs)))
    known = [rule for rule, _ in ours.met]
    rest = sum(not any(rule.meets(message) for rule in known) for message in bare)
    lines.append(("all others", str(len(ours.unknown)), str(rest)))
    return aligned(lines)


def _short(pattern: str) -> str:
    plain = pattern.replace("\\", "").replace(".*", "...")
    return plain if len(plain) <= 72 else f"{plain[:71]}…"
