"""Reserved words, quotes, percent signs and unicode as names of tables and columns, through a package of their own."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from isomorph.errors import (
    CheckViolation,
    ForeignKeyViolation,
    InvalidValue,
    NotNullViolation,
    UniqueViolation,
    UnknownField,
)
from isomorph_generator.codegen import check, package_folder, rendered
from isomorph_generator.codegen.writing import compared, write
from isomorph_generator.schema import SchemaErrors, load
from tests.bad_input.witness import Witness, new_secret
from tests.support.databases import connect_raw, fetch_all
from tests.support.showcase import tables_of

SECRET = new_secret()
TABLE = 'o"dd `table` 100% %s 表 ☃'
# Nullable integers, each with a column of an odd name.
ODD = (
    "quoted",
    "doubled",
    "ticked",
    "apostrophe",
    "percent",
    "placeholder",
    "named",
    "question",
    "colon",
    "dollar",
    "dotted",
    "spaced",
    "bracket",
    "slash",
    "comment",
    "accent",
    "kanji",
    "snowman",
)


@dataclass(frozen=True)
class _Odd:
    """The package of odd names, with its tables."""

    package: Any
    witness: Witness

    @property
    def order(self) -> Any:
        return self.package.Order

    @property
    def line(self) -> Any:
        return self.package.Line


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package that is generated for the schema beside this file."""
    folder = tmp_path_factory.mktemp("odd")
    schema = folder / "schema.toml"
    copy(Path(__file__).with_name("odd_names.toml"), schema)
    project = load(schema)
    check(project)
    write(compared(package_folder(project), rendered(project)))
    sys.path.insert(0, str(folder))
    try:
        yield import_module("odd_names")
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == "odd_names"]:
            del sys.modules[name]


@pytest.fixture
def odd(package: Any, database_url: str) -> Iterator[_Odd]:
    with tables_of(package.db, database_url):
        raw = connect_raw(database_url)
        count = iter(range(10**6))
        yield _Odd(package, Witness(raw, package.db, lambda: package.Order.create(group="probe", key=str(next(count)))))
        raw.close()


@pytest.mark.feature("bad_input.identifiers")
def test_every_odd_column_is_written_read_changed_and_searched(odd: _Odd) -> None:
    order = odd.order
    values = {field: number for number, field in enumerate(ODD, 1)}
    made = order.create(group="a", key="b", größe=Decimal("2.50"), kind=odd.package.From("it's"), **values)
    found = order.find_or_fail(made.id)
    assert {field: getattr(found, field) for field in ODD} == values
    assert (found.größe, found.kind.value) == (Decimal("2.50"), "it's")
    for field in ODD:
        column = getattr(order, field)
        query = order.query().where(column == values[field])
        assert query.order_by(column.desc()).pluck(column) == [values[field]]
        assert query.where(column.in_(range(200))).count() == 1
        assert order.query().sum(column) == values[field]
        assert query.update(**{field: 100}) == 1
        assert order.query().where(column == 100).increment(column, 1) == 1
        assert made.refresh().increment(column).update(**{field: 103}).exists
        assert order.query().value(column) == 103
    assert order.query().where(order.kind == odd.package.From("it's")).where(order.größe > 2).delete() == 1


@pytest.mark.feature("bad_input.identifiers")
def test_odd_names_survive_each_way_of_writing_many_rows(odd: _Odd) -> None:
    order, line = odd.order, odd.line
    made = order.insert_many({"group": "a", "key": str(number), "snowman": number} for number in range(600))
    again = order.upsert(
        [{"group": "a", "key": "7", "snowman": -7}, {"group": "b", "key": "7", "snowman": 7}],
        unique=[order.group, order.key],
        update=[order.snowman],
    )
    assert [row.snowman for row in again] == [-7, 7]
    assert order.first_or_create({"percent": None, "key": "7", "group": "b"}).snowman == 7
    assert order.update_or_create({"group": "b", "key": "7"}, {"placeholder": 1}).placeholder == 1
    line.insert_many({"parent_key": row.id, "value": f"line {row.key}"} for row in made)
    assert len(order.query().include(order.lines).where(order.snowman == 8).get()[0].lines) == 1
    query = line.query().join(line.parent).where(order.group == "a", line.value.contains("9"))
    assert query.count() == sum("9" in str(number) for number in range(600))
    assert query.select(line.value, order.größe).order_by(line.value).first() == ("line 109", Decimal(0))
    assert sum(len(rows) for rows in line.query().chunk(250)) == 600
    assert sum(1 for _ in line.query().order_by(line.value).cursor(100)) == 600


