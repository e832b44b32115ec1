"""Resolves what stands between a column and its attribute: casts, custom column types, encryption.

Owns the form of what a schema says; whether the classes exist, and are what they should be, is seen when code is
generated.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import replace
from typing import Final

from isomorph.catalog import Cast, ColumnType, Kind
from isomorph_generator.schema.errors import InvalidCast, InvalidName, InvalidType, MissingSql, ModifierNotForType
from isomorph_generator.schema.resolve.drafts import Resolution
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import FieldSpec

__all__ = ["BUILTIN_TYPES", "check_keys", "with_cast"]

BUILTIN_TYPES: Final = frozenset({"bool", "bytes", "float", "int", "str"})
"""Types of attributes that a schema names without a module."""

_NOT_CAST: Final = frozenset({Kind.ENCRYPTED, Kind.TSVECTOR})
_STRICT_TYPES: Final = ("INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY")
"""What columns of a STRICT table may be (https://sqlite.org/stricttables.html)."""


def check_keys(resolution: Resolution, type_: ColumnType, path: Path) -> None:
    """Tell of an encrypted column in a project without keys."""
    told = resolution.is_removed("project", "encryption_keys")
    if type_.kind is Kind.ENCRYPTED and not resolution.spec.project.encryption_keys and not told:
        at = resolution.report.value((*path, "type"))
        hint = 'add encryption_keys = [{ env = "APP_KEY" }] to [project]'
        resolution.report.add(InvalidType(*at, str(type_), "the project has no keys", hint))


def with_cast(resolution: Resolution, spec: FieldSpec, type_: ColumnType, path: Path) -> ColumnType:
    """The type with its cast and, for a custom one, the column types that the schema gives it."""
    report = resolution.report
    if type_.kind is Kind.CUSTOM:
        type_ = _spelled(resolution, spec, type_, path)
    elif spec.column_type is not None:
        at = report.key((*path, "column_type"))
        report.add(ModifierNotForType(*at, "column_type", str(type_), "custom"))
    if spec.cast is None:
        if type_.kind is Kind.CUSTOM:
            at = report.value((*path, "type"))
            report.add(InvalidType(*at, "custom", "only a cast can read it", 'add cast = "app.casts:MoneyCast"'))
        if spec.python is not None:
            at = report.key((*path, "python"))
            report.add(InvalidCast(*at, "`python` says what a cast gives", 'add cast = "app.casts:MoneyCast"'))
        return type_
    if type_.kind in _NOT_CAST:
        report.add(ModifierNotForType(*report.key((*path, "cast")), "cast", str(type_), "other types"))
    if spec.python is None and type_.kind is not Kind.JSON:
        at = report.value((*path, "cast"))
        problem = f"what a cast of {type_} gives is not known"
        report.add(InvalidCast(*at, problem, 'add the type of its values: python = "app.money:Money"'))
    _check_class(resolution, (*path, "cast"), "cast", spec.cast)
    if spec.python is not None and spec.python not in BUILTIN_TYPES:
        _check_class(resolution, (*path, "python"), "type", spec.python)
    return replace(type_, cast=Cast(spec.cast, spec.cast if spec.python is None else spec.python))


def _check_class(resolution: Resolution, path: Path, kind: str, text: str) -> None:
    module, colon, name = text.partition(":")
    parts = [*module.split("."), name]
    if not colon or not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        hint = 'write "module:Class", such as "app.money:Money"'
        if kind == "type":
            hint += f", or one of {', '.join(sorted(BUILTIN_TYPES))}"
        rule = "it names no class of a module"
        resolution.report.add(InvalidName(*resolution.report.value(path), kind, text, rule, hint))


def _spelled(resolution: Resolution, spec: FieldSpec, type_: ColumnType, path: Path) -> ColumnType:
    report = resolution.report
    if spec.column_type is None:
        at = report.value((*path, "type"))
        hint = 'add column_type = { sqlite = "TEXT", postgresql = "...", mysql = "..." }'
        report.add(InvalidType(*at, "custom", "it needs a column type for each dialect", hint))
        return type_
    for dialect in resolution.dialects:
        if dialect not in spec.column_type:
            report.add(MissingSql(*report.key((*path, "column_type")), dialect))
    for dialect, text in spec.column_type.items():
        where = (*path, "column_type", dialect)
        if not text.strip() or "\0" in text or ";" in text:
            report.add(InvalidType(*report.value(where), text, "it is no column type", "write one, such as TEXT"))
        elif dialect == "sqlite" and re.split(r"\W", text.strip())[0].upper() not in _STRICT_TYPES:
            problem = "tables on sqlite are STRICT, so a column is one of its own types"
            report.add(InvalidType(*report.value(where), text, problem, f"one of {', '.join(_STRICT_TYPES)}"))
    return replace(type_, spelled=tuple((str(dialect), text) for dialect, text in spec.column_type.items()))
