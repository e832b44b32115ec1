"""distinct_on: the first row of each group, by the order of the query; whole models, too."""

from typing import Any

import pytest

from generated import Post, Role, User
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.distinct_on")]


@pytest.fixture
def posts(showcase: str) -> tuple[User, User]:
    """Of Ada with 1, 5 and 5 views, of Bob with 3 and 2."""
    ada, bob = make_user(), make_user("Bob")
    for author, title, views in ((ada, "a", 1), (ada, "b", 5), (ada, "c", 5), (bob, "d", 3), (bob, "e", 2)):
        make_post(author, title, views=views)
    return ada, bob


def test_the_best_of_each(posts: tuple[User, User], sent: Sent) -> None:
    best = Post.query().distinct_on(Post.author_id).order_by(Post.views.desc(), Post.title)

    found = best.get()
    assert found.pluck(Post.title) == ["b", "d"]
    assert len(sent) == 1
    assert not found[0].is_dirty()
    assert best.pluck(Post.title) == ["b", "d"]
    assert best.select(Post.title, Post.views * 2).get() == [("b", 10), ("d", 6)]


def test_rows_stand_in_the_order_of_the_query(posts: tuple[User, User]) -> None:
    newest = Post.query().distinct_on(Post.author_id).order_by(Post.title.desc())

    assert newest.pluck(Post.title) == ["e", "c"]
    assert newest.limit(1).pluck(Post.title) == ["e"]
    assert newest.offset(1).pluck(Post.title) == ["c"]
    assert newest.first_or_fail().title == "e"


def test_by_several_and_by_calculations(posts: tuple[User, User]) -> None:
    query = Post.query().order_by(Post.title)

    assert query.distinct_on(Post.author_id, Post.views).pluck(Post.title) == ["a", "b", "d", "e"]
    assert query.distinct_on(Post.author_id).distinct_on(Post.views).pluck(Post.title) == ["a", "b", "d", "e"]
    assert query.distinct_on(Post.views % 2).pluck(Post.title) == ["a", "e"]


def test_null_is_one_value(showcase: str) -> None:
    for name, age in (("a", None), ("b", 2), ("c", None)):
        make_user(name, age=age)

    assert User.query().distinct_on(User.age).order_by(User.name.desc()).pluck(User.name) == ["c", "b"]
    assert User.query().distinct_on(User.active).order_by(User.age.asc().nulls_last()).pluck(User.name) == ["b"]


def test_of_joined_tables(posts: tuple[User, User]) -> None:
    query = Post.query().join(Post.author).where(Post.views > 1).distinct_on(User.id).order_by(User.name, Post.views)

    assert query.select(User.name, Post.views).get() == [("Ada", 5), ("Bob", 2)]
    assert [user.name for (user,) in query.select(User).get()] == ["Ada", "Bob"]
    assert query.get().pluck(Post.views) == [5, 2]
    alias = Post.alias("other")
    assert alias.query().distinct_on(alias.author_id).order_by(alias.views).pluck(alias.views) == [1, 2]


def test_counted_and_included(posts: tuple[User, User]) -> None:
    query = Post.query().distinct_on(Post.author_id).order_by(Post.title)

    assert query.count() == 2
    assert query.exists()
    assert query.where(Post.views > 99).count() == 0
    assert query.sum(Post.views) == 4
    assert query.select(Post.title).count() == 2
    assert [post.author.name for post in query.include(Post.author).get()] == ["Ada", "Bob"]
    assert len(query.paginate(1, 1).items) == 1


def test_as_a_table_a_list_and_a_union(posts: tuple[User, User]) -> None:
    best = Post.query().distinct_on(Post.author_id).order_by(Post.views.desc(), Post.title)

    assert Post.query().where(Post.id.in_(best.select(Post.id))).order_by(Post.title).pluck(Post.title) == ["b", "d"]
    table = best.select(Post.author_id, Post.title).subquery("best")
    query = User.query().join(table, on=table[Post.author_id] == User.id).order_by(User.name)
    assert query.select(User.name, table[Post.title]).get() == [("Ada", "b"), ("Bob", "d")]
    named = best.cte("best")
    assert named.query().order_by(named.title.desc()).pluck(named.title) == ["d", "b"]
    other = Post.query().where(Post.title == "a").union(best)
    assert other.order_by(Post.title).get().pluck(Post.title) == ["a", "b", "d"]


def test_names_of_columns_do_not_clash(posts: tuple[User, User]) -> None:
    query = Post.query().join(Post.author).distinct_on(Post.author_id).order_by(Post.title)

    assert query.select(Post.id, User.id.as_("id"), Post.title.as_("title")).get()[0][2] == "a"
    # A window looks at all rows, before the first ones are chosen.
    before = f.lag(Post.title).over(order_by=Post.title).as_("before")
    assert query.select(Post.title, before).dicts() == [{"title": "a", "before": None}, {"title": "d", "before": "c"}]


def test_without_an_order_nothing_is_the_first(sent: Sent) -> None:
    with pytest.raises(
        InvalidQuery, match=r"distinct_on\(\) without an order \(say by order_by\(\) which row is the first\)"
    ):
        Post.query().distinct_on(Post.author_id).get()
    with pytest.raises(InvalidQuery, match=r"distinct_on\(\) without columns"):
        Post.query().distinct_on()
    on: Any = Post.query().distinct_on
    with pytest.raises(InvalidValue, match=r"distinct_on\(\): expected columns such as User.name, got str"):
        on("author_id")
    with pytest.raises(InvalidQuery, match=r"distinct_on\(\) of grouped or distinct rows"):
        Post.query().distinct_on(Post.author_id).order_by(Post.id).distinct().get()
    with pytest.raises(InvalidQuery, match=r"distinct_on\(\) of grouped or distinct rows"):
        Post.query().distinct_on(Post.title).order_by(Post.title).group_by(Post.title).select(Post.title).get()
    with pytest.raises(InvalidQuery, match="roles is no part of the query"):
        Post.query().distinct_on(Role.level).order_by(Post.id).get()
    assert len(sent) == 0


def test_it_is_not_written_to(sent: Sent) -> None:
    query: Any = Post.query().where(Post.views > 1).distinct_on(Post.title).order_by(Post.id)
    for call in (query.delete, lambda: query.update(views=1), lambda: query.increment(Post.views, 1)):
        with pytest.raises(InvalidQuery):
            call()
    assert len(sent) == 0
