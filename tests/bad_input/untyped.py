"""The models of the showcase under their names, typed as Any: here they are given what a type checker would refuse."""

from typing import Any

import generated

__all__ = [
    "Comment",
    "Image",
    "Item",
    "Order",
    "OrderLine",
    "Post",
    "Profile",
    "Role",
    "User",
    "Video",
]

Comment: Any = generated.Comment
Image: Any = generated.Image
Item: Any = generated.Item
Order: Any = generated.Order
OrderLine: Any = generated.OrderLine
Post: Any = generated.Post
Profile: Any = generated.Profile
Role: Any = generated.Role
User: Any = generated.User
Video: Any = generated.Video
