"""Appointments of another system: a file is brought, its columns are named, its effect is seen, then it is booked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, SelectField
from wtforms.validators import ValidationError

from booking.core.errors import BookingError, ColumnsMissing, ImportGone
from booking.core.roles import Role
from booking.core.tables import Row, Sheet, sheet_of
from booking.core.text import clean
from booking.core.typed import typed_number
from booking.core.visit_imports import NEEDED, Column, ImportState, Refused
from booking.database import read, write
from booking.models import VisitImport
from booking.usecases.visit_imports import (
    Prospect,
    Readers,
    begin,
    book_piece,
    columns_of,
    discard,
    keep_file,
    kept,
    kept_here,
    prospect,
    refused_lines,
    say_columns,
    say_meanings,
    sheet_in,
)
from booking.web.admin.fields import page_of
from booking.web.admin.import_words import COLUMN_WORDS, WHY_NOT
from booking.web.admin.workplace import administered, administers_everywhere, reach_here, services_here
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.web.guard import open_to
from booking.web.resident.forms import email_of, phone_of

SAMPLE = 5
PIECES_AT_ONCE = 10
"""So many pieces are booked before the page answers; a longer table is gone on with by the button it then shows."""

NOT_THERE = ""

READERS = Readers(email=email_of, phone=phone_of)
"""Contacts are read as forms read them; what forms refuse is a ``ValueError``."""


class FileForm(Form):
    file = FileField(_l("File"), description=_l("File"))

    def sheet(self) -> Sheet | None:
        """The table in the file, or ``None`` with what is wrong at the field."""
        sent = self.file.data
        try:
            return sheet_of(content_of(sent) if isinstance(sent, FileStorage) else b"")
        except BookingError as refusal:
            self.file.errors = [sentence_of(refusal)]
            return None

    def filename(self) -> str:
        return clean(getattr(self.file.data, "filename", "") or "") or "CSV"


def content_of(sent: FileStorage) -> bytes:
    with sent.stream as file:
        return file.read()


class ColumnsForm(Form):
    """In which column each thing stands; the fields are those of ``Column``."""

    office_id = SelectField(_l("Office of the appointments"), validate_choice=False, description=_l("Office"))

    def offer(self, headings: Iterable[str]) -> None:
        named = [(str(place), name) for place, name in enumerate(headings)]
        for column in Column:
            nothing = _l("Choose a column") if column in NEEDED else _l("not in this file")
            self[column.value].choices = choices([(NOT_THERE, nothing), *named])
        self.office_id.choices = choices(
            [
                (NOT_THERE, _l("Choose an office")),
                *((str(one.id), one.name.joined(g.language)) for one in administered()),
            ]
        )

    def columns(self) -> dict[Column, int]:
        found = {column: typed_number(self[column.value].data or "") for column in Column}
        # The first choice says that the column is not there.
        return {
            column: place
            for column, place in found.items()
            if place is not None and place < len(self[column.value].choices) - 1
        }

    def office_of_all(self) -> int | None:
        return typed_number(self.office_id.data or "")

    def validate_office_id(self, field: SelectField) -> None:
        if Column.OFFICE not in self.columns() and not field.data:
            raise ValidationError(_l("Choose the office of these appointments, or the column that names it."))


def needed_column(form: ColumnsForm, field: SelectField) -> None:
    if not field.data:
        raise ValidationError(_l("Choose the column."))


for column in Column:
    checks = [needed_column] if column in NEEDED else []
    said = COLUMN_WORDS[column]
    setattr(ColumnsForm, column.value, SelectField(said, validators=checks, validate_choice=False, description=said))


class BookForm(Form):
    confirms = BooleanField(_l("Send each person the confirmation by e-mail"))


def add_to(blueprint: Blueprint) -> None:
    one, both, post = "/import/<row:number>", ["GET", "POST"], ["POST"]
    blueprint.add_url_rule("/import", "imports", imports, methods=both)
    blueprint.add_url_rule(f"{one}/columns", "import_columns", import_columns, methods=both)
    blueprint.add_url_rule(one, "import_effect", import_effect)
    blueprint.add_url_rule(f"{one}/meanings", "import_meanings", import_meanings, methods=post)
    blueprint.add_url_rule(f"{one}/book", "import_book", import_book, methods=post)
    blueprint.add_url_rule(f"{one}/discard", "import_discard", import_discard, methods=post)


@open_to(Role.ADMINISTRATOR)
def imports() -> ResponseReturnValue:
    """Bring a file along; those that are still kept are listed below."""
    form = FileForm()
    if form.validate_on_submit() and (sheet := form.sheet()):
        own = {"sheet": sheet, "filename": form.filename(), "person_id": g.staff.id}
        number = write(keep_file, commune_id=g.commune.id, **own, actor=actor(), now=g.now)
        return redirect(url_for(".import_columns", number=number), 303)
    files = [one for one in kept_here(read(), commune_id=g.commune.id) if is_theirs(one)]
    return page_of(form, "admin/imports.html", files=files)


def is_theirs(found: VisitImport) -> bool:
    """Whether this person may look into a file: they brought it, or they administer every office it may speak of."""
    return found.person_id == g.staff.id or administers_everywhere()


def own_file(number: int) -> VisitImport:
    """Raises ``ImportGone``, also for a file of somebody else."""
    found = kept(read(), commune_id=g.commune.id, import_id=number)
    if not is_theirs(found):
        raise ImportGone
    return found


@open_to(Role.ADMINISTRATOR)
def import_columns(number: int) -> ResponseReturnValue:
    """Say in which columns what stands, with the first lines before one's eyes."""
    found = own_file(number)
    if found.state != ImportState.OPEN:
        return redirect(url_for(".import_effect", number=number), 303)
    sheet, form = sheet_in(found), ColumnsForm(data=shown(found))
    form.offer(sheet.headings)
    if form.validate_on_submit():
        own = {"commune_id": g.commune.id, "import_id": number}
        write(say_columns, **own, columns=form.columns(), office_id=own_office_id(form))
        return redirect(url_for(".import_effect", number=number), 303)
    return page_of(form, "admin/import_columns.html", found=found, sheet=sheet, sample=sheet.rows[:SAMPLE])


