"""Inward: everything a browser meets. Flask lives here and nowhere below."""

from __future__ import annotations

from flask import Flask

from booking.settings import Settings
from booking.web import (
    compression,
    faults,
    feeds,
    formatting,
    frame,
    guard,
    health,
    languages,
    security,
    staff,
    staticfiles,
    themes,
)
from booking.web.admin import admin
from booking.web.agent import agent
from booking.web.development import development
from booking.web.first import first
from booking.web.platform import platform
from booking.web.resident import resident
from booking.web.screen import screen

WITHIN_A_COMMUNE = "/<lang:lang>/<commune>"


def install(app: Flask, settings: Settings) -> None:
    security.init_app(app, settings)
    languages.init_app(app)
    guard.init_app(app)
    staff.init_app(app)
    faults.init_app(app)
    formatting.init_app(app)
    staticfiles.init_app(app)
    compression.init_app(app)
    themes.init_app(app)
    frame.init_app(app)
    health.init_app(app)
    feeds.init_app(app)
    app.register_blueprint(first)
    app.register_blueprint(screen)
    app.register_blueprint(platform, url_prefix="/platform/<lang:lang>")
    app.register_blueprint(resident, url_prefix=WITHIN_A_COMMUNE)
    app.register_blueprint(agent, url_prefix=f"{WITHIN_A_COMMUNE}/agent")
    app.register_blueprint(admin, url_prefix=f"{WITHIN_A_COMMUNE}/admin")
    if settings.keeps_messages:
        app.register_blueprint(development)
