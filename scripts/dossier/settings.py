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

DEFAULTS: Mapping[str, str | bool] = {
    "bibliography": "references.bib",
    "csl": "",
    "locale": "",
    "sources": "sources",
    "evidence": "auto",
    "cards": True,
    "csp": False,
    "pdf": False,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a site keeps what, and how it prints citations.

    Paths in `bibliography`, `csl` and `sources` are as written, relative to `root`, the
    folder of the configuration file `config`. `lines` gives for an option the line
    that sets it, 1 where none does, and `shown` its column and the text of that line.
    `excluded` and `drafts` are patterns, in the form of .gitignore, of pages that are no part
    of the site. `csp` tells whether the plugin gives each
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
    lines: Mapping[str, int] = field(default_factory=dict)
    excluded: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    csp: bool = False
    pdf: bool = False
    name: str = ""
    description: str = ""
    rights: str = ""
    address: str = ""
    nav: tuple[str, ...] = ()
    shown: Mapping[str, tuple[int, str]] = field(default_factory=dict)
