"""What a database tells of how it runs a statement, in one form for all; and how each is asked.

Owns the tree and its text. How a database's own answer becomes the tree is in the `explain` module of its dialect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from isomorph.dataclassing import dataclass

__all__ = ["ExplainNode", "ExplainRules", "Explained", "masked"]


@dataclass(frozen=True, slots=True)
class ExplainNode:
    """A step of a plan.

    Attributes:
        operation: what is done, in the database's words: `Seq Scan`, `SEARCH`, `ref`.
        detail: conditions, keys and the like, in its words; texts in quotes are masked, numbers are not.
        table: the table that is read, as the database calls it (MariaDB says the alias); None for other steps.
        alias: what the statement calls it, where that differs and the database says so.
        index: the index that is used, or None.
        is_full_scan: whether a table, or an index of it, is read from end to end.
        rows: rows that the database expects the step to give each time it runs, or None.
        cost: what it expects the step and those below to cost, in its own unit, or None.
        actual_rows: rows that the step gave in all of its runs together; None unless analyzed.
        time_ms: milliseconds spent in the step and those below, in all runs together; None unless analyzed. MariaDB
            counts for a table only the time at that table.
        loops: how often it ran; None unless analyzed.
        children: the steps that it takes its rows from.
    """

    operation: str
    detail: str = ""
    table: str | None = None
    alias: str | None = None
    index: str | None = None
    is_full_scan: bool = False
    rows: float | None = None
    cost: float | None = None
    actual_rows: float | None = None
    time_ms: float | None = None
    loops: int | None = None
    children: tuple[ExplainNode, ...] = ()

    def walk(self) -> Iterator[ExplainNode]:
        """The step and all below, each before those below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The step and all below as text, each level indented by two spaces more."""
        yield "  " * depth + self._line()
        for child in self.children:
            yield from child.lines(depth + 1)

    def _line(self) -> str:
        text = self.operation
        if self.table is not None:
            text += f" on {self.table}"
        if self.alias is not None:
            text += f" {self.alias}"
        if self.index is not None:
            text += f" using {self.index}"
        if self.detail:
            text += f": {self.detail}"
        numbers = (
            ("cost", self.cost, ""),
            ("rows", self.rows, ""),
            ("actual rows", self.actual_rows, ""),
            ("time", self.time_ms, " ms"),
            ("loops", self.loops, ""),
        )
        known = ", ".join(f"{name} {_number(value)}{unit}" for name, value, unit in numbers if value is not None)
        return f"{text}  ({known})" if known else text


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Explained:
    """A database's answer.

    Attributes:
        nodes: the outermost steps.
        raw: the answer as the database gave it; may hold values.
        planning_ms: milliseconds that finding the plan took; None unless analyzed, or where the database does not say.
        execution_ms: milliseconds that running it took, likewise.
    """

    nodes: tuple[ExplainNode, ...]
    raw: str
    planning_ms: float | None = None
    execution_ms: float | None = None


class ExplainRules(Protocol):
    """How a database is asked for a plan, and what its answer means."""

    def question(self, sql: str, capabilities: frozenset[str], *, analyze: bool) -> str:
        """The statement that asks how a SELECT is run, with the parameters of the SELECT.

        Raises:
            NotSupported: `analyze`, which the database lacks.
        """
        ...

    def answer(self, rows: Sequence[tuple[Any, ...]]) -> Explained:
        """What its rows mean."""
        ...


_TEXT = re.compile(r"'(?:[^'\\]|''|\\.)*'")


def masked(text: str) -> str:
    """A condition as the database prints it, without the texts in it: they are values."""
    return _TEXT.sub("'?'", text)
