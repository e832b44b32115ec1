"""union, intersect and except of models and of tuples: the same rows on every dialect, whatever the operators' mix."""

from typing import Any

import pytest

from generated import Post, Role, Tag, User, db
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.limits import bound_limit
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.unions")]


@pytest.fixture
def roles(showcase: str) -> None:
    Role.insert_many({"name": name, "level": level} for name, level in zip("abcdef", (1, 2, 3, 4, 5, 5), strict=True))


def upto(level: int) -> Any:
    return Role.query().where(Role.level <= level)


def since(level: int) -> Any:
    return Role.query().where(Role.level >= level)


def names(query: Any) -> str:
    return "".join(role.name for role in query.get())


# --- of models -----------------------------------------------------------------------------------------------------------


def test_a_union_has_equal_rows_once(roles: None, sent: Sent) -> None:
    assert sorted(names(upto(2).union(since(2)))) == list("abcdef")
    assert len(sent) == 1
    assert sorted(names(upto(2).union(since(2), all_rows=True))) == list("abbcdef")
    assert sorted(names(upto(1).union(upto(2), since(5)))) == list("abef")


def test_intersect_and_except(roles: None) -> None:
    assert sorted(names(upto(4).intersect(since(2)))) == list("bcd")
    assert sorted(names(upto(4).intersect(since(2), since(3)))) == list("cd")
    assert sorted(names(upto(4).except_(since(2)))) == ["a"]
    assert sorted(names(upto(5).except_(upto(1), since(5)))) == list("bcd")


def test_operators_bind_from_left_to_right(roles: None) -> None:
    """Databases disagree: INTERSECT comes first on PostgreSQL and MariaDB, and in turn on SQLite."""
    assert sorted(names(upto(2).union(since(4)).intersect(since(5)))) == list("ef")
    assert sorted(names(upto(2).except_(upto(1)).union(upto(1)))) == list("ab")
    assert sorted(names(since(4).intersect(upto(4)).union(upto(1)))) == list("ad")
    assert sorted(names(upto(3).union(since(5), all_rows=True).except_(upto(1)))) == list("bcef")
    assert sorted(names(upto(2).union(upto(2), all_rows=True).union(upto(1)))) == list("ab")
    assert sorted(names(upto(1).union(upto(2)).union(upto(1), all_rows=True))) == list("aab")


def test_a_union_inside_of_a_union_comes_first(roles: None) -> None:
    assert sorted(names(upto(3).except_(upto(1).union(since(3))))) == ["b"]
    assert sorted(names(upto(4).intersect(upto(1).union(since(4))))) == list("ad")
    assert sorted(names(upto(1).union(upto(4).except_(upto(2)).union(since(5))))) == list("acdef")


def test_a_union_is_ordered_and_cut(roles: None) -> None:
    query = upto(2).union(since(4))

    assert names(query.order_by(Role.name)) == "abdef"
    assert names(query.order_by(Role.level.desc(), Role.name)) == "efdba"
    assert names(query.order_by(Role.name).limit(2)) == "ab"
    assert names(query.order_by(Role.name.desc()).offset(3)) == "ba"
    assert names(query.order_by(Role.name).limit(2).offset(1)) == "bd"
    assert query.order_by(Role.name).first().name == "a"
    assert query.count() == 5
    assert query.limit(3).count() == 3
    assert query.exists()
    assert not upto(0).union(upto(0)).exists()
    assert upto(2).intersect(upto(1)).count() == 1


def test_the_others_may_be_cut(roles: None) -> None:
    lowest, highest = upto(5).order_by(Role.name).limit(1), upto(5).order_by(Role.name.desc()).limit(2)

    assert names(upto(1).union(highest).order_by(Role.name)) == "aef"
    assert names(upto(0).union(lowest, highest).order_by(Role.name)) == "aef"
    assert names(upto(5).except_(highest).order_by(Role.name)) == "abcd"
    assert names(upto(1).union(upto(5).order_by(Role.level).offset(4)).order_by(Role.name)) == "aef"
    # Without a cut their order means nothing.
    assert names(upto(1).union(since(5).order_by(Role.name.desc())).order_by(Role.name)) == "aef"


def test_objects_of_a_union_are_whole(roles: None) -> None:
    (first, *_) = upto(1).union(since(5)).order_by(Role.name).get()

    assert not first.is_dirty()
    first.level = 9
    first.save()
    assert Role.query().where(Role.name == "a").value(Role.level) == 9


