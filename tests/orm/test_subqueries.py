"""Queries inside of queries: as lists, values and conditions, as tables, and beside each row (lateral)."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from generated import Department, Item, Post, Profile, Role, User
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue, NotSupported, StatementFailed
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.subqueries")]


@dataclass
class World:
    """Ada with posts of 1, 5 and 5 views, Bob with one of 3, Cy without any."""

    ada: User
    bob: User
    cy: User


@pytest.fixture
def world(showcase: str) -> World:
    ada, bob, cy = make_user(age=50), make_user("Bob", age=3), make_user("Cy")
    for author, title, views in ((ada, "a", 1), (ada, "b", 5), (ada, "c", 5), (bob, "d", 3)):
        make_post(author, title, views=views)
    return World(ada, bob, cy)


# --- lists ---------------------------------------------------------------------------------------------------------------


def test_in_and_not_in_a_selection(world: World, sent: Sent) -> None:
    authors = Post.query().where(Post.views > 2).select(Post.author_id)
    users = User.query().order_by(User.name)

    assert users.where(User.id.in_(authors)).pluck(User.name) == ["Ada", "Bob"]
    assert len(sent) == 1
    assert users.where(User.id.not_in(authors)).pluck(User.name) == ["Cy"]
    assert users.where(User.id.in_(Post.query().where(Post.views > 99).select(Post.author_id))).count() == 0
    assert users.where(User.id.not_in(Post.query().where(Post.views > 99).select(Post.author_id))).count() == 3


def test_null_in_a_selection_is_nobodys_value(world: World) -> None:
    world.bob.update(manager_id=world.ada.id)
    leaders = User.query().select(User.manager_id)

    assert User.query().where(User.id.in_(leaders)).pluck(User.name) == ["Ada"]
    assert User.query().where(User.id.not_in(leaders)).order_by(User.name).pluck(User.name) == ["Bob", "Cy"]
    ages = User.query().select(User.age)
    assert User.query().where(User.age.in_(ages)).count() == 2
    assert User.query().where(User.age.not_in(ages.where(User.age > 10))).pluck(User.name) == ["Bob"]


def test_a_limited_selection(world: World) -> None:
    """MySQL takes no LIMIT there by itself."""
    best = Post.query().order_by(Post.views.desc(), Post.title).limit(1).select(Post.author_id)

    assert User.query().where(User.id.in_(best)).pluck(User.name) == ["Ada"]
    assert User.query().where(User.id.not_in(best)).order_by(User.name).pluck(User.name) == ["Bob", "Cy"]


def test_a_selection_of_another_number_of_columns_is_no_list_and_no_value(sent: Sent) -> None:
    two: Any = Post.query().select(Post.author_id, Post.id)
    with pytest.raises(InvalidQuery, match=r"a sub-query with 2 columns stands for a value \(select\(\) one column\)"):
        User.query().where(User.id.in_(two))
    with pytest.raises(InvalidQuery, match="a sub-query with 2 columns"):
        two.scalar()
    whole: Any = Role.query().select(Role)
    with pytest.raises(InvalidQuery, match="a sub-query with 3 columns"):
        User.query().where(User.id.not_in(whole))
    assert len(sent) == 0


# --- values -----------------------------------------------------------------------------------------------------------------


def test_one_value_of_another_table(world: World) -> None:
    most = Post.query().select(f.max(Post.views)).scalar()

    assert Post.query().where(Post.views == most).order_by(Post.title).pluck(Post.title) == ["b", "c"]
    assert Post.query().where(Post.views < most).order_by(Post.title).pluck(Post.title) == ["a", "d"]
    nothing = Post.query().where(Post.views > 99).select(Post.views).scalar()
    assert User.query().select(User.name, nothing).order_by(User.name).first() == ("Ada", None)
    assert User.query().where(nothing.is_null()).count() == 3


def test_a_value_for_each_row(world: World) -> None:
    count = Post.query().where(Post.author_id == User.id).select(f.count()).scalar()
    newest = (
        Post.query().where(Post.author_id == User.id).order_by(Post.title.desc()).limit(1).select(Post.title).scalar()
    )
    query = User.query().order_by(User.name)

    assert query.select(User.name, count, newest).get() == [("Ada", 3, "c"), ("Bob", 1, "d"), ("Cy", 0, None)]
    assert query.where(count > 1).pluck(User.name) == ["Ada"]
    assert User.query().order_by(count.desc(), User.name).pluck(User.name) == ["Ada", "Bob", "Cy"]
    assert User.query().order_by(newest.desc()).pluck(User.name) == ["Bob", "Ada", "Cy"]
    assert User.query().order_by(newest.asc().nulls_last()).pluck(User.name) == ["Ada", "Bob", "Cy"]


def test_a_decimal_value_is_compared_as_a_number(showcase: str) -> None:
    department = Department.create(name="d")
    for name, price in (("a", "9.00"), ("b", "10.00")):
        Item.create(code=uuid.uuid4(), name=name, price=Decimal(price), department=department)
    dearest = Item.query().where(Item.department_id == Department.id).select(f.max(Item.price)).scalar()

    assert Department.query().select(dearest).get() == [(Decimal("10.00"),)]
    assert Department.query().where(dearest > Decimal("9.5")).count() == 1
    assert Department.query().where(dearest < Decimal("9.5")).count() == 0


# --- exists ----------------------------------------------------------------------------------------------------------------------


def test_where_another_query_has_rows(world: World, sent: Sent) -> None:
    wrote = f.exists(Post.query().where(Post.author_id == User.id))
    users = User.query().order_by(User.name)

    assert users.where(wrote).pluck(User.name) == ["Ada", "Bob"]
    assert 'EXISTS (SELECT 1 FROM "posts" WHERE "posts"."author_id" = "users"."id")' in sent.last
    assert users.where(~wrote).pluck(User.name) == ["Cy"]
    assert users.select(User.name, wrote).get() == [("Ada", True), ("Bob", True), ("Cy", False)]
    assert users.where(wrote & (User.age > 10)).pluck(User.name) == ["Ada"]
    assert User.query().order_by(wrote.desc(), User.name.desc()).pluck(User.name) == ["Bob", "Ada", "Cy"]
    popular = f.exists(Post.query().where(Post.author_id == User.id, Post.views > 4).select(Post.id))
    assert users.where(popular).pluck(User.name) == ["Ada"]


def test_exists_of_joins_groups_and_the_same_table(world: World) -> None:
    twin = User.alias("twin")
    older = f.exists(twin.query().where(twin.age > User.age))
    assert User.query().where(older).pluck(User.name) == ["Bob"]
    Profile.create(user=world.ada, bio="x")
    with_bio = f.exists(Post.query().join(Post.author).join(User.profile).where(Post.author_id == twin.id))
    assert twin.query().where(with_bio).pluck(twin.name) == ["Ada"]
    often = f.exists(
        Post.query().where(Post.author_id == User.id).group_by(Post.views).having(f.count() > 1).select(Post.views)
    )
    assert User.query().where(often).pluck(User.name) == ["Ada"]


def test_three_levels_deep(world: World) -> None:
    inner = Profile.query().where(Profile.user_id == User.id, Profile.bio == Post.title)
    Profile.create(user=world.bob, bio="d")

    query = User.query().where(f.exists(Post.query().where(Post.author_id == User.id, f.exists(inner))))
    assert query.pluck(User.name) == ["Bob"]


def test_what_is_no_query_is_refused(sent: Sent) -> None:
    exists: Any = f.exists
    with pytest.raises(InvalidValue, match=r"exists\(\): expected a query such as .*, got str"):
        exists("SELECT 1")
    with pytest.raises(InvalidQuery, match="a sub-query that locks rows"):
        User.query().where(f.exists(Post.query().lock_for_update())).get()
    with pytest.raises(InvalidQuery, match="roles is no part of the query"):
        User.query().where(f.exists(Post.query().where(Post.title == Role.name))).get()
    assert len(sent) == 0


# --- tables -----------------------------------------------------------------------------------------------------------------------


def test_a_selection_as_a_table(world: World) -> None:
    views = f.sum(Post.views)
    totals = Post.query().group_by(Post.author_id).select(Post.author_id, views).subquery("totals")

    query = User.query().left_join(totals, on=totals[Post.author_id] == User.id).order_by(User.name)
    assert query.select(User.name, totals[views]).get() == [("Ada", 11), ("Bob", 3), ("Cy", None)]
    assert query.where(totals[views] > 3).get().pluck(User.name) == ["Ada"]
    assert totals.query().order_by(totals[views]).select(totals[views]).get() == [(3,), (11,)]
    assert totals.query().count() == 2
    with pytest.raises(InvalidQuery, match=r"Post.author_id may be missing, since totals is left-joined"):
        query.select(totals[Post.author_id])


def test_limited_before_it_is_joined(world: World) -> None:
    best = (
        Post.query()
        .order_by(Post.views.desc(), Post.title)
        .limit(2)
        .select(Post.author_id, Post.title)
        .subquery("best")
    )
    query = User.query().join(best, on=best[Post.author_id] == User.id).order_by(best[Post.title])

    assert query.select(User.name, best[Post.title]).get() == [("Ada", "b"), ("Ada", "c")]


def test_a_table_sees_nothing_around_it(world: World, sent: Sent) -> None:
    inner = Post.query().where(Post.author_id == User.id).select(Post.title).subquery("inner")
    with pytest.raises(InvalidQuery, match="users is no part of the query"):
        User.query().cross_join(inner).select(inner[Post.title]).get()
    assert len(sent) == 0


# --- beside each row -----------------------------------------------------------------------------------------------------------------


def test_the_best_rows_of_each(world: World, showcase: str) -> None:
    best = (
        Post.query()
        .where(Post.author_id == User.id)
        .order_by(Post.views.desc(), Post.title)
        .limit(2)
        .select(Post.title, Post.views)
        .subquery("best", lateral=True)
    )
    query = User.query().join(best).order_by(User.name, best[Post.title]).select(User.name, best[Post.title])

    if showcase != "postgresql":
        with pytest.raises(
            NotSupported,
            match=rf"{showcase} has no lateral join \(join a subquery with a window function, or ask twice\)",
        ):
            query.get()
        return
    assert query.get() == [("Ada", "b"), ("Ada", "c"), ("Bob", "d")]
    left = User.query().left_join(best).order_by(User.name, best[Post.title])
    assert left.select(User.name, best[Post.title].optional()).get() == [
        ("Ada", "b"),
        ("Ada", "c"),
        ("Bob", "d"),
        ("Cy", None),
    ]
    narrowed = User.query().join(best, on=best[Post.views] > 3).order_by(best[Post.title])
    assert narrowed.select(best[Post.title]).get() == [("b",), ("c",)]
    crossed = User.query().cross_join(best)
    assert crossed.count() == 3


def test_the_best_rows_of_each_by_a_window(world: World) -> None:
    """What the refusal of lateral joins says, on every database."""
    place = f.row_number().over(partition_by=Post.author_id, order_by=[Post.views.desc(), Post.title]).as_("place")
    placed = Post.query().select(Post.author_id, Post.title, place).subquery("placed")
    query = User.query().join(placed, on=(placed[Post.author_id] == User.id) & (placed[place] <= 2))

    assert query.order_by(placed[Post.title]).select(User.name, placed[Post.title]).get() == [
        ("Ada", "b"),
        ("Ada", "c"),
        ("Bob", "d"),
    ]


def test_several_rows_where_one_is_meant(showcase: str, world: World) -> None:
    query = User.query().order_by(User.id).select(Post.query().order_by(Post.id).select(Post.title).scalar())
    if showcase == "sqlite":
        assert query.first() == ("a",)  # it takes the first one, as the page on queries says
    else:
        with pytest.raises(StatementFailed, match=r"\(several rows where one is meant: limit\(1\) a sub-query"):
            query.get()
