"""What fields and models say beyond a type: generated values, collations, places, limits, what is filled and shown."""

from decimal import Decimal

import pytest

from isomorph.catalog import (
    Arithmetic,
    Between,
    Call,
    Check,
    Column,
    ColumnRef,
    Comparison,
    Default,
    Generated,
    Literal,
    Matches,
    Model,
    SqlText,
)
from isomorph.catalog import words as t
from tests.schema.conftest import Loader, Mistakes


def _model(load_text: Loader, text: str, name: str = "User") -> Model:
    return load_text(text).catalog.model(name)


def _columns(load_text: Loader, fields: str, head: str = "") -> dict[str, Column]:
    model = _model(load_text, f"{head}\n[models.User.fields]\n{fields}")
    return {column.name: column for column in model.table.columns}


# --- generated -------------------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.modifiers")
def test_spellings_of_generated(load_text: Loader) -> None:
    columns = _columns(
        load_text,
        """
name = { type = "string(50)", column = "full_name" }
size = "int"
low = { type = "string(50)", generated = "lower(name)" }
twice = { type = "int", generated = { as = "size * 2", stored = true } }
big = { type = "bool", generated = "size > 3 and name <> ''" }
own = { type = "int?", generated = { as = { sql = { sqlite = "size + 1" } } } }
""",
        '[project]\ndialects = ["sqlite"]',
    )
    assert columns["low"].generated == Generated(Call("lower", (ColumnRef("full_name"),)))
    assert columns["twice"].generated == Generated(Arithmetic("*", ColumnRef("size"), Literal(2)))
    assert columns["own"].generated == Generated(SqlText({"sqlite": "size + 1"}))
    assert columns["size"].generated is None


@pytest.mark.feature("schema.modifiers")
def test_a_virtual_column_is_for_those_that_have_it(load_text: Loader, mistakes: Mistakes) -> None:
    text = """
[project]
dialects = [{}]
[models.User.fields]
size = "int"
twice = {{ type = "int", generated = {{ as = "size * 2", stored = false }} }}
"""
    assert _model(load_text, text.format('"sqlite", "mysql"')).table.column("twice").generated == Generated(
        Arithmetic("*", ColumnRef("size"), Literal(2)), stored=False
    )
    (mistake,) = mistakes(text.format('"sqlite", "postgresql"'))
    assert mistake.startswith("schema.toml:6:65 models.User.fields.twice.generated.stored: `stored = false` is")


@pytest.mark.feature("schema.modifiers")
def test_whether_the_result_may_be_null_is_known(mistakes: Mistakes) -> None:
    def problems(generated: str) -> int:
        return len(
            mistakes(
                f"""
[models.User.fields]
size = "int"
other = "int?"
name = "string(9)"
born = "date?"
x = {{ type = "int", generated = "{generated}" }}
"""
            )
        )

    for fine in ("size + 1", "coalesce(other, size)", "size / 2", "length(name || 'x') + 1", "abs(coalesce(other, 0))"):
        assert problems(fine) == 0, fine
    for wrong in (
        "other + 1",
        "size / size",
        "size % other",
        "nullif(size, 3)",
        "year(born)",
        "coalesce(other, other)",
    ):
        assert problems(wrong) == 1, wrong


# --- collations, engines, places -------------------------------------------------------------------------------------


@pytest.mark.feature("schema.modifiers")
def test_collations_of_all_and_of_one_dialect(load_text: Loader) -> None:
    model = _model(
        load_text,
        """
[models.User]
collation = "nocase"
charset = { mysql = "utf8mb4" }
engine = { mysql = "InnoDB" }
[models.User.fields]
name = { type = "string(9)", collation = "binary" }
other = { type = "text", collation = { postgresql = "de-x-icu", sqlite = "RTRIM" }, charset = { mysql = "latin1" } }
plain = "text"
""",
    )
    table = model.table
    assert (table.engine, table.charset, table.collation) == ("InnoDB", "utf8mb4", "nocase")
    assert [(column.collation, column.charset) for column in table.columns[1:]] == [
        ("binary", None),
        ({"postgresql": "de-x-icu", "sqlite": "RTRIM"}, "latin1"),
        (None, None),
    ]


@pytest.mark.feature("schema.modifiers")
def test_places_are_columns(load_text: Loader) -> None:
    columns = _columns(
        load_text,
        """
name = { type = "string(9)", column = "full_name" }
top = { type = "int", first = { mysql = true } }
low = { type = "int", after = { mysql = "name" } }
""",
    )
    assert (columns["top"].first, columns["low"].after, columns["full_name"].first) == (True, "full_name", False)


@pytest.mark.feature("schema.modifiers")
def test_for_mysql_alone_nothing_need_be_said_by_dialect(load_text: Loader) -> None:
    columns = _columns(
        load_text,
        'name = { type = "text", charset = "latin1", first = true }\nsize = { type = "int", after = "name" }',
        '[project]\ndialects = ["mysql"]\n[models.User]\nengine = "InnoDB"',
    )
    assert (columns["name"].charset, columns["name"].first, columns["size"].after) == ("latin1", True, "name")


@pytest.mark.feature("schema.modifiers")
def test_columns_of_pivots_have_collations_too(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.User.relations]
tags = { belongs_to_many = "Tag", pivot = { note = { type = "string(9)", collation = "nocase", comment = "why" } } }
[models.Tag]
"""
    ).catalog
    ((_, table),) = catalog.pivots
    assert (table.column("note").collation, table.column("note").comment) == ("nocase", "why")


# --- limits and patterns ---------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.modifiers")
def test_limits_and_patterns_are_checks(load_text: Loader) -> None:
    model = _model(
        load_text,
        r"""
