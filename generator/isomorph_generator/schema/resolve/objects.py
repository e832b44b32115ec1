"""Resolves what is declared as SQL: views, functions, triggers, extensions, schemas; and the triggers of timestamps.

Owns the statements around the SQL that a schema gives. Text of the schema is taken as it is: it is the author's own SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isomorph import dialects
from isomorph.catalog import Kind, ObjectKind, SqlDefault, SqlObject, Table
from isomorph_generator.schema.documents import as_table
from isomorph_generator.schema.errors import (
    InvalidName,
    MissingSql,
    NameClash,
    NameTooLong,
    NotOnDialect,
    UndeclaredConnection,
    UnknownModel,
)
from isomorph_generator.schema.naming import constraint_name, too_long_for
from isomorph_generator.schema.resolve.drafts import ModelDraft, Resolution, timestamp_names
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import (
    FunctionSpec,
    NamedObjectSpec,
    PivotSpec,
    TimestampsSpec,
    TriggerSpec,
    ViewSpec,
)

__all__ = ["resolved_objects", "timestamp_triggers"]

_POSTGRESQL = "postgresql"
_ALL = ("sqlite", _POSTGRESQL, "mysql")
_KNOWN_BY = {
    ObjectKind.EXTENSION: (_POSTGRESQL,),
    ObjectKind.SCHEMA: (_POSTGRESQL,),
    ObjectKind.FUNCTION: (_POSTGRESQL, "mysql"),
    ObjectKind.VIEW: _ALL,
    ObjectKind.TRIGGER: _ALL,
}
"""The databases that have such a thing."""

Statements = dict[str, tuple[str, ...]]


def resolved_objects(resolution: Resolution) -> tuple[tuple[str, SqlObject], ...]:
    """All that the schema declares as SQL, in the order in which it is made; mistakes go to the report."""
    return tuple(_Resolver(resolution).resolved())


class _Resolver:
    def __init__(self, resolution: Resolution) -> None:
        self._resolution = resolution
        self._report = resolution.report
        self._tables = {(model.connection, model.table.lower()): model.path for model in resolution.models.values()}
        self._tables |= {
            (pivot.connection, pivot.table.name.lower()): pivot.owner.path for pivot in resolution.pivots.values()
        }

    def resolved(self) -> Iterator[tuple[str, SqlObject]]:
        spec = self._resolution.spec
        sections: tuple[tuple[ObjectKind, str, Mapping[str, NamedObjectSpec]], ...] = (
            (ObjectKind.EXTENSION, "extensions", spec.extensions),
            (ObjectKind.SCHEMA, "schemas", spec.schemas),
            (ObjectKind.FUNCTION, "functions", spec.functions),
            (ObjectKind.VIEW, "views", spec.views),
            (ObjectKind.TRIGGER, "triggers", spec.triggers),
        )
        for kind, section, declared in sections:
            for name, item in declared.items():
                path = (section, name)
                if self._is_right(kind, name, item, path):
                    create, drop = self._statements(kind, name, item, path)
                    yield item.connection or "default", SqlObject(kind, name, create, drop)

    def _is_right(self, kind: ObjectKind, name: str, item: NamedObjectSpec, path: Path) -> bool:
        report, connection = self._report, item.connection or "default"
        at = report.key(path)
        known = tuple(self._resolution.spec.connections) or ("default",)
        if connection not in known and not self._resolution.is_removed("connections", connection):
            report.add(UndeclaredConnection(*report.value((*path, "connection")), connection, known))
        elif not name or "\0" in name:
            report.add(InvalidName(*at, kind.value, name, "databases do not take it"))
        elif (too_long := too_long_for(name, self._resolution.dialects)) is not None:
            report.add(NameTooLong(*at, kind.value, name, *too_long))
        elif kind is ObjectKind.VIEW and (taken := self._tables.get((connection, name.lower()))) is not None:
            first = report.sources.key(taken)
            report.add(NameClash(*at, "view", name, "a table", first, "rename one of the two"))
        elif not set(_KNOWN_BY[kind]).intersection(self._resolution.dialects):
            dialect = self._resolution.dialects[0]
            hint = f'remove it, or add "{_KNOWN_BY[kind][0]}" to `dialects`'
            report.add(NotOnDialect(*at, kind.value, dialect, hint))
        else:
            return True
        return False

    def _statements(
        self, kind: ObjectKind, name: str, item: NamedObjectSpec, path: Path
    ) -> tuple[Statements, Statements]:
        create: Statements = {}
        drop: Statements = {}
        if not isinstance(item, ViewSpec | FunctionSpec | TriggerSpec):
            create[_POSTGRESQL] = (f"CREATE {kind.value.upper()} {_quoted(_POSTGRESQL, name)}",)
            drop[_POSTGRESQL] = (f"DROP {kind.value.upper()} {_quoted(_POSTGRESQL, name)}",)
            return create, drop
        model = self._model(item, path) if isinstance(item, TriggerSpec) else None
        ending = {} if isinstance(item, ViewSpec) else self._by_dialect(kind, item.drop, (*path, "drop"), all_=False)
        for dialect, text in self._by_dialect(kind, item.sql, (*path, "sql")).items():
            quoted = _quoted(dialect, name)
            sql = text.strip().removesuffix(";")
            if not sql:
                continue
            create[dialect] = (f"CREATE VIEW {quoted} AS {sql}" if isinstance(item, ViewSpec) else sql,)
            on = f" ON {_quoted(dialect, model.table)}" if model is not None and dialect == _POSTGRESQL else ""
            drop[dialect] = (ending.get(dialect) or f"DROP {kind.value.upper()} {quoted}{on}",)
        return create, drop

    def _model(self, item: TriggerSpec, path: Path) -> ModelDraft | None:
        models = self._resolution.models
        if item.model not in models and not self._resolution.is_removed("models", item.model):
            self._report.add(UnknownModel(*self._report.value((*path, "model")), item.model, tuple(models)))
        return models.get(item.model)

    def _by_dialect(self, kind: ObjectKind, given: object, path: Path, *, all_: bool = True) -> dict[str, str]:
        """The SQL for each dialect of the project; mistakes for one that is missing, or that has no such thing."""
        if given is None:
            return {}
        wanted = [name for name in self._resolution.dialects if name in _KNOWN_BY[kind]]
        table = as_table(given)
        if table is None:
            for dialect in self._resolution.dialects:
                if dialect not in wanted:
                    hint = "say it by dialect: { " + ", ".join(f'{name} = "..."' for name in wanted) + " }"
                    self._report.add(NotOnDialect(*self._report.value(path), kind.value, dialect, hint))
            return dict.fromkeys(wanted, str(given))
        for dialect in table:
            if dialect not in _KNOWN_BY[kind]:
                self._report.add(
                    NotOnDialect(*self._report.key((*path, str(dialect))), kind.value, str(dialect), "drop it")
                )
        for dialect in wanted if all_ else ():
            if dialect not in table:
                self._report.add(MissingSql(*self._report.key(path), dialect))
        return {str(dialect): str(text) for dialect, text in table.items()}


def _quoted(dialect: str, name: str) -> str:
    """An identifier as people write it: operations double `%` for drivers themselves."""
    found = dialects.get(dialect)
    return found.ddl.printed(found.quoted(name))


# --- timestamps --------------------------------------------------------------------------------------------------------


def timestamp_triggers(
    resolution: Resolution, tables: Mapping[tuple[str, str], Table]
) -> Iterator[tuple[str, SqlObject]]:
    """The triggers that set `updated_at` whoever writes, for those whose `timestamps` say `trigger = true`.

    A write that sets the field itself is left alone.

    Args:
        resolution: with all relations resolved.
        tables: by connection and name.
    """
    wanted: dict[tuple[str, str], str] = {}
    for model in resolution.models.values():
        if _triggers(model.spec.timestamps):
            wanted[model.connection, model.table] = (model.timestamps or ("", ""))[1]
        for relation in model.relations.values():
            spec, pivot = relation.spec, relation.pivot
            if isinstance(spec, PivotSpec) and pivot is not None and _triggers(spec.timestamps):
                wanted[model.connection, pivot.table] = (timestamp_names(spec.timestamps) or ("", ""))[1]
    for (connection, name), column in wanted.items():
        yield connection, _trigger(resolution, tables[connection, name], column)


def _triggers(timestamps: bool | TimestampsSpec | None) -> bool:
    return isinstance(timestamps, TimestampsSpec) and timestamps.trigger


def _trigger(resolution: Resolution, table: Table, column: str) -> SqlObject:
    name = constraint_name(table.name, [column], "trigger", resolution.dialects)
    create: Statements = {}
    drop: Statements = {}
    for dialect in resolution.dialects:
        create[dialect], drop[dialect] = _MADE[dialect](name, table, column)
    return SqlObject(ObjectKind.TRIGGER, name, create, drop)


_Made = tuple[tuple[str, ...], tuple[str, ...]]


def _now(dialect: str) -> str:
    ddl = dialects.get(dialect).ddl
    return ddl.printed(ddl.sql_defaults[SqlDefault.NOW, Kind.TIMESTAMPTZ])


def _on_sqlite(name: str, table: Table, column: str) -> _Made:
    def quoted(text: str) -> str:
        return _quoted("sqlite", text)

    keys = [quoted(key) for key in table.primary_key] or ["rowid"]
    row = " AND ".join(f"{key} = NEW.{key}" for key in keys)
    now, field = _now("sqlite"), quoted(column)
    # The update within fires the trigger again, and finds the field changed; or at the moment of the row itself.
    text = (
        f"CREATE TRIGGER {quoted(name)} AFTER UPDATE ON {quoted(table.name)} FOR EACH ROW"  # noqa: S608 - quoted names
        f" WHEN NEW.{field} IS OLD.{field} AND OLD.{field} IS NOT {now}"
        f" BEGIN UPDATE {quoted(table.name)} SET {field} = {now} WHERE {row}; END"
    )
    return (text,), (f"DROP TRIGGER {quoted(name)}",)


def _on_postgresql(name: str, table: Table, column: str) -> _Made:
    trigger, on, field = (_quoted(_POSTGRESQL, text) for text in (name, table.name, column))
    function = (
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NEW.{field} IS NOT DISTINCT FROM OLD.{field} THEN NEW.{field} := {_now(_POSTGRESQL)}; END IF;"
        f" RETURN NEW; END $$"
    )
    made = f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {on} FOR EACH ROW EXECUTE FUNCTION {trigger}()"
    return (function, made), (f"DROP TRIGGER {trigger} ON {on}", f"DROP FUNCTION {trigger}()")


def _on_mysql(name: str, table: Table, column: str) -> _Made:
    trigger, on, field = (_quoted("mysql", text) for text in (name, table.name, column))
    text = (
        f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {on} FOR EACH ROW"  # noqa: S608 - quoted names
        f" SET NEW.{field} = IF(NEW.{field} <=> OLD.{field}, {_now('mysql')}, NEW.{field})"
    )
    return (text,), (f"DROP TRIGGER {trigger}",)


_MADE = {"sqlite": _on_sqlite, _POSTGRESQL: _on_postgresql, "mysql": _on_mysql}
