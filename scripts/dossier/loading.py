"""Reading a project from disk: the only module that does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dossier.bibliography import read_bibliography
from dossier.front_matter import FrontMatter, read_front_matter
from dossier.model import Evidence
from dossier.problems import Problem, has_errors, in_order, nearest
from dossier.records import read_findings, read_overlaps, read_records, read_series
from dossier.relations import check_relations
from dossier.settings import DEFAULTS, GATES, Gate, Settings
from dossier.style import names_file

Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A page as it stands on disk: its text with LF line ends, and its front matter."""

    path: str
    text: str
    front: FrontMatter


@dataclass(frozen=True, slots=True)
class Project:
    """Everything read of a project.

    `gated` tells whether sources are read; `watched` names the files and folders whose
    change changes the site, `style` holds the CSL file where the option names one.
    """

    settings: Settings
    evidence: Evidence
    pages: tuple[Source, ...]
    problems: tuple[Problem, ...]
    gated: bool
    watched: tuple[Path, ...] = ()
    style: bytes | None = None


@dataclass(slots=True)
class Memory:
    """The last good bytes of each evidence file, kept while an author edits."""

    good: dict[str, bytes] = field(default_factory=dict)

    def sound(self, files: Files, read: Callable[[Files], tuple[object, Sequence[Problem]]]) -> Files:
        """Return the files, each broken one as it was when it was last without error."""
        kept: list[tuple[str, bytes]] = []
        for path, data in files:
            if has_errors(read(((path, data),))[1]):
                data = self.good.get(path, data)
            else:
                self.good[path] = data
            kept.append((path, data))
        return tuple(kept)


# -- settings --------------------------------------------------------------------------


class _Tolerant(yaml.SafeLoader):
    """Reads a MkDocs configuration without acting on its tags (!ENV, !!python/name)."""


def _ignore_tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return None
    if isinstance(node, yaml.SequenceNode):
        values = loader.construct_sequence(node, deep=True)
        return values[-1] if values else None
    return None


_Tolerant.add_multi_constructor("!", _ignore_tag)
_Tolerant.add_multi_constructor("tag:yaml.org,2002:python/", _ignore_tag)


def read_settings(root: Path, config: str = "mkdocs.yml") -> tuple[Settings, tuple[Problem, ...]]:
    """Return the options of a site from its configuration file, and what is wrong with them.

    Codes: no-config, config-syntax, unknown-option, bad-option.
    """
    settings = Settings(root, config)
    try:
        text = (root / config).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return settings, (_config_problem(config, 1, "no-config", f"{config} cannot be read: {_why(error)}",
                                          "run this in the folder of your mkdocs.yml"),)
    try:
        values = _load_config(root, text)
        tree = yaml.compose(text, Loader=_Tolerant)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        return settings, (_config_problem(config, line, "config-syntax", f"not YAML: {getattr(error, 'problem', error)}",
                                          "mend the line"),)
    options, lines = _plugin_options(values), _option_lines(tree)
    return _settings(root, config, values, options, lines)


def _load_config(root: Path, text: str, depth: int = 0) -> dict[str, Any]:
    values = yaml.load(text, Loader=_Tolerant)  # noqa: S506 - a safe loader that ignores tags
    values = values if isinstance(values, dict) else {}
    parent = values.pop("INHERIT", None)
    if isinstance(parent, str) and depth < 8 and (root / parent).is_file():
        base_path = root / parent
        base = _load_config(base_path.parent, base_path.read_text("utf-8-sig"), depth + 1)
        values = _merged(base, values)
    return values


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in over.items():
        old = both.get(key)
        both[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def _plugin_options(values: dict[str, Any]) -> dict[str, Any]:
    plugins = values.get("plugins") or []
    extensions = values.get("markdown_extensions") or []
    for group in (plugins, extensions):
        entries = group.items() if isinstance(group, dict) else (
            pair for entry in group for pair in (entry.items() if isinstance(entry, dict) else [(entry, {})])
        )
        for name, options in entries:
            if name in ("dossier", "dossier.extension"):
                return dict(options or {})
    return {}


def _option_lines(tree: yaml.Node | None) -> dict[str, int]:
    """Return for each option of ours the line that sets it."""
    lines: dict[str, int] = {}

    def walk(node: yaml.Node | None, ours: bool) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if ours:
                    lines[str(key.value)] = key.start_mark.line + 1
                elif key.value == "dossier":
                    lines["dossier"] = key.start_mark.line + 1
                    walk(value, True)
                else:
                    walk(value, False)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                if isinstance(item, yaml.ScalarNode) and item.value == "dossier":
                    lines["dossier"] = item.start_mark.line + 1
                walk(item, False)

    walk(tree, False)
    return lines


def _settings(
    root: Path, config: str, values: dict[str, Any], options: dict[str, Any], lines: dict[str, int]
) -> tuple[Settings, tuple[Problem, ...]]:
    problems: list[Problem] = []
    for name in options:
        if name not in (*DEFAULTS, "docs_dir"):
            near = nearest(str(name), DEFAULTS)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(DEFAULTS)}"
            problems.append(_config_problem(config, lines.get(str(name), 1), "unknown-option",
                                            f"there is no option `{name}`", hint))
    bibliography, found = options_bibliography(options.get("bibliography", DEFAULTS["bibliography"]))
    if not found:
        problems.append(_config_problem(config, lines.get("bibliography", 1), "bad-option",
                                        "`bibliography` is a path or a list of paths", "mend the value"))
    evidence = options.get("evidence", "auto")
    if evidence is False:
        evidence = "off"  # YAML 1.1 reads a bare `off` as false
    if evidence not in GATES:
        problems.append(_config_problem(config, lines.get("evidence", 1), "bad-option",
                                        f"`evidence` is {', '.join(GATES)}, not `{evidence}`", "mend the value"))
        evidence = "auto"
    theme = values.get("theme")
    language = theme.get("language") if isinstance(theme, dict) else ""
    gate: Gate = evidence
    return Settings(
        root,
        config,
        root / str(options.get("docs_dir") or values.get("docs_dir") or "docs"),
        root / str(values.get("site_dir") or "site"),
        bibliography,
        str(options.get("csl") or ""),
        locale_of(str(options.get("locale") or ""), str(language or "")),
        str(options.get("sources") or DEFAULTS["sources"]),
        gate,
        values.get("use_directory_urls") is not False,
        lines,
    ), tuple(problems)


