"""What type checkers refuse of relations: each wrong call carries the ignore it needs; an ignore without need is an error."""

from generated import Comment, Image, Item, Post, Role, Tag, User, Video
from isomorph import Collection


def not_loaded(user: User, comment: Comment) -> None:
    print(comment.commentable)  # type: ignore[type-var]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    if comment.commentable:  # type: ignore[type-var, truthy-bool]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
        pass
    print(user.image is None)  # type: ignore[type-var]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    user.posts.first()  # type: ignore[type-var, attr-defined]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    print(user.load(User.posts).manager)  # type: ignore[type-var]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(User.query().include(User.posts).get()[0].posts[0].comments)  # type: ignore[type-var]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    user.posts = Collection[Post]()  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]


def wrong_includes() -> None:
    Comment.query().include(Comment.commentable, User.query())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Comment.query().include(Comment.commentable, Post.query(), User.query())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Image.query().include(Image.imageable, User.query(), Post.query(), Item.query(), Video.query())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().include(User.posts.comments)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().include(User.roles, Tag.query())  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    User.query().include(User)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


def wrong_loads(user: User, users: Collection[User]) -> None:
    user.load(Post.author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    user.load(User.posts, User.query())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    users.load(Post.author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    users.load_missing(User.posts, Comment.query())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    user.load_count(Post.comments)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    users.load_count(User.posts, Post.comments)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def no_pivot(role: Role, user: User) -> None:
    print(role.pivot)  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(User.posts.pivot)  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(user.load(User.roles).roles[0].pivot.assigned)  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    user.load(User.roles).roles[0].pivot.assigned_at = None  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]


def wrong_creates(user: User, post: Post) -> None:
    user.related.posts.create(title="t", body="b", author=user)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    user.related.posts.create(title="t", body="b", author_id=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    user.related.posts.create(title="t")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    user.related.posts.create(title="t", body="b", nmae="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    user.related.posts.create(title=3, body="b")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    user.related.posts.create_many([{"title": "t", "body": "b", "author_id": 3}])  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    user.related.posts.first_or_create({"author_id": 3})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    post.related.comments.create(body="b", commentable=post)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    user.related.comments.create(body="b")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    user.related.received_comments.create(body="b")  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    user.related.roles.create({"assigned": None}, name="x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def wrong_operations(user: User, post: Post, role: Role) -> None:
    user.related.posts.save(role)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    user.related.posts.attach(post)  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    user.related.roles.attach(post)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    user.related.roles.attach("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    user.related.roles.attach(1, {"assigned": None})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    user.related.roles.sync([post])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    user.related.roles.update_existing_pivot(role, {"level": 3})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    user.related.posts.find("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    post.related.author.associate(role)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Comment.find_or_fail(1).related.commentable.associate(user)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(user.related.post)  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
