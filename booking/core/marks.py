"""What an agent can say about a visit on its day, and what may still be said."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from booking.core.appointments import MOVES, OCCUPYING, SETTLED_FOR_CORRECTION, AppointmentState
from booking.core.errors import BookingError, ForbiddenMove, NotMissedYet, TooEarlyToMark, TooLateToArrive


class Mark(StrEnum):
    ARRIVED = "arrived"
    DONE = "done"
    DID_NOT_COME = "did_not_come"
    BACK = "back"


class Standing(StrEnum):
    """Where a visit stands, as staff see it: its state, and whether the person has arrived."""

    HELD = "held"
    EXPECTED = "expected"
    ARRIVED = "arrived"
    DONE = "done"
    INCOMPLETE = "incomplete"
    MISSED = "missed"
    CANCELLED = "cancelled"


CAN_WAIT = frozenset({Mark.ARRIVED, Mark.DONE, Mark.DID_NOT_COME})
"""What can be said without a connection and sent when there is one again."""

LEADS_TO = {
    Mark.ARRIVED: AppointmentState.BOOKED,
    Mark.DONE: AppointmentState.FULFILLED,
    Mark.DID_NOT_COME: AppointmentState.MISSED,
    Mark.BACK: AppointmentState.BOOKED,
}
STANDS = {
    AppointmentState.HELD: Standing.HELD,
    AppointmentState.FULFILLED: Standing.DONE,
    AppointmentState.MISSED: Standing.MISSED,
    AppointmentState.CANCELLED: Standing.CANCELLED,
}


class Marked(NamedTuple):
    """What has been said about a visit so far. ``day`` is the visit's own, on the office's wall.

    ``is_incomplete``: it took place, and papers were missing.
    """

    state: AppointmentState
    day: date
    start: datetime
    arrived_at: datetime | None
    settled_at: datetime | None
    is_incomplete: bool = False

    @property
    def standing(self) -> Standing:
        if self.state == AppointmentState.BOOKED:
            return Standing.ARRIVED if self.arrived_at else Standing.EXPECTED
        if self.state == AppointmentState.FULFILLED and self.is_incomplete:
            return Standing.INCOMPLETE
        return STANDS[self.state]

    def says(self, mark: Mark) -> bool:
        """Whether this is how the visit stands after ``mark``."""
        return (
            self.standing
            in {
                Mark.ARRIVED: {Standing.ARRIVED},
                Mark.DONE: {Standing.DONE},
                Mark.DID_NOT_COME: {Standing.MISSED},
                Mark.BACK: {Standing.EXPECTED, Standing.ARRIVED},
            }[mark]
        )

    def check(self, mark: Mark, *, today: date, now: datetime) -> None:
        """Raises ``TooEarlyToMark`` before the visit's day, ``ForbiddenMove`` where the life-cycle does not lead.

        Somebody can arrive on that day alone (``TooLateToArrive``), and be missed from its start on
        (``NotMissedYet``). A settled visit can be corrected for a week. Going back undoes the last step: the
        settling, or the arrival.
        """
        refusal = self.position(today=today, now=now).refusal_of(mark)
        if refusal:
            raise refusal

    def next_marks(self, *, today: date, now: datetime) -> tuple[Mark, ...]:
        """The marks that can be given now, for the buttons."""
        return marks_at(self.position(today=today, now=now))

    def position(self, *, today: date, now: datetime) -> Position:
        settled = self.settled_at
        return Position(
            state=self.state,
            is_to_come=self.day > today,
            is_day_over=self.day < today,
            has_begun=self.start <= now,
            has_arrived=self.arrived_at is not None,
            is_beyond_correction=settled is not None and settled <= now - SETTLED_FOR_CORRECTION,
        )


class Position(NamedTuple):
    """All that the next mark of a visit depends on: the visits of a day stand in a handful of these."""

    state: AppointmentState
    is_to_come: bool
    is_day_over: bool
    has_begun: bool
    has_arrived: bool
    is_beyond_correction: bool

    def refusal_of(self, mark: Mark) -> BookingError | None:
        target = LEADS_TO[mark]
        forbidden = ForbiddenMove(current=self.state, target=target)
        if self.is_to_come:
            return TooEarlyToMark()
        if self.state == target == AppointmentState.BOOKED:
            if (mark == Mark.BACK) != self.has_arrived:
                return forbidden
            return TooLateToArrive() if mark == Mark.ARRIVED and self.is_day_over else None
        if mark == Mark.ARRIVED or self.state not in OCCUPYING or target not in MOVES[self.state]:
            return forbidden
        if self.is_beyond_correction:
            return forbidden
        return NotMissedYet() if mark == Mark.DID_NOT_COME and not self.has_begun else None


@cache
def marks_at(position: Position) -> tuple[Mark, ...]:
    return tuple(mark for mark in Mark if position.refusal_of(mark) is None)
