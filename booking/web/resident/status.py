"""The page of a ticket, on the phone of whoever holds it: how many come before, how long it takes, and their turn."""

from __future__ import annotations

from datetime import time

from flask import Blueprint, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import Unknown
from booking.core.roles import Role
from booking.core.tickets import TicketState
from booking.database import read, write
from booking.usecases.kiosks import count_unknown_ticket
from booking.usecases.standing import Found, Standing, freshness_of, standing_of, ticket_by_key
from booking.web.guard import open_to
from booking.web.pacing import Pacing
from booking.web.queue_rules import reasons_of_order
from booking.web.security import client
from booking.web.staff import is_polling

PACING = Pacing(most=1200)
"""A hundred phones in one hall ask four times a minute; this is three times as often."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/status/<key>", "status", status)


@open_to(Role.RESIDENT)
def status(key: str) -> ResponseReturnValue:
    """Where the holder of a ticket stands. A page that keeps itself fresh is told cheaply that nothing has changed."""
    PACING.count(client(), g.now)
    try:
        found = ticket_by_key(read(), commune_id=g.commune.id, key=key)
    except Unknown:
        write(count_unknown_ticket, client=client(), now=g.now)
        raise
    answer = make_response()
    if is_polling():
        answer.set_etag(freshness_of(read(), found=found, now=g.now), weak=True)
        if request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
            answer.status_code = 304
            return answer
    template = "resident/status_now.html" if is_polling() else "resident/status.html"
    answer.set_data(render_template(template, **shown(found)))
    return answer


def shown(found: Found) -> dict[str, object]:
    standing, office = standing_of(read(), found=found, now=g.now), found.office
    minutes = {"grace_minutes": office.grace_minutes, "language_minutes": office.language_minutes}
    return {
        "standing": standing,
        "title": title_of(standing),
        "reasons": list(reasons_of_order(office.queue_policy, **minutes)),
        "now": wall(found),
        "not_indexed": True,
    }


def title_of(standing: Standing) -> str:
    if standing.state == TicketState.CALLED and not standing.is_past:
        return _("It is your turn, counter %(counter)s", counter=standing.counter)
    return _("Ticket %(number)s", number=standing.told)


def wall(found: Found) -> time:
    return g.now.astimezone(found.office.zone).time()
