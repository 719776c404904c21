"""What any page may need: the notices of this moment, and the counter hours that every dead end shows."""

from __future__ import annotations

from flask import Flask, g

from booking.core.translated import PAGE_LANGUAGES, Translated
from booking.database import read
from booking.models import Service
from booking.usecases.hours import Week, hours_of
from booking.usecases.paused import PausedPlace, paused_places
from booking.words.catalogues import texts

_l = str  # Marks a text for the translators; it is looked up when its language is known.

DOWN = _l("A system is down (%(office)s). At the moment this cannot be done there: %(services)s.")


def init_app(app: Flask) -> None:
    app.context_processor(notices)
    app.jinja_env.globals["counter_weeks"] = counter_weeks


def notices() -> dict[str, object]:
    return {"banners": [*what_is_down(), *getattr(g, "notices", [])] if may_ask() else []}


def what_is_down() -> list[Translated]:
    """A notice for each office where a system is down, in every language of the pages.

    None of the office of which the page itself says so (``g.tells_what_is_down_at``).
    """
    if not getattr(g, "has_pauses", False):
        return []
    return [
        Translated({language: down_told(place, language) for language in PAGE_LANGUAGES})
        for place in paused_places(read(), commune_id=g.commune.id, now=g.now)
        if place.office_id != g.get("tells_what_is_down_at")
    ]


def down_told(place: PausedPlace, language: str) -> str:
    services = " · ".join(one.in_(language) for one in place.services)
    said = texts(language).gettext(DOWN)
    return said % {"office": place.office.in_(language), "services": services}


def counter_weeks(service: Service | None = None) -> list[Week]:
    """The hours of the commune's offices, or those for a service, from today on for seven days."""
    return hours_of(read(), commune_id=g.commune.id, service=service, now=g.now) if may_ask() else []


def may_ask() -> bool:
    """Whether the database may be asked: not by the page that tells of its fault."""
    return not getattr(g, "asks_nothing", False)
