"""A host of the pages in a process of its own, of which whatever ends it is a problem."""

from __future__ import annotations

import errno
import runpy
import sys

from dossier.problems import Problem, as_text


def refusal(error: OSError, path: str = "") -> Problem:
    """Return what the file system refuses, at the file that it names. Code: file-refused."""
    hint = {
        errno.ENOSPC: "make room on the disk, and run it again",
        errno.EDQUOT: "make room on the disk, and run it again",
        errno.EROFS: "write to a folder that may be written to",
        errno.EACCES: "look at the permissions of the file and of its folder",
        errno.EPERM: "look at the permissions of the file and of its folder",
        errno.EEXIST: (
            "a file of this name stands where a folder is needed: rename it, or name another place"
        ),
        errno.ENOTDIR: "name a folder: a part of this path is a file",
        errno.EISDIR: "name a file: this is a folder",
    }.get(error.errno or 0, "look at this path and at the disk, and run it again")
    message = f"the file system refuses: {error.strerror or error}"
    return Problem("file-refused", str(error.filename or path or "."), 1, 1, message, hint)


def failure(host: str, config: str, error: Exception) -> Problem:
    """Return what ended a host. Codes: file-refused, host-failed."""
    if isinstance(error, OSError):
        return refusal(error, config)
    why = " ".join(f"{type(error).__name__}: {error}".split())
    hint = (
        f"mend what this names, most often in {config}; `{host} build` alone shows where it fails"
    )
    return Problem("host-failed", config, 1, 1, f"{host} failed with {why}", hint)


def main(arguments: list[str]) -> int:
    """Run a host (the first argument) over a configuration (the second) with the others."""
    host, config, *rest = arguments
    sys.argv = [host, *rest]
    try:
        runpy.run_module(host, run_name="__main__", alter_sys=True)
    except Exception as error:  # noqa: BLE001 - a host may fail in any way
        sys.stderr.write(as_text(failure(host, config, error)) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
