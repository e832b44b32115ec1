"""What every model's class does: finds objects, and makes them. Generated classes declare it, typed for keys and fields.

Functions that `Model` has as class methods, so that they are no code in the modules of models; only what takes a key has
a line there, which knows of what the key consists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from sys import intern
from typing import TYPE_CHECKING, Any, TypeVar, cast

from isomorph import limits
from isomorph.errors import InvalidValue, NotFound
from isomorph.orm import bulk, upserting, writing
from isomorph.orm.collection import Collection
from isomorph.orm.fresh import by_positions, fresh_of
from isomorph.orm.loading.siblings import relate
from isomorph.orm.plans import run

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.query import Query
    from isomorph.sql.assignments import Assignment
    from isomorph.sql.expressions import Predicate
    from isomorph.sql.kinds import Column

__all__ = [
    "all_",
    "changed",
    "create",
    "create_from",
    "create_or_first",
    "find",
    "find_many",
    "find_or_fail",
    "first_or_create",
    "insert_many",
    "query",
    "update_or_create",
    "upsert",
]

M = TypeVar("M", bound="Model")


def query(model: type[M], /) -> Query[M]:
    """A query for all of the model."""
    return model._definition.query


def all_(model: type[M], /) -> Collection[M]:
    """All of the model."""
    return query(model).get()


def changed(made: M, /, **changes: Any) -> M:
    """Set fields of an object and save it."""
    for field in changes:
        made._definition.column(field)
    for field, value in changes.items():
        setattr(made, field, value)
    return made.save()


def find(model: type[M], key: tuple[object, ...]) -> M | None:
    """The object with that key, or None.

    Raises:
        InvalidValue: a key of the wrong type.
    """
    definition = model._definition
    executor = definition.executor
    if definition.guards:
        rows = run(executor, bulk.by_keys(definition, [_checked_key(definition, key)], executor, definition.guards))
        return cast("M", rows[0]) if rows else None
    binding = definition.bindings[executor.dialect.name]
    row = executor.fetch_one(binding.statements.find, binding.key(key))
    return None if row is None else cast("M", binding.load((row,))[0])


def find_or_fail(model: type[M], key: tuple[object, ...]) -> M:
    """The object with that key.

    Raises:
        InvalidValue: a key of the wrong type.
        NotFound: there is none.
    """
    found = find(model, key)
    if found is None:
        raise NotFound(model._definition.name)
    return found


def _checked_key(definition: Definition, key: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(
        [
            definition.codecs[position].compared(part, f"{definition.name}.{definition.fields[position]}")
            for position, part in zip(definition.key, key, strict=True)
        ]
    )


def find_many(model: type[M], keys: Iterable[Any], /) -> Collection[M]:
    """The objects with these keys, in the order of the keys; those missing, or hidden by a global scope, are left out.

    Raises:
        InvalidValue: a key of the wrong type.
        LimitExceeded: more keys than `limits.in_list`.
    """
    definition = model._definition
    several: Iterable[tuple[object, ...]] = keys if len(definition.key) > 1 else ((key,) for key in keys)
    given = limits.listed(several, f"{definition.name}.find_many")
    wanted = list(dict.fromkeys([_checked_key(definition, key) for key in given]))
    if not wanted:
        return Collection()
    executor = definition.executor
    rows = run(executor, bulk.by_keys(definition, wanted, executor, definition.guards))
    return Collection(cast("list[M]", rows))


def create(model: type[M], /, **values: Any) -> M:
    """Insert a new row."""
    return model(**values).save()


def insert_many(model: type[M], rows: Iterable[Mapping[str, Any]], /) -> Collection[M]:
    """Insert rows with few statements; their keys are read back."""
    definition = model._definition
    executor = definition.executor
    fresh = fresh_of(model, rows)
    made: Sequence[M]
    if fresh is not None:
        made = run(executor, bulk.insert_fresh(fresh, executor))
    else:
        made = _built(model, rows, "insert_many")
        run(executor, bulk.insert_many(made, executor))
    if definition.database.is_lazy:
        relate(made)
    return Collection(made)


def _built(model: type[M], rows: Iterable[Mapping[str, Any]], what: str) -> list[M]:
    if not isinstance(rows, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(f"{model._definition.name}.{what}", "a list of mappings", type(rows).__name__)
    made: list[M] = []
    is_wide = len(model._definition.fields) > _WIDE
    for row in rows:
        try:
            made.append(model(**_interned(row) if is_wide else row))
        except (TypeError, AttributeError):
            pass
        else:
            continue
        made.append(writing.built(model, row))  # which says what is wrong with it
    return made


_WIDE = 16


def _interned(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose names are the constructor's own objects.

    Python finds keywords by identity; of another text that says the same, as a parser of JSON gives, it compares each with
    all, so that the time grew by the square of the fields.
    """
    return {intern(name): value for name, value in row.items()}


def upsert(
    model: type[M],
    rows: Iterable[Mapping[str, Any]],
    /,
    *,
    unique: Sequence[Column[Any]],
    update: Sequence[Column[Any] | Assignment] | None = None,
    where: Predicate | None = None,
) -> Collection[M]:
    """Insert rows; where the unique columns exist already, update the others, or those given."""
    definition = model._definition
    executor = definition.executor
    fresh = fresh_of(model, rows)
    groups = [fresh] if fresh is not None else by_positions(definition, _built(model, rows, "upsert"))
    return Collection(run(executor, upserting.upsert(groups, unique, update, where, executor)))


def first_or_create(model: type[M], match: Mapping[str, Any], values: Mapping[str, Any] | None = None, /) -> M:
    """The first row that matches, else a new one."""
    executor = model._definition.executor
    return run(executor, bulk.first_or_create(model, match, values or {}, executor))


def create_or_first(model: type[M], match: Mapping[str, Any], values: Mapping[str, Any] | None = None, /) -> M:
    """A new row, else the one in its way."""
    executor = model._definition.executor
    return run(executor, bulk.create_or_first(model, match, values or {}, executor))


def update_or_create(model: type[M], match: Mapping[str, Any], values: Mapping[str, Any], /) -> M:
    """The first row that matches, changed; else a new one."""
    executor = model._definition.executor
    return run(executor, bulk.update_or_create(model, match, values, executor))


def create_from(model: type[M], values: Mapping[str, object], /) -> M:
    """Insert a row from untyped input.

    Raises:
        UnknownField: a name is no field of the model.
        NotFillable: a field is not `fillable`.
        MissingValue: a new row needs other fields, too.
        InvalidValue: a value that its column cannot hold.
    """
    return writing.built(model, writing.fillable(model._definition, values)).save()
