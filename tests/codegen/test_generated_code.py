"""What the generated showcase says where it matters, written by hand; and what it does when it is imported."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import generated
from generated import Order, OrderLine, Post, User, db
from isomorph.errors import MissingValue
from isomorph.orm.database import PROTOCOL
from isomorph.orm.definition import Definition
from isomorph_generator.codegen import rendered
from isomorph_generator.schema import load
from tests.codegen.projects import ROOT, load_text, render_text

PACKAGE = ROOT / "generated"


def _definition(model: Any) -> Definition:
    found = model._definition
    assert isinstance(found, Definition)
    return found


@pytest.mark.feature("generator.generate")
def test_the_package_knows_the_whole_catalog() -> None:
    assert db.catalog == load(ROOT / "schema.toml").catalog


@pytest.mark.feature("generator.generate")
def test_static_statements_are_written_per_dialect() -> None:
    lines = _definition(OrderLine).statements
    assert {name: lines[name].find for name in lines} == {
        "sqlite": 'SELECT "order_id", "item_id", "quantity", "unit_price" FROM "order_lines" WHERE "order_id" = ? AND "item_id" = ?',
        "postgresql": 'SELECT "order_id", "item_id", "quantity", "unit_price" FROM "order_lines" WHERE "order_id" = %s AND "item_id" = %s',
        "mysql": "SELECT `order_id`, `item_id`, `quantity`, `unit_price` FROM `order_lines` WHERE `order_id` = %s AND `item_id` = %s",
    }
    posts = _definition(Post).statements
    assert {name: posts[name].insert for name in posts} == {
        "sqlite": 'INSERT INTO "posts" ("title", "body", "published", "views", "publish_on", "author_id", "created_at", "updated_at") VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        "postgresql": 'INSERT INTO "posts" ("title", "body", "published", "views", "publish_on", "author_id", "created_at", "updated_at") VALUES (%s, %s, %s, %s, %s, %s, %s, %s)',
        "mysql": "INSERT INTO `posts` (`title`, `body`, `published`, `views`, `publish_on`, `author_id`, `created_at`, `updated_at`) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
    }
    assert {name: posts[name].delete for name in posts} == {
        "sqlite": 'DELETE FROM "posts" WHERE "id" = ?',
        "postgresql": 'DELETE FROM "posts" WHERE "id" = %s',
        "mysql": "DELETE FROM `posts` WHERE `id` = %s",
    }


def _parameters(model: str, function: str = "__init__") -> list[str]:
    tree = ast.parse((PACKAGE / "models" / f"{model}.py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            arguments = node.args
            given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            return [f"{item.arg}: {ast.unparse(item.annotation)}" for item in given if item.annotation is not None]
    raise AssertionError(function)


@pytest.mark.feature("generator.generate")
@pytest.mark.parametrize(("setting", "said"), [("", False), ("strict", False), ("batch", True)])
def test_the_database_knows_how_relations_are_loaded(tmp_path: Path, setting: str, said: bool) -> None:
    line = f'[project]\nlazy_loading = "{setting}"\n' if setting else ""
    text = render_text(tmp_path, f"{line}[models.Thing]\n")["database.py"]
    assert ('    lazy_loading="batch",\n' in text) == said
    assert ("lazy_loading" in text) == said


@pytest.mark.feature("generator.generate")
def test_constructors_ask_for_what_is_required_first() -> None:
    assert _parameters("post") == [
        "title: str",
        "body: str",
        "published: bool",
        "views: int",
        "publish_on: _dt.datetime | None",
        "author_id: int",
        "author: _User",
        "id: int",
        "created_at: _dt.datetime",
        "updated_at: _dt.datetime",
    ]
    assert _parameters("comment")[:2] == ["body: str", "commentable: _Post | _Video"]
    assert _parameters("order_line", "find") == ["order_id: int", "item_id: int"]
    assert _parameters("order_line", "find_many") == ["keys: _abc.Iterable[tuple[int, int]]"]


@pytest.mark.feature("generator.generate")
def test_relations_in_the_required_place_are_asked_for_at_run_time() -> None:
    with pytest.raises(MissingValue, match="author or author_id"):
        Post(title="t", body="b")
    assert Post(title="t", body="b", author_id=3).author_id == 3


@pytest.mark.feature("generator.generate")
def test_documents_are_made_for_each_object() -> None:
    one = User(name="a", email="a", password="a")
    other = User(name="b", email="b", password="b")
    assert one.settings == other.settings == {}
    assert one.settings is not other.settings


@pytest.mark.feature("generator.generate")
def test_names_of_the_package_are_imported_at_first_use() -> None:
    program = (
        "import sys, generated\n"
        "before = sorted(name for name in sys.modules if name.startswith('generated'))\n"
        "generated.User\n"
        "after = sorted(name for name in sys.modules if name.startswith('generated'))\n"
        "print(before, after, 'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "['generated'] ['generated', 'generated.database', 'generated.models', 'generated.models.user'] False"
    )


@pytest.mark.feature("generator.generate")
def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'generated' has no attribute 'Usr'"):
        _ = getattr(generated, "Usr")  # noqa: B009 - no attribute that type checkers know
    assert {"User", "UserQuery", "UserRead", "HasComments", "Category", "db"} <= set(dir(generated))


@pytest.mark.feature("generator.protocol")
def test_a_package_of_another_protocol_says_so_when_it_is_imported(tmp_path: Path) -> None:
    for name, text in render_text(tmp_path, '[project]\npackage = "old"\n[models.Note]\n').items():
        path = tmp_path / "old" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(f"protocol={PROTOCOL},", "protocol=0,"))
    done = subprocess.run(
        [sys.executable, "-c", "from old import Note"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[-1] == (
        f"isomorph.errors.ProtocolMismatch: the generated package speaks protocol 0, this isomorph speaks {PROTOCOL} "
        "(run `orm generate` with the installed isomorph)"
    )


# --- what a change touches -----------------------------------------------------------------------------------------------


def _changed(tmp_path: Path, before: str, after: str) -> list[str]:
    old, new = render_text(tmp_path, before), render_text(tmp_path, after)
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


SCHEMA = """
    [models.Author]
    fillable = ["name"]

    [models.Author.fields]
    name = "string(50)"
    secret = "int"

    [models.Author.relations]
    books = { has_many = "Book", inverse = "author" }

    [models.Book.relations]
    author = { belongs_to = "Author" }
