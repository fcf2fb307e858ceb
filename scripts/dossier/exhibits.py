"""What directives show beside findings and series: the scale, rules, lineage, drift, checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape

from dossier.addresses import split_address
from dossier.assessments import assessment_scale
from dossier.calculations import names_a_finding
from dossier.drift import drift_table, drifts
from dossier.gates import Gates
from dossier.lineage import Graph, lineage_figure, lineage_graph
from dossier.model import Assessed, Evidence
from dossier.quotations import RULES, STEPS
from dossier.syntax import Directive, Page
from dossier.verification_page import Counts, Exempted, verification_html

NAMES = ("assessments", "drift", "lineage", "rules", "verification")

Cite = Callable[[str], str]


def exhibit(
    directive: Directive,
    evidence: Evidence,
    assessed: tuple[Assessed, ...],
    gates: Gates,
    pages: Iterable[Page],
    cite: Cite,
) -> str:
    """Return the HTML of a directive of `NAMES`; `cite(address)` gives a citation as HTML."""
    if directive.name == "assessments":
        return assessment_scale(assessed)
    if directive.name == "rules":
        return rules()
    if directive.name == "drift":
        return drift_table(evidence, cite, directive.argument)
    if directive.name == "lineage":
        return lineage_figure(_graph(directive, evidence), cite)
    return verification_html(evidence, assessed, _counts(gates, pages), exceptions(evidence))


def addresses_in(directive: Directive, evidence: Evidence) -> Iterator[str]:
    """Yield what the exhibit of a directive cites: keys, or addresses of passages."""
    if directive.name == "drift":
        for drift in drifts(evidence.records, directive.argument):
            yield drift.base
            yield from (variant.address for variant in drift.variants)
    elif directive.name == "lineage":
        yield from (source.key for source in _graph(directive, evidence).sources)


def _graph(directive: Directive, evidence: Evidence) -> Graph:
    keys = (directive.argument,) if directive.argument else ()
    return lineage_graph(evidence.records, evidence.references, evidence.overlaps, keys)


def rules() -> str:
    """Return the normalisation of quotations and the rules of editing, from the code itself."""
    steps = "\n".join(
        f"<li><strong>{escape(step.name)}.</strong> {escape(step.description)}</li>"
        for step in STEPS
    )
    conventions = "\n".join(
        f"<li><strong>{escape(rule.name)}.</strong> {escape(rule.description)}</li>"
        for rule in RULES
    )
    return (
        f'<ol class="normalization">\n{steps}\n</ol>\n'
        f'<ul class="quotation-rules">\n{conventions}\n</ul>'
    )


def exceptions(evidence: Evidence) -> Iterator[Exempted]:
    """Yield every exception that records make, with its reason."""
    for record in evidence.records.values():
        for passage in record.passages:
            for one in passage.confirmed:
                yield Exempted(f"{record.key}#{passage.id}", one.words, one.reason)
        for other in record.independent_of:
            yield Exempted(record.key, f"independent of {other.key}", other.reason)
    for name in evidence.names:
        yield Exempted("sources/names.yml", name, "a name: the number in it counts nothing")


def _counts(gates: Gates, pages: Iterable[Page]) -> Counts:
    titles = sum(not place.address for place in gates.places)
    own = sum(bool(held.place) and "#" not in held.place for held in gates.numbers)
    return Counts(
        quotations=gates.quotations - titles,
        numbers=len(gates.numbers) - own,
        calculations=sum(
            not names_a_finding(one.source) for page in pages for one in page.calculations
        ),
        titles=titles,
        own_dates=own,
    )


def unknown_target(directive: Directive, evidence: Evidence) -> str:
    """Return what is wrong with the argument of an exhibit's directive, empty for nothing."""
    argument = directive.argument
    if not argument:
        return ""
    if directive.name in ("assessments", "rules", "verification"):
        return f"the directive `{directive.name}` takes no argument"
    key, passage = split_address(argument, evidence.records)
    record = evidence.records.get(key)
    if record is None:
        return f"there is no record of `{key}`"
    if passage and (directive.name == "lineage" or record.passage(passage) is None):
        return f"there is no passage `{argument}` to show here"
    return ""
