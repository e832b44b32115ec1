"""Reading rows: order, limits, first, count, existence, columns, pages, scopes, raw SQL, text."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Department, Item, Order, OrderStatus, Post, Role, User, Video
from isomorph import Collection, Page, SimplePage, limits
from isomorph.errors import InvalidQuery, InvalidValue, LimitExceeded, NotFound
from tests.support.limits import Sly, bound_limit, limit
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")


@pytest.fixture
def roles(showcase: str) -> list[Role]:
    """a1, b2, c1, d3, e2: a name each and a level."""
    return list(Role.insert_many({"name": name[0], "level": int(name[1])} for name in ("c1", "a1", "e2", "b2", "d3")))


# --- order ---------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.order_by")
def test_rows_come_in_the_order_that_was_asked_for(roles: list[Role]) -> None:
    def ordered(*by: Any) -> str:
        return "".join(Role.query().order_by(*by).pluck(Role.name))

    assert ordered(Role.name) == ordered(Role.name.asc()) == "abcde"
    assert ordered(Role.name.desc()) == "edcba"
    assert ordered(Role.level, Role.name.desc()) == "caebd"
    assert ordered(Role.level.desc(), Role.name) == "dbeac"
    assert ordered((Role.level * -1).asc(), Role.name) == "dbeac"


@pytest.mark.feature("queries.order_by")
def test_orders_add_up_and_reorder_begins_anew(roles: list[Role]) -> None:
    query = Role.query().order_by(Role.level).order_by(Role.name)

    assert "".join(query.pluck(Role.name)) == "acbed"
    assert "".join(query.reorder(Role.name.desc()).pluck(Role.name)) == "edcba"
    assert query.reorder().to_sql()[0].count("ORDER BY") == 0


@pytest.mark.feature("queries.order_by")
def test_an_order_by_something_else_is_refused() -> None:
    wrong: Any = "name"
    with pytest.raises(InvalidValue, match=r"order_by\(\): expected a column such as User.name, got str"):
        Role.query().order_by(wrong)
    with pytest.raises(InvalidQuery, match="users is no part of the query"):
        Role.query().order_by(User.name).get()


# --- limit and offset ------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.limit")
def test_limit_and_offset_cut_rows_out(roles: list[Role]) -> None:
    query = Role.query().order_by(Role.name)

    def names(cut: Any) -> str:
        return "".join(cut.pluck(Role.name))

    assert names(query.limit(2)) == "ab"
    assert names(query.limit(2).offset(1)) == "bc"
    assert names(query.offset(3)) == "de"
    assert names(query.limit(0)) == ""
    assert names(query.offset(0)) == "abcde"
    assert names(query.offset(9)) == ""
    assert names(query.limit(2).limit(None)) == "abcde"
    assert names(query.limit(2**63)) == "abcde"
    assert names(query.limit(2**70).offset(2**70)) == ""


@pytest.mark.feature("queries.limit")
@pytest.mark.parametrize("wrong", [-1, 1.0, "1", True])
def test_a_limit_that_is_no_number_of_rows_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidValue, match=r"limit\(\): expected an int of 0 or more"):
        Role.query().limit(wrong)
    with pytest.raises(InvalidValue, match=r"offset\(\): expected an int of 0 or more"):
        Role.query().offset(wrong)


# --- first, get, count, exists ---------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.first")
def test_get_gives_a_collection_of_objects(roles: list[Role]) -> None:
    found = Role.query().order_by(Role.name).get()

    assert isinstance(found, Collection)
    assert [role.name for role in found] == list("abcde")
    assert all(type(role) is Role for role in found)
    assert all(role.exists for role in found)
    assert list(Role.query().where(Role.name == "z").get()) == []
    assert Role.query().all() == Role.query().get()


@pytest.mark.feature("queries.limit")
@pytest.mark.parametrize("given", [Sly(2), True, False, 2.0, "2", Decimal(2), "2; DROP TABLE roles"], ids=type)
def test_only_an_int_and_nothing_like_it_is_a_number_of_rows(roles: list[Role], given: Any, sent: Sent) -> None:
    query = Role.query()
    asked: list[Callable[[], Any]] = [
        lambda: query.limit(given),
        lambda: query.offset(given),
        lambda: list(query.chunk(given)),
        lambda: list(query.chunk_by_id(given)),
        lambda: list(query.lazy(given)),
        lambda: query.paginate(1, given),
        lambda: query.simple_paginate(1, given),
        lambda: query.cursor_paginate(given),
    ]
    for ask in asked:
        with pytest.raises(InvalidValue, match=r"an int of [01] or more"):
            ask()
    assert not sent


@pytest.mark.feature("queries.first")
def test_first_reads_one_row(roles: list[Role], sent: Sent, dialect: str) -> None:
    first = Role.query().order_by(Role.name.desc()).first()

    assert first is not None
    assert first.name == "e"
    assert sent.last.endswith(limit(dialect, 1))
    assert sent.statements[-1][1] == bound_limit(dialect, 1)
    assert Role.query().where(Role.name == "z").first() is None
    assert Role.query().limit(0).first() is None
    assert Role.query().order_by(Role.name).offset(1).first_or_fail().name == "b"


@pytest.mark.feature("queries.first")
def test_first_or_fail_says_that_there_is_none() -> None:
    with pytest.raises(NotFound, match="no Role matches"):
        Role.query().first_or_fail()
    with pytest.raises(NotFound, match="no Role matches"):
        Role.query().select(Role.name).first_or_fail()


@pytest.mark.feature("queries.aggregates")
def test_count_counts_what_get_would_give(roles: list[Role], sent: Sent) -> None:
    assert Role.query().count() == 5
    assert sent.last == 'SELECT COUNT(*) FROM "roles"'
    assert Role.query().where(Role.level == 1).order_by(Role.name).count() == 2
    assert Role.query().limit(3).count() == 3
    assert Role.query().limit(3).offset(4).count() == 1
    assert Role.query().limit(0).count() == 0
    assert Role.query().distinct().count() == 5
    assert Role.query().select(Role.level).count() == 5
    assert Role.query().select(Role.level).distinct().count() == 3
    assert Role.query().select(Role.level).distinct().limit(2).count() == 2
    assert type(Role.query().count()) is int


@pytest.mark.feature("queries.aggregates")
def test_exists_asks_for_no_more_than_one_row(roles: list[Role], sent: Sent, dialect: str) -> None:
    assert Role.query().where(Role.level > 2).exists() is True
    assert sent.last == f'SELECT 1 FROM "roles" WHERE "level" > ? {limit(dialect, 1)}'
    assert Role.query().where(Role.level > 3).exists() is False
    assert Role.query().limit(0).exists() is False
    assert Role.query().offset(4).exists() is True
    assert Role.query().offset(5).exists() is False


@pytest.mark.feature("queries.first", "types.json")
def test_distinct_merges_equal_rows(roles: list[Role]) -> None:
    make_user("Ada", settings={"a": 1})

    assert sorted(Role.query().select(Role.level).distinct().get()) == [(1,), (2,), (3,)]
    assert len(User.query().distinct().get()) == 1


# --- columns -----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.pluck")
def test_pluck_gives_the_values_of_one_column(roles: list[Role]) -> None:
    query = Role.query().order_by(Role.name)

    assert query.pluck(Role.level) == [1, 2, 1, 3, 2]
    assert query.limit(2).pluck(Role.name) == ["a", "b"]
    assert query.where(Role.level > 5).pluck(Role.name) == []
    assert query.limit(1).pluck(Role.level + 1) == [2]


@pytest.mark.feature("queries.pluck", "types.nullable")
def test_value_gives_one_value_or_none(roles: list[Role]) -> None:
    make_user()

    assert Role.query().order_by(Role.name).value(Role.level) == 1
    assert Role.query().where(Role.level > 5).value(Role.name) is None
    assert User.query().value(User.age) is None
    assert User.query().value(User.settings) == {}


# --- pages -------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.paginate")
def test_a_page_knows_its_rows_and_the_number_of_all(roles: list[Role], sent: Sent) -> None:
    page = Role.query().order_by(Role.name).paginate(2, per_page=2)

    assert len(sent) == 2
    assert isinstance(page, Page)
    assert [role.name for role in page.items] == ["c", "d"]
    assert (page.total, page.per_page, page.page, page.last_page) == (5, 2, 2, 3)
    assert (page.first_item, page.last_item, page.has_more) == (3, 4, True)


@pytest.mark.feature("queries.paginate")
def test_the_last_page_a_page_behind_it_and_no_rows_at_all(roles: list[Role]) -> None:
    query = Role.query().order_by(Role.name)
    last, behind = query.paginate(3, per_page=2), query.paginate(4, per_page=2)
    nothing = query.where(Role.level > 5).paginate()

    assert ([role.name for role in last.items], last.has_more, last.last_item) == (["e"], False, 5)
    assert (len(behind.items), behind.has_more, behind.first_item, behind.total) == (0, False, None, 5)
    assert (nothing.total, nothing.last_page, nothing.first_item, nothing.last_item) == (0, 1, None, None)


@pytest.mark.feature("queries.paginate")
def test_a_page_that_cannot_be_is_refused() -> None:
    wrong: Any
    for wrong in (0, -1, "1", 1.5, True):
        with pytest.raises(InvalidValue, match="page: expected an int of 1 or more"):
            Role.query().paginate(wrong)
        with pytest.raises(InvalidValue, match="per_page: expected an int of 1 or more"):
            Role.query().paginate(1, wrong)
    with pytest.raises(InvalidQuery, match=r"paginate\(\) sets limit and offset itself"):
        Role.query().limit(3).paginate()


@pytest.mark.feature("queries.paginate")
def test_a_page_has_no_more_rows_than_the_limit(roles: list[Role]) -> None:
    for paginate in (Role.query().paginate, Role.query().simple_paginate):
        with pytest.raises(LimitExceeded, match=r"per_page: expected at most 1000 rows on a page, got more"):
            paginate(1, 1001)
        with limits.override(limits.Limits(per_page=2)):
            assert len(paginate(1, 2).items) == 2
            with pytest.raises(LimitExceeded, match=r"at most 2 rows on a page, got more \(limits.per_page\)"):
                paginate(1, 3)


@pytest.mark.feature("queries.paginate")
def test_a_page_far_behind_the_last_is_empty(roles: list[Role]) -> None:
    far = Role.query().paginate(10**18, 1000)

    assert (len(far.items), far.total, far.last_page, far.page, far.has_more) == (0, 5, 1, 10**18, False)
    assert len(Role.query().simple_paginate(10**18, 1000).items) == 0


@pytest.mark.feature("queries.paginate")
def test_a_page_is_mapped_with_its_numbers(roles: list[Role]) -> None:
    query = Role.query().order_by(Role.name)

    assert query.paginate(2, 2).map(lambda role: role.name) == Page(Collection(["c", "d"]), 5, 2, 2)
    assert query.simple_paginate(2, 2).map(lambda role: role.name) == SimplePage(Collection(["c", "d"]), 2, 2, True)


@pytest.mark.feature("reading.simple_paginate")
def test_a_simple_page_knows_only_whether_there_are_more(roles: list[Role], sent: Sent) -> None:
    query = Role.query().order_by(Role.name)
    pages = [query.simple_paginate(number, 2) for number in (1, 2, 3, 4)]

    assert len(sent) == 4
    assert ["".join(role.name for role in page.items) for page in pages] == ["ab", "cd", "e", ""]
    assert [page.has_more for page in pages] == [True, True, False, False]
    assert [(page.first_item, page.last_item) for page in pages] == [(1, 2), (3, 4), (5, 5), (None, None)]
    assert (pages[1].page, pages[1].per_page) == (2, 2)
    assert query.limit(None).simple_paginate(1, 5).has_more is False


@pytest.mark.feature("reading.simple_paginate")
def test_a_simple_page_that_cannot_be_is_refused() -> None:
    wrong: Any
    for wrong in (0, -1, "1", 1.5, True):
        with pytest.raises(InvalidValue, match="page: expected an int of 1 or more"):
            Role.query().simple_paginate(wrong)
        with pytest.raises(InvalidValue, match="per_page: expected an int of 1 or more"):
            Role.query().simple_paginate(1, wrong)
    with pytest.raises(InvalidQuery, match=r"simple_paginate\(\) sets limit and offset itself"):
        Role.query().offset(3).simple_paginate()


# --- scopes ------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.scopes")
def test_scopes_of_the_schema_are_methods_of_the_query() -> None:
    ada = make_user(age=36)
    make_user("Bob", age=17)
    make_user("Cleo", age=70, active=False)
    for views in (50, 150, 2_000):
        make_post(ada, f"{views} views", views=views, published=views > 100)

    assert User.query().adults().pluck(User.name) == ["Ada"]
    assert User.query().adults(10).pluck(User.name) == ["Ada", "Bob"]
    assert User.query().active().where(User.age > 18).count() == 1
    assert Post.query().published().count() == 2
    assert Post.query().popular().pluck(Post.views) == [2_000, 150]
    assert Post.query().popular(threshold=10).published().limit(1).pluck(Post.views) == [2_000]


@pytest.mark.feature("queries.scopes", "types.decimal", "types.enum")
def test_scopes_may_have_parameters_order_and_limit(dialect: str) -> None:
    rows = [("Lamp", "9.90", Category.ELECTRONICS), ("Novel", "5", Category.BOOK), ("Atlas", "50", Category.BOOK)]
    for name, price, category in rows:
        Item.create(code=uuid.uuid4(), name=name, price=Decimal(price), category=category, stock=len(name) - 4)

    assert Item.query().in_stock().order_by(Item.name).pluck(Item.name) == ["Atlas", "Novel"]
    assert Item.query().affordable(Decimal("9.90")).order_by(Item.price).pluck(Item.name) == ["Novel", "Lamp"]
    assert Item.query().affordable(Decimal(10), least=Decimal(9)).pluck(Item.name) == ["Lamp"]
    assert Item.query().of_media().pluck(Item.name) == ["Atlas", "Novel"]
    text, values = Item.query().of_media().to_sql()
    assert text.replace("%s", "?").endswith(limit(dialect, 100))
    assert values[2:] == bound_limit(dialect, 100)


# --- raw -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.raw")
def test_a_raw_condition_binds_its_values(roles: list[Role]) -> None:
    query = Role.query().order_by(Role.name)

    assert query.where_raw("level > ? AND name <> ?", 1, "e").pluck(Role.name) == ["b", "d"]
    assert query.where_raw("level % 2 = ?", 0).pluck(Role.name) == ["b", "e"]
    assert query.where_raw("name LIKE 'a%' OR name = ?", "c").where(Role.level == 1).pluck(Role.name) == ["a", "c"]
    assert query.where_raw("1 = 1").count() == 5


@pytest.mark.feature("queries.raw")
def test_a_raw_condition_keeps_to_itself(roles: list[Role]) -> None:
    """An OR in it must not swallow the conditions beside it."""
    query = Role.query().where(Role.name == "a").where_raw("level = ? OR level = ?", 1, 2)

    assert query.pluck(Role.name) == ["a"]
    assert Role.query().where_raw("level = 1 OR level = 2").where(Role.name == "b").pluck(Role.name) == ["b"]
    assert Role.query().where_raw("level = 1 OR level = 2").where(Role.name == "b").update(level=9) == 1


@pytest.mark.feature("queries.raw")
def test_raw_values_of_every_type_arrive_as_what_they_are() -> None:
    moment = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    ada = make_user(joined=moment)
    Video.create(title="Film", url="u", seconds=1.5)
    code = uuid.uuid4()
    Item.create(code=code, name="Lamp", price=Decimal("1.50"), category=Category.BOOK, available_from=moment.date())
    Order.create(number="A1", customer=ada, status=OrderStatus.PAID)

    assert User.query().where_raw("joined = ? AND active = ?", moment, True).count() == 1
    assert Video.query().where_raw("seconds = ?", 1.5).count() == 1
    assert Item.query().where_raw("code = ? AND available_from = ?", code, moment.date()).count() == 1
    assert Item.query().where_raw("category = ?", Category.BOOK).count() == 1
    assert Item.query().where_raw("price = ?", Decimal("1.5")).count() == 1
    assert Order.query().where_raw("status = ? AND number = ?", OrderStatus.PAID, "A1").count() == 1
    assert Department.query().where_raw("parent_id IS NULL OR parent_id = ?", None).count() == 0


@pytest.mark.feature("queries.raw")
def test_a_raw_condition_with_too_few_values_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="has 2 placeholders and 1 values"):
        Role.query().where_raw("level > ? AND name = ?", 1)


# --- text --------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.to_sql")
def test_to_sql_gives_what_would_be_sent(showcase: str, sent: Sent) -> None:
    query = Role.query().where(Role.level > 1, Role.name.in_(["a", "b"])).order_by(Role.name).limit(3)
    sql, parameters = query.to_sql()

    assert (
        sql
        == {
            "sqlite": 'SELECT "id", "name", "level" FROM "roles" WHERE "level" > ? AND "name" IN (?, ?)'
            ' ORDER BY "name" LIMIT ?',
            "postgresql": 'SELECT "id", "name", "level" FROM "roles" WHERE "level" > %s AND "name" IN (%s, %s)'
            ' ORDER BY "name" LIMIT 3',
            "mysql": "SELECT `id`, `name`, `level` FROM `roles` WHERE `level` > %s AND `name` IN (%s, %s)"
            " ORDER BY `name` LIMIT %s",
        }[showcase]
    )
    assert parameters == (1, "a", "b", *bound_limit(showcase, 3))
    assert len(sent) == 0
    query.get()
    assert sent.statements == [(sql, parameters)]
