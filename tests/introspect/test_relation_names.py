"""What a schema that is made of a database calls models, fields and relations."""

from dataclasses import replace

import pytest

from isomorph.catalog import Column, ReferentialAction, Unique
from isomorph.catalog.words import bigint, string
from tests.support.adopting import key, lines, schema_of, table

pytestmark = pytest.mark.feature("introspection.names")


@pytest.mark.parametrize(
    ("name", "model", "said"),
    [
        ("users", "User", None),
        ("order_lines", "OrderLine", None),
        ("people", "Person", None),
        ("categories", "Category", None),
        ("statuses", "Status", None),
        ("album", "Album", "album"),
        ("OrderLine", "OrderLine", "OrderLine"),
        ("tbl order-lines", "TblOrderLine", "tbl order-lines"),
        ("Überweisungen", "Uberweisungen", "Überweisungen"),
        ("用户", "Table", "用户"),
        ("2fa_tokens", "Table2faToken", "2fa_tokens"),
        ('say "hi"', "SayHi", 'say \\"hi\\"'),
        ("none", "NoneModel", "none"),
        ("class", "Class", "class"),
        ("gas", "Gas", "gas"),
        ("data", "Data", None),
    ],
)
def test_a_table_names_its_model_and_is_named_only_where_convention_gives_another(
    name: str, model: str, said: str | None
) -> None:
    written = schema_of(table(name, "id title"))
    expected = f'\n[models.{model}]\ntable = "{said}"\n' if said else f"\n[models.{model}.fields]\n"
    assert expected in written.text
    assert ("table =" in written.text) == (said is not None)
    assert written.notes == ()


def test_models_never_share_a_name_or_that_of_a_generated_class() -> None:
    written = schema_of(table("user", "id a"), table("users", "id a"), table("user_query", "id a"))
    assert [line for line in written.text.splitlines() if line.startswith("[models.")] == [
        "[models.User]",
        "[models.User.fields]",
        "[models.UserQuery2]",
        "[models.UserQuery2.fields]",
        "[models.User2]",
        "[models.User2.fields]",
    ]


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("from", 'from_ = { type = "string(255)", column = "from" }'),
        ("class", 'class_ = { type = "string(255)", column = "class" }'),
        ("save", 'save_ = { type = "string(255)", column = "save" }'),
        ("all_rows", 'all_rows_ = { type = "string(255)", column = "all_rows" }'),
        ("_hidden", 'hidden = { type = "string(255)", column = "_hidden" }'),
        ("a__b", 'a_b = { type = "string(255)", column = "a__b" }'),
        ("FirstName", 'first_name = { type = "string(255)", column = "FirstName" }'),
        ("first name", 'first_name = { type = "string(255)", column = "first name" }'),
        ("2fa", 'column_2fa = { type = "string(255)", column = "2fa" }'),
        ("größe", '"größe" = "string(255)"'),
        ("%", 'column = { type = "string(255)", column = "%" }'),
        ("name", 'name = "string(255)"'),
    ],
)
def test_a_column_that_cannot_be_a_field_is_one_under_another_name(name: str, entry: str) -> None:
    written = schema_of(replace(table("things", "id"), columns=(column_id(), Column(name, string(255)))))
    assert lines(written, "models.Thing.fields") == [entry]
    assert written.notes == ()


def column_id() -> Column:
    return Column("id", bigint(), auto_increment=True)


def test_columns_that_become_the_same_word_are_numbered() -> None:
    columns = (column_id(), *(Column(name, string(9)) for name in ("first name", "FirstName", "first_name")))
    written = schema_of(replace(table("things", "id"), columns=columns))
    assert [line.split(" =")[0] for line in lines(written, "models.Thing.fields")] == [
        "first_name",
        "first_name_",
        "first_name_2",
    ]
    assert written.notes == ()


# --- relations -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("introspection.relations")
def test_a_foreign_key_is_a_relation_in_both_directions() -> None:
    posts = table("posts", "id author_id", key("author_id", "authors.id", on_delete=ReferentialAction.CASCADE))
    written = schema_of(table("authors", "id name"), posts)
    assert lines(written, "models.Post.relations") == [
        'author = { belongs_to = "Author", on_delete = "cascade", constraint = "fk_author_id_authors", index = false }'
    ]
    assert lines(written, "models.Author.relations") == ['posts = { has_many = "Post" }']


@pytest.mark.feature("introspection.relations")
def test_a_single_key_is_named_by_its_role_and_its_way_back_by_the_table() -> None:
    customers = table("customers", "id support_rep_id?", key("support_rep_id", "employees.id"))
    written = schema_of(table("employees", "id name"), customers)
    assert lines(written, "models.Customer.relations")[0].startswith('support_rep = { belongs_to = "Employee?"')
    assert lines(written, "models.Employee.relations") == ['customers = { has_many = "Customer" }']


@pytest.mark.feature("introspection.relations")
def test_of_several_keys_to_one_table_each_way_back_says_by_which() -> None:
    keys = (key("origin_id", "airports.id"), key("target_id", "airports.id"), key("airport_id", "airports.id"))
    written = schema_of(table("airports", "id name"), table("flights", "id origin_id target_id airport_id", *keys))
    assert lines(written, "models.Airport.relations") == [
        'flights_by_origin = { has_many = "Flight", inverse = "origin" }',
        'flights_by_target = { has_many = "Flight", inverse = "target" }',
        'flights = { has_many = "Flight", inverse = "airport" }',
    ]


