"""Holding a time while the form is filled: taking it, keeping it longer, giving it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, delete, exists, false, insert, or_, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import EXTENSIONS, AppointmentState, Channel, HoldKind, OwnTime
from booking.core.errors import HoldGone, HoldLapsed, NoMoreExtensions, OutOfDate, SlotTaken
from booking.core.needs import Need
from booking.core.references import new_key
from booking.core.timespan import tick_of
from booking.models import Appointment, AppointmentLine, Commune, Office, Service
from booking.usecases.baskets import Basket, BasketLine, WishedLine, basket_and_host
from booking.usecases.claims import claim_first, counters_to_try, office_shared, remove_lapsed
from booking.usecases.limits import take_hold_seat
from booking.usecases.offers import free_days
from booking.usecases.statements import QUIETLY, insert_unless_taken, table_of

# Made once: building a statement costs more than running it. They speak of tables, so that no unit of work looks on.
APPOINTMENT, LINE = table_of(Appointment), table_of(AppointmentLine)
ADD_LINE = insert(LINE)


@dataclass(frozen=True)
class Held:
    """A wish for a basket in one office, at ``start`` (UTC).

    ``appointment`` is its hold, lapsed or not; ``None`` when there is none any more. ``minutes`` and ``day``
    (the office's own) are those of a visit that begins then; ``minutes`` raises ``TooManyPersons`` when a
    service has come to take fewer. ``following`` is the visit that belongs to it and comes later.
    """

    appointment: Appointment | None
    basket: Basket
    office: Office
    start: datetime
    following: Held | None = None

    @property
    def visits(self) -> tuple[Held, ...]:
        """All that is wished, in the order of time."""
        return (self, self.following) if self.following else (self,)

    @property
    def in_steps(self) -> bool:
        """Whether the two are the steps of one service, and not two counters one after the other."""
        return self.following is not None and self.basket.step is not None

    @property
    def chosen(self) -> datetime:
        """The start that was chosen last: the other one follows from it, or was chosen before."""
        return self.following.start if self.following and self.in_steps else self.start

    @property
    def whole(self) -> Basket:
        """Everything that is wished, as the start ``chosen`` last was chosen for it."""
        if self.following is None:
            return self.basket
        if self.in_steps:
            return replace(self.following.basket, not_before=self.basket.file_from(self.start, self.office.zone))
        lines = {line.service: line for visit in self.visits for line in visit.basket.lines}
        return Basket(tuple(lines.values()), self.basket.lengthened, apart=True)

    @property
    def minutes(self) -> int:
        return self.basket.minutes

    @property
    def day(self) -> date:
        return self.start.astimezone(self.office.zone).date()

    @property
    def moves(self) -> bool:
        """Whether it is held to move an appointment, which nobody has to fill a form for."""
        return self.appointment is not None and self.appointment.replaces_id is not None

    def lasts(self, now: datetime) -> bool:
        """Whether the time is still kept for whoever holds it."""
        return self.seconds_left(now) > 0

    def seconds_left(self, now: datetime) -> float:
        """For how many seconds it still is; 0 when it is not."""
        until = self.appointment.held_until if self.appointment else None
        return max(0.0, (until - now).total_seconds()) if until else 0


@dataclass(frozen=True)
class Term:
    """How long a time is held: since when, until when, and how often that was put off."""

    since: datetime
    until: datetime
    extensions: int = 0


def hold(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    lines: Sequence[WishedLine],
    needs: frozenset[Need] = frozenset(),
    start: datetime,
    length: timedelta,
    client: str | None,
    per_client: int,
    now: datetime,
    key: str | None = None,
    instead_of: str | None = None,
    channel: Channel = Channel.ONLINE,
    replaces_id: int | None = None,
    lengthened: int = 0,
    counter_id: int | None = None,
    in_window: bool = True,
) -> str:
    """Keep ``start`` (UTC) for the person filling the form for ``length``, and give the hold's key.

    ``key`` is that key when the caller has drawn it: of a wish sent twice, the second finds ``SlotTaken``.
    ``needs`` lengthen the visit as the commune has set.
    ``instead_of`` is the key of the hold this one takes the place of: the same time asked for again is kept no
    longer than it was. A client holds ``per_client`` times at once; without a client (staff) the number is not
    limited. Staff may ask for one counter (``counter_id``), and for a start within the notice (``in_window`` off).

    ``replaces_id`` is the booked appointment that is to be moved here: it keeps its own time, of which this hold may
    use what it needs, until ``moves.accept``. ``lengthened`` are minutes beyond those of the services.

    Raises ``SlotTaken``, ``OutsideHours``, ``TooSoon``, ``TooFarAhead``, ``TooManyPersons``, ``TooManyHolds``,
    ``NotBookable``, ``Unknown``, or ``OutOfDate`` when that appointment is no longer booked.
    """
    office = office_shared(session, commune_id=commune_id, office_id=office_id)
    own = time_kept(session, commune_id=commune_id, appointment_id=replaces_id) if replaces_id else None
    if needs:
        lengthened += lengthening(session, commune_id=commune_id, needs=needs)
    basket, host = basket_and_host(session, commune_id=commune_id, lines=lines, lengthened=lengthened, own=own)
    term = Term(now, now + length)
    if instead_of:
        given_up = release(session, commune_id=commune_id, hold_key=instead_of)
        if given_up and (given_up.office_id, given_up.start) == (office_id, start) and given_up.held_until > now:
            term = Term(given_up.created_at, given_up.held_until, given_up.extensions)
    counters = counters_to_try(session, office=office, basket=basket, start=start, now=now, in_window=in_window)
    if counter_id is not None:
        counters = [one for one in counters if one == counter_id]
        if not counters:
            raise SlotTaken
    minutes = basket.minutes
    end = start + timedelta(minutes=minutes)
    remove_lapsed(session, office_id=office.id, counters=counters, start=start, end=end, now=now)
    key = key or new_key()
    appointment_id = add_held(
        session,
        office=office,
        counter_id=counters[0],
        start=start,
        minutes=minutes,
        term=term,
        key=key,
        host=host,
        channel=channel,
        needs=needs,
        replaces_id=replaces_id,
    )
    of = {"commune_id": commune_id, "appointment_id": appointment_id}
    session.execute(ADD_LINE, [of | row for row in basket.rows()])
    claim_first(session, **of, counters=counters, start=start, minutes=minutes, own=own)
    if client:
        take_hold_seat(
            session,
            commune_id=commune_id,
            appointment_id=appointment_id,
            client=client,
            per_client=per_client,
            now=now,
        )
    return key


def time_kept(session: Session, *, commune_id: int, appointment_id: int) -> OwnTime:
    """The time of a booked appointment, which it keeps at least until this unit ends. Raises ``OutOfDate``."""
    row = session.execute(
        select(Appointment)
        .where(
            Appointment.commune_id == commune_id,
            Appointment.id == appointment_id,
            Appointment.state == AppointmentState.BOOKED,
        )
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise OutOfDate
    return own_time(row)


def own_time(appointment: Appointment) -> OwnTime:
    return OwnTime(appointment.counter_id, tick_of(appointment.start), tick_of(appointment.end))


def minutes_of(appointment: Appointment) -> int:
    return (appointment.end - appointment.start) // timedelta(minutes=1)


def lengthening(session: Session, *, commune_id: int, needs: frozenset[Need]) -> int:
    """By how many minutes these needs lengthen a visit in this commune."""
    return session.get_one(Commune, commune_id).need_minutes.for_(needs)


def check_free(session: Session, *, wished: Held, now: datetime) -> None:
    """Raises what ``hold`` would say of this wish now, whoever asks. Nothing is kept by it."""
    if wished.whole.apart:
        free = free_days(session, office=wished.office, basket=wished.whole, first=wished.day, last=wished.day, now=now)
        if wished.start not in free.get(wished.day, ()):
            raise SlotTaken
        return
    for visit in wished.visits:
        counters_to_try(session, office=visit.office, basket=visit.basket, start=visit.start, now=now)


def add_held(
    session: Session,
    *,
    office: Office,
    counter_id: int,
    start: datetime,
    minutes: int,
    term: Term,
    key: str,
    host: str,
    channel: Channel,
    needs: frozenset[Need] = frozenset(),
    kind: HoldKind = HoldKind.PUBLIC,
    replaces_id: int | None = None,
) -> int:
    """The row of a hold. Raises ``SlotTaken`` when this very wish has its hold already."""
    wall = start.astimezone(office.zone)
    row = {
        "commune_id": office.commune_id,
        "office_id": office.id,
        "counter_id": counter_id,
        "state": AppointmentState.HELD,
        "start": start,
        "end": start + timedelta(minutes=minutes),
        "local_date": wall.date(),
        "wall_time": wall.time(),
        "channel": channel,
        "needs": needs or None,
        "created_at": term.since,
        "hold_kind": kind,
        "hold_key": key,
        "replaces_id": replaces_id,
        "held_until": term.until,
        "extensions": term.extensions,
        "uid": f"{uuid4()}@{host}",
        "nonce": new_key(),
        "sequence": 0,
        "version": 0,
    }
    appointment_id: int | None = session.scalar(insert_unless_taken(session, Appointment, "id"), row)
    if appointment_id is None:
        raise SlotTaken
    return appointment_id


def held_by(session: Session, *, commune_id: int, hold_key: str | None) -> Held | None:
    """The hold with this key, lapsed or not, with its services and office; with what belongs to it, the earlier."""
    if not hold_key:
        return None
    # That of a hold which stands alone is null, and equal to nothing.
    together = select(Appointment.group_key).where(Appointment.hold_key == hold_key).scalar_subquery()
    found = session.execute(
        select(Appointment, AppointmentLine, Service, Office, Commune)
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id),
        )
        .join(Service, (Service.commune_id == AppointmentLine.commune_id) & (Service.id == AppointmentLine.service_id))
        .join(Office, (Office.commune_id == Appointment.commune_id) & (Office.id == Appointment.office_id))
        .join(Commune, Commune.id == Appointment.commune_id)
        .where(
            or_(Appointment.hold_key == hold_key, Appointment.group_key == together),
            Appointment.commune_id == commune_id,
            Appointment.state == AppointmentState.HELD,
        )
        .order_by(Appointment.start, Appointment.id, AppointmentLine.position)
    ).all()
    held: Held | None = None
    for _, rows in reversed([(one, list(rows)) for one, rows in groupby(found, lambda row: row.Appointment.id)]):
        appointment, office = rows[0].Appointment, rows[0].Office
        lines = tuple(BasketLine.kept(row.Service, row.AppointmentLine) for row in rows)
        basket = Basket(lines, rows[0].Commune.need_minutes.for_(appointment.needs or ()))
        if appointment.replaces_id:
            replaced = session.get_one(Appointment, appointment.replaces_id)
            basket = replace(basket.lasting(minutes_of(appointment)), own=own_time(replaced))
        held = Held(appointment, basket, office, appointment.start, following=held)
    # Of two that belong together one may be gone, when both have lapsed: what was wished is no longer known from here.
    is_whole = held and (held.following or not (held.appointment and held.appointment.group_key))
    return held if is_whole else None


def end_holds(session: Session, *where: ColumnElement[bool]) -> None:
    """Remove holds, living ones and offered times too, because what they are for ends; owners are told at confirm.

    One that is being confirmed at this moment is waited for: it is then booked, and stays.
    """
    held = delete(Appointment).where(*where, Appointment.state == AppointmentState.HELD)
    session.execute(held, execution_options=QUIETLY)


def end_moves_of(session: Session, *, commune_id: int, appointment_ids: Collection[int]) -> None:
    """Remove what people held to move these appointments; a time the list offers for one is the worker's to pass on."""
    theirs = (Appointment.commune_id == commune_id, Appointment.replaces_id.in_(appointment_ids))
    end_holds(session, *theirs, Appointment.hold_kind == HoldKind.PUBLIC)


def are_for(service_ids: Collection[int]) -> ColumnElement[bool]:
    """That a visit is for one of these services."""
    line = (AppointmentLine.commune_id == Appointment.commune_id, AppointmentLine.appointment_id == Appointment.id)
    return exists().where(*line, AppointmentLine.service_id.in_(service_ids))


def release(session: Session, *, commune_id: int, hold_key: str | None) -> Row[*tuple[Any, ...]] | None:
    """Give a held time back, and say what was held and how long; claims and seats follow, and what belongs to it.

    A hold that is gone needs nothing.
    """
    held = (
        Appointment.hold_key == hold_key,
        Appointment.commune_id == commune_id,
        Appointment.state == AppointmentState.HELD,
        Appointment.hold_kind == HoldKind.PUBLIC,
    )
    what = (Appointment.office_id, Appointment.start)
    how_long = (Appointment.created_at, Appointment.held_until, Appointment.extensions)
    given_up = delete(Appointment).where(*held).returning(*what, *how_long, Appointment.group_key)
    gone = session.execute(given_up, execution_options=QUIETLY).one_or_none()
    if gone and gone.group_key:
        end_holds(session, Appointment.commune_id == commune_id, Appointment.group_key == gone.group_key)
    return gone


def extend(session: Session, *, commune_id: int, hold_key: str | None, length: timedelta, now: datetime) -> None:
    """Keep a living hold, and what belongs to it, for ``length`` more, twice at most: nothing is lost by asking early.

    Raises ``NoMoreExtensions``, ``HoldLapsed`` or ``HoldGone``.
    """
    mine = (
        Appointment.hold_key == hold_key,
        Appointment.commune_id == commune_id,
        Appointment.state == AppointmentState.HELD,
    )
    # Counting the extension takes the row: until this unit ends nobody else can change when its hold ends. The two
    # databases do not agree on how to add minutes to a moment, so that is done here.
    counted = (
        update(Appointment)
        .where(*mine, Appointment.held_until > now, Appointment.extensions < EXTENSIONS)
        .values(extensions=Appointment.extensions + 1)
        .returning(Appointment.id, Appointment.held_until, Appointment.extensions, Appointment.group_key)
    )
    taken = session.execute(counted, execution_options=QUIETLY).one_or_none()
    if taken is not None:
        together = Appointment.group_key == taken.group_key if taken.group_key else false()
        longer = (
            update(Appointment)
            .where(or_(Appointment.id == taken.id, together), Appointment.state == AppointmentState.HELD)
            .values(held_until=taken.held_until + length, extensions=taken.extensions)
        )
        session.execute(longer, execution_options=QUIETLY)
        return
    held_until = session.scalars(select(Appointment.held_until).where(*mine)).one_or_none()
    if held_until is None:
        raise HoldGone
    raise HoldLapsed if held_until <= now else NoMoreExtensions
