"""Reads what a MySQL or MariaDB database says of itself: eight queries of information_schema, whatever the number of tables."""

from __future__ import annotations

import re
from collections import defaultdict
from types import MappingProxyType
from typing import Any, cast

from isomorph.connections import Connection
from isomorph.errors import InvalidOperation
from isomorph_generator.introspect.inspected import Function, Trigger, View
from isomorph_generator.introspect.raw import (
    RawCheck,
    RawColumn,
    RawDatabase,
    RawForeignKey,
    RawIndex,
    RawKey,
    RawPart,
    RawTable,
)
from isomorph_generator.introspect.tokens import tokens, without_parentheses

__all__ = ["read"]

_TABLES = """
SELECT t.table_name, t.table_type, t.engine, t.table_collation, t.table_comment, t.row_format, t.create_options
FROM information_schema.tables AS t WHERE t.table_schema = %s ORDER BY t.table_name
"""
_COLUMNS = """
SELECT c.table_name, c.column_name, c.column_type, c.is_nullable, c.column_default, c.extra, c.character_set_name,
    c.collation_name, c.column_comment, c.generation_expression, c.data_type
FROM information_schema.columns AS c WHERE c.table_schema = %s ORDER BY c.table_name, c.ordinal_position
"""
_INDEXES = """
SELECT s.table_name, s.index_name, s.column_name, s.collation, s.sub_part, s.non_unique, s.index_type, {expression}
FROM information_schema.statistics AS s WHERE s.table_schema = %s ORDER BY s.table_name, s.index_name, s.seq_in_index
"""
_FOREIGN_KEYS = """
SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name,
    r.delete_rule, r.update_rule, k.referenced_table_schema
FROM information_schema.key_column_usage AS k
JOIN information_schema.referential_constraints AS r
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
WHERE k.table_schema = %s AND k.referenced_table_name IS NOT NULL
ORDER BY k.table_name, k.constraint_name, k.ordinal_position
"""
_CHECKS = """
SELECT c.table_name, c.constraint_name, c.check_clause, c.level
FROM information_schema.check_constraints AS c WHERE c.constraint_schema = %s ORDER BY c.table_name, c.constraint_name
"""
_MYSQL_CHECKS = """
SELECT t.table_name, c.constraint_name, c.check_clause, CASE t.enforced WHEN 'YES' THEN '' ELSE 'not enforced' END
FROM information_schema.check_constraints AS c
JOIN information_schema.table_constraints AS t
    ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
WHERE c.constraint_schema = %s ORDER BY t.table_name, c.constraint_name
"""
_TRIGGERS = """
SELECT g.trigger_name, g.event_object_table, g.action_timing, g.event_manipulation, g.action_statement
FROM information_schema.triggers AS g WHERE g.trigger_schema = %s ORDER BY g.trigger_name
"""
_VIEWS = (
    "SELECT v.table_name, v.view_definition FROM information_schema.views AS v WHERE v.table_schema = %s ORDER BY 1"
)
_ROUTINES = """
SELECT r.routine_name, r.routine_type, r.routine_definition
FROM information_schema.routines AS r WHERE r.routine_schema = %s ORDER BY r.routine_name
"""
_EVENTS = "SELECT 'event', e.event_name FROM information_schema.events AS e WHERE e.event_schema = %s ORDER BY 2"

_DEFAULT_OPTIONS = re.compile(r"\b(?:row_format=\w+|partitioned)\b", re.IGNORECASE)
_VALUES = frozenset({"enum", "set"})


def read(connection: Connection, schema: str | None) -> RawDatabase:
    """All of a database; None for the connection's own.

    Raises:
        InvalidOperation: the connection has none.
    """
    return _Reader(connection, schema).database()


