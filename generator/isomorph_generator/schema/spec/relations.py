"""The spec of relations: one table per kind, told apart by the key that names the kind."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Tag

from isomorph_generator.schema.spec.fields import PivotFieldEntry, Timestamps, TypeText
from isomorph_generator.schema.spec.forms import Names, Spec, Was, by_form, form_of
from isomorph_generator.schema.spec.settings import IntegrityWord

__all__ = [
    "RELATION_KINDS",
    "BelongsToManySpec",
    "BelongsToSpec",
    "DefaultingSpec",
    "HasManySpec",
    "HasManyThroughSpec",
    "HasOneSpec",
    "HasOneThroughSpec",
    "HasThroughSpec",
    "MorphManySpec",
    "MorphOneSpec",
    "MorphToManySpec",
    "MorphToSpec",
    "MorphedByManySpec",
    "OneOfManySpec",
    "PivotSpec",
    "RelationEntry",
    "RelationSpec",
    "TouchingSpec",
]

Action: TypeAlias = Literal["cascade", "set null", "restrict", "no action"]


class _RelationSpec(Spec):
    doc: str | None = None
    """Documentation of the attribute."""


class TouchingSpec(_RelationSpec):
    """What relations to a parent have in common."""

    touches: bool = False
    """Writes of this model set `updated_at` of what it belongs to."""


class DefaultingSpec(_RelationSpec):
    """What relations have in common that may lead to nothing."""

    default: Annotated[Annotated[bool, Tag("<flag>")] | Annotated[dict[str, Any], Tag("<table>")], by_form] = False
    """An absent one reads as an unsaved object instead of None, with these values of its fields."""


class OfManySpec(Spec):
    """The field that says which row of several."""

    column: str
    """A field of the other model."""
    aggregate: Literal["max", "min"] = "max"
    """The row with the greatest value, or with the least."""


_OfMany: TypeAlias = Annotated[Annotated[bool, Tag("<flag>")] | Annotated[str, Tag("<text>")], by_form]


class OneOfManySpec(_RelationSpec):
    """What relations have in common that may choose one row of several."""

    latest_of_many: _OfMany = False
    """Of several rows the one with the greatest key, or with the greatest value of a field: `"created_at"`."""
    oldest_of_many: _OfMany = False
    """Of several rows the one with the least key, or with the least value of a field."""
    of_many: OfManySpec | None = None
    """Of several rows the one with the greatest or least value: `{ column = "price", aggregate = "min" }`."""


class BelongsToSpec(DefaultingSpec, TouchingSpec):
    """This model's table holds the key of another: adds `<relation>_id`."""

    belongs_to: str
    """The other model; `User?` when there may be none."""
    foreign_key: Names | None = None
    """The field (or fields) that hold the other's key; by default `<relation>_id`. May be declared in `fields`."""
    references: Names | None = None
    """The other's unique field (or fields) to refer to; by default its primary key."""
    on_delete: Action = "no action"
    """What happens to this row when the other is deleted."""
    on_update: Action = "no action"
    """What happens to this row when the other's key changes."""
    deferrable: Literal["immediate", "deferred"] | None = None
    """The foreign key may be checked at the commit only: where a transaction says so, or always; not on MySQL."""
    unique: bool = False
    """At most one row for each other one: one-to-one."""
    index: bool = True
    """Whether its columns get an index, where no key or index begins with them."""
    constraint: str | None = None
    """Name of the foreign key in the database."""
    inverse: str | None = None
    """The other's relation that leads back."""
    was: Was | None = None
    """What the relation was called; its columns follow. `false`: they are new."""


class _HasSpec(_RelationSpec):
    foreign_key: Names | None = None
    """The other model's field (or fields) that hold this model's key, where several do."""
    inverse: str | None = None
    """The other's belongs_to that leads back, where several do."""


class HasOneSpec(_HasSpec, DefaultingSpec, OneOfManySpec):
    """Another model's table holds this one's key, once."""

    has_one: str
    """The other model."""


class HasManySpec(_HasSpec):
    """Another model's table holds this one's key."""

    has_many: str
    """The other model."""


PivotFields: TypeAlias = dict[str, PivotFieldEntry]


class PivotSpec(_RelationSpec):
    """What many-to-many relations have in common."""

    table: str | None = None
    """The pivot table; by default both models' snake names, sorted (`role_user`), or the plural of `name`."""
    pivot: PivotFields | None = None
    """Further columns of the pivot table."""
    timestamps: Timestamps | None = None
    """Adds `created_at` and `updated_at` to the pivot table; a table gives them other names."""
    was: Was | None = None
    """What the relation, its `name` or its pivot table was called; table and columns follow. `false`: they are new."""
    model: str | None = None
    """The model whose table is the pivot, instead of `table`, `pivot` and `timestamps`: it belongs to both sides."""