def test_relations_of_a_union_are_included(showcase: str) -> None:
    ada, bob = make_user(), make_user("Bob")
    make_post(ada, "x")
    make_post(bob, "y")
    query = User.query().where(User.name == "Ada").union(User.query().where(User.name == "Bob"))

    users = query.include(User.posts).order_by(User.name).get()

    assert [[post.title for post in user.posts] for user in users] == [["x"], ["y"]]


def test_an_include_narrowed_by_a_union_is_refused(sent: Sent) -> None:
    query: Any = Post.query().union(Post.query())
    with pytest.raises(InvalidQuery, match=r"include\(User.posts\) with a grouped, combined or locking query"):
        User.query().include(User.posts, query)
    with pytest.raises(InvalidQuery, match="grouped, combined or locking"):
        User.query().include(User.posts, Post.query().distinct_on(Post.title).order_by(Post.id))
    assert len(sent) == 0


def test_null_is_equal_to_null_and_the_least(showcase: str) -> None:
    for name, age in (("a", None), ("b", 2), ("c", None)):
        make_user(name, age=age)
    ages = User.query().select(User.age)

    query = ages.where(User.name != "c").union(ages.where(User.name == "c"))
    assert query.order_by(User.age).get() == [(None,), (2,)]
    assert query.order_by(User.age.desc()).get() == [(2,), (None,)]
    assert query.order_by(User.age.asc().nulls_last()).get() == [(2,), (None,)]
    assert query.order_by(User.age.desc().nulls_first()).get() == [(None,), (2,)]
    assert ages.intersect(ages.where(User.name == "a")).get() == [(None,)]


def test_a_sum_over_a_union(roles: None) -> None:
    query = upto(2).union(since(2))

    assert query.sum(Role.level) == 20
    assert query.max(Role.name) == "f"
    assert upto(1).union(upto(2), all_rows=True).sum(Role.level) == 4
    assert upto(1).union(upto(2), all_rows=True).avg(Role.level * 2) == 8 / 3


# --- of tuples -----------------------------------------------------------------------------------------------------------


def test_tuples_of_different_tables(roles: None) -> None:
    Tag.insert_many([{"name": "a"}, {"name": "z"}])
    query = Role.query().select(Role.name).union(Tag.query().select(Tag.name))

    assert query.order_by(Role.name.desc()).get() == [(name,) for name in "zfedcba"]
    assert query.order_by(Role.name).limit(2).get() == [("a",), ("b",)]
    assert query.count() == 7
    assert sorted(query) == [(name,) for name in "abcdefz"]
    assert Role.query().select(Role.name).intersect(Tag.query().select(Tag.name)).get() == [("a",)]


def test_values_are_converted_as_the_first_query_says(showcase: str) -> None:
    ada = make_user()
    make_post(ada)
    moments = User.query().select(User.joined).union(Post.query().select(Post.created_at), all_rows=True)

    assert {value.tzinfo is not None for (value,) in moments} == {True}


def test_expressions_are_ordered_by_what_they_are(roles: None) -> None:
    doubled = Role.level * 2
    query = upto(2).select(Role.name, doubled).union(since(5).select(Role.name, Role.level * 3))

    assert query.order_by(doubled.desc(), Role.name).get() == [("e", 15), ("f", 15), ("b", 4), ("a", 2)]
    named = upto(1).select((Role.level + 1).as_("next")).union(since(5).select((Role.level + 2).as_("next")))
    assert named.order_by(Role.level + 1).dicts() == [{"next": 2}, {"next": 7}]


def test_joined_and_grouped_queries(showcase: str) -> None:
    ada, bob = make_user(), make_user("Bob")
    for author, title, views in ((ada, "x", 1), (ada, "y", 2), (bob, "z", 4)):
        make_post(author, title, views=views)
    titles = Post.query().join(Post.author).where(User.name == "Ada").select(Post.title, Post.views.optional())
    sums = Post.query().join(Post.author).group_by(User.name).select(User.name, f.sum(Post.views))

    assert titles.union(sums).order_by(Post.title).get() == [("Ada", 3), ("Bob", 4), ("x", 1), ("y", 2)]
    assert sums.union(titles).order_by(User.name).limit(1).get() == [("Ada", 3)]


