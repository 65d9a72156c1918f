"""Which machines an address that somebody typed in may lead to: those outside our network.

Whoever may name an address we send to (a contact method, a webhook) could otherwise have us
speak to machines only we can reach: this one, its neighbours, a cloud's metadata service.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# These carry an IPv4 address inside, and Python takes them for global ones.
_CARRIERS: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)


def is_outside(address: Address, *, allowed: Iterable[Network] = ()) -> bool:
    """Whether the machine is one anybody can reach, or lies in an `allowed` network."""
    if any(address in network for network in allowed):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_outside(address.ipv4_mapped, allowed=allowed)
        if any(address in network for network in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast


def literal(host: str) -> Address | None:
    """The host as an IP address; None for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def names_inside(host: str) -> bool:
    """Whether a host is plainly one of ours, without asking any name server.

    Names that lead inside in another way are refused when they are connected to.
    """
    address = literal(host)
    if address is not None:
        return not is_outside(address)
    name = host.lower().rstrip(".")
    local = ("localhost", "local", "internal", "localdomain", "lan", "home.arpa")
    return name.rpartition(".")[2] in local or name.endswith(".home.arpa")
