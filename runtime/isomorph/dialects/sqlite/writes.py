"""How SQLite puts INSERT, UPDATE and DELETE together."""

from __future__ import annotations

from isomorph.catalog import ColumnType, Kind
from isomorph.dialects.standard.writes import WriteRules

__all__ = ["RULES"]


class SQLiteWriteRules(WriteRules):
    def last_number(self, table: str, column: str) -> str | None:
        # A row gets a number that is greater than all there are (https://sqlite.org/autoinc.html), but in tables that have the
        # greatest possible one: so many rows of which the last got just so much more are numbered one by one. Triggers alone
        # could delete what was inserted, or insert more.
        known = "SELECT type, tbl_name FROM sqlite_schema UNION ALL SELECT type, tbl_name FROM sqlite_temp_schema"
        triggers = f"SELECT 1 FROM ({known}) WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE"
        return f"SELECT CASE WHEN EXISTS ({triggers}) THEN NULL ELSE coalesce(max({column}), 0) END FROM {table}"

    def assigned(self, type_: ColumnType) -> tuple[str, str]:
        if type_.kind is Kind.DECIMAL and type_.scale is not None:
            # Decimals are text, which no column rounds, or finds too long.
            return "isomorph_fit(", f", {type_.precision}, {type_.scale})"
        return "", ""


# RETURNING does not know the tables of FROM (https://sqlite.org/lang_returning.html#limitations_and_caveats). Behind WITH
# sqlite3 does not take UPDATE and DELETE for what they are, and does not count their rows.
# An INSERT of several rows copies each page that it touches aside, in case a later row is refused: the more rows, the less
# of that for each.
RULES = SQLiteWriteRules(
    deletes_using=False, behind_ctes=False, returns_joined=False, most_rows=2_048, keeps_texts=True
)
