"""Resolves what an index has beyond its fields: an expression, a method, included fields, the place of NULL.

Owns which databases have these; a dialect of the project that lacks one is told with the mend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from isomorph.catalog import Expression, Index, IndexColumn, IndexExpression, Nulls, SqlText
from isomorph_generator.schema.errors import ConflictingKeys, InvalidSetting, MissingKey, NotOnDialect
from isomorph_generator.schema.expressions import Vocabulary, index_value
from isomorph_generator.schema.resolve.columns import sql_text
from isomorph_generator.schema.resolve.drafts import FieldDraft, Resolution
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import IndexSpec, SqlSpec

__all__ = ["check_form", "index_expression", "index_of"]

_METHODS: Final = {
    "sqlite": frozenset({"btree"}),
    "postgresql": frozenset({"brin", "btree", "gin", "gist", "hash", "spgist"}),
    "mysql": frozenset({"btree", "fulltext", "hash", "spatial"}),
}
_USUAL: Final = "btree"
_HINTS: Final = {
    "include": "leave it out, or name the fields among `fields`",
    "expression": "index a field that is `generated` from it",
    "nulls": "leave it out: NULL is the least value there",
}
_LACKING: Final = {
    "include": frozenset({"sqlite", "mysql"}),
    # MySQL has them since 8.0.13, MariaDB has none.
    "expression": frozenset({"mysql"}),
    "nulls": frozenset({"sqlite", "mysql"}),
}


def index_of(
    resolution: Resolution,
    spec: IndexSpec,
    parts: Sequence[IndexColumn | IndexExpression],
    where: Expression | SqlText | None,
    included: Sequence[FieldDraft],
    path: Path,
) -> Index:
    """An index without its name; what a dialect of the project cannot do is told.

    Args:
        resolution: takes mistakes.
        spec: what the schema says.
        parts: what it is ordered by.
        where: its condition.
        included: the fields that it holds beside.
        path: where it stands.
    """
    _check_dialects(resolution, spec, path)
    if spec.method not in (None, _USUAL) and (spec.nulls is not None or any(part.descending for part in parts)):
        key, problem = ("nulls", "nulls") if spec.nulls is not None else ("method", "descending")
        at = resolution.report.key((*path, key))
        resolution.report.add(ConflictingKeys(*at, "method", problem, f"an index by {spec.method} keeps no order"))
    nulls = None if spec.nulls is None else Nulls(spec.nulls)
    ordered = tuple(replace(part, nulls=nulls) for part in parts)
    method = None if spec.method == _USUAL else spec.method
    return Index("", ordered, spec.unique, where, tuple(field.column for field in included), method)


def index_expression(
    resolution: Resolution, spec: IndexSpec, vocabulary: Vocabulary, path: Path
) -> IndexExpression | None:
    """What an index holds instead of fields; None when it is wrong, which was told."""
    given, path = spec.expression, (*path, "expression")
    if isinstance(given, SqlSpec):
        return IndexExpression(sql_text(given, path, resolution.dialects, resolution.report))
    value = index_value(given or "", vocabulary, path, resolution.report)
    return None if value is None else IndexExpression(value)


def check_form(resolution: Resolution, spec: IndexSpec, path: Path) -> bool:
    """Whether an index is of fields or of an expression; a mistake when it is of both, or of nothing."""
    report = resolution.report
    if spec.fields is not None and spec.expression is not None:
        hint = "make two indexes, or write the fields into the expression"
        report.add(ConflictingKeys(*report.key((*path, "expression")), "fields", "expression", hint))
        return False
    if spec.fields is None and spec.expression is None:
        report.add(MissingKey(*report.key(path), "fields", 'fields = ["name"], or expression = "lower(name)"'))
        return False
    return True


def _check_dialects(resolution: Resolution, spec: IndexSpec, path: Path) -> None:
    report = resolution.report
    for key, lacking in _LACKING.items():
        for dialect in resolution.dialects:
            if getattr(spec, key) is not None and dialect in lacking:
                hint = f'{_HINTS[key]}; or take "{dialect}" out of `dialects`'
                report.add(NotOnDialect(*report.key((*path, key)), key, dialect, hint))
    if spec.method is None:
        return
    for dialect in resolution.dialects:
        if spec.method not in _METHODS[dialect]:
            problem = f'{dialect} builds no index by "{spec.method}"'
            hint = f'{", ".join(sorted(_METHODS[dialect]))}; or take "{dialect}" out of `dialects`'
            report.add(InvalidSetting(*report.value((*path, "method")), problem, hint))
