"""where_has and its variants: conditions on related rows, queries for them, nesting; and rows that point to an object."""

from decimal import Decimal
from typing import Any

import pytest

import isomorph.functions as f
from generated import Comment, Item, Order, OrderLine, Post, Refund, Role, Tag, User, UserQuery, Video
from isomorph.errors import InvalidQuery, InvalidValue, NotSaved
from isomorph.orm.scoping import Guard
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.feature("relations.where_has")


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


def _names(query: Any) -> list[str]:
    return sorted(query.pluck(User.name))


# --- conditions --------------------------------------------------------------------------------------------------------


def test_conditions_on_related_rows(world: Related) -> None:
    assert _names(User.query().where_has(User.posts, Post.views > 5)) == ["Ada"]
    assert _names(User.query().where_has(User.posts, Post.published.is_true(), Post.views < 6)) == ["Bob"]
    assert _names(User.query().where_relation(User.posts, Post.title == "Essay")) == ["Bob"]
    assert _names(User.query().where_doesnt_have(User.posts, Post.views > 5)) == ["Bob", "Cyd", "Dan"]
    assert _names(User.query().where_has(User.posts, Post.views > 0, operator=">=", count=2)) == ["Ada"]
    assert _names(User.query().where_has(User.posts, Post.published.is_true(), operator="=", count=0)) == ["Cyd", "Dan"]
    assert _names(User.query().where_has(User.posts)) == ["Ada", "Bob"]


def test_or_variants(world: Related) -> None:
    young = User.query().where(User.age < 30)

    assert _names(young.or_where_has(User.posts, Post.views > 5)) == ["Ada", "Bob"]
    assert _names(young.or_where_doesnt_have(User.posts, Post.views > 0)) == ["Bob", "Cyd", "Dan"]
    assert _names(young.or_where_has(User.comments, operator="=", count=0)) == ["Bob", "Dan"]


def test_every_kind_of_relation(world: Related) -> None:
    assert _names(User.query().where_has(User.roles, Role.level > 8)) == ["Ada"]
    assert _names(User.query().where_has(User.received_comments, Comment.body == "second")) == ["Ada"]
    assert _names(User.query().where_has(User.received_comments, Post.published.is_false())) == []  # a table on the way
    assert Post.query().where_has(Post.comments, Comment.body == "first").pluck(Post.title) == ["Notes"]
    assert Video.query().where_has(Video.tags, Tag.name == "new").count() == 1
    assert Tag.query().where_has(Tag.posts, Post.views > 50).count() == 0
    assert Order.query().where_has(Order.items, Item.price > Decimal(2)).pluck(Order.number) == ["A1"]
    assert OrderLine.query().where_has(OrderLine.refunds, Refund.amount > 1).count() == 1
    assert OrderLine.query().where_has(OrderLine.refunds, Refund.amount == 0).count() == 0  # hidden by a global scope
    assert Post.query().where_has(Post.author, User.name == "Bob").pluck(Post.title) == ["Essay"]


def test_nested_conditions_and_paths_say_the_same(world: Related) -> None:
    nested = User.query().where_has(User.posts, Post.comments.exists(Comment.body == "second"))
    path = User.query().where_has(User.posts.comments, Comment.body == "second")
    query = User.query().where_has(User.posts, Post.query().where_has(Post.comments, Comment.body == "second"))

    assert _names(nested) == _names(path) == _names(query) == ["Ada"]


def test_in_a_self_relation_columns_are_those_of_the_related_row(world: Related) -> None:
    assert _names(User.query().where_has(User.manager, User.age > 55)) == ["Dan"]
    assert _names(User.query().where_has(User.reports, User.age > 55)) == ["Ada"]
    assert _names(User.query().where_has(User.following, User.name == "Ada")) == ["Bob", "Cyd"]
    assert _names(User.query().where_has(User.manager, User.manager.exists(User.name == "Ada"))) == ["Dan"]
    assert _names(
        User.query().where_has(User.following, User.following.exists(User.following.exists(User.name == "Cyd")))
    ) == ["Bob", "Cyd"]
    assert _names(User.query().where_has(User.reports, User.posts.exists())) == ["Ada"]


def test_an_alias_tells_the_rows_of_a_self_relation_apart(world: Related) -> None:
    boss, member = User.alias("boss"), User.alias("member")

    assert _names(User.query().where_has(User.manager, boss.query().where(boss.age < User.age))) == ["Cyd"]
    assert _names(User.query().where_has(User.manager, boss.query().where(boss.age > User.age))) == ["Bob"]
    found = member.query().where_has(member.manager, User.age < member.age)
    assert found.pluck(member.name) == ["Cyd"]


def test_conditions_may_read_the_tables_around(world: Related) -> None:
    assert _names(User.query().where_has(User.posts, Post.views < User.age)) == ["Ada", "Bob"]
    assert _names(User.query().where_has(User.posts, Post.views * 4 >= User.age)) == ["Bob"]


