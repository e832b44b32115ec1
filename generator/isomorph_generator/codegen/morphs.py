"""The view of the morph relations: for each the union of its members as one type, and their aliases as another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from isomorph.catalog import Catalog, Model, Morph, Relation, RelationKind
from isomorph_generator.codegen.context import Context
from isomorph_generator.codegen.imports import Imports, imports_for
from isomorph_generator.codegen.layout import WIDTH, Code, fitted, subscript
from isomorph_generator.codegen.names import natural, type_stem
from isomorph_generator.codegen.text import docstring, string

__all__ = ["MorphView", "MorphsView", "Union", "morphs_view", "unions_of"]


@dataclass(frozen=True, slots=True)
class Union:
    """The models that morph relations of one name lead to.

    Attributes:
        name: what the union is called: `Commentable`; that of the aliases is `CommentableAlias`.
        sources: the relations, each with its model.
        morph: what they have in common.
    """

    name: str
    sources: tuple[tuple[Model, Relation], ...]
    morph: Morph


@dataclass(frozen=True, slots=True)
class MorphView:
    """The types of a morph relation.

    Attributes:
        union: the line of the models.
        union_doc: the docstring below it.
        alias: the line of the aliases.
        alias_doc: the docstring below that.
    """

    union: str
    union_doc: str
    alias: str
    alias_doc: str


@dataclass(frozen=True, slots=True)
class MorphsView:
    """`morphs.py`."""

    imports: Imports
    morphs: tuple[MorphView, ...]


def unions_of(catalog: Catalog, taken: Collection[str]) -> tuple[Union, ...]:
    """The unions of a schema, in its order.

    Args:
        catalog: the schema.
        taken: the other names of the package; a union that would have one of them is called by its model, too.
    """
    found: dict[str, list[tuple[Model, Relation]]] = {}
    for model in catalog.models:
        for relation in model.relations:
            if relation.kind is RelationKind.MORPH_TO:
                found.setdefault(relation.name, []).append((model, relation))
    unions: list[Union] = []
    for name, sources in found.items():
        members = {tuple((member.alias, member.model) for member in morph.members) for morph in map(_morph_of, sources)}
        stem = type_stem(name)
        if len(members) == 1 and not {stem, f"{stem}Alias"} & set(taken):
            unions.append(Union(stem, tuple(sources), _morph_of(sources[0])))
        else:
            unions += [Union(f"{source[0].name}{stem}", (source,), _morph_of(source)) for source in sources]
    return tuple(unions)


def _morph_of(source: tuple[Model, Relation]) -> Morph:
    morph = source[1].morph
    assert morph is not None  # every morph_to has one
    return morph


def morphs_view(unions: tuple[Union, ...], context: Context) -> MorphsView:
    """The view of all morph relations."""
    view = MorphsView(Imports(), tuple(map(_morph, unions)))
    used = sorted(
        {member.model for union in unions for member in union.morph.members},
        key=lambda name: natural(context.models[name].module),
    )
    local = [context.import_of(name, f"_{name}", package="models.") for name in used]
    return replace(view, imports=imports_for(view, ("_t",), local=local))


def _morph(union: Union) -> MorphView:
    shown = " and ".join(f"{model.name}.{relation.name}" for model, relation in union.sources)
    members = [f"_{member.model}" for member in union.morph.members]
    line = f"{union.name}: _t.TypeAlias = {' | '.join(members)}"
    if len(line) > WIDTH:
        line = _alias(union.name, subscript("_i.Union", members))
    return MorphView(
        line,
        docstring(f"What {shown} may lead to.", 0),
        _alias(f"{union.name}Alias", subscript("_t.Literal", list(_aliases(union.morph)))),
        docstring(f"The alias of each model of {union.name}.", 0),
    )


def _alias(name: str, type_: Code) -> str:
    return fitted(type_, before=f"{name}: _t.TypeAlias = ")


def _aliases(morph: Morph) -> Iterator[str]:
    for member in morph.members:
        yield string(member.alias)
