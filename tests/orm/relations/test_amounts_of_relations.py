"""Counts and aggregates of related rows: as expressions, and read along with objects."""

import copy
import pickle
from decimal import Decimal
from typing import Any

import pytest

import isomorph.functions as f
from generated import Comment, Item, OrderLine, Post, Profile, Refund, Role, User
from isomorph.errors import AmountNotLoaded, InvalidQuery, InvalidValue
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent

pytestmark = pytest.mark.feature("relations.amounts")


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


# --- expressions -------------------------------------------------------------------------------------------------------


@pytest.mark.feature("relations.expressions")
def test_amounts_stand_where_values_stand(world: Related, sent: Sent) -> None:
    query = User.query().order_by(User.posts.count().desc(), User.name)

    assert query.select(User.name, User.posts.count()).get() == [("Ada", 2), ("Bob", 1), ("Cyd", 0), ("Dan", 0)]
    assert query.where(User.posts.sum(Post.views) > 5).pluck(User.name) == ["Ada"]
    assert query.select(User.posts.sum(Post.views), User.posts.avg(Post.views), User.posts.min(Post.title)).get() == [
        (11, 5.5, "Draft"),
        (5, 5.0, "Essay"),
        (None, None, None),
        (None, None, None),
    ]
    assert User.query().order_by(User.name).select(User.posts.exists()).get() == [(True,), (True,), (False,), (False,)]
    assert query.where(User.posts.count() == User.reports.count()).pluck(User.name) == ["Ada", "Dan"]
    assert query.select(f.coalesce(User.posts.sum(Post.views), 0) + User.roles.count()).get()[0] == (13,)
    assert len(sent) == 6


@pytest.mark.feature("relations.expressions", "types.decimal")
def test_sums_and_means_are_exact(world: Related) -> None:
    (row,) = (
        OrderLine.query()
        .select(
            OrderLine.refunds.sum(Refund.amount),
            OrderLine.refunds.avg(Refund.amount),
            OrderLine.refunds.max(Refund.given),
            OrderLine.refunds.sum(Refund.amount, Refund.amount > 1),
        )
        .get()
    )

    assert row[:2] == (Decimal("1.75"), Decimal("0.875"))
    assert row[2] == Refund.query().max(Refund.given)
    assert row[3] == Decimal("1.25")
    born = Profile.query().max(Profile.born)
    assert User.query().where(User.id == world.ada.id).select(User.profile.max(Profile.born)).get() == [(born,)]


@pytest.mark.feature("relations.expressions")
def test_amounts_of_a_joined_table_of_an_alias_and_of_a_self_relation(world: Related) -> None:
    boss = User.alias("boss")

    assert Post.query().join(Post.author).order_by(Post.title).select(Post.title, User.posts.count()).get() == [
        ("Draft", 2),
        ("Essay", 1),
        ("Notes", 2),
    ]
    assert boss.query().order_by(boss.name).select(boss.reports.count(User.age > 30)).get() == [(1,), (0,), (0,), (0,)]
    assert User.query().order_by(User.name).select(User.reports.sum(User.age)).get() == [
        (80,),
        (None,),
        (None,),
        (None,),
    ]
    left = User.query().left_join(User.manager, boss).order_by(User.name)
    assert left.select(User.name, boss.posts.count()).get() == [("Ada", 0), ("Bob", 2), ("Cyd", 2), ("Dan", 0)]
    assert left.select(User.name, boss.age, User.reports.exists()).get()[0] == ("Ada", None, True)


@pytest.mark.feature("relations.expressions")
def test_amounts_in_groups(world: Related) -> None:
    found = User.query().group_by(User.id).order_by(User.id).select(User.name, User.posts.count())
    assert found.get()[:2] == [("Ada", 2), ("Bob", 1)]
    with pytest.raises(InvalidQuery, match="neither grouped nor aggregated"):
        User.query().group_by(User.name).select(User.name, User.posts.count()).get()


@pytest.mark.feature("relations.expressions")
def test_amounts_along_paths_count_rows_as_a_through_relation_gives_them(world: Related) -> None:
    query = User.query().order_by(User.name)

    assert query.pluck(User.posts.comments.count()) == [2, 0, 0, 0]
    assert query.pluck(User.received_comments.count()) == [2, 0, 0, 0]
    assert query.pluck(User.following.posts.sum(Post.views)) == [5, 11, 11, None]
    assert query.pluck(User.reports.reports.count()) == [1, 0, 0, 0]


