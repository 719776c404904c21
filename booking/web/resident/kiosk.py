"""The check-in kiosk of an office: one screen, two buttons, no account. It stands in the hall and forgets everybody."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, current_app, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from booking.core.errors import BookingError, NoSuchAppointment, NotToday, TooManyTries
from booking.core.references import ALPHABET, typed_reference
from booking.core.roles import Role
from booking.core.tickets import Origin
from booking.database import read, write
from booking.usecases.arrivals import CAME_FOR_NOTHING, arrive, with_reference
from booking.usecases.catalogue import offices_of
from booking.usecases.journal import Actor
from booking.usecases.kiosks import check_reference_tries, office_coded, try_reference, was_right
from booking.usecases.next_ways import NextWays, next_ways, services_of_visit
from booking.web.answers import sentence_of, status_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.languages import current_language
from booking.web.security import client
from booking.words.formatting import moment_without_year

CAMERA = "camera=(self), geolocation=(), microphone=()"
"""This one page may look through the kiosk's own camera, to read the code of a slip."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kiosk", "kiosks", kiosks)
    blueprint.add_url_rule("/kiosk/<office>", "kiosk", start)
    blueprint.add_url_rule("/kiosk/<office>/appointment", "kiosk_appointment", appointment, methods=["GET", "POST"])


class ReferenceForm(Form):
    reference = StringField(
        _l("Reference"),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "autofocus": True},
    )

    def validate_reference(self, field: Field) -> None:
        if typed_reference(field.data or "") is None:
            raise ValidationError(_l("A reference has eight letters and digits, like K7F2 9MXD."))

    def typed(self) -> str:
        return typed_reference(self.reference.data or "") or ""


@open_to(Role.RESIDENT)
def kiosks() -> ResponseReturnValue:
    """The offices that have one; where there is but one, it is its kiosk."""
    offices = offices_of(read(), commune_id=g.commune.id)
    if len(offices) == 1:
        return redirect(url_for(".kiosk", office=offices[0].code))
    return render_template("kiosk/offices.html", offices=offices)


@open_to(Role.RESIDENT)
def start(office: str) -> ResponseReturnValue:
    return render_template("kiosk/start.html", office=office_coded(read(), commune_id=g.commune.id, code=office))


@open_to(Role.RESIDENT)
def appointment(office: str) -> ResponseReturnValue:
    """The reference typed, or read from the slip by the camera or a scanner, which presses Enter."""
    here, form = office_coded(read(), commune_id=g.commune.id, code=office), ReferenceForm()
    if here.check_in_minutes is None:
        return redirect(url_for(".kiosk", office=office))
    try:
        if form.validate_on_submit():
            return checked_in(here.id, here.code, form)
        check_reference_tries(read(), client=client(), now=g.now)
    except TooManyTries as refusal:
        return asked(office, form, refusal)
    return asked(office, form)


def checked_in(office_id: int, code: str, form: ReferenceForm) -> ResponseReturnValue:
    """Every try counts until it finds an appointment. An appointment on another day is one that was found."""
    place = write(try_reference, client=client(), now=g.now)
    found = with_reference(read(), commune_id=g.commune.id, reference=form.typed())
    if found is None:
        return asked(code, form, NoSuchAppointment())
    write(was_right, client=client(), n=place)
    own = {"commune_id": g.commune.id, "office_id": office_id, "appointment_id": found}
    try:
        issued = write(arrive, **own, origin=Origin.KIOSK, actor=actor(), now=g.now)
    except BookingError as refusal:
        if not isinstance(refusal, CAME_FOR_NOTHING):
            return asked(code, form, refusal)
        here = office_coded(read(), commune_id=g.commune.id, code=code)
        wanted = services_of_visit(read(), commune_id=g.commune.id, appointment_id=found)
        return asked(code, form, refusal, next_ways(read(), office=here, services=wanted, now=g.now))
    return redirect(url_for(".kiosk_ticket", office=code, key=issued.status_key), 303)


def actor() -> Actor:
    return Actor(role=Role.RESIDENT, client=client())


def asked(
    code: str, form: ReferenceForm, refusal: BookingError | None = None, ways: NextWays | None = None
) -> ResponseReturnValue:
    """The page with the field: nobody's name is on it, whatever was found."""
    here = office_coded(read(), commune_id=g.commune.id, code=code)
    told = no_such(refusal) if refusal else None
    page = render_template(
        "kiosk/appointment.html", office=here, form=form, refusal=told, alphabet=ALPHABET, **next_shown(ways)
    )
    answer = make_response(page, status_of(refusal) if refusal else 422 if form.errors else 200)
    answer.headers["Permissions-Policy"] = CAMERA
    return answer


def no_such(refusal: BookingError) -> str:
    """What a refusal says to whoever stands here: of a contact, which nobody is asked for, it does not speak."""
    if isinstance(refusal, NoSuchAppointment):
        return _("We find no appointment with this reference. Read it again on your slip, or go to the reception.")
    if isinstance(refusal, NotToday) and refusal.facts["day"] > g.now.astimezone(g.commune.zone).date():
        moment = moment_without_year(refusal.facts["day"], refusal.facts["at"], current_language())
        return _("Your appointment is not today: we expect you on %(moment)s.", moment=moment)
    return sentence_of(refusal)


def next_shown(ways: NextWays | None) -> dict[str, Any]:
    """What is possible next, and a code that leads to booking on one's own phone: the kiosk itself leads nowhere."""
    if ways is None or ways.free is None or ways.service is None:
        return {"ways": ways, "booking_code": None}
    address = url_for("resident.times", service=ways.service.code, office=ways.office.code)
    told = segno.make(current_app.extensions["settings"].base_url + address, micro=False, error="m")
    return {"ways": ways, "booking_code": str(told.svg_inline(omitsize=True, border=2))}
