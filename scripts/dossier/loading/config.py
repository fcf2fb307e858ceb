"""The options of a site, read from its mkdocs.yml without MkDocs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from pathspec.gitignore import GitIgnoreSpec
from yaml.composer import ComposerError
from yaml.parser import ParserError
from yaml.scanner import ScannerError

from dossier.encoding import foreign
from dossier.problems import Problem, line_at, nearest
from dossier.settings import DEFAULTS, GATES, Gate, Place, Settings
from dossier.yaml_faults import Fault, fault_of
from dossier.yaml_nodes import YamlText

_DEEPEST_PARENT = 8


_EXTENSION = ("dossier", "dossier.extension")


class _Tolerant(yaml.SafeLoader):
    """Reads a MkDocs configuration without acting on its tags but `!ENV`."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        """Return the value of a node; what its type makes of a bad one is a fault with a place."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            what = f"this value cannot be read as its type, {node.tag.rpartition(':')[2]}"
            raise yaml.constructor.ConstructorError(None, None, what, node.start_mark) from error


def _from_environment(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    """Return what `!ENV NAME` or `!ENV [NAME, OTHER, default]` stands for, as MkDocs reads it."""
    names = [node] if isinstance(node, yaml.ScalarNode) else node.value
    default = names.pop() if len(names) > 1 and isinstance(node, yaml.SequenceNode) else None
    for name in names:
        value = os.environ.get(str(name.value))
        if value is not None:
            tag = loader.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
            return loader.construct_object(yaml.ScalarNode(tag, value))
    return None if default is None else loader.construct_object(default, deep=True)


def _ignore_tag(_loader: yaml.SafeLoader, _suffix: str, _node: yaml.Node) -> object:
    return None


_Tolerant.add_constructor("!ENV", _from_environment)
_Tolerant.add_multi_constructor("!", _ignore_tag)
_Tolerant.add_multi_constructor("tag:yaml.org,2002:python/", _ignore_tag)


# Beside its own, PyYAML lets through what a type of YAML makes of a bad value: `!!timestamp x`.
_FAULTS = (yaml.YAMLError, RecursionError, ValueError, TypeError, AttributeError, LookupError)


class _UnusableError(Exception):
    """A configuration that cannot be used, as a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_settings(root: Path, config: str = "mkdocs.yml") -> tuple[Settings, tuple[Problem, ...]]:
    """Return the options of a site from its configuration file, and what is wrong with them.

    Codes: no-config, config-syntax, unknown-option, bad-option.
    """
    try:
        values, tree = _load(root, config)
    except _UnusableError as fault:
        return Settings(root, config, root / "docs", root / "site"), (fault.problem,)
    return _settings(root, config, values, _option_marks(tree))


def _load(root: Path, name: str, below: str = "") -> tuple[dict[str, Any], yaml.Node | None]:
    """Return the values of a configuration on top of those it inherits, and its own tree."""
    path = root / name
    text = _read(path, name)
    try:
        tree = yaml.compose(text, Loader=_Tolerant)
        loaded = yaml.load(text, Loader=_Tolerant)  # noqa: S506 - a safe loader that ignores tags
    except _FAULTS as error:
        raise _UnusableError(_syntax(name, text, error)) from error
    if not isinstance(loaded, dict):
        problem = Problem(
            "config-syntax", name, 1, 1, f"{name} holds no options", "write `site_name: ...`"
        )
        raise _UnusableError(problem)
    values: dict[str, Any] = loaded
    if "INHERIT" in values:
        parent = values.pop("INHERIT")
        line = _line_of(text, "INHERIT")
        if not isinstance(parent, str) or not parent:
            message = f"INHERIT names a file, not `{parent}`"
            hint = "write the path of a configuration, or take the line out"
            raise _UnusableError(Problem("no-config", name, line, 1, message, hint))
        if below.count("\n") > _DEEPEST_PARENT:
            message = f"{name} inherits from a file that inherits from it"
            raise _UnusableError(
                Problem("no-config", name, line, 1, message, "take one INHERIT out")
            )
        above = Path(os.path.relpath(path.parent / parent, root)).as_posix()
        if not (root / above).is_file():
            message = f"{above}, which {name} inherits, is no file that can be read"
            hint = "name a file that is there; the path counts from the folder of this file"
            excerpt = text.splitlines()[line - 1]
            raise _UnusableError(
                Problem("no-config", name, line, 1, message, hint, excerpt=excerpt)
            )
        values = _merged(_load(root, above, f"{below}{name}\n")[0], values)
    return values, tree


def _line_of(text: str, key: str) -> int:
    """Return the line of a key that begins one, 1 where none does."""
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)


def _read(path: Path, name: str) -> str:
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file has such a name"
        hint = "run this in the folder of your mkdocs.yml, or name it with -f"
        message = f"{name} cannot be read: {why}"
        raise _UnusableError(Problem("no-config", name, 1, 1, message, hint)) from error
    wrong = foreign(data)
    if wrong is not None:
        raise _UnusableError(Problem("no-config", name, 1, 1, wrong.message, wrong.hint(name)))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        message = f"{name} cannot be read: byte 0x{data[error.start]:02X} is not UTF-8"
        hint = "save the file as UTF-8"
        raise _UnusableError(Problem("no-config", name, line, column, message, hint)) from error


def syntax_fault(name: str, text: str, error: Exception) -> tuple[YamlText, Fault] | None:
    """Return what PyYAML stumbles over in a file in plain words, None where it is no syntax."""
    if not isinstance(error, ScannerError | ParserError | ComposerError):
        return None
    source = YamlText(name, text, (0, *(m.end() for m in re.finditer("\r\n?|\n", text))))
    fault = fault_of(source, 0, error, (-1, -1))
    return source, replace(fault, hint=fault.hint or "mend the line")


def _syntax(name: str, text: str, error: Exception) -> Problem:
    if (found := syntax_fault(name, text, error)) is not None:
        source, fault = found
        return source.problem("config-syntax", fault.offset, fault.message, fault.hint)
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if isinstance(error, RecursionError):
        what = "it is nested too deep"
    else:
        what = getattr(error, "problem", None) or " ".join(str(error).split())
    lines = text.splitlines()
    excerpt = lines[line - 1] if line <= len(lines) else ""
    return Problem(
        "config-syntax", name, line, column, f"not YAML: {what}", "mend the line", excerpt=excerpt
    )


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration on top of the one it inherits, as MkDocs merges the two."""
    both = dict(base)
    for key, value in over.items():
        old = both.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            both[key] = _merged(old, value)
        else:
            both[key] = value
    return both


def _named(group: object) -> Iterator[tuple[object, object]]:
    """Yield the names and options of plugins or extensions, in whichever form they are given."""
    if isinstance(group, dict):
        yield from group.items()
    for entry in group if isinstance(group, list) else ():
        if isinstance(entry, dict):
            yield from entry.items()
        else:
            yield entry, {}


def _options(values: dict[str, Any], *groups: str) -> dict[str, Any]:
    """Return the options of ours in the first of these groups that names the plugin at all."""
    for group in groups:
        for name, options in _named(values.get(group)):
            if name in _EXTENSION:
                return dict(options) if isinstance(options, dict) else {}
    return {}


def _option_marks(tree: yaml.Node | None) -> dict[str, yaml.Mark]:
    """Return where each option of ours stands, and under `dossier` where the plugin does."""
    marks: dict[str, yaml.Mark] = {}
    waiting: list[tuple[yaml.Node | None, bool]] = [(tree, False)]
    seen: set[tuple[int, bool]] = set()  # aliases may lead round, or to one node many times
    while waiting:
        node, ours = waiting.pop()
        if (id(node), ours) in seen:
            continue
        seen.add((id(node), ours))
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                if isinstance(item, yaml.ScalarNode) and item.value in _EXTENSION:
                    marks["dossier"] = item.start_mark
                waiting.append((item, False))
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                name = str(key.value)
                if name in _EXTENSION:
                    name = "dossier"
                if ours or name in ("dossier", "docs_dir", *_PATTERNS):
                    marks.setdefault(name, key.start_mark)
                waiting.append((value, name == "dossier"))
    return marks


def _line_at(mark: yaml.Mark) -> str:
    """Return the line in which a mark stands."""
    text = str(mark.buffer or "")
    start = max(text.rfind(end, 0, mark.index) for end in "\r\n") + 1
    return (
        line_at(text, start, mark.index) + re.split("[\r\n\0]", text[mark.index :], maxsplit=1)[0]
    )


def _settings(
    root: Path, config: str, values: dict[str, Any], marks: dict[str, yaml.Mark]
) -> tuple[Settings, tuple[Problem, ...]]:
    options = _options(values, "plugins", "markdown_extensions")
    theme = values.get("theme")
    language = theme.get("language") if isinstance(theme, dict) else ""
    bibliography = read_bibliography_option(options.get("bibliography", DEFAULTS["bibliography"]))
    evidence = options.get("evidence", "auto")
    # YAML 1.1 reads a bare `off` as false.
    gate: Gate = "off" if evidence is False else evidence if evidence in GATES else "auto"
    settings = Settings(
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
        {n: Place(m.line + 1, m.column + 1, _line_at(m)) for n, m in marks.items()},
        _patterns(values.get("exclude_docs")),
        _patterns(values.get("draft_docs")),
        # The extension alone has no say in what its host puts around a page.
        _options(values, "plugins").get("csp") is True,
        _options(values, "plugins").get("pdf") is True,
        str(values.get("site_name") or ""),
        str(values.get("site_description") or ""),
        str(values.get("copyright") or ""),
        str(values.get("site_url") or ""),
        tuple(dict.fromkeys(_pages_of(values.get("nav")))),
    )
    problems = []
    for name in options:
        if name not in (*DEFAULTS, "docs_dir"):
            near = nearest(str(name), DEFAULTS)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(DEFAULTS)}"
            message = f"the plugin `dossier` has no option `{name}`"
            problems.append(config_problem(settings, str(name), "unknown-option", message, hint))
    if not bibliography:
        message = "`bibliography` is a path or a list of paths"
        problems.append(config_problem(settings, "bibliography", "bad-option", message))
    if evidence is not False and evidence not in GATES:
        words = [f"`{word}`" for word in GATES]
        message = f"`evidence` is {', '.join(words[:-1])} or {words[-1]}, not `{evidence}`"
        problems.append(config_problem(settings, "evidence", "bad-option", message))
    for name in _PATTERNS:
        if (fault := _pattern_fault(_lines(values.get(name)))) is not None:
            message = f"`{name}` holds a pattern that cannot be read: {fault}"
            problems.append(config_problem(settings, name, "bad-option", message))
    for name in ("cards", "csp", "pdf"):
        value = options.get(name, DEFAULTS[name])
        if not isinstance(value, bool):
            message = f"`{name}` is true or false, not `{value}`"
            problems.append(config_problem(settings, name, "bad-option", message))
    return settings, tuple(problems)


