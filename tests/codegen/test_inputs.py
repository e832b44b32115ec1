"""Inputs: what they refuse, what they leave out, and that reading a model touches no relation."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from generated import (
    Category,
    Item,
    ItemRead,
    Post,
    PostCreate,
    PostRead,
    PostUpdate,
    User,
    UserCreate,
    UserRead,
    UserUpdate,
)
from tests.codegen.projects import golden_package

pytestmark = pytest.mark.feature("models.inputs")

NOW = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def types_package() -> Any:
    return golden_package("types")


def _mistakes(error: ValidationError) -> list[tuple[object, str]]:
    return [(item["loc"][0], item["type"]) for item in error.errors()]


def test_create_takes_fillable_fields_and_no_others() -> None:
    assert list(UserCreate.model_fields) == ["name", "email", "nickname", "age"]
    data = UserCreate.model_validate({"name": "Ada", "email": "a@b.c"})
    assert data.model_dump(exclude_unset=True) == {"name": "Ada", "email": "a@b.c"}
    with pytest.raises(ValidationError) as raised:
        UserCreate.model_validate({"name": "Ada", "password": "x"})
    assert _mistakes(raised.value) == [("email", "missing"), ("password", "extra_forbidden")]


def test_what_a_column_cannot_hold_is_refused_at_the_boundary() -> None:
    with pytest.raises(ValidationError) as raised:
        UserCreate.model_validate({"name": "x" * 101, "email": "a\0b", "nickname": None, "age": -1})
    assert _mistakes(raised.value) == [
        ("name", "string_too_long"),
        ("email", "value_error"),
        ("age", "greater_than_equal"),
    ]
    with pytest.raises(ValidationError) as raised:
        UserCreate.model_validate({"name": "x", "email": "a", "age": 2**31})
    assert _mistakes(raised.value) == [("age", "less_than_equal")]
    with pytest.raises(ValidationError) as raised:
        PostCreate.model_validate({"title": "", "body": "b"})
    assert _mistakes(raised.value) == [("title", "string_too_short")]


def test_defaults_of_the_schema_are_defaults_of_create() -> None:
    assert PostCreate(title="t", body="b").published is False


def test_update_takes_any_part_and_says_what_was_given() -> None:
    data = UserUpdate.model_validate({"nickname": None})
    assert data.model_dump(exclude_unset=True) == {"nickname": None}
    assert UserUpdate().model_dump(exclude_unset=True) == {}
    with pytest.raises(ValidationError) as raised:
        PostUpdate.model_validate({"title": None})
    assert _mistakes(raised.value) == [("title", "string_type")]


def test_update_fills_an_object() -> None:
    user = User(name="Ada", email="a@b.c", password="x", age=3)
    user.fill(UserUpdate(age=4).model_dump(exclude_unset=True))
    assert (user.name, user.age) == ("Ada", 4)


def test_read_shows_public_fields_of_an_object_and_touches_no_relation() -> None:
    user = User(id=3, name="Ada", email="a@b.c", password="secret", joined=NOW, created_at=NOW, updated_at=NOW)
    shown = UserRead.model_validate(user).model_dump()
    assert "password" not in shown
    assert "posts" not in shown
    assert "manager" not in shown
    assert (shown["id"], shown["name"], shown["manager_id"], shown["settings"]) == (3, "Ada", None, {})


def test_a_model_without_fillable_fields_is_only_read() -> None:
    import generated.inputs.item as module

    assert [name for name in vars(module) if name.startswith("Item")] == ["ItemRead"]
    code = uuid.uuid4()
    item = Item(
        id=1,
        code=code,
        name="Pen",
        price=Decimal("1.20"),
        category=Category.BOOK,
        available_from=dt.date(2024, 1, 1),
        listed_at=NOW,
        changed_at=NOW,
    )
    shown = ItemRead.model_validate(item).model_dump(mode="json")
    assert (shown["code"], shown["price"], shown["category"], shown["attributes"]) == (str(code), "1.20", "book", {})


def test_read_takes_what_json_gives() -> None:
    text = '{"id": 1, "title": "t", "body": "b", "published": true, "views": 0, "publish_on": null, "author_id": 2, '
    text += '"created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z"}'
    assert PostRead.model_validate_json(text).model_dump() == {
        "id": 1,
        "title": "t",
        "body": "b",
        "published": True,
        "views": 0,
        "publish_on": None,
        "author_id": 2,
        "created_at": NOW,
        "updated_at": NOW,
    }


def test_every_type_is_checked(types_package: Any) -> None:
    good: dict[str, Any] = {
        "flag": True,
        "tiny": 5,
        "whole": 2**31 - 1,
        "large": 2**63 - 1,
        "amount": "123456789.125",
        "ratio": 1,
        "label": "ab",
        "note": "",
        "data": "AP8=",
        "day": "2024-02-29",
        "clock": "08:30:00",
        "moment": "2024-01-01T00:00:00",
        "instant": "2024-01-01T00:00:00+02:00",
        "document": {"a": [1, None]},
        "token": str(uuid.UUID(int=1)),
        "size": "extra large",
        "byte": -128,
        "age": 150,
        "port": 2**16 - 1,
        "hits": 2**32 - 1,
        "size_bytes": 2**64 - 1,
        "level": 0.25,
        "fee": "999999999999999.9999",
        "country": "DE",
        "page": "p ",
        "digest": b"\0" * 16,
        "span": "P1DT2H",
    }
    made = types_package.RequiredCreate.model_validate_json(
        types_package.RequiredCreate(**_python(good)).model_dump_json()
    )
    assert (made.data, made.size) == (b"\x00\xff", types_package.Size.EXTRA_LARGE)
    assert (made.digest, made.size_bytes, made.span) == (bytes(16), 2**64 - 1, dt.timedelta(days=1, hours=2))
    wrong: dict[str, tuple[Any, str]] = {
        "flag": ("maybe", "bool_parsing"),
        "tiny": (6, "less_than_equal"),
        "whole": (2**31, "less_than_equal"),
        "large": (2**63, "less_than_equal"),
        "amount": ("0.1251", "decimal_max_places"),
        "ratio": (float("nan"), "finite_number"),
        "label": ("a", "string_too_short"),
        "note": ("a\0", "value_error"),
        "day": ("2024-02-30", "date_from_datetime_parsing"),
        "clock": ("08:30:00+01:00", "value_error"),
        "moment": ("2024-01-01T00:00:00Z", "timezone_naive"),
        "instant": ("2024-01-01T00:00:00", "timezone_aware"),
        "token": ("x", "uuid_parsing"),
        "size": ("huge", "enum"),
        "byte": (128, "less_than_equal"),
        "age": (-1, "greater_than_equal"),
        "port": (2**16, "less_than_equal"),
        "hits": (-1, "greater_than_equal"),
        "size_bytes": (2**64, "less_than_equal"),
        "level": (3.5e38, "less_than_equal"),
        "fee": ("0.00001", "decimal_max_places"),
        "country": ("D ", "value_error"),
        "page": ("ü" * 2**23, "value_error"),
        "digest": (b"x" * 17, "bytes_too_long"),
        "span": ("P106751992D", "value_error"),
    }
    for name, (value, mistake) in wrong.items():
        with pytest.raises(ValidationError) as raised:
            types_package.RequiredCreate(**{**_python(good), name: value})
        assert _mistakes(raised.value) == [(name, mistake)], name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("clock", "23:59:60"),
        ("moment", "2016-12-31T23:59:60"),
        ("instant", "2016-12-31T23:59:60Z"),
        ("moment", "10000-01-01T00:00:00"),
        ("day", "0000-01-01"),
    ],
)
def test_there_are_no_leap_seconds_and_no_years_that_python_lacks(types_package: Any, field: str, value: str) -> None:
    with pytest.raises(ValidationError) as raised:
        types_package.NullableCreate.model_validate({field: value})
    assert [name for name, _ in _mistakes(raised.value)] == [field]


def _python(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "data": b"\x00\xff"}


def test_nullable_fields_take_none_and_defaults_are_fresh(types_package: Any) -> None:
    assert types_package.NullableCreate().model_dump(exclude_unset=True) == {}
    nothing = dict.fromkeys(types_package.NullableCreate.model_fields)
    assert types_package.NullableCreate(**nothing).model_dump() == nothing
    one, other = types_package.PresetCreate(), types_package.PresetCreate()
    assert one.document == other.document
    assert one.document is not other.document


def test_names_of_pydantic_itself_are_kept_outside_and_changed_inside() -> None:
    package = golden_package("hostile")
    sent = {"schema": "text", "str": "x", "model_name": "m", "copy": 3, "json": [1]}
    data = package.AnyCreate.model_validate(sent)
    assert (data.schema_, data.model_name_, data.copy_, data.json_) == ("text", "m", 3, [1])
    assert data.model_dump(exclude_unset=True) == sent
    assert package.AnyUpdate(schema="other").model_dump(exclude_unset=True) == {"schema": "other"}


def test_json_schemas_can_be_made_for_all_inputs() -> None:
    for model in (UserCreate, UserUpdate, UserRead, PostCreate, ItemRead):
        assert model.model_json_schema()["type"] == "object"
    assert UserUpdate.model_json_schema().get("required") is None
    assert Post.title is not None


# --- trim, pattern, and what nobody sends ----------------------------------------------------------------------------


@pytest.fixture
def modifiers() -> Any:
    return golden_package("modifiers")


def test_blanks_go_before_anything_is_checked(modifiers: Any) -> None:
    create = modifiers.AccountCreate.model_validate({"given": "  Ada \n", "email": " a ", "family": "\tLovelace "})
    assert (create.given, create.family, create.email) == ("Ada", "Lovelace", " a ")
    assert modifiers.AccountUpdate.model_validate({"given": f" {'x' * 50} "}).given == "x" * 50
    assert modifiers.AccountUpdate.model_validate({"family": None}).family is None
    with pytest.raises(ValidationError) as raised:
        modifiers.AccountCreate.model_validate({"given": "  ", "email": "a", "family": "   "})
    assert _mistakes(raised.value) == [("given", "string_too_short"), ("family", "string_pattern_mismatch")]


def test_a_pattern_is_found_or_the_text_is_refused(modifiers: Any) -> None:
    create = {"given": "Ada", "email": "a"}
    for code in ("DE-1", None):
        assert modifiers.AccountCreate.model_validate({**create, "code": code}).code == code
    for code in ("de-1", "DE-1\n", "DE-1x", "DE-", "DE-١"):
        with pytest.raises(ValidationError) as raised:
            modifiers.AccountCreate.model_validate({**create, "code": code})
        assert _mistakes(raised.value) == [("code", "string_pattern_mismatch")]


def test_nobody_sends_what_is_computed_or_guarded(modifiers: Any) -> None:
    assert set(modifiers.AccountCreate.model_fields) == {
        "given", "family", "email", "code", "balance", "rating", "size", "born",
    }  # fmt: skip
    for field in ("full_name", "version", "password_hash", "id"):
        with pytest.raises(ValidationError) as raised:
            modifiers.AccountUpdate.model_validate({field: "x"})
        assert _mistakes(raised.value) == [(field, "extra_forbidden")]


def test_read_shows_what_is_visible_and_computed(modifiers: Any) -> None:
    assert list(modifiers.AccountRead.model_fields) == ["id", "full_name", "email", "code", "version"]
    assert "total" in modifiers.LineRead.model_fields
