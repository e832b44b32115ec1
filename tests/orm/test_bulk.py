"""Many rows at once: insert_many and upsert."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import (
    Category,
    Comment,
    Item,
    ItemValues,
    Order,
    OrderLine,
    Profile,
    Role,
    RoleValues,
    User,
    UserValues,
    db,
)
from isomorph.errors import (
    CheckViolation,
    InvalidQuery,
    InvalidValue,
    MissingValue,
    UniqueViolation,
    UnknownField,
)
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")


def user_values(number: int, **values: Any) -> UserValues:
    made: UserValues = {"name": f"u{number}", "email": f"u{number}@example.com", "password": "hash"}
    made.update(values)  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType, reportCallIssue] - any fields
    return made


def item_values(name: str, **values: Any) -> ItemValues:
    made: ItemValues = {"code": uuid.uuid4(), "name": name, "price": Decimal("1.50")}
    made.update(values)  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType, reportCallIssue] - any fields
    return made


class Undone(Exception):
    """Ends a transaction whose changes of a table are for one test."""


# --- insert_many -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.insert_many")
def test_insert_many_gives_the_objects_in_order_with_their_keys(sent: Sent) -> None:
    made = Role.insert_many([{"name": name, "level": level} for level, name in enumerate("cab", 1)])

    assert len(sent) == 1
    assert [role.name for role in made] == ["c", "a", "b"]
    assert all(role.exists and not role.is_dirty() for role in made)
    assert [Role.find_or_fail(role.id).name for role in made] == ["c", "a", "b"]


@pytest.mark.feature("models.insert_many", "models.defaults", "models.timestamps")
def test_insert_many_reads_back_what_the_database_fills_in() -> None:
    made = User.insert_many([user_values(number) for number in range(3)])

    for user in made:
        assert user.joined.tzinfo is not None
        assert user.created_at == user.updated_at
        found = User.find_or_fail(user.id)
        assert (found.name, found.joined, found.created_at) == (user.name, user.joined, user.created_at)


@pytest.mark.feature("models.insert_many")
def test_insert_many_takes_thousands_of_rows_in_few_statements(sent: Sent) -> None:
    made = User.insert_many([user_values(number, age=number % 100) for number in range(3_000)])

    assert len(sent) <= 20
    assert len({user.id for user in made}) == 3_000
    assert User.query().count() == 3_000
    found = {user.id: user.name for user in User.all()}
    assert [found[user.id] for user in made] == [f"u{number}" for number in range(3_000)]


@pytest.mark.feature("writes.bulk", "models.insert_many")
def test_many_rows_take_the_way_of_their_database(showcase: str, sent: Sent) -> None:
    made = User.insert_many([user_values(number, settings={"n": number}) for number in range(700)])

    streamed = [text for text in sent.texts if text.startswith("COPY ")]
    assert bool(streamed) == (showcase == "postgresql")
    assert not any("INSERT" in text for text in sent.texts) if streamed else len(sent) <= 3
    assert all(user.exists and not user.is_dirty() for user in made)
    found = {user.id: user for user in User.all()}
    assert len(found) == 700
    for number, user in enumerate(made):
        other = found[user.id]
        assert (other.name, other.settings, other.joined) == (f"u{number}", {"n": number}, user.joined)
        assert (other.created_at, other.nickname, other.active) == (user.created_at, None, True)


@pytest.mark.feature(
    "writes.bulk", "models.composite_key", "types.uuid", "types.decimal", "types.enum", "types.nullable"
)
def test_values_of_all_kinds_go_by_every_way(showcase: str) -> None:
    rows = [
        item_values(f"x\t{number}\\", price=Decimal(number + 1) / 4, category=Category.BOOK, rating=None, weight_kg=0.5)
        for number in range(600)
    ]
    items = Item.insert_many(rows)
    order = Order.create(number="A1", customer=make_user())
    lines = OrderLine.insert_many({"order": order, "item": item, "unit_price": item.price} for item in items)

    assert len(lines) == OrderLine.query().count() == 600
    for item, found in zip(items, Item.query().order_by(Item.id).get(), strict=True):
        assert (found.id, found.code, found.name, found.price) == (item.id, item.code, item.name, item.price)
        assert (found.category, found.rating, found.weight_kg) == (Category.BOOK, None, 0.5)
        assert found.available_from == item.available_from


@pytest.mark.feature("writes.bulk", "errors.check_violation", "bad_input.half_written", "transactions.nested")
def test_a_row_that_the_database_refuses_stops_every_way() -> None:
    rows = [item_values(str(number), stock=number - 1) for number in range(600)]
    with db.transaction():
        with pytest.raises(CheckViolation) as caught, db.transaction():
            Item.insert_many(rows)
        assert caught.value.model == "Item"
        Role.create(name="kept")
    assert (Item.query().count(), Role.query().count()) == (0, 1)


@pytest.mark.feature("writes.bulk")
def test_a_table_whose_numbers_come_from_elsewhere_is_filled_all_the_same(showcase: str, sent: Sent) -> None:
    if showcase != "postgresql":
        pytest.skip("only streams draw their numbers first")
    with pytest.raises(Undone), db.transaction():
        db.execute("CREATE SEQUENCE others START 5000")
        db.execute("ALTER TABLE roles ALTER COLUMN id DROP IDENTITY")
        db.execute("ALTER TABLE roles ALTER COLUMN id SET DEFAULT nextval('others')")
        made = Role.insert_many({"name": f"r{number}"} for number in range(600))
        assert [role.id for role in made] == list(range(5000, 5600))
        assert Role.query().count() == 600
        raise Undone  # the table becomes what it was


@pytest.mark.feature("writes.bulk")
def test_a_statement_is_no_larger_than_a_server_takes(showcase: str, sent: Sent) -> None:
    text = "ü" * 1_000_000
    made = Profile.insert_many(
        [{"user_id": make_user(f"u{number}").id, "bio": text} for number in range(6)],
    )

    assert len(made) == Profile.query().count() == 6
    inserts = [text for text in sent.texts if "profiles" in text and "INSERT" in text]
    assert len(inserts) == (3 if showcase == "mysql" else 1)
    found = Profile.upsert(
        [{"user_id": profile.user_id, "bio": text + "!"} for profile in made], unique=[Profile.user_id]
    )
    assert all(profile.bio == text + "!" for profile in found)


@pytest.mark.feature("models.insert_many")
def test_insert_many_takes_rows_that_set_different_fields() -> None:
    joined = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
    made = User.insert_many(
        [
            user_values(1),
            user_values(2, joined=joined),
            user_values(3, id=900_000),
            user_values(4),
            user_values(5, joined=joined, id=900_001),
        ]
    )

    assert [user.name for user in made] == [f"u{number}" for number in range(1, 6)]
    assert [User.find_or_fail(user.id).name for user in made] == [f"u{number}" for number in range(1, 6)]
    assert (made[1].joined, made[4].joined) == (joined, joined)
    assert (made[2].id, made[4].id) == (900_000, 900_001)


@pytest.mark.feature("models.insert_many")
def test_insert_many_of_nothing_asks_nothing(sent: Sent) -> None:
    assert list(Role.insert_many([])) == []
    assert len(sent) == 0


@pytest.mark.feature("models.insert_many")
def test_insert_many_takes_any_iterable() -> None:
    made = Role.insert_many({"name": name} for name in "ab")

    assert len(made) == Role.query().count() == 2


@pytest.mark.feature("models.insert_many")
def test_insert_many_takes_related_objects() -> None:
    ada = make_user()
    post = make_post(ada)
    made = Comment.insert_many({"body": body, "commentable": post, "author": ada} for body in "ab")

    assert [(comment._commentable_id, comment.author_id) for comment in made] == [(post.id, ada.id)] * 2


@pytest.mark.feature("models.insert_many", "models.composite_key")
def test_insert_many_of_rows_with_a_composite_key() -> None:
    order = Order.create(number="A1", customer=make_user())
    items = Item.insert_many([item_values(name) for name in "ab"])
    made = OrderLine.insert_many({"order": order, "item": item, "unit_price": item.price} for item in items)

    assert [(line.order_id, line.item_id) for line in made] == [(order.id, item.id) for item in items]
    assert OrderLine.query().count() == 2


@pytest.mark.feature("models.insert_many")
def test_rows_of_nothing_but_what_they_must_have_are_inserted_too() -> None:
    ada, bob = make_user(), make_user("Bob")
    made = Profile.insert_many([{"user": ada}, {"user_id": bob.id}])

    assert [profile.user_id for profile in made] == [ada.id, bob.id]


@pytest.mark.feature("models.insert_many", "bad_input.half_written")
def test_insert_many_with_one_bad_value_writes_nothing(sent: Sent) -> None:
    rows: Any = [{"name": "a"}, {"name": "b", "level": "three"}]
    with pytest.raises(InvalidValue, match=r"^Role.level: expected an int, got str$"):
        Role.insert_many(rows)

    assert len(sent) == 0
    assert Role.query().count() == 0


@pytest.mark.feature("models.insert_many", "bad_input.half_written", "errors.unique_violation")
@pytest.mark.parametrize("count", [3, 1_200])
def test_insert_many_that_the_database_refuses_writes_nothing(count: int) -> None:
    rows: list[RoleValues] = [{"name": f"r{number}"} for number in range(count)]
    with pytest.raises(UniqueViolation) as caught:
        Role.insert_many([*rows, {"name": "r1"}])

    assert (caught.value.model, caught.value.fields) == ("Role", ("name",))
    assert Role.query().count() == 0


@pytest.mark.feature("bad_input.unknown_column")
def test_insert_many_of_untyped_rows_is_checked(sent: Sent) -> None:
    insert_many: Any = Role.insert_many
    with pytest.raises(UnknownField, match=r'Role has no field "nmae" \(did you mean "name"\?\)'):
        insert_many([{"name": "a"}, {"nmae": "b"}])
    with pytest.raises(MissingValue, match=r"Role needs name"):
        insert_many([{"level": 1}])
    assert len(sent) == 0


# --- upsert ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.upsert")
def test_upsert_inserts_what_is_new_and_updates_what_is_there() -> None:
    old = Role.create(name="admin", level=1)

    found = Role.upsert([{"name": "editor", "level": 4}, {"name": "admin", "level": 9}], unique=[Role.name])

    assert [(role.name, role.level) for role in found] == [("editor", 4), ("admin", 9)]
    assert found[1] == old
    assert all(role.exists and not role.is_dirty() for role in found)
    assert Role.find_or_fail(old.id).level == 9
    assert Role.query().count() == 2


@pytest.mark.feature("models.upsert")
def test_upsert_of_one() -> None:
    (made,) = Role.upsert([{"name": "admin"}], unique=[Role.name])
    (found,) = Role.upsert([{"name": "admin", "level": 5}], unique=[Role.name])

    assert made == found
    assert Role.find_or_fail(made.id).level == 5


@pytest.mark.feature("models.upsert", "models.timestamps")
def test_upsert_updates_only_the_columns_that_it_is_told_to() -> None:
    long_ago = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
    ada = make_user(age=36, created_at=long_ago, updated_at=long_ago)

    (found,) = User.upsert(
        [{"name": "Other", "email": ada.email, "password": "other", "age": 37}], unique=[User.email], update=[User.age]
    )

    assert (found.id, found.name, found.password, found.age) == (ada.id, "Ada", "hash", 37)
    assert found.created_at == long_ago
    assert found.updated_at > long_ago


@pytest.mark.feature("models.upsert", "models.timestamps")
def test_upsert_of_all_columns_keeps_the_key_and_the_time_of_creation() -> None:
    long_ago = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
    ada = make_user(age=36, created_at=long_ago, updated_at=long_ago)

    (found,) = User.upsert([{"name": "New", "email": ada.email, "password": "new"}], unique=[User.email])

    assert (found.id, found.name, found.password, found.age) == (ada.id, "New", "new", None)
    assert found.created_at == long_ago
    assert found.updated_at > long_ago


@pytest.mark.feature("models.upsert", "models.timestamps")
def test_upsert_that_updates_nothing_keeps_the_row_as_it_is() -> None:
    ada = make_user(age=36)

    (found,) = User.upsert([{"name": "New", "email": ada.email, "password": "new"}], unique=[User.email], update=[])

    assert (found.id, found.name, found.updated_at) == (ada.id, "Ada", ada.updated_at)


@pytest.mark.feature("models.upsert", "models.composite_key")
def test_upsert_by_a_composite_key() -> None:
    order = Order.create(number="A1", customer=make_user())
    items = Item.insert_many([item_values(name) for name in "ab"])
    OrderLine.create(order=order, item=items[0], unit_price=Decimal(1))

    found = OrderLine.upsert(
        [{"order": order, "item": item, "unit_price": Decimal(2), "quantity": 5} for item in items],
        unique=[OrderLine.order_id, OrderLine.item_id],
        update=[OrderLine.quantity],
    )

    assert [(line.item_id, line.quantity, line.unit_price) for line in found] == [
        (items[0].id, 5, Decimal(1)),
        (items[1].id, 5, Decimal(2)),
    ]


@pytest.mark.feature("models.upsert", "types.uuid", "types.enum", "types.json", "types.decimal")
def test_upsert_by_a_uuid_with_values_of_all_kinds() -> None:
    code = uuid.uuid4()
    Item.create(code=code, name="Lamp", price=Decimal(3))

    (found,) = Item.upsert(
        [item_values("Book", code=code, price=Decimal("4.50"), category=Category.BOOK, attributes={"pages": [1]})],
        unique=[Item.code],
    )

    assert (found.name, found.price, found.category, found.attributes) == (
        "Book",
        Decimal("4.50"),
        Category.BOOK,
        {"pages": [1]},
    )
    assert Item.query().count() == 1


@pytest.mark.feature("models.upsert")
def test_upsert_takes_thousands_of_rows(sent: Sent) -> None:
    rows: list[RoleValues] = [{"name": f"r{number}", "level": 1} for number in range(1_500)]
    Role.insert_many(rows[::2])
    sent.clear()

    found = Role.upsert([{**row, "level": 2} for row in rows], unique=[Role.name])

    assert [role.name for role in found] == [row["name"] for row in rows]
    assert len(sent) <= 20
    assert Role.query().where(Role.level == 2).count() == Role.query().count() == 1_500


@pytest.mark.feature("models.upsert")
@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (lambda: Role.upsert([{"name": "a"}], unique=[Role.level]), InvalidQuery, "no unique key over just these"),
        (lambda: Role.upsert([{"name": "a"}], unique=[]), InvalidQuery, "unique keys: id; name"),
        (lambda: Role.upsert([{"name": "a"}], unique=[Role.name, Role.id]), InvalidQuery, "no unique key over just"),
        (lambda: Role.upsert([{"name": "a"}], unique=[User.email]), InvalidQuery, "no unique key over just these"),
        (
            lambda: Role.upsert([{"name": "a"}], unique=[Role.name], update=[Role.name]),
            InvalidQuery,
            "Role.upsert cannot update",
        ),
        (
            lambda: Role.upsert([{"name": "a"}], unique=[Role.name], update=[User.email]),
            InvalidQuery,
            "Role.upsert: User.email is no field of Role",
        ),
        (
            lambda: Role.upsert([{"name": "a"}, {"name": "a"}], unique=[Role.name]),
            InvalidValue,
            "rows that differ in name",
        ),
        (
            lambda: Role.upsert([{"name": "a"}, {"name": "b", "id": 3}], unique=[Role.name]),
            InvalidQuery,
            "the rows set different fields",
        ),
        (lambda: Role.upsert([{"name": "a"}], unique=[Role.id]), InvalidValue, "values for id in each row"),
    ],
)
def test_an_upsert_without_meaning_is_refused_before_any_sql(
    sent: Sent, wrong: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        wrong()

    assert len(sent) == 0


@pytest.mark.feature("models.upsert", "bad_input.half_written")
def test_an_upsert_that_the_database_refuses_changes_nothing() -> None:
    Item.create(code=uuid.UUID(int=1), name="Lamp", price=Decimal(3), stock=5)
    with pytest.raises(CheckViolation):
        Item.upsert(
            [
                item_values("New", code=uuid.UUID(int=1), stock=1),
                item_values("Other", code=uuid.UUID(int=2), stock=-1),
            ],
            unique=[Item.code],
        )

    assert Item.query().pluck(Item.stock) == [5]


@pytest.mark.feature("models.upsert", "transactions.nested")
def test_a_refused_upsert_within_a_transaction_leaves_it_usable() -> None:
    with db.transaction():
        Role.create(name="admin")
        with pytest.raises(CheckViolation), db.transaction():
            Item.upsert([item_values("Lamp", stock=-1)], unique=[Item.code])
        Role.create(name="editor")

    assert (Role.query().count(), Item.query().count()) == (2, 0)


@pytest.mark.feature("models.upsert")
def test_upsert_of_nothing_asks_nothing(sent: Sent) -> None:
    assert list(Role.upsert([], unique=[Role.name])) == []
    assert len(sent) == 0


def test_rows_that_are_no_list_are_refused(sent: Sent) -> None:
    role: Any = Role
    with pytest.raises(InvalidValue, match=r"Role.insert_many: expected a list of mappings, got int"):
        role.insert_many(5)
    with pytest.raises(InvalidValue, match=r"Role.upsert: expected a list of mappings, got NoneType"):
        role.upsert(None, unique=[Role.name])
    assert len(sent) == 0
