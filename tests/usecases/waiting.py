"""How the tests wait for an earlier time: a commune with the list, people in it, a worker that never sleeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.checklist import Told
from booking.core.needs import Need
from booking.core.roles import Role
from booking.core.waiting import USUAL_TERMS, OfferState, Wishes
from booking.models import Appointment, Offer, WaitingEntry
from booking.usecases.appointments import Wish
from booking.usecases.baskets import WishedLine
from booking.usecases.cancellations import cancel
from booking.usecases.journal import Actor
from booking.usecases.waiting import WishedTime, entry_with_nonce, join, join_with_appointment, prove
from booking.usecases.waiting_answers import open_offer, pass_on
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at

ANA = Actor(role=Role.RESIDENT)
WEDNESDAY = MONDAY + timedelta(days=2)
IN_A_MONTH = MONDAY + timedelta(days=28)
NINE = at(WEDNESDAY, "09:00")
ANY_TIME = Wishes(MONDAY, IN_A_MONTH)


def a_commune_with_a_list(session: Session, **choices: Any) -> Working:
    """A commune at work that keeps the list for its service."""
    place = a_working_commune(session, **choices)
    place.service.earlier_list = True
    session.flush()
    return place


def somebody_waits(
    session: Session,
    place: Working,
    name: str,
    *,
    wishes: Wishes = ANY_TIME,
    offices: Sequence[int] = (),
    persons: int = 1,
    otherwise_on: date = IN_A_MONTH,
    email: str | None = "",
    phone: str | None = None,
    by_text: bool = False,
    told: Told | None = None,
    needs: frozenset[Need] = frozenset(),
    now: datetime = EARLY,
) -> WaitingEntry:
    """Somebody without an appointment joins the list and proves their address, which is of their name if not given."""
    address = f"{name.lower()}@example.org" if email == "" else email
    nonce = join(
        session,
        commune_id=place.commune.id,
        lines=[WishedLine(place.service.id, persons, told=told)],
        time=WishedTime(wishes, tuple(offices)),
        otherwise_on=otherwise_on,
        wish=Wish(name, address, phone, "fr", needs=needs),
        by_text=by_text,
        now=now,
    )
    prove(session, commune_id=place.commune.id, nonce=nonce, now=now)
    entry = entry_with_nonce(session, commune_id=place.commune.id, nonce=nonce)
    assert entry is not None
    return entry


def waits_with(
    session: Session, place: Working, appointment: Appointment, *, wishes: Wishes = ANY_TIME, now: datetime = EARLY
) -> WaitingEntry:
    """Somebody with an appointment joins the list."""
    own = {"commune_id": place.commune.id, "appointment_id": appointment.id, "version": appointment.version}
    join_with_appointment(session, **own, time=WishedTime(wishes), actor=ANA, now=now)
    entry: WaitingEntry = session.scalars(
        select(WaitingEntry).where(WaitingEntry.appointment_id == appointment.id)
    ).one()
    return entry


def a_freed_time(
    session: Session, place: Working, *, start: datetime = NINE, minutes: int = 15, now: datetime = EARLY, **other: Any
) -> Appointment:
    """Somebody else has this time and cancels it."""
    visit = an_appointment(session, place.counter, place.service, start=start, minutes=minutes, **other)
    assert give_back(session, place, visit, now=now)
    return visit


def give_back(session: Session, place: Working, visit: Appointment, *, now: datetime = EARLY) -> bool:
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
    return cancel(session, **own, actor=ANA, now=now)


def kept_for(session: Session, entry: WaitingEntry, *, now: datetime = EARLY) -> datetime | None:
    """When the visit begins that is being kept for somebody."""
    found = open_offer(session, entry=entry, now=now)
    return found[1].start if found else None


def the_worker_passes_on(session: Session, *, now: datetime) -> int:
    """Everything that is due is passed on."""
    passed_on = 0
    while pass_on(session, terms=USUAL_TERMS, now=now):
        passed_on += 1
    return passed_on


def held_visits(session: Session) -> list[Appointment]:
    return list(session.scalars(select(Appointment).where(Appointment.state == AppointmentState.HELD)))


def states(session: Session) -> list[OfferState]:
    """What became of each offer, in the order in which they were made."""
    return list(session.scalars(select(Offer.state).order_by(Offer.id)))
