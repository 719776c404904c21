"""The hall: the numbers that are called and where to, in both languages at once, for whoever waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from flask import Blueprint, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from booking.core.references import digest
from booking.core.roles import Role
from booking.core.translated import OFFICIAL, Translated
from booking.database import read
from booking.usecases.screens import Call, Hall, calls_of, hall_of
from booking.web.guard import open_to
from booking.web.languages import speaking
from booking.web.queue_rules import sentence_of_rule
from booking.web.staticfiles import static_url
from booking.words.formatting import listing

LARGE_FOR = timedelta(seconds=10)
"""So long a call fills the screen; then it stands among the others."""

WORDS = {
    "screen": _l("Calling screen"),
    "ticket": _l("Ticket"),
    "counter": _l("Counter"),
    "current": _l("Called now"),
    "last": _l("Last calls"),
    "nobody": _l("Nobody is being called at the moment."),
    "lost": _l("Connection lost. You see the state of %(time)s."),
    "sound": _l("Turn on the sound"),
    "refresh": _l("Refresh"),
    "paused": _l("Not possible for the moment: %(services)s."),
    "calling": _l("%(number)s, counter %(counter)s"),
}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/screen/<secret>", "hall", hall)
    blueprint.add_url_rule("/screen/<secret>/feed", "feed", feed)


@open_to(Role.RESIDENT)
def hall(secret: str) -> ResponseReturnValue:
    found = hall_of(read(), secret=secret, now=g.now)
    return stamped(make_response(render_template("screen/hall.html", secret=secret, **shown(found))), found)


@open_to(Role.RESIDENT)
def feed(secret: str) -> ResponseReturnValue:
    """What the screen asks for every few seconds: nothing at all as long as nothing has changed."""
    found = hall_of(read(), secret=secret, now=g.now)
    answer = stamped(make_response(), found)
    if request.if_none_match.contains_weak(found.freshness):
        answer.status_code = 304
        return answer
    answer.set_data(render_template("screen/calls.html", **shown(found)))
    return answer


def stamped(answer: Response, found: Hall) -> Response:
    """With the word for this state, and the server's own clock: that of a screen may go wrong."""
    answer.set_etag(found.freshness, weak=True)
    answer.headers["X-Now"] = str(int(g.now.timestamp()))
    return answer


def shown(found: Hall) -> dict[str, object]:
    calls = calls_of(read(), hall=found, now=g.now)
    return {
        "hall": found,
        "office": said_by(found.languages, found.name.in_),
        "words": {name: said(found.languages, text) for name, text in WORDS.items()},
        "rules": said_by(found.languages, lambda _: sentence_of_rule(found.policy)),
        "paused": paused_in_words(found.languages, calls.paused),
        "calls": calls,
        "key_of": key_of,
        "is_large": is_large,
        "wall": g.now.astimezone(found.zone).time(),
        "made": made(found),
    }


def said(languages: Iterable[str], text: object) -> tuple[tuple[str, str], ...]:
    """A text in both languages, each with its own; once where both say the same."""
    return said_by(languages, lambda _: str(text))


def said_by(languages: Iterable[str], say: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    told = {}
    for language in languages:
        with speaking(language):
            told[language] = say(language)
    return tuple(told.items()) if len(set(told.values())) > 1 else tuple(told.items())[:1]


def paused_in_words(languages: Iterable[str], services: Iterable[Translated]) -> tuple[tuple[str, str], ...]:
    names = list(services)
    if not names:
        return ()
    return said_by(
        languages,
        lambda language: str(WORDS["paused"]) % {"services": listing([name.in_(language) for name in names], language)},
    )


def key_of(call: Call) -> str:
    """The same call has the same word; called again, it has another."""
    return f"{call.letter}{call.number}-{call.counter}-{call.calls}-{int(call.called_at.timestamp())}"


def is_large(call: Call, now: datetime) -> bool:
    return call.is_current and not call.is_quiet and now - call.called_at < LARGE_FOR


def made(found: Hall) -> str:
    """What the page around the calls was made of: when it differs, the screen loads itself anew."""
    names = [text.in_(language) for text in (found.name, found.commune) for language in OFFICIAL]
    files = [static_url(name) for name in ("hall.css", "js/hall.js")]
    return digest(*names, *files, str(found.languages), str(found.with_sound))
