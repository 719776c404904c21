"""The pages of everything that goes wrong: never a blank one, and in both languages where the reader's is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, NotFound

from booking.core.errors import BookingError, Unknown
from booking.core.translated import OFFICIAL
from booking.database import db, is_absence
from booking.web.answers import answer
from booking.web.guard import find_commune

RETRY_AFTER_SECONDS = "10"
NO_TOKEN = "no token"

FAULTS: Mapping[int | str, tuple[Any, Any]] = {
    400: (
        _l("We cannot read this request"),
        _l("Part of the address or of the form is not what we expect. Nothing was changed."),
    ),
    404: (_l("We cannot find this page"), _l("The address may be mistyped, or the page may be gone.")),
    405: (
        _l("This page cannot be used in this way"),
        _l("Go back to the page you came from and press its button. Nothing was changed."),
    ),
    413: (_l("This is too much at once"), _l("What was sent is larger than a form can be. Nothing was changed.")),
    500: (
        _l("Something went wrong on our side"),
        _l("The fault has been noted. Nothing you did caused it. Please try again, or call the commune."),
    ),
    503: (
        _l("We cannot reach our data for the moment"),
        _l("Please try again in a few seconds. Nothing you confirmed is lost."),
    ),
    NO_TOKEN: (
        _l("Please send this form again"),
        _l(
            "The page was open for long, or in another window. For your safety we did not accept it. "
            "Go back, load the page again and send it once more."
        ),
    ),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(BookingError, refused)
    app.register_error_handler(CSRFError, form_without_token)
    app.register_error_handler(DBAPIError, database_fault)
    app.register_error_handler(HTTPException, http_fault)
    app.register_error_handler(Exception, our_fault)


def page_of(fault: int | str, status: int) -> Response:
    """The page of a fault, in the reader's language or, when it is unknown, in French and Dutch."""
    told = []
    for language in (g.language,) if getattr(g, "language", None) else OFFICIAL:
        with force_locale(language):
            told.append((language, *(str(text) for text in FAULTS[fault])))
    return make_response(render_template("fault.html", told=told), status)


def refused(refusal: BookingError) -> ResponseReturnValue:
    return http_fault(NotFound()) if isinstance(refusal, Unknown) else answer(refusal)


def form_without_token(fault: CSRFError) -> ResponseReturnValue:
    """The token is looked at before anything else: the commune is asked for here, so that its telephone is there."""
    with suppress(NotFound):
        find_commune()
    return page_of(NO_TOKEN, 400)


def http_fault(fault: HTTPException) -> ResponseReturnValue:
    """The same page for whatever is not here, never was, or belongs to somebody else."""
    code = fault.code or 500
    if code < 400:
        return fault
    answer_ = page_of(code if code in FAULTS else 400 if code < 500 else 500, code)
    for name, value in fault.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer_.headers[name] = value
    return answer_


def database_fault(fault: DBAPIError) -> ResponseReturnValue:
    return busy() if is_absence(fault) else our_fault(fault)


def busy() -> ResponseReturnValue:
    forget_the_request()
    answer_ = page_of(503, 503)
    answer_.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return answer_


def our_fault(fault: Exception) -> ResponseReturnValue:
    """The fault goes to the log with its traceback; the reader gets a page."""
    if current_app.testing:
        raise fault
    current_app.logger.error("unhandled", exc_info=fault)
    forget_the_request()
    return page_of(500, 500)


def forget_the_request() -> None:
    """What was read so far may be what broke: the page of the fault asks the database nothing.

    A commune that was read whole before stays in the page, with the telephone that the page speaks of.
    """
    db.session.remove()
    g.staff, g.asks_nothing = None, True
    if g.get("commune") is None or inspect(g.commune).unloaded:
        g.commune = g.slugs = None
