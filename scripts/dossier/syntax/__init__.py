"""What a page says to the engine: citations, calculations and directives, each with its place."""

from dossier.addresses import split_address
from dossier.syntax.blocks import Block
from dossier.syntax.citations import Cluster, Item
from dossier.syntax.pages import Calculation, Directive, Page, scan_page

__all__ = [
    "Block",
    "Calculation",
    "Cluster",
    "Directive",
    "Item",
    "Page",
    "scan_page",
    "split_address",
]
