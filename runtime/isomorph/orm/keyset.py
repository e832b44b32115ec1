"""The order of a query's rows as keys: which place a row has, and the condition for the rows behind it. Pure.

Owns what makes an order total (the primary keys, put behind what was asked for) and how a place becomes a predicate.
A place is a tuple of values, one for each key. Rows that are written meanwhile change no other row's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from isomorph import catalog
from isomorph.catalog import Kind
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery
from isomorph.sql.codecs import Codec, codec_for
from isomorph.sql.expressions import (
    All,
    AnyOf,
    Bound,
    Comparison,
    Expression,
    NotNull,
    Null,
    Optional,
    Order,
    Predicate,
    Reference,
    Truth,
)
from isomorph.sql.kinds import Column, Sortable
from isomorph.sql.predicates import In
from isomorph.sql.select import Select
from isomorph.sql.sources import Join, TableSource

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["Key", "Place", "behind", "checked_place", "identity", "keys_of", "orders_of", "turned"]

_ALSO_SORTED = frozenset({Kind.BOOL, Kind.BYTES, Kind.ENUM})
"""Kinds that every database sorts although they have no operators for less and greater."""

Place = tuple[Any, ...]
"""The values of all keys of a row, in their order."""


@dataclass(frozen=True, slots=True)
class Key:
    """A part of a total order.

    Attributes:
        expression: what rows are ordered by.
        codec: how its values are checked and bound.
        descending: greatest first.
        nulls_first: whether NULL stands before everything.
        is_nullable: whether there may be NULL at all.
    """

    expression: Expression[Any]
    codec: Codec
    descending: bool
    nulls_first: bool
    is_nullable: bool


# --- which keys ----------------------------------------------------------------------------------------------------------


def keys_of(
    definition: Definition, statement: Select, orders: Sequence[Order], what: str, *, repeats: bool = False
) -> tuple[Key, ...]:
    """A total order over the rows of a query: what was asked for, and the primary key where that leaves ties.

    Args:
        definition: the model that the query is of.
        statement: the query.
        orders: what was asked for.
        what: the method that needs it, for errors.
        repeats: whether a row of the model may stand in several rows of the query, told apart by the keys of the
            tables that are joined to it.

    Raises:
        InvalidQuery: the rows are merged or have no key, or something is ordered by that has no place for a value.
    """
    if statement.distinct or statement.extra.is_derived:
        raise InvalidQuery(f"{what} over merged rows, which have no key of their own", "use paginate()")
    asked = [_key(order, statement, what) for order in orders]
    known = {identity(key.expression) for key in asked}
    unique: list[Expression[Any]] = [*_key_columns(definition, statement, what)]
    for join in statement.joins:
        table = _joined_table(definition, join)
        if table is not None and _has_one(join, table):
            continue
        if not repeats:
            raise InvalidQuery(
                f"{what} over a join with {join.table}, which may repeat rows",
                f"include() instead of joining, or select() columns of {join.table}, too",
            )
        if table is None:
            raise InvalidQuery(f"{what} over a join with {join.table}, whose rows have no key", "use paginate()")
        unique += [Reference[Any](join.table, name, codec_for(table.column(name).type)) for name in table.primary_key]
    ties = [column for column in unique if identity(column) not in known]
    return (*asked, *[_key(column.asc(), statement, what) for column in ties])


def _key_columns(definition: Definition, statement: Select, what: str) -> tuple[Column[Any], ...]:
    """The primary key of the rows of a model, under the name that its table has in a statement.

    Raises:
        InvalidQuery: the rows come from another source than the model's table.
    """
    own, source = definition.model.table.name, statement.source
    table = statement.table if source is None else source.table if isinstance(source, TableSource) else None
    if table != own:
        raise InvalidQuery(f"{what} over {statement.table}, whose rows have no key", "use paginate()")
    columns = tuple(definition.columns[field] for field in definition.key_fields)
    if statement.table == own:
        return columns
    return tuple([column._referenced(statement.table, column.name) for column in columns])


def _key(order: Order, statement: Select, what: str) -> Key:
    expression = order.expression
    inner = expression.inner if isinstance(expression, Optional) else expression
    codec = inner._codec()
    if codec is None or not (isinstance(inner, Sortable | Reference) or codec.type.kind in _ALSO_SORTED):
        raise InvalidQuery(
            f"{what} in the order of {expression._where()}, whose values have no place in an order",
            "order by a column or a typed expression",
        )
    nulls_first = order.nulls == "first" if order.nulls is not None else not order.descending
    is_nullable = expression._is_nullable(statement.outer_joined)
    return Key(expression, codec, order.descending, nulls_first, is_nullable)


def identity(expression: Expression[Any]) -> object:
    """What makes two objects the same column; any other expression is itself only."""
    inner = expression.inner if isinstance(expression, Optional) else expression
    return (inner.table, inner.name) if isinstance(inner, Column | Reference) else id(inner)


def _joined_table(definition: Definition, join: Join) -> catalog.Table | None:
    """The table that is joined; None for what is no table of the schema."""
    if join.target is not None and not isinstance(join.target, TableSource):
        return None
    name = join.table if join.target is None else join.target.table
    tables = definition.database.catalog.tables(definition.model.connection)
    return next((table for table in tables if table.name == name), None)


def _has_one(join: Join, table: catalog.Table) -> bool:
    """Whether each row finds one row of the joined table at most: what is equal covers a key of it."""
    equal = {remote for _, remote in join.pairs} | {column for column, _ in join.constants}
    return any(equal.issuperset(key) for key in table.unique_keys)


# --- orders --------------------------------------------------------------------------------------------------------------


def orders_of(keys: Sequence[Key]) -> tuple[Order, ...]:
    """The keys as ORDER BY has them."""
    return tuple(_order(key) for key in keys)


def _order(key: Key) -> Order:
    order = Order(key.expression, descending=key.descending)
    if key.nulls_first != key.descending:
        return order  # as the common rule has it
    return order.nulls_first() if key.nulls_first else order.nulls_last()


def turned(keys: Sequence[Key]) -> tuple[Key, ...]:
    """The same order from its end."""
    return tuple(replace(key, descending=not key.descending, nulls_first=not key.nulls_first) for key in keys)


# --- places --------------------------------------------------------------------------------------------------------------


def checked_place(keys: Sequence[Key], place: Place, dialect: Dialect, what: str) -> Place:
    """A place from which one can go on.

    Raises:
        InvalidQuery: the database orders by the beginning of one of its values only, and so might lose rows.
    """
    most = dialect.sql.most_sorted_bytes
    if most is not None:
        for key, value in zip(keys, place, strict=True):
            if _sorted_bytes(value) > most:
                raise InvalidQuery(
                    f"{what}: {dialect.name} orders by the first {most} bytes of {key.expression._where()} only, and met "
                    "a longer value",
                    "order by a column of shorter values",
                )
    return place


def _sorted_bytes(value: object) -> int:
    """How long a value is for ORDER BY, at most: MariaDB takes three bytes per character, MySQL those of UTF-8."""
    if isinstance(value, str):
        return max(3 * len(value), len(value.encode()))
    return len(value) if isinstance(value, bytes) else 0


# --- conditions ----------------------------------------------------------------------------------------------------------


def behind(keys: Sequence[Key], place: Place, dialect: Dialect, *, inclusive: bool = False) -> Predicate:
    """True for the rows behind a place, in the order of the keys; with the row at that place, if `inclusive`.

    For keys `a, b` and values `1, 2` it is `a >= 1 AND (a > 1 OR (a = 1 AND b > 2))`: the first part is what a
    database can find by an index.
    """
    last = len(keys) - 1
    found: Predicate | None = Truth(True) if inclusive else None
    for number, (key, value) in reversed(list(enumerate(zip(keys, place, strict=True)))):
        beyond = _beyond(key, value, dialect)
        if found is not None and number < last:
            found = All((_equal(key, value), found))
        elif found is not None:
            found = _equal(key, value)
        parts = [part for part in (beyond, found) if part is not None]
        found = AnyOf(parts) if len(parts) > 1 else parts[0] if parts else None
    if found is None:
        return Truth(False)
    return found if last == 0 else All([*_bound(keys[0], place[0], dialect), found])


def _beyond(key: Key, value: object, dialect: Dialect) -> Predicate | None:
    """True for values that come later; None when none can."""
    if value is None:
        return NotNull(key.expression) if key.nulls_first else None
    return _or_null(key, _compared(key, value, dialect))


def _bound(key: Key, value: object, dialect: Dialect) -> Sequence[Predicate]:
    """True for values that do not come earlier, where that narrows what is looked through."""
    return () if value is None else (_or_null(key, _compared(key, value, dialect, or_equal=True)),)


def _or_null(key: Key, found: Predicate) -> Predicate:
    return AnyOf((found, Null(key.expression))) if key.is_nullable and not key.nulls_first else found


def _equal(key: Key, value: object) -> Predicate:
    return Null(key.expression) if value is None else Comparison(key.expression, " = ", Bound(value, key.codec))


def _compared(key: Key, value: object, dialect: Dialect, *, or_equal: bool = False) -> Predicate:
    members = key.codec.members
    if key.codec.type.kind is Kind.ENUM and members is not None and not dialect.sql.compares_enums_in_order:
        order = list(members.values())
        if key.descending:
            order.reverse()
        later = order[order.index(value) + (0 if or_equal else 1) :]
        return In(key.expression, later, key.codec, negated=False) if later else Truth(False)
    operator = f" {'<' if key.descending else '>'}{'=' if or_equal else ''} "
    return Comparison(key.expression, operator, Bound(value, key.codec))
