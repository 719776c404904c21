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
    contacts,
    copies,
    counters,
    figures,
    heat,
    helpers,
    holidays,
    imports,
    journal,
    message_log,
    message_texts,
    offices,
    opening,
    people,
    queue,
    rebookings,
    seasons,
    service_copies,
    services,
    temporary,
    theme,
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
    """The way to everything, and what needs looking at: also that one person alone administers the commune."""
    alerts = alerts_now(read(), commune_id=g.commune.id, now=g.now)
    everywhere = administers_everywhere()
    is_alone = everywhere and administrators(read(), commune_id=g.commune.id) == 1
    return render_template("admin/home.html", alerts=alerts, is_alone=is_alone, everywhere=everywhere)


HOURS = (opening, copies, seasons, temporary, year, closures, rebookings, holidays, heat)
PLACES = (calls, offices, counters, calendars, queue)
WHOLE = (waiting, why, figures, banners, helpers, commune, theme, contacts, message_texts, message_log)
for noun in (*HOURS, *PLACES, service_copies, services, checklists, *WHOLE, imports, people, journal):
    noun.add_to(admin)
