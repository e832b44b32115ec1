"""Rows that are given as mappings, by column, where a model's constructor would do no more than set fields.

Owns when that is so, and what the constructor sets where a row says nothing. Many rows of the same names need no object each
to be looked at: their values are taken, checked and sent by column, and the objects made last, as loaders make them.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, cast

from isomorph.catalog import RelationKind

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model

__all__ = ["UNSET", "Keywords", "keywords_of"]


class _Unset:
    """The default of a keyword that was not given."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final[Any] = _Unset()


class Keywords:
    """The constructor's keywords that set one field each.

    Args:
        positions: of the columns, by keyword.
        needed: those without which an object is more than what rows and `constants` say, or none at all.
        constants: what the constructor sets where it is not given the keyword.
        unset: those whose default is UNSET: nobody gives it, but it would mean that nothing is given.
    """

    __slots__ = ("_constants", "_needed", "_positions", "_unset")

    def __init__(
        self,
        positions: Mapping[str, int],
        needed: frozenset[str],
        constants: Mapping[str, object],
        unset: frozenset[str],
    ) -> None:
        self._positions, self._needed, self._constants, self._unset = positions, needed, constants, unset

    def columns(self, rows: Sequence[object]) -> dict[int, list[Any]] | None:
        """The values that objects of these rows would have, at least one row, by position.

        None where objects have to be made of them one by one: rows of different names, of names that are no such keywords or
        too few of these, and what is no dict; one by one also tells what is wrong with them.
        """
        if set(map(type, rows)) != {dict}:
            return None
        given = cast("Sequence[dict[str, Any]]", rows)
        names = given[0].keys()
        positions = self._positions
        if set(map(len, given)) != {len(names)} or not self._needed <= names <= positions.keys():
            return None
        try:
            found = {positions[name]: list(map(itemgetter(name), given)) for name in names}
        except KeyError:
            return None
        if any(_Unset in set(map(type, found[positions[name]])) for name in self._unset & names):
            return None
        for name, value in self._constants.items():
            if name not in names:
                found[positions[name]] = [value] * len(given)
        return found


def keywords_of(definition: Definition) -> Keywords | None:
    """The keywords of a model's constructor; None where it, or a class of the application, does more than set fields."""
    model, class_ = definition.model, cast("type[Model]", definition.model_class)
    if (
        definition.touches
        or class_.__new__ is not object.__new__
        or class_.__setattr__ is not object.__setattr__
        or any(field.mutator is not None for field in model.fields)
        or any(relation.kind is RelationKind.MORPH_TO for relation in model.relations)
    ):
        return None
    # A key that is not given is None, unless its relation needs one.
    keys = {field: True for fields in definition.foreign_keys.values() for field in fields}
    for relation in model.relations:
        if not relation.nullable:
            keys.update(dict.fromkeys(definition.foreign_keys.get(relation.name, ()), False))
    database_fills = {definition.fields[position] for position in definition.filled}.union(definition.times)
    positions: dict[str, int] = {}
    needed: set[str] = set()
    constants: dict[str, object] = {}
    unset: set[str] = set()
    for name, keyword in inspect.signature(class_).parameters.items():
        if name not in definition.positions:
            continue  # an object that the new one points to
        positions[name] = definition.positions[name]
        if keyword.default is UNSET:
            unset.add(name)
            if keys.get(name):
                constants[name] = None
            elif name not in database_fills:
                needed.add(name)
        elif keyword.default is keyword.empty:
            needed.add(name)
        else:
            constants[name] = keyword.default
    return Keywords(positions, frozenset(needed), constants, frozenset(unset))
