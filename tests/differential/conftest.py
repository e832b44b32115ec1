"""The tables that random queries run on: generated once, made once for a module and dialect."""

from collections.abc import Iterator

import pytest

from tests.differential.worlds import SCHEMA
from tests.support.fields import Package, generated_package
from tests.support.showcase import Tables, tables_of


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return generated_package(tmp_path_factory.mktemp("differential"), SCHEMA, "differential_models")


@pytest.fixture(scope="module")
def tables(package: Package, module_database_url: str) -> Iterator[Tables]:
    with tables_of(package.db, module_database_url) as made:
        yield made
