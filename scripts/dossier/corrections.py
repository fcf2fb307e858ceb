"""The list of corrections of a report: what is corrected, and the line that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import PurePosixPath
from posixpath import normpath, relpath

from dossier.loading import Source, shown
from dossier.model import Finding
from dossier.problems import Problem, nearest
from dossier.settings import Settings
from dossier.syntax import scan_page
from dossier.wording import date_in_words

_HEADING = re.compile(r"(#{1,6})[ \t]+(?P<words>.*?)[ \t]*(?:\{(?P<attributes>[^{}]*)\})?[ \t#]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"(?P<mark>[-*+])[ \t]+(?:\*\*(?P<day>[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}))?")
_SIGNS = re.compile(r"[\\`*_\[\]<>{}@$&|~]")
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction: its day, what it is of, as Markdown, and what was wrong and is now."""

    day: date
    of: str
    words: str

    def line(self, mark: str = "-") -> str:
        """Return the item of the list, with the sign that begins its items."""
        return f"{mark} **{date_in_words(self.day.isoformat())}:** {self.of}: {self.words}"


def page_named(settings: Settings, pages: Iterable[Source], name: str) -> Source | None:
    """Return the page of a name: its path in the docs folder or the project, .md or not."""
    docs = shown(settings.root, settings.docs)
    bare = normpath(name)
    wanted = {form for path in (bare, f"{docs}/{bare}") for form in (path, f"{path}.md")}
    return next((page for page in pages if page.path in wanted), None)


def read_day(text: str | None, today: date) -> date | Problem:
    """Return the day of a correction. Code: correction-bad-date."""
    if text is None:
        return today
    hint = "write a day that is past, such as 2025-07-08, or leave it out for today"
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _problem("correction-bad-date", text, "this is no day of the calendar", hint)
    # Somewhere on Earth it is tomorrow already.
    if day > today + timedelta(days=1):
        return _problem("correction-bad-date", text, "this day is not yet", hint)
    return day


def read_words(text: str) -> str | Problem:
    """Return what was wrong and is now, as one line. Code: correction-bad-text."""
    hint = "say in a sentence or two what was wrong, and what is said now"
    if "\n" in text or "\r" in text or not text.strip().isprintable():
        return _problem("correction-bad-text", "TEXT", "it is more than one line of text", hint)
    words = text.strip()
    if not words:
        return _problem("correction-bad-text", "TEXT", "nothing is said of the correction", hint)
    if len(words) > _LONGEST:
        message = f"it is longer than {_LONGEST} characters"
        return _problem("correction-bad-text", "TEXT", message, hint)
    return words


def named(
    settings: Settings,
    findings: Sequence[Finding],
    pages: Sequence[Source],
    name: str,
    listing: Source,
) -> str | Problem:
    """Return what a correction is of, a finding by its id or a page, as Markdown with a link.

    A finding is named by its page and by its words, so that the line stays true when it gets
    another number or is withdrawn. `listing` is the page of the list. Code: unknown-target.
    """
    finding = next((one for one in findings if one.id == name), None)
    page = page_named(settings, pages, name) if finding is None else _home(pages, finding)
    if finding is None and page is None:
        known = [*(one.id for one in findings), *(PurePosixPath(one.path).name for one in pages)]
        near = " or ".join(f"`{one}`" for one in nearest(name, known))
        hint = (
            f"did you mean {near}?" if near else "name a finding by its id, or a page by its path"
        )
        return _problem("unknown-target", name, "there is no such finding and no such page", hint)
    parts = []
    if page is not None:
        address = relpath(page.path, PurePosixPath(listing.path).parent.as_posix())
        parts.append(f"[{_title(page)}]({address})")
    if finding is not None:
        # Double marks would say that a source has these words.
        statement = re.sub(r"[\"“]([^\"“”]*)[\"”]", r"‘\1’", finding.statement)
        parts.append(f"‘{_plain(statement)}’")
    return ", ".join(parts)


def _home(pages: Iterable[Source], finding: Finding) -> Source | None:
    """Return the page on which a finding stands with its evidence, None where none has it."""
    whole = None
    for page in pages:
        for directive in scan_page(page.path, page.text, page.front.body).directives:
            if directive.name != "findings" or ("form", "short") in directive.options:
                continue
            if directive.argument == finding.chapter:
                return page
            if not directive.argument:
                whole = whole or page
    return whole


