"""The examples of the guides, as projects that can be run.

A page tells of a problem in sections. In *An example* each fenced block with a title is a file of
that name, laid over the project in `base/`; a block of `sh` is run in the folder. *What is printed*
has what the command of the page (`dossier check` where its front matter names none) then prints of
the problem, and what is in *The mend* takes it away; where it cannot, `stays` in the front matter
says why. Where the mend is another command, the front matter has it under `again`; `fault` names
a function of `faults.py` that sets a fault of the machine. A folder of the project that `serves`
names answers meanwhile at `http://127.0.0.1:PORT`, as a site of the Internet would.
`python -m guides.examples --write` runs them all and writes what is printed.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

from dossier.cli import main as dossier
from guides import faults
from guides.pages import blocks, front_of, variables

HERE = Path(__file__).resolve().parent
BASE = HERE / "base"
PROBLEMS = HERE / "docs" / "problems"
EXAMPLE, PRINTED, MEND = "An example", "What is printed", "The mend"

_PROBLEM = re.compile(
    r"^\S[^\n]*?:\d+:\d+: (?:warning: |note: )?(?P<code>[a-z0-9-]+): ", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to a project: a file to write, by its path, or lines of a shell to run."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A page of a problem. `stays` says why the mend leaves the problem, where it does.

    `again` is the command once the example is mended, `fault` what `faults` has of that name,
    `serves` a folder that is served.
    """

    code: str
    command: str
    again: str
    fault: str
    serves: str
    stays: str
    broken: tuple[Step, ...]
    mended: tuple[Step, ...]
    printed: str


def section(page: str, title: str) -> str:
    """Return the text below a heading of the second level, empty where there is none."""
    fences = [block.outer for block in blocks(page)]
    headings = [
        heading
        for heading in re.finditer(r"^## (.*)\n", page, re.MULTILINE)
        if not any(start <= heading.start() < end for start, end in fences)
    ]
    ends = [*(heading.start() for heading in headings[1:]), len(page)]
    texts = {h[1]: page[h.end() : end] for h, end in zip(headings, ends, strict=False)}
    return texts.get(title, "")


def steps(text: str) -> tuple[Step, ...]:
    """Return the files and shell blocks of a text, in order."""
    return tuple(
        Step(block.title, block.text) for block in blocks(text) if block.title or block.kind == "sh"
    )


def read(path: Path) -> Example:
    """Return the example of a page. Raise KeyError where it has none."""
    page = path.read_text("utf-8")
    fields = front_of(page)
    printed = blocks(section(page, PRINTED))
    broken = steps(section(page, EXAMPLE))
    if not broken or not printed:
        raise KeyError(path.name)
    command = fields.get("command", "dossier check")
    return Example(
        path.stem,
        command,
        fields.get("again", command),
        fields.get("fault", ""),
        fields.get("serves", ""),
        fields.get("stays", ""),
        broken,
        steps(section(page, MEND)),
        printed[0].text,
    )


def _environment() -> dict[str, str]:
    """Return the variables of a shell that has `dossier`, and a git that nobody has set up."""
    return {**os.environ, **variables("Jane Doe", "jane@example.org")}


def apply(folder: Path, todo: Sequence[Step]) -> None:
    """Do to a project what an example says."""
    for step in todo:
        if step.path:
            file = folder / step.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step.text, "utf-8", newline="")
        else:
            subprocess.run(  # noqa: S602 - the shell is what the example is about
                step.text, shell=True, cwd=folder, env=_environment(), check=True,
                capture_output=True,
            )  # fmt: skip


def output(folder: Path, command: str) -> str:
    """Return what a command prints in a folder, and what the host prints that it may start."""
    words = shlex.split(command)
    assert words[0] == "dossier", command
    # In this process, which has everything loaded, but for the host of a build.
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as told,
        contextlib.chdir(folder),
        _printed_into(told.fileno()),
        contextlib.redirect_stdout(told),
        contextlib.redirect_stderr(told),
        patch.dict(os.environ, _environment()),
    ):
        told.reconfigure(write_through=True)
        with contextlib.suppress(SystemExit):
            dossier(words[1:])
        told.seek(0)
        return told.read().replace(str(folder), "REPORT")