def _pages_of(nav: object) -> Iterator[str]:
    """Yield what a navigation names, a path or an address, in its order."""
    waiting = [nav]
    seen: set[int] = set()  # aliases may lead round, or to one list many times
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict | list) and id(item) not in seen:
            seen.add(id(item))
            waiting += reversed(list(item.values() if isinstance(item, dict) else item))


_PATTERNS = ("exclude_docs", "draft_docs")


def _pattern_fault(patterns: tuple[str, ...]) -> str | None:
    """Return why patterns cannot be read, None where they can."""
    try:
        GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        return " ".join(str(error).split())
    return None


def _patterns(value: object) -> tuple[str, ...]:
    """Return the patterns of an option, none where one of them cannot be read."""
    patterns = _lines(value)
    return patterns if _pattern_fault(patterns) is None else ()


def _lines(value: object) -> tuple[str, ...]:
    return tuple(value.splitlines()) if isinstance(value, str) else ()


def read_bibliography_option(value: object) -> tuple[str, ...]:
    """Return the paths that the option `bibliography` names, none where it is malformed."""
    if isinstance(value, str) and value:
        return (value,)
    if isinstance(value, list) and all(isinstance(v, str) and v for v in value):
        return tuple(value)
    return ()


def locale_of(option: str, language: str) -> str:
    """Return the locale of citations: the option, else the language of the theme."""
    return option or ("en-US" if language in ("", "en") else language)


def config_problem(
    settings: Settings, option: str, code: str, message: str, hint: str = "mend the value"
) -> Problem:
    """Return an error at the line of an option, or at that of the plugin."""
    at = settings.places.get(option) or settings.places.get("dossier") or Place(1, 1, "")
    return Problem(code, settings.config, at.line, at.column, message, hint, excerpt=at.text)
