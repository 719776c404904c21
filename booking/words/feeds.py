"""A feed as a calendar file: ticket numbers, times and services in both official languages, and nobody's name."""

from __future__ import annotations

from collections.abc import Callable

from icalendar import Calendar, Event, Timezone
from icalendar.enums import CLASS, STATUS, TRANSP

from booking.core.feeds import EVERY, Feed, FeedVisit
from booking.words.calendar import BRUSSELS, BRUSSELS_CLOCK, on_the_wall
from booking.words.catalogues import texts
from booking.words.formatting import time_short
from booking.words.plain import on_one_line


def calendar_file(feed: Feed) -> bytes:
    """The feed without a method: a file to subscribe to invites nobody. The same facts are the same bytes."""
    around = Calendar.new(prodid="-//Guichet//Guichet 1//MUL", calscale="GREGORIAN")
    around.pop("UID")  # drawn anew each time
    around.add("NAME", name_of(feed))
    # What calendars looked for before RFC 7986, and some still do.
    around.add("X-WR-CALNAME", name_of(feed))
    for name in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        around.add(name, EVERY, {"VALUE": "DURATION"})
    if feed.zone == BRUSSELS:
        around.add_component(Timezone.from_ical(BRUSSELS_CLOCK))
    for visit in feed.visits:
        around.add_component(event_of(visit, feed))
    content: bytes = around.to_ical()
    return content


def event_of(visit: FeedVisit, feed: Feed) -> Event:
    event = Event.new(
        uid=on_one_line(visit.uid),
        start=on_the_wall(visit.start, feed.zone),
        end=on_the_wall(visit.end, feed.zone),
        stamp=visit.stamped_at,
        sequence=visit.sequence,
        status=STATUS.CONFIRMED,
        transparency=TRANSP.OPAQUE,
        classification=CLASS.PRIVATE,
    )
    event.add("SUMMARY", summary(visit, feed))
    if feed.counter is None:
        event.add("LOCATION", at_counter(visit.counter, feed))
    return event


def summary(visit: FeedVisit, feed: Feed) -> str:
    """``A 027 · Carte d’identité / Identiteitskaart``; before there is a ticket, the time in front."""
    first = visit.ticket or time_short(visit.wall, feed.languages[0])
    services = [in_both(feed, service.in_) for service in visit.services]
    return " · ".join([first, *(services or [in_both(feed, lambda language: texts(language).gettext("Appointment"))])])


def name_of(feed: Feed) -> str:
    office = in_both(feed, feed.office.in_)
    return f"{office} · {at_counter(feed.counter, feed)}" if feed.counter is not None else office


def at_counter(label: str, feed: Feed) -> str:
    return in_both(feed, lambda language: texts(language).gettext("counter %(label)s") % {"label": label})


def in_both(feed: Feed, told: Callable[[str], str]) -> str:
    """What is told in each language, once where both say the same."""
    return " / ".join(dict.fromkeys(on_one_line(told(language)) for language in feed.languages))
