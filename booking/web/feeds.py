"""Calendars to subscribe to, for staff: whoever has the secret address sees numbers, times and services."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Flask, Response, abort, current_app, g, request, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import TooManyTries
from booking.core.references import digest
from booking.core.roles import Role
from booking.database import read, write
from booking.usecases.feeds import feed_of, freshness, subscribed
from booking.usecases.misses import take_try
from booking.web.guard import open_to
from booking.web.security import client
from booking.words.feeds import calendar_file

AT_MOST, WITHIN = 30, timedelta(minutes=10)
"""So often one client may ask for one calendar, or for calendars that are none."""

feeds = Blueprint("feeds", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(feeds)


def feed_url(key: str) -> str:
    """The whole address, as it is given to a calendar."""
    return f"{current_app.extensions['settings'].base_url}{url_for('feeds.feed', key=key)}"


def webcal_url(key: str) -> str:
    """The same, for calendar programs that open when it is followed."""
    return f"webcal:{feed_url(key).partition(':')[2]}"


@feeds.get("/feed/<key>.ics")
@open_to(Role.RESIDENT)
def feed(key: str) -> ResponseReturnValue:
    """The calendar that a key opens, or that nothing has changed in it."""
    found = subscribed(read(), key=key, now=g.now)
    try:
        asked = digest("feed", client(), key if found else "")
        write(take_try, kind="feed", key=asked, limit=AT_MOST, pause=WITHIN, now=g.now)
    except TooManyTries:
        return Response(status=429, headers={"Retry-After": str(int(WITHIN.total_seconds()))})
    found = subscribed(read(), key=key, now=g.now)
    if found is None:
        abort(404)
    shown = feed_of(read(), found, now=g.now)
    answer = Response(mimetype="text/calendar", headers={"Cache-Control": "private, no-cache"})
    answer.set_etag(freshness(shown))
    if request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
        answer.status_code = 304
    else:
        answer.set_data(calendar_file(shown))
    return answer
