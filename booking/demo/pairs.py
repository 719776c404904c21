"""Visits of the demonstration that belong together: two counters one after the other, and a marriage in two steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking.core.appointments import LONGEST_WAIT, Step
from booking.core.availability import ticks_in
from booking.core.timespan import TICK, ticks_for
from booking.demo.content.people import COUPLE, FATHER
from booking.demo.content.shapes import DemoPerson
from booking.demo.diary import Diary, Kind, run
from booking.usecases.appointments import Wish, confirm
from booking.usecases.baskets import WishedLine
from booking.usecases.groups import tie
from booking.usecases.holds import hold

NO_COUNTER_TAKES_BOTH = ("identity-card", "residence-card")
MARRIAGE = "marriage"
AGREED_BEFORE = timedelta(days=9)
FORM_FILLED_IN = timedelta(minutes=4)
WAIT = LONGEST_WAIT // TICK + 1


@dataclass(frozen=True)
class Half:
    """One of two visits, at a time that the diary has reserved for it (UTC)."""

    service_id: int
    counter_id: int
    start: datetime
    step: Step | None = None


@dataclass(frozen=True)
class Pair:
    who: DemoPerson
    halves: tuple[Half, Half]
    agreed_at: datetime


def pairs_in(diaries: Sequence[Diary], now: datetime) -> Iterator[Pair]:
    """Those who come twice, the first time on the earliest of these days that has room for it."""
    for who, found in ((FATHER, next_to_each_other(diaries[0])), (COUPLE, in_two_steps(diaries))):
        if found is not None:
            yield Pair(who, found, min(now, found[0].start) - AGREED_BEFORE)


def next_to_each_other(diary: Diary) -> tuple[Half, Half] | None:
    """A time at each of two counters, the second right after the first or a little later."""
    one, other = (kind_of(diary, code) for code in NO_COUNTER_TAKES_BOTH)
    if one is None or other is None:
        return None
    for counter in diary.counters_for(one):
        for offset in ticks_in(diary.starts(counter, one), 0):
            for beside in diary.counters_for(other):
                soon = diary.starts(beside, other) & run(offset + one.ticks(), WAIT)
                if soon:
                    first = Half(one.id, counter, diary.reserve(counter, offset, one.ticks()))
                    return first, Half(other.id, beside, diary.reserve(beside, earliest(soon), other.ticks()))
    return None


def in_two_steps(diaries: Sequence[Diary]) -> tuple[Half, Half] | None:
    """The information on the first day that has room for it, the file as soon after it as may be."""
    first: Half | None = None
    ready = diaries[0].day
    for diary in diaries:
        kind = kind_of(diary, MARRIAGE)
        if kind is None or diary.day < ready:
            continue
        step, ticks = (Step.FILE, kind.ticks()) if first else (Step.INFORMATION, ticks_for(kind.information))
        for counter in diary.counters_for(kind):
            starts = diary.starts(counter, kind, ticks=ticks)
            if starts:
                half = Half(kind.id, counter, diary.reserve(counter, earliest(starts), ticks), step)
                if first:
                    return first, half
                first, ready = half, diary.day + timedelta(days=kind.days + 1)
                break
    return None


def kind_of(diary: Diary, code: str) -> Kind | None:
    return next((kind for kinds in diary.plans.values() for kind in kinds if kind.code == code), None)


def earliest(starts: int) -> int:
    return (starts & -starts).bit_length() - 1


def agree_on_both(session: Session, *, commune_id: int, office_id: int, pair: Pair) -> None:
    """Hold both times, tie them and confirm them, as whoever comes did some days before; nobody is told.

    Raises ``SlotTaken`` when somebody has one of them.
    """
    own, who, at = {"commune_id": commune_id}, pair.who, pair.agreed_at
    keys = [
        hold(
            session,
            **own,
            office_id=office_id,
            lines=[WishedLine(half.service_id, step=half.step)],
            start=half.start,
            counter_id=half.counter_id,
            length=2 * FORM_FILLED_IN,
            client=None,
            per_client=0,
            # A diary knows no notice: the time was agreed long before.
            in_window=False,
            now=at,
        )
        for half in pair.halves
    ]
    wish = Wish(who.name, who.email, who.phone, who.language, who.help_language)
    told = {"per_contact": len(keys), "announced": False, "now": at + FORM_FILLED_IN}
    confirm(session, **own, hold_key=tie(session, *keys), wish=wish, **told)  # type: ignore[arg-type]
