"""The options of a site, as its mkdocs.yml gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

# As MkDocs tells pages from other files (mkdocs.utils, markdown_extensions).
PAGES = (".markdown", ".mdown", ".mkdn", ".mkd", ".md")

Gate = Literal["auto", "required", "off"]
GATES: tuple[Gate, ...] = ("auto", "required", "off")


@dataclass(frozen=True, slots=True)
class Option:
    """An option of the plugin: its value where none is given, what it takes, what it does."""

    default: str | bool
    takes: str
    means: str


OPTIONS: Mapping[str, Option] = {
    "bibliography": Option(
        "references.bib", "a path, or a list of paths", "the files of the bibliography, in BibTeX"
    ),
    "csl": Option(
        "",
        "a path to a CSL file, or the name of a style",
        "how citations and references are set; without it, as in the author-date style of the "
        "Chicago Manual of Style",
    ),
    "locale": Option(
        "",
        "a language tag such as `en-US`",
        "the language of the words that a style adds ('and', 'p.'); without it, that of the theme, "
        "else `en-US`",
    ),
    "sources": Option("sources", "a path", "the folder of records, findings and series"),
    "evidence": Option(
        "auto",
        "`auto`, `required` or `off`",
        "whether quotations and numbers are held against passages: where there are records, "
        "always (it is an error to have none), or never",
    ),
    "cards": Option(
        True,
        "`true` or `false`",
        "whether pages get the evidence cards: a script and a style sheet, from the site itself",
    ),
    "csp": Option(
        False,
        "`true` or `false`",
        "whether each page of a build gets a content security policy, which lets a browser load "
        "files of the site's own host alone",
    ),
    "pdf": Option(
        False, "`true` or `false`", "whether `dossier build` makes `report.pdf` of the whole report"
    ),
}
DEFAULTS: Mapping[str, str | bool] = {name: option.default for name, option in OPTIONS.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an option is set: line and column, from 1, and the text of that line."""

    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a site keeps what, and how it prints citations.

    Paths in `bibliography`, `csl` and `sources` are as written, relative to `root`, the
    folder of the configuration file `config`. `places` gives for an option where it is set,
    and for `dossier` where the plugin is named. `excluded` and `drafts` are patterns, in the form
    of .gitignore, of pages that are no part of the site. `csp` tells whether the plugin gives each
    page of a build a content security policy, `pdf` whether `dossier build` makes one PDF of all.
    `name`, `description`, `rights` and `address` are what MkDocs calls `site_name`,
    `site_description`, `copyright` and `site_url`; `nav` holds the pages that the navigation names,
    in its order, by their paths in the docs folder.
    """

    root: Path
    config: str = "mkdocs.yml"
    docs: Path = Path("docs")
    site: Path = Path("site")
    bibliography: tuple[str, ...] = ("references.bib",)
    csl: str = ""
    locale: str = "en-US"
    sources: str = "sources"
    evidence: Gate = "auto"
    directory_urls: bool = True
    places: Mapping[str, Place] = field(default_factory=dict)
    excluded: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    csp: bool = False
    pdf: bool = False
    name: str = ""
    description: str = ""
    rights: str = ""
    address: str = ""
    nav: tuple[str, ...] = ()

    @property
    def lines(self) -> Mapping[str, int]:
        """Return the line of each option that is set."""
        return {name: place.line for name, place in self.places.items()}
