"""A service takes longer from now on: whom that touches who was given fewer minutes, and what becomes of each.

Whoever can be given the minutes at their own time keeps it, and nobody is told. The others keep what was agreed, are
asked about another time, or are cancelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from booking.core.appointments import AppointmentState, Part, Step, Terms, visit_minutes
from booking.core.errors import TooManyPersons
from booking.core.rebookings import Cause
from booking.core.services import ServiceContent
from booking.core.timespan import Span, local_date, tick_of
from booking.models import Appointment, AppointmentLine, Claim, Office, Service
from booking.usecases.cancellations import cancel_each
from booking.usecases.catalogue import offices_of
from booking.usecases.claims import remove_lapsed
from booking.usecases.effects import Agreed, Decision, Effect, agreed
from booking.usecases.elsewhere import elsewhere, give_to_another
from booking.usecases.holds import end_moves_of
from booking.usecases.journal import Actor, note_each
from booking.usecases.rebookings import open_rebooking
from booking.usecases.schedules import load, take_whole
from booking.usecases.services import change_service
from booking.usecases.settling import Outcome, Wanted, keep_outside, what_became
from booking.usecases.statements import QUIETLY, insert_unless_taken
from booking.usecases.touched import still_to_come


def effect_of_minutes(
    session: Session, *, commune_id: int, service_id: int, content: ServiceContent, now: datetime
) -> Effect:
    """The visits to come that were given fewer minutes than they would take, and who of them can have these."""
    offices = offices_of(session, commune_id=commune_id)
    visits = given_fewer(session, offices, service_id=service_id, content=content, now=now)
    after = load(session, offices)
    return Effect(tuple(visits), elsewhere(session, visits, offices=offices, after=after, now=now, with_own=True))


def given_fewer(
    session: Session, offices: Sequence[Office], *, service_id: int, content: ServiceContent, now: datetime
) -> list[Agreed]:
    """These visits with the span that they would take."""
    booked = Appointment.state == AppointmentState.BOOKED
    # Every line of theirs is read, and one of them is for it.
    one = aliased(AppointmentLine)
    is_for_it = exists().where(
        one.commune_id == Appointment.commune_id, one.appointment_id == Appointment.id, one.service_id == service_id
    )
    known = agreed(session, *still_to_come(offices, now=now), booked, is_for_it)
    needed = minutes_needed(session, known, service_id=service_id, content=content)
    return [
        one._replace(visit=replace(one.visit, span=Span(one.visit.span.start, one.visit.span.start + needed[one.id])))
        for one in known
        if one.id in needed
    ]


def minutes_needed(
    session: Session, visits: Sequence[Agreed], *, service_id: int, content: ServiceContent
) -> dict[int, timedelta]:
    """How long those of these visits would take that were given less. What somebody needs is added as it was."""
    of_line = (AppointmentLine.commune_id == Service.commune_id) & (AppointmentLine.service_id == Service.id)
    number = AppointmentLine.appointment_id
    rows = session.execute(
        select(AppointmentLine, Service)
        .join(Service, of_line)
        .where(number.in_([one.id for one in visits]))
        .order_by(number, AppointmentLine.position)
    )
    given, found = {one.id: one.visit.span.minutes for one in visits}, {}
    for appointment_id, lines in groupby(rows, key=lambda row: row.AppointmentLine.appointment_id):
        parts = [
            (Part(service.terms_of(line.step), line.persons, line.added_minutes), line.step, service.id)
            for line, service in lines
        ]
        then = [
            replace(part, terms=longer_terms(part.terms, step, content)) if number == service_id else part
            for part, step, number in parts
        ]
        try:
            usual, wanted = visit_minutes([part for part, *_ in parts]), visit_minutes(then)
        except TooManyPersons:
            # So many are not taken any more: what was agreed with them stays.
            continue
        minutes = wanted + max(given[appointment_id] - usual, 0)
        if minutes > given[appointment_id]:
            found[appointment_id] = timedelta(minutes=minutes)
    return found


def longer_terms(terms: Terms, step: Step | None, content: ServiceContent) -> Terms:
    """The terms of a service, or of one of its steps, with the minutes that were written."""
    if step == Step.INFORMATION:
        return replace(terms, minutes_first=content.information_minutes or terms.minutes_first)
    return replace(
        terms,
        minutes_first=content.minutes_first,
        minutes_extra=content.minutes_extra,
        minutes_beside=content.minutes_beside,
    )


def lengthen(
    session: Session,
    *,
    commune_id: int,
    service_id: int,
    content: ServiceContent,
    wanted: Wanted,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Write a service anew that takes longer, and settle whom that touches, in one unit.

    Raises what ``change_service`` raises, ``Undecided`` or ``ReasonMissing``.
    """
    take_whole(session, commune_id=commune_id)
    offices = offices_of(session, commune_id=commune_id)
    visits = given_fewer(session, offices, service_id=service_id, content=content, now=now)
    change_service(
        session, commune_id=commune_id, service_id=service_id, content=content, seen=seen, actor=actor, now=now
    )
    wishing = [one for one in visits if one.id in set(wanted.moving)]
    moved = give_minutes(session, wishing, offices, service_id=service_id, actor=actor, now=now)
    left = [one for one in visits if one.id not in moved]
    wanted.check(left)
    chosen = {one: tuple(visit.id for visit in left if wanted.decisions[visit.id] == one) for one in Decision}
    proposed, gone = chosen[Decision.PROPOSE], chosen[Decision.CANCEL]
    keep_outside(session, proposed, commune_id=commune_id, actor=actor, now=now)
    cancelled = cancel_each(session, gone, commune_id=commune_id, reason=wanted.reason, actor=actor, now=now)
    silent = {one.id for one in visits if not one.has_mail}
    to_call = tuple(one for one in cancelled if one in silent)
    outcome = Outcome(chosen[Decision.KEEP], cancelled, to_call, tuple(moved), proposed)
    if not (moved or proposed):
        return outcome
    number = open_rebooking(
        session,
        commune_id=commune_id,
        cause=Cause.SERVICE,
        office_id=None,
        days=(min(local_date(now, office.zone) for office in offices), None),
        visits=what_became(visits, outcome),
        reason=wanted.reason,
        answer=wanted.answer,
        actor=actor,
        now=now,
    )
    return replace(outcome, rebooking_id=number)


