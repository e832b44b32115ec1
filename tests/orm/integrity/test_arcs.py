"""Arcs of foreign keys against whatever SQL may do: no row ever points to nothing, or to two."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, LiteralString

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isomorph.errors import (
    CheckViolation,
    ConstraintViolation,
    ForeignKeyViolation,
    StatementFailed,
    UniqueViolation,
)
from tests.support.fields import Package

pytestmark = pytest.mark.feature("relations.integrity_arc")

Sql = Callable[..., list[tuple[Any, ...]]]

CHILDREN = {
    "comments": "commentable",
    "locks": "lockable",
    "seals": "sealable",
    "labelings": "labelable",
    "taggables": "taggable",
}
"""The tables that point to posts, videos and pages, and the start of their columns' names."""

PARENTS = {"post": ("posts", "id"), "video": ("videos", "id"), "page": ("pages", "path")}


@pytest.fixture
def sql(arcs: Package) -> Sql:
    """Runs a statement by hand, with two posts, a video and a page there, a tag and a label."""

    def run(statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = arcs.db.execute(statement, *values)
        return rows

    for key, title in ((1, "one"), (2, "two")):
        run("INSERT INTO posts (id, title) VALUES (?, ?)", key, title)
    arcs.Video.create(title="film")
    run("INSERT INTO pages (path, title) VALUES ('/a', 'a'), ('/b', 'b')")
    run("INSERT INTO tags (id, name) VALUES (1, 'news')")
    run("INSERT INTO labels (id, name) VALUES (1, 'hot')")
    return run


def broken(sql: Sql) -> Iterator[tuple[str, object]]:
    """Rows that point to nothing that is there, or to more than one."""
    for table, name in CHILDREN.items():
        least = 0 if table == "seals" else 1
        keys = [f"{name}_{member}_id" for member in PARENTS]
        for row in sql(f"SELECT {', '.join(keys)} FROM {table}"):
            if not least <= sum(key is not None for key in row) <= 1:
                yield table, row
        for key, (parent, column) in zip(keys, PARENTS.values(), strict=True):
            for row in sql(
                f"SELECT {key} FROM {table} WHERE {key} IS NOT NULL AND {key} NOT IN (SELECT {column} FROM {parent})"
            ):
                yield table, row


def others(table: str) -> tuple[str, str]:
    """A column that a row of a table needs beside its arc, and a value for it, for statements."""
    return {"labelings": ("label_id, ", "1, "), "taggables": ("tag_id, ", "1, ")}.get(table, ("", ""))


# --- rows that point -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "name"), CHILDREN.items())
def test_a_row_points_to_one_row_that_is_there(sql: Sql, table: str, name: str) -> None:
    column, value = others(table)
    sql(f"INSERT INTO {table} ({column}{name}_post_id) VALUES ({value}1)")
    sql(f"INSERT INTO {table} ({column}{name}_page_id) VALUES ({value}'/a')")
    sql(f"INSERT INTO {table} ({column}{name}_video_id) SELECT {value}id FROM videos")
    sql(f"UPDATE {table} SET {name}_post_id = NULL, {name}_page_id = '/b' WHERE {name}_post_id = 1")
    sql(f"UPDATE {table} SET {name}_post_id = {name}_post_id")
    assert len(sql(f"SELECT * FROM {table}")) == 3
    assert list(broken(sql)) == []


@pytest.mark.parametrize(("table", "name"), CHILDREN.items())
def test_a_row_that_points_to_two_or_to_none_is_refused(sql: Sql, table: str, name: str) -> None:
    column, value = others(table)
    two = f"INSERT INTO {table} ({column}{name}_post_id, {name}_page_id) VALUES ({value}1, '/a')"
    with pytest.raises(CheckViolation) as caught:
        sql(two)
    assert caught.value.constraint == f"{table}_{name}_check"
    if table != "taggables":
        assert caught.value.fields == (name,)
        assert caught.value.model == {"comments": "Comment", "locks": "Lock", "seals": "Seal"}.get(table, "Labeling")
        assert f"({name})" in str(caught.value)
    none = f"INSERT INTO {table} ({column}{name}_post_id) VALUES ({value}NULL)"
    if table == "seals":
        sql(none)
        sql(f"DELETE FROM {table}")
    else:
        with pytest.raises(CheckViolation):
            sql(none)
    sql(f"INSERT INTO {table} ({column}{name}_post_id) VALUES ({value}1)")
    with pytest.raises(CheckViolation):
        sql(f"UPDATE {table} SET {name}_page_id = '/a'")
    if table != "seals":
        with pytest.raises(CheckViolation):
            sql(f"UPDATE {table} SET {name}_post_id = NULL")
    assert len(sql(f"SELECT * FROM {table}")) == 1


@pytest.mark.parametrize(("table", "name"), CHILDREN.items())
def test_a_row_that_points_to_nothing_is_refused(sql: Sql, table: str, name: str, dialect: str) -> None:
    column, value = others(table)
    for member, key in (("post", "9"), ("page", "'/z'")):
        with pytest.raises(ForeignKeyViolation) as caught:
            sql(f"INSERT INTO {table} ({column}{name}_{member}_id) VALUES ({value}{key})")
        if dialect != "sqlite":  # which says nothing of it
            assert caught.value.constraint == f"{table}_{name}_{member}_id_foreign"
            assert caught.value.table == table
            if table != "taggables":
                assert caught.value.relation == f"{caught.value.model}.{name}"
                assert f"relation {caught.value.model}.{name}" in str(caught.value)
    sql(f"INSERT INTO {table} ({column}{name}_post_id) VALUES ({value}1)")
    with pytest.raises(ForeignKeyViolation):
        sql(f"UPDATE {table} SET {name}_post_id = 9")
    assert list(broken(sql)) == []


def test_many_rows_at_once_are_all_looked_at(sql: Sql) -> None:
    with pytest.raises(ForeignKeyViolation):
        sql("INSERT INTO comments (commentable_post_id) VALUES (1), (9)")
    with pytest.raises(ForeignKeyViolation):
        sql("INSERT INTO comments (commentable_post_id) SELECT id + 1 FROM posts")
    with pytest.raises(CheckViolation):
        sql("INSERT INTO comments (commentable_post_id, commentable_page_id) VALUES (1, NULL), (1, '/a')")
    assert sql("SELECT id FROM comments") == []


def test_words_that_make_the_database_forgiving_let_nothing_in(sql: Sql, dialect: str) -> None:
    ignoring = {
        "sqlite": ["INSERT OR IGNORE INTO", "INSERT OR REPLACE INTO", "INSERT OR FAIL INTO"],
        "postgresql": ["INSERT INTO"],
        "mysql": ["INSERT IGNORE INTO", "REPLACE INTO"],
    }[dialect]
    end = " ON CONFLICT DO NOTHING" if dialect == "postgresql" else ""
    updating = {"sqlite": "UPDATE OR IGNORE", "postgresql": "UPDATE", "mysql": "UPDATE IGNORE"}[dialect]
    deleting = "DELETE IGNORE FROM" if dialect == "mysql" else "DELETE FROM"
    statements = [
        f"{words} comments ({columns}) VALUES ({values}){end}"
        for words in ignoring
        for columns, values in (
            ("commentable_post_id", "9"),
            ("commentable_post_id", "NULL"),
            ("commentable_post_id, commentable_page_id", "1, '/a'"),
        )
    ]
    sql("INSERT INTO locks (lockable_post_id) VALUES (1)")
    sql("INSERT INTO comments (commentable_page_id) VALUES ('/a')")
    statements += [
        f"{updating} locks SET lockable_post_id = 9",
        f"{updating} locks SET lockable_page_id = '/a'",
        f"{updating} locks SET lockable_post_id = NULL",
        f"{updating} posts SET id = 9 WHERE id = 1",
        f"{deleting} posts",
    ]
    for statement in statements:
        with suppress(ConstraintViolation):
            sql(statement)
        assert list(broken(sql)) == []
    assert sql("SELECT lockable_post_id FROM locks") == [(1,)]
    assert (1,) in sql("SELECT id FROM posts")
    assert sql("SELECT commentable_page_id FROM comments") == [("/a",)]


def test_what_conflicts_is_merged_within_the_rules(sql: Sql, dialect: str) -> None:
    sql("INSERT INTO locks (id, lockable_post_id) VALUES (1, 1)")
    merging = (
        "ON DUPLICATE KEY UPDATE lockable_page_id = '/a'"
        if dialect == "mysql"
        else "ON CONFLICT (lockable_post_id) DO UPDATE SET lockable_page_id = '/a'"
    )
    with pytest.raises(CheckViolation):
        sql(f"INSERT INTO locks (lockable_post_id) VALUES (1) {merging}")
    assert list(broken(sql)) == []


# --- rows that are pointed to ----------------------------------------------------------------------------------------------


def test_rows_that_cascade_go_and_those_that_point_to_them_too(sql: Sql) -> None:
    sql("INSERT INTO comments (id, commentable_post_id) VALUES (1, 1), (2, 2)")
    sql("INSERT INTO comments (id, commentable_video_id) SELECT 3, id FROM videos")
    sql("INSERT INTO comments (id, commentable_page_id) VALUES (4, '/a'), (5, '/b')")
    sql("INSERT INTO reactions (id, reactable_comment_id) VALUES (1, 1), (2, 2), (3, 3)")
    sql("DELETE FROM posts WHERE id = 1")
    assert sql("SELECT id FROM comments ORDER BY id") == [(2,), (3,), (4,), (5,)]
    sql("DELETE FROM videos")
    sql("DELETE FROM pages WHERE path = '/a'")
    assert sql("SELECT id FROM comments ORDER BY id") == [(2,), (5,)]
    assert sql("SELECT id FROM reactions") == [(2,)]


@pytest.mark.parametrize(("table", "name", "model"), [("locks", "lockable", "Lock"), ("seals", "sealable", "Seal")])
def test_rows_that_keep_it_refuse_the_delete(sql: Sql, table: str, name: str, model: str, dialect: str) -> None:
    sql(f"INSERT INTO {table} ({name}_post_id) VALUES (1)")
    sql(f"INSERT INTO {table} ({name}_video_id) SELECT id FROM videos")
    for statement, member in (
        ("DELETE FROM posts", "post"),
        ("DELETE FROM posts WHERE id = 1", "post"),
        ("DELETE FROM videos", "video"),
    ):
        with pytest.raises(ForeignKeyViolation) as caught:
            sql(statement)
        if dialect != "sqlite":
            assert (caught.value.table, caught.value.model, caught.value.relation) == (table, model, f"{model}.{name}")
            assert caught.value.constraint == f"{table}_{name}_{member}_id_foreign"
    assert len(sql("SELECT id FROM posts")) == 2
    sql(f"DELETE FROM {table}")
    sql("DELETE FROM posts")


def test_a_key_that_rows_point_to_does_not_change(sql: Sql) -> None:
    for table, name in CHILDREN.items():
        column, value = others(table)
        sql(f"INSERT INTO {table} ({column}{name}_post_id) VALUES ({value}1)")
        sql(f"INSERT INTO {table} ({column}{name}_page_id) VALUES ({value}'/a')")
        for statement in ("UPDATE posts SET id = 7 WHERE id = 1", "UPDATE pages SET path = '/z' WHERE path = '/a'"):
            with pytest.raises(ForeignKeyViolation):
                sql(statement)
        sql(f"DELETE FROM {table}")
    sql("UPDATE posts SET id = 7, title = 'seven' WHERE id = 1")
    sql("UPDATE pages SET path = '/z' WHERE path = '/a'")


def test_pivots_go_with_either_side(sql: Sql) -> None:
    sql("INSERT INTO taggables (tag_id, taggable_post_id) VALUES (1, 1), (1, 2)")
    sql("INSERT INTO taggables (tag_id, taggable_page_id) VALUES (1, '/a')")
    for statement in (
        "INSERT INTO taggables (tag_id, taggable_post_id) VALUES (1, 1)",
        "INSERT INTO taggables (tag_id, taggable_page_id) VALUES (1, '/a')",
    ):
        with pytest.raises(UniqueViolation):
            sql(statement)
    sql("DELETE FROM posts WHERE id = 2")
    assert len(sql("SELECT * FROM taggables")) == 2
    sql("DELETE FROM tags")
    assert sql("SELECT * FROM taggables") == []


def test_uniques_count_for_each_member(sql: Sql) -> None:
    sql("INSERT INTO locks (lockable_post_id) VALUES (1), (2)")
    sql("INSERT INTO locks (lockable_page_id) VALUES ('/a')")
    for columns in ("lockable_post_id) VALUES (1", "lockable_page_id) VALUES ('/a'"):
        with pytest.raises(UniqueViolation) as caught:
            sql(f"INSERT INTO locks ({columns})")
        assert (caught.value.model, caught.value.fields) == ("Lock", ("lockable",))
    sql("INSERT INTO seals (kind, sealable_post_id) VALUES ('wax', 1), ('lead', 1)")
    with pytest.raises(UniqueViolation) as caught:
        sql("INSERT INTO seals (kind, sealable_post_id) VALUES ('wax', 1)")
    assert (caught.value.model, caught.value.fields) == ("Seal", ("kind", "sealable"))
    sql("INSERT INTO seals (kind) VALUES ('wax'), ('wax')")


def test_truncate_is_refused_while_rows_point_there_on_postgresql(sql: Sql, dialect: str) -> None:
    if dialect != "postgresql":
        return  # SQLite has none, and MySQL refuses it whatever the rows are
    sql("INSERT INTO comments (commentable_post_id) VALUES (1)")
    with pytest.raises(StatementFailed):
        sql("TRUNCATE posts")
    assert len(sql("SELECT id FROM comments")) == 1


def test_an_arc_with_one_member(sql: Sql) -> None:
    sql("INSERT INTO comments (id, commentable_post_id) VALUES (1, 1)")
    sql("INSERT INTO reactions (id, reactable_comment_id) VALUES (1, 1)")
    with pytest.raises(CheckViolation) as caught:
        sql("INSERT INTO reactions (id) VALUES (2)")
    assert (caught.value.model, caught.value.fields) == ("Reaction", ("reactable",))
    with pytest.raises(CheckViolation):
        sql("UPDATE reactions SET reactable_comment_id = NULL")
    with pytest.raises(ForeignKeyViolation):
        sql("UPDATE reactions SET reactable_comment_id = 2")
    sql("DELETE FROM posts")
    assert sql("SELECT id FROM reactions") == []


# --- at random ---------------------------------------------------------------------------------------------------------------

_KEYS = st.integers(1, 3)
_TABLES = st.sampled_from([*CHILDREN])
_POINTING = st.tuples(st.one_of(st.none(), _KEYS), st.one_of(st.none(), st.sampled_from(["/a", "/b", "/c"])))
_STEPS = st.one_of(
    st.tuples(st.just("add"), _KEYS),
    st.tuples(st.just("remove"), _KEYS),
    st.tuples(st.just("rekey"), _KEYS, _KEYS),
    st.tuples(st.just("point"), _TABLES, _POINTING),
    st.tuples(st.just("turn"), _TABLES, _POINTING, _POINTING),
    st.tuples(st.just("clear"), _TABLES),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(_STEPS, min_size=5, max_size=20))
def test_whatever_is_tried_no_row_points_to_nothing_or_to_two(sql: Sql, steps: list[Any]) -> None:
    for table in CHILDREN:
        sql(f"DELETE FROM {table}")
    for step in steps:
        with suppress(ConstraintViolation):
            _do(sql, step)
        assert list(broken(sql)) == []


def _do(sql: Sql, step: Any) -> None:
    match step:
        case "add", key:
            sql("INSERT INTO posts (id, title) VALUES (?, ?)", key, f"t{key}")
        case "remove", key:
            sql("DELETE FROM posts WHERE id = ?", key)
        case "rekey", key, new:
            sql("UPDATE posts SET id = ? WHERE id = ?", new, key)
        case "point", table, (post, page):
            (column, value), name = others(table), CHILDREN[table]
            sql(f"INSERT INTO {table} ({column}{name}_post_id, {name}_page_id) VALUES ({value}?, ?)", post, page)
        case "turn", table, (post, page), (to_post, to_page):
            name = CHILDREN[table]
            sql(
                f"UPDATE {table} SET {name}_post_id = ?, {name}_page_id = ?"
                f" WHERE {name}_post_id = ? OR {name}_page_id = ?",
                to_post,
                to_page,
                post or 0,
                page or "",
            )
        case "clear", table:
            sql(f"DELETE FROM {table}")
        case _:
            raise AssertionError(step)
