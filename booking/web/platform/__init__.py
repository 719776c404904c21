"""The installation's own side, of no commune: who runs the platform sees its communes and who administers them."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.platform import administered
from booking.web.agent import password, second_factor, sign_in
from booking.web.guard import open_to
from booking.web.platform import communes, configuration, leaving

platform = Blueprint("platform", __name__)


@platform.get("/")
@open_to(Role.PLATFORM)
def home() -> ResponseReturnValue:
    """Every commune, and who administers it."""
    return render_template("platform/home.html", communes=administered(read()))


for noun in (communes, configuration, leaving, sign_in):
    noun.add_to(platform)
second_factor.add_to(platform)
password.add_own_to(platform)
