"""What a public body must say: accessibility, and what happens to personal data."""

from __future__ import annotations

from flask import Blueprint, current_app, g, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/accessibility", "accessibility", accessibility)
    blueprint.add_url_rule("/privacy", "privacy", privacy)


@open_to(Role.RESIDENT)
def accessibility() -> ResponseReturnValue:
    return render_template("resident/accessibility.html")


@open_to(Role.RESIDENT)
def privacy() -> ResponseReturnValue:
    settings = current_app.extensions["settings"]
    return render_template("resident/privacy.html", commune=g.commune, hold_minutes=settings.hold_minutes)
