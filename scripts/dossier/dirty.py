"""Which pages a dirty build has to make anew, so that none shows what is no longer so.

MkDocs builds those alone whose files have changed. A page of a report shows more than its own file:
labels and assessments come from the evidence, and some pages list what stands on others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dossier.model import Evidence
from dossier.publication import OF_ALL_PAGES, OF_ALL_USES
from dossier.settings import Settings
from dossier.site import Outline, Site


@dataclass(frozen=True, slots=True)
class State:
    """What all pages of a site were made of: its evidence, what its host says, their outlines.

    `host` is the day, the commit and the addresses of pages, which each page may show.
    """

    evidence: Evidence
    settings: Settings
    host: object
    outlines: Mapping[str, Outline]


def state_of(site: Site, host: object) -> State:
    """Return the state of a site as its files have it now."""
    project = site.project
    outlines = {source.path: site.outline(source) for source in project.pages}
    return State(project.evidence, project.settings, host, outlines)


def stale(before: State | None, now: State) -> frozenset[str] | None:
    """Return the pages that must be made anew although their own files are as they were.

    None stands for all: where nothing is known of the site, where the evidence or a title has
    changed, or where pages came, went, or show findings elsewhere.
    """
    if before is None or before.evidence is not now.evidence:
        return None
    if (before.settings, before.host) != (now.settings, now.host):
        return None
    if [(p, o.title, o.directives) for p, o in before.outlines.items()] != [
        (p, o.title, o.directives) for p, o in now.outlines.items()
    ]:
        return None
    cites_alike = before.outlines == now.outlines
    listing = OF_ALL_PAGES if cites_alike else OF_ALL_PAGES | OF_ALL_USES
    return frozenset(
        path
        for path, outline in now.outlines.items()
        if any(name in listing for name, _, _ in outline.directives)
    )
