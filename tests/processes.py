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
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

# Not `mkdocs.__main__` and `dossier.cli` themselves, which are run as `__main__`.
LOADED = (
    *("mkdocs.commands.build", "mkdocs.config.defaults", "mkdocs.contrib.search", "jinja2"),
    *("dossier.plugin", "dossier.site", "dossier.loading", "dossier.publication"),
    *("dossier.commands", "dossier.checking", "dossier.building", "dossier.site_check"),
)


@cache
def _server() -> ForkServerContext | None:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return None
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    return context


def _run(command: Sequence[str], cwd: str, env: Mapping[str, str], files: Sequence[str]) -> None:
    """Become the process of a command: its folder, variables, files, arguments and path."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for stream, name in enumerate((os.devnull, *files)):
        opened = os.open(name, os.O_RDWR)
        os.dup2(opened, stream)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for all of its life
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.path.insert(0, cwd)
    sys.argv = [*command]
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


def run_module(
    command: Sequence[str], cwd: Path, env: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a module with arguments in a folder, and return its status and what it wrote."""
    context = _server()
    # Other hosts put modules of their own in the place of those of MkDocs, before they are loaded.
    if context is None or command[0] not in {"mkdocs", "dossier.cli"}:
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=cwd,
            env=env,
            capture_output=True,
            encoding="utf-8",
            check=False,
            stdin=subprocess.DEVNULL,
        )
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
