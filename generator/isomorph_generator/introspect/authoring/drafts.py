"""The models of a schema while it is written: what each table becomes, and the relations between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from isomorph.catalog import Column, ForeignKey, Table
from isomorph_generator.introspect.authoring.choices import Choices, Note, Part
from isomorph_generator.introspect.authoring.naming import relation_name
from isomorph_generator.introspect.inspected import Inspected

__all__ = ["BelongsTo", "Draft", "ModelDraft", "MorphTo", "RelationLine"]


@dataclass(slots=True)
class RelationLine:
    """A relation as it is written.

    Attributes:
        words: its keys and values, in their order; values are Python's.
        part: what it says.
    """

    words: dict[str, object]
    part: Part


@dataclass(slots=True)
class BelongsTo:
    """A foreign key that is written as a relation."""

    name: str
    key: ForeignKey
    model: ModelDraft
    target: ModelDraft

    @property
    def one_to_one(self) -> bool:
        """Whether at most one row holds a key."""
        return self.model.is_unique(self.key.columns)


@dataclass(slots=True)
class MorphTo:
    """A pair of columns that is written as a relation; the members are tables by alias, in the order of the tables."""

    name: str
    model: ModelDraft
    members: Mapping[str, ModelDraft]


@dataclass(slots=True)
class ModelDraft:
    """A table that becomes a model.

    Attributes:
        table: what was found.
        name: the class.
        words: what a row is, in snake case: the class as an attribute.
        fields: the field of each column.
        relations: by name, in the order in which they are written.
        belongs: its foreign keys that are relations, by the name of the key.
        morphs: its polymorphic pairs that are relations.
        added: columns that relations bring, so that no field is written for them.
        automatic: names of indexes that relations bring.
        notes: what is not said.
    """

    table: Table
    name: str
    words: str
    fields: dict[str, str] = field(default_factory=dict[str, str])
    relations: dict[str, RelationLine] = field(default_factory=dict[str, RelationLine])
    belongs: dict[str, BelongsTo] = field(default_factory=dict[str, BelongsTo])
    morphs: dict[str, MorphTo] = field(default_factory=dict[str, MorphTo])
    added: set[str] = field(default_factory=set[str])
    automatic: set[str] = field(default_factory=set[str])
    notes: list[Note] = field(default_factory=list[Note])

    def column(self, name: str) -> Column:
        return self.table.column(name)

    def is_unique(self, columns: tuple[str, ...]) -> bool:
        """Whether no two rows have the same values there."""
        wanted = set(columns)
        groups = [self.table.primary_key, *(unique.columns for unique in self.table.uniques)]
        groups += [index.column_names or () for index in self.table.indexes if index.unique and index.where is None]
        return any(group and set(group) <= wanted for group in groups)

    def taken(self, choices: Choices) -> set[str]:
        """The names that no further relation can have."""
        avoided = {name for model, name in choices.avoided if model == self.name}
        return {*self.fields.values(), *self.relations, *avoided}

    def free_name(self, wanted: tuple[str, ...], choices: Choices) -> str:
        """The first of several names that a relation can have."""
        return relation_name(wanted, self.taken(choices))


@dataclass(slots=True)
class Draft:
    """A schema while it is written.

    Attributes:
        inspected: what was found.
        choices: what is known of what cannot be said.
        models: by table; those of pivot tables are not among them.
        pivots: tables that are said by relations alone.
        left_out: tables that are neither, and why.
        enums: the class of each enum, by its name in `inspected`.
        morph_map: the aliases of members, and their models.
        alias_parts: what each alias was found in.
        notes: what belongs to no model.
    """

    inspected: Inspected
    choices: Choices
    models: dict[str, ModelDraft] = field(default_factory=dict[str, ModelDraft])
    pivots: dict[str, Table] = field(default_factory=dict[str, Table])
    left_out: dict[str, str] = field(default_factory=dict[str, str])
    enums: dict[str, str] = field(default_factory=dict[str, str])
    morph_map: dict[str, str] = field(default_factory=dict[str, str])
    alias_parts: dict[str, Part] = field(default_factory=dict[str, Part])
    notes: list[Note] = field(default_factory=list[Note])

    @property
    def dialects(self) -> tuple[str, ...]:
        return (self.inspected.dialect,)
