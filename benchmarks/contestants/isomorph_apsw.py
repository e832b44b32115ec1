"""isomorph, the same program, on apsw and the SQLite that it brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from benchmarks.contestants.isomorph import Isomorph

__all__ = ["CONTESTANT"]


class IsomorphApsw(Isomorph):
    """isomorph by `sqlite+apsw://`."""

    title = "isomorph, apsw"
    drivers: ClassVar[Mapping[str, str]] = {"sqlite": "apsw"}
    schemes: ClassVar[Mapping[str, str]] = {"sqlite": "sqlite+apsw"}


CONTESTANT = IsomorphApsw
