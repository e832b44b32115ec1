"""What type checkers refuse of a relation over an arc: the same as of any to several models."""

from generated import Carrier, Document, Shipment, Supplier


def columns_are_no_fields(document: Document) -> None:
    print(document.subject_type)  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(document.subject_shipment_id)  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(Document.subject_supplier_id)  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(document.subject)  # type: ignore[type-var]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]


def wrong_objects(document: Document, carrier: Carrier) -> None:
    Document.create(title="Invoice", subject=carrier)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Document.create(title="Invoice")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Document.create(title="Invoice", subject_shipment_id=None)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    document.related.subject.associate(carrier)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Document.query().include(Document.subject, Carrier.query())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Document.query().where(Document.subject.is_(carrier))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Document.query().where(Document.subject.is_type(Carrier))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Document.query().where_has_morph(Document.subject, Carrier)  # type: ignore[misc]  # pyright: ignore[reportCallIssue, reportArgumentType]
    Document.query().where_has_morph(Document.subject, Shipment, Supplier, Shipment.sent.is_null())  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def wrong_keywords(supplier: Supplier) -> None:
    supplier.related.documents.create(title="Contract", subject=supplier)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
