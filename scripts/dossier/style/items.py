"""A bibliography as CSL-JSON, as the style processor itself reads it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from dossier.model import Reference
from dossier.style import pandoc
from dossier.style.batch import make_batch
from dossier.style.keeping import Store


def as_csl_json(
    references: Sequence[Reference], cache: Store | None = None
) -> list[dict[str, object]] | None:
    """Return works as items of CSL 1.0.2, in their order, or None where they cannot be read."""
    depends = [pandoc.identity(), [(r.key, r.bibtex) for r in references]]
    name = "items-" + hashlib.sha256(json.dumps(depends).encode()).hexdigest()
    kept = cache.read(name) if cache is not None else None
    if isinstance(kept, list):
        return kept
    batch = make_batch(references, ())
    written = pandoc.items(batch.bibliography)
    if isinstance(written, pandoc.Failure):
        return None
    found = {str(item["id"]): item for item in json.loads(written)}
    items = [{**found[plain], "id": key} for key, plain in batch.names.items() if plain in found]
    if cache is not None:
        cache.write(name, items)
    return items
