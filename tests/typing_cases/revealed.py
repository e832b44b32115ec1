"""What an editor shows for the calls that people type most. The answers of both checkers are golden files."""

from typing import reveal_type

from generated import Comment, Post, Refund, User

reveal_type(User.name)
reveal_type(User.age)
reveal_type(User.posts)
reveal_type(User.query())
reveal_type(User.query().where(User.age >= 18).get())
reveal_type(User.find(1))
reveal_type(Comment.query().include(Comment.commentable).get())
reveal_type(Post.query().include(Post.author).first_or_fail().author)
reveal_type(Post.query().join(Post.author).select(Post.title, User.name).get())
reveal_type(Post.query().popular())
reveal_type(User.create)
reveal_type(Refund.query().without_scope)
reveal_type(User.query().explain())
reveal_type(User.query().get().pluck(User.age))
reveal_type(User.query().get().group_by(User.active))
reveal_type(User.query().get().map(lambda user: user.age).without_none())
reveal_type(User.query().get().sum(User.age))
reveal_type(User.query().lazy())
reveal_type(Post.query().include(Post.author).cursor_paginate())
reveal_type(Post.query().simple_paginate().items)
