"""Whether this process lives and whether it can work, without a word about anybody."""

from __future__ import annotations

from flask import Blueprint, Flask, g
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, false, func, select

from booking.core.roles import Role
from booking.database import read, write
from booking.models import LoginFailure, Message
from booking.usecases.messages import WAITING
from booking.web.guard import open_to

health_checks = Blueprint("health", __name__)

NOTHING_WRITTEN = delete(LoginFailure).where(false())
"""A database that takes no writes refuses even a statement that changes nothing."""


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
    write(lambda session: session.execute(NOTHING_WRITTEN))
    due = select(func.min(Message.due_at)).where(Message.state.in_(WAITING), Message.due_at <= g.now)
    oldest = read().scalar(due)
    return {"ready": True, "oldest_message_seconds": int((g.now - oldest).total_seconds()) if oldest else 0}
