"""The statements of hand-written code, with `%s` where a value goes; a driver that has another sign for it replaces it."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ABOVE",
    "AGGREGATE",
    "AUTHOR",
    "BY_KEY",
    "COMMENT",
    "DELETE",
    "DELETE_ALL",
    "EVENT",
    "FILTERED",
    "FIRST_COMMENTS",
    "FIRST_READINGS",
    "INSERT",
    "POST",
    "POST_TAG",
    "READING",
    "REMARK",
    "SAVE",
    "TUPLE",
    "USER",
]

USER: Final = "SELECT id, name, email, age, score, active FROM users"
TUPLE: Final = "SELECT id, name, email, age, score FROM users"
EVENT: Final = (
    "SELECT id, code, session, price, tax, total, occurred_at, received_at, closed_at, payload, context, level, origin, "
    "billed, refunded, flagged, title, note, quantity, weight FROM events"
)
AUTHOR: Final = "SELECT id, name, country FROM authors"
POST: Final = "SELECT id, title, body, views, author_id FROM posts"
COMMENT: Final = "SELECT id, body, likes, post_id FROM comments"
REMARK: Final = "SELECT id, body, subject_type, subject_id FROM remarks"
READING: Final = "SELECT id, sensor, value, label, valid FROM readings"
POST_TAG: Final = "SELECT post_tags.post_id, tags.id, tags.name, post_tags.position FROM post_tags JOIN tags ON tags.id = post_tags.tag_id"

BY_KEY: Final = f"{USER} WHERE id = %s"
ABOVE: Final = f"{USER} WHERE id > %s ORDER BY id"
FILTERED: Final = f"{USER} WHERE age = %s AND active AND score >= %s ORDER BY id LIMIT 50"
FIRST_READINGS: Final = f"{READING} ORDER BY id LIMIT %s"
FIRST_COMMENTS: Final = f"{COMMENT} ORDER BY id LIMIT %s"
AGGREGATE: Final = (
    "SELECT authors.country, count(comments.id), sum(comments.likes) FROM comments "
    "JOIN posts ON posts.id = comments.post_id JOIN authors ON authors.id = posts.author_id "
    "WHERE comments.likes >= %s GROUP BY authors.country HAVING count(comments.id) > 10 ORDER BY authors.country"
)

INSERT: Final = "INSERT INTO users (name, email, age, score, active)"
SAVE: Final = "UPDATE users SET age = %s WHERE id = %s"
DELETE: Final = "DELETE FROM users WHERE id = %s"
DELETE_ALL: Final = "DELETE FROM users WHERE id"