def options_bibliography(value: object) -> tuple[tuple[str, ...], bool]:
    """Return the paths that the option `bibliography` names, and whether it is well formed."""
    if isinstance(value, str) and value:
        return (value,), True
    if isinstance(value, list) and value and all(isinstance(v, str) and v for v in value):
        return tuple(value), True
    return (), False


def locale_of(option: str, language: str) -> str:
    """Return the locale of citations: the option, else the language of the theme."""
    return option or ("en-US" if language in ("", "en") else language)


def _config_problem(config: str, line: int, code: str, message: str, hint: str) -> Problem:
    return Problem(code, config, line, 1, message, hint)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


# -- the project ------------------------------------------------------------------------


def read_project(settings: Settings, memory: Memory | None = None) -> Project:
    """Return the whole project.

    With a memory a broken file of the evidence counts as it was when it was last sound,
    while its problems are reported; without one it counts as far as it can be read.
    """
    problems: list[Problem] = []
    pages, found = read_pages(settings)
    problems += found
    named = [*settings.bibliography]
    for page in pages:
        named += [name for name in page.front.bibliography if name not in named]
    bib_files, found = _named_files(settings, named)
    problems += found
    references, found = read_bibliography(bib_files)
    problems += found if bib_files else ()
    if memory:
        references, _ = read_bibliography(memory.sound(bib_files, read_bibliography))
    folder = settings.root / settings.sources
    gated = settings.evidence != "off" and (
        settings.evidence == "required" or (folder / "records").is_dir() or (folder / "findings").is_dir()
    )
    evidence = Evidence({r.key: r for r in references})
    if gated:
        evidence, found = _read_sources(settings, folder, evidence, memory)
        problems += found
    style = _read_style(settings)
    watched = [settings.root / name for name in named]
    watched += [folder] if gated else []
    watched += [settings.root / settings.csl] if names_file(settings.csl) else []
    return Project(
        settings, evidence, pages, in_order(problems), gated, tuple(watched), style
    )


def _read_sources(
    settings: Settings, folder: Path, evidence: Evidence, memory: Memory | None
) -> tuple[Evidence, tuple[Problem, ...]]:
    problems: list[Problem] = []
    if settings.evidence == "required" and not (folder / "records").is_dir():
        problems.append(
            _config_problem(
                settings.config,
                settings.lines.get("evidence", 1),
                "no-sources",
                f"evidence is required, and there is no folder {settings.sources}/records",
                "write a record for each source, or set `evidence: auto`",
            )
        )
    files = {name: _folder_files(settings, folder / name) for name in ("records", "findings", "series")}
    overlaps = tuple(_read_file(settings, path) for path in [folder / "overlaps.yml"] if path.is_file())
    records, found = read_records(files["records"])
    problems += found
    findings, found = read_findings(files["findings"])
    problems += found
    series, found = read_series(files["series"])
    problems += found
    measured, found = read_overlaps(overlaps)
    problems += found
    if memory:
        records = read_records(memory.sound(files["records"], read_records))[0]
        findings = read_findings(memory.sound(files["findings"], read_findings))[0]
        series = read_series(memory.sound(files["series"], read_series))[0]
        measured = read_overlaps(memory.sound(overlaps, read_overlaps))[0]
    whole = Evidence(
        evidence.references,
        {record.key: record for record in records},
        findings,
        {one.id: one for one in series},
        measured,
    )
    return whole, (*problems, *check_relations(whole))


