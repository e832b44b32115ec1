"""Each change as a revision file spells it."""

import datetime as dt
from decimal import Decimal

import pytest

from isomorph import migrate
from isomorph.migrate import types as t
from isomorph_generator.migrations.source import Imports, source
from tests.migrations.changes.test_matrix import GROUPS
from tests.support.changing import Case


@pytest.mark.parametrize("case", [case for cases in GROUPS.values() for case in cases], ids=lambda case: case.name)
def test_a_change_is_read_as_it_was_written(case: Case) -> None:
    for operation in (*case.operations, *migrate.reverse(case.operations)):
        imports = Imports(set(), set())
        names = {"t": t, "dt": dt, "Decimal": Decimal}
        text = source(operation, imports)
        assert eval(text, names | {name: getattr(migrate, name) for name in imports.names}) == operation
        assert str(operation)
        assert isinstance(operation.losses(), tuple)
