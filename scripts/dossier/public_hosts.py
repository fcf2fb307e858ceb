"""Which addresses of the Internet Protocol are those of one host on the public Internet."""

from __future__ import annotations

import ipaddress
from typing import Final, TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_NEWER: Final = tuple(
    ipaddress.ip_network(network) for network in ("3fff::/20", "192.0.0.0/24", "192.88.99.0/24")
)
"""Entries of the registries that not every version of `ipaddress` has."""


def is_public(ip: str) -> bool:
    """Tell whether an address is one of the public Internet, and of one host.

    Source: the special-purpose address registries of IANA, as `ipaddress` has them. What
    carries an address of version 4 within it (mapped, 6to4, Teredo, NAT64) is judged by that.
    """
    try:
        address: Address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(str(inner))
        if address.is_site_local:
            return False
    if any(address in network for network in _NEWER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour
