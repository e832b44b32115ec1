"""What a new row is made from, as types: all of it, and without what a relation that leads to the row fills.

`post.related.comments.create(...)` takes the keywords of a new Comment but for the Post, which it fills itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from isomorph.catalog import Model, Relation, RelationKind
from isomorph_generator.codegen.constructor import is_required, owners, relation_type
from isomorph_generator.codegen.context import Context
from isomorph_generator.codegen.layout import Code, call, fitted
from isomorph_generator.codegen.names import free, type_stem
from isomorph_generator.codegen.text import docstring
from isomorph_generator.codegen.types import Builtins, python_type

__all__ = ["FILLING", "Given", "KeysView", "Without", "filled_by", "given_of", "withouts_of"]

FILLING = frozenset({RelationKind.HAS_ONE, RelationKind.HAS_MANY, RelationKind.MORPH_ONE, RelationKind.MORPH_MANY})
"""The kinds of relations that fill columns of what they lead to."""


@dataclass(frozen=True, slots=True)
class KeysView:
    """A TypedDict: its `class` line, its docstring, its keys."""

    head: str
    doc: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """What a row is made from without some columns.

    Attributes:
        values: the class of what a new row is made from: `PostWithoutAuthor`.
        given: the same for a row that may exist: nothing in it is required.
    """

    values: str
    given: str


@dataclass(frozen=True, slots=True)
class Given:
    """The types of what a model's rows are made from.

    Attributes:
        values: the class of all, and those that it is put together from.
        partial: those that relations to the model need; for type checkers only.
    """

    values: tuple[KeysView, ...]
    partial: tuple[KeysView, ...]


def filled_by(relation: Relation) -> frozenset[str]:
    """The columns of its target that a relation fills."""
    if relation.kind not in FILLING:
        return frozenset()
    return frozenset(relation.remote if relation.morph is None else relation.morph.columns)


def withouts_of(model: Model, context: Context) -> dict[frozenset[str], Without]:
    """By the columns that are filled: the classes that relations to a model need."""
    found: dict[frozenset[str], Without] = {}
    taken: list[str] = []
    for relation in context.leading.get(model.name, ()):
        columns = filled_by(relation)
        if columns and columns not in found:
            gone = [owner.name for owner in owners(model) if _columns_of(owner) <= columns]
            gone = gone or [field.name for field in model.fields if field.column in columns]
            name = free(f"Without{''.join(map(type_stem, gone))}", taken)
            taken.append(name)
            found[columns] = Without(f"{model.name}{name}", f"{model.name}Given{name}")
    return found


def _columns_of(owner: Relation) -> frozenset[str]:
    """The columns of its own table that a belongs_to or morph_to sets."""
    return frozenset(owner.own_columns)


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of a TypedDict: what it sets, its type, whether a new row needs it."""

    name: str
    type: str
    columns: frozenset[str]
    is_needed: bool

    def shown(self, *, needed: bool = True) -> str:
        return f"{self.name}: {f'_t.Required[{self.type}]' if self.is_needed and needed else self.type}"


@dataclass(frozen=True, slots=True)
class _Part:
    """Keys that are left out or kept together."""

    name: str
    doc: str
    keys: tuple[_Key, ...]


def given_of(
    model: Model, classes: Mapping[str, str], builtin: Builtins, context: Context, taken: Iterable[str]
) -> Given:
    """The types of what a model's rows are made from.

    Args:
        model: the model.
        classes: how its module writes the classes of related models.
        builtin: how it writes builtin names.
        context: what all modules know.
        taken: private names of the module.
    """
    parts = list(_parts(model, classes, builtin, taken))
    whole = f"What a new {model.name} is made from."
    withouts = withouts_of(model, context)
    if not withouts:
        keys = [key for part in parts for key in part.keys]
        return Given((_view(f"{model.name}Values", ["_t.TypedDict"], whole, [key.shown() for key in keys]),), ())
    shared = [
        _view(part.name, ["_t.TypedDict"], part.doc, [key.shown() for key in part.keys if not key.is_needed])
        for part in parts
    ]
    needed = [key.shown() for part in parts for key in part.keys if key.is_needed]
    shared.append(_view(f"{model.name}Values", [part.name for part in parts], whole, needed))
    return Given(
        tuple(shared),
        tuple(view for columns, without in withouts.items() for view in _without(model.name, columns, without, parts)),
    )


def _parts(model: Model, classes: Mapping[str, str], builtin: Builtins, taken: Iterable[str]) -> Iterator[_Part]:
    """The fields of a model by the relation that they are the key of, the others first."""
    owned = owners(model)
    by_column = {column: owner.name for owner in reversed(owned) for column in _columns_of(owner)}
    keys: dict[str | None, list[_Key]] = {None: [], **{owner.name: [] for owner in owned}}
    computed = model.computed
    for field, column in zip(model.fields, model.table.columns, strict=True):
        if not field.private and field.name not in computed:
            type_ = python_type(column.type, builtin, nullable=column.nullable)
            key = _Key(field.name, type_, frozenset({column.name}), is_required(model, field, column))
            keys[by_column.get(column.name)].append(key)
    for owner in owned:
        only_way = owner.target is None and not owner.nullable
        keys[owner.name].append(_Key(owner.name, relation_type(owner, classes), _columns_of(owner), only_way))
    used = set(taken)
    for name, found in keys.items():
        if found:
            what = "Fields" if name is None else type_stem(name)
            part = free(f"_{model.name}{what}", used)
            used.add(part)
            doc = f"Fields of a new {model.name}." if name is None else f"The {name} of a new {model.name}."
            yield _Part(part, doc, tuple(found))


def _without(model: str, columns: frozenset[str], without: Without, parts: list[_Part]) -> Iterator[KeysView]:
    bases: list[str] = []
    required: list[_Key] = []
    single: list[_Key] = []
    for part in parts:
        kept = [key for key in part.keys if not key.columns <= columns]
        required += [key for key in kept if key.is_needed]
        optional = [key for key in kept if not key.is_needed]
        if optional and all(key.is_needed or key in kept for key in part.keys):
            bases.append(part.name)
        else:
            single += optional
    first = bases or ["_t.TypedDict"]
    yield _view(
        without.values,
        first,
        f"What a new {model} is made from where a relation fills the rest.",
        [key.shown() for key in (*required, *single)],
        4,
    )
    yield _view(
        without.given,
        first,
        "The same for one that may exist.",
        [key.shown(needed=False) for key in (*required, *single)],
        4,
    )


def _view(name: str, bases: Iterable[Code], doc: str, keys: Iterable[str], indent: int = 0) -> KeysView:
    head = fitted(call(f"class {name}", [*bases, "total=False"]), indent, after=":")
    return KeysView(head, docstring(doc, indent + 4), tuple(keys))
