"""New rows: typed keywords, related objects, defaults, what is missing."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import (
    Category,
    Comment,
    Image,
    Item,
    Order,
    OrderLine,
    OrderStatus,
    Post,
    Profile,
    Role,
    User,
    Video,
)
from isomorph.errors import (
    ForeignKeyViolation,
    InvalidValue,
    MissingValue,
    NotFillable,
    NotSaved,
    UnknownField,
)
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")


@pytest.mark.feature("models.create")
def test_create_inserts_a_row_and_reads_its_key_back() -> None:
    made = User.create(name="Ada", email="ada@example.com", password="hash")

    assert made.exists
    assert isinstance(made.id, int)
    found = User.find_or_fail(made.id)
    assert (found.name, found.email, found.password) == ("Ada", "ada@example.com", "hash")


@pytest.mark.feature("models.create")
def test_create_is_one_statement(sent: Sent) -> None:
    made = Role.create(name="admin", level=3)

    assert len(sent) == 1
    assert sent.last.startswith('INSERT INTO "roles" ("name", "level") VALUES (?, ?)')
    assert made.id > 0


@pytest.mark.feature("models.create")
def test_a_new_object_is_saved_when_it_is_told_to(sent: Sent) -> None:
    made = Role(name="admin")

    assert (made.exists, len(sent)) == (False, 0)
    assert made.save() is made
    assert Role.find_or_fail(made.id) == made


@pytest.mark.feature("models.create")
def test_a_key_of_ones_own_is_kept() -> None:
    made = Role.create(id=7_000_000_000, name="admin")

    assert made.id == 7_000_000_000
    assert Role.find_or_fail(7_000_000_000).name == "admin"


@pytest.mark.feature("models.create")
def test_a_related_object_gives_the_foreign_key() -> None:
    ada = make_user()
    post = Post.create(author=ada, title="Notes", body="...")

    assert post.author_id == ada.id
    assert Post.find_or_fail(post.id).author_id == ada.id


@pytest.mark.feature("models.create")
def test_the_foreign_key_may_be_given_instead_of_the_object() -> None:
    ada = make_user()

    assert Post.create(author_id=ada.id, title="Notes", body="...").author_id == ada.id


@pytest.mark.feature("models.create")
def test_a_related_object_may_be_absent_where_the_relation_is_optional() -> None:
    assert make_user(manager=None).manager_id is None
    assert make_user("Bob", manager_id=None).manager_id is None
    assert make_user("Cy").manager_id is None


@pytest.mark.feature("models.create")
def test_a_required_related_object_is_asked_for_before_any_sql(sent: Sent) -> None:
    with pytest.raises(MissingValue, match=r"Post needs author or author_id \(pass it by keyword\)"):
        Post.create(title="Notes", body="...")

    assert len(sent) == 0


@pytest.mark.feature("models.create")
def test_a_related_object_that_has_no_row_is_refused() -> None:
    ada = User(name="Ada", email="ada@example.com", password="hash")

    with pytest.raises(NotSaved, match=r"Post\(author=...\): this User has no row in the database \(save it first\)"):
        Post(author=ada, title="Notes", body="...")


@pytest.mark.feature("models.create")
def test_a_member_of_a_morph_gives_its_alias_and_key() -> None:
    post = make_post(make_user())
    clip = Video.create(title="Film", url="https://example.com", seconds=1.5)

    for member, alias in ((post, "post"), (clip, "clip")):
        comment = Comment.create(body="First!", commentable=member)
        assert (comment._commentable_type, comment._commentable_id) == (alias, member.id)


@pytest.mark.feature("models.create")
def test_a_required_morph_member_is_asked_for() -> None:
    create: Any = Comment.create
    with pytest.raises(TypeError, match="commentable"):
        create(body="First!")
    with pytest.raises(MissingValue, match="Comment needs commentable"):
        create(body="First!", commentable=None)


@pytest.mark.feature("models.create")
def test_an_object_that_is_no_member_of_a_morph_is_refused() -> None:
    create: Any = Comment.create
    with pytest.raises(InvalidValue, match=r"Comment.commentable: expected a Post or Video, got User"):
        create(body="First!", commentable=make_user())


@pytest.mark.feature("models.create")
def test_an_optional_morph_may_be_absent() -> None:
    image = Image.create(url="https://example.com/a.png")

    assert (image._imageable_type, image._imageable_id) == (None, None)


@pytest.mark.feature("models.create")
def test_a_related_object_that_was_given_is_there_without_a_query(sent: Sent) -> None:
    ada = make_user()
    sent.clear()
    post: Any = Post(author=ada, title="Notes", body="...")

    assert post.author is ada
    assert len(sent) == 0


@pytest.mark.feature("models.defaults")
def test_constants_of_the_schema_are_there_before_the_row_is() -> None:
    ada = User(name="Ada", email="ada@example.com", password="hash")
    item = Item(code=uuid.uuid4(), name="Lamp", price=Decimal(3))

    assert (ada.active, ada.settings, ada.nickname, ada.age) == (True, {}, None, None)
    assert (item.category, item.stock, item.attributes) == (Category.OTHER, 0, {})


@pytest.mark.feature("models.defaults")
def test_objects_do_not_share_the_document_of_a_default() -> None:
    one, other = (User(name=name, email=name, password="hash") for name in "ab")
    assert isinstance(one.settings, dict)
    one.settings["theme"] = "dark"

    assert other.settings == {}


@pytest.mark.feature("models.defaults", "types.timestamptz", "types.date")
def test_what_only_the_database_computes_is_read_back() -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=5)
    ada = make_user()
    item = Item.create(code=uuid.uuid4(), name="Lamp", price=Decimal(3))
    after = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5)

    assert before <= ada.joined <= after
    assert ada.joined.tzinfo is not None
    assert before.date() <= item.available_from <= after.date()
    assert User.find_or_fail(ada.id).joined == ada.joined
    assert not ada.is_dirty()
    assert not item.is_dirty()


@pytest.mark.feature("models.defaults")
def test_a_value_of_ones_own_wins_over_a_default_of_the_database() -> None:
    joined = dt.datetime(2001, 2, 3, 4, 5, 6, 789, tzinfo=dt.UTC)

    assert User.find_or_fail(make_user(joined=joined).id).joined == joined


@pytest.mark.feature("models.defaults")
def test_defaults_are_read_back_with_few_statements(sent: Sent, showcase: str) -> None:
    make_user()

    assert len(sent) == 1  # all dialects here return what they fill in


@pytest.mark.feature("models.timestamps")
def test_timestamps_are_set_by_isomorph_in_utc() -> None:
    before = dt.datetime.now(dt.UTC)
    ada = make_user()
    after = dt.datetime.now(dt.UTC)

    assert before <= ada.created_at <= after
    assert ada.updated_at == ada.created_at
    found = User.find_or_fail(ada.id)
    assert (found.created_at, found.updated_at) == (ada.created_at, ada.updated_at)


@pytest.mark.feature("models.timestamps")
def test_timestamps_may_have_names_of_their_own() -> None:
    item = Item.create(code=uuid.uuid4(), name="Lamp", price=Decimal(3))

    assert item.listed_at == item.changed_at


@pytest.mark.feature("models.timestamps")
def test_a_timestamp_that_was_given_is_kept() -> None:
    long_ago = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
    ada = make_user(created_at=long_ago, updated_at=long_ago)

    assert User.find_or_fail(ada.id).created_at == long_ago
    assert User.find_or_fail(ada.id).updated_at == long_ago


@pytest.mark.feature("models.composite_key", "models.create", "models.find")
def test_a_composite_key_comes_from_the_objects_that_it_joins() -> None:
    order = Order.create(number="A1", customer=make_user())
    item = Item.create(code=uuid.uuid4(), name="Lamp", price=Decimal(3))
    line = OrderLine.create(order=order, item=item, unit_price=Decimal("2.50"))

    assert order.status is OrderStatus.OPEN
    assert line.quantity == 1
    found = OrderLine.find_or_fail(order.id, item.id)
    assert found == line
    assert (found.order_id, found.item_id, found.unit_price) == (order.id, item.id, Decimal("2.50"))


@pytest.mark.feature("models.create", "errors.foreign_key_violation")
def test_a_foreign_key_that_leads_nowhere_is_refused_by_the_database(showcase: str) -> None:
    with pytest.raises(ForeignKeyViolation) as caught:
        Profile.create(user_id=404)

    if showcase != "sqlite":  # SQLite does not say which key it was
        assert (caught.value.model, caught.value.fields) == ("Profile", ("user_id",))
    assert Profile.query().count() == 0


@pytest.mark.feature("models.create")
def test_a_value_that_no_column_holds_is_refused_before_any_sql(sent: Sent) -> None:
    wrong: Any = "three"
    with pytest.raises(InvalidValue, match=r"^Role.level: expected an int, got str$"):
        Role.create(name="admin", level=wrong)

    assert len(sent) == 0


# --- untyped input -----------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.create")
def test_untyped_input_may_set_what_is_fillable() -> None:
    made = Role.create_from({"name": "admin"})

    assert made.exists
    assert Role.find_or_fail(made.id).name == "admin"


@pytest.mark.feature("bad_input.unknown_column")
def test_untyped_input_with_an_unknown_field_names_the_nearest_one(sent: Sent) -> None:
    with pytest.raises(UnknownField, match=r'Role has no field "nmae" \(did you mean "name"\?\)'):
        Role.create_from({"nmae": "admin"})

    assert len(sent) == 0


@pytest.mark.feature("bad_input.unknown_column")
def test_untyped_input_may_not_set_what_is_not_fillable(sent: Sent) -> None:
    with pytest.raises(NotFillable, match=r"Role: id, level may not be set from untyped input") as caught:
        Role.create_from({"name": "admin", "id": 1, "level": 9})

    assert caught.value.fields == ("id", "level")
    assert len(sent) == 0


@pytest.mark.feature("bad_input.wrong_type")
def test_untyped_input_of_the_wrong_type_is_refused(sent: Sent) -> None:
    with pytest.raises(InvalidValue, match=r"^Role.name: expected a str, got list$"):
        Role.create_from({"name": ["admin"]})

    assert len(sent) == 0


@pytest.mark.feature("models.create")
def test_untyped_input_that_lacks_a_required_field_says_which(sent: Sent) -> None:
    with pytest.raises(MissingValue, match="Post needs body"):
        Post.create_from({"title": "Notes"})
