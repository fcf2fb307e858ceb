"""The reference of the guides, written from the code: no page of it is typed by hand.

Commands are what the parser takes, options and directives the engine's own tables, fields the JSON
Schemas, codes the rows of PROBLEMS.md. `guides.hooks` hands the pages to the build of the guides;
for a host without hooks, `python -m guides.reference FOLDER` writes them as files.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dossier.calculations import COUNTED, FUNCTIONS
from dossier.cli import command_line
from dossier.directives import DIRECTIVES
from dossier.front_matter import FIELDS
from dossier.schemas import schemas
from dossier.settings import OPTIONS

HERE = Path(__file__).resolve().parent
PROBLEMS = HERE.parent / "PROBLEMS.md"

_NOTE = "Written from the code, when these guides are built.\n"
_FILES = {
    "record": "sources/records/KEY.yml",
    "findings": "sources/findings/CHAPTER.yml",
    "series": "sources/series/NAME.yml",
    "names": "sources/names.yml",
    "overlaps": "sources/overlaps.yml",
    "checks": "sources/checks.yml",
}
_TITLES = {
    "record": "Source record",
    "findings": "Findings",
    "series": "Series",
    "names": "Names",
    "overlaps": "Overlaps",
    "checks": "Checks",
}
_ROW = re.compile(r"^\| `([^`]+)` \|(?= (?:error|warning|note))", re.MULTILINE)

_ON_COMMANDS = """\
`dossier` stands in `.venv/bin`; it is run in the folder of `mkdocs.yml`. Its exit status is 0 where
all is well and 1 where there are errors.
"""
_ON_OPTIONS = """\
All of them may be left out. The Markdown extension `dossier` takes the same ones, and `docs_dir`
and `config_file` beside them, for a host that runs no plugins; `cards` and `pdf` do nothing there.
"""
_ON_DIRECTIVES = """\
A directive stands on a line of its own, with an empty line before it and behind it: three colons, a
name and, where it takes one, an argument. What stands in brackets below may be left out.
"""
_ON_FUNCTIONS = """\
These are filled in by the build. A calculation gives its terms and its result,
`{= 2150 / 41300 = 5.2% =}`: the build works it out, and holds each term against the passages cited
in the same sentence.
"""
_ON_FIELDS = """\
File names are free, except for the three single files: the field `key` or `id` decides. An editor
that reads JSON Schemas completes these fields and says the same; `dossier schemas` writes them.
"""
_ON_PROBLEMS = """\
# Problem codes

Every code that `dossier` prints, what it means and how to mend it. A code that is a link has a page
with an example and its mend.

**Errors** fail every build, **warnings** a strict one (`dossier build` is strict), **notes** none.
Where two severities stand, the meaning says when the second holds.
"""


def pages() -> dict[str, str]:
    """Return the pages of the reference as Markdown, by their paths in the docs folder."""
    return {
        "reference/commands.md": commands(),
        "reference/directives.md": directives(),
        "reference/options.md": options(),
        "reference/fields.md": fields(),
        "problems/index.md": problems(),
    }


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown; each cell is Markdown already."""
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    """Return a text as code in a cell of a table."""
    return f"`{text.replace('|', chr(92) + '|')}`" if text else ""


def _sentence(text: str) -> str:
    """Return a description with a full stop and a capital letter, unless a value begins it."""
    first = text[:1] if re.match(r"[\w-]+:", text) else text[:1].upper()
    return f"{first}{text[1:]}{'' if text.endswith('.') else '.'}"


# -- commands ----------------------------------------------------------------------------


def commands() -> str:
    """Return the page of the commands, as their parser has them."""
    parser = command_line()
    parts = [
        f"# Commands\n\nWhat `dossier` takes. {_NOTE}",
        _ON_COMMANDS,
        "## dossier\n",
        _arguments(parser),
    ]
    for name, said, one in _subcommands(parser):
        usage = " ".join(one.format_usage().removeprefix("usage: ").split())
        parts += [
            f"## dossier {name} {{: #{name} }}\n",
            f"{_sentence(said)}\n",
            f"```text\n{usage}\n```\n",
            _arguments(one),
        ]
    return "\n".join(part for part in parts if part)


