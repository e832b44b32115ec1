"""Eager loading: one statement per included relation, whatever the number of parents; one per member for morph_to.

Owns how the keys of parents become a statement on the related table, and how its rows find their parents again. Written
as plans. A statement's keys travel in one IN list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from isomorph.catalog import RelationKind
from isomorph.errors import InvalidQuery, InvalidValue, UnknownMorphType
from isomorph.orm.builder import QueryBuilder
from isomorph.orm.collection import Collection
from isomorph.orm.joining import joins_of
from isomorph.orm.plans import Fetch, Plan
from isomorph.orm.relations import Relation
from isomorph.sql.expressions import All, AnyOf, Predicate
from isomorph.sql.kinds import Column, Comparable
from isomorph.sql.select import Select
from isomorph.sql.sources import Join
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = ["Include", "load_all"]

_THROUGH = (RelationKind.HAS_ONE_THROUGH, RelationKind.HAS_MANY_THROUGH)


@dataclass(frozen=True, slots=True)
class Include:
    """A relation to load, and the query that narrows it."""

    relation: Relation
    nested: QueryBuilder | None

    @classmethod
    def checked(cls, owner: Definition, relation: Relation, nested: Any) -> Include:
        """An include that fits the model that is queried.

        Raises:
            InvalidValue: something that is no relation or query.
            InvalidQuery: a relation or a query of another model, or a query cut by limit or offset.
        """
        if not isinstance(relation, Relation):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("include()", "a relation such as User.posts", type(relation).__name__)
        if relation._definition is not owner:
            raise InvalidQuery(
                f"{relation._name} is no relation of {owner.name}", f"include a relation of {owner.name}"
            )
        if nested is None:
            return cls(relation, None)
        if not isinstance(nested, QueryBuilder):
            raise InvalidValue("include()", "a query of the related model", type(nested).__name__)
        if nested._definition is not relation._target:
            raise InvalidQuery(
                f"{relation._name} leads to {relation._target.name}, the query is for {nested._definition.name}",
                f"pass {relation._target.name}.query()...",
            )
        statement = nested._statement
        if statement.columns is not None:
            raise InvalidValue("include()", "a query of the related model", "a selection of its columns")
        if statement.source is not None:
            raise InvalidQuery(
                f"include({relation._name}) with a query of an alias", f"pass {relation._target.name}.query()..."
            )
        if statement.extra.is_derived or statement.extra.lock is not None:
            raise InvalidQuery(
                f"include({relation._name}) with a grouped, combined or locking query", "narrow it by where()"
            )
        if statement.is_cut or statement.distinct:
            raise InvalidQuery(
                f"include({relation._name}) with a limit, offset or distinct", "a limit per parent is not supported yet"
            )
        return cls(relation, nested)


def load_all(
    owner: Definition, parents: Sequence[Model], includes: Sequence[Include], executor: Executor
) -> Plan[None]:
    """Fill the included relations of all parents."""
    for include in includes:
        if include.relation._relation.kind is RelationKind.MORPH_TO:
            yield from _load_morph_to(owner, parents, include.relation, executor)
        else:
            yield from _load(owner, parents, include, executor)


def _load(owner: Definition, parents: Sequence[Model], include: Include, executor: Executor) -> Plan[None]:
    relation = include.relation._relation
    slot = f"_{relation.name}"
    fields = [owner.model.field_of(column).name for column in relation.local]
    key_of = _reader(fields)
    keys = list(dict.fromkeys(key for key in map(key_of, parents) if None not in key))
    found: dict[tuple[Any, ...], list[Any]] = {}
    if keys:
        target = include.relation._target
        loads = [owner.codecs[owner.positions[field]].loads[executor.dialect.name] for field in fields]
        statement, width = _statement(include, keys, owner, target)
        rows: list[tuple[Any, ...]] = yield Fetch(*statement.compile(executor.dialect))
        shape = target if include.nested is None else include.nested._shape
        made = shape.loaders[executor.dialect.name]([row[width:] for row in rows])
        for row, item in zip(rows, made, strict=True):
            key = tuple(
                value if load is None or value is None else load(value)
                for value, load in zip(row[:width], loads, strict=True)
            )
            found.setdefault(key, []).append(item)
        nested = getattr(include.nested, "_includes", ())
        if made and nested:
            yield from load_all(target, made, nested, executor)
    if relation.kind.to_many:
        for parent in parents:
            setattr(parent, slot, Collection(found.get(key_of(parent), [])))
    else:
        for parent in parents:
            items = found.get(key_of(parent))
            setattr(parent, slot, items[0] if items else None)


def _statement(
    include: Include, keys: Sequence[tuple[Any, ...]], owner: Definition, target: Definition
) -> tuple[Select, int]:
    """The SELECT of related rows: first the columns by which they find their parent, then all of the target's."""
    relation = include.relation._relation
    if include.nested is not None:
        statement = include.nested._statement.copy()
    else:
        statement = Select(target.model.table.name)
        statement.predicates = target.guards
    constants: list[tuple[str, str, str]] = []
    morph = relation.morph
    if relation.kind in _THROUGH or relation.pivot is not None:
        # The joins that lead from the owner to the target, walked backwards from the target.
        path = joins_of(include.relation, outer=False)
        near = path[0]
        back = [
            Join(step.source, step.table, [(remote, local) for local, remote in step.pairs])
            for step in reversed(path[1:])
        ]
        constants = [(step.table, column, text) for step in path for column, text in step.constants]
        statement.joins = (*back, *statement.joins)
        statement.predicates += _guards_between(include.relation)
        table, columns = near.table, [remote for _, remote in near.pairs]
    else:
        table, columns = target.model.table.name, list(relation.remote)
        if morph is not None:
            constants = [(table, morph.type_column, cast(str, morph.alias))]
    owner_columns = owner.of_columns(relation.local)
    parts: list[Comparable[Any, Any]] = [
        _ForeignColumn(table, name, like) for name, like in zip(columns, owner_columns, strict=True)
    ]
    statement.predicates = (
        _among(parts, keys),
        *(_Constant(constant_table, column, text) for constant_table, column, text in constants),
        *statement.predicates,
    )
    shape = target if include.nested is None else include.nested._shape
    statement.columns = (*parts, *[target.columns[field] for field in shape.fields])
    return statement, len(parts)


