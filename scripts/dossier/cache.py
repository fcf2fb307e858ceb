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
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(".dossier") / "cache"
"""Where a project keeps results, from its own folder."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,120}")


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of JSON files, each named by the hash of all that its value depends on.

    A file holds on its first line the SHA-256 of all that follows, and then a value a line. Of
    the files the `keep` last used stay, by the time of their last change, which reading renews.
    """

    folder: Path
    keep: int = 24

    def read(self, name: str) -> object:
        """Return the value kept under a name, or None where there is none that can be trusted."""
        values = list(self.read_each(name))
        return values[0] if len(values) == 1 else None

    def read_each(self, name: str) -> Iterator[object]:
        """Yield the values kept under a name in order, none where they cannot be trusted.

        One is read at a time: together they may be larger than all else that a build holds.
        """
        path = self._path(name)
        try:
            with path.open("rb") as file:
                expected = file.readline().rstrip(b"\n")
                start = file.tell()
                if hashlib.file_digest(file, "sha256").hexdigest().encode() != expected:
                    return
                file.seek(start)
                for line in file:
                    yield json.loads(line)
        except (OSError, ValueError, RecursionError):
            return
        with suppress(OSError):  # a cache that may only be read is still a cache
            os.utime(path)

    def write(self, name: str, value: object) -> None:
        """Keep a JSON value under a name, whole or not at all, and drop what is long unused."""
        self.write_each(name, (value,))

    def write_each(self, name: str, values: Iterable[object]) -> None:
        """Keep JSON values under a name, all or none, and drop what is long unused."""
        path = self._path(name)
        with suppress(OSError):
            self._make_folder()
            handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
            try:
                with os.fdopen(handle, "w+b") as file:
                    summed = hashlib.sha256()
                    file.write(summed.hexdigest().encode() + b"\n")
                    for value in values:
                        # Escaped to ASCII: a lone surrogate must not make the file unwritable.
                        line = json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"
                        summed.update(line)
                        file.write(line)
                    file.seek(0)
                    file.write(summed.hexdigest().encode())
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
