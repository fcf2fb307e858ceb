"""One edition of a report as others cite it: its works, their texts, and the folds on pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from dossier.citing import (
    Author,
    Work,
    as_bibtex,
    as_csl_json,
    as_reference,
    as_ris,
    key_of,
)
from dossier.style import Store, Style, render_alone
from dossier.wording import date_in_words

FOLDER = "cite"
"""Where the files of single works stand in a site."""
_SHORT = 12
"""Digits of a commit that name it to readers; git itself takes seven or more."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What all works of one edition share; each part is empty where it is not known.

    `date` is an ISO 8601 date, `commit` the whole hash, `site_url` the address of the site.
    """

    title: str
    authors: tuple[Author, ...] = ()
    date: str = ""
    commit: str = ""
    site_url: str = ""
    language: str = ""

    @property
    def version(self) -> str:
        """The commit as readers are told it."""
        return self.commit[:_SHORT]

    def report(self) -> Work:
        """Return the report as a work."""
        return self._work("report", "report", self.title, "")

    def page(self, title: str, url: str) -> Work:
        """Return a page as a part of the report; `url` is relative to the site."""
        return self._work(_page_name(url), "page", title, url)

    def finding(self, number: int, id_: str, statement: str, url: str) -> Work:
        """Return a finding, by its number and its words, as a part of the report."""
        return self._work(f"finding-{id_}", "finding", f"Finding {number}: {statement}", url)

    def in_words(self) -> str:
        """Return date and commit in words, empty where neither is known."""
        date = f"Edition of {date_in_words(self.date)}" if self.date else ""
        version = f"version {self.version}" if self.version else ""
        said = ", ".join(filter(None, (date, version)))
        return said[:1].upper() + said[1:]

    def _work(self, name: str, kind: str, title: str, url: str) -> Work:
        base = f"{self.site_url.rstrip('/')}/" if self.site_url else ""
        whole = kind == "report"
        return Work(
            key_of(self.title, "" if whole else name),
            "report" if whole else "finding" if kind == "finding" else "page",
            title,
            "" if whole else self.title,
            self.authors,
            self.date,
            self.version,
            base + url if base else "",
            self.language,
            name,
        )


@dataclass(frozen=True, slots=True)
class Citations:
    """The works of an edition with the plain text of each, as the style of the report sets it."""

    edition: Edition
    works: Mapping[str, Work] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def of_page(self, url: str) -> Work:
        """Return the work that a page is, the report itself for an empty address."""
        return self.works[_page_name(url) if url else "report"]

    def of_findings(self, root: str) -> dict[str, str]:
        """Return the fold of each finding by its id, for a page from which `root` is the site."""
        return {
            work.name.removeprefix("finding-"): self.short(work.name, root)
            for work in self.works.values()
            if work.kind == "finding"
        }

    def box(self, name: str, root: str) -> str:
        """Return the fold in which a page is cited: its text, and the forms as files.

        `root` is the way from the page to the site. Nothing needs a script: a reader selects
        the text, or saves a file.
        """
        what = "report" if self.works[name].kind == "report" else "page"
        return self._fold(name, root, what, f'class="cite-this" id="cite-this-{what}"')

    def short(self, name: str, root: str) -> str:
        """Return the fold in which a finding is cited: its text, and the forms as files."""
        return self._fold(name, root, "finding", 'class="evidence cite-this"')

    def _fold(self, name: str, root: str, what: str, attributes: str) -> str:
        work = self.works[name]
        links = ", ".join(
            f'<a href="{escape(_address(root, work, ending))}" download>{label}</a>'
            for label, ending, _ in _forms(work)
        )
        return (
            f"<details {attributes}><summary>Cite this {what}</summary>\n"
            f"{self._text(work)}\n<p>{links}</p>\n</details>"
        )

    def _text(self, work: Work) -> str:
        said = self.edition.in_words()
        version = f'\n<p class="cite-version">{escape(said)}.</p>' if said else ""
        return f'<p class="cite-text">{escape(self.texts.get(work.key, work.title))}</p>{version}'

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield the path in the site, and the text, of each form of each work."""
        for work in self.works.values():
            for _, ending, text in _forms(work):
                yield f"{FOLDER}/{work.name}.{ending}", text


def _page_name(url: str) -> str:
    return f"page-{key_of(re.sub(r'(?:/?index)?[.]html$|/$', '', url))}"


def _forms(work: Work) -> tuple[tuple[str, str, str], ...]:
    return (
        ("BibTeX", "bib", as_bibtex(work)),
        ("RIS", "ris", as_ris(work)),
        ("CSL-JSON", "json", as_csl_json([work])),
    )


def _address(root: str, work: Work, ending: str) -> str:
    return f"{root}{FOLDER}/{work.name}.{ending}"


def cited_by_style(
    edition: Edition, works: Iterable[Work], style: Style, locale: str, cache: Store | None
) -> Citations:
    """Return works with their texts, all set in one call of the style processor."""
    listed = {work.name: work for work in works}
    references = [as_reference(work) for work in listed.values()]
    texts = render_alone(references, style=style, locale=locale, cache=cache)
    return Citations(edition, listed, texts)
