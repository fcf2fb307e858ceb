"""What the commands of `dossier` do."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from dossier.building import build as build_site
from dossier.building import in_the_way, run_mkdocs, without_times
from dossier.cache import FOLDER, Cache
from dossier.exports import Table, as_csv, as_json, as_markdown
from dossier.loading import read_project, read_settings, read_site
from dossier.origins import assess_all
from dossier.pdf import PDF_NAME
from dossier.printing import write_pdf
from dossier.problems import (
    Problem,
    has_errors,
)
from dossier.schemas import FOLDER as SCHEMAS
from dossier.schemas import as_json as as_schema
from dossier.schemas import file_name
from dossier.schemas import schemas as json_schemas
from dossier.settings import Settings
from dossier.site import Site, as_drafted, expected_pages, open_site
from dossier.site_check import check_html, check_policies
from dossier.telling import is_unusable, print_problems


def settings_of(config: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """Return the options of a configuration, and what is wrong with them."""
    return read_settings(config.parent.resolve(), config.name)


def opened(settings: Settings) -> Site:
    """Return a project with all its pages, every citation taken as printed."""
    project = read_project(settings)
    site = open_site(project, Cache(settings.root / FOLDER))
    for source in project.pages:
        site.drafts[source.path] = as_drafted(source, settings.locale)
    return site


def site_problems(site: Site, folder: Path) -> tuple[Problem, ...]:
    """Return what is wrong with the HTML of a built site."""
    pages = read_site(folder)
    if not pages:
        hint = "build it with `dossier build`"
        return (Problem("no-site", str(folder), 1, 1, "there is no site in this folder", hint),)
    problems = check_html(pages, expected_pages(site))
    return (*problems, *check_policies(pages)) if site.project.settings.csp else problems


def build(options: argparse.Namespace, config: Path) -> int:
    """Build the site into a fresh folder, and put it in place only where nothing is wrong."""
    settings, problems = settings_of(config)
    if is_unusable(problems):
        return print_problems(problems, "text")
    # A link is followed, so that what it leads to is replaced and it stays.
    target = Path(os.path.realpath(options.site_dir or settings.site))
    if found := in_the_way(target, _kept(settings)):
        return print_problems(found, "text")

    def finish(folder: Path) -> tuple[Problem, ...]:
        without_times(folder)
        faults = site_problems(opened(settings), folder)
        if not settings.pdf or has_errors(faults):
            return faults
        made = write_pdf(settings, folder, folder / PDF_NAME)
        # The folder that is built into is gone when the problem is read.
        return (*faults, *(replace(one, path=_named(target / PDF_NAME, settings)) for one in made))

    variables = {"DOSSIER_PDF": PDF_NAME if settings.pdf else ""}
    run = run_mkdocs(settings.root, settings.config, options.host, variables)
    built, found = build_site(target, run, finish)
    if found:
        print_problems(found, "text")
    if built:
        print(f"The site stands in {target}")
        return 0
    kept = "the last good site is left as it was" if target.exists() else "there is no site yet"
    print(f"The build failed; {kept}.", file=sys.stderr)
    return 1


def _named(path: Path, settings: Settings) -> str:
    """Return a path as problems show it: from the folder of the project where it is within."""
    root = settings.root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _kept(settings: Settings) -> tuple[Path, ...]:
    """Return what a project is made of, and no build may replace."""
    names = (*settings.bibliography, settings.sources, settings.config, settings.csl or ".git")
    paths = (settings.docs, *(settings.root / name for name in names))
    return tuple(Path(os.path.realpath(path)) for path in paths if os.path.lexists(path))


def pdf(options: argparse.Namespace, config: Path) -> int:
    """Write the report of a built site as one PDF."""
    settings, problems = settings_of(config)
    if is_unusable(problems):
        return print_problems(problems, "text")
    folder = Path(options.site) if options.site else settings.site
    target = Path(options.out) if options.out else folder / PDF_NAME
    if found := write_pdf(settings, folder, target):
        return print_problems(found, "text")
    print(f"The report stands in {target}")
    return 0


def tables(options: argparse.Namespace, config: Path) -> int:
    """Write findings and series as Markdown, CSV and JSON."""
    settings, problems = settings_of(config)
    if is_unusable(problems):
        return print_problems(problems, "text")
    site = opened(settings)
    status = print_problems(
        [p for p in (*problems, *site.project.problems) if p.severity == "error"], "text"
    )
    evidence = site.project.evidence
    assessed = assess_all(evidence.findings, evidence.records)
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    chapters = dict.fromkeys(item.finding.chapter for item in assessed)
    tables = {
        f"findings-{chapter}": tuple(i for i in assessed if i.finding.chapter == chapter)
        for chapter in chapters
    }
    every: dict[str, Table] = {"findings": assessed, **tables}
    every |= {f"series-{series.id}": series for series in evidence.series.values()}
    for name, table in every.items():
        for ending, written in (("md", as_markdown), ("csv", as_csv), ("json", as_json)):
            (folder / f"{name}.{ending}").write_text(written(table), encoding="utf-8", newline="")
    print(f"{3 * len(every)} files stand in {folder}")
    return status


def schemas(options: argparse.Namespace, config: Path) -> int:
    """Write the JSON Schemas of the files in sources/; it needs no project that can be read."""
    settings, _ = settings_of(config)
    folder = Path(options.out) if options.out else settings.root / settings.sources / SCHEMAS
    folder.mkdir(parents=True, exist_ok=True)
    every = json_schemas()
    for kind, schema in every.items():
        (folder / file_name(kind)).write_text(as_schema(schema), encoding="utf-8", newline="")
    print(f"{len(every)} schemas stand in {folder}")
    return 0
