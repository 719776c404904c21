"""What the list for an earlier appointment brings, by service."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.services import services_written
from booking.usecases.waiting_figures import LAST_MONTH, ListFigures, figures
from booking.usecases.waiting_list import waiting_now
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/earlier", "earlier", earlier)


@open_to(Role.ADMINISTRATOR)
def earlier() -> ResponseReturnValue:
    """The figures of the last thirty days: of services with the list, and of those that had it in that time."""
    found = figures(read(), commune_id=g.commune.id, since=g.now - LAST_MONTH)
    waiting = waiting_now(read(), commune_id=g.commune.id)
    services = [one.service for one in services_written(read(), commune_id=g.commune.id)]
    rows = [
        (service, found.get(service.id, ListFigures()), waiting.get(service.id, 0))
        for service in services
        if service.earlier_list or service.id in found or service.id in waiting
    ]
    return render_template("admin/earlier.html", rows=rows)
