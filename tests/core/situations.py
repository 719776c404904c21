"""Random days of an office and random wishes, most of which fail for a reason that is chosen beforehand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from hypothesis import strategies as st

from booking.core.availability import PUBLIC, STAFF, Asked, Limits, free_starts
from booking.core.opening import ClosureRule, Mode, SessionRule
from booking.core.schedules import Schedule
from booking.core.why import Asking, Reason, TakenBy, Why, explain
from tests.core.rules import COUNTERS, SERVICES, a_closure, closure_rules, days, session_rules
from tests.moments import BRUSSELS

WHOLE_WEEK = frozenset(range(7))
FAR = 10**8
CARD = SERVICES[0]


@dataclass(frozen=True)
class Situation:
    schedule: Schedule
    day: date
    ticks: int
    taken: TakenBy
    limits: Limits
    asked: Asked

    def why(self) -> Why:
        wish = Asking(self.schedule, self.day, CARD, self.ticks, self.asked)
        return explain(wish, taken=self.taken, limits=self.limits)

    def offered(self) -> int:
        """What the calendar finds, which knows only of what is taken, whatever it is taken by."""
        counters = self.schedule.serves
        taken = {self.day: {counter: self.taken.busy(counter) for counter in counters}}
        wish = {"day": self.day, "service": CARD, "ticks": self.ticks, "taken": taken, "asked": self.asked}
        return free_starts(self.schedule, **wish, **self.limits.bounds)  # type: ignore[arg-type]


@st.composite
def plain_rules(draw: st.DrawFn, aim: Reason | None) -> SessionRule:
    """Appointments for everything on every day, but for what is aimed at."""
    start = draw(st.integers(0, 20 * 12))
    long = draw(st.integers(8, 36))
    staff = walk_ins = 0
    if aim == Reason.SHARE_KEPT:
        long = draw(st.integers(1, 9))
        staff, walk_ins = draw(st.sampled_from([(45, 0), (0, 45), (20, 25)]))
    if aim == Reason.LAST_ENTRY:
        long = draw(st.integers(1, 5))
    services = st.just(frozenset(SERVICES[1:])) if aim == Reason.OTHER_SERVICES else st.sampled_from([(), (CARD,)])
    return SessionRule(
        id=draw(st.integers(1, 99)),
        weekdays=WHOLE_WEEK,
        start=time(*divmod(start * 5, 60)),
        end=time(*divmod((start + long) * 5, 60)),
        valid_from=date(2020, 1, 1),
        mode=Mode.WALK_IN if aim == Reason.WALK_IN else draw(st.sampled_from([Mode.APPOINTMENT, Mode.BOTH])),
        counters=draw(st.frozensets(st.sampled_from(COUNTERS), min_size=1)),
        services=frozenset(draw(services)),
        staff_minutes=staff,
        walk_in_minutes=walk_ins,
    )


@st.composite
def masks(draw: st.DrawFn, mask: st.SearchStrategy[int]) -> dict[int, int]:
    return {counter: draw(mask) for counter in COUNTERS}


@st.composite
def situations(draw: st.DrawFn, aim: Reason | None = None) -> Situation:
    """Half of them have nothing else in the way than what is aimed at; the others have something of everything."""
    day, is_plain = draw(days), draw(st.booleans())
    rules = draw(st.lists(plain_rules(aim), min_size=1, max_size=2))
    if aim == Reason.NO_SESSION:
        rules = [replace(rule, weekdays=WHOLE_WEEK - {day.weekday()}) for rule in rules]
    closures: list[ClosureRule] = []
    if aim == Reason.CLOSED:
        closures.append(a_closure(day - timedelta(days=draw(st.integers(0, 9))), day))
    if aim == Reason.COUNTER_CLOSED:
        closures += [a_closure(day, id=10 + counter, counters=frozenset({counter})) for counter in COUNTERS]
    if not is_plain:
        rules += draw(st.lists(session_rules(day), max_size=2))
        closures += draw(st.lists(closure_rules(day), max_size=1))
    known = [frozenset(SERVICES[1:])] if aim == Reason.NOT_SERVED else [frozenset(SERVICES), frozenset({CARD})]
    serves = {counter: draw(st.sampled_from(known)) for counter in COUNTERS}
    schedule = Schedule(BRUSSELS, draw(st.sampled_from([5, 15, 20])), tuple(rules), tuple(closures), serves)
    first, after = schedule.ticks_of(day)
    whole, alternate = (1 << after - first) - 1, int("01" * 150, 2)
    some = st.just(0) if is_plain else st.integers(0, whole).map(lambda bits: bits & bits >> 1 & bits >> 3)
    by = {Reason.ABSENT: 0, Reason.TAKEN: 1, Reason.HELD: 2}
    taken = [draw(masks(st.just(whole) if by.get(aim) == number else some)) for number in range(3)]  # type: ignore[arg-type]
    ticks = draw(st.integers(1, 6))
    if aim == Reason.TOO_SHORT:
        ticks, taken[1] = max(ticks, 2), dict.fromkeys(COUNTERS, alternate)
    if aim == Reason.LAST_ENTRY:
        ticks += 5
    near = st.just(0) if is_plain else st.integers(0, first + 200)
    late = st.just(FAR) if is_plain else st.integers(first + 50, FAR)
    limits = Limits(
        notice=after if aim == Reason.NOTICE else draw(near),
        paused=after if aim == Reason.PAUSED else draw(near),
        horizon=first - 1 if aim == Reason.HORIZON else draw(late),
        released=first - 1 if aim == Reason.NOT_RELEASED else draw(late),
        full={day} if aim == Reason.QUOTA else (),
    )
    asked = PUBLIC if aim == Reason.SHARE_KEPT else draw(st.sampled_from([PUBLIC, STAFF]))
    return Situation(schedule, day, ticks, TakenBy(*taken), limits, asked)
