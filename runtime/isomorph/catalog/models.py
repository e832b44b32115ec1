"""Models: what the application sees, and the whole of a schema."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from isomorph.catalog.expressions import Expression
from isomorph.catalog.tables import Default, ReferentialAction, SqlObject, Table
from isomorph.catalog.types import ColumnType, Enum
from isomorph.dataclassing import dataclass

__all__ = [
    "Catalog",
    "CodeDefault",
    "Field",
    "Integrity",
    "Model",
    "Morph",
    "MorphMember",
    "OneOf",
    "Pivot",
    "Relation",
    "RelationKind",
    "Scope",
    "ScopeParameter",
]


class CodeDefault(enum.StrEnum):
    """A default that the code makes for each new object, by its name in a schema."""

    UUID4 = "uuid4"
    UUID7 = "uuid7"


@dataclass(frozen=True, slots=True)
class Field:
    """A column as an attribute of a model, in the order of the table's columns.

    Attributes:
        name: the attribute. Starts with an underscore for columns that are no field of the model (the type and id
            columns of a `morph_to`), which models carry but do not show.
        column: the column's name.
        doc: documentation, or None.
        hidden: left out of `repr`, `to_dict` and the read input.
        fillable: may be set from untyped input.
        minimum: least value (numbers) or length (strings) that inputs accept; None for no bound.
        maximum: greatest, likewise.
        default_code: what the code makes for a new object; None where there is nothing. The database knows nothing of it.
        pattern: regular expression that inputs look for in a text (see `isomorph.catalog.patterns`), or None.
        trim: whether inputs cut blanks off both ends of a text.
        mutator: method of the model's behaviour that makes what is kept of what is assigned, or None.
    """

    name: str
    column: str
    doc: str | None = None
    hidden: bool = False
    fillable: bool = False
    minimum: int | float | Decimal | None = None
    maximum: int | float | Decimal | None = None
    default_code: CodeDefault | None = None
    pattern: str | None = None
    trim: bool = False
    mutator: str | None = None

    @property
    def private(self) -> bool:
        return self.name.startswith("_")


class RelationKind(enum.StrEnum):
    """The kinds of relations, by their name in a schema."""

    BELONGS_TO = "belongs_to"
    HAS_ONE = "has_one"
    HAS_MANY = "has_many"
    BELONGS_TO_MANY = "belongs_to_many"
    HAS_ONE_THROUGH = "has_one_through"
    HAS_MANY_THROUGH = "has_many_through"
    MORPH_TO = "morph_to"
    MORPH_ONE = "morph_one"
    MORPH_MANY = "morph_many"
    MORPH_TO_MANY = "morph_to_many"
    MORPHED_BY_MANY = "morphed_by_many"

    @property
    def to_many(self) -> bool:
        """Whether reading the relation gives a collection."""
        return self in _TO_MANY

    @property
    def holds_key(self) -> bool:
        """Whether the key is in the table of the model that has the relation."""
        return self in (RelationKind.BELONGS_TO, RelationKind.MORPH_TO)


_TO_MANY = frozenset(
    {
        RelationKind.HAS_MANY,
        RelationKind.BELONGS_TO_MANY,
        RelationKind.HAS_MANY_THROUGH,
        RelationKind.MORPH_MANY,
        RelationKind.MORPH_TO_MANY,
        RelationKind.MORPHED_BY_MANY,
    }
)


@dataclass(frozen=True, slots=True)
class Pivot:
    """The table between two models.

    Attributes:
        table: its name; the table itself is in `Catalog.pivots` unless `model` says it belongs to a model.
        local: its columns that hold the relation's `local` key.
        remote: its columns that hold the target's `remote` key.
        fields: further columns, by name; those of `created_at` and `updated_at` are among them. Empty with a `model`,
            whose fields they are.
        model: the model of that table, or None.
        created_at: the column that is set when a row is attached, or None.
        updated_at: the column that is set at every write of a row, or None.
    """

    table: str
    local: tuple[str, ...]
    remote: tuple[str, ...]
    fields: tuple[str, ...] = ()
    model: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """Which of several related rows a to-one relation leads to.

    Attributes:
        column: column of the target's table that decides; rows where it is NULL come last, and between equals the
            target's primary key decides, the same way.
        greatest: whether the row with the greatest value is taken, or the one with the least.
    """

    column: str
    greatest: bool


class Integrity(enum.StrEnum):
    """What keeps the rows of a polymorphic relation from pointing to nothing, by its name in a schema."""

    NONE = "none"
    TRIGGERS = "triggers"
    ARC = "arc"


@dataclass(frozen=True, slots=True)
class MorphMember:
    """A model that a `morph_to` may lead to, under its alias; with an arc, `column` is the one that holds its key."""

    alias: str
    model: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Morph:
    """The polymorphic part of a relation.

    The table that points has one of two layouts: a column with the alias and one with the key, or, with an arc
    (`integrity` says so), a nullable foreign key for each member, one of which is set. The columns are on this table
    (morph_to), on the target's (morph_one, morph_many) or on the pivot (morph_to_many, morphed_by_many). What the layouts
    differ in is answered here.

    Attributes:
        name: what both sides call it: `commentable`.
        type_column: column with the alias; None for an arc.
        id_column: column with the member's key; with an arc that of the member that `alias` names, None for morph_to.
        alias: the alias that this relation selects; None for morph_to.
        members: all members in the order of the schema; morph_to only.
        integrity: what the database does about rows that point to nothing.
        on_delete: what happens to a row when the one that it points to goes, where the database keeps the integrity.
        others: with an arc, the columns of the other members; empty for morph_to.
    """

    name: str
    type_column: str | None
    id_column: str | None
    alias: str | None = None
    members: tuple[MorphMember, ...] = ()
    integrity: Integrity = Integrity.NONE
    on_delete: ReferentialAction = ReferentialAction.NO_ACTION
    others: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table that points: of the members in their order, or this side's first."""
        if self.type_column is not None and self.id_column is not None:
            return self.type_column, self.id_column
        if self.id_column is not None:
            return self.id_column, *self.others
        return tuple(map(self.key_column, self.members))

    @property
    def constants(self) -> tuple[tuple[str, str], ...]:
        """What rows that point to this side have beside the key: (column, alias). Nothing with an arc."""
        return () if self.type_column is None or self.alias is None else ((self.type_column, self.alias),)

    @property
    def filled(self) -> dict[str, str | None]:
        """What is written beside the key into rows that are to point to this side, by column."""
        return {**dict(self.constants), **dict.fromkeys(self.others)}

    def member(self, model: str) -> MorphMember | None:
        """The member that a model is, or None."""
        return next((member for member in self.members if member.model == model), None)

    def seen_from(self, member: MorphMember) -> Morph:
        """The same as the relations of a member have it."""
        own = self.key_column(member)
        others = tuple(column for column in self.columns if column not in (own, self.type_column))
        return replace(self, id_column=own, alias=member.alias, members=(), others=others)

    def key_column(self, member: MorphMember) -> str:
        """The column that holds a member's key."""
        found = self.id_column if member.column is None else member.column
        assert found is not None  # one of the two is there
        return found

    def conditions(self, member: MorphMember) -> tuple[tuple[str, str], ...]:
        """What a row that points to a member has beside the key: (column, alias). Nothing with an arc."""
        return () if self.type_column is None else ((self.type_column, member.alias),)

    def pointed(self, values: Mapping[str, object]) -> tuple[str | None, object]:
        """Where a row points to, by what it has in the columns: the alias and the key, or None for both.

        An alias of the database's may be one that no member has.
        """
        if self.type_column is not None and self.id_column is not None:
            alias, key = values.get(self.type_column), values.get(self.id_column)
            return (None, None) if alias is None or key is None else (str(alias), key)
        for member in self.members:
            key = values.get(self.key_column(member))
            if key is not None:
                return member.alias, key
        return None, None

    def pointing(self, model: str | None, key: object) -> dict[str, object]:
        """What a row has in its columns that points to a row of a member, or to none.

        Args:
            model: the member's model; None to point to none.
            key: its key.
        """
        if self.type_column is None:
            return {self.key_column(member): key if member.model == model else None for member in self.members}
        member = None if model is None else self.member(model)
        alias, key = (None, None) if member is None else (member.alias, key)
        return {self.type_column: alias, self.key_column(self.members[0]): key}


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of a model: `local` columns of this model's table meet `remote` columns of the target's.

    Attributes:
        name: the attribute.
        kind: which relation it is.
        target: the model it leads to; None for morph_to.
        local: columns of this model's table; its foreign key for belongs_to, else its key; empty for morph_to.
        remote: columns of the target's table: the key for belongs_to and pivots, else the foreign key; empty for
            morph_to and for through relations.
        nullable: whether a to-one relation may be absent: True but for a belongs_to or morph_to over required columns.
        pivot: the table between, for many-to-many kinds.
        morph: the polymorphic part, for morph kinds.
        through: names of the relations to follow, from this model on, for through kinds: `("posts", "comments")`. Two or
            more, none of them a through relation, a morph_to, one of many, or one to another connection.
        inverse: the relation of the target that leads back, or None.
        doc: documentation, or None.
        one_of: which row of several it leads to, for has_one, morph_one and has_one_through; None where there is one.
        default: what an absent to-one relation reads as: names of fields of the target and their values, `()` for an
            object without any; None where it reads as None. For belongs_to, has_one and morph_one.
        touches: whether writes of this model set `updated_at` of what it leads to, for belongs_to and morph_to.
        crosses: whether it leads to another connection: without a foreign key, and never by a join. For morph_to, whether
            any of its members is on another connection.
    """

    name: str
    kind: RelationKind
    target: str | None
    local: tuple[str, ...]
    remote: tuple[str, ...]
    nullable: bool = True
    pivot: Pivot | None = None
    morph: Morph | None = None
    through: tuple[str, ...] = ()
    inverse: str | None = None
    doc: str | None = None
    one_of: OneOf | None = None
    default: tuple[tuple[str, Default], ...] | None = None
    touches: bool = False
    crosses: bool = False

    @property
    def constants(self) -> tuple[tuple[str, str], ...]:
        """What the rows that point to this side, or the pivot's, have beside the key: (column, alias)."""
        return () if self.morph is None else self.morph.constants

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns of this model's table that it goes by: all of a morph_to, else `local`."""
        if self.kind is RelationKind.MORPH_TO and self.morph is not None:
            return self.morph.columns
        return self.local


