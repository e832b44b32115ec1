"""Data steps in Python: what a revision's function is given, and the operation that calls it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar

from isomorph.connections import Connection as RealConnection
from isomorph.connections import Connections
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidOperation, IsomorphError
from isomorph.migrate.connection import Connection
from isomorph.migrate.operations import Irreversible, Operation
from isomorph.migrate.state import State

__all__ = ["Data", "Keep", "PythonFailed", "RunPython", "Tell"]

RowT = TypeVar("RowT")
KeyT = TypeVar("KeyT", int, str)

Keep = Callable[[object, int], None]
"""Records the last key of a batch, and how many rows were done up to now, in the batch's transaction."""

Tell = Callable[[int], None]
"""Told behind that transaction how many rows were done up to now."""

_BATCH = 1_000


class PythonFailed(Exception):
    """The function of a data step raised an error of its own; as text, its class and place: its words may hold values."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error

    def __str__(self) -> str:
        frame = traceback.extract_tb(self.error.__traceback__)[-1]
        return f"{type(self.error).__name__} at {frame.filename}:{frame.lineno}"


class HasConnections(Protocol):
    """`db` of a generated package."""

    @property
    def connections(self) -> Connections: ...


class Data:
    """What a data step works with.

    Attributes:
        connection: of the revision; in its transaction, or where the step is not atomic in that of the batch.
        dialect: of the connection.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        is_atomic: bool,
        keep: Keep,
        tell: Tell,
        last_key: object = None,
        rows_done: int = 0,
    ) -> None:
        self.connection = connection
        self._is_atomic, self._keep, self._tell = is_atomic, keep, tell
        self._last_key, self._rows_done = last_key, rows_done
        self._reading: Generator[object] | None = None

    @property
    def dialect(self) -> Dialect:
        """How its database says things."""
        return self.connection.dialect

    def has_table(self, name: str) -> bool:
        """Whether the connection's own schema has that table, for a step that meets databases of several pasts."""
        return bool(self.connection.fetch(self.dialect.ddl.has_table(name)))

    def has_column(self, table: str, name: str) -> bool:
        """Whether it has that column of that table."""
        return bool(self.connection.fetch(self.dialect.ddl.has_column(table, name)))

    def batches(
        self,
        read: Callable[[KeyT, int], Sequence[RowT]],
        key: Callable[[RowT], KeyT],
        *,
        start: KeyT,
        size: int = _BATCH,
    ) -> Iterator[Sequence[RowT]]:
        """Rows in batches, in the order of a key; of a step that is not atomic, each batch is a transaction of its own.

        A step that was interrupted goes on behind its last finished batch.

        Args:
            read: the next rows: those whose key is greater than the one given, by key, at most so many.
            key: the key of a row.
            start: less than every key.
            size: rows in a batch.

        Raises:
            InvalidOperation: the step has read batches before, so that where it came cannot be told.
        """
        if self._reading is not None:
            what = "a data step that reads batches twice cannot go on where it was interrupted"
            raise InvalidOperation(what, "make two RunPython of it")
        after = start if self._last_key is None else self._checked(self._last_key, start)
        reading = self._batches(read, key, after, size)
        self._reading = reading
        return reading

    def _batches(
        self, read: Callable[[KeyT, int], Sequence[RowT]], key: Callable[[RowT], KeyT], after: KeyT, size: int
    ) -> Generator[Sequence[RowT]]:
        while True:
            with self._transaction():
                rows = read(after, size)
                if not rows:
                    return
                after = key(rows[-1])
                yield rows
                self._rows_done += len(rows)
                self._keep(after, self._rows_done)
            self._tell(self._rows_done)
            if len(rows) < size:
                return

    def close(self) -> None:
        """Called when the step has ended: undo the batch that it left in the middle."""
        if self._reading is not None:
            self._reading.close()

    def _checked(self, kept: object, start: KeyT) -> KeyT:
        if not isinstance(kept, type(start)):
            what = "the key that was recorded for the data step is of another type than its keys"
            raise InvalidOperation(what, "restore the step as it was when it was interrupted")
        return kept

    def _transaction(self) -> AbstractContextManager[object]:
        return nullcontext() if self._is_atomic else self.connection.transaction()


@dataclass(frozen=True, slots=True)
class RunPython(Operation):
    """Calls a function, to change rows as no SQL can.

    What it does to tables is not seen by later revisions: for that there are operations. It may be called again after a
    lock was in its way, or after it was interrupted: what it does besides the database must bear that.

    Attributes:
        up: what is called.
        down: what takes it back; None makes the revision irreversible.
        db: of the package whose models the function uses, as they were when the revision was made: bound to the
            revision's connection meanwhile. None for a function that uses `data.connection` only.
        atomic: whether it is a part of the revision's transaction. False for many rows: each batch of `data.batches` is
            kept by itself then, and an interrupted step goes on behind the last one.
    """

    up: Callable[[Data], None]
    down: Callable[[Data], None] | None = None
    db: HasConnections | None = None
    atomic: bool = True

    def apply(self, state: State) -> State:
        return state

    def reverse(self) -> Operation:
        if self.down is None:
            return Irreversible("its RunPython has no `down`")
        return RunPython(self.down, self.up, self.db, self.atomic)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        del dialect, state
        return []

    def is_outside(self, dialect: Dialect) -> bool:
        del dialect
        return not self.atomic

    @property
    def shown(self) -> str:
        """The SQL that it runs, for people; empty where only its code knows."""
        return ""

    @property
    def recorded(self) -> str:
        """What of it must stay as it is while it is half done."""
        return str(self)

    def perform(self, data: Data) -> None:
        """Call it."""
        with self._bound(data.connection):
            try:
                self.up(data)
            except (IsomorphError, PythonFailed):
                raise
            except Exception as error:
                raise PythonFailed(error) from error
            finally:
                data.close()

    def _bound(self, connection: Connection) -> AbstractContextManager[object]:
        if self.db is None or not isinstance(connection, RealConnection):
            return nullcontext()
        return self.db.connections.bound(connection)

    def __str__(self) -> str:
        return f"run Python: {getattr(self.up, '__name__', 'a function')}"
