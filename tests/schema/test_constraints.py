"""Uniques, indexes, checks, their names, and scopes."""

from decimal import Decimal

import pytest

from isomorph.catalog import (
    And,
    Between,
    Check,
    ColumnRef,
    ColumnType,
    Comparison,
    Default,
    Index,
    IndexColumn,
    IsNull,
    Kind,
    Literal,
    Parameter,
    Scope,
    ScopeParameter,
    SqlText,
    Table,
    Unique,
)
from tests.schema.conftest import Loader, Mistakes

FIELDS = """
[models.User.fields]
name = { type = "string(99)", column = "full_name" }
age = "int?"
"""


def _table(load_text: Loader, text: str) -> Table:
    return load_text(text).catalog.model("User").table


@pytest.mark.feature("schema.parse")
def test_uniques_of_fields_and_of_models(load_text: Loader) -> None:
    table = _table(
        load_text,
        """
[models.User]
uniques = [["age", "name"], { fields = ["age"], name = "one_of_each_age" }, ["boss", "age"]]
[models.User.relations]
boss = { belongs_to = "User?" }
[models.User.fields]
name = { type = "string(99)", column = "full_name", unique = true }
age = "int?"
""",
    )
    assert table.uniques == (
        Unique("users_full_name_unique", ("full_name",)),
        Unique("users_age_full_name_unique", ("age", "full_name")),
        Unique("one_of_each_age", ("age",)),
        Unique("users_boss_id_age_unique", ("boss_id", "age")),
    )
    assert table.indexes == ()  # boss_id stands first in a unique


@pytest.mark.feature("schema.parse", "schema.expressions")
def test_indexes_of_fields_and_of_models(load_text: Loader) -> None:
    table = _table(
        load_text,
        """
[models.User]
indexes = [
    ["name", "-age"],
    { fields = ["boss_id"], where = "age > 3" },
    { fields = ["age"], unique = true, name = "by_age" },
]
[models.User.relations]
boss = { belongs_to = "User?" }
[models.User.fields]
name = { type = "string(99)", column = "full_name" }
age = { type = "int?", index = true }
""",
    )
    assert table.indexes == (
        Index("users_age_index", (IndexColumn("age"),)),
        Index("users_full_name_age_index", (IndexColumn("full_name"), IndexColumn("age", descending=True))),
        # A partial index does not serve every lookup by the foreign key, which has its own, under the plain name.
        Index(
            "users_boss_id_8a86ed48_index",
            (IndexColumn("boss_id"),),
            where=Comparison(">", ColumnRef("age"), Literal(3)),
        ),
        Index("by_age", (IndexColumn("age"),), unique=True),
        Index("users_boss_id_index", (IndexColumn("boss_id"),)),
    )


@pytest.mark.feature("schema.parse", "schema.expressions")
def test_sql_by_hand_names_every_dialect_but_those_without_partial_indexes(load_text: Loader) -> None:
    table = _table(
        load_text,
        FIELDS
        + """
[[models.User.indexes]]
fields = ["name"]
where = { sql = { sqlite = "full_name like 'a%'", postgresql = "full_name ~ '^a'" } }
""",
    )
    assert table.indexes[0].where == SqlText({"sqlite": "full_name like 'a%'", "postgresql": "full_name ~ '^a'"})


@pytest.mark.feature("schema.parse", "schema.expressions")
def test_checks_of_fields_and_of_models(load_text: Loader) -> None:
    text = """
[models.User]
checks = ["age > 0", { name = "grown_up", check = "age > 17" }, "name is not null"]
[models.User.fields]
name = { type = "string(99)", column = "full_name" }
age = { type = "int?", check = { sql = { sqlite = "age > 1", postgresql = "age > 2", mysql = "age > 3" } } }
"""
    age = ColumnRef("age")
    assert _table(load_text, text).checks == (
        Check("users_age_check", SqlText({"sqlite": "age > 1", "postgresql": "age > 2", "mysql": "age > 3"})),
        Check("users_1_check", Comparison(">", age, Literal(0))),
        Check("grown_up", Comparison(">", age, Literal(17))),
        Check("users_2_check", IsNull(ColumnRef("full_name"), negated=True)),
    )


