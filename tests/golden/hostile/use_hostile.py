"""What type checkers see of names that mean something elsewhere."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import assert_type

from isomorph.generated import Collection

from golden_hostile import Any, AnyCreate, Generic, StrEnum


def use(row: Any) -> None:
    assert_type(row.self, int)
    assert_type(row.str, str)
    assert_type(row.int, int)
    assert_type(row.bool, bool | None)
    assert_type(row.date, dt.date | None)
    assert_type(row.tuple, Decimal | None)
    assert_type(row.object, uuid.UUID | None)
    assert_type(row.type, StrEnum)
    assert_type(Any.find(4), Any | None)
    assert_type(Any.query().include(Any.A).get()[0].A, Collection[Generic])
    assert_type(row.update(self=5, str="x", class_=3), Any)
    assert_type(Any.query().str().bool(3, found="b").update(self=3, int=4), int)
    Any(self=3, str="x", schema="text", select=3)
    AnyCreate(schema="text", str="x")
