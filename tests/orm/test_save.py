"""Objects that have a row: save, update, delete, refresh, fill, replicate, increment."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Department, Item, Order, OrderLine, Post, Profile, Role, User
from isomorph.errors import (
    DatabaseError,
    ForeignKeyViolation,
    InvalidQuery,
    InvalidValue,
    NotFillable,
    NotFound,
    NotSaved,
    RelationNotLoaded,
    UnknownField,
)
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")


def make_item(**values: Any) -> Item:
    all_values: Any = {"code": uuid.uuid4(), "name": "Lamp", "price": Decimal("9.90"), **values}
    return Item.create(**all_values)


# --- save --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.save")
def test_save_updates_the_changed_columns_only(sent: Sent) -> None:
    role = Role.create(name="admin", level=3)
    sent.clear()
    role.level = 4
    role.save()

    assert sent.texts == ['UPDATE "roles" SET "level" = ? WHERE "id" = ?']
    assert sent.statements[0][1] == (4, role.id)
    assert Role.find_or_fail(role.id).level == 4


@pytest.mark.feature("models.save")
def test_save_without_changes_sends_nothing(sent: Sent) -> None:
    role = Role.create(name="admin")
    found = Role.find_or_fail(role.id)
    sent.clear()
    role.save()
    found.save()
    found.level = found.level + 0
    found.save()

    assert len(sent) == 0


@pytest.mark.feature("models.save")
def test_a_saved_object_is_clean_again(sent: Sent) -> None:
    role = Role.create(name="admin")
    role.level = 5
    role.save()
    sent.clear()
    role.save()

    assert len(sent) == 0
    assert not role.is_dirty()


@pytest.mark.feature("models.save")
def test_another_writers_columns_are_left_alone() -> None:
    role = Role.create(name="admin", level=1)
    other = Role.find_or_fail(role.id)
    other.update(name="root")
    role.level = 5
    role.save()

    found = Role.find_or_fail(role.id)
    assert (found.name, found.level) == ("root", 5)


@pytest.mark.feature("models.save")
def test_saving_what_another_writer_already_wrote_is_no_error() -> None:
    role = Role.create(name="admin", level=1)
    Role.query().where(Role.id == role.id).update(level=5)
    role.level = 5

    role.save()  # the row is found, although nothing in it changes

    assert Role.find_or_fail(role.id).level == 5


@pytest.mark.feature("models.save")
def test_saving_an_object_whose_row_is_gone_says_so() -> None:
    role = Role.create(name="admin")
    Role.query().delete(all_rows=True)
    role.level = 5

    with pytest.raises(NotFound, match="no Role matches"):
        role.save()


@pytest.mark.feature("models.save")
def test_a_refused_save_leaves_the_object_dirty_and_the_row_as_it_was() -> None:
    role = Role.create(name="admin", level=1)
    role.level = 5
    wrong: Any = ["name"]
    role.name = wrong

    with pytest.raises(InvalidValue, match=r"^Role.name: expected a str, got list$"):
        role.save()

    assert role.is_dirty("name", "level")
    found = Role.find_or_fail(role.id)
    assert (found.name, found.level) == ("admin", 1)


@pytest.mark.feature("models.save")
def test_a_changed_key_updates_the_row_under_its_old_one(sent: Sent) -> None:
    role = Role.create(name="admin")
    old = role.id
    sent.clear()
    role.id = old + 1000
    role.save()

    assert sent.statements[0][1] == (old + 1000, old)
    assert Role.find(old) is None
    assert Role.find_or_fail(old + 1000) == role


@pytest.mark.feature("models.save", "models.composite_key")
def test_a_composite_key_finds_its_row_for_update_and_delete(sent: Sent) -> None:
    order = Order.create(number="A1", customer=make_user())
    lines = [OrderLine.create(order=order, item=make_item(), unit_price=Decimal(1)) for _ in range(2)]
    sent.clear()
    lines[0].update(quantity=7)

    assert sent.texts == ['UPDATE "order_lines" SET "quantity" = ? WHERE "order_id" = ? AND "item_id" = ?']
    assert [OrderLine.find_or_fail(line.order_id, line.item_id).quantity for line in lines] == [7, 1]
    assert lines[0].delete()
    assert OrderLine.query().count() == 1


@pytest.mark.feature("models.timestamps", "models.save")
def test_a_save_sets_the_time_of_the_update_and_no_other(sent: Sent) -> None:
    ada = make_user()
    created = ada.created_at
    sent.clear()
    ada.name = "Ada L."
    ada.save()

    assert sent.texts == ['UPDATE "users" SET "name" = ?, "updated_at" = ? WHERE "id" = ?']
    found = User.find_or_fail(ada.id)
    assert found.updated_at == ada.updated_at > created
    assert found.created_at == created


@pytest.mark.feature("models.timestamps")
def test_touch_sets_the_time_of_the_update() -> None:
    ada = make_user()
    before = ada.updated_at
    ada.touch()

    assert User.find_or_fail(ada.id).updated_at == ada.updated_at > before
    with pytest.raises(InvalidQuery, match=r"touch\(\): Role keeps no updated_at \(add timestamps = true to it\)"):
        Role.create(name="admin").touch()


# --- update, fill ------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.update")
def test_update_sets_fields_and_saves(sent: Sent) -> None:
    role = Role.create(name="admin", level=1)
    sent.clear()

    assert role.update(name="root", level=2) is role
    assert sent.texts == ['UPDATE "roles" SET "name" = ?, "level" = ? WHERE "id" = ?']
    assert (Role.find_or_fail(role.id).name, role.level) == ("root", 2)


@pytest.mark.feature("models.update")
def test_update_of_a_new_object_inserts_it() -> None:
    role = Role(name="admin")
    role.update(level=3)

    assert Role.find_or_fail(role.id).level == 3


@pytest.mark.feature("models.update", "bad_input.unknown_column")
def test_update_with_an_unknown_field_changes_nothing() -> None:
    role = Role.create(name="admin", level=1)
    update: Any = role.update
    with pytest.raises(UnknownField, match=r'Role has no field "levle" \(did you mean "level"\?\)'):
        update(level=2, levle=3)

    assert not role.is_dirty()
    assert Role.find_or_fail(role.id).level == 1


@pytest.mark.feature("models.update")
def test_fill_takes_fillable_fields_of_untyped_input() -> None:
    ada = make_user()
    assert ada.fill({"name": "Ada L.", "age": 36}) is ada

    assert ada.get_dirty() == {"name": "Ada L.", "age": 36}
    assert User.find_or_fail(ada.id).name == "Ada"
    with pytest.raises(NotFillable, match="User: password may not be set"):
        ada.fill({"name": "B", "password": "x"})
    with pytest.raises(UnknownField):
        ada.fill({"nam": "B"})
    with pytest.raises(InvalidValue):
        ada.fill({"name": "B", "age": "old"})
    assert ada.name == "Ada L."


# --- delete ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.delete")
def test_delete_removes_the_row_by_one_statement(sent: Sent) -> None:
    role, other = Role.create(name="admin"), Role.create(name="editor")
    sent.clear()

    assert role.delete() is True
    assert sent.texts == ['DELETE FROM "roles" WHERE "id" = ?']
    assert not role.exists
    assert Role.all() == [other] or list(Role.all()) == [other]


@pytest.mark.feature("models.delete")
def test_deleting_a_row_that_is_already_gone_says_so_by_its_result() -> None:
    role = Role.create(name="admin")
    Role.query().delete(all_rows=True)

    assert role.delete() is False


@pytest.mark.feature("models.delete")
def test_an_object_without_a_row_cannot_be_deleted() -> None:
    role = Role.create(name="admin")
    role.delete()

    with pytest.raises(NotSaved, match=r"delete: this Role has no row in the database"):
        role.delete()
    with pytest.raises(NotSaved):
        Role(name="editor").delete()


@pytest.mark.feature("models.delete")
def test_a_deleted_object_can_be_saved_again() -> None:
    role = Role.create(name="admin", level=4)
    role.delete()
    role.save()

    assert Role.find_or_fail(role.id).level == 4


@pytest.mark.feature("relations.foreign_keys", "models.delete")
def test_a_foreign_key_does_what_the_schema_says_when_its_row_goes() -> None:
    ada, bob = make_user(), make_user("Bob")
    bob.update(manager_id=ada.id)
    Profile.create(user=ada)
    make_post(ada)
    parent = Department.create(name="All")
    Department.create(name="Part", parent=parent)

    ada.delete()

    assert bob.refresh().manager_id is None  # set null
    assert (Profile.query().count(), Post.query().count()) == (0, 0)  # cascade
    with pytest.raises(ForeignKeyViolation):  # restrict
        parent.delete()
    assert parent.exists
    assert Department.query().count() == 2


@pytest.mark.feature("relations.foreign_keys", "errors.foreign_key_violation")
def test_a_restricted_row_cannot_go_while_others_point_to_it() -> None:
    ada = make_user()
    Order.create(number="A1", customer=ada)

    with pytest.raises(ForeignKeyViolation, match="rows still point to this one"):
        ada.delete()
    assert ada.exists
    assert User.find(ada.id) is not None


# --- refresh -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.refresh")
def test_refresh_reads_the_row_again_and_drops_changes(sent: Sent) -> None:
    role = Role.create(name="admin", level=1)
    Role.query().where(Role.id == role.id).update(level=8)
    role.name = "changed"
    sent.clear()

    assert role.refresh() is role
    assert len(sent) == 1
    assert (role.name, role.level) == ("admin", 8)
    assert not role.is_dirty()


@pytest.mark.feature("models.refresh")
def test_refresh_of_a_row_that_is_gone_says_so() -> None:
    role = Role.create(name="admin")
    Role.query().delete(all_rows=True)

    with pytest.raises(NotFound):
        role.refresh()
    with pytest.raises(NotSaved, match="refresh"):
        Role(name="editor").refresh()


@pytest.mark.feature("models.refresh")
def test_refresh_drops_loaded_relations() -> None:
    make_post(make_user())
    post = Post.query().include(Post.author).first_or_fail()
    assert post.author.name == "Ada"
    post.refresh()

    with pytest.raises(RelationNotLoaded):
        _ = post.author


# --- increment -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.increment")
def test_increment_adds_in_the_database(sent: Sent) -> None:
    post = make_post(make_user())
    Post.query().where(Post.id == post.id).update(views=10)
    sent.clear()

    assert post.increment(Post.views) is post
    assert '("views" + ?), "updated_at" = ? WHERE "id" = ?' in sent.texts[0]
    assert post.views == 11
    assert post.increment(Post.views, 5).views == 16
    assert post.decrement(Post.views, 6).views == 10
    assert Post.find_or_fail(post.id).views == 10
    assert not post.is_dirty("views")


@pytest.mark.feature("models.increment")
def test_increment_keeps_other_changes_unsaved() -> None:
    post = make_post(make_user())
    post.title = "Changed"
    post.increment(Post.views)

    assert post.is_dirty("title")
    assert not post.is_dirty("views", "updated_at")
    assert Post.find_or_fail(post.id).title == "Notes"


@pytest.mark.feature("models.increment", "types.decimal")
def test_a_decimal_is_incremented_exactly() -> None:
    item = make_item(price=Decimal("0.10"))
    for _ in range(2):
        item.increment(Item.price, Decimal("0.10"))

    assert item.price == Decimal("0.30")
    assert Item.query().where(Item.price == Decimal("0.30")).count() == 1
    assert Item.query().where(Item.price > Decimal("0.2")).count() == 1
    assert item.decrement(Item.price, Decimal("0.05")).price == Decimal("0.25")


@pytest.mark.feature("models.increment")
def test_increment_stays_within_64_bits() -> None:
    post = make_post(make_user(), views=2**63 - 1)

    with pytest.raises(DatabaseError):
        post.increment(Post.views)
    assert Post.find_or_fail(post.id).views == 2**63 - 1


@pytest.mark.feature("models.increment")
def test_increment_stays_within_the_range_of_a_narrower_column() -> None:
    ada = make_user(age=2**31 - 1)

    with pytest.raises(DatabaseError):
        ada.increment(User.age)
    assert User.find_or_fail(ada.id).age == 2**31 - 1


@pytest.mark.feature("models.increment")
def test_increment_of_nothing_stays_nothing() -> None:
    ada = make_user(age=None)

    assert ada.increment(User.age).age is None


@pytest.mark.feature("models.increment")
def test_increment_needs_a_row_and_a_column_of_the_model() -> None:
    post = make_post(make_user())
    wrong: Any = "views"
    with pytest.raises(InvalidQuery, match="this is no field of Post"):
        post.increment(User.age)
    with pytest.raises(InvalidQuery, match="this is no field of Post"):
        post.increment(wrong)
    with pytest.raises(NotSaved, match="increment"):
        Role(name="admin").increment(Role.level)
    Post.query().delete(all_rows=True)
    with pytest.raises(NotFound):
        post.increment(Post.views)


# --- replicate -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.replicate")
def test_replicate_gives_an_unsaved_object_with_the_same_values() -> None:
    long_ago = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
    ada = make_user(age=36, settings={"theme": ["dark"]}, created_at=long_ago)
    twin = ada.replicate()

    assert not twin.exists
    assert (twin.name, twin.age, twin.settings) == ("Ada", 36, {"theme": ["dark"]})
    assert not hasattr(twin, "id")
    assert not hasattr(twin, "created_at")
    twin.email = "twin@example.com"
    twin.save()
    assert twin.id != ada.id
    assert twin.created_at > long_ago


@pytest.mark.feature("models.replicate")
def test_a_replica_shares_no_document_with_the_original() -> None:
    ada = make_user(settings={"theme": ["dark"]})
    twin: Any = ada.replicate()
    twin.settings["theme"].append("light")

    assert ada.settings == {"theme": ["dark"]}
    assert not ada.is_dirty()


# --- exists --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.exists")
def test_exists_tells_whether_the_object_has_a_row() -> None:
    role = Role(name="admin")
    told = [role.exists]
    role.save()
    told += [role.exists, Role.find_or_fail(role.id).exists]
    role.delete()

    assert [*told, role.exists] == [False, True, True, False]
