"""Django on the driver of MySQL and MariaDB that its manual recommends."""

from __future__ import annotations

from typing import ClassVar

from benchmarks.peers.django_orm import Django

__all__ = ["CONTESTANT"]


class DjangoOnMysqlclient(Django):
    """Django, with nothing in the place of its driver."""

    title = "Django, mysqlclient"
    drivers: ClassVar = {"mysql": "mysqlclient"}
    manual = "https://docs.djangoproject.com/en/5.2/ref/databases/#mysql-db-api-drivers"

    def choose_driver(self) -> None:
        """Nothing: `MySQLdb` is mysqlclient."""


CONTESTANT = DjangoOnMysqlclient
