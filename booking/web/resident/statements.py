"""What a public body must say: accessibility, what happens to personal data, who answers for the site."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/accessibility", "accessibility", accessibility)
    blueprint.add_url_rule("/privacy", "privacy", privacy)
    blueprint.add_url_rule("/legal", "legal", legal)


@open_to(Role.RESIDENT)
def accessibility() -> ResponseReturnValue:
    return render_template("resident/accessibility.html")


@open_to(Role.RESIDENT)
def privacy() -> ResponseReturnValue:
    settings = current_app.extensions["settings"]
    told = {"sends_texts": bool(settings.sms_url), "caution_days": settings.caution_days}
    return render_template("resident/privacy.html", **told)


@open_to(Role.RESIDENT)
def legal() -> ResponseReturnValue:
    return render_template("resident/legal.html")
