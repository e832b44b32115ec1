"""Calls with the wrong objects, past what a type checker would have said, and objects in the wrong state."""

import importlib
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

import generated
from generated import db
from isomorph.errors import (
    InvalidQuery,
    InvalidValue,
    IsomorphError,
    MissingValue,
    NotFound,
    NotNullViolation,
    NotSaved,
    ProtocolMismatch,
    RelationNotLoaded,
    UnknownConnection,
)
from isomorph.orm.database import PROTOCOL
from tests.bad_input.untyped import Comment, Post, Profile, Role, User, Video
from tests.bad_input.witness import Witness, check_told, new_secret
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")

SECRET = new_secret()


def _new_user() -> Any:
    return User(name="Eve", email="eve@example.com", password=SECRET)


# --- queries -----------------------------------------------------------------------------------------------------------------

QUERIES: dict[str, tuple[Callable[[Any], object], type[IsomorphError], str]] = {
    "where a truth value": (lambda q: q.where(True), InvalidValue, r"where\(\): expected a predicate such as User"),
    "where a text": (lambda q: q.where(SECRET), InvalidValue, r"where\(\): expected a predicate .*, got str$"),
    "where a column": (lambda q: q.where(User.active), InvalidValue, r"where\(\): .* got BoolColumn$"),
    "where None": (lambda q: q.where(None), InvalidValue, r"where\(\): .* got NoneType$"),
    "where another table": (
        lambda q: q.where(Post.views > 1).get(),
        InvalidQuery,
        "posts is no part of the query .join it",
    ),
    "and a text": (
        lambda q: q.where((User.age > 1) & SECRET),
        InvalidValue,
        "& and |: expected a predicate .* got str$",
    ),
    "or a truth value": (lambda q: q.where((User.age > 1) | True), InvalidValue, "& and |: expected a predicate"),
    "and": (lambda q: q.where(User.age > 1 and User.age < 9), InvalidQuery, "combine with & | ~"),
    "a chained comparison": (lambda q: q.where(1 < User.age < 9), InvalidQuery, r"use between\(\)"),
    "order by a text": (
        lambda q: q.order_by("name"),
        InvalidValue,
        r"order_by\(\): expected a column such as User.name",
    ),
    "order by None": (lambda q: q.order_by(None), InvalidValue, r"order_by\(\): .* got NoneType$"),
    "order by another table": (lambda q: q.order_by(Post.title).get(), InvalidQuery, "posts is no part of the query"),
    "a negative limit": (lambda q: q.limit(-1), InvalidValue, r"limit\(\): expected an int of 0 or more, got less$"),
    "a text as limit": (lambda q: q.limit("48151"), InvalidValue, r"limit\(\): expected an int of 0 or more, got str$"),
    "a truth value as limit": (lambda q: q.limit(True), InvalidValue, r"limit\(\): .* got bool$"),
    "a negative offset": (lambda q: q.offset(-1), InvalidValue, r"offset\(\): expected an int of 0 or more"),
    "include a text": (lambda q: q.include("posts"), InvalidValue, r"include\(\): expected a relation such as"),
    "include of another model": (lambda q: q.include(Post.author), InvalidQuery, "Post.author is no relation of User"),
    "include a column": (lambda q: q.include(User.name), InvalidValue, r"include\(\): .* got StringColumn$"),
    "include with a model": (lambda q: q.include(User.posts, Post), InvalidValue, "expected a query of the related"),
    "include with another query": (lambda q: q.include(User.posts, Role.query()), InvalidQuery, "leads to Post"),
    "include with a limit of merged rows": (
        lambda q: q.include(User.posts, Post.query().distinct().limit(1)),
        InvalidQuery,
        "both distinct and limited",
    ),
    "load a text": (lambda q: q.get().load("author"), InvalidValue, r"load\(\): .* got str$"),
    "join a text": (lambda q: q.join("posts"), InvalidValue, r"join\(\): expected a relation such as"),
    "left join None": (lambda q: q.left_join(None), InvalidValue, r"join\(\): .* got NoneType$"),
    "join from elsewhere": (lambda q: q.join(Post.author), InvalidQuery, "posts, which is no part of the query"),
    "join twice": (lambda q: q.join(User.posts).join(User.posts), InvalidQuery, "already part of the query"),
    "join a morph": (lambda q: Comment.query().join(Comment.commentable), InvalidQuery, ""),
    "select nothing": (lambda q: q.select(), InvalidQuery, r"select\(\) without columns"),
    "select a text": (lambda q: q.select("name"), InvalidValue, r"select\(\): expected columns such as User.name"),
    "pluck a text": (lambda q: q.pluck("name"), InvalidValue, r"select\(\): expected columns"),
    "value of None": (lambda q: q.value(None), InvalidValue, r"select\(\): expected columns"),
    "sum of a text": (lambda q: q.sum("age"), InvalidValue, r"sum\(\): expected a column such as"),
    "sum of texts": (lambda q: q.sum(User.name), InvalidValue, r"sum\(\): .* got StringColumn$"),
    "greatest of a text": (lambda q: q.max("age"), InvalidValue, r"max\(\): expected a column"),
    "chunks of nothing": (lambda q: q.chunk(0), InvalidValue, "chunk: expected an int of 1 or more"),
    "pages from zero": (lambda q: q.paginate(0), InvalidValue, "page: expected an int of 1 or more"),
    "increment a text": (lambda q: q.increment("age", 1, all_rows=True), InvalidValue, "a column of numbers"),
    "delete everything": (lambda q: q.delete(), InvalidQuery, r"add where\(\), or all_rows=True"),
    "update everything": (lambda q: q.update(name=SECRET), InvalidQuery, r"add where\(\), or all_rows=True"),
    "delete a page": (lambda q: q.limit(1).delete(all_rows=True), InvalidQuery, "drop one of the two"),
    "another connection": (lambda q: q.on("reprting").get(), UnknownConnection, 'no connection "reprting"'),
    "a number as connection": (lambda q: q.on(48151).get(), UnknownConnection, 'no connection "48151"'),
    "raw SQL that is none": (lambda q: q.where_raw(48151), InvalidValue, "raw SQL: expected a literal string"),
    "raw SQL of few values": (lambda q: q.where_raw("a = ? and b = ?", SECRET), InvalidQuery, "2 placeholders and 1"),
    "raw SQL of an object": (lambda q: q.where_raw("a = ?", [SECRET]), InvalidValue, "raw SQL: expected a bool"),
}


