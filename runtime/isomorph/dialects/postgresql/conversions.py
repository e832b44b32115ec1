"""How PostgreSQL makes values of one type of those of another, as USING says it.

An explicit cast to `varchar(n)` cuts a text, one by assignment refuses it: so texts are cast to `text`, and assigned.
"""

from __future__ import annotations

from isomorph.catalog import ColumnType, Kind
from isomorph.dialects.standard.conversions import NUMERIC, Conversions, group

__all__ = ["PostgreSQLConversions"]

_DAY = "YYYY-MM-DD"
_CLOCK = "HH24:MI:SS.US"


class PostgreSQLConversions(Conversions):
    """Casts, and what stands for them where the meaning of a cast depends on the session."""

    def between(self, value: str, before: ColumnType, after: ColumnType) -> str | None:
        old, new = group(before.kind), group(after.kind)
        if old in NUMERIC and new in NUMERIC:
            return self._number(value, old, new, after)
        if old == new and old in {"text", "shape", "bytes"}:
            return None
        if new == "text":
            return self._text(value, before)
        if old in {"date", "datetime", "timestamptz", "interval"} or new == "interval":
            return self._moment(value, old, new, after)
        match (old, new):
            case ("text", "bytes"):
                return f"convert_to({value}, 'UTF8')"
            case ("text", _) | ("enum", _):
                return f"{value}::text::{self._type(after)}"
            case ("set", _):
                return f"{value}::text[]::{self._type(after)}"
            case ("array", _) if after.item is not None:
                # Not varchar(n)[], which would cut its items.
                is_text = group(after.item.kind) == "text"
                return f"{value}::text[]" if is_text else f"{value}::text[]::{self._type(after)}"
            case _:
                return f"{value}::{self._type(after)}"

    def _moment(self, value: str, old: str, new: str, after: ColumnType) -> str | None:
        match (old, new):
            case ("datetime", "timestamptz") | ("timestamptz", "datetime"):
                return f"{value} AT TIME ZONE 'UTC'"
            case ("date", "timestamptz"):
                return f"{value}::timestamp AT TIME ZONE 'UTC'"
            case ("timestamptz", "date"):
                return f"({value} AT TIME ZONE 'UTC')::date"
            case ("interval", "int"):
                return f"(extract(epoch FROM {value}) * 1000000)::{self._type(after)}"
            case ("int", "interval"):
                return f"{value} * INTERVAL '1 microsecond'"
            case _:
                return f"{value}::{self._type(after)}"

    def _number(self, value: str, old: str, new: str, after: ColumnType) -> str | None:
        if old == new:
            return None
        if new == "bool":
            return f"{value} <> 0"
        return f"{value}::integer::{self._type(after)}" if old == "bool" else None

    def _text(self, value: str, before: ColumnType) -> str:
        match before.kind:
            case Kind.BYTES:
                return f"convert_from({value}, 'UTF8')"
            case Kind.INET:
                return f"host({value})"
            case Kind.TIME:
                return f"to_char(DATE '2000-01-01' + {value}, '{_CLOCK}')"
            case Kind.DATE:
                return f"to_char({value}, '{_DAY}')"
            case Kind.DATETIME:
                return f"to_char({value}, '{_DAY} {_CLOCK}')"
            case Kind.TIMESTAMPTZ:
                return f"to_char({value} AT TIME ZONE 'UTC', '{_DAY} {_CLOCK}') || '+00:00'"
            case _:
                return f"{value}::text"

    def _type(self, type_: ColumnType) -> str:
        return self._ddl.column_type(type_, self._enums)
