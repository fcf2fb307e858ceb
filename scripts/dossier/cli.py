"""The command `dossier`."""

from __future__ import annotations

import argparse
import io
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dossier import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001

FORMATS = ("text", "json", "github")


_PRIVATE = "retrieve from hosts that are not on the public Internet"


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 3600:
        raise ValueError(text)
    return seconds


def _archive(text: str) -> str:
    from dossier.archives import is_form  # noqa: PLC0415 - only where it is asked for

    if not is_form(text):
        raise argparse.ArgumentTypeError(
            "it is an address with {url} in it, such as https://example.org/{day}/{url}"
        )
    return text


def _days(text: str) -> int:
    days = int(text)
    if not 0 <= days <= 36525:
        raise ValueError(text)
    return days


def _add_source_commands(commands: _Commands) -> None:
    taken = commands.add_parser(
        "capture", help="seal the passages of a source in its text, and write its record"
    )
    taken.add_argument("source", metavar="FILE|ADDRESS", help="a page, a PDF or a text")
    taken.add_argument("--key", required=True, help="the key of its entry in the bibliography")
    taken.add_argument(
        "--folder", default="captures", metavar="DIR", help="where texts are kept, outside of git"
    )
    taken.add_argument(
        "--retrieved",
        type=_day,
        metavar="DATE",
        help="the day a file was retrieved (2025-07-08); an address is retrieved today",
    )
    taken.add_argument(
        "--extent", choices=("full", "partial"), help="how much of the source the text is"
    )
    taken.add_argument(
        "--standing",
        choices=("primary", "research", "news", "advocacy", "party", "copy"),
        help="the standing of a new record",
    )
    taken.add_argument("--allow-private", action="store_true", help=_PRIVATE)
    held = commands.add_parser(
        "verify", help="hold seals against the texts, or passages against their addresses"
    )
    held.add_argument("folder", nargs="?", metavar="DIR", help="the texts of captures")
    held.add_argument(
        "--live", nargs="*", metavar="KEY", help="look at the addresses, of all sources or these"
    )
    held.add_argument(
        "--again-after",
        type=_days,
        default=7,
        metavar="DAYS",
        help="leave out what was looked at in the last DAYS (7), unless it is named",
    )
    held.add_argument(
        "--archive",
        type=_archive,
        metavar="ADDRESS",
        help="where a source has moved or died, look for a copy there, and propose it; "
        "{day} and {url} stand in the address for those of the source",
    )
    held.add_argument(
        "--pause",
        type=_seconds,
        default=2.0,
        metavar="SECONDS",
        help="between two of one host (2); longer where it asks for that",
    )
    held.add_argument("--summary", metavar="FILE", help="write what is not as it was, in Markdown")
    held.add_argument("--allow-private", action="store_true", help=_PRIVATE)


def _add_review_commands(commands: _Commands) -> None:
    compared = commands.add_parser(
        "diff", help="print what changed in the evidence between two commits"
    )
    compared.add_argument("revision", metavar="REV", help="a commit, a branch or a tag")
    compared.add_argument(
        "other", nargs="?", metavar="REV2", help="another (the files as they stand)"
    )
    compared.add_argument(
        "--format", choices=("markdown", "json"), default="markdown", help="how to print it"
    )
    looked = commands.add_parser("freshness", help="list when each source was last checked")
    looked.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to print it"
    )
    mended = commands.add_parser("correct", help="write a dated line into the list of corrections")
    mended.add_argument("target", metavar="FINDING|PAGE", help="the id of a finding, or a page")
    mended.add_argument("text", metavar="TEXT", help="what was wrong and what is said now")
    mended.add_argument("--date", metavar="DATE", help="the day of the correction (today)")
    mended.add_argument(
        "--page", default="method.md", metavar="PAGE", help="the page with the list (method.md)"
    )


def _add_new_command(commands: _Commands) -> None:
    new = commands.add_parser("new", help="write a small report that works, to begin with")
    new.add_argument("folder", metavar="DIR", help="the folder to make; an empty one will do")
    new.add_argument("--title", help="the title (made of the name of the folder)")
    new.add_argument(
        "--authors", metavar="NAMES", help="who writes it: Family, Given; several with ; between"
    )
    new.add_argument(
        "--engine",
        metavar="ADDRESS[@COMMIT]",
        help="where others get the engine from (where this one came from)",
    )
    new.add_argument("-y", "--yes", action="store_true", help="ask nothing, take the defaults")


def command_line() -> argparse.ArgumentParser:
    """Return the parser of the command and all that it does; the guides print it."""
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
    build.add_argument(
        "--host", choices=("mkdocs", "properdocs"), default="mkdocs", help="what builds it"
    )
    pdf = commands.add_parser("pdf", help="write the report of a built site as one PDF")
    pdf.add_argument("--site", metavar="DIR", help="the folder of the site")
    pdf.add_argument("--out", metavar="FILE", help="the file to write (report.pdf in the site)")
    tables = commands.add_parser(
        "tables", help="write findings and series as Markdown, CSV and JSON files"
    )
    tables.add_argument("--out", default="tables", metavar="DIR", help="the folder to write to")
    schemas = commands.add_parser("schemas", help="write the JSON Schemas of sources/, for editors")
    schemas.add_argument("--out", metavar="DIR", help="the folder to write to (sources/schemas)")
    _add_new_command(commands)
    _add_source_commands(commands)
    _add_review_commands(commands)
    return parser


def _command(name: str) -> Callable[[argparse.Namespace, Path], int]:
    """Return what a command does; a check that is kept needs none of the engine."""
    if name == "check":
        from dossier.checking import check  # noqa: PLC0415

        return check
    if name == "new":
        from dossier.starting import start  # noqa: PLC0415

        return start
    from dossier import commands, correcting, review_commands, source_commands  # noqa: PLC0415

    run: dict[str, Callable[[argparse.Namespace, Path], int]] = {
        "build": commands.build,
        "pdf": commands.pdf,
        "tables": commands.tables,
        "schemas": commands.schemas,
        "capture": source_commands.capture,
        "verify": source_commands.verify,
        "diff": review_commands.diff,
        "freshness": review_commands.freshness,
        "correct": correcting.correct,
    }
    return run[name]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 0, or 1 where there are errors."""
    options = command_line().parse_args(arguments)
    config = Path(options.config_file)
    if config.is_dir():
        config /= "mkdocs.yml"
    # Only now: `dossier --help` answers without loading the engine.
    from dossier.hosting import refusal  # noqa: PLC0415
    from dossier.problems import as_text  # noqa: PLC0415

    for stream in (sys.stdout, sys.stderr):
        # A console that is not UTF-8 is no reason to fall silent.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _command(options.command)(options, config)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Who reads has read enough; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(as_text(refusal(error)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dossier: interrupted; the last good site is left as it was", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
