"""Relations that are loaded: morphs that lead nowhere, odd keys, includes where they make no sense; nothing half-done."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from generated import db
from isomorph import Collection
from isomorph.errors import (
    FieldNotLoaded,
    InvalidQuery,
    InvalidValue,
    IsomorphError,
    RelationNotLoaded,
    TransactionRequired,
    UnknownConnection,
    UnknownMorphType,
)
from tests.bad_input.related import SECRET, World, refused, unharmed, world
from tests.bad_input.untyped import Comment, Image, Item, Post, Role, User
from tests.bad_input.witness import check_told
from tests.support.looks import held
from tests.support.showcase import make_post, make_user, recording

__all__ = ["unharmed", "world"]

pytestmark = [pytest.mark.feature("bad_input.relations"), pytest.mark.usefixtures("world", "unharmed")]

# --- morphs that lead nowhere ----------------------------------------------------------------------------------------------------------------

HALVES: dict[str, tuple[str | None, int | None]] = {
    "nothing": (None, None),
    "a type without an id": ("user", None),
    "an id without a type": (None, 1),
    "an id that nobody has": ("user", 48_151),
    "the id of another model": ("item", 1),
}


@pytest.fixture
def images(world: World) -> Iterator[dict[str, int]]:
    """Images that lead nowhere, by what they hold; and one that leads to Ada."""
    for url, (alias, id_) in {**HALVES, "ada": ("user", world.ada.id)}.items():
        db.execute("INSERT INTO images (url, imageable_type, imageable_id) VALUES (?, ?, ?)", url, alias, id_)
    yield {image.url: image.id for image in Image.query().get()}
    Image.query().where(Image.id > 0).delete()


def test_half_a_morph_leads_nowhere_and_fails_nothing(images: dict[str, int], world: World) -> None:
    found = {image.url: image.imageable for image in Image.query().include(Image.imageable).get()}
    assert found == {**dict.fromkeys(HALVES), "ada": world.ada}
    for url, id_ in images.items():
        led_to = world.ada if url == "ada" else None
        image = Image.find_or_fail(id_)
        assert image.load(Image.imageable).imageable == led_to
        assert image.load_missing(Image.imageable).imageable == led_to
        assert image.related.imageable.get() == led_to
        assert image.related.imageable.exists() is (led_to is not None)
    narrowed = {
        "has": Image.query().has(Image.imageable),
        "all": Image.query().where_has_morph(Image.imageable, "all"),
        "User": Image.query().where_has_morph(Image.imageable, User),
        "to Ada": Image.query().where_morphed_to(Image.imageable, world.ada),
        "is Ada": Image.query().where(Image.imageable.is_(world.ada)),
    }
    assert {name: [image.url for image in query.get()] for name, query in narrowed.items()} == {
        name: ["ada"] for name in narrowed
    }
    lacking = Image.query().doesnt_have(Image.imageable).order_by(Image.id).get()
    assert [image.url for image in lacking] == list(HALVES)
    elsewhere = {image.url for image in Image.query().where_not_morphed_to(Image.imageable, world.ada).get()}
    assert elsewhere == set(HALVES)
    assert [user.image and user.image.url for user in User.query().include(User.image).order_by(User.id).get()] == [
        "ada",
        None,
    ]


@pytest.mark.parametrize("alias", ["usr", "User", "", "App\\Models\\User", "post'; --", "üser"])
def test_an_unknown_alias_names_table_column_and_value(alias: str, images: dict[str, int], world: World) -> None:
    db.execute("UPDATE images SET imageable_type = ? WHERE url = ?", alias, "ada")
    image = Image.find_or_fail(images["ada"])
    rest = [Image.find_or_fail(id_) for url, id_ in images.items() if url != "ada"]
    reads: list[tuple[Callable[[], object], int]] = [
        (lambda: Image.query().include(Image.imageable).get(), 1),
        (lambda: Image.query().include(Image.imageable, Item.query()).get(), 1),
        (lambda: list(Image.query().include(Image.imageable).lazy()), 1),
        (lambda: image.load(Image.imageable), 0),
        (lambda: image.load_missing(Image.imageable), 0),
        (lambda: Collection([*rest, image]).load(Image.imageable), 0),
        (image.related.imageable.get, 0),
    ]
    for read, statements in reads:
        with refused(UnknownMorphType, "^images.imageable_type holds the unknown alias ", statements) as told:
            read()
        assert str(told.error).endswith(f'"{alias}" (known: user, post, item; add it to [morph_map])')
        assert (told.error.table, told.error.column, told.error.alias) == ("images", "imageable_type", alias)
    # Nothing half-done: the others, which could have been loaded, are as they were.
    assert [held(item) for item in (image, *rest)] == [[]] * (len(rest) + 1)
    assert len(Image.query().where(Image.imageable.is_type(User)).get()) == 2
    assert Image.query().has(Image.imageable).count() == 0


def test_a_row_behind_a_belongs_to_that_is_gone_meanwhile(world: World) -> None:
    gone = make_user("Gone", manager=world.ada)
    found: Any = User.find_or_fail(gone.id)
    gone.delete()
    assert found.load(User.posts).posts.is_empty()
    assert found.load_count(User.posts).count_of(User.posts) == 0
    assert found.related.posts.count() == 0
    assert found.load(User.manager).manager == world.ada


# --- keys --------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (SECRET, "^Post.author_id: expected an int, got str$"),
        ([1], "^Post.author_id: expected a value that a key can have, got list$"),
        ({"id": 1}, "^Post.author_id: expected a value that a key can have, got dict$"),
        (1.5, "^Post.author_id: expected an int, got float$"),
        (float("nan"), "^Post.author_id: expected an int, got float$"),
        (True, "^Post.author_id: expected an int, got bool$"),
        (b"1", "^Post.author_id: expected an int, got bytes$"),
    ],
    ids=["text", "list", "mapping", "fraction", "nan", "truth", "bytes"],
)
def test_a_key_that_was_set_to_something_else_finds_nothing(key: Any, words: str, world: World) -> None:
    notes = world.notes
    notes.author_id = key
    for load in (notes.load, notes.load_missing, Collection([notes, notes]).load):
        with refused(InvalidValue, words):
            load(Post.author)
    assert held(notes) == []
    notes.author_id = None
    assert notes.load(Post.author).author is None
    notes.author_id = 48_151
    assert notes.load(Post.author).author is None


# --- includes ----------------------------------------------------------------------------------------------------------------------------


def test_of_two_includes_of_one_relation_the_later_counts(world: World) -> None:
    make_post(world.ada, "Draft", views=9)
    narrow = Post.query().where(Post.views > 5)
    with recording(db.connection()) as sent:
        twice = User.query().include(User.posts, narrow).include(User.posts).order_by(User.id).get()
        assert len(sent) == 2
    assert len(twice[0].posts) == 2
    assert len(User.query().include(User.posts).include(User.posts, narrow).order_by(User.id).get()[0].posts) == 1
    Post.query().where(Post.title == "Draft").delete()


def test_only_takes_along_what_includes_start_at(world: World) -> None:
    (notes,) = Post.query().only(Post.title).include(Post.author, User.query().only(User.name)).get()
    assert (notes.title, notes.author.name, notes.author_id) == ("Notes", "Ada", world.ada.id)
    with refused(FieldNotLoaded, r"^User.age is not loaded \(add it to .only\(...\), or drop that from the query\)$"):
        _ = notes.author.age
    assert User.query().only(User.name).include(User.posts).order_by(User.id).get()[0].posts[0] == notes
    part = Post.query().only(Post.title).get()
    for load in (part.load, part.load_missing, part[0].load):
        with refused(FieldNotLoaded, "^Post.author_id is not loaded .add it to .only"):
            load(Post.author)
    comments = Comment.query().only(Comment.body).get()
    with refused(
        RelationNotLoaded, r"^Comment.commentable is not loaded \(add .include\(Comment.commentable\) to the query"
    ):
        comments.load(Comment.commentable)


def test_a_query_that_includes_itself_is_no_circle(world: World) -> None:
    query = User.query().include(User.manager)
    bob = query.include(User.manager, query).where(User.id == world.bob.id).first_or_fail()
    assert bob.manager.manager is None
    back = Post.query().include(Post.author, User.query().include(User.posts, Post.query().include(Post.author)))
    assert back.get()[0].author.posts[0].author == world.ada


INCLUDED: dict[str, tuple[Callable[[Any], object], type[IsomorphError], str]] = {
    "in a cte": (lambda q: q.cte("found"), InvalidQuery, r"^cte\(\) of a query with includes \(include where the rows"),
    "in a recursion": (
        lambda q: q.recursive("tree", User.query().pipe),
        InvalidQuery,
        r"^recursive\(\) of a query with includes",
    ),
    "in the other part of a union": (
        lambda q: User.query().union(q),
        InvalidQuery,
        r"^union with a query that includes relations.* \(include behind it, or in the first query\)$",
    ),
    "in the other part of an intersection": (
        lambda q: User.query().intersect(q),
        InvalidQuery,
        "^intersect with a query",
    ),
    "selected": (
        lambda q: q.select(User.name),
        InvalidQuery,
        r"gives tuples, which carry no relations \(drop the include\)",
    ),
    "plucked": (lambda q: q.pluck(User.name), InvalidQuery, "gives tuples, which carry no relations"),
    "as a value": (lambda q: q.value(User.name), InvalidQuery, "gives tuples, which carry no relations"),
    "grouped": (
        lambda q: q.group_by(User.name).get(),
        InvalidQuery,
        r"gives groups, which are no objects \(select\(\)",
    ),
    "with a cursor": (
        lambda q: list(q.cursor()),
        InvalidQuery,
        r"cannot include relations \(use lazy\(\) or chunk\(\)\)$",
    ),
    "updated": (
        lambda q: q.where(User.age > 90).update(age=1),
        InvalidQuery,
        r"or with includes \(narrow by conditions",
    ),
    "deleted": (lambda q: q.where(User.age > 90).delete(), InvalidQuery, r"or with includes \(narrow by conditions"),
    "in a condition": (
        lambda q: User.query().where_has(User.manager, q),
        InvalidQuery,
        r"with include\(\), which reads",
    ),
    "locked, but in no transaction": (
        lambda q: q.lock_for_update().get(),
        TransactionRequired,
        "outside a transaction",
    ),
}


@pytest.mark.parametrize("place", INCLUDED)
def test_an_include_where_no_objects_are_read_is_refused(place: str, world: World) -> None:
    call, expected, words = INCLUDED[place]
    with refused(expected, words):
        call(User.query().include(User.posts))


def test_an_include_where_objects_are_read_is_loaded(world: World) -> None:
    query = User.query().include(User.posts)
    ways: dict[str, tuple[Callable[[], Any], int]] = {
        "get": (lambda: query.order_by(User.id).get(), 2),
        "first": (lambda: [query.order_by(User.id).first()], 2),
        "lazy": (lambda: list(query.lazy()), 2),
        "chunk": (lambda: next(query.chunk(10)), 2),
        "paginate": (lambda: query.order_by(User.id).paginate().items, 3),
        "simple_paginate": (lambda: query.order_by(User.id).simple_paginate().items, 2),
        "cursor_paginate": (lambda: query.order_by(User.id).cursor_paginate().items, 2),
        "union": (lambda: query.union(User.query()).order_by(User.id).get(), 2),
        "behind a union": (lambda: User.query().union(User.query()).include(User.posts).order_by(User.id).get(), 2),
        "of a cte": (lambda: User.query().cte("found").query().include(User.posts).get().sort_by(User.id), 2),
    }
    for name, (read, statements) in ways.items():
        with recording(db.connection()) as sent:
            assert [post.id for post in read()[0].posts] == [world.notes.id], name
            assert len(sent) == statements, name
    for call in (query.count, query.exists, lambda: query.max(User.age)):
        with recording(db.connection()) as sent:
            assert call()
            assert len(sent) == 1  # nothing is included where nothing could hold it
    with recording(db.connection()) as sent:
        assert query.where(User.id < 0).get().is_empty()
        assert len(sent) == 1


def test_an_include_on_a_connection_that_nobody_has(world: World) -> None:
    with refused(UnknownConnection, 'no connection "reprting"', statements=1):
        User.query().include(User.posts, Post.query().on("reprting")).get()
    with refused(UnknownConnection, 'no connection "reprting"'):
        world.ada.load(User.posts, Post.query().on("reprting"))
    assert held(world.ada) == []


# --- nothing half-done --------------------------------------------------------------------------------------------------------------------


def test_what_was_loaded_stays_where_loading_anew_fails(images: dict[str, int], world: World) -> None:
    ada = world.ada.load(User.image)
    before = ada.image
    db.execute("UPDATE images SET imageable_type = ? WHERE url = ?", "usr", "an id without a type")
    everything = Image.query().include(Image.imageable)
    lost = [User.find_or_fail(world.bob.id), ada]
    db.execute("UPDATE images SET imageable_type = ?, imageable_id = ? WHERE url = ?", "user", ada.id, "ada")
    assert Collection(lost).load(User.image, everything)[1].image == before
    with refused(UnknownMorphType, "unknown alias", statements=1):
        everything.get()
    with refused(InvalidQuery, "the query is for Post"):
        ada.load(User.image, Post.query())
    assert ada.image == before
    assert held(ada) == ["image"]


def test_a_wrong_include_takes_the_rest_of_a_transaction_back(images: dict[str, int], world: World) -> None:
    db.execute("UPDATE images SET imageable_type = ? WHERE url = ?", "usr", "ada")
    with refused(InvalidQuery, "is no relation of User", statements=1), db.transaction():
        Role.create(name="first")
        User.query().include(Post.author)
    with refused(UnknownMorphType, "unknown alias", statements=2), db.transaction():
        Role.create(name="first")
        Image.query().include(Image.imageable).get()
    with refused(InvalidValue, "expected a User, got Post", statements=1), db.transaction():
        Role.create(name="first")
        Post.create(author=world.notes, title="a", body="b")
    assert Role.query().count() == 0


def test_an_error_that_is_caught_leaves_the_transaction_as_good_as_before(images: dict[str, int], world: World) -> None:
    db.execute("UPDATE images SET imageable_type = ? WHERE url = ?", "usr", "ada")
    wrong: list[Callable[[], object]] = [
        lambda: Image.query().include(Image.imageable).get(),
        lambda: world.ada.load(Post.author),
        lambda: world.eve.load(User.posts),
        lambda: Post.author.is_(world.notes),
    ]
    with db.transaction():
        made = Role.create(name="first")
        for call in wrong:
            with pytest.raises(IsomorphError):
                call()
        assert len(world.ada.load(User.posts).posts) == 1
    assert Role.query().count() == 1
    made.delete()


def test_a_statement_of_a_related_row_that_fails_leaves_nothing(world: World) -> None:
    long, wrong = "x" * 400, [SECRET]
    for values in ({"title": long, "body": "b"}, {"title": wrong, "body": "b"}, {"title": "a"}):
        with pytest.raises(IsomorphError) as caught:
            world.ada.related.posts.create_many([{"title": "fine", "body": "b"}, values])
        check_told(caught.value, [SECRET])
    assert world.ada.related.posts.count() == 1
