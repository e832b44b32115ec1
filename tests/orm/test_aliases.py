"""Aliases of models, joins to any table, and whole models beside columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from generated import Comment, Department, Image, Item, Post, Profile, Role, User, Video, db
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.aliases")]


@dataclass
class World:
    """Ada leads Bob and Cy; Bob leads Dee."""

    ada: User
    bob: User
    cy: User
    dee: User


@pytest.fixture
def world(showcase: str) -> World:
    ada = make_user(age=50)
    bob = make_user("Bob", age=40, manager=ada)
    cy = make_user("Cy", age=60, manager=ada, active=False)
    dee = make_user("Dee", age=20, manager=bob)
    return World(ada, bob, cy, dee)


# --- joins of a table to itself -----------------------------------------------------------------------------------------


def test_along_a_relation(world: World, sent: Sent) -> None:
    boss = User.alias("boss")
    query = User.query().join(User.manager, boss).order_by(User.name)

    assert query.select(User.name, boss.name).get() == [("Bob", "Ada"), ("Cy", "Ada"), ("Dee", "Bob")]
    assert 'INNER JOIN "users" AS "boss" ON "users"."manager_id" = "boss"."id"' in sent.last
    assert query.where(boss.name == "Bob").get().pluck(User.name) == ["Dee"]
    assert query.where(User.age > boss.age).pluck(User.name) == ["Cy"]
    assert query.where(boss.active.is_true(), User.active.is_false()).count() == 1


def test_by_a_condition(world: World) -> None:
    boss = User.alias("boss")
    query = User.query().join(boss, on=User.manager_id == boss.id).order_by(User.name)

    assert query.select(User.name, boss.name).get() == [("Bob", "Ada"), ("Cy", "Ada"), ("Dee", "Bob")]
    older = User.query().join(boss, on=(User.manager_id == boss.id) & (User.age > boss.age))
    assert older.pluck(User.name) == ["Cy"]


def test_left_and_over_several_steps(world: World) -> None:
    boss, top = User.alias("boss"), User.alias("top")
    query = User.query().left_join(User.manager, boss).left_join(boss.manager, top).order_by(User.name)

    assert query.select(User.name, boss.name.optional(), top.name.optional()).get() == [
        ("Ada", None, None),
        ("Bob", "Ada", None),
        ("Cy", "Ada", None),
        ("Dee", "Bob", "Ada"),
    ]
    with pytest.raises(InvalidQuery, match=r"User.name may be missing, since boss is left-joined"):
        query.select(boss.name)


def test_pairs_of_rows(world: World) -> None:
    other = User.alias("other")
    query = User.query().join(other, on=(User.age < other.age) & (User.manager_id == other.manager_id))

    assert query.select(User.name, other.name).get() == [("Bob", "Cy")]


def test_relations_over_pivots_morphs_and_through_others(world: World) -> None:
    ada, bob = world.ada, world.bob
    db.execute("INSERT INTO follows (follower_id, followed_id) VALUES (?, ?)", bob.id, ada.id)
    Image.create(url="ada.png", imageable=ada)
    post = make_post(ada, "Notes")
    Comment.create(body="hm", commentable=post, author=bob)
    idol, picture = User.alias("idol"), Image.alias("picture")

    followed = User.query().join(User.following, idol).select(User.name, idol.name)
    assert followed.get() == [("Bob", "Ada")]
    assert User.query().join(User.image, picture).select(User.name, picture.url).get() == [("Ada", "ada.png")]
    remark, again = Comment.alias("remark"), Comment.alias("again")
    twice = (
        User.query()
        .join(User.received_comments, remark)
        .join(User.received_comments, again)
        .select(User.name, remark.body, again.body)
    )
    assert twice.get() == [("Ada", "hm", "hm")]


def test_joined_twice_under_two_names(world: World) -> None:
    post, video = make_post(world.ada, "x"), Video.create(title="v", url="u", seconds=1.0, owner=world.bob)
    first, second = User.alias("first"), User.alias("second")
    query = (
        Post.query()
        .join(Post.author, first)
        .join(Video, on=Video.title == "v")
        .join(second, on=second.id == Video.owner_id)
        .select(Post.id, first.name, Video.id, second.name)
    )

    assert query.get() == [(post.id, "Ada", video.id, "Bob")]


# --- queries of aliases -------------------------------------------------------------------------------------------------


def test_a_query_of_an_alias(world: World, sent: Sent) -> None:
    boss = User.alias("boss")
    query = boss.query().where(boss.age > 30).order_by(boss.name)

    assert query.get().pluck(User.name) == ["Ada", "Bob", "Cy"]
    assert sent.last.startswith('SELECT "id", "name"')
    assert 'FROM "users" AS "boss" WHERE "age" > ?' in sent.last
    assert not query.get()[0].is_dirty()
    assert query.count() == 3
    assert query.exists()
    assert query.max(boss.age) == 60
    assert query.first_or_fail().name == "Ada"
    assert [user.name for user in query.cursor()] == ["Ada", "Bob", "Cy"]
    assert query.paginate(1, 2).total == 3
    assert [len(chunk) for chunk in boss.query().chunk(3)] == [3, 1]
    assert query.limit(2).offset(1).pluck(boss.name) == ["Bob", "Cy"]
    assert query.join(boss.reports, User.alias("report")).distinct().count() == 2


def test_objects_of_an_alias_are_written_as_others(world: World) -> None:
    boss = User.alias("boss")
    ada = boss.query().where(boss.name == "Ada").first_or_fail()

    ada.update(name="Ada L.")
    assert User.find_or_fail(world.ada.id).name == "Ada L."
    assert ada == world.ada


def test_relations_of_a_query_of_an_alias_are_included(world: World) -> None:
    make_post(world.ada, "x")
    boss = User.alias("boss")

    for relation in (User.posts, boss.posts):
        ada = boss.query().order_by(boss.name).include(relation).first_or_fail()
        assert ada.posts.pluck(Post.title) == ["x"]
    both = boss.query().order_by(boss.name).include(boss.received_comments).include(boss.roles).first_or_fail()
    assert (len(both.received_comments), len(both.roles)) == (0, 0)


def test_an_include_narrowed_by_a_query_of_an_alias_is_refused(world: World, sent: Sent) -> None:
    mine: Any = Post.alias("mine")
    sent.clear()
    with pytest.raises(InvalidQuery, match=r"include\(User.posts\) with a query of an alias"):
        User.query().include(User.posts, mine.query())
    assert len(sent) == 0


def test_scopes_of_the_schema_are_those_of_the_alias(world: World) -> None:
    boss = User.alias("boss")

    assert boss.query().adults(45).pluck(boss.name) == ["Ada"]
    assert boss.query().active().order_by(boss.name).pluck(boss.name) == ["Ada", "Bob", "Dee"]
    # Also where the model's own table is part of the query, too.
    query = boss.query().join(boss.reports).where(User.name == "Cy")
    assert query.active().pluck(boss.name) == ["Ada"]
    assert query.adults(55).pluck(boss.name) == []
    assert query.adults(45).select(boss.name, User.name).get() == [("Ada", "Cy")]


def test_the_models_own_columns_are_no_part_of_a_query_of_an_alias(world: World, sent: Sent) -> None:
    boss = User.alias("boss")
    for query in (
        boss.query().where(User.age > 3),
        boss.query().order_by(User.age),
        boss.query().join(boss.manager, User.alias("top")).where(User.age > 3),
    ):
        with pytest.raises(
            InvalidQuery, match=r"users is no part of the query \(join it first, or use its own model's"
        ):
            query.get()
    assert len(sent) == 0


# --- aliases ------------------------------------------------------------------------------------------------------------


def test_an_alias_has_columns_relations_and_a_query() -> None:
    boss: Any = User.alias("boss")

    assert repr(boss) == "<User as boss>"
    assert repr(boss.name) == "<StringColumn User.name>"
    with pytest.raises(
        AttributeError, match="User has no field or relation 'nmae', and an alias nothing else but query"
    ):
        boss.nmae  # noqa: B018 - the attribute that is not there is the point


def test_names_that_no_alias_can_have() -> None:
    alias: Any = User.alias
    for name in ("", "a\0b", "a" * 64, "ä" * 32, "boss ", "\ud800", None, 3):
        with pytest.raises(InvalidValue, match=r"User.alias\(\): expected a name"):
            alias(name)
    for name in ("users", "Users"):
        with pytest.raises(InvalidValue, match=r"User.alias\(\): expected another name than users, got the same"):
            alias(name)


def test_any_other_name_is_quoted(world: World) -> None:
    for name in ('a"b', "a`b", "select", "100% %s", "a;b--", "ünï☃", "Table", "a" * 63, "'"):
        boss = User.alias(name)
        query = User.query().join(User.manager, boss).where(boss.name == "Bob")
        assert query.select(User.name, boss.name).get() == [("Dee", "Bob")]
        assert boss.query().where(boss.age > 55).pluck(boss.name) == ["Cy"]


def test_two_names_that_differ_in_case_only_are_one(world: World) -> None:
    query = User.query().join(User.manager, User.alias("boss"))
    with pytest.raises(InvalidQuery, match="joins Boss, which is already part of the query"):
        query.join(User.manager, User.alias("Boss"))
    with pytest.raises(InvalidQuery, match="joins users, which is already part of the query"):
        User.query().join(User.manager)


def test_an_alias_of_another_model_is_refused() -> None:
    join: Any = User.query().join
    with pytest.raises(
        InvalidQuery, match=r"User.manager leads to User, the alias is of Post \(pass an alias of User\)"
    ):
        join(User.manager, Post.alias("boss"))
    with pytest.raises(InvalidValue, match=r"join\(\): expected an alias such as User.alias\('boss'\), got str"):
        join(User.manager, "boss")


# --- joins to any table -----------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.join")
def test_a_model_is_joined_by_a_condition(world: World) -> None:
    make_post(world.ada, "Bob")
    make_post(world.ada, "Nobody")

    query = Post.query().join(User, on=Post.title == User.name)
    assert query.select(Post.title, User.age).get() == [("Bob", 40)]
    left = Post.query().left_join(User, on=Post.title == User.name).order_by(Post.title)
    assert left.select(Post.title, User.name.optional()).get() == [("Bob", "Bob"), ("Nobody", None)]
    assert left.where(User.id.is_null()).pluck(Post.title) == ["Nobody"]


@pytest.mark.feature("queries.join")
def test_every_row_with_every_row(showcase: str) -> None:
    Role.insert_many([{"name": "a"}, {"name": "b"}])
    other = Role.alias("other")
    query = Role.query().cross_join(other).order_by(Role.name, other.name)

    assert query.select(Role.name, other.name).get() == [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]
    assert query.where(Role.name < other.name).count() == 1


@pytest.mark.feature("queries.join")
def test_a_join_without_meaning_is_refused(sent: Sent) -> None:
    join: Any = User.query().join
    with pytest.raises(InvalidQuery, match=r"posts joined without a condition \(say on=..., or cross_join\(\) it\)"):
        join(Post)
    with pytest.raises(InvalidQuery, match=r"User.posts joined with a condition of its own"):
        join(User.posts, on=Post.views > 3)
    with pytest.raises(InvalidValue, match=r"join\(on=...\): expected a predicate such as .*, got str"):
        join(Post, on="1 = 1")
    with pytest.raises(InvalidQuery, match="joins posts, which is already part of the query"):
        User.query().join(User.posts).join(Post, on=Post.author_id == User.id)
    with pytest.raises(InvalidQuery, match="roles is no part of the query"):
        User.query().join(Post, on=Post.title == Role.name).get()
    assert len(sent) == 0


# --- whole models in select ---------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.select_models")
def test_objects_beside_columns(world: World) -> None:
    post = make_post(world.ada, "x", views=3)
    query = Post.query().join(Post.author)

    ((found, name),) = query.select(Post, User.name).get()
    assert (found, name) == (post, "Ada")
    assert not found.is_dirty()
    ((views, author, found),) = query.select(Post.views, User, Post).get()
    assert (views, author.name, found.title) == (3, "Ada", "x")
    author.update(name="Ada L.")
    assert User.find_or_fail(author.id).name == "Ada L."
    assert query.select(User).get() == [(author,)]
    assert query.select(User).first() == (author,)


@pytest.mark.feature("queries.select_models")
def test_objects_of_aliases(world: World) -> None:
    boss = User.alias("boss")
    rows = User.query().join(User.manager, boss).order_by(User.name).select(User, boss, boss.age).get()

    assert [(user.name, leader.name, age) for user, leader, age in rows] == [
        ("Bob", "Ada", 50),
        ("Cy", "Ada", 50),
        ("Dee", "Bob", 40),
    ]
    assert boss.query().order_by(boss.age).select(boss).first() == (world.dee,)


@pytest.mark.feature("queries.select_models")
def test_a_whole_model_is_no_value(sent: Sent) -> None:
    profile = f.optional(Profile)
    query = User.query().left_join(User.profile)
    refused: list[Callable[[], object]] = [
        lambda: query.order_by(profile.desc()).get(),
        lambda: query.order_by(profile).get(),
        lambda: query.where(profile.is_null()).get(),
        lambda: query.group_by(profile).select(f.count()).get(),
        lambda: query.distinct_on(profile).order_by(User.id).get(),
        lambda: query.select(f.count(profile)).get(),
        lambda: query.select(f.count().over(partition_by=profile)).get(),
    ]
    for call in refused:
        with pytest.raises(
            InvalidQuery, match=r"^the whole model Profile where one value stands \(name a column of it: Profile.id\)$"
        ):
            call()
    assert len(sent) == 0


@pytest.mark.feature("queries.select_models", "queries.optional_models")
def test_objects_that_may_be_missing(world: World) -> None:
    Profile.create(user=world.bob, bio="...")
    query = User.query().left_join(User.profile).order_by(User.name).limit(2)

    rows = query.select(User.name, f.optional(Profile)).get()
    assert [(name, profile and profile.bio) for name, profile in rows] == [("Ada", None), ("Bob", "...")]
    boss = User.alias("boss")
    pairs = User.query().left_join(User.manager, boss).order_by(User.name).select(User, f.optional(boss)).get()
    assert [(user.name, leader and leader.name) for user, leader in pairs][:2] == [("Ada", None), ("Bob", "Ada")]
    with pytest.raises(InvalidQuery, match=r"Profile may be missing, since profiles is left-joined"):
        query.select(User.name, Profile)
    optional: Any = f.optional
    for wrong in (User.name, "User", 3):
        with pytest.raises(InvalidValue):
            optional(wrong)


@pytest.mark.feature("queries.select_models")
def test_of_objects_with_documents_an_edit_in_place_is_seen(showcase: str) -> None:
    make_user(settings={"theme": "dark"})

    ((found, _),) = User.query().select(User, User.age).get()
    settings: Any = found.settings
    settings["theme"] = "light"
    assert found.is_dirty("settings")
    found.save()
    assert User.query().value(User.settings) == {"theme": "light"}


@pytest.mark.feature("queries.select_models", "queries.cursor")
def test_many_objects_one_at_a_time(showcase: str) -> None:
    Role.insert_many({"name": str(number), "level": 1} for number in range(25))
    query = Role.query().order_by(Role.id).select(Role, Role.name)

    assert [role.name for role, _ in query.cursor(10)] == [str(number) for number in range(25)]
    assert query.count() == 25


@pytest.mark.feature("queries.select_models")
def test_up_to_twelve_of_them(showcase: str) -> None:
    Department.create(name="d")
    select: Any = Department.query().select
    row: Any = select(*[Department] * 6, *[Department.name] * 6).first()

    assert len(row) == 12
    assert row[11] == "d"
    assert {type(value) for value in row} == {Department, str}


@pytest.mark.feature("queries.dicts")
def test_rows_as_dicts(world: World) -> None:
    post = make_post(world.ada, "x", views=3)
    query = Post.query().join(Post.author)

    assert query.select(Post.title, User.name, (Post.views + 1).as_("next")).dicts() == [
        {"title": "x", "name": "Ada", "next": 4}
    ]
    assert query.select(Post, User.name.as_("author"), User.age.optional()).dicts() == [
        {"Post": post, "author": "Ada", "age": 50}
    ]
    with pytest.raises(InvalidQuery, match=r'dicts\(\) with two columns "id" \(name one of them'):
        query.select(Post.id, User.id).dicts()
    with pytest.raises(InvalidQuery, match=r"dicts\(\) with .*, which has no name \(give it one"):
        query.select(Post.views + 1).dicts()
    assert Item.query().select(Item.name).dicts() == []


def test_what_is_no_name_is_refused() -> None:
    as_: Any = Post.title.as_
    for name in ("", "a\0", "x" * 64, None, "a "):
        with pytest.raises(InvalidValue, match=r"as_\(\): expected a name"):
            as_(name)
