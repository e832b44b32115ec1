"""Sets: which members are in them, and how many.

Most databases are asked about a set as about an array. Where it is a type of its own, each member is looked for by itself.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import TypeVar

from isomorph.catalog import ColumnType, Kind
from isomorph.sql.codecs import codec_for
from isomorph.sql.containers import Container
from isomorph.sql.expressions import All, AnyOf, Bound, Comparison, Expression, Opposite, Predicate
from isomorph.sql.kinds import Plain
from isomorph.sql.predicates import Claim
from isomorph.sql.writer import Writer

__all__ = ["Membered"]

T = TypeVar("T")
U = TypeVar("U")
MemberT = TypeVar("MemberT")


class Membered(Container[T, MemberT]):
    """A set of members of an enum."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self: Expression[U | None], value: U, /) -> None: ...
        def _same(self) -> Plain[T]: ...
        def _known(self: Expression[U | None]) -> Plain[U]: ...
        def _maybe(self) -> Plain[T | None]: ...

    def _asked(self, name: str, items: Sequence[object]) -> Predicate:
        codec, where = self.codec, self._where()
        class_ = codec.enum_class
        assert class_ is not None  # every set has the class of its members
        member = codec_for(ColumnType(Kind.ENUM, enum=codec.type.enum), class_)
        given = {cast(enum.Enum, member.compared(item, where)) for item in items}
        named: list[Bound[Any]] = []
        other: list[Bound[Any]] = []
        for item in class_:
            (named if item in given else other).append(Bound(item, member))
        return _Asked(name, self, Bound(codec.compared(given, where), codec), named, other)

    def _nothing(self) -> object:
        return frozenset[object]()


class _Asked(Predicate):
    """A condition about the members of a set."""

    __slots__ = ("asked", "name", "named", "other", "set_")

    def __init__(
        self,
        name: str,
        set_: Expression[Any],
        asked: Bound[Any],
        named: Sequence[Bound[Any]],
        other: Sequence[Bound[Any]],
    ) -> None:
        """Ask about a set.

        Args:
            name: `contains`, `contained_by` or `overlaps`.
            set_: the set.
            asked: the other set.
            named: the members of that one, each by itself.
            other: all other members of the enum.
        """
        self.name, self.set_, self.asked, self.named, self.other = name, set_, asked, named, other

    def _write(self, out: Writer) -> None:
        if not out.dialect.sql.has_sets:
            Claim(f"array_{self.name}", (self.set_, self.asked))._write(out)
        elif self.name == "contains":
            self._all(self.named)._write(out)
        elif self.name == "overlaps":
            self._some(self.named)._write(out)
        else:
            Opposite(self._some(self.other))._write(out)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.set_, self.asked)

    def _all(self, members: Sequence[Expression[Any]]) -> Predicate:
        return All(self._each(members)) if members else Comparison(self.set_, " = ", self.set_)  # NULL of no set

    def _some(self, members: Sequence[Expression[Any]]) -> Predicate:
        return AnyOf(self._each(members)) if members else Comparison(self.set_, " <> ", self.set_)

    def _each(self, members: Sequence[Expression[Any]]) -> Sequence[Predicate]:
        return [Claim("set_contains", (self.set_, member)) for member in members]
