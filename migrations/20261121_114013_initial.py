"""Create enum Category, create enum OrderStatus and 17 more."""

from isomorph.migrate import (
    Between,
    Call,
    Check,
    Column,
    ColumnRef,
    Comparison,
    CreateEnum,
    CreateTable,
    Default,
    Enum,
    ForeignKey,
    Index,
    IndexColumn,
    Literal,
    Operations,
    Or,
    ReferentialAction,
    Revision,
    SqlDefault,
    Table,
    Unique,
    reverse,
)
from isomorph.migrate import types as t

revision = Revision(
    id="20261121_114013_initial",
    depends_on=(),
)

upgrade: Operations = [
    CreateEnum(
        Enum(
            "Category",
            values=("electronics", "clothing", "book", "other"),
            type_name="category",
        ),
    ),
    CreateEnum(
        Enum(
            "OrderStatus",
            values=("open", "paid", "shipped", "returned"),
            type_name="order_status",
        ),
    ),
    CreateTable(
        Table(
            "users",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("name", t.string(100)),
                Column("email", t.string(255)),
                Column("password", t.string(255)),
                Column("nickname", t.string(50), nullable=True),
                Column("age", t.int(), nullable=True),
                Column("active", t.bool(), default=Default(True)),
                Column("settings", t.json(), default=Default({})),
                Column("joined", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("manager_id", t.bigint(), nullable=True),
                Column("created_at", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("updated_at", t.timestamptz(), default_sql=SqlDefault.NOW),
            ),
            primary_key=("id",),
            uniques=(Unique("users_email_unique", columns=("email",)),),
            indexes=(
                Index(
                    "users_manager_id_index",
                    columns=(IndexColumn("manager_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "users_manager_id_foreign",
                    columns=("manager_id",),
                    table="users",
                    references=("id",),
                    on_delete=ReferentialAction.SET_NULL,
                ),
            ),
            checks=(
                Check(
                    "users_age_bounds",
                    Comparison(">=", ColumnRef("age"), Literal(0)),
                ),
                Check(
                    "users_age_check",
                    Comparison(">=", ColumnRef("age"), Literal(0)),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "profiles",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("bio", t.text(), nullable=True),
                Column("website", t.string(255), nullable=True),
                Column("born", t.date(), nullable=True),
                Column("wakes_at", t.time(), nullable=True),
                Column("user_id", t.bigint()),
            ),
            primary_key=("id",),
            uniques=(Unique("profiles_user_id_unique", columns=("user_id",)),),
            foreign_keys=(
                ForeignKey(
                    "profiles_user_id_foreign",
                    columns=("user_id",),
                    table="users",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "addresses",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("street", t.string(200)),
                Column("city", t.string(100)),
                Column("country", t.string(2), comment="ISO 3166-1 alpha-2"),
                Column("profile_id", t.bigint()),
            ),
            primary_key=("id",),
            uniques=(Unique("addresses_profile_id_unique", columns=("profile_id",)),),
            foreign_keys=(
                ForeignKey(
                    "addresses_profile_id_foreign",
                    columns=("profile_id",),
                    table="profiles",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
            ),
            checks=(
                Check(
                    "addresses_country_bounds",
                    Comparison(
                        ">=",
                        Call("length", arguments=(ColumnRef("country"),)),
                        Literal(2),
                    ),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "roles",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("name", t.string(50)),
                Column("level", t.smallint(), default=Default(1)),
            ),
            primary_key=("id",),
            uniques=(Unique("roles_name_unique", columns=("name",)),),
            checks=(
                Check(
                    "roles_level_bounds",
                    Between(ColumnRef("level"), Literal(1), Literal(9)),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "posts",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("title", t.string(200)),
                Column("body", t.text()),
                Column("published", t.bool(), default=Default(False)),
                Column("views", t.bigint(), default=Default(0)),
                Column("publish_on", t.datetime(), nullable=True),
                Column("author_id", t.bigint()),
                Column("created_at", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("updated_at", t.timestamptz(), default_sql=SqlDefault.NOW),
            ),
            primary_key=("id",),
            indexes=(
                Index(
                    "posts_author_id_created_at_index",
                    columns=(
                        IndexColumn("author_id"),
                        IndexColumn("created_at", descending=True),
                    ),
                    where=Comparison("=", ColumnRef("published"), Literal(True)),
                ),
                Index("posts_author_id_index", columns=(IndexColumn("author_id"),)),
            ),
            foreign_keys=(
                ForeignKey(
                    "posts_author_id_foreign",
                    columns=("author_id",),
                    table="users",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
            ),
            checks=(
                Check(
                    "posts_title_bounds",
                    Comparison(
                        ">=",
                        Call("length", arguments=(ColumnRef("title"),)),
                        Literal(1),
                    ),
                ),
                Check(
                    "posts_views_bounds",
                    Comparison(">=", ColumnRef("views"), Literal(0)),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "videos",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("title", t.string(200)),
                Column("url", t.string(500)),
                Column("seconds", t.double()),
                Column("owner_id", t.bigint(), nullable=True),
                Column("created_at", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("updated_at", t.timestamptz(), default_sql=SqlDefault.NOW),
            ),
            primary_key=("id",),
            indexes=(
                Index(
                    "videos_owner_id_index",
                    columns=(IndexColumn("owner_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "videos_owner_id_foreign",
                    columns=("owner_id",),
                    table="users",
                    references=("id",),
                    on_delete=ReferentialAction.SET_NULL,
                ),
            ),
            checks=(
                Check(
                    "videos_seconds_bounds",
                    Comparison(">=", ColumnRef("seconds"), Literal(0.0)),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "comments",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("body", t.text()),
                Column("commentable_type", t.string(255)),
                Column("commentable_id", t.bigint()),
                Column("author_id", t.bigint(), nullable=True),
                Column("created_at", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("updated_at", t.timestamptz(), default_sql=SqlDefault.NOW),
            ),
            primary_key=("id",),
            indexes=(
                Index(
                    "comments_commentable_type_commentable_id_index",
                    columns=(
                        IndexColumn("commentable_type"),
                        IndexColumn("commentable_id"),
                    ),
                ),
                Index("comments_author_id_index", columns=(IndexColumn("author_id"),)),
            ),
            foreign_keys=(
                ForeignKey(
                    "comments_author_id_foreign",
                    columns=("author_id",),
                    table="users",
                    references=("id",),
                    on_delete=ReferentialAction.SET_NULL,
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "images",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("url", t.string(500)),
                Column("preview", t.bytes(), nullable=True),
                Column("imageable_type", t.string(255), nullable=True),
                Column("imageable_id", t.bigint(), nullable=True),
            ),
            primary_key=("id",),
            indexes=(
                Index(
                    "images_imageable_type_imageable_id_index",
                    columns=(
                        IndexColumn("imageable_type"),
                        IndexColumn("imageable_id"),
                    ),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "tags",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("name", t.string(50)),
            ),
            primary_key=("id",),
            uniques=(Unique("tags_name_unique", columns=("name",)),),
        ),
    ),
    CreateTable(
        Table(
            "departments",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("name", t.string(100)),
                Column("parent_id", t.bigint(), nullable=True),
            ),
            primary_key=("id",),
            uniques=(
                Unique(
                    "departments_parent_id_name_unique",
                    columns=("parent_id", "name"),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "departments_parent_id_foreign",
                    columns=("parent_id",),
                    table="departments",
                    references=("id",),
                    on_delete=ReferentialAction.RESTRICT,
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "shop_items",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("code", t.uuid()),
                Column("name", t.string(200)),
                Column("description", t.text(), nullable=True),
                Column("category", t.enum("Category"), default=Default("other")),
                Column("price", t.decimal(10, 2)),
                Column("weight_kg", t.double(), nullable=True),
                Column("stock", t.int(), default=Default(0)),
                Column("rating", t.smallint(), nullable=True),
                Column("attributes", t.json(), default=Default({})),
                Column("available_from", t.date(), default_sql=SqlDefault.CURRENT_DATE),
                Column("department_id", t.bigint(), nullable=True),
                Column("listed_at", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("changed_at", t.timestamptz(), default_sql=SqlDefault.NOW),
            ),
            primary_key=("id",),
            uniques=(Unique("shop_items_code_unique", columns=("code",)),),
            indexes=(
                Index("shop_items_name_index", columns=(IndexColumn("name"),)),
                Index("shop_items_category_index", columns=(IndexColumn("category"),)),
                Index(
                    "shop_items_department_id_index",
                    columns=(IndexColumn("department_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "shop_items_department_id_foreign",
                    columns=("department_id",),
                    table="departments",
                    references=("id",),
                    on_delete=ReferentialAction.SET_NULL,
                ),
            ),
            checks=(
                Check(
                    "shop_items_price_bounds",
                    Comparison(">=", ColumnRef("price"), Literal(0)),
                ),
                Check(
                    "shop_items_rating_bounds",
                    Between(ColumnRef("rating"), Literal(1), Literal(5)),
                ),
                Check(
                    "shop_items_1_check",
                    Comparison(">=", ColumnRef("stock"), Literal(0)),
                ),
                Check(
                    "shop_items_price_check",
                    Or(
                        (
                            Comparison(">", ColumnRef("price"), Literal(0)),
                            Comparison("=", ColumnRef("category"), Literal("other")),
                        ),
                    ),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "orders",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("number", t.string(20)),
                Column("status", t.enum("OrderStatus"), default=Default("open")),
                Column("placed", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("customer_id", t.bigint()),
                Column("created_at", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("updated_at", t.timestamptz(), default_sql=SqlDefault.NOW),
            ),
            primary_key=("id",),
            uniques=(Unique("orders_number_unique", columns=("number",)),),
            indexes=(
                Index(
                    "orders_customer_id_index",
                    columns=(IndexColumn("customer_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "orders_customer_id_foreign",
                    columns=("customer_id",),
                    table="users",
                    references=("id",),
                    on_delete=ReferentialAction.RESTRICT,
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "order_lines",
            columns=(
                Column("order_id", t.bigint()),
                Column("item_id", t.bigint()),
                Column("quantity", t.int(), default=Default(1)),
                Column("unit_price", t.decimal(10, 2)),
            ),
            primary_key=("order_id", "item_id"),
            indexes=(
                Index(
                    "order_lines_item_id_index",
                    columns=(IndexColumn("item_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "order_lines_order_id_foreign",
                    columns=("order_id",),
                    table="orders",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
                ForeignKey(
                    "order_lines_item_id_foreign",
                    columns=("item_id",),
                    table="shop_items",
                    references=("id",),
                    on_delete=ReferentialAction.RESTRICT,
                ),
            ),
            checks=(
                Check(
                    "order_lines_quantity_bounds",
                    Comparison(">=", ColumnRef("quantity"), Literal(1)),
                ),
                Check(
                    "order_lines_quantity_check",
                    Comparison(">", ColumnRef("quantity"), Literal(0)),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "refunds",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("amount", t.decimal(10, 2)),
                Column("reason", t.string(200), nullable=True),
                Column("given", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("line_order_id", t.bigint()),
                Column("line_item_id", t.bigint()),
            ),
            primary_key=("id",),
            indexes=(
                Index(
                    "refunds_line_order_id_line_item_id_index",
                    columns=(IndexColumn("line_order_id"), IndexColumn("line_item_id")),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "refunds_line_order_id_line_item_id_foreign",
                    columns=("line_order_id", "line_item_id"),
                    table="order_lines",
                    references=("order_id", "item_id"),
                    on_delete=ReferentialAction.CASCADE,
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "follows",
            columns=(
                Column("follower_id", t.bigint()),
                Column("followed_id", t.bigint()),
            ),
            primary_key=("follower_id", "followed_id"),
            indexes=(
                Index(
                    "follows_followed_id_index",
                    columns=(IndexColumn("followed_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "follows_follower_id_foreign",
                    columns=("follower_id",),
                    table="users",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
                ForeignKey(
                    "follows_followed_id_foreign",
                    columns=("followed_id",),
                    table="users",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "role_user",
            columns=(
                Column("user_id", t.bigint()),
                Column("role_id", t.bigint()),
                Column("assigned_at", t.datetime(), nullable=True),
            ),
            primary_key=("user_id", "role_id"),
            indexes=(
                Index(
                    "role_user_role_id_index",
                    columns=(IndexColumn("role_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "role_user_user_id_foreign",
                    columns=("user_id",),
                    table="users",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
                ForeignKey(
                    "role_user_role_id_foreign",
                    columns=("role_id",),
                    table="roles",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "taggables",
            columns=(
                Column("tag_id", t.bigint()),
                Column("taggable_type", t.string(255)),
                Column("taggable_id", t.bigint()),
            ),
            primary_key=("tag_id", "taggable_type", "taggable_id"),
            indexes=(
                Index(
                    "taggables_taggable_type_taggable_id_index",
                    columns=(IndexColumn("taggable_type"), IndexColumn("taggable_id")),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "taggables_tag_id_foreign",
                    columns=("tag_id",),
                    table="tags",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
            ),
        ),
    ),
]

downgrade: Operations = reverse(upgrade)
