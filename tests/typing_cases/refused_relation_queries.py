"""Queries over relations that type checkers refuse."""

from generated import Comment, Post, Role, User, Video


def conditions(ada: User, clip: Video) -> None:
    User.query().has("posts")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().has(User.posts, "like", 3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().has(User.posts, ">=", "3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().has(User.name)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().where_has(User.posts, Role.query())  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    User.query().where_has(User.posts, Post.views)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().where_has(User.posts, Post.query().select(Post.title))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().where_doesnt_have(User.posts, User.query())  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    User.query().with_count(User.posts, Role.query())  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    User.query().with_sum(User.posts, Post.title)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().with_avg(User.posts, Post.created_at)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().with_count("posts")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.posts.exists(Role.query())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.posts.sum(Post.title)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    User.posts.avg(Post.published)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    print(User.posts.title)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]
    print(Comment.commentable.author)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]
    Post.author.is_(clip)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Post.author.is_(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Comment.commentable.is_(ada)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Comment.commentable.is_type(User)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Comment.query().where_morphed_to(Comment.commentable, ada)  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    Comment.query().where_morphed_to(Comment.commentable, User)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Comment.query().where_has_morph(Comment.commentable, User)  # type: ignore[misc]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Comment.query().where_has_morph(Comment.commentable, [Post, User])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Comment.query().where_has_morph(Comment.commentable, Post.query(), User.query())  # type: ignore[misc]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Comment.query().where_has_morph(Comment.commentable, Post, Video, Post.views > 3)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Comment.query().where_has_morph(Comment.commentable, "some")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Post.query().where_belongs_to("ada")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def amounts(ada: User) -> None:
    ada.count_of(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ada.sum_of(User.posts)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ada.sum_of(User.posts, Post.title)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ada.avg_of(User.posts, Post.created_at)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    ada.min_of(User.posts, "views")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
