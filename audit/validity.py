"""What the Nu HTML checker says of pages and styles, read beside the rules that are known."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from audit.programs import CHECKER, java
from audit.sites import Site, address_of
from bench.comparison import aligned
from bench.processes import read

# The checker on the web must not be sent to its own machine; here it has to go there.
_LOCAL = "nu.validator.servlet.allow-forbidden-hosts"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the checker: of which file, at which line, an error or a warning, its words.

    `source` is the piece of the file that it is about.
    """

    path: str
    line: int
    kind: str
    words: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A message that is known: its words as a pattern, whose it is, and why it stays.

    `source` is a pattern of the piece of the file that it is about, where the words say too little.
    """

    pattern: str
    of: str
    reason: str
    source: str = ""

    def meets(self, message: Message) -> bool:
        """Whether these are the words of a message, all of them, about such a piece."""
        return (
            re.fullmatch(self.pattern, message.words) is not None
            and re.search(self.source, message.source) is not None
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Messages of a site: those that no rule knows, and how often each rule was met."""

    unknown: tuple[Message, ...]
    met: tuple[tuple[Rule, int], ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """A sentence for each message that no rule knows, and each rule that is met no more.

        What is said in many places is told once, with the first of them.
        """
        places: dict[tuple[str, str], list[Message]] = {}
        for message in self.unknown:
            places.setdefault((message.kind, message.words), []).append(message)
        words = [
            f"{first.path}:{first.line}: {kind}: {said}"
            + (f" (and {len(others)} times more)" if others else "")
            for (kind, said), (first, *others) in places.items()
        ]
        words += [
            f"the checker says no more what audit/known.toml lists: {rule.pattern}"
            for rule, times in self.met
            if not times
        ]
        return tuple(words)


def read_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules of a file in TOML: tables `rule`, each with a message, of whom, and why."""
    return tuple(
        Rule(
            " ".join(rule["message"].split()),
            rule["of"],
            " ".join(rule["reason"].split()),
            rule.get("source", ""),
        )
        for rule in tomllib.loads(text)["rule"]
    )


def read_messages(output: bytes, address: str) -> tuple[Message, ...]:
    """Return what the checker printed as JSON, its paths within the site at an address.

    Information that is not a warning is left out; what kept it from checking is an error.
    """
    found = []
    for message in json.loads(output)["messages"]:
        warning = message["type"] == "info"
        if warning and message.get("subType") != "warning":
            continue
        path = message.get("url", "").removeprefix(address)
        words = " ".join(message["message"].split())
        kind = "warning" if warning else "error"
        source = message.get("extract", "")
        found.append(Message(path, message.get("lastLine", 0), kind, words, source))
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


def check(site: Site, files: Sequence[str]) -> tuple[Message, ...]:
    """Return what the checker says of files of a site, pages or styles by their suffixes.

    It asks for them at the site's address, since a security policy is about addresses. Raises
    MissingError without Java, RunError where the checker fails.
    """
    if not files:
        return ()
    command = (
        *(java(), f"-D{_LOCAL}=true", "-jar", str(CHECKER)),
        *("--format", "json", "--stdout", "--exit-zero-always", "--also-check-css"),
        *(site.address + address_of(path) for path in files),
    )
    return read_messages(read(command, site.folder), site.address)


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
