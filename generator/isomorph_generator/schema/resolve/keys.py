"""Resolves primary keys and the columns that relations add: foreign keys of belongs_to, type and id of morph_to.

A key may consist of foreign keys, and a foreign key has the type of a key; so both are found on demand, each once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from isomorph.catalog import INTEGERS, TEXTS, ColumnType, Integrity, Kind, RelationKind
from isomorph_generator.schema.errors import (
    CircularKey,
    ConflictingKeys,
    CrossConnection,
    ForeignKeyMismatch,
    InvalidKey,
    InvalidMorphAlias,
    InvalidType,
    KeyCountMismatch,
    NameClash,
    Position,
    ReferencesNotUnique,
    RepeatedName,
    RequiredForeignKey,
    SchemaError,
    UnknownFieldName,
)
from isomorph_generator.schema.resolve.drafts import FieldDraft, Key, ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.resolve.integrity import integrity_of
from isomorph_generator.schema.resolve.morph_columns import morph_columns, morph_over
from isomorph_generator.schema.resolve.names import check_attribute
from isomorph_generator.schema.spec import BelongsToSpec, MorphToSpec

__all__ = ["cross_connection", "resolve_keys"]

_NO_KEYS: Final = frozenset({Kind.JSON, Kind.ARRAY, Kind.SET, Kind.TSVECTOR, Kind.ENCRYPTED})


def resolve_keys(resolution: Resolution, members: Mapping[tuple[str, str], Sequence[ModelDraft]]) -> None:
    """Find the key of every model, and the fields that every belongs_to and morph_to adds.

    Args:
        resolution: its drafts are filled.
        members: the members of each morph_to, by model and name.
    """
    keys = _Keys(resolution, members)
    for model in resolution.models.values():
        model.key = keys.of_model(model)
        for relation in model.of_kind(RelationKind.BELONGS_TO, RelationKind.MORPH_TO):
            keys.of_relation(relation)
    for model in resolution.models.values():
        _check_auto_increment(resolution, model)


class _Keys:
    def __init__(self, resolution: Resolution, members: Mapping[tuple[str, str], Sequence[ModelDraft]]) -> None:
        self._resolution = resolution
        self._report = resolution.report
        self._members = members
        self._of_models: dict[str, Key | None] = {}
        self._of_relations: dict[tuple[str, str], Key | None] = {}
        self._chain: list[str] = []
        self._circular = False

    # --- primary keys ----------------------------------------------------------------------------------------------------

    def of_model(self, model: ModelDraft) -> Key | None:
        """The primary key of a model; None when it is wrong, which was told."""
        if model.name in self._of_models:
            return self._of_models[model.name]
        if model.name in self._chain:
            chain = (*self._chain[self._chain.index(model.name) :], model.name)
            self._report.add(CircularKey(*self._report.key(model.path, "primary_key"), chain))
            self._circular = True
            return None
        self._chain.append(model.name)
        key = self._key(model)
        self._chain.pop()
        self._of_models[model.name] = key
        return key

    def _key(self, model: ModelDraft) -> Key | None:
        names = self._key_names(model)
        if names is None:
            return None
        if not names:
            return self._implicit_key(model)
        fields: list[FieldDraft] = []
        for index, name in enumerate(names):
            at = self._report.value((*model.path, "primary_key", index))
            found = self._named(model, name)
            if found is None:
                if not model.is_broken(name) and not self._circular:
                    known = (*model.names, *(relation.name for relation in model.of_kind(RelationKind.BELONGS_TO)))
                    self._report.add(UnknownFieldName(*at, model.name, name, known))
                return None
            if any(self._is_of_arc(model, field) for field in found):
                problem = f'"{name}" is an arc, whose columns may be NULL; those of a key may not'
                hint = "take another key, and name the relation in `uniques`"
                self._report.add(InvalidKey(*at, problem, hint))
                return None
            for field in found:
                if field in fields:
                    self._report.add(RepeatedName(*at, name))
                elif field.nullable:
                    hint = "drop the `?`, or take another key"
                    at = at if model.spec.primary_key else self._report.value((*field.path, "type"))
                    self._report.add(InvalidKey(*at, f'"{field.shown}" may be NULL, a key may not', hint))
                elif field.type is not None and field.type.kind in _NO_KEYS:
                    at = at if model.spec.primary_key else self._report.value((*field.path, "type"))
                    problem = f'"{field.shown}" is {field.type}, by which no row is found'
                    self._report.add(InvalidKey(*at, problem, "take another key"))
                fields.append(field)
        return tuple(fields)

    @staticmethod
    def _is_of_arc(model: ModelDraft, field: FieldDraft) -> bool:
        relation = model.relations.get(field.relation or "")
        morph = None if relation is None else relation.morph
        return morph is not None and morph.integrity is Integrity.ARC

    def _key_names(self, model: ModelDraft) -> list[str] | None:
        """Names of the key's fields; empty for the implicit key, None for a mistake."""
        report = self._report
        marked = [field for field in model.fields.values() if field.spec is not None and field.spec.primary_key]
        if resolution_says := model.spec.primary_key:
            for field in marked:
                hint = "keep the one of the model"
                at = report.key((*field.path, "primary_key"))
                report.add(ConflictingKeys(*at, f"models.{model.name}.primary_key", "primary_key", hint))
            return resolution_says
        if len(marked) > 1:
            names = ", ".join(f'"{field.name}"' for field in marked)
            at = report.key((*marked[1].path, "primary_key"))
            report.add(
                InvalidKey(*at, "a second field is marked as the key", f"say primary_key = [{names}] on the model")
            )
            return None
        return [field.name for field in marked]

    def _implicit_key(self, model: ModelDraft) -> Key | None:
        taken = model.fields.get("id") or model.relations.get("id")
        if taken is not None:
            at = self._report.key(taken.path)
            self._report.add(InvalidKey(*at, '"id" is not marked as the key', "add primary_key = true"))
            return None
        if self._resolution.is_removed(*model.path, "fields", "id"):
            return None
        field = FieldDraft("id", "id", ColumnType(Kind.BIGINT), model.path, auto_increment=True)
        model.fields = {"id": field, **model.fields}
        return (field,)

    def _named(self, model: ModelDraft, name: str) -> Key | None:
        """The field of that name, or the columns of the relation of that name."""
        if (field := model.find(name)) is not None:
            return (field,)
        relation = model.relations.get(name)
        if relation is not None and relation.kind in (RelationKind.BELONGS_TO, RelationKind.MORPH_TO):
            return self.of_relation(relation)
        for relation in model.of_kind(RelationKind.BELONGS_TO, RelationKind.MORPH_TO):
            spec = relation.spec
            explicit = spec.foreign_key if isinstance(spec, BelongsToSpec) else None
            if (name in explicit) if explicit is not None else name.startswith(f"{relation.name}_"):
                self.of_relation(relation)
                if (field := model.find(name)) is not None:
                    return (field,)
        return None

    # --- columns of relations ------------------------------------------------------------------------------------------

    def of_relation(self, relation: RelationDraft) -> Key | None:
        """The fields that a belongs_to or morph_to stores; None when it is wrong, which was told."""
        name = (relation.model.name, relation.name)
        if name not in self._of_relations:
            if isinstance(relation.spec, BelongsToSpec):
                fields = self._belongs_to(relation, relation.spec)
            else:
                assert isinstance(relation.spec, MorphToSpec)
                fields = self._morph_to(relation, relation.spec)
            self._of_relations[name] = fields
            relation.ready = fields is not None
            if fields is None:
                relation.model.broken.add(relation.name)
        return self._of_relations[name]

    def _belongs_to(self, relation: RelationDraft, spec: BelongsToSpec) -> Key | None:
        target = relation.target
        if target is None:
            return None
        relation.crosses = target.connection != relation.model.connection
        for rule, action in (("on_delete", spec.on_delete), ("on_update", spec.on_update)):
            if relation.crosses and action != "no action":
                at = self._report.value(relation.path, rule)
                problem = f'no foreign key between them could carry out {rule} = "{action}"'
                self._report.add(cross_connection(at, relation.model, target, problem, f"drop `{rule}`"))
        references = self._references(relation, spec, target)
        if references is None:
            return None
        names = spec.foreign_key or self._foreign_key_names(relation, spec, references)
        if len(names) != len(references):
            at = self._report.value(relation.path, "foreign_key")
            key = target.shown_key(references)
            self._report.add(KeyCountMismatch(*at, len(names), key, len(references)))
            return None
        fields = [
            self._foreign_key_field(relation, name, reference)
            for name, reference in zip(names, references, strict=True)
        ]
        if any(field is None for field in fields):
            return None
        relation.fields = tuple(field for field in fields if field is not None)
        relation.references = references
        relation.local = tuple(field.column for field in relation.fields)
        relation.remote = tuple(field.column for field in references)
        self._check_nullability(relation, spec)
        return relation.fields

    def _references(self, relation: RelationDraft, spec: BelongsToSpec, target: ModelDraft) -> Key | None:
        if spec.references is None:
            return self.of_model(target)
        self.of_model(target)
        found: list[FieldDraft] = []
        for index, name in enumerate(spec.references):
            fields = self._named(target, name)
            if fields is None:
                if not target.is_broken(name):
                    at = self._report.value(relation.path, "references", index)
                    self._report.add(UnknownFieldName(*at, target.name, name, target.names))
                return None
            found += fields
        if not self._is_unique(target, found):
            at = self._report.value(relation.path, "references")
            self._report.add(ReferencesNotUnique(*at, target.shown_key(found)))
            return None
        return tuple(found)

    def _is_unique(self, target: ModelDraft, fields: list[FieldDraft]) -> bool:
        names = {field.name for field in fields}
        key = self._of_models.get(target.name) or ()
        if names == {field.name for field in key}:
            return True
        if len(fields) == 1 and (spec := fields[0].spec) is not None and spec.unique:
            return True
        lists = [unique.fields for unique in target.spec.uniques]
        lists += [index.fields or [] for index in target.spec.indexes if index.unique and index.where is None]
        if any(names == {name.removeprefix("-") for name in unique} for unique in lists):
            return True
        return any(
            names == {field.name for field in relation.fields}
            for relation in target.of_kind(RelationKind.BELONGS_TO)
            if isinstance(relation.spec, BelongsToSpec) and relation.spec.unique
        )

    def _foreign_key_names(self, relation: RelationDraft, spec: BelongsToSpec, references: Key) -> list[str]:
        if len(references) == 1 and spec.references is None:
            return [f"{relation.name}_id"]
        return [f"{relation.name}_{reference.shown}" for reference in references]

    def _foreign_key_field(self, relation: RelationDraft, name: str, reference: FieldDraft) -> FieldDraft | None:
        model, target = relation.model, relation.target
        assert target is not None
        declared = model.find(name)
        if declared is not None:
            if None not in (declared.type, reference.type) and declared.type != reference.type:
                at = self._report.key(declared.path)
                key = f"{target.name}.{reference.shown}"
                self._report.add(ForeignKeyMismatch(*at, name, str(declared.type), key, str(reference.type)))
                return None
            declared.relation = declared.relation or relation.name
            return declared
        if model.is_broken(name) and name in model.broken:
            return None
        at = self._report.value(relation.path, "foreign_key")
        if name in model.relations:
            first = self._report.sources.key(model.relations[name].path)
            self._report.add(NameClash(*at, "field", name, "a relation", first, "name it with `foreign_key`"))
            return None
        if not check_attribute("field", name, at, self._report, "model"):
            return None
        field = FieldDraft(name, name, reference.type, relation.path, relation.nullable, relation=relation.name)
        model.added[name] = field
        return field

    def _check_nullability(self, relation: RelationDraft, spec: BelongsToSpec) -> None:
        report = self._report
        required = [field for field in relation.fields if not field.nullable]
        at = report.value(relation.path, "belongs_to")
        if relation.nullable and len(required) == len(relation.fields):
            name = required[0].shown
            report.add(RequiredForeignKey(*at, f'"{name}" may not be NULL', f"make {name} nullable, or drop the `?`"))
        elif not relation.nullable and not required and relation.fields:
            name = relation.fields[0].shown
            hint = f'write belongs_to = "{relation.target.name if relation.target else ""}?", or make {name} required'
            report.add(RequiredForeignKey(*at, f'"{name}" may be NULL', hint))
        else:
            for rule, action in (("on_delete", spec.on_delete), ("on_update", spec.on_update)):
                if action == "set null" and required:
                    at = report.value(relation.path, rule)
                    problem = f'"{required[0].shown}" may not be NULL'
                    hint = f'write belongs_to = "{relation.target.name if relation.target else ""}?", or another {rule}'
                    report.add(RequiredForeignKey(*at, problem, hint))

    # --- morph_to --------------------------------------------------------------------------------------------------------

    def _morph_to(self, relation: RelationDraft, spec: MorphToSpec) -> Key | None:
        model = relation.model
        members = self._members[model.name, relation.name]
        relation.nullable = spec.nullable
        relation.crosses = any(member.connection != model.connection for member in members)
        keys = [self.of_model(member) for member in members]
        integrity, on_delete = integrity_of(self._resolution, relation, members)
        type_column = self._type_column(relation, spec, members, integrity)
        if type_column is None:
            return None
        columns = morph_columns(self._resolution, relation, members, keys, integrity, type_column=type_column)
        if columns is None:
            return None
        fields: list[FieldDraft] = []
        for column, column_type in columns.items():
            if column in model.fields or column in model.relations:
                other = model.fields.get(column) or model.relations[column]
                first = self._report.sources.key(other.path)
                at = self._report.key(relation.path)
                hint = "morph_to adds this column itself: remove or rename the other"
                self._report.add(NameClash(*at, "column", column, "declared", first, hint))
                return None
            nullable = spec.nullable or integrity is Integrity.ARC
            fields.append(
                FieldDraft(f"_{column}", column, column_type, relation.path, nullable, relation=relation.name)
            )
        model.added.update((field.name, field) for field in fields)
        relation.fields = tuple(fields)
        relation.morph = morph_over(relation.name, tuple(columns), members, integrity, on_delete)
        return relation.fields

    def _type_column(
        self, relation: RelationDraft, spec: MorphToSpec, members: Sequence[ModelDraft], integrity: Integrity
    ) -> ColumnType | None:
        """The type of the column with the alias; None when it cannot hold one, which was told."""
        at = self._report.value(relation.path, "type")
        if integrity is Integrity.ARC and "type" in spec.model_fields_set:
            self._report.add(ConflictingKeys(*at, "integrity", "type", "drop `type`: an arc has no such column"))
            return None
        found = self._resolution.types.parsed(spec.type, at)
        if isinstance(found, SchemaError):
            self._report.add(found)
            return None
        if found.nullable or found.type.kind not in TEXTS:
            hint = "say nullable = true of the relation" if found.nullable else "string(n)"
            self._report.add(InvalidType(*at, spec.type, "a type column holds a text", hint))
            return None
        for member in members:
            if found.type.length is not None and len(member.alias) > found.type.length:
                problem = f"is longer than {found.type}, the type column of {relation.model.name}.{relation.name}"
                self._report.add(InvalidMorphAlias(*at, member.alias, problem, "take a longer type"))
                return None
        return found.type