def shown(found: VisitImport) -> dict[str, str]:
    """The columns as they were guessed or said before."""
    offices = administered()
    alone = offices[0].id if len(offices) == 1 else ""
    return {name: str(place) for name, place in found.columns.items()} | {"office_id": str(found.office_id or alone)}


def own_office_id(form: ColumnsForm) -> int | None:
    return next((one.id for one in administered() if one.id == form.office_of_all()), None)


@dataclass(frozen=True)
class RefusedLine:
    """A line that is not booked: its number in the file, what stands in it, and why."""

    number: int
    cells: tuple[str, ...]
    why: Any


@open_to(Role.ADMINISTRATOR)
def import_effect(number: int) -> ResponseReturnValue:
    """What becomes of every line: as long as nothing is booked, what would; after that, what did."""
    found = own_file(number)
    sheet = sheet_in(found)
    if found.state == ImportState.OPEN:
        try:
            seen = prospect(read(), found=found, readers=READERS, office_ids=reach_here(), now=g.now)
        except ColumnsMissing:
            return redirect(url_for(".import_columns", number=number), 303)
        return effect_page(found, sheet, seen)
    refused = told(sheet, found, refused_lines(read(), found=found))
    return render_template("admin/import_booked.html", found=found, form=Form(), refused=refused)


def effect_page(found: VisitImport, sheet: Sheet, seen: Prospect) -> ResponseReturnValue:
    return render_template(
        "admin/import_effect.html",
        found=found,
        form=BookForm(),
        bookable=len(seen.placed),
        refused=told(sheet, found, seen.refused),
        unknown=seen.unknown_services,
        services=[one for one in services_here() if one.mode.is_bookable],
    )


def told(sheet: Sheet, found: VisitImport, refused: Iterable[Refused]) -> list[RefusedLine]:
    rows = {row.number: row for row in sheet.rows}
    places = columns_of(found).values()

    def cells(row: Row | None) -> tuple[str, ...]:
        return tuple(row.cells[place] for place in places) if row else ()

    return [RefusedLine(one.number, cells(rows.get(one.number)), WHY_NOT[one.why]) for one in refused]


@open_to(Role.ADMINISTRATOR)
def import_meanings(number: int) -> ResponseReturnValue:
    """Say which services are meant by words of the table that are none of ours."""
    own_file(number)
    if Form().validate_on_submit():
        pairs = zip(request.form.getlist("word"), request.form.getlist("service"), strict=False)
        own = {one.id for one in services_here()}
        meant = {word: service for word, said in pairs if (service := typed_number(said)) in own and service}
        write(say_meanings, commune_id=g.commune.id, import_id=number, meanings=meant)
    return redirect(url_for(".import_effect", number=number), 303)


@open_to(Role.ADMINISTRATOR)
def import_book(number: int) -> ResponseReturnValue:
    """Book, or go on with it: piece by piece, as much as fits into one answer."""
    own_file(number)
    form = BookForm()
    if form.validate_on_submit():
        own: dict[str, Any] = {"commune_id": g.commune.id, "import_id": number, "actor": actor(), "now": g.now}
        write(begin, **own, confirms=bool(form.confirms.data))
        for _piece in range(PIECES_AT_ONCE):
            if write(book_piece, **own, readers=READERS, office_ids=reach_here()).is_over:
                break
    return redirect(url_for(".import_effect", number=number), 303)


@open_to(Role.ADMINISTRATOR)
def import_discard(number: int) -> ResponseReturnValue:
    own_file(number)
    if Form().validate_on_submit():
        write(discard, commune_id=g.commune.id, import_id=number, actor=actor(), now=g.now)
        flash(_("The file is discarded."))
    return redirect(url_for(".imports"), 303)
