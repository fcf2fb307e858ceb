"""`python -m audit.lock`: resolve the lock of the npm packages anew, with hashes and no address."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from audit.programs import FOLDER, MissingError, program
from bench.processes import RunError, read

_LOCK = FOLDER / "package-lock.json"
# Where a package comes from is the machine's to say; whom to pay for it needs no place here.
_ADDRESSES = ("resolved", "funding")


def without_addresses(lock: dict[str, Any]) -> dict[str, Any]:
    """Return the lock without the addresses that npm writes into it.

    Raises ValueError where a package has no hash (`integrity`, W3C Subresource Integrity).
    """
    packages = {
        path: {name: value for name, value in package.items() if name not in _ADDRESSES}
        for path, package in lock["packages"].items()
    }
    bare = [path for path, package in packages.items() if path and "integrity" not in package]
    if bare:
        raise ValueError(f"no hash in the lock: {', '.join(bare)}")
    return {**lock, "packages": packages}


def main() -> int:
    """Write the lock; return 1 where npm is missing or fails.

    package.json overrides what a package asks for as `latest`: npm cannot hold a name of that kind
    against a lock without addresses, and its meaning changes.
    """
    try:
        read((program("npm"), "install", "--package-lock-only"), FOLDER)
        lock = without_addresses(json.loads(_LOCK.read_text("utf-8")))
    except (MissingError, RunError, ValueError) as failure:
        print(failure, file=sys.stderr)
        return 1
    Path(_LOCK).write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
