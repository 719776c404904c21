"""The contact of a visit, written anew by staff; the journal says that they saw it, and that they changed it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import BookingError, ContactMissing, Unknown
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.models import Appointment
from booking.usecases.contacts import correct_contact
from booking.usecases.visits_found import booked_visit
from booking.web.agent.booking_form import StaffContactForm
from booking.web.agent.desk import actor
from booking.web.agent.visits import scope
from booking.web.answers import sentence_of, status_of
from booking.web.contacts_seen import contact_seen
from booking.web.guard import open_to
from booking.web.resident.appointment import corrected, shown


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/visits/<row:number>/correct", "correct_contact", correct, methods=["GET", "POST"])


@open_to(Role.RECEPTIONIST)
def correct(number: int) -> ResponseReturnValue:
    """Another address or number; the confirmation follows there. The helper's contact is the helper's to change."""
    known, refusal = booked_visit(read(), **scope(), appointment_id=number), None
    form = StaffContactForm(email=known.email, phone=shown(known.phone), version=known.version)
    contact_seen(number, at=known.office_id)
    if form.validate_on_submit():
        try:
            write(correct_contact, **written(form, known))
        except Unknown:
            raise
        except BookingError as fault:
            refusal = fault
            form.version.data = str(booked_visit(read(), **scope(), appointment_id=number).version)
        else:
            by_text = current_app.extensions["settings"].offers.by_text
            flash(corrected(bool(form.contact().email or by_text)))
            return redirect(url_for(".visit", number=number), 303)
    said_no = sentence_of(refusal) if refusal and not isinstance(refusal, ContactMissing) else None
    if isinstance(refusal, ContactMissing):
        form.email.errors = [sentence_of(refusal)]
    page = render_template("agent/correct_contact.html", form=form, number=number, visit=known, refusal=said_no)
    return page, status_of(refusal) if refusal else 422 if form.is_refused() else 200


def written(form: StaffContactForm, known: Appointment) -> dict[str, Any]:
    """What ``correct_contact`` is told. Only after the form was found valid."""
    settings, right = current_app.extensions["settings"], form.contact()
    seen = typed_number(form.version.data or "")
    return {
        "commune_id": g.commune.id,
        "appointment_id": known.id,
        "version": -1 if seen is None else seen,
        "email": right.email,
        "phone": right.phone,
        "helper_email": known.helper_email,
        "helper_phone": known.helper_phone,
        "by_text": settings.offers.by_text,
        "per_contact": settings.appointments_per_contact,
        "per_helper": settings.appointments_per_helper,
        "limit": settings.copies_per_message,
        "actor": actor(known.office_id),
        "now": g.now,
    }
