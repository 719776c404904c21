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
    contacts,
    copies,
    counters,
    figures,
    heat,
    helpers,
    holidays,
    message_log,
    message_texts,
    offices,
    opening,
    queue,
    seasons,
    service_copies,
    services,
    temporary,
    theme,
    waiting,
    why,
    year,
)
from booking.web.guard import open_to

admin = Blueprint("admin", __name__)


@admin.get("/")
@open_to(Role.ADMINISTRATOR)
def home() -> ResponseReturnValue:
    alerts = alerts_now(read(), commune_id=g.commune.id, now=g.now)
    return render_template("admin/home.html", alerts=alerts)


HOURS = (opening, copies, seasons, temporary, year, closures, holidays, heat)
PLACES = (calls, offices, counters, calendars, queue)
WHOLE = (waiting, why, figures, banners, helpers, commune, theme, contacts, message_texts, message_log)
for noun in (*HOURS, *PLACES, service_copies, services, checklists, *WHOLE):
    noun.add_to(admin)
