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

__all__ = ["Arithmetic", "Call", "Function", "Scalar"]

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

    Attributes:
        name: the function in those tables: `lower`.
        arguments: its arguments.
        codec: how its values are loaded.
    """

    __slots__ = ("arguments", "codec", "name")

    def __init__(self, name: str, arguments: Sequence[Expression[Any]], codec: Codec | None = None) -> None:
        self.name, self.arguments, self.codec = name, arguments, codec

    def _write(self, out: Writer) -> None:
        arguments = self.arguments
        first = arguments[0]._codec() if arguments else None
        template = out.dialect.sql.function(self.name, None if first is None else first.type.kind)
        if template is None:
            raise NotSupported(f"{self.name}()", out.name, "compute it in Python")
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

    def _codec(self) -> Codec | None:
        return self.codec

    def _children(self) -> Sequence[Expression[Any]]:
        return self.arguments


class Scalar(Expression[T_co]):
    """The one value of a sub-query of one column and at most one row; NULL without rows."""

    __slots__ = ("statement",)

    def _tells_null(self) -> bool:
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


class Function(Expression[T_co]):
    """`NAME(argument)`, an aggregate, as the dialect writes it for the argument's type."""

    __slots__ = ("argument", "codec", "function")

    def _tells_null(self) -> bool:
        return True

    def __init__(self, function: str, argument: Expression[object] | None, codec: Codec | None = None) -> None:
        self.function = function
        self.argument = argument
        self.codec = codec

    def _write(self, out: Writer) -> None:
        argument = self.argument
        if argument is None:
            out.parts.append(f"{self.function}(*)")
            return
        codec = argument._codec()
        before, behind = out.dialect.sql.aggregate(self.function, None if codec is None else codec.type.kind)
        out.parts.append(before)
        argument._write(out)
        out.parts.append(behind)

    def _codec(self) -> Codec | None:
        return self.codec

    def _children(self) -> Sequence[Expression[Any]]:
        return () if self.argument is None else (self.argument,)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return self.function != "COUNT"
