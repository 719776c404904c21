"""Messages that were refused for good, and the number to ring instead."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.loose_ends import unreached
from booking.web.agent.desk import looked_after, office
from booking.web.contacts_seen import phones_seen
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/messages", "messages", messages)


@open_to(Role.AGENT)
def messages() -> ResponseReturnValue:
    """The phone numbers are there to be rung at once; the journal says who has seen them."""
    found = unreached(read(), offices=looked_after(), now=g.now)
    phones_seen(one.visit.id for one in found if one.phone)
    return render_template("agent/messages.html", office=office(), unreached=found)