[models.User.fields]
age = { type = "int?", min = 18, max = 150, column = "years" }
price = { type = "decimal(5, 2)", min = 0.5 }
weight = { type = "double", max = 2 }
name = { type = "string(50)", min = 2 }
code = { type = "text", min = 1, max = 9, pattern = '^\d+$' }
""",
    )
    name = Call("length", (ColumnRef("name"),))
    code = Call("length", (ColumnRef("code"),))
    assert model.table.checks == (
        Check("users_years_bounds", Between(ColumnRef("years"), Literal(18), Literal(150))),
        Check("users_price_bounds", Comparison(">=", ColumnRef("price"), Literal(Decimal("0.5")))),
        Check("users_weight_bounds", Comparison("<=", ColumnRef("weight"), Literal(2.0))),
        Check("users_name_bounds", Comparison(">=", name, Literal(2))),
        Check("users_code_bounds", Between(code, Literal(1), Literal(9))),
        Check("users_code_pattern", Matches(ColumnRef("code"), r"^\d+$")),
    )
    field = model.field("code")
    assert (field.minimum, field.maximum, field.pattern, field.trim) == (1, 9, r"^\d+$", False)


# --- what is filled and shown ----------------------------------------------------------------------------------------


@pytest.mark.feature("models.shown")
@pytest.mark.parametrize(
    ("keys", "fillable", "hidden"),
    [
        ("", set[str](), set[str]()),
        ('fillable = ["name"]\nhidden = ["age"]', {"name"}, {"age"}),
        ("guarded = []", {"name", "age", "note"}, set[str]()),
        ('guarded = ["age"]', {"name", "note"}, set[str]()),
        ('visible = ["id", "name"]', set[str](), {"age", "note", "low", "version", "created_at", "updated_at"}),
    ],
)
def test_lists_and_their_opposites(load_text: Loader, keys: str, fillable: set[str], hidden: set[str]) -> None:
    model = _model(
        load_text,
        f"""
[models.User]
version = true
timestamps = true
{keys}
[models.User.fields]
name = "string(9)"
age = "int"
note = "text"
low = {{ type = "string(9)", generated = "lower(name)" }}
""",
    )
    assert {field.name for field in model.fields if field.fillable} == fillable
    assert {field.name for field in model.fields if field.hidden} == hidden


# --- version ---------------------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.modifiers")
@pytest.mark.parametrize(
    ("keys", "field", "kind"),
    [
        ("version = true", "version", t.int()),
        ('version = "lock"', "lock", t.int()),
        ('version = "counter"', "counter", t.bigint()),
        ("version = false", None, None),
    ],
)
def test_the_version_is_a_field(load_text: Loader, keys: str, field: str | None, kind: object) -> None:
    model = _model(load_text, f'[models.User]\n{keys}\n[models.User.fields]\ncounter = "bigint"')

    assert model.version == field
    if field is not None:
        column = model.table.column(field)
        assert (column.type, column.default, column.nullable) == (kind, Default(1), False)


@pytest.mark.feature("schema.modifiers")
@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('version = "name"', "models.User.version: `version` has no meaning for string(9)"),
        ('version = "maybe"', "models.User.version: `version` has no meaning for int?"),
        ('version = "id"', 'models.User.version: "id" cannot count from 1'),
        ('version = "zero"', 'models.User.version: "zero" cannot count from 1'),
        ('version = "boss"', 'models.User.version: "boss" is a relation, or one of its columns'),
        ('version = "boss_id"', 'models.User.version: "boss_id" is a relation, or one of its columns'),
    ],
)
def test_what_cannot_be_a_version(mistakes: Mistakes, keys: str, problem: str) -> None:
    found = mistakes(
        f"""
[models.User]
{keys}
[models.User.fields]
id = {{ type = "int", primary_key = true }}
name = "string(9)"
maybe = "int?"
zero = {{ type = "int", default = 0 }}
[models.User.relations]
boss = {{ belongs_to = "User?" }}
"""
    )
    assert [line.partition(" ")[2].partition(" (")[0] for line in found] == [problem]


# --- mutators --------------------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.modifiers")
def test_mutators_have_names(load_text: Loader) -> None:
    model = _model(
        load_text,
        """
[models.User]
behaviour = "app:User"
[models.User.fields]
name = { type = "text", mutator = true }
other = { type = "text", mutator = "cleaned" }
plain = { type = "text", mutator = false }
""",
    )
    assert [field.mutator for field in model.fields] == [None, "set_name", "cleaned", None]
    assert [model.slot(field) for field in model.fields] == ["id", "_value__name", "_value__other", "plain"]


# --- the history's table ---------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.modifiers")
def test_the_history_has_a_name_for_each_connection(load_text: Loader) -> None:
    project = load_text(
        """
[project]
history_table = "applied"
[connections.default]
url = "sqlite:///a.db"
[connections.other]
url = "sqlite:///b.db"
history_table = "other_applied"
"""
    )
    assert project.history_tables == {"default": "applied", "other": "other_applied"}
    assert set(load_text("").history_tables.values()) <= {"isomorph_migrations"}


@pytest.mark.feature("schema.modifiers")
def test_revisions_have_a_folder_for_each_connection(load_text: Loader) -> None:
    text = """
[project]
migrations = "revisions"
[connections.default]
url = "sqlite:///a.db"
[connections.other]
url = "sqlite:///b.db"
[connections.third]
url = "sqlite:///c.db"
migrations = "elsewhere/third"
"""
    assert load_text(text).folders == {
        "default": "revisions",
        "other": "revisions/other",
        "third": "elsewhere/third",
    }
