"""New and saved objects of a relation: what the relation fills in them, and the plans that write them, few statements each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from isomorph.catalog import RelationKind
from isomorph.errors import ConstraintViolation, InvalidQuery, InvalidValue, NotFound
from isomorph.orm import bulk, updating, writing
from isomorph.orm.keys import in_batches, keys_predicate, most_keys
from isomorph.orm.plans import Execute, Plan
from isomorph.orm.related.forgetting import forget_columns
from isomorph.orm.related.keys import checked_object
from isomorph.orm.related.narrowed import value_of
from isomorph.orm.touching import Touched, note_object, touch
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.statements import compile_update

if TYPE_CHECKING:
    from isomorph import catalog
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor
    from isomorph.orm.relations import Relation

__all__ = ["Filling", "as_fields", "save_all"]


class Filling:
    """What a relation of one object fills in those that it leads to: their key to this one.

    Attributes:
        fields: by field of the related model, the value.
    """

    __slots__ = ("_columns", "_owner", "_target", "fields")

    def __init__(self, owner: Model, relation: Relation[Any], where: str) -> None:
        """What is filled.

        Args:
            owner: the object.
            relation: its relation: one whose key is in the other table.
            where: the operation, for errors.

        Raises:
            InvalidValue: the object lacks what it would be referred to by.
        """
        found = relation._relation
        target = self._target = relation._leads_to
        self._owner = owner
        self.fields: dict[str, object] = {}
        for local, remote in zip(found.local, found.remote, strict=True):
            value = value_of(owner, local)
            if value is None:
                own = relation._definition
                field = f"{own.name}.{own.model.field_of(local).name}"
                raise InvalidValue(where, f"a value in {field}, by which others refer to it", "None")
            self.fields[target.model.field_of(remote).name] = value
        self._columns = frozenset(found.remote)
        for column, value in ({} if found.morph is None else found.morph.filled).items():
            self.fields[target.model.field_of(column).name] = value
            self._columns |= {column}

    def made(self, values: Mapping[str, object], where: str) -> Any:
        """A new object, not yet saved.

        Raises:
            InvalidValue: no mapping, or one with what the relation fills.
            UnknownField: the model has no such field.
            MissingValue: it needs others.
        """
        self.check(values, where)
        target = self._target
        keywords = dict(values)
        for relation in _pointing(target.model):
            if relation.kind is RelationKind.MORPH_TO and self._columns == frozenset(relation.own_columns):
                keywords[relation.name] = self._owner
        private = {field.name for field in target.model.fields if field.private}
        keywords.update((field, value) for field, value in self.fields.items() if field not in private)
        class_ = target.model_class
        assert class_ is not None  # nothing is made before the module is complete
        made = writing.built(class_, keywords)
        self.fill(made)
        return made

    def fill(self, item: Model) -> None:
        """Let an object point to this one. What it has loaded by way of the key is forgotten."""
        for field, value in self.fields.items():
            setattr(item, field, value)
        forget_columns(item, self._columns)

    def check(self, values: Mapping[str, object], where: str) -> None:
        """Refuse values for what the relation fills.

        Raises:
            InvalidValue: there are some, or no mapping was given.
        """
        target = self._target
        writing.check_mapping(target, values)
        names = set(self.fields)
        names |= {
            relation.name for relation in _pointing(target.model) if self._columns.issuperset(relation.own_columns)
        }
        for name in values:
            if name in names:
                raise InvalidValue(where, f"no {name}, which the relation fills", "one")


def _pointing(model: catalog.Model) -> Iterable[catalog.Relation]:
    """The relations whose key is in the model's own table."""
    return [relation for relation in model.relations if relation.kind.holds_key]


def as_fields(target: Definition, values: Mapping[str, object], where: str) -> dict[str, object]:
    """Keywords of a model with related objects said by their keys.

    Raises:
        InvalidValue: a related object of another model.
        NotSaved: one without a row.
    """
    writing.check_mapping(target, values)
    pointing = {relation.name: relation for relation in _pointing(target.model)}
    found: dict[str, object] = {}
    for name, value in values.items():
        relation = pointing.get(name)
        if relation is None:
            found[name] = value
        else:
            keys = keys_to(target, relation, value, where)
            found.update((target.model.field_of(column).name, key) for column, key in keys.items())
    return found


