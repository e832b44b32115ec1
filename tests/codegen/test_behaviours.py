"""Behaviours: what generated classes inherit, read without being imported."""

from pathlib import Path
from typing import Any

import pytest

from isomorph_generator.codegen import check, rendered
from isomorph_generator.schema import SchemaErrors
from tests.codegen.projects import golden_package, load_text, render_text

pytestmark = pytest.mark.feature("models.behaviours")

SCHEMA = """
    [models.Note]
    behaviour = "app.notes:Behaviour"

    [models.Note.fields]
    title = "string(9)"
"""
GOOD = """
    class Behaviour:
        __slots__ = ()
"""


@pytest.fixture
def package() -> Any:
    return golden_package("behaviours")


def test_objects_have_the_methods_of_their_behaviour(package: Any) -> None:
    person = package.Person(first_name="Ada", last_name="Lovelace")
    assert (person.name, person.greeting(), person.age(None)) == ("Ada Lovelace", "hello", None)
    assert package.Pet(name="Rex", owner_id=1).greeting() == "hello"


def test_objects_stay_slotted(package: Any) -> None:
    person = package.Person(first_name="Ada", last_name="Lovelace")
    with pytest.raises(AttributeError):
        person.unknown = 1
    assert not hasattr(person, "__dict__")


def test_queries_have_the_methods_of_their_behaviour_before_and_behind_others(package: Any) -> None:
    query = package.Person.query().limit(3).named("Ada").order_by(package.Person.born)
    from isomorph import dialects

    sql, parameters = query._compiled(dialects.get("sqlite"))
    assert sql.endswith('WHERE "first_name" = ? ORDER BY "born" LIMIT ?')
    assert parameters == ("Ada", 3)


def test_bases_are_made_only_for_models_with_a_behaviour(tmp_path: Path) -> None:
    assert not [name for name in render_text(tmp_path, "[models.Note]") if name.startswith("bases/")]
    files = rendered(load_text(tmp_path, SCHEMA, app__notes_py=GOOD))
    assert [name for name in files if name.startswith("bases/")] == ["bases/__init__.py", "bases/note.py"]
    assert "class NoteBase(_i.Model)" in files["bases/note.py"]
    assert "QueryBase" not in files["bases/note.py"]


def test_a_behaviour_is_read_and_never_imported(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "notes.py").write_text("raise RuntimeError\n\nclass Behaviour:\n    __slots__ = ()\n")
    check(load_text(tmp_path, SCHEMA))


@pytest.mark.parametrize(
    "text",
    [
        "class Behaviour:\n    __slots__ = ()\n    title: str\n",
        "class Behaviour:\n    __slots__: tuple[str, ...] = ()\n",
        "class Behaviour:\n    __slots__ = []\n    def __str__(self) -> str: return ''\n",
        "from elsewhere import Behaviour\n",
        "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass Behaviour(Generic[T]):\n    __slots__ = ()\n",
    ],
)
def test_what_a_behaviour_may_be(tmp_path: Path, text: str) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "notes.py").write_text(text)
    check(load_text(tmp_path, SCHEMA))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Behaviour = 3\n", ' has no class "Behaviour" (add class Behaviour)'),
        ("x = \x00", ":1:1: this is no Python: "),
        ("class Behaviour: pass\n", ":1:1 Behaviour: a behaviour holds nothing of its own"),
        ("class Behaviour:\n  __slots__ = ()\n  title = 1\n", ':3:3 Behaviour: "title" is a field of Note'),
        (
            "import enum\nclass Behaviour(enum.Enum):\n  __slots__ = ()\n",
            ":2:17 Behaviour: its metaclass EnumMeta clashes",
        ),
    ],
)
def test_what_a_behaviour_may_not_be(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "notes.py").write_text(text)
    with pytest.raises(SchemaErrors) as raised:
        check(load_text(tmp_path, SCHEMA))
    (error,) = raised.value.errors
    assert message in str(error)


def test_a_circle_of_imports_or_bases_ends(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "notes.py").write_text("from app.other import Behaviour\n")
    (tmp_path / "app" / "other.py").write_text("from app.notes import Behaviour\n")
    check(load_text(tmp_path, SCHEMA))
    (tmp_path / "app" / "notes.py").write_text("class Behaviour(Behaviour):\n    __slots__ = ()\n")
    check(load_text(tmp_path, SCHEMA))
