"""The tables as models of Django's."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models

__all__ = [
    "MODELS",
    "Author",
    "Comment",
    "Event",
    "Level",
    "Origin",
    "Post",
    "PostTag",
    "Reading",
    "Remark",
    "Tag",
    "User",
]


class Level(models.TextChoices):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Origin(models.TextChoices):
    WEB = "web"
    MOBILE = "mobile"
    BATCH = "batch"


class User(models.Model):
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=200, unique=True)
    age = models.IntegerField(db_index=True)
    score = models.FloatField()
    active = models.BooleanField()

    class Meta:
        db_table = "users"


class Event(models.Model):
    code = models.UUIDField()
    session = models.UUIDField()
    price = models.DecimalField(max_digits=12, decimal_places=2)
    tax = models.DecimalField(max_digits=12, decimal_places=2)
    total = models.DecimalField(max_digits=14, decimal_places=4)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    payload = models.JSONField()
    context = models.JSONField()
    level = models.CharField(max_length=10, choices=Level)
    origin = models.CharField(max_length=10, choices=Origin)
    billed = models.BooleanField()
    refunded = models.BooleanField()
    flagged = models.BooleanField(null=True)
    title = models.CharField(max_length=100)
    note = models.TextField(null=True)
    quantity = models.IntegerField()
    weight = models.FloatField()

    class Meta:
        db_table = "events"


class Author(models.Model):
    name = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    remarks = GenericRelation("Remark", content_type_field="subject_type", object_id_field="subject_id")

    class Meta:
        db_table = "authors"


class Tag(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        db_table = "tags"


class Post(models.Model):
    title = models.CharField(max_length=200)
    body = models.TextField()
    views = models.IntegerField()
    author = models.ForeignKey(Author, models.CASCADE, related_name="posts")
    tags = models.ManyToManyField(Tag, through="PostTag", related_name="posts")
    remarks = GenericRelation("Remark", content_type_field="subject_type", object_id_field="subject_id")

    class Meta:
        db_table = "posts"


class PostTag(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="post_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="post_tags")
    position = models.IntegerField()

    class Meta:
        db_table = "post_tags"
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "tag"], name="post_tags_key")]


class Comment(models.Model):
    body = models.CharField(max_length=200)
    likes = models.IntegerField()
    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")

    class Meta:
        db_table = "comments"


class Remark(models.Model):
    body = models.CharField(max_length=200)
    subject_type = models.ForeignKey(ContentType, models.CASCADE)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")

    class Meta:
        db_table = "remarks"
        indexes: ClassVar = [models.Index(fields=["subject_type", "subject_id"])]


class Reading(models.Model):
    sensor = models.IntegerField()
    value = models.FloatField()
    label = models.CharField(max_length=30)
    valid = models.BooleanField()

    class Meta:
        db_table = "readings"


# By table, in an order in which each has what it refers to.
MODELS: dict[str, type[models.Model]] = {
    model._meta.db_table: model for model in (User, Event, Author, Post, Comment, Tag, PostTag, Remark, Reading)
}
