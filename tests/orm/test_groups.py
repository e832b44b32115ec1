"""group_by, having and rollup: the same groups on every dialect, and refusals where databases would take any row."""

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Department, Item, Order, OrderLine, Post, Profile, User
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.group_by")]


def make_item(name: str, **values: Any) -> Item:
    all_values: Any = {"price": Decimal(1), **values}
    return Item.create(code=uuid.uuid5(uuid.NAMESPACE_DNS, name), name=name, **all_values)


@pytest.fixture
def posts(showcase: str) -> tuple[User, User]:
    ada, bob = make_user(age=36), make_user("Bob", age=20, nickname="B")
    for author, title, views in ((ada, "x", 1), (ada, "y", 2), (ada, "y", 3), (bob, "x", 40)):
        make_post(author, title, views=views)
    return ada, bob


# --- groups ------------------------------------------------------------------------------------------------------------


def test_rows_with_equal_values_become_one(posts: tuple[User, User], sent: Sent) -> None:
    found = Post.query().group_by(Post.title).order_by(Post.title).select(Post.title, f.sum(Post.views)).get()

    assert found == [("x", 41), ("y", 5)]
    assert sent.texts == ['SELECT "title", SUM("views") FROM "posts" GROUP BY "title" ORDER BY "title"']


def test_null_is_a_group_of_its_own(showcase: str) -> None:
    for name, age in (("a", None), ("b", None), ("c", 3)):
        make_user(name, age=age)

    assert User.query().group_by(User.age).order_by(User.age).select(User.age, f.count()).get() == [(None, 2), (3, 1)]


def test_by_several_columns_one_call_or_two(posts: tuple[User, User]) -> None:
    ada, bob = posts
    one = Post.query().group_by(Post.author_id, Post.title).order_by(Post.author_id, Post.title)
    two = Post.query().group_by(Post.author_id).group_by(Post.title).order_by(Post.author_id, Post.title)

    expected = [(ada.id, "x", 1), (ada.id, "y", 2), (bob.id, "x", 1)]
    assert one.select(Post.author_id, Post.title, f.count()).get() == expected
    assert two.select(Post.author_id, Post.title, f.count()).get() == expected


def test_of_a_table_whose_key_is_grouped_anything_may_be_read(posts: tuple[User, User]) -> None:
    query = Post.query().join(Post.author).group_by(User.id).order_by(User.name)

    assert query.select(User.name, User.age, f.count()).get() == [("Ada", 36, 3), ("Bob", 20, 1)]
    assert query.where(User.age > 30).select(User.email).get() == [("ada@example.com",)]
    assert query.group_by(User.age).having(User.age > f.count() * 20).select(User.email).get() == []
    with pytest.raises(InvalidQuery, match=r"User.age is neither grouped nor aggregated"):
        query.having(User.age > 30).select(User.email).get()
    rows = query.select(User, f.max(Post.views)).get()
    assert [(user.email, views) for user, views in rows] == [("ada@example.com", 3), ("bob@example.com", 40)]


def test_the_key_of_an_alias_is_its_own(showcase: str) -> None:
    ada = make_user()
    make_user("Bob", manager=ada)
    make_user("Cy", manager=ada)
    boss = User.alias("boss")
    query = User.query().join(User.manager, boss).order_by(boss.name)

    assert query.group_by(boss.id).select(boss.name, f.count()).get() == [("Ada", 2)]
    with pytest.raises(InvalidQuery, match=r"User.name is neither grouped nor aggregated"):
        query.group_by(boss.id).select(User.name, f.count()).get()


def test_of_a_composite_key_all_columns_have_to_be_grouped(showcase: str) -> None:
    order = Order.create(number="1", customer=make_user())
    OrderLine.create(order=order, item=make_item("a"), quantity=3, unit_price=Decimal(2))
    whole = OrderLine.query().group_by(OrderLine.order_id, OrderLine.item_id)

    assert whole.select(OrderLine.quantity, f.count()).get() == [(3, 1)]
    with pytest.raises(InvalidQuery, match=r"OrderLine.quantity is neither grouped nor aggregated"):
        OrderLine.query().group_by(OrderLine.order_id).select(OrderLine.quantity).get()


