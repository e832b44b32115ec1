"""Projects for tests of the generator: golden folders, and schemas written to a temporary folder."""

import sys
import textwrap
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from isomorph_generator.codegen import check, package_folder, rendered
from isomorph_generator.schema import Project, load

__all__ = ["CASES", "GOLDEN", "ROOT", "files_of", "golden_package", "load_text", "render_text"]

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/schema.toml"))


def load_text(folder: Path, schema: str, **files: str) -> Project:
    """The project of a schema, which is written to a folder together with other files (`__` in their names is `/`)."""
    for name, text in {"schema.toml": schema, **files}.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return load(folder / "schema.toml")


def render_text(folder: Path, schema: str) -> dict[str, str]:
    """The files that are generated for a schema, checked first."""
    project = load_text(folder, schema)
    check(project)
    return rendered(project)


def golden_package(case: str) -> Any:
    """The package of a golden folder, imported."""
    folder = str(GOLDEN / case)
    sys.path.insert(0, folder)
    try:
        package: Any = import_module(f"golden_{case}")
        for name in dir(package):
            getattr(package, name)  # imports the modules while they can be found
    finally:
        sys.path.remove(folder)
    return package


def files_of(project: Project) -> Mapping[str, str]:
    """The files of a project's package as they are on disk."""
    folder = package_folder(project)
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
