"""What was made for a table, in a statement that knows that table by another name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typing_extensions import TypeVar

from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import Expression, Predicate
from isomorph.sql.trees import reads
from isomorph.sql.writer import Writer

__all__ = ["At", "Homed"]

T_co = TypeVar("T_co", covariant=True)


class At(Expression[T_co]):
    """An expression made for a table, where the statement knows that table by another name.

    Attributes:
        item: the expression.
        source: the table that it was made for.
        home: the name.
    """

    __slots__ = ("home", "item", "source")

    def __init__(self, item: Expression[T_co], source: str, home: str) -> None:
        self.item, self.source, self.home = item, source, home

    def _write(self, out: Writer) -> None:
        with out.homed(self.source, self.home):
            self.item._write(out)

    def _codec(self) -> Codec | None:
        return self.item._codec()

    def _where(self) -> str:
        return self.item._where()

    def _own_reads(self) -> Sequence[str]:
        return tuple([self.home if table == self.source else table for table in reads(self.item)])

    def _reads_anything(self) -> bool:
        return self.item._reads_anything()

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.home in outer_joined or self.item._is_nullable(outer_joined)


class Homed(Predicate):
    """A condition made for a table, likewise: see `At`."""

    __slots__ = ("at",)

    def __init__(self, item: Predicate, table: str, name: str) -> None:
        self.at = At(item, table, name)

    def _write(self, out: Writer) -> None:
        self.at._write(out)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.at,)
