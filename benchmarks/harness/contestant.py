"""What a contestant is: tables in a database, and a method for each workload that it takes part in."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar

from benchmarks.harness.data import Row
from benchmarks.harness.places import Place

__all__ = ["Contestant", "Kind", "contestant_names", "contestant_of"]


_PACKAGES = ("contestants", "peers")


class Kind(StrEnum):
    """How a contestant's number is read."""

    HAND = "hand"  # what the others are measured by
    OURS = "ours"
    PEER = "peer"


class Contestant(ABC):
    """One way to do the work, opened on its own database.

    A workload is done by the method of its name; a contestant without that method does not take part, and one whose
    method is named in `absent` says why. What a method is given and gives back stands with the workload. Only the
    methods of workloads are timed.
    """

    title: ClassVar[str]
    kind: ClassVar[Kind] = Kind.PEER
    # By dialect the driver that it works with, as the report names it.
    drivers: ClassVar[Mapping[str, str]]
    # The page of its manual that says how this is done fast.
    manual: ClassVar[str] = ""
    # By workload why it takes no part; "workload on dialect" where it does elsewhere.
    absent: ClassVar[Mapping[str, str]] = {}

    def __init__(self, place: Place) -> None:
        self.place = place
        self.open()

    # --- what is not timed -------------------------------------------------------------------------------------------

    @abstractmethod
    def open(self) -> None:
        """Connect to the place; its tables may not be there yet."""

    @abstractmethod
    def close(self) -> None:
        """Close every connection."""

    @abstractmethod
    def create(self) -> None:
        """Create all tables of `benchmarks.harness.data`, with the keys and indexes that `benchmarks/schema.toml` names."""

    @abstractmethod
    def fill(self, table: str, rows: Sequence[Row]) -> None:
        """Insert rows with their keys, and commit; values as `benchmarks.harness.data` makes them.

        Is not asked to for large tables, which `benchmarks.harness.filling` sees to.
        """

    @abstractmethod
    def clear(self, table: str, above: int) -> None:
        """Delete the rows whose key is greater, and commit."""

    def value(self, item: Any, name: str) -> object:
        """What an object of the contestant has in a column."""
        return getattr(item, name)

    def related(self, item: Any, name: str) -> Any:
        """What an object has in a relation that was loaded with it: an object, or a sequence of them."""
        return getattr(item, name)

    def position(self, item: Any) -> object:
        """The pivot's `position` of a tag that was loaded with a post."""
        return item.pivot.position


def contestant_names(package: str) -> list[str]:
    """Those that there is a module for in `contestants` (hand-written code and isomorph) or in `peers`."""
    return sorted(name for place, name in _modules() if _PACKAGES[place] == package)


def _modules() -> list[tuple[int, str]]:
    packages = [importlib.import_module(f"benchmarks.{name}") for name in _PACKAGES]
    return [
        (place, found.name)
        for place, package in enumerate(packages)
        for found in pkgutil.iter_modules(package.__path__)
        if not found.name.startswith("_")
    ]


def contestant_of(name: str) -> type[Contestant]:
    """The class of a contestant: `CONTESTANT` of its module.

    Args:
        name: of a module of `benchmarks.contestants` or `benchmarks.peers`; one with dots is the module's whole name, of a
            contestant that is kept elsewhere.

    Raises:
        LookupError: there is no such contestant.
        ImportError: its library is not installed.
    """
    for place, found in _modules():
        if found == name:
            name = f"benchmarks.{_PACKAGES[place]}.{name}"
            break
    else:
        if "." not in name:
            raise LookupError(name)
    contestant: type[Contestant] = importlib.import_module(name).CONTESTANT
    return contestant
