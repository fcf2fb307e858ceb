"""What is audited: the report, and the same pages under bare Material, both served."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audit.server import serving
from bench.cases import copy_report
from bench.processes import run

# The same pages, navigation, extensions and settings of Material: its colors, features and
# language, and no font, since its own would be asked from a host that may not be reached. Ours
# are left out: overrides, style sheet, plugin. A list replaces the inherited one, and a mapping
# is merged with it, so that the overrides have to be another folder, which is empty.
_BARE = """\
INHERIT: mkdocs.yml
theme:
  custom_dir: bare
  icon:
    logo: material/library
extra_css: []
extra_javascript: []
plugins:
  - search
"""
_OURS = ("*.css", "*.js")
# What stands in a page as a table of the evidence, that of a chart too: a bare page has it typed,
# as `dossier tables` writes it in Markdown. Its citations stay as they are written, which is what
# bare Material shows. A short table has no such form, and is left out.
_TABLES = re.compile(r"^:::[ ]*(findings|table|chart)(?:[ ]+([\w-]+))?[ ]*$", re.MULTILINE)
# Pages that the build writes whole: what they list is in no Markdown, so that a bare page is a
# heading, and a ratio to it tells nothing.
_WRITTEN = re.compile(r"^:::\s*(?:bibliography|explorer|verification)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Site:
    """A site that was built: its folder, and the address at which it is served."""

    name: str
    folder: Path
    address: str

    def pages(self) -> tuple[str, ...]:
        """Return its pages by their paths, sorted."""
        return tuple(
            sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))
        )


def address_of(page: str) -> str:
    """Return the address of a page within its site, by its path: that which readers see."""
    return page.removesuffix("index.html")


def written_pages(docs: Path) -> frozenset[str]:
    """Return the paths of the pages that the build writes whole from the evidence."""
    return frozenset(
        (path.relative_to(docs).with_suffix("") / "index.html").as_posix()
        for path in docs.rglob("*.md")
        if _WRITTEN.search(path.read_text("utf-8"))
    )


def type_tables(docs: Path, tables: Path) -> None:
    """Put tables of the evidence, written in Markdown, in the place of their directives.

    A page without its tables would be no measure of a page with them.
    """

    def typed(found: re.Match[str]) -> str:
        kind, name = found[1], found[2]
        stem = (
            f"series-{name}" if kind != "findings" else f"findings-{name}" if name else "findings"
        )
        path = tables / f"{stem}.md"
        return path.read_text("utf-8") if path.is_file() else found[0]

    for page in docs.rglob("*.md"):
        page.write_text(_TABLES.sub(typed, page.read_text("utf-8")), encoding="utf-8")


@contextmanager
def serve_sites(report: Path, folder: Path) -> Iterator[tuple[Site, Site]]:
    """Build both sites in a folder, serve them on this machine alone, and yield ours first.

    Each is built with the address at which it is served, so that its canonical links hold, and
    without one for errors. Raises RunError where a build fails.
    """
    ours, bare = folder / "report", folder / "bare"
    copy_report(report, ours)
    copy_report(report, bare)
    (bare / "bare").mkdir()
    (bare / "bare.yml").write_text(_BARE, encoding="utf-8")
    for pattern in _OURS:
        for path in (bare / "docs").rglob(pattern):
            path.unlink()
    tables = folder / "tables"
    run((sys.executable, "-m", "dossier.cli", "tables", "--out", str(tables)), ours, {})
    type_tables(bare / "docs", tables)
    with serving(ours / "site") as at, serving(bare / "site") as beside:
        dossier = ("-m", "dossier.cli", "build")
        mkdocs = ("-m", "mkdocs", "build", "--quiet", "--config-file", "bare.yml")
        for arguments, where, address in ((dossier, ours, at), (mkdocs, bare, beside)):
            variables = {"SITE_URL": address, "ERROR_REPORT_URL": ""}
            run((sys.executable, *arguments), where, variables)
        yield Site("the report", ours / "site", at), Site("bare Material", bare / "site", beside)
