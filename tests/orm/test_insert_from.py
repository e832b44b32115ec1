"""INSERT from SELECT: typed column by column, with what the model keeps and what the database fills in."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Department, Item, Order, OrderLine, Post, Refund, Role, Tag, User, Video, db
from isomorph import functions as f
from isomorph.errors import CheckViolation, InvalidQuery, InvalidValue, UniqueViolation
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("writes.insert_from")]


@pytest.fixture
def roles(showcase: str) -> None:
    Role.insert_many({"name": name, "level": level} for level, name in enumerate("abc", 1))


def test_rows_of_a_selection_are_inserted_by_one_statement(roles: None, sent: Sent) -> None:
    sent.clear()
    assert Tag.insert_from(Role.query().where(Role.level > 1).select(Role.name), into=(Tag.name,)) == 2

    assert len(sent) == 1
    assert sorted(Tag.query().pluck(Tag.name)) == ["b", "c"]
    assert Tag.insert_from(Role.query().where(Role.level > 8).select(Role.name), into=(Tag.name,)) == 0


@pytest.mark.feature("models.timestamps", "models.defaults")
def test_times_are_kept_and_other_columns_get_their_defaults() -> None:
    ada = make_user("Ada")
    post = make_post(ada, "Notes", body="http://example.com")
    before = dt.datetime.now(dt.UTC)

    rows = Post.query().join(Post.author).select(Post.title, Post.body, User.id, Post.id)
    copied = Post.insert_from(rows.where(Post.id == post.id), into=(Post.title, Post.body, Post.author_id, Post.views))
    assert copied == 1
    copy = Post.query().where(Post.id > post.id).first_or_fail()
    assert (copy.title, copy.body, copy.author_id, copy.views, copy.published) == (
        "Notes",
        "http://example.com",
        ada.id,
        post.id,
        False,
    )
    assert copy.created_at == copy.updated_at
    assert copy.created_at >= before - dt.timedelta(seconds=1)
    given = Post.query().limit(1).select(Post.title, Post.body, Post.author_id, Post.created_at, Post.updated_at)
    assert (
        Post.insert_from(
            given.where(Post.id == post.id),
            into=(Post.title, Post.body, Post.author_id, Post.created_at, Post.updated_at),
        )
        == 1
    )
    assert Post.query().where(Post.created_at == post.created_at).count() == 2


def test_groups_unions_and_what_is_cut_are_inserted(roles: None) -> None:
    ada, bob = make_user("Ada"), make_user("Bob")
    for user, views in ((ada, 3), (ada, 7), (bob, 1)):
        make_post(user, views=views)

    names = Post.query().join(Post.author).group_by(User.name).having(f.count() > 1).select(User.name)
    assert Department.insert_from(names, into=(Department.name,)) == 1
    assert Department.query().pluck(Department.name) == ["Ada"]
    top = Role.query().where(Role.level > 2).select(Role.name)
    both = Role.query().where(Role.level < 2).select(Role.name).union(top).order_by(Role.name.desc())
    assert Tag.insert_from(both.limit(1), into=(Tag.name,)) == 1
    assert Tag.insert_from(Role.query().order_by(Role.level.desc()).offset(1).select(Role.name), into=(Tag.name,)) == 2
    assert Tag.query().order_by(Tag.name).pluck(Tag.name) == ["a", "b", "c"]
    again = User.query().join(User.posts).distinct().select(User.name, User.manager_id)
    assert Department.insert_from(again, into=(Department.name, Department.parent_id)) == 2


def test_a_table_is_read_and_written_at_once() -> None:
    ada = make_user("Ada")
    for views in (1, 2):
        make_post(ada, views=views)
    copies = Post.query().select(Post.title, Post.body, Post.author_id, Post.views * 10)

    assert Post.insert_from(copies, into=(Post.title, Post.body, Post.author_id, Post.views)) == 2
    assert Post.query().order_by(Post.views).pluck(Post.views) == [1, 2, 10, 20]


def test_a_selection_may_read_common_table_expressions(roles: None) -> None:
    high = Role.query().where(Role.level > 1).select(Role.name).cte("high")
    assert Tag.insert_from(high.query().select(high[Role.name]), into=(Tag.name,)) == 2
    assert sorted(Tag.query().pluck(Tag.name)) == ["b", "c"]


@pytest.mark.feature("writes.cte")
def test_rows_are_moved_by_one_statement(roles: None, showcase: str) -> None:
    if showcase != "postgresql":
        pytest.skip("no UPDATE or DELETE as a table")
    gone = Role.query().where(Role.level > 1).returning(Role.name).delete_cte("gone")
    assert Tag.insert_from(gone.query().select(gone[Role.name]), into=(Tag.name,)) == 2
    assert (Role.query().pluck(Role.name), sorted(Tag.query().pluck(Tag.name))) == (["a"], ["b", "c"])


@pytest.mark.feature("types.decimal")
def test_decimals_are_rounded_to_the_digits_of_their_column() -> None:
    item = Item.create(code=uuid.uuid4(), name="x", price=Decimal("0.25"))
    order = Order.create(number="A1", customer=make_user())
    OrderLine.create(order=order, item=item, unit_price=Decimal("0.25"))
    lines = OrderLine.query().select(OrderLine.order_id, OrderLine.item_id, OrderLine.unit_price * Decimal("0.1"))

    assert Refund.insert_from(lines, into=(Refund.line_order_id, Refund.line_item_id, Refund.amount)) == 1
    assert Refund.query().pluck(Refund.amount) == [Decimal("0.03")]
    assert Refund.insert_from(lines.distinct(), into=(Refund.line_order_id, Refund.line_item_id, Refund.amount)) == 1
    assert Refund.query().pluck(Refund.amount) == [Decimal("0.03")] * 2


@pytest.mark.feature("bad_input.wrong_type")
def test_what_cannot_be_inserted_is_refused_before_any_sql(roles: None, sent: Sent) -> None:
    tag: Any = Tag.insert_from
    names = Role.query().select(Role.name)
    sent.clear()
    for call, error, message in (
        (lambda: tag(names, into=(Tag.name, Tag.id)), InvalidQuery, r"Tag.insert_from\(\): 1 columns into 2"),
        (lambda: tag(names, into=()), InvalidValue, r"Tag.insert_from\(into=...\): expected columns"),
        (lambda: tag(names, into=("name",)), InvalidValue, r"expected columns such as Tag.id, got str"),
        (lambda: tag(names, into=(Role.name,)), InvalidQuery, r"Role.name is no field of Tag"),
        (
            lambda: tag(Role.query().select(Role.id), into=(Tag.id,)),
            InvalidQuery,
            r"Tag.insert_from\(\) without name, which a row needs",
        ),
        (lambda: tag(Role.query(), into=(Tag.name,)), InvalidValue, r"expected a selection such as .*, got RoleQuery"),
        (lambda: tag([("a",)], into=(Tag.name,)), InvalidValue, r"expected a selection such as .*, got list"),
        (
            lambda: tag(Role.query().select(Role), into=(Tag.name,)),
            InvalidQuery,
            r"of whole objects \(select their columns",
        ),
        (
            lambda: tag(Role.query().select(Role.name, Role.name), into=(Tag.name, Tag.name)),
            InvalidQuery,
            r"names Tag.name twice",
        ),
        (
            lambda: tag(Role.query().select(Role.level), into=(Tag.name,)),
            InvalidValue,
            r"^Tag.name: expected an expression of the type string\(50\), got one of the type smallint$",
        ),
        (
            lambda: Video.insert_from(names, into=(Video.title,)),
            InvalidQuery,
            r"Video.insert_from\(\) without url, seconds, which a row needs \(select a value for each\)",
        ),
    ):
        with pytest.raises(error, match=message):
            call()
    assert len(sent) == 0


@pytest.mark.feature("errors.unique_violation", "errors.check_violation", "bad_input.half_written")
def test_what_the_database_refuses_is_attributed_and_leaves_nothing(roles: None) -> None:
    Tag.create(name="c")
    with pytest.raises(UniqueViolation) as unique:
        Tag.insert_from(Role.query().order_by(Role.name).select(Role.name), into=(Tag.name,))
    assert (unique.value.model, unique.value.fields) == ("Tag", ("name",))
    assert Tag.query().pluck(Tag.name) == ["c"]
    Order.create(number="A1", customer=make_user())
    Item.insert_many({"code": uuid.uuid4(), "name": "x", "price": Decimal(1), "stock": stock} for stock in (1, 0))
    with db.transaction():
        with pytest.raises(CheckViolation) as check, db.transaction():
            OrderLine.insert_from(
                Order.query().cross_join(Item).select(Order.id, Item.id, Item.stock, Item.price),
                into=(OrderLine.order_id, OrderLine.item_id, OrderLine.quantity, OrderLine.unit_price),
            )
        Tag.create(name="kept")
    assert check.value.model == "OrderLine"
    assert (OrderLine.query().count(), Tag.query().count()) == (0, 2)
