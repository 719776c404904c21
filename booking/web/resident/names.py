"""A letter of the name is wrong: the person it belongs to puts it right."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.appointments import AppointmentState, has_begun
from booking.core.errors import BookingError, NameIsFixed, VisitBegun
from booking.core.roles import Role
from booking.database import write
from booking.usecases.names import correct_slip
from booking.web.answers import answer, sentence_of
from booking.web.guard import open_to
from booking.web.names import NameForm
from booking.web.resident.appointment import actor, facts, mine, seen


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/name", "name", name_page, methods=["GET", "POST"])


@open_to(Role.RESIDENT)
def name_page() -> ResponseReturnValue:
    known = mine()
    form = NameForm(name=known.name, version=known.version)
    if known.state != AppointmentState.BOOKED or (request.method != "POST" and has_begun(known.start, g.now)):
        return redirect(url_for(".appointment"), 303)
    if form.validate_on_submit():
        settings = current_app.extensions["settings"]
        try:
            write(
                correct_slip,
                commune_id=g.commune.id,
                appointment_id=known.id,
                version=seen(form.version),
                name=form.written(),
                per_contact=settings.appointments_per_contact,
                per_helper=settings.appointments_per_helper,
                actor=actor(),
                now=g.now,
            )
        except NameIsFixed as refusal:
            form.name.errors = [sentence_of(refusal)]
        except VisitBegun as refusal:
            g.page = "resident.appointment"
            return answer(refusal, "resident/appointment.html", **facts(mine()))
        except BookingError as refusal:
            form.version.data = str(mine().version)
            return answer(refusal, "resident/name.html", name_form=form, **facts(mine()))
        else:
            flash(_("The name is corrected."))
            return redirect(url_for(".appointment"), 303)
    page = render_template("resident/name.html", name_form=form, **facts(known))
    return page, 422 if form.errors else 200
