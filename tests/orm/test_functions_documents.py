"""JSON documents in queries: read, asked about and changed by path, the same on every database."""

# What a document holds is not known to type checkers.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false
# pyright: reportUnknownMemberType=false

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from isomorph.errors import InvalidQuery, InvalidValue, NotSupported
from isomorph.limits import current
from tests.support.computing import Cases, Row, Wanted, check_all
from tests.support.fields import Package

DOCUMENTS: list[Any] = [
    {"a": {"b": [1, {"c": "deep"}], "": "empty"}, "n": 5, "s": "5", "t": True, "x": None},
    {"a": [[7], "text", 2.5, None, {"b": 1}], "n": 2.0, "s": "", "t": False},
    {"a": "scalar", "n": -(2**63), "s": 'q"\\\n ü🙂 %s', "0": "key", "t": "true"},
    {"a": 0, "n": 2**63, "s": [], "t": 1},
    {"a": False, "n": 1e300, "s": {}, "t": None},
    [1, [2, [3]], {"a": "in a list"}, -7, True],
    [],
    "just text",
    12,
    {},
]


def at(document: Any, *path: str | int) -> Any:
    """What is at a path; KeyError for nothing."""
    for step in path:
        if isinstance(step, str):
            if not isinstance(document, dict):
                raise KeyError(step)
            document = document[step]
        else:
            if not isinstance(document, list) or not -len(document) <= step < len(document):
                raise KeyError(step)
            document = document[step]
    return document


def reading(convert: Callable[[Any], object], *path: str | int) -> Wanted:
    def of(row: Row) -> object:
        try:
            found = at(row.document, *path)
        except KeyError:
            return None
        return convert(found)

    return of


def as_int(found: Any) -> object:
    return found if type(found) is int and -(2**63) <= found < 2**63 else None


def as_float(found: Any) -> object:
    return float(found) if type(found) in (int, float) else None


TYPES = {
    dict: "object",
    list: "array",
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
}
PATHS: list[tuple[str | int, ...]] = [
    ("a",), ("n",), ("s",), ("t",), ("x",), ("0",), ("a", "b"), ("a", "b", 0), ("a", "b", 1, "c"), ("a", ""), ("a", 0), ("a", 0, 0),
    ("a", -1), ("a", 4, "b"), (0,), (1,), (-1,), (-2,), (1, 1, 0), (2, "a"), (9,), (-9,), ("missing", "b"), ("a", 0, 0, 0),
]  # fmt: skip


def fill(package: Package, documents: list[Any]) -> list[Row]:
    """A row for each document, and one of NULL."""
    package.MaybeSample.insert_many({"document": document} for document in documents)
    package.MaybeSample.create()
    return [Row({"document": document}) for document in documents] + [Row({"document": None})]


