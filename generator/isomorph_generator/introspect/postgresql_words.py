"""PostgreSQL's words: its types by name, isomorph's narrower ones by their checks. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from isomorph import dialects
from isomorph.catalog import INTEGERS, MEDIUMTEXT_BYTES, NETWORKS, RANGES, SHAPES, Collation, ColumnType, Kind
from isomorph.dialects.standard.composites import WKB_HEADS
from isomorph_generator.introspect.raw import RawCheck, RawColumn, RawTable
from isomorph_generator.introspect.words import (
    UNKNOWN_DECIMAL,
    EnumNames,
    SaidType,
    Words,
    is_text,
    own_checks,
    parts_of_type,
)

__all__ = ["PostgreSQLWords"]

_DDL = dialects.get("postgresql").ddl

_SIMPLE: Mapping[str, Kind] = {
    "boolean": Kind.BOOL,
    "smallint": Kind.SMALLINT,
    "integer": Kind.INT,
    "bigint": Kind.BIGINT,
    "real": Kind.REAL,
    "double precision": Kind.DOUBLE,
    "text": Kind.TEXT,
    "bytea": Kind.BYTES,
    "date": Kind.DATE,
    "time without time zone": Kind.TIME,
    "timestamp without time zone": Kind.DATETIME,
    "timestamp with time zone": Kind.TIMESTAMPTZ,
    "interval": Kind.INTERVAL,
    "jsonb": Kind.JSON,
    "uuid": Kind.UUID,
    **{kind.value: kind for kind in (*NETWORKS, *RANGES, Kind.TSVECTOR)},
}
_NEAR: Mapping[str, tuple[Kind, str]] = {
    "json": (Kind.JSON, "isomorph keeps JSON as jsonb"),
    "citext": (Kind.TEXT, "the case of letters does not count in citext; give it a collation"),
    "name": (Kind.TEXT, "isomorph has no word for the type name"),
    "xml": (Kind.TEXT, "isomorph has no word for the type xml"),
    "macaddr8": (Kind.TEXT, "isomorph has no word for the type macaddr8"),
}
_OF_SECONDS = frozenset({Kind.TIME, Kind.DATETIME, Kind.TIMESTAMPTZ, Kind.INTERVAL})
_MICROSECONDS = 6

_NUMBER = r"(?:\( )?'?(-? ?\d+)'?(?: \))?(?: :: \w+)?"
_RANGE = re.compile(rf"\( \? >= {_NUMBER} \) and \( \? <= {_NUMBER} \)")
_RANGE_KINDS: Mapping[str, tuple[Kind, ...]] = {
    "smallint": (Kind.TINYINT, Kind.UNSIGNED_TINYINT),
    "integer": (Kind.UNSIGNED_SMALLINT,),
    "bigint": (Kind.UNSIGNED_INT,),
    "numeric": (Kind.UNSIGNED_BIGINT,),
}
_CHAR = re.compile(r"right \( (?:\( \? \) :: text|\?) , 1 \) <> ' ' :: text")
_BYTES = re.compile(r"octet_length \( \? \) <= (\d+)")
_INTERVAL = re.compile(
    r"\( extract \( year from \? \) = \( 0 \) :: numeric \) and \( extract \( month from \? \) = \( 0 \) :: numeric \)"
)
_SHAPE = re.compile(r"substring \( \? from 1 for 5 \) = (?:any \( array \[ .* \] \)|'.*' :: bytea)")
_HEX = re.compile(r"'\\x([0-9a-f]+)'")


class PostgreSQLWords(Words):
    """PostgreSQL's words."""

    dialect = "postgresql"
    moments: ClassVar[Mapping[Kind, Mapping[str, str]]] = {
        Kind.DATETIME: {
            "current_timestamp at time zone 'UTC' :: text": "",
            "now ( ) at time zone 'utc' :: text": "",
            "timezone ( 'utc' :: text , now ( ) )": "",
            "current_timestamp": "isomorph takes the clock of UTC, this the one of the session's time zone",
            "now ( )": "isomorph takes the clock of UTC, this the one of the session's time zone",
            "localtimestamp": "isomorph takes the clock of UTC, this the one of the session's time zone",
        },
        Kind.TIMESTAMPTZ: {
            "current_timestamp": "",
            "now ( )": "",
            "clock_timestamp ( )": "isomorph takes the start of the transaction, this the moment of the statement",
        },
        Kind.DATE: {
            "( ( current_timestamp at time zone 'UTC' :: text ) ) :: date": "",
            "current_date": "isomorph takes the day of UTC, this the one of the session's time zone",
        },
        Kind.TIME: {
            "( ( current_timestamp at time zone 'UTC' :: text ) ) :: time without time zone": "",
            "localtime": "isomorph takes the clock of UTC, this the one of the session's time zone",
        },
    }

    def type_of(self, table: RawTable, column: RawColumn, names: EnumNames) -> SaidType:
        if column.extra == "domain" and column.base is not None:
            base = self._plain(table, column, column.base, names)
            note = f"it is of the domain {column.type}, whose own checks are not said"
            return SaidType(base.type, note, base.check)
        if column.type.endswith("[]"):
            return self._array(table, column, names)
        if column.values:
            return SaidType(ColumnType(Kind.ENUM, enum=names.of_type(column.type)))
        return self._plain(table, column, column.type, names)

    def _array(self, table: RawTable, column: RawColumn, names: EnumNames) -> SaidType:
        item = column.type.removesuffix("[]")
        if column.values:
            inner = SaidType(ColumnType(Kind.ENUM, enum=names.of_type(item)))
        else:
            # `format_type` of the array says the item's name without its arguments' effect: `numeric(5,2)[]`.
            inner = self._plain(RawTable(table.name, (), None), column, item, names)
        if inner.type.kind is Kind.CUSTOM:
            return self.custom(column)
        return SaidType(ColumnType(Kind.ARRAY, item=inner.type), inner.note)

    def _plain(self, table: RawTable, column: RawColumn, type_: str, names: EnumNames) -> SaidType:
        del names
        name, arguments = parts_of_type(type_)
        checks = own_checks(table, column.name)
        if (narrowed := _narrowed(name, checks)) is not None:
            return narrowed
        match name:
            case "numeric":
                return self._numeric(arguments)
            case "character varying" | "character" | "bpchar":
                return self._characters(name, arguments, checks)
            case _ if name in _SIMPLE:
                kind = _SIMPLE[name]
                digits = arguments[0] if arguments else _MICROSECONDS
                exact = kind not in _OF_SECONDS or digits == _MICROSECONDS
                return SaidType(
                    ColumnType(kind), "" if exact else f"it keeps {digits} digits of a second, isomorph six"
                )
            case _ if name in _NEAR:
                kind, note = _NEAR[name]
                return SaidType(ColumnType(kind), note)
            case _:
                return self.custom(column)

    @staticmethod
    def _numeric(arguments: tuple[int, ...]) -> SaidType:
        if arguments:
            precision, scale = (*arguments, 0)[:2]
            return SaidType(ColumnType(Kind.DECIMAL, precision=precision, scale=scale))
        precision, scale = UNKNOWN_DECIMAL
        note = "it takes any number of digits; give precision and scale that the values fit into"
        return SaidType(ColumnType(Kind.DECIMAL, precision=precision, scale=scale), note)

    @staticmethod
    def _characters(name: str, arguments: tuple[int, ...], checks: list[tuple[str, RawCheck]]) -> SaidType:
        if not arguments:
            return SaidType(ColumnType(Kind.TEXT))
        if name != "character varying":
            note = "PostgreSQL fills it up with blanks, isomorph's char has none at its end"
            return SaidType(ColumnType(Kind.CHAR, length=arguments[0]), note)
        for condition, check in checks:
            if _CHAR.fullmatch(condition):
                return SaidType(ColumnType(Kind.CHAR, length=arguments[0]), check=check)
        return SaidType(ColumnType(Kind.STRING, length=arguments[0]))

    def collation_of(self, table: RawTable, column: RawColumn, type_: ColumnType) -> Collation | None:
        del table
        if column.collation is None or not is_text(type_):
            return None
        words = {name: word for word, name in _DDL.collations.items()}
        return words.get(column.collation, {self.dialect: column.collation})

    def is_numbered(self, column: RawColumn) -> tuple[bool, str]:
        notes = {
            "identity always": "isomorph numbers rows BY DEFAULT, so that a number may be given",
            "serial": "it is numbered by a sequence of its own (serial), isomorph's are identity columns",
        }
        return bool(column.numbering), notes.get(column.numbering, "")