def test_over_a_left_join_the_key_may_be_missing(showcase: str) -> None:
    ada = make_user()
    Profile.create(user=ada, bio="...")
    make_user("Bob")

    query = User.query().left_join(User.profile).group_by(Profile.id).order_by(Profile.id)

    assert query.select(Profile.bio, f.count()).get() == [(None, 1), ("...", 1)]


def test_by_a_calculation(posts: tuple[User, User]) -> None:
    doubled = Post.views * 2
    assert Post.query().group_by(doubled).order_by(doubled.desc()).select(doubled, f.count()).get() == [
        (80, 1),
        (6, 1),
        (4, 1),
        (2, 1),
    ]
    # The same calculation said again is the same.
    again = Post.query().group_by(Post.views - 1).order_by(Post.views - 1).select(Post.views - 1)
    assert again.get() == [(0,), (1,), (2,), (39,)]
    assert again.limit(2).count() == 2
    assert again.order_by((Post.views - 1).asc().nulls_last()).count() == 4


def test_by_a_calculation_with_null_first_or_last(showcase: str) -> None:
    for name, age in (("a", None), ("b", 4), ("c", 3)):
        make_user(name, age=age)
    doubled = User.age * 2
    query = User.query().group_by(doubled).select(doubled)

    assert query.order_by(doubled).get() == [(None,), (6,), (8,)]
    assert query.order_by(doubled.desc()).get() == [(8,), (6,), (None,)]
    assert query.order_by(doubled.asc().nulls_last()).get() == [(6,), (8,), (None,)]
    assert query.order_by(doubled.desc().nulls_first()).get() == [(None,), (8,), (6,)]


def test_having_keeps_groups(posts: tuple[User, User]) -> None:
    query = Post.query().group_by(Post.title).select(Post.title)

    assert query.having(f.count() > 1, f.sum(Post.views) < 10).get() == [("y",)]
    assert query.having((f.count() > 1) | (Post.title == "y")).order_by(Post.title).get() == [("x",), ("y",)]
    assert query.where(Post.views < 10).having(f.sum(Post.views) == 1).get() == [("x",)]


def test_groups_are_counted_limited_and_distinct(posts: tuple[User, User]) -> None:
    query = Post.query().group_by(Post.author_id, Post.title)

    assert query.count() == 3
    assert query.exists()
    assert query.select(Post.title).count() == 3
    assert query.select(Post.title).distinct().count() == 2
    assert query.select(Post.title).distinct().order_by(Post.title.desc()).get() == [("y",), ("x",)]
    assert query.select(f.count()).order_by(f.count().desc()).limit(1).get() == [(2,)]
    assert query.having(f.count() > 5).count() == 0
    assert not query.having(f.count() > 5).exists()


def test_groups_as_a_table(posts: tuple[User, User]) -> None:
    views = f.sum(Post.views)
    by_author = Post.query().group_by(Post.author_id).select(Post.author_id, views).subquery("by_author")
    query = User.query().join(by_author, on=by_author[Post.author_id] == User.id).order_by(User.name)

    assert query.select(User.name, by_author[views]).get() == [("Ada", 6), ("Bob", 40)]
    assert query.where(by_author[views] > 10).pluck(User.name) == ["Bob"]


# --- what has no one value ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "column"),
    [
        (lambda: Post.query().group_by(Post.title).select(Post.views), "Post.views"),
        (lambda: Post.query().group_by(Post.title).select(Post.title, Post.views + 1), "Post.views"),
        (lambda: Post.query().group_by(Post.title).select(Post.title).order_by(Post.views), "Post.views"),
        (lambda: Post.query().group_by(Post.title).select(Post.title).having(Post.views > 1), "Post.views"),
        (lambda: Post.query().group_by(Post.title).select(f.count() + Post.views), "Post.views"),
        (lambda: Post.query().join(Post.author).group_by(Post.id).select(Post.title, User.name), "User.name"),
        (lambda: Post.query().group_by(Post.title).select(Post, f.count()), "Post.id"),
        (lambda: User.query().select(User.name, f.count()), "User.name"),
        (lambda: User.query().select(f.count()).order_by(User.name), "User.name"),
        (lambda: User.query().select(User.name).having(f.count() > 1), "User.name"),
        (lambda: User.query().group_by(User.age).select(f.row_number().over(order_by=User.name)), "User.name"),
        (lambda: User.query().group_by(User.age).select(f.sum(User.id).over()), "User.id"),
        (lambda: User.query().group_by(User.age).select(f.count(), User.name.optional()), "User.name"),
    ],
)
def test_what_is_neither_grouped_nor_aggregated_is_refused(sent: Sent, query: Any, column: str) -> None:
    mend = r"group_by\(\) it, too, or read an aggregate of it such as f.min\(\)"
    with pytest.raises(InvalidQuery, match=rf"{re.escape(column)} is neither grouped nor aggregated \({mend}\)"):
        query().get()
    assert len(sent) == 0