@dataclass(frozen=True, slots=True)
class ScopeParameter:
    """A parameter of a scope, with the type in the schema's words; `default` None when the caller must give it."""

    name: str
    type: ColumnType
    nullable: bool = False
    default: Default | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A named part of a query: a scope of the model or of a mixin, or a macro.

    Attributes:
        name: the method.
        parameters: those with defaults last.
        where: the condition, or None.
        order_by: (column, descending).
        limit: most rows, or None.
        doc: documentation, or None.
        is_global: whether every query of the model has it; then it is a condition, and all parameters have defaults.
    """

    name: str
    parameters: tuple[ScopeParameter, ...] = ()
    where: Expression | None = None
    order_by: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None
    doc: str | None = None
    is_global: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """A model and its table.

    Attributes:
        name: the Python class.
        table: the table it maps to.
        fields: one per column of the table, in the same order.
        relations: in the schema's order.
        connection: name of its connection.
        doc: documentation, or None.
        scopes: named parts of queries.
        mixins: names of the schema's mixins it takes part in.
        behaviour: `module:Class` whose methods instances inherit, or None.
        query_behaviour: `module:Class` whose methods queries inherit, or None.
        scope_methods: methods of the query behaviour that are global scopes.
        created_at: field set at insert, or None.
        updated_at: field set at every write, or None.
        version: field that counts the writes of a row, so that no writer overwrites another one's, or None.
        morph_alias: what `*_type` columns store for it.
        module: name of its generated module: `user`.
    """

    name: str
    table: Table
    fields: tuple[Field, ...]
    relations: tuple[Relation, ...] = ()
    connection: str = "default"
    doc: str | None = None
    scopes: tuple[Scope, ...] = ()
    mixins: tuple[str, ...] = ()
    behaviour: str | None = None
    query_behaviour: str | None = None
    scope_methods: tuple[str, ...] = ()
    created_at: str | None = None
    updated_at: str | None = None
    version: str | None = None
    morph_alias: str = ""
    module: str = ""

    def field(self, name: str) -> Field:
        """The field of that attribute name.

        Raises:
            KeyError: no field has it.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def field_of(self, column: str) -> Field:
        """The field that maps that column.

        Raises:
            KeyError: no field does.
        """
        for field in self.fields:
            if field.column == column:
                return field
        raise KeyError(column)

    @property
    def computed(self) -> frozenset[str]:
        """Names of the fields that the database or isomorph computes, which the application only reads."""
        columns = {column.name for column in self.table.columns if column.generated is not None}
        names = {field.name for field in self.fields if field.column in columns}
        return frozenset(names if self.version is None else {*names, self.version})

    def slot(self, field: Field) -> str:
        """The slot that holds a field's value: of its own name, but for what may not be set just like that."""
        return f"_value__{field.name}" if field.mutator is not None or field.name in self.computed else field.name

    @property
    def global_scopes(self) -> tuple[str, ...]:
        """Names of the scopes that every query of the model has, those of the schema first."""
        return tuple(scope.name for scope in self.scopes if scope.is_global) + self.scope_methods

    def relation(self, name: str) -> Relation:
        """The relation of that name.

        Raises:
            KeyError: no relation has it.
        """
        for relation in self.relations:
            if relation.name == name:
                return relation
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The whole resolved schema.

    Attributes:
        models: in the schema's order.
        enums: in the schema's order.
        pivots: pivot tables that no model maps, sorted by name, each with the name of its connection.
        objects: what is declared as SQL, each with the name of its connection, in the order in which it is made.
    """

    models: tuple[Model, ...] = ()
    enums: tuple[Enum, ...] = ()
    pivots: tuple[tuple[str, Table], ...] = ()
    objects: tuple[tuple[str, SqlObject], ...] = ()

    def model(self, name: str) -> Model:
        """The model of that name.

        Raises:
            KeyError: no model has it.
        """
        for model in self.models:
            if model.name == name:
                return model
        raise KeyError(name)

    def enum(self, name: str) -> Enum:
        """The enum of that name.

        Raises:
            KeyError: no enum has it.
        """
        for item in self.enums:
            if item.name == name:
                return item
        raise KeyError(name)

    def tables(self, connection: str = "default") -> tuple[Table, ...]:
        """All tables of a connection: those of models in the schema's order, then pivots by name."""
        return tuple(model.table for model in self.models if model.connection == connection) + tuple(
            table for name, table in self.pivots if name == connection
        )
