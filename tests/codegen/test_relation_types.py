"""What generated packages export and declare for relations."""

import importlib
import sys
from pathlib import Path
from typing import get_args

import pytest

import generated
from isomorph.errors import InvalidQuery
from isomorph_generator.codegen import check, compared, package_folder, rendered, write
from isomorph_generator.schema import SchemaErrors, load

_MEMBERS = """
[models.Post.fields]
title = "text"
[models.Post.relations]
remarks = { morph_many = "Remark", name = "about" }
[models.Film.fields]
title = "text"
[models.Film.relations]
remarks = { morph_many = "Remark", name = "about" }
[models.Remark.relations]
about = { morph_to = true }
"""


def _texts(folder: Path, schema: str) -> dict[str, str]:
    path = folder / "schema.toml"
    path.write_text(f'[project]\npackage = "unions"\ndialects = ["sqlite"]\n{schema}')
    project = load(path)
    check(project)
    return rendered(project)


@pytest.mark.feature("relations.morph_types")
def test_a_morph_relation_gives_the_package_a_union_and_its_aliases() -> None:
    assert get_args(generated.Commentable) == (generated.Post, generated.Video)
    assert get_args(generated.CommentableAlias) == ("post", "clip")
    assert isinstance(generated.Video(title="t", url="u", seconds=1.0), generated.Commentable)
    assert {"Commentable", "CommentableAlias", "Imageable", "ImageableAlias"} <= set(dir(generated))


@pytest.mark.feature("relations.morph_types")
def test_unions_are_imported_when_they_are_first_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "schema.toml").write_text(f'[project]\npackage = "lazy_unions"\ndialects = ["sqlite"]\n{_MEMBERS}')
    project = load(tmp_path / "schema.toml")
    write(compared(package_folder(project), rendered(project)))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    package = importlib.import_module("lazy_unions")
    assert "lazy_unions.morphs" not in sys.modules
    assert get_args(package.AboutAlias) == ("post", "film")
    assert "lazy_unions.morphs" in sys.modules


@pytest.mark.feature("relations.morph_types")
def test_a_union_gives_way_to_a_model_of_its_name(tmp_path: Path) -> None:
    schema = f'{_MEMBERS}[models.About.fields]\nname = "text"\n'
    lines = _texts(tmp_path, schema)["morphs.py"].splitlines()
    assert "RemarkAbout: _t.TypeAlias = _Post | _Film" in lines
    assert 'RemarkAboutAlias: _t.TypeAlias = _t.Literal["post", "film"]' in lines


@pytest.mark.feature("relations.morph_types")
def test_two_relations_of_one_name_share_a_union_only_if_they_lead_to_the_same(tmp_path: Path) -> None:
    notes = 'notes = { morph_many = "Note", name = "about" }\n'
    about = "[models.Note.relations]\nabout = { morph_to = true }\n"
    of_both = _MEMBERS.replace("remarks =", f"{notes}remarks =")
    assert "\nAbout: _t.TypeAlias = _Post | _Film\n" in _texts(tmp_path, f"{of_both}{about}")["morphs.py"]
    different = _MEMBERS.replace("remarks =", f"{notes}remarks =", 1) + about
    text = _texts(tmp_path, different)["morphs.py"]
    assert "\nRemarkAbout: _t.TypeAlias = _Post | _Film\n" in text
    assert "\nNoteAbout: _t.TypeAlias = _Post\n" in text
    assert "\nAbout: " not in text


@pytest.mark.feature("relations.morph_types", "schema.names")
def test_a_union_without_a_name_left_is_a_mistake(tmp_path: Path) -> None:
    schema = f'{_MEMBERS}[models.About.fields]\nname = "text"\n[models.RemarkAbout.fields]\nname = "text"\n'
    with pytest.raises(SchemaErrors) as refused:
        _texts(tmp_path, schema)
    assert 'models.Remark.relations.about: "about" would give the package a second RemarkAbout' in str(refused.value)


@pytest.mark.feature("relations.pivot_typing")
def test_the_columns_of_a_table_between_are_read_off_the_relation() -> None:
    columns = generated.User.roles.pivot
    assert repr(columns) == "<User.roles.pivot>"
    assert {"user_id", "role_id", "assigned_at"} <= set(dir(columns))
    sql, values = generated.User.query().join(generated.User.roles).order_by(columns.assigned_at).to_sql()
    assert ('"role_user"."assigned_at"' in sql, values) == (True, ())
    with pytest.raises(
        AttributeError, match=r"User\.roles\.pivot has no column 'level', but user_id, role_id, assigned_at"
    ):
        getattr(columns, "level")  # noqa: B009 - type checkers refuse it
    with pytest.raises(InvalidQuery, match=r"User\.posts has no table between, so no pivot"):
        getattr(generated.User.posts, "pivot")  # noqa: B009 - likewise