def test_a_subquery_may_read_groups_only(posts: tuple[User, User], sent: Sent) -> None:
    ada, _ = posts
    author = User.query().where(User.id == Post.author_id).select(User.name).scalar()
    sent.clear()

    with pytest.raises(InvalidQuery, match=r"Post.author_id is neither grouped nor aggregated"):
        Post.query().group_by(Post.title).select(author).get()
    assert len(sent) == 0
    found = Post.query().group_by(Post.author_id).having(f.count() > 1).select(author, f.count()).get()
    assert found == [("Ada", 3)]
    titles = Post.query().where(Post.author_id == User.id).select(f.max(Post.title)).scalar()
    assert User.query().where(User.id == ada.id).group_by(User.id).select(titles).get() == [("y",)]


def test_a_query_of_objects_has_no_groups(sent: Sent) -> None:
    with pytest.raises(
        InvalidQuery, match=r"group_by\(\) gives groups, which are no objects \(select\(\) what to read"
    ):
        Post.query().group_by(Post.title).get()
    # HAVING alone makes one group of all rows, of which MariaDB would give some row.
    with pytest.raises(InvalidQuery, match="groups, which are no objects"):
        Post.query().having(f.count() > 0).first()
    with pytest.raises(InvalidQuery, match=r"cte\(\) of a grouped query"):
        Post.query().having(f.count() > 0).cte("some")
    with pytest.raises(InvalidQuery, match=r"group_by\(\) without columns"):
        Post.query().group_by()
    group_by: Any = Post.query().group_by
    with pytest.raises(InvalidValue, match=r"group_by\(\): expected columns such as User.name, got str"):
        group_by("title")
    having: Any = Post.query().having
    with pytest.raises(InvalidValue):
        having("COUNT(*) > 1")
    assert len(sent) == 0


def test_a_calculation_with_values_stands_once_only(posts: tuple[User, User]) -> None:
    """PostgreSQL would see another expression where the value is bound again."""
    doubled = Post.views * 2
    query = Post.query().group_by(doubled)
    for wrong in (
        query.select(doubled, doubled + 1),
        query.select(f.count()).order_by(doubled),
    ):
        with pytest.raises(InvalidQuery, match="with bound values inside of more than its own column"):
            wrong.get()


def test_an_order_of_distinct_rows_is_one_of_their_values(posts: tuple[User, User], sent: Sent) -> None:
    sent.clear()
    mend = r"\(select\(\) it, too, or use distinct_on\(\)\)"
    with pytest.raises(
        InvalidQuery, match=rf"Post.views is not selected, and distinct rows are ordered by what they are {mend}"
    ):
        Post.query().select(Post.title).distinct().order_by(Post.views).get()
    with pytest.raises(InvalidQuery, match=r"Post.title is not selected"):
        User.query().join(User.posts).distinct().order_by(Post.title).get()
    assert len(sent) == 0
    assert Post.query().select(Post.title).distinct().order_by(Post.title.desc()).get() == [("y",), ("x",)]
    assert Post.query().select(Post.views * 2).distinct().order_by((Post.views * 2).desc()).first() == (80,)
    assert [user.name for user in User.query().join(User.posts).distinct().order_by(User.name.desc()).get()] == [
        "Bob",
        "Ada",
    ]


