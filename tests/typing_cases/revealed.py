"""What an editor shows for the calls that people type most. The answers of both checkers are golden files."""

from typing import reveal_type

from generated import Comment, Item, Post, Refund, User, db
from isomorph import functions as f

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
reveal_type(f.count())
reveal_type(f.sum(Item.price).filter(Item.stock > 3))
reveal_type(f.row_number())
reveal_type(f.lag(Post.views).over(order_by=Post.id))
reveal_type(User.alias("boss"))
reveal_type(Post.query().select(Post.author_id, f.max(Post.views)).subquery("best"))
reveal_type(f.values("v", [(1, "x")], columns=(Item.id, Item.name)))
reveal_type(db.table("metrics"))
reveal_type(f.col("views", int))
