"""The error reference: a heading for each class of error, and messages as the classes word them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from isomorph import errors
from isomorph_generator.codegen import errors as codegen_errors
from isomorph_generator.migrations import errors as revision_errors
from isomorph_generator.schema import errors as schema_errors
from tests.docs.pages import ROOT
from tests.docs.samples import SAMPLES

_PAGES = (ROOT / "docs/reference/errors.md", ROOT / "docs/reference/schema-errors.md")
_ABSTRACT = {errors.IsomorphError, errors.ConfigurationError, errors.ConstraintViolation}


def _classes(*modules: object) -> Iterator[type[errors.IsomorphError]]:
    for module in modules:
        for _, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, errors.IsomorphError):
                yield found


def _headings(page: Path) -> list[str]:
    return re.findall(r"^### (\w+)$", page.read_text(), re.MULTILINE)


def _section(name: str) -> str:
    found = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", _PAGES[0].read_text(), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


@pytest.mark.feature("errors.documented")
def test_every_class_of_error_has_one_heading_and_no_heading_lacks_its_class() -> None:
    headings = [heading for page in _PAGES for heading in _headings(page)]
    assert sorted(headings) == sorted(
        {found.__name__ for found in _classes(errors, codegen_errors, revision_errors, schema_errors)}
    )


@pytest.mark.feature("errors.documented")
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_the_reference_shows_the_message_as_the_class_words_it(sample: errors.IsomorphError) -> None:
    assert f"```text\n{sample}\n```" in _section(type(sample).__name__)


def test_there_is_a_sample_of_every_class_with_a_message() -> None:
    assert {type(sample) for sample in SAMPLES} >= set(_classes(errors)) - _ABSTRACT
