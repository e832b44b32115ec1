"""Operations on the relations of one object as types: what `user.related.posts` is."""

from __future__ import annotations

from dataclasses import dataclass

from isomorph.catalog import Model, Relation, RelationKind
from isomorph_generator.codegen.constructor import owners, targets_of
from isomorph_generator.codegen.context import Context
from isomorph_generator.codegen.given import filled_by, withouts_of
from isomorph_generator.codegen.layout import Code, call, fitted, prefixed, signature, subscript
from isomorph_generator.codegen.names import free, relation_class
from isomorph_generator.codegen.neighbours import Neighbours
from isomorph_generator.codegen.pivots import has_pivot, member_class, values_class
from isomorph_generator.codegen.types import Builtins, python_type

__all__ = ["RelatedClassView", "RelatedView", "related_class", "related_of"]

_INDENT = 8
_STUB = ": ..."


@dataclass(frozen=True, slots=True)
class RelatedClassView:
    """The class of a relation whose operations take the keywords of the related model."""

    head: str
    create: str


@dataclass(frozen=True, slots=True)
class RelatedView:
    """`user.related`.

    Attributes:
        name: the class of it.
        attributes: its relations, each with its operations.
        classes: the classes of operations that are this model's own.
    """

    name: str
    attributes: tuple[str, ...]
    classes: tuple[RelatedClassView, ...]


def related_class(model: str) -> str:
    """The class of `user.related`: `_UserRelated`."""
    return f"_{model}Related"


def related_of(model: Model, context: Context, neighbours: Neighbours) -> RelatedView:
    """The view of a model's `related`."""
    writer = _Writer(model, context, neighbours)
    attributes: list[str] = []
    classes: list[RelatedClassView] = []
    for relation in model.relations:
        type_ = writer.type_of(relation)
        own = writer.class_of(relation, type_)
        if own is not None:
            classes.append(own)
            type_ = writer.name_of(relation)
        attributes.append(fitted(prefixed(f"{relation.name}: ", type_), _INDENT))
    return RelatedView(related_class(model.name), tuple(attributes), tuple(classes))


class _Writer:
    """Writes the operations of one model's relations."""

    def __init__(self, model: Model, context: Context, neighbours: Neighbours) -> None:
        self._model, self._context, self._neighbours = model, context, neighbours

    def name_of(self, relation: Relation) -> str:
        """The class of a relation's operations: `_User_posts_related`."""
        taken = [relation_class(self._model.name, other.name) for other in self._model.relations]
        return free(f"{relation_class(self._model.name, relation.name)}_related", taken)

    def type_of(self, relation: Relation) -> Code:
        """The class of the runtime for operations on a relation, with its parameters."""
        if relation.target is None:
            members = " | ".join(self._neighbours.classes[name] for name in targets_of(relation))
            return subscript("_i.RelatedMorphTo", [members])
        target = self._context.models[relation.target]
        one, query = self._neighbours.classes[target.name], self._neighbours(target.name, f"{target.name}Query")
        match relation.kind:
            case RelationKind.BELONGS_TO:
                return subscript("_i.RelatedTo", [one, query])
            case RelationKind.HAS_ONE_THROUGH:
                return subscript("_i.RelatedThroughOne", [one, query])
            case RelationKind.HAS_MANY_THROUGH:
                return subscript("_i.RelatedThrough", [one, query, _key_of(target)])
            case RelationKind.HAS_ONE | RelationKind.MORPH_ONE:
                return subscript("_i.RelatedOne", [one, query, *self._keys(relation, target)])
            case RelationKind.HAS_MANY | RelationKind.MORPH_MANY:
                return subscript("_i.RelatedMany", [one, query, _key_of(target), *self._keys(relation, target)])
            case _:
                member = self._member(relation)
                own = [one, member, query, _key_of(target), *self._keys(relation, target), self._between(relation)]
                return subscript("_i.RelatedPivot", own)

    def class_of(self, relation: Relation, type_: Code) -> RelatedClassView | None:
        """The class that adds what takes keywords; None where nothing does."""
        if relation.target is None or relation.kind in _WITHOUT_KEYWORDS:
            return None
        target = self._context.models[relation.target]
        values, _ = self._keys(relation, target)
        keywords = f"**values: _t.Unpack[{values}]"
        if has_pivot(self._model, relation, self._context):
            parameters = ["self", f"pivot: {self._between(relation)} | None = None", "/", keywords]
            made = self._member(relation)
        else:
            hidden = ["/"] if any(field.name == "self" for field in target.fields) else []
            parameters, made = ["self", *hidden, keywords], self._neighbours.classes[target.name]
        return RelatedClassView(
            fitted(call(f"class {self.name_of(relation)}", [type_]), 4, after=":"),
            signature("create", parameters, made, _INDENT, _STUB),
        )

    def _keys(self, relation: Relation, target: Model) -> tuple[str, str]:
        """The keywords of a new object, and those of a match or a change."""
        columns = filled_by(relation)
        if columns:
            without = withouts_of(target, self._context)[columns]
            names = without.values, without.given
        else:
            names = f"{target.name}Values", f"{target.name}{'Given' if owners(target) else 'Changes'}"
        first, second = (self._neighbours(target.name, name) for name in names)
        return first, second

    def _member(self, relation: Relation) -> str:
        """The class of what a relation over a table between leads to, with the row between if that says more."""
        if has_pivot(self._model, relation, self._context):
            return member_class(self._model, relation)
        return self._neighbours.classes[relation.target or ""]

    def _between(self, relation: Relation) -> str:
        """What is given for the row of the table between."""
        return values_class(self._model, relation, self._context)


_WITHOUT_KEYWORDS = frozenset(
    {RelationKind.BELONGS_TO, RelationKind.HAS_ONE_THROUGH, RelationKind.HAS_MANY_THROUGH, RelationKind.MORPH_TO}
)


def _key_of(model: Model) -> str:
    """The type of a model's key."""
    builtin = Builtins.beside(())
    types = [python_type(model.table.column(name).type, builtin) for name in model.table.primary_key]
    return types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"