@contextlib.contextmanager
def _printed_into(file: int) -> Iterator[None]:
    """Put a file in the place of those that processes print to, which have the numbers 1 and 2."""
    kept = [(stream, os.dup(stream)) for stream in (1, 2)]
    try:
        for stream, _ in kept:
            os.dup2(file, stream)
        yield
    finally:
        for stream, was in kept:
            os.dup2(was, stream)
            os.close(was)


def told(text: str, code: str) -> str:
    """Return what was printed of the problems of one code."""
    starts = list(_PROBLEM.finditer(text))
    parts: list[str] = []
    for number, start in enumerate(starts):
        if start["code"] == code:
            end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
            lines = text[start.start() : end].splitlines()
            last = next((n for n, one in enumerate(lines) if n and not one.startswith(" ")), None)
            parts += [line.rstrip() for line in lines[:last]]
    return "".join(f"{line}\n" for line in parts)


@cache
def _checked() -> Path:
    """Return a copy of the project that has been checked once, as that of an author has been.

    What was set then is kept in it, and each example sets what it changes alone.
    """
    place = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    folder = Path(place).resolve() / "report"
    shutil.copytree(BASE, folder)
    output(folder, "dossier check")
    return folder


@contextlib.contextmanager
def project(parent: Path | None = None, *, checked: bool = True) -> Iterator[Path]:
    """Yield a folder with the project that the examples change, `checked` before or not."""
    with tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as place:
        folder = Path(place).resolve() / "report"
        shutil.copytree(_checked() if checked else BASE, folder)
        yield folder


class _Files(SimpleHTTPRequestHandler):
    """Answers with the files of a folder."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Print nothing of what is asked."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Yield the port of 127.0.0.1 at which the files of a folder are served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield str(server.server_port)
        finally:
            server.shutdown()


_PLACE = "127.0.0.1:PORT"


def at_port(example: Example, port: str) -> Example:
    """Return an example with the port at which it is served in its commands and files."""

    def put(text: str) -> str:
        return text.replace(_PLACE, f"127.0.0.1:{port}")

    return replace(
        example,
        command=put(example.command),
        again=put(example.again),
        broken=tuple(Step(step.path, put(step.text)) for step in example.broken),
        mended=tuple(Step(step.path, put(step.text)) for step in example.mended),
    )


def run(example: Example) -> tuple[str, str]:
    """Return what is printed of the problem by the example, and once it is mended."""
    # A fault of the machine is not met by what is kept.
    with project(checked=not example.fault) as folder:
        if not example.serves:
            return _run(example, folder)
        with served(folder / example.serves) as port:
            before, after = _run(at_port(example, port), folder)
        place = f"127.0.0.1:{port}"
        return before.replace(place, _PLACE), after.replace(place, _PLACE)


def _run(example: Example, folder: Path) -> tuple[str, str]:
    fault = getattr(faults, example.fault) if example.fault else contextlib.nullcontext
    with fault():
        apply(folder, example.broken)
        before = told(output(folder, example.command), example.code)
        apply(folder, example.mended)
        return before, told(output(folder, example.again), example.code)


def written(page: str, printed: str) -> str:
    """Return a page with what is printed put into its section."""
    old = section(page, PRINTED)
    start, end = blocks(old)[0].outer
    new = f"{old[:start]}```text\n{printed}```{old[end:]}"
    return page.replace(old, new, 1)


def main(arguments: Sequence[str]) -> int:
    """Run the examples of codes, or all; with --write put down what they print."""
    names = [name for name in arguments if not name.startswith("-")]
    status = 0
    for path in sorted(PROBLEMS.glob("*.md")):
        if path.stem == "index" or (names and path.stem not in names):
            continue
        example = read(path)
        before, after = run(example)
        if not before:
            status = 1
            sys.stderr.write(f"{example.code}: the example does not bring it\n")
        elif bool(after) != bool(example.stays):
            status = 1
            sys.stderr.write(f"{example.code}: after the mend:\n{after}\n")
        elif before != example.printed and "--write" in arguments:
            path.write_text(written(path.read_text("utf-8"), before), "utf-8")
        elif before != example.printed:
            status = 1
            sys.stderr.write(f"{example.code}: prints otherwise:\n{before}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