class BelongsToManySpec(PivotSpec):
    """Many to many, over a pivot table that holds both keys."""

    belongs_to_many: str
    """The other model."""
    foreign_key: Names | None = None
    """The pivot's column (or columns) with this model's key; by default `<model>_id`."""
    related_key: Names | None = None
    """The pivot's column (or columns) with the other's key; by default `<model>_id`."""
    inverse: str | None = None
    """The other's relation over the same pivot table."""


class HasOneThroughSpec(OneOfManySpec):
    """One row two or more relations away."""

    has_one_through: str
    """The model at the end."""
    through: str
    """The relations that lead there, from this model on, of any kind but morph_to: `profile`, or `profile.address`."""


class HasManyThroughSpec(_RelationSpec):
    """Rows two or more relations away."""

    has_many_through: str
    """The model at the end."""
    through: str
    """The relations that lead there, from this model on, of any kind but morph_to: `posts`, or `posts.comments`."""


class MorphToSpec(TouchingSpec):
    """Belongs to one of several models: adds `<relation>_type` and `<relation>_id`, or with an arc a key for each."""

    morph_to: Literal[True]
    """The models are those that declare the inverse: morph_one, morph_many, or a pivot over this model."""
    nullable: bool = False
    """Whether there may be none."""
    type: TypeText = "string(255)"
    """What its type column holds."""
    index: bool = True
    """Whether its columns get an index, where no key or index begins with them."""
    members: list[str] | None = None
    """The models, spelled out; must be those that declare the inverse."""
    integrity: IntegrityWord | None = None
    """What keeps it from pointing to nothing: `triggers`, an `arc` of foreign keys, or nothing; by default the model's, or the project's."""
    was: Was | None = None
    """What the relation was called; its columns follow. `false`: they are new."""
    on_delete: Action | None = None
    """What happens to this row when the other is deleted, by `integrity`; by default `no action`, which refuses that."""


class _MorphHasSpec(_RelationSpec):
    name: str | None = None
    """The other's morph_to; may be left out when it has only one."""


class MorphOneSpec(_MorphHasSpec, DefaultingSpec, OneOfManySpec):
    """The other model's morph_to leads here, once."""

    morph_one: str
    """The other model."""


class MorphManySpec(_MorphHasSpec):
    """The other model's morph_to leads here."""

    morph_many: str
    """The other model."""


class _MorphPivotSpec(PivotSpec):
    name: str
    """What the pivot calls the polymorphic side: `taggable`."""
    integrity: IntegrityWord | None = None
    """What takes the pivot's rows away with those of the polymorphic side: `triggers`, an `arc` of foreign keys, or nothing; by default the project's."""


class MorphToManySpec(_MorphPivotSpec):
    """Many to many, from one of several models."""

    morph_to_many: str
    """The other model, the same for all."""


class MorphedByManySpec(_MorphPivotSpec):
    """Many to many, to one of several models; the other end of morph_to_many."""

    morphed_by_many: str
    """The model, one of several."""


HasThroughSpec: TypeAlias = HasOneThroughSpec | HasManyThroughSpec
RelationSpec: TypeAlias = (
    BelongsToSpec
    | HasOneSpec
    | HasManySpec
    | BelongsToManySpec
    | HasOneThroughSpec
    | HasManyThroughSpec
    | MorphToSpec
    | MorphOneSpec
    | MorphManySpec
    | MorphToManySpec
    | MorphedByManySpec
)
RELATION_KINDS: dict[str, type[Spec]] = {
    "belongs_to": BelongsToSpec,
    "has_one": HasOneSpec,
    "has_many": HasManySpec,
    "belongs_to_many": BelongsToManySpec,
    "has_one_through": HasOneThroughSpec,
    "has_many_through": HasManyThroughSpec,
    "morph_to": MorphToSpec,
    "morph_one": MorphOneSpec,
    "morph_many": MorphManySpec,
    "morph_to_many": MorphToManySpec,
    "morphed_by_many": MorphedByManySpec,
}
"""The key that says which relation it is, and its table."""


def _kind_of(value: object) -> str | None:
    if not isinstance(value, dict):
        return form_of(value)
    return next((f"<{kind}>" for kind in RELATION_KINDS if kind in value), None)


RelationEntry: TypeAlias = Annotated[
    Annotated[BelongsToSpec, Tag("<belongs_to>")]
    | Annotated[HasOneSpec, Tag("<has_one>")]
    | Annotated[HasManySpec, Tag("<has_many>")]
    | Annotated[BelongsToManySpec, Tag("<belongs_to_many>")]
    | Annotated[HasOneThroughSpec, Tag("<has_one_through>")]
    | Annotated[HasManyThroughSpec, Tag("<has_many_through>")]
    | Annotated[MorphToSpec, Tag("<morph_to>")]
    | Annotated[MorphOneSpec, Tag("<morph_one>")]
    | Annotated[MorphManySpec, Tag("<morph_many>")]
    | Annotated[MorphToManySpec, Tag("<morph_to_many>")]
    | Annotated[MorphedByManySpec, Tag("<morphed_by_many>")],
    Discriminator(_kind_of),
]
