"""Loading relations of objects that are there already: all of them, those that are missing, or only their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from isomorph.errors import InvalidQuery, InvalidValue, NotSaved
from isomorph.orm.loading.include import Include
from isomorph.orm.loading.keys import Keys, key_reader
from isomorph.orm.loading.members import load_one, reached
from isomorph.orm.loading.statements import related
from isomorph.orm.plans import Elsewhere, Fetch, Plan, run
from isomorph.orm.relations import Relation
from isomorph.orm.tallies import beside
from isomorph.sql.aggregation import Aggregate
from isomorph.sql.arithmetic import BIGINT
from isomorph.sql.select import Select

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = ["load", "load_count", "load_missing"]


def load(items: Sequence[Any], relation: object, queries: Sequence[object]) -> None:
    """Load a relation of objects anew; see `Model.load`.

    Raises:
        InvalidValue: what is no object of a model, no relation or no query.
        InvalidQuery: a relation or a query of another model.
        NotSaved: an object has no row.
    """
    owner = _owner_of(items, (relation,), "load()")
    include = Include.checked(owner, relation, queries, "load()")
    if items:
        executor = owner.executor
        run(executor, load_one(owner, items, include, executor))


def load_missing(items: Sequence[Any], relation: object, queries: Sequence[object]) -> None:
    """Load a relation of those objects that lack it, and what is included of it likewise; see `Model.load_missing`.

    Raises:
        InvalidValue: what is no object of a model, no relation or no query.
        InvalidQuery: a relation or a query of another model.
        NotSaved: an object has no row.
    """
    owner = _owner_of(items, (relation,), "load_missing()")
    include = Include.checked(owner, relation, queries, "load_missing()")
    if items:
        executor = owner.executor
        run(executor, _load_missing(owner, items, include, executor))


def load_count(items: Sequence[Any], relations: Sequence[object]) -> None:
    """Count what objects are related to; see `Model.load_count`.

    Raises:
        InvalidValue: what is no object of a model, or no relation.
        InvalidQuery: a relation of another model, or one to several models.
        NotSaved: an object has no row.
    """
    if not relations:
        return
    owner = _owner_of(items, relations, "load_count()")
    known = [Include.checked(owner, relation, (), "load_count()").relation for relation in relations]
    if items:
        executor = owner.executor
        run(executor, _load_count(owner, items, known, executor))


def _owner_of(items: Sequence[Any], relations: Sequence[object], where: str) -> Definition:
    """The model of objects, all of which have a row; where there are none, the model that the relations ask for."""
    if not isinstance(items, Sized):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(
            where, "a collection of a list, which Collection.make() makes", f"one of a {type(items).__name__}"
        )
    found: Definition | None = None
    for item in items:
        class_ = item.__class__
        definition: Definition | None = getattr(class_, "_definition", None)
        # A model's class has the definition of its metaclass, but no row.
        if definition is None or not hasattr(class_, "_row"):
            raise InvalidValue(where, "objects of a model", class_.__name__)
        if item._row is None:
            raise NotSaved(definition.name, where[:-2])
        if found is None:
            found = definition
        elif definition.model is not found.model:
            raise InvalidQuery(
                f"{where} of objects of {found.name} and {definition.name}", "load those of each model by themselves"
            )
    if found is None:
        first = relations[0]
        if not isinstance(first, Relation):
            raise InvalidValue(where, "a relation such as User.posts", type(first).__name__)
        return cast("Relation[object]", first)._path[0]._definition  # pyright knows no parameter of an instance
    return found


# --- what is missing -----------------------------------------------------------------------------------------------------


def _load_missing(owner: Definition, items: Sequence[Model], include: Include, executor: Executor) -> Plan[None]:
    slot = f"_{include.relation._relation.name}"
    lacking = [item for item in items if not hasattr(item, slot)]
    there = [item for item in items if hasattr(item, slot)]
    if lacking:
        yield from load_one(owner, lacking, include, executor)
    for query in include.queries.values():
        target = query._definition
        members = [member for member in _members(there, slot) if member._definition.model is target.model]
        if not members:
            continue
        at = reached(owner, target, query, executor)
        for inner in query._includes:
            yield Elsewhere(at, _load_missing(target, members, inner, at))


def _members(items: Iterable[Model], slot: str) -> Iterable[Model]:
    """What relations that are loaded hold, each object once. What stands for an absent one is related to nothing."""
    found: dict[int, Model] = {}
    for item in items:
        held: Any = getattr(item, slot)
        for member in () if held is None else (held,) if hasattr(held, "_row") else held:
            if member._row is not None:
                found[id(member)] = member
    return found.values()


# --- numbers ---------------------------------------------------------------------------------------------------------------


def _load_count(
    owner: Definition, items: Sequence[Model], relations: Sequence[Relation[Any]], executor: Executor
) -> Plan[None]:
    near = [relation for relation in relations if not relation._relation.crosses]
    if near:
        yield from _count_near(owner, items, near, executor)
    for relation in relations:
        if relation._relation.crosses:
            there = reached(owner, relation._leads_to, None, executor)
            yield Elsewhere(there, _count_far(owner, items, relation, there))


def _count_near(
    owner: Definition, items: Sequence[Model], relations: Sequence[Relation[Any]], executor: Executor
) -> Plan[None]:
    """All numbers by one statement."""
    table, dialect = owner.model.table, executor.dialect
    keys = list(map(key_reader(owner, table.primary_key), items))
    columns = owner.of_columns(table.primary_key)
    statement = Select(table.name, key=table.primary_key)
    statement.columns = (*columns, *[relation.count() for relation in relations])
    statement.predicates = (Keys(owner, table.primary_key, keys).among(columns, dialect.name),)
    rows: list[tuple[Any, ...]] = yield Fetch(*statement.compile(dialect))
    loads = [column.codec.loads[dialect.name] for column in columns]
    width, nothing = len(columns), (0,) * len(relations)
    found = {_loaded(row, loads): row[width:] for row in rows}
    for item, key in zip(items, keys, strict=True):
        for relation, number in zip(relations, found.get(key, nothing), strict=True):
            _keep(item, relation, number)


def _count_far(owner: Definition, items: Sequence[Model], relation: Relation[Any], executor: Executor) -> Plan[None]:
    """The number of rows on another connection, by key."""
    found, dialect = relation._relation, executor.dialect
    keys = list(map(key_reader(owner, found.local), items))
    wanted = Keys(owner, found.local, keys)
    numbers: dict[Any, int] = {}
    if wanted.known:
        rows = related(owner, found, relation._leads_to, None, wanted, dialect.name)
        statement = rows.select
        statement.columns = (*rows.key, Aggregate("COUNT", None, BIGINT))
        statement.orders = ()
        statement.extra = replace(statement.extra, groups=rows.key)
        read: list[tuple[Any, ...]] = yield Fetch(*statement.compile(dialect))
        codecs = [item._codec() for item in rows.key]
        loads = [None if codec is None else codec.loads[dialect.name] for codec in codecs]
        numbers = {_loaded(row, loads): row[-1] for row in read}
    for item, key in zip(items, keys, strict=True):
        number = numbers.get(key, 0)
        _keep(item, relation, number if found.kind.to_many else min(number, 1))


def _loaded(row: Sequence[Any], loads: Sequence[Any]) -> Any:
    """The key that a row begins with."""
    key = [value if load is None or value is None else load(value) for value, load in zip(row, loads, strict=False)]
    return key[0] if len(key) == 1 else tuple(key)


def _keep(item: Model, relation: Relation[Any], number: int) -> None:
    beside(item)["count", relation._relation.name, None, None] = number