def _title(page: Source) -> str:
    if page.front.title:
        return _plain(page.front.title)
    # Not in the front matter, where such a line is a comment.
    body = page.text[page.front.body :]
    heading = re.search(r"^#[ \t]+(.+?)[ \t]*(?:\{[^{}]*\})?[ \t]*$", body, re.MULTILINE)
    return _plain(heading[1] if heading else PurePosixPath(page.path).stem)


def _plain(text: str) -> str:
    return _SIGNS.sub(lambda match: f"\\{match[0]}", " ".join(text.split()))


def _problem(code: str, place: str, message: str, hint: str) -> Problem:
    return Problem(code, place, 1, 1, message, hint)


def with_correction(path: str, text: str, correction: Correction) -> tuple[str, int] | Problem:
    """Return the text of a page with one more line in its list of corrections, and its number.

    The newest stands first, unless the list has its days the other way round. All else stays as
    it is, line ends too. Codes: no-corrections, correction-repeated.
    """
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    found = _section(lines)
    if found is None:
        hint = "write the heading `## Corrections` on that page, or name another with --page"
        message = "this page has no heading `Corrections`"
        return Problem("no-corrections", path, 1, 1, message, hint)
    start, end = found
    items = _items(lines, start, end)
    mark = items[0][1]["mark"] if items else "-"
    line = correction.line(mark)
    for number, _ in items:
        if lines[number].rstrip("\r\n") == line:
            message = "the list has this very line already"
            return Problem("correction-repeated", path, number + 1, 1, message, "leave it at that")
    line_end = "\r\n" if lines[start - 1].endswith("\r\n") else "\n"
    at, before, after = _place(lines, items, start, end, correction.day)
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += line_end
    added = [line_end] * before + [line + line_end] + [line_end] * after
    lines[at:at] = added
    return "".join(lines), at + before + 1


def _section(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return the lines behind the heading of the corrections, up to the next heading."""
    start = None
    fence = ""
    for number, line in enumerate(lines):
        bare = line.rstrip("\r\n")
        if (match := _FENCE.match(bare)) is not None and (not fence or match[1].startswith(fence)):
            fence = "" if fence else match[1]
        heading = _HEADING.fullmatch(bare) if not fence else None
        if heading is None:
            continue
        if start is not None:
            return start, number
        attributes = (heading["attributes"] or "").split()
        if heading["words"].casefold() == "corrections" or "#corrections" in attributes:
            start = number + 1
    return None if start is None else (start, len(lines))


def _items(lines: Sequence[str], start: int, end: int) -> list[tuple[int, re.Match[str]]]:
    """Return the items of the first list: a paragraph behind a blank line ends it."""
    items: list[tuple[int, re.Match[str]]] = []
    for number in range(start, end):
        line = lines[number]
        if (match := _ITEM.match(line)) is not None:
            items.append((number, match))
        elif items and line[:1].strip() and not lines[number - 1].strip():
            break
    return items


def _place(
    lines: Sequence[str],
    items: Sequence[tuple[int, re.Match[str]]],
    start: int,
    end: int,
    day: date,
) -> tuple[int, int, int]:
    """Return where the line goes, and the blank lines that it needs before and behind it."""
    if not items:
        at = start + 1 if start < end and not lines[start].strip() else start
        return at, int(at == start), int(at < len(lines) and bool(lines[at].strip()))
    days = [_day_of(match) for _, match in items]
    dated = [one for one in days if one is not None]
    rising = any(one < other for one, other in pairwise(dated))
    loose = int(any(not lines[n].strip() for n in range(items[0][0], items[-1][0])))
    for (number, _), known in zip(items, days, strict=True):
        if known is not None and (known > day if rising else known <= day):
            return number, 0, loose
    at = items[-1][0] + 1
    while at < end and lines[at].strip() and not _ITEM.match(lines[at]):
        at += 1
    return at, loose, 0


def _day_of(item: re.Match[str]) -> date | None:
    try:
        return datetime.strptime(item["day"] or "", "%B %d, %Y").replace(tzinfo=UTC).date()
    except ValueError:
        return None
