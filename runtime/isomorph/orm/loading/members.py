"""Filling the relations of objects: their keys to a statement, and its rows to the objects that they belong to."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from isomorph.errors import UnknownMorphType
from isomorph.orm.collection import Collection
from isomorph.orm.loading.defaults import default_of
from isomorph.orm.loading.keys import Key, Keys, key_reader
from isomorph.orm.loading.readers import direct_reader, joined_reader
from isomorph.orm.loading.statements import by_key, related
from isomorph.orm.plans import Elsewhere, Fetch, Plan

if TYPE_CHECKING:
    from isomorph import catalog
    from isomorph.orm.definition import Definition
    from isomorph.orm.loading.include import Include
    from isomorph.orm.loading.readers import Reader
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor
    from isomorph.orm.query import Query

__all__ = ["load_all", "load_one", "reached", "unknown_type"]

Found: TypeAlias = "tuple[list[Any], Iterable[Key]]"
"""Related objects, and in their order the keys of those that they belong to."""


def load_all(
    owner: Definition, parents: Sequence[Model], includes: Iterable[Include], executor: Executor
) -> Plan[None]:
    """Fill the included relations of objects.

    Args:
        owner: their model.
        parents: the objects.
        includes: what to load.
        executor: the connection that they were read from.

    Raises:
        UnknownMorphType: a row leads to a model by an alias that nobody knows.
    """
    for include in includes:
        yield from load_one(owner, parents, include, executor)


def load_one(owner: Definition, parents: Sequence[Model], include: Include, executor: Executor) -> Plan[None]:
    """Fill one relation of objects; see `load_all`."""
    if include.is_morph_to:
        yield from _load_morph_to(owner, parents, include, executor)
        return
    relation = include.relation._relation
    keys = list(map(key_reader(owner, relation.local), parents))
    wanted = Keys(owner, relation.local, keys)
    items: list[Any] = []
    found: Iterable[Key] = ()
    if wanted.known:
        target = include.relation._leads_to
        there = reached(owner, target, include.nested, executor)
        items, found = yield from _at(there, executor, _found(owner, include, target, wanted, there))
    slot = f"_{relation.name}"
    if relation.kind.to_many:
        _hand_out(parents, keys, slot, items, found)
        return
    # Of several rows for one key the first counts.
    by_key = dict(zip(reversed(list(found)), reversed(items), strict=True))
    for parent, key in zip(parents, keys, strict=True):
        item = by_key.get(key)
        if item is None and relation.default is not None:
            item = default_of(include.relation, parent)
        setattr(parent, slot, item)


def _hand_out(
    parents: Sequence[Model], keys: Sequence[Key], slot: str, items: Sequence[Any], found: Iterable[Key]
) -> None:
    groups: defaultdict[Key, list[Any]] = defaultdict(list)
    # A loop in C, for there may be many: groups[key].append(item)
    deque(map(list[Any].append, map(groups.__getitem__, found), items), maxlen=0)
    collections = {key: Collection(group) for key, group in groups.items()}
    nothing: Collection[Any] = Collection()
    for parent, key in zip(parents, keys, strict=True):
        setattr(parent, slot, collections.get(key, nothing))


# --- statements --------------------------------------------------------------------------------------------------------------


def reached(owner: Definition, target: Definition, query: Query[Any] | None, executor: Executor) -> Executor:
    """The connection to ask for objects of a related model.

    Args:
        owner: the model that leads to it.
        target: the related model.
        query: the query for it, which may name a connection.
        executor: the connection of the objects of the first model.
    """
    if query is not None and query._connection is not None:
        return query._executor
    return executor if target.model.connection == owner.model.connection else target.executor


def _at(there: Executor, here: Executor, plan: Plan[Found]) -> Generator[Any, Any, Found]:
    """Run a plan on the connection that it is for."""
    if there is here:
        return (yield from plan)
    found: Found = yield Elsewhere(there, plan)
    return found


def _found(owner: Definition, include: Include, target: Definition, keys: Keys, executor: Executor) -> Plan[Found]:
    """What a relation leads to from these keys, itself with what is included of it."""
    relation, query, dialect = include.relation._relation, include.nested, executor.dialect
    rows = related(owner, relation, target, query, keys, dialect.name)
    if relation.pivot is not None or relation.through:
        reader = joined_reader(rows, relation, query, keys, dialect)
    else:
        reader = direct_reader(rows, relation.remote, query, dialect)
    return (yield from _read(reader, target, query, executor))


def _read(reader: Reader, target: Definition, query: Query[Any] | None, executor: Executor) -> Plan[Found]:
    items, keys = reader.read((yield Fetch(*reader.sql)))
    if items and query is not None and query._includes:
        keys = list(keys)
        yield from load_all(target, items, query._includes, executor)
    return items, keys


# --- morph_to ----------------------------------------------------------------------------------------------------------------


def _load_morph_to(owner: Definition, parents: Sequence[Model], include: Include, executor: Executor) -> Plan[None]:
    relation = include.relation._relation
    morph = relation.morph
    assert morph is not None  # every morph_to has one
    pointed = _pointed(owner, morph, parents)
    known = {member.alias: member for member in morph.members}
    wanted: defaultdict[str, list[Key]] = defaultdict(list)
    for alias, key in pointed:
        if alias is not None and key is not None:
            wanted[alias].append(key)
    for alias in wanted:
        if alias not in known:
            raise unknown_type(owner, morph, alias)
    members: dict[tuple[str | None, Key], Any] = {}
    for alias, some in wanted.items():
        member = known[alias]
        query = include.queries.get(member.model)
        if query is None and include.queries:
            continue
        target = owner.database.definition(member.model)
        keys = Keys(owner, (morph.key_column(member),), some)
        there = reached(owner, target, query, executor)
        items, found = yield from _at(there, executor, _members(target, query, keys, there))
        members.update(zip([(alias, key) for key in found], items, strict=True))
    slot = f"_{relation.name}"
    for parent, key in zip(parents, pointed, strict=True):
        setattr(parent, slot, members.get(key))


def _pointed(owner: Definition, morph: catalog.Morph, parents: Sequence[Model]) -> list[tuple[str | None, Key]]:
    """Where each object points to: alias and key."""
    if morph.type_column is not None:
        return list(map(key_reader(owner, morph.columns), parents))
    pointed: list[tuple[str | None, Key]] = [(None, None)] * len(parents)
    for member in morph.members:
        keys = map(key_reader(owner, (morph.key_column(member),)), parents)
        for place, key in enumerate(keys):
            if key is not None:
                pointed[place] = member.alias, key
    return pointed


def unknown_type(owner: Definition, morph: catalog.Morph, alias: str) -> UnknownMorphType:
    """What is wrong where a row of a model has an alias that no member has."""
    known = tuple(member.alias for member in morph.members)
    return UnknownMorphType(owner.model.table.name, morph.type_column or "", alias, known)


def _members(target: Definition, query: Query[Any] | None, keys: Keys, executor: Executor) -> Plan[Found]:
    dialect, columns = executor.dialect, target.model.table.primary_key
    rows = by_key(target, columns, query, keys, dialect.name)
    return (yield from _read(direct_reader(rows, columns, query, dialect), target, query, executor))
