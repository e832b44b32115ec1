"""Relations as types: for each relation of a model the class that tells type checkers what including it gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_uppercase

from isomorph.catalog import Model, Relation, RelationKind
from isomorph_generator.codegen.constructor import targets_of
from isomorph_generator.codegen.context import Context
from isomorph_generator.codegen.layout import Code, call, either, fitted, prefixed, signature, subscript
from isomorph_generator.codegen.names import free, relation_class, relations_class, type_stem
from isomorph_generator.codegen.neighbours import Neighbours
from isomorph_generator.codegen.pivots import PivotView, has_pivot, member_class, pivot_class, pivot_view
from isomorph_generator.codegen.text import docstring, sentence, string

__all__ = [
    "WHATEVER",
    "RelationView",
    "RelationsView",
    "included_variables",
    "member_variables",
    "related_variables",
    "relations_of",
]

_INDENT = 8
_STUB = ": ..."
_LETTERS = ascii_uppercase.replace("X", "")
WHATEVER = "_X"
"""The alias of Any that stands for whatever is included of a relation. Short, as it stands in long lists."""


@dataclass(frozen=True, slots=True)
class RelationView:
    """The class of a relation.

    Attributes:
        class_head: its `class` line.
        doc: its docstring.
        pivot: the attribute for the table between; empty without one.
        get: the signature by which it is read once it is loaded.
        get_lazily: the one by which reading loads it; empty where that is an error.
        include: the signature that says what loading it makes of an object.
    """

    class_head: str
    doc: str
    pivot: str
    get: str
    get_lazily: str
    include: str


@dataclass(frozen=True, slots=True)
class RelationsView:
    """The relations of a model.

    Attributes:
        queried: the signature that says which query gives an object.
        attributes: its relations, each with its class.
        variables: definitions of an alias of Any and of type variables: what is included of other relations, related
            models with what they include.
        pivots: types of the tables between.
        classes: one for each relation.
    """

    queried: str
    attributes: tuple[str, ...]
    variables: tuple[str, ...]
    pivots: tuple[PivotView, ...]
    classes: tuple[RelationView, ...]


def relations_of(model: Model, parameters: Iterable[str], context: Context, neighbours: Neighbours) -> RelationsView:
    """The relation classes of a model.

    Args:
        model: the model.
        parameters: its type parameters.
        context: what all modules know.
        neighbours: how its module writes what stands in others.
    """
    writer = _Writer(model, context, neighbours)
    return RelationsView(
        signature("_queried", ["self"], subscript(f"{model.name}Query", parameters), _INDENT, _STUB),
        tuple(f"{relation.name}: {relation_class(model.name, relation.name)}" for relation in model.relations),
        tuple(dict.fromkeys(writer.variables())),
        tuple(writer.pivots()),
        tuple(map(writer.view, range(len(model.relations)))),
    )


class _Writer:
    """Writes the relations of one model."""

    def __init__(self, model: Model, context: Context, neighbours: Neighbours) -> None:
        self._model, self._context, self._neighbours = model, context, neighbours
        self._related = related_variables(model)

    def variables(self) -> Iterator[str]:
        """The definitions that the classes need, some of them more than once."""
        if self._model.relations:
            yield f"{WHATEVER}: _t.TypeAlias = _t.Any"
        for name in included_variables(self._model):
            yield _definition(name)
        for name in member_variables(self._model, self._context):
            yield _definition(name, "default=_i.NotIncluded", "covariant=True")
        for relation in self._model.relations:
            if not has_pivot(self._model, relation, self._context):
                yield _definition(self._related[relation.name], f"bound={string(self._target(relation))}")

    def pivots(self) -> Iterator[PivotView]:
        """The types of the tables between."""
        for relation in self._model.relations:
            if has_pivot(self._model, relation, self._context):
                variables = self._included_by_member(relation)
                yield pivot_view(self._model, relation, self._context, self._neighbours, variables)

    def _included_by_member(self, relation: Relation) -> tuple[str, ...]:
        return _included_by_members(len(self._context.models[relation.target or ""].relations))

    def view(self, position: int) -> RelationView:
        """The class of the relation at a position."""
        model, relation = self._model, self._model.relations[position]
        loaded = "_i.Many" if relation.kind.to_many else "_i.One"
        # Parameters behind this one may be left out: their default is the supertype of all.
        instance = subscript(model.name, [*[WHATEVER] * position, loaded])
        if relation.pivot is None or not has_pivot(model, relation, self._context):
            nested: Code = self._related[relation.name]
            one, plain = nested, self._target(relation)
            pivot = ""
        else:
            variables = self._included_by_member(relation)
            plain = member_class(model, relation)
            nested, one = subscript(self._target(relation), variables), subscript(plain, variables)
            row = relation.pivot.model
            shown = pivot_class(model, relation) if row is None else self._neighbours.classes[row]
            pivot = f"pivot: type[{shown}]"
        before = prefixed("model: ", self._included(position, WHATEVER))
        after = self._included(position, self._loaded(relation, one))
        doc = sentence(relation.doc) if relation.doc else f"The {relation.name} of {model.name}."
        return RelationView(
            class_head=self._head(relation),
            doc=docstring(doc, _INDENT),
            pivot=pivot,
            get=_get(prefixed("instance: ", instance), loaded),
            get_lazily=_get(f"instance: {model.name}", self._loaded(relation, plain)) if self._context.is_lazy else "",
            include=signature("_include", ["self", before, prefixed("nested: ", nested), "/"], after, _INDENT, _STUB),
        )

    def _head(self, relation: Relation) -> str:
        bases: list[Code] = [subscript("_i.RelationTo", [self._target(relation)])]
        if relation.target is not None and self._context.models[relation.target].relations:
            bases.append(self._neighbours(relation.target, relations_class(relation.target)))
        return fitted(call(f"class {relation_class(self._model.name, relation.name)}", bases), 4, after=":")

    def _target(self, relation: Relation) -> str:
        return " | ".join(self._neighbours.classes[name] for name in targets_of(relation))

    def _included(self, position: int, own: Code) -> Code:
        """The model with what is included of each relation, `own` in the place of this one."""
        return subscript(
            self._model.name,
            [own if number == position else _variable(number) for number in range(len(self._model.relations))],
        )

    def _loaded(self, relation: Relation, one: Code) -> Code:
        """What reading the relation gives once it is loaded."""
        if relation.kind.to_many:
            return subscript("_i.Collection", [one])
        # No foreign key holds a morph_to: the row that it means may be gone. A global scope may hide it.
        may_lack = (
            relation.nullable or relation.kind is RelationKind.MORPH_TO or relation.target in self._context.scoped
        )
        return either(one, "None") if may_lack and relation.default is None else one


def _get(instance: Code, result: Code) -> str:
    return signature("__get__", ["self", instance, "owner: object", "/"], result, _INDENT, _STUB)


def _included_by_members(count: int) -> tuple[str, ...]:
    return tuple(f"_Of{number + 1}" for number in range(count))


def _definition(name: str, *arguments: str) -> str:
    return fitted(call("_i.TypeVar", [string(name), *arguments]), 4, before=f"{name} = ")


def included_variables(model: Model) -> tuple[str, ...]:
    """Type variables for what is included of each relation, where there are others beside it."""
    count = len(model.relations)
    return tuple(map(_variable, range(count))) if count > 1 else ()


def member_variables(model: Model, context: Context) -> tuple[str, ...]:
    """Type variables for what the objects behind a table between include, enough for any of them."""
    targets = [relation.target or "" for relation in model.relations if has_pivot(model, relation, context)]
    return _included_by_members(max((len(context.models[name].relations) for name in targets), default=0))


def related_variables(model: Model) -> dict[str, str]:
    """By relation, the type variable for what it leads to, with whatever that includes: `_PostM`, `_CommentableM`."""
    targets = sorted({relation.target for relation in model.relations if relation.target is not None})
    by_target = {target: f"_{target}M" for target in targets}
    found: dict[str, str] = {}
    for relation in model.relations:
        if relation.target is not None:
            found[relation.name] = by_target[relation.target]
        else:
            taken = {*by_target.values(), *found.values()}
            found[relation.name] = free(f"_{type_stem(relation.name)}M", taken)
    return found


def _variable(position: int) -> str:
    """What is included of the relation at a position: `_A`, `_B`, ... Short, since they stand in long lists."""
    letter, number = _LETTERS[position % len(_LETTERS)], position // len(_LETTERS)
    return f"_{letter}{number or ''}"
