"""The words of MySQL and MariaDB. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from isomorph.catalog import NETWORKS, SHAPES, Collation, ColumnType, Kind
from isomorph.dialects.mysql.composites import NETWORK_PATTERNS
from isomorph_generator.introspect.raw import RawCheck, RawColumn, RawIndex, RawPart, RawTable
from isomorph_generator.introspect.words import (
    EnumNames,
    SaidType,
    Words,
    is_text,
    own_checks,
    parts_of_type,
)

__all__ = ["MySQLWords"]

_INTEGERS: Mapping[str, Kind] = {
    "tinyint": Kind.TINYINT,
    "smallint": Kind.SMALLINT,
    "int": Kind.INT,
    "bigint": Kind.BIGINT,
    "tinyint unsigned": Kind.UNSIGNED_TINYINT,
    "smallint unsigned": Kind.UNSIGNED_SMALLINT,
    "int unsigned": Kind.UNSIGNED_INT,
    "bigint unsigned": Kind.UNSIGNED_BIGINT,
}
_NEAR: Mapping[str, tuple[Kind, str]] = {
    "mediumint": (Kind.INT, "isomorph has no integer of 24 bits, so it says the next wider one"),
    "mediumint unsigned": (Kind.UNSIGNED_INT, "isomorph has no integer of 24 bits, so it says the next wider one"),
    "year": (Kind.SMALLINT, "isomorph has no word for the type year"),
    "float": (Kind.REAL, "isomorph keeps real as DOUBLE, since the servers give a FLOAT in six digits"),
    "float unsigned": (Kind.REAL, "isomorph has no unsigned floats"),
    "double unsigned": (Kind.DOUBLE, "isomorph has no unsigned floats"),
    "tinytext": (Kind.TEXT, "it ends at 255 bytes, isomorph's text at 4 GiB"),
    "text": (Kind.TEXT, "it ends at 64 KiB, isomorph's text at 4 GiB"),
    "tinyblob": (Kind.BYTES, "it ends at 255 bytes, isomorph's bytes at 4 GiB"),
    "blob": (Kind.BYTES, "it ends at 64 KiB, isomorph's bytes at 4 GiB"),
    "mediumblob": (Kind.BYTES, "it ends at 16 MiB, isomorph's bytes at 4 GiB"),
    "inet6": (Kind.INET, "isomorph keeps addresses as text"),
    "inet4": (Kind.INET, "isomorph keeps addresses as text"),
    "uuid": (Kind.UUID, "isomorph keeps UUIDs as text"),
}
_SIMPLE: Mapping[str, Kind] = {
    "double": Kind.DOUBLE,
    "mediumtext": Kind.MEDIUMTEXT,
    "longtext": Kind.TEXT,
    "longblob": Kind.BYTES,
    "date": Kind.DATE,
    "json": Kind.JSON,
    **{kind.value: kind for kind in SHAPES},
}
_OF_SECONDS: Mapping[str, Kind] = {"time": Kind.TIME, "datetime": Kind.DATETIME, "timestamp": Kind.TIMESTAMPTZ}
_MICROSECONDS = 6

_DEFAULT_COLLATIONS = frozenset({"utf8mb4_nopad_bin", "utf8mb4_0900_bin"})
_NOCASE = frozenset({"utf8mb4_uca1400_nopad_as_ci", "uca1400_nopad_as_ci", "utf8mb4_0900_as_ci"})
_UUID_CHARACTERS = 36
_PREFIX_CHARACTERS = 255
_CHARACTER_BYTES = 4
_INDEX_BYTES = 3072

_SESSION = "isomorph takes the clock of UTC, this the one of the session's time zone"
_CLOCK: Mapping[str, str] = {
    "utc_timestamp ( 6 )": "",
    "utc_timestamp ( )": "isomorph takes microseconds as well",
    **{
        f"{name}{digits}": _SESSION
        for name in ("current_timestamp", "now")
        for digits in ("", " ( )", *(f" ( {number} )" for number in range(7)))
    },
}


class MySQLWords(Words):
    """The words of MySQL and MariaDB."""

    dialect = "mysql"
    escapes = True
    moments: ClassVar[Mapping[Kind, Mapping[str, str]]] = {
        Kind.DATETIME: _CLOCK,
        Kind.TIMESTAMPTZ: _CLOCK,
        Kind.DATE: {"utc_date ( )": "", "curdate ( )": _SESSION, "current_date ( )": _SESSION},
        Kind.TIME: {"utc_time ( 6 )": "", "curtime ( )": _SESSION, "current_time ( )": _SESSION},
    }

    def type_of(self, table: RawTable, column: RawColumn, names: EnumNames) -> SaidType:
        if column.values:
            kind = Kind.SET if column.type.lower().startswith("set") else Kind.ENUM
            return SaidType(ColumnType(kind, enum=names.of_values(table.name, column.name, column.values)))
        name, arguments = parts_of_type(column.type)
        zerofill = "it is filled up with zeros when it is read" if "zerofill" in name else ""
        name = name.removesuffix(" zerofill")
        if name in _INTEGERS:
            is_bool = name == "tinyint" and arguments == (1,)
            return SaidType(ColumnType(Kind.BOOL if is_bool else _INTEGERS[name]), zerofill)
        if name in _OF_SECONDS:
            return self._moment(name, arguments)
        checks = own_checks(table, column.name)
        match name:
            case "decimal" | "decimal unsigned":
                precision, scale = (*arguments, 0)[:2]
                note = zerofill or ("isomorph has no unsigned decimals" if name != "decimal" else "")
                return SaidType(ColumnType(Kind.DECIMAL, precision=precision, scale=scale), note)
            case "varchar" | "char":
                return self._characters(name, arguments[0], column, checks)
            case "varbinary":
                return SaidType(ColumnType(Kind.BYTES, length=arguments[0]))
            case "binary":
                note = "it is filled up with zero bytes, isomorph's bytes are not"
                return SaidType(ColumnType(Kind.BYTES, length=arguments[0]), note)
            case "bit" if arguments[:1] == (1,):
                return SaidType(ColumnType(Kind.BOOL), "isomorph keeps bool as TINYINT(1)")
            case "longtext" if (check := _json_check(checks)) is not None:
                return SaidType(ColumnType(Kind.JSON), check=check)
            case _ if name in _SIMPLE:
                return SaidType(ColumnType(_SIMPLE[name]))
            case _ if name in _NEAR:
                kind, note = _NEAR[name]
                return SaidType(ColumnType(kind), note)
            case _:
                return self.custom(column)

    @staticmethod
    def _moment(name: str, arguments: tuple[int, ...]) -> SaidType:
        digits = arguments[0] if arguments else 0
        notes = [] if digits == _MICROSECONDS else [f"it keeps {digits} digits of a second, isomorph six"]
        if name == "timestamp":
            notes.append("isomorph keeps moments as DATETIME(6) in UTC, since TIMESTAMP ends in 2038")
        return SaidType(ColumnType(_OF_SECONDS[name]), "; ".join(notes))

    @staticmethod
    def _characters(name: str, length: int, column: RawColumn, checks: list[tuple[str, RawCheck]]) -> SaidType:
        is_ascii = column.collation == "ascii_bin"
        for condition, check in checks:
            for kind in sorted(NETWORKS):
                if condition == f"? regexp '{NETWORK_PATTERNS[kind]}'":
                    return SaidType(ColumnType(kind), check=check)
        if is_ascii and (json_check := _json_check(checks)) is not None:
            return SaidType(ColumnType(Kind.JSON), check=json_check)
        if name == "char" and is_ascii and length == _UUID_CHARACTERS:
            return SaidType(ColumnType(Kind.UUID))
        return SaidType(ColumnType(Kind.STRING if name == "varchar" else Kind.CHAR, length=length))

    # --- collations ------------------------------------------------------------------------------------------------------

    def collation_of(self, table: RawTable, column: RawColumn, type_: ColumnType) -> Collation | None:
        del table
        if column.collation is None or not is_text(type_):
            return None
        return _collation(column.collation, default="binary")

    def table_collation(self, table: RawTable) -> Collation | None:
        return None if table.collation is None else _collation(table.collation, default=None)

    # --- indexes ---------------------------------------------------------------------------------------------------------

    def is_implied(self, table: RawTable, index: RawIndex) -> bool:
        """The index that a foreign key has made, which has its name."""
        columns = tuple(part.column for part in index.parts)
        return any(key.name == index.name and key.columns == columns for key in table.foreign_keys)

    def prefix_of(self, type_: ColumnType, part: RawPart, index: RawIndex) -> str:
        longest = _INDEX_BYTES if type_.kind is Kind.BYTES else _INDEX_BYTES // _CHARACTER_BYTES
        is_cut = not index.unique and (type_.length is None or type_.length > longest) and _is_long(type_)
        expected = _PREFIX_CHARACTERS if is_cut else None
        if part.prefix == expected:
            return ""
        made = "all of it" if expected is None else f"{expected} characters"
        return f"it takes {part.prefix or 'all'} characters of {part.column}, isomorph's {made}"


def _is_long(type_: ColumnType) -> bool:
    return type_.length is not None or type_.kind in {Kind.TEXT, Kind.MEDIUMTEXT, Kind.JSON, Kind.BYTES, *SHAPES}


def _collation(name: str, *, default: str | None) -> Collation | None:
    if name in _DEFAULT_COLLATIONS:
        return default
    return "nocase" if name in _NOCASE else {"mysql": name}


def _json_check(checks: list[tuple[str, RawCheck]]) -> RawCheck | None:
    return next((check for condition, check in checks if condition == "json_valid ( ? )"), None)
