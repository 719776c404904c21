"""The weeks before the demonstration began, as figures: they tell of people who never were, in numbers alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking.core.appointments import Channel
from booking.core.figures import Lead, Sums, Told, Way, by_hour, together
from booking.core.schedules import Schedule
from booking.core.timespan import days_between, local_date
from booking.core.translated import OFFICIAL
from booking.demo.content.fullness import FIRST_FREE_AFTER_DAYS, MISSED, OTHERS_FREE_WITHIN_DAYS, POPULARITY
from booking.demo.days import CHANNELS, Place
from booking.models import Commune, DailyFigure, FirstFree, HourlyFigure, Office, Service
from booking.usecases.catalogue import public_services
from booking.usecases.daily_figures import LATELY, count_day, due_at, figure_row, first_day_of
from booking.usecases.day_facts import plan_of
from booking.usecases.offers import counters_taking
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import table_of

WEEKS_BEHIND = 6
FULLEST, EMPTIEST, LEAST_WANTED = 0.95, 0.6, 0.4
USED = 0.9
LEADS = {Lead.SAME_DAY: 5, Lead.TO_3: 15, Lead.TO_7: 25, Lead.TO_14: 30, Lead.TO_30: 22, Lead.LONGER: 3}
FORGOTTEN = {Lead.SAME_DAY: 0.3, Lead.TO_3: 0.5, Lead.TO_7: 0.8, Lead.TO_14: 1.2, Lead.TO_30: 1.6, Lead.LONGER: 2.0}
"""How much oftener than usual nobody comes, by how long ago the time was agreed."""

NOT_REMINDED, MISSED_MORE = 0.12, 2
CANCELLED, REFILLED, LISTED = 0.1, 0.7, 0.6
LACKS_PAPERS, GIVES_UP = 0.07, 0.04
WALK_IN_WAIT, VISIT_WAIT = 14, 4
OF_WAITS, OF_VISITS = 0.8, 0.35
"""How much waits, and visits, differ from what is usual."""


def have_figures(session: Session, *, place: Place, now: datetime) -> None:
    """Count the days that are there; before the first of them, once, make up what weeks of them would have come to."""
    office = session.get_one(Office, place.office_id)
    first = first_day_of(session, office=office) or local_date(now, office.zone)
    earlier = select(DailyFigure.day).where(DailyFigure.office_id == office.id, DailyFigure.day < first)
    if session.scalars(earlier.limit(1)).first() is None:
        make_up(session, office, days_between(first - timedelta(weeks=WEEKS_BEHIND), first - timedelta(days=1)))
    for due in list(due_at(session, office=office, now=now, back=LATELY)):
        count_day(session, office_id=due.office_id, day=due.day, now=now)


def make_up(session: Session, office: Office, days: Sequence[date]) -> None:
    commune = session.get_one(Commune, office.commune_id)
    schedule = schedule_of(session, office)
    services = [one for one in public_services(session, commune_id=commune.id) if schedule.counters_serving(one.id)]
    languages = {language: 70 if language == commune.first_language else 30 for language in OFFICIAL}
    figures: list[dict[str, Any]] = []
    hours: list[dict[str, Any]] = []
    free: list[dict[str, Any]] = []
    for day in days:
        this = {"commune_id": commune.id, "office_id": office.id, "day": day}
        rng = Random(f"{office.code} {day} {commune.first_language}")
        free += (this | {"service_id": one.id, "days": days} for one, days in free_on(schedule, services, day, rng))
        plan = plan_of(session, office=office, day=day)
        planned = {
            "open_minutes": by_hour(plan.booked, office.zone),
            "walk_in_minutes": by_hour(plan.walk_in, office.zone),
        }
        hours += (this | row for row in hours_on(planned, f"{office.code} {day.weekday()}", rng))
        minutes = {name: sum(found.values()) for name, found in planned.items()}
        figures += (this | row for row in figures_on(services, minutes, languages, rng))
    for model, rows in ((DailyFigure, figures), (HourlyFigure, hours), (FirstFree, free)):
        if rows:
            session.execute(insert(table_of(model)), rows)


def free_on(
    schedule: Schedule, services: Sequence[Service], day: date, rng: Random
) -> Iterator[tuple[Service, int | None]]:
    """In how many days a service was free: on days when anybody looked, for weeks where it is scarce."""
    for service in services:
        if service.mode.is_bookable and counters_taking(schedule, service.id):
            usual = FIRST_FREE_AFTER_DAYS.get(service.code)
            week = day.isocalendar().week % 5
            yield service, usual - 4 + week + rng.randint(-1, 1) if usual else rng.randint(1, OTHERS_FREE_WITHIN_DAYS)


def hours_on(planned: Mapping[str, Mapping[int, int]], weekday: str, rng: Random) -> Iterator[dict[str, int]]:
    """What was planned, given and used in each hour: some hours of the week are wanted more than others."""
    for hour in sorted(planned["open_minutes"].keys() | planned["walk_in_minutes"].keys()):
        open_, walk_in = (planned[name].get(hour, 0) for name in ("open_minutes", "walk_in_minutes"))
        wanted = Random(f"{weekday} {hour}").uniform(LEAST_WANTED, FULLEST)
        taken = round(open_ * min(wanted * rng.uniform(0.9, 1.1), 1) / 5) * 5
        used = round((taken + walk_in * wanted) * rng.uniform(USED - 0.1, USED))
        yield {
            "hour": hour,
            "open_minutes": open_,
            "walk_in_minutes": walk_in,
            "taken_minutes": taken,
            "used_minutes": used,
        }


def figures_on(
    services: Sequence[Service], minutes: Mapping[str, int], languages: Mapping[str, int], rng: Random
) -> Iterator[dict[str, Any]]:
    """What each service came to on a day, so that all of them fill about what the counters were open for."""
    each: dict[int, list[Sums]] = {}
    for name, is_walk_in in (("open_minutes", False), ("walk_in_minutes", True)):
        asked = [one for one in services if (one.mode.takes_walk_ins if is_walk_in else one.mode.is_bookable)]
        weights = {one.id: POPULARITY.get(one.code, 1) for one in asked}
        whole = sum(weights[one.id] * one.minutes_first for one in asked)
        share = minutes[name] * rng.uniform(EMPTIEST, FULLEST) / whole if whole else 0
        for service in asked:
            expected = weights[service.id] * share
            if number := int(expected) + (rng.random() < expected % 1):
                made = walk_ins_of if is_walk_in else visits_of
                each.setdefault(service.id, []).append(made(service, number, languages, rng))
    for service_id, several in each.items():
        yield figure_row(service_id, together(several))


def visits_of(service: Service, number: int, languages: Mapping[str, int], rng: Random) -> Sums:
    ways: dict[str, int] = {}
    came: dict[str, int] = {}
    missed: dict[str, int] = {}
    for _ in range(number):
        channel = rng.choices(list(CHANNELS), weights=list(CHANNELS.values()))[0]
        add(ways, f"{way_of(channel)} {drawn(languages, rng)}")
        lead = drawn(LEADS, rng)
        told = Told.NOT_REMINDED if lead == Lead.SAME_DAY or rng.random() < NOT_REMINDED else Told.REMINDED
        risk = MISSED * FORGOTTEN[Lead(lead)] * (MISSED_MORE if told == Told.NOT_REMINDED else 1)
        add(missed if rng.random() < risk else came, f"{lead} {told}")
    served = sum(came.values())
    cancelled = sum(rng.random() < CANCELLED for _ in range(number))
    refilled = sum(rng.random() < REFILLED for _ in range(cancelled))
    taken = sum(rng.random() < LISTED for _ in range(refilled))
    serving = minutes_of(served, service.minutes_first, OF_VISITS, rng)
    return Sums(
        ways=ways,
        came=came,
        missed=missed,
        waits=minutes_of(served, VISIT_WAIT, OF_WAITS, rng),
        serving=serving,
        cancelled=cancelled,
        refilled=refilled,
        handled=served,
        incomplete=sum(rng.random() < LACKS_PAPERS for _ in range(served)),
        planned_minutes=served * service.minutes_first,
        used_minutes=sum(minute * n for minute, n in serving.items()),
        freed=cancelled if service.earlier_list else 0,
        offered=refilled if service.earlier_list else 0,
        taken=taken if service.earlier_list else 0,
        gained_days=sum(rng.randint(3, 16) for _ in range(taken)) if service.earlier_list else 0,
    )


def walk_ins_of(service: Service, number: int, languages: Mapping[str, int], rng: Random) -> Sums:
    ways: dict[str, int] = {}
    for _ in range(number):
        add(ways, f"{Way.WALK_IN} {drawn(languages, rng)}")
    gone = sum(rng.random() < GIVES_UP for _ in range(number))
    served = number - gone
    serving = minutes_of(served, service.minutes_first, OF_VISITS, rng)
    return Sums(
        ways=ways,
        walk_in_waits=minutes_of(served, WALK_IN_WAIT, OF_WAITS, rng),
        serving=serving,
        served_walk_ins=served,
        gone=gone,
        handled=served,
        incomplete=sum(rng.random() < LACKS_PAPERS for _ in range(served)),
        planned_minutes=served * service.minutes_first,
        used_minutes=sum(minute * n for minute, n in serving.items()),
    )


def way_of(channel: Channel) -> Way:
    return Way(channel.value)


def drawn(weights: Mapping[Any, int], rng: Random) -> str:
    return str(rng.choices(list(weights), weights=list(weights.values()))[0])


def add(counts: dict[str, int], key: str) -> None:
    counts[key] = counts.get(key, 0) + 1


def minutes_of(number: int, usual: int, differing: float, rng: Random) -> dict[int, int]:
    """How long so many took, around what is usual."""
    found: dict[int, int] = {}
    for _ in range(number):
        minute = max(round(rng.gauss(usual * USED, usual * differing)), 1)
        found[minute] = found.get(minute, 0) + 1
    return found
