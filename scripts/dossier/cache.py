"""Results kept between builds: the only module that keeps any.

A cache is a convenience: whatever is wrong with it (missing, read-only, cut short, altered,
written by two builds at once) costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(".dossier") / "cache"
"""Where a project keeps results, from its own folder."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,120}")


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of JSON files, each named by the hash of all that its value depends on.

    A file holds the SHA-256 of its second line and, on that line, the value. Of the files
    the `keep` last used stay, by the time of their last change, which reading renews.
    """

    folder: Path
    keep: int = 24

    def read(self, name: str) -> object:
        """Return the value kept under a name, or None where there is none that can be trusted."""
        path = self._path(name)
        try:
            digest, _, body = path.read_bytes().partition(b"\n")
            if digest != _digest(body):
                return None
            value: object = json.loads(body)
        except (OSError, ValueError, RecursionError):
            return None
        with suppress(OSError):  # a cache that may only be read is still a cache
            os.utime(path)
        return value

    def write(self, name: str, value: object) -> None:
        """Keep a JSON value under a name, whole or not at all, and drop what is long unused."""
        path = self._path(name)
        # Escaped to ASCII: a lone surrogate in a value must not make the file unwritable.
        body = json.dumps(value, separators=(",", ":")).encode("ascii")
        with suppress(OSError):
            self._make_folder()
            handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_digest(body) + b"\n" + body)
                os.replace(temporary, path)  # noqa: PTH105 - beside os.fdopen and mkstemp
            except BaseException:
                with suppress(OSError):
                    os.unlink(temporary)  # noqa: PTH108
                raise
            self._prune()

    def _path(self, name: str) -> Path:
        assert _NAME.fullmatch(name), f"not a name of the cache: {name!r}"
        return self.folder / f"{name}.json"

    def _make_folder(self) -> None:
        if self.folder.is_dir():
            return
        self.folder.mkdir(parents=True)
        (self.folder / ".gitignore").write_text("*\n", encoding="ascii")

    def _prune(self) -> None:
        """Remove all but the files last used; what a killed build left half-written goes too."""
        ages: list[tuple[int, str]] = []
        for entry in os.scandir(self.folder):
            if entry.name.endswith((".json", ".tmp")):
                with suppress(OSError):
                    ages.append((entry.stat().st_mtime_ns, entry.name))
        for _, name in sorted(ages, reverse=True)[self.keep :]:
            with suppress(OSError):
                (self.folder / name).unlink()


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode("ascii")