"""


@pytest.mark.feature("generator.reproducible", "generator.large_schema")
@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ('secret = "int"', 'secret = "bigint"', ["models/author.py"]),
        ('secret = "int"', 'secret = { type = "int", doc = "Why." }', ["inputs/author.py", "models/author.py"]),
        ('secret = "int"', 'secret = "int?"', ["inputs/author.py", "models/author.py"]),
        ("string(50)", "string(60)", ["inputs/author.py", "models/author.py"]),
        ('secret = "int"', 'secret   =   "int"   # why', []),
        ("[models.Author]", '[models.Author]\n    doc = "Who writes."', ["models/author.py"]),
        (
            'books = { has_many = "Book", inverse = "author" }',
            'books = { has_many = "Book", inverse = "author" }\n    debut = { belongs_to = "Book?" }',
            ["inputs/author.py", "models/author.py"],
        ),
    ],
)
def test_a_change_to_a_model_touches_its_own_files(tmp_path: Path, before: str, after: str, changed: list[str]) -> None:
    assert _changed(tmp_path, SCHEMA, SCHEMA.replace(before, after)) == changed


@pytest.mark.feature("generator.reproducible")
def test_a_new_model_touches_its_own_files_and_the_lists_of_all(tmp_path: Path) -> None:
    assert _changed(tmp_path, SCHEMA, f"{SCHEMA}\n[models.Shelf]\n") == [
        "__init__.py",
        "database.py",
        "inputs/shelf.py",
        "models/shelf.py",
    ]


@pytest.mark.feature("generator.reproducible")
def test_the_header_holds_the_hash_of_the_files_own_part(tmp_path: Path) -> None:
    def hashes(schema: str) -> dict[str, str]:
        files = render_text(tmp_path, schema)
        return {name: text.splitlines()[1] for name, text in files.items() if text}

    old, new = hashes(SCHEMA), hashes(SCHEMA.replace("string(50)", "string(60)"))
    assert [name for name in old if old[name] != new[name]] == ["inputs/author.py", "models/author.py"]
    assert old["models/author.py"].startswith("# Schema: sha256 ")


def test_rendering_needs_no_disk(tmp_path: Path) -> None:
    project = load_text(tmp_path, SCHEMA)
    (tmp_path / "schema.toml").unlink()
    assert "models/author.py" in rendered(project)


def test_a_model_knows_its_query_and_its_neighbours() -> None:
    assert Order.query().__class__.__name__ == "OrderQuery"
    assert repr(Order.customer) == "<belongs_to Order.customer>"
