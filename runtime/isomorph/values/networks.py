"""Addresses as text that sorts as they do: for databases without types of their own for them.

All texts of a family have the same width, and IPv4 comes before IPv6, as PostgreSQL sorts its `inet` and `cidr`; so a
network is what lies between its first and its last address. The texts do not depend on how a version of Python writes
addresses.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

__all__ = [
    "ADDRESS_CHARACTERS",
    "MAC_CHARACTERS",
    "NETWORK_CHARACTERS",
    "Address",
    "Network",
    "address_from",
    "address_text",
    "mac_text",
    "network_from",
    "network_text",
]

Address: TypeAlias = IPv4Address | IPv6Address
"""An IP address."""

Network: TypeAlias = IPv4Network | IPv6Network
"""An IP network."""

ADDRESS_CHARACTERS = len("6:0000:0000:0000:0000:0000:0000:0000:0000")
NETWORK_CHARACTERS = ADDRESS_CHARACTERS + len("/128")
MAC_CHARACTERS = len("00:00:00:00:00:00")

# The spellings that PostgreSQL reads (its manual, macaddr), and no mixture of them.
_MAC = re.compile(
    r"(?:[0-9a-f]{2}(?P<sign>[:-])(?:[0-9a-f]{2}(?P=sign)){4}[0-9a-f]{2}"
    r"|[0-9a-f]{6}[:-][0-9a-f]{6}|(?:[0-9a-f]{4}[.-]){2}[0-9a-f]{4}|[0-9a-f]{12})",
    re.ASCII,
)


def address_text(address: Address) -> str:
    """`4:192.168.000.001`, `6:2001:0db8:0000:0000:0000:0000:0000:0001`."""
    packed = address.packed
    if len(packed) == 4:
        return "4:{:03d}.{:03d}.{:03d}.{:03d}".format(*packed)
    digits = packed.hex()
    return f"6:{':'.join(digits[at : at + 4] for at in range(0, 32, 4))}"


def address_from(text: str) -> Address:
    """The reverse of `address_text`.

    Raises:
        ValueError: another text.
    """
    family, _, digits = text.partition(":")
    if family == "4":
        return IPv4Address(bytes(map(int, digits.split("."))))
    return IPv6Address(bytes.fromhex(digits.replace(":", "")))


def network_text(network: Network) -> str:
    """`4:192.168.000.000/24`, `6:2001:0db8:0000:0000:0000:0000:0000:0000/032`."""
    width = 2 if network.version == 4 else 3
    return f"{address_text(network.network_address)}/{network.prefixlen:0{width}d}"


def network_from(text: str) -> Network:
    """The reverse of `network_text`.

    Raises:
        ValueError: another text.
    """
    address, _, length = text.partition("/")
    first = address_from(address)
    if isinstance(first, IPv4Address):
        return IPv4Network((first, int(length)))
    return IPv6Network((first, int(length)))


def mac_text(text: str) -> str | None:
    """The address of a network card in its canonical form, `08:00:2b:01:02:03`; None for any other text."""
    folded = text.lower()
    if _MAC.fullmatch(folded) is None:
        return None
    digits = re.sub("[^0-9a-f]", "", folded)
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
