"""A bibliography set ahead of time, in a thread, while pages are still being read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

from dossier.model import Reference, Span
from dossier.problems import Problem
from dossier.style.csl import DEFAULT, Style
from dossier.style.items import as_csl_json
from dossier.style.keeping import Store
from dossier.style.rendering import CONFIG, Styled, render


class _Memory:
    """A store that hands what is set ahead to who finishes, with or without a cache behind."""

    def __init__(self, behind: Store | None) -> None:
        self._behind = behind
        self._values: dict[str, object] = {}

    def read(self, name: str) -> object:
        if name not in self._values and self._behind is not None:
            self._values[name] = self._behind.read(name)
        return self._values.get(name)

    def write(self, name: str, value: object) -> None:
        self._values[name] = value
        if self._behind is not None:
            self._behind.write(name, value)


@dataclass(frozen=True, slots=True)
class Setting:
    """A bibliography that is being set; made by `begin`."""

    references: tuple[Reference, ...]
    style: Style
    locale: str
    _store: Store
    _running: Future[object]
    _items: Future[list[dict[str, object]] | None]

    def items(self) -> list[dict[str, object]] | None:
        """Return the works as CSL-JSON, None where they cannot be read."""
        return self._items.result()

    def finish(
        self,
        clusters: Iterable[str],
        *,
        place: Span = CONFIG,
        style_place: Span = CONFIG,
        places: Mapping[str, Span] = MappingProxyType({}),
    ) -> tuple[Styled, tuple[Problem, ...]]:
        """Return what `render` returns for these clusters; those not foreseen are set now."""
        self._running.result()
        return render(
            self.references,
            clusters,
            style=self.style,
            locale=self.locale,
            cache=self._store,
            place=place,
            style_place=style_place,
            places=places,
        )


def begin(
    references: Sequence[Reference],
    clusters: Iterable[str] = (),
    *,
    style: Style = DEFAULT,
    locale: str = "en-US",
    cache: Store | None = None,
) -> Setting:
    """Start to set a bibliography and the clusters that are foreseen, and return at once.

    A cluster not foreseen costs the call for its part once more; one that is foreseen and
    not written costs next to nothing.
    """
    store = _Memory(cache)
    references, foreseen = tuple(references), tuple(clusters)
    pool = ThreadPoolExecutor(1, "setting")
    running: Future[object] = pool.submit(
        render, references, foreseen, style=style, locale=locale, cache=store
    )
    # Behind what pages wait for.
    items = pool.submit(as_csl_json, references, store)
    pool.shutdown(wait=False)
    return Setting(references, style, locale, store, running, items)