# --- queries -----------------------------------------------------------------------------------------------------------


def test_a_query_says_which_related_rows_are_meant(world: Related) -> None:
    assert _names(User.query().where_has(User.posts, Post.query().published().where(Post.views < 8))) == ["Bob"]
    assert _names(User.query().where_has(User.posts, Post.query().popular(8))) == ["Ada"]  # its order says nothing here
    assert _names(User.query().where_doesnt_have(User.posts, Post.query().published())) == ["Cyd", "Dan"]
    assert _names(User.query().where_has(User.manager, User.query().adults(55))) == ["Dan"]
    assert _names(User.query().where_has(User.posts, Post.query(), operator=">", count=1)) == ["Ada"]


def test_a_query_with_joins_groups_or_a_union_counts_each_related_row_once(world: Related) -> None:
    joined = Post.query().join(Post.comments)
    discussed = Post.query().join(Post.comments).group_by(Post.id).having(f.count() >= 2)
    either = Post.query().where(Post.views > 8).union(Post.query().where(Post.title == "Essay"))
    best = Post.query().distinct_on(Post.author_id).order_by(Post.views.desc())

    assert _names(User.query().where_has(User.posts, joined)) == ["Ada"]
    assert _names(User.query().where_has(User.posts, joined, operator="=", count=1)) == [
        "Ada"
    ]  # two comments, one post
    assert _names(User.query().where_has(User.posts, discussed)) == ["Ada"]
    assert _names(User.query().where_has(User.posts, either)) == ["Ada", "Bob"]
    assert _names(User.query().where_has(User.posts, best, operator="=", count=1)) == ["Ada", "Bob"]
    assert _names(User.query().where_has(User.posts, Post.query().distinct())) == ["Ada", "Bob"]
    assert OrderLine.query().where_has(OrderLine.refunds, Refund.query().join(Refund.line)).count() == 1
    assert Refund.query().where_has(Refund.line, OrderLine.query().join(OrderLine.item)).count() == 2  # composite
    manager = User.alias("chief")
    led = User.query().join(User.manager, manager).where(manager.name == "Ada")
    assert _names(User.query().where_has(User.manager, led)) == ["Dan"]


@pytest.mark.feature("queries.global_scopes")
def test_a_query_brings_its_own_global_scopes(world: Related) -> None:
    everything = Refund.query().without_scope("settled")

    assert OrderLine.query().where_has(OrderLine.refunds, everything, operator="=", count=3).count() == 1
    assert OrderLine.query().where_has(OrderLine.refunds, Refund.query(), operator="=", count=2).count() == 1


