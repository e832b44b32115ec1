"""What type checkers see of every type."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import assert_type

from isomorph.generated import JsonValue

from golden_types import Nullable, Preset, PresetCreate, PresetUpdate, Required, Size


def required(row: Required) -> None:
    assert_type(row.id, int)
    assert_type(row.flag, bool)
    assert_type(row.tiny, int)
    assert_type(row.amount, Decimal)
    assert_type(row.ratio, float)
    assert_type(row.label, str)
    assert_type(row.data, bytes)
    assert_type(row.day, dt.date)
    assert_type(row.clock, dt.time)
    assert_type(row.moment, dt.datetime)
    assert_type(row.instant, dt.datetime)
    assert_type(row.document, JsonValue)
    assert_type(row.token, uuid.UUID)
    assert_type(row.size, Size)
    assert_type(row.byte, int)
    assert_type(row.size_bytes, int)
    assert_type(row.level, float)
    assert_type(row.fee, Decimal)
    assert_type(row.country, str)
    assert_type(row.digest, bytes)
    assert_type(row.span, dt.timedelta)


def nullable(row: Nullable) -> None:
    assert_type(row.flag, bool | None)
    assert_type(row.whole, int | None)
    assert_type(row.amount, Decimal | None)
    assert_type(row.ratio, float | None)
    assert_type(row.note, str | None)
    assert_type(row.data, bytes | None)
    assert_type(row.day, dt.date | None)
    assert_type(row.instant, dt.datetime | None)
    assert_type(row.document, JsonValue)
    assert_type(row.token, uuid.UUID | None)
    assert_type(row.size, Size | None)
    assert_type(row.age, int | None)
    assert_type(row.page, str | None)
    assert_type(row.span, dt.timedelta | None)


def preset() -> None:
    assert_type(Preset(), Preset)
    assert_type(Preset.create(size=Size.SMALL, maybe=None), Preset)
    assert_type(Preset.find(3), Preset | None)
    assert_type(Preset(span=dt.timedelta(1), made_by_code=uuid.uuid4(), random=None).made_by_code, uuid.UUID)
    assert_type(Preset.query().where(Preset.span > dt.timedelta(1)).sum(Preset.span), dt.timedelta | None)
    assert_type(Preset.query().max(Preset.byte), int | None)
    data = PresetCreate(label="x")
    assert_type(data.amount, Decimal)
    assert_type(data.size, Size)
    assert_type(PresetUpdate().flag, bool)
    assert_type(data.span, dt.timedelta)
    assert_type(data.made_by_code, uuid.UUID)