@pytest.mark.feature("schema.names")
def test_names_that_would_be_too_long_are_cut_and_stay_the_same(load_text: Loader) -> None:
    text = """
[project]
dialects = ["{dialect}"]
[models.User]
table = "a_table_with_quite_a_long_name_indeed"
uniques = [["a_column_with_a_long_name", "b"]]
[models.User.fields]
a_column_with_a_long_name = "int"
b = "int"
"""
    full = "a_table_with_quite_a_long_name_indeed_a_column_with_a_long_name_b_unique"
    cut = "a_table_with_quite_a_long_name_indeed_a_column_4c2f18a0_unique"
    names = {
        dialect: _table(load_text, text.replace("{dialect}", dialect)).uniques[0].name
        for dialect in ("sqlite", "postgresql", "mysql")
    }
    assert names["sqlite"] == full
    assert names["postgresql"].rpartition("_")[0][-8:] == names["mysql"].rpartition("_")[0][-8:]
    assert len(names["postgresql"]) <= 63
    assert len(names["mysql"]) <= 64
    assert names["postgresql"].startswith(cut[:45])


@pytest.mark.feature("schema.names")
def test_two_constraints_that_would_have_one_name_get_two(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.A]
table = "a_b"
[models.A.fields]
c = { type = "int", index = true }
[models.B]
table = "a"
[models.B.fields]
b_c = { type = "int", index = true }
"""
    ).catalog
    first, second = (catalog.model(name).table.indexes[0].name for name in "AB")
    assert first == "a_b_c_index"
    assert second.startswith("a_b_c_")
    assert second != first


@pytest.mark.feature("schema.names", "schema.errors")
def test_the_same_constraint_twice_and_the_same_name_twice(mistakes: Mistakes) -> None:
    text = """
[models.User]
uniques = [["age"], ["age"], { fields = ["name"], name = "x" }, { fields = ["name", "age"], name = "x" }]
indexes = [["name"], ["name"]]
"""
    assert mistakes(text + FIELDS) == [
        (
            'schema.toml:3:21 models.User.uniques[1]: unique "age" is already declared, at schema.toml:3:12 '
            "(remove one of the two)"
        ),
        (
            'schema.toml:3:100 models.User.uniques[3].name: unique "x" is already taken, at schema.toml:3:58 '
            "(rename one of the two)"
        ),
        (
            'schema.toml:4:22 models.User.indexes[1]: index "full_name" is already declared, at schema.toml:4:12 '
            "(remove one of the two)"
        ),
    ]


@pytest.mark.feature("schema.expressions")
def test_scopes_in_both_forms(load_text: Loader) -> None:
    scopes = (
        load_text(
            FIELDS
            + """
price = "decimal(9, 2)"
born = "date?"
[models.User.scopes]
adult = "age >= 18"
some = { order_by = ["name", "-age"], limit = 3, doc = "A few." }
[models.User.scopes.between]
where = "price between :least and :most and born > :day"
params = { least = "decimal(9, 2)", most = "decimal(9, 2) = 9.50", day = "date? = '2000-01-01'" }
"""
        )
        .catalog.model("User")
        .scopes
    )
    price = ColumnType(Kind.DECIMAL, precision=9, scale=2)
    assert scopes[0] == Scope("adult", where=Comparison(">=", ColumnRef("age"), Literal(18)))
    assert scopes[1] == Scope("some", order_by=(("full_name", False), ("age", True)), limit=3, doc="A few.")
    assert scopes[2].parameters[:2] == (
        ScopeParameter("least", price),
        ScopeParameter("most", price, default=Default(Decimal("9.50"))),
    )
    assert scopes[2].parameters[2].nullable
    assert str(scopes[2].parameters[2].default) == "Default(value=datetime.date(2000, 1, 1))"
    assert scopes[2].where == And(
        (
            Between(ColumnRef("price"), Parameter("least"), Parameter("most")),
            Comparison(">", ColumnRef("born"), Parameter("day")),
        )
    )


@pytest.mark.feature("schema.expressions")
def test_expressions_may_name_columns_of_relations(load_text: Loader) -> None:
    table = _table(
        load_text,
        """
[models.User]
checks = ["boss_id <> id", "imageable_type = 'user' or imageable_id > 3"]
[models.User.relations]
boss = { belongs_to = "User?" }
imageable = { morph_to = true }
image = { morph_one = "User", name = "imageable" }
""",
    )
    assert table.checks[0].expression == Comparison("<>", ColumnRef("boss_id"), ColumnRef("id"))