@pytest.mark.feature("queries.global_scopes")
def test_a_global_scope_may_ask_for_related_rows_but_not_for_its_own(
    world: Related, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Scoped(UserQuery):
        def led(self) -> Any:
            return self.has(User.manager)

        def writing(self) -> Any:
            return self.has(User.posts)

    definition: Any = getattr(User, "_definition")  # noqa: B009 - not part of what type checkers see

    def begin() -> Any:
        return object.__new__(Scoped)._start(definition)

    monkeypatch.setattr(definition, "guards", (Guard(definition, "writing", begin),))
    assert _names(begin()) == ["Ada", "Bob"]
    assert Post.query().where_has(Post.author, User.age > 30).count() == 2
    assert _names(begin().where_has(User.manager, User.age > 30)) == ["Bob"]
    monkeypatch.setattr(definition, "guards", (Guard(definition, "led", begin),))
    with pytest.raises(InvalidQuery, match="the global scope led of User asks for rows that it holds for itself"):
        begin().get()


def test_pivot_columns_are_asked_for_like_others(world: Related) -> None:
    assert _names(User.query().where_has(User.roles, User.roles.pivot.assigned_at.is_not_null())) == ["Ada"]
    assert _names(User.query().where_doesnt_have(User.roles, User.roles.pivot.assigned_at.is_null())) == ["Cyd", "Dan"]
    assert Role.query().where_has(Role.users, Role.users.pivot.assigned_at.is_null(), User.name == "Ada").pluck(
        Role.name
    ) == ["editor"]


def test_a_recursive_query_finds_related_rows(world: Related) -> None:
    team = (
        User.query()
        .where(User.name == "Ada")
        .recursive("team", lambda found: User.query().join(found, on=User.manager_id == found.id))
    )

    assert _names(User.query().where_has(User.manager, team.query())) == ["Bob", "Cyd", "Dan"]


# --- what rows point to ------------------------------------------------------------------------------------------------


@pytest.mark.feature("relations.pointing")
def test_rows_that_belong_to_an_object(world: Related, sent: Sent) -> None:
    ada, bob = world.ada, world.bob
    assert sorted(Post.query().where_belongs_to(ada).pluck(Post.title)) == ["Draft", "Notes"]
    assert Post.query().where(Post.author.is_(bob)).pluck(Post.title) == ["Essay"]
    assert sent.last.endswith('FROM "posts" WHERE "author_id" = ?')
    assert Post.query().where(Post.author.is_not(ada)).pluck(Post.title) == ["Essay"]
    assert Post.query().where_belongs_to([ada, bob]).count() == 3
    assert Post.query().where_belongs_to([], Post.author).count() == 0
    assert Refund.query().where_belongs_to(OrderLine.query().first_or_fail()).count() == 2
    assert (
        Post.query().where_belongs_to(User.query().only(User.name).where(User.id == ada.id).first_or_fail()).count()
        == 2
    )


@pytest.mark.feature("relations.pointing")
def test_rows_that_point_nowhere_point_to_another_object(world: Related) -> None:
    assert _names(User.query().where(User.manager.is_(world.ada))) == ["Bob", "Cyd"]
    assert _names(User.query().where(User.manager.is_not(world.ada))) == ["Ada", "Dan"]
    boss = User.alias("boss")
    assert boss.query().where(boss.manager.is_(world.cyd)).pluck(boss.name) == ["Dan"]
    assert boss.query().where_belongs_to(world.cyd).pluck(boss.name) == ["Dan"]
    assert Post.query().join(Post.author).where(User.manager.is_(world.ada)).pluck(Post.title) == ["Essay"]


@pytest.mark.feature("relations.pointing")
def test_which_relation_is_meant_has_to_be_clear(world: Related, sent: Sent) -> None:
    wrong: Any
    with pytest.raises(
        InvalidQuery, match=r"where_belongs_to\(\): no belongs_to of Post leads to Role \(pass an object of User\)"
    ):
        Post.query().where_belongs_to(Role(name="x"))
    with pytest.raises(InvalidQuery, match="of no objects, which do not say of which model"):
        Post.query().where_belongs_to([])
    with pytest.raises(NotSaved, match=r"Post.author.where_belongs_to\(\): this User has no row"):
        Post.query().where_belongs_to(User(name="x", email="x", password="x"))
    with pytest.raises(NotSaved, match=r"Post.author.is_\(\)"):
        Post.author.is_(User(name="x", email="x", password="x"))
    for wrong in (world.notes, None, 3, User):
        with pytest.raises(InvalidValue, match=r"Post.author.is_\(\): expected a User, got"):
            Post.author.is_(wrong)
    with pytest.raises(InvalidQuery, match=r"User.posts.is_\(\) of a has_many, whose key is in the other table"):
        User.posts.is_(world.notes)
    with pytest.raises(
        InvalidQuery, match=r"is_\(\) behind other relations \(where_has\(User.posts, Post.author.is_\("
    ):
        User.posts.author.is_(world.ada)
    with pytest.raises(InvalidQuery, match="leads to one model only"):
        Post.author.is_type(User)
    assert len(sent) == 0


# --- what makes no sense -----------------------------------------------------------------------------------------------


def test_queries_that_say_more_than_which_rows_they_mean_are_refused(world: Related, sent: Sent) -> None:
    refused: list[tuple[Any, str]] = [
        (Post.query().limit(3), "with a limit or offset, which would cut all rows"),
        (Post.query().offset(3), "with a limit or offset"),
        (Post.query().include(Post.author), r"by a query with include\(\), which reads nothing"),
        (Post.query().only(Post.title), r"with only\(\)"),
        (Post.query().with_count(Post.comments), r"with with_count\(\)"),
        (Post.query().lock_for_update(), "with a lock"),
        (Role.query(), r"leads to Post, the query is for Role \(pass Post.query\(\)...\)"),
    ]
    for query, message in refused:
        with pytest.raises(InvalidQuery, match=message):
            User.query().where_has(User.posts, query)
    wrong: Any = Post.query().select(Post.title)
    with pytest.raises(InvalidValue, match="expected a query for Post, got a selection"):
        User.query().where_has(User.posts, wrong)
    wrong = "views > 3"
    with pytest.raises(
        InvalidValue, match=r"where_has\(User.posts\): expected conditions, or one query such as Post.query"
    ):
        User.query().where_has(User.posts, wrong)
    with pytest.raises(InvalidQuery, match="with a query and more"):
        User.query().where_has(User.posts, Post.query(), Post.views > 3)
    boss = User.alias("boss")
    with pytest.raises(InvalidQuery, match="boss is already part of the query"):
        boss.query().where_has(boss.manager, boss.query()).get()
    with pytest.raises(InvalidQuery, match="comments is no part of the query"):
        User.query().where_has(User.posts, Comment.body == "x").get()
    assert len(sent) == 0


def test_values_travel_as_parameters(showcase: str, sent: Sent) -> None:
    make_post(make_user(), "'; DROP TABLE posts --")
    sent.clear()

    assert User.query().where_has(User.posts, Post.title == "'; DROP TABLE posts --").count() == 1
    assert "DROP" not in sent.last