def test_a_lock_of_groups_is_refused(sent: Sent) -> None:
    from generated import db

    with db.transaction():
        for query in (
            Post.query().group_by(Post.title).select(Post.title).lock_for_update(),
            Post.query().lock_for_update().group_by(Post.title).select(Post.title),
            Post.query().lock_for_update().distinct(),
            Post.query().select(f.count()).lock_for_share(),
            Post.query().lock_for_share().distinct_on(Post.title).order_by(Post.id),
        ):
            with pytest.raises(InvalidQuery, match="a lock of distinct, grouped or combined rows"):
                query.get()


# --- totals ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def items(showcase: str) -> None:
    make_item("a", category=Category.BOOK, stock=1, rating=1)
    make_item("b", category=Category.BOOK, stock=2, rating=1)
    make_item("c", category=Category.BOOK, stock=4, rating=None)
    make_item("d", category=Category.OTHER, stock=8, rating=2)


@pytest.mark.feature("queries.rollup")
def test_a_rollup_has_totals_of_each_level(items: None) -> None:
    query = (
        Item.query()
        .group_by(Item.category, Item.rating, rollup=True)
        .select(Item.category.optional(), Item.rating, f.sum(Item.stock), f.count())
    )

    expected = [
        (Category.BOOK, 1, 3, 2),
        (Category.BOOK, None, 4, 1),
        (Category.BOOK, None, 7, 3),
        (Category.OTHER, 2, 8, 1),
        (Category.OTHER, None, 8, 1),
        (None, None, 15, 4),
    ]
    assert sorted(query.get(), key=repr) == sorted(expected, key=repr)
    assert query.count() == 6
    assert query.exists()


@pytest.mark.feature("queries.rollup")
def test_a_rollup_is_ordered_limited_and_filtered(items: None) -> None:
    total = f.sum(Item.stock).as_("total")
    query = Item.query().group_by(Item.category, rollup=True).select(Item.category.optional(), total)

    assert query.order_by(Item.category).get() == [(None, 15), (Category.BOOK, 7), (Category.OTHER, 8)]
    assert query.order_by(Item.category.asc().nulls_last()).get() == [
        (Category.BOOK, 7),
        (Category.OTHER, 8),
        (None, 15),
    ]
    assert query.order_by(total.desc()).limit(2).get() == [(None, 15), (Category.OTHER, 8)]
    assert query.order_by(total.desc()).offset(1).get() == [(Category.OTHER, 8), (Category.BOOK, 7)]
    assert query.having(f.sum(Item.stock) > 7).order_by(total).get() == [(Category.OTHER, 8), (None, 15)]
    assert query.where(Item.stock < 4).order_by(total, Item.category).get() == [(None, 3), (Category.BOOK, 3)]


@pytest.mark.feature("queries.rollup")
def test_grouping_tells_a_total_from_null(items: None) -> None:
    is_total = f.grouping(Item.rating).as_("is_total")
    query = Item.query().group_by(Item.rating, rollup=True).select(Item.rating, is_total, f.count())

    assert query.order_by(is_total, Item.rating).get() == [(None, 0, 1), (1, 0, 2), (2, 0, 1), (None, 1, 4)]


@pytest.mark.feature("queries.rollup")
def test_a_rollup_of_no_rows_is_one_total(showcase: str) -> None:
    query = Item.query().group_by(Item.category, rollup=True)

    assert query.select(Item.category.optional(), f.count()).get() == [(None, 0)]
    assert query.select(Item.category.optional()).get() == [(None,)]


@pytest.mark.feature("queries.rollup")
def test_a_rollup_by_a_calculation(items: None) -> None:
    doubled = Item.stock * 2
    query = Item.query().group_by(doubled, rollup=True).select(doubled.optional().as_("doubled"), f.count())

    assert sorted(query.get(), key=repr) == [(16, 1), (2, 1), (4, 1), (8, 1), (None, 4)]


@pytest.mark.feature("queries.rollup")
def test_a_rollup_as_a_table(items: None) -> None:
    total = f.sum(Item.stock).as_("total")
    totals = (
        Item.query().group_by(Item.category, rollup=True).select(Item.category.optional(), total).subquery("totals")
    )

    assert totals.query().where(totals[total] > 7).order_by(totals[total]).select(totals[total]).get() == [(8,), (15,)]


