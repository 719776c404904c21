"""The calling screen in the hall: opened by a secret, without a person, a language or a commune in its address."""

from __future__ import annotations

from flask import Blueprint

from booking.web.screen import hall

screen = Blueprint("screen", __name__)

hall.add_to(screen)
