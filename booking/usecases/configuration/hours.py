"""Opening sessions and closures as they stand in a file, their counters and services by name.

A rule of hours that was read carries labels of counters and codes of services where the rows have numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from booking.core.changes import NEW
from booking.core.configuration.kinds import Key, Kind, Many, Optional, Record, Texts
from booking.core.configuration.scalars import Among, Choice, Day, DayOfYear, Number, OneOf, Wall
from booking.core.configuration.tree import Branch, FaultKind, Faults, Node
from booking.core.errors import AnchorMissing, BookingError, EndsBeforeStart, NothingLeft
from booking.core.opening import MOST_KEPT, ClosureRule, Mode, Season, SessionRule, first_clash
from booking.core.translated import Translated
from booking.usecases.configuration.derived import keys_of

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SESSIONS = 400
MOST_CLOSURES = 1_000
MOST_NAMES = 200
TICKETS = 999

SEASON = Record({"first": Key(DayOfYear()), "last": Key(DayOfYear())}, Season, taken=vars)
HOURS_FAULTS: Mapping[type[BookingError], FaultKind] = {
    EndsBeforeStart: FaultKind.HOURS,
    AnchorMissing: FaultKind.WITHOUT_ANCHOR,
    NothingLeft: FaultKind.HALF_KEPT,
}


@dataclass(frozen=True)
class NamedClosure:
    """A closure with its reason; ``office`` is the word of the office it shuts, ``None``: the whole commune."""

    office: str | None
    rule: ClosureRule
    reason: Translated


def session_record(counters: Collection[str], lanes: Collection[str], services: Collection[str]) -> Record:
    kinds: dict[str, Kind] = {
        "weekdays": Many(OneOf(WEEK), len(WEEK), make=weekdays_of),
        "start": Wall(),
        "end": Wall(),
        "valid_from": Day(),
        "valid_until": Optional(Day()),
        "every_weeks": Number(1, 52),
        "anchor": Optional(Day()),
        "nth_of_month": Optional(Number(-1, 5)),
        "season": Optional(SEASON),
        "mode": Choice(Mode),
        "counters": Many(Among(counters), MOST_NAMES, make=frozenset),
        "lanes": Many(Among(lanes), MOST_NAMES, make=frozenset),
        "services": Many(Among(services), MOST_NAMES, make=frozenset),
        "last_entry": Optional(Wall()),
        "walk_in_minutes": Number(0, MOST_KEPT, 5),
        "staff_minutes": Number(0, MOST_KEPT, 5),
        "most_walk_ins": Optional(Number(0, TICKETS)),
    }
    keys = keys_of(SessionRule, kinds, but=frozenset({"id"}))
    return Record(keys, lambda **said: SessionRule(id=NEW, **said), check_session, taken=said_of_session)


def weekdays_of(words: Sequence[str]) -> frozenset[int]:
    return frozenset(WEEK.index(word) for word in words)


def said_of_session(rule: SessionRule) -> dict[str, Any]:
    names = {name: sorted(getattr(rule, name)) or getattr(rule, name) for name in ("counters", "lanes", "services")}
    return vars(rule) | names | {"weekdays": [WEEK[day] for day in sorted(rule.weekdays)]}


def check_session(rule: SessionRule, node: Branch, faults: Faults) -> None:
    for name in ("weekdays", "counters"):
        if not getattr(rule, name):
            faults.note(node.lines[name], FaultKind.EMPTY, name)
            return
    check_hours(rule, node, faults)


def check_hours(rule: SessionRule | ClosureRule, node: Branch, faults: Faults) -> None:
    try:
        rule.check()
    except BookingError as refusal:
        faults.note(node.line, HOURS_FAULTS[type(refusal)])


def check_clashes(rules: Sequence[SessionRule], nodes: Sequence[Node], faults: Faults) -> None:
    """No two sessions of an office ask one counter for the same hours."""
    for place, rule in enumerate(rules):
        for other, there in zip(rules[:place], nodes[:place], strict=True):
            day = first_clash(rule, other, date.min)
            if day is not None:
                faults.note(nodes[place].line, FaultKind.CLASH, there.line)


def closure_record(offices: Mapping[str, Collection[str]], office: str | None) -> Record:
    """The keys of a closure; ``office`` is the one it names, whose counters it may be limited to."""
    keys = {
        "office": Key(Optional(Among(offices)), None),
        "first": Key(Day()),
        "last": Key(Optional(Day()), None),
        "start": Key(Optional(Wall()), None),
        "end": Key(Optional(Wall()), None),
        "counters": Key(Optional(Many(Among(offices.get(office or "", ())), MOST_NAMES, make=frozenset)), None),
        "reason": Key(Texts(200)),
    }
    return Record(keys, closure_of, check_closure, taken=said_of_closure)


def closure_of(
    *,
    office: str | None,
    first: date,
    last: date | None,
    start: time | None,
    end: time | None,
    counters: Any,
    reason: Translated,
) -> NamedClosure:
    rule = ClosureRule(id=NEW, first=first, last=last or first, start=start, end=end, counters=counters)
    return NamedClosure(office, rule, reason)


def said_of_closure(closure: NamedClosure) -> dict[str, Any]:
    rule = closure.rule
    return {
        "office": closure.office,
        "first": rule.first,
        "last": None if rule.last == rule.first else rule.last,
        "start": rule.start,
        "end": rule.end,
        "counters": None if rule.counters is None else sorted(rule.counters),
        "reason": closure.reason,
    }


def check_closure(closure: NamedClosure, node: Branch, faults: Faults) -> None:
    check_hours(closure.rule, node, faults)
    if closure.rule.counters is not None and not closure.rule.counters:
        faults.note(node.lines["counters"], FaultKind.EMPTY, "counters")
