"""The reference of the guides, written from the code: no page of it is typed by hand.

Commands are what the parser takes, options and directives the engine's own tables, fields the JSON
Schemas, codes the rows of PROBLEMS.md. `guides.hooks` hands the pages to the build of the guides;
for a host without hooks, `python -m guides.reference FOLDER` writes them as files.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from dossier.calculations import COUNTED, FUNCTIONS
from dossier.directives import DIRECTIVES
from dossier.front_matter import FIELDS
from dossier.settings import OPTIONS
from guides.cells import NOTE, code, joined, sentence, table
from guides.commands import commands
from guides.fields import fields

PROBLEMS = Path(__file__).resolve().parent.parent / "PROBLEMS.md"

_ROW = re.compile(r"^\| `([^`]+)` \|(?= (?:error|warning|note))", re.MULTILINE)

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
_ON_PROBLEMS = """\
# Problem codes

Every code that `dossier` prints, what it means and how to mend it. Each leads to a page with an
example, what is printed, and the mend.

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


# -- options and directives --------------------------------------------------------------


def options() -> str:
    """Return the page of the options of the plugin and of front matter."""
    rows = [
        (code(name), option.takes, joined(sentence(option.means), _default(option.default)))
        for name, option in OPTIONS.items()
    ]
    return "\n".join(
        (
            f"# Options\n\nWhat `mkdocs.yml` and the head of a page may say. {NOTE}",
            "## Of the plugin\n",
            "They stand below `dossier` in the list of plugins:\n",
            "```yaml\nplugins:\n  - search\n  - dossier:\n      csp: true\n      pdf: true\n```\n",
            _ON_OPTIONS,
            table(("Option", "Takes", "Meaning"), rows),
            "## Of a page\n",
            "Between two lines of three hyphens, at its very beginning:\n",
            "```yaml\n---\nlang: en-GB\n---\n```\n",
            table(("Field", "Meaning"), [(code(n), sentence(m)) for n, m in FIELDS.items()]),
        )
    )


def _default(value: str | bool) -> str:
    shown = str(value).lower() if isinstance(value, bool) else value
    return f"Without it, {code(shown)}." if shown else ""


def directives() -> str:
    """Return the page of the directives, and of what is filled in between `{=` and `=}`."""
    parts = [
        f"# Directives\n\nWhat a page asks the build to show. {NOTE}",
        _ON_DIRECTIVES,
    ]
    for name, form in DIRECTIVES.items():
        written = " ".join(filter(None, ("::: " + name, form.argument)))
        parts += [f"## {name}\n", f"```text\n{written}\n```\n", f"{sentence(form.means)}\n"]
        rows = [
            (code(f"{option}={value}"), sentence(means))
            for option, values in form.options.items()
            for value, means in values.items()
        ]
        parts += [table(("Option", "Meaning"), rows)] if rows else []
    filled = [
        (code(f"{{= {name}({argument}) =}}"), sentence(means))
        for name, (argument, means) in FUNCTIONS.items()
    ]
    parts += [
        "## Within a sentence {: #within }\n",
        _ON_FUNCTIONS,
        table(("Written", "Printed"), filled),
        "`count` takes one of these words:\n",
        table(("Word", "Counts"), [(code(w), sentence(m)) for w, m in COUNTED.items()]),
    ]
    return "\n".join(parts)


# -- problems ----------------------------------------------------------------------------


def problems() -> str:
    """Return the list of all codes, each leading to its page where there is one."""
    text = PROBLEMS.read_text("utf-8")
    _, start, rest = text.partition("## Configuration and files")
    assert start, "PROBLEMS.md has its tables below `Configuration and files`"

    # Python-Markdown reads HTML by a reader that fails at these signs, even within code.
    rest = rest.replace("`<![`", "<code>&lt;![</code>")
    listed = _ROW.sub(r"| [`\1`](\1.md) |", rest)
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
