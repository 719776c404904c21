"""Where the commune is reached, and the address its messages come from."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from booking.core.errors import ChangedMeanwhile
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.core.translated import LANGUAGES
from booking.database import read, write
from booking.models import Commune
from booking.usecases.communes import Contacts
from booking.usecases.themes import change_contacts, contacts_of
from booking.web.admin.fields import Asked, SeenForm, TypedField, page_of, said_in, spread, texts
from booking.web.agent.desk import actor
from booking.web.guard import open_to
from booking.web.resident.forms import email_of, phone_of
from booking.words.formatting import phone_shown

MARKS = {"autocomplete": "off", "spellcheck": "false"}


@texts("post_address", _l("Postal address"), most=200, asked=Asked.ALWAYS)
class ContactsForm(SeenForm):
    phone = TypedField(_l("Telephone number"), render_kw=MARKS)
    email = TypedField(_l("E-mail address"), render_kw=MARKS)
    sender_address = TypedField(_l("Address that messages come from"), render_kw=MARKS)

    def in_order(self) -> list[Field]:
        spoken = [self[f"post_address_{language}"] for language in LANGUAGES]
        return [self.phone, self.email, *spoken, self.sender_address]

    def validate_phone(self, field: Field) -> None:
        if phone_of(field.data or "") is None:
            raise ValidationError(_l("Write a telephone number like 0470 12 34 56, or with + and its country."))

    def validate_email(self, field: Field) -> None:
        if email_of(field.data or "") is None:
            raise ValidationError(_l("Write an e-mail address like name@example.be."))

    validate_sender_address = validate_email

    def contacts(self) -> Contacts:
        """What was written. Only after the form was found valid."""
        return Contacts(
            phone=phone_of(self.phone.data or "") or "",
            email=email_of(self.email.data or "") or "",
            post_address=said_in(self, "post_address"),
            sender_address=email_of(self.sender_address.data or "") or "",
        )


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/commune/contact", "contacts", contacts, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def contacts() -> ResponseReturnValue:
    here = read().get_one(Commune, g.commune.id)
    form = ContactsForm(data=shown(here), seen=word_for(contacts_of(here)))
    domain = here.sender_address.rpartition("@")[2]
    if form.validate_on_submit():
        own = {"commune_id": here.id, "contacts": form.contacts(), "seen": form.seen.data}
        try:
            write(change_contacts, **own, actor=actor(), now=g.now)
        except ChangedMeanwhile as refusal:
            form.show_again(contacts_of(read().get_one(Commune, here.id)))
            return page_of(form, "admin/contacts.html", refusal=refusal, domain=domain)
        flash(_l("Contact and sender are saved."))
        return redirect(url_for(".contacts"), 303)
    return page_of(form, "admin/contacts.html", domain=domain)


def shown(here: Commune) -> dict[str, str]:
    own = {"phone": phone_shown(here.phone, g.language), "email": here.email, "sender_address": here.sender_address}
    return own | spread("post_address", here.post_address)