def _read_style(settings: Settings) -> bytes | None:
    """Return the bytes of the CSL file that the option names, None where it names none."""
    if not settings.csl or not names_file(settings.csl):
        return None
    try:
        return (settings.root / settings.csl).read_bytes()
    except OSError:
        return None  # `find_style` says that there is none, and what the name may have meant


def _named_files(settings: Settings, names: Iterable[str]) -> tuple[Files, list[Problem]]:
    files: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    line = settings.lines.get("bibliography", settings.lines.get("dossier", 1))
    for name in names:
        path = settings.root / name
        try:
            files.append((name.removeprefix("./"), path.read_bytes()))
        except OSError as error:
            problems.append(
                _config_problem(
                    settings.config,
                    line,
                    "missing-bibliography",
                    f"the bibliography {path.resolve()} cannot be read: {_why(error)}",
                    "mend the option `bibliography`, or make the file",
                )
            )
    return tuple(files), problems


def _folder_files(settings: Settings, folder: Path) -> Files:
    paths = sorted(p for p in folder.glob("**/*") if p.suffix in (".yml", ".yaml") and p.is_file())
    return tuple(_read_file(settings, path) for path in paths)


def _read_file(settings: Settings, path: Path) -> tuple[str, bytes]:
    return shown(settings.root, path), path.read_bytes()


def shown(root: Path, path: Path) -> str:
    """Return a path as problems name it: relative to the project, with slashes."""
    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:
        return path.as_posix()


# -- pages -----------------------------------------------------------------------------


def read_pages(settings: Settings) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """Return the pages of the docs folder in the order of their paths, and what is wrong.

    Codes: those of `read_front_matter`, page-not-utf8, symlink-outside, name-collision,
    no-docs. Hidden files and folders are no pages, as in MkDocs.
    """
    pages: list[Source] = []
    problems: list[Problem] = []
    if not settings.docs.is_dir():
        line = settings.lines.get("docs_dir", 1)
        message = f"there is no folder {settings.docs}"
        return (), (_config_problem(settings.config, line, "no-docs", message, "make it"),)
    by_name: dict[str, str] = {}
    for path, fault in _walk(settings.docs, settings.docs.resolve(), frozenset()):
        name = shown(settings.root, path)
        if fault:
            problems.append(Problem("symlink-outside", name, 1, 1, fault,
                                    "put the file itself into the docs folder"))
            continue
        problems += _name_problems(name, by_name)
        if path.suffix not in (".md", ".markdown", ".mdown", ".mkdn", ".mkd"):
            continue
        page, found = read_page(name, path)
        problems += found
        if page:
            pages.append(page)
    return tuple(pages), tuple(problems)


def _walk(
    folder: Path, inside: Path, above: frozenset[Path]
) -> Iterator[tuple[Path, str]]:
    """Yield the files of a folder with, for a link that leads out or round, why it is refused."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_symlink():
            target = path.resolve()
            if not target.is_relative_to(inside):
                yield path, "this link leads out of the docs folder and is not followed"
                continue
            if target.is_dir() and (target in above or inside.is_relative_to(target)):
                yield path, "this link leads round in a circle and is not followed"
                continue
        if path.is_dir():
            yield from _walk(path, inside, above | {path.resolve()})
        elif path.is_file():
            yield path, ""


_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)),
             *(f"lpt{n}" for n in range(1, 10))}


def _name_problems(name: str, by_name: dict[str, str]) -> Iterator[Problem]:
    folded = name.casefold()
    if folded in by_name:
        yield Problem("name-collision", name, 1, 1,
                      f"its name differs from {by_name[folded]} in case alone",
                      "rename one: many machines take the two for one file", "warning")
    by_name.setdefault(folded, name)
    last = name.rpartition("/")[2]
    if last.partition(".")[0].casefold() in _RESERVED:
        yield Problem("name-reserved", name, 1, 1, "Windows keeps this file name for a device",
                      "rename the file", "warning")
    special = sorted(set(last) & set('#?%<>:"|*\\'))
    if special:
        yield Problem("name-special", name, 1, 1,
                      f"{' '.join(special)} in a file name has a meaning of its own in addresses",
                      "rename the file with letters, digits, hyphens", "warning")


def read_page(name: str, path: Path) -> tuple[Source | None, tuple[Problem, ...]]:
    """Return one page, or None where it is not UTF-8."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        problem = Problem("page-unreadable", name, 1, 1, f"cannot be read: {_why(error)}")
        return None, (problem,)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        message = f"byte 0x{raw[error.start]:02X} is not UTF-8"
        return None, (Problem("page-not-utf8", name, line, column, message, "save the file as UTF-8"),)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front, problems = read_front_matter(name, text)
    return Source(name, text, front), problems


def read_site(folder: Path) -> dict[str, str]:
    """Return the HTML pages of a built site by their paths in it."""
    if not folder.is_dir():
        return {}
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.rglob("*.html"))
    }
