"""Series and assessments as pictures: what they look like, say, rest on, and their files."""

from dossier.charts.figure import (
    OF_FINDINGS,
    Picture,
    chart_figure,
    chart_file,
    picture_of,
    picture_of_findings,
    sources_line,
)
from dossier.charts.tally import tally_table

__all__ = [
    "OF_FINDINGS",
    "Picture",
    "chart_figure",
    "chart_file",
    "picture_of",
    "picture_of_findings",
    "sources_line",
    "tally_table",
]
