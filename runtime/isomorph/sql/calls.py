"""Computed values: arithmetic, calls of functions, aggregates, casts, scalar sub-queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typing_extensions import TypeVar

from isomorph.catalog import Kind
from isomorph.dialects.standard.templates import Spread
from isomorph.errors import NotSupported
from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import Expression
from isomorph.sql.select import Select
from isomorph.sql.writer import Writer

__all__ = ["Arithmetic", "Call", "Partial", "Scalar", "write_call"]

T_co = TypeVar("T_co", covariant=True)


class Arithmetic(Expression[T_co]):
    """`(left operator right)`, of the type of the left operand."""

    __slots__ = ("codec", "left", "operator", "right")

    def __init__(self, left: Expression[object], operator: str, right: Expression[object], codec: Codec | None) -> None:
        self.left = left
        self.operator = operator
        self.right = right
        self.codec = codec

    def _write(self, out: Writer) -> None:
        before, between, behind = "(", self.operator, ")"
        if self.codec is not None and self.codec.type.kind is Kind.DECIMAL:
            before, between, behind = out.dialect.sql.arithmetic_of_decimals.get(between, (before, between, behind))
        out.parts.append(before)
        self.left._write(out)
        out.parts.append(between)
        self.right._write(out)
        out.parts.append(behind)

    def _codec(self) -> Codec | None:
        return self.codec

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.left, self.right)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.left._is_nullable(outer_joined) or self.right._is_nullable(outer_joined)


class Call(Expression[T_co]):
    """A function, spelled by each dialect's table of templates for its name and the kind of its first argument.

    NULL where an argument is.

    Attributes:
        name: the function in those tables: `lower`.
        arguments: its arguments.
        codec: how its values are loaded.
    """

    __slots__ = ("arguments", "codec", "name")

    def __init__(self, name: str, arguments: Sequence[Expression[Any]], codec: Codec | None = None) -> None:
        self.name, self.arguments, self.codec = name, arguments, codec

    def _write(self, out: Writer) -> None:
        write_call(out, self.name, self.arguments)

    def _codec(self) -> Codec | None:
        return self.codec

    def _children(self) -> Sequence[Expression[Any]]:
        return self.arguments

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return any(argument._is_nullable(outer_joined) for argument in self.arguments)


class Partial(Call[T_co]):
    """A function that may be NULL although no argument is, as its type says."""

    __slots__ = ()

    def _tells_null(self) -> bool:
        return True

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return True


def write_call(out: Writer, name: str, arguments: Sequence[Expression[Any]]) -> None:
    """Write a function as the dialect's template says.

    Raises:
        NotSupported: there is none.
    """
    first = arguments[0]._codec() if arguments else None
    template = out.dialect.sql.function(name, None if first is None else first.type.kind)
    if not template:
        feature, mend = out.dialect.sql.lacks.get(name, (f"{name}()", "compute it in Python"))
        raise NotSupported(feature, out.name, mend)
    parts = out.parts
    for piece in template:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, Spread):
            for number, argument in enumerate(arguments[piece.start :]):
                if number:
                    parts.append(piece.separator)
                argument._write(out)
        else:
            arguments[piece]._write(out)


class Scalar(Expression[T_co]):
    """The one value of a sub-query of one column and at most one row; NULL without rows."""

    __slots__ = ("statement",)

    def _tells_null(self) -> bool:
        return True

    def _allows_none(self) -> bool:
        return True

    def __init__(self, statement: Select) -> None:
        self.statement = statement

    def _write(self, out: Writer) -> None:
        out.parts.append("(")
        self.statement.write(out)
        out.parts.append(")")

    def _codec(self) -> Codec | None:
        return self.statement.only_column._codec()

    def _own_reads(self) -> Sequence[str]:
        return self.statement.free_reads
