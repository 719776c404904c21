"""Opening hours on the wall, row by row, and the break of each counter.

Where the services of a row differ from counter to counter, each counter has a row of its own.
"""

from __future__ import annotations

from datetime import date, time
from typing import Any

from booking.core.opening import Mode, Season
from booking.demo.content.communes import MOULIN, VAL
from booking.demo.content.offices import (
    AT_ONCE,
    CANAL,
    CARDS,
    CERTIFIED,
    DRIVING,
    MILL,
    OFFICES,
    PAPERWORK,
    RESIDENCE,
    STATION,
    TOWN_HALL,
)
from booking.demo.content.shapes import DailyBreak, DemoSession

MON, TUE, WED, THU, FRI, SAT = range(6)
WORKING_DAYS = frozenset({MON, TUE, WED, THU, FRI})

NORMAL = Season((8, 16), (6, 30))
SUMMER = Season((7, 1), (8, 15))

EXPRESS = (*AT_ONCE, *PAPERWORK, *CERTIFIED)
BY_APPOINTMENT = ("birth", "marriage")
DEATHS = ("death",)
LICENCE = ("driving-licence",)
RENEWALS = ("residence-card",)

QUARTER = 15
# The registrar's counter keeps a quarter of every hour for whoever comes because of a death.
INTERRUPTED: dict[str, Any] = {"walk_in_minutes": QUARTER}


def row(
    place: tuple[str, str],
    days: set[int] | frozenset[int],
    hours: str,
    counters: str,
    mode: Mode,
    services: tuple[str, ...],
    *,
    last: str | None = None,
    **more: Any,
) -> DemoSession:
    """A session as a notice on the door writes it: ``hours`` as ``08:30-12:30``, ``counters`` as ``A2 A3``."""
    start, end = map(time.fromisoformat, hours.split("-"))
    return DemoSession(
        commune=place[0],
        office=place[1],
        weekdays=frozenset(days),
        start=start,
        end=end,
        counters=tuple(counters.split()),
        mode=mode,
        services=services,
        last_entry=time.fromisoformat(last) if last else None,
        **more,
    )


A = (VAL, TOWN_HALL)
B = (VAL, STATION)
M = (MOULIN, MILL)
K = (MOULIN, CANAL)
BOOKED, WALK_IN, BOTH = Mode.APPOINTMENT, Mode.WALK_IN, Mode.BOTH

A_MORNINGS = (
    row(A, WORKING_DAYS, "08:30-12:30", "A1", WALK_IN, EXPRESS, last="12:15", season=NORMAL),
    row(A, WORKING_DAYS, "08:30-12:30", "A2 A3", BOOKED, CARDS, season=NORMAL, lanes=("A+",)),
    row(A, WORKING_DAYS, "08:30-12:30", "A4", BOTH, (*CARDS, *DRIVING), last="12:00", season=NORMAL),
    row(A, {MON, TUE, THU, FRI}, "08:30-12:30", "A5", BOOKED, BY_APPOINTMENT, season=NORMAL, **INTERRUPTED),
    row(A, WORKING_DAYS, "09:00-12:30", "A5", WALK_IN, DEATHS, last="12:15", season=NORMAL),
    row(A, WORKING_DAYS, "08:30-12:00", "A6", BOOKED, RESIDENCE, season=NORMAL),
)
A_LATER = (
    row(A, {MON, WED}, "13:30-16:00", "A2 A3", BOOKED, CARDS, season=NORMAL),
    row(A, {MON, WED}, "13:30-16:00", "A5", BOOKED, BY_APPOINTMENT, season=NORMAL, **INTERRUPTED),
    row(A, {MON, WED}, "13:30-16:00", "A6", BOOKED, RESIDENCE, season=NORMAL),
    row(A, {THU}, "16:00-19:00", "A2 A3", BOOKED, CARDS, season=NORMAL),
    row(A, {THU}, "16:00-19:00", "A4", BOOKED, (*CARDS, *LICENCE), season=NORMAL),
    row(A, {THU}, "16:00-18:45", "A1", WALK_IN, AT_ONCE, last="18:30", season=NORMAL),
    row(A, {SAT}, "09:00-12:00", "A2 A3", BOOKED, CARDS, nth_of_month=1, season=NORMAL),
    row(A, {SAT}, "09:00-12:00", "A1", WALK_IN, ("collection",), last="11:45", nth_of_month=1, season=NORMAL),
)
A_SUMMER = (
    row(A, {MON, TUE, WED, FRI}, "08:00-13:00", "A1", WALK_IN, EXPRESS, last="12:30", season=SUMMER),
    row(A, {THU}, "07:00-13:00", "A1", WALK_IN, EXPRESS, last="12:30", season=SUMMER),
    row(A, {MON, TUE, WED, FRI}, "08:00-13:00", "A2 A3", BOOKED, CARDS, season=SUMMER),
    row(A, {THU}, "07:00-13:00", "A2 A3", BOOKED, CARDS, season=SUMMER),
    row(A, {MON, TUE, WED, FRI}, "08:00-13:00", "A4", BOTH, (*CARDS, *DRIVING), last="12:30", season=SUMMER),
    row(A, {THU}, "07:00-13:00", "A4", BOTH, (*CARDS, *DRIVING), last="12:30", season=SUMMER),
    row(A, {MON, TUE, FRI}, "08:00-13:00", "A5", BOOKED, BY_APPOINTMENT, season=SUMMER, **INTERRUPTED),
    row(A, {THU}, "07:00-13:00", "A5", BOOKED, BY_APPOINTMENT, season=SUMMER, **INTERRUPTED),
    row(A, {MON, TUE, WED, FRI}, "08:00-13:00", "A5", WALK_IN, DEATHS, last="12:30", season=SUMMER),
    row(A, {THU}, "07:00-13:00", "A5", WALK_IN, DEATHS, last="12:30", season=SUMMER),
    row(A, {MON, TUE, WED, FRI}, "08:00-13:00", "A6", BOOKED, RESIDENCE, season=SUMMER),
    row(A, {THU}, "07:00-13:00", "A6", BOOKED, RESIDENCE, season=SUMMER),
)

