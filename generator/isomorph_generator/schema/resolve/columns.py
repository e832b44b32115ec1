"""Resolves declared columns: type, nullability, default, bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from isomorph.catalog import (
    INTEGERS,
    NUMBERS,
    TEXTS,
    UNSIGNED,
    CodeDefault,
    ColumnType,
    Default,
    Kind,
    SqlDefault,
    SqlText,
)
from isomorph_generator.schema.errors import (
    ConflictingKeys,
    InvalidType,
    MissingSql,
    ModifierNotForType,
    OutOfBounds,
    SchemaError,
    WrongType,
)
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.resolve.casts import check_keys, with_cast
from isomorph_generator.schema.resolve.drafts import FieldDraft, Resolution
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.shape import described
from isomorph_generator.schema.spec import FieldSpec, PivotFieldSpec, SqlSpec
from isomorph_generator.schema.values import checked_default

__all__ = ["Declared", "declared_column", "declared_field", "is_within", "sql_text"]

_SQL_DEFAULTS = {
    "now": (frozenset({Kind.DATETIME, Kind.TIMESTAMPTZ}), "datetime and timestamptz"),
    "current_date": (frozenset({Kind.DATE}), "date"),
    "current_time": (frozenset({Kind.TIME}), "time"),
}


@dataclass(frozen=True, slots=True)
class Declared:
    """What a schema says about any column; the type is None when it is wrong, which was told."""

    type: ColumnType | None
    nullable: bool
    default: Default | None
    default_sql: SqlDefault | SqlText | None


def declared_column(resolution: Resolution, spec: PivotFieldSpec, path: Path) -> Declared:
    """Resolve the parts that columns of models and of pivot tables share."""
    report = resolution.report
    parsed = resolution.types.parsed(spec.type, report.value((*path, "type")))
    if isinstance(parsed, SchemaError):
        report.add(parsed)
        return Declared(None, bool(spec.nullable), None, None)
    if parsed.nullable and spec.nullable is False:
        at = report.key((*path, "nullable"))
        report.add(ConflictingKeys(*at, "?", "nullable = false", "drop one of the two"))
    nullable = parsed.nullable or bool(spec.nullable)
    type_ = _unsigned(report, parsed.type, path) if spec.unsigned else parsed.type
    check_keys(resolution, type_, path)
    if isinstance(spec, FieldSpec):
        type_ = with_cast(resolution, spec, type_, path)
    elif type_.kind is Kind.CUSTOM:
        at = report.value((*path, "type"))
        report.add(InvalidType(*at, "custom", "columns of a pivot have no casts", "declare the pivot as a model"))
    default = _default(resolution, spec, type_, path)
    return Declared(type_, nullable, default, _default_sql(resolution, spec, type_, path))


def _unsigned(report: Report, type_: ColumnType, path: Path) -> ColumnType:
    """The type that `unsigned = true` makes of one."""
    if type_.kind not in INTEGERS:
        report.add(ModifierNotForType(*report.key((*path, "unsigned")), "unsigned", str(type_), "whole numbers"))
    return replace(type_, kind=UNSIGNED.get(type_.kind, type_.kind))


def _default(resolution: Resolution, spec: PivotFieldSpec, type_: ColumnType, path: Path) -> Default | None:
    if spec.default is None:
        return None
    default = checked_default(spec.default, type_, resolution.enums, resolution.report.value((*path, "default")))
    if isinstance(default, SchemaError):
        resolution.report.add(default)
        return None
    return default


def _default_sql(
    resolution: Resolution, spec: PivotFieldSpec, type_: ColumnType, path: Path
) -> SqlDefault | SqlText | None:
    if spec.default_sql is None:
        return None
    report = resolution.report
    path = (*path, "default_sql")
    if spec.default is not None:
        report.add(ConflictingKeys(*report.key(path), "default", "default_sql", "a new row gets one value"))
    if isinstance(spec.default_sql, SqlSpec):
        return sql_text(spec.default_sql, path, resolution.dialects, report)
    kinds, named = _SQL_DEFAULTS[spec.default_sql]
    if type_.kind not in kinds:
        report.add(ModifierNotForType(*report.value(path), f'default_sql = "{spec.default_sql}"', str(type_), named))
    return SqlDefault(spec.default_sql)


def _default_code(report: Report, spec: FieldSpec, type_: ColumnType | None, path: Path) -> CodeDefault | None:
    if spec.default_code is None:
        return None
    path = (*path, "default_code")
    for name, other in (("default", spec.default), ("default_sql", spec.default_sql)):
        if other is not None:
            report.add(ConflictingKeys(*report.key(path), name, "default_code", "a new row gets one value"))
    if type_ is not None and type_.kind is not Kind.UUID:
        modifier = f'default_code = "{spec.default_code}"'
        report.add(ModifierNotForType(*report.value(path), modifier, str(type_), "uuid"))
    return CodeDefault(spec.default_code)


def sql_text(spec: SqlSpec, path: Path, dialects: tuple[str, ...], report: Report) -> SqlText:
    """SQL by hand; a mistake when one of the dialects that need it is missing."""
    for dialect in dialects:
        if dialect not in spec.sql:
            report.add(MissingSql(*report.key((*path, "sql")), dialect))
    return SqlText({str(dialect): text for dialect, text in spec.sql.items()})


def declared_field(resolution: Resolution, name: str, spec: FieldSpec, path: Path) -> FieldDraft:
    """Resolve a field as declared; its key and its constraints come later."""
    declared = declared_column(resolution, spec, path)
    if declared.type is not None:
        _check_bounds(resolution.report, spec, declared.type, declared.default, path)
    return FieldDraft(
        name=name,
        column=spec.column or name,
        type=declared.type,
        path=path,
        nullable=declared.nullable,
        spec=spec,
        default=declared.default,
        default_sql=declared.default_sql,
        default_code=_default_code(resolution.report, spec, declared.type, path),
    )


def _check_bounds(report: Report, spec: FieldSpec, type_: ColumnType, default: Default | None, path: Path) -> None:
    for modifier, bound in (("min", spec.min), ("max", spec.max)):
        if bound is None:
            continue
        at = report.value((*path, modifier))
        if type_.kind not in NUMBERS | TEXTS:
            report.add(ModifierNotForType(*at, modifier, str(type_), "numbers and texts"))
            return
        whole = type_.kind in INTEGERS or type_.kind in TEXTS
        if whole and not isinstance(bound, int):
            report.add(WrongType(*at, "a whole number", described(bound)))
            return
        if type_.kind in TEXTS and bound < 0:
            report.add(OutOfBounds(*at, "a length of at least 0"))
            return
    if spec.min is not None and spec.max is not None and spec.min > spec.max:
        report.add(OutOfBounds(*report.value((*path, "max")), "at least `min`"))
    elif default is not None and not is_within(default, spec):
        report.add(OutOfBounds(*report.value((*path, "default")), "between `min` and `max`"))


def is_within(default: Default, spec: FieldSpec) -> bool:
    """Whether a constant keeps to `min` and `max` of a field."""
    size = len(default.value) if isinstance(default.value, str) else default.value
    if not isinstance(size, int | float | Decimal):
        return True
    return not (spec.min is not None and size < spec.min) and not (spec.max is not None and size > spec.max)
