"""How the engine that runs was installed: from where, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote

from dossier.engine_address import Engine, from_direct_url, from_folder
from dossier.repository import commit_of, is_shared, is_top, remote_of

_CHECKOUT = Path(__file__).resolve().parents[2]
"""The checkout that the engine runs from, where it does."""
_LOCK = "requirements-capture.lock"
"""The lock there: that of builds, and of `dossier capture` and `verify --live` besides."""


def found_engine() -> Engine:
    """Return where the engine that runs was installed from, as far as this machine knows."""
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / _LOCK).is_file():
        return _engine_in(_CHECKOUT, Engine(folder=_CHECKOUT.as_uri()))
    engine = from_direct_url(_noted("direct_url.json"))
    if not engine.folder:
        return engine
    return _engine_in(_path(engine.folder), engine)


def _path(address: str) -> Path:
    """Return the path that an address (`file:`) names, as POSIX has paths."""
    return Path(unquote(address.removeprefix("file://")))


def _engine_in(folder: Path, engine: Engine) -> Engine:
    top = is_top(folder)
    commit = engine.commit or (commit_of(folder) if top else "")
    found = from_folder(engine.folder, remote_of(folder) if top else "", commit)
    return Engine(engine.local or found.local, found.shared, engine.folder, commit)


def _noted(name: str) -> str:
    """Return a file of what pip and the wheel note of the engine, empty where there is none."""
    try:
        return metadata.distribution("dossier").read_text(name) or ""
    except metadata.PackageNotFoundError:
        return ""


def still_to_do(engine: Engine, shared: str) -> Iterator[str]:
    """Yield what is left to do so that others can build the report, too."""
    if not shared:
        yield (
            "write into engine.txt where others, and the workflows, get the engine from"
            + ("" if engine.local else "; until then `make` cannot install it")
        )
        return
    if " git+ssh:" in shared:
        yield "engine.txt has an ssh address: the workflows need one with https, or a key"
    if shared == engine.shared and engine.folder:
        folder = _path(engine.folder)
        if not is_shared(folder, engine.commit):
            yield f"publish the commit {engine.commit[:12]} of the engine, which engine.txt names"


def lock() -> str:
    """Return the lock of this engine without the comments at its head."""
    file = _CHECKOUT / _LOCK
    text = "" if file.is_file() else _noted(f"extra_metadata/{_LOCK}")
    lines = (text or file.read_text("utf-8")).splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    return "".join(lines[first:])