@pytest.mark.feature("introspection.relations")
@pytest.mark.parametrize(
    ("name", "back"),
    [("parent_id", "children"), ("manager_id", "reports"), ("origin_id", "items_by_origin")],
)
def test_rows_of_one_table_have_words_for_each_other(name: str, back: str) -> None:
    written = schema_of(table("items", f"id {name}?", key(name, "items.id")))
    role = name.removesuffix("_id")
    first, second = lines(written, "models.Item.relations")
    assert first.startswith(f'{role} = {{ belongs_to = "Item?"')
    assert second == f'{back} = {{ has_many = "Item" }}'


@pytest.mark.feature("introspection.relations")
def test_a_column_that_is_called_as_the_relation_leaves_it_the_name() -> None:
    columns = (column_id(), Column("reports_to", bigint(), nullable=True))
    employees = replace(table("employees", "id", key("reports_to", "employees.id")), columns=columns)
    written = schema_of(employees)
    assert lines(written, "models.Employee.fields") == ['reports_to_id = { type = "bigint?", column = "reports_to" }']
    assert lines(written, "models.Employee.relations") == [
        'reports_to = { belongs_to = "Employee?", constraint = "fk_reports_to_employees", index = false }',
        'reports = { has_many = "Employee" }',
    ]


@pytest.mark.feature("introspection.relations")
def test_a_unique_key_is_one_to_one() -> None:
    profiles = table("profiles", "id user_id", key("user_id", "users.id"))
    profiles = replace(profiles, uniques=(Unique("profiles_user_id_unique", ("user_id",)),))
    written = schema_of(table("users", "id name"), profiles)
    assert "unique = true" in lines(written, "models.Profile.relations")[0]
    assert lines(written, "models.User.relations") == ['profile = { has_one = "Profile" }']


@pytest.mark.feature("introspection.relations")
def test_a_key_that_is_the_primary_key_too_is_one_to_one() -> None:
    written = schema_of(
        table("users", "id name"), table("details", "user_id text", key("user_id", "users.id"), primary_key="user_id")
    )
    assert lines(written, "models.Detail") == ['primary_key = ["user_id"]']
    assert lines(written, "models.User.relations") == ['detail = { has_one = "Detail" }']
    assert written.notes == ()


@pytest.mark.feature("introspection.relations")
def test_composite_keys_are_named_by_what_their_columns_share() -> None:
    lines_ = table("order_lines", "order_id item_id note", primary_key="order_id item_id")
    refunds = table(
        "refunds", "id line_order_id line_item_id", key("line_order_id line_item_id", "order_lines.order_id item_id")
    )
    written = schema_of(lines_, refunds)
    assert lines(written, "models.Refund.relations") == [
        'line = { belongs_to = "OrderLine", constraint = "fk_line_order_id_line_item_id_order_lines", index = false }'
    ]
    assert lines(written, "models.OrderLine.relations") == ['refunds = { has_many = "Refund" }']


@pytest.mark.feature("introspection.relations")
def test_a_key_that_shares_a_column_is_named_by_its_own() -> None:
    orders = table("orders", "tenant_id id note", primary_key="tenant_id id")
    orders = replace(orders, columns=tuple(replace(one, auto_increment=False) for one in orders.columns))
    tenants = table("tenants", "id name")
    shipments = table(
        "shipments",
        "id tenant_id parcel_id",
        key("tenant_id", "tenants.id"),
        key("tenant_id parcel_id", "orders.tenant_id id"),
    )
    written = schema_of(tenants, orders, shipments)
    assert [line.split(" =")[0] for line in lines(written, "models.Shipment.relations")] == ["tenant", "parcel"]
    assert written.notes == ()


@pytest.mark.feature("introspection.relations")
@pytest.mark.parametrize("name", ["load", "query", "class", "count", "loads"])
def test_a_relation_that_the_api_leaves_no_name_gets_another(name: str) -> None:
    written = schema_of(
        table("users", "id name"),
        table(name, "id user_id", key("user_id", "users.id")),
        table("notes", f"id {name}_id", key(f"{name}_id", f"{name}.id")),
    )
    assert len(lines(written, "models.User.relations")) == 1
    assert len(lines(written, "models.Note.relations")) == 1
    assert written.notes == ()


@pytest.mark.feature("introspection.relations")
def test_a_key_to_a_unique_column_says_so() -> None:
    countries = replace(table("countries", "id code"), uniques=(Unique("countries_code_unique", ("code",)),))
    written = schema_of(countries, table("cities", "id country_code", key("country_code", "countries.code")))
    assert lines(written, "models.City.relations")[0].startswith(
        'country = { belongs_to = "Country", references = "code"'
    )
    assert written.notes == ()


@pytest.mark.feature("introspection.relations")
def test_tables_that_refer_to_each_other_in_a_circle_are_all_said() -> None:
    written = schema_of(
        table("as", "id b_id?", key("b_id", "bs.id")),
        table("bs", "id c_id", key("c_id", "cs.id")),
        table("cs", "id a_id?", key("a_id", "as.id")),
    )
    assert written.models == 3
    assert written.notes == ()