class _Reader:
    def __init__(self, connection: Connection, schema: str | None) -> None:
        version, own = connection.fetch("SELECT VERSION(), DATABASE()")[0]
        is_mariadb = "mariadb" in version.lower()
        self._is_mariadb = is_mariadb
        if schema is None and own is None:
            raise InvalidOperation("there is no database to read", "name one in the URL: mysql://user@host/database")
        self._schema = cast(str, schema or own)

        def rows(query: str) -> list[tuple[Any, ...]]:
            return [tuple(map(_text, row)) for row in connection.fetch(query, (self._schema,))]

        self._tables = rows(_TABLES)
        self._columns = _grouped(rows(_COLUMNS))
        # MariaDB has no indexes of expressions, and no word for them.
        expression = "NULL" if is_mariadb else "s.expression"
        self._indexes = _grouped(rows(_INDEXES.format(expression=expression)))
        self._foreign_keys = _grouped(rows(_FOREIGN_KEYS))
        self._checks = _grouped(rows(_CHECKS if is_mariadb else _MYSQL_CHECKS))
        self._triggers = rows(_TRIGGERS)
        self._views = rows(_VIEWS)
        self._routines = rows(_ROUTINES)
        self._events = rows(_EVENTS)

    def database(self) -> RawDatabase:
        tables = {row[0]: self._table(row) for row in self._tables if row[1] in {"BASE TABLE", "SYSTEM VERSIONED"}}
        columns = {name: tuple(row[0] for row in rows) for name, rows in self._columns.items()}
        return RawDatabase(
            MappingProxyType(tables),
            views=tuple(View(name, self._own(query), columns.get(name, ())) for name, query in self._views),
            triggers=tuple(
                Trigger(name, table, f"CREATE TRIGGER `{name}` {timing} {event} ON `{table}` FOR EACH ROW {statement}")
                for name, table, timing, event, statement in self._triggers
            ),
            functions=tuple(Function(name, f"{kind} {body}") for name, kind, body in self._routines),
            others=(
                *(cast("tuple[str, str]", row) for row in self._events),
                *(("sequence", row[0]) for row in self._tables if row[1] == "SEQUENCE"),
            ),
        )

    def _own(self, sql: str) -> str:
        """A query without the name of its database, so that it is the same in any."""
        return sql.replace(f"`{self._schema}`.", "")

    # --- a table -------------------------------------------------------------------------------------------------------

    def _table(self, row: tuple[Any, ...]) -> RawTable:
        name, type_, engine, collation, comment, _, options = row
        rest = _DEFAULT_OPTIONS.sub("", options or "").strip()
        facts = [
            *([rest] if rest else []),
            *(["partitioned"] if "partitioned" in (options or "") else []),
            *(["system versioned"] if type_ != "BASE TABLE" else []),
        ]
        primary, uniques, indexes = self._keys(name)
        return RawTable(
            name,
            tuple(self._column(column, collation) for column in self._columns[name]),
            primary,
            tuple(uniques),
            tuple(indexes),
            tuple(self._foreign_keys_of(name)),
            tuple(self._checks_of(name)),
            comment=comment or None,
            engine=engine,
            charset=None if collation is None else collation.partition("_")[0],
            collation=collation,
            options=tuple(facts),
        )

    def _column(self, row: tuple[Any, ...], table_collation: str | None) -> RawColumn:
        name, type_, nullable, default, extra, charset, collation, comment, generated, data_type = row
        words = extra.lower()
        is_own = collation is not None and collation != table_collation
        numbering = "auto_increment" if "auto_increment" in words else ""
        rest = [word for word in re.split(r"\s*,\s*", words) if word and "generated" not in word]
        rest = [word for word in rest if word != "auto_increment"]
        is_expression = "default_generated" in words
        return RawColumn(
            name,
            type_,
            nullable=nullable == "YES",
            default=None if generated else self._default(default, is_expression=is_expression, type_=data_type),
            numbering=numbering,
            generated=self._own(generated) if generated else None,
            stored="virtual" not in words,
            collation=collation if is_own else None,
            charset=charset if is_own else None,
            comment=comment or None,
            values=_values(type_) if data_type in _VALUES else (),
            extra=", ".join(rest),
        )

    def _default(self, default: str | None, *, is_expression: bool, type_: str) -> str | None:
        """The default as SQL: MariaDB gives it so, MySQL gives constants bare."""
        if default is None or (self._is_mariadb and default == "NULL"):
            return None
        if self._is_mariadb or is_expression or re.fullmatch(r"b'[01]*'|0x[0-9a-fA-F]+", default):
            return default
        is_number = (
            re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", default) and "char" not in type_ and "enum" not in type_
        )
        if is_number or default.upper().startswith("CURRENT_TIMESTAMP"):
            return default
        return "'" + default.replace("\\", "\\\\").replace("'", "''") + "'"

    def _keys(self, table: str) -> tuple[RawKey | None, list[RawKey], list[RawIndex]]:
        by_name: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for name, *rest in self._indexes[table]:
            by_name[name].append(tuple(rest))
        primary: RawKey | None = None
        uniques: list[RawKey] = []
        indexes: list[RawIndex] = []
        for name, rows in by_name.items():
            parts = tuple(
                RawPart(
                    column,
                    None if expression is None else self._own(expression),
                    descending=order == "D",
                    prefix=None if prefix is None else int(prefix),
                )
                for column, order, prefix, _, _, expression in rows
            )
            unique, method = str(rows[0][3]) == "0", rows[0][4]
            is_plain = method == "BTREE" and all(
                part.column and not part.descending and not part.prefix for part in parts
            )
            if name == "PRIMARY":
                primary = RawKey(None, tuple(part.column or "" for part in parts))
            elif unique and is_plain:
                uniques.append(RawKey(name, tuple(part.column or "" for part in parts)))
            else:
                indexes.append(RawIndex(name, parts, unique=unique, method="" if method == "BTREE" else method.lower()))
        return primary, uniques, indexes

    def _foreign_keys_of(self, table: str) -> list[RawForeignKey]:
        by_name: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for name, *rest in self._foreign_keys[table]:
            by_name[name].append(tuple(rest))
        return [
            RawForeignKey(
                name,
                tuple(row[0] for row in rows),
                rows[0][1] if rows[0][5] == self._schema else f"{rows[0][5]}.{rows[0][1]}",
                tuple(row[2] for row in rows),
                on_delete=_action(rows[0][3]),
                on_update=_action(rows[0][4]),
            )
            for name, rows in by_name.items()
        ]

    def _checks_of(self, table: str) -> list[RawCheck]:
        # MariaDB gives the check of a column its name; `level` says that it is one.
        return [
            RawCheck(
                name,
                without_parentheses(text, escapes=True),
                "column" if level == "Column" else level if level != "Table" else "",
            )
            for name, text, level in self._checks[table]
        ]


def _action(rule: str) -> str:
    """What InnoDB does: it makes no difference between RESTRICT, which is its default, and NO ACTION."""
    return "no action" if rule == "RESTRICT" else rule.lower()


def _values(type_: str) -> tuple[str, ...]:
    """The values of an `enum('a','b')`."""
    return tuple(token.name for token in tokens(type_) if token.kind == "string")


def _text(value: object) -> object:
    """MySQL gives some texts of its catalogs as bytes."""
    return value.decode() if isinstance(value, bytes | bytearray) else value


def _grouped(rows: list[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by their first column, without it."""
    groups: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for first, *rest in rows:
        groups[first].append(tuple(rest))
    return groups
