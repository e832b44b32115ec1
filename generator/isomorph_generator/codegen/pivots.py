"""Rows of tables between models as types: what `role.pivot` is, and the related objects that have one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from keyword import iskeyword

from isomorph.catalog import Column, Model, Relation
from isomorph_generator.codegen.context import Context
from isomorph_generator.codegen.layout import call, fitted, prefixed, signature, subscript
from isomorph_generator.codegen.names import free, relation_class
from isomorph_generator.codegen.neighbours import Neighbours
from isomorph_generator.codegen.text import docstring
from isomorph_generator.codegen.types import Builtins, column_class, python_type

__all__ = ["PivotView", "has_pivot", "member_class", "pivot_class", "pivot_view", "values_class"]

_INDENT = 8
_STUB = ": ..."


@dataclass(frozen=True, slots=True)
class PivotView:
    """The types of a table between two models, as one relation sees it.

    Attributes:
        class_head: the `class` line of its rows; empty where they are those of a model.
        doc: the docstring of its rows.
        columns: its columns.
        values_head: the `class` line of what a row is given beside its keys; empty where it has nothing else.
        values_doc: the docstring of that.
        values: its keys.
        member_head: the `class` line of the related objects.
        member_doc: the docstring of them.
        pivot: the signature by which they give their row.
    """

    class_head: str
    doc: str
    columns: tuple[str, ...]
    values_head: str
    values_doc: str
    values: tuple[str, ...]
    member_head: str
    member_doc: str
    pivot: str


def has_pivot(model: Model, relation: Relation, context: Context) -> bool:
    """Whether related objects have a row between that says more than who belongs to whom."""
    pivot = relation.pivot
    return pivot is not None and (pivot.model is not None or bool(_given_columns(model, relation, context)))


def pivot_class(model: Model, relation: Relation) -> str:
    """The class of the rows between: `_User_roles_pivot`."""
    return _beside(model, relation, "pivot")


def member_class(model: Model, relation: Relation) -> str:
    """The class of the related objects, each with its row: `_User_roles_member`."""
    return _beside(model, relation, "member")


def values_class(model: Model, relation: Relation, context: Context) -> str:
    """The class of what is given for a row beside its keys: `_User_roles_values`; that of nothing where it has no more."""
    is_more = relation.pivot is not None and bool(_given_columns(model, relation, context))
    return _beside(model, relation, "values") if is_more else "_i.NoValues"


def _beside(model: Model, relation: Relation, what: str) -> str:
    taken = [relation_class(model.name, other.name) for other in model.relations]
    return free(f"{relation_class(model.name, relation.name)}_{what}", taken)


def _given_columns(model: Model, relation: Relation, context: Context) -> list[tuple[str, Column]]:
    """The columns of the table between that a row is given beside its keys, each by its attribute."""
    pivot = relation.pivot
    assert pivot is not None  # the caller has asked
    keys = {*pivot.local, *pivot.remote}
    return [
        (name, column)
        for name, column in _columns(model, relation, context)
        if column.name not in keys and not column.auto_increment and column.generated is None
    ]


def _columns(model: Model, relation: Relation, context: Context) -> Iterator[tuple[str, Column]]:
    """The columns of the table between that applications know, each by its attribute."""
    pivot = relation.pivot
    assert pivot is not None  # the caller has asked
    if pivot.model is not None:
        between = context.models[pivot.model]
        for field, column in zip(between.fields, between.table.columns, strict=True):
            if not field.private:
                yield field.name, column
        return
    morph = relation.morph
    # What a polymorphic relation points by is no attribute anywhere.
    hidden = () if morph is None else morph.columns
    for column in context.pivot_table(model, relation).columns:
        if column.name not in hidden and column.name.isidentifier() and not iskeyword(column.name):
            yield column.name, column


def pivot_view(
    model: Model, relation: Relation, context: Context, neighbours: Neighbours, variables: tuple[str, ...]
) -> PivotView:
    """The types of the table between.

    Args:
        model: the model that has the relation.
        relation: the relation.
        context: what all modules know.
        neighbours: how the module writes what stands in others.
        variables: type variables for what the related objects include.
    """
    pivot = relation.pivot
    assert pivot is not None  # the caller has asked
    assert relation.target is not None  # only a morph_to has none
    columns = list(_columns(model, relation, context))
    builtin = Builtins.beside(name for name, _ in columns)
    given = [
        f"{name}: {python_type(column.type, builtin, nullable=column.nullable)}"
        for name, column in _given_columns(model, relation, context)
    ]
    related = neighbours.classes[relation.target]
    name = f"{model.name}.{relation.name}"
    own = pivot_class(model, relation) if pivot.model is None else neighbours.classes[pivot.model]
    return PivotView(
        class_head="" if pivot.model is not None else f"class {own}(_i.Pivot):",
        doc=docstring(f"The row between a {model.name} and one of its {relation.name}.", _INDENT),
        columns=tuple(_column(name, column, builtin) for name, column in columns),
        values_head=fitted(
            call(f"class {values_class(model, relation, context)}", ["_t.TypedDict", "total=False"]), 4, after=":"
        )
        if given
        else "",
        values_doc=docstring(f"What the row of {name} holds beside its keys.", _INDENT),
        values=tuple(given),
        member_head=fitted(
            call(f"class {member_class(model, relation)}", [subscript(related, variables)]), 4, after=":"
        ),
        member_doc=docstring(f"One of {name}, with the row between.", _INDENT),
        pivot=signature("pivot", ["self"], own, _INDENT, _STUB),
    )


def _column(name: str, column: Column, builtin: Builtins) -> str:
    """A column as an attribute: an expression on the class, on a row a value that is only read."""
    value = python_type(column.type, builtin, nullable=column.nullable, json="_i.JsonValue")
    return fitted(prefixed(f"{name}: ", subscript("_i.ReadOnly", [column_class(column, builtin), value])), _INDENT)
