"""Change aliases of comments.commentable_type, change aliases of images.imageable_type and 2 more."""

from isomorph.migrate import (
    ChangeMorphAliases,
    MorphAliases,
    Operations,
    Revision,
    reverse,
)

revision = Revision(
    id="20261121_160105_record_aliases",
    depends_on=("20261121_150843_deliveries",),
)

upgrade: Operations = [
    ChangeMorphAliases(
        "comments",
        before=None,
        after=MorphAliases(
            "commentable_type",
            members=(("clip", "videos"), ("post", "posts")),
        ),
    ),
    ChangeMorphAliases(
        "images",
        before=None,
        after=MorphAliases(
            "imageable_type",
            members=(("item", "shop_items"), ("post", "posts"), ("user", "users")),
        ),
    ),
    ChangeMorphAliases(
        "notices",
        before=None,
        after=MorphAliases(
            "noticeable_type",
            members=(("carrier", "carriers"), ("supplier", "suppliers")),
        ),
    ),
    ChangeMorphAliases(
        "taggables",
        before=None,
        after=MorphAliases(
            "taggable_type",
            members=(("clip", "videos"), ("post", "posts")),
        ),
    ),
]

downgrade: Operations = reverse(upgrade)
