"""How connections are declared: plain data, resolved against the environment only when first used."""

from __future__ import annotations

from dataclasses import field

from isomorph.dataclassing import dataclass

__all__ = ["SHORTEST_CURSOR_KEY", "ConnectionSettings", "Env", "PoolSettings", "Setting"]


@dataclass(frozen=True, slots=True)
class Env:
    """A value that the environment gives.

    Attributes:
        name: the environment variable.
        default: used when it is not set; None makes the variable required.
    """

    name: str
    default: str | None = None


Setting = str | Env

SHORTEST_CURSOR_KEY = 16
"""Characters of the shortest key that cursors are signed with."""


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """Bounds of a pool.

    Attributes:
        min: connections kept open.
        max: most connections open at once.
        timeout_s: seconds to wait for a free one before PoolTimeout.
    """

    min: int = 1
    max: int = 10
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """A named connection: a `url`, or its parts.

    Attributes:
        url: `sqlite:///file.db`, `postgresql://user:password@host:port/database`, `mysql://...`; None when the parts
            below are given instead.
        driver: `sqlite`, `postgresql` or `mysql`, with `host` and the rest.
        options: further options of the driver, as in the query of a URL.
        pool: bounds of its pool.
    """

    url: Setting | None = None
    driver: Setting | None = None
    host: Setting | None = None
    port: Setting | None = None
    user: Setting | None = None
    password: Setting | None = None
    database: Setting | None = None
    options: tuple[tuple[str, Setting], ...] = ()
    pool: PoolSettings = field(default_factory=PoolSettings)
