"""Guichet: appointments at the counters of the Brussels communes."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from booking.settings import Settings

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, clock: Clock = utc_now) -> Flask:
    """The whole application. ``clock`` is read once per request, at the edge."""
    from booking import cli, database, logs
    from booking.web import install
    from booking.web.addresses import Site

    settings = settings or Settings.from_environment(os.environ)
    app = Site(__name__, static_folder=None, template_folder="web/templates")
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock
    logs.init_app(app, settings)
    database.init_app(app, settings)
    install(app, settings)
    cli.init_app(app)
    return app
