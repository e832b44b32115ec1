"""Relations as types: for each relation of a model the class that tells type checkers what including it gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from isomorph.catalog import Model, Relation, RelationKind
from isomorph_generator.codegen.constructor import targets_of
from isomorph_generator.codegen.layout import Code, call, fitted, prefixed, signature, subscript
from isomorph_generator.codegen.names import relation_class
from isomorph_generator.codegen.text import docstring, sentence, string

__all__ = ["WHATEVER", "RelationView", "RelationsView", "included_variables", "related_variable", "relations_of"]

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
        get: the signature by which it is read once it is loaded.
        includes: the signatures by which queries include it.
    """

    class_head: str
    doc: str
    get: str
    includes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelationsView:
    """The relations of a model.

    Attributes:
        variables: definitions of an alias of Any and of type variables: what is included of other relations, related
            models with what they include.
        classes: one for each relation.
    """

    variables: tuple[str, ...]
    classes: tuple[RelationView, ...]


def relations_of(model: Model, classes: Mapping[str, str], scoped: Collection[str]) -> RelationsView:
    """The relation classes of a model.

    Args:
        model: the model.
        classes: how its module writes the class of each model that a relation leads to.
        scoped: models whose global scopes may hide the row that a relation means.
    """
    related = {relation.target: classes[relation.target] for relation in model.relations if relation.target is not None}
    variables = [f"{WHATEVER}: _t.TypeAlias = _t.Any"]
    variables += [_definition(name, string(name)) for name in included_variables(model)]
    for target, class_ in related.items():
        name = related_variable(target)
        variables.append(_definition(name, string(name), f"bound={string(class_)}"))
    return RelationsView(
        tuple(variables), tuple(_relation(model, position, classes, scoped) for position in range(len(model.relations)))
    )


def _definition(name: str, *arguments: str) -> str:
    return fitted(call("_i.TypeVar", arguments), 4, before=f"{name} = ")


def _relation(model: Model, position: int, classes: Mapping[str, str], scoped: Collection[str]) -> RelationView:
    relation = model.relations[position]
    # No foreign key holds a morph_to: the row that it means may be gone. A global scope may hide it.
    may_lack = relation.nullable or relation.kind is RelationKind.MORPH_TO or relation.target in scoped
    loaded = "_i.Many" if relation.kind.to_many else "_i.One"
    # Parameters behind this one may be left out: their default is the supertype of all.
    instance = subscript(model.name, [*[WHATEVER] * position, loaded])
    get = signature("__get__", ["self", prefixed("instance: ", instance), "owner: _t.Any", "/"], loaded, _INDENT, _STUB)
    includes: list[str] = []
    query = prefixed("query: ", _query(model, position, WHATEVER))
    if relation.target is not None:
        plain = _loaded(relation, classes[relation.target], may_lack=may_lack)
        nested = f"nested: _i.Query[{related_variable(relation.target)}]"
        with_nested = _loaded(relation, related_variable(relation.target), may_lack=may_lack)
        includes += [
            signature("_include", ["self", query, "/"], _query(model, position, plain), _INDENT, _STUB),
            signature(
                "_include_with",
                ["self", query, nested, "/"],
                _query(model, position, with_nested),
                _INDENT,
                _STUB,
            ),
        ]
    else:
        members = " | ".join(classes[name] for name in targets_of(relation))
        result = _query(model, position, _loaded(relation, members, may_lack=may_lack))
        includes.append(signature("_include", ["self", query, "/"], result, _INDENT, _STUB))
    return RelationView(
        class_head=fitted(call(f"class {relation_class(model.name, relation.name)}", ["_i.Relation"]), 4, after=":"),
        doc=docstring(sentence(relation.doc) if relation.doc else f"The {relation.name} of {model.name}.", _INDENT),
        get=get,
        includes=tuple(includes),
    )


def _query(model: Model, position: int, own: Code) -> Code:
    """The query class with what is included of each relation, `own` in the place of this one."""
    return subscript(
        f"{model.name}Query",
        [own if number == position else _variable(number) for number in range(len(model.relations))],
    )


def included_variables(model: Model) -> tuple[str, ...]:
    """Type variables for what is included of each relation, where there are others beside it."""
    count = len(model.relations)
    return tuple(map(_variable, range(count))) if count > 1 else ()


def related_variable(model: str) -> str:
    """The type variable for a related model with whatever it includes: `_PostM`."""
    return f"_{model}M"


def _variable(position: int) -> str:
    """What is included of the relation at a position: `_A`, `_B`, ... Short, since they stand in long lists."""
    letter, number = _LETTERS[position % len(_LETTERS)], position // len(_LETTERS)
    return f"_{letter}{number or ''}"


def _loaded(relation: Relation, one: str, *, may_lack: bool) -> str:
    if relation.kind.to_many:
        return f"_i.Collection[{one}]"
    return f"{one} | None" if may_lack else one
