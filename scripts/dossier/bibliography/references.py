"""Entries to references: dates, DOIs, addresses, names and LaTeX read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dossier.bibliography.dates import DATE_FIELDS, Date, read_date, read_year
from dossier.bibliography.entries import Entry, Value
from dossier.bibliography.inheritance import GENERATIONS, Inheritance
from dossier.bibliography.latex import plain, unknown_commands
from dossier.bibliography.links import doi_within, may_link, read_doi, read_url, scheme_of
from dossier.bibliography.names import NAME_FIELDS, misread_name, read_names
from dossier.bibliography.rewriting import VERBATIM, is_printed, rewrite
from dossier.model import Reference
from dossier.problems import Problem, in_order

_Fields = tuple[tuple[str, str], ...]


def read_references(
    entries: Sequence[tuple[Entry, _Fields]], inheritance: Inheritance
) -> tuple[tuple[Reference, ...], list[Problem]]:
    """Return a reference for each entry, and the problems of their fields."""
    problems: list[Problem] = []
    own: dict[str, dict[str, str]] = {entry.key: dict(fields) for entry, fields in entries}
    references: list[Reference] = []
    for entry, fields in entries:
        taken = _with_xdata(entry.key, own, inheritance)
        dates, faults = _read_dates(entry, taken)
        problems += faults
        doi, url = _read_doi(entry, problems), _read_url(entry, problems)
        problems += _check_names(entry)
        problems += _check_commands(entry)
        shown = _with_parents(entry.key, own, inheritance)
        references.append(
            Reference(
                key=entry.key,
                type=entry.type,
                fields=fields,
                bibtex=rewrite(
                    entry,
                    tuple(taken.items()),
                    dates,
                    doi or read_doi(taken.get("doi", "")) or "",
                    url or _linkable(read_url(taken.get("url", ""))),
                    inheritance,
                ),
                span=entry.source.span(entry.block.offset, entry.block.end),
                title=plain(shown.get("title", "")),
                authors=read_names(shown.get("author", "")),
                date=_shown_date(shown),
                doi=doi or read_doi(shown.get("doi", "")) or "",
                url=url or _linkable(read_url(shown.get("url", ""))),
                parents=inheritance.all_of(entry.key),
            )
        )
    return tuple(references), list(in_order(problems))


def _with_xdata(
    key: str, own: Mapping[str, Mapping[str, str]], inheritance: Inheritance
) -> dict[str, str]:
    """Return the fields of an entry and those that it takes by xdata, its own first."""
    taken = dict(own[key])
    waiting, seen = [key], {key}
    while waiting:
        for parent in inheritance.of(waiting.pop(0), "xdata"):
            if parent in seen or parent not in own:
                continue
            seen.add(parent)
            waiting.append(parent)
            dated = _has_date(taken)
            for name, text in own[parent].items():
                if not (dated and name in {"date", "year", "month", "day"}):
                    taken.setdefault(name, text)
    return taken


def _with_parents(
    key: str, own: Mapping[str, Mapping[str, str]], inheritance: Inheritance
) -> dict[str, str]:
    """Return the fields of an entry and those it takes from others.

    An xdata entry gives all its fields; of a crossref parent only the date is shown as the
    entry's own (biblatex 3.20, section 2.4.1: a title becomes a booktitle, and so on).
    """
    shown = dict(own[key])
    dated = _has_date(shown)
    waiting = [(key, False, 0)]
    seen = {key}
    while waiting:
        current, only_date, depth = waiting.pop()
        if depth == GENERATIONS:
            continue
        for field in ("crossref", "xdata"):
            for parent in inheritance.of(current, field):
                if parent in seen or parent not in own:
                    continue
                seen.add(parent)
                dates_only = only_date or field == "crossref"
                for name, text in own[parent].items():
                    is_date = name in {"date", "year", "month", "day"}
                    if (is_date and not dated) or (not is_date and not dates_only):
                        shown.setdefault(name, text)
                dated = _has_date(shown)
                waiting.append((parent, dates_only, depth + 1))
    return shown


def _has_date(fields: Mapping[str, str]) -> bool:
    return bool(fields.get("date") or fields.get("year"))


def _read_dates(entry: Entry, fields: Mapping[str, str]) -> tuple[dict[str, Date], list[Problem]]:
    """Return what each date field holds, faulty ones empty, and the problems."""
    dates: dict[str, Date] = {}
    problems: list[Problem] = []
    for name in DATE_FIELDS:
        if fields.get(name):
            dates[name] = read_date(_date_text(fields[name]))
    if fields.get("year"):
        dates["year"] = _own_year(fields)
    for read, date in dates.items():
        name = _faulty_field(entry, read, date)
        value = entry.value(name)
        if not date.fault or value is None:
            continue
        message = f"the `{name}` of `{entry.key}` is no date: {date.fault}"
        impossible = date.kind == "impossible"
        report = entry.problem if impossible else entry.warning
        after = "" if impossible or name != "date" else "; the words are printed as they stand"
        problems.append(report("bad-date", value.offset, message + after, date.mend))
    return dates, problems


def _faulty_field(entry: Entry, name: str, date: Date) -> str:
    """Return the field to blame: with a good year it is the day or the month."""
    if name == "year" and date.edtf:
        return "day" if entry.value("day") is not None else "month"
    return name


def _own_year(fields: Mapping[str, str]) -> Date:
    return read_year(*(_date_text(fields.get(name, "")) for name in ("year", "month", "day")))


def _date_text(value: str) -> str:
    """Return the text of a date field, in which a tilde means approximately and is no tie."""
    return plain(value) if "\\" in value else value.replace("{", "").replace("}", "").strip()


def _shown_date(fields: Mapping[str, str]) -> str:
    """Return the date as text: that of the date field as written, else year, month and day."""
    text = _date_text(fields.get("date", ""))
    if text:
        date = read_date(text)
        if date.edtf or date.literal:
            return text
    date = _own_year(fields)
    return date.edtf or date.literal


def _read_doi(entry: Entry, problems: list[Problem]) -> str:
    value = entry.value("doi")
    if value is None:
        return ""
    doi = read_doi(value.text)
    if doi is not None:
        return doi
    within = doi_within(value.text)
    hint = f"write `{within}`" if within else "a DOI is written `10.1234/suffix`"
    if not within and may_link(read_url(value.text)):
        hint += "; an address belongs in `url`"
    message = f"the `doi` of `{entry.key}` is not a DOI: {value.text}"
    problems.append(entry.problem("bad-doi", value.offset, message, hint))
    return ""


def _read_url(entry: Entry, problems: list[Problem]) -> str:
    """Return the address of an entry if it may be a link."""
    value = entry.value("url")
    url = read_url(value.text) if value is not None else ""
    if value is None or not url:
        return ""
    if may_link(url):
        return url
    scheme = scheme_of(url)
    named = f"has the scheme {scheme}" if scheme else "names no scheme"
    message = f"the `url` of `{entry.key}` {named}, and is left out of the reference: {url}"
    hint = "write an address that begins with https:, http:, mailto: or doi:"
    problems.append(entry.warning("bad-url-scheme", value.offset, message, hint))
    return ""


def _linkable(url: str) -> str:
    return url if may_link(url) else ""


def _check_names(entry: Entry) -> list[Problem]:
    problems: list[Problem] = []
    for value in entry.values:
        if value.name not in NAME_FIELDS:
            continue
        name, why = misread_name(value.text)
        if why:
            message = f"a name in the field `{value.name}` of `{entry.key}` {why}: {name}"
            hint = "put `and` between people, and braces round a body with commas in its name"
            problems.append(entry.warning("bad-name", value.offset, message, hint))
    return problems


def _check_commands(entry: Entry) -> list[Problem]:
    """Return a warning for each LaTeX command of an entry that is not known, once a command."""
    first: dict[str, tuple[int, Value]] = {}
    for value in entry.values:
        if value.name in VERBATIM or not is_printed(value.name):
            continue
        for piece in value.field.pieces:
            if not piece.macro:
                for place, name in unknown_commands(piece.text):
                    first.setdefault(name, (piece.offset + place, value))
    return [
        entry.warning(
            "unknown-latex-command",
            offset,
            f"the LaTeX command `\\{name}` in the `{value.name}` of `{entry.key}` is unknown: "
            "its argument is printed without it",
            "write the characters themselves",
        )
        for name, (offset, value) in first.items()
    ]
