"""has and doesnt_have: rows with so many related rows, along every kind of relation and along paths."""

from collections.abc import Callable
from typing import Any

import pytest

from generated import Comment, Department, Item, Order, OrderLine, Post, Role, Tag, User, Video
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.expressions import Predicate
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent

pytestmark = pytest.mark.feature("relations.has")


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


def _names(query: Any) -> list[str]:
    return sorted(query.pluck(User.name))


@pytest.mark.parametrize(
    ("relation", "names"),
    [
        (lambda: User.posts, ["Ada", "Bob"]),
        (lambda: User.profile, ["Ada"]),
        (lambda: User.address, []),
        (lambda: User.manager, ["Bob", "Cyd", "Dan"]),
        (lambda: User.reports, ["Ada", "Cyd"]),
        (lambda: User.comments, ["Ada", "Bob", "Cyd"]),
        (lambda: User.received_comments, ["Ada"]),
        (lambda: User.image, ["Ada"]),
        (lambda: User.roles, ["Ada", "Bob"]),
        (lambda: User.following, ["Ada", "Bob", "Cyd"]),
        (lambda: User.followers, ["Ada", "Bob", "Cyd"]),
        (lambda: User.posts.comments, ["Ada"]),
        (lambda: User.posts.tags, ["Ada"]),
        (lambda: User.manager.manager, ["Dan"]),
        (lambda: User.reports.reports, ["Ada"]),
        (lambda: User.following.following.posts, ["Ada", "Bob", "Cyd"]),
        (lambda: User.videos.comments.author, ["Bob"]),
        (lambda: User.orders.lines.refunds, ["Ada"]),
        (lambda: User.orders.items.department, ["Ada"]),
    ],
)
def test_rows_with_related_rows_and_without(
    world: Related, sent: Sent, relation: Callable[[], Any], names: list[str]
) -> None:
    others = sorted({"Ada", "Bob", "Cyd", "Dan"} - set(names))

    assert _names(User.query().has(relation())) == names
    assert _names(User.query().doesnt_have(relation())) == others
    assert len(sent) == 2


def test_other_kinds_from_the_other_end(world: Related) -> None:
    assert Post.query().has(Post.author).count() == 3
    assert Post.query().has(Post.tags).pluck(Post.title) == ["Notes"]
    assert Video.query().has(Video.tags).count() == 1
    assert Tag.query().has(Tag.videos).pluck(Tag.name) == ["new"]
    assert Tag.query().doesnt_have(Tag.posts).pluck(Tag.name) == ["unused"]
    assert sorted(Role.query().has(Role.users).pluck(Role.name)) == ["admin", "editor"]
    assert Item.query().has(Item.department).count() == 1
    assert Department.query().has(Department.parent).count() == 0
    assert Order.query().has(Order.items).pluck(Order.number) == ["A1"]
    assert sorted(Order.query().has(Order.customer).pluck(Order.number)) == ["A1", "B1"]
    assert OrderLine.query().has(OrderLine.refunds).count() == 1  # a composite key
    assert Comment.query().has(Comment.author).count() == 3


@pytest.mark.parametrize(
    ("operator", "count", "names"),
    [
        (">=", 1, ["Ada", "Bob"]),
        (">=", 2, ["Ada"]),
        (">", 1, ["Ada"]),
        (">", 0, ["Ada", "Bob"]),
        ("=", 1, ["Bob"]),
        ("=", 0, ["Cyd", "Dan"]),
        ("!=", 1, ["Ada", "Cyd", "Dan"]),
        ("<>", 0, ["Ada", "Bob"]),
        ("<", 1, ["Cyd", "Dan"]),
        ("<", 2, ["Bob", "Cyd", "Dan"]),
        ("<=", 1, ["Bob", "Cyd", "Dan"]),
        ("<=", 0, ["Cyd", "Dan"]),
        (">=", 0, ["Ada", "Bob", "Cyd", "Dan"]),
        ("<", 0, []),
    ],
)
def test_operators_and_counts(world: Related, operator: Any, count: int, names: list[str]) -> None:
    assert _names(User.query().has(User.posts, operator, count)) == names


def test_a_count_on_a_path_is_that_of_its_last_relation_for_each_row_before(world: Related) -> None:
    assert _names(User.query().has(User.posts.comments, ">=", 2)) == ["Ada"]
    assert _names(User.query().has(User.posts.comments, ">=", 3)) == []
    assert _names(User.query().has(User.posts.comments, "=", 0)) == ["Ada", "Bob"]  # a post that nobody commented on
    assert _names(User.query().has(User.reports.reports, "=", 1)) == ["Ada"]
    assert _names(User.query().has(User.manager.reports, "=", 2)) == ["Bob", "Cyd"]


