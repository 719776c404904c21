"""How long one waits, for everybody, where the commune wants it known: for an appointment, and without one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.public_figures import OfficeFigures, PublicFigure, public_figures
from booking.web.guard import open_to
from booking.web.kept import Kept

SECONDS = 300
"""So old an answer may be: what it tells changes from day to day."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/figures", "figures", figures)
    blueprint.add_url_rule("/figures.json", "figures_data", figures_data)


@open_to(Role.RESIDENT)
def figures() -> ResponseReturnValue:
    return render_template("resident/figures.html", offices=figures_now())


@open_to(Role.RESIDENT)
def figures_data() -> Response:
    """The same for other programs; what too few people make up is null and said to be hidden."""
    offices = [
        {"code": one.code, "name": dict(one.name.texts), "services": [told(service) for service in one.services]}
        for one in figures_now()
    ]
    answer = jsonify({"commune": dict(g.commune.name.texts), "offices": offices})
    answer.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    answer.add_etag()
    return answer.make_conditional(request)


def figures_now() -> tuple[OfficeFigures, ...]:
    if not g.commune.shows_figures:
        abort(404)
    kept: Kept[tuple[OfficeFigures, ...]] = current_app.extensions.setdefault("public_figures", Kept(SECONDS))
    return kept.get(g.commune.id, g.now, lambda: public_figures(read(), commune_id=g.commune.id, now=g.now))


def told(service: PublicFigure) -> dict[str, Any]:
    return {
        "code": service.code,
        "name": dict(service.name.texts),
        "by_appointment": service.by_appointment,
        "seen_on": service.seen_on.isoformat() if service.seen_on else None,
        "days_to_first_free": service.days,
        "without_appointment": service.takes_walk_ins,
        "usual_wait_minutes": service.wait,
        "wait_hidden": service.is_hidden,
    }
