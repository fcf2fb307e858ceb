"""The pages of a project, and the HTML of a built site, as they stand on disk."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pathspec.gitignore import GitIgnoreSpec

from dossier.encoding import foreign
from dossier.front_matter import FrontMatter, read_front_matter
from dossier.loading.bounds import leads_out
from dossier.loading.config import config_problem
from dossier.loading.fatal import fatal_to_hosts
from dossier.problems import Problem, hidden_characters
from dossier.settings import PAGES, Settings

# What MkDocs never takes into a site (mkdocs.structure.files, _default_exclude).
_EXCLUDED = (".*", "/templates/")
UNREAD = frozenset(
    {
        "html-declaration",
        "name-not-utf8",
        "page-not-utf8",
        "page-too-deep",
        "page-unreadable",
        "symlink-outside",
    }
)
"""The codes of problems for which the host is not given a file of the docs folder: it would die."""
_DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
_SPECIAL = set('#?%<>:"|*\\')


@dataclass(frozen=True, slots=True)
class Source:
    """A page as it stands on disk: its text with LF line ends, and its front matter."""

    path: str
    text: str
    front: FrontMatter


def shown(root: Path, path: Path) -> str:
    """Return a path as problems name it: relative to the project, with slashes."""
    return Path(os.path.relpath(path, root)).as_posix()


def read_pages(settings: Settings) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """Return the pages of the docs folder in the order of their paths, and what is wrong.

    Codes: those of `read_page`, no-docs, path-outside, symlink-outside, name-not-utf8, and the
    warnings name-collision, name-reserved, name-special. Hidden files and folders are no pages,
    as in MkDocs, nor is what the site's configuration excludes.
    """
    if not settings.docs.is_dir():
        message = f"there is no folder {settings.docs}"
        hint = "make it, or mend `docs_dir`"
        problem = config_problem(settings, "docs_dir", "no-docs", message, hint)
        return (), (problem,)
    if leads_out(settings.root, settings.docs):
        message = f"the folder {settings.docs} lies outside of the project, where nothing is read"
        hint = "keep the pages within the project"
        return (), (config_problem(settings, "docs_dir", "path-outside", message, hint),)
    pages: list[Source] = []
    problems: list[Problem] = []
    names: dict[str, str] = {}
    spec = GitIgnoreSpec.from_lines((*_EXCLUDED, *settings.excluded, *settings.drafts))
    for path, fault in _walk(settings.docs, settings.docs.resolve(), frozenset()):
        name = shown(settings.root, path)
        if spec.match_file(path.relative_to(settings.docs).as_posix()):
            continue
        if fault:
            hint = "put the file itself into the docs folder"
            problems.append(Problem("symlink-outside", name, 1, 1, fault, hint))
            continue
        problems += _name_problems(name, names)
        if not path.is_file():
            problems.append(_unreadable(name, path))
        elif path.suffix in PAGES:
            page, found = read_page(name, path)
            problems += found
            pages += [page] if page else []
    return tuple(pages), tuple(problems)


def pages_among(settings: Settings, files: Iterable[tuple[str, bytes]]) -> tuple[Source, ...]:
    """Return the pages among files of another version, by their paths relative to the project.

    What cannot be read as a page is left out.
    """
    spec = GitIgnoreSpec.from_lines((*_EXCLUDED, *settings.excluded, *settings.drafts))
    docs = PurePosixPath(shown(settings.root, settings.docs))
    pages = []
    for name, raw in files:
        path = PurePosixPath(name)
        if not path.is_relative_to(docs) or path.suffix not in PAGES:
            continue
        if not spec.match_file(path.relative_to(docs).as_posix()):
            with suppress(UnicodeDecodeError):
                pages.append(_source(name, raw.removeprefix(codecs.BOM_UTF8).decode())[0])
    return tuple(pages)


def _source(name: str, text: str) -> tuple[Source, tuple[Problem, ...]]:
    """Return a page of its text, and what is wrong with its front matter."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front, problems = read_front_matter(name, text)
    return Source(name, text, front), problems


def _walk(folder: Path, inside: Path, above: frozenset[Path]) -> Iterator[tuple[Path, str]]:
    """Yield the files of a folder; for a link that leads out or round, with why it is refused."""
    above |= {folder.resolve()}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        try:
            target = path.resolve()
        except (OSError, RuntimeError):  # a link to itself, before Python 3.13
            yield path, "this link leads to itself"
            continue
        if path.is_symlink() and not target.is_relative_to(inside):
            yield path, "this link leads out of the docs folder and is not followed"
        elif path.is_symlink() and target in above:
            yield path, "this link leads round in a circle and is not followed"
        elif path.is_dir():
            yield from _walk(path, inside, above)
        else:
            yield path, ""


def _unreadable(name: str, path: Path) -> Problem:
    """Return the problem of what is no file: a link to nothing, a pipe, a device."""
    link = path.is_symlink()
    what = "this link leads to nothing" if link else "this is no file, but a pipe or a device"
    hint = "mend the link, or delete it" if link else "delete it, or keep it elsewhere"
    return Problem("page-unreadable", name, 1, 1, what, hint)


def _name_problems(name: str, names: dict[str, str]) -> Iterator[Problem]:
    def warn(code: str, message: str, hint: str) -> Problem:
        return Problem(code, name, 1, 1, message, hint, "warning")

    if not name.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in name):
        message = "the name of this file is not UTF-8, so that no address can name it"
        yield Problem("name-not-utf8", name, 1, 1, message, "rename the file")
        return
    folded = name.casefold()
    if folded in names:
        message = f"its name differs from that of {names[folded]} in case alone"
        yield warn("name-collision", message, "rename one: many machines take both for one file")
    names.setdefault(folded, name)
    last = name.rpartition("/")[2]
    if last.partition(".")[0].casefold() in _DEVICES:
        message = "Windows keeps this file name for a device"
        yield warn("name-reserved", message, "rename the file")
    special = sorted(set(last) & _SPECIAL)
    if special:
        message = f"{' '.join(special)} in a file name has a meaning of its own in addresses"
        yield warn("name-special", message, "rename the file: letters, digits and hyphens")


def read_page(name: str, path: Path) -> tuple[Source | None, tuple[Problem, ...]]:
    """Return one page, None where it cannot be read, and what is wrong with its front matter.

    Codes: those of `read_front_matter`, page-unreadable, page-not-utf8, control-character,
    html-declaration, page-too-deep, and the warning bidi-control.
    """
    try:
        raw = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        message = f"the page cannot be read: {error.strerror}"
        return None, (Problem("page-unreadable", name, 1, 1, message, "look at its permissions"),)
    wrong = foreign(raw)
    if wrong is not None:
        return None, (Problem("page-not-utf8", name, 1, 1, wrong.message, wrong.hint(name)),)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        before = before.replace("\r\n", "\n").replace("\r", "\n")
        line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        message = f"byte 0x{raw[error.start]:02X} is not UTF-8"
        hint = "save the file as UTF-8"
        excerpt = f"{before.rpartition(chr(10))[2]}\ufffd"
        return None, (Problem("page-not-utf8", name, line, column, message, hint, excerpt=excerpt),)
    page, problems = _source(name, text)
    first = page.text.count("\n", 0, page.front.body) + 1
    problems += tuple(hidden_characters(name, page.text[page.front.body :], first))
    problems += tuple(fatal_to_hosts(name, page.text, page.front.body))
    return page, problems


def read_site(folder: Path) -> dict[str, str]:
    """Return the HTML pages of a built site by their paths in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.rglob("*.html"))
    }
