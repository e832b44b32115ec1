"""What type checkers accept of a relation over an arc: the same as of any to several models. Checked, never run."""

import uuid
from typing import assert_never, assert_type

from generated import Document, DocumentQuery, Order, Shipment, Subject, SubjectAlias, Supplier
from isomorph import Collection


def included() -> None:
    query = Document.query().include(Document.subject)
    assert_type(query, DocumentQuery[Supplier | Shipment | None])
    assert_type(query.get()[0].subject, Supplier | Shipment | None)
    some = Document.query().include(Document.subject, Shipment.query().include(Shipment.order)).get()
    assert_type(some[0].subject, Shipment[Order] | None)
    both = Document.query().include(Document.subject, Supplier.query(), Shipment.query()).get()
    assert_type(both[0].subject, Supplier | Shipment | None)
    papers = Supplier.query().include(Supplier.documents).first_or_fail().documents
    assert_type(papers, Collection[Document])
    back = Shipment.query().include(Shipment.documents, Document.query().include(Document.subject)).get()
    assert_type(back[0].documents[0].subject, Supplier | Shipment | None)


def loaded_later(document: Document, documents: Collection[Document]) -> None:
    assert_type(document.load(Document.subject).subject, Supplier | Shipment | None)
    assert_type(documents.load(Document.subject, Shipment.query())[0].subject, Shipment | None)
    assert_type(documents.load_missing(Document.subject)[0].subject, Supplier | Shipment | None)


def exhaustive(subject: Subject) -> str | uuid.UUID:
    match subject:
        case Supplier(name=name):
            return name
        case Shipment(code=code):
            return code
        case _:
            assert_never(subject)


def written(document: Document, supplier: Supplier, shipment: Shipment) -> None:
    assert_type(Document.create(title="Invoice", subject=shipment), Document)
    assert_type(Document(title="Contract", subject=supplier).save(), Document)
    Document.insert_many([{"title": "a", "subject": supplier}, {"title": "b", "subject": shipment}])
    assert_type(supplier.related.documents.create(title="Contract"), Document)
    assert_type(shipment.related.documents.first_or_create({"title": "Invoice"}), Document)
    assert_type(document.related.subject.associate(shipment), Supplier | Shipment)
    assert_type(document.related.subject.get(), Supplier | Shipment | None)


def asked(document: Document, supplier: Supplier) -> None:
    assert_type(Document.query().where_morphed_to(Document.subject, supplier).count(), int)
    Document.query().where(Document.subject.is_(supplier), Document.subject.is_type(Supplier, Shipment))
    Document.query().where_has_morph(Document.subject, "all")
    Document.query().where_has_morph(Document.subject, Supplier, Supplier.name == "Ada")
    Document.query().where_has_morph(Document.subject, Supplier.query(), Shipment)
    assert_type(supplier.load_count(Supplier.documents).count_of(Supplier.documents), int)


ALIAS: SubjectAlias = "shipment"