def _subcommands(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Yield each command: its name, what it says of itself, and its parser."""
    for action in parser._actions:  # noqa: SLF001 - argparse shows its parts in no other way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            said = {one.dest: one.help or "" for one in action._choices_actions}  # noqa: SLF001
            for name, one in action.choices.items():
                yield name, said[name], one


def _arguments(parser: argparse.ArgumentParser) -> str:
    """Return the table of the arguments of a parser, empty where it has none."""
    rows = [
        (_code(_argument(action)), _joined(_sentence(action.help or ""), _given(action)))
        for action in parser._actions  # noqa: SLF001
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)  # noqa: SLF001
    ]
    return _table(("Argument", "Meaning"), rows) if rows else ""


def _argument(action: argparse.Action) -> str:
    """Return how an argument is written."""
    value = action.metavar or ("" if action.choices else action.dest.upper())
    if not action.option_strings:
        return str(value or action.dest)
    takes = f" {value}" if action.nargs != 0 and value else ""
    if takes and action.nargs in ("?", "*"):
        takes = f" [{value}{' ...' if action.nargs == '*' else ''}]"
    return ", ".join(action.option_strings) + takes


def _given(action: argparse.Action) -> str:
    """Return what an argument takes, and what holds where it is not given."""
    found = f"One of {', '.join(map(_code, action.choices))}." if action.choices else ""
    if action.required and action.option_strings:
        return _joined(found, "It must be given.")
    if action.default in {None, "", argparse.SUPPRESS} or action.nargs == 0:
        return found
    return _joined(found, f"Without it, {_code(str(action.default))}.")


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


# -- options and directives --------------------------------------------------------------


def options() -> str:
    """Return the page of the options of the plugin and of front matter."""
    rows = [
        (_code(name), option.takes, _joined(_sentence(option.means), _default(option.default)))
        for name, option in OPTIONS.items()
    ]
    return "\n".join(
        (
            f"# Options\n\nWhat `mkdocs.yml` and the head of a page may say. {_NOTE}",
            "## Of the plugin\n",
            "They stand below `dossier` in the list of plugins:\n",
            "```yaml\nplugins:\n  - search\n  - dossier:\n      csp: true\n      pdf: true\n```\n",
            _ON_OPTIONS,
            _table(("Option", "Takes", "Meaning"), rows),
            "## Of a page\n",
            "Between two lines of three hyphens, at its very beginning:\n",
            "```yaml\n---\nlang: en-GB\n---\n```\n",
            _table(("Field", "Meaning"), [(_code(n), _sentence(m)) for n, m in FIELDS.items()]),
        )
    )


def _default(value: str | bool) -> str:
    shown = str(value).lower() if isinstance(value, bool) else value
    return f"Without it, {_code(shown)}." if shown else ""


def directives() -> str:
    """Return the page of the directives, and of what is filled in between `{=` and `=}`."""
    parts = [
        f"# Directives\n\nWhat a page asks the build to show. {_NOTE}",
        _ON_DIRECTIVES,
    ]
    for name, form in DIRECTIVES.items():
        written = " ".join(filter(None, ("::: " + name, form.argument)))
        parts += [f"## {name}\n", f"```text\n{written}\n```\n", f"{_sentence(form.means)}\n"]
        rows = [
            (_code(f"{option}={value}"), _sentence(means))
            for option, values in form.options.items()
            for value, means in values.items()
        ]
        parts += [_table(("Option", "Meaning"), rows)] if rows else []
    filled = [
        (_code(f"{{= {name}({argument}) =}}"), _sentence(means))
        for name, (argument, means) in FUNCTIONS.items()
    ]
    parts += [
        "## Within a sentence {: #within }\n",
        _ON_FUNCTIONS,
        _table(("Written", "Printed"), filled),
        "`count` takes one of these words:\n",
        _table(("Word", "Counts"), [(_code(w), _sentence(m)) for w, m in COUNTED.items()]),
    ]
    return "\n".join(parts)


# -- fields ------------------------------------------------------------------------------


def fields() -> str:
    """Return the page of the fields of all files in `sources/`."""
    parts = [
        f"# Fields\n\nWhat the files in `sources/` may hold. {_NOTE}",
        _ON_FIELDS,
    ]
    for kind, schema in schemas().items():
        parts += [
            f"## {_TITLES[kind]} {{: #{kind} }}\n",
            f"`{_FILES[kind]}`\n",
            f"{schema['description']}\n",
            _fields(kind, schema),
        ]
        forms: Any = schema.get("$defs", {})
        for name, form in forms.items():
            part = _part(name)
            title = f"{part.capitalize().replace('-', ' ')}, in {_TITLES[kind].lower()}"
            parts += [
                f"### {title} {{: #{kind}-{part} }}\n",
                f"{form['description']}\n",
                _fields(kind, form),
            ]
    return "\n".join(parts)


def _part(name: str) -> str:
    """Return the name of a part of a file: `PassageCheckForm` is `passage-check`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name.removesuffix("Form")).lower()


