"""Schemas from text, in a folder of their own, so that errors name `schema.toml`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from isomorph_generator.schema import Project, SchemaErrors, load

Loader = Callable[[str], Project]
Mistakes = Callable[[str], list[str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is also the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def load_text(folder: Path) -> Loader:
    """Load a schema from its text."""

    def loaded(text: str) -> Project:
        Path("schema.toml").write_text(text, encoding="utf-8")
        return load(Path("schema.toml"))

    return loaded


@pytest.fixture
def mistakes(load_text: Loader) -> Mistakes:
    """The lines of the errors that a schema has, none when it is right."""

    def found(text: str) -> list[str]:
        try:
            load_text(text)
        except SchemaErrors as errors:
            return str(errors).splitlines()
        return []

    return found
