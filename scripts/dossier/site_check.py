"""What is wrong with the HTML of a built site: what was scanned must have been printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from dossier.problems import Problem, in_order

_SILENT = frozenset({"code", "pre", "script", "style", "textarea", "kbd", "samp", "template"})
_RAW_CITATION = re.compile(r"\[[^\]\[]{0,80}?-?@[\w{]")
_RAW_DIRECTIVE = re.compile(r"(?m)^\s*:::\s+\w")
_TOKEN = re.compile("[\ue0d0-\ue0db]")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a page should show: the citations scanned in it, and the @ signs that were escaped."""

    path: str
    citations: int
    escapes: int


class _Reading(HTMLParser):
    """Counts citations and gathers text that is neither code nor script."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.citations = 0
        self.unresolved = 0
        self.text: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        classes = (values.get("class") or "").split()
        if "citation" in classes and "unresolved" in classes:
            self.unresolved += 1
        if re.fullmatch(r"cite-\d+", values.get("id") or "") and "citation" in classes:
            self.citations += 1
        if tag in _SILENT:
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
    citations-lost, page-missing.
    """
    problems: list[Problem] = []
    for path, wanted in expected.items():
        if path not in pages:
            problems.append(
                _problem("page-missing", path, f"{wanted.path} is not in the site", "see the log")
            )
    for path, text in pages.items():
        reading = _Reading()
        reading.feed(text)
        reading.close()
        shown = "".join(reading.text)
        wanted = expected.get(path, Expected(path, 0, 0))
        raw = _RAW_CITATION.findall(shown)
        if path in expected and len(raw) > wanted.escapes:
            problems.append(
                _problem(
                    "raw-citation",
                    path,
                    f"`{raw[0]}` is published as it was written",
                    "the plugin or the extension `dossier` did not run: see the log",
                )
            )
        problems += [
            _problem(
                "raw-directive",
                path,
                f"`{match.group().strip()}` is published as it was written",
                "put the directive on a line of its own",
            )
            for match in _RAW_DIRECTIVE.finditer(shown)
        ]
        if _TOKEN.search(text):
            problems.append(
                _problem(
                    "raw-token", path, "a mark of the engine is published", "report this error"
                )
            )
        if path in expected and reading.citations != wanted.citations:
            problems.append(
                _problem(
                    "citations-lost",
                    path,
                    f"{wanted.citations} citations stand in {wanted.path}, "
                    f"{reading.citations} on the page",
                    "the page was built from another text, or the plugin did not run",
                )
            )
    return in_order(problems)


def _problem(code: str, path: str, message: str, hint: str) -> Problem:
    return Problem(code, path, 1, 1, message, hint)
