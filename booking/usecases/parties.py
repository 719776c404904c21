"""A party: several persons under one helper, booked by staff all at once or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel
from booking.core.errors import OutOfDate, Unknown, WrongPartySize
from booking.core.parties import MOST_IN_PARTY
from booking.core.references import new_key
from booking.core.waiting import USUAL_TERMS, OfferTerms
from booking.models import Appointment
from booking.usecases.appointments import Helper, Wish, confirm
from booking.usecases.baskets import WishedLine
from booking.usecases.cancellations import end_booked, offer_time_of
from booking.usecases.claims import shared
from booking.usecases.holds import hold
from booking.usecases.journal import Actor, note_each
from booking.usecases.party_times import PartyPlace, spread_of
from booking.usecases.party_visits import party_of
from booking.usecases.reminders import schedule_reminders
from booking.usecases.statements import QUIETLY

AT_ONCE = timedelta(minutes=5)
"""So long a time is held that is booked in the same unit."""

GIVEN = ("helper_name", "helper_email", "helper_phone", "name", "party_key")


@dataclass(frozen=True)
class PartyWish:
    """Who comes: the helper who is written to, the names as far as they are known, the language at the counter."""

    helper: Helper
    language: str
    names: tuple[str, ...] = ()
    help_language: str | None = None

    def of(self, nth: int) -> Wish:
        """The wish of one person. Whose name is not known has the helper's, with their number."""
        name = self.names[nth] if nth < len(self.names) else f"{self.helper.name} ({nth + 1})"
        return Wish(name, None, None, self.language, self.help_language, self.helper)


def book_party(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    service_id: int,
    places: Sequence[PartyPlace],
    wish: PartyWish,
    actor: Actor,
    now: datetime,
) -> int:
    """Book a visit at each of these places, or none; gives the first of them. The helper gets one message for all.

    No limit per contact counts them. Raises ``WrongPartySize`` and what ``hold`` raises.
    """
    if not 1 < len(places) <= MOST_IN_PARTY or len(set(places)) < len(places):
        raise WrongPartySize(limit=MOST_IN_PARTY)
    keys = {place: hold_place(session, place, commune_id, office_id, service_id, now) for place in spread_of(places)}
    made = [
        confirm(
            session,
            commune_id=commune_id,
            hold_key=keys[place],
            wish=wish.of(nth),
            per_contact=0,
            now=now,
            announced=nth == 0,
        ).id
        for nth, place in enumerate(sorted(places, key=lambda one: (one.start, one.counter_id)))
    ]
    of_party = update(Appointment).where(Appointment.commune_id == commune_id, Appointment.id.in_(made))
    session.execute(of_party.values(party_key=new_key(), party_size=len(made)), execution_options=QUIETLY)
    these = {"commune_id": commune_id, "subject": "appointment", "now": now}
    note_each(session, actor, made, act="booked", fields=GIVEN, **these)  # type: ignore[arg-type]
    return made[0]


def hold_place(
    session: Session, place: PartyPlace, commune_id: int, office_id: int, service_id: int, now: datetime
) -> str:
    return hold(
        session,
        commune_id=commune_id,
        office_id=office_id,
        lines=[WishedLine(service_id)],
        start=place.start,
        counter_id=place.counter_id,
        length=AT_ONCE,
        client=None,
        per_client=0,
        channel=Channel.PHONE,
        in_window=False,
        now=now,
    )


def cancel_of_party(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    appointment_id: int,
    gone: Collection[int],
    actor: Actor,
    now: datetime,
    terms: OfferTerms = USUAL_TERMS,
) -> int:
    """Cancel some visits of a party, as its helper asks, or all; one message tells them what is left.

    Gives how many were still booked. Who comes first from now on is who the helper is reminded of. Raises ``Unknown``,
    or ``OutOfDate`` when none of them was booked any more.
    """
    mine = (Appointment.commune_id == commune_id, Appointment.office_id.in_(office_ids))
    known = session.scalars(select(Appointment).where(*mine, Appointment.id == appointment_id)).one_or_none()
    party = party_of(session, appointment=known) if known else []
    ids = [one.id for one in party if one.id in gone]
    if not ids or len(ids) < len(set(gone)):
        raise Unknown
    for number in sorted({one.office_id for one in party}):
        shared(session, commune_id=commune_id, office_id=number)
    booked = [one.id for one in party if one.id in ids and one.state == AppointmentState.BOOKED]
    if not booked:
        raise OutOfDate
    these: dict[str, Any] = {"commune_id": commune_id, "now": now}
    where = Appointment.id.in_(booked)
    done = end_booked(session, where, **these, reason=None, actor=actor, as_one=True)
    for number in sorted(done):
        offer_time_of(session, **these, appointment_id=number, terms=terms)
    left = [one.id for one in party if one.id not in done and one.state == AppointmentState.BOOKED]
    if left:
        schedule_reminders(session, **these, appointment_ids=left[:1])
    return len(done)
