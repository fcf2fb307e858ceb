"""One run of a program: how long it took, and how much memory."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

# `ru_maxrss` counts KiB, and bytes on macOS (getrusage(2) of each).
_UNIT = 1 if sys.platform == "darwin" else 1024
_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: seconds of wall clock and of processor, bytes of memory at the peak.

    Processor time is that of all processes of the run; unlike the clock it hardly changes
    with what else the machine does. The memory is that of the largest process: where a build
    starts pandoc, the larger of the two and not their sum.
    """

    seconds: float
    processor: float
    memory: int


def peak_memory() -> int:
    """Return the bytes of memory that this process took at its peak so far."""
    # On Linux `ru_maxrss` is never less than that of the process which started this one.
    if _STATUS.exists():
        (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB$", _STATUS.read_text("utf-8"), re.MULTILINE)
        return int(peak) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


class RunError(Exception):
    """A program failed; the words are the end of what it printed."""


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None) -> Cost:
    """Return the cost of a whole process, from its start to its end.

    `variables` are added to the environment. Raises RunError where its exit status is not 0: a
    build that stopped half-way was fast.
    """
    with tempfile.TemporaryFile() as output:
        begun = perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        # `wait4` tells the memory of this one child; `getrusage` only that of the largest so far.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            raise _error(command, process.returncode, output.read())
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _UNIT)


def read(command: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None) -> bytes:
    """Return what a program prints. Raises RunError as `run` does."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=_environment(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise _error(command, done.returncode, done.stdout + done.stderr)
    return done.stdout


def _environment(variables: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1", **(variables or {})}


def _error(command: Sequence[str], status: int, output: bytes) -> RunError:
    printed = output.decode("utf-8", "replace").strip()
    return RunError(f"{' '.join(command[1:])} ended with {status}\n{printed[-4000:]}")
