"""What is wrong with the HTML of a built site: what was scanned must have been printed.

Where its pages have content security policies these must fit, and nothing in a page need more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from dossier.blocking import Blocked, blocked
from dossier.policy import policy_in, policy_of, unlisted_scripts
from dossier.problems import Problem, Severity, in_order

_SILENT = frozenset({"code", "pre", "script", "style", "textarea", "kbd", "samp", "template"})
# What the engine prints of the evidence: the words of others, not those of an author.
_PRINTED = frozenset({"citation", "references", "findings", "series", "citation-notes"})
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)
_RAW_CITATION = re.compile(
    r"\[(?:[^\]\[]{0,80}[^\w\]\[.])?-?@(?P<key>[\w{][^\]\[\s;,]*)(?:[^\]\[]{0,80}\])?"
)
_RAW_DIRECTIVE = re.compile(r"(?m)^[ \t]*:::[ \t]+\w.*$")
_TOKEN = re.compile("[\ue0d0-\ue0db]")
_MARK_MEND = (
    "take out the plugin or hook that copies the text of pages before they are done; where there "
    "is none, report this error"
)
_PLACE = re.compile(r"cite-\d+")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a page should show: its path, the citations in it and the `@` that are escaped.

    Each of `escaped` is the word behind an escaped sign.
    """

    path: str
    citations: int
    escaped: frozenset[str] = field(default_factory=frozenset)


class _Reading(HTMLParser):
    """Counts citations and gathers the text of authors: neither code nor script nor evidence."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.citations = 0
        self.text: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        classes = set((values.get("class") or "").split())
        if _PLACE.fullmatch(values.get("id") or "") and "citation" in classes:
            self.citations += 1
        silent = tag in _SILENT or classes & _PRINTED
        if tag not in _VOID and (silent or tag in self._silent):
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(data)


def check_html(pages: Mapping[str, str], expected: Mapping[str, Expected]) -> tuple[Problem, ...]:
    """Return every problem of a built site, in order.

    `pages` gives the HTML by its path in the site; `expected` what the page made from
    it should show, by the same path. Codes: raw-citation, raw-directive, raw-token,
    citations-lost, and page-missing, a warning where no citation is missing with the page
    (another plugin may put it elsewhere, or leave it out).
    """
    readings = {path: _read(text) for path, text in pages.items()}
    escaped = frozenset(word for wanted in expected.values() for word in wanted.escaped)
    problems: list[Problem] = []
    for path, reading in readings.items():
        problems += _raw(path, "".join(reading.text), escaped)
        if _TOKEN.search(pages[path]):
            message = "a mark of the engine is published"
            problems.append(_problem("raw-token", path, message, _MARK_MEND))
        if path in expected and reading.citations < expected[path].citations:
            problems.append(_lost(path, expected[path], reading.citations))
    elsewhere = sum(r.citations for path, r in readings.items() if path not in expected)
    missing = {path: wanted for path, wanted in expected.items() if path not in pages}
    gone = sum(wanted.citations for wanted in missing.values()) > elsewhere
    for path, wanted in missing.items():
        message = f"{wanted.path} is not in the site"
        hint = "see the log of the build; a page may be left out with `exclude_docs`"
        severity: Severity = "error" if gone and wanted.citations else "warning"
        problems.append(_problem("page-missing", path, message, hint, severity))
    return in_order(problems)


def check_policies(pages: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what is wrong with the content security policies of a built site, in order.

    `pages` gives the HTML by its path in the site. Codes: policy-missing, policy-outdated,
    blocked-style, blocked-script, blocked-address.
    """
    problems: list[Problem] = []
    for path, html in pages.items():
        problems += _policy(path, html)
        problems += (_blocked(path, item) for item in blocked(html))
    return in_order(problems)


def _policy(path: str, html: str) -> Iterator[Problem]:
    policy = policy_in(html)
    if policy is None:
        message = "the page has no content security policy, or has it behind what it must bind"
        hint = (
            "name the plugin `dossier` last; a file that MkDocs only copies: make it a page, or "
            "write the policy into its head"
        )
        yield _problem("policy-missing", path, message, hint)
    elif policy != policy_of(html):
        message = "the content security policy is not the one that the page needs"
        if scripts := unlisted_scripts(html, policy):
            message = f"the content security policy does not list the script `{_short(scripts[0])}`"
        hint = "another plugin changes the page behind `dossier`: name `dossier` last"
        yield _problem("policy-outdated", path, message, hint)


def _blocked(path: str, item: Blocked) -> Problem:
    message = f"the content security policy forbids `{item.markup}`"
    match item.kind:
        case "style":
            hint = "put it into a style sheet of the site (`extra_css`) and name it by a class"
            return _problem("blocked-style", path, message, hint)
        case "script":
            hint = "put it into a script of the site (`extra_javascript`)"
            return _problem("blocked-script", path, message, hint)
        case "address":
            hint = "keep the file in the site, with an address relative to the page"
            return _problem("blocked-address", path, message, hint)


def _short(script: str) -> str:
    text = " ".join(script.split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _read(text: str) -> _Reading:
    reading = _Reading()
    reading.feed(text)
    reading.close()
    return reading


def _raw(path: str, shown: str, escaped: frozenset[str]) -> Iterable[Problem]:
    hint = "the plugin or the extension `dossier` did not run, or this stands in raw HTML"
    found = _RAW_CITATION.finditer(shown)
    raw = [" ".join(m.group().split()) for m in found if m["key"].rpartition("@")[2] not in escaped]
    if raw:
        message = f"`{raw[0]}` is published as it was written"
        yield _problem("raw-citation", path, message, hint)
    for match in _RAW_DIRECTIVE.finditer(shown):
        message = f"`{match.group().strip()}` is published as it was written"
        yield _problem("raw-directive", path, message, f"put it on a line of its own, or {hint}")


def _lost(path: str, wanted: Expected, shown: int) -> Problem:
    message = f"{wanted.citations} citations stand in {wanted.path}, {shown} on the page"
    hint = "the page was built from another text, or the plugin did not run"
    return _problem("citations-lost", path, message, hint)


def _problem(
    code: str, path: str, message: str, hint: str, severity: Severity = "error"
) -> Problem:
    return Problem(code, path, 1, 1, message, hint, severity)
