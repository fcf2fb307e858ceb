"""What is kept between builds: sheets, by what they depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass, field
from functools import lru_cache
from importlib import metadata, resources
from typing import Literal, Protocol, cast

from dossier.problems import Severity
from dossier.style import pandoc
from dossier.style.job import Fault, Job, Sheet
from dossier.style.parts import Whole, digest


class Store(Protocol):
    """What keeps results between builds, JSON values by name."""

    def read(self, name: str) -> object:
        """Return the value kept under a name, or None."""

    def write(self, name: str, value: object) -> None:
        """Keep a value under a name."""


_MOST_WHOLES = 4
_MOST_PARTS = 3
"""How many times the parts of a bibliography are kept, so that one gone back to is there."""


@dataclass(frozen=True, slots=True)
class Library:
    """The parts that are kept of bibliographies in one style, by digest, the last used last."""

    parts: Mapping[str, Sheet] = field(default_factory=dict)
    wholes: Mapping[str, Whole] = field(default_factory=dict)

    def with_whole(self, name: str, whole: Whole, parts: Mapping[str, Sheet]) -> Library:
        """Return the library with a bibliography and its parts, without what is long unused."""
        used = (*whole.parts, *whole.joint)
        others = [part for part in self.parts if part not in used]
        others = others[max(0, len(others) - (_MOST_PARTS - 1) * len(used)) :]
        wholes = {n: w for n, w in self.wholes.items() if n != name} | {name: whole}
        return Library(
            {part: parts[part] for part in (*others, *used)},
            dict(list(wholes.items())[-_MOST_WHOLES:]),
        )

    def kept(self) -> object:
        """Return the library as JSON."""
        return {
            "parts": {name: keep(sheet) for name, sheet in self.parts.items()},
            "wholes": {name: astuple(whole) for name, whole in self.wholes.items()},
        }

    @classmethod
    def restored(cls, value: object) -> Library:
        """Return a kept library, empty where it is not what is written."""
        parts, wholes = dict[str, Sheet](), dict[str, Whole]()
        try:
            if not isinstance(value, dict):
                return cls()
            for name, kept in value["parts"].items():
                sheet = restore(kept)
                if sheet is not None:
                    parts[_string(name)] = sheet
            for name, kept in value["wholes"].items():
                a, b, c = (tuple(map(_string, texts)) for texts in kept)
                wholes[_string(name)] = Whole(a, b, c)
        except (AttributeError, KeyError, TypeError, ValueError):
            return cls()
        return cls(parts, wholes)


def name_of(job: Job) -> str:
    """Return the name under which a job's results are kept: a hash of all they depend on."""
    return "style-" + _hash(job, digest(job.references))


def name_of_library(job: Job) -> str:
    """Return the name under which parts are kept: a hash of all but the works."""
    return "parts-" + _hash(job)


def _hash(job: Job, *more: str) -> str:
    depends = [_recipe(), pandoc.identity(), job.csl, job.is_note, job.locale, *more]
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()


@lru_cache(maxsize=1)
def _recipe() -> str:
    """Return a hash of the code between pandoc and the page: a change of it sets all anew."""
    digest = hashlib.sha256(metadata.version("nh3").encode())
    for item in sorted(resources.files(__package__ or "").iterdir(), key=lambda i: i.name):
        if item.name.endswith(".py"):
            digest.update(item.read_bytes())
    return digest.hexdigest()


def keep(sheet: Sheet) -> object:
    """Return a sheet as JSON."""
    return {
        "labels": dict(sheet.labels),
        "entries": dict(sheet.entries),
        "order": sheet.order,
        "clusters": dict(sheet.clusters),
        "faults": [astuple(fault) for fault in sheet.faults],
    }


def restore(value: object, keys: Collection[str] | None = None) -> Sheet | None:
    """Return a kept sheet, of some works, or None where it is not what `keep` writes."""
    try:
        if not isinstance(value, dict):
            return None
        sheet = Sheet(
            strings(value["labels"]),
            strings(value["entries"]),
            tuple(map(_string, value["order"])),
            {_string(k): (_string(a), _string(b)) for k, (a, b) in value["clusters"].items()},
            tuple(_fault(*map(_string, fault)) for fault in value["faults"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    listed = set(sheet.order)
    whole = listed == sheet.labels.keys() == sheet.entries.keys()
    return sheet if whole and (keys is None or listed == set(keys)) else None


def _fault(code: str, about: str, subject: str, message: str, hint: str, severity: str) -> Fault:
    if about not in {"entry", "cluster", "style"} or severity not in {"error", "warning", "note"}:
        raise ValueError(about, severity)
    return Fault(
        code,
        cast(Literal["entry", "cluster", "style"], about),
        subject,
        message,
        hint,
        cast(Severity, severity),
    )


def strings(value: dict[object, object]) -> dict[str, str]:
    """Return a mapping of text to text, or raise a TypeError."""
    return {_string(key): _string(text) for key, text in value.items()}


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
