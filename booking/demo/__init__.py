"""The demonstration: two invented communes, as full and as busy as real ones, made through the use-cases.

For one day and one moment it is always the same. Run again, it adds what the days gone by have left open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from booking.core.errors import NotInProduction, SlotTaken
from booking.database import in_unit, reading
from booking.demo.calendars import have_a_calendar
from booking.demo.changes import have_an_offer, have_changes
from booking.demo.coming import have_somebody_asked
from booking.demo.content.communes import COMMUNES
from booking.demo.content.offices import OFFICES
from booking.demo.content.people import STAFF
from booking.demo.content.shapes import DemoCommune
from booking.demo.days import Place, number_of_pages, places_of, plan, write_page
from booking.demo.figures import have_figures
from booking.demo.founding import close, commune_ids, found
from booking.demo.going import bring_up_to_date
from booking.demo.hall import have_a_hall
from booking.demo.screens import have_a_screen
from booking.demo.telephones import (
    code_now,
    have_a_platform,
    have_a_telephone,
    lacks_platform,
    leave_the_platform,
)
from booking.demo.waiting import have_somebody_wait, have_somebody_wait_for_a_first_time
from booking.models import Commune
from booking.passwords import hash_password
from booking.settings import Settings
from booking.usecases.communes import remove_commune
from booking.usecases.first_free import note_first_free

__all__ = ["PIECES", "code_now", "load", "remove"]

HAPPENINGS: tuple[Callable[..., object], ...] = (
    have_changes,
    bring_up_to_date,
    have_a_hall,
    have_somebody_asked,
    have_somebody_wait,
    have_somebody_wait_for_a_first_time,
    have_an_offer,
    have_a_screen,
    have_a_calendar,
    have_figures,
)
"""What has happened in an office by now, in this order: a visit that was marked is changed no more."""

PIECES = len(COMMUNES) + len(OFFICES) * (number_of_pages(is_new=True) + 1)
"""How many pieces of work ``load`` has at most."""


def load(engine: Engine, *, settings: Settings, now: datetime) -> Iterator[None]:
    """Make the demonstration, or top it up to five weeks from now; each step of the iteration is a piece done.

    Raises ``NotInProduction``.
    """
    if settings.production:
        raise NotInProduction
    with reading(engine) as session:
        known = commune_ids(session)
    for content in COMMUNES:
        is_new = content.code not in known
        commune_id = establish(engine, content, settings, now) if is_new else known[content.code]
        today = now.astimezone(ZoneInfo(content.zone)).date()
        in_unit(engine, close, commune_id=commune_id, code=content.code, today=today)
        yield
        with reading(engine) as session:
            places = places_of(session, commune=content.code, commune_id=commune_id)
        for place in places:
            yield from fill_office(engine, place, is_new=is_new, now=now)
        in_unit(engine, note_first_free, commune_id=commune_id, day=today, now=now)
    let_in(engine, settings, now)


def let_in(engine: Engine, settings: Settings, now: datetime) -> None:
    """Whoever decides about others can take the second step, also where the demonstration is older than it."""
    with reading(engine) as session:
        is_missing = lacks_platform(session)
    if is_missing:
        in_unit(engine, have_a_platform, password_hash=hash_password(settings.demo_password), now=now)
    in_unit(engine, have_a_telephone, key=settings.secret_key, now=now)


def establish(engine: Engine, content: DemoCommune, settings: Settings, now: datetime) -> int:
    """The commune and its staff, in one unit; the passwords are hashed before it begins."""
    accounts = [member.email for member in STAFF if member.commune == content.code]
    hashes = {email: hash_password(settings.demo_password) for email in accounts}
    return in_unit(engine, found, content=content, hashes=hashes, now=now)


def fill_office(engine: Engine, place: Place, *, is_new: bool, now: datetime) -> Iterator[None]:
    with reading(engine) as session:
        pages = plan(session, place=place, is_new=is_new, now=now)
    for page in pages:
        # Somebody may be trying the demonstration at this very moment: theirs goes first.
        with suppress(SlotTaken):
            in_unit(engine, write_page, place=place, page=page, now=now)
        yield
    for happening in HAPPENINGS:
        in_unit(engine, happening, place=place, now=now)
    yield


def remove(engine: Engine) -> int:
    """Take every demonstration commune away with all that is in it, and say how many there were.

    Also in production: it was tried there before, and goes on the day of the change.
    """
    with reading(engine) as session:
        known = session.scalars(select(Commune.id).where(Commune.is_demonstration)).all()
    for commune_id in known:
        in_unit(engine, remove_commune, commune_id=commune_id)
    in_unit(engine, leave_the_platform)
    return len(known)
