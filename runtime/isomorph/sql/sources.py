"""What stands in FROM: tables under a name, statements as tables, common table expressions, and joins of them.

A source has a name, by which columns refer to it; a table's own where nobody gave another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from isomorph.errors import NotSupported

if TYPE_CHECKING:
    from isomorph.sql.expressions import Predicate
    from isomorph.sql.writer import Writer

__all__ = ["Cte", "CteSource", "DerivedTable", "Join", "Source", "TableSource", "Writable"]


class Writable(Protocol):
    """A statement that can stand inside another one."""

    def write(self, out: Writer) -> None: ...


class Source:
    """A table of FROM.

    Attributes:
        name: what its columns are qualified with.
    """

    __slots__ = ("name",)

    name: str

    def write(self, out: Writer) -> None:
        """Write it as FROM has it, with its name."""
        raise NotImplementedError


class TableSource(Source):
    """A table, under another name when the two differ."""

    __slots__ = ("table",)

    def __init__(self, table: str, name: str) -> None:
        self.table, self.name = table, name

    def write(self, out: Writer) -> None:
        out.table(self.table)
        if self.name != self.table:
            out.parts.append(f" AS {out.quoted(self.name)}")


class DerivedTable(Source):
    """A statement in parentheses; `lateral` when it may name the tables before it."""

    __slots__ = ("lateral", "statement")

    def __init__(self, statement: Writable, name: str, *, lateral: bool = False) -> None:
        self.statement, self.name, self.lateral = statement, name, lateral

    def write(self, out: Writer) -> None:
        if self.lateral:
            if "lateral" not in out.dialect.capabilities:
                raise NotSupported("lateral join", out.name, "join a subquery with a window function, or ask twice")
            out.parts.append("LATERAL ")
            self._write_statement(out)
            return
        visible, out.visible = out.visible, ()  # unless lateral, it sees nothing around it
        try:
            self._write_statement(out)
        finally:
            out.visible = visible

    def _write_statement(self, out: Writer) -> None:
        out.parts.append("(")
        self.statement.write(out)
        out.parts.append(f") AS {out.quoted(self.name)}")


class Cte:
    """A common table expression (WITH): a statement that the whole statement around it may read by name.

    Attributes:
        name: its name.
        names: names of its columns, in order.
        recursive: whether it reads itself.
        materialized: whether it must be computed once, and apart from what reads it (PostgreSQL, SQLite).
    """

    __slots__ = ("_statement", "materialized", "name", "names", "recursive")

    def __init__(
        self,
        name: str,
        names: Sequence[str],
        statement: Writable | None,
        *,
        recursive: bool = False,
        materialized: bool = False,
    ) -> None:
        self.name, self.names, self._statement = name, names, statement
        self.recursive, self.materialized = recursive, materialized

    def define(self, statement: Writable) -> None:
        """Say what it is; once, for one that names itself."""
        self._statement = statement

    def write_definition(self, out: Writer) -> None:
        """Write the statement that it stands for."""
        assert self._statement is not None  # defined before anybody else can see it
        self._statement.write(out)


class CteSource(Source):
    """A common table expression in FROM."""

    __slots__ = ("cte",)

    def __init__(self, cte: Cte, name: str) -> None:
        self.cte, self.name = cte, name

    def write(self, out: Writer) -> None:
        if out.is_closed:
            out.enclose(self.cte)
            out.parts.append(f" AS {out.quoted(self.name)}")
            return
        out.require(self.cte)
        out.parts.append(out.quoted(self.cte.name))
        if self.name != self.cte.name:
            out.parts.append(f" AS {out.quoted(self.name)}")


class Join:
    """A joined table.

    Attributes:
        table: name of the new table in the statement.
        source: name of the table already there that `pairs` start at; empty for a join by condition.
        pairs: (column of source, column of table), all equal.
        constants: (column of table, text) that must be equal: aliases of a morph map.
        condition: what must be true besides; None with neither pairs nor condition is a cross join.
        target: what the new table is, where it is not the table of that name.
        outer: whether rows without a partner stay (LEFT JOIN).
        is_single: whether a row has one partner at most: `pairs` hold a unique key of the new table.
        key: names of the columns that the rows of the new table differ by; empty where nobody knows.
        texts: by dialect name, what was written, where nothing but names makes the join: then it is always the same.
    """

    __slots__ = ("condition", "constants", "is_single", "key", "outer", "pairs", "source", "table", "target", "texts")

    def __init__(
        self,
        table: str,
        source: str,
        pairs: Sequence[tuple[str, str]],
        *,
        constants: Sequence[tuple[str, str]] = (),
        condition: Predicate | None = None,
        target: Source | None = None,
        outer: bool = False,
        is_single: bool = False,
        key: Sequence[str] = (),
    ) -> None:
        self.table, self.source, self.pairs, self.constants = table, source, pairs, constants
        self.condition, self.target, self.outer, self.is_single, self.key = condition, target, outer, is_single, key
        self.texts: dict[str, str] = {}

    @property
    def is_lateral(self) -> bool:
        """Whether the new table may read those before it."""
        return isinstance(self.target, DerivedTable) and self.target.lateral

    @property
    def is_cross(self) -> bool:
        """Whether every row meets every row."""
        return not self.pairs and self.condition is None

    def write(self, out: Writer) -> None:
        """Write it behind the tables already there."""
        known = self.texts.get(out.name)
        if known is not None:
            out.parts.append(known)
            if out.read is not None:
                out.read.add(self.table)
            return
        start = len(out.parts)
        if self.is_cross:
            out.parts.append(" CROSS JOIN ")
            self.write_target(out)
            return
        out.parts.append(" LEFT JOIN " if self.outer else " INNER JOIN ")
        self.write_target(out)
        out.parts.append(" ON ")
        self.write_condition(out)
        if self.target is None and self.condition is None and not self.constants:
            self.texts[out.name] = "".join(out.parts[start:])

    def write_condition(self, out: Writer) -> None:
        """Write what must be true of two rows; nothing for a cross join."""
        quoted = out.quoted
        table, source = quoted(self.table), quoted(self.source)
        out.parts.append(
            " AND ".join([f"{source}.{quoted(local)} = {table}.{quoted(remote)}" for local, remote in self.pairs])
        )
        for column, text in self.constants:
            out.parts.append(f" AND {table}.{quoted(column)} = ")
            out.bind(text, None)
        if self.condition is not None:
            if self.pairs:
                out.parts.append(" AND ")
            with out.part("the condition of a join"):
                self.condition._write(out)

    def from_source(self, source: str) -> Join:
        """The same, starting at another table."""
        return Join(
            self.table,
            source,
            self.pairs,
            constants=self.constants,
            condition=self.condition,
            target=self.target,
            outer=self.outer,
            is_single=self.is_single,
            key=self.key,
        )

    def write_target(self, out: Writer) -> None:
        """Write the new table, with its name."""
        if self.target is None:
            out.table(self.table)
        else:
            self.target.write(out)