# --- on objects --------------------------------------------------------------------------------------------------------


def test_amounts_come_along_with_objects_in_one_statement(world: Related, sent: Sent) -> None:
    ada, bob, cyd, _ = (
        User.query()
        .with_count(User.posts)
        .with_exists(User.posts)
        .with_sum(User.posts, Post.views)
        .with_avg(User.posts, Post.views)
        .with_min(User.posts, Post.title)
        .with_max(User.posts, Post.created_at)
        .with_count(User.posts.comments)
        .order_by(User.name)
        .get()
    )

    assert len(sent) == 1
    assert (ada.count_of(User.posts), bob.count_of(User.posts), cyd.count_of(User.posts)) == (2, 1, 0)
    assert (ada.exists_of(User.posts), cyd.exists_of(User.posts)) == (True, False)
    assert (ada.sum_of(User.posts, Post.views), cyd.sum_of(User.posts, Post.views)) == (11, None)
    assert (ada.avg_of(User.posts, Post.views), cyd.avg_of(User.posts, Post.views)) == (5.5, None)
    assert ada.min_of(User.posts, Post.title) == "Draft"
    assert ada.max_of(User.posts, Post.created_at) == Post.query().where_belongs_to(ada).max(Post.created_at)
    assert ada.count_of(User.posts.comments) == 2
    assert not ada.is_dirty()
    assert ada == world.ada


def test_several_of_one_relation_by_name(world: Related) -> None:
    ada = (
        User.query()
        .with_count(User.posts)
        .with_count(User.posts, Post.published.is_false(), name="drafts")
        .with_count(User.posts, Post.query().published(), name="published")
        .with_sum(User.posts, Post.views, Post.published.is_true(), name="read")
        .with_sum(User.posts, Post.views * 2, name="doubled")
        .with_exists(User.roles, Role.level > 9, name="is_root")
        .where(User.name == "Ada")
        .first_or_fail()
    )

    assert (ada.count_of(User.posts), ada.count_of("drafts"), ada.count_of("published")) == (2, 1, 1)
    assert ada.sum_of("read", Post.views) == 10
    assert ada.sum_of("doubled", Post.views) == 22
    assert ada.exists_of("is_root") is False


def test_all_ways_to_read_objects_carry_amounts(world: Related) -> None:
    query = User.query().with_count(User.posts)

    def counts(users: Any) -> list[int]:
        return sorted(user.count_of(User.posts) for user in users)

    expected = [0, 0, 1, 2]
    assert counts(query.get()) == counts(query.all()) == expected
    assert counts(query.cursor()) == counts(query.lazy(2)) == expected
    assert counts(user for chunk in query.chunk(3) for user in chunk) == expected
    assert counts(user for chunk in query.chunk_by_id(3, User.name) for user in chunk) == expected
    assert counts(query.paginate(1, 10).items) == counts(query.simple_paginate(1, 10).items) == expected
    assert counts(query.order_by(User.name).cursor_paginate(10).items) == expected
    assert counts(query.only(User.name).get()) == expected
    assert counts(query.distinct_on(User.id).order_by(User.name).get()) == expected
    assert counts(query.left_join(User.profile).get()) == expected
    assert counts(query.order_by(User.posts.count()).limit(2).get()) == [0, 0]
    assert query.order_by(User.name).first_or_fail().count_of(User.posts) == 2
    boss = User.alias("boss")
    assert counts(boss.query().with_count(boss.posts).get()) == expected
    assert query.count() == 4
    assert query.exists()


@pytest.mark.feature("relations.include")
def test_amounts_beside_includes(world: Related) -> None:
    bob = User.query().with_count(User.posts).include(User.posts).where(User.name == "Bob").first_or_fail()

    assert bob.count_of(User.posts) == len(bob.posts) == 1


