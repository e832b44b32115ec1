"""Conventions of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph_generator.schema.naming import (
    constraint_name,
    enum_member_name,
    module_name,
    plural,
    singular,
    snake,
    too_long_for,
)


@pytest.mark.feature("schema.names")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("User", "user"),
        ("OrderLine", "order_line"),
        ("HTTPServer", "http_server"),
        ("User2FA", "user2_fa"),
        ("A", "a"),
        ("ABTest", "ab_test"),
    ],
)
def test_snake_case(name: str, expected: str) -> None:
    assert snake(name) == expected


@pytest.mark.feature("schema.names")
@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("user", "users"),
        ("category", "categories"),
        ("day", "days"),
        ("bus", "buses"),
        ("status", "statuses"),
        ("address", "addresses"),
        ("box", "boxes"),
        ("branch", "branches"),
        ("cache", "caches"),
        ("database", "databases"),
        ("person", "people"),
        ("child", "children"),
        ("order_line", "order_lines"),
        ("wish_box", "wish_boxes"),
        ("analysis", "analyses"),
        ("hero", "heroes"),
        ("photo", "photos"),
        ("shelf", "shelves"),
        ("series", "series"),
        ("news", "news"),
        ("quiz", "quizzes"),
        ("matrix", "matrices"),
        ("house", "houses"),
    ],
)
def test_plurals_and_back(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one


@pytest.mark.feature("schema.names")
@pytest.mark.parametrize(("model", "module"), [("User", "user"), ("Class", "class_"), ("Import", "import_")])
def test_modules(model: str, module: str) -> None:
    assert module_name(model) == module


@pytest.mark.feature("schema.enums")
@pytest.mark.parametrize(
    ("value", "member"), [("open", "OPEN"), ("in progress", "IN_PROGRESS"), ("2xl", "_2XL"), ("n/a", "N_A"), ("-", "")]
)
def test_members_of_enums(value: str, member: str) -> None:
    assert enum_member_name(value) == member


@pytest.mark.feature("schema.names")
@given(
    st.text("abcü_", min_size=1, max_size=80),
    st.lists(st.text("abcü_", min_size=1, max_size=80), min_size=1, max_size=4),
    st.sampled_from(["index", "unique", "foreign", "check"]),
)
def test_names_of_constraints_always_fit_and_tell_their_kind(table: str, columns: list[str], kind: str) -> None:
    dialects = ("sqlite", "postgresql", "mysql")
    name = constraint_name(table, columns, kind, dialects)
    assert too_long_for(name, dialects) is None
    assert name.endswith(f"_{kind}")
    assert name == constraint_name(table, columns, kind, dialects)
    assert constraint_name(table, columns, kind, ["sqlite"]) == "_".join([table, *columns, kind])


@pytest.mark.feature("schema.names")
def test_limits_of_identifiers() -> None:
    assert too_long_for("ü" * 32, ["sqlite", "postgresql"]) == ("postgresql", 63)  # bytes
    assert too_long_for("ü" * 64, ["mysql"]) is None  # characters
    assert too_long_for("ü" * 65, ["mysql"]) == ("mysql", 64)
    assert too_long_for("x" * 999, ["sqlite"]) is None
