"""`python -m bench.edits FOLDER CONFIG [--dirty]`: saves of a page under `mkdocs serve`.

It builds once, edits a page and builds again as the server does, and prints the seconds of each
save as JSON: those of prose, then those of a citation.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, sleep

from bench.comparison import aligned, shown, spread
from bench.processes import read

_SAVES = 5
_CONFIGURATIONS = {"bare": "bare.yml", "Dossier": "mkdocs.yml"}


def save(folder: Path, config: str, *, dirty: bool) -> dict[str, list[float]]:
    """Return the seconds that saves take, of prose and of a citation."""
    from mkdocs.commands.build import build  # noqa: PLC0415 - only the process that is timed
    from mkdocs.config import load_config  # noqa: PLC0415

    logging.disable(logging.CRITICAL)
    page = folder / "docs" / "page0007.md"
    text = page.read_text("utf-8")
    with tempfile.TemporaryDirectory() as site:

        def rebuild() -> float:
            begun = perf_counter()
            loaded = load_config(str(folder / config), site_dir=site)
            loaded.plugins.on_startup(command="serve", dirty=dirty)
            build(loaded, dirty=dirty, serve_url="http://127.0.0.1:8000/")
            return perf_counter() - begun

        def saves(words: Callable[[int], str]) -> list[float]:
            taken = []
            for number in range(_SAVES):
                sleep(0.02)  # a file system may tell times in hundredths
                page.write_text(text.replace("\n\n## ", f"\n\n{words(number)}\n\n## ", 1), "utf-8")
                taken.append(rebuild())
            return taken

        try:
            rebuild()
            return {
                "prose": saves(lambda number: f"Some words, {number}."),
                "a citation": saves(lambda number: f"It is so [@r5, p. {number + 70}]."),
            }
        finally:
            page.write_text(text, "utf-8")


def as_text(folder: Path, rounds: int, tell: Callable[[str], None]) -> str:
    """Return what saves take beside bare MkDocs, as a table; rounds take turns."""
    table = [("Save to screen, seconds", "bare", "Dossier", "times bare")]
    for dirty in (False, True):
        taken: dict[tuple[str, str], list[float]] = {}
        for number in range(1, rounds + 1):
            tell(f"saves, round {number} of {rounds}")
            for name, config in _CONFIGURATIONS.items():
                options = ["--dirty"] if dirty else []
                command = (sys.executable, "-m", "bench.edits", str(folder), config, *options)
                for kind, seconds in json.loads(read(command, Path.cwd())).items():
                    taken.setdefault((name, kind), []).extend(seconds)
        for kind in ("prose", "a citation"):
            bare, ours = taken["bare", kind], taken["Dossier", kind]
            ratio = spread(ours).median / spread(bare).median
            how = "--dirty, " if dirty else ""
            table.append((f"{how}{kind}", shown(spread(bare)), shown(spread(ours)), f"{ratio:.2f}"))
    return aligned(table)


def main(arguments: Sequence[str]) -> None:
    """Print what saves take in a folder, as JSON."""
    folder, config, *options = arguments
    print(json.dumps(save(Path(folder), config, dirty="--dirty" in options)))


if __name__ == "__main__":
    main(sys.argv[1:])
