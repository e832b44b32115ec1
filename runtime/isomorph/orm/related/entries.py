"""What callers give to attach, detach and sync: objects, keys, or a mapping of keys to what stands between; checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from isomorph.errors import InvalidValue, UnknownField
from isomorph.orm.related.keys import checked_key, checked_object, is_object, shown_key
from isomorph.orm.related.narrowed import columns_between, value_of
from isomorph.orm.updating import key_of

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.relations import Relation
    from isomorph.sql.kinds import Column

__all__ = ["Entry", "Key", "check_values", "entries_of", "fields_between"]

Key: TypeAlias = tuple[object, ...]
"""The values of the columns of a key, also of one."""

_SINGLE = (str, bytes, IPv4Network, IPv6Network)
"""What can be iterated over and is a key all the same."""


@dataclass(slots=True)
class Entry:
    """A related object.

    Attributes:
        key: its primary key.
        remote: what the table between knows it by; None where that is not known yet.
        item: the object, where the caller gave it.
        given: by attribute of the row between, what the caller gave.
        values: by column of the table between, the same, checked.
    """

    key: Key
    remote: Key | None
    item: Any = None
    given: dict[str, object] = field(default_factory=dict[str, object])
    values: dict[str, object] = field(default_factory=dict[str, object])


def entries_of(relation: Relation[Any], related: object, pivot: object, where: str) -> list[Entry]:
    """What a caller gave, each related object once.

    Args:
        relation: one with a table between.
        related: an object or its primary key; several of these; or a mapping of them to what stands between.
        pivot: what stands between for all of them; None for nothing.
        where: the operation, for errors.

    Raises:
        InvalidValue: something that is none of these; a key or value that its column cannot hold; or one object twice
            with different values.
        NotSaved: an object without a row.
        UnknownField: the table between has no such column.
    """
    common = {} if pivot is None else _mapping(pivot, where)
    fields = fields_between(relation)
    found: dict[Key, Entry] = {}
    for item, given in _pairs(relation._leads_to, related, where):
        entry = _entry(relation, item, where)
        entry.given = {**common, **given}
        entry.values = _values(relation, fields, entry.given, where)
        known = found.setdefault(entry.key, entry)
        if known.values != entry.values:
            target = relation._leads_to.name
            raise InvalidValue(where, f"one set of values for each {target}", f"two for the same {target}")
        if known.item is None:
            known.item, known.remote = entry.item, entry.remote
    return list(found.values())


def check_values(relation: Relation[Any], pivot: object, where: str) -> None:
    """Refuse values of a row between that it cannot have.

    Raises:
        InvalidValue: a value that its column cannot hold, or no mapping.
        UnknownField: the table between has no such column.
    """
    _values(relation, fields_between(relation), _mapping(pivot, where), where)


def fields_between(relation: Relation[Any]) -> Mapping[str, Column[Any]]:
    """What is given for a row between: by attribute, its columns but for the keys, and what the database fills alone."""
    pivot, morph = relation._relation.pivot, relation._relation.morph
    assert pivot is not None  # the caller has asked
    keys = {*pivot.local, *pivot.remote}
    if morph is not None:
        keys.update(morph.filled)
    if pivot.model is None:
        return {name: column for name, column in columns_between(relation).items() if name not in keys}
    model = relation._definition.database.definition(pivot.model)
    computed = model.computed | {model.fields[position] for position in model.numbered}
    return {
        field: model.columns[field]
        for field in model.public
        if field not in computed and model.columns[field].name not in keys
    }


def _pairs(target: Definition, related: object, where: str) -> Iterable[tuple[object, Mapping[str, object]]]:
    if isinstance(related, Mapping):
        known = cast("Mapping[object, object]", related)
        return [(item, _mapping(values, where)) for item, values in known.items()]
    if related is None:
        raise InvalidValue(where, f"{shown_key(target)}, the object, or several of them", "None")
    if is_object(related) or isinstance(related, _SINGLE) or not isinstance(related, Iterable):
        return [(related, {})]
    if isinstance(related, tuple) and _is_key(target, cast("tuple[object, ...]", related)):
        return [(cast("object", related), {})]
    return [(item, {}) for item in cast("Iterable[object]", related)]


def _is_key(target: Definition, items: tuple[object, ...]) -> bool:
    """Whether a tuple is one key of several columns, and not several keys or objects."""
    return len(items) == len(target.key) > 1 and not any(isinstance(item, tuple) or is_object(item) for item in items)


def _mapping(given: object, where: str) -> dict[str, object]:
    if not isinstance(given, Mapping):
        raise InvalidValue(where, "a mapping of columns of the table between to values", type(given).__name__)
    return dict(cast("Mapping[str, object]", given))


def _entry(relation: Relation[Any], item: object, where: str) -> Entry:
    target, remote = relation._leads_to, relation._relation.remote
    if is_object(item):
        known = checked_object(target, item, where, saved=True)
        values = tuple([value_of(known, column) for column in remote])
        if None in values:
            raise InvalidValue(where, f"a {target.name} with what it is referred to by", "one without")
        return Entry(key_of(known), values, known)
    key = checked_key(target, item, where)
    return Entry(key, key if tuple(remote) == tuple(target.model.table.primary_key) else None)


def _values(
    relation: Relation[Any], fields: Mapping[str, Column[Any]], given: Mapping[str, object], where: str
) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in given.items():
        column = fields.get(name)
        if column is None:
            raise UnknownField(f"{relation._name}.pivot", str(name), tuple(fields))
        if value is None and not column.nullable:
            raise InvalidValue(f"{where}: {name}", "a value", "None")
        found[column.name] = None if value is None else column.codec.stored(value, f"{where}: {name}")
    return found