@pytest.mark.feature("queries.rollup")
def test_over_joined_tables(items: None) -> None:
    shop = Department.create(name="Shop")
    Item.query().where(Item.stock > 1).update(department_id=shop.id)
    query = (
        Item.query()
        .join(Item.department)
        .group_by(Department.name, Item.category, rollup=True)
        .select(Department.name.optional(), Item.category.optional(), f.sum(Item.stock))
    )

    assert sorted(query.get(), key=repr) == sorted(
        [
            ("Shop", Category.BOOK, 6),
            ("Shop", Category.OTHER, 8),
            ("Shop", None, 14),
            (None, None, 14),
        ],
        key=repr,
    )


@pytest.mark.feature("queries.rollup")
def test_what_totals_leave_out_must_be_marked_so(sent: Sent) -> None:
    with pytest.raises(
        InvalidQuery,
        match=r"Item.category is None in the totals of a rollup \(select Item.category.optional\(\)\)",
    ):
        Item.query().group_by(Item.category, rollup=True).select(Item.category, f.count()).get()
    with pytest.raises(InvalidQuery, match=r"Item.stock is None in the totals"):
        Item.query().group_by(Item.stock, rollup=True).select(Item.stock + 1).get()
    with pytest.raises(InvalidQuery, match=r"Item.name is neither grouped nor aggregated"):
        Item.query().group_by(Item.id, rollup=True).select(Item.name).get()
    with pytest.raises(InvalidQuery, match="a sub-query that reads the groups of a rollup"):
        name = Department.query().where(Department.id == Item.department_id).select(Department.name).scalar()
        Item.query().group_by(Item.department_id, rollup=True).select(name).get()
    assert len(sent) == 0


@pytest.mark.feature("queries.rollup")
def test_a_rollup_is_ordered_by_what_is_not_selected(items: None) -> None:
    query = Item.query().group_by(Item.category, rollup=True).select(Item.category.optional(), f.count())

    assert query.order_by(f.grouping(Item.category).desc(), f.sum(Item.stock).desc()).get() == [
        (None, 4),
        (Category.OTHER, 1),
        (Category.BOOK, 3),
    ]
    stocks = Item.query().group_by(Item.category, rollup=True).select(f.sum(Item.stock).as_("sum"))
    assert stocks.order_by(Item.category).get() == [(15,), (7,), (8,)]
    assert stocks.order_by(Item.category.desc(), f.max(Item.name)).limit(2).get() == [(8,), (7,)]
    assert stocks.order_by(f.sum(Item.stock * 2).desc()).offset(2).get() == [(7,)]
    assert stocks.order_by(Item.category).dicts() == [{"sum": 15}, {"sum": 7}, {"sum": 8}]


@pytest.mark.feature("queries.rollup")
def test_equal_rows_of_several_levels_are_merged_by_distinct(items: None) -> None:
    books = Item.query().where(Item.category == Category.BOOK, Item.rating.is_null())
    query = books.group_by(Item.category, Item.rating, rollup=True).select(f.count()).distinct()

    assert query.get() == [(1,)]
    assert query.order_by(f.count()).get() == [(1,)]
    assert query.count() == 1
    with pytest.raises(InvalidQuery, match=r"Item.category is not selected"):
        query.order_by(Item.category).get()


@pytest.mark.feature("queries.rollup")
def test_conditions_on_grouped_columns_hold_in_totals_too(posts: tuple[User, User]) -> None:
    of_authors = Post.query().join(Post.author).where(User.name == "Ada")
    query = of_authors.group_by(User.name, rollup=True).order_by(f.grouping(User.name))

    assert query.select(User.name.optional(), f.count()).get() == [("Ada", 3), (None, 3)]
    of_users = Post.query().join(User, on=(Post.author_id == User.id) & (User.name == "Ada"))
    totals = of_users.group_by(User.name, rollup=True).order_by(f.grouping(User.name))
    assert totals.select(User.name.optional(), f.count()).get() == [("Ada", 3), (None, 3)]


@pytest.mark.feature("queries.rollup")
def test_what_is_calculated_of_a_grouped_column_is_none_in_a_total(posts: tuple[User, User]) -> None:
    query = Post.query().group_by(Post.title, rollup=True).order_by(f.grouping(Post.title), Post.title)

    assert query.select(Post.title.upper().optional(), f.count()).get() == [("X", 2), ("Y", 2), (None, 4)]
    with_users = query.join(Post.author).select(Post.title.upper().optional(), f.count())
    assert with_users.get() == [("X", 2), ("Y", 2), (None, 4)]


