"""Addresses of passages: `key#passage`."""

from __future__ import annotations

from collections.abc import Container


def split_address(address: str, keys: Container[str]) -> tuple[str, str]:
    """Return the key and the passage id of a citation, the id empty where there is none.

    A string that is itself a key is that key; any other splits at its last `#`.
    """
    if address in keys or "#" not in address:
        return address, ""
    key, _, passage = address.rpartition("#")
    return key, passage
