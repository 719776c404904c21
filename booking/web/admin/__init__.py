"""The administrator's side: hours and closures, services and counters, notices."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.colleagues import administrators
from booking.web.admin import (
    banners,
    calendars,
    calls,
    checklists,
    closures,
    commune,
    counters,
    helpers,
    imports,
    journal,
    offices,
    opening,
    people,
    queue,
    services,
    waiting,
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
    return render_template("admin/home.html", is_alone=is_alone, everywhere=everywhere)


PLACES = (opening, closures, calls, offices, counters, calendars, queue)
for noun in (*PLACES, services, checklists, waiting, banners, helpers, commune, imports, people, journal):
    noun.add_to(admin)
