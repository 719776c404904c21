"""Hours taken over from a week, or a day of it: for other days, other counters, another office, from a date on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from booking.core.opening import SessionRule, monday_of

NEW = 0


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be copied, and what it is to become.

    The sessions are those that take place on ``weekdays`` of the week of ``monday``; with ``onto`` they are put on
    that day of the week instead. ``counters`` says which counter stands for which: whatever it does not name is left
    out. They hold from ``since``; with ``until`` they are for those days alone, whatever their season was.
    """

    monday: date
    weekdays: frozenset[int]
    since: date
    until: date | None = None
    onto: int | None = None
    counters: Mapping[int, int]


def copied(rules: Iterable[SessionRule], wish: Wish) -> Iterator[SessionRule]:
    """The sessions as they are to be, those that are left with neither day nor counter apart."""
    monday = monday_of(wish.monday)
    for rule in rules:
        days = frozenset(day for day in wish.weekdays if rule.happens_on(monday + timedelta(days=day)))
        counters, lanes = (
            frozenset(wish.counters[one] for one in some if one in wish.counters)
            for some in (rule.counters, rule.lanes)
        )
        if days and counters:
            yield replace(
                rule,
                id=NEW,
                weekdays=days if wish.onto is None else frozenset({wish.onto}),
                counters=counters,
                lanes=lanes,
                valid_from=wish.since,
                valid_until=wish.until,
                season=None if wish.until else rule.season,
            )
