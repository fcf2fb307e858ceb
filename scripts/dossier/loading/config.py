"""The options of a site, read from its mkdocs.yml without MkDocs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from dossier.problems import Problem, nearest
from dossier.settings import DEFAULTS, GATES, Gate, Settings

_DEEPEST_PARENT = 8


class _Tolerant(yaml.SafeLoader):
    """Reads a MkDocs configuration without acting on its tags (!ENV, !!python/name)."""


def _ignore_tag(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> object:
    """Return the default that `!ENV [NAME, default]` gives, and None for any other tag."""
    if isinstance(node, yaml.SequenceNode):
        values: list[object] = loader.construct_sequence(node, deep=True)
        return values[-1] if values else None
    return None


_Tolerant.add_multi_constructor("!", _ignore_tag)
_Tolerant.add_multi_constructor("tag:yaml.org,2002:python/", _ignore_tag)


def read_settings(root: Path, config: str = "mkdocs.yml") -> tuple[Settings, tuple[Problem, ...]]:
    """Return the options of a site from its configuration file, and what is wrong with them.

    Codes: no-config, config-syntax, unknown-option, bad-option.
    """
    settings = Settings(root, config, root / "docs", root / "site")
    try:
        text = (root / config).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        hint = "run this in the folder of your mkdocs.yml, or name it with -f"
        problem = config_problem(settings, "", "no-config", f"{config} cannot be read: {why}", hint)
        return settings, (problem,)
    try:
        values = _load(root, text)
        tree = yaml.compose(text, Loader=_Tolerant)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = getattr(error, "problem", None) or "it is nested too deep"
        lines = text.splitlines()
        excerpt = lines[line - 1] if line <= len(lines) else ""
        problem = Problem(
            "config-syntax",
            config,
            line,
            column,
            f"not YAML: {what}",
            "mend the line",
            excerpt=excerpt,
        )
        return settings, (problem,)
    return _settings(root, config, values, _plugin_options(values), _option_lines(tree))


def _load(root: Path, text: str, depth: int = 0) -> dict[str, Any]:
    loaded = yaml.load(text, Loader=_Tolerant)  # noqa: S506 - a safe loader that ignores tags
    values: dict[str, Any] = loaded if isinstance(loaded, dict) else {}
    parent = values.pop("INHERIT", None)
    if isinstance(parent, str) and depth < _DEEPEST_PARENT and (root / parent).is_file():
        path = root / parent
        values = _merged(_load(path.parent, path.read_text("utf-8-sig"), depth + 1), values)
    return values


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


def _plugin_options(values: dict[str, Any]) -> dict[str, Any]:
    for group in ("plugins", "markdown_extensions"):
        for name, options in _named(values.get(group)):
            if name == "dossier":
                return dict(options) if isinstance(options, dict) else {}
    return {}


def _option_lines(tree: yaml.Node | None) -> dict[str, int]:
    """Return the line of each option of ours, and under `dossier` that of the plugin."""
    lines: dict[str, int] = {}
    waiting: list[tuple[yaml.Node | None, bool]] = [(tree, False)]
    while waiting:
        node, ours = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                if isinstance(item, yaml.ScalarNode) and item.value == "dossier":
                    lines["dossier"] = item.start_mark.line + 1
                waiting.append((item, False))
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                name = str(key.value)
                if ours or name in ("dossier", "docs_dir"):
                    lines.setdefault(name, key.start_mark.line + 1)
                waiting.append((value, name == "dossier"))
    return lines


def _settings(
    root: Path, config: str, values: dict[str, Any], options: dict[str, Any], lines: dict[str, int]
) -> tuple[Settings, tuple[Problem, ...]]:
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
        lines,
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
        message = f"`evidence` is {', '.join(GATES)}, not `{evidence}`"
        problems.append(config_problem(settings, "evidence", "bad-option", message))
    return settings, tuple(problems)


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
    line = settings.lines.get(option, settings.lines.get("dossier", 1))
    return Problem(code, settings.config, line, 1, message, hint)
