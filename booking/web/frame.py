"""What any page may need: the notices of this moment, and the counter hours that every dead end shows."""

from __future__ import annotations

from flask import Flask, g

from booking.database import read
from booking.models import Service
from booking.usecases.hours import Week, hours_of


def init_app(app: Flask) -> None:
    app.context_processor(notices)
    app.jinja_env.globals["counter_weeks"] = counter_weeks


def notices() -> dict[str, object]:
    return {"banners": getattr(g, "notices", []) if may_ask() else []}


def counter_weeks(service: Service | None = None) -> list[Week]:
    """The hours of the commune's offices, or those for a service, from today on for seven days."""
    return hours_of(read(), commune_id=g.commune.id, service=service, now=g.now) if may_ask() else []


def may_ask() -> bool:
    """Whether the database may be asked: not by the page that tells of its fault."""
    return not getattr(g, "asks_nothing", False)
