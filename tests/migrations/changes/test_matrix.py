"""Each kind of change on each dialect, with rows in the tables, up and down: rows kept, and the structure as if made anew."""

from collections.abc import Sequence

import pytest

from isomorph.migrate import Revisions, fold, rollback, run
from tests.migrations.changes import aliases, columns, enums, indexes, keys, names, objects, options
from tests.support.changing import Case, made, put, rows_of
from tests.support.migrations import Session, chain, open_session, structure

GROUPS: dict[str, Sequence[Case]] = {
    "migrations.renames": names.CASES,
    "migrations.change_column": columns.CASES,
    "migrations.change_key": keys.CASES,
    "migrations.change_table": options.CASES,
    "migrations.change_enum": enums.CASES,
    "migrations.objects": objects.CASES,
    "migrations.indexes": indexes.CASES,
    "migrations.morph_aliases": aliases.CASES,
}


def _parameters() -> list[object]:
    return [
        pytest.param(case, id=case.name, marks=pytest.mark.feature(feature))
        for feature, cases in GROUPS.items()
        for case in cases
    ]


@pytest.mark.parametrize("case", _parameters())
def test_a_change_and_the_way_back(case: Case, session: Session, dialect: str, other_database_url: str) -> None:
    if dialect in case.skip:
        return
    before = case.state
    after = fold(case.operations, before)
    revisions = chain(made(before), case.operations)
    run(session, Revisions(revisions.items[:1]))
    plain = structure(session)
    put(session, before, case.rows)

    run(session, revisions)
    with open_session(other_database_url) as other:
        run(other, chain(made(after)))
        assert structure(session) == structure(other)
    expected = case.rows if case.after is None else case.after
    assert rows_of(session, after, expected) == {name: list(rows) for name, rows in expected.items()}

    rollback(session, revisions, step=1)
    assert structure(session) == plain
    expected = case.rows if case.back is None else case.back
    assert rows_of(session, before, expected) == {name: list(rows) for name, rows in expected.items()}
