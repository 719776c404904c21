"""What people of the demonstration changed about their visits: moved, cancelled, taken back, exchanged in the list.

Whatever somebody gives up, somebody else takes: the days stay as full as they were planned. Nobody is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel
from booking.core.errors import BookingError
from booking.core.roles import Role
from booking.core.self_service import WhyCancelled
from booking.core.timespan import Span, ceil_to_tick, local_date
from booking.core.translated import Translated
from booking.core.waiting import USUAL_TERMS, Wishes
from booking.demo.content.fullness import FIRST_FREE_AFTER_DAYS
from booking.demo.content.people import DEMO_EMAIL, FAMILY, NAMED, NAMESAKES, person
from booking.demo.days import Place
from booking.demo.unsent import keep_unsent
from booking.models import Appointment, AppointmentLine, Offer, Office, Service
from booking.usecases.appointments import Wish
from booking.usecases.baskets import WishedLine
from booking.usecases.cancellations import cancel
from booking.usecases.holds import hold
from booking.usecases.journal import SYSTEM, Actor
from booking.usecases.moves import accept
from booking.usecases.takeover import Agreed, take_over
from booking.usecases.undoing import undo_cancellation
from booking.usecases.waiting import WishedTime, join_with_appointment
from booking.usecases.waiting_answers import accept as accept_offer

RESIDENT = Actor(Role.RESIDENT)
A_MOMENT = timedelta(minutes=4)
BEFORE = timedelta(hours=20)
"""So long before the first of two visits, or before now, whatever happens to them has happened."""

MOVED, TRIES = 3, 30
GAINED = (("identity-card", 2), ("passport", 2), *((code, 1) for code in FIRST_FREE_AFTER_DAYS))
"""How many have come earlier by the list, for which service."""

NAMES = frozenset(one.name for one in (*NAMED, *NAMESAKES, FAMILY))
"""They come as they are announced."""

OFFERED = "identity-card"
TO_BE_OFFERED, DAYS_GAINED = timedelta(days=2), timedelta(days=5)
GIVEN_TWICE = Translated.of(
    fr="Cette heure avait été donnée deux fois par erreur, au téléphone.",
    nl="Dit tijdstip was bij vergissing twee keer gegeven, aan de telefoon.",
    en="This time had been given twice by mistake, on the telephone.",
    de="Diese Zeit war am Telefon versehentlich zweimal vergeben worden.",
)
"""Why the commune cancelled a visit."""


@dataclass(frozen=True)
class Visit:
    """A visit of somebody invented, as far as changing it asks about it."""

    id: int
    version: int
    office_id: int
    counter_id: int
    service_id: int
    service: str
    persons: int
    span: Span
    booked_at: datetime

    @property
    def alike(self) -> tuple[int, int, int]:
        """Visits that have this in common can stand in for one another."""
        return self.service_id, self.persons, self.span.minutes


def have_changes(session: Session, *, place: Place, now: datetime) -> None:
    """Some visits to come were changed, unless one from today on was already."""
    changes = Changes(session, place, now)
    if not place.main or changes.there_are_some():
        return
    for _ in range(MOVED):
        changes.once(changes.move, changes.pairs())
    changes.once(changes.think_again, changes.alone())
    changes.once(changes.call_off, changes.alone())
    if session.scalars(select(Offer.id).where(Offer.commune_id == place.commune_id).limit(1)).first() is None:
        for code, times in GAINED:
            for _ in range(times):
                changes.once(changes.come_earlier, changes.pairs(code, after=TO_BE_OFFERED, days=DAYS_GAINED))


def have_an_offer(session: Session, *, place: Place, now: datetime) -> None:
    """To somebody who waits a time has just been offered, unless there is an open offer."""
    open_now = (Offer.commune_id == place.commune_id, Offer.until > now, Offer.settled_at.is_(None))
    if place.main and session.scalars(select(Offer.id).where(*open_now).limit(1)).first() is None:
        changes = Changes(session, place, now)
        changes.once(changes.be_offered, changes.pairs(OFFERED, after=TO_BE_OFFERED, days=DAYS_GAINED))


class Changes:
    """The changes of an office, each whole or not at all."""

    def __init__(self, session: Session, place: Place, now: datetime) -> None:
        self.session, self.place, self.now = session, place, now
        self.zone = session.get_one(Office, place.office_id).zone
        self.visits = list(changeable(session, place, now))

    def there_are_some(self) -> bool:
        here = (Appointment.commune_id == self.place.commune_id, Appointment.office_id == self.place.office_id)
        changed = (Appointment.local_date >= local_date(self.now, self.zone), Appointment.sequence > 0)
        return bool(self.session.scalar(select(exists().where(*here, *changed, Appointment.email.like(DEMO_EMAIL)))))

    def once(self, change: Callable[..., Iterable[int]], among: Iterator[tuple[Visit, ...]]) -> None:
        """Make a change with the first of these visits for which nothing stands in the way."""
        for visits in islice(among, TRIES):
            try:
                with self.session.begin_nested():
                    entries = list(change(*visits))
                    ids = [one.id for one in visits]
                    keep_unsent(self.session, appointment_ids=ids, entry_ids=entries, now=self.now)
            except BookingError:
                continue
            self.visits = [one for one in self.visits if one not in visits]
            return

    def alone(self) -> Iterator[tuple[Visit, ...]]:
        return ((one,) for one in list(self.visits))

    def pairs(
        self, service: str | None = None, *, after: timedelta = timedelta(0), days: timedelta = timedelta(0)
    ) -> Iterator[tuple[Visit, ...]]:
        """A visit that begins ``after`` from now, and the next like it, so many ``days`` later at least."""
        found = [one for one in self.visits if service in {None, one.service}]
        for one in found:
            from_ = max(one.span.end, one.span.start + days)
            later = next((late for late in found if late.alike == one.alike and late.span.start >= from_), None)
            if later and (not after or one.span.start >= self.now + after):
                yield one, later

    # What happens. Each gives the places in the list that have to do with it

    def move(self, early: Visit, late: Visit) -> Iterator[int]:
        """Somebody cancels, somebody else moves to that time, and a third person takes the one that is free now."""
        at = self.moment(early, late)
        why = list(WhyCancelled)[early.id % len(WhyCancelled)]
        self.do(cancel, at, appointment_id=early.id, version=early.version, why=why, actor=RESIDENT)
        key = self.do(
            hold,
            at + A_MOMENT,
            office_id=early.office_id,
            lines=[WishedLine(late.service_id, late.persons)],
            start=early.span.start,
            counter_id=early.counter_id,
            length=2 * A_MOMENT,
            client=None,
            per_client=0,
            replaces_id=late.id,
        )
        self.do(accept, at + 2 * A_MOMENT, hold_key=key, version=late.version, actor=RESIDENT)
        self.refill(late, at + 3 * A_MOMENT)
        yield from ()

    def come_earlier(self, early: Visit, late: Visit) -> Iterator[int]:
        """Somebody waits in the list; somebody else cancels, and they take the time they are offered."""
        offer = self.offer(early, late, self.moment(early, late))
        at = offer.told_at + A_MOMENT
        answer = {"entry_id": offer.entry_id, "offer_id": offer.id, "terms": USUAL_TERMS}
        yield offer.entry_id
        self.do(accept_offer, at, **answer, per_contact=1, actor=RESIDENT)
        self.refill(late, at + A_MOMENT)

    def be_offered(self, early: Visit, late: Visit) -> Iterator[int]:
        """Somebody waits in the list; somebody else cancels just now, and they have the time to answer."""
        yield self.offer(early, late, self.now).entry_id

    def think_again(self, visit: Visit) -> Iterator[int]:
        """Somebody cancels, and takes it back at once."""
        at, this = self.moment(visit), {"appointment_id": visit.id, "actor": RESIDENT}
        self.do(cancel, at, **this, version=visit.version)
        self.do(undo_cancellation, at + A_MOMENT, **this, version=visit.version + 1, per_contact=1)
        yield from ()

    def call_off(self, visit: Visit) -> Iterator[int]:
        """The commune cancels a visit and says why: it is somebody else's."""
        at = self.moment(visit)
        self.do(cancel, at, appointment_id=visit.id, reason=GIVEN_TWICE, actor=SYSTEM)
        self.refill(visit, at + A_MOMENT)
        yield from ()

    # How

    def do(self, verb: Callable[..., Any], at: datetime, **said: Any) -> Any:
        """Let something happen at its moment. Use-cases expect a session that has seen nothing yet."""
        answer = verb(self.session, commune_id=self.place.commune_id, now=at, **said)
        self.session.expire_all()
        return answer

    def moment(self, *visits: Visit) -> datetime:
        """When it happens: in time before all of them, after all were booked. Raises ``BookingError`` without one."""
        at = min(self.now, *(one.span.start for one in visits)) - BEFORE
        if any(one.booked_at >= at - A_MOMENT for one in visits):
            raise BookingError
        return at

    def offer(self, early: Visit, late: Visit, at: datetime) -> Offer:
        """``late`` waits in the list and ``early`` is cancelled: the offer. Raises ``BookingError`` without one."""
        day = local_date(early.span.start, self.zone)
        wish = {"version": late.version, "time": WishedTime(Wishes(day, day)), "actor": RESIDENT}
        self.do(join_with_appointment, at - A_MOMENT, appointment_id=late.id, **wish)
        self.do(cancel, at, appointment_id=early.id, version=early.version, actor=RESIDENT)
        made = select(Offer).join(Appointment, Appointment.hold_key == Offer.hold_key)
        offer = self.session.scalars(made.where(Appointment.replaces_id == late.id)).one_or_none()
        if offer is None:
            raise BookingError
        return offer

    def refill(self, visit: Visit, at: datetime) -> None:
        """Somebody new comes when ``visit`` would have been."""
        who = person(Random(f"{visit.span.start} {visit.service}"), visit.service)
        new = Agreed(
            service_id=visit.service_id,
            counter_id=visit.counter_id,
            start=visit.span.start,
            minutes=visit.span.minutes,
            persons=visit.persons,
            wish=Wish(who.name, who.email, who.phone, who.language, who.help_language, who.helper, who.needs),
            channel=Channel.ONLINE,
            agreed_at=at,
        )
        self.do(take_over, at, office_id=visit.office_id, visits=[new])


