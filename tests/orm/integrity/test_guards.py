"""SQL by hand that tries to make a polymorphic relation point to nothing, on every database."""

from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isomorph.errors import CheckViolation, ConstraintViolation, ForeignKeyViolation, NotNullViolation
from tests.support.fields import Package
from tests.support.guarded import ALIAS

pytestmark = pytest.mark.feature("relations.integrity")

CHILDREN = {
    "comments": "commentable",
    "reactions": "reactable",
    "notes": "notable",
    "locks": "lockable",
    "seals": "sealable",
    "taggables": "taggable",
}
"""The tables that point, and the start of their columns' names."""

PARENTS = {"post": "posts", ALIAS: "videos", "comment": "comments"}


@pytest.fixture
def sql(guarded: Package) -> Callable[..., list[tuple[Any, ...]]]:
    """Runs a statement by hand, with two posts and a video there."""

    def run(statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = guarded.db.execute(statement, *values)
        return rows

    for key, title in ((1, "one"), (2, "two")):
        run("INSERT INTO posts (id, title) VALUES (?, ?)", key, title)
    run("INSERT INTO videos (id, title) VALUES (1, 'film')")
    run("INSERT INTO tags (id, name) VALUES (1, 'news')")
    return run


Sql = Callable[..., list[tuple[Any, ...]]]


def dangling(sql: Sql) -> Iterator[tuple[str, Any, Any]]:
    """Rows that point to nothing."""
    there = {(alias, key) for alias, table in PARENTS.items() for (key,) in sql(f"SELECT id FROM {table}")}
    for table, name in CHILDREN.items():
        for alias, key in sql(f"SELECT {name}_type, {name}_id FROM {table}"):
            if (alias, key) != (None, None) and (alias, key) not in there:
                yield table, alias, key


# --- rows that point -----------------------------------------------------------------------------------------------------


def test_a_row_points_to_a_row_that_is_there(sql: Sql) -> None:
    sql("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (1, 'post', 1)")
    sql("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (2, ?, 1)", ALIAS)
    sql("INSERT INTO notes (id) VALUES (1)")
    sql("UPDATE comments SET commentable_type = 'post', commentable_id = 2 WHERE id = 2")
    sql("UPDATE comments SET commentable_id = commentable_id")
    assert list(dangling(sql)) == []


def test_a_row_that_points_to_nothing_is_refused_with_model_and_relation(sql: Sql) -> None:
    with pytest.raises(ForeignKeyViolation) as caught:
        sql("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (1, 'post', 9)")
    error = caught.value
    assert (error.model, error.table, error.fields) == ("Comment", "comments", ("commentable",))
    assert error.columns == ("commentable_type", "commentable_id")
    assert error.constraint == "comments_commentable_guard"
    assert "Comment(commentable)" in str(error)
    assert sql("SELECT id FROM comments") == []


def test_the_id_of_another_type_is_no_row(sql: Sql) -> None:
    with pytest.raises(ForeignKeyViolation):
        sql("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (1, ?, 2)", ALIAS)
    sql("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (1, 'post', 2)")
    with pytest.raises(ForeignKeyViolation):
        sql("UPDATE comments SET commentable_type = ?", ALIAS)
    with pytest.raises(ForeignKeyViolation):
        sql("UPDATE comments SET commentable_id = 3")
    assert sql("SELECT commentable_type, commentable_id FROM comments") == [("post", 2)]


@pytest.mark.parametrize("alias", ["Post", "post ", "POST", "", "tag", "App\\Models\\Video"])
def test_an_alias_that_no_member_has_is_refused(sql: Sql, alias: str) -> None:
    with pytest.raises(CheckViolation) as caught:
        sql("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (1, ?, 1)", alias)
    assert (caught.value.model, caught.value.constraint) == ("Comment", "comments_commentable_type_check")
    assert caught.value.fields == ("commentable",)


def test_an_id_without_a_type_and_a_type_without_an_id_are_refused(sql: Sql) -> None:
    for column, value in (("notable_type", "post"), ("notable_id", 1)):
        with pytest.raises(CheckViolation) as caught:
            sql(f"INSERT INTO notes (id, {column}) VALUES (1, ?)", value)
        assert (caught.value.model, caught.value.fields) == ("Note", ("notable",))
    sql("INSERT INTO notes (id, notable_type, notable_id) VALUES (1, 'post', 1)")
    for column in ("notable_type", "notable_id"):
        with pytest.raises(CheckViolation):
            sql(f"UPDATE notes SET {column} = NULL")
    with pytest.raises(NotNullViolation):
        sql("INSERT INTO comments (id, commentable_type) VALUES (1, 'post')")


def test_many_rows_at_once_are_all_looked_at(sql: Sql) -> None:
    with pytest.raises(ForeignKeyViolation):
        sql("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (1, 'post', 1), (2, 'post', 9)")
    with pytest.raises(ForeignKeyViolation):
        sql("INSERT INTO comments (id, commentable_type, commentable_id) SELECT id + 5, 'post', id + 1 FROM posts")
    assert sql("SELECT id FROM comments") == []


def test_words_that_make_the_database_forgiving_change_nothing(sql: Sql, dialect: str) -> None:
    ignoring = {
        "sqlite": ["INSERT OR IGNORE INTO", "INSERT OR REPLACE INTO", "INSERT OR FAIL INTO"],
        "postgresql": ["INSERT INTO"],
        "mysql": ["INSERT IGNORE INTO", "REPLACE INTO"],
    }[dialect]
    end = "ON CONFLICT DO NOTHING" if dialect == "postgresql" else ""
    for words in ignoring:
        with pytest.raises(ForeignKeyViolation):
            sql(f"{words} comments (id, commentable_type, commentable_id) VALUES (1, 'post', 9) {end}")
    sql("INSERT INTO locks (id, lockable_type, lockable_id) VALUES (1, 'post', 1)")
    updating = {"sqlite": "UPDATE OR IGNORE", "postgresql": "UPDATE", "mysql": "UPDATE IGNORE"}[dialect]
    deleting = "DELETE IGNORE FROM" if dialect == "mysql" else "DELETE FROM"
    for statement in (
        f"{updating} locks SET lockable_id = 9",
        f"{updating} posts SET id = 9 WHERE id = 1",
        f"{deleting} posts",
    ):
        with pytest.raises(ForeignKeyViolation):
            sql(statement)
    assert list(dangling(sql)) == []


def test_a_row_that_is_replaced_is_gone(sql: Sql, dialect: str) -> None:
    if dialect == "postgresql":
        return  # it has no such statement
    sql("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (1, 'post', 1)")
    sql("REPLACE INTO posts (id, title) VALUES (7, 'one')")
    assert sql("SELECT id FROM comments") == []
    sql("INSERT INTO locks (id, lockable_type, lockable_id) VALUES (1, 'post', 7)")
    with pytest.raises(ForeignKeyViolation):
        sql("REPLACE INTO posts (id, title) VALUES (8, 'one')")


# --- rows that are pointed to ----------------------------------------------------------------------------------------------


def test_rows_that_cascade_go_and_those_that_point_to_them_too(sql: Sql) -> None:
    sql(
        "INSERT INTO comments (id, commentable_type, commentable_id) VALUES (1, 'post', 1), (2, 'post', 2), (3, ?, 1)",
        ALIAS,
    )
    sql("INSERT INTO reactions (id, reactable_type, reactable_id) VALUES (1, 'comment', 1), (2, 'comment', 2)")
    sql("DELETE FROM posts WHERE id = 1")
    assert sql("SELECT id FROM comments ORDER BY id") == [(2,), (3,)]
    assert sql("SELECT id FROM reactions") == [(2,)]
    sql("DELETE FROM videos")
    assert sql("SELECT id FROM comments") == [(2,)]


def test_rows_that_let_go_point_to_nothing_by_name(sql: Sql) -> None:
    sql("INSERT INTO notes (id, notable_type, notable_id) VALUES (1, 'post', 1), (2, 'post', 2)")
    sql("DELETE FROM posts WHERE id = 1")
    assert sql("SELECT id, notable_type, notable_id FROM notes ORDER BY id") == [(1, None, None), (2, "post", 2)]


@pytest.mark.parametrize(("table", "relation", "model"), [("locks", "lockable", "Lock"), ("seals", "sealable", "Seal")])
def test_rows_that_keep_it_refuse_the_delete_and_are_named(sql: Sql, table: str, relation: str, model: str) -> None:
    sql(f"INSERT INTO {table} (id, {relation}_type, {relation}_id) VALUES (1, 'post', 1), (2, ?, 1)", ALIAS)
    for statement in ("DELETE FROM posts", "DELETE FROM posts WHERE id = 1", "DELETE FROM videos"):
        with pytest.raises(ForeignKeyViolation) as caught:
            sql(statement)
        assert (caught.value.model, caught.value.fields) == (model, (relation,))
    assert len(sql("SELECT id FROM posts")) == 2
    sql(f"DELETE FROM {table}")
    sql("DELETE FROM posts")


def test_pivots_go_with_either_side(sql: Sql) -> None:
    sql(
        "INSERT INTO taggables (tag_id, taggable_type, taggable_id) VALUES (1, 'post', 1), (1, 'post', 2), (1, ?, 1)",
        ALIAS,
    )
    with pytest.raises(ForeignKeyViolation) as caught:
        sql("INSERT INTO taggables (tag_id, taggable_type, taggable_id) VALUES (1, 'post', 3)")
    assert (caught.value.table, caught.value.constraint) == ("taggables", "taggables_taggable_guard")
    with pytest.raises(CheckViolation):
        sql("INSERT INTO taggables (tag_id, taggable_type, taggable_id) VALUES (1, 'tag', 1)")
    sql("DELETE FROM posts WHERE id = 2")
    assert len(sql("SELECT * FROM taggables")) == 2
    sql("DELETE FROM tags")
    assert sql("SELECT * FROM taggables") == []


def test_a_key_that_rows_point_to_does_not_change(sql: Sql, dialect: str) -> None:
    for table, name in CHILDREN.items():
        if table not in ("taggables", "reactions"):
            sql(f"INSERT INTO {table} (id, {name}_type, {name}_id) VALUES (1, 'post', 1)")
            for column in ("id", *(["rowid", "oid"] if dialect == "sqlite" else [])):
                with pytest.raises(ForeignKeyViolation):
                    sql(f"UPDATE posts SET {column} = 7 WHERE id = 1")
            sql(f"DELETE FROM {table}")
    sql("UPDATE posts SET id = 7, title = 'seven' WHERE id = 1")
    sql("INSERT INTO locks (id, lockable_type, lockable_id) VALUES (1, 'post', 7)")
    sql("UPDATE posts SET id = 7, title = 'again' WHERE id = 7")


def test_truncate_is_refused_while_rows_point_there_on_postgresql(sql: Sql, dialect: str) -> None:
    if dialect != "postgresql":
        return  # SQLite has none, and on MySQL no trigger sees it
    sql("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (1, 'post', 1)")
    with pytest.raises(ForeignKeyViolation):
        sql("TRUNCATE posts")
    sql("TRUNCATE posts, comments")
    assert sql("SELECT id FROM comments") == []


def test_whatever_search_path_a_session_has(sql: Sql, guarded: Package, dialect: str) -> None:
    if dialect != "postgresql":
        return  # the others have no path to search
    own = sql("SELECT current_schema()")[0][0]
    with guarded.db.transaction():
        sql("SET LOCAL search_path TO pg_catalog")
        sql(f"INSERT INTO \"{own}\".comments (id, commentable_type, commentable_id) VALUES (1, 'post', 1)")
        sql(f'DELETE FROM "{own}".posts WHERE id = 1')
    assert sql("SELECT id FROM comments") == []


# --- through objects -------------------------------------------------------------------------------------------------------


def test_objects_are_refused_and_follow_alike(guarded: Package) -> None:
    post = guarded.Post.create(title="one")
    comment = guarded.Comment.create(commentable=post)
    guarded.Reaction.create(reactable=comment)
    lock = guarded.Lock.create(lockable=post)
    with pytest.raises(ForeignKeyViolation) as caught:
        post.delete()
    assert (caught.value.model, caught.value.fields) == ("Lock", ("lockable",))
    lock.delete()
    post.delete()
    assert (guarded.Comment.query().count(), guarded.Reaction.query().count()) == (0, 0)


def test_inside_a_transaction_nothing_half_done_stays(guarded: Package) -> None:
    post = guarded.Post.create(title="one")
    guarded.Comment.create(commentable=post)
    guarded.Lock.create(lockable=post)
    with guarded.db.transaction():
        with pytest.raises(ForeignKeyViolation), guarded.db.transaction():
            post.delete()
        guarded.Tag.create(name="news")
    assert (guarded.Post.query().count(), guarded.Comment.query().count(), guarded.Tag.query().count()) == (1, 1, 1)


def test_the_catalog_says_what_is_kept(guarded: Package) -> None:
    def kept(model: str, relation: str) -> tuple[str, str]:
        morph = guarded.db.catalog.model(model).relation(relation).morph
        return morph.integrity.value, morph.on_delete.value

    assert kept("Comment", "commentable") == kept("Post", "comments") == ("triggers", "cascade")
    assert kept("Note", "notable") == ("triggers", "set null")
    assert kept("Seal", "sealable") == ("triggers", "no action")
    assert kept("Post", "tags") == ("triggers", "cascade")
    assert kept("Free", "thing") == ("none", "no action")


# --- at random ---------------------------------------------------------------------------------------------------------------

_KEYS = st.integers(1, 4)
_ALIASES = st.sampled_from(["post", ALIAS, "comment", None])
_STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(["posts", "videos"]), _KEYS),
    st.tuples(st.just("remove"), st.sampled_from(["posts", "videos", *CHILDREN]), _KEYS),
    st.tuples(st.just("rekey"), st.sampled_from(["posts", "videos", "comments"]), _KEYS, _KEYS),
    st.tuples(st.just("point"), st.sampled_from([*CHILDREN]), _KEYS, _ALIASES, _KEYS),
    st.tuples(st.just("turn"), st.sampled_from([*CHILDREN]), _KEYS, _ALIASES, _KEYS),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(_STEPS, min_size=5, max_size=25))
