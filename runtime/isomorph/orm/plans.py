"""Plans: logic of several statements, written once and run by whoever has a connection.

A plan is a generator. It yields commands and receives their results, or the error, as if the command were a call. It
never knows who runs it: the runner here is the synchronous one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias, TypeVar, cast

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import IsomorphError

__all__ = [
    "Atomic",
    "Command",
    "Elsewhere",
    "Execute",
    "ExecuteMany",
    "Executor",
    "Fetch",
    "Insert",
    "Plan",
    "Repeatable",
    "run",
]

T = TypeVar("T")

Row = tuple[Any, ...]


class Executor(Protocol):
    """A connection, as far as the ORM needs one."""

    @property
    def name(self) -> str: ...

    @property
    def dialect(self) -> Dialect: ...

    @property
    def in_transaction(self) -> bool: ...

    @property
    def capabilities(self) -> frozenset[str]: ...

    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]: ...

    def fetch_one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None: ...

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int: ...

    def insert(self, sql: str, parameters: Sequence[Any] = ()) -> int: ...

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> int: ...

    def stream(self, sql: str, parameters: Sequence[Any], size: int) -> Generator[list[Row], None, None]: ...

    def transaction(self) -> AbstractContextManager[object]: ...

    def settle(self, work: Callable[[], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class Fetch:
    """Gives all rows."""

    sql: str
    parameters: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Execute:
    """Gives the number of rows touched."""

    sql: str
    parameters: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Insert:
    """Inserts one row; gives the key that the database made (0 when none)."""

    sql: str
    parameters: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class ExecuteMany:
    """Runs a statement per tuple of parameters; gives the number of rows touched."""

    sql: str
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Atomic:
    """Runs a plan in a transaction, or in a savepoint of the open one; gives its result."""

    plan: Plan[Any]


@dataclass(frozen=True, slots=True)
class Repeatable:
    """As `Atomic`; where there is no outer transaction, a new plan again when concurrent transactions got in its way."""

    make: Callable[[], Plan[Any]]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Runs a plan on another connection; gives its result."""

    executor: Executor
    plan: Plan[Any]


Command: TypeAlias = Fetch | Execute | Insert | ExecuteMany | Atomic | Repeatable | Elsewhere

Plan: TypeAlias = Generator[Command, Any, T]


def run(executor: Executor, plan: Plan[T]) -> T:
    """Run a plan to its end and return its result.

    Raises:
        IsomorphError: what the plan raises, or lets through.
    """
    try:
        command = next(plan)
        while True:
            try:
                result = _perform(executor, command)
            except IsomorphError as error:
                command = plan.throw(error)
            else:
                command = plan.send(result)
    except StopIteration as stop:
        return cast(T, stop.value)


def _perform(executor: Executor, command: Command) -> object:
    match command:
        case Fetch(sql, parameters):
            return executor.fetch(sql, parameters)
        case Execute(sql, parameters):
            return executor.execute(sql, parameters)
        case Insert(sql, parameters):
            return executor.insert(sql, parameters)
        case ExecuteMany(sql, rows):
            return executor.execute_many(sql, rows)
        case Atomic(plan):
            with executor.transaction():
                return run(executor, plan)
        case Repeatable(make):
            return executor.settle(lambda: run(executor, make()))
        case Elsewhere(other, plan):
            return run(other, plan)
