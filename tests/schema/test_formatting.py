"""`orm schema fmt`: spacing changes, meaning and comments stay."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given

from isomorph_generator.schema.formatting import formatted
from tests.schema.toml_documents import documents

pytestmark = pytest.mark.feature("schema.fmt")

ROOT = Path(__file__).parents[2]


@given(documents())
def test_formatting_keeps_the_meaning_and_is_stable(text: str) -> None:
    after = formatted(text)
    assert repr(tomllib.loads(after)) == repr(tomllib.loads(text))  # repr: nan is not equal to itself
    assert formatted(after) == after


@given(documents())
def test_formatting_keeps_every_comment(text: str) -> None:
    for comment in ("# comment", "#: [x] = {", "# a, ] comment", "# }"):
        assert formatted(text).count(comment) == text.count(comment)


def test_one_style() -> None:
    trailing = "   "
    before = """

#:schema ./schema.json
#about the project
[ project ]
package="generated"   # where
dialects = [ "sqlite","mysql" ]


[models . "A b".fields]
a={type="int",min=0}
[ models.B ]
doc='''
  kept  {trailing}
'''
uniques = [
  [ "a" , "b" ], # both
    # alone
  ["c"] ]
empty = [ ]
none = [
]
table = { }
""".replace("{trailing}", trailing)
    after = """\
#:schema ./schema.json
# about the project
[project]
package = "generated"  # where
dialects = ["sqlite", "mysql"]

[models."A b".fields]
a = { type = "int", min = 0 }

[models.B]
doc = '''
  kept  {trailing}
'''
uniques = [
    ["a", "b"],  # both
    # alone
    ["c"],
]
empty = []
none = []
table = {}
""".replace("{trailing}", trailing)
    assert formatted(before) == after
    assert formatted(before.replace("\n", "\r\n")) == after


def test_a_comment_right_above_a_table_stays_with_it() -> None:
    assert formatted("a = 1\n# about b\n[b]\nc = 1\n\n# alone\n\n[d]\n") == (
        "a = 1\n\n# about b\n[b]\nc = 1\n\n# alone\n\n[d]\n"
    )


@pytest.mark.parametrize("text", ["", "\n\n", "  \n"])
def test_nothing_stays_nothing(text: str) -> None:
    assert formatted(text) == ""


def test_a_file_ends_with_one_line_end() -> None:
    assert formatted("a = 1") == formatted("a = 1\n\n\n") == "a = 1\n"


def test_the_showcase_is_formatted() -> None:
    text = (ROOT / "schema.toml").read_text(encoding="utf-8")
    assert formatted(text) == text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
