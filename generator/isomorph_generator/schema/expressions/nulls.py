"""Whether an expression may be NULL, as far as its parts tell. Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from isomorph.catalog import Arithmetic, Call, ColumnRef, Expression, IsNull, Literal, parts_of

__all__ = ["may_be_null"]


def may_be_null(expression: Expression, nullable: AbstractSet[str]) -> bool:
    """Whether the expression has no value in some row.

    Args:
        expression: one over a table.
        nullable: the columns of the table that may be NULL.
    """
    match expression:
        case ColumnRef(name):
            return name in nullable
        case Literal(value):
            return value is None
        case IsNull() | Call("now" | "current_date"):
            return False
        case Call("coalesce", arguments):
            return all(may_be_null(argument, nullable) for argument in arguments)
        case Call("nullif"):
            return True
        case Arithmetic("/" | "%", _, divisor) if not (isinstance(divisor, Literal) and divisor.value):
            return True  # there is no quotient where the divisor is 0
        case _:
            return any(may_be_null(part, nullable) for part in parts_of(expression))
