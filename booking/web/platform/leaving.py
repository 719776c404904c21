"""A commune that leaves: its data in one archive, and then its end, typed to be meant."""

from __future__ import annotations

from tempfile import TemporaryFile

from flask import Blueprint, flash, g, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import ValidationError

from booking import archive
from booking.core.errors import OtherName, VisitsToCome
from booking.core.roles import Role
from booking.database import db, read, snapshot, write
from booking.usecases.journal import note
from booking.usecases.leaving import leave, number_to_come
from booking.web.admin.fields import TypedField, page_of, said
from booking.web.answers import sentence_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.platform.door import actor, commune_here


class LeaveForm(Form):
    name = TypedField(_l("Name of the commune"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    with_visits = BooleanField(_l("The appointments to come are deleted too"))

    def validate_name(self, field: TypedField) -> None:
        if not said(field):
            raise ValidationError(_l("Write the name of the commune."))


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/communes/<row:number>/data", "data", data, methods=["POST"])
    blueprint.add_url_rule("/communes/<row:number>/remove", "remove", remove, methods=["GET", "POST"])


@open_to(Role.PLATFORM)
def data(number: int) -> ResponseReturnValue:
    """Everything that is kept of a commune: made whole first, so that no slow reader keeps the database waiting."""
    commune = commune_here(number)
    about = {"commune_id": commune.id, "act": "exported", "subject": "commune", "subject_id": commune.id}
    write(note, actor(), **about, now=g.now)
    file = TemporaryFile()  # noqa: SIM115 - it is closed when it was sent
    with snapshot(db.engine) as session:
        archive.write_archive(session, file, commune_id=commune.id, now=g.now)
    file.seek(0)
    name = f"commune-{commune.id}-{g.now:%Y-%m-%d}.zip"
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)


@open_to(Role.PLATFORM)
def remove(number: int) -> ResponseReturnValue:
    commune = commune_here(number)
    form = LeaveForm()
    if form.validate_on_submit():
        own = {"name": said(form.name), "with_visits": bool(form.with_visits.data), "now": g.now}
        try:
            write(leave, commune_id=commune.id, **own)
        except OtherName as refusal:
            form.name.errors = [sentence_of(refusal)]
        except VisitsToCome as refusal:
            form.with_visits.errors = [sentence_of(refusal)]
        else:
            flash(_("The commune is deleted, with all that was kept of it."))
            return redirect(url_for(".home"), 303)
    coming = number_to_come(read(), commune_id=commune.id, now=g.now)
    return page_of(form, "platform/remove.html", commune=commune, coming=coming)
