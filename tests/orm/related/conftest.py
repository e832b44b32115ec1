"""Fixtures of the tests of operations on relations: a package of its own, and the SQL that it sends."""

from collections.abc import Iterator

import pytest

from tests.support.fields import Package
from tests.support.related import lazy, lazy_package, lazy_tables
from tests.support.showcase import Sent, recording
from tests.support.writing_related import library, library_package, library_tables

__all__ = [
    "lazy",
    "lazy_package",
    "lazy_tables",
    "library",
    "library_package",
    "library_sent",
    "library_tables",
]


@pytest.fixture
def library_sent(library: Package) -> Iterator[Sent]:
    """The statements that the library sends from here on."""
    with recording(library.db.connection()) as found:
        yield found