def changeable(session: Session, place: Place, now: datetime) -> Iterator[Visit]:
    """Visits of invented people to come that stand alone and that nobody has changed, in their order."""
    what = (Appointment.id, Appointment.version, Appointment.office_id, Appointment.counter_id)
    when = (Appointment.start, Appointment.end, Appointment.booked_at)
    wanted = (
        select(*what, *when, Service.id.label("service_id"), Service.code, AppointmentLine.persons)
        .join(AppointmentLine, AppointmentLine.appointment_id == Appointment.id)
        .join(Service, Service.id == AppointmentLine.service_id)
        .where(
            Appointment.commune_id == place.commune_id,
            Appointment.office_id == place.office_id,
            Appointment.start > ceil_to_tick(now),
            Appointment.state == AppointmentState.BOOKED,
            Appointment.sequence == 0,
            Appointment.group_key.is_(None),
            Appointment.taken_over_at.is_not(None),
            Appointment.name.not_in(NAMES),
            Appointment.email.like(DEMO_EMAIL),
        )
        .order_by(Appointment.start, Appointment.counter_id)
    )
    for row in session.execute(wanted):
        same = (row.id, row.version, row.office_id, row.counter_id, row.service_id, row.code, row.persons)
        yield Visit(*same, Span(row.start, row.end), row.booked_at)
