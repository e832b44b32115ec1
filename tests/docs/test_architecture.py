"""The page on architecture names what there is."""

import re

import pytest

from tests.docs.pages import ROOT

_PAGE = (ROOT / "docs/architecture.md").read_text()
_RUNTIME = ROOT / "runtime/isomorph"


def _rooms(folder: str) -> list[str]:
    """Modules in the table of a folder's rooms."""
    table = re.search(rf"^\| `{folder}` \| modules \|\n\| --- \| --- \|\n((?:\|.*\n)+)", _PAGE, re.MULTILINE)
    assert table is not None, f"no table of the rooms of {folder}"
    return [name for row in table[1].splitlines() for name in re.findall(r"`(\w+)`", row.rsplit("|", 2)[1])]


@pytest.mark.parametrize("folder", ["orm", "sql"])
def test_each_module_has_a_place_in_the_rooms_of_the_query_builder(folder: str) -> None:
    modules = [path.stem for path in (_RUNTIME / folder).glob("*.py") if path.stem != "__init__"]
    assert sorted(_rooms(folder)) == sorted(modules)


def test_the_house_has_the_parts_that_it_is_said_to_have() -> None:
    house = re.search(r"^runtime/isomorph/.*\n((?: {4}.*\n)+)", _PAGE, re.MULTILINE)
    assert house is not None
    said = {part for line in house[1].splitlines() for part in re.findall(r"\b\w+(?:/|\.py)", line[:29])}
    there = {f"{path.parent.name}/" for path in _RUNTIME.glob("*/__init__.py")}
    assert there <= said
    assert all((_RUNTIME / part).exists() for part in said)
