"""What can be done with a ticket, and how long it can be taken back."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from booking.core.errors import CallAgainFirst, ForbiddenStep, TooLateToReopen, TooLateToTakeBack
from booking.core.tickets import (
    ENDED,
    LETTERS,
    MOVES,
    TO_COME,
    UNDOABLE,
    Position,
    Step,
    TicketState,
    number_told,
    typed_number,
)
from tests.moments import MONDAY, at

NOW = at(MONDAY, "09:00")
A_SECOND = timedelta(seconds=1)


def steps(state: TicketState, **known: object) -> set[Step]:
    return set(Position(state, **known).steps(calls_needed=2, now=NOW))  # type: ignore[arg-type]


def test_whoever_waits_can_be_called_handed_over_preferred_or_has_left() -> None:
    assert steps(TicketState.WAITING) == {
        Step.CALL, Step.HAND_OVER, Step.CHANGE_SERVICE, Step.PRIORITY, Step.LEAVE,
    }  # fmt: skip


def test_whoever_is_called_can_begin_be_called_again_or_go_back_to_the_queue() -> None:
    assert steps(TicketState.CALLED, calls=1) == {
        Step.CALL_AGAIN, Step.BEGIN, Step.SET_ASIDE, Step.HAND_OVER, Step.BACK, Step.CHANGE_SERVICE,
    }  # fmt: skip


def test_nobody_is_absent_before_they_were_called_as_often_as_the_office_says() -> None:
    once, twice = Position(TicketState.CALLED, calls=1), Position(TicketState.CALLED, calls=2)

    refusal = once.refusal_of(Step.ABSENT, calls_needed=2, now=NOW)

    assert isinstance(refusal, CallAgainFirst)
    assert refusal.facts == {"calls": 2}
    assert twice.refusal_of(Step.ABSENT, calls_needed=2, now=NOW) is None


def test_whoever_is_served_ends_as_done_or_with_papers_incomplete() -> None:
    assert {Step.DONE, Step.INCOMPLETE} <= steps(TicketState.SERVING)
    assert not {Step.CALL, Step.ABSENT, Step.LEAVE} & steps(TicketState.SERVING)


@pytest.mark.parametrize("state", sorted(ENDED - {TicketState.ABSENT, TicketState.LEFT}))
def test_what_is_done_is_done(state: TicketState) -> None:
    assert steps(state, ended_at=NOW) == set()


@pytest.mark.parametrize("state", [TicketState.ABSENT, TicketState.LEFT])
def test_whoever_was_missing_and_comes_back_within_two_hours_is_taken_up_again(state: TicketState) -> None:
    just = Position(state, ended_at=NOW - timedelta(hours=2) + A_SECOND)
    over = Position(state, ended_at=NOW - timedelta(hours=2))

    assert just.steps(calls_needed=2, now=NOW) == (Step.REOPEN,)
    assert isinstance(over.refusal_of(Step.REOPEN, calls_needed=2, now=NOW), TooLateToReopen)


@pytest.mark.parametrize("step", sorted(UNDOABLE))
def test_a_step_is_taken_back_within_a_minute_and_not_after(step: Step) -> None:
    known = {"undo_state": TicketState.WAITING, "last_step": step}
    just = Position(TicketState.CALLED, **known, last_step_at=NOW - timedelta(minutes=1) + A_SECOND)  # type: ignore[arg-type]
    over = Position(TicketState.CALLED, **known, last_step_at=NOW - timedelta(minutes=1))  # type: ignore[arg-type]

    assert just.refusal_of(Step.UNDO, calls_needed=2, now=NOW) is None
    assert isinstance(over.refusal_of(Step.UNDO, calls_needed=2, now=NOW), TooLateToTakeBack)


@pytest.mark.parametrize("step", sorted(set(Step) - UNDOABLE))
def test_what_leads_nowhere_else_is_not_taken_back(step: Step) -> None:
    position = Position(TicketState.CALLED, undo_state=TicketState.WAITING, last_step=step, last_step_at=NOW)

    assert isinstance(position.refusal_of(Step.UNDO, calls_needed=2, now=NOW), ForbiddenStep)


@pytest.mark.parametrize(("state", "step"), list(product(TicketState, sorted(MOVES))))
def test_a_step_is_possible_where_the_table_says_so_and_nowhere_else(state: TicketState, step: Step) -> None:
    position = Position(state, calls=9, ended_at=NOW if state in ENDED else None)

    assert (position.refusal_of(step, calls_needed=2, now=NOW) is None) == (state in MOVES[step].sources)


def test_every_state_that_is_no_end_leads_to_one() -> None:
    reached = {state: {state} for state in TO_COME}
    for _ in TicketState:
        for state, seen in reached.items():
            reached[state] = seen | {
                move.target for move in MOVES.values() for one in seen if one in move.sources and move.target
            }

    assert all(seen >= ENDED for seen in reached.values())


def test_a_number_is_told_and_typed_in_any_usual_way() -> None:
    assert number_told("A", 27) == "A\u00a0027"
    assert [typed_number(text) for text in ("A027", "a 27", "A-027", "a027")] == [("A", 27)] * 4


@pytest.mark.parametrize("text", ["", "27", "A", "A000", "A1000", "I027", "AA27", "A٢٧"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert typed_number(text) is None


def test_no_letter_is_read_as_a_digit_or_heard_as_another_one() -> None:
    assert not set("IOQGBDP") & set(LETTERS)
