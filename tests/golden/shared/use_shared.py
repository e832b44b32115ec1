"""What type checkers see."""

from typing import assert_type

from isomorph.generated import Collection

from golden_shared import Note, NoteQuery, Page, PageQuery, Remark, RemarkQuery


def use() -> None:
    assert_type(Note.query().ranking(2).titled("a").few().ranked().by(1), NoteQuery)
    assert_type(Page.query().titled("a").few().current(archived=True), PageQuery)
    assert_type(Remark.query().few(), RemarkQuery)
    assert_type(Note.query().without_scope("published", "owned").without_scopes(), NoteQuery)
    assert_type(Page.query().without_scope("current").include(Page.notes).get(), Collection[Page[Collection[Note]]])
    # A global scope may hide the row that a required key points to.
    note = Note.query().include(Note.page).first_or_fail()
    assert_type(note.page, Page | None)
    with_notes = Remark.query().include(Remark.note, Note.query().include(Note.page)).first_or_fail()
    assert_type(with_notes.note, Note[Page | None] | None)