def test_whatever_is_tried_no_row_points_to_nothing(sql: Sql, steps: list[Any]) -> None:
    for table in reversed([*PARENTS.values(), *list(CHILDREN)[1:]]):
        sql(f"DELETE FROM {table}")
    done = 0
    for step in steps:
        try:
            _do(sql, step)
            done += 1
        except ConstraintViolation:
            pass
        assert list(dangling(sql)) == []


def _do(sql: Sql, step: Any) -> None:
    match step:
        case "add", table, key:
            sql(f"INSERT INTO {table} (id, title) VALUES (?, ?)", key, f"t{key}")
        case "remove", table, key:
            sql(f"DELETE FROM {table} WHERE {'taggable_id' if table == 'taggables' else 'id'} = ?", key)
        case "rekey", table, key, new:
            sql(f"UPDATE {table} SET id = ? WHERE id = ?", new, key)
        case "point", table, key, alias, to:
            own, name = "tag_id" if table == "taggables" else "id", CHILDREN[table]
            sql(
                f"INSERT INTO {table} ({own}, {name}_type, {name}_id) VALUES (?, ?, ?)",
                1 if own == "tag_id" else key,
                alias,
                to,
            )
        case "turn", table, key, alias, to:
            own, name = "taggable_id" if table == "taggables" else "id", CHILDREN[table]
            sql(f"UPDATE {table} SET {name}_type = ?, {name}_id = ? WHERE {own} = ?", alias, to, key)
        case _:
            raise AssertionError(step)
