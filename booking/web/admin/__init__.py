"""The administrator's side: hours and closures, services and counters, notices."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.alerts import alerts_now
from booking.usecases.colleagues import administrators
from booking.web.admin import (
    banners,
    calendars,
    calls,
    checklists,
    closures,
    commune,
    copies,
    counters,
    figures,
    heat,
    helpers,
    holidays,
    imports,
    journal,
    offices,
    opening,
    people,
    queue,
    seasons,
    services,
    temporary,
    waiting,
    why,
    year,
)
from booking.web.admin.workplace import administers_everywhere
from booking.web.guard import open_to

admin = Blueprint("admin", __name__)


@admin.get("/")
@open_to(Role.ADMINISTRATOR)
def home() -> ResponseReturnValue:
    """The way to everything. While one person alone administers the commune, a second one is asked for."""
    everywhere = administers_everywhere()
    is_alone = everywhere and administrators(read(), commune_id=g.commune.id) == 1
    alerts = alerts_now(read(), commune_id=g.commune.id, now=g.now)
    return render_template("admin/home.html", alerts=alerts, is_alone=is_alone, everywhere=everywhere)


HOURS = (opening, copies, seasons, temporary, year, closures, holidays, heat)
PLACES = (calls, offices, counters, calendars, queue)
WORDS = (services, checklists, waiting, why, figures, banners, helpers, commune)
for noun in (*HOURS, *PLACES, *WORDS, imports, people, journal):
    noun.add_to(admin)
