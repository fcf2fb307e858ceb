"""Addresses of passages."""

from __future__ import annotations

import pytest

from dossier.addresses import split_address


@pytest.mark.parametrize(
    ("address", "keys", "parts"),
    [
        ("a", (), ("a", "")),
        ("a#p", (), ("a", "p")),
        ("a#p", ("a",), ("a", "p")),
        ("a#p", ("a", "a#p"), ("a#p", "")),
        ("a#b#p", ("a",), ("a#b", "p")),
        ("a#b#p", ("a#b",), ("a#b", "p")),
        ("a#", (), ("a", "")),
        ("#p", (), ("", "p")),
        ("", (), ("", "")),
    ],
)
def test_an_address_is_a_key_or_splits_at_its_last_sign(
    address: str, keys: tuple[str, ...], parts: tuple[str, str]
) -> None:
    """Where the whole is itself a key of the bibliography, the key wins."""
    assert split_address(address, keys) == parts
