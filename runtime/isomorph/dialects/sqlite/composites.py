"""The checks that make SQLite's text and bytes hold only networks and shapes."""

from __future__ import annotations

from collections.abc import Callable

from isomorph.catalog import SHAPES, Kind
from isomorph.dialects.standard.composites import WKB_HEADS
from isomorph.values.networks import ADDRESS_CHARACTERS, NETWORK_CHARACTERS

__all__ = ["composite_check"]

_IPV4_CHARACTERS = len("4:000.000.000.000")


def composite_check(kind: Kind, name: str, binary: Callable[[bytes], str]) -> tuple[str, str] | None:
    """What a column of a kind holds beyond its type: a word for the name of a check, and its condition.

    Args:
        kind: what the column holds.
        name: the column, quoted.
        binary: how bytes are spelled.
    """
    match kind:
        case Kind.INET:
            return "inet", f"{name} GLOB '[46]:*' AND length({name}) IN ({_IPV4_CHARACTERS}, {ADDRESS_CHARACTERS})"
        case Kind.CIDR:
            lengths = f"{_IPV4_CHARACTERS + 3}, {NETWORK_CHARACTERS}"
            return "cidr", f"{name} GLOB '[46]:*/*' AND length({name}) IN ({lengths})"
        case Kind.MACADDR:
            return "macaddr", f"{name} GLOB '{':'.join(['[0-9a-f][0-9a-f]'] * 6)}'"
        case _ if kind in SHAPES:
            return "shape", f"substr({name}, 1, 5) IN ({', '.join(map(binary, WKB_HEADS[kind]))})"
        case _:
            return None
