"""The administrator's side: hours and closures, services and counters, notices."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.web.admin import (
    banners,
    calendars,
    calls,
    checklists,
    closures,
    commune,
    counters,
    helpers,
    offices,
    opening,
    queue,
    rebookings,
    services,
    waiting,
)
from booking.web.guard import open_to

admin = Blueprint("admin", __name__)


@admin.get("/")
@open_to(Role.ADMINISTRATOR)
def home() -> ResponseReturnValue:
    return render_template("admin/home.html")


PLACES = (opening, closures, rebookings, calls, offices, counters, calendars, queue)
for noun in (*PLACES, services, checklists, waiting, banners, helpers, commune):
    noun.add_to(admin)
