"""The command `dossier`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dossier import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dossier.problems import Problem
    from dossier.settings import Settings
    from dossier.site import Site

FORMATS = ("text", "json", "github")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dossier", description="Holds a report against its evidence, and builds its site."
    )
    parser.add_argument("--version", action="version", version=f"dossier {__version__}")
    parser.add_argument(
        "-f", "--config-file", default="mkdocs.yml", metavar="FILE", help="the site's configuration"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="print everything that is wrong; exit 1 on errors")
    check.add_argument("--format", choices=FORMATS, default="text", help="how to print it")
    check.add_argument(
        "--site", nargs="?", const="", metavar="DIR", help="check the HTML of a built site as well"
    )
    build = commands.add_parser("build", help="build the site; a failed build changes nothing")
    build.add_argument("--site-dir", metavar="DIR", help="where the site goes")
    build.add_argument("--host", choices=("mkdocs", "properdocs"), default="mkdocs", help="what builds it")
    tables = commands.add_parser(
        "tables", help="write findings and series as Markdown, CSV and JSON files"
    )
    tables.add_argument("--out", default="tables", metavar="DIR", help="the folder to write to")
    schemas = commands.add_parser("schemas", help="write the JSON Schemas of sources/, for editors")
    schemas.add_argument("--out", default="schemas", metavar="DIR", help="the folder to write to")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 0, or 1 where there are errors."""
    options = _parser().parse_args(arguments)
    config = Path(options.config_file)
    run = {"check": _check, "build": _build, "tables": _tables, "schemas": _schemas}
    try:
        return run[options.command](options, config)
    except BrokenPipeError:
        return 1
    except OSError as error:
        print(f"dossier: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return 1


def _settings(config: Path) -> tuple[Settings, tuple[Problem, ...]]:
    from dossier.loading import read_settings

    return read_settings(config.parent.resolve(), config.name)


def _open(settings: Settings) -> Site:
    from dossier.cache import Cache
    from dossier.extension import CACHE
    from dossier.loading import read_project
    from dossier.site import as_drafted, open_site

    project = read_project(settings)
    site = open_site(project, Cache(settings.root / CACHE))
    for source in project.pages:
        site.drafts[source.path] = as_drafted(source, settings.locale)
    return site


def _print(problems: Sequence[Problem], form: str) -> int:
    from dossier.problems import as_github, as_json, as_text, has_errors, summary

    if form == "json":
        print(as_json(problems))
    else:
        printer = as_github if form == "github" else as_text
        for problem in problems:
            print(printer(problem))
        if form == "text":
            print(summary(problems))
    return 1 if has_errors(problems) else 0


def _check(options: argparse.Namespace, config: Path) -> int:
    from dossier.problems import in_order

    settings, problems = _settings(config)
    if any(problem.code in ("no-config", "config-syntax") for problem in problems):
        return _print(problems, options.format)
    site = _open(settings)
    _, found = site.finish()
    every = [*problems, *found]
    if options.site is not None:
        folder = Path(options.site) if options.site else settings.site
        every += _site_problems(settings, site, folder)
    return _print(in_order(every), options.format)


def _site_problems(settings: Settings, site: Site, folder: Path) -> tuple[Problem, ...]:
    from dossier.loading import read_site
    from dossier.problems import Problem
    from dossier.site import expected_pages
    from dossier.site_check import check_html

    pages = read_site(folder)
    if not pages:
        hint = "build it with `dossier build`"
        return (Problem("no-site", str(folder), 1, 1, "there is no site in this folder", hint),)
    return check_html(pages, expected_pages(site, settings, pages))


def _build(options: argparse.Namespace, config: Path) -> int:
    from dossier.building import build, run_mkdocs

    settings, problems = _settings(config)
    if any(problem.code in ("no-config", "config-syntax") for problem in problems):
        return _print(problems, "text")
    target = Path(options.site_dir).resolve() if options.site_dir else settings.site
    built, found = build(
        target,
        run_mkdocs(settings.root, settings.config, options.host),
        lambda folder: _site_problems(settings, _open(settings), folder),
    )
    if found:
        _print(found, "text")
    if built:
        print(f"The site stands in {target}")
        return 0
    kept = "the last good site is left as it was" if target.exists() else "there is no site yet"
    print(f"The build failed; {kept}.", file=sys.stderr)
    return 1


def _tables(options: argparse.Namespace, config: Path) -> int:
    from dossier.exports import as_csv, as_json, as_markdown
    from dossier.origins import assess_all

    settings, problems = _settings(config)
    site = _open(settings)
    status = _print([p for p in (*problems, *site.project.problems) if p.severity == "error"], "text")
    evidence = site.project.evidence
    assessed = assess_all(evidence.findings, evidence.records)
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    chapters = dict.fromkeys(item.finding.chapter for item in assessed)
    tables = {
        f"findings-{chapter}": tuple(i for i in assessed if i.finding.chapter == chapter)
        for chapter in chapters
    }
    every = {"findings": assessed, **tables, **{f"series-{s.id}": s for s in evidence.series.values()}}
    for name, table in every.items():
        for ending, written in (("md", as_markdown), ("csv", as_csv), ("json", as_json)):
            (folder / f"{name}.{ending}").write_text(written(table), encoding="utf-8", newline="")
    print(f"{3 * len(every)} files stand in {folder}")
    return status


def _schemas(options: argparse.Namespace, config: Path) -> int:
    import json

    from dossier.forms import schemas

    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True)
        (folder / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(schemas())} schemas stand in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
