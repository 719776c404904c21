"""Finding a person over all days: by a name as it was heard, by reference, by telephone."""

from __future__ import annotations

import phonenumbers
from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.core.timespan import local_date
from booking.database import read, write
from booking.usecases.journal import note
from booking.usecases.near_names import near
from booking.usecases.visits_found import MOST_FOUND, find
from booking.web.agent.desk import actor, office
from booking.web.agent.forms import FindForm
from booking.web.agent.visits import scope
from booking.web.guard import open_to

FEW = 10
"""With so many under the very name, nobody has to be looked for under another one."""

FEWEST_DIGITS = 6


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/find", "find", find_visits, methods=["GET", "POST"])


@open_to(Role.RECEPTIONIST)
def find_visits() -> ResponseReturnValue:
    """A name or a number never stands in an address, so the search is sent, not linked."""
    form, found, nearly = FindForm(), None, ()
    if form.validate_on_submit():
        text = form.text()
        phone = phone_in(text)
        searched = {"act": "searched", "subject": "office", "subject_id": office().id}
        fields = ("phone" if phone else "name",)
        write(note, actor(office().id), commune_id=g.commune.id, fields=fields, **searched, now=g.now)
        wanted = scope() | {"text": text, "today": local_date(g.now, g.commune.zone), "now": g.now}
        found = find(read(), phone=phone, **wanted)
        if not phone and len(found) < FEW:
            nearly = near(read(), known={one.id for one in found}, **wanted)
    page = render_template("agent/find.html", form=form, found=found, nearly=nearly, most=MOST_FOUND)
    return page, 422 if form.errors else 200


def phone_in(text: str) -> str | None:
    """The number in E.164 when ``text`` is one, however it is written: Belgian unless it says otherwise."""
    digits = sum(sign.isdigit() for sign in text)
    if digits < FEWEST_DIGITS or any(sign.isalpha() for sign in text):
        return None
    # A country without its + or its 00, as numbers stand in lists.
    for written in (text, f"+{text}"):
        try:
            number = phonenumbers.parse(written, "BE")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None
