"""The list for an earlier appointment as it stands: who waits for what, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.preferences import PartOfDay
from booking.core.schedules import Schedule
from booking.core.waiting import Waiting, WaitingState, Wishes, place_of
from booking.models import (
    Appointment,
    AppointmentLine,
    Commune,
    Offer,
    Office,
    Service,
    WaitingEntry,
    WaitingLine,
    WaitingOffice,
)
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.catalogue import offices_of
from booking.usecases.offers import offices_for
from booking.usecases.schedules import schedules_of, weekdays_in

PARTS = tuple(PartOfDay)


def wishes_of(entry: WaitingEntry) -> Wishes:
    parts = frozenset(part for place, part in enumerate(PARTS) if entry.parts >> place & 1)
    return Wishes(entry.first_day, entry.last_day, weekdays_in(entry.weekdays), parts)


def keeps_list(services: Iterable[Service]) -> bool:
    """Whether the commune keeps a list for every one of these services."""
    return all(one.earlier_list and one.is_public and one.mode.is_bookable for one in services)


def has_list(lines: Iterable[BasketLine]) -> bool:
    """Whether there is a list for one visit for all of this: of a service in steps, for a step that is booked."""
    lines = list(lines)
    return keeps_list(one.service for one in lines) and all(one.step or not one.service.in_steps for one in lines)


@dataclass(frozen=True)
class Reached:
    """Where somebody in the list is written to: at an e-mail address, or by text message at a telephone."""

    email: str = ""
    phone: str = ""
    is_helper: bool = False


def reached(who: Appointment | WaitingEntry, *, by_text: bool) -> Reached | None:
    """How to tell somebody of a time, through whoever booked for them where they gave no address of their own.

    ``None`` when nobody would learn of it; only ``by_text`` is a telephone enough.
    """
    helped = who if isinstance(who, Appointment) else None
    ways = (
        Reached(email=who.email or ""),
        Reached(email=(helped and helped.helper_email) or "", is_helper=True),
        Reached(phone=(by_text and who.phone) or ""),
        Reached(phone=(by_text and helped and helped.helper_phone) or "", is_helper=True),
    )
    return next((way for way in ways if way.email or way.phone), None)


def entry_of(session: Session, *, appointment: Appointment) -> WaitingEntry | None:
    """The place in the list that an appointment has, if it has one."""
    wanted = select(WaitingEntry).where(
        WaitingEntry.commune_id == appointment.commune_id,
        WaitingEntry.appointment_id == appointment.id,
        WaitingEntry.state == WaitingState.LIVE,
    )
    return session.scalars(wanted).one_or_none()


def entry_with_offer(session: Session, *, appointment: Appointment, offer_id: int) -> int | None:
    """The place with which an appointment was offered this, still in the list or not."""
    wanted = (
        select(WaitingEntry.id)
        .join(Offer, (Offer.commune_id == WaitingEntry.commune_id) & (Offer.entry_id == WaitingEntry.id))
        .where(
            Offer.id == offer_id,
            WaitingEntry.commune_id == appointment.commune_id,
            WaitingEntry.appointment_id == appointment.id,
        )
    )
    return session.scalars(wanted).one_or_none()


def place_in_list(session: Session, *, entry: WaitingEntry) -> int:
    """``1`` for whoever is first: one more than the earlier live entries whose wishes overlap this one's."""
    everybody = live(session, commune_id=entry.commune_id)
    mine = next((one for one in everybody if one.id == entry.id), None)
    return place_of(mine, everybody) if mine else 1


def live(session: Session, *, commune_id: int) -> list[Waiting]:
    """Everybody who counts in the list of a commune, in their order."""
    rows = session.scalars(
        select(WaitingEntry)
        .where(WaitingEntry.commune_id == commune_id, WaitingEntry.state == WaitingState.LIVE)
        .order_by(WaitingEntry.proved_at, WaitingEntry.id)
    ).all()
    baskets, offices = baskets_of(session, rows), offices_wished(session, rows)
    schedules = schedules_of(session, offices_of(session, commune_id=commune_id))
    return [
        Waiting(
            entry.id,
            entry.proved_at or entry.created_at,
            wishes_of(entry),
            counters_for(baskets[entry.id], schedules, offices.get(entry.id)),
        )
        for entry in rows
        if entry.id in baskets
    ]


