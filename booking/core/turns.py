"""Whose turn it is: the written rule of an office as one number per ticket, and the order it makes.

A ticket's ``turn`` is worked out once, when it is issued, and kept; so is the moment from which it goes before the
others. The rest, the clock and the languages spoken at a counter, are known when somebody is called. ``order`` is the
same expression as the statement's (``usecases/calling.py``); a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ALWAYS = 0
"""A moment before every other: who leads from it on leads at once."""


class QueuePolicy(StrEnum):
    """By what rule an office calls those who wait.

    ``PROMISED``: by the time each was promised; whoever comes without an appointment is promised the end of the wait
    that is expected then. ``APPOINTMENTS_FIRST``: from its time on an appointment goes before those without one, if
    the person was there within the minutes of grace. ``ARRIVAL``: whoever was there first.
    """

    PROMISED = "promised"
    APPOINTMENTS_FIRST = "appointments_first"
    ARRIVAL = "arrival"


@dataclass(frozen=True)
class Turn:
    """``turn``: seconds since the epoch; the smallest is called first. From ``leads_from`` on (the same seconds) the
    ticket goes before all those that do not lead; ``None``: it never does.
    """

    turn: int
    leads_from: int | None = None


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def turn_of_appointment(policy: QueuePolicy, *, start: datetime, arrived_at: datetime, grace: timedelta) -> Turn:
    """The turn of somebody with an appointment at ``start``.

    Whoever comes early has the turn of their appointment; whoever is late by no more than the grace keeps it;
    later than that, they come as if they had none.
    """
    if policy == QueuePolicy.ARRIVAL or arrived_at > start + grace:
        return Turn(seconds(arrived_at))
    leads = policy == QueuePolicy.APPOINTMENTS_FIRST
    return Turn(seconds(start), seconds(start) if leads else None)


class Punctuality(StrEnum):
    """How somebody came for their time: what it means for their turn is the policy's."""

    EARLY = "early"
    WITHIN_GRACE = "within_grace"
    TOO_LATE = "too_late"


def punctuality(*, start: datetime, arrived_at: datetime, grace: timedelta) -> Punctuality:
    if arrived_at <= start:
        return Punctuality.EARLY
    return Punctuality.WITHIN_GRACE if arrived_at <= start + grace else Punctuality.TOO_LATE


def turn_of_walk_in(
    policy: QueuePolicy, *, arrived_at: datetime, wait: timedelta, opens_at: datetime | None = None
) -> Turn:
    """The turn of somebody without an appointment, who was told to expect ``wait``.

    Whoever is there before the doors open, at ``opens_at``, waits from then on, and goes before nobody whose time was
    promised at the opening.
    """
    if policy != QueuePolicy.PROMISED:
        return Turn(seconds(arrived_at))
    if opens_at is None or opens_at <= arrived_at:
        return Turn(seconds(arrived_at + wait))
    return Turn(seconds(opens_at + wait) + 1)


def with_priority(turn: Turn) -> Turn:
    """The same turn, before all those without priority."""
    return Turn(turn.turn, ALWAYS)


@dataclass(frozen=True)
class InLine:
    """A ticket as the order sees it."""

    id: int
    turn: int
    leads_from: int | None
    help_language: str | None


def order(ticket: InLine, *, now: datetime, spoken: Iterable[str] = (), language_minutes: int = 0) -> tuple[int, ...]:
    """The key by which a counter whose agent speaks ``spoken`` calls: the smallest is next.

    A visitor's help language brings them forward by so many minutes where it is spoken, and never more: nobody waits
    longer than that for it.
    """
    leads = ticket.leads_from is not None and ticket.leads_from <= seconds(now)
    forward = 60 * language_minutes if ticket.help_language in set(spoken) else 0
    return (0 if leads else 1, ticket.turn - forward, ticket.id)
