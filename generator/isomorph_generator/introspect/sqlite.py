"""Reads what a SQLite database says of itself: four queries, whatever the number of tables."""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import Any

from isomorph.connections import Connection
from isomorph_generator.introspect.inspected import Trigger, View
from isomorph_generator.introspect.raw import (
    RawColumn,
    RawDatabase,
    RawForeignKey,
    RawIndex,
    RawKey,
    RawPart,
    RawTable,
)
from isomorph_generator.introspect.sqlite_text import TableText, read_index, read_table
from isomorph_generator.introspect.tokens import tokens

__all__ = ["read"]

_OBJECTS = "SELECT type, name, tbl_name, sql FROM {master} WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
_COLUMNS = (
    'SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden FROM {master} AS m '
    "JOIN pragma_table_xinfo(m.name, ?) AS c WHERE m.type IN ('table', 'view') ORDER BY m.name, c.cid"
)
_INDEXES = (
    'SELECT m.name, l.name, l."unique", l.origin, i.seqno, i.name, i."desc", i.coll FROM {master} AS m '
    "JOIN pragma_index_list(m.name, ?) AS l JOIN pragma_index_xinfo(l.name, ?) AS i "
    "WHERE m.type = 'table' AND i.key ORDER BY m.name, l.name, i.seqno"
)
_FOREIGN_KEYS = (
    'SELECT m.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete FROM {master} AS m '
    "JOIN pragma_foreign_key_list(m.name, ?) AS f WHERE m.type = 'table' ORDER BY m.name, f.id DESC, f.seq"
)


def read(connection: Connection, schema: str | None) -> RawDatabase:
    """All of a schema: `main`, or an attached database by its name."""
    reader = _Reader(connection, schema or "main")
    return reader.database()