@pytest.mark.feature("bad_input.wrong_type", "bad_input.half_written")
@pytest.mark.parametrize(("call", "expected", "words"), QUERIES.values(), ids=QUERIES)
def test_a_query_of_the_wrong_objects_says_what_was_wanted(
    call: Callable[[Any], object], expected: type[IsomorphError], words: str, witness: Witness
) -> None:
    make_post(make_user(SECRET, age=36))
    with witness.refuses(expected, SECRET, match=words or None):
        call(User.query())


@pytest.mark.feature("bad_input.wrong_type")
@pytest.mark.parametrize("unique", ["name", ["name"], None, Role.name, [Post.title, "name"]], ids=type)
def test_an_upsert_wants_columns_in_a_list(unique: Any, witness: Witness) -> None:
    row: Any = {"name": SECRET}
    with witness.refuses(InvalidValue, SECRET, match="^Role.upsert: expected a list of columns such as Role.id, got "):
        Role.upsert([row], unique=unique)
    if unique is not None:
        with witness.refuses(InvalidValue, SECRET, match="^Role.upsert: expected a list of columns"):
            Role.upsert([row], unique=[Role.name], update=unique)


@pytest.mark.feature("bad_input.wrong_type")
def test_an_upsert_wants_a_unique_key_of_its_own_model(witness: Witness) -> None:
    for unique in ([Role.level], [User.email], [], [Role.name, Role.level]):
        with witness.refuses(
            InvalidQuery, SECRET, match=r"no unique key over just these columns \(unique keys: id; name\)"
        ):
            Role.upsert([{"name": SECRET}], unique=unique)


# --- related objects -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.wrong_type", "bad_input.half_written")
@pytest.mark.parametrize("wrong", [SECRET, 48_151, User, {"id": 1}], ids=["text", "key", "class", "mapping"])
def test_what_is_no_related_object_is_told(wrong: Any, witness: Witness) -> None:
    with witness.refuses(InvalidValue, SECRET, 48_151, match="^Post.author: expected a User, got "):
        Post.create(author=wrong, title="a", body="b")
    with witness.refuses(InvalidValue, SECRET, match="^Post.author: expected a User, got Role$"):
        Post.create(author=Role(name=SECRET), title="a", body="b")
    with witness.refuses(InvalidValue, SECRET, 48_151, match="^Comment.commentable: expected a Post or Video, got "):
        Comment.create(commentable=wrong, body="b")


@pytest.mark.feature("bad_input.wrong_type", "bad_input.half_written")
def test_a_related_object_must_have_a_row(witness: Witness) -> None:
    ada = make_user()
    unsaved = _new_user()
    draft = Post(author=ada, title="a", body="b")
    ways: list[Callable[[], object]] = [
        lambda: Post.create(author=unsaved, title="a", body="b"),
        lambda: Post.insert_many(
            [{"author": ada, "title": "a", "body": "b"}, {"author": unsaved, "title": "a", "body": "b"}]
        ),
        lambda: Profile.create(user=unsaved),
        lambda: Comment.create(commentable=draft, body="b"),
    ]
    for way in ways:
        with witness.refuses(NotSaved, SECRET, match=r"has no row in the database \(save it first\)$"):
            way()


