"""Drivers: who carries a statement to the server. One module per client library, loaded at first use."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from isomorph.drivers.base import Driver, DriverConnection, Parameters, Row, Target

__all__ = ["LIBRARIES", "NAMES", "Driver", "DriverConnection", "Parameters", "Row", "Target", "get"]

_MODULES = {"sqlite": "sqlite", "postgresql": "psycopg", "mysql": "pymysql"}

NAMES = tuple(_MODULES)

LIBRARIES = {"sqlite": ("apsw",), "postgresql": (), "mysql": ("mysqlclient",)}
"""By dialect, the client libraries beside the usual one; each has a module of its name."""


@cache
def get(name: str, library: str | None = None) -> Driver:
    """The driver for a dialect.

    Args:
        name: the dialect.
        library: one of its `LIBRARIES`; None for the usual one.

    Raises:
        KeyError: there is none.
        MissingDriver: its client library is not installed.
        UnsupportedVersion: its client library is too old.
    """
    module = import_module(f"isomorph.drivers.{library or _MODULES[name]}")
    return cast(Driver, module.DRIVER)
