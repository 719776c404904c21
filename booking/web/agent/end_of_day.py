"""The end of the day: whatever nobody ended or marked, settled on one page, with the sums of the day."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from booking.core.marks import Mark
from booking.core.roles import Role
from booking.core.tickets import ENDED, ENDINGS
from booking.core.tickets import TicketState as State
from booking.core.typed import typed_number
from booking.database import read, write
from booking.usecases.end_of_day import DayLeft, Settled, TicketEnd, VisitEnd, day_left, settle_day
from booking.web.agent.desk import actor, looked_after, office, office_ids
from booking.web.forms import Form
from booking.web.guard import open_to

VISIT_ENDS = (Mark.DONE, Mark.DID_NOT_COME)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/end-of-day", "end_of_day", end_of_day, methods=["GET", "POST"])


@open_to(Role.AGENT)
def end_of_day() -> ResponseReturnValue:
    """All of it is sent at once; what somebody else has settled otherwise meanwhile is shown, and stays so."""
    form = Form()
    if not form.validate_on_submit():
        return render_template("agent/end_of_day.html", **shown(form))
    here = office()
    own = {"commune_id": g.commune.id, "office_ids": office_ids(), "office": here, "actor": actor(here.id)}
    done: Settled = write(settle_day, **own, tickets=ticket_ends(), visits=visit_ends(), desks=desks(), now=g.now)
    said = ngettext("%(num)s is settled.", "%(num)s are settled.", done.number)
    if done.tickets or done.visits:
        number = len(done.tickets) + len(done.visits)
        lost = ngettext(
            "Somebody else has dealt with %(num)s of them meanwhile: it stays as they said.",
            "Somebody else has dealt with %(num)s of them meanwhile: they stay as they said.",
            number,
        )
        return render_template("agent/end_of_day.html", **shown(form), said=[said, lost]), 409
    flash(said)
    return redirect(url_for(".end_of_day"), 303)


def shown(form: Form) -> dict[str, object]:
    left: DayLeft = day_left(read(), office=office(), offices=looked_after(), now=g.now)
    return {"office": office(), "left": left, "form": form, "ticket_ends": tuple(ENDINGS), "visit_ends": VISIT_ENDS}


def sent(kind: str) -> list[tuple[int, int, str]]:
    """What was chosen for each of a kind: its number, the version that was seen, the choice."""
    found = []
    for name, value in request.form.items():
        number = typed_number(name.removeprefix(f"{kind}-")) if name.startswith(f"{kind}-") else None
        version, _, choice = value.partition(":")
        seen = typed_number(version)
        if number and seen is not None and choice:
            found.append((number, seen, choice))
    return found


def ticket_ends() -> list[TicketEnd]:
    return [TicketEnd(*one, State(choice)) for *one, choice in sent("ticket") if choice in ENDED]


def visit_ends() -> list[VisitEnd]:
    return [VisitEnd(*one, Mark(choice)) for *one, choice in sent("visit") if choice in VISIT_ENDS]


def desks() -> list[int]:
    return [number for one in request.form.getlist("desk") if (number := typed_number(one)) is not None]