def keys_to(owner: Definition, relation: catalog.Relation, related: object, where: str) -> Mapping[str, object]:
    """By column of a model's table, what it holds where a relation of it leads to an object, or nowhere.

    Args:
        owner: the model.
        relation: a belongs_to or morph_to of it.
        related: a saved object, or None.
        where: the operation, for errors.

    Raises:
        InvalidValue: no object of a model that it leads to, or one without what it is referred to by.
        NotSaved: an object without a row.
    """
    morph = relation.morph
    columns = relation.own_columns
    if related is None:
        return dict.fromkeys(columns)
    if morph is None:
        target = owner.database.definition(cast("str", relation.target))
        item: Model = checked_object(target, related, where, saved=True)
        keys = [value_of(item, column) for column in relation.remote]
        values = dict(zip(columns, keys, strict=True))
    else:
        name: str = getattr(getattr(type(related), "_definition", None), "name", "")
        if morph.member(name) is None:
            known = " or a ".join(member.model for member in morph.members)
            raise InvalidValue(where, f"a {known}", type(related).__name__)
        item = checked_object(owner.database.definition(name), related, where, saved=True)
        keys = [updating.key_of(item)[0]]
        values = morph.pointing(name, keys[0])
    if None in keys:
        raise InvalidValue(where, f"a {item._definition.name} with what it is referred to by", "one without")
    return values


# --- saving many -------------------------------------------------------------------------------------------------------------


def save_all(items: Sequence[Model], executor: Executor) -> Plan[None]:
    """Insert the new ones of some objects of one model, and write what changed in the others.

    Those in which the same has changed to the same are written by one statement.

    Raises:
        NotFound: a row is gone.
        StaleObject: the model has a version, and a row another one.
    """
    new = [item for item in items if item._row is None]
    old = [item for item in items if item._row is not None]
    if new:
        yield from bulk.insert_many(new, executor)
    if old:
        yield from _update_all(old, executor)


def _update_all(items: Sequence[Model], executor: Executor) -> Plan[None]:
    definition = items[0]._definition
    found: Touched = {}
    written: list[Model] = []
    alike: dict[object, list[Model]] = {}
    now = dt.datetime.now(dt.UTC)
    for item in items:
        row = item._row
        assert row is not None  # the caller has asked
        changed = item._definition.changed(row, item._definition.values(item))
        if not changed:
            continue
        written.append(item)
        note_object(found, item, as_loaded=True)
        field = item._definition.model.updated_at
        if field is not None and item._definition.positions[field] not in changed:
            setattr(item, field, now)
        prepared = updating.prepare_update(item, executor.dialect)
        assert prepared is not None  # something has changed
        sql, parameters, recomputed, _ = prepared
        is_plain = definition.version is None and not recomputed and not set(changed) & set(item._definition.key)
        values = parameters[: len(parameters) - len(definition.key)]
        alike.setdefault((sql, *map(repr, values)) if is_plain else id(item), []).append(item)
    try:
        for group in alike.values():
            if len(group) == 1:
                prepared = updating.prepare_update(group[0], executor.dialect)
                assert prepared is not None  # as above
                yield from updating.update(group[0], prepared, executor)
            else:
                yield from _update_alike(group, executor)
    except ConstraintViolation as error:
        writing.attribute(definition, error)
        raise
    for item in written:
        note_object(found, item)
    yield from touch(definition, found, executor)


def _update_alike(items: Sequence[Model], executor: Executor) -> Plan[None]:
    """Write objects in which the same has changed to the same."""
    first = items[0]
    definition = first._definition
    assert first._row is not None  # the caller has asked
    changes: dict[str, Expression[object]] = {}
    for position in definition.changed(first._row, definition.values(first)):
        column = definition.columns[definition.fields[position]]
        value = column.codec.stored(getattr(first, definition.slots[position]), column._where())
        changes[column.name] = Bound[Any](value, column.codec)
    key = [definition.columns[field] for field in definition.key_fields]
    for some in in_batches(items, most_keys(len(key))):
        among = keys_predicate(key, [updating.key_of(item) for item in some])
        count: int = yield Execute(*compile_update(executor.dialect, definition.model.table.name, changes, [among]))
        if count < len(some):
            raise NotFound(definition.name)
    for item in items:
        updating.finish_update(item, definition.values(item))


def check_nullable(owner: Definition, relation: catalog.Relation, where: str) -> list[str]:
    """Those columns by which a belongs_to or morph_to goes that are without a value where it leads nowhere.

    Raises:
        InvalidQuery: it is required.
    """
    found = [column for column in relation.own_columns if owner.model.table.column(column).nullable]
    # Of an arc any column may be NULL, but not all of them.
    if not found or (relation.morph is not None and not relation.nullable):
        raise InvalidQuery(f"{where}: the relation is required", "associate another object, or delete this one")
    return found
