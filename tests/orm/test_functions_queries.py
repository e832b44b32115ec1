"""Functions among joins, aggregates and sub-queries of the showcase."""

from typing import Any

import pytest

from generated import Post, User
from isomorph import functions as f
from isomorph.errors import InvalidQuery
from tests.support.showcase import make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")


@pytest.mark.feature("queries.case", "queries.aggregates")
def test_case_can_be_summed_and_ordered_by() -> None:
    ada = make_user()
    for views in (0, 5, 50, 500):
        make_post(ada, f"{views}", views=views)

    popular = f.case((Post.views >= 50, 1), default=0)
    assert Post.query().value(f.sum(popular)) == 2
    rank = f.case((Post.views == 5, 0), (Post.views == 500, 1), default=2)
    assert Post.query().order_by(rank, Post.views).pluck(Post.views) == [5, 500, 0, 50]


@pytest.mark.feature("queries.case", "queries.join")
def test_what_makes_up_for_a_missing_row_needs_no_optional() -> None:
    ada = make_user()
    make_user("Bob", manager=ada)
    boss = User.alias("boss")
    pairs = User.query().left_join(User.manager, boss).order_by(User.name)

    assert pairs.select(User.name, f.coalesce(boss.name, "-")).get() == [("Ada", "-"), ("Bob", "Ada")]
    assert pairs.select(User.name, f.case((boss.id.is_null(), "free"), default="bound")).get() == [
        ("Ada", "free"),
        ("Bob", "bound"),
    ]
    assert pairs.select(f.nullif(boss.name, "x")).get() == [(None,), ("Ada",)]
    for expression in (
        f.coalesce(boss.nickname, boss.name),
        f.case((User.id > 0, boss.name), default="x"),
        boss.name.lower(),
    ):
        with pytest.raises(InvalidQuery, match="may be missing, since boss is left-joined"):
            pairs.select(expression)


@pytest.mark.feature("queries.any_all")
def test_values_are_compared_with_any_and_all_of_a_query() -> None:
    ada = make_user(age=30)
    make_user("Bob", age=40)
    make_user("Cleo")
    for number in (10, 35, 40):
        make_post(ada, f"{number}", views=number)
    views = Post.query().select(Post.views)

    def names(predicate: Any) -> list[str]:
        return User.query().where(predicate).order_by(User.name).pluck(User.name)

    assert names(User.age == f.any_(views)) == ["Bob"]
    assert names(User.age != f.all_(views)) == ["Ada"]
    assert names(User.age > f.any_(views)) == ["Ada", "Bob"]
    assert names(User.age >= f.all_(views)) == ["Bob"]
    assert names(User.age < f.all_(views.order_by(Post.views.desc()).limit(1))) == ["Ada"]
    nothing = views.where(Post.views > 1000)
    assert names(User.age > f.all_(nothing)) == ["Ada", "Bob", "Cleo"]
    assert names(User.age == f.any_(nothing)) == []
    assert names(~(User.age == f.any_(nothing))) == ["Ada", "Bob", "Cleo"]
    ages = User.query().select(User.age)
    assert Post.query().where(Post.views < f.any_(ages)).count() == 2
    assert Post.query().where(Post.views < f.all_(ages)).count() == 0  # NULL among them: nobody knows
    own = Post.query().where(Post.author_id == User.id).select(Post.views)
    assert names(User.age < f.any_(own)) == ["Ada"]
