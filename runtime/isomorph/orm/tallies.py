"""Amounts: what related rows come to, read along with objects and kept beside their fields.

Owns how an amount is asked for (`Amount`, a part of a query) and read back (`Tallied`, a part of every model).
"""

# What says more comes first: of several overloads the first counts.
# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, cast, overload

from typing_extensions import TypeVar

from isomorph.dataclassing import dataclass
from isomorph.errors import AmountNotLoaded, InvalidQuery, InvalidValue
from isomorph.sql.expressions import Expression
from isomorph.sql.kinds import Column, Sortable, Summable
from isomorph.sql.numbers import Approximate, Fractional, Integral

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.relations import Relation

__all__ = ["Amount", "AmountKey", "Tallied", "beside", "drop_amounts", "keep_amounts"]

T = TypeVar("T")

AmountKey: TypeAlias = tuple[str, str, str | None, str | None]
"""By what an object knows an amount: the function, the relation (`posts`, `posts.comments`), the field that it is of, and
the name that it was given."""


_WITHOUT_COLUMN = ("count", "exists")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount that is read along with objects.

    Attributes:
        function: count, exists, sum, avg, min or max.
        relation: name of the relation; of a path, the names with dots between them.
        field: what is aggregated, a field of the related model; None for counts, and for calculations.
        name: the name by which it is read back; None where the relation says it.
        expression: what is read, over the table of the objects.
    """

    function: str
    relation: str
    field: str | None
    name: str | None
    expression: Expression[Any]

    @property
    def key(self) -> AmountKey:
        """By what an object knows it."""
        return self.function, self.relation, self.field, self.name


def keep_amounts(
    found: Sequence[Any], amounts: Sequence[Amount], rows: Sequence[tuple[Any, ...]], start: int, dialect: str
) -> None:
    """Lay the amounts that were read with objects beside these.

    Args:
        found: the objects.
        amounts: what was read.
        rows: the rows of the objects, in their order, as the driver gave them.
        start: position of the first amount in a row.
        dialect: name of the driver's dialect.
    """
    keys = [amount.key for amount in amounts]
    codecs = [amount.expression._codec() for amount in amounts]
    loads = [None if codec is None else codec.loads[dialect] for codec in codecs]
    stop = start + len(keys)
    for made, row in zip(found, rows, strict=True):
        values = {
            key: value if load is None or value is None else load(value)
            for key, load, value in zip(keys, loads, row[start:stop], strict=True)
        }
        beside(made).update(values)


def beside(made: Any) -> dict[Any, Any]:
    """What an object carries beside its fields, to be added to."""
    try:
        known: dict[Any, Any] = made._beside
    except AttributeError:
        known = made._beside = {}
    return known


def lay_beside(found: Sequence[Any], key: object, values: Sequence[object]) -> None:
    """Lay a value beside each of some objects, all of which were made by one reading."""
    if found and not hasattr(found[0], "_beside"):
        for made, value in zip(found, values, strict=True):
            made._beside = {key: value}
        return
    for made, value in zip(found, values, strict=True):
        beside(made)[key] = value


def drop_amounts(made: Any) -> None:
    """Forget the amounts of an object, which were those of the row that it had then."""
    known: dict[Any, Any] = getattr(made, "_beside", {})
    for key in list(known):
        if isinstance(key, tuple):
            del known[key]


class Tallied:
    """The part of an object that tells amounts of related rows, where its query read them along."""

    __slots__ = ()

    if TYPE_CHECKING:
        _definition: Definition
        _beside: dict[Any, Any]

    def count_of(self, relation: Relation[object] | str, /) -> int:
        """The number of related rows that `with_count` read along.

        Args:
            relation: the relation, or the name that was given.

        Raises:
            AmountNotLoaded: nobody asked for it; the message says what to add to the query.
            InvalidQuery: a relation of another model.
        """
        return cast("int", self._tally("count", relation, None))

    def exists_of(self, relation: Relation[object] | str, /) -> bool:
        """Whether there are related rows, which `with_exists` read along; see `count_of`."""
        return cast("bool", self._tally("exists", relation, None))

    def sum_of(self, relation: Relation[object] | str, column: Summable[T], /) -> T | None:
        """The sum that `with_sum` read along; None where there are no related rows. See `count_of`.

        Args:
            relation: the relation, or the name that was given.
            column: what was added up.
        """
        return cast("T | None", self._tally("sum", relation, column))

    @overload
    def avg_of(self, relation: Relation[object] | str, column: Fractional[Any], /) -> Decimal | None: ...
    @overload
    def avg_of(self, relation: Relation[object] | str, column: Integral[Any] | Approximate[Any], /) -> float | None: ...
    def avg_of(
        self, relation: Relation[object] | str, column: Fractional[Any] | Integral[Any] | Approximate[Any], /
    ) -> float | Decimal | None:
        """The mean that `with_avg` read along; None where there are no related rows. See `sum_of`."""
        return cast("float | Decimal | None", self._tally("avg", relation, column))

    def min_of(self, relation: Relation[object] | str, column: Sortable[T], /) -> T | None:
        """The least value that `with_min` read along; None where there are no related rows. See `sum_of`."""
        return cast("T | None", self._tally("min", relation, column))

    def max_of(self, relation: Relation[object] | str, column: Sortable[T], /) -> T | None:
        """The greatest value that `with_max` read along; None where there are no related rows. See `sum_of`."""
        return cast("T | None", self._tally("max", relation, column))

    def _tally(self, function: str, relation: object, column: object) -> object:
        if function not in _WITHOUT_COLUMN and not isinstance(column, Expression):
            raise InvalidValue(f"{function}_of()", "a column such as Post.views", type(column).__name__)
        field = column.field if isinstance(column, Column) else None
        shown = (
            f"{column.model}.{column.field}" if isinstance(column, Column) else "..." if column is not None else None
        )
        known: dict[Any, Any] = getattr(self, "_beside", {})
        model = self._definition.name
        if isinstance(relation, str):
            for key, value in known.items():
                # What was calculated has no field, and any column of its type may stand for it.
                if isinstance(key, tuple) and key[0] == function and key[3] == relation and key[2] in (None, field):
                    return cast("object", value)
            raise AmountNotLoaded(model, function, "...", shown, relation)
        path: tuple[Relation[Any], ...] = getattr(relation, "_path", ())
        if not path:
            raise InvalidValue(f"{function}_of()", "a relation such as User.posts, or a name", type(relation).__name__)
        if path[0]._definition.name != model:
            raise InvalidQuery(f"{path[-1]._name} is no relation of {model}", f"name one of {model}")
        try:
            return known[function, ".".join(item._relation.name for item in path), field, None]
        except KeyError:
            pass
        raise AmountNotLoaded(model, function, path[-1]._name, shown, None)
