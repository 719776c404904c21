"""Trusted helpers: contacts of organisations that book for many people."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from booking.core.errors import AlreadyTrusted
from booking.core.roles import Role
from booking.core.text import clean
from booking.core.typed import typed_number
from booking.database import read, write
from booking.usecases.trusted import distrust, trust, trusted_here
from booking.web.admin.fields import TypedField, at_most, needed, said
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.resident.forms import Contact, email_of, phone_of

MOST_NOTED = 200


class HelperForm(Form):
    """One contact, and whose it is."""

    note = TypedField(_l("Organisation"), validators=[at_most(MOST_NOTED)], render_kw={"autocomplete": "off"})
    contact = TypedField(
        _l("E-mail address or telephone number"), render_kw={"autocomplete": "off", "spellcheck": "false"}
    )

    def validate_note(self, field: Field) -> None:
        needed(field, _l("Write the name of the organisation."))

    def validate_contact(self, field: Field) -> None:
        given = self.given()
        if not (given.email or given.phone):
            raise ValidationError(_l("Write an e-mail address or a telephone number."))

    def given(self) -> Contact:
        typed = clean(self.contact.data or "")
        return Contact(email_of(typed), None) if "@" in typed else Contact(None, phone_of(typed))


class RemoveForm(Form):
    number = HiddenField()


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/helpers", "helpers", helpers, methods=["GET", "POST"])
    blueprint.add_url_rule("/helpers/remove", "remove_helper", remove_helper, methods=["POST"])


@open_to(Role.ADMINISTRATOR)
def helpers() -> ResponseReturnValue:
    form = HelperForm()
    if form.validate_on_submit():
        given = form.given()
        wish = {"email": given.email, "phone": given.phone, "note_": said(form.note)}
        try:
            write(trust, commune_id=g.commune.id, **wish, actor=actor(), now=g.now)
        except AlreadyTrusted as refusal:
            form.contact.errors = [sentence_of(refusal)]
        else:
            flash(_l("%(name)s can now book for as many people as needed.", name=wish["note_"]))
            return redirect(url_for(".helpers"), 303)
    known = trusted_here(read(), commune_id=g.commune.id)
    page = render_template("admin/helpers.html", form=form, known=known, remove=RemoveForm(None))
    return page, 422 if form.errors else 200


@open_to(Role.ADMINISTRATOR)
def remove_helper() -> ResponseReturnValue:
    form = RemoveForm()
    if form.validate_on_submit():
        number = typed_number(form.number.data or "") or 0
        write(distrust, commune_id=g.commune.id, trusted_id=number, actor=actor(), now=g.now)
        flash(_l("The contact is removed. What it has booked stays."))
    return redirect(url_for(".helpers"), 303)
