"""Random schemas: whatever is valid gives code that compiles, imports, and describes the same catalog again."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isomorph_generator.codegen import check, compared, package_folder, rendered, write
from isomorph_generator.schema import load

pytestmark = pytest.mark.feature("generator.generate")

_MODELS = ("Any", "Post", "User", "T", "Query", "Model", "Exception", "HTTPServer", "OrderLine2")
_NAMES = (
    "str",
    "int",
    "list",
    "self",
    "date",
    "id_",
    "name",
    "größe",
    "row",
    "made",
    "schema",
    "type",
    "value",
    "a2",
    "a10",
)
_TYPES = {
    "bool": ("true", "false"),
    "smallint": ("-1",),
    "int": ("0", "7"),
    "bigint": ("9007199254740993",),
    "decimal(12, 3)": ("1.5", "2", '"-0.001"'),
    "double": ("0.5", "-1e300"),
    "string(40)": ("'''it's \"so\" \\ %s'''", '""', '"é\\n\\u0007"'),
    "text": ('"x"',),
    "bytes": ('"é"',),
    "date": ("2024-02-29",),
    "time": ("23:59:59.5",),
    "datetime": ("2024-01-01T00:00:00",),
    "timestamptz": ("2024-01-01T00:00:00+05:30",),
    "json": ("{ a = [1, { b = true }] }", "[]", '"x"', "1.5"),
    "uuid": ('"0190163d-8694-739b-aea5-966c26f8ad91"',),
    "State": ('"on"', '"off it is"'),
    "array(decimal(9, 2)?)": ("[]", '[1, 2.5, "3"]'),
    "array(State)": ('["off it is", "on"]',),
    "array(string(20))": ("""["it's", 'so "', "\\\\"]""",),
    "set(State)": ("[]", '["off it is", "on"]'),
    "inet": ('"::ffff:10.0.0.1"',),
    "cidr": ('"10.0.0.0/8"',),
    "macaddr": ('"08-00-2b-01-02-03"',),
    "int4range": ("{ empty = true }", "{ lower = -1 }", '{ lower = 1, upper = 1, bounds = "[]" }'),
    "numrange": ('{ lower = 1.50, bounds = "()" }',),
    "tstzrange": ("{ upper = 2024-01-01T00:00:00+05:30 }",),
    "point": ('{ type = "Point", coordinates = [1e300, -0.0] }',),
    "geometry": ('{ type = "Polygon", coordinates = [[[0, 0], [1, 0], [1, 1], [0, 0]]] }',),
}
_OF_TEXTS = (
    r"""pattern = '^[^"\d\\]*\s?$|^\w{2,}'""",
    "trim = true",
    'collation = "binary"',
    'collation = { postgresql = "C" }',
    "min = 0",
    "max = 39",
)
_VERSIONS = ("true", "false", '"lock"')
_GENERATED = (
    "lower(source) || ' \"\\\\' || coalesce(other, 1)",
    "substring(replace(trim(source), 'a', '%'), 1, 5)",
)
_DOCS = st.text(st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from("\"\\'\n"), max_size=30)


def _quoted(text: str) -> str:
    escaped = "".join(f"\\U{ord(char):08x}" if char in '"\\' or not char.isprintable() else char for char in text)
    return f'"{escaped}"'


def _key(setting: str) -> str:
    return setting.partition(" ")[0]


@st.composite
def _field(draw: st.DrawFn) -> str:
    type_ = draw(st.sampled_from(sorted(_TYPES)))
    nullable = draw(st.booleans())
    parts = [f'type = "{type_}{"?" if nullable else ""}"']
    if draw(st.booleans()):
        parts.append(f"default = {draw(st.sampled_from(_TYPES[type_]))}")
    if draw(st.booleans()):
        parts.append(f"doc = {_quoted(draw(_DOCS))}")
    if type_ in ("string(40)", "text"):
        parts += draw(st.lists(st.sampled_from(_OF_TEXTS), max_size=3, unique_by=_key))
    return f"{{ {', '.join(parts)} }}"


@st.composite
def _schemas(draw: st.DrawFn) -> str:
    models = draw(st.lists(st.sampled_from(_MODELS), min_size=1, max_size=3, unique=True))
    dialects = draw(st.lists(st.sampled_from(["sqlite", "postgresql", "mysql"]), min_size=1, max_size=3, unique=True))
    lines = [f'[project]\npackage = "made"\ndialects = {dialects}', '[enums]\nState = ["on", "off it is"]']
    for number, model in enumerate(models):
        fields = draw(st.lists(st.sampled_from(_NAMES), max_size=5, unique=True))
        fillable = draw(st.lists(st.sampled_from(fields), max_size=3, unique=True)) if fields else []
        stamps = draw(st.booleans())
        lines.append(
            f"[models.{model}]\ndoc = {_quoted(draw(_DOCS))}\nfillable = {[_ascii(name) for name in fillable]}\n"
            f"timestamps = {str(stamps).lower()}\nversion = {draw(st.sampled_from(_VERSIONS))}\ntable = {_quoted(f't{number} ' + draw(st.sampled_from(['x', 'a`b', '100%'])))}"
        )
        lines.append(f"[models.{model}.fields]")
        lines += [f'"{name}" = {draw(_field())}' for name in fields]
        if draw(st.booleans()):
            expression = _quoted(draw(st.sampled_from(_GENERATED)))
            lines += ['source = "string(9)"', 'other = "int?"']
            lines.append(f'computed = {{ type = "string(90)", generated = {expression} }}')
        target = draw(st.sampled_from(models))
        lines.append(f"[models.{model}.relations]")
        lines.append(
            f'parent = {{ belongs_to = "{target}{draw(st.sampled_from(["", "?"]))}", foreign_key = "parent_key" }}'
        )
        lines += draw(_relations(number, model, target, stamped=stamps and model == target))
    lines += [f"[models.Link]{_LINK}", "[models.Leaf]\n[models.Leaf.relations]"]
    lines += [f'of_{number} = {{ belongs_to = "{model}?" }}' for number, model in enumerate(models)]
    lines.append("about = { morph_to = true, nullable = true }")
    return "\n".join(lines)


_LINK = """
timestamps = true
[models.Link.relations]
leaf = { belongs_to = "Leaf" }
place = { morph_to = true }
"""
_TIMESTAMPS = ("true", "false", '{ created_at = "made_at" }')
_ONE_OF_MANY = (
    "latest_of_many = true",
    'oldest_of_many = "id"',
    'of_many = { column = "id", aggregate = "min" }',
)
_DEFAULTS = ("false", "true", "{}", "{ id = 7 }")


@st.composite
def _relations(draw: st.DrawFn, number: int, model: str, target: str, *, stamped: bool) -> list[str]:
    """Relations of a model: to another of the random ones, to Leaf, and over Link, the model of a pivot."""
    chosen, absent = draw(st.sampled_from(_ONE_OF_MANY)), draw(st.sampled_from(_DEFAULTS))
    parent = f'belongs_to = "{target}?", touches = {str(stamped).lower()}, default = {draw(st.sampled_from(_DEFAULTS))}'
    lines = [
        f'leaves = {{ has_many = "Leaf", inverse = "of_{number}" }}',
        f'about = {{ morph_one = "Leaf", {chosen}, default = {absent} }}',
        'linked = { morph_to_many = "Leaf", name = "place", model = "Link" }',
    ]
    others = [
        f'leaf = {{ has_one = "Leaf", inverse = "of_{number}", {chosen}, default = {absent} }}',
        f"second = {{ {parent} }}",
    ]
    lines += draw(st.lists(st.sampled_from(others), unique=True))
    if draw(st.booleans()):
        lines.append(
            f'links = {{ belongs_to_many = "{target}", table = "links{number}", foreign_key = "a", related_key = "b",'
            f" timestamps = {draw(st.sampled_from(_TIMESTAMPS))} }}"
        )
        lines.append('far = { has_many_through = "Leaf", through = "links.leaves" }')
        lines.append(f'farther = {{ has_one_through = "Leaf", through = "far.of_{number}.linked", {chosen} }}')
    return lines


def _ascii(name: str) -> str:
    return name


_PROGRAM = textwrap.dedent(
    """
    import importlib, pathlib, sys
    from isomorph_generator.schema import load
    for folder in sorted(pathlib.Path().iterdir()):
        for name in [name for name in sys.modules if name.partition(".")[0] == "made"]:
            del sys.modules[name]
        sys.path.insert(0, str(folder.resolve()))
        importlib.invalidate_caches()
        made = importlib.import_module("made")
        assert made.db.catalog == load(folder / "schema.toml").catalog, folder
        for name in dir(made):
            getattr(made, name)
        sys.path.pop(0)
    """
)


def test_random_schemas_give_code_that_imports_and_describes_them(tmp_path: Path) -> None:
    """All packages are imported by one process, since starting one for each would take most of the time."""
    number = 0

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(_schemas())
    def generate(schema: str) -> None:
        nonlocal number
        folder = tmp_path / f"case{number}"
        number += 1
        folder.mkdir()
        (folder / "schema.toml").write_text(schema, encoding="utf-8")
        project = load(folder / "schema.toml")
        check(project)
        texts = rendered(project)
        for name, text in texts.items():
            compile(text, name, "exec")
        write(compared(package_folder(project), texts))

    generate()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _PROGRAM], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", "--isolated", "--no-cache", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
