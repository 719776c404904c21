"""The name of a visit, written anew by an agent; the journal says that it was."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import OutOfDate, Unknown
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.usecases.names import correct_name
from booking.usecases.visits_found import visit
from booking.web.agent.desk import actor
from booking.web.agent.visits import scope
from booking.web.answers import sentence_of, status_of
from booking.web.guard import open_to
from booking.web.names import NameForm


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/visits/<row:number>/name", "visit_name", visit_name, methods=["GET", "POST"])


@open_to(Role.RECEPTIONIST)
def visit_name(number: int) -> ResponseReturnValue:
    found = visit(read(), **scope(), appointment_id=number, now=g.now)
    if found.name is None:
        raise Unknown
    form, refusal = NameForm(name=found.name, version=found.version), None
    if form.validate_on_submit():
        written = {"version": typed_number(form.version.data or "") or 0, "name": form.written()}
        try:
            write(correct_name, **scope(), appointment_id=number, **written, actor=actor(found.office_id), now=g.now)
        except OutOfDate as fault:
            refusal = fault
            found = visit(read(), **scope(), appointment_id=number, now=g.now)
            form.version.data = str(found.version)
        else:
            flash(_("The name is corrected."))
            return redirect(url_for(".visit", number=number), 303)
    said_no = sentence_of(refusal) if refusal else None
    page = render_template("agent/visit_name.html", form=form, visit=found, refusal=said_no)
    return page, status_of(refusal) if refusal else 422 if form.errors else 200
