"""Tables without a model: by the names of tables and columns, always quoted."""

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generated import Item, Post, User, db
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue, NotFound, SchemaMismatch, UnknownConnection
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.tables")]


@pytest.fixture
def metrics(showcase: str) -> Iterator[str]:
    """A table that nobody made a model of, with days, views and a note."""
    connection = db.connection()
    for statement in (
        "DROP TABLE IF EXISTS metrics",
        "CREATE TABLE metrics (day DATE NOT NULL, views BIGINT NOT NULL, note VARCHAR(20))",
        "INSERT INTO metrics VALUES ('2026-01-01', 3, NULL), ('2026-01-02', 5, 'busy'), ('2026-01-03', 4, 'calm')",
    ):
        connection.execute(statement)
    yield showcase
    connection.execute("DROP TABLE metrics")


def day(number: int) -> dt.date:
    return dt.date(2026, 1, number)


# --- rows ---------------------------------------------------------------------------------------------------------------


def test_rows_are_dicts(metrics: str) -> None:
    query = db.table("metrics").where(f.col("views") > 3).order_by(f.col("views").desc())

    found = query.get()
    assert [list(row) for row in found] == [["day", "views", "note"]] * 2
    assert [(row["views"], row["note"]) for row in found] == [(5, "busy"), (4, "calm")]
    assert query.first() == found[0]
    assert query.first_or_fail() == found[0]
    assert query.limit(1).offset(1).get() == found[1:]
    assert query.where(f.col("views") > 9).get() == []
    assert query.where(f.col("views") > 9).first() is None
    with pytest.raises(NotFound, match="no metrics matches"):
        query.where(f.col("views") > 9).first_or_fail()


def test_rows_are_typed_tuples(metrics: str, sent: Sent) -> None:
    on, views, note = f.col("day", dt.date), f.col("views", int), f.col("note", str)
    query = db.table("metrics").where(on > day(1), views.between(1, 9)).order_by(on)

    assert query.select(on, views * 2, note.optional()).get() == [(day(2), 10, "busy"), (day(3), 8, "calm")]
    assert len(sent) == 1
    assert query.pluck(views) == [5, 4]
    assert query.value(note.upper()) == "BUSY"
    assert query.count() == 2
    assert query.exists()
    assert query.sum(views) == 9
    assert query.max(on) == day(3)
    assert query.avg(views) == 4.5


def test_columns_without_a_type_are_compared_with_anything(metrics: str) -> None:
    table = db.table("metrics")
    views, note = f.col("views"), f.col("note")

    def count(*predicates: Any) -> int:
        return table.where(*predicates).count()

    assert count(views == 3) == 1
    assert count(views != 3) == 2
    assert count(views >= 4, views <= 4, views < 5, views > 3) == 1
    assert count(views.between(4, 5)) == 2
    assert count(views.in_([3, 4, 99])) == 2
    assert count(views.in_([])) == 0
    assert count(views.not_in([])) == 3
    assert count(views.not_in([3])) == 2
    assert count(note == None) == 1  # noqa: E711 - builds SQL
    assert count(note != None) == 2  # noqa: E711 - builds SQL
    assert count(note.is_null()) == 1
    assert count(note.in_([None, "busy"])) == 2
    assert count(note.not_in([None, "busy"])) == 1
    assert count((note == "busy") | ~(views == 4)) == 2
    assert count(f.col("day") == day(2)) == 1
    assert count(views == f.col("views", int)) == 3
    assert table.select(views, note).order_by(views).first() == (3, None)
    with pytest.raises(InvalidQuery, match="views: nothing is less or greater than None"):
        assert views > None
    with pytest.raises(InvalidQuery, match="given a single text"):
        note.in_("busy")
    wrong: Any = object()
    with pytest.raises(InvalidValue, match="expected a bool, number, str"):
        count(views == wrong)


def test_groups_windows_and_unions(metrics: str) -> None:
    views, note = f.col("views", int), f.col("note", str)
    table = db.table("metrics")

    assert table.select(f.sum(views), f.count(note)).get() == [(12, 2)]
    grouped = table.group_by(views > 3).order_by(views > 3).select(views > 3, f.count())
    assert grouped.get() == [(False, 1), (True, 2)]
    with pytest.raises(InvalidQuery, match="views is neither grouped nor aggregated"):
        table.group_by(note).select(views).get()
    place = f.rank().over(order_by=views.desc())
    assert table.order_by(views).select(views, place).get() == [(3, 3), (4, 2), (5, 1)]
    low, high = table.where(views < 4).select(views), table.where(views > 4).select(views)
    assert sorted(low.union(high)) == [(3,), (5,)]
    assert table.select(views).distinct().order_by(views).get() == [(3,), (4,), (5,)]
    assert table.distinct_on(note.is_null()).order_by(views).select(views).get() == [(3,), (4,)]