def part(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


@pytest.mark.feature("queries.json_paths")
def test_parts_are_read_as_values_of_pythons_types(fields: Package) -> None:
    rows = fill(fields, DOCUMENTS)
    cases: Cases = {}
    for path in PATHS:
        found = part(fields.MaybeSample.document, path)
        cases |= {
            f"{path} as_str": (found.as_str(), reading(lambda x: x if isinstance(x, str) else None, *path)),
            f"{path} as_int": (found.as_int(), reading(as_int, *path)),
            f"{path} as_float": (found.as_float(), reading(as_float, *path)),
            f"{path} as_bool": (found.as_bool(), reading(lambda x: x if isinstance(x, bool) else None, *path)),
            f"{path} type_of": (found.type_of(), reading(lambda x: TYPES[type(x)], *path)),
            f"{path} length": (
                found.length(),
                reading(lambda x: len(x) if isinstance(x, list | dict) else None, *path),
            ),
            f"{path} itself": (found, reading(lambda x: x, *path)),
        }
    whole = fields.MaybeSample.document
    cases["the whole as_str"] = (whole.as_str(), lambda r: r.document if isinstance(r.document, str) else None)
    cases["the whole length"] = (
        whole.length(),
        lambda r: len(r.document) if isinstance(r.document, list | dict) else None,
    )
    cases["the whole type"] = (whole.type_of(), lambda r: TYPES[type(r.document)])
    check_all(fields, rows, cases)


def indexes(package: Package, predicate: Any) -> list[int]:
    """Which rows a condition is true of, by their order."""
    m = package.MaybeSample
    ids = m.query().order_by(m.id).pluck(m.id)
    found = set(m.query().where(predicate).pluck(m.id))
    return [number for number, id_ in enumerate(ids) if id_ in found]


def where(holds: Callable[[Any], bool], documents: list[Any] = DOCUMENTS) -> list[int]:
    return [number for number, document in enumerate(documents) if holds(document)]


def has(document: Any, *path: str | int) -> bool:
    try:
        at(document, *path)
    except KeyError:
        return False
    return True


@pytest.mark.feature("queries.json_conditions")
def test_nothing_is_told_from_null(fields: Package) -> None:
    fill(fields, DOCUMENTS)
    m = fields.MaybeSample
    null = len(DOCUMENTS)

    for path in PATHS:
        found = part(m.document, path)
        there = where(lambda d, path=path: has(d, *path))  # type: ignore[misc]
        assert indexes(fields, found.exists()) == there
        assert indexes(fields, found.is_not_null()) == there
        assert indexes(fields, ~found.exists()) == [n for n in range(null + 1) if n not in there]
        assert indexes(fields, found.is_null()) == [n for n in range(null + 1) if n not in there]
        nulls = where(lambda d, path=path: has(d, *path) and at(d, *path) is None)  # type: ignore[misc]
        assert indexes(fields, found.is_json_null()) == nulls


@pytest.mark.feature("queries.json_conditions")
def test_keys_are_those_of_objects(fields: Package) -> None:
    fill(fields, [*DOCUMENTS, ["a", "n"], "a"])
    m = fields.MaybeSample

    assert indexes(fields, m.document.has_key("a")) == where(lambda d: isinstance(d, dict) and "a" in d)
    assert indexes(fields, m.document["a"].has_key("b")) == [0]
    assert indexes(fields, m.document.has_any_keys("x", "0")) == [0, 2]
    assert indexes(fields, m.document.has_all_keys("a", "x")) == [0]
    assert len(indexes(fields, ~m.document.has_any_keys("a", "n"))) == len(DOCUMENTS) + 3 - 5


def same(one: Any, other: Any) -> bool:
    """Equality of documents: True is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


@pytest.mark.feature("queries.json_conditions")
def test_documents_are_equal_whatever_the_order_of_their_keys(fields: Package) -> None:
    documents = [*DOCUMENTS, {"n": 1, "m": {"y": 2, "x": [1.0]}}, {"é": "É"}, True, 1, [None], 9007199254740993]
    fill(fields, documents)
    m = fields.MaybeSample
    values = [
        *documents,
        {"m": {"x": [1], "y": 2}, "n": 1.0},
        {"é": "é"},
        False,
        1.0,
        [],
        {"a": {}},
        "5",
        9007199254740992,
    ]
    for value in values:
        expected = where(lambda d, value=value: same(d, value), documents)  # type: ignore[misc]
        assert indexes(fields, m.document == value) == expected, value
        others = [n for n in range(len(documents)) if n not in expected]
        assert indexes(fields, m.document != value) == others, value
    assert indexes(fields, m.document["s"] == "5") == [0]
    assert indexes(fields, m.document["n"] == 5.0) == [0]
    assert indexes(fields, m.document["t"] == True) == [0]  # noqa: E712 - builds SQL
    assert indexes(fields, m.document["a"] == m.document["a"]) == where(lambda d: has(d, "a"), documents)
    assert indexes(fields, m.document["n"] == m.document["s"]) == []
    assert indexes(fields, m.document == None) == [len(documents)]  # noqa: E711 - builds SQL
    assert indexes(fields, m.document["x"] != None) == [0]  # noqa: E711 - builds SQL


def holds(document: Any, wanted: Any) -> bool:
    if isinstance(document, dict) and isinstance(wanted, dict):
        return all(key in document and holds(document[key], item) for key, item in wanted.items())
    if isinstance(document, list) and isinstance(wanted, list):
        return all(any(holds(item, one) for item in document) for one in wanted)
    return same(document, wanted)


@pytest.mark.feature("queries.json_conditions")
@pytest.mark.parametrize(
    "wanted",
    [
        {}, [], {"n": 5}, {"n": 5.0}, {"a": {"b": [1]}}, {"a": {"b": 1}}, {"a": {}}, {"t": True}, {"t": 1}, {"x": None}, {"a": "scalar"},
        [1], [1, -7], [[2]], [3], [{"a": "in a list"}], {"a": [[7]]}, {"a": [7]}, {"a": [None]}, {"s": {}}, {"s": []}, {"missing": None},
        1, "just text", True, 12, None, "x", {"a": {"": "empty"}, "n": 5}, {"s": 'q"\\\n ü🙂 %s'},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_containment_is_that_of_postgresql(fields: Package, wanted: Any) -> None:
    fill(fields, DOCUMENTS)
    m = fields.MaybeSample

    def contains(document: Any) -> bool:
        if isinstance(document, list) and not isinstance(wanted, list | dict):
            return any(same(item, wanted) for item in document)
        return holds(document, wanted)

    expected = where(contains)
    assert indexes(fields, m.document.contains(wanted)) == expected
    assert indexes(fields, ~m.document.contains(wanted)) == [n for n in range(len(DOCUMENTS)) if n not in expected]
    below = where(lambda d: has(d, "a") and (any(same(i, wanted) for i in d["a"]) if isinstance(d["a"], list) and not isinstance(wanted, list | dict) else holds(d["a"], wanted)))  # fmt: skip
    assert indexes(fields, m.document["a"].contains(wanted)) == below


# --- keys are data ---------------------------------------------------------------------------------------------------------

ODD = [
    "",
    " ",
    ".",
    "$",
    "$.a",
    "*",
    "**",
    "[0]",
    "a.b",
    '"',
    "'",
    "\\",
    'a"b',
    "a\\",
    "\\u0041",
    "\n",
    "\t",
    "\x01",
    "\x7f",
    "%",
    "%s",
    "%(x)s",
    "?",
    ":x",
    "#",
    "@",
    "`",
    "{0}",
    "--",
    ";",
    "é",
    "e\u0301",
    "表",
    "🙂",
    "\u2028",
    "0",
    "1a",
    "last",
    "to",
    "null",
    "a b",
    "x-y",
    "/*",
    "*/",
]  # fmt: skip


@pytest.mark.feature("queries.json_paths", "queries.bound_values")
def test_keys_of_any_text_are_found(fields: Package, dialect: str) -> None:
    keys = [key for key in ODD if dialect != "mysql" or not key.startswith("-")]
    chance = random.Random(19)
    letters = [*"\"'\\$.*[]%?ab\n\té🙂 {}#@-"]
    keys += ["a" + "".join(chance.choices(letters, k=chance.randint(1, 8))) for _ in range(40)]
    keys = list(dict.fromkeys(keys))
    m = fields.MaybeSample
    m.create(document={key: number for number, key in enumerate(keys)} | {"deep": {key: [key] for key in keys}})

    for start in range(0, len(keys), 15):
        chosen = keys[start : start + 15]
        flat = m.query().select(*[m.document[key].as_int() for key in chosen]).first_or_fail()
        assert list(flat) == [keys.index(key) for key in chosen]
        deep = m.query().select(*[m.document["deep"][key][0].as_str() for key in chosen]).first_or_fail()
        assert list(deep) == chosen

    plain, odd = ["a", "%s", "a.b", "ü", "$[0]", ""], ['a"b', "\\", "\n"]
    for some in (plain, odd):
        texts = {m.query().where(m.document[key].as_int() == 1).to_sql()[0] for key in some}
        assert len(texts) == 1


@pytest.mark.feature("queries.json_paths")
def test_what_mariadb_cannot_name_is_refused(fields: Package, dialect: str) -> None:
    m = fields.MaybeSample
    m.create(document={"-1": 7, "-": {"a": 1}})

    if dialect == "mysql":
        with pytest.raises(NotSupported, match="mysql has no JSON keys that begin with -"):
            m.query().value(m.document["-1"].as_int())
    else:
        assert m.query().value(m.document["-1"].as_int()) == 7
        assert m.query().value(m.document["-"]["a"].as_int()) == 1


# --- changes ---------------------------------------------------------------------------------------------------------------


def changed(document: Any, path: tuple[str | int, ...], change: Callable[[Any, Any], None]) -> Any:
    """A document changed at a path, or as it is where what is around it is missing."""
    made = copy.deepcopy(document)
    try:
        holder = at(made, *path[:-1])
    except KeyError:
        return made
    if isinstance(holder, dict if isinstance(path[-1], str) else list):
        change(holder, path[-1])
    return made


def put(value: Any) -> Callable[[Any, Any], None]:
    def change(holder: Any, key: Any) -> None:
        if isinstance(holder, list):
            holder[key : key + 1] = [value]
        else:
            holder[key] = value

    return change


def drop(holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder.pop(key, None)
    else:
        del holder[key : key + 1]


WRITABLE = [path for path in PATHS if not any(isinstance(step, int) and step < 0 for step in path)]


@pytest.mark.feature("queries.json_writes")
@pytest.mark.parametrize("value", [7, "dark", {"new": [1, None]}, None, True, [], 2.5, 'q"\\ü%'], ids=json.dumps)
def test_a_part_is_set_within_the_whole_document(fields: Package, value: Any) -> None:
    rows = fill(fields, DOCUMENTS)
    m = fields.MaybeSample

    def setting(path: tuple[str | int, ...]) -> Wanted:
        return lambda r: changed(r.document, path, put(value))

    cases: Cases = {f"{path}": (part(m.document, path).set(value), setting(path)) for path in WRITABLE}
    cases["twice"] = (
        m.document["a"].set(value)["n"].set(1),
        lambda r: changed(changed(r.document, ("a",), put(value)), ("n",), put(1)),
    )
    check_all(fields, rows, cases)


@pytest.mark.feature("queries.json_writes")
def test_a_part_is_removed_from_the_document(fields: Package) -> None:
    rows = fill(fields, DOCUMENTS)
    m = fields.MaybeSample

    def removing(path: tuple[str | int, ...]) -> Wanted:
        return lambda r: changed(r.document, path, drop)

    check_all(fields, rows, {f"{path}": (part(m.document, path).remove(), removing(path)) for path in WRITABLE})


@pytest.mark.feature("queries.json_writes")
def test_keys_of_any_text_are_set_and_removed(fields: Package) -> None:
    m = fields.MaybeSample
    m.create(document={key: {"x": 1} for key in ODD if not key.startswith("-")})
    for key in ODD:
        if key.startswith("-"):
            continue
        found = m.query().select(m.document[key].set(2), m.document[key]["x"].remove()).first_or_fail()
        expected = {other: {"x": 1} for other in ODD if not other.startswith("-")}
        assert found == (expected | {key: 2}, expected | {key: {}}), key


@pytest.mark.feature("queries.json_writes")
def test_computed_values_are_set_and_documents_updated_in_place(fields: Package) -> None:
    m = fields.MaybeSample
    m.create(document={"n": 5, "t": True}, number=7, name="it's", weight=2.5, flag=False)
    m.create(document={"n": 1})

    m.query().where(m.document["n"].as_int() == 5).update_with(
        m.document.to(
            m.document["n"].set(m.document["n"].as_int() + 1)["number"].set(m.number)["name"].set(m.name)["weight"]
            .set(m.weight)["flag"].set(m.flag)["copy"].set(m.document["t"])["lower"].set(m.name.upper())
        )
    )  # fmt: skip
    m.query().where(m.document["n"].as_int() == 1).update_with(
        m.document.to(m.document["name"].set(m.name)["gone"].set(m.document["gone"])["flag"].set(m.flag)["n"].remove())
    )
    assert m.query().order_by(m.id).pluck(m.document) == [
        {"n": 6, "t": True, "number": 7, "name": "it's", "weight": 2.5, "flag": False, "copy": True, "lower": "IT'S"},
        {"name": None, "gone": None, "flag": None},
    ]


WRONG: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (
        lambda m: m.document[1.5],
        InvalidValue,
        "MaybeSample.document: expected a str or an int as a step of a path, got float",
    ),
    (lambda m: m.document[None], InvalidValue, "got None"),
    (lambda m: m.document[True], InvalidValue, "got bool"),
    (lambda m: m.document["a\0"], InvalidValue, "expected text without NUL characters"),
    (lambda m: m.document["\ud800"], InvalidValue, "expected text that UTF-8 can encode"),
    (lambda m: m.document[2**31], InvalidValue, "expected a place within 32 bits"),
    (
        lambda m: part(m.document, ("a",) * (current().json_depth + 1)),
        InvalidValue,
        "expected a path of at most 31 steps",
    ),
    (lambda m: m.document["a"] == {1: 2}, InvalidValue, r"document\[\.\.\.\]: expected a JSON value"),
    (lambda m: m.document.contains({1}), InvalidValue, "expected a JSON value"),
    (lambda m: m.document["a"].set(object()), InvalidValue, "expected a JSON value"),
    (
        lambda m: m.document["a"].set(m.price),
        InvalidValue,
        "expected an expression that is a number, .*, got one of the type decimal",
    ),
    (lambda m: m.document["a"] == m.name, InvalidValue, r"expected a document \(read a part by as_str"),
    (lambda m: m.document["a"][-1].set(1), InvalidQuery, r"set\(\) at a place counted from the end"),
    (lambda m: m.document[-1].remove(), InvalidQuery, r"remove\(\) at a place counted from the end"),
    (lambda m: m.document.has_any_keys(), InvalidQuery, "without a key"),
    (lambda m: m.document.has_key(0), InvalidValue, "a key of a document: expected a str, got int"),
    (lambda m: m.document.has_all_keys("a", None), InvalidValue, "a key of a document: expected a str, got NoneType"),
    (lambda m: list(m.document), TypeError, "not iterable"),
    (lambda m: "a" in m.document, TypeError, "container|iterable"),
]


@pytest.mark.feature("queries.typing")
@pytest.mark.parametrize(("make", "error", "message"), WRONG)
def test_what_is_no_path_or_document_is_refused(
    fields_package: Package, make: Callable[[Any], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(fields_package.MaybeSample)