def test_a_union_as_a_table_a_list_and_a_value(roles: None) -> None:
    query = upto(1).select(Role.name, Role.level).union(since(5).select(Role.name, Role.level))
    ends = query.subquery("ends")

    assert ends.query().where(ends[Role.level] > 1).order_by(ends[Role.name]).select(ends[Role.name]).get() == [
        ("e",),
        ("f",),
    ]
    listed = Role.query().where(Role.name.in_(upto(1).select(Role.name).union(since(5).select(Role.name))))
    assert names(listed.order_by(Role.name)) == "aef"
    unlisted = Role.query().where(Role.name.not_in(upto(1).select(Role.name).union(since(5).select(Role.name))))
    assert names(unlisted.order_by(Role.name)) == "bcd"
    assert Role.query().where(f.exists(upto(0).union(upto(0)))).count() == 0
    assert Role.query().where(f.exists(upto(0).union(upto(1)))).count() == 6


def test_values_are_bound_in_the_order_of_their_places(roles: None, dialect: str) -> None:
    query = (
        upto(2).where(Role.name != "a").union(since(4).where(Role.name != "d").limit(7)).order_by(Role.name).limit(9)
    )

    assert query.to_sql()[1] == (2, "a", 4, "d", *bound_limit(dialect, 7), *bound_limit(dialect, 9))
    assert names(query) == "bef"


# --- refusals --------------------------------------------------------------------------------------------------------------


def test_what_cannot_be_combined_is_refused(sent: Sent) -> None:
    role: Any = Role.query()
    with pytest.raises(InvalidQuery, match=r"union of one query \(pass at least one other\)"):
        role.union()
    with pytest.raises(InvalidQuery, match=r"union of queries with different columns \(select the same of each\)"):
        role.select(Role.name).union(role.select(Role.name, Role.level))
    with pytest.raises(InvalidQuery, match="different columns"):
        role.union(Tag.query())
    mixed = r"intersect of queries with columns of the types string\(.*\) and smallint \(select the same types of each"
    with pytest.raises(InvalidQuery, match=mixed):
        role.select(Role.name).intersect(role.select(Role.level))
    with pytest.raises(InvalidQuery, match="union all of queries with columns of the types smallint and double"):
        role.select(Role.level).union(role.select(f.cast(Role.level, float)), all_rows=True)
    with pytest.raises(InvalidQuery, match="different columns"):
        role.union(role.select(Role.id, Role.name, Role.level))
    with pytest.raises(InvalidValue, match=r"intersect\(\): expected queries, got str"):
        role.intersect("SELECT 1")
    with pytest.raises(InvalidQuery, match=r"except of a query that is already ordered or limited \(combine first"):
        role.limit(1).except_(role)
    with pytest.raises(InvalidQuery, match="already ordered"):
        role.order_by(Role.name).union(role)
    with pytest.raises(InvalidQuery, match="union of a query that locks rows"):
        role.lock_for_update().union(role)
    with pytest.raises(InvalidQuery, match="union of a query that locks rows"):
        role.union(role.lock_for_update())
    assert len(sent) == 0


def test_behind_a_union_nothing_is_narrowed_joined_or_grouped(sent: Sent) -> None:
    query: Any = upto(1).union(since(4))
    mend = r"behind a union \(narrow, join and group the queries before they are combined\)"
    for what, call in {
        "where()": lambda: query.where(Role.level > 1),
        "or_where()|where()": lambda: query.or_where(Role.level > 1),
        "join()": lambda: query.join(Role.users),
        "a lock": query.lock_for_update,
        "group_by()": lambda: query.group_by(Role.level),
        "having()": lambda: query.having(f.count() > 1),
        "distinct_on()": lambda: query.distinct_on(Role.level),
        "select()": lambda: query.select(Role.name),
        "distinct()": query.distinct,
        "where_raw()": lambda: query.where_raw("1 = 1"),
    }.items():
        with pytest.raises(InvalidQuery, match=mend) as raised:
            call()
        assert any(raised.value.what.startswith(name) for name in what.split("|"))
    assert len(sent) == 0


def test_a_union_is_not_written_to(sent: Sent) -> None:
    query: Any = upto(1).union(since(4))
    for call in (query.delete, lambda: query.update(level=1), lambda: query.increment(Role.level, 1)):
        with pytest.raises(InvalidQuery):
            call()
    assert len(sent) == 0


def test_an_order_by_what_is_not_selected_is_refused(sent: Sent) -> None:
    with pytest.raises(
        InvalidQuery,
        match=r"Role.level is not selected, and these rows are ordered by what they are \(select\(\) it, too\)",
    ):
        upto(1).select(Role.name).union(since(4).select(Role.name)).order_by(Role.level).get()
    assert len(sent) == 0


def test_a_lock_inside_is_refused_even_in_a_transaction(roles: None) -> None:
    with db.transaction(), pytest.raises(InvalidQuery, match="locks rows"):
        upto(1).union(since(4).lock_for_share())
