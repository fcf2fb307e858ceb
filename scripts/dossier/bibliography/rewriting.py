"""One entry written anew for pandoc's biblatex reader, so that nothing in it can be misread."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dossier.bibliography.dates import DATE_FIELDS, LITERALS, Date
from dossier.bibliography.entries import Entry
from dossier.bibliography.inheritance import PARENT_FIELDS, Inheritance
from dossier.bibliography.latex import tidy
from dossier.bibliography.links import unescape, verbatim

# Fields that no citation style prints: notes of reference managers, and long texts.
UNPRINTED = frozenset(
    [
        "abstract",
        "file",
        "keywords",
        "owner",
        "timestamp",
        "groups",
        "comment",
        "review",
        "priority",
        "ranking",
        "readstatus",
        "creationdate",
        "modificationdate",
        "date-added",
        "date-modified",
        "local-url",
        "pdf",
        "ids",
        "rating",
        "__markedentry",
    ]
)
_UNPRINTED_PREFIX = ("bdsk-", "mendeley-", "citeulike-")
VERBATIM = frozenset(["doi", "url", "eprint", "file", "verba", "verbb", "verbc", "urn"])
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_PARTS_OF_DATE = ("year", "month", "day")


def is_printed(name: str) -> bool:
    """Tell whether a field may reach the reader."""
    return name not in UNPRINTED and not name.startswith(_UNPRINTED_PREFIX)


def rewrite(
    entry: Entry,
    fields: Sequence[tuple[str, str]],
    dates: Mapping[str, Date],
    doi: str,
    url: str,
    inheritance: Inheritance,
) -> str:
    """Return the entry as BibTeX.

    `dates` holds what was read from each date field, `year` standing for year, month and day;
    `doi` and `url` are bare, and empty where the entry must show none. `fields` are those of
    the entry and what it takes by xdata: such entries are no works, and pandoc sees none.
    """
    lines: list[tuple[str, str]] = []
    for name, text in fields:
        if name in DATE_FIELDS or name in _PARTS_OF_DATE or name in {"doi", "url", "xdata"}:
            continue
        if name in PARENT_FIELDS:
            lines.append((name, ",".join(inheritance.of(entry.key, name))))
        elif is_printed(name) and _NAME.fullmatch(name):
            value = verbatim(unescape(text)) if name in VERBATIM else tidy(text)
            lines.append((name, value))
    lines += _date_lines(dates, any(name == "pubstate" for name, _ in fields))
    lines += [("doi", verbatim(doi)), ("url", verbatim(url))]
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in lines if value)
    return f"@{entry.type}{{{entry.key},\n{body}}}\n"


def _date_lines(dates: Mapping[str, Date], has_state: bool) -> list[tuple[str, str]]:
    lines = [(name, dates[name].edtf) for name in DATE_FIELDS if name != "date" and name in dates]
    published = dates.get("date", Date())
    if not published.edtf and not published.literal:
        published = dates.get("year", Date())
    if published.edtf:
        lines.append(("date", published.edtf))
    elif published.literal.lower() in LITERALS:
        # pandoc prints words in `year` twice; a state of publication it prints once.
        state = LITERALS[published.literal.lower()]
        lines.append(("pubstate", "" if has_state else state))
    else:
        lines.append(("year", tidy(published.literal)))
    return lines
