"""Finding an appointment again without the mail: its reference and the contact it was given with."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import TooManyTries, Unknown
from booking.core.roles import Role
from booking.database import read, write
from booking.usecases.appointments import find
from booking.usecases.misses import forgive, take_try
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.forms import FindForm
from booking.web.security import client


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/find", "find", find_page, methods=["GET", "POST"])


@open_to(Role.RESIDENT)
def find_page() -> ResponseReturnValue:
    """Every try counts until it succeeds, so that tries made at the same moment are counted too."""
    form = FindForm()
    if not form.validate_on_submit():
        return render_template("resident/find.html", form=form), 422 if form.errors else 200
    settings = current_app.extensions["settings"]
    reference, contact = form.wanted()
    try:
        place = write(
            take_try,
            kind="find",
            key=client(),
            limit=settings.find_misses,
            pause=timedelta(minutes=settings.find_pause_minutes),
            now=g.now,
        )
        known_by = {"email": contact.email, "phone": contact.phone}
        found = find(read(), commune_id=g.commune.id, reference=reference, **known_by)
    except TooManyTries as refusal:
        return answer(refusal, "resident/find.html", form=form)
    except Unknown:
        form.reference.errors = [_("We find no appointment with this reference and this contact.")]
        return render_template("resident/find.html", form=form), 404
    write(forgive, kind="find", key=client(), n=place)
    session["appointment"] = found.nonce
    return redirect(url_for(".appointment"), 303)
