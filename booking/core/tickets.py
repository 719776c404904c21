"""A ticket's life: the steps that lead from one state to the next, and how long a step can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booking.core.errors import BookingError, CallAgainFirst, ForbiddenStep, TooLateToReopen, TooLateToTakeBack

UNDO_WITHIN = timedelta(minutes=1)
"""So long a slip of the finger is taken back, whatever the step was."""

LETTERS = "ACEFHJKLMNRSTUVWXYZ"
"""What a number can begin with: nothing that is read as a digit (I, O, G, Q), nor heard as another one (B, D, P)."""

HIGHEST = 999
"""The last number of a letter on one day."""


class TicketState(StrEnum):
    """Where a visitor stands today. The last four are ends: a day is over when every ticket has one."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    ASIDE = "aside"
    DONE = "done"
    INCOMPLETE = "incomplete"
    ABSENT = "absent"
    LEFT = "left"


AT_COUNTER = frozenset({TicketState.CALLED, TicketState.SERVING})
"""A counter has at most one visitor in these states."""

TO_COME = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.ASIDE})
ENDED = frozenset(TicketState) - TO_COME


class Step(StrEnum):
    """What is done with a ticket, as its history says it."""

    ISSUE = "issue"
    CALL = "call"
    CALL_AGAIN = "call_again"
    BEGIN = "begin"
    SET_ASIDE = "set_aside"
    RESUME = "resume"
    HAND_OVER = "hand_over"
    BACK = "back"
    CHANGE_SERVICE = "change_service"
    PRIORITY = "priority"
    ABSENT = "absent"
    LEAVE = "leave"
    DONE = "done"
    INCOMPLETE = "incomplete"
    REOPEN = "reopen"
    UNDO = "undo"


class Aside(StrEnum):
    """Why somebody is set aside for a while."""

    DOCUMENT = "document"
    PHOTO = "photo"
    PAYMENT = "payment"


class Origin(StrEnum):
    """Where a ticket was handed out. ``PAPER`` was written by hand during an outage and typed in afterwards."""

    RECEPTION = "reception"
    KIOSK = "kiosk"
    PHONE = "phone"
    PAPER = "paper"


@dataclass(frozen=True)
class Move:
    """From which states a step can be taken, and where it leads; ``None`` leaves the state as it is.

    ``within``: so long after the ticket's end it is still possible. ``takes_counter``: the visitor then stands at the
    counter that takes the step. ``leaves_counter``: they stand at none any more.
    """

    sources: frozenset[TicketState]
    target: TicketState | None
    within: timedelta | None = None
    takes_counter: bool = False
    leaves_counter: bool = False


def _from(*states: TicketState) -> frozenset[TicketState]:
    return frozenset(states)


W, C, S, A = TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.ASIDE

MOVES: Mapping[Step, Move] = {
    Step.CALL: Move(_from(W), C, takes_counter=True),
    Step.CALL_AGAIN: Move(_from(C), C),
    Step.BEGIN: Move(_from(C), S),
    Step.SET_ASIDE: Move(_from(C, S), A, leaves_counter=True),
    Step.RESUME: Move(_from(A), S, takes_counter=True),
    Step.HAND_OVER: Move(_from(W, C, S, A), W, leaves_counter=True),
    Step.BACK: Move(_from(C, S, A), W, leaves_counter=True),
    Step.CHANGE_SERVICE: Move(_from(W, C, S, A), None),
    Step.PRIORITY: Move(_from(W), None),
    Step.ABSENT: Move(_from(C), TicketState.ABSENT, leaves_counter=True),
    Step.LEAVE: Move(_from(W, A), TicketState.LEFT, leaves_counter=True),
    Step.DONE: Move(_from(S), TicketState.DONE, leaves_counter=True),
    Step.INCOMPLETE: Move(_from(S), TicketState.INCOMPLETE, leaves_counter=True),
    Step.REOPEN: Move(_from(TicketState.ABSENT, TicketState.LEFT), W, within=timedelta(hours=2)),
}
"""The table of moves: the statements, the buttons and the tests are made from it. ``ISSUE`` begins a ticket, ``UNDO``
takes the last step back, wherever it had led."""


ENDINGS: Mapping[TicketState, Step] = {
    TicketState.DONE: Step.DONE,
    TicketState.INCOMPLETE: Step.INCOMPLETE,
    TicketState.ABSENT: Step.ABSENT,
    TicketState.LEFT: Step.LEAVE,
}
"""How a ticket ends that nobody ended on its day, whatever state it was left in."""

LIKELY: Mapping[TicketState, TicketState] = {
    TicketState.WAITING: TicketState.LEFT,
    TicketState.CALLED: TicketState.ABSENT,
    TicketState.SERVING: TicketState.DONE,
    TicketState.ASIDE: TicketState.LEFT,
}
"""How it probably ended: what is proposed to whoever settles the day."""


IN_PLACE = frozenset({Step.CALL_AGAIN, Step.CHANGE_SERVICE})
"""The steps that leave the visitor where they were, and can be taken back there."""

UNDOABLE = frozenset(MOVES) - {Step.PRIORITY, Step.RESUME}
"""The steps that can be taken back: priority is given for good, and whoever was resumed is set aside anew."""


@dataclass(frozen=True)
class Position:
    """What the next step of a ticket depends on. ``calls``: how often it was called since it last waited."""

    state: TicketState
    calls: int = 0
    ended_at: datetime | None = None
    last_step: Step | None = None
    last_step_at: datetime | None = None
    undo_state: TicketState | None = None

    def refusal_of(self, step: Step, *, calls_needed: int, now: datetime) -> BookingError | None:
        """Why ``step`` cannot be taken now, ``None`` when it can."""
        if step == Step.UNDO:
            return self.refusal_of_undo(now)
        move = MOVES.get(step)
        if move is None or self.state not in move.sources:
            return ForbiddenStep(current=self.state)
        if move.within is not None and (self.ended_at is None or self.ended_at <= now - move.within):
            return TooLateToReopen()
        if step == Step.ABSENT and self.calls < calls_needed:
            return CallAgainFirst(calls=calls_needed)
        return None

    def refusal_of_undo(self, now: datetime) -> BookingError | None:
        if self.last_step not in UNDOABLE or self.undo_state is None:
            return ForbiddenStep(current=self.state)
        if self.last_step_at is None or self.last_step_at <= now - UNDO_WITHIN:
            return TooLateToTakeBack()
        return None

    def steps(self, *, calls_needed: int, now: datetime) -> tuple[Step, ...]:
        """The steps that can be taken now, for the buttons."""
        return tuple(step for step in Step if self.refusal_of(step, calls_needed=calls_needed, now=now) is None)


def number_told(letter: str, number: int) -> str:
    """A ticket's number as it is called and printed: ``A 027``, with a no-break space."""
    return f"{letter}\u00a0{number:03d}"


def typed_number(text: str) -> tuple[str, int] | None:
    """Letter and number as somebody typed them (``a 27``, ``A027``); ``None`` when it can be no ticket's."""
    kept = "".join(character for character in text.upper() if character.isalnum())
    letter, digits = kept[:1], kept[1:]
    if not letter or letter not in LETTERS or not digits.isascii() or not digits.isdigit() or len(digits) > 3:
        return None
    return (letter, int(digits)) if int(digits) else None
