"""Create table suppliers, create table supplies and 6 more."""

from isomorph.migrate import (
    AddMorphGuard,
    And,
    Check,
    Column,
    ColumnRef,
    Comparison,
    CreateTable,
    ForeignKey,
    GuardMember,
    In,
    Index,
    IndexColumn,
    IsNull,
    Literal,
    MorphGuard,
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
    id="20261121_150843_deliveries",
    depends_on=("20261121_114013_initial",),
)

upgrade: Operations = [
    CreateTable(
        Table(
            "suppliers",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("name", t.string(100)),
            ),
            primary_key=("id",),
            uniques=(Unique("suppliers_name_unique", columns=("name",)),),
        ),
    ),
    CreateTable(
        Table(
            "supplies",
            columns=(
                Column("supplier_id", t.bigint()),
                Column("item_id", t.bigint()),
                Column("price", t.decimal(10, 2)),
                Column("created_at", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("updated_at", t.timestamptz(), default_sql=SqlDefault.NOW),
            ),
            primary_key=("supplier_id", "item_id"),
            indexes=(
                Index(
                    "supplies_item_id_index",
                    columns=(IndexColumn("item_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "supplies_supplier_id_foreign",
                    columns=("supplier_id",),
                    table="suppliers",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
                ForeignKey(
                    "supplies_item_id_foreign",
                    columns=("item_id",),
                    table="shop_items",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
            ),
            checks=(
                Check(
                    "supplies_price_bounds",
                    Comparison(">=", ColumnRef("price"), Literal(0)),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "carriers",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("name", t.string(100)),
            ),
            primary_key=("id",),
            uniques=(Unique("carriers_name_unique", columns=("name",)),),
        ),
    ),
    CreateTable(
        Table(
            "shipments",
            columns=(
                Column("code", t.uuid()),
                Column("sent", t.timestamptz(), nullable=True),
                Column("order_id", t.bigint()),
                Column("carrier_id", t.bigint(), nullable=True),
            ),
            primary_key=("code",),
            indexes=(
                Index("shipments_order_id_index", columns=(IndexColumn("order_id"),)),
                Index(
                    "shipments_carrier_id_index",
                    columns=(IndexColumn("carrier_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "shipments_order_id_foreign",
                    columns=("order_id",),
                    table="orders",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
                ForeignKey(
                    "shipments_carrier_id_foreign",
                    columns=("carrier_id",),
                    table="carriers",
                    references=("id",),
                    on_delete=ReferentialAction.SET_NULL,
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "documents",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("title", t.string(100)),
                Column("subject_supplier_id", t.bigint(), nullable=True),
                Column("subject_shipment_id", t.uuid(), nullable=True),
            ),
            primary_key=("id",),
            indexes=(
                Index(
                    "documents_subject_supplier_id_index",
                    columns=(IndexColumn("subject_supplier_id"),),
                ),
                Index(
                    "documents_subject_shipment_id_index",
                    columns=(IndexColumn("subject_shipment_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "documents_subject_supplier_id_foreign",
                    columns=("subject_supplier_id",),
                    table="suppliers",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
                ForeignKey(
                    "documents_subject_shipment_id_foreign",
                    columns=("subject_shipment_id",),
                    table="shipments",
                    references=("code",),
                    on_delete=ReferentialAction.CASCADE,
                ),
            ),
            checks=(
                Check(
                    "documents_subject_check",
                    Or(
                        (
                            And(
                                (
                                    IsNull(
                                        ColumnRef("subject_supplier_id"),
                                        negated=True,
                                    ),
                                    IsNull(ColumnRef("subject_shipment_id")),
                                ),
                            ),
                            And(
                                (
                                    IsNull(
                                        ColumnRef("subject_shipment_id"),
                                        negated=True,
                                    ),
                                    IsNull(ColumnRef("subject_supplier_id")),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "notices",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("text", t.string(200)),
                Column("noticeable_type", t.string(255)),
                Column("noticeable_id", t.bigint()),
            ),
            primary_key=("id",),
            indexes=(
                Index(
                    "notices_noticeable_type_noticeable_id_index",
                    columns=(
                        IndexColumn("noticeable_type"),
                        IndexColumn("noticeable_id"),
                    ),
                ),
            ),
            checks=(
                Check(
                    "notices_noticeable_type_check",
                    In(
                        ColumnRef("noticeable_type"),
                        (Literal("supplier"), Literal("carrier")),
                    ),
                ),
            ),
        ),
    ),
    CreateTable(
        Table(
            "supplier_watchers",
            columns=(
                Column("supplier_id", t.bigint()),
                Column("user_id", t.bigint()),
                Column("created_at", t.timestamptz(), default_sql=SqlDefault.NOW),
                Column("updated_at", t.timestamptz(), default_sql=SqlDefault.NOW),
            ),
            primary_key=("supplier_id", "user_id"),
            indexes=(
                Index(
                    "supplier_watchers_user_id_index",
                    columns=(IndexColumn("user_id"),),
                ),
            ),
            foreign_keys=(
                ForeignKey(
                    "supplier_watchers_supplier_id_foreign",
                    columns=("supplier_id",),
                    table="suppliers",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
                ForeignKey(
                    "supplier_watchers_user_id_foreign",
                    columns=("user_id",),
                    table="users",
                    references=("id",),
                    on_delete=ReferentialAction.CASCADE,
                ),
            ),
        ),
    ),
    AddMorphGuard(
        "notices",
        MorphGuard(
            "notices_noticeable_guard",
            type_column="noticeable_type",
            id_column="noticeable_id",
            members=(
                GuardMember("supplier", "suppliers", "id"),
                GuardMember("carrier", "carriers", "id"),
            ),
            on_delete=ReferentialAction.RESTRICT,
        ),
    ),
]

downgrade: Operations = reverse(upgrade)
