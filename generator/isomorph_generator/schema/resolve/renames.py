"""Resolves `was`: what tables, columns, enums and constraints were called, and what cannot have been.

Runs when everything has its name of today. What follows from a name follows from the former name, too: the table of a
model, the columns of a relation, a pivot table and its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from isomorph.catalog import RelationKind
from isomorph_generator.schema.errors import InvalidWas
from isomorph_generator.schema.naming import plural, singular, snake
from isomorph_generator.schema.renames import Former, RenameKind, Renames
from isomorph_generator.schema.resolve.drafts import (
    FieldDraft,
    ModelDraft,
    PivotDraft,
    RelationDraft,
    Resolution,
    timestamp_names,
)
from isomorph_generator.schema.resolve.morph_members import morph_ends
from isomorph_generator.schema.resolve.pivots import key_columns
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.sources import dotted
from isomorph_generator.schema.spec import (
    BelongsToSpec,
    MorphedByManySpec,
    MorphToManySpec,
    MorphToSpec,
    PivotSpec,
    TimestampsSpec,
)

__all__ = ["resolved_renames"]

_MORPH_PIVOTS = (RelationKind.MORPH_TO_MANY, RelationKind.MORPHED_BY_MANY)

Said = str | Literal[False] | None
"""The value of a `was`; None where there is none."""


def resolved_renames(resolution: Resolution) -> Mapping[str, Renames]:
    """What everything was called, by connection; mistakes go to the report."""
    return _Resolver(resolution).resolved()


@dataclass(frozen=True, slots=True)
class _Claim:
    """A `was` among others of its kind.

    Attributes:
        said: its value.
        path: of what has it.
        own: names of today of what has it.
    """

    said: Said
    path: Path
    own: tuple[str, ...]


class _Resolver:
    def __init__(self, resolution: Resolution) -> None:
        self._resolution = resolution
        self._report = resolution.report
        self._found: dict[str, dict[tuple[RenameKind, str, str], Former]] = {}
        connections = [model.connection for model in resolution.models.values()]
        self._connections = tuple(dict.fromkeys((*resolution.spec.connections, "default", *connections)))

    def resolved(self) -> Mapping[str, Renames]:
        self._enums()
        self._models()
        for model in self._resolution.models.values():
            self._columns(model)
        over: dict[str, list[RelationDraft]] = {}
        for relation in self._resolution.relations(RelationKind.BELONGS_TO_MANY, *_MORPH_PIVOTS):
            if relation.pivot is not None and relation.pivot.model is None:
                over.setdefault(relation.pivot.table, []).append(relation)
        for pivot in self._resolution.pivots.values():
            self._pivot(pivot, over.get(pivot.table.name, ()))
        for connection, owner, name, path, was in self._resolution.parts:
            self._note(connection, "part", owner, name, path, was, _said_names(was))
        return {name: Renames(self._found.get(name, {})) for name in self._connections}

    def _note(
        self, connection: str, kind: RenameKind, owner: str, name: str, path: Path, said: Said, names: Iterable[str]
    ) -> None:
        former = tuple(other for other in dict.fromkeys(names) if other != name)
        found = self._found.setdefault(connection, {})
        found[kind, owner, name] = Former(self._line(path), former, is_new=said is False)

    def _line(self, path: Path) -> str:
        """The `was` of what stands at `path`, as TOML names it from the top of a file."""
        sources = self._report.sources
        was = _was_of(path)
        return sources.shown(was) if sources.known(path) != path[:2] or len(path) == 2 else dotted(was)

    # --- judging -----------------------------------------------------------------------------------------------------

    def _check(self, claims: Sequence[_Claim], taken: Mapping[str, Path]) -> None:
        """Tell what cannot be: an own name, one that is still there, one that two claim."""
        first: dict[str, _Claim] = {}
        for claim in claims:
            if not isinstance(claim.said, str):
                continue
            at = self._report.value(_was_of(claim.path))
            if claim.said in claim.own:
                problem, hint = "is its own name", "remove `was`; it names what was, before it was renamed"
            elif claim.said in taken:
                where = self._report.sources.key(taken[claim.said])
                problem = f"is still there, at {where}, so it did not become another one"
                hint = "remove `was`, or what it names"
            elif claim.said in first:
                where = self._report.sources.key(first[claim.said].path)
                problem = f"has become something else already, at {where}"
                hint = "keep one of the two `was`"
            else:
                first[claim.said] = claim
                continue
            self._report.add(InvalidWas(*at, claim.said, problem, hint))

    # --- enums and models ----------------------------------------------------------------------------------------------

    def _enums(self) -> None:
        specs = self._resolution.spec.enums
        claims = [_Claim(spec.was, ("enums", name), (name,)) for name, spec in specs.items()]
        self._check(claims, {name: ("enums", name) for name in specs})
        for name, spec in specs.items():
            values = [(value, ("enums", name, "values", index)) for index, value in enumerate(spec.values)]
            self._check(
                [_Claim(value.was, path, (value.name,)) for value, path in values],
                {value.name: path for value, path in values},
            )
            for connection in self._connections:
                self._note(connection, "enum", "", name, ("enums", name), spec.was, _said_names(spec.was))
                for value, path in values:
                    self._note(connection, "value", name, value.name, path, value.was, _said_names(value.was))

    def _models(self) -> None:
        models = self._resolution.models.values()
        taken: dict[str, Path] = {}
        for model in models:
            taken.setdefault(model.name, model.path)
            taken.setdefault(model.table, model.path)
        claims: list[_Claim] = []
        for model in models:
            # With a table of its own name, the one that follows from the model's name may be the former.
            own = (model.name, model.table) if model.spec.table is None else (model.table,)
            claims.append(_Claim(model.spec.was, model.path, own))
        self._check([claim for claim in claims if claim.said != claim.path[1]], taken)
        self._check([claim for claim in claims if claim.said == claim.path[1]], {})
        for model in models:
            said = model.spec.was
            names = (said, plural(snake(said))) if isinstance(said, str) else ()
            self._note(model.connection, "table", "", model.table, model.path, said, names)

    # --- columns -------------------------------------------------------------------------------------------------------

    def _columns(self, model: ModelDraft) -> None:
        fields = [*model.fields.values(), *model.added.values()]
        taken: dict[str, Path] = {}
        for field in fields:
            taken.setdefault(field.shown, field.path)
            taken.setdefault(field.column, field.path)
        for relation in model.relations.values():
            taken.setdefault(relation.name, relation.path)
        claims = [_Claim(*self._said(model, field), (field.column,)) for field in fields]
        claims = [
            claim for claim in claims if claim.path not in {relation.path for relation in model.relations.values()}
        ]
        for relation in model.relations.values():
            if isinstance(relation.spec, BelongsToSpec | MorphToSpec):
                claims.append(_Claim(relation.spec.was, relation.path, (relation.name,)))
        # A field whose column got a name of its own had its own name.
        own = {claim.path: claim for claim in claims if claim.said == claim.path[-1] and claim.said not in claim.own}
        self._check([claim for claim in claims if claim.path not in own], taken)
        self._check(list(own.values()), {})
        for field in fields:
            said, path = self._said(model, field)
            names = self._former_columns(model, field, said)
            self._note(model.connection, "column", model.table, field.column, path, said, names)

    def _said(self, model: ModelDraft, field: FieldDraft) -> tuple[Said, Path]:
        """What the schema says that a field was, and what of it says so."""
        if field.spec is not None:
            return field.spec.was, field.path
        relation = model.relations.get(field.relation or "")
        if relation is not None and isinstance(relation.spec, BelongsToSpec | MorphToSpec):
            return relation.spec.was, relation.path
        if field.path == (*model.path, "timestamps"):
            key = "created_at" if field.name in (model.timestamps or ())[:1] else "updated_at"
            return _said_of_timestamp(model.spec.timestamps, key), (*field.path, key)
        return None, (*model.path, "fields", field.name)  # it can be declared, to say more of it

    def _former_columns(self, model: ModelDraft, field: FieldDraft, said: Said) -> Iterator[str]:
        relation = model.relations.get(field.relation or "")
        if field.spec is not None or relation is None or field not in relation.fields:
            yield from _said_names(said)
            return
        stem = said if isinstance(said, str) else relation.name
        if isinstance(relation.spec, MorphToSpec):
            place, morph = relation.fields.index(field), relation.morph
            if morph is not None and morph.type_column is None:
                member = self._resolution.models[morph.members[place].model]
                yield f"{stem}_{snake(_former_name(member))}_id"
            else:
                yield f"{stem}_{('type', 'id')[place]}"
            return
        if isinstance(said, str) and len(relation.fields) == 1:
            yield f"{stem}_id"
            yield said
        reference = relation.references[relation.fields.index(field)]
        yield f"{stem}_{_former_shown(reference)}"

    # --- pivot tables ----------------------------------------------------------------------------------------------------

    def _pivot(self, pivot: PivotDraft, relations: Sequence[RelationDraft]) -> None:
        said: Said = None
        at = pivot.owner.path
        for relation in relations:
            assert isinstance(relation.spec, PivotSpec)
            if relation.spec.was is not None:
                said, at = relation.spec.was, relation.path
                self._check([_Claim(said, at, (relation.name, pivot.table.name))], self._tables_and_relations(relation))
        connection, table = pivot.connection, pivot.table.name
        self._note(connection, "table", "", table, at, said, _former_pivots(pivot.owner, said))
        formers: dict[str, list[str]] = {}
        for relation in relations:
            for name, former in _former_pivot_columns(relation):
                formers.setdefault(name, []).append(former)
        paths = self._pivot_fields(relations)
        for column in pivot.table.columns:
            path, own = paths.get(column.name, (at, said))
            names = formers[column.name] if column.name in formers else _said_names(own)
            self._note(connection, "column", table, column.name, path, own, names)

    def _tables_and_relations(self, relation: RelationDraft) -> dict[str, Path]:
        taken = {model.table: model.path for model in self._resolution.models.values()}
        others = {name: other.path for name, other in relation.model.relations.items() if other is not relation}
        return {**taken, **{pivot.table.name: pivot.owner.path for pivot in self._resolution.pivots.values()}, **others}

    def _pivot_fields(self, relations: Sequence[RelationDraft]) -> dict[str, tuple[Path, Said]]:
        """The further fields of a pivot: by name, what has the `was`, and its value."""
        found: dict[str, tuple[Path, Said]] = {}
        for relation in relations:
            assert isinstance(relation.spec, PivotSpec)
            fields = relation.spec.pivot or {}
            claims = [_Claim(spec.was, (*relation.path, "pivot", name), (name,)) for name, spec in fields.items()]
            self._check(claims, {name: (*relation.path, "pivot", name) for name in fields})
            for name, spec in fields.items():
                found.setdefault(name, ((*relation.path, "pivot", name), spec.was))
            timestamps = relation.spec.timestamps
            for key, name in zip(("created_at", "updated_at"), timestamp_names(timestamps) or (), strict=False):
                path = (*relation.path, "timestamps", key)
                found.setdefault(name, (path, _said_of_timestamp(timestamps, key)))
        return found


def _said_of_timestamp(timestamps: bool | TimestampsSpec | None, key: str) -> Said:
    was = timestamps.was if isinstance(timestamps, TimestampsSpec) else None
    if was is None:
        return None
    return was.created_at if key == "created_at" else was.updated_at


def _was_of(path: Path) -> Path:
    """The path of what says what the thing at `path` was; the two timestamps share a table for it."""
    return (*path[:-1], "was", path[-1]) if path[-2:-1] == ("timestamps",) else (*path, "was")


def _said_names(said: Said) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else ()


def _former_shown(field: FieldDraft) -> str:
    said = None if field.spec is None else field.spec.was
    return said if isinstance(said, str) else field.shown


def _former_name(model: ModelDraft) -> str:
    """What a model was called, as far as the names of pivots and their columns follow from it."""
    said = model.spec.was
    return said if isinstance(said, str) else model.name


def _former_pivots(relation: RelationDraft, said: Said) -> Iterator[str]:
    """What a pivot table may have been called."""
    assert relation.target is not None
    assert isinstance(relation.spec, PivotSpec)
    spec = relation.spec
    if isinstance(said, str):
        yield said
        if relation.kind in _MORPH_PIVOTS:
            yield plural(said)
    if isinstance(spec, MorphToManySpec | MorphedByManySpec):
        yield plural(spec.name)
    else:
        yield "_".join(sorted(snake(_former_name(model)) for model in (relation.model, relation.target)))


def _former_pivot_columns(relation: RelationDraft) -> Iterator[tuple[str, str]]:
    """Columns of a pivot, and what each may have been called, as told from one of the relations over it."""
    pivot, model, target = relation.pivot, relation.model, relation.target
    assert pivot is not None
    assert target is not None
    assert isinstance(relation.spec, PivotSpec)
    said = relation.spec.was
    if relation.kind in _MORPH_PIVOTS:
        fixed, member = morph_ends(relation)
        names = pivot.remote if relation.kind is RelationKind.MORPH_TO_MANY else pivot.local
        yield from _pairs(names, snake(_former_name(fixed)), fixed)
        morph = relation.morph
        stems = (said, singular(said)) if isinstance(said, str) else ()
        if morph is not None and morph.id_column is not None:
            if morph.type_column is None:
                of_member = snake(_former_name(member))
                yield from ((morph.id_column, f"{name}_{of_member}_id") for name in stems or (morph.name,))
            else:
                yield from ((morph.type_column, f"{name}_type") for name in stems)
                yield from ((morph.id_column, f"{name}_id") for name in stems)
        return
    yield from _pairs(pivot.local, snake(_former_name(model)), model)
    stem = snake(_former_name(target))
    if target is model:
        stem = singular(said if isinstance(said, str) else relation.name)
    yield from _pairs(pivot.remote, stem, target)


def _pairs(names: Sequence[str], stem: str, model: ModelDraft) -> Iterator[tuple[str, str]]:
    key = model.key or ()
    if len(key) == 1:
        yield from zip(names, key_columns(stem, key), strict=False)
    else:
        yield from ((name, f"{stem}_{_former_shown(field)}") for name, field in zip(names, key, strict=False))
