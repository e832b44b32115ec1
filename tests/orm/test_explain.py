"""explain: the plan of a query as the database makes it. Which one it makes is its own affair."""

from typing import Any

import pytest

from generated import Post, User, db
from isomorph import Explanation
from isomorph.errors import NotSupported
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.feature("queries.explain")

SECRET = "what nobody may read"


@pytest.fixture
def rows(showcase: str) -> None:
    ada = make_user()
    for number in range(20):
        make_post(ada, f"post {number}", views=number)


def _tables(found: Explanation) -> set[str]:
    return {name for node in found.walk() for name in (node.table, node.alias) if name is not None}


@pytest.mark.usefixtures("rows")
def test_the_plan_is_a_tree_of_steps(dialect: str) -> None:
    found = Post.query().join(Post.author).where(Post.views > 3).order_by(Post.views.desc()).explain()
    assert isinstance(found, Explanation)
    assert found.dialect == dialect
    assert {"posts", "users"} <= _tables(found)
    assert not found.analyzed
    assert all(node.operation for node in found.walk())
    assert [node for node in found.walk() if node.actual_rows is not None or node.time_ms is not None] == []
    if dialect != "sqlite":
        assert any(node.rows is not None for node in found.walk())


@pytest.mark.usefixtures("rows")
def test_a_key_is_found_by_its_index_and_a_text_by_reading_all(dialect: str) -> None:
    by_text = Post.query().where(Post.body.contains("x")).explain()
    assert by_text.full_scans == ("posts",)
    if dialect == "sqlite":  # of twenty rows the others may read all
        by_key = Post.query().where(Post.id == 3).explain()
        assert (by_key.full_scans, by_key.indexes) == ((), ("INTEGER PRIMARY KEY",))


@pytest.mark.usefixtures("rows")
def test_analyze_runs_the_query_where_the_database_can(dialect: str) -> None:
    query = Post.query().where(Post.views >= 15)
    if dialect == "sqlite":
        with pytest.raises(NotSupported, match=r"^sqlite has no EXPLAIN ANALYZE"):
            query.explain(analyze=True)
        return
    found = query.explain(analyze=True)
    assert found.analyzed
    (read,) = [node for node in found.walk() if node.table == "posts"]
    assert read.loops == 1
    assert read.time_ms is not None
    assert found.execution_ms is not None
    assert read.actual_rows in (5, 20)  # MariaDB counts what it read, PostgreSQL what was left


@pytest.mark.usefixtures("rows")
def test_it_shows_as_an_indented_tree(dialect: str) -> None:
    found = Post.query().where(Post.views > 3).explain()
    lines = str(found).splitlines()
    assert lines[0] == next(found.nodes[0].lines())
    assert any("posts" in line for line in lines)


@pytest.mark.usefixtures("rows")
def test_texts_of_the_query_are_masked_but_in_raw(dialect: str) -> None:
    found = User.query().where(User.password == SECRET, User.nickname.is_null()).explain()
    assert SECRET not in str(found)
    assert SECRET not in found.sql
    assert SECRET not in repr(found.nodes)
    assert (SECRET in found.raw) == (dialect != "sqlite")


@pytest.mark.usefixtures("rows")
def test_values_are_bound_and_one_statement_is_sent(dialect: str, sent: Sent) -> None:
    User.query().where(User.age >= 18).select(User.name).explain()
    ((text, parameters),) = sent.statements
    assert text.startswith("EXPLAIN")
    assert parameters == (18,)


@pytest.mark.usefixtures("rows")
def test_it_names_the_passes_that_changed_the_statement(dialect: str) -> None:
    plain = Post.query().where(Post.views > 3)
    assert plain.explain().rewrites == ()
    twice = plain.where(Post.views > 3)
    assert twice.explain().rewrites == db.rewriter.applied(twice._statement) != ()
    assert str(twice.explain()).splitlines()[-1].startswith("rewritten by: ")


@pytest.mark.usefixtures("rows")
def test_explaining_writes_nothing_and_locks_nothing(dialect: str) -> None:
    before: Any = Post.query().order_by(Post.id).pluck(Post.views)
    Post.query().where(Post.views > 3).explain(analyze=dialect != "sqlite")
    assert Post.query().order_by(Post.id).pluck(Post.views) == before
    assert not db.connection().in_transaction
