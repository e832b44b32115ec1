"""Scopes: the Python that they become, and the SQL that this becomes."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from isomorph import dialects
from tests.codegen.projects import GOLDEN

SOURCE = (GOLDEN / "scopes" / "golden_scopes" / "models" / "thing.py").read_text()


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(GOLDEN / "scopes"))
    import golden_scopes  # type: ignore[import-not-found]  # pyright: ignore[reportMissingImports] - found on the path set above

    yield golden_scopes


def _where(query: Any, dialect: str) -> tuple[str, tuple[object, ...]]:
    """What stands behind FROM, with its parameters."""
    sql, parameters = query._compiled(dialects.get(dialect))
    return sql.partition("things`" if dialect == "mysql" else 'things"')[2].strip(), parameters


@pytest.mark.feature("generator.generate", "queries.scopes", dialect="sqlite")
@pytest.mark.parametrize(
    ("scope", "line"),
    [
        ("everything", "return self.order_by(Thing.name, Thing.size.desc())"),
        ("few", "return self.limit(3)"),
        ("flags", "return self.where(Thing.active.is_true(), ~Thing.sold.is_true())"),
        ("flags_compared", "return self.where(Thing.active.is_false() | Thing.sold.is_false())"),
        ("not_sizes", "return self.where(~Thing.size.between(1, 10))"),
        ("flipped", "return self.where(Thing.size > 10, Thing.weight <= 0.5, Thing.price >= 3)"),
        ("mixed_flipped", "return self.where(Thing.price > Thing.size)"),
        ("nullable_parameter", "return self.where(Thing.alias == alias)"),
        ("in_parameters", 'return self.where(Thing.name.in_([one, two, "three"]))'),
        ("fractions", 'return self.where(_i.condition(Thing, "fractions", {}))'),
        ("null_into_required", 'return self.where(_i.condition(Thing, "null_into_required", {"name": name}))'),
    ],
)
def test_a_scope_reads_as_one_would_write_it(scope: str, line: str) -> None:
    body = SOURCE.partition(f"    def {scope}(")[2].partition("    def ")[0]
    lines = [part.strip() for part in body.splitlines() if part.strip()]
    assert "".join(lines[lines.index("return self.where(") :] if "return self.where(" in lines else lines[-1:]) in (
        line,
        line.replace("(_i", "(_i").replace(", {", ",{").replace("})", "},)"),
        _exploded(line),
    )


def _exploded(line: str) -> str:
    """A call of `_i.condition` as it is laid out over several lines, joined again."""
    return line.replace("_i.condition(Thing, ", "_i.condition(Thing,").replace(", {", ",{").replace("}))", "},),)")


CASES: dict[str, tuple[tuple[Any, ...], str, tuple[object, ...], str, tuple[object, ...]]] = {
    "flags": ((), 'WHERE "active" = ? AND NOT ("sold" = ?)', (1, 1), "WHERE `active` = %s AND NOT (`sold` = %s)", (1, 1)),
    "colours": (
        (),
        'WHERE "colour" IN (?, ?) AND "shade" <> ?',
        ("red", "blue", "green"),
        "WHERE `colour` IN (%s, %s) AND `shade` <> %s",
        ("red", "blue", "green"),
    ),
    "numbers": (
        (),
        'WHERE (("size" * ?) + ?) > ? AND isomorph_add("price", ?) COLLATE isomorph_decimal < "cost" AND "weight" > ?',
        (2, 1, 10, "1.50", 1.0),
        "WHERE ((`size` * %s) + %s) > %s AND (`price` + %s) < `cost` AND `weight` > %s",
        (2, 1, 10, Decimal("1.5"), 1.0),
    ),
    "parameters": (
        (3,),
        'WHERE "size" >= ? AND "size" <= ? AND "colour" = ? AND "made" = ? AND "price" > ?',
        (3, 10, "red", "2024-01-01", "1.50"),
        "WHERE `size` >= %s AND `size` <= %s AND `colour` = %s AND `made` = %s AND `price` > %s",
        None,  # type: ignore[dict-item]  # dates travel as they are
    ),
    "remainder": ((), 'WHERE ("size" % ?) = ?', (2, 0), "WHERE (`size` %% %s) = %s", (2, 0)),
    "subtracted": ((), 'WHERE (? - "size") > "price"', (100,), "WHERE (%s - `size`) > `price`", (100,)),
    "constants": ((1, 2), "WHERE ? < ?", (1, 2), "WHERE %s < %s", (1, 2)),
    "among_columns": ((), 'WHERE "name" IN ("alias", ?)', ("x",), "WHERE `name` IN (`alias`, %s)", ("x",)),
    "between_columns": (
        (),
        'WHERE "size" >= ? AND "size" <= ("size" + ?)',
        (1, 1),
        "WHERE `size` >= %s AND `size` <= (`size` + %s)",
        (1, 1),
    ),
}
