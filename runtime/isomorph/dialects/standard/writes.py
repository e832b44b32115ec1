"""How INSERT, UPDATE and DELETE are put together: PostgreSQL's way, and the points where a dialect differs. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from isomorph.catalog import ColumnType
from isomorph.dataclassing import dataclass

__all__ = ["WriteRules"]


@dataclass(frozen=True, slots=True)
class WriteRules:
    """The shape of statements that write.

    Attributes:
        lists_joined: whether tables that an UPDATE or DELETE reads are joined to the one it writes; otherwise they
            stand apart, in FROM or USING.
        deletes_using: whether DELETE reads other tables at all; otherwise it takes the keys of its rows from a SELECT.
        behind_ctes: whether common table expressions stand in front of them, and may be such statements themselves.
        assigns_in_order: whether an assignment sees what those before it have set.
        updates_any_key: whether an upsert updates the row that any unique key finds, not only the one it names.
        collision: number of the error that tells, where `updates_any_key`, that the row found is not the one named.
        most_rows: rows that one INSERT takes; of more there is no gain.
        keeps_texts: whether the driver keeps the prepared statement of each text, so that few of them are better.
        most_size: characters and bytes of bound values that one INSERT takes, about; None for any number.
        steps: text of a query for the steps in which the rows of one INSERT are numbered, of which the database tells the first
            number; None where it tells the last, or none.
        copies: whether rows can be sent as a stream (COPY), for execute_many.
        returns_updated: whether UPDATE has RETURNING.
        returns_joined: whether RETURNING knows the tables that a write reads.
    """

    lists_joined: bool = False
    deletes_using: bool = True
    behind_ctes: bool = True
    assigns_in_order: bool = False
    updates_any_key: bool = False
    collision: str = ""
    most_rows: int = 500
    keeps_texts: bool = False
    most_size: int | None = None
    steps: str | None = None
    copies: bool = False
    returns_updated: bool = True
    returns_joined: bool = True

    def rows_of(self, types: Sequence[ColumnType]) -> str | None:
        """Text that gives rows of which each column is bound as one list, for INSERT; None where there is no such thing.

        However many rows there are, the text is one.
        """
        del types
        return None

    def copy(self, table: str, names: Sequence[str], types: Sequence[ColumnType]) -> str:
        """Text that sends rows as a stream, for `execute_many`; table and columns are quoted.

        Only where it `copies`.
        """
        raise NotImplementedError

    def numbers(self) -> str:
        """Text that draws new numbers of a column, as one array; parameters: the quoted table, the column, how many.

        Only where it `copies`.
        """
        raise NotImplementedError

    def last_number(self, table: str, column: str) -> str | None:
        """Text that gives the number of a column after which the next rows of an INSERT are numbered, one by one, if they are.

        That is to be seen by the number of the last one. Its value is NULL where they may be numbered otherwise even so. Table
        and column are quoted, the parameter is the table's name. None where there is nothing that says so.
        """
        del table, column
        return None

    def assigned(self, type_: ColumnType) -> tuple[str, str]:
        """Text before and behind an expression that a column is set to, where the column does not round it by itself."""
        del type_
        return "", ""