def test_whether_there_are_rows_is_asked_without_counting_them(world: Related, sent: Sent) -> None:
    User.query().has(User.posts).count()
    assert sent.last == (
        'SELECT COUNT(*) FROM "users" WHERE EXISTS (SELECT 1 FROM "posts" WHERE "posts"."author_id" = "users"."id")'
    )
    User.query().has(User.posts, "<", 1).count()
    assert sent.last == (
        'SELECT COUNT(*) FROM "users" WHERE NOT EXISTS (SELECT 1 FROM "posts" WHERE "posts"."author_id" = "users"."id")'
    )
    User.query().has(User.posts, ">=", 3).count()
    assert sent.last == (
        'SELECT COUNT(*) FROM "users" WHERE '
        '(SELECT COUNT(*) FROM "posts" WHERE "posts"."author_id" = "users"."id") >= ?'
    )
    User.query().has(User.reports.posts).count()
    assert sent.last == (
        'SELECT COUNT(*) FROM "users" WHERE EXISTS (SELECT 1 FROM "posts" INNER JOIN "users" AS "users_2" '
        'ON "posts"."author_id" = "users_2"."id" WHERE "users_2"."manager_id" = "users"."id")'
    )
    User.query().has(User.posts, ">=", 0).count()
    assert sent.last == 'SELECT COUNT(*) FROM "users"'


def test_or_variants_join_as_or_where_does(world: Related) -> None:
    old = User.query().where(User.age > 55)

    assert _names(old.or_has(User.posts)) == ["Ada", "Bob", "Cyd"]
    assert _names(old.or_doesnt_have(User.manager)) == ["Ada", "Cyd"]
    assert _names(old.or_has(User.posts, ">", 1).where(User.age > 55)) == ["Cyd"]
    assert _names(User.query().or_has(User.posts)) == ["Ada", "Bob"]


def test_a_relation_of_a_joined_table_and_of_an_alias(world: Related) -> None:
    boss = User.alias("boss")

    assert sorted(Post.query().join(Post.author).has(User.profile).pluck(Post.title)) == ["Draft", "Notes"]
    assert _names(User.query().join(User.manager, boss).has(boss.posts)) == ["Bob", "Cyd"]
    assert boss.query().has(boss.reports).has(boss.manager).pluck(boss.name) == ["Cyd"]


@pytest.mark.feature("queries.global_scopes")
def test_global_scopes_of_related_models_hold(world: Related) -> None:
    assert OrderLine.query().has(OrderLine.refunds, "=", 2).count() == 1  # the third is a draft
    assert _names(User.query().has(User.orders.lines.refunds, "=", 2)) == ["Ada"]


def test_conditions_may_be_combined_like_any_others(world: Related) -> None:
    both: Predicate = User.posts.exists() & ~User.manager.exists()

    assert _names(User.query().where(both)) == ["Ada"]
    assert _names(User.query().where(~(User.posts.exists() | User.profile.exists()))) == ["Cyd", "Dan"]
    assert User.query().has(User.posts).exists()
    assert [user.name for user in User.query().has(User.posts).order_by(User.name).limit(1).get()] == ["Ada"]


# --- what makes no sense -----------------------------------------------------------------------------------------------


def test_operators_and_counts_are_checked(sent: Sent) -> None:
    wrong: Any
    for wrong in ("; DROP TABLE users", "like", None, ">= 0 OR 1"):
        with pytest.raises(
            InvalidValue, match=r"has\(User.posts\): expected one of the operators = != <> < <= > >=, got"
        ):
            User.query().has(User.posts, wrong, 1)
    for wrong in (-1, "1", 1.0, None, True):
        with pytest.raises(InvalidValue, match=r"has\(User.posts\) count: expected an int of 0 or more"):
            User.query().has(User.posts, ">=", wrong)
    assert len(sent) == 0


def test_a_relation_has_to_start_at_a_table_of_the_query(sent: Sent) -> None:
    wrong: Any = "posts"
    with pytest.raises(InvalidValue, match=r"has\(\): expected a relation such as User.posts, got str"):
        User.query().has(wrong)
    with pytest.raises(
        InvalidQuery,
        match=r"has\(Post.comments\) starts at posts, which is no part of the query \(name a relation of User, or join",
    ):
        User.query().has(Post.comments)
    with pytest.raises(InvalidQuery, match="starts at users"):
        boss = User.alias("boss")
        boss.query().has(User.posts)
    with pytest.raises(InvalidQuery, match="users is no part of the query"):
        Role.query().where(User.posts.exists()).get()
    assert len(sent) == 0


def test_a_path_goes_on_by_relations_only(showcase: str) -> None:
    relation: Any = User.posts
    with pytest.raises(
        AttributeError, match=r"Post has no relation 'title', by which a path could go on from User.posts"
    ):
        relation.title  # noqa: B018 - the access is what is tested
    assert not hasattr(relation, "nonsense")
    relation = Comment.commentable
    with pytest.raises(AttributeError, match=r"Comment.commentable leads to several models"):
        relation.author  # noqa: B018 - likewise
    assert repr(User.posts.comments) == "<morph_many User.posts.comments>"
