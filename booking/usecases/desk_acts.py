"""What an agent does at a counter, each act one unit: calling, a step, done and next, another service in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.errors import NobodyWaits, NoService, NotAtCounter, Unknown
from booking.models import Office
from booking.usecases.calling import Called, call_next, is_busy
from booking.usecases.desks import able_at, ask_help, close_desk, counter_of, open_desk
from booking.usecases.journal import Actor
from booking.usecases.places import places_of
from booking.usecases.ticket_steps import StepWish, take_step
from booking.usecases.walk_ins import Wanted, services_wanted, ticket_wishes


def check_seat(session: Session, *, office: Office, counter_id: int, actor: Actor) -> None:
    """Raises ``NotAtCounter`` unless whoever acts sits at the counter that their page showed."""
    if actor.person_id is None:
        raise NotAtCounter
    if counter_of(session, commune_id=office.commune_id, person_id=actor.person_id) != counter_id:
        raise NotAtCounter


def call(session: Session, *, office: Office, counter_id: int, actor: Actor, now: datetime) -> Called:
    """Call the next visitor to one's counter. Raises ``NotAtCounter``, ``NobodyWaits`` or ``CounterBusy``."""
    check_seat(session, office=office, counter_id=counter_id, actor=actor)
    able = able_at(session, office=office, counter_id=counter_id, now=now)
    return call_next(session, able=able, actor=actor, now=now)


def step(
    session: Session,
    *,
    office: Office,
    ticket_id: int,
    wish: StepWish,
    services: Mapping[int, int] | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Take a step from one's counter. ``services`` with their persons are what the visitor is here for from now on.

    Raises ``NotAtCounter``, ``NoService``, or whatever ``take_step`` does.
    """
    check_seat(session, office=office, counter_id=wish.counter_id or 0, actor=actor)
    if services is not None:
        wanted = [Wanted(service_id, persons) for service_id, persons in services.items() if persons]
        if not wanted:
            raise NoService
        known = services_wanted(session, office=office, wanted=wanted)
        wish = replace(wish, services=tuple(ticket_wishes(known, wanted)))
    take_step(
        session,
        commune_id=office.commune_id,
        office_ids=[office.id],
        ticket_id=ticket_id,
        wish=wish,
        actor=actor,
        now=now,
    )


def done_and_next(
    session: Session, *, office: Office, ticket_id: int, wish: StepWish, actor: Actor, now: datetime
) -> Called | None:
    """End a visit and call the next visitor, both or neither; ``None`` when nobody waits.

    Sent twice, it calls once. Raises what ``step`` does.
    """
    step(session, office=office, ticket_id=ticket_id, wish=wish, actor=actor, now=now)
    able = able_at(session, office=office, counter_id=wish.counter_id or 0, now=now)
    if is_busy(session, able):
        return None
    try:
        return call_next(session, able=able, actor=actor, now=now)
    except NobodyWaits:
        return None


def sit_down_at(session: Session, *, office: Office, counter_id: int, actor: Actor, now: datetime) -> None:
    """Open a counter of the office, or take it over. Raises what ``open_desk`` does."""
    open_desk(
        session,
        commune_id=office.commune_id,
        office_ids=[office.id],
        counter_id=counter_id,
        actor=actor,
        now=now,
    )


def close(session: Session, *, office: Office, counter_id: int, actor: Actor, now: datetime) -> None:
    """Close one's counter; its visitors stay. Raises ``NotAtCounter``."""
    check_seat(session, office=office, counter_id=counter_id, actor=actor)
    close_desk(session, commune_id=office.commune_id, counter_id=counter_id, actor=actor, now=now)


def call_for_help(
    session: Session, *, office: Office, counter_id: int, wanted: bool, actor: Actor, now: datetime
) -> None:
    """Ask colleagues to come to a counter of the office, or say that somebody came. Raises ``Unknown`` elsewhere."""
    if counter_id not in {place.id for place in places_of(session, office=office, tickets=())}:
        raise Unknown
    ask_help(session, commune_id=office.commune_id, counter_id=counter_id, wanted=wanted, actor=actor, now=now)
