"""Every class of schema error, by files in `errors/`: a schema, and behind `#=` the exact lines that it gives."""

import pickle
import re
from pathlib import Path

import pytest

from isomorph.errors import IsomorphError
from isomorph_generator.schema import Position, SchemaError, SchemaErrors, errors, load

CASES = sorted((Path(__file__).parent / "errors").glob("*.toml"))
_EXPECTED = "#= "
_IN_FILES = {"FileUnreadable", "IncludeWithoutMatch", "NestedInclude", "NotUtf8"}
"""Classes whose tests need more than one file, or one that is no text: test_documents.py."""


def _class_of(case: Path) -> str:
    return re.sub(r"\d+$", "", case.stem)


def _split(case: Path) -> tuple[str, list[str]]:
    lines = case.read_text(encoding="utf-8").splitlines()
    schema = [line for line in lines if not line.startswith(_EXPECTED)]
    expected = [line.removeprefix(_EXPECTED) for line in lines if line.startswith(_EXPECTED)]
    return "\n".join(schema).rstrip("\n") + "\n", expected


@pytest.mark.feature("schema.errors", "schema.names", "schema.not_supported_yet", "schema.syntax_errors")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_each_mistake_is_told_with_file_line_column_path_and_mend(
    case: Path, folder: Path, update_golden: bool
) -> None:
    schema, expected = _split(case)
    Path("schema.toml").write_text(schema, encoding="utf-8")
    with pytest.raises(SchemaErrors) as caught:
        load(Path("schema.toml"))
    found = str(caught.value).splitlines()
    if update_golden:
        case.write_text("\n".join([schema, *(f"{_EXPECTED}{line}" for line in found), ""]), encoding="utf-8")
    else:
        assert found == expected
    assert _class_of(case) in {type(error).__name__ for error in caught.value.errors}
    for error in caught.value.errors:
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
        assert str(copy) == str(error)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.feature("schema.errors")
def test_every_class_of_error_has_a_case() -> None:
    classes = {
        name
        for name in errors.__all__
        if issubclass(getattr(errors, name), SchemaError) and getattr(errors, name) is not SchemaError
    }
    assert {_class_of(case) for case in CASES} | _IN_FILES == classes
    assert issubclass(SchemaErrors, IsomorphError)


@pytest.mark.feature("schema.errors")
def test_errors_are_sorted_by_file_line_and_column() -> None:
    second = errors.UnknownKey(Position("b.toml", 2, 1), "x", "x", ())
    first = errors.UnknownKey(Position("b.toml", 1, 9), "y", "y", ())
    other = errors.UnknownKey(Position("a.toml", 10, 1), "z", "z", ())
    assert SchemaErrors([second, first, other]).errors == (other, first, second)


@pytest.mark.feature("schema.errors")
def test_an_error_is_one_line_whatever_the_schema_says() -> None:
    error = errors.UnknownKey(Position("schema.toml", 1, 1), "", "a\nb\x1b[31m", ("c",))
    assert str(error) == r'schema.toml:1:1: unknown key "a\nb\x1b[31m" (allowed here: c)'


@pytest.mark.feature("schema.errors")
def test_one_mistake_is_not_told_twice_by_what_refers_to_it(folder: Path) -> None:
    Path("schema.toml").write_text(
        """
[models.User]
primary_key = ["code"]
fillable = ["age"]
uniques = [["age", "boss_id"]]
indexes = [["boss"], ["team_id"]]
[models.User.fields]
code = "strng(4)"
age = { typ = "int" }
[models.User.relations]
boss = { belongs_to = "Usr" }
team = { belongs_to = "Team", on_delet = "cascade" }
posts = { has_many = "Post" }
comments = { has_many_through = "Comment", through = "posts" }
roles = { belongs_to_many = "Role" }
image = { morph_one = "Image" }
[models.User.scopes]
old = "age > 3 and boss_id = 3 and code = 'x'"
[models.Post.relations]
author = { belongs_to = "User", on_delete = "x" }
comments = { has_many = "Comment" }
[models.Comment.relations]
post = { belongs_to = "Post" }
[models.Role.relations]
users = { belongs_to_many = "User" }
[models.Image.relations]
imageable = { morph_to = true, foo = 1 }
[models.Team]
table = 3
""",
        encoding="utf-8",
    )
    with pytest.raises(SchemaErrors) as caught:
        load(Path("schema.toml"))
    assert [(error.at.line, type(error).__name__) for error in caught.value.errors] == [
        (8, "UnknownType"),
        (9, "UnknownKey"),
        (11, "UnknownModel"),
        (12, "UnknownKey"),
        (20, "NotAllowedValue"),
        (27, "UnknownKey"),
        (29, "WrongType"),
    ]