class _Reader:
    def __init__(self, connection: Connection, schema: str) -> None:
        master = f"{connection.dialect.quoted(schema)}.sqlite_master"

        def rows(query: str, *parameters: str) -> list[tuple[Any, ...]]:
            return connection.fetch(connection.dialect.ddl.text(query.format(master=master)), parameters)

        self._objects = rows(_OBJECTS)
        self._columns: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for table, *rest in rows(_COLUMNS, schema):
            self._columns[table].append(tuple(rest))
        self._indexes: dict[str, dict[str, list[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(list))
        for table, index, *rest in rows(_INDEXES, schema, schema):
            self._indexes[table][index].append(tuple(rest))
        self._keys: dict[str, dict[int, list[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(list))
        for table, number, *rest in rows(_FOREIGN_KEYS, schema):
            self._keys[table][number].append(tuple(rest))
        self._index_sql = {name: sql for kind, name, _, sql in self._objects if kind == "index" and sql}

    def database(self) -> RawDatabase:
        of_kind: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for kind, name, table, sql in self._objects:
            of_kind[kind].append((name, table, sql or ""))
        virtual = [name for name, _, sql in of_kind["table"] if sql[:14].upper() == "CREATE VIRTUAL"]
        tables = {
            name: self._table(name, sql)
            for name, _, sql in of_kind["table"]
            if name not in virtual and not any(name.startswith(f"{other}_") for other in virtual)
        }
        return RawDatabase(
            MappingProxyType(tables),
            views=tuple(self._view(name, sql) for name, _, sql in of_kind["view"]),
            triggers=tuple(Trigger(name, table, sql) for name, table, sql in of_kind["trigger"]),
            others=tuple(("virtual table", name) for name in virtual),
        )

    def _view(self, name: str, sql: str) -> View:
        start = next(token.end for token in tokens(sql) if token.word == "AS")
        return View(name, sql[start:].strip().rstrip(";"), tuple(column for column, *_ in self._columns[name]))

    # --- a table -------------------------------------------------------------------------------------------------------

    def _table(self, name: str, sql: str) -> RawTable:
        text = read_table(sql)
        rows = self._columns[name]
        key = tuple(row[0] for row in sorted((row for row in rows if row[4]), key=lambda row: row[4]))
        rowid = key[0] if len(key) == 1 and self._is_rowid(key[0], rows, text) else None
        uniques, indexes = self._uniques_and_indexes(name, text)
        return RawTable(
            name,
            tuple(self._column(row, text, rowid) for row in rows if row[5] != 1),
            RawKey(text.key_name, key) if key else None,
            uniques=tuple(uniques),
            indexes=tuple(indexes),
            foreign_keys=tuple(self._foreign_keys(name, text)),
            checks=tuple(text.checks),
            options=tuple(text.options),
        )

    @staticmethod
    def _is_rowid(key: str, rows: list[tuple[Any, ...]], text: TableText) -> bool:
        """Whether the key is the number of the row, which the database gives (https://sqlite.org/lang_createtable.html#rowid)."""
        type_ = next(row[1] for row in rows if row[0] == key)
        return type_.upper() == "INTEGER" and not any("ROWID" in option for option in text.options)

    @staticmethod
    def _column(row: tuple[Any, ...], text: TableText, rowid: str | None) -> RawColumn:
        name, type_, not_null, default, _, hidden = row
        generated = text.generated.get(name)
        is_rowid = name == rowid
        return RawColumn(
            name,
            # pragma_table_xinfo says `GENERATED ALWAYS` as part of the type.
            type_
            if generated is None
            else type_.upper().removesuffix(" GENERATED ALWAYS").removesuffix("GENERATED ALWAYS"),
            nullable=not not_null and not is_rowid,
            default=None if default is None else str(default),
            numbering="rowid" if is_rowid else "",
            generated=generated,
            stored=hidden != 2,
            collation=text.collations.get(name),
        )

    def _uniques_and_indexes(self, table: str, text: TableText) -> tuple[list[RawKey], list[RawIndex]]:
        uniques: list[RawKey] = []
        indexes: list[RawIndex] = []
        for name, rows in self._indexes[table].items():
            unique, origin = rows[0][:2]
            if origin == "u":
                columns = tuple(row[3] for row in rows)
                uniques.append(RawKey(text.unique_names.get(columns), columns))
            elif origin == "c":
                indexes.append(self._index(name, rows, text, unique=bool(unique)))
        return sorted(uniques, key=lambda key: (key.name or "", key.columns)), indexes

    def _index(self, name: str, rows: list[tuple[Any, ...]], text: TableText, *, unique: bool) -> RawIndex:
        parts, where = read_index(self._index_sql[name])

        def part(row: tuple[Any, ...], written: str) -> RawPart:
            _, _, _, column, descending, collation = row
            own = text.collations.get(column or "", "BINARY")
            options = "" if collation.upper() == own.upper() else f"COLLATE {collation}"
            return RawPart(column, None if column else written, descending=bool(descending), options=options)

        found = tuple(part(row, written) for row, written in zip(rows, parts, strict=True))
        return RawIndex(name, found, unique=unique, where=where)

    def _foreign_keys(self, table: str, text: TableText) -> list[RawForeignKey]:
        found: list[RawForeignKey] = []
        written = list(text.foreign_keys)
        for rows in self._keys[table].values():
            columns = tuple(row[1] for row in rows)
            target = self._name_of(rows[0][0])
            references = tuple(row[2] for row in rows)
            on_update, on_delete = rows[0][3].lower(), rows[0][4].lower()
            own = next(
                (item for item in written if tuple(map(str.lower, item[0])) == tuple(map(str.lower, columns))), None
            )
            if own is not None:
                written.remove(own)
            found.append(
                RawForeignKey(
                    None if own is None else own[1],
                    columns,
                    target,
                    references if None not in references else self._key_of(target),
                    on_delete=on_delete,
                    on_update=on_update,
                    deferrable=None if own is None else own[2],
                )
            )
        return found

    def _name_of(self, table: str) -> str:
        """A table's own name, since a foreign key may write it in other letters."""
        return next((name for name in self._columns if name.lower() == table.lower()), table)

    def _key_of(self, table: str) -> tuple[str, ...]:
        """The primary key that a foreign key without columns of the other table means."""
        rows = self._columns[self._name_of(table)]
        return tuple(row[0] for row in sorted((row for row in rows if row[4]), key=lambda row: row[4]))
