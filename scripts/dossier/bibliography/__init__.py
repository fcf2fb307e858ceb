"""references.bib -> references and problems: the only place that knows BibTeX.

BibTeX has no standard; the rules here are those of the BibTeX program ("BibTeXing",
Patashnik 1988), of the manual of biblatex 3.20, sections 2.1 to 2.3, and where the two
leave a choice those of pandoc's reader, which prints the entries.
"""

from __future__ import annotations

from dossier.bibliography.entries import unfit_in_key
from dossier.bibliography.reading import read_bibliography

__all__ = ["read_bibliography", "unfit_in_key"]