def test_amounts_travel_with_copies_and_go_with_a_refresh(world: Related) -> None:
    ada = User.query().with_count(User.posts).where(User.name == "Ada").first_or_fail()

    assert copy.copy(ada).count_of(User.posts) == 2
    assert copy.deepcopy(ada).count_of(User.posts) == 2
    assert pickle.loads(pickle.dumps(ada)).count_of(User.posts) == 2
    assert "count" not in repr(ada)
    assert "count" not in ada.to_dict()
    ada.name = "Ada L."
    ada.save()
    assert ada.count_of(User.posts) == 2
    ada.refresh()
    with pytest.raises(AmountNotLoaded):
        ada.count_of(User.posts)


def test_what_was_not_asked_for_says_what_to_add(world: Related) -> None:
    ada = User.query().with_count(User.posts, name="posts").with_sum(User.posts, Post.views).first_or_fail()
    wrong: Any = 3
    for read, message in (
        (
            lambda: ada.count_of(User.roles),
            r"User: count_of\(User.roles\) is not loaded \(add .with_count\(User.roles\) to",
        ),
        (lambda: ada.count_of(User.posts), r"add .with_count\(User.posts\) to the query"),
        (lambda: ada.sum_of(User.posts, Post.id), r"add .with_sum\(User.posts, Post.id\) to the query"),
        (lambda: ada.avg_of(User.posts, Post.views), r"add .with_avg\(User.posts, Post.views\) to the query"),
        (lambda: ada.count_of(User.posts.comments), r"add .with_count\(User.posts.comments\) to the query"),
        (lambda: ada.count_of("drafts"), r'no count called "drafts" is loaded \(add .with_count\(..., name="drafts"\)'),
        (lambda: ada.exists_of("posts"), r'no exists called "posts" is loaded'),
        (lambda: world.bob.count_of(User.posts), r"add .with_count\(User.posts\)"),
    ):
        with pytest.raises(AmountNotLoaded, match=message):
            read()
    with pytest.raises(InvalidQuery, match=r"Post.comments is no relation of User \(name one of User\)"):
        ada.count_of(Post.comments)
    with pytest.raises(InvalidValue, match=r"count_of\(\): expected a relation such as User.posts, or a name, got int"):
        ada.count_of(wrong)
    error = AmountNotLoaded("User", "sum", "User.posts", "Post.views", None)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_what_makes_no_sense(world: Related, sent: Sent) -> None:
    counted = User.query().with_count(User.posts)
    wrong: Any
    with pytest.raises(InvalidQuery, match=r"the count of User.posts is asked for already \(give it a name"):
        counted.with_count(User.posts, Post.views > 3)
    with pytest.raises(InvalidQuery, match='an amount called "x" is asked for already'):
        counted.with_count(User.posts, name="x").with_exists(User.roles, name="x")
    with pytest.raises(InvalidQuery, match=r"with_sum\(User.posts\) of a calculation \(give it a name"):
        counted.with_sum(User.posts, Post.views + 1)
    with pytest.raises(InvalidValue, match=r"sum\(\): expected a column such as Post.views, got StringColumn"):
        wrong = Post.title
        counted.with_sum(User.posts, wrong)
    with pytest.raises(InvalidQuery, match="starts at posts, which is no part of the query"):
        counted.with_count(Post.comments)
    with pytest.raises(InvalidQuery, match="of a joined table, whose rows are no objects of the query"):
        Post.query().join(Post.author).with_count(User.posts)
    with pytest.raises(InvalidQuery, match=r"select\(\) gives tuples, which carry no amounts"):
        counted.select(User.name)
    with pytest.raises(InvalidQuery, match=r"union of queries with with_count\(\)"):
        counted.union(User.query())
    with pytest.raises(InvalidQuery, match=r"union of queries with with_count\(\)"):
        User.query().union(counted)
    with pytest.raises(InvalidQuery, match=r"with_count\(\) behind a union"):
        User.query().union(User.query()).with_count(User.posts)
    with pytest.raises(InvalidQuery, match=r"cte\(\) of a query with with_count\(\)"):
        counted.cte("found")
    with pytest.raises(InvalidQuery, match="reads nothing back"):
        counted.where(User.name == "Ada").update(active=False)
    with pytest.raises(InvalidQuery, match="of a column of shop_items, which is none of the tables that it leads to"):
        User.query().where(User.posts.sum(Item.stock) > 3).get()
    assert len(sent) == 0
    assert Comment.query().with_count(Comment.author).first_or_fail().count_of(Comment.author) == 1
