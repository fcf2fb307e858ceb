"""What is wrong with pages, held against the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dossier.charts import OF_FINDINGS
from dossier.directives import DIRECTIVES
from dossier.exhibits import NAMES as EXHIBITS
from dossier.exhibits import unknown_target
from dossier.model import Evidence
from dossier.problems import Problem, Severity, in_order, listed, nearest
from dossier.series_values import Undrawn, chart_of
from dossier.syntax import Cluster, Directive, Page, split_address

_NO_CITATION = "write \\@ where no citation is meant"


def check_pages(evidence: Evidence, pages: Iterable[Page], *, gated: bool) -> tuple[Problem, ...]:
    """Return every problem of the pages, in order.

    `gated` tells whether sources are read (the option `evidence`); without it a
    citation of a passage cannot be looked up and is a problem.
    """
    problems: list[Problem] = []
    for page in pages:
        problems += page.problems
        for cluster in page.clusters:
            problems += _cluster(evidence, page, cluster, gated)
        for directive in page.directives:
            problems += _directive(evidence, page, directive)
    return in_order(problems)


def check_uses(evidence: Evidence, pages: Iterable[Page]) -> tuple[Problem, ...]:
    """Return a note for each entry that nothing cites, and no cited one takes fields from."""
    used = {
        split_address(item.key, evidence.references)[0]
        for page in pages
        for cluster in page.clusters
        for item in cluster.all_items
    }
    for address in _addresses(evidence):
        used.add(split_address(address, evidence.references)[0])
    waiting = [evidence.references[key] for key in used if key in evidence.references]
    while waiting:
        parents = set(waiting.pop().parents) - used
        used |= parents
        waiting += (evidence.references[key] for key in parents if key in evidence.references)
    return in_order(
        Problem(
            "uncited-reference",
            reference.span.path,
            reference.span.line,
            reference.span.column,
            f"no page and no finding cites `{key}`",
            "cite it, or take it out of the bibliography",
            "note",
        )
        for key, reference in evidence.references.items()
        if key not in used
    )


def _addresses(evidence: Evidence) -> Iterator[str]:
    for finding in evidence.findings:
        yield from (bears.passage for bears in finding.evidence)
    for series in evidence.series.values():
        for row in series.rows:
            yield from row.passages


def _at(
    page: Page, at: int, code: str, message: str, hint: str, severity: Severity = "error"
) -> Problem:
    span = page.span(at)
    return Problem(
        code, page.path, span.line, span.column, message, hint, severity, page.excerpt(at)
    )


def _cluster(evidence: Evidence, page: Page, cluster: Cluster, gated: bool) -> Iterator[Problem]:
    for item in cluster.all_items:
        at = page.text.index("@", item.start)  # behind the hyphen that suppresses an author
        key, passage = split_address(item.key, evidence.references)
        if key not in evidence.references:
            yield _at(page, at, "unknown-key", *_unknown_key(evidence, key))
        elif passage:
            yield from _passage(evidence, page, at, key, passage, gated)


def _unknown_key(evidence: Evidence, key: str) -> tuple[str, str]:
    if not evidence.references:
        return (
            f"`{key}` is cited, and no bibliography was read",
            f"name your .bib file with the option `bibliography`; {_NO_CITATION}",
        )
    near = nearest(key, evidence.references)
    hint = f"did you mean {listed(near)}? " if near else ""
    return (
        f"no entry of the bibliography has the key `{key}`",
        f"{hint}{'else a' if hint else 'a'}dd the entry; {_NO_CITATION}",
    )


def _passage(
    evidence: Evidence, page: Page, at: int, key: str, passage: str, gated: bool
) -> Iterator[Problem]:
    if not gated:
        message = f"`{key}#{passage}` cites a passage, and no sources are read"
        yield _at(page, at, "unknown-passage", message, "set the option `evidence` to `auto`")
        return
    record = evidence.records.get(key)
    if record is None:
        message = f"`{key}#{passage}` cites a passage, and there is no record of `{key}`"
        yield _at(page, at, "no-record", message, f"write sources/records/{key}.yml")
    elif record.passage(passage) is None:
        near = nearest(passage, (p.id for p in record.passages))
        hint = f"did you mean {listed(near)}?" if near else f"its record is {record.span.path}"
        message = f"the record of `{key}` has no passage `{passage}`"
        yield _at(page, at, "unknown-passage", message, hint)


def _directive(evidence: Evidence, page: Page, directive: Directive) -> Iterator[Problem]:
    name, argument = directive.name, directive.argument
    if name not in DIRECTIVES:
        near = nearest(name, DIRECTIVES)
        hint = f"did you mean {listed(near)}?" if near else f"there are {listed(list(DIRECTIVES))}"
        message = f"there is no directive `{name}`"
        yield _at(page, directive.start, "unknown-directive", message, hint)
        return
    for option, value in directive.options:
        known = DIRECTIVES[name].options.get(option)
        if known and value in known:
            continue
        message = f"the directive `{name}` has no option `{option}={value}`"
        hint = "take it out"
        if known:
            hint = f"there is {listed([f'{option}={v}' for v in known])}"
        yield _at(page, directive.start, "unknown-option", message, hint)
    if name in EXHIBITS and (wrong := unknown_target(directive, evidence)):
        hint = "name a source or passage that sources/records holds, or nothing"
        yield _at(page, directive.start, "bad-directive", wrong, hint)
    if name == "table" or (name == "chart" and argument != OF_FINDINGS):
        yield from _known(page, directive, "series", "series", evidence.series)
        series = evidence.series.get(argument) if name == "chart" else None
        undrawn = chart_of(series) if series else None
        # What is wrong with a chart that a file asks for is said there.
        if series and series.chart is None and isinstance(undrawn, Undrawn):
            message = f"the series `{argument}` has nothing to draw: {undrawn.message}"
            hint = "give it a `chart` in its file, or write  ::: table " + argument
            yield _at(page, directive.start, "bad-directive", message, hint)
    elif name == "findings" and argument:
        chapters = {finding.chapter for finding in evidence.findings}
        yield from _known(page, directive, "chapter", "findings of a chapter", chapters)
    elif name in ("bibliography", "explorer", "history") and argument:
        message = f"the directive `{name}` takes no argument"
        yield _at(page, directive.start, "bad-directive", message, f"write  ::: {name}")


def _known(
    page: Page, directive: Directive, what: str, named: str, known: Iterable[str]
) -> Iterator[Problem]:
    argument = directive.argument
    pool = sorted(known)
    if not argument:
        message = f"the directive `{directive.name}` needs the name of a {what}"
        yield _at(
            page, directive.start, "bad-directive", message, f"there are {listed(pool) or 'none'}"
        )
    elif argument not in pool:
        near = nearest(argument, pool) or pool
        hint = f"did you mean {listed(near)}?" if near else f"there are no {named} in sources/"
        message = (
            f"there are no {named} `{argument}`"
            if what == "chapter"
            else (f"there is no {what} `{argument}`")
        )
        yield _at(page, directive.start, f"unknown-{what}", message, hint)
