"""Hours brought forward for some days: from early in the morning, and shut in the heat of the afternoon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from booking.core.opening import SessionRule, first_day_of

NEW = 0
A_DAY = date(2027, 1, 4)


def brought_forward(
    rules: Iterable[SessionRule], *, first: date, last: date, start: time, end: time
) -> Iterator[SessionRule]:
    """What is added so that every session which begins before ``end`` goes from ``start`` to ``end`` on these days.

    The sessions themselves stay, and so do the appointments in them: they are lengthened on both sides, where no
    other session asks the same of the counter. What comes after ``end`` is for a closure to take.
    """
    rules = [replace(rule, valid_from=max(rule.valid_from, first), valid_until=ended(rule, last)) for rule in rules]
    there = [rule for rule in rules if rule.valid_from <= (rule.valid_until or last) and first_day_of(rule)]
    for rule in (rule for rule in there if rule.start < end):
        others = [other for other in there if other is not rule and other.mode.meets(rule.mode)]
        pause = minutes_between(rule.last_entry, rule.end) if rule.last_entry else None
        before = replace(rule, id=NEW, start=start, end=rule.start, last_entry=None)
        after = replace(rule, id=NEW, start=rule.end, end=end, last_entry=None)
        if pause is not None and after.start < after.end:
            after = replace(after, last_entry=max(after.start, minus(end, pause)))
        for piece in (before, after):
            free = piece.counters - taken_by(others, piece)
            if piece.start < piece.end and free:
                yield replace(piece, counters=free, lanes=frozenset())


def ended(rule: SessionRule, last: date) -> date:
    return min(rule.valid_until, last) if rule.valid_until else last


def taken_by(others: Iterable[SessionRule], piece: SessionRule) -> frozenset[int]:
    """The counters that other sessions need in the time of a piece."""
    busy = (other.counters for other in others if other.start < piece.end and piece.start < other.end)
    return frozenset[int]().union(*busy)


def minutes_between(one: time, other: time) -> timedelta:
    return datetime.combine(A_DAY, other) - datetime.combine(A_DAY, one)


def minus(wall: time, pause: timedelta) -> time:
    return (datetime.combine(A_DAY, wall) - pause).time()
