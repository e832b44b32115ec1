"""Several files, files that cannot be read, positions over all of them."""

from pathlib import Path

import pytest

from isomorph_generator.schema import SchemaErrors, load


def _write(files: dict[str, str | bytes]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())


def _lines() -> list[str]:
    with pytest.raises(SchemaErrors) as caught:
        load(Path("schema.toml"))
    return str(caught.value).splitlines()


@pytest.mark.feature("schema.include")
def test_included_files_are_one_schema_in_the_order_of_the_patterns(folder: Path) -> None:
    _write(
        {
            "schema.toml": 'include = ["people.toml", "parts/*.toml"]\n[models.Tag]\n',
            "people.toml": '[models.User.relations]\nposts = { has_many = "Post" }\n',
            "parts/b.toml": '[enums]\nSize = ["s", "m"]\n',
            "parts/a.toml": '[models.Post.fields]\nsize = "Size"\n[models.Post.relations]\nuser = { belongs_to = "User" }\n',
            "parts/notes.txt": "not a schema",
        }
    )
    project = load(Path("schema.toml"))
    assert [model.name for model in project.catalog.models] == ["Tag", "User", "Post"]
    assert [str(path) for path in project.files] == ["schema.toml", "people.toml", "parts/a.toml", "parts/b.toml"]
    assert str(project.at("models", "Post", "fields", "size")) == "parts/a.toml:2:1"
    assert str(project.value_at("models", "User", "relations", "posts")) == "people.toml:2:9"
    assert project.root == Path()


@pytest.mark.feature("schema.include")
def test_a_file_that_two_patterns_name_is_read_once(folder: Path) -> None:
    _write({"schema.toml": 'include = ["*.toml", "a.toml"]\n', "a.toml": "[models.User]\n"})
    assert [str(path) for path in load(Path("schema.toml")).files] == ["schema.toml", "a.toml"]


@pytest.mark.feature("schema.include", "schema.errors")
def test_mistakes_of_all_files_are_told_in_one_run(folder: Path) -> None:
    _write(
        {
            "schema.toml": 'include = ["a.toml"]\n[models.User.fields]\nage = "intt"\n',
            "a.toml": '[models.Post.relations]\nauthor = { belongs_to = "Usr" }\n',
        }
    )
    assert _lines() == [
        'a.toml:2:25 models.Post.relations.author: no model "Usr" (did you mean "User"?)',
        'schema.toml:3:7 models.User.fields.age: no type "intt" (did you mean "int"?)',
    ]


@pytest.mark.feature("schema.include", "schema.errors")
def test_a_definition_in_two_files_is_told_with_both_places(folder: Path) -> None:
    _write(
        {
            "schema.toml": 'include = ["a.toml"]\n[project]\npackage = "one"\n[models.User]\n',
            "a.toml": '[project]\npackage = "two"\n[models.User.fields]\nname = "text"\n',
        }
    )
    assert _lines() == [
        "a.toml:1:2 project: declared twice, first at schema.toml:2:2 (remove one of the two)",
        "a.toml:3:9 models.User: declared twice, first at schema.toml:4:9 (remove one of the two)",
    ]


@pytest.mark.feature("schema.include", "schema.errors")
@pytest.mark.parametrize("pattern", ["parts/*.toml", "missing.toml", "/etc/*.toml", ""])
def test_an_include_without_a_file_is_a_mistake(folder: Path, pattern: str) -> None:
    _write({"schema.toml": f'include = ["schema.toml", "{pattern}"]\n[models.User]\n'})
    assert _lines() == [
        (
            f'schema.toml:1:27 include: no file matches "{pattern}" '
            "(patterns are relative to the folder of this file; correct or remove it)"
        ),
    ]


@pytest.mark.feature("schema.include", "schema.errors")
def test_an_included_file_includes_nothing(folder: Path) -> None:
    _write({"schema.toml": 'include = ["a.toml"]\n', "a.toml": 'include = ["b.toml"]\n[models.User]\n', "b.toml": ""})
    assert _lines() == [
        (
            "a.toml:1:1 include: an included file cannot include others "
            "(list all files in the `include` of the main schema file)"
        ),
    ]


@pytest.mark.feature("schema.include", "schema.syntax_errors")
def test_a_file_that_is_not_toml_hides_no_mistake_of_shape_in_the_others(folder: Path) -> None:
    _write(
        {
            "schema.toml": 'include = ["*.toml"]\n[models.User]\nfilable = []\n'
            '[models.User.relations]\nposts = { has_many = "Post" }\n',
            "a.toml": "[models.Post\n",
            "b.toml": b'name = "\xff"\n',
        }
    )
    assert _lines() == [
        "a.toml:1:13: not TOML: expected ']' at the end of a table declaration (close the table's name with ])",
        "b.toml:1:9: the file is not UTF-8 (save it as UTF-8)",
        'schema.toml:3:1 models.User.filable: unknown key "filable" (did you mean "fillable"?)',
    ]


@pytest.mark.feature("schema.errors")
def test_a_file_that_cannot_be_opened(folder: Path) -> None:
    assert _lines() == [
        "schema.toml:1:1: cannot read the file: No such file or directory (check its path and permissions)"
    ]
    Path("schema.toml").mkdir()
    assert _lines() == ["schema.toml:1:1: cannot read the file: Is a directory (check its path and permissions)"]


@pytest.mark.feature("schema.syntax_errors")
@pytest.mark.parametrize("text", ["x = " + "[" * 5000 + "]" * 5000, "x = " + "9" * 5000])
def test_what_tomllib_itself_cannot_take_is_a_mistake_too(folder: Path, text: str) -> None:
    _write({"schema.toml": text})
    assert _lines() == ["schema.toml:1:1: not TOML: a value is nested too deeply or too long (see https://toml.io)"]


@pytest.mark.feature("schema.parse")
def test_a_byte_order_mark_and_windows_line_ends_are_read(folder: Path) -> None:
    _write({"schema.toml": b'\xef\xbb\xbf[models.User.fields]\r\nname = "text"\r\nage = "intt"\r\n'})
    assert _lines() == ['schema.toml:3:7 models.User.fields.age: no type "intt" (did you mean "int"?)']


@pytest.mark.feature("schema.parse")
def test_positions_of_what_a_mixin_adds_are_those_of_the_mixin(folder: Path) -> None:
    _write({"schema.toml": '[mixins.Named.fields]\nname = "text"\n[models.User]\nmixins = ["Named"]\n'})
    project = load(Path("schema.toml"))
    assert str(project.at("models", "User", "fields", "name")) == "schema.toml:2:1"
    assert str(project.at("models", "User", "fields", "id")) == "schema.toml:3:9"
    assert str(project.at("nothing")) == "schema.toml:1:1"


@pytest.mark.feature("schema.parse")
def test_an_empty_schema_is_a_project_with_defaults(folder: Path) -> None:
    _write({"schema.toml": ""})
    project = load(Path("schema.toml"))
    assert (project.package, project.migrations) == ("generated", "migrations")
    assert project.dialects == ("sqlite", "postgresql", "mysql")
    assert (project.interface, project.lazy_loading) == ("sync", "strict")
    assert project.connections["default"].url == "sqlite:///database.db"
    assert project.catalog.models == ()
