"""The days of the demonstration: what has to be added to each, who comes, and writing it down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import Channel
from booking.core.availability import taken_masks
from booking.core.checklist import EMPTY, Checklist, Procedure, resolve
from booking.core.checklist_paths import paths
from booking.core.opening import crossing, open_spans
from booking.core.schedules import Schedule
from booking.core.timespan import days_between, moment_of
from booking.demo.content.fullness import DAYS_BEHIND, POPULARITY, WEEKS_AHEAD
from booking.demo.content.offices import offices_of
from booking.demo.content.people import FAMILY, FAMILY_PERSONS, NAMED, NAMESAKES, person
from booking.demo.content.questions import CHECKLISTS
from booking.demo.content.sessions import daily_breaks_of
from booking.demo.content.shapes import DemoPerson
from booking.demo.diary import Diary, Kind, Planned, run
from booking.demo.filling import fill
from booking.demo.founding import Codes, codes_of
from booking.demo.pairs import Pair, agree_on_both, pairs_in
from booking.models import Office, Service
from booking.models.opening import BlockReason
from booking.usecases.appointments import Wish
from booking.usecases.blocks import Kept, add_blocks
from booking.usecases.schedules import schedule_of
from booking.usecases.taken import rows_of
from booking.usecases.takeover import Agreed, take_over

NOON = time(12)
FAMILY_SERVICE = "identity-card"
TICKED = 0.35
CAME_BACK = "550 5.1.1 No such mailbox"
CHANNELS = {Channel.ONLINE: 78, Channel.PHONE: 14, Channel.DESK: 8}

Masks = Mapping[int, int]
"""Ticks of a day as bits, per counter."""


@dataclass(frozen=True)
class Place:
    """An office of the demonstration. People with a name of their own come to its commune's ``main`` office."""

    commune: str
    commune_id: int
    office: str
    office_id: int
    main: bool


@dataclass(frozen=True)
class Page:
    """What is to be written of one day."""

    blocks: Sequence[Kept]
    visits: Sequence[Agreed]
    pairs: Sequence[Pair] = ()


def places_of(session: Session, *, commune: str, commune_id: int) -> list[Place]:
    """The offices of a commune that the content knows and that nobody has closed down."""
    in_use = select(Office.code, Office.id).where(Office.commune_id == commune_id, Office.retired_at.is_(None))
    offices = {row.code: row.id for row in session.execute(in_use)}
    known = [office.code for office in offices_of(commune)]
    return [Place(commune, commune_id, code, offices[code], code == known[0]) for code in known if code in offices]


def number_of_pages(*, is_new: bool) -> int:
    return (DAYS_BEHIND if is_new else 0) + WEEKS_AHEAD * 7 + 1


def plan(session: Session, *, place: Place, is_new: bool, now: datetime) -> list[Page]:
    """What an office's days lack to be as full as they should be, day by day. Nothing is written here."""
    office = session.get_one(Office, place.office_id)
    today = now.astimezone(office.zone).date()
    first = today - timedelta(days=DAYS_BEHIND if is_new else 0)
    days = days_between(first, today + timedelta(weeks=WEEKS_AHEAD))
    schedule = schedule_of(session, office)
    busy = taken_masks(rows_of(session, [office], schedule, days, now), schedule, days)
    codes = codes_of(session, commune_id=place.commune_id)
    kinds = kinds_of(session, place.commune_id)
    blocks = {day: list(blocks_on(place, codes, schedule, day)) for day in days}
    blocked = {day: masks_of(blocks[day], schedule.ticks_of(day)[0]) for day in days}
    diaries = [
        Diary(schedule, day, kinds, both(busy[day], blocked[day]), Random(f"{place.commune} {place.office} {day}"))
        for day in days
    ]
    named = next((diary for diary in diaries if diary.day >= today and diary.plans), None)
    if not (is_new and place.main):
        named = None
    pairs: list[Pair] = []
    if named is not None:
        invite_family(named)
        pairs = list(pairs_in([diary for diary in diaries if diary.day >= named.day], now))
    fill(diaries, kinds, blocked, today)
    return [
        Page(
            [block for block in blocks[diary.day] if is_free(block, busy[diary.day], diary.first)],
            [agreed(visit, who, diary.rng, now) for visit, who in cast(diary, everybody=diary is named)],
            pairs if diary is named else (),
        )
        for diary in diaries
    ]


def write_page(session: Session, *, place: Place, page: Page, now: datetime) -> None:
    """Raises ``SlotTaken`` when somebody booked meanwhile; then the day is left for another time."""
    add_blocks(session, commune_id=place.commune_id, blocks=page.blocks, now=now)
    own = {"commune_id": place.commune_id, "office_id": place.office_id}
    take_over(session, **own, visits=page.visits, now=now)
    for pair in page.pairs:
        agree_on_both(session, **own, pair=pair)


