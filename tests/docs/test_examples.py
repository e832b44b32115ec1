"""Every example of the README and the docs is executed, and its Python checked by mypy and pyright."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.checking import check_types
from tests.docs.pages import ROOT, Page, commands_of, page_of, pages, prints
from tests.docs.scratch import Scratch

_EXECUTED = frozenset({"toml", "python", "console"})
_PAGES = [page_of(path) for path in pages()]
_WITH_EXAMPLES = [page for page in _PAGES if any(block.language in _EXECUTED for block in page.blocks)]


_SHOWN = {
    "README.md": ("project.readme",),
    "docs/guide/behaviours.md": ("models.behaviours",),
    "docs/guide/models.md": ("models.inputs",),
    "docs/reference/cli.md": ("generator.json", "generator.check"),
}
"""Features that the examples of a page show, apart from being executed."""


def _marks(page: Page) -> list[pytest.MarkDecorator]:
    return [pytest.mark.feature("project.examples", *_SHOWN.get(page.name, ()))]


@pytest.mark.parametrize("page", [pytest.param(page, id=page.name, marks=_marks(page)) for page in _WITH_EXAMPLES])
def test_the_examples_of_a_page_do_what_it_says(page: Page, tmp_path: Path) -> None:
    with Scratch(tmp_path, page.project) as scratch:
        scratch.run(page)
    if any(block.language == "python" and not {"file", "fragment"} & block.comments.keys() for block in page.blocks):
        check_types(page, tmp_path)


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.name)
def test_every_block_says_which_language_it_is_in(page: Page) -> None:
    nameless = [block.place for block in page.blocks if not block.language]
    assert nameless == []


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text()
    for page in _PAGES:
        if page.name.startswith("docs/"):
            assert page.name.removeprefix("docs/") in navigation


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("a\nb", "a\nb\n"),
        ("a\n...\nb", "a\nx\ny\nb"),
        ("a\n...\nb", "a\nb"),
        ("...\nb", "x\nb"),
        ("took ... ms", "took 12.3 ms  "),
    ],
)
def test_dots_stand_for_anything_that_is_printed(shown: str, printed: str) -> None:
    assert prints(shown, printed)


@pytest.mark.parametrize(("shown", "printed"), [("a\nb", "a\nc"), ("a\n...\nb", "a\nc"), ("a", "a\nb")])
def test_everything_else_has_to_be_the_same(shown: str, printed: str) -> None:
    assert not prints(shown, printed)


def test_commands_are_read_with_what_they_print(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ orm generate \\\n    --check\nup to date\n\n$ orm migrate run\n```\n")
    (block,) = page_of(page, tmp_path).blocks
    assert [(command.line, command.output) for command in commands_of(block)] == [
        ("orm generate --check", "up to date"),
        ("orm migrate run", None),
    ]
