"""What administrators are told once a day: a service that is free later than promised, post that leaves late."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.alerts import LATE, AlertLetter, Alerts, Broken, Cause, is_broken
from booking.core.roles import Role
from booking.core.timespan import instant, local_date
from booking.models import Alert, Commune, FirstFree, Membership, Message, Person, Service
from booking.models.messages import IS_WAITING, MessageKind
from booking.models.people import in_force
from booking.usecases.letter_facts import addresses, commune_facts, message_id
from booking.usecases.messages import LEAVE, PAUSES, queued
from booking.usecases.statements import insert_unless_taken

KINDS = {Cause.PROMISE: MessageKind.ALERT_PROMISE, Cause.POST: MessageKind.ALERT_POST}
CAUSES = {kind: cause for cause, kind in KINDS.items()}

TRIED_OFTEN = 4
"""What was tried so often in vain has been late for twenty minutes, although it is due again only later."""

SEVERAL = 3
"""So few mailboxes may each have a reason of their own to take nothing now."""


def alerts_now(session: Session, *, commune_id: int, now: datetime) -> Alerts:
    """What does not go well in a commune at this moment."""
    commune = session.get_one(Commune, commune_id)
    day = local_date(now, commune.zone)
    return Alerts(
        broken=broken_promises(session, commune_id=commune_id, day=day),
        late_minutes=minutes_late(session, commune_id=commune_id, now=now),
    )


def broken_promises(session: Session, *, commune_id: int, day: date) -> tuple[Broken, ...]:
    """The services that were free later than promised, wherever in the commune, when it was looked at on a day."""
    rows = session.execute(
        select(Service.code, Service.name, Service.promised_days, FirstFree.days)
        .join(FirstFree, (FirstFree.commune_id == Service.commune_id) & (FirstFree.service_id == Service.id))
        .where(Service.commune_id == commune_id, FirstFree.day == day, Service.promised_days.is_not(None))
        .where(Service.published_at.is_not(None), Service.deactivated_at.is_(None))
        .order_by(Service.position, Service.id)
    )
    found: defaultdict[str, list[int]] = defaultdict(list)
    services = {}
    for row in rows:
        services[row.code] = row
        found[row.code] += [] if row.days is None else [row.days]
    soonest = {code: min(found[code], default=None) for code in services}
    return tuple(
        Broken(code, row.name, row.promised_days, soonest[code])
        for code, row in services.items()
        if is_broken(row.promised_days, soonest[code])
    )


def minutes_late(session: Session, *, commune_id: int, now: datetime) -> int:
    """For how long messages of a commune have been waiting that should have left; 0 while none is really late."""
    theirs = (Message.commune_id == commune_id, IS_WAITING)
    oldest = session.scalar(select(func.min(Message.due_at)).where(*theirs, Message.due_at <= now - LATE))
    late = (now - oldest) // timedelta(minutes=1) if oldest else 0
    tried, most = session.execute(
        select(func.count(), func.max(Message.attempts)).where(*theirs, Message.attempts >= TRIED_OFTEN)
    ).one()
    waited = sum(PAUSES[: most - 1], timedelta(0)) // timedelta(minutes=1) if tried >= SEVERAL else 0
    return max(late, waited)


def tell_administrators(session: Session, *, commune_id: int, now: datetime) -> int:
    """Leave a message for each administrator about what does not go well, once on a local day for each cause.

    Gives how many were left.
    """
    commune = session.get_one(Commune, commune_id)
    day = local_date(now, commune.zone)
    left = 0
    for cause in alerts_now(session, commune_id=commune_id, now=now).causes:
        once = {"commune_id": commune_id, "day": day, "cause": cause, "told_at": now}
        if session.scalar(insert_unless_taken(session, Alert, "cause"), once) is None:
            continue
        for person_id in administrators_of(session, commune_id=commune_id):
            about = {"person_id": person_id, "version": day.toordinal()}
            session.execute(LEAVE, queued(KINDS[cause], commune_id=commune_id, now=now) | about | {"copy": 0})
            left += 1
    return left


def administrators_of(session: Session, *, commune_id: int) -> list[int]:
    wanted = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.commune_id == commune_id, Membership.role == Role.ADMINISTRATOR, in_force())
        .where(Person.deactivated_at.is_(None))
        .order_by(Person.id)
    )
    return list(session.scalars(wanted))


def alert_letter(session: Session, *, message: Message, base_url: str, now: datetime) -> AlertLetter | None:
    """The letter of an alert: of its day alone. ``None`` once the day is over, or what it tells of."""
    person, commune = session.get(Person, message.person_id), session.get(Commune, message.commune_id)
    day, cause = date.fromordinal(message.version), CAUSES[message.kind]
    if person is None or commune is None or person.id not in administrators_of(session, commune_id=commune.id):
        return None
    until = instant(day + timedelta(days=1), time(0), commune.zone)
    broken = broken_promises(session, commune_id=commune.id, day=day) if cause == Cause.PROMISE else ()
    if now >= until or (cause == Cause.PROMISE and not broken):
        return None
    return AlertLetter(
        cause=cause,
        message_id=message_id(base_url, message.id),
        language=person.language,
        recipient=person.email,
        name=person.name,
        commune=commune_facts(session, commune=commune, base_url=base_url, language=person.language),
        day=day,
        broken=broken,
        url=addresses(session, commune_id=commune.id, base_url=base_url, path="/admin/", language=person.language).in_(
            person.language
        ),
        stamped_at=now,
        expires_at=until,
    )
