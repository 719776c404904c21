"""The call list of every office that an administrator looks after, those closed down included."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.calls import calls
from booking.web.admin.workplace import administered, closed_down
from booking.web.contacts_seen import phones_seen
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/calls", "calls", call_list)


@open_to(Role.ADMINISTRATOR)
def call_list() -> ResponseReturnValue:
    found = calls(read(), offices=[*administered(), *closed_down()], now=g.now)
    phones_seen({one.visit.id for one in found if one.phone})
    return render_template("admin/calls.html", calls=found)