@pytest.mark.feature("queries.rollup")
def test_the_total_is_one_row_whatever_is_selected(items: None) -> None:
    query = Item.query().group_by(Item.category, rollup=True)

    assert sorted(query.select(f.grouping(Item.category)).get()) == [(0,), (0,), (1,)]
    assert query.select(f.literal(7)).get() == [(7,), (7,), (7,)]
    assert query.having(f.count() > 3).select(f.grouping(Item.category)).get() == [(1,)]
    assert query.having(f.count() > 3).order_by(f.count()).select(Item.category.optional()).get() == [(None,)]


@pytest.mark.feature("queries.rollup")
def test_calculated_groups_are_read_whole(items: None) -> None:
    letters = Item.name.length()
    query = Item.query().group_by(letters, rollup=True)

    assert query.order_by(letters).select(letters.optional(), f.count()).get() == [(None, 4), (1, 4)]
    with pytest.raises(
        InvalidQuery,
        match=r"^an expression in a rollup inside of more than its own column \(select\(\) it, and filter or calculate in",
    ):
        query.select((letters + 1).optional()).get()
    with pytest.raises(InvalidQuery, match="in a rollup inside of more than its own column"):
        query.order_by(letters).select(f.count()).get()
    with pytest.raises(InvalidQuery, match=r"^grouping\(\) of a calculation \(group by a column of a subquery\(\)"):
        query.select(f.grouping(letters)).get()
    plain = Item.query().select(letters).subquery("plain")
    column = plain[letters]
    assert plain.query().group_by(column, rollup=True).order_by(column).select(f.grouping(column)).get() == [(1,), (0,)]


@pytest.mark.feature("queries.rollup")
def test_a_window_over_totals_is_refused(items: None) -> None:
    place = f.rank().over(order_by=f.count())
    query = Item.query().group_by(Item.category, rollup=True)

    for refused in (query.select(place), query.select(f.count()).order_by(place)):
        with pytest.raises(
            InvalidQuery, match=r"^a window over the totals of a rollup \(use it in a query of their subquery\(\)\)$"
        ):
            refused.get()
    totals = query.select(Item.category.optional(), f.count()).subquery("totals")
    of = f.rank().over(order_by=totals[f.count()])
    assert sorted(totals.query().select(of).get()) == [(1,), (2,), (3,)]


def test_having_without_groups(items: None) -> None:
    one = Item.query().having(f.count() > 3, f.max(Item.stock) == 8)

    assert one.select(f.count(), f.sum(Item.stock).as_("stock")).get() == [(4, 15)]
    assert one.select(f.count().as_("items"), f.sum(Item.stock).as_("stock")).dicts() == [{"items": 4, "stock": 15}]
    assert one.where(Item.stock > 1).select(f.count()).get() == []
    assert one.order_by(f.count()).limit(1).select(f.count()).first() == (4,)
    assert one.select(f.count()).count() == 1
    assert Item.query().where(Item.stock > 99).having(f.count() == 0).select(f.count()).get() == [(0,)]


def test_a_calculated_group_in_having_is_refused(items: None) -> None:
    letters = Item.name.length()
    query = Item.query().group_by(letters).select(letters, f.count())

    with pytest.raises(
        InvalidQuery, match=r"^an expression in having\(\) \(where\(\) it, or filter a query of the subquery\(\) that"
    ):
        query.having(letters > 1).get()
    assert query.where(letters > 1).get() == []
    assert query.order_by(letters.desc()).get() == [(1, 4)]
    assert Item.query().group_by(letters).order_by(letters).select(f.count()).get() == [(4,)]


def test_grouping_of_what_is_not_grouped_is_refused(sent: Sent) -> None:
    for query in (
        Item.query().select(f.grouping(Item.category)),
        Item.query().select(f.grouping(Item.category), f.count()),
        Item.query().group_by(Item.name, rollup=True).select(f.grouping(Item.category)),
    ):
        with pytest.raises(
            InvalidQuery, match=r"grouping\(\) of Item.category, which is not grouped \(group_by\(\) it"
        ):
            query.get()
    assert len(sent) == 0
