"""A system is down: which services pause at this office, who is told, and one press when it works again."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField, SelectMultipleField

from booking.core.errors import NoService
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.models import Office
from booking.usecases.paused import paused_now
from booking.usecases.pauses import disturbed_by, end_pauses, last_choice, pause, services_at
from booking.web.agent.desk import actor, office
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.web.guard import open_to
from booking.web.languages import current_language

WITHIN = {"2": timedelta(hours=2), "4": timedelta(hours=4), "day": None}
"""Whose visits are told: those that begin so soon, or all of today."""


class OutageForm(Form):
    services = SelectMultipleField(_l("What cannot be done at the moment?"), validate_choice=False)
    within = RadioField(
        _l("Who gets a message?"),
        default="2",
        choices=choices(
            (
                ("2", _l("Whoever comes in the next two hours")),
                ("4", _l("Whoever comes in the next four hours")),
                ("day", _l("Whoever still comes today")),
            )
        ),
    )

    def offer(self, here: Office) -> None:
        """What can pause here, each with the number of people who would be told at most."""
        every = services_at(read(), office=here)
        told = disturbed_by(read(), office=here, service_ids=[one.id for one in every], within=None, now=g.now)
        self.services.choices = choices((str(one.id), named(one.name, told.get(one.id, 0))) for one in every)

    def chosen(self) -> list[int]:
        return [number for one in self.services.data or () if (number := typed_number(one)) is not None]


def named(name: object, number: int) -> str:
    said = name.joined(current_language())  # type: ignore[attr-defined]
    if not number:
        return str(said)
    coming = ngettext("%(num)s visit still to come today", "%(num)s visits still to come today", number)
    return f"{said} · {coming}"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/outage", "outage", outage, methods=["GET", "POST"])
    blueprint.add_url_rule("/outage/over", "outage_over", over, methods=["POST"])


@open_to(Role.AGENT)
def outage() -> ResponseReturnValue:
    """What paused together last time is chosen already, as long as nothing pauses now."""
    here = office()
    paused = paused_now(read(), office=here, now=g.now)
    before = frozenset() if paused else last_choice(read(), office=here)
    form = OutageForm(data={"services": [str(one) for one in before], "within": "2"})
    form.offer(here)
    if form.validate_on_submit():
        own = {"commune_id": g.commune.id, "office_id": here.id, "service_ids": form.chosen()}
        try:
            down = write(pause, **own, within=WITHIN[form.within.data], actor=actor(here.id), now=g.now)
        except NoService as refusal:
            form.services.errors = [sentence_of(refusal)]
        else:
            told = ngettext("%(num)s person is told.", "%(num)s people are told.", len(down.told))
            told = told if down.told else _("Nobody needs to be told.")
            flash(" ".join([_("It is noted: the screens and the pages for residents say so."), told]))
            return redirect(url_for(".outage"), 303)
    page = render_template("agent/outage.html", office=here, form=form, paused=paused, is_proposed=bool(before))
    return page, 422 if form.errors else 200


@open_to(Role.AGENT)
def over() -> ResponseReturnValue:
    """Everything works again, or one service."""
    here = office()
    one = typed_number(request.form.get("service", ""))
    if Form().validate_on_submit():
        chosen = None if one is None else [one]
        own = {"commune_id": g.commune.id, "office_id": here.id, "service_ids": chosen}
        write(end_pauses, **own, actor=actor(here.id), now=g.now)
        flash(_("It works again: the screens no longer say that a system is down."))
    return redirect(url_for(".outage"), 303)
