"""Objects with what they are related to, loaded at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.data import AUTHORS, COMMENTS, POSTS, REMARKS, TABLES, scaled
from benchmarks.harness.workload import Aim, Workload

__all__ = ["WORKLOADS"]

_GROUP = "Relations"
_COMMENTS = scaled(5_000)
_AIM = {"": Aim(1.25, peers=2.0)}


def _by_key(contestant: Contestant, items: Any, said: Callable[[Any], object]) -> list[object]:
    """What is said of items, in the order of their keys: a relation has none of its own."""
    return [said(item) for item in sorted(items, key=lambda item: int(str(contestant.value(item, "id"))))]


def _nested(contestant: Contestant, authors: Any) -> list[object]:
    def comment(item: Any) -> object:
        return contestant.value(item, "id"), contestant.value(item, "body"), contestant.value(item, "likes")

    def post(item: Any) -> object:
        comments = _by_key(contestant, contestant.related(item, "comments"), comment)
        return contestant.value(item, "id"), contestant.value(item, "title"), comments

    def author(item: Any) -> object:
        return contestant.value(item, "name"), _by_key(contestant, contestant.related(item, "posts"), post)

    return _by_key(contestant, authors, author)


def _to_one(contestant: Contestant, comments: Any) -> list[object]:
    def comment(item: Any) -> object:
        post = contestant.related(item, "post")
        return contestant.value(item, "body"), contestant.value(post, "id"), contestant.value(post, "title")

    return _by_key(contestant, comments, comment)


def _tags(contestant: Contestant, posts: Any) -> list[object]:
    def tag(item: Any) -> object:
        return contestant.value(item, "id"), contestant.value(item, "name"), contestant.position(item)

    def post(item: Any) -> object:
        return contestant.value(item, "title"), _by_key(contestant, contestant.related(item, "tags"), tag)

    return _by_key(contestant, posts, post)


def _remarks(contestant: Contestant, posts: Any) -> list[object]:
    def post(item: Any) -> object:
        remarks = contestant.related(item, "remarks")
        return contestant.value(item, "title"), _by_key(
            contestant, remarks, lambda each: contestant.value(each, "body")
        )

    return _by_key(contestant, posts, post)


def _subjects(contestant: Contestant, remarks: Any) -> list[object]:
    def remark(item: Any) -> object:
        subject = contestant.related(item, "subject")
        name = "title" if hasattr(subject, "title") else "name"
        return contestant.value(item, "body"), contestant.value(subject, "id"), contestant.value(subject, name)

    return _by_key(contestant, remarks, remark)


WORKLOADS = [
    Workload(
        name="nested",
        title="200 authors, with 10 posts each, with 10 comments each",
        group=_GROUP,
        tables=("authors", "posts", "comments"),
        run=lambda contestant, _: contestant.nested(),
        seen=_nested,
        operations=AUTHORS + POSTS + COMMENTS,
        unit="object",
        aims=_AIM,
    ),
    Workload(
        name="to_one",
        title="5,000 comments, each with its post",
        group=_GROUP,
        tables=("posts", "comments"),
        run=lambda contestant, _: contestant.to_one(_COMMENTS),
        seen=_to_one,
        operations=_COMMENTS,
        unit="object",
        aims=_AIM,
    ),
    Workload(
        name="many_to_many",
        title="2,000 posts with 5 tags each, and the pivot's column",
        group=_GROUP,
        tables=("posts", "tags", "post_tags"),
        run=lambda contestant, _: contestant.many_to_many(),
        seen=_tags,
        operations=TABLES["post_tags"].number,
        unit="object",
        aims=_AIM,
    ),
    Workload(
        name="morph_many",
        title="2,000 posts with the remarks on them (polymorphic)",
        group=_GROUP,
        tables=("posts", "remarks"),
        run=lambda contestant, _: contestant.morph_many(),
        seen=_remarks,
        operations=POSTS,
        unit="object",
        aims=_AIM,
    ),
    Workload(
        name="morph_to",
        title="3,600 remarks, each with its subject: an author or a post (polymorphic)",
        group=_GROUP,
        tables=("authors", "posts", "remarks"),
        run=lambda contestant, _: contestant.morph_to(),
        seen=_subjects,
        operations=REMARKS,
        unit="object",
        aims=_AIM,
    ),
    Workload(
        name="aggregate",
        title="Group comments by their author's country, with count, sum and a condition on the count; 5 times",
        group=_GROUP,
        tables=("authors", "posts", "comments"),
        run=lambda contestant, _: [contestant.aggregate(likes) for likes in (0, 10, 20, 30, 40)],
        seen=lambda _, results: [[(name, int(count), int(total)) for name, count, total in rows] for rows in results],
        operations=5,
        unit="statement",
        aims={"": Aim(1.25)},
    ),
]
