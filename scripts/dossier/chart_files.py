"""The files that a site offers beside its charts: each picture as SVG, its data as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from dossier.addresses import split_address
from dossier.charts import OF_FINDINGS, Picture, chart_file, picture_of, picture_of_findings
from dossier.exports import as_csv
from dossier.lineage import Graph, lineage_file, lineage_graph
from dossier.model import Assessed, Evidence

LINEAGE = "lineage"


def chart_addresses(name: str) -> dict[str, str]:
    """Return where the files of a chart stand in a site, by their form."""
    data = "findings" if name == OF_FINDINGS else name
    series = "" if name in (OF_FINDINGS, LINEAGE) else "series-"
    return {"SVG": f"charts/{name}.svg", "CSV": f"data/{series}{data}.csv"}


def chart_names(evidence: Evidence) -> Iterator[str]:
    """Yield the name of every chart that the evidence has: series, findings, lineage."""
    for series in evidence.series.values():
        if isinstance(picture_of(series, evidence.records), Picture):
            yield series.id
    if evidence.findings and OF_FINDINGS not in evidence.series:
        yield OF_FINDINGS
    if LINEAGE not in evidence.series and _graph(evidence).relations:
        yield LINEAGE


def chart_named(
    name: str, evidence: Evidence, assessed: Sequence[Assessed], titles: Mapping[str, str]
) -> Picture | None:
    """Return the picture of a series or of the findings, None where there is none."""
    if name in evidence.series:
        picture = picture_of(evidence.series[name], evidence.records)
        return picture if isinstance(picture, Picture) else None
    return picture_of_findings(assessed, titles) if name == OF_FINDINGS else None


def chart_files(
    evidence: Evidence, assessed: Sequence[Assessed], titles: Mapping[str, str]
) -> dict[str, str]:
    """Return the text of every file, by its address in the site."""
    files: dict[str, str] = {}
    for name in chart_names(evidence):
        where = chart_addresses(name)
        picture = chart_named(name, evidence, assessed, titles)
        if picture is None:
            graph = _graph(evidence)
            files |= {where["SVG"]: lineage_file(graph), where["CSV"]: _relations(graph)}
            continue
        works = dict.fromkeys(_work(address, evidence) for address in picture.addresses)
        files[where["SVG"]] = chart_file(picture, tuple(works))
        series = evidence.series.get(name)
        files[where["CSV"]] = as_csv(series or assessed)
    return files


def _graph(evidence: Evidence) -> Graph:
    return lineage_graph(evidence.records, evidence.references, evidence.overlaps)


def _work(address: str, evidence: Evidence) -> str:
    """Return a work as a file without links names it: who, what and when."""
    key = split_address(address, evidence.references)[0]
    reference = evidence.references.get(key)
    if reference is None:
        return key
    who = reference.authors[0] if reference.authors else ""
    return ", ".join(filter(None, (who, reference.title, reference.date[:4])))


def _relations(graph: Graph) -> str:
    """Return the relations of a graph as CSV (RFC 4180), a line for each.

    Keys and our own words stand in it, which no spreadsheet takes for a formula.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("giver", "taker", "taken", "passages", "share", "measured against"))
    for one in graph.relations:
        measured = (one.measured.percent, one.measured.whole) if one.measured else ("", "")
        writer.writerow((one.giver, one.taker, one.taken, one.passages or "", *measured))
    return out.getvalue()
