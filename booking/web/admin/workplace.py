"""The office an administrator works on: its counters, the services of its commune, and what they are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from flask import g

from booking.core.errors import HasAppointments, Unknown
from booking.core.opening import SessionRule
from booking.core.roles import Role
from booking.database import read
from booking.models import Counter, Office, Service
from booking.usecases.counters import counters_in_use
from booking.usecases.people import offices_of
from booking.usecases.services import names_of_services, services_written
from booking.web.admin.told import Names
from booking.web.agent.desk import office_here, offices, workplaces
from booking.words.formatting import date_sentence


def administered() -> Sequence[Office]:
    """The offices this person administers, which may be fewer than those they work in."""
    reach = reach_here()
    return [office for office in offices() if reach is None or office.id in reach]


def closed_down() -> Sequence[Office]:
    """The offices this person administers that are out of use."""
    reach = reach_here()
    return [office for office in workplaces().closed if reach is None or office.id in reach]


def administers_everywhere() -> bool:
    """Whether this person administers the whole commune, whatever offices it has and will have."""
    return reach_here() is None


def reach_here() -> frozenset[int] | None:
    """The ids of the offices this person administers, open or closed down, or ``None`` for all of them."""
    return g.staff.offices_in(g.commune.id, Role.ADMINISTRATOR)  # type: ignore[no-any-return]


def offices_read() -> list[Office]:
    """The offices whose journal and figures this person reads, those in use first."""
    reach = read_within()
    known = offices_of(read(), commune_id=g.commune.id, limited_to=reach, now=g.now)
    return [*known.open, *known.closed]


def read_within() -> frozenset[int] | None:
    """The ids of those offices, or ``None`` for the whole commune."""
    return g.staff.offices_in(g.commune.id, Role.AUDITOR)  # type: ignore[no-any-return]


def first_office() -> Office:
    """The office this person sits in if they administer it, else the first they do. Raises ``Unknown``."""
    mine, here = administered(), office_here()
    if not mine:
        raise Unknown
    return here if here in mine else mine[0]


def own_office(code: str) -> Office:
    """One of this administrator's offices by its word. Raises ``Unknown``."""
    found = next((one for one in administered() if one.code == code), None)
    if found is None:
        raise Unknown
    return found


def last_day_of(refusal: HasAppointments, office: Office) -> str:
    """The day of the last visit that stands in the way of taking something away."""
    last: date = refusal.facts["until"].astimezone(office.zone).date()  # type: ignore[attr-defined]
    return date_sentence(last, g.language)


def counters_in(office: Office) -> list[Counter]:
    return counters_in_use(read(), commune_id=g.commune.id, office_id=office.id)


def services_here(also: Collection[int] = ()) -> list[Service]:
    """The services hours can be limited to; ``also`` are those that a session is for, deactivated or not."""
    services = [one.service for one in services_written(read(), commune_id=g.commune.id)]
    return [one for one in services if one.deactivated_at is None or one.id in also]


def names_in(office: Office, rules: Iterable[SessionRule] | None = None) -> Names:
    """What counters and services are called: all of them, or the services of some ``rules`` alone."""
    numbers = None if rules is None else frozenset[int]().union(*(rule.services for rule in rules))
    services = names_of_services(read(), commune_id=g.commune.id, numbers=numbers)
    return Names(
        {counter.id: counter.label for counter in counters_in(office)},
        {number: name.joined(g.language) for number, name in services.items()},
    )


def today_at(office: Office) -> date:
    return g.now.astimezone(office.zone).date()
