"""Citations and entries to HTML by a CSL style: the only place that knows pandoc.

The words are those of the CSL 1.0.2 specification and of pandoc's manual, section
"Citations": a cluster is what stands between one pair of brackets, an entry is a work in
the list of references.
"""

from __future__ import annotations

from dossier.style.beginning import Setting, begin
from dossier.style.csl import DEFAULT, Style, find_style, names_file
from dossier.style.items import as_csl_json
from dossier.style.keeping import Store
from dossier.style.links import address as address_of
from dossier.style.links import anchor
from dossier.style.locales import read_locale
from dossier.style.rendering import Styled, render, render_alone

__all__ = [
    "DEFAULT",
    "Setting",
    "Store",
    "Style",
    "Styled",
    "address_of",
    "anchor",
    "as_csl_json",
    "begin",
    "find_style",
    "names_file",
    "read_locale",
    "render",
    "render_alone",
]
