"""Reads what a PostgreSQL database says of itself: a handful of queries of its catalogs, whatever the number of tables.

What belongs to an extension is left out: it comes with the extension.
"""

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
from isomorph_generator.introspect.tokens import without_parentheses

__all__ = ["read"]

_EXTENSION = "NOT EXISTS (SELECT 1 FROM pg_depend AS e WHERE e.objid = {oid} AND e.classid = '{of}'::regclass AND e.deptype = 'e')"

_RELATIONS = f"""
SELECT c.oid, c.relname, c.relkind::text, obj_description(c.oid, 'pg_class'), c.relpersistence::text, c.relispartition,
    c.relrowsecurity, (SELECT string_agg(i.inhparent::regclass::text, ', ') FROM pg_inherits AS i WHERE i.inhrelid = c.oid),
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END
FROM pg_class AS c
WHERE c.relnamespace = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {_EXTENSION.format(oid="c.oid", of="pg_class")}
ORDER BY c.relname COLLATE "C"
"""  # noqa: S608 - of constants of this module
_COLUMNS = """
SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, a.attgenerated::text,
    CASE WHEN a.attcollation <> t.typcollation THEN k.collname END,
    col_description(a.attrelid, a.attnum), t.typtype::text,
    CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
        WHEN t.typelem <> 0 AND t.typlen = -1 THEN format_type(t.typelem, a.atttypmod) END,
    ARRAY(SELECT l.enumlabel::text FROM pg_enum AS l
        WHERE l.enumtypid = CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN t.typelem ELSE t.oid END
        ORDER BY l.enumsortorder)
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation AS k ON k.oid = a.attcollation
WHERE c.relnamespace = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""
_CONSTRAINTS = """
SELECT n.conrelid, n.contype::text, n.conname, n.conkey::int[],
    CASE WHEN f.relnamespace = n.connamespace THEN f.relname ELSE n.confrelid::regclass::text END,
    ARRAY(SELECT a.attname::text FROM unnest(n.confkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute AS a ON a.attrelid = n.confrelid AND a.attnum = k.number ORDER BY k.place),
    n.confdeltype::text, n.confupdtype::text, n.condeferrable, n.condeferred, n.convalidated,
    CASE WHEN n.contype = 'c' THEN pg_get_expr(n.conbin, n.conrelid) WHEN n.contype = 'x' THEN pg_get_constraintdef(n.oid) END,
    n.conindid, n.confmatchtype::text
FROM pg_constraint AS n
LEFT JOIN pg_class AS f ON f.oid = n.confrelid
WHERE n.connamespace = %s AND n.conrelid <> 0
ORDER BY n.conname COLLATE "C"
"""
_INDEXES = """
SELECT i.indrelid, i.indexrelid, c.relname, m.amname, i.indisunique, i.indisvalid, i.indkey::int2[]::int[], i.indnkeyatts,
    i.indoption::int2[]::int[], pg_get_expr(i.indpred, i.indrelid),
    ARRAY(SELECT pg_get_indexdef(i.indexrelid, p, false) FROM generate_series(1, i.indnatts) AS p),
    ARRAY(SELECT CASE WHEN o.opcdefault THEN '' ELSE o.opcname::text END
        FROM unnest(i.indclass::oid[]) WITH ORDINALITY AS k(class, place) JOIN pg_opclass AS o ON o.oid = k.class ORDER BY k.place),
    ARRAY(SELECT CASE WHEN k.own = 0 OR k.own = a.attcollation OR a.attcollation IS NULL THEN '' ELSE l.collname::text END
        FROM unnest(i.indcollation::oid[], i.indkey::int2[]) WITH ORDINALITY AS k(own, number, place)
        LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
        LEFT JOIN pg_collation AS l ON l.oid = k.own
        WHERE k.place <= i.indnkeyatts ORDER BY k.place),
    coalesce(array_to_string(c.reloptions, ', '), ''), coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false')
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_am AS m ON m.oid = c.relam
WHERE c.relnamespace = %s
ORDER BY c.relname COLLATE "C"
"""
_ENUMS = f"""
SELECT t.typname, ARRAY(SELECT l.enumlabel::text FROM pg_enum AS l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder)
FROM pg_type AS t
WHERE t.typnamespace = %s AND t.typtype = 'e' AND {_EXTENSION.format(oid="t.oid", of="pg_type")}
ORDER BY t.typname COLLATE "C"
"""  # noqa: S608 - of constants of this module
_TRIGGERS = """
SELECT g.tgname, c.relname, pg_get_triggerdef(g.oid, true), g.tgenabled::text
FROM pg_trigger AS g
JOIN pg_class AS c ON c.oid = g.tgrelid
WHERE c.relnamespace = %s AND NOT g.tgisinternal AND g.tgparentid = 0
ORDER BY g.tgname COLLATE "C", c.relname COLLATE "C"
"""
_FUNCTIONS = f"""
SELECT p.proname, pg_get_function_identity_arguments(p.oid), pg_get_functiondef(p.oid)
FROM pg_proc AS p
WHERE p.pronamespace = %s AND p.prokind IN ('f', 'p') AND {_EXTENSION.format(oid="p.oid", of="pg_proc")}
ORDER BY p.proname COLLATE "C", 2
"""  # noqa: S608 - of constants of this module
_OTHERS = f"""
SELECT 'domain', t.typname FROM pg_type AS t
WHERE t.typnamespace = %s AND t.typtype = 'd' AND {_EXTENSION.format(oid="t.oid", of="pg_type")}
UNION ALL SELECT 'sequence', c.relname FROM pg_class AS c
WHERE c.relnamespace = %s AND c.relkind = 'S' AND {_EXTENSION.format(oid="c.oid", of="pg_class")}
    AND NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))
