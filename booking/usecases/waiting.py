"""The list for an earlier appointment: joining it, proving the contact, one's place in it, leaving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, has_begun
from booking.core.contacts import contact_key
from booking.core.errors import AddressMissing, AlreadyWaiting, NoEarlierList, OutOfDate, Unknown, VisitBegun
from booking.core.references import new_key
from booking.core.waiting import WaitingState, Wishes
from booking.models import Appointment, Message, WaitingEntry, WaitingLine, WaitingOffice
from booking.models.messages import MessageKind
from booking.usecases.appointments import Wish, lines_of
from booking.usecases.baskets import BasketLine, WishedLine, basket_and_host
from booking.usecases.groups import others_of
from booking.usecases.journal import SYSTEM, Actor, note
from booking.usecases.messages import announce
from booking.usecases.rows import refusing
from booking.usecases.schedules import bits_of
from booking.usecases.statements import QUIETLY
from booking.usecases.waiting_list import PARTS, entry_of, has_list, keeps_list, reached

GONE = {"name": None, "email": None, "phone": None, "contact_key": None, "needs": None}
"""What names somebody, or is said of them, once it is no longer needed."""


OF_A_LINE = frozenset(WaitingLine.__table__.columns.keys())
"""Of what the lines of an appointment say, what those of a wish keep."""


@dataclass(frozen=True)
class WishedTime:
    """When and where an earlier time is wished: in these offices, or in any of them when none is named."""

    wishes: Wishes
    offices: tuple[int, ...] = ()

    def columns(self) -> dict[str, Any]:
        """What an entry says of it."""
        return {
            "first_day": self.wishes.first,
            "last_day": self.wishes.last,
            "weekdays": bits_of(self.wishes.weekdays),
            "parts": sum(1 << PARTS.index(part) for part in self.wishes.parts),
        }


def join(
    session: Session,
    *,
    commune_id: int,
    lines: Sequence[WishedLine],
    time: WishedTime,
    otherwise_on: date,
    wish: Wish,
    by_text: bool = False,
    now: datetime,
) -> str:
    """Ask for a place in the list without an appointment; it counts once the address has been proved by the message.

    ``otherwise_on`` is the first day that was free. Only ``by_text`` is a telephone enough. Gives the entry's nonce,
    which its link is made from. Raises ``AddressMissing``, ``NoEarlierList``, ``TooManyPersons`` or ``Unknown``.
    """
    if not (wish.email or (by_text and wish.phone)):
        raise AddressMissing
    basket, _ = basket_and_host(session, commune_id=commune_id, lines=lines)
    # Of two steps the second has no time without the first: each has a list once both are booked.
    if basket.step or not has_list(basket.lines):
        raise NoEarlierList
    basket.check_persons()
    reached_at = {"email": wish.email, "phone": wish.phone, "contact_key": contact_key(wish.email, wish.phone)}
    languages = {"language": wish.language, "help_language": wish.help_language}
    entry_id, nonce = add_entry(
        session,
        commune_id=commune_id,
        time=time,
        now=now,
        service_id=basket.main.id,
        state=WaitingState.UNPROVED,
        otherwise_on=otherwise_on,
        name=wish.name,
        needs=wish.needs or None,
        **reached_at,
        **languages,
    )
    own = {"commune_id": commune_id, "entry_id": entry_id}
    rows = [own | {name: value for name, value in row.items() if name in OF_A_LINE} for row in basket.rows()]
    session.execute(insert(WaitingLine), rows)
    announce(session, MessageKind.LIST_PROOF, commune_id=commune_id, waiting_entry_id=entry_id, now=now)
    return nonce


def join_with_appointment(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    version: int,
    time: WishedTime,
    by_text: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """Take a place in the list with an appointment that is to be earlier, or change what is wished and keep the place.

    Its contact counts as proved: offers go where the confirmation went, and only the link in them can take one. Only
    ``by_text`` is a telephone enough. Raises ``OutOfDate``, ``VisitBegun``, ``AddressMissing`` or ``NoEarlierList``.
    """
    wanted = select(Appointment).where(
        Appointment.commune_id == commune_id,
        Appointment.id == appointment_id,
        Appointment.state == AppointmentState.BOOKED,
        Appointment.version == version,
    )
    known = session.scalars(wanted.with_for_update(key_share=True)).one_or_none()
    if known is None:
        raise OutOfDate
    if has_begun(known.start, now):
        raise VisitBegun
    if reached(known, by_text=by_text) is None:
        raise AddressMissing
    if not can_be_earlier(session, known):
        raise NoEarlierList
    entry = entry_of(session, appointment=known)
    if entry is None:
        entry_id, _ = add_entry(
            session,
            commune_id=commune_id,
            time=time,
            now=now,
            appointment_id=known.id,
            service_id=lines_of(session, commune_id=commune_id, appointment_id=known.id)[0][1].id,
            state=WaitingState.LIVE,
            otherwise_on=known.local_date,
            proved_at=now,
            language=known.language,
            help_language=known.help_language,
        )
    else:
        entry_id = entry.id
        session.execute(update(WaitingEntry).where(WaitingEntry.id == entry_id).values(**time.columns()))
        session.execute(delete(WaitingOffice).where(WaitingOffice.entry_id == entry_id))
        add_offices(session, commune_id=commune_id, entry_id=entry_id, time=time)
    note(session, actor, commune_id=commune_id, act="joined_list", subject="appointment", subject_id=known.id, now=now)


def can_be_earlier(session: Session, appointment: Appointment) -> bool:
    """Whether the commune keeps a list for all that a visit is for, and it can be earlier by itself.

    A visit stands alone, or is a step that keeps its order; one of two that adjoin would leave the other behind.
    """
    known = lines_of(session, commune_id=appointment.commune_id, appointment_id=appointment.id)
    lines = [BasketLine.kept(service, line) for line, service in known]
    return has_list(lines) and (appointment.group_key is None or all(line.step for line in lines))


def would_leave_another(session: Session, appointment: Appointment) -> bool:
    """Whether the commune keeps a list for all that a visit is for, but another one adjoins it."""
    lines = lines_of(session, commune_id=appointment.commune_id, appointment_id=appointment.id)
    others = others_of(session, commune_id=appointment.commune_id, appointment_id=appointment.id)
    adjoins = any(one.state == AppointmentState.BOOKED for one in others) and not any(line.step for line, _ in lines)
    return adjoins and keeps_list(service for _, service in lines)


def add_entry(session: Session, *, commune_id: int, time: WishedTime, now: datetime, **columns: Any) -> tuple[int, str]:
    """A new entry with its offices: its id and its nonce."""
    row = {"commune_id": commune_id, "nonce": new_key(), "created_at": now, **time.columns(), **columns}
    entry_id = session.scalars(insert(WaitingEntry).values(**row).returning(WaitingEntry.id)).one()
    add_offices(session, commune_id=commune_id, entry_id=entry_id, time=time)
    return entry_id, row["nonce"]


def add_offices(session: Session, *, commune_id: int, entry_id: int, time: WishedTime) -> None:
    own = {"commune_id": commune_id, "entry_id": entry_id}
    if time.offices:
        session.execute(insert(WaitingOffice), [own | {"office_id": office_id} for office_id in time.offices])


def prove(session: Session, *, commune_id: int, nonce: str, now: datetime) -> None:
    """Whoever opened the link of the message takes the place; a second time changes nothing.

    Raises ``AlreadyWaiting``, or ``Unknown`` when there is nothing to prove any more.
    """
    mine = (WaitingEntry.commune_id == commune_id, WaitingEntry.nonce == nonce)
    proved = update(WaitingEntry).where(*mine, WaitingEntry.state == WaitingState.UNPROVED)
    with refusing(session, AlreadyWaiting, on="ix_waiting_entry_of_contact"):
        live = proved.values(state=WaitingState.LIVE, proved_at=now).returning(WaitingEntry.id)
        entry_id = session.scalars(live, execution_options=QUIETLY).one_or_none()
    if entry_id is not None:
        note(
            session,
            SYSTEM,
            commune_id=commune_id,
            act="joined_list",
            subject="waiting_entry",
            subject_id=entry_id,
            now=now,
        )
    elif entry_with_nonce(session, commune_id=commune_id, nonce=nonce) is None:
        raise Unknown


def entry_with_nonce(session: Session, *, commune_id: int, nonce: str) -> WaitingEntry | None:
    """The entry a link or a cookie points to, whatever became of it."""
    wanted = select(WaitingEntry).where(WaitingEntry.commune_id == commune_id, WaitingEntry.nonce == nonce)
    return session.scalars(wanted).one_or_none() if nonce else None


def end_entries(session: Session, *where: ColumnElement[bool], state: WaitingState, now: datetime) -> list[int]:
    """Take live entries off the list; gives the ids of those it did that for. What named somebody goes with them."""
    ended = (
        update(WaitingEntry)
        .where(*where, WaitingEntry.state.in_((WaitingState.LIVE, WaitingState.UNPROVED)))
        .values(state=state, ended_at=now, **GONE)
        .returning(WaitingEntry.id)
    )
    ids = list(session.scalars(ended, execution_options=QUIETLY))
    if ids:
        faults = update(Message).where(Message.waiting_entry_id.in_(ids), Message.fault.is_not(None))
        session.execute(faults.values(fault=None), execution_options=QUIETLY)
        told = update(WaitingLine).where(WaitingLine.entry_id.in_(ids), WaitingLine.answers.is_not(None))
        session.execute(told.values(answers=None), execution_options=QUIETLY)
    return ids


def give_place_back(session: Session, *, commune_id: int, appointment_id: int, ended_at: datetime | None) -> None:
    """Whose visit is booked again has the very place in the list that ended with it, at ``ended_at``."""
    lost = select(func.max(WaitingEntry.id)).where(
        WaitingEntry.commune_id == commune_id,
        WaitingEntry.appointment_id == appointment_id,
        WaitingEntry.state == WaitingState.WITHDRAWN,
        WaitingEntry.ended_at == ended_at,
    )
    again = update(WaitingEntry).where(WaitingEntry.id == lost.scalar_subquery())
    session.execute(again.values(state=WaitingState.LIVE, ended_at=None), execution_options=QUIETLY)
