"""The golden schema of modifiers on a real database: generated values, mutators, versions, limits.

Fixtures for `conftest.py` of the folders that need them:

    from tests.support.modifiers import modifiers, modifiers_package, modifiers_tables
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.codegen.projects import golden_package
from tests.support.databases import KeptDatabaseUrl
from tests.support.showcase import Tables, kept_tables_of

__all__ = ["make_account", "make_line", "modifiers", "modifiers_package", "modifiers_tables"]


@pytest.fixture(scope="session")
def modifiers_package() -> Any:
    """The package of the golden folder."""
    return golden_package("modifiers")


@pytest.fixture(scope="module")
def modifiers_tables(modifiers_package: Any, dialect: str, kept_database_url: KeptDatabaseUrl) -> Iterator[Tables]:
    """Its tables, made once for a worker and dialect."""
    with kept_tables_of(modifiers_package.db, kept_database_url(dialect, "modifiers")) as tables:
        yield tables


@pytest.fixture
def modifiers(modifiers_package: Any, modifiers_tables: Tables) -> Any:
    """The package with no rows."""
    modifiers_tables.empty()
    return modifiers_package


def make_account(package: Any, given: str = "Ada", **values: Any) -> Any:
    """A saved account; the address follows from the name."""
    return package.Account.create(**{"given": given, "email": f"{given}@example.com", **values})


def make_line(package: Any, account: Any, number: int = 1, **values: Any) -> Any:
    """A saved line of an account."""
    return package.Line.create(**{"account": account, "number": number, "price": Decimal("2.50"), **values})
