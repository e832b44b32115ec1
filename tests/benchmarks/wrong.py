"""A contestant with a mistake in one workload, and without an end in another; the rest of it is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from typing_extensions import override

from benchmarks.contestants.hand_sqlite3 import CONTESTANT as RIGHT
from benchmarks.harness.contestant import Kind

__all__ = ["CONTESTANT"]


class Wrong(RIGHT):
    title = "wrong"
    kind = Kind.PEER
    absent: ClassVar[Mapping[str, str]] = {"wide": "for a test"}

    @override
    def narrow(self) -> Any:
        users = super().narrow()
        users[7].age += 1
        return users

    @override
    def tuples(self) -> Any:
        raise LookupError("nothing there")


CONTESTANT = Wrong