def _guards_between(relation: Relation) -> tuple[Predicate, ...]:
    """The guards of the models that a relation leads through: a hidden row does not lead on."""
    definition, found = relation._definition, relation._relation
    if found.pivot is not None:
        return () if found.pivot.model is None else definition.database.definition(found.pivot.model).guards
    guards: tuple[Predicate, ...] = ()
    for name in found.through[:-1]:
        definition = Relation._make(definition, definition.model.relation(name))._target
        guards += definition.guards
    return guards


def _among(parts: Sequence[Comparable[Any, Any]], keys: Sequence[tuple[Any, ...]]) -> Predicate:
    if len(parts) == 1:
        return parts[0].in_([key[0] for key in keys])
    return AnyOf([All([part == value for part, value in zip(parts, key, strict=True)]) for key in keys])


class _ForeignColumn(Comparable[Any, Any]):
    """A column by table and name, with the values of another column: foreign keys and pivots have no field of their own."""

    __slots__ = ("like", "name", "table")

    def __init__(self, table: str, name: str, like: Column[Any]) -> None:
        self.table, self.name, self.like = table, name, like

    def _write(self, out: Writer) -> None:
        owner = f"{out.quoted(self.table)}." if out.qualified else ""
        out.parts.append(owner + out.quoted(self.name))

    def _own_codec(self) -> Any:
        return self.like.codec

    def _where(self) -> str:
        return f"{self.table}.{self.name}"


class _Constant(Predicate):
    """A column that holds an alias of the morph map."""

    __slots__ = ("alias", "name", "table")

    def __init__(self, table: str, name: str, alias: str) -> None:
        self.table, self.name, self.alias = table, name, alias

    def _write(self, out: Writer) -> None:
        owner = f"{out.quoted(self.table)}." if out.qualified else ""
        out.parts.append(f"{owner}{out.quoted(self.name)} = ")
        out.bind(self.alias, None)


def _load_morph_to(owner: Definition, parents: Sequence[Model], relation: Relation, executor: Executor) -> Plan[None]:
    found = relation._relation
    morph = found.morph
    assert morph is not None  # every morph_to has one
    type_field = owner.model.field_of(morph.type_column).name
    id_field = owner.model.field_of(morph.id_column).name
    models = {member.alias: member.model for member in morph.members}
    wanted: dict[str, dict[Any, None]] = {}
    for parent in parents:
        alias, key = getattr(parent, type_field), getattr(parent, id_field)
        if alias is None or key is None:
            continue
        if alias not in models:
            raise UnknownMorphType(owner.model.table.name, morph.type_column, str(alias), tuple(models))
        wanted.setdefault(alias, {})[key] = None
    members: dict[tuple[str, Any], Any] = {}
    for alias, keys in wanted.items():
        target = owner.database.definition(models[alias])
        statement = Select(target.model.table.name)
        key_column = cast("Comparable[Any, Any]", target.columns[target.key_fields[0]])
        statement.predicates = (*target.guards, key_column.in_(keys))
        select = target.statements[executor.dialect.name].select
        rows = yield Fetch(*statement.compile(executor.dialect, select))
        for item in target.loaders[executor.dialect.name](rows):
            members[alias, getattr(item, target.key_fields[0])] = item
    slot = f"_{found.name}"
    for parent in parents:
        setattr(parent, slot, members.get((getattr(parent, type_field), getattr(parent, id_field))))


def _reader(fields: Sequence[str]) -> Any:
    def read(item: object) -> tuple[Any, ...]:
        return tuple(getattr(item, field) for field in fields)

    return read
