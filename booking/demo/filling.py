"""How full a demonstration's diaries are: rules about weeks, evenings, and services that are hard to get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta

from booking.demo.content.fullness import (
    FIRST_FREE_AFTER_DAYS,
    FULL_BY_WEEK,
    FULL_EVENINGS_AND_SATURDAYS_WEEKS,
    OTHERS_FREE_WITHIN_DAYS,
)
from booking.demo.diary import Diary, Kind

THURSDAY, SATURDAY = 3, 5
EVENING = time(16)
NEARLY = 0.06
KEPT_EVERY_DAYS = 3
WEEK = 7


def fill(
    diaries: Sequence[Diary], kinds: Sequence[Kind], blocked: Mapping[date, Mapping[int, int]], today: date
) -> None:
    """Fill an office's diaries, day by day; ``blocked`` are its breaks, as bits per counter.

    What is in them already counts. Done twice on one day, the second time adds nothing.
    """
    ahead = [diary for diary in diaries if diary.day >= today]
    leave_free(ahead, kinds, today)
    for diary in diaries:
        offset = (diary.day - today).days
        late = late_ticks(diary) if 0 <= offset < FULL_EVENINGS_AND_SATURDAYS_WEEKS * WEEK else 0
        for counter in list(diary.plans):
            while late and diary.book_something(counter, within=late):
                pass
        for kind in kinds:
            if 0 <= offset < FIRST_FREE_AFTER_DAYS.get(kind.code, 0):
                take_every_start(diary, kind)
        fill_to(diary, share_of(offset), blocked.get(diary.day, {}), apart_from=late)


def share_of(offset: int) -> float:
    """How much of a day so many days ahead is taken."""
    return FULL_BY_WEEK[min(max(offset, 0) // WEEK, len(FULL_BY_WEEK) - 1)]


def late_ticks(diary: Diary) -> int:
    """The ticks that everybody wants: Thursday evening and Saturday."""
    if diary.day.weekday() == SATURDAY:
        return diary.since(time(0))
    return diary.since(EVENING) if diary.day.weekday() == THURSDAY else 0


def leave_free(diaries: Sequence[Diary], kinds: Iterable[Kind], today: date) -> None:
    """Keep a start for every service: from its first free day on for those in demand, soon enough for the others.

    The longest first, which have the fewest places to go; shorter ones may share what they keep.
    """
    scarce = [kind for kind in kinds if kind.code in FIRST_FREE_AFTER_DAYS]
    last = today + timedelta(days=OTHERS_FREE_WITHIN_DAYS)
    for kind in sorted(kinds, key=lambda kind: -kind.ticks()):
        if kind in scarce:
            first = today + timedelta(days=FIRST_FREE_AFTER_DAYS[kind.code])
            next((diary for diary in diaries if diary.day >= first and keep_one(diary, kind, scarce, today)), None)
            continue
        # The same days whenever it is asked, so that a later run finds what an earlier one left.
        regular = [diary for diary in diaries if diary.day > today and diary.day.toordinal() % KEPT_EVERY_DAYS == 0]
        kept = [diary.day for diary in regular if keep_one(diary, kind, scarce, today)]
        if not any(day <= last for day in kept):
            soon = [diary for diary in reversed(diaries) if today < diary.day <= last]
            next((diary for diary in soon if keep_one(diary, kind, scarce, today)), None)


def keep_one(diary: Diary, kind: Kind, scarce: Iterable[Kind], today: date) -> bool:
    """Keep one start of a day. Where a longer service is scarce, the time kept must be too short for it."""
    if diary.keeps(kind):
        return True
    late = late_ticks(diary)
    ahead = (diary.day - today).days
    hidden = [other for other in scarce if other != kind and ahead < FIRST_FREE_AFTER_DAYS[other.code]]
    for counter, offset in diary.candidates(kind):
        if late >> offset & 1:
            continue
        if any(diary.would_fit_over(counter, other, offset, kind.ticks()) for other in hidden):
            after = offset + kind.ticks()
            if not (diary.begins_a_run(counter, offset) and diary.is_free(counter, after, kind.ticks())):
                continue
            # Staff may give times off the public grid: this one cuts the free time short.
            diary.book(counter, kind, after, by_staff=True)
        diary.keep(counter, kind, offset)
        return True
    return False


def take_every_start(diary: Diary, kind: Kind) -> None:
    """Book until a service has no start left on this day."""
    for counter in diary.counters_for(kind):
        while left := diary.starts(counter, kind, with_kept=True):
            earliest = (left & -left).bit_length() - 1
            if not diary.book_something(counter, within=left, at=earliest):
                break


def fill_to(diary: Diary, share: float, blocked: Mapping[int, int], *, apart_from: int) -> None:
    """Book until a share of each counter's time is taken, leaving out the ticks ``apart_from``."""
    for counter in list(diary.plans):
        bookable = diary.open(counter) & ~blocked.get(counter, 0) & ~apart_from
        wanted = bookable.bit_count() * (share + NEARLY * (diary.luck - 0.5))
        while (diary.busy[counter] & bookable).bit_count() < wanted and diary.book_something(counter, within=bookable):
            pass