def kinds_of(session: Session, commune_id: int) -> list[Kind]:
    """The services that can be booked."""
    services = session.scalars(select(Service).where(Service.commune_id == commune_id).order_by(Service.position))
    return [
        Kind(
            service.id,
            service.code,
            service.terms,
            POPULARITY.get(service.code, 1),
            information=service.information_minutes or 0,
            days=service.information_days or 0,
        )
        for service in services
        if service.is_public and service.mode.is_bookable
    ]


# The breaks of counters


def blocks_on(place: Place, codes: Codes, schedule: Schedule, day: date) -> Iterator[Kept]:
    """The breaks of a day, where their counter is open at all."""
    for block in daily_breaks_of(place.commune):
        counter = codes.counters.get((block.office, block.counter))
        span = crossing(day, block.start, block.end, schedule.zone)
        if block.office != place.office or counter is None or span is None or day.weekday() not in block.weekdays:
            continue
        if any(
            open_.contains(span) for open_ in open_spans(schedule.rules, schedule.closures, day, schedule.zone, counter)
        ):
            yield Kept(counter, span, BlockReason.BREAK)


def masks_of(blocks: Sequence[Kept], first: int) -> dict[int, int]:
    masks: dict[int, int] = {}
    for block in blocks:
        ticks = block.span.ticks()
        masks[block.counter_id] = masks.get(block.counter_id, 0) | run(ticks.start - first, len(ticks))
    return masks


def both(one: Masks, other: Masks) -> dict[int, int]:
    return {counter: one.get(counter, 0) | other.get(counter, 0) for counter in one.keys() | other.keys()}


def is_free(block: Kept, busy: Masks, first: int) -> bool:
    return not masks_of([block], first)[block.counter_id] & busy.get(block.counter_id, 0)


# Who comes


def invite_family(diary: Diary) -> None:
    """One visit for five people."""
    kind = next((kind for kinds in diary.plans.values() for kind in kinds if kind.code == FAMILY_SERVICE), None)
    if kind is None or kind.terms.max_persons < FAMILY_PERSONS:
        return
    for counter in diary.counters_for(kind):
        starts = diary.starts(counter, kind, persons=FAMILY_PERSONS)
        if starts:
            diary.book(counter, kind, (starts & -starts).bit_length() - 1, persons=FAMILY_PERSONS)
            return


def cast(diary: Diary, *, everybody: bool) -> list[tuple[Planned, DemoPerson]]:
    """Who comes for each visit; with ``everybody``, those with a name of their own are among them."""
    visits = sorted(diary.visits, key=lambda visit: (visit.start, visit.counter))
    guests: dict[Planned, DemoPerson] = {}
    if everybody:
        guests |= {visit: FAMILY for visit in visits if visit.persons == FAMILY_PERSONS}
        alone = [visit for visit in visits if visit.persons == 1 and visit not in guests]
        morning = [visit for visit in alone if visit.start < diary.tick(NOON)]
        guests |= dict(zip(diary.rng.sample(morning, min(len(NAMESAKES), len(morning))), NAMESAKES, strict=False))
        left = [visit for visit in alone if visit not in guests]
        guests |= dict(zip(diary.rng.sample(left, min(len(NAMED), len(left))), NAMED, strict=False))
    return [(visit, guests.get(visit) or person(diary.rng, visit.kind.code)) for visit in visits]


def agreed(visit: Planned, who: DemoPerson, rng: Random, now: datetime) -> Agreed:
    """The visit as it was agreed some day before, in the way most people do it."""
    start = moment_of(visit.start)
    channel = rng.choices(list(CHANNELS), weights=list(CHANNELS.values()))[0]
    before = timedelta(hours=rng.uniform(3, 20 * 24))
    return Agreed(
        service_id=visit.kind.id,
        counter_id=visit.counter,
        start=start,
        minutes=visit.kind.terms.minutes(visit.persons),
        persons=visit.persons,
        wish=Wish(who.name, who.email, who.phone, who.language, who.help_language, who.helper, who.needs),
        channel=Channel.PHONE if visit.by_staff else channel,
        agreed_at=min(start, now) - before,
        refused=CAME_BACK if who.is_unreached else None,
        **prepared(CHECKLISTS.get(visit.kind.code, EMPTY), rng),
    )


@cache
def ways(content: Checklist) -> tuple[dict[str, str], ...]:
    """The answers with which one comes by appointment, at the usual length: the first of each question come first."""
    found = ((answers, resolve(content, answers)) for answers in paths(content))
    return tuple(
        answers
        for answers, told in found
        if told.outcome is None and told.procedure == Procedure.NORMAL and not told.added_minutes
    )


def prepared(content: Checklist, rng: Random) -> dict[str, Any]:
    """What somebody has answered, most often as most people do; one in three has ticked what is ready."""
    if not content.questions:
        return {}
    possible = ways(content)
    answers = possible[min(int(rng.expovariate(3 / len(possible))), len(possible) - 1)]
    papers = [one.code for one in resolve(content, answers).to_bring if one.can_be_ticked]
    ready = rng.sample(papers, rng.randint(1, len(papers))) if rng.random() < TICKED else ()
    return {"answers": answers, "ticked": tuple(ready)}