UNION ALL SELECT 'type', t.typname FROM pg_type AS t JOIN pg_class AS c ON c.oid = t.typrelid
WHERE t.typnamespace = %s AND c.relkind = 'c'
UNION ALL SELECT 'aggregate', p.proname FROM pg_proc AS p
WHERE p.pronamespace = %s AND p.prokind = 'a' AND {_EXTENSION.format(oid="p.oid", of="pg_proc")}
UNION ALL SELECT 'extension', x.extname FROM pg_extension AS x WHERE x.extname <> 'plpgsql'
ORDER BY 1, 2
"""  # noqa: S608 - of constants of this module

_SEARCH_PATH = re.compile(r"^ SET search_path TO .*$", re.MULTILINE)
_ACTIONS = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
_KINDS = {"f": "foreign table", "p": "partitioned"}


def read(connection: Connection, schema: str | None) -> RawDatabase:
    """All of a schema; None for the first one of the search path.

    The names of other schemas' things come with their schema, those of this one without: it is in the search path
    meanwhile.

    Raises:
        InvalidOperation: there is no such schema, or none that the user may use.
    """
    return _Reader(connection, schema).database()


class _Reader:
    def __init__(self, connection: Connection, schema: str | None) -> None:
        with connection.transaction():
            before = cast(str, connection.fetch("SELECT current_setting('search_path')")[0][0])
            if schema is not None:
                path = connection.dialect.quoted(schema)
                connection.fetch("SELECT set_config('search_path', %s, true)", (connection.dialect.ddl.printed(path),))
            found = connection.fetch("SELECT oid, nspname FROM pg_namespace WHERE nspname = current_schema()")
            if not found:
                what = "there is no schema to read" if schema is None else f"there is no schema {schema} to read"
                raise InvalidOperation(what, "name one that the user may use: GRANT USAGE ON SCHEMA ... TO ...")
            oid, self._schema = found[0][0], cast(str, found[0][1])

            def rows(query: str, times: int = 1) -> list[tuple[Any, ...]]:
                return connection.fetch(query, (oid,) * times)

            self._relations = rows(_RELATIONS)
            self._columns = _grouped(rows(_COLUMNS))
            self._constraints = _grouped(rows(_CONSTRAINTS))
            self._indexes = _grouped(rows(_INDEXES))
            self._enums = rows(_ENUMS)
            self._triggers = rows(_TRIGGERS)
            self._functions = rows(_FUNCTIONS)
            self._others = rows(_OTHERS, 4)
            connection.fetch("SELECT set_config('search_path', %s, true)", (before,))

    def database(self) -> RawDatabase:
        tables: dict[str, RawTable] = {}
        views: list[View] = []
        others = [cast("tuple[str, str]", tuple(row)) for row in self._others]
        for oid, name, kind, comment, persistence, is_partition, has_policies, parents, query in self._relations:
            if kind in {"v", "m"}:
                columns = tuple(row[1] for row in self._columns[oid])
                views.append(View(name, query.strip().rstrip(";"), columns, materialized=kind == "m"))
            elif kind == "f" or is_partition:
                others.append((_KINDS.get(kind, "partition"), name))
            else:
                options = [
                    *(["partitioned"] if kind == "p" else []),
                    *(["unlogged"] if persistence == "u" else []),
                    *(["row level security"] if has_policies else []),
                    *([f"inherits {parents}"] if parents else []),
                ]
                tables[name] = self._table(oid, name, comment, tuple(options))
        return RawDatabase(
            MappingProxyType(tables),
            MappingProxyType({name: tuple(values) for name, values in self._enums}),
            tuple(views),
            tuple(Trigger(name, table, self._own(sql), enabled == "O") for name, table, sql, enabled in self._triggers),
            tuple(Function(f"{name}({arguments})", self._own(sql)) for name, arguments, sql in self._functions),
            tuple(sorted(others)),
        )

    def _own(self, sql: str) -> str:
        """A definition without the name of its schema, so that it is the same in any."""
        quoted = '"' + self._schema.replace('"', '""') + '"'
        for name in (self._schema, quoted):
            sql = sql.replace(f"{name}.", "")
        return _SEARCH_PATH.sub(" SET search_path FROM CURRENT", sql)

    # --- a table -------------------------------------------------------------------------------------------------------

    def _table(self, oid: int, name: str, comment: str | None, options: tuple[str, ...]) -> RawTable:
        columns = self._columns[oid]
        names = {row[0]: row[1] for row in columns}
        primary: RawKey | None = None
        uniques: list[RawKey] = []
        keys: list[RawForeignKey] = []
        checks: list[RawCheck] = []
        owned: set[int] = set()
        nulls = {row[0]: row[-1] == "true" for row in self._indexes[oid]}
        for kind, constraint, places, *rest in self._constraints[oid]:
            target, references, on_delete, on_update, deferrable, deferred, valid, text, index, match = rest
            own = tuple(names[place] for place in places or ())
            when = None if not deferrable else "deferred" if deferred else "immediate"
            not_valid = "" if valid else "not valid"
            if kind in {"p", "u", "x"}:
                owned.add(index)
            match kind:
                case "p":
                    primary = RawKey(constraint, own, when or "")
                case "u":
                    facts = [
                        *([f"deferrable {when}"] if when else []),
                        *(["nulls not distinct"] if nulls[index] else []),
                    ]
                    uniques.append(RawKey(constraint, own, " ".join(facts)))
                case "f":
                    facts = [*(["match full"] if match == "f" else []), *([not_valid] if not_valid else [])]
                    keys.append(
                        RawForeignKey(
                            constraint,
                            own,
                            target,
                            tuple(references),
                            on_delete=_ACTIONS[on_delete],
                            on_update=_ACTIONS[on_update],
                            deferrable=when,
                            options=" ".join(facts),
                        )
                    )
                case "c":
                    checks.append(RawCheck(constraint, without_parentheses(text), not_valid))
                case "x":
                    checks.append(RawCheck(constraint, text, "exclusion"))
                case _:
                    pass
        indexes = tuple(self._index(row, names) for row in self._indexes[oid] if row[0] not in owned)
        raw = tuple(self._column(row) for row in columns)
        return RawTable(
            name, raw, primary, tuple(uniques), indexes, tuple(keys), tuple(checks), comment, options=options
        )

    def _column(self, row: tuple[Any, ...]) -> RawColumn:
        _, name, type_, not_null, default, identity, generated, collation, comment, kind, base, values = row
        is_serial = default is not None and default.startswith("nextval(")
        return RawColumn(
            name,
            type_,
            nullable=not not_null,
            default=None if generated or is_serial else default,
            numbering={"a": "identity always", "d": "identity"}.get(identity, "serial" if is_serial else ""),
            generated=without_parentheses(default or "") if generated else None,
            stored=generated != "v",
            collation=collation,
            comment=comment,
            base=base,
            values=tuple(values),
            extra="domain" if kind == "d" else "",
        )

    @staticmethod
    def _index(row: tuple[Any, ...], names: dict[int, str]) -> RawIndex:
        _, name, method, unique, valid, key, count, flags, where, texts, classes, collations, options, no_distinct = row
        parts: list[RawPart] = []
        for place in range(count):
            column = names.get(key[place])
            # Of other methods than btree the flags mean nothing.
            flag = flags[place] if method == "btree" else 0
            own = [f"COLLATE {collations[place]}"] if collations[place] else []
            parts.append(
                RawPart(
                    column,
                    None if column else without_parentheses(texts[place]),
                    descending=bool(flag & 1),
                    nulls_first=bool(flag & 2) if method == "btree" else None,
                    options=" ".join([*own, *([classes[place]] if classes[place] else [])]),
                )
            )
        facts = [*([options] if options else []), *(["nulls not distinct"] if no_distinct == "true" else [])]
        return RawIndex(
            name,
            tuple(parts),
            unique=unique,
            where=None if where is None else without_parentheses(where),
            include=tuple(names[number] for number in key[count:]),
            method="" if method == "btree" else method,
            options=" ".join(facts),
            valid=valid,
        )


def _grouped(rows: list[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    """Rows by their first column, without it."""
    groups: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for first, *rest in rows:
        groups[first].append(tuple(rest))
    return groups
