"""Addresses and networks: which lie in which.

Where a database has no types for them, they are text that sorts as they do (see `isomorph.values.networks`), and a
network is what lies between its first and its last address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Any, TypeAlias, cast

from typing_extensions import TypeVar

from isomorph.catalog import ColumnType, Kind
from isomorph.errors import InvalidValue, NotSupported
from isomorph.sql.codecs import codec_for
from isomorph.sql.codecs.registry import kind_of
from isomorph.sql.expressions import Bound, Expression, Predicate
from isomorph.sql.kinds import Orderable, Ordered, fitting
from isomorph.sql.predicates import Claim
from isomorph.sql.writer import Writer
from isomorph.values.networks import address_text

__all__ = ["Addressed", "Networked"]

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
T = TypeVar("T")

_CIDR = codec_for(ColumnType(Kind.CIDR))
_INET = codec_for(ColumnType(Kind.INET))
_TEXT = codec_for(ColumnType(Kind.TEXT))


class Addressed(Orderable[T, Address]):
    """An IP address."""

    __slots__ = ()

    def within(self, network: Network | Expression[Network | None]) -> Predicate:
        """True where the address lies in the network."""
        given = _network(network, self._where())
        return _Asked("within", self, given, lambda net: self.between(net.network_address, net.broadcast_address))


class Networked(Orderable[T, Network]):
    """An IP network."""

    __slots__ = ()

    def within(self, network: Network | Expression[Network | None]) -> Predicate:
        """True where it lies in the network, or is it."""
        given = _network(network, self._where())
        return _Asked("within", self, given, self._is_within)

    def contains(self, other: Address | Network | Expression[Address | None] | Expression[Network | None]) -> Predicate:
        """True where the address or network lies in it, or is it."""
        if isinstance(other, Expression):
            given: Any = other
            codec = given._codec()
            wanted = _INET if codec is not None and codec.type.kind is Kind.INET else _CIDR
            return _Asked("network_contains", self, fitting(given, wanted, self._where()), None)
        if isinstance(other, IPv4Address | IPv6Address):
            address = cast("Address", _INET.compared(other, self._where()))
            return _Asked("network_contains", self, Bound(address, _INET), lambda _: self._holds(ip_network(address)))
        return _Asked("network_contains", self, _network(other, self._where()), self._holds)

    def overlaps(self, network: Network | Expression[Network | None]) -> Predicate:
        """True where an address lies in both."""
        given = _network(network, self._where())
        return _Asked("network_overlaps", self, given, lambda net: self._is_within(net) | self._holds(net))

    def _is_within(self, network: Network) -> Predicate:
        """All networks in it begin in it and are no larger: their text lies between its own and that of its last address."""
        first, last = address_text(network.network_address), address_text(network.broadcast_address)
        width = 2 if network.version == 4 else 3
        return Claim(
            "network_text_within",
            (
                self,
                *(Bound(text, _TEXT) for text in (first, last)),
                *(Bound(number, None) for number in (len(first), width)),
                Bound(f"{network.prefixlen:0{width}d}", _TEXT),
            ),
        )

    def _holds(self, network: Network) -> Predicate:
        """The networks that hold one are few, and known."""
        return self.in_(cast("Any", [network.supernet(new_prefix=length) for length in range(network.prefixlen + 1)]))


def _network(network: Network | Expression[Any], where: str) -> Expression[Any]:
    if isinstance(network, Expression):
        return fitting(network, _CIDR, where)
    if network is None:  # pyright: ignore[reportUnnecessaryComparison] - callers without a type checker
        raise InvalidValue(where, "an IPv4Network or IPv6Network", kind_of(network))
    return Bound(_CIDR.compared(network, where), _CIDR)


class _Asked(Predicate):
    """A question about addresses or networks; `say` says it of a given network where there is only their text."""

    __slots__ = ("item", "name", "other", "say")

    def __init__(
        self,
        name: str,
        item: Ordered[Any, Any],
        other: Expression[Any],
        say: Callable[[Network], Predicate] | None,
    ) -> None:
        self.name, self.item, self.other, self.say = name, item, other, say

    def _write(self, out: Writer) -> None:
        if out.dialect.sql.has_networks:
            Claim(self.name, (self.item, self.other))._write(out)
        elif self.say is None or not isinstance(self.other, Bound):
            raise NotSupported("question about networks of two columns", out.name, "pass a network, or ask in Python")
        else:
            self.say(cast("Network", self.other.value))._write(out)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item, self.other)
