"""What is written down of each request and each message: facts about work, never about people."""

from __future__ import annotations

import logging
import sys
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from booking.settings import Settings

log = structlog.get_logger("web")

NOT_MODIFIED = 304


def init_app(app: Flask, settings: Settings) -> None:
    configure(production=settings.production)
    app.before_request(begin)
    app.after_request(line)


def configure(*, production: bool) -> None:
    """One line of JSON per event in production, readable lines in development; control characters are escaped."""
    shape = structlog.processors.JSONRenderer() if production else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def begin() -> None:
    g.begun = time.perf_counter()
    g.request_id = uuid4().hex[:12]


def line(answer: Response) -> Response:
    """The rule of the address instead of the address itself: a rule holds no token, name or search.

    That nothing has changed since a screen asked, some seconds ago, is worth no line.
    """
    if answer.status_code == NOT_MODIFIED:
        return answer
    milliseconds = round((time.perf_counter() - g.begun) * 1000) if "begun" in g else 0
    log.info(
        "answered",
        request=getattr(g, "request_id", ""),
        method=request.method,
        rule=request.url_rule.rule if request.url_rule else None,
        status=answer.status_code,
        ms=milliseconds,
    )
    return answer
