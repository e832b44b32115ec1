"""Judges the names that databases see: tables, columns, types of enums."""

from __future__ import annotations

from isomorph_generator.schema.errors import InvalidName, NameClash, NameTooLong, Position
from isomorph_generator.schema.naming import too_long_for
from isomorph_generator.schema.resolve.drafts import FieldDraft, Resolution
from isomorph_generator.schema.spec import SchemaSpec

__all__ = ["check_columns", "check_tables", "history_table"]


def history_table(spec: SchemaSpec, connection: str) -> str:
    """The table that says which revisions a connection's database has."""
    declared = spec.connections.get(connection)
    own = None if declared is None else declared.history_table
    return spec.project.history_table if own is None else own


def check_tables(resolution: Resolution) -> None:
    """Each table once per connection, under a name that all dialects take, which is that of no enum's type."""
    report = resolution.report
    taken: dict[tuple[str, str], tuple[str, Position]] = {}
    for model in resolution.models.values():
        at = report.value((*model.path, "table")) if model.spec.table is not None else report.key(model.path)
        _check_identifier(resolution, "table", model.table, at)
        key = (model.connection, model.table.lower())
        if key in taken:
            hint = "name one of the two tables with `table`"
            report.add(NameClash(*at, "table", model.table, *taken[key], hint))
        taken.setdefault(key, (f"that of model {model.name}", at[0]))
    for pivot in resolution.pivots.values():
        at = report.key(pivot.owner.path)
        _check_identifier(resolution, "pivot table", pivot.table.name, at)
        pointing = () if pivot.morph is None else pivot.morph.columns
        for column in pivot.table.columns:
            kind = "relation's column" if column.name in pointing else "column"
            _check_identifier(resolution, kind, column.name, at)
        taken.setdefault((pivot.connection, pivot.table.name.lower()), ("a pivot table", at[0]))
    _check_history_tables(resolution, taken)
    if "postgresql" in resolution.dialects:  # a table is a type there
        tables = {name: told for (_, name), told in taken.items()}
        for enum in resolution.enums.values():
            if enum.type_name in tables:
                at = report.key(("enums", enum.name))
                hint = "rename the enum, or name the table with `table`"
                report.add(NameClash(*at, "type", enum.type_name, *tables[enum.type_name], hint))


def _check_history_tables(resolution: Resolution, taken: dict[tuple[str, str], tuple[str, Position]]) -> None:
    """Where the history of revisions is kept: under a name that all dialects take, in a table of its own."""
    report, spec = resolution.report, resolution.spec
    for connection in (*spec.connections,) or ("default",):
        name = history_table(spec, connection)
        own = name != spec.project.history_table
        at = report.value(("connections", connection, "history_table") if own else ("project", "history_table"))
        _check_identifier(resolution, "history table", name, at)
        if (key := (connection, name.lower())) in taken:
            hint = "name one of the two: `history_table`, or the model's `table`"
            report.add(NameClash(*at, "history table", name, *taken[key], hint))


def check_columns(resolution: Resolution, fields: list[FieldDraft]) -> None:
    """Each column once, under a name that all dialects take. Databases do not all tell upper from lower case."""
    report = resolution.report
    taken: dict[str, FieldDraft] = {}
    for field in fields:
        named = field.spec is not None and field.spec.column is not None
        at = report.value((*field.path, "column")) if named else report.key(field.path)
        kind = "column" if field.relation is None or field.spec is not None else "relation's column"
        _check_identifier(resolution, kind, field.column, at)
        other = taken.setdefault(field.column.lower(), field)
        if other is not field:
            first = report.sources.key(other.path)
            hint = "name one of the two with `column`"
            report.add(NameClash(*at, "column", field.column, f'that of "{other.shown}"', first, hint))


def _check_identifier(resolution: Resolution, kind: str, name: str, at: tuple[Position, str]) -> None:
    report = resolution.report
    if not name or "\0" in name:
        report.add(InvalidName(*at, kind, name, "databases do not take it"))
    elif not kind.endswith("column") and name.lower().startswith("sqlite_") and "sqlite" in resolution.dialects:
        report.add(InvalidName(*at, kind, name, "SQLite keeps names that start with sqlite_ for itself"))
    elif (too_long := too_long_for(name, resolution.dialects)) is not None:
        report.add(NameTooLong(*at, kind, name, *too_long))
