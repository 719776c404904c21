"""Finding an appointment again without the mail: its reference and the contact it was given with."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import NoSuchAppointment, TooManyTries
from booking.core.roles import Role
from booking.database import read, write
from booking.usecases.appointments import find
from booking.usecases.misses import check_tries, forgive, take_try
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.forms import FindForm
from booking.web.security import client


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/find", "find", find_page, methods=["GET", "POST"])


@open_to(Role.RESIDENT)
def find_page() -> ResponseReturnValue:
    """Every try counts until it succeeds, so that tries made at the same moment are counted too."""
    form, settings = FindForm(), current_app.extensions["settings"]
    tries = {"kind": "find", "key": client(), "limit": settings.find_misses}
    pause = timedelta(minutes=settings.find_pause_minutes)
    try:
        if not form.validate_on_submit():
            # Whoever is told to wait is told so in every language, and before anything is typed in vain.
            check_tries(read(), **tries, pause=pause, now=g.now)
            return render_template("resident/find.html", form=form), 422 if form.errors else 200
        reference, contact = form.wanted()
        place = write(take_try, **tries, pause=pause, now=g.now)
        known_by = {"email": contact.email, "phone": contact.phone}
        found = find(read(), commune_id=g.commune.id, reference=reference, **known_by)
    except (TooManyTries, NoSuchAppointment) as refusal:
        return answer(refusal, "resident/find.html", form=form)
    write(forgive, kind="find", key=client(), n=place)
    session["appointment"] = found.nonce
    return redirect(url_for(".appointment"), 303)