B_EXPRESS = (*AT_ONCE, "change-of-address", "address-on-card", "certificates", *CERTIFIED)
EVERY_SECOND_WEDNESDAY: dict[str, Any] = {"every_weeks": 2, "anchor": date(2026, 9, 9), "valid_from": date(2026, 9, 9)}
B_ALL = (
    row(B, {MON, WED, FRI}, "08:30-12:00", "B1", WALK_IN, B_EXPRESS, last="11:45"),
    row(B, {MON, WED, FRI}, "08:30-12:00", "B2", BOOKED, CARDS),
    row(B, {MON, WED, FRI}, "08:30-12:00", "B3", BOOKED, (*RESIDENCE, *LICENCE)),
    row(B, {TUE}, "13:00-18:30", "B2", BOOKED, CARDS, season=NORMAL),
    row(B, {TUE}, "13:00-18:30", "B3", BOOKED, (*RENEWALS, *LICENCE), season=NORMAL),
    row(B, {WED}, "13:30-16:00", "B3", BOOKED, ("foreign-licence",), season=NORMAL, **EVERY_SECOND_WEDNESDAY),
)

# Couples marry here on Wednesday morning: the hall is kept quiet, and the registrar is with them.
M_MORNINGS = (
    row(M, {MON, TUE, THU, FRI}, "08:00-13:00", "1", WALK_IN, (*AT_ONCE, *PAPERWORK), last="12:45"),
    row(M, {TUE, THU}, "08:00-13:00", "2 3", WALK_IN, (*CARDS, *CERTIFIED), last="12:30"),
    row(M, {MON, WED, FRI}, "08:00-13:00", "2 3", BOOKED, CARDS),
    row(M, WORKING_DAYS, "08:00-13:00", "4 5", BOOKED, CARDS),
    row(M, WORKING_DAYS, "08:00-13:00", "6", BOOKED, DRIVING),
    row(M, {MON, TUE, THU, FRI}, "08:00-13:00", "7", BOOKED, BY_APPOINTMENT, **INTERRUPTED),
    row(M, {MON, TUE, THU, FRI}, "08:00-13:00", "7", WALK_IN, DEATHS, last="12:45"),
    row(M, WORKING_DAYS, "08:00-13:00", "8", BOOKED, RESIDENCE),
)
M_LATER = (
    row(M, {TUE, WED}, "14:00-16:00", "1", WALK_IN, (*AT_ONCE, *PAPERWORK), last="15:45"),
    row(M, {TUE, WED}, "14:00-16:00", "2 3 4 5", BOOKED, CARDS),
    row(M, {TUE, WED}, "14:00-16:00", "6", BOOKED, DRIVING),
    row(M, {TUE, WED}, "14:00-16:00", "7", BOOKED, BY_APPOINTMENT, **INTERRUPTED),
    row(M, {TUE, WED}, "14:00-16:00", "7", WALK_IN, DEATHS, last="15:45"),
    row(M, {TUE, WED}, "14:00-16:00", "8", BOOKED, RESIDENCE),
    row(M, {THU}, "15:00-19:00", "1", WALK_IN, (*AT_ONCE, *PAPERWORK), last="18:30"),
    row(M, {THU}, "15:00-19:00", "2 3 4 5", BOOKED, CARDS),
    row(M, {THU}, "15:00-19:00", "6", BOOKED, DRIVING),
    row(M, {THU}, "15:00-19:00", "8", BOOKED, RESIDENCE),
)
K_ALL = (
    row(K, {MON, TUE, WED, FRI}, "09:00-12:30", "K1", BOOKED, CARDS),
    row(K, {MON, TUE, WED, FRI}, "09:00-12:30", "K2", BOOKED, (*CARDS, *LICENCE)),
    row(K, {MON, WED, FRI}, "09:00-12:30", "K3", BOOKED, RESIDENCE),
    row(K, {WED}, "13:30-17:00", "K1", BOOKED, CARDS),
    row(K, {WED}, "13:30-17:00", "K2", BOOKED, (*CARDS, *LICENCE)),
)

SESSIONS = (*A_MORNINGS, *A_LATER, *A_SUMMER, *B_ALL, *M_MORNINGS, *M_LATER, *K_ALL)


def sessions_of(commune: str) -> tuple[DemoSession, ...]:
    return tuple(session for session in SESSIONS if session.commune == commune)


# The break of each counter

FIRST_BREAK = {A: 10 * 60 + 15, B: 10 * 60 + 15, M: 9 * 60 + 15, K: 10 * 60 + 30}


def daily_breaks_of(commune: str) -> tuple[DailyBreak, ...]:
    """A break of 15 minutes per counter, one counter after another."""
    return tuple(
        DailyBreak(
            commune=commune,
            office=office.code,
            counter=counter.label,
            weekdays=WORKING_DAYS,
            start=wall(minute),
            end=wall(minute + QUARTER),
        )
        for office in OFFICES
        if office.commune == commune
        for place, counter in enumerate(office.counters)
        for minute in (FIRST_BREAK[commune, office.code] + QUARTER * place,)
    )


def wall(minute: int) -> time:
    """The wall time so many minutes after midnight."""
    return time(*divmod(minute, 60))
