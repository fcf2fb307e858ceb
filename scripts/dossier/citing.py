"""A report, a page or a finding as a work that others cite: BibTeX, RIS, CSL-JSON and meta data.

Nothing is invented: an author, a date, a version or an address that is not known is left out.
The forms are those that pandoc and reference managers read: BibTeX ("BibTeXing", Patashnik
1988) with `url`, RIS (the tags of EndNote and Zotero), CSL-JSON (the schema of CSL 1.0.2).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final, Literal
from urllib.parse import quote

from dossier.model import Reference, Span

Kind = Literal["report", "page", "finding"]


@dataclass(frozen=True, slots=True)
class Author:
    """A person by family and given names, or a body, of which `family` is the whole name."""

    family: str
    given: str = ""
    body: bool = True

    @property
    def name(self) -> str:
        """The name as a sentence has it."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited: `report` is the title of the whole, empty for the report itself.

    `date` is an ISO 8601 date, `version` the name of a commit, `url` absolute; each may be
    empty. `key` names the work among the references of who cites it, `name` its files in
    the site.
    """

    key: str
    kind: Kind
    title: str
    report: str = ""
    authors: tuple[Author, ...] = ()
    date: str = ""
    version: str = ""
    url: str = ""
    language: str = ""
    name: str = "report"


_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)


def key_of(*parts: str) -> str:
    """Return a name of ASCII letters, digits and hyphens for a work, as every program takes it."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(parts).lower()).strip("-") or "report"


# -- BibTeX ------------------------------------------------------------------------------

_LATEX: Final = str.maketrans(
    {c: f"\\{c}" for c in "{}$&#%_"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def as_bibtex(work: Work) -> str:
    """Return the work as an entry: `misc` for the report, `incollection` for a part of it.

    The second pair of braces keeps the capitals of a title, and the name of a body whole.
    """
    year, month, day = _parts(work.date)
    fields = {
        "author": " and ".join(
            f"{{{_latex(a.family)}}}" if a.body else f"{_latex(a.family)}, {_latex(a.given)}"
            for a in work.authors
        ),
        "title": f"{{{_latex(work.title)}}}",
        "booktitle": f"{{{_latex(work.report)}}}" if work.report else "",
        "note": f"Version {_latex(work.version)}" if work.version else "",
        "year": year,
        "month": _MONTHS[int(month) - 1] if month else "",
        "day": day,
        "url": quote(work.url, safe="!#$%&'()*+,/:;=?@[]~-._"),
    }
    # The names of months are abbreviations that every style defines.
    lines = [
        f"  {name} = {value if name == 'month' else f'{{{value}}}'},"
        for name, value in fields.items()
        if value
    ]
    type_ = "incollection" if work.report else "misc"
    return "\n".join((f"@{type_}{{{work.key},", *lines, "}")) + "\n"


def _latex(text: str) -> str:
    return " ".join(text.split()).translate(_LATEX)


def _parts(date: str) -> tuple[str, str, str]:
    """Return year, month and day of an ISO 8601 date, the latter two without leading zeros."""
    year, month, day = [*date.split("-"), "", "", ""][:3]
    return year, month.lstrip("0"), day.lstrip("0")


# -- RIS ---------------------------------------------------------------------------------


def as_ris(work: Work) -> str:
    """Return the work as a record, `RPRT` or `CHAP`, with CRLF at line ends.

    The name of a body ends with a comma, which keeps readers from taking it for a person's
    (the manual of EndNote, "Corporate authors").
    """
    tags = [("TY", "CHAP" if work.report else "RPRT")]
    tags += [("AU", f"{author.family}, {author.given}".rstrip()) for author in work.authors]
    tags += [
        ("TI", work.title),
        ("T2", work.report),
        ("PY", work.date[:4]),
        ("DA", work.date.replace("-", "/")),
        ("ET", work.version),
        ("LA", work.language),
        ("UR", work.url),
        ("ID", work.key),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in tags if value]
    return "\r\n".join((*lines, "ER  - ", ""))


# -- CSL-JSON ----------------------------------------------------------------------------


def as_csl_json(works: Iterable[Work]) -> str:
    """Return works as CSL-JSON: a list of items of the types `report` and `chapter`."""
    return json.dumps([_item(work) for work in works], ensure_ascii=False, indent=2) + "\n"


def _item(work: Work) -> dict[str, object]:
    values: dict[str, object] = {
        "id": work.key,
        "type": "chapter" if work.report else "report",
        "title": work.title,
        "container-title": work.report,
        "author": [
            {"literal": a.family} if a.body else {"family": a.family, "given": a.given}
            for a in work.authors
        ],
        "issued": {"date-parts": [[int(p) for p in _parts(work.date) if p]]} if work.date else {},
        "version": work.version,
        "language": work.language,
        "URL": work.url,
    }
    return {name: value for name, value in values.items() if value}


def as_reference(work: Work) -> Reference:
    """Return the work as an entry of a bibliography, for the style that sets it as text."""
    return Reference(
        work.key,
        "incollection" if work.report else "misc",
        (),
        as_bibtex(work),
        Span("CITATION.cff"),
        work.title,
        tuple(author.name for author in work.authors),
        work.date,
        url=work.url,
    )


# -- meta data in the head ---------------------------------------------------------------


def head_meta(
    work: Work, site_name: str, description: str = "", picture: str = "", picture_words: str = ""
) -> str:
    """Return the `meta` elements of a page: Highwire's `citation_*`, and Open Graph.

    Sources: the inclusion guidelines of Google Scholar, "Indexing", and ogp.me. An image has
    an absolute address, so there is none where the site's is not known.
    """
    named = [
        ("citation_title", work.title),
        *(
            ("citation_author", author.name if author.body else f"{author.family}, {author.given}")
            for author in work.authors
        ),
        ("citation_publication_date", work.date.replace("-", "/")),
        ("citation_inbook_title", work.report),
        ("citation_language", work.language),
        ("citation_public_url", work.url),
    ]
    properties = [
        ("og:type", "article" if work.report else "website"),
        ("og:site_name", site_name),
        ("og:title", work.title),
        ("og:description", description),
        ("og:url", work.url),
        ("og:locale", work.language.replace("-", "_")),
        ("og:image", picture),
        ("og:image:alt", picture_words if picture else ""),
        ("article:modified_time", work.date if work.report else ""),
    ]
    named.append(("twitter:card", "summary_large_image" if picture else "summary"))
    return "\n".join((*_metas("name", named), *_metas("property", properties)))


def _metas(attribute: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in pairs:
        if value:
            yield f'<meta {attribute}="{name}" content="{escape(" ".join(value.split()))}">'