def test_a_related_object_that_is_required_is_asked_for(witness: Witness) -> None:
    values: Any = {"title": SECRET, "body": SECRET}
    with witness.refuses(MissingValue, SECRET, match="^Post needs author or author_id") as told:
        Post.create(**values)
    assert told.error.fields == ("author or author_id",)
    with witness.refuses(NotNullViolation, SECRET):
        Post.create(**values, author=None)


def test_a_relation_that_was_not_loaded_says_how_to_load_it(witness: Witness) -> None:
    ada: Any = make_user(SECRET)
    with witness.refuses(RelationNotLoaded, SECRET, match=r"add .include\(User.posts\) to the query"):
        ada.posts.first()


# --- objects without a row -------------------------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.half_written")
def test_an_object_without_a_row_can_only_be_saved(witness: Witness) -> None:
    make_user()
    deleted: Any = make_user("Eve", password=SECRET)
    deleted.delete()
    for made in (_new_user(), deleted):
        operations: dict[str, Callable[[], object]] = {
            "delete": made.delete,
            "refresh": made.refresh,
            "discard_changes": made.discard_changes,
            "increment": partial(made.increment, User.age),
            "decrement": partial(made.decrement, User.age),
        }
        for name, operation in operations.items():
            with witness.refuses(
                NotSaved, SECRET, match=r"this User has no row in the database \(save it first\)$"
            ) as told:
                operation()
            assert told.error.model == "User"
            assert told.error.operation in {name, "increment"}


@pytest.mark.feature("bad_input.half_written")
def test_an_object_whose_row_is_gone_cannot_be_changed(witness: Witness) -> None:
    ada, gone = make_user(), make_user("Eve", password=SECRET, age=36)
    User.query().where(User.id == gone.id).delete()
    gone.name = "Mallory"
    for operation in (gone.save, gone.refresh, lambda: gone.increment(User.age), lambda: gone.update(age=1)):
        with witness.refuses(NotFound, SECRET, match="^no User matches"):
            operation()
    assert gone.delete() is False
    assert list(User.all()) == [ada]


@pytest.mark.feature("bad_input.half_written")
def test_a_save_that_fails_can_be_mended_and_repeated(witness: Witness) -> None:
    wrong: Any = [SECRET]
    ada = _new_user()
    ada.age = wrong
    with witness.refuses(InvalidValue, SECRET, match="^User.age: expected an int, got list$"):
        ada.save()
    assert not ada.exists
    ada.age = 36
    assert ada.save().exists
    ada.name = wrong
    with witness.refuses(InvalidValue, SECRET, match="^User.name: expected a str, got list$"):
        ada.save()
    ada.name = "Ada"
    assert ada.save().refresh().name == "Ada"


# --- other packages ----------------------------------------------------------------------------------------------------------------


def test_a_package_of_another_protocol_is_refused_when_it_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(str(generated.__file__)).parent
    copytree(source, tmp_path / "stale", ignore=ignore_patterns("__pycache__"))
    database = tmp_path / "stale" / "database.py"
    text = database.read_text()
    assert text.count(f"protocol={PROTOCOL},") == 1
    database.write_text(text.replace(f"protocol={PROTOCOL},", "protocol=4815,"))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    before = set(sys.modules)
    try:
        with pytest.raises(
            ProtocolMismatch, match=rf"speaks protocol 4815, this isomorph speaks {PROTOCOL} .run `orm generate`"
        ) as caught:
            importlib.import_module("stale.models.user")
    finally:
        for name in set(sys.modules) - before:
            del sys.modules[name]
    assert (caught.value.generated, caught.value.runtime) == (4815, PROTOCOL)
    check_told(caught.value, [])


@pytest.mark.feature("bad_input.half_written")
def test_a_wrong_call_in_a_transaction_takes_the_rest_of_it_back(witness: Witness, sent: Sent) -> None:
    wrong: Any = SECRET

    def work() -> None:
        Role.create(name="first")
        Video.create(title="a", url="b", seconds=1.0)
        Role.create(name="second", level=wrong)

    with witness.refuses(InvalidValue, SECRET, match="^Role.level: expected an int, got str$"):
        db.run(work)
    with witness.refuses(InvalidQuery, match="no part of the query"), db.transaction():
        Role.create(name="first")
        Role.query().where(User.age > 1).delete()