def give_minutes(
    session: Session,
    visits: Sequence[Agreed],
    offices: Sequence[Office],
    *,
    service_id: int,
    actor: Actor,
    now: datetime,
) -> list[int]:
    """Let these visits last longer, at their own counter or at another, as many as can; gives those that do."""
    if not visits:
        return []
    commune_id, hours = offices[0].commune_id, load(session, offices)
    end_moves_of(session, commune_id=commune_id, appointment_ids=[one.id for one in visits])
    start, end = min(one.visit.span.start for one in visits), max(one.visit.span.end for one in visits)
    for office in offices:
        serving = [*hours[office.id].serves]
        remove_lapsed(session, office_id=office.id, counters=serving, start=start, end=end, now=now)
    places = elsewhere(session, visits, offices=offices, after=hours, now=now, with_own=True)
    done = [one.id for one in visits if lasts_longer(session, one, commune_id, places.get(one.id, ()), service_id)]
    fields = ("end", "counter_id")
    note_each(
        session, actor, done, commune_id=commune_id, act="lengthened", subject="appointment", fields=fields, now=now
    )
    return done


def lasts_longer(session: Session, one: Agreed, commune_id: int, counters: Sequence[int], service_id: int) -> bool:
    mine = (Appointment.commune_id == commune_id, Appointment.id == one.id)
    before: datetime = session.scalars(select(Appointment.end).where(*mine)).one()
    own, span = one.visit.counter, one.visit.span
    rows = [
        {"counter_id": own, "tick": tick, "commune_id": commune_id, "appointment_id": one.id}
        for tick in range(tick_of(before), tick_of(span.end))
    ]
    stays = own in counters and len(session.execute(insert_unless_taken(session, Claim, "tick"), rows).all()) == len(
        rows
    )
    if not stays:
        if own in counters:
            more = (Claim.appointment_id == one.id, Claim.tick >= tick_of(before))
            session.execute(delete(Claim).where(*more), execution_options=QUIETLY)
        others = [other for other in counters if other != own]
        where = {"commune_id": commune_id, "appointment_id": one.id, "counter_id": own}
        if not give_to_another(session, **where, span=span, others=others):
            return False
    session.execute(update(Appointment).where(*mine).values(end=span.end), execution_options=QUIETLY)
    line = update(AppointmentLine).where(
        AppointmentLine.appointment_id == one.id, AppointmentLine.service_id == service_id
    )
    added = (span.end - before) // timedelta(minutes=1)
    session.execute(line.values(minutes=AppointmentLine.minutes + added), execution_options=QUIETLY)
    return True