def _narrowed(name: str, checks: list[tuple[str, RawCheck]]) -> SaidType | None:
    """A kind that PostgreSQL has only as another one with a check; None where no check says so."""
    for condition, check in checks:
        if (match := _RANGE.fullmatch(condition)) is not None:
            bounds = tuple(int(number.replace(" ", "")) for number in match.groups())
            for kind in _RANGE_KINDS.get(name, ()):
                if bounds == (INTEGERS[kind].start, INTEGERS[kind].stop - 1):
                    return SaidType(ColumnType(kind), check=check)
        if name == "interval" and _INTERVAL.fullmatch(condition):
            return SaidType(ColumnType(Kind.INTERVAL), check=check)
        if (match := _BYTES.fullmatch(condition)) is not None:
            most = int(match[1])
            if name == "text" and most == MEDIUMTEXT_BYTES:
                return SaidType(ColumnType(Kind.MEDIUMTEXT), check=check)
            if name == "bytea":
                return SaidType(ColumnType(Kind.BYTES, length=most), check=check)
        if name == "bytea" and _SHAPE.fullmatch(condition):
            heads = {bytes.fromhex(head) for head in _HEX.findall(condition)}
            for kind in sorted(SHAPES):
                if heads == set(WKB_HEADS[kind]):
                    return SaidType(ColumnType(kind), check=check)
    return None
