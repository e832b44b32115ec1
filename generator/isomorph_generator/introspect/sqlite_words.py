"""SQLite's words: isomorph's own columns by their checks, those of others by the names that they give their types. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import ClassVar

from isomorph import dialects
from isomorph.catalog import INTEGERS, NETWORKS, SHAPES, Collation, Column, ColumnType, Enum, Kind
from isomorph_generator.introspect.raw import RawCheck, RawColumn, RawTable
from isomorph_generator.introspect.tokens import same_text, tokens, without_parentheses
from isomorph_generator.introspect.words import (
    UNKNOWN_DECIMAL,
    EnumNames,
    SaidType,
    Words,
    condition_of,
    is_text,
    own_checks,
    parts_of_type,
)

__all__ = ["SQLiteWords"]

_DDL = dialects.get("sqlite").ddl

_LENGTHS: Mapping[str, tuple[tuple[str, Kind], ...]] = {
    "TEXT": (
        (r"length \( \? \) <= (\d+) and substr \( \? , - 1 \) <> ' '", Kind.CHAR),
        (r"length \( \? \) <= (\d+)", Kind.STRING),
    ),
    "BLOB": ((r"length \( \? \) <= (\d+)", Kind.BYTES),),
}
_ENUM = re.compile(r"\? in \( ('.*') \)", re.DOTALL)
_JSON = frozenset({"json_valid ( ? )", "? is null or json_valid ( ? )"})


def _conditions(base: str) -> dict[str, Kind]:
    """The kinds that a fixed check makes of a column, by that check."""
    kinds = {
        "INTEGER": (Kind.BOOL, *INTEGERS),
        "TEXT": (Kind.UNSIGNED_BIGINT, Kind.MEDIUMTEXT, *sorted(NETWORKS)),
        "BLOB": tuple(sorted(SHAPES)),
    }[base]
    found: dict[str, Kind] = {}
    for kind in kinds:
        check = _DDL.type_check(Column("c", ColumnType(kind)), dict[str, Enum]())
        if check is not None:
            found[condition_of(_DDL.printed(check[1]), "c")] = kind
    return found


_FIXED = {base: _conditions(base) for base in ("INTEGER", "TEXT", "BLOB")}
_PLAIN = {"INTEGER": Kind.BIGINT, "TEXT": Kind.TEXT, "BLOB": Kind.BYTES, "REAL": Kind.DOUBLE}

_NO_PRECISION = "SQLite does not keep precision and scale; give those that the values have"
_BY_AFFINITY = "SQLite takes values of any type here"


def _of(kind: Kind) -> Callable[[tuple[int, ...]], SaidType]:
    return lambda _: SaidType(ColumnType(kind))


def _text(kind: Kind) -> Callable[[tuple[int, ...]], SaidType]:
    return lambda arguments: SaidType(ColumnType(kind, length=arguments[0]) if arguments else ColumnType(Kind.TEXT))


def _decimal(arguments: tuple[int, ...]) -> SaidType:
    if not arguments:
        precision, scale = UNKNOWN_DECIMAL
        return SaidType(ColumnType(Kind.DECIMAL, precision=precision, scale=scale), _NO_PRECISION)
    return SaidType(ColumnType(Kind.DECIMAL, precision=arguments[0], scale=arguments[1] if len(arguments) > 1 else 0))


def _bytes(arguments: tuple[int, ...]) -> SaidType:
    return SaidType(ColumnType(Kind.BYTES, length=arguments[0] if arguments else None))


def _tinyint(arguments: tuple[int, ...]) -> SaidType:
    return SaidType(ColumnType(Kind.BOOL if arguments == (1,) else Kind.TINYINT))


# Of the column's own name only its beginning counts to SQLite (https://sqlite.org/datatype3.html); what is meant is the
# matter of who wrote it, mostly in the words of another database.
_FOREIGN: Mapping[str, Callable[[tuple[int, ...]], SaidType]] = {
    **{name: _of(Kind.BOOL) for name in ("bool", "boolean", "bit")},
    "tinyint": _tinyint,
    **{name: _of(Kind.SMALLINT) for name in ("smallint", "int2")},
    **{name: _of(Kind.INT) for name in ("int", "mediumint", "int4")},
    **{name: _of(Kind.BIGINT) for name in ("integer", "bigint", "int8", "big int")},
    "tinyint unsigned": _of(Kind.UNSIGNED_TINYINT),
    "smallint unsigned": _of(Kind.UNSIGNED_SMALLINT),
    **{name: _of(Kind.UNSIGNED_INT) for name in ("int unsigned", "integer unsigned", "unsigned int")},
    **dict.fromkeys(("decimal", "numeric", "number", "money"), _decimal),
    **{name: _of(Kind.DOUBLE) for name in ("real", "float", "double", "double precision", "float8", "float4")},
    **{
        name: _text(Kind.STRING)
        for name in ("varchar", "nvarchar", "character varying", "varying character", "varchar2", "nvarchar2", "string")
    },
    **{name: _text(Kind.CHAR) for name in ("char", "nchar", "character", "native character")},
    **{name: _of(Kind.TEXT) for name in ("text", "clob", "ntext", "mediumtext", "longtext", "tinytext")},
    **dict.fromkeys(("blob", "bytea", "binary", "varbinary", "longblob", "image"), _bytes),
    "date": _of(Kind.DATE),
    "time": _of(Kind.TIME),
    **{name: _of(Kind.DATETIME) for name in ("datetime", "timestamp", "datetime2", "timestamp without time zone")},
    **{name: _of(Kind.TIMESTAMPTZ) for name in ("timestamptz", "timestamp with time zone")},
    **{name: _of(Kind.JSON) for name in ("json",)},
    **{name: _of(Kind.UUID) for name in ("uuid", "guid", "uniqueidentifier")},
}


class SQLiteWords(Words):
    """SQLite's words."""

    dialect = "sqlite"
    moments: ClassVar[Mapping[Kind, Mapping[str, str]]] = {
        **{
            kind: {same_text(without_parentheses(_DDL.printed(text))): ""}
            for (_, kind), text in _DDL.sql_defaults.items()
        },
    }

    def type_of(self, table: RawTable, column: RawColumn, names: EnumNames) -> SaidType:
        base = column.type.upper()
        if base in _PLAIN:
            return self._own(table, column, base, names)
        name, arguments = parts_of_type(column.type)
        if name in _FOREIGN:
            said = _FOREIGN[name](arguments)
            return self._checked(table, column, said, names)
        if not name:
            return SaidType(ColumnType(Kind.TEXT), f"it has no type: {_BY_AFFINITY}")
        return self.custom(column)

    def _own(self, table: RawTable, column: RawColumn, base: str, names: EnumNames) -> SaidType:
        decimals = (column.collation or "").lower() == "isomorph_decimal"
        for condition, check in own_checks(table, column.name):
            if (kind := _FIXED.get(base, {}).get(condition)) is not None:
                return SaidType(ColumnType(kind), check=check)
            for pattern, kind in _LENGTHS.get(base, ()):
                if (match := re.fullmatch(pattern, condition)) is not None:
                    return SaidType(ColumnType(kind, length=int(match[1])), check=check)
            if base == "TEXT" and condition in _JSON:
                return SaidType(ColumnType(Kind.JSON), check=check)
            if base == "TEXT" and (values := _enum_values(condition, check)):
                return SaidType(
                    ColumnType(Kind.ENUM, enum=names.of_values(table.name, column.name, values)), check=check
                )
        if decimals:
            precision, scale = UNKNOWN_DECIMAL
            return SaidType(ColumnType(Kind.DECIMAL, precision=precision, scale=scale), _NO_PRECISION)
        if base == "TEXT" and (kind := self._by_default(column)) is not None:
            return SaidType(ColumnType(kind))
        return SaidType(ColumnType(_PLAIN[base]))

    def _checked(self, table: RawTable, column: RawColumn, said: SaidType, names: EnumNames) -> SaidType:
        """Text of another's type with a list of values is an enum all the same."""
        if is_text(said.type):
            for condition, check in own_checks(table, column.name):
                if values := _enum_values(condition, check):
                    enum = names.of_values(table.name, column.name, values)
                    return SaidType(ColumnType(Kind.ENUM, enum=enum), check=check)
        return said

    def _by_default(self, column: RawColumn) -> Kind | None:
        """The kind of a date or time, whose default of the moment tells it from other text."""
        text = same_text(without_parentheses(column.default or ""))
        return next((kind for kind, texts in self.moments.items() if text in texts), None)

    def collation_of(self, table: RawTable, column: RawColumn, type_: ColumnType) -> Collation | None:
        del table
        if column.collation is None or column.collation.lower() == "isomorph_decimal":
            return None
        words = {name: word for word, name in _DDL.collations.items()}
        name = column.collation.upper() if column.collation.upper() in words else column.collation
        return words.get(name, {self.dialect: name}) if is_text(type_) else None


def _enum_values(condition: str, check: RawCheck) -> tuple[str, ...]:
    """The values of a condition that is a list of texts; none for others."""
    if _ENUM.fullmatch(condition) is None:
        return ()
    found = tokens(check.text)
    opening = next(place for place, token in enumerate(found) if token.text == "(")
    inner = found[opening + 1 : -1]
    if any(token.kind != "string" for token in inner[::2]) or any(token.text != "," for token in inner[1::2]):
        return ()
    return tuple(token.name for token in inner[::2])
