"""Slotted classes: what hand-written code makes of rows, whichever driver gives them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

__all__ = [
    "LEVELS",
    "ORIGINS",
    "Author",
    "Comment",
    "Event",
    "Level",
    "Origin",
    "Pivot",
    "Post",
    "Reading",
    "Remark",
    "Tag",
    "User",
]


class Level(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Origin(StrEnum):
    WEB = "web"
    MOBILE = "mobile"
    BATCH = "batch"


# A dictionary finds the member of a value in a tenth of the time that the class takes.
LEVELS = {member.value: member for member in Level}
ORIGINS = {member.value: member for member in Origin}


@dataclass(slots=True)
class User:
    id: int
    name: str
    email: str
    age: int
    score: float
    active: bool


@dataclass(slots=True)
class Event:
    id: int
    code: UUID
    session: UUID
    price: Decimal
    tax: Decimal
    total: Decimal
    occurred_at: dt.datetime
    received_at: dt.datetime
    closed_at: dt.datetime | None
    payload: Any
    context: Any
    level: Level
    origin: Origin
    billed: bool
    refunded: bool
    flagged: bool | None
    title: str
    note: str | None
    quantity: int
    weight: float


@dataclass(slots=True)
class Reading:
    id: int
    sensor: int
    value: float
    label: str
    valid: bool


@dataclass(slots=True)
class Comment:
    id: int
    body: str
    likes: int
    post_id: int
    post: Post | None = None


@dataclass(slots=True)
class Pivot:
    position: int


@dataclass(slots=True)
class Tag:
    id: int
    name: str
    pivot: Pivot


@dataclass(slots=True)
class Remark:
    id: int
    body: str
    subject_type: str
    subject_id: int
    subject: Author | Post | None = None


@dataclass(slots=True)
class Post:
    id: int
    title: str
    body: str
    views: int
    author_id: int
    comments: list[Comment] = field(default_factory=list[Comment])
    tags: list[Tag] = field(default_factory=list[Tag])
    remarks: list[Remark] = field(default_factory=list[Remark])


@dataclass(slots=True)
class Author:
    id: int
    name: str
    country: str
    posts: list[Post] = field(default_factory=list[Post])
