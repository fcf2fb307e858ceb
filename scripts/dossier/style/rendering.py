"""Clusters and entries to HTML, taken from the cache as far as it holds them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from dossier.model import Reference, Span
from dossier.problems import Problem, in_order
from dossier.style import pandoc
from dossier.style.csl import DEFAULT, Style, without_suffixes
from dossier.style.job import Fault, Job, Sheet
from dossier.style.keeping import Store, name_of, strings
from dossier.style.locales import read_locale
from dossier.style.markup import text_of
from dossier.style.output import MARGIN, plain_entry
from dossier.style.retrieval import kept_or_set

CONFIG = Span("mkdocs.yml")


@dataclass(frozen=True, slots=True)
class Styled:
    """A bibliography and clusters as a style prints them; all HTML is safe to publish.

    `clusters` maps the source of a cluster to its HTML, one `span.citation`; with a note
    style (`is_note`) that holds only what stands in the sentence, the mark of the note
    belongs at the end of the span, and `notes` holds the text of the note. `entries` maps
    a key to what belongs inside `div.csl-entry`, `labels` to the work's name in plain text
    ("Doe 2020a", "[3]", the note in a note style), and `order` is the style's order of keys.
    """

    clusters: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    is_note: bool = False


def render(
    references: Sequence[Reference],
    clusters: Iterable[str],
    *,
    style: Style = DEFAULT,
    locale: str = "en-US",
    cache: Store | None = None,
    place: Span = CONFIG,
    style_place: Span = CONFIG,
    places: Mapping[str, Span] = MappingProxyType({}),
) -> tuple[Styled, tuple[Problem, ...]]:
    """Return the bibliography and the clusters in a style, and the problems met on the way.

    `clusters` are pandoc Markdown, one line each, keys in braces. Whatever fails, the
    result names every key and every cluster. `place` is where the locale is set,
    `style_place` where the style is, `places` where clusters stand, for the problems.
    """
    references = tuple(references)
    wanted = tuple(dict.fromkeys(clusters))
    locale, problems = read_locale(locale, place=place)
    found = list(problems)
    job = Job(references, wanted, style.xml, style.is_note, locale)
    sheet = kept_or_set(job, cache)
    if isinstance(sheet, pandoc.Failure) and style.xml and _rejects(style):
        message = f"pandoc cannot use the style {style.name}: {_first_line(sheet.words)}"
        hint = "take the file from the public collection of CSL styles, or name a style"
        found.append(_problem("bad-style", style_place, message, hint))
        style = DEFAULT
        sheet = kept_or_set(replace(job, csl="", is_note=False), cache)
    if isinstance(sheet, pandoc.Failure):
        message = f"the citations could not be set: {_first_line(sheet.words)}"
        hint = "install the packages again"
        if sheet.words != pandoc.NOT_FOUND:
            hint = "take out half of the entries, and so on, until it is set; report what is left"
        hint += "; meanwhile the pages show keys"
        found.append(_problem("style-failed", style_place, message, hint))
        sheet = _plain(job)
    spans = {reference.key: reference.span for reference in references}
    cited = {cluster: places.get(cluster, place) for cluster in wanted}
    found += _problems(sheet.faults, spans, cited, style_place)
    return _styled(sheet, wanted, is_note=style.is_note), in_order(found)


def render_alone(
    references: Sequence[Reference],
    *,
    style: Style = DEFAULT,
    locale: str = "en-US",
    cache: Store | None = None,
) -> Mapping[str, str]:
    """Return each work in plain text, as the style lists it where it is the only one.

    A work that cannot be set comes out unstyled; the number in the margin, in styles that
    count, is left out.
    """
    job = Job(tuple(references), (), style.xml, style.is_note, locale)
    name = name_of(job).replace("style-", "alone-", 1)
    kept = cache.read(name) if cache is not None else None
    if isinstance(kept, dict) and kept.keys() == {r.key for r in references}:
        return strings(kept)
    xml = style.xml or pandoc.default_style()
    if isinstance(xml, str):
        style = replace(style, name=style.name or "default", xml=without_suffixes(xml))
    styled, _ = render(references, (), style=style, locale=locale)
    texts = {key: text_of(MARGIN.sub("", entry)) for key, entry in styled.entries.items()}
    if cache is not None:
        cache.write(name, texts)
    return texts


def _styled(sheet: Sheet, wanted: Sequence[str], *, is_note: bool) -> Styled:
    return Styled(
        MappingProxyType({source: sheet.clusters[source][0] for source in wanted}),
        MappingProxyType(dict(sheet.entries)),
        MappingProxyType(dict(sheet.labels)),
        sheet.order,
        MappingProxyType(
            {s: sheet.clusters[s][1] for s in wanted if is_note and sheet.clusters[s][1]}
        ),
        is_note,
    )


def _rejects(style: Style) -> bool:
    """Tell whether pandoc fails on the style alone."""
    return isinstance(pandoc.convert("", "", style.xml, "en-US"), pandoc.Failure)


def _first_line(words: str) -> str:
    return words.strip().partition("\n")[0][:300]


def _problem(code: str, span: Span, message: str, hint: str) -> Problem:
    return Problem(code, span.path, span.line, span.column, message, hint)


def _problems(
    faults: Iterable[Fault], entries: Mapping[str, Span], clusters: Mapping[str, Span], place: Span
) -> Iterator[Problem]:
    for fault in faults:
        if fault.about == "cluster" and fault.subject not in clusters:
            continue  # kept from an earlier build, and no longer written
        spans = {"entry": entries, "cluster": clusters}.get(fault.about, {})
        span = spans.get(fault.subject, place)
        yield replace(
            _problem(fault.code, span, fault.message, fault.hint), severity=fault.severity
        )


def _plain(job: Job) -> Sheet:
    """Return what stands in when nothing can be set: keys as labels, entries unstyled."""
    entries = {reference.key: plain_entry(reference) for reference in job.references}
    clusters = {
        source: (f'<span class="citation">{html.escape(source)}</span>', "")
        for source in job.clusters
    }
    return Sheet({key: key for key in entries}, entries, tuple(entries), clusters)