def test_beside_models(metrics: str) -> None:
    ada = make_user("Ada", age=5)
    views = f.col("views", int, table="metrics")
    query = db.table("metrics").join(User, on=User.age == views)

    assert query.select(User.name, views, f.col("note", str)).get() == [("Ada", 5, "busy")]
    assert query.select(User).get() == [(ada,)]
    assert query.get() == [db.table("metrics").where(f.col("views") == 5).first()]
    busy = db.table("metrics").where(f.col("note") == "busy").select(f.col("views", int))
    assert User.query().where(User.age.in_(busy)).pluck(User.name) == ["Ada"]
    assert User.query().where(f.exists(db.table("metrics").where(views == User.age))).count() == 1
    other = db.table("metrics", alias="m").where(f.col("views", int, table="m") > 4)
    assert other.select(f.col("views", int)).get() == [(5,)]
    assert other.get()[0]["note"] == "busy"


def test_of_a_models_table(showcase: str) -> None:
    make_post(make_user(), "x", views=3)
    Item.create(code=uuid.UUID(int=7), name="i", price=Decimal("9.50"))

    assert db.table("posts").where(f.col("title", str).starts_with("x")).value(f.col("views", int)) == 3
    price, code = f.col("price", Decimal), f.col("code", uuid.UUID)
    items = db.table("shop_items")
    assert items.select(price, code).get() == [(Decimal("9.50"), uuid.UUID(int=7))]
    assert items.where(price < Decimal(10), price > 9).count() == 1
    moments = db.table("posts").select(f.col("created_at", dt.datetime, aware=True), f.col("published", bool))
    assert moments.get() == [(Post.query().first_or_fail().created_at, False)]


def test_on_another_connection(metrics: str) -> None:
    with pytest.raises(UnknownConnection):
        db.table("metrics", connection="nowhere").get()
    assert db.table("metrics", connection="default").count() == 3
    assert db.table("metrics").on("default").count() == 3


def test_a_view(metrics: str) -> None:
    db.execute("CREATE VIEW busy_days AS SELECT day, views FROM metrics WHERE views > 3")
    try:
        assert [list(row) for row in db.table("busy_days").get()] == [["day", "views"]] * 2
    finally:
        db.execute("DROP VIEW busy_days")


def test_a_table_that_is_not_there(showcase: str) -> None:
    with pytest.raises(SchemaMismatch):
        db.table("nowhere").get()
    with pytest.raises(SchemaMismatch):
        db.table("nowhere").select(f.col("x", int)).get()
    with pytest.raises(SchemaMismatch):
        db.table("users").select(f.col("nowhere", int)).get()


# --- names ----------------------------------------------------------------------------------------------------------------


def test_a_name_that_no_database_takes_is_refused(sent: Sent) -> None:
    table: Any = db.table
    col: Any = f.col
    for name in ("", "a\0b", "x" * 64, "x ", "\ud800", None, 3, b"x"):
        with pytest.raises(InvalidValue, match=r"table\(\): expected a name"):
            table(name)
        with pytest.raises(InvalidValue, match=r"col\(\): expected a name"):
            col(name)
        if name is not None:
            with pytest.raises(InvalidValue, match=r"col\(table=...\): expected a name"):
                col("x", table=name)
            with pytest.raises(InvalidValue, match=r"table\(alias=...\): expected a name"):
                table("x", alias=name)
    for type_ in (list, dict, object, "int"):
        with pytest.raises(InvalidValue, match=r"col\(\): expected a type such as bool, int"):
            col("x", type_)
    assert len(sent) == 0


_NAMES = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from("\"'`%s?;:()[]\\- "),
    min_size=1,
    max_size=15,
).map(lambda text: f"{text}_")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=_NAMES)
def test_any_other_name_is_a_name_and_nothing_else(showcase: str, name: str) -> None:
    """In SQLite, where a table of any name is made in no time; the quoting of all dialects is compared."""
    text, parameters = db.table(name, alias=f"{name}2").where(f.col(name, int) == 1).to_sql()
    dialect = db.connection().dialect
    assert dialect.quoted(name) in text
    assert text.replace(dialect.quoted(name), "").replace(dialect.quoted(f"{name}2"), "").isascii()
    assert parameters == (1,)
    if showcase != "sqlite":
        return
    quoted = dialect.quoted(name)
    connection = db.connection()
    with connection.transaction():
        connection.execute(f"CREATE TABLE {quoted} ({quoted} INTEGER)")
        connection.execute(f"INSERT INTO {quoted} VALUES (1), (2)")
        assert db.table(name).where(f.col(name, int) > 1).get() == [{name: 2}]
        assert db.table(name, alias="t").select(f.col(name, int, table="t")).order_by(f.col(name, int)).first() == (1,)
        connection.execute(f"DROP TABLE {quoted}")


def test_names_with_quotes_on_every_database(showcase: str) -> None:
    connection = db.connection()
    for name in ('a"b', "a`b", "a'b", "100% %s", "a;b--", "select", "ünï☃", "a?b", "a b"):
        quoted = (
            connection.dialect.quoted(name).replace("%%", "%")
            if showcase == "sqlite"
            else connection.dialect.quoted(name)
        )
        connection.execute(f"CREATE TABLE {quoted} ({quoted} INTEGER)")
        try:
            connection.execute(f"INSERT INTO {quoted} VALUES (7)")
            assert db.table(name).where(f.col(name, int) == 7).get() == [{name: 7}]
            assert db.table(name).select(f.col(name, int, table=name)).get() == [(7,)]
        finally:
            connection.execute(f"DROP TABLE {quoted}")