@pytest.mark.feature("bad_input.identifiers")
def test_the_tables_are_there_under_just_their_names(odd: _Odd) -> None:
    odd.order.create(group="a", key="b", snowman=7)
    quoted = odd.witness.quoted
    assert fetch_all(odd.witness.raw, f"SELECT {quoted('☃')} FROM {quoted('select')}") == [(7,)]
    assert fetch_all(odd.witness.raw, f"SELECT COUNT(*) FROM {quoted(TABLE)}") == [(0,)]


@pytest.mark.feature("bad_input.identifiers")
def test_violations_name_fields_whatever_their_columns_are_called(odd: _Odd, dialect: str) -> None:
    order, line, witness = odd.order, odd.line, odd.witness
    made = order.create(group=SECRET, key="b")
    line.create(parent=made, value="x")
    with witness.refuses(UniqueViolation, SECRET) as told:
        order.create(group=SECRET, key="b")
    assert (told.error.model, told.error.fields) == ("Order", ("group", "key"))
    with witness.refuses(UniqueViolation, SECRET) as told:
        line.create(parent=made, value="x")
    assert (told.error.model, told.error.fields) == ("Line", ("value",))
    with witness.refuses(CheckViolation, SECRET) as told:
        order.create(group=SECRET, key="c", order=-1)
    if dialect != "sqlite":  # which gives the name of the check only
        assert told.error.model == "Order"
    with witness.refuses(NotNullViolation, SECRET) as told:
        order.create(group=SECRET, key=None)
    assert told.error.fields == ("key",)
    with witness.refuses(ForeignKeyViolation, SECRET) as told:
        line.create(parent_key=404, value="y")
    if dialect != "sqlite":  # which does not say which key it was
        assert (told.error.model, told.error.fields) == ("Line", ("parent_key",))


@pytest.mark.feature("bad_input.identifiers")
def test_errors_call_an_odd_column_by_its_field(odd: _Odd) -> None:
    wrong: Any = SECRET
    with odd.witness.refuses(InvalidValue, SECRET, match="^Order.snowman: expected an int, got str$"):
        odd.order.create(group="a", key="b", snowman=wrong)
    with odd.witness.refuses(UnknownField, SECRET, match='^Order has no field "☃" '):
        odd.order.update_or_create({"group": "a"}, {"☃": wrong})
    with odd.witness.refuses(UnknownField, SECRET, match='^Order has no field "größ" .did you mean "größe"'):
        odd.order.query().where(odd.order.id > 0).update(größ=wrong)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ('table = "a\\u0000b"', "databases do not take it"),
        ('table = ""', ""),
        (f'table = "{"x" * 65}"', "too long"),
        (f'table = "{"🙂" * 17}"', "too long"),
        ('table = "SQLITE_things"', "SQLite keeps names that start with sqlite_"),
    ],
    ids=["nul", "empty", "long", "long in bytes", "reserved"],
)
def test_a_name_that_no_database_takes_is_refused_before_anything_is_generated(
    model: str, words: str, tmp_path: Path
) -> None:
    schema = tmp_path / "schema.toml"
    schema.write_text(f'[project]\npackage = "odd"\n\n[models.Thing]\n{model}\n', encoding="utf-8")
    with pytest.raises(SchemaErrors) as caught:
        load(schema)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{schema}:5:")
    assert words in line
