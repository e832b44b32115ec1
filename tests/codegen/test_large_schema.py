"""Large schemas: generated in one go, imported lazily, and only the changed model's file is written again."""

import subprocess
import sys
from pathlib import Path

import pytest

from isomorph_generator.codegen import compared, package_folder, rendered, write
from isomorph_generator.schema import load

pytestmark = pytest.mark.feature("generator.large_schema")

_TYPES = ("string(100)", "int", "bool", "decimal(10, 2)", "timestamptz", "json", "uuid", "text?", "double?", "State")


def _schema(models: int, fields: int = 20) -> str:
    """Models in circles, each with five relations to others."""
    parts = ['[project]\npackage = "big"\n\n[enums]\nState = ["on", "off"]\n']
    for number in range(models):
        following, before = (number + 1) % models, (number - 1) % models
        ahead, behind = (number + 7) % models, (number - 7) % models
        parts.append(f"[models.Model{number}]\ntimestamps = true\n\n[models.Model{number}.fields]")
        parts += [f'field{field} = "{_TYPES[field % len(_TYPES)]}"' for field in range(fields)]
        parts.append(
            f"""
[models.Model{number}.relations]
next = {{ belongs_to = "Model{following}?", inverse = "before" }}
before = {{ has_many = "Model{before}", inverse = "next" }}
ahead = {{ belongs_to = "Model{ahead}?", inverse = "behind" }}
behind = {{ has_many = "Model{behind}", inverse = "ahead" }}
links = {{ belongs_to_many = "Model{following}", table = "links{number}", foreign_key = "a_id", related_key = "b_id" }}
"""
        )
    return "\n".join(parts)


@pytest.mark.parametrize("models", [60, pytest.param(1000, marks=pytest.mark.long)])
def test_a_large_schema_is_generated_imported_lazily_and_regenerated_in_part(tmp_path: Path, models: int) -> None:
    schema = tmp_path / "schema.toml"
    schema.write_text(_schema(models))
    project = load(schema)
    folder = package_folder(project)
    write(compared(folder, rendered(project)))
    program = (
        "import sys, big\n"
        "loaded = lambda: sorted(name for name in sys.modules if name.startswith('big.models.'))\n"
        "assert loaded() == []\n"
        "big.Model7.query()\n"
        "assert loaded() == ['big.models.model7']\n"
        f"assert len(big.db.catalog.models) == len(loaded()) == {models}\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)
    schema.write_text(_schema(models).replace('field0 = "string(100)"', 'field0 = "string(101)"', 1))
    outdated = compared(folder, rendered(load(schema)))
    assert outdated.changed == ("models/model0.py",)
    assert outdated.stale == ()
