"""What a pool is: where a connection borrows driver connections. Owns the choice of the pool for a target."""

from __future__ import annotations

from typing import Protocol

from isomorph import drivers
from isomorph.connections.settings import PoolSettings
from isomorph.dataclassing import dataclass
from isomorph.drivers.base import DriverConnection, Target

__all__ = ["Pool", "PoolStatistics", "open_pool"]


@dataclass(frozen=True, slots=True)
class PoolStatistics:
    """A moment of a pool.

    Attributes:
        max: most connections at once; None where there is no bound (one per thread for a SQLite file).
        in_use: borrowed now; None where that is not counted.
        idle: open and free; None likewise.
    """

    max: int | None
    in_use: int | None
    idle: int | None


class Pool(Protocol):
    """Lends driver connections; safe to use from several threads.

    Attributes:
        kept: a thread is given the same connection until the thread ends, so it need not be given back in between.
        streams_apart: a stream outside a transaction gets a connection of its own, so that statements beside it are
            not drawn into the transaction that it runs in (PostgreSQL), nor held up by it (MySQL).
    """

    kept: bool
    streams_apart: bool

    def acquire(self) -> DriverConnection:
        """A connection that works, outside a transaction, for this thread alone.

        Raises:
            PoolTimeout: none became free in time.
            ConnectionFailed: none could be opened.
        """
        ...

    def release(self, connection: DriverConnection) -> None:
        """Give a connection back; it is dropped when it is closed, or belongs to another pool."""
        ...

    def statistics(self) -> PoolStatistics: ...

    def close(self) -> None:
        """Close the free connections now, and those in use when they are given back."""
        ...


def open_pool(name: str, target: Target, settings: PoolSettings) -> Pool:
    """The pool of a connection. Nothing is connected before the first `acquire`.

    Raises:
        MissingDriver: the client library is not installed.
    """
    driver = drivers.get(target.driver, target.library)
    if target.driver == "sqlite":
        from isomorph.connections.pool_sqlite import SharedPool, ThreadPool  # noqa: PLC0415 - one of three is needed
        from isomorph.drivers.sqlite_sessions import MEMORY  # noqa: PLC0415

        return (
            SharedPool(name, driver, target, settings)
            if target.database == MEMORY
            else ThreadPool(driver, target, settings)
        )
    from isomorph.connections.parking import ParkingPool  # noqa: PLC0415

    if target.driver == "postgresql":
        from isomorph.connections.pool_psycopg import PsycopgPool  # noqa: PLC0415
        from isomorph.drivers.psycopg import PsycopgDriver  # noqa: PLC0415

        assert isinstance(driver, PsycopgDriver)
        return ParkingPool(PsycopgPool(name, driver, target, settings), name, settings)
    from isomorph.connections.pool_slots import SlotPool  # noqa: PLC0415

    return ParkingPool(SlotPool(name, driver, target, settings), name, settings)
