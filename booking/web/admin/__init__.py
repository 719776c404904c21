"""The administrator's side: hours and closures, services and counters, notices."""

from __future__ import annotations

from importlib import import_module

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.web.guard import open_to

admin = Blueprint("admin", __name__)

NOUNS = ("hours", "closures", "calls", "services", "offices", "counters", "banners")
"""The modules beside this one; each says with ``add_to`` which addresses it answers."""


@admin.get("/")
@open_to(Role.ADMINISTRATOR)
def home() -> ResponseReturnValue:
    return render_template("admin/home.html")


for noun in NOUNS:
    import_module(f"{__name__}.{noun}").add_to(admin)
