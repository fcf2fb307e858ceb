"""Who takes text or facts from whom: worked out, drawn, and told in words."""

from dossier.lineage.figure import lineage_figure, lineage_file, lineage_svg
from dossier.lineage.graph import Graph, Measured, Relation, Source, lineage_graph

__all__ = [
    "Graph",
    "Measured",
    "Relation",
    "Source",
    "lineage_figure",
    "lineage_file",
    "lineage_graph",
    "lineage_svg",
]
