"""What is kept about an appointment, for the person it belongs to: reading it, taking it along, erasing it."""

from __future__ import annotations

from flask import Blueprint, current_app, g, jsonify, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from booking.core.appointments import AppointmentState
from booking.core.errors import BookingError
from booking.core.roles import Role
from booking.database import read, write
from booking.models import Office
from booking.usecases.appointments import lines_of
from booking.usecases.erasure import erase
from booking.usecases.own_data import kept_about, written_out
from booking.usecases.papers import lists_of
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.appointment import actor, facts, mine, seen
from booking.web.resident.forms import StepForm

FILE_NAMES = {"fr": "mes-donnees.json", "nl": "mijn-gegevens.json"}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/data", "own_data", own_data)
    blueprint.add_url_rule("/appointment/data/file", "own_data_file", own_data_file)
    blueprint.add_url_rule("/appointment/erase", "erase", erase_page, methods=["GET", "POST"])
    blueprint.add_url_rule("/erased", "erased", erased)


@open_to(Role.RESIDENT)
def own_data() -> ResponseReturnValue:
    known = mine()
    kept = kept_about(read(), appointment=known)
    zone = read().get_one(Office, known.office_id).zone
    lines = lines_of(read(), commune_id=g.commune.id, appointment_id=known.id)
    others = [line.names for line, _ in lines if line.names]
    about = {"others": others, "lists": lists_of(read(), appointment=known)}
    return render_template("resident/own_data.html", kept=kept, zone=zone, **about, **facts(known))


@open_to(Role.RESIDENT)
def own_data_file() -> ResponseReturnValue:
    """Everything as a file that another program can read."""
    answer_ = jsonify(written_out(read(), appointment=mine(), now=g.now))
    name = FILE_NAMES.get(g.language, "my-data.json")
    answer_.headers.set("Content-Disposition", "attachment", filename=name)
    return answer_


@open_to(Role.RESIDENT)
def erase_page() -> ResponseReturnValue:
    """A question first, then the act, which nothing brings back."""
    known, form = mine(), StepForm()
    if not form.validate_on_submit():
        return render_template("resident/erase.html", ends_visit=is_to_come(known.state, facts(known)), **facts(known))
    try:
        write(
            erase,
            commune_id=g.commune.id,
            appointment_id=known.id,
            version=seen(form.version),
            actor=actor(),
            terms=current_app.extensions["settings"].offers,
            now=g.now,
        )
    except BookingError as refusal:
        g.page = "resident.appointment"
        return answer(refusal, "resident/appointment.html", **facts(mine()))
    session.pop("appointment", None)
    return redirect(url_for(".erased"), 303)


def is_to_come(state: AppointmentState, known: dict[str, object]) -> bool:
    return state == AppointmentState.BOOKED and not known["has_begun"]


@open_to(Role.RESIDENT)
def erased() -> ResponseReturnValue:
    return render_template("resident/erased.html")
