"""Clauses from untyped input: what a client may ask for by name, held against a list of what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, Self, cast, overload

from isomorph import limits
from isomorph.errors import InvalidQuery, InvalidValue, LimitExceeded, OrderNotAllowed
from isomorph.sql.expressions import Expression, Order
from isomorph.sql.kinds import Column

__all__ = ["FromUntyped"]

_WHERE = "order_by_untyped()"
_OTHER_END: Mapping[str | None, Literal["first", "last"] | None] = {"first": "last", "last": "first", None: None}


class FromUntyped:
    """The part of a query that takes names from untyped input."""

    __slots__ = ()

    if TYPE_CHECKING:

        def order_by(self, *orders: Order | Expression[Any]) -> Self: ...

    # Two signatures rather than a union, so that type checkers see what a dict with columns and orders is meant to be.
    @overload
    def order_by_untyped(self, names: str | Iterable[str], /, allowed: Iterable[Column[Any]]) -> Self: ...
    @overload
    def order_by_untyped(
        self, names: str | Iterable[str], /, allowed: Mapping[str, Expression[Any] | Order]
    ) -> Self: ...
    def order_by_untyped(
        self,
        names: str | Iterable[str],
        /,
        allowed: Iterable[Column[Any]] | Mapping[str, Expression[Any] | Order],
    ) -> Self:
        """Order by names that a client sent, behind what was asked before.

        Args:
            names: `"name"` or `"-created_at"` for the other way around; several in a list, or in a text with commas.
                Of a name that comes again the first counts. No names, no order.
            allowed: the columns that may be asked for, by the names of their fields; or what each name means:
                `{"name": User.name, "newest": User.joined.desc()}`.

        Raises:
            OrderNotAllowed: a name that is not allowed.
            LimitExceeded: more names than `limits.order_by`.
            InvalidQuery: two of the allowed columns have one name.
            InvalidValue: something that is no name, or no column.
        """
        known = _by_name(allowed)
        orders: dict[str, Order] = {}
        for text in _names(names):
            name = text[1:] if text[0] in "+-" else text
            if name not in known:
                raise OrderNotAllowed(_WHERE, text, tuple(known))
            orders.setdefault(name, _order(known[name], reverse=text.startswith("-")))
        return self.order_by(*orders.values()) if orders else self


def _names(names: Any) -> list[str]:
    most = limits.current().order_by
    if isinstance(names, str):
        items: list[Any] = [*names.split(",", most)]
    elif isinstance(names, bytes) or hasattr(names, "keys") or not hasattr(names, "__iter__"):
        raise InvalidValue(_WHERE, "a name or a list of them", type(names).__name__)
    else:
        items = [*islice(names, most + 1)]
    if len(items) > most:
        raise LimitExceeded(_WHERE, f"at most {most} names", "more", "order_by")
    found: list[str] = []
    for item in items:
        if not isinstance(item, str):
            raise InvalidValue(_WHERE, "a name or a list of them", f"a list with a {type(item).__name__}")
        if item.strip():
            found.append(item.strip())
    return found


def _by_name(
    allowed: Iterable[Column[Any]] | Mapping[str, Expression[Any] | Order],
) -> Mapping[str, Expression[Any] | Order]:
    if isinstance(allowed, Mapping):
        return cast("Mapping[str, Expression[Any] | Order]", allowed)
    found: dict[str, Expression[Any] | Order] = {}
    for column in allowed:
        if not isinstance(column, Column):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue(_WHERE, "columns such as User.name, or a mapping of names", type(column).__name__)
        if column.field in found:
            raise InvalidQuery(f"{_WHERE} allows two columns called {column.field}", "give them names by a mapping")
        found[column.field] = column
    return found


def _order(meant: Expression[Any] | Order, *, reverse: bool) -> Order:
    if not isinstance(meant, Order):
        return Order(meant, descending=reverse)
    if not reverse:
        return meant
    return Order(meant.expression, descending=not meant.descending, nulls=_OTHER_END[meant.nulls])
