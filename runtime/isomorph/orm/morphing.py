"""Conditions on what a row points to: on a row's own key columns, for belongs_to and morph_to.

Owns what it means that a relation leads to an object, to a model, or to a member of a morph map that something is true
of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from isomorph import catalog
from isomorph.errors import InvalidQuery, InvalidValue, NotSaved
from isomorph.orm.composing import Composing
from isomorph.orm.correlated import HasRows, Rows
from isomorph.orm.narrowing import narrowing
from isomorph.orm.steps import step_to_member
from isomorph.sql.expressions import All, AnyOf, NotNull, Null, Predicate
from isomorph.sql.kinds import Column, Comparable

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.existence import LeadsTo
    from isomorph.orm.relations import Relation

__all__ = ["Pointing", "any_member", "called", "is_of", "points_to"]

N = TypeVar("N")


class _Saved(Protocol):
    """An object of a model, as far as it is looked at here."""

    _definition: Definition
    _row: tuple[Any, ...] | None


class Pointing:
    """The part of a relation that says what a row points to."""

    __slots__ = ()

    @property
    def _self(self) -> Relation[Any]:
        return cast("Relation[Any]", self)

    def is_(self: LeadsTo[N], other: N, /) -> Predicate:
        """True where the relation leads to an object: a belongs_to or a morph_to.

        Raises:
            InvalidValue: no object of a model that it leads to.
            NotSaved: the object has no row to point to.
            InvalidQuery: another kind of relation, whose key is in the other table.
        """
        return points_to(cast("Relation[Any]", self), other, "is_()")

    def is_not(self: LeadsTo[N], other: N, /) -> Predicate:
        """True where the relation leads to another object than this, or nowhere. See `is_`."""
        return points_to(cast("Relation[Any]", self), other, "is_not()", negated=True)

    def is_type(self: LeadsTo[N], *models: type[N]) -> Predicate:
        """True where a morph_to leads to an object of one of these models.

        Raises:
            InvalidValue: a model that it does not lead to.
            InvalidQuery: no models, or another kind of relation.
        """
        return is_of(cast("Relation[Any]", self), models, "is_type()")


# --- to an object ----------------------------------------------------------------------------------------------------------


def points_to(relation: Relation[Any], other: object, method: str, *, negated: bool = False) -> Predicate:
    """Whether a relation leads to an object; with `negated`, whether it leads to another one or nowhere.

    Raises:
        InvalidValue: no object of a model that it leads to.
        NotSaved: the object has no row to point to.
        InvalidQuery: a relation that is no belongs_to or morph_to.
    """
    found, where = relation._relation, f"{relation._name}.{method}"
    _check_pointing(relation, where)
    owner = _owner(other)
    if found.morph is not None:
        member = None if owner is None else found.morph.member(owner.name)
        if owner is None or member is None or owner.database is not relation._definition.database:
            known = " or a ".join(member.model for member in found.morph.members)
            raise InvalidValue(where, f"a {known}", called(other, relation._definition))
        values: list[tuple[str, object]] = [*found.morph.conditions(member)]
        remote: Sequence[str] = owner.model.table.primary_key[:1]
        local: Sequence[str] = (found.morph.key_column(member),)
    else:
        if owner is None or owner.name != found.target or owner.database is not relation._definition.database:
            raise InvalidValue(where, f"a {found.target}", called(other, relation._definition))
        values, remote, local = [], found.remote, found.local
    if cast("_Saved", other)._row is None:
        raise NotSaved(owner.name, where)
    model = owner.model
    values += [(own, getattr(other, model.field_of(key).name)) for own, key in zip(local, remote, strict=True)]
    columns = [(_column(relation, name), value) for name, value in values]
    if not negated:
        return _all([*[column == value for column, value in columns], *_no_others(relation, local)])
    differing: list[Predicate] = []
    for column, value in columns:
        differing.append(column != value)
        if cast("Column[Any]", column).nullable:
            differing.append(Null(column))
    return differing[0] if len(differing) == 1 else AnyOf(differing)


def _owner(other: object) -> Definition | None:
    """The definition of an object's model; None of anything that is no object of one."""
    definition: Definition | None = getattr(type(other), "_definition", None)
    return definition if definition is not None and hasattr(type(other), "_row") else None


def called(other: object, definition: Definition) -> str:
    """What an error calls something that a model of this definition's package was expected for, or an object of one."""
    class_: type[Any] = other if isinstance(other, type) else type(other)
    known: Definition | None = getattr(class_, "_definition", None)
    if known is not None and hasattr(class_, "_row"):
        name = f"the class {known.name}" if isinstance(other, type) else class_.__name__
        return name if known.database is definition.database else f"{name} of another package"
    return class_.__name__


def _check_pointing(relation: Relation[Any], where: str) -> None:
    found = relation._relation
    if relation._before is not None:
        raise InvalidQuery(
            f"{where} behind other relations",
            f"where_has({relation._before._name}, {relation._alone._name}.is_(...))",
        )
    if found.kind not in (catalog.RelationKind.BELONGS_TO, catalog.RelationKind.MORPH_TO):
        raise InvalidQuery(
            f"{where} of a {found.kind}, whose key is in the other table",
            f"{relation._name}.exists(...) with a condition on the other row's key",
        )


def _column(relation: Relation[Any], name: str) -> Comparable[Any, Any]:
    """A column of the table that a relation starts at."""
    definition = relation._definition
    column = definition.columns[definition.model.field_of(name).name]
    home = relation._begins
    return cast("Comparable[Any, Any]", column if column.table == home else column._referenced(home, name))


def _all(predicates: Sequence[Predicate]) -> Predicate:
    return predicates[0] if len(predicates) == 1 else All(predicates)


