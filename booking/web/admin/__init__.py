"""The administrator's side: hours and closures, services and counters, notices."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.alerts import alerts_now
from booking.web.admin import (
    banners,
    calendars,
    calls,
    checklists,
    closures,
    commune,
    counters,
    figures,
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
    alerts = alerts_now(read(), commune_id=g.commune.id, now=g.now)
    return render_template("admin/home.html", alerts=alerts)


PLACES = (opening, closures, rebookings, calls, offices, counters, calendars, queue)
for noun in (*PLACES, services, checklists, waiting, figures, banners, helpers, commune):
    noun.add_to(admin)