def counters_for(basket: Basket, schedules: Mapping[int, Schedule], offices: frozenset[int] | None) -> frozenset[int]:
    """The counters of some offices, or of all, that can take a whole basket."""
    services = {service.id for service in basket.services}
    return frozenset(
        counter
        for office, schedule in schedules.items()
        if offices is None or office in offices
        for counter, serves in schedule.serves.items()
        if services <= serves
    )


def offices_wished(session: Session, entries: Iterable[WaitingEntry]) -> dict[int, frozenset[int]]:
    """The offices that entries name; who names none is left out, and goes to any."""
    found: dict[int, set[int]] = {}
    wanted = select(WaitingOffice).where(WaitingOffice.entry_id.in_([entry.id for entry in entries]))
    for row in session.scalars(wanted):
        found.setdefault(row.entry_id, set()).add(row.office_id)
    return {number: frozenset(offices) for number, offices in found.items()}


def baskets_of(session: Session, entries: Iterable[WaitingEntry]) -> dict[int, Basket]:
    """What each entry is for: what its appointment is for now, or what was wished when it was made.

    Needs lengthen what was wished by as much as the commune gives them today.
    """
    entries = list(entries)
    found: dict[int, list[BasketLine]] = {}
    wished = (
        select(WaitingLine, Service)
        .join(Service, (Service.commune_id == WaitingLine.commune_id) & (Service.id == WaitingLine.service_id))
        .where(WaitingLine.entry_id.in_([entry.id for entry in entries if entry.appointment_id is None]))
        .order_by(WaitingLine.entry_id, WaitingLine.position)
    )
    for service, wish in ((row.Service, row.WaitingLine) for row in session.execute(wished)):
        found.setdefault(wish.entry_id, []).append(BasketLine.kept(service, wish))
    taken = AppointmentLine
    booked = (
        select(taken, Service)
        .join(Service, (Service.commune_id == taken.commune_id) & (Service.id == taken.service_id))
        .where(taken.appointment_id.in_([entry.appointment_id for entry in entries if entry.appointment_id]))
        .order_by(taken.appointment_id, taken.position)
    )
    owners = {entry.appointment_id: entry.id for entry in entries if entry.appointment_id}
    for service, line in ((row.Service, row.AppointmentLine) for row in session.execute(booked)):
        found.setdefault(owners[line.appointment_id], []).append(BasketLine.kept(service, line))
    longer = lengthened(session, entries)
    return {number: Basket(tuple(lines), longer.get(number, 0)) for number, lines in found.items()}


def lengthened(session: Session, entries: Iterable[WaitingEntry]) -> dict[int, int]:
    """By how many minutes needs lengthen what was wished without an appointment."""
    needing = [entry for entry in entries if entry.appointment_id is None and entry.needs]
    times = {number: session.get_one(Commune, number).need_minutes for number in {one.commune_id for one in needing}}
    return {entry.id: times[entry.commune_id].for_(entry.needs or ()) for entry in needing}


def waiting_now(session: Session, *, commune_id: int) -> dict[int, int]:
    """How many stand in the list for each service."""
    rows = session.execute(
        select(WaitingEntry.service_id, func.count().label("entries"))
        .where(WaitingEntry.commune_id == commune_id, WaitingEntry.state == WaitingState.LIVE)
        .group_by(WaitingEntry.service_id)
    )
    return {row.service_id: row.entries for row in rows}


@dataclass(frozen=True)
class Wishable:
    """What somebody can wish for at all: the offices that take them, the days and parts of the day these are open."""

    offices: tuple[Office, ...]
    weekdays: frozenset[int]
    parts: frozenset[PartOfDay]


def wishable(session: Session, *, commune_id: int, basket: Basket) -> Wishable:
    """Where and when visits for a whole basket can take place."""
    offices = offices_for(session, commune_id=commune_id, basket=basket)
    schedules = schedules_of(session, offices)
    services = [service.id for service in basket.services]
    rules = [
        rule
        for schedule in schedules.values()
        for rule in schedule.rules
        if rule.mode.takes_appointments and all(rule.takes(service) for service in services)
    ]
    return Wishable(
        tuple(offices),
        frozenset(day for rule in rules for day in rule.weekdays),
        frozenset(part for rule in rules for part in PartOfDay if part.touches(rule.start, rule.end)),
    )
