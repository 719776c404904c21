"""Whether this process lives and whether it can work, without a word about anybody."""

from __future__ import annotations

from flask import Blueprint, Flask, g
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read, write
from booking.usecases.health import seconds_late, write_nothing
from booking.web.guard import open_to

health_checks = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(health_checks)


@health_checks.get("/health")
@open_to(Role.RESIDENT)
def health() -> ResponseReturnValue:
    return {"alive": True}


@health_checks.get("/ready")
@open_to(Role.RESIDENT)
def ready() -> ResponseReturnValue:
    """200 when the database takes writes; with the age of the oldest message that should have left."""
    write(write_nothing)
    return {"ready": True, "oldest_message_seconds": seconds_late(read(), now=g.now)}