def _fields(kind: str, form: Mapping[str, Any]) -> str:
    needed = form.get("required", ())
    rows = [
        (
            _code(name) + (" (needed)" if name in needed else ""),
            _takes(kind, field),
            _joined(_sentence(_escaped(field["description"])), _example(field)),
        )
        for name, field in form["properties"].items()
    ]
    return _table(("Field", "Takes", "Meaning"), rows)


def _escaped(text: str) -> str:
    """Return a plain text whose key#passage is no heading and whose bars are no cells."""
    return text.replace("|", "\\|")


def _takes(kind: str, field: Mapping[str, Any]) -> str:
    """Return in words what a field takes."""
    if "anyOf" in field:
        return _takes(kind, next(one for one in field["anyOf"] if one.get("type") != "null"))
    if "$ref" in field:
        part = _part(field["$ref"].rpartition("/")[2])
        return f"[{part}](#{kind}-{part})"
    if "enum" in field:
        return ", ".join(_code(word) for word in field["enum"])
    if field["type"] == "array":
        return f"a list: {_takes(kind, field['items'])}"
    return {"string": "text", "integer": "a whole number", "number": "a number"}[field["type"]]


def _example(field: Mapping[str, Any]) -> str:
    found = field.get("examples", ())
    texts = [", ".join(one) if isinstance(one, list) else str(one) for one in found]
    return f"For example {', '.join(map(_code, texts))}." if texts else ""


# -- problems ----------------------------------------------------------------------------


def problems() -> str:
    """Return the list of all codes, each leading to its page where there is one."""
    text = PROBLEMS.read_text("utf-8")
    _, start, rest = text.partition("## Configuration and files")
    assert start, "PROBLEMS.md has its tables below `Configuration and files`"

    def linked(row: re.Match[str]) -> str:
        there = (HERE / "docs" / "problems" / f"{row[1]}.md").is_file()
        return f"| [`{row[1]}`]({row[1]}.md) |" if there else f"| `{row[1]}` |"

    # Python-Markdown reads HTML by a reader that fails at these signs, even within code.
    rest = rest.replace("`<![`", "<code>&lt;![</code>")
    listed = _ROW.sub(linked, rest)
    return f"{_ON_PROBLEMS}\n{start}{listed}"


def main(arguments: Sequence[str]) -> int:
    """Write the pages below a folder."""
    (folder,) = arguments
    for path, text in pages().items():
        file = Path(folder) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
