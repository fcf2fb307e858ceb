"""Clusters and entries to HTML, taken from the cache as far as it holds them."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import lru_cache
from importlib import metadata, resources
from types import MappingProxyType
from typing import Literal, Protocol, cast

from dossier.model import Reference, Span
from dossier.problems import Problem, Severity, in_order
from dossier.style import pandoc
from dossier.style.csl import DEFAULT, Style, prepare, without_suffixes
from dossier.style.job import Fault, Job, Sheet
from dossier.style.locales import read_locale
from dossier.style.markup import text_of
from dossier.style.output import MARGIN, plain_entry
from dossier.style.typesetting import typeset

_MOST_CLUSTERS = 4000
"""Clusters kept for one bibliography, the last used; a large book has some 2,000."""
_CONFIG = Span("mkdocs.yml")


class Store(Protocol):
    """What keeps results between builds, JSON values by name."""

    def read(self, name: str) -> object:
        """Return the value kept under a name, or None."""

    def write(self, name: str, value: object) -> None:
        """Keep a value under a name."""


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
    place: Span = _CONFIG,
    places: Mapping[str, Span] = MappingProxyType({}),
) -> tuple[Styled, tuple[Problem, ...]]:
    """Return the bibliography and the clusters in a style, and the problems met on the way.

    `clusters` are pandoc Markdown, one line each, keys in braces. Whatever fails, the
    result names every key and every cluster. `place` is where style and locale are set,
    `places` where clusters stand, for the problems.
    """
    references = tuple(references)
    wanted = tuple(dict.fromkeys(clusters))
    locale, problems = read_locale(locale, place=place)
    found = list(problems)
    job = Job(references, wanted, style.xml, style.is_note, locale)
    sheet = _kept_or_set(job, cache)
    if isinstance(sheet, pandoc.Failure) and style.xml and _rejects(style):
        message = f"pandoc cannot use the style {style.name}: {_first_line(sheet.words)}"
        hint = "take the file from the public collection of CSL styles, or name a style"
        found.append(_problem("bad-style", place, message, hint))
        style = DEFAULT
        sheet = _kept_or_set(replace(job, csl="", is_note=False), cache)
    if isinstance(sheet, pandoc.Failure):
        message = f"the citations could not be set: {_first_line(sheet.words)}"
        found.append(_problem("style-failed", place, message, "the pages show keys instead"))
        sheet = _plain(job)
    spans = {reference.key: reference.span for reference in references}
    found += _problems(sheet.faults, spans, {c: places.get(c, place) for c in wanted}, place)
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
    name = _name(job).replace("style-", "alone-", 1)
    kept = cache.read(name) if cache is not None else None
    if isinstance(kept, dict) and kept.keys() == {r.key for r in references}:
        return _strings(kept)
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


# -- what is kept ------------------------------------------------------------------------


def _kept_or_set(job: Job, cache: Store | None) -> Sheet | pandoc.Failure:
    """Return the sheet of a job, setting only what the cache does not hold.

    One item holds a bibliography and the clusters set with it. A new cluster costs a whole
    call all the same: its labels are fixed by citing everything.
    """
    name = _name(job)
    kept = _restore(cache.read(name), job) if cache is not None else None
    have = kept.clusters if kept is not None else {}
    missing = tuple(c for c in job.clusters if c not in have)
    if kept is not None and not missing:
        return kept
    csl = job.csl
    if not csl:
        default = pandoc.default_style()
        if isinstance(default, pandoc.Failure):
            return default
        csl = prepare(default)
    new = typeset(replace(job, clusters=missing, csl=csl))
    if isinstance(new, pandoc.Failure):
        return new
    if kept is not None:
        clusters = {c: v for c, v in kept.clusters.items() if c not in job.clusters}
        clusters |= {c: {**kept.clusters, **new.clusters}[c] for c in job.clusters}
        dropped = max(0, len(clusters) - max(_MOST_CLUSTERS, len(job.clusters)))
        clusters = dict(list(clusters.items())[dropped:])
        older = (f for f in kept.faults if f.about == "cluster" and f.subject in clusters)
        new = replace(new, clusters=clusters, faults=(*new.faults, *older))
    if cache is not None:
        cache.write(name, _keep(new))
    return new


def _name(job: Job) -> str:
    """Return the name under which a job's results are kept: a hash of all they depend on."""
    works = [(r.key, r.bibtex, r.title, r.authors, r.date, r.doi, r.url) for r in job.references]
    depends = [_recipe(), pandoc.identity(), job.csl, job.is_note, job.locale, works]
    return "style-" + hashlib.sha256(json.dumps(depends).encode()).hexdigest()


@lru_cache(maxsize=1)
def _recipe() -> str:
    """Return a hash of the code between pandoc and the page: a change of it sets all anew."""
    digest = hashlib.sha256(metadata.version("nh3").encode())
    for item in sorted(resources.files(__package__ or "").iterdir(), key=lambda i: i.name):
        if item.name.endswith(".py"):
            digest.update(item.read_bytes())
    return digest.hexdigest()


def _keep(sheet: Sheet) -> object:
    return {
        "labels": dict(sheet.labels),
        "entries": dict(sheet.entries),
        "order": sheet.order,
        "clusters": dict(sheet.clusters),
        "faults": [astuple(fault) for fault in sheet.faults],
    }


def _restore(value: object, job: Job) -> Sheet | None:
    """Return a kept sheet, or None where it is not what `_keep` writes."""
    try:
        if not isinstance(value, dict):
            return None
        sheet = Sheet(
            _strings(value["labels"]),
            _strings(value["entries"]),
            tuple(map(_string, value["order"])),
            {_string(k): (_string(a), _string(b)) for k, (a, b) in value["clusters"].items()},
            tuple(_fault(*map(_string, fault)) for fault in value["faults"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    keys = {r.key for r in job.references}
    return sheet if keys == set(sheet.labels) == set(sheet.entries) == set(sheet.order) else None


def _fault(code: str, about: str, subject: str, message: str, hint: str, severity: str) -> Fault:
    if about not in {"entry", "cluster", "style"} or severity not in {"error", "warning", "note"}:
        raise ValueError(about, severity)
    return Fault(
        code,
        cast(Literal["entry", "cluster", "style"], about),
        subject,
        message,
        hint,
        cast(Severity, severity),
    )


def _strings(value: dict[object, object]) -> dict[str, str]:
    return {_string(key): _string(text) for key, text in value.items()}


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
