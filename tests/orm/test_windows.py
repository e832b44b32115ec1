"""Window functions: what a row is among the rows around it, the same on every dialect."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Item, Post, Profile, User, Video
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue, NotSupported
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.windows")]


@pytest.fixture
def posts(showcase: str) -> tuple[User, User]:
    """Of Ada with 1, 2, 2 and 5 views, of Bob with 3."""
    ada, bob = make_user(), make_user("Bob")
    for author, title, views in ((ada, "a", 1), (ada, "b", 2), (ada, "c", 2), (ada, "d", 5), (bob, "e", 3)):
        make_post(author, title, views=views)
    return ada, bob


def of_titles(*expressions: Any) -> list[tuple[Any, ...]]:
    """The values of each post, in the order of their titles."""
    select: Any = Post.query().order_by(Post.title).select
    found: list[tuple[Any, ...]] = select(*expressions).get()
    return found


def one(expression: Any) -> list[Any]:
    return [row[0] for row in of_titles(expression)]


# --- functions ---------------------------------------------------------------------------------------------------------


def test_places_of_rows(posts: tuple[User, User]) -> None:
    by_views: Any = {"order_by": [Post.views.desc(), Post.title]}
    shared: Any = {"order_by": Post.views}

    assert one(f.row_number().over(**by_views)) == [5, 3, 4, 1, 2]
    assert one(f.rank().over(**shared)) == [1, 2, 2, 5, 4]
    assert one(f.dense_rank().over(**shared)) == [1, 2, 2, 4, 3]
    assert one(f.percent_rank().over(**shared)) == [0.0, 0.25, 0.25, 1.0, 0.75]
    assert one(f.cume_dist().over(**shared)) == [0.2, 0.6, 0.6, 1.0, 0.8]
    assert one(f.ntile(2).over(order_by=Post.title)) == [1, 1, 1, 2, 2]


def test_values_of_other_rows(posts: tuple[User, User]) -> None:
    by_title: Any = {"order_by": Post.title}

    assert one(f.lag(Post.views).over(**by_title)) == [None, 1, 2, 2, 5]
    assert one(f.lead(Post.views, 2).over(**by_title)) == [2, 5, 3, None, None]
    assert one(f.first_value(Post.title).over(**by_title)) == ["a"] * 5
    assert one(f.last_value(Post.title).over(**by_title)) == ["a", "b", "c", "d", "e"]
    whole = f.Rows(f.preceding(), f.following())
    assert one(f.last_value(Post.title).over(**by_title, frame=whole)) == ["e"] * 5
    assert one(f.nth_value(Post.title, 2).over(**by_title, frame=whole)) == ["b"] * 5
    assert one(f.nth_value(Post.title, 2).over(**by_title)) == [None, "b", "b", "b", "b"]
    assert one(f.nth_value(Post.title, 9).over(**by_title, frame=whole)) == [None] * 5


def test_a_default_stands_for_a_missing_row_and_not_for_null(showcase: str) -> None:
    for name, age in (("a", 1), ("b", None), ("c", 3)):
        make_user(name, age=age)
    query = User.query().order_by(User.name)

    assert query.pluck(f.lag(User.age, 1, -1).over(order_by=User.name)) == [-1, 1, None]
    assert query.pluck(f.lead(User.age, 1, -1).over(order_by=User.name)) == [None, 3, -1]
    assert query.pluck(f.lag(User.name, 2, "none").over(order_by=User.name)) == ["none", "none", "a"]
    assert query.pluck(f.lag(User.age, 0).over(order_by=User.name)) == [1, None, 3]


def test_values_are_converted_as_those_of_their_column(showcase: str) -> None:
    ada, bob = make_user(), make_user("Bob")
    Profile.create(user=ada, born=dt.date(1815, 12, 10), wakes_at=dt.time(7))
    Profile.create(user=bob, born=dt.date(2000, 1, 1))
    for name, price in (("a", "1.50"), ("b", "10.25")):
        Item.create(code=uuid.uuid4(), name=name, price=Decimal(price), weight_kg=0.5)

    profiles = Profile.query().order_by(Profile.born)
    assert profiles.pluck(f.lag(Profile.born).over(order_by=Profile.born)) == [None, dt.date(1815, 12, 10)]
    assert profiles.pluck(f.first_value(Profile.wakes_at).over(order_by=Profile.born)) == [dt.time(7), dt.time(7)]
    items = Item.query().order_by(Item.name)
    default = Decimal("9.99")
    assert items.pluck(f.lag(Item.price, 1, default).over(order_by=Item.name)) == [default, Decimal("1.50")]
    found = items.pluck(f.lead(Item.price).over(order_by=Item.name))
    assert found == [Decimal("10.25"), None]
    assert type(found[0]) is Decimal


# --- aggregates over windows ---------------------------------------------------------------------------------------------


def test_aggregates_over_a_window(posts: tuple[User, User]) -> None:
    by_author: Any = {"partition_by": Post.author_id}

    assert one(f.count().over(**by_author)) == [4, 4, 4, 4, 1]
    assert one(f.sum(Post.views).over(**by_author)) == [10, 10, 10, 10, 3]
    assert one(f.avg(Post.views).over(**by_author)) == [2.5, 2.5, 2.5, 2.5, 3.0]
    assert one(f.max(Post.title).over(**by_author)) == ["d", "d", "d", "d", "e"]
    assert one(f.min(Post.views).over()) == [1] * 5
    assert one(f.bool_or(Post.views > 4).over(**by_author)) == [True, True, True, True, False]
    assert one(f.sum(Post.views).over(order_by=Post.title)) == [1, 3, 5, 10, 13]
    # Equals by the order come together.
    assert one(f.sum(Post.views).over(order_by=Post.views)) == [1, 5, 5, 13, 8]
    assert one(f.count().filter(Post.views == 2).over(**by_author)) == [2, 2, 2, 2, 0]
    assert one(f.sum(Post.views).filter(Post.views > 2).over(order_by=Post.title)) == [None, None, None, 5, 8]


def test_decimals_over_a_window_are_exact(showcase: str) -> None:
    for number, price in enumerate(("0.10", "0.20", "9.30", "10.40")):
        Item.create(code=uuid.UUID(int=number), name=str(number), price=Decimal(price))
    query = Item.query().order_by(Item.name)

    running = f.sum(Item.price).over(order_by=Item.name)
    assert query.pluck(running) == [Decimal("0.10"), Decimal("0.30"), Decimal("9.60"), Decimal("20.00")]
    mean = f.avg(Item.price).over(order_by=Item.name, frame=f.Rows(f.preceding(1)))
    assert query.pluck(mean) == [Decimal("0.10"), Decimal("0.15"), Decimal("4.75"), Decimal("9.85")]
    greatest = f.max(Item.price).over(order_by=Item.name.desc())
    assert query.pluck(greatest) == [Decimal("10.40")] * 4
    assert Item.query().order_by(running.desc()).limit(1).pluck(Item.name) == ["3"]


def test_over_aggregates_of_groups(posts: tuple[User, User]) -> None:
    views = f.sum(Post.views)
    query = Post.query().group_by(Post.author_id).order_by(Post.author_id)

    assert query.select(views, f.sum(views).over(), f.rank().over(order_by=views)).get() == [(10, 13, 2), (3, 13, 1)]


# --- windows -----------------------------------------------------------------------------------------------------------------


def test_partitions_and_orders_of_several(posts: tuple[User, User]) -> None:
    make_post(posts[1], "f", views=3)

    several = f.row_number().over(partition_by=[Post.author_id, Post.views], order_by=[Post.title.desc()])
    assert one(several) == [1, 2, 1, 1, 2, 1]


def test_null_is_the_least_value_in_a_window(showcase: str) -> None:
    for name, age in (("a", 2), ("b", None), ("c", 1)):
        make_user(name, age=age)
    query = User.query().order_by(User.name)

    assert query.pluck(f.row_number().over(order_by=User.age)) == [3, 1, 2]
    assert query.pluck(f.row_number().over(order_by=User.age.desc())) == [1, 3, 2]
    assert query.pluck(f.row_number().over(order_by=User.age.asc().nulls_last())) == [2, 3, 1]
    assert query.pluck(f.row_number().over(order_by=User.age.desc().nulls_first())) == [2, 1, 3]
    assert query.pluck(f.count().over(partition_by=User.age)) == [1, 1, 1]


def test_of_joined_tables(posts: tuple[User, User]) -> None:
    place = f.row_number().over(partition_by=User.name, order_by=Post.views.desc())
    query = Post.query().join(Post.author).order_by(Post.title)

    assert query.select(User.name, Post.title, place).get()[3:] == [("Ada", "d", 1), ("Bob", "e", 1)]


# --- frames --------------------------------------------------------------------------------------------------------------------


def test_frames_of_rows(posts: tuple[User, User]) -> None:
    def summed(*edges: Any) -> list[Any]:
        return one(f.sum(Post.views).over(order_by=Post.title, frame=f.Rows(*edges)))

    assert summed(f.preceding()) == [1, 3, 5, 10, 13]
    assert summed(f.preceding(1)) == [1, 3, 4, 7, 8]
    assert summed(f.preceding(1), f.following(1)) == [3, 5, 9, 10, 8]
    assert summed(f.CURRENT_ROW, f.following()) == [13, 12, 10, 8, 3]
    assert summed(f.preceding(2), f.preceding(1)) == [None, 1, 3, 4, 7]
    assert summed(f.following(1), f.following(2)) == [4, 7, 8, 3, None]
    assert summed(f.CURRENT_ROW) == [1, 2, 2, 5, 3]
    assert summed(f.preceding(), f.following()) == [13] * 5


def test_frames_by_distance(posts: tuple[User, User]) -> None:
    def counted(*edges: Any) -> list[Any]:
        return one(f.count().over(order_by=Post.views, frame=f.Range(*edges)))

    assert counted(f.preceding()) == [1, 3, 3, 5, 4]
    assert counted(f.CURRENT_ROW) == [1, 2, 2, 1, 1]
    assert counted(f.preceding(1)) == [1, 3, 3, 1, 3]
    assert counted(f.preceding(1), f.following(2)) == [4, 4, 4, 1, 4]


def test_frames_by_distance_of_floats(showcase: str) -> None:
    for title, seconds in (("a", 0.5), ("b", 1.0), ("c", 3.0)):
        Video.create(title=title, url="u", seconds=seconds)
    near = f.count().over(order_by=Video.seconds, frame=f.Range(f.preceding(0.5), f.following(0.5)))

    assert Video.query().order_by(Video.title).pluck(near) == [2, 2, 1]


def test_frames_of_groups_where_there_are_any(posts: tuple[User, User], showcase: str) -> None:
    frame = f.Groups(f.preceding(1))
    counted = f.count().over(order_by=Post.views, frame=frame)
    if showcase == "mysql":
        with pytest.raises(
            NotSupported, match=r"mysql has no frame counted in groups \(number the groups by dense_rank"
        ):
            one(counted)
    else:
        assert one(counted) == [1, 3, 3, 2, 3]
    with pytest.raises(InvalidQuery, match=r"of a window without an order|mysql has no"):
        one(f.count().over(frame=frame))


def test_rows_left_out_of_a_frame_where_that_goes(posts: tuple[User, User], showcase: str) -> None:
    frames = {
        "current row": ([12, 11, 11, 8, 10], None),
        "group": ([12, 9, 9, 8, 10], None),
        "ties": ([13, 11, 11, 13, 13], None),
    }
    exclude: Any
    for exclude, (expected, _) in frames.items():
        frame = f.Rows(f.preceding(), f.following(), exclude=exclude)
        summed = f.sum(Post.views).over(order_by=Post.views, frame=frame)
        if showcase == "mysql":
            with pytest.raises(NotSupported, match="mysql has no EXCLUDE in a frame"):
                one(summed)
        else:
            assert one(summed) == expected


def test_frames_by_distance_of_times_are_postgresqls(showcase: str) -> None:
    ada = make_user()
    for title, day in (("a", 1), ("b", 3), ("c", 9)):
        make_post(ada, title, publish_on=dt.datetime.fromisoformat(f"2026-03-0{day}"))
    frame = f.Range(f.preceding(dt.timedelta(days=2)), f.CURRENT_ROW)
    counted = f.count().over(order_by=Post.publish_on, frame=frame)

    if showcase == "postgresql":
        assert one(counted) == [1, 2, 1]
    else:
        with pytest.raises(NotSupported, match=rf"{showcase} has no frame by distance of datetime"):
            one(counted)


def test_frames_by_distance_of_decimals(showcase: str) -> None:
    for number, price in enumerate(("0.10", "0.20", "9.30")):
        Item.create(code=uuid.UUID(int=number), name=str(number), price=Decimal(price))
    frame = f.Range(f.preceding(Decimal("0.10")), f.following(1))
    counted = f.count().over(order_by=Item.price, frame=frame)

    if showcase == "sqlite":
        with pytest.raises(NotSupported, match="sqlite has no frame by distance of decimal"):
            Item.query().pluck(counted)
    else:
        assert Item.query().order_by(Item.name).pluck(counted) == [2, 2, 1]


def test_a_frame_without_meaning_is_refused(sent: Sent) -> None:
    wrong: list[tuple[Any, ...]] = [
        (f.following(), f.CURRENT_ROW),
        (f.CURRENT_ROW, f.preceding()),
        (f.CURRENT_ROW, f.preceding(1)),
        (f.preceding(1), f.preceding(2)),
        (f.following(2), f.following(1)),
    ]
    for edges in wrong:
        for frame in (f.Rows, f.Range, f.Groups):
            with pytest.raises(InvalidValue, match=r"\w+\(\): expected a start before its end"):
                frame(*edges)
    untyped: Any
    for untyped in (-1, "1", True, float("nan"), float("inf"), dt.timedelta(-1), Decimal(-1), Decimal("NaN")):
        with pytest.raises(InvalidValue, match=r"preceding\(\)|following\(\)"):
            f.preceding(untyped)
        with pytest.raises(InvalidValue):
            f.following(untyped)
    for untyped in (1.5, dt.timedelta(1), 2**31):
        with pytest.raises(InvalidValue, match=r"Rows\(\): expected distances of 0 to 2147483647 rows"):
            f.Rows(f.preceding(untyped))
    rows: Any = f.Rows
    with pytest.raises(InvalidValue, match=r"Rows\(\): expected preceding\(\), following\(\) or CURRENT_ROW, got int"):
        rows(1)
    with pytest.raises(InvalidValue, match="expected exclude of"):
        rows(f.preceding(), exclude="nothing; --")
    near = f.Range(f.preceding(1))
    with pytest.raises(InvalidQuery, match="a frame by distance of a window with another number of orders than one"):
        one(f.count().over(frame=near))
    with pytest.raises(InvalidQuery, match="another number of orders"):
        one(f.count().over(order_by=[Post.views, Post.id], frame=near))
    with pytest.raises(InvalidQuery, match=r"a frame by distance of Post.title \(order by a number or a time\)"):
        one(f.count().over(order_by=Post.title, frame=near))
    assert len(sent) == 0


# --- where windows may stand ------------------------------------------------------------------------------------------------------


def test_a_window_is_read_and_ordered_by(posts: tuple[User, User]) -> None:
    place = f.row_number().over(order_by=[Post.views.desc(), Post.title], partition_by=Post.author_id)

    assert Post.query().order_by(place, Post.title).pluck(Post.title) == ["d", "e", "b", "c", "a"]
    ordered = Post.query().select(Post.title).order_by(f.rank().over(order_by=Post.views).desc(), Post.title)
    assert ordered.first() == ("d",)
    assert Post.query().select(place + 1).order_by(place, Post.title).first() == (2,)


def test_a_window_is_filtered_in_a_query_around(posts: tuple[User, User]) -> None:
    place = f.row_number().over(order_by=[Post.views.desc(), Post.title], partition_by=Post.author_id).as_("place")
    placed = Post.query().select(Post.title, place).subquery("placed")

    best = placed.query().where(placed[place] <= 2).order_by(placed[Post.title]).select(placed[Post.title])
    assert best.get() == [("b",), ("d",), ("e",)]
    assert best.count() == 3


def test_a_window_where_single_rows_are_meant_is_refused(sent: Sent) -> None:
    place = f.row_number().over(order_by=Post.views)
    with pytest.raises(
        InvalidQuery,
        match=r"row_number\(\) over a window in where\(\) \(select\(\) it in a subquery\(\), and filter or group that\)",
    ):
        Post.query().where(place == 1).get()
    with pytest.raises(InvalidQuery, match=r"over a window in group_by\(\)"):
        Post.query().group_by(place).select(f.count()).get()
    with pytest.raises(InvalidQuery, match=r"over a window in having\(\)"):
        Post.query().group_by(Post.title).having(f.rank().over(order_by=Post.title) == 1).select(Post.title).get()
    with pytest.raises(InvalidQuery, match="over a window in an aggregate"):
        Post.query().select(f.sum(place)).get()
    with pytest.raises(InvalidQuery, match="over a window in a window"):
        Post.query().select(f.sum(place).over()).get()
    with pytest.raises(InvalidQuery, match="in the condition of a join"):
        Post.query().join(User, on=place == User.id).get()
    with pytest.raises(InvalidQuery, match=r"in where\(\)"):
        Post.query().where(place == 1).delete()
    assert len(sent) == 0


def test_an_order_is_asked_for_where_nothing_is_meant_without() -> None:
    needing = [
        f.rank(),
        f.dense_rank(),
        f.percent_rank(),
        f.cume_dist(),
        f.lag(Post.views),
        f.lag(Post.views, 1, 0),
        f.lead(Post.views),
    ]
    windows: list[dict[str, Any]] = [{}, {"partition_by": Post.author_id}, {"order_by": []}]
    for function in needing:
        for window in windows:
            with pytest.raises(
                InvalidQuery, match=r"\w+\(\) over a window without an order \(give over\(\) an order_by\)"
            ):
                function.over(**window)


def test_what_needs_no_order_goes_without_one(posts: tuple[User, User]) -> None:
    by_author: Any = {"partition_by": Post.author_id}

    assert sorted(one(f.row_number().over())) == [1, 2, 3, 4, 5]
    assert sorted(one(f.row_number().over(**by_author))) == [1, 1, 2, 3, 4]
    assert sorted(one(f.ntile(2).over())) == [1, 1, 1, 2, 2]
    assert sorted(one(f.ntile(2).over(**by_author))) == [1, 1, 1, 2, 2]
    for value in (f.first_value(Post.title), f.last_value(Post.title), f.nth_value(Post.title, 5)):
        found = one(value.over())
        assert found == found[:1] * 5
        assert found[0] in "abcde"
        assert one(value.over(partition_by=Post.title)) in (list("abcde"), [None] * 5)


def test_a_frame_is_refused_where_it_does_not_count() -> None:
    frame = f.Rows(f.preceding(1))
    functions = [
        f.row_number(),
        f.rank(),
        f.dense_rank(),
        f.percent_rank(),
        f.cume_dist(),
        f.ntile(2),
        f.lag(Post.views),
        f.lead(Post.views),
    ]
    for function in functions:
        with pytest.raises(
            InvalidQuery, match=r"a frame for \w+\(\), which looks at all rows of its part \(leave it out\)"
        ):
            function.over(order_by=Post.views, frame=frame)


def test_what_is_no_window_is_refused() -> None:
    function: Any = f.row_number()
    with pytest.raises(InvalidValue, match=r"select\(\): expected columns such as User.name, and models"):
        Post.query().select(function)
    assert repr(function) == "<row_number(), without its window: .over(...)>"
    with pytest.raises(InvalidValue, match=r"over\(partition_by=...\): expected columns such as User.name, got str"):
        function.over(partition_by="views")
    with pytest.raises(InvalidValue, match=r"over\(order_by=...\): expected columns such as User.name, got str"):
        function.over(order_by=["views"])
    with pytest.raises(InvalidValue, match=r"over\(frame=...\): expected Rows, Range or Groups, got str"):
        function.over(frame="ROWS")
    untyped: Any
    for untyped in (0, -1, "2", True, 2**31):
        with pytest.raises(InvalidValue, match=r"ntile\(\): expected an int of 1 to 2147483647"):
            f.ntile(untyped)
    with pytest.raises(InvalidValue, match=r"lag\(\): expected an int of 0"):
        f.lag(Post.views, -1)
    with pytest.raises(InvalidValue, match=r"lag\(\): expected an? int"):
        untyped = "none"
        f.lag(Post.views, 1, untyped)
    read: Any = f.first_value
    with pytest.raises(InvalidValue, match=r"first_value\(\): expected a column such as Post.views, got str"):
        read("views")
    with pytest.raises(InvalidQuery, match=r"count\(\) of distinct values over a window"):
        f.count(Post.views).distinct().over()


def test_values_are_bound(posts: tuple[User, User], sent: Sent) -> None:
    one(f.sum(Post.views).over(order_by=Post.title, frame=f.Rows(f.preceding(7), f.following(8))))

    assert "ROWS BETWEEN ? PRECEDING AND ? FOLLOWING" in sent.last
    assert sent.statements[-1][1] == (7, 8)
