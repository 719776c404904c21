"""The call list: people to whom nothing could be sent, or whose mailbox refused it, and the number to ring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal_column, or_, select, union
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.timespan import floor_to_tick
from booking.core.translated import Translated
from booking.models import Office
from booking.models.messages import BESIDE_VISITS, ENDINGS, MessageKind, MessageState, Recipient
from booking.usecases.rebooked import HAS_OPEN
from booking.usecases.visits import APPOINTMENTS, MESSAGES, TO_SETTLE, Visit, visits_in
from booking.usecases.visits_found import MOST_FOUND

ABOUT_VISITS = tuple(kind for kind in MessageKind if kind not in BESIDE_VISITS)
OWED = tuple(kind for kind in ABOUT_VISITS if kind.letter.ends_the_visit or kind.letter.nature.is_owed)
RUNG_ABOUT = tuple(kind for kind in ABOUT_VISITS if kind.letter.nature.is_rung)


@dataclass(frozen=True)
class Call:
    """Somebody to ring about a visit to come: what they do not know yet, and the number, if they gave one.

    ``is_helpers``: it is whoever booked it for the person.
    """

    message_id: int
    kind: MessageKind
    is_refused: bool
    visit: Visit
    phone: str | None
    reason: Translated | None
    is_helpers: bool = False

    @property
    def needs_letter(self) -> bool:
        """Whether a letter is the only way to tell them."""
        return self.phone is None


def in_state(*states: MessageState) -> ColumnElement[bool]:
    """Written out, or SQLite would not see which index answers it."""
    return MESSAGES.c.state.in_([literal_column(f"'{state}'") for state in states])


ABOUT_A_VISIT_TO_COME = (
    APPOINTMENTS.c.commune_id == bindparam("commune_id"),
    APPOINTMENTS.c.office_id.in_(bindparam("office_ids", expanding=True)),
    APPOINTMENTS.c.start > bindparam("tick"),
)
# What the message was to say is still so: that a visit takes place at the start it is of, or that it does not. Whoever
# is there already needs no call about it.
IS_SO = or_(
    and_(MESSAGES.c.kind.in_(ENDINGS), APPOINTMENTS.c.state == AppointmentState.CANCELLED),
    and_(
        MESSAGES.c.kind.not_in(ENDINGS),
        APPOINTMENTS.c.state == AppointmentState.BOOKED,
        APPOINTMENTS.c.arrived_at.is_(None),
        or_(MESSAGES.c.of_start.is_(None), MESSAGES.c.of_start == APPOINTMENTS.c.start),
        or_(MESSAGES.c.kind != MessageKind.PAUSED, APPOINTMENTS.c.disturbed_at.is_not(None)),
        or_(MESSAGES.c.kind != MessageKind.REBOOKING, HAS_OPEN),
    ),
)
# Each message has its own reader: the person, or whoever booked for them.
IS_HELPERS = MESSAGES.c.recipient == Recipient.HELPER
EMAIL = case((IS_HELPERS, APPOINTMENTS.c.helper_email), else_=APPOINTMENTS.c.email)
PHONE = case((IS_HELPERS, APPOINTMENTS.c.helper_phone), else_=APPOINTMENTS.c.phone)


def about_a_visit(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a message is still so and about a visit to come here: asked of the few messages, not of all visits.

    As a value and not as EXISTS, which PostgreSQL would turn round as soon as it believes the visits to be few.
    """
    its_own = APPOINTMENTS.c.id == MESSAGES.c.appointment_id
    found = select(APPOINTMENTS.c.id).where(its_own, *ABOUT_A_VISIT_TO_COME, IS_SO, *more).correlate(MESSAGES)
    return found.scalar_subquery().is_not(None)


SET_ASIDE = select(MESSAGES.c.id).where(*TO_SETTLE, about_a_visit())
# Before the worker has looked at it, whoever has no address can be rung; an end is told even without a number,
# unless somebody else is told of it for them.
NOT_SENT_YET = select(MESSAGES.c.id).where(
    in_state(MessageState.QUEUED, MessageState.LEASED),
    MESSAGES.c.state == MessageState.QUEUED,
    MESSAGES.c.due_at <= bindparam("now", type_=MESSAGES.c.due_at.type),
    MESSAGES.c.kind.in_(RUNG_ABOUT),
    about_a_visit(
        EMAIL.is_(None),
        or_(PHONE.is_not(None), and_(MESSAGES.c.kind.in_(OWED), APPOINTMENTS.c.helper_name.is_(None))),
    ),
)
TO_RING = union(SET_ASIDE, NOT_SENT_YET)
# Made once: every page of staff counts them.
HOW_MANY = select(func.count()).select_from(TO_RING.subquery())
NEAREST = (
    select(MESSAGES.c.id, MESSAGES.c.kind, MESSAGES.c.state, PHONE.label("phone"), APPOINTMENTS.c.cancel_reason)
    .add_columns(MESSAGES.c.appointment_id, MESSAGES.c.recipient)
    .join(APPOINTMENTS, APPOINTMENTS.c.id == MESSAGES.c.appointment_id)
    .where(MESSAGES.c.id.in_(TO_RING))
    .order_by(APPOINTMENTS.c.start, APPOINTMENTS.c.id, MESSAGES.c.id)
)


def calls(session: Session, *, offices: Sequence[Office], day: date | None = None, now: datetime) -> tuple[Call, ...]:
    """Whom to ring about visits to come in these offices, or those of a day, the nearest visit first, 50 at most."""
    wanted = NEAREST if day is None else NEAREST.where(APPOINTMENTS.c.local_date == day)
    rows = session.execute(wanted.limit(MOST_FOUND), whereabouts_of(offices, now)).all()
    ids = {row.appointment_id for row in rows}
    known = {
        one.id: one for one in visits_in(session, select(APPOINTMENTS.c.id).where(APPOINTMENTS.c.id.in_(ids)), now=now)
    }
    return tuple(
        Call(
            row.id,
            row.kind,
            row.state == MessageState.REFUSED,
            known[row.appointment_id],
            row.phone,
            row.cancel_reason if row.kind in ENDINGS else None,
            row.recipient == Recipient.HELPER,
        )
        for row in rows
    )


def number_to_call(session: Session, *, offices: Sequence[Office], now: datetime) -> int:
    return session.scalar(HOW_MANY, whereabouts_of(offices, now)) or 0


def whereabouts_of(offices: Sequence[Office], now: datetime) -> dict[str, Any]:
    """What the statements are bound to: offices of one commune, and the clock."""
    return {
        "commune_id": next((office.commune_id for office in offices), None),
        "office_ids": [office.id for office in offices],
        "tick": floor_to_tick(now),
        "now": now,
    }
