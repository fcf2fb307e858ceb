"""Modules of Python run as `python -m` runs them, in processes that have the libraries already.

To start Python and load MkDocs and the engine takes longer than most reports of the tests take to
be built. A server that has loaded them forks a process for each run; where there is no fork
(Windows), and for what is about the start itself, a Python of its own is started.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

from dossier import building

# Not `mkdocs.__main__` and `dossier.cli` themselves, which are run as `__main__`.
LOADED = (
    *("mkdocs.commands.build", "mkdocs.config.defaults", "mkdocs.contrib.search", "jinja2"),
    *("dossier.plugin", "dossier.site", "dossier.loading", "dossier.publication"),
    *("dossier.commands", "dossier.checking", "dossier.building", "dossier.site_check"),
    *("dossier.correcting", "dossier.review_commands", "dossier.source_commands"),
    *("markdown.extensions.attr_list", "markdown.extensions.fenced_code"),
    *("markdown.extensions.tables", "mkdocs.themes.mkdocs", "material.templates"),
    *("answers", "processes"),
)


# What is run here, by name; other hosts put modules of their own in the place of those of MkDocs.
RUN = {"mkdocs", "dossier.cli", "dossier.hosting"}
_forked = False


@cache
def _server() -> ForkServerContext | None:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return None
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    return context


@cache
def _begin() -> None:
    """Start the server, with the folder of the tests in its path.

    Before Python 3.13 a server gets no path but that of its variables, and what it does not find
    there it leaves out without a word.
    """
    named = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), *filter(None, [named])])
    try:
        forkserver.ensure_running()
    finally:
        del os.environ["PYTHONPATH"]
        if named is not None:
            os.environ["PYTHONPATH"] = named


def _become(command: Sequence[str], cwd: str, env: Mapping[str, str]) -> None:
    """Become the process of a command: its folder, variables, arguments and path."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for all of its life
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.path.insert(0, cwd)
    sys.argv = [*command]
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


def _run(command: Sequence[str], cwd: str, env: Mapping[str, str], files: Sequence[str]) -> None:
    """Become the process of a command that prints into files."""
    global _forked  # noqa: PLW0603 - said once, and true for the rest of this process
    _forked = True
    for stream, name in enumerate((os.devnull, *files)):
        opened = os.open(name, os.O_RDWR)
        os.dup2(opened, stream)
        os.close(opened)
    _become(command, cwd, env)


def run_module(
    command: Sequence[str], cwd: Path, env: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a module with arguments in a folder, and return its status and what it wrote."""
    context = _server()
    if context is None or command[0] not in RUN:
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=cwd,
            env=env,
            capture_output=True,
            encoding="utf-8",
            check=False,
            stdin=subprocess.DEVNULL,
        )
    _begin()
    with tempfile.TemporaryDirectory(prefix="dossier-run-") as folder:
        files = [str(Path(folder, name)) for name in ("out", "err")]
        for file in files:
            Path(file).touch()
        process = context.Process(target=_run, args=(command, str(cwd), dict(env), files))
        process.start()
        process.join()
        status = process.exitcode
        process.close()
        assert status is not None
        out, err = (Path(file).read_text("utf-8") for file in files)
    return subprocess.CompletedProcess(command, status, out, err)


_start = building.start


def start(command: Sequence[str], root: Path, environment: Mapping[str, str]) -> int:
    """Run MkDocs as `dossier build` does, in a process that prints where this one does."""
    program, _, *module = command
    known = program == sys.executable and module[:2] == ["dossier.hosting", "mkdocs"]
    same_path = environment.get("PYTHONPATH") == os.environ.get("PYTHONPATH")
    if _server() is None or not known or not same_path:
        return _start(command, root, environment)
    if not _forked:
        done = run_module(module, root, environment)
        for stream, words in ((1, done.stdout), (2, done.stderr)):
            os.write(stream, words.encode())
        return done.returncode
    # A process of the server has no threads, and all that it needs: a fork of it has, too.
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        _become(module, str(root), environment)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - printed as Python does, and then this process is over
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


building.start = start
