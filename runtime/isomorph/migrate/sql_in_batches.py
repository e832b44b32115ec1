"""Running SQL by hand for one range of keys after the other: the data step that a `RunSql` with `batched` becomes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from uuid import UUID

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidOperation
from isomorph.migrate.batches import Batches, Key, bound
from isomorph.migrate.data import Data, RunPython
from isomorph.migrate.operations import Operation, RunSql
from isomorph.migrate.state import State

__all__ = ["SqlInBatches", "sql_in_batches"]


@dataclass(frozen=True, slots=True)
class SqlInBatches(RunPython):
    """A `RunSql` that goes by ranges of keys.

    Attributes:
        source: the operation.
        column: by which the ranges go.
        texts: the statements, as they were written.
        all_at_once: the same for all rows, as the driver takes them.
    """

    source: RunSql | None = None
    column: str = ""
    texts: tuple[str, ...] = ()
    all_at_once: tuple[str, ...] = ()

    def reverse(self) -> Operation:
        return self if self.source is None else self.source.reverse()

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        del dialect, state
        return [*self.all_at_once]

    @property
    def shown(self) -> str:
        return "; ".join(self.texts)

    @property
    def recorded(self) -> str:
        # Other ranges of the same keys go on behind the last: the size may change, what is done to the rows may not.
        return "\n".join((str(self), self.column, *self.texts))

    def __str__(self) -> str:
        return str(self.source)


def sql_in_batches(operation: RunSql, batches: Batches, dialect: Dialect, state: State) -> SqlInBatches:
    """The data step of an operation.

    Raises:
        InvalidOperation: its statements do not say which rows a batch has, or batches cannot go by that table.
    """
    texts, column = operation.texts(dialect), batches.column(state)
    return SqlInBatches(
        _running(batches, column, texts),
        atomic=False,
        source=operation,
        column=column,
        texts=texts,
        all_at_once=tuple(operation.statements(dialect, state)),
    )


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far the step came.

    Attributes:
        end: the last key when it began: what the SQL itself adds behind it is not for it to change.
        last: the last key that was done; None before the first.
    """

    end: Key
    last: Key | None = None

    def __str__(self) -> str:
        return json.dumps([self.end, self.last])

    @classmethod
    def read(cls, text: str) -> _Reach:
        """What `str` wrote."""
        end, last = json.loads(text)
        return cls(end, last)


def _running(batches: Batches, column: str, texts: Sequence[str]) -> Callable[[Data], None]:
    def run(data: Data) -> None:
        connection, dialect = data.connection, data.dialect
        quoted, place = dialect.quoted, dialect.placeholder
        key, table = quoted(column), quoted(batches.table)

        def read(after: str, size: int) -> Sequence[str]:
            """Do the next range: how far it came, once for each of its rows."""
            reach = _Reach.read(after)
            parameters = (reach.end,) if reach.last is None else (reach.end, reach.last)
            behind = "" if reach.last is None else f" AND {key} > {place}"
            ordered = f"SELECT {key} FROM {table} WHERE {key} <= {place}{behind} ORDER BY {key} LIMIT {size}"
            keys = [_key(found) for (found,) in connection.fetch(ordered, parameters)]
            if not keys:
                return ()
            for text in texts:
                connection.execute(*bound(text, dialect, keys[0], keys[-1]))
            return [str(_Reach(reach.end, keys[-1]))] * len(keys)

        found = connection.fetch(f"SELECT {key} FROM {table} ORDER BY {key} DESC LIMIT 1")
        if found and texts:
            start = str(_Reach(_key(found[0][0])))
            for _ in data.batches(read, str, start=start, size=batches.size):
                pass

    return run


def _key(value: object) -> Key:
    """A key as it can be bound, and kept as JSON: drivers give UUIDs and large numbers as objects of their own."""
    match value:
        case int() | str():
            return value
        case UUID():
            return str(value)
        case Decimal():
            return int(value)
        case _:
            raise InvalidOperation(
                f"a key of type {type(value).__name__}, by which batches cannot go", "name another column"
            )
