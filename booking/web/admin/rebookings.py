"""Changes that touched somebody, and how far each of these people is settled, until everybody is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from booking.core.rebookings import Cause, Settled, WhyCall
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read
from booking.usecases.paper_letters import letters_on_paper
from booking.usecases.rebookings import MOST_LISTED, Followed, Summary, followed, rebooking_of, rebookings, without_mail
from booking.web.admin.told import days_in_words
from booking.web.admin.workplace import administered, closed_down, reach_here
from booking.web.agent.letters import printed, shown
from booking.web.contacts_seen import phones_seen, visits_seen
from booking.web.guard import open_to
from booking.words.formatting import date_sentence

CAUSES = {
    Cause.CLOSURE: _l("Closure: %(days)s"),
    Cause.HOURS: _l("Other opening hours: %(days)s"),
    Cause.COUNTER: _l("Counter changed: %(days)s"),
    Cause.OFFICE: _l("Office deactivated: %(days)s"),
    Cause.SERVICE: _l("Service changed: %(days)s"),
}
STATES = {
    Settled.WAITING: (_l("being looked for"), "held"),
    Settled.PROPOSED: (_l("another time proposed"), "unconfirmed"),
    Settled.TO_CALL: (_l("to call"), "missed"),
    Settled.MOVED: (_l("same time, another counter"), "done"),
    Settled.ACCEPTED: (_l("accepted"), "done"),
    Settled.CHOSEN: (_l("chose another time"), "done"),
    Settled.BY_PHONE: (_l("settled by phone"), "done"),
    Settled.KEPT: (_l("stands as it is"), "outside"),
    Settled.CANCELLED: (_l("cancelled"), "cancelled"),
    Settled.LAPSED: (_l("no answer: cancelled as announced"), "cancelled"),
    Settled.OVERTAKEN: (_l("overtaken"), "cancelled"),
}
"""What each state is called, and the shape it has on every screen: what is still to be done first."""

WHYS = {
    WhyCall.NO_TIME: _l("no other time was found"),
    WhyCall.TOO_LATE: _l("too soon to write to them"),
    WhyCall.TOGETHER: _l("two appointments that belong together"),
    WhyCall.NO_ANSWER: _l("did not answer"),
}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/rebookings", "rebookings", every)
    blueprint.add_url_rule("/rebookings/<row:number>", "rebooking", one)
    blueprint.add_url_rule("/rebookings/<row:number>/letters", "rebooking_letters", letters)
    blueprint.add_url_rule("/rebookings/<row:number>/letters.pdf", "rebooking_letters_file", letters_file)


def scope() -> dict[str, Any]:
    """Where every query of this person begins: the changes of offices that they administer, and of the commune."""
    return {"commune_id": g.commune.id, "office_ids": reach_here()}


@open_to(Role.ADMINISTRATOR)
def every() -> ResponseReturnValue:
    found = rebookings(read(), **scope())
    return render_template("admin/rebookings.html", found=[(heading(one), one) for one in found])


@open_to(Role.ADMINISTRATOR)
def one(number: int) -> ResponseReturnValue:
    """How far a change is carried on; people in one state, or those still to be settled first of all."""
    summary, state = rebooking_of(read(), **scope(), rebooking_id=number), state_wished()
    part = max(typed_number(request.args.get("part", "")) or 1, 1)
    chosen = {"states": [state] if state else [], "after": (part - 1) * MOST_LISTED}
    people = followed(read(), commune_id=g.commune.id, rebooking_id=number, **chosen)
    phones_seen(one.appointment.id for one in people if is_rung(one))
    return render_template(
        "admin/rebooking.html",
        summary=summary,
        heading=heading(summary),
        people=people,
        state=state,
        part=part,
        parts=-(-(summary.counts.get(state, 0) if state else summary.number) // MOST_LISTED),
        states=STATES,
        whys=WHYS,
        is_rung=is_rung,
        mine={office.id for office in (*administered(), *closed_down())},
        unreached=without_mail(read(), commune_id=g.commune.id, rebooking_id=number),
    )


def heading(summary: Summary) -> str:
    """What was changed, and on which days."""
    rebooking = summary.rebooking
    if rebooking.last_day is None:
        days = _("from %(day)s on", day=date_sentence(rebooking.first_day, g.language))
    else:
        days = days_in_words(rebooking.first_day, rebooking.last_day)
    return str(CAUSES[rebooking.cause]) % {"days": days}


def is_rung(one: Followed) -> bool:
    """Whether the page shows the number, because somebody has to ring, or no message reaches them."""
    visit = one.appointment
    return bool(visit.phone) and (
        one.row.state == Settled.TO_CALL or (one.row.state == Settled.PROPOSED and not visit.email)
    )


def state_wished() -> Settled | None:
    wished = request.args.get("state", "")
    if wished and wished not in {*Settled}:
        abort(404)
    return Settled(wished) if wished else None


@open_to(Role.ADMINISTRATOR)
def letters(number: int) -> ResponseReturnValue:
    """The letters to those whom no mail reaches, each on a sheet of its own."""
    found = letters_of(number)
    return shown(found, url_for(".rebooking", number=number), url_for(".rebooking_letters_file", number=number))


@open_to(Role.ADMINISTRATOR)
def letters_file(number: int) -> ResponseReturnValue:
    return printed(letters_of(number), instead=url_for(".rebooking_letters", number=number))


def letters_of(number: int) -> Sequence[Any]:
    rebooking_of(read(), **scope(), rebooking_id=number)
    ids = without_mail(read(), commune_id=g.commune.id, rebooking_id=number)
    if not ids:
        return abort(redirect(url_for(".rebooking", number=number), 303))
    offices = [office.id for office in (*administered(), *closed_down())]
    base_url = current_app.extensions["settings"].base_url
    own = {"commune_id": g.commune.id, "office_ids": offices, "appointment_ids": ids}
    found = letters_on_paper(read(), **own, base_url=base_url, now=g.now)
    visits_seen(ids)
    return found
