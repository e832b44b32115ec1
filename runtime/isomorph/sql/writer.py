"""Where statements are written: text in parts, bound values in the order of their placeholders, and the tables in sight.

Owns how a name is found: a column is written only where its table is part of the statement, or of one around it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery
from isomorph.sql.codecs import Codec

if TYPE_CHECKING:
    from isomorph.sql.sources import Cte

__all__ = ["Writer"]


@lru_cache(maxsize=4096)
def _dotted(quoted: Callable[[str], str], table: str, name: str) -> str:
    """A column with its table."""
    return f"{quoted(table)}.{quoted(name)}"


class Writer:
    """Text written so far, and what may be named in it.

    Attributes:
        dialect: the dialect spoken.
        name: its name.
        quoted: its quoting of identifiers.
        placeholder: its placeholder.
        parts: text written so far.
        parameters: values bound so far, converted for the driver.
        qualified: whether columns are written with their table, which statements over several tables need.
        visible: names of the tables that columns may belong to, the innermost statement's first; None for any.
        outer_joined: those of them whose columns may all be NULL.
        clause: the part being written, where not everything may stand; None in a list of columns or orders.
        totalled: the grouped columns, by table and name, that stand for NULL in a total of a rollup.
        is_closed: whether no common table expressions can stand in front of the statement, so that each one stands
            where it is read.
        scopes: global scopes that are being written, one inside of another.
        read: tables of the database that were named in FROM so far, where somebody asks; else None.
    """

    __slots__ = (
        "_ctes",
        "_homes",
        "clause",
        "dialect",
        "is_closed",
        "name",
        "outer_joined",
        "parameters",
        "parts",
        "placeholder",
        "qualified",
        "quoted",
        "read",
        "scopes",
        "totalled",
        "visible",
    )

    def __init__(self, dialect: Dialect, *, qualified: bool = False, visible: Sequence[str] | None = None) -> None:
        self.dialect = dialect
        self.name = dialect.name
        self.quoted = dialect.quoted
        self.placeholder = dialect.placeholder
        self.parts: list[str] = []
        self.parameters: list[object] = []
        self.qualified = qualified
        self.visible = visible
        self.outer_joined: Sequence[str] = ()
        self.clause: str | None = None
        self.totalled: Collection[tuple[str, str]] = ()
        self.is_closed = False
        self.read: set[str] | None = None
        self.scopes: tuple[str, ...] = ()
        self._homes: dict[str, str] | None = None
        self._ctes: dict[str, tuple[Cte, Writer | None]] | None = None

    def bind(self, value: object, codec: Codec | None) -> None:
        """Write a placeholder and bind a checked value to it."""
        self.parts.append(self.placeholder)
        if codec is not None and value is not None:
            bind = codec.binds[self.name]
            if bind is not None:
                value = bind(value)
        self.parameters.append(value)

    def table(self, name: str) -> None:
        """Write a table of the database, as FROM names it."""
        self.parts.append(self.quoted(name))
        if self.read is not None:
            self.read.add(name)

    def column(self, table: str, name: str) -> None:
        """Write a column.

        Raises:
            InvalidQuery: its table is no part of the statement.
        """
        visible = self.visible
        if visible is not None and table not in visible:
            table = self._home(table)
        if self.totalled and (table, name) in self.totalled:
            self.parts.append("NULL")
        elif self.qualified:
            self.parts.append(_dotted(self.quoted, table, name))
        else:
            self.parts.append(self.quoted(name))

    def resolved(self, table: str) -> str:
        """What the table is called that is meant here by a table's name.

        Raises:
            InvalidQuery: it is no part of the statement.
        """
        visible = self.visible
        return table if visible is None or table in visible else self._home(table)

    def _home(self, table: str) -> str:
        if self._homes is not None and table in self._homes:
            return self._homes[table]
        raise InvalidQuery(f"{table} is no part of the query", "join it first, or use its own model's columns")

    @contextmanager
    def homed(self, table: str, name: str) -> Generator[None]:
        """Within the block, columns of `table` are those of the source `name`: conditions made for the bare model."""
        saved = self.visible, self._homes
        self._homes = {**(self._homes or {}), table: name}
        if self.visible is not None:
            self.visible = tuple(item for item in self.visible if item != table)
        try:
            yield
        finally:
            self.visible, self._homes = saved

    @contextmanager
    def statement(self, tables: Sequence[str], outer_joined: Sequence[str]) -> Generator[None]:
        """Within the block, a statement inside this one is written: it sees its own tables, then those around it."""
        saved = self.visible, self.qualified, self.outer_joined, self._homes
        around = self.clause, self.totalled
        self.visible = (*tables, *(self.visible or ()))
        self.qualified = True
        self.outer_joined = (*outer_joined, *self.outer_joined)
        self.clause, self.totalled = None, ()
        try:
            yield
        finally:
            self.visible, self.qualified, self.outer_joined, self._homes = saved
            self.clause, self.totalled = around

    @contextmanager
    def part(self, clause: str) -> Generator[None]:
        """Within the block, a part of a statement is written where not everything may stand."""
        saved, self.clause = self.clause, clause
        try:
            yield
        finally:
            self.clause = saved

    def require(self, cte: Cte) -> None:
        """Have a common table expression defined in front of the whole statement, behind those that it needs.

        Raises:
            InvalidQuery: another one of that name is already part of the statement.
        """
        if self._ctes is None:
            self._ctes = {}
        known = self._ctes.get(cte.name)
        if known is None:
            own = Writer(self.dialect)
            own._ctes, own.read = self._ctes, self.read
            self._ctes[cte.name] = cte, None  # seen: it may name itself
            cte.write_definition(own)
            del self._ctes[cte.name]
            self._ctes[cte.name] = cte, own
        elif known[0] is not cte:
            raise InvalidQuery(f"two common table expressions are called {cte.name}", "give one another name")

    def enclose(self, cte: Cte) -> None:
        """Write a common table expression as a table in parentheses, whatever it needs inside them."""
        own = Writer(self.dialect)
        own.read = self.read
        own.require(cte)
        own.parts.append(f"SELECT * FROM {self.quoted(cte.name)}")
        text, parameters = own.result()
        self.parts.append(f"({text})")
        self.parameters += parameters

    def result(self) -> tuple[str, tuple[object, ...]]:
        """The whole text and its parameters."""
        if self._ctes:
            return self._with_ctes(self._ctes)
        return "".join(self.parts), tuple(self.parameters)

    def _with_ctes(self, ctes: dict[str, tuple[Cte, Writer | None]]) -> tuple[str, tuple[object, ...]]:
        texts: list[str] = []
        parameters: list[object] = []
        for cte, writer in ctes.values():
            assert writer is not None  # written by now: nothing is left open
            names = ", ".join(map(self.quoted, cte.names))
            kept = "MATERIALIZED " if cte.materialized else ""
            texts.append(f"{self.quoted(cte.name)} ({names}) AS {kept}({''.join(writer.parts)})")
            parameters += writer.parameters
        word = "WITH RECURSIVE" if any(cte.recursive for cte, _ in ctes.values()) else "WITH"
        return f"{word} {', '.join(texts)} {''.join(self.parts)}", (*parameters, *self.parameters)
