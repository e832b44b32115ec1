"""How SQLite makes values of one type of those of another. Decimals are text there, dates and times text of a fixed form.

A STRICT table takes text for a number only where it is one, and refuses the row otherwise.
"""

from __future__ import annotations

from isomorph.catalog import ColumnType, Kind
from isomorph.dialects.standard.conversions import NUMERIC, Conversions, group

__all__ = ["SQLiteConversions"]

_TEXT_NUMBERS = frozenset({Kind.DECIMAL, Kind.UNSIGNED_BIGINT})


class SQLiteConversions(Conversions):
    """Expressions of SQLite, and functions of the driver for decimals."""

    def between(self, value: str, before: ColumnType, after: ColumnType) -> str | None:
        old, new = group(before.kind), group(after.kind)
        if old in NUMERIC and new in NUMERIC:
            return self._number(value, before, after)
        if new == "text":
            return self._text(value, before)
        if old == "text":
            return self._of_text(value, after)
        match (before.kind, after.kind):
            case (Kind.DATE, Kind.DATETIME):
                return f"{value} || ' 00:00:00.000000'"
            case (Kind.DATE, Kind.TIMESTAMPTZ):
                return f"{value} || ' 00:00:00.000000+00:00'"
            case (Kind.DATETIME, Kind.TIMESTAMPTZ):
                return f"{value} || '+00:00'"
            case (Kind.TIMESTAMPTZ, Kind.DATETIME):
                return f"substr({value}, 1, 26)"
            case (Kind.DATETIME | Kind.TIMESTAMPTZ, Kind.DATE):
                return f"substr({value}, 1, 10)"
            case _:
                return None

    def _number(self, value: str, before: ColumnType, after: ColumnType) -> str | None:
        match after.kind:
            case Kind.BOOL:
                # Decimals are text, and '0.00' is none of SQLite's zeros.
                number = f"CAST({value} AS REAL)" if before.kind in _TEXT_NUMBERS else value
                return f"{number} <> 0"
            case Kind.DECIMAL:
                return f"isomorph_fit({value}, {after.precision}, {after.scale})"
            case Kind.UNSIGNED_BIGINT:
                return f"isomorph_round({value}, 0)"
            case _ if group(after.kind) == "double":
                return f"CAST({value} AS REAL)"
            case _ if before.kind is Kind.UNSIGNED_BIGINT or group(before.kind) in {"decimal", "double"}:
                return f"isomorph_nearest({value})"
            case _:
                return None

    def _text(self, value: str, before: ColumnType) -> str | None:
        match before.kind:
            case Kind.BOOL:
                return f"CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"
            case Kind.BYTES:
                return f"CAST({value} AS TEXT)"
            case _:
                return None

    def _of_text(self, value: str, after: ColumnType) -> str | None:
        text = f"trim({value})"
        match after.kind:
            case Kind.BOOL:
                known = "WHEN 'true' THEN 1 WHEN '1' THEN 1 WHEN 'false' THEN 0 WHEN '0' THEN 0"
                return f"CASE lower({text}) {known} ELSE {text} END"
            case Kind.DECIMAL:
                return f"isomorph_fit({text}, {after.precision}, {after.scale})"
            case Kind.UNSIGNED_BIGINT:
                return text
            case Kind.BYTES:
                return f"CAST({value} AS BLOB)"
            case Kind.UUID:
                return f"lower({text})"
            case Kind.DATE:
                return self._moment(text, "%Y-%m-%d")
            case Kind.TIME:
                return self._moment(text, "%H:%M:%f000")
            case Kind.DATETIME:
                return self._moment(text, "%Y-%m-%d %H:%M:%f000")
            case Kind.TIMESTAMPTZ:
                return self._moment(text, "%Y-%m-%d %H:%M:%f000+00:00")
            case _:
                return None

    def _moment(self, text: str, form: str) -> str:
        """A date or time in the form in which it is kept: as it is where it has that, else read by SQLite.

        Text that is none becomes a number, which a STRICT table refuses for no text column; so it is made a blob.
        """
        digits = {"%Y": "[0-9]" * 4, "%f": "[0-9][0-9].[0-9][0-9][0-9]"}
        pattern = form.replace("000", "[0-9][0-9][0-9]")
        for part in ("%Y", "%m", "%d", "%H", "%M", "%f"):
            pattern = pattern.replace(part, digits.get(part, "[0-9][0-9]"))
        made = f"strftime({self._ddl.string(form)}, {text})"
        return f"CASE WHEN {text} GLOB '{pattern}' THEN {text} WHEN {text} IS NULL THEN NULL ELSE coalesce({made}, X'00') END"
