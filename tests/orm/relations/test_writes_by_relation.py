"""update and delete of rows that are narrowed by their relations, on every dialect: MySQL's rule that a statement may not
read the table that it writes stands in nobody's way."""

from typing import Any

import pytest

from generated import Comment, OrderLine, Post, Profile, Refund, User
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent

pytestmark = pytest.mark.feature("relations.writes_by_query")


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


def _names(query: Any) -> list[str]:
    return sorted(query.pluck(User.name))


def _inactive() -> list[str]:
    return _names(User.query().where(User.active.is_false()))


def test_update_of_rows_with_related_rows(world: Related, sent: Sent) -> None:
    assert User.query().where_has(User.posts, Post.views > 8).update(active=False) == 1
    assert len(sent) == 1
    assert _inactive() == ["Ada"]


def test_update_along_a_self_relation(world: Related, sent: Sent) -> None:
    assert User.query().where_has(User.manager, User.name == "Ada").update(active=False) == 2
    assert len(sent) == 1
    assert _inactive() == ["Bob", "Cyd"]
    assert User.query().doesnt_have(User.reports).update(active=False) == 2
    assert _inactive() == ["Bob", "Cyd", "Dan"]


def test_update_by_a_count_over_the_same_table(world: Related) -> None:
    assert User.query().has(User.reports, ">=", 2).update(nickname="boss") == 1
    assert User.query().has(User.following.posts).update_with(User.nickname.to("reader")) == 3
    assert _names(User.query().where(User.nickname == "reader")) == ["Ada", "Bob", "Cyd"]


def test_update_to_an_amount_of_related_rows(world: Related) -> None:
    assert User.query().where(User.id == world.ada.id).update_with(User.age.to(User.posts.count())) == 1
    assert User.find_or_fail(world.ada.id).age == 2


def test_update_of_what_a_path_leads_back_to(world: Related) -> None:
    assert Post.query().where_has(Post.author.posts, Post.title == "Notes").update(published=True) == 2
    assert Post.query().where_has(Post.author, User.posts.exists(Post.title == "Essay")).increment(Post.views, 2) == 1
    assert Post.find_or_fail(world.essay.id).views == 7


def test_delete_of_rows_with_and_without_related_rows(world: Related, sent: Sent) -> None:
    assert Post.query().doesnt_have(Post.comments).delete() == 2
    assert len(sent) == 1
    assert Post.query().pluck(Post.title) == ["Notes"]
    assert Comment.query().where_has_morph(Comment.commentable, Post).delete() == 2
    assert Comment.query().count() == 1
    assert Refund.query().where_has(Refund.line, OrderLine.quantity > 1).delete() == 2  # the draft is hidden


def test_delete_along_a_self_relation(world: Related, sent: Sent) -> None:
    assert User.query().where_has(User.manager.manager).delete() == 1
    assert _names(User.query()) == ["Ada", "Bob", "Cyd"]
    assert User.query().doesnt_have(User.reports).where_doesnt_have(User.following).delete() == 0
    sent.clear()
    assert User.query().where_doesnt_have(User.followers, User.name == "Ada").has(User.manager).delete() == 1
    assert len(sent) == 1
    assert _names(User.query()) == ["Ada", "Bob"]


@pytest.mark.feature("writes.join")
def test_writes_with_joins_that_look_into_the_written_table(world: Related) -> None:
    boss = User.alias("boss")
    joined = User.query().join(User.profile).has(User.reports)

    assert joined.update_with(User.nickname.to(Profile.bio)) == 1
    assert User.find_or_fail(world.ada.id).nickname == "..."
    assert (
        User.query().join(User.manager, boss).where_has(boss.reports, User.name == "Bob").has(User.reports).delete()
        == 1
    )
    assert _names(User.query()) == ["Ada", "Bob", "Dan"]


def test_what_looks_into_the_written_table_is_found_first_on_mysql(world: Related, sent: Sent, dialect: str) -> None:
    User.query().has(User.reports).update_with(User.nickname.to("boss"))
    exists = 'EXISTS (SELECT 1 FROM "users" AS "users_2" WHERE "users_2"."manager_id" = "users"."id")'
    if dialect == "mysql":
        assert sent.last == (
            f'UPDATE "users" INNER JOIN (SELECT DISTINCT "users"."id" AS "key0" FROM "users" WHERE {exists}) AS "picked" '
            'ON "users"."id" = "picked"."key0" SET "users"."nickname" = ?, "users"."updated_at" = ?'
        )
    else:
        assert sent.last == f'UPDATE "users" SET "nickname" = ?, "updated_at" = ? WHERE {exists}'


def test_writes_that_are_limited_too(world: Related) -> None:
    assert User.query().has(User.manager).order_by(User.name).limit(1).update(active=False) == 1
    assert _inactive() == ["Bob"]
    assert Post.query().has(Post.author.posts, ">=", 2).order_by(Post.views).limit(1).delete() == 1
    assert sorted(Post.query().pluck(Post.title)) == ["Essay", "Notes"]


def test_writes_that_return_what_they_wrote(world: Related) -> None:
    found = User.query().has(User.reports).returning(User.name).update_with(User.active.to(False))

    assert sorted(found) == [("Ada",), ("Cyd",)]
    gone = Post.query().where_has(Post.author.manager).returning(Post).delete()
    assert [post.title for post in gone] == ["Essay"]


def test_other_sub_queries_over_the_written_table(world: Related) -> None:
    oldest = User.query().order_by(User.age.desc()).limit(2).select(User.id)
    elder = User.alias("elder")

    assert User.query().where(User.id.in_(oldest)).update(active=False) == 2
    assert _inactive() == ["Ada", "Cyd"]
    assert (
        User.query()
        .where(User.age < elder.query().select(elder.age).where(elder.name == "Cyd").scalar())
        .update(nickname="young")
        == 2
    )
    assert User.query().join(User.manager, elder).where_has(elder.posts).update(nickname="led") == 2
