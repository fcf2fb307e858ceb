"""Clusters as the style processor takes them: one form for all that print the same."""

from __future__ import annotations

from collections.abc import Container, Sequence

from dossier.addresses import split_address
from dossier.syntax.citations import Cluster, Item
from dossier.syntax.inline import scan_inline


def canonical(cluster: Cluster, keys: Container[str]) -> str:
    """Return a cluster as pandoc Markdown, on one line, passages and unknown keys left out.

    The empty string says that none of its keys is known.
    """
    items = _distinct([item for item in cluster.items if _key(item, keys) in keys], keys)
    if not items:
        return ""
    first = items[0]
    if first is cluster.items[0] and first.mode != "normal" and _is_in_text(cluster):
        inner = "; ".join(
            part for part in (_inline(first.suffix, keys), *_each(items[1:], keys)) if part
        )
        rest = f" [{inner}]" if inner else ""
        return f"{_sign(first, keys)}{rest}"
    return f"[{'; '.join(_each(items, keys))}]"


def unresolved(cluster: Cluster, keys: Container[str]) -> tuple[str, ...]:
    """Return the keys of a cluster that the bibliography does not hold, each once."""
    return tuple(
        dict.fromkeys(
            key for key in (_key(item, keys) for item in cluster.all_items) if key not in keys
        )
    )


def _distinct(items: Sequence[Item], keys: Container[str]) -> list[Item]:
    """Return items without those that differ from an earlier one only by the passage cited.

    Two passages of one work print as one citation of it; a work cited twice as a whole
    stays as its author wrote it.
    """
    kept: dict[tuple[str, bool, str, str], Item] = {}
    distinct: list[Item] = []
    for item in items:
        key = _key(item, keys)
        same = (key, item.mode == "suppress", item.prefix.strip(), item.suffix.strip())
        earlier = kept.setdefault(same, item)
        if earlier is item or key == item.key == earlier.key:
            distinct.append(item)
    return distinct


def _is_in_text(cluster: Cluster) -> bool:
    """Tell whether a cluster stands in running text: it begins at its first key's sign."""
    return cluster.start == cluster.items[0].start


def _key(item: Item, keys: Container[str]) -> str:
    return split_address(item.key, keys)[0]


def _sign(item: Item, keys: Container[str]) -> str:
    return f"{'-' if item.mode == 'suppress' else ''}@{{{_key(item, keys)}}}"


def _each(items: Sequence[Item], keys: Container[str]) -> list[str]:
    parts = []
    for item in items:
        prefix = _inline(item.prefix, keys)
        suffix = _inline(item.suffix, keys)
        parts.append(f"{prefix + ' ' if prefix else ''}{_sign(item, keys)}{suffix}")
    return parts


def _inline(text: str, keys: Container[str]) -> str:
    """Return a prefix or suffix with the citations in it in canonical form, on one line."""
    text = " ".join(text.split("\n"))
    if "@" not in text:
        return text
    parts, at = [], 0
    for cluster in scan_inline(text).clusters:
        source = canonical(cluster, keys)
        parts += [text[at : cluster.start], source or "\\" + text[cluster.start : cluster.end]]
        at = cluster.end
    parts.append(text[at:])
    return "".join(parts)
