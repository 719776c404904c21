"""The call list: people whose visit was cancelled by the commune and whom no mail could tell."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.calls import people_to_call
from booking.web.admin.workplace import administered, closed_down
from booking.web.contacts_seen import phones_seen
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/calls", "calls", calls)


@open_to(Role.ADMINISTRATOR)
def calls() -> ResponseReturnValue:
    found = people_to_call(read(), offices=[*administered(), *closed_down()], now=g.now)
    phones_seen(one.appointment.id for one in found if one.appointment.phone)
    return render_template("admin/calls.html", people=found)