def cross_connection(
    at: tuple[Position, str], model: ModelDraft, other: ModelDraft, problem: str, hint: str
) -> CrossConnection:
    """What is wrong when two models on different connections would have to be in one database."""
    return CrossConnection(*at, model.name, model.connection, other.name, other.connection, problem, hint)


def _check_auto_increment(resolution: Resolution, model: ModelDraft) -> None:
    """Number new rows of a single integer key; refuse to number anything else."""
    for field in model.fields.values():
        spec = field.spec
        if spec is None:
            continue
        alone = model.key is not None and len(model.key) == 1 and model.key[0] is field
        integer = field.type is not None and field.type.kind in INTEGERS
        given = field.default is not None or field.default_sql is not None
        if spec.auto_increment and model.key is not None and field.type is not None:
            at = resolution.report.key((*field.path, "auto_increment"))
            if not (alone and integer):
                problem = "auto_increment is for a single integer key"
                resolution.report.add(InvalidKey(*at, problem, "remove it, or make the field the only key"))
            elif given:
                resolution.report.add(ConflictingKeys(*at, "default", "auto_increment", "a new row gets one value"))
        wanted = spec.auto_increment is not False and not given and field.relation is None
        field.auto_increment = alone and integer and (bool(spec.auto_increment) or wanted)
        if field.auto_increment:
            _check_numbered(resolution, field)


_NUMBER_NO_UNSIGNED_BIGINT: Final = frozenset({"sqlite", "postgresql"})


def _check_numbered(resolution: Resolution, field: FieldDraft) -> None:
    """Refuse to number what stands in for an unsigned bigint where there is none: text, numeric."""
    if field.type is None or field.type.kind is not Kind.UNSIGNED_BIGINT:
        return
    for dialect in resolution.dialects:
        if dialect in _NUMBER_NO_UNSIGNED_BIGINT:
            at = resolution.report.value((*field.path, "type"))
            problem = f"{dialect} numbers no unsigned bigint"
            resolution.report.add(InvalidKey(*at, problem, "write bigint, whose numbers last as long"))
            return