# --- to a model ------------------------------------------------------------------------------------------------------------


def is_of(relation: Relation[Any], models: Sequence[object], method: str, *, negated: bool = False) -> Predicate:
    """Whether a morph_to leads to an object of one of these models; with `negated`, to none of them or nowhere.

    Raises:
        InvalidValue: a model that it does not lead to.
        InvalidQuery: no models, or another kind of relation.
    """
    where = f"{relation._name}.{method}"
    _check_pointing(relation, where)
    morph = relation._relation.morph
    if morph is None:
        raise InvalidQuery(
            f"{where} of a {relation._relation.kind}, which leads to one model only", "leave the condition out"
        )
    if not models:
        raise InvalidQuery(f"{where} without models", "name at least one")
    members = [_member(relation, model, where) for model in models]
    if morph.type_column is None:
        names = [morph.key_column(member) for member in members]
        keys = [_column(relation, name) for name in names]
        if negated:
            return _all([Null(key) for key in keys])
        # Of what leads nowhere nothing is known, as where an alias is NULL; of a required relation that cannot be.
        there = [key == key if relation._relation.nullable else NotNull(key) for key in keys]  # noqa: PLR0124
        any_of_them = there[0] if len(there) == 1 else AnyOf(there)
        others = _no_others(relation, names) if relation._relation.nullable else []
        return _all([any_of_them, *others])
    column, aliases = _column(relation, morph.type_column), [member.alias for member in members]
    if not negated:
        return column == aliases[0] if len(aliases) == 1 else column.in_(aliases)
    other = column != aliases[0] if len(aliases) == 1 else column.not_in(aliases)
    return AnyOf((other, Null(column))) if cast("Column[Any]", column).nullable else other


def _no_others(relation: Relation[Any], columns: Sequence[str]) -> list[Predicate]:
    """That all columns of an arc but these are NULL, as they are where one of these is not.

    Said all the same, so that a condition is false, not unknown, where the relation leads to another member: its
    contrary is true there.
    """
    morph = relation._relation.morph
    if morph is None or morph.type_column is not None:
        return []
    return [Null(_column(relation, name)) for name in morph.columns if name not in columns]


def _member(relation: Relation[Any], model: object, where: str) -> catalog.MorphMember:
    """The member of a morph_to that a model is.

    Raises:
        InvalidValue: it is none.
    """
    morph = relation._relation.morph
    assert morph is not None  # every morph_to has one
    definition: Definition | None = getattr(model, "_definition", None) if isinstance(model, type) else None
    if definition is not None and definition.database is relation._definition.database:
        for member in morph.members:
            if member.model == definition.name:
                return member
    known = " or ".join(member.model for member in morph.members)
    shown = called(model, relation._definition)
    shown = shown if isinstance(model, type) or _owner(model) is None else f"an object of {shown}"
    raise InvalidValue(where, f"a model that it leads to ({known})", shown)


# --- to a member that something is true of -----------------------------------------------------------------------------------


def any_member(
    relation: Relation[Any], members: Sequence[object], conditions: Sequence[object], where: str
) -> Predicate:
    """Whether a morph_to leads to a row of one of its members.

    Args:
        relation: the relation.
        members: "all" alone; or models, queries of models for those rows that they find, lists of these.
        conditions: what must be true of the row, where there is one member only.
        where: the call, for errors.

    Raises:
        InvalidValue: something that is none of the members.
        InvalidQuery: no members; conditions for several; a relation of another kind, or a member on another connection.
    """
    if relation._relation.kind is not catalog.RelationKind.MORPH_TO:
        raise InvalidQuery(
            f"{where} of a {relation._relation.kind}, which leads to one model only",
            f"where_has({relation._name}, ...)",
        )
    if relation._before is not None:
        raise InvalidQuery(f"{where} behind other relations", f"where_has({relation._before._name}, ...) around it")
    chosen = _chosen_members(relation, members, where)
    if not chosen:
        raise InvalidQuery(f"{where} without models", 'name at least one, or "all"')
    if conditions and len(chosen) > 1:
        raise InvalidQuery(
            f"{where}: conditions beside several models, which have no columns in common",
            f"pass queries instead: {', '.join(f'{member.model}.query()' for member, _ in chosen)}",
        )
    definition = relation._definition
    found: list[Predicate] = []
    for member, query in chosen:
        step = step_to_member(definition, relation._relation, member)
        assert step.definition is not None  # a member is a model
        if query is not None and conditions:
            raise InvalidQuery(f"{where} with a query and more", "say all of it in the query: query.where(...)")
        said = narrowing(step.definition, conditions if query is None else (query,), where)
        rows = Rows(
            relation._begins,
            (step,),
            said.conditions,
            scoped=said.scoped,
            alias=said.alias,
            among=said.among,
        )
        found.append(HasRows(rows))
    return found[0] if len(found) == 1 else AnyOf(found)


def _chosen_members(
    relation: Relation[Any], members: Sequence[object], where: str
) -> list[tuple[catalog.MorphMember, Composing | None]]:
    morph = relation._relation.morph
    assert morph is not None  # every morph_to has one
    if list(members) == ["all"]:
        return [(member, None) for member in morph.members]
    given: list[object] = []
    for item in members:
        is_several = isinstance(item, Iterable) and not isinstance(item, str | type | Composing)
        given += cast("Iterable[object]", item) if is_several else (item,)
    chosen: dict[str, tuple[catalog.MorphMember, Composing | None]] = {}
    for item in given:
        query = item if isinstance(item, Composing) else None
        member = _member(relation, item if query is None else query._definition.model_class, where)
        if member.model in chosen:
            raise InvalidQuery(f"{where} with {member.model} twice", "say once what must be true of it")
        chosen[member.model] = member, query
    return list(chosen.values())
