"""Applying a file to the commune it names, in one unit: its effect is what it does, shown first by undoing it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import ImportTouches
from booking.core.seen import check_seen
from booking.core.timespan import local_date
from booking.models import CommuneSlug
from booking.usecases.communes import Contacts, create_commune
from booking.usecases.configuration.catalogue import (
    add_groups,
    apply_commune,
    apply_services,
    publish_each,
    settle_groups,
)
from booking.usecases.configuration.current import configuration_of
from booking.usecases.configuration.effect import Effect, Subject, Work
from booking.usecases.configuration.places import apply_closures, apply_offices
from booking.usecases.configuration.sections import Configuration
from booking.usecases.configuration.visits import hours_now, seen_before, settle_others, stranded
from booking.usecases.journal import Actor
from booking.usecases.schedules import take_whole


class Undone(Exception):
    """Everything was tried, and nothing of it is to stay."""


def effect_of_file(session: Session, *, configuration: Configuration, actor: Actor, now: datetime) -> Effect:
    """What applying a file would do now: it is done and undone. Raises what ``apply_file`` raises of a file itself."""
    effect: Effect | None = None
    with suppress(Undone), session.begin_nested():
        effect = applied(session, configuration=configuration, actor=actor, now=now)
        raise Undone
    if effect is None:
        raise AssertionError("it is applied or it raises")
    return effect


def apply_file(
    session: Session, *, configuration: Configuration, seen: str | None = None, actor: Actor, now: datetime
) -> Effect:
    """Make a commune what a file says: one that is there under its French word in addresses, or a new one.

    ``seen`` is the word for the effect as it was shown. What was before today stays as it was; what the file does not
    name is taken out of use, never deleted. Raises ``ImportTouches`` when an appointment to come would lose its time,
    ``ChangedMeanwhile``, ``SlugTaken`` or ``LetterTaken``; then nothing is changed.
    """
    effect = applied(session, configuration=configuration, actor=actor, now=now)
    if effect.touched:
        raise ImportTouches(number=len(effect.touched))
    check_seen(seen, shown(effect))
    return effect


def shown(effect: Effect) -> tuple[object, ...]:
    """What somebody has seen of an effect, as far as it can be compared: a commune that is new has no number yet."""
    return effect.is_new, effect.items, effect.touched


def applied(session: Session, *, configuration: Configuration, actor: Actor, now: datetime) -> Effect:
    known = commune_named(session, configuration)
    commune_id = known or start(session, configuration, now)
    since = local_date(now, ZoneInfo(configuration.commune["zone_key"]))
    work = Work(session, commune_id, since, actor, now)
    take_whole(session, **work.own)
    before, current = seen_before(work), configuration_of(session, **work.own, since=since)
    apply_commune(work, configuration.commune, current.commune, is_new=known is None)
    groups = add_groups(work, configuration.groups)
    services = apply_services(work, configuration.services, current.services, groups)
    settle_groups(work, configuration.groups, groups)
    apply_offices(work, configuration.offices, current.offices, services)
    publish_each(work, configuration.services, services)
    apply_closures(work, configuration.closures)
    after = hours_now(work, before.offices)
    touched = stranded(before, after) | work.in_the_way
    settle_others(work, before, after)
    if work.items:
        work.journal("imported", Subject.COMMUNE, commune_id)
    return Effect(known, known is None, tuple(work.items), tuple(sorted(touched)))


def commune_named(session: Session, configuration: Configuration) -> int | None:
    """The commune that has the file's French word in its addresses."""
    word = configuration.commune["slugs"]["fr"]
    wanted = select(CommuneSlug.commune_id).where(CommuneSlug.language == "fr", CommuneSlug.slug == word)
    return session.scalars(wanted).one_or_none()


def start(session: Session, configuration: Configuration, now: datetime) -> int:
    """A commune of its name, with nothing in it yet. Raises ``SlugTaken``."""
    commune = configuration.commune
    contacts = {name: commune[name] for name in ("phone", "email", "post_address", "sender_address")}
    return create_commune(
        session,
        name=commune["name"],
        slugs=commune["slugs"],
        zone=commune["zone_key"],
        contacts=Contacts(**contacts),
        first_language=commune["first_language"],
        postcodes=commune["postcodes"],
        theme=commune["theme"],
        contact_days=commune["contact_days"],
        name_months=commune["name_months"],
        now=now,
    )
