"""Calendars to subscribe to: the secret address of an office and of each counter, made anew or taken away."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from booking.core.feeds import DAYS
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import write
from booking.usecases.feeds import give_key, take_key_away
from booking.web.admin.workplace import counters_in, own_office
from booking.web.agent.desk import actor
from booking.web.feeds import feed_url, webcal_url
from booking.web.forms import Form
from booking.web.guard import open_to

DONE = {
    give_key: _l("The address is made: add it to the calendar program."),
    take_key_away: _l("The address no longer opens anything."),
}


class KeyForm(Form):
    """Whose address is made or taken away: a counter by its number, 0 for the whole office."""

    give = HiddenField()
    take = HiddenField()

    def wish(self) -> tuple[bool, int | None]:
        """Whether one is made, and for which counter. ``ValueError`` for what no page of ours sends."""
        number = typed_number(self.give.data or self.take.data or "")
        if number is None:
            raise ValueError
        return bool(self.give.data), number or None


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/offices/<office>/calendars", "calendars", calendars, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def calendars(office: str) -> ResponseReturnValue:
    here, form = own_office(office), KeyForm()
    if form.validate_on_submit():
        try:
            is_given, counter_id = form.wish()
        except ValueError:
            abort(400)
        verb = give_key if is_given else take_key_away
        own = {"commune_id": g.commune.id, "office_id": here.id, "counter_id": counter_id}
        write(verb, **own, actor=actor(), now=g.now)
        flash(DONE[verb])
        return redirect(url_for(".calendars", office=here.code), 303)
    return render_template(
        "admin/calendars.html",
        office=here,
        counters=counters_in(here),
        days=DAYS,
        feed_url=feed_url,
        webcal_url=webcal_url,
    )
