"""The report as one PDF, set by Typst from the HTML of its built site."""

from dossier.pdf.book import Imprint, compose
from dossier.pdf.typesetting import Failure, identity, typeset

PDF_NAME = "report.pdf"
"""Where the PDF stands in a site."""

__all__ = ["PDF_NAME", "Failure", "Imprint", "compose", "identity", "typeset"]
