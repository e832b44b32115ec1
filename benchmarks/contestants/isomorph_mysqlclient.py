"""isomorph, the same program, on the client library for MySQL and MariaDB that speaks C."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from benchmarks.contestants.isomorph import Isomorph

__all__ = ["CONTESTANT"]


class IsomorphMysqlclient(Isomorph):
    """isomorph by `mysql+mysqlclient://`."""

    title = "isomorph, mysqlclient"
    drivers: ClassVar[Mapping[str, str]] = {"mysql": "mysqlclient"}
    schemes: ClassVar[Mapping[str, str]] = {"mysql": "mysql+mysqlclient"}


CONTESTANT = IsomorphMysqlclient
