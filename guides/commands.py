"""The page of the commands, as their parser has them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from dossier.cli import command_line
from guides.cells import NOTE, code, joined, sentence, table

_ON_COMMANDS = """\
`dossier` stands in `.venv/bin`; it is run in the folder of `mkdocs.yml`. Its exit status is 0 where
all is well and 1 where there are errors.
"""


def commands() -> str:
    """Return the page of the commands, as their parser has them."""
    parser = command_line()
    parts = [
        f"# Commands\n\nWhat `dossier` takes. {NOTE}",
        _ON_COMMANDS,
        "## dossier\n",
        _arguments(parser),
    ]
    for name, said, one in _subcommands(parser):
        usage = " ".join(one.format_usage().removeprefix("usage: ").split())
        parts += [
            f"## dossier {name} {{: #{name} }}\n",
            f"{sentence(said)}\n",
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
        (code(_argument(action)), joined(sentence(action.help or ""), _given(action)))
        for action in parser._actions  # noqa: SLF001
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)  # noqa: SLF001
    ]
    return table(("Argument", "Meaning"), rows) if rows else ""


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
    found = f"One of {', '.join(map(code, action.choices))}." if action.choices else ""
    if action.required and action.option_strings:
        return joined(found, "It must be given.")
    if action.default in {None, "", argparse.SUPPRESS} or action.nargs == 0:
        return found
    return joined(found, f"Without it, {code(str(action.default))}.")
