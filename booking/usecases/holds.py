"""Holding a time while the form is filled: taking it, keeping it longer, giving it back."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, delete, exists, false, insert, or_, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import EXTENSIONS, AppointmentState, Channel, HoldKind
from booking.core.availability import PUBLIC, Asked
from booking.core.errors import HoldGone, HoldLapsed, NoMoreExtensions, SlotTaken
from booking.core.needs import Need
from booking.core.references import new_key
from booking.core.timespan import local_date
from booking.models import Appointment, AppointmentLine, Commune, Office
from booking.usecases.baskets import WishedLine, basket_and_host
from booking.usecases.claims import claim_first, counters_to_try, office_shared, remove_lapsed
from booking.usecases.held import time_kept
from booking.usecases.limits import take_hold_seat
from booking.usecases.quotas import take_places_of_quotas
from booking.usecases.statements import QUIETLY, insert_unless_taken, table_of

# Made once: building a statement costs more than running it. They speak of tables, so that no unit of work looks on.
APPOINTMENT, LINE = table_of(Appointment), table_of(AppointmentLine)
ADD_LINE = insert(LINE)


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
    at_once: bool = False,
    asked: Asked = PUBLIC,
    kind: HoldKind = HoldKind.PUBLIC,
) -> str:
    """Keep ``start`` (UTC) for the person filling the form for ``length``, and give the hold's key.

    ``key`` is that key when the caller has drawn it: of a wish sent twice, the second finds ``SlotTaken``.
    ``needs`` lengthen a new visit as the commune has set.
    ``instead_of`` is the key of the hold this one takes the place of: the same time asked for again is kept no
    longer than it was. A client holds ``per_client`` times at once; without a client (staff) the number is not
    limited. Staff may ask for one counter (``counter_id``), for any five minutes to come (``in_window`` off), and for
    what the public is not offered (``asked``); the minutes kept for them are free to whatever is not booked online.
    Whoever moves a visit that was disturbed keeps no notice either (``at_once``). ``kind`` says who holds it.

    ``replaces_id`` is the booked appointment that is to be moved here: it keeps its own time, of which this hold may
    use what it needs, until ``moves.accept``. ``lengthened`` are minutes beyond those of the services; in a move they
    are those of its needs, too.

    Raises ``SlotTaken``, ``OutsideHours``, ``TooSoon``, ``TooFarAhead``, ``NotYetReleased``, ``PausedNow``,
    ``QuotaReached``, ``TooManyPersons``, ``TooManyHolds``, ``NotBookable``, ``Unknown``, or ``OutOfDate`` when that
    appointment is no longer booked.
    """
    office = office_shared(session, commune_id=commune_id, office_id=office_id)
    own = time_kept(session, commune_id=commune_id, appointment_id=replaces_id) if replaces_id else None
    if needs and own is None:
        lengthened += lengthening(session, commune_id=commune_id, needs=needs)
    basket, host = basket_and_host(session, commune_id=commune_id, lines=lines, lengthened=lengthened, own=own)
    basket = replace(basket, at_once=at_once)
    term = Term(now, now + length)
    if instead_of:
        term = given_up_for(session, term, office=office, start=start, hold_key=instead_of) or term
    if channel != Channel.ONLINE:
        asked = replace(asked, for_staff=True)
    counters = counters_to_try(
        session, office=office, basket=basket, start=start, now=now, in_window=in_window, asked=asked
    )
    if counter_id is not None:
        counters = only(counter_id, counters)
    minutes = basket.minutes + basket.buffer
    end = start + timedelta(minutes=minutes)
    remove_lapsed(session, office_id=office.id, counters=counters, start=start, end=end, now=now)
    key = key or new_key()
    appointment_id = add_held(
        session,
        office=office,
        counter_id=counters[0],
        start=start,
        minutes=minutes,
        buffer=basket.buffer,
        term=term,
        key=key,
        host=host,
        channel=channel,
        needs=needs,
        kind=kind,
        replaces_id=replaces_id,
    )
    of = {"commune_id": commune_id, "appointment_id": appointment_id}
    session.execute(ADD_LINE, [of | row for row in basket.rows()])
    claim_first(session, **of, counters=counters, start=start, minutes=minutes, own=own)
    day = local_date(start, office.zone)
    take_places_of_quotas(session, **of, services=basket.services, day=day, own=own, now=now)
    if client:
        take_hold_seat(session, **of, client=client, per_client=per_client, now=now)
    return key


def given_up_for(session: Session, term: Term, *, office: Office, start: datetime, hold_key: str) -> Term | None:
    """Give the former hold back. Of the same time that is asked for again, the term it had goes on."""
    given_up = release(session, commune_id=office.commune_id, hold_key=hold_key)
    is_same = given_up and (given_up.office_id, given_up.start) == (office.id, start)
    if given_up and is_same and given_up.held_until > term.since:
        return Term(given_up.created_at, given_up.held_until, given_up.extensions)
    return None


def only(counter_id: int, counters: Sequence[int]) -> list[int]:
    """The counter that was asked for. Raises ``SlotTaken`` when it is not among those that look free."""
    if counter_id not in counters:
        raise SlotTaken
    return [counter_id]


def lengthening(session: Session, *, commune_id: int, needs: frozenset[Need]) -> int:
    """By how many minutes these needs lengthen a visit in this commune."""
    return session.get_one(Commune, commune_id).need_minutes.for_(needs)


def add_held(
    session: Session,
    *,
    office: Office,
    counter_id: int,
    start: datetime,
    minutes: int,
    buffer: int,
    term: Term,
    key: str,
    host: str,
    channel: Channel,
    needs: frozenset[Need] = frozenset(),
    kind: HoldKind = HoldKind.PUBLIC,
    replaces_id: int | None = None,
) -> int:
    """The row of a hold for so many minutes at the counter, the ``buffer`` among them.

    Raises ``SlotTaken`` when this very wish has its hold already.
    """
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
        "buffer_minutes": buffer,
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


def end_holds(session: Session, *where: ColumnElement[bool]) -> None:
    """Remove holds, living ones and offered times too, because what they are for ends; owners are told at confirm.

    What belongs to them is held no longer either. One that is being confirmed at this moment is waited for: it is then
    booked, and stays.
    """
    ended = delete(Appointment).where(*where, Appointment.state == AppointmentState.HELD)
    gone = session.execute(ended.returning(Appointment.commune_id, Appointment.group_key), execution_options=QUIETLY)
    end_beside(session, [(row.commune_id, row.group_key) for row in gone if row.group_key])


def end_beside(session: Session, groups: Collection[tuple[int, str]]) -> None:
    """What was held together with a hold that is gone is held no longer."""
    if not groups:
        return
    beside = delete(Appointment).where(
        Appointment.commune_id.in_({commune_id for commune_id, _ in groups}),
        Appointment.group_key.in_({group_key for _, group_key in groups}),
        Appointment.state == AppointmentState.HELD,
    )
    session.execute(beside, execution_options=QUIETLY)


def end_moves_of(session: Session, *, commune_id: int, appointment_ids: Collection[int]) -> None:
    """Remove what was held to move these appointments, by people or for them; a time the list offers for one is the
    worker's to pass on.
    """
    theirs = (Appointment.commune_id == commune_id, Appointment.replaces_id.in_(appointment_ids))
    end_holds(session, *theirs, Appointment.hold_kind != HoldKind.OFFER)


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
        end_beside(session, [(commune_id, gone.group_key)])
    return gone


def extend(
    session: Session, *, commune_id: int, hold_key: str | None, seen: int, length: timedelta, now: datetime
) -> None:
    """Keep a living hold, and what belongs to it, for ``length`` more, twice at most: nothing is lost by asking early.

    ``seen`` is how often it was kept longer when the page was shown: the same press sent again adds nothing.
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
        .where(*mine, Appointment.held_until > now, Appointment.extensions == seen, Appointment.extensions < EXTENSIONS)
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
    held = session.execute(select(Appointment.held_until, Appointment.extensions).where(*mine)).one_or_none()
    if held is None or held.held_until is None:
        raise HoldGone
    if held.held_until <= now:
        raise HoldLapsed
    if held.extensions >= EXTENSIONS:
        raise NoMoreExtensions(minutes=math.ceil((held.held_until - now) / timedelta(minutes=1)))
