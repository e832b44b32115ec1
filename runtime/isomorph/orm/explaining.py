"""How the database runs a query: its plan as a tree, asked of the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.explain import ExplainNode

if TYPE_CHECKING:
    from isomorph.orm.plans import Executor
    from isomorph.sql.select import Compiled

__all__ = ["ExplainNode", "Explanation", "explained"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the database tells of a query. As text, a tree by indentation.

    Attributes:
        dialect: `sqlite`, `postgresql` or `mysql`.
        sql: the statement, without its values.
        nodes: the outermost steps; SQLite tells several in a row, the others one.
        raw: the answer as the database gave it: JSON, or lines. It may hold values of the statement.
        analyzed: whether the statement was run for it, so that there are actual rows and times.
        planning_ms: milliseconds that finding the plan took; None unless analyzed, or where the database does not say.
        execution_ms: milliseconds that running it took, likewise.
        rewrites: names of the passes that changed the statement before it was compiled, in order.
    """

    dialect: str
    sql: str
    nodes: tuple[ExplainNode, ...]
    raw: str
    analyzed: bool = False
    planning_ms: float | None = None
    execution_ms: float | None = None
    rewrites: tuple[str, ...] = ()

    def walk(self) -> Iterator[ExplainNode]:
        """All steps, each before those below it."""
        for node in self.nodes:
            yield from node.walk()

    @property
    def full_scans(self) -> tuple[str, ...]:
        """The tables that are read from end to end, as the database calls them, in order."""
        return tuple(node.table or node.operation for node in self.walk() if node.is_full_scan)

    @property
    def indexes(self) -> tuple[str, ...]:
        """The indexes that are used, in order."""
        return tuple(node.index for node in self.walk() if node.index is not None)

    def __str__(self) -> str:
        lines = [line for node in self.nodes for line in node.lines()]
        if self.rewrites:
            lines.append(f"rewritten by: {', '.join(self.rewrites)}")
        for name, took_ms in (("planning", self.planning_ms), ("execution", self.execution_ms)):
            if took_ms is not None:
                lines.append(f"{name}: {took_ms:.3f} ms")
        return "\n".join(lines)


def explained(
    executor: Executor, statement: Compiled, *, analyze: bool = False, rewrites: tuple[str, ...] = ()
) -> Explanation:
    """Ask how a SELECT is run.

    Args:
        executor: where it would be sent.
        statement: its text and parameters.
        analyze: run it, and tell what happened.
        rewrites: names of the passes that changed it.

    Raises:
        NotSupported: `analyze` on SQLite.
        DatabaseError: the database refuses.
    """
    sql, parameters = statement
    dialect = executor.dialect
    question = dialect.explain.question(sql, executor.capabilities, analyze=analyze)
    found = dialect.explain.answer(executor.fetch(question, parameters))
    return Explanation(
        dialect.name, sql, found.nodes, found.raw, analyze, found.planning_ms, found.execution_ms, rewrites
    )
