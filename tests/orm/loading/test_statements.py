"""How many statements loading takes, and that their text does not depend on how many objects there are."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from generated import Comment, Item, Order, OrderLine, Post, Profile, Refund, Role, Tag, User, Video, db
from isomorph import Collection, dialects
from isomorph.catalog import ColumnType, Kind
from isomorph.sql.among import Among
from isomorph.sql.codecs import codec_for
from isomorph.sql.expressions import Reference
from isomorph.sql.select import Select
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("relations.include")]


def many_users(number: int) -> Collection[User]:
    return User.insert_many(
        {"name": f"user {count}", "email": f"{count}@example.com", "password": "-"} for count in range(number)
    )


# --- one text for any number -----------------------------------------------------------------------------------------------

QUERIES: dict[str, Callable[[], Any]] = {
    "has_many": lambda: User.query().include(User.posts),
    "has_one": lambda: User.query().include(User.profile),
    "belongs_to": lambda: Post.query().include(Post.author),
    "belongs_to_many": lambda: User.query().include(User.roles),
    "through": lambda: User.query().include(User.received_comments),
    "morph_many": lambda: Post.query().include(Post.comments),
    "morph_to_many": lambda: Post.query().include(Post.tags),
    "morph_to": lambda: Comment.query().include(Comment.commentable, Post.query()),
    "limited": lambda: User.query().include(User.posts, Post.query().order_by(Post.title).limit(2)),
}


@pytest.mark.feature("relations.include_text")
def test_the_text_is_the_same_for_1_2_and_10_000_objects(sent: Sent) -> None:
    users = many_users(10_000)
    posts = Post.insert_many({"author": user, "title": "t", "body": "b"} for user in users)
    Comment.insert_many({"body": "c", "commentable": post} for post in posts)
    texts: dict[str, set[str]] = {name: set() for name in QUERIES}
    for name, make in QUERIES.items():
        for number in (1, 2, 10_000):
            sent.clear()
            query = make()
            found = query.order_by(query._definition.columns["id"]).limit(number).get()
            assert (len(found), len(sent)) == (number, 2), name
            texts[name].add(sent.statements[-1][0])

    assert {name: len(found) for name, found in texts.items()} == dict.fromkeys(QUERIES, 1)


def test_10_000_objects_find_what_belongs_to_them(sent: Sent) -> None:
    users = many_users(10_000)
    Post.insert_many({"author": user, "title": user.name, "body": ""} for user in users)
    sent.clear()

    found = User.query().include(User.posts).get()

    assert len(sent) == 2
    assert all([post.title for post in user.posts] == [user.name] for user in found)
    written = Post.query().include(Post.author).get()
    assert all(post.author.name == post.title for post in written)


@pytest.mark.feature("models.composite_key")
def test_thousands_of_keys_of_two_columns_are_one_statement(sent: Sent) -> None:
    ada = make_user()
    orders = Order.insert_many({"number": str(number), "customer": ada} for number in range(100))
    items = Item.insert_many({"code": uuid.uuid4(), "name": str(number), "price": Decimal(1)} for number in range(30))
    lines = OrderLine.insert_many(
        {"order": order, "item": item, "unit_price": Decimal(1)} for order in orders for item in items
    )
    Refund.insert_many({"line": line, "amount": Decimal(line.order_id + line.item_id)} for line in lines)
    texts: set[str] = set()
    for number in (1, 2, 3_000):
        sent.clear()
        found = (
            OrderLine.query()
            .order_by(OrderLine.order_id, OrderLine.item_id)
            .limit(number)
            .include(OrderLine.refunds)
            .get()
        )
        assert len(sent) == 2
        texts.add(sent.last)
        assert all(
            [refund.amount for refund in line.refunds] == [Decimal(line.order_id + line.item_id)] for line in found
        )

    assert len(texts) == 1
    sent.clear()
    refunds = Refund.query().include(Refund.line).get()
    assert len(sent) == 2
    assert all(refund.line.order_id + refund.line.item_id == refund.amount for refund in refunds)


def test_the_keys_travel_in_parameters(sent: Sent, dialect: str) -> None:
    make_post(make_user())
    sent.clear()
    User.query().include(User.posts).get()

    assert (
        sent.last.partition(" WHERE ")[2]
        == {
            "sqlite": '"author_id" IN (SELECT value FROM json_each(?))',
            "postgresql": '"author_id" = ANY (?::bigint[])',
            "mysql": '"author_id" IN ?',
        }[dialect]
    )
    assert len(sent.statements[-1][1]) == 1


_KINDS = [Kind.BIGINT, Kind.STRING, Kind.BYTES]


def test_how_keys_of_several_columns_are_written() -> None:
    types = [ColumnType(kind, length=16 if kind is not Kind.BIGINT else None) for kind in _KINDS]
    items = [Reference[Any]("t", f"c{number}", codec_for(type_)) for number, type_ in enumerate(types)]
    found: dict[str, tuple[str, tuple[Any, ...]]] = {}
    for name in ("sqlite", "postgresql", "mysql"):
        statement = Select("t", ("c0",))
        statement.predicates = (
            Among(items, [codec_for(type_) for type_ in types], [[1, 2], ["a", "b"], [b"x", b"y"]]),
        )
        text, parameters = statement.compile(dialects.get(name))
        found[name] = text.partition(" WHERE ")[2], parameters

    read = [f"json_extract(value, '$[{number}]')" for number in range(3)]
    assert found == {
        "sqlite": (
            f'("c0", "c1", "c2") IN (SELECT {read[0]}, {read[1]}, isomorph_unhex({read[2]}) FROM json_each(?))',
            ('[[1, "a", "78"], [2, "b", "79"]]',),
        ),
        "postgresql": (
            '("c0", "c1", "c2") IN (SELECT * FROM unnest(%s::bigint[], %s::varchar[], %s::bytea[]))',
            ([1, 2], ["a", "b"], [b"x", b"y"]),
        ),
        "mysql": ("(`c0`, `c1`, `c2`) IN %s", (((1, "a", b"x"), (2, "b", b"y")),)),
    }


# --- how many statements -----------------------------------------------------------------------------------------------------


def test_one_statement_for_each_level_and_one_for_each_member_of_a_morph_to(sent: Sent) -> None:
    ada, bob = make_user(), make_user("Bob")
    posts = [make_post(user) for user in (ada, bob, ada)]
    clip = Video.create(title="Film", url="u", seconds=1.0, owner=ada)
    targets: list[Post | Video] = [*posts, clip]
    Comment.insert_many({"body": "c", "commentable": target, "author": bob} for target in targets)
    Profile.create(user=bob)
    sent.clear()

    found = (
        Comment.query()
        .include(
            Comment.commentable, Post.query().include(Post.author, User.query().include(User.profile)), Video.query()
        )
        .include(Comment.author)
        .get()
    )

    # comments; posts, their authors, these profiles; videos; authors
    assert len(sent) == 6
    assert {type(comment.commentable) for comment in found} == {Post, Video}


def test_keys_that_are_fields_are_not_selected_twice(sent: Sent) -> None:
    make_post(make_user())
    sent.clear()
    User.query().include(User.posts).include(User.image).get()

    for text in sent.texts[1:]:
        columns = text.partition(" FROM ")[0].removeprefix("SELECT ").split(", ")
        assert len(columns) == len(set(columns))
        assert all("." not in column for column in columns)


def test_what_leads_nowhere_is_not_asked_for(sent: Sent) -> None:
    make_user()
    sent.clear()

    (found,) = User.query().include(User.manager, User.query().include(User.posts)).get()

    assert found.manager is None
    assert len(sent) == 1


def test_a_key_that_many_share_is_asked_for_once_and_its_object_shared(sent: Sent) -> None:
    ada = make_user()
    Post.insert_many({"author": ada, "title": str(number), "body": ""} for number in range(50))
    sent.clear()

    found = Post.query().include(Post.author, User.query().include(User.roles)).get()

    assert len({id(post.author) for post in found}) == 1
    keys: Any = sent.statements[1][1][0]
    assert str(keys).count(str(ada.id)) == 1
    assert len(sent) == 3


def test_texts_with_quotes_and_backslashes_are_keys_like_any_other() -> None:
    names = ["it's", "back\\slash", 'quo"te', "50%", "%s", "new\nline", "ü 表 \U0001f600", "\\' OR 1=1 -- "]
    for name in names:
        Role.create(name=name[:50])

    found = Role.query().where(Role.name.in_([*names, *[f"none {number}" for number in range(200)]])).get()

    assert sorted(role.name for role in found) == sorted(names)


def test_an_include_on_another_connection_by_name_goes_there(sent: Sent) -> None:
    make_post(make_user())
    sent.clear()

    (found,) = User.query().on("default").include(User.posts).get()

    assert len(found.posts) == 1
    assert len(sent) == 2
    assert Tag.query().include(Tag.posts).get().is_empty()
    assert db.connection().name == "default"
