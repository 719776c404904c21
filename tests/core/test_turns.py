"""Whose turn it is, by each of the rules an office can have."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.core.turns import (
    ALWAYS,
    InLine,
    Punctuality,
    QueuePolicy,
    Turn,
    order,
    punctuality,
    turn_of_appointment,
    turn_of_walk_in,
    with_priority,
)
from tests.moments import MONDAY, at

GRACE = timedelta(minutes=15)


def clock(wall: str) -> datetime:
    return at(MONDAY, wall)


def appointment(policy: QueuePolicy, start: str, arrived: str) -> Turn:
    return turn_of_appointment(policy, start=clock(start), arrived_at=clock(arrived), grace=GRACE)


def walk_in(policy: QueuePolicy, arrived: str, wait: int = 30) -> Turn:
    return turn_of_walk_in(policy, arrived_at=clock(arrived), wait=timedelta(minutes=wait))


def called(now: str, spoken: tuple[str, ...] = (), minutes: int = 10, **turns: Turn | tuple[Turn, str]) -> list[str]:
    """The names in the order in which they are called."""
    line = []
    for number, (name, turn) in enumerate(turns.items()):
        own, language = turn if isinstance(turn, tuple) else (turn, None)
        line.append((InLine(number, own.turn, own.leads_from, language), name))
    how = {"now": clock(now), "spoken": spoken, "language_minutes": minutes}
    return [name for _, name in sorted(line, key=lambda one: order(one[0], **how))]  # type: ignore[arg-type]


def test_by_promised_time_each_is_called_when_they_were_told() -> None:
    promised = QueuePolicy.PROMISED
    ana = appointment(promised, start="09:30", arrived="09:10")
    ben = walk_in(promised, arrived="08:50", wait=30)
    chloe = walk_in(promised, arrived="09:05", wait=40)

    assert called("09:15", ana=ana, ben=ben, chloe=chloe) == ["ben", "ana", "chloe"]


def test_whoever_comes_before_the_doors_open_goes_before_no_time_promised_at_the_opening() -> None:
    promised, opening = QueuePolicy.PROMISED, {"opens_at": clock("08:30")}
    zoe = turn_of_walk_in(promised, arrived_at=clock("08:00"), wait=timedelta(0), **opening)
    ben = turn_of_walk_in(promised, arrived_at=clock("08:01"), wait=timedelta(minutes=10), **opening)
    ana = appointment(promised, start="08:30", arrived="08:20")

    assert called("08:30", zoe=zoe, ben=ben, ana=ana) == ["ana", "zoe", "ben"]
    by_arrival = turn_of_walk_in(QueuePolicy.ARRIVAL, arrived_at=clock("08:00"), wait=timedelta(0), **opening)
    assert by_arrival == Turn(int(clock("08:00").timestamp()))


def test_appointments_first_goes_from_their_time_on_and_not_before() -> None:
    first = QueuePolicy.APPOINTMENTS_FIRST
    ana, ben = appointment(first, start="09:30", arrived="09:10"), walk_in(first, arrived="09:00")
    late = walk_in(first, arrived="09:31")

    assert called("09:29", ana=ana, ben=ben) == ["ben", "ana"]
    assert called("09:30", ana=ana, ben=ben, late=late) == ["ana", "ben", "late"]


def test_whoever_is_late_within_the_grace_keeps_their_time_and_later_loses_it() -> None:
    for policy in (QueuePolicy.PROMISED, QueuePolicy.APPOINTMENTS_FIRST):
        on_time = appointment(policy, start="09:30", arrived="09:45")
        too_late = appointment(policy, start="09:30", arrived="09:46")

        assert on_time.turn == appointment(policy, start="09:30", arrived="09:30").turn
        assert too_late == Turn(int(clock("09:46").timestamp()))


def test_by_arrival_an_appointment_counts_for_nothing() -> None:
    arrival = QueuePolicy.ARRIVAL
    ana, ben = appointment(arrival, start="09:00", arrived="09:10"), walk_in(arrival, arrived="09:05")

    assert called("09:20", ana=ana, ben=ben) == ["ben", "ana"]


def test_priority_goes_before_everybody_who_has_none() -> None:
    first = QueuePolicy.APPOINTMENTS_FIRST
    ana = appointment(first, start="09:00", arrived="08:55")
    ben = with_priority(walk_in(first, arrived="08:50"))
    chloe = with_priority(walk_in(first, arrived="09:10"))

    assert ben.leads_from == ALWAYS
    assert called("09:15", ana=ana, ben=ben, chloe=chloe) == ["ben", "ana", "chloe"]


def test_a_help_language_brings_forward_by_its_minutes_and_no_more() -> None:
    promised = QueuePolicy.PROMISED
    ben, niamh = walk_in(promised, arrived="09:00"), (walk_in(promised, arrived="09:09"), "en")
    ewa = (walk_in(promised, arrived="09:11"), "en")

    assert called("09:30", ben=ben, niamh=niamh, ewa=ewa) == ["ben", "niamh", "ewa"]
    assert called("09:30", ("en",), ben=ben, niamh=niamh, ewa=ewa) == ["niamh", "ben", "ewa"]
    assert called("09:30", ("de",), ben=ben, niamh=niamh, ewa=ewa) == ["ben", "niamh", "ewa"]


def test_two_with_the_same_turn_are_called_as_their_tickets_were_issued() -> None:
    same = walk_in(QueuePolicy.ARRIVAL, arrived="09:00")

    assert called("09:30", ana=same, ben=same) == ["ana", "ben"]


def test_whoever_comes_within_the_grace_is_late_and_not_too_late() -> None:
    times = ("08:50", "09:00", "09:01", "09:15", "09:16")
    came = [punctuality(start=clock("09:00"), arrived_at=clock(time), grace=GRACE) for time in times]

    early, within, too_late = Punctuality
    assert came == [early, early, within, within, too_late]
