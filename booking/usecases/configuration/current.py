"""The configuration of a commune as its rows have it now: without persons, appointments and what is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.changes import NEW
from booking.core.opening import SessionRule
from booking.core.translated import LANGUAGES
from booking.models import Closure, Commune, CommuneSlug, Office, Postcode, Service, ServiceGroup
from booking.usecases.commune_words import words_of
from booking.usecases.communes import Theme
from booking.usecases.configuration.hours import NamedClosure
from booking.usecases.configuration.sections import (
    Configuration,
    CounterSection,
    GroupSection,
    OfficeSection,
    ServiceSection,
    ServiceState,
)
from booking.usecases.counters import Staffed, counters_of
from booking.usecases.offices import facts_of
from booking.usecases.opening_rules import sessions_of
from booking.usecases.queue_rules import rules_of
from booking.usecases.schedules import closures_of
from booking.usecases.services import Written, groups_of, services_written

PLAIN = ("name", "first_language", "zone_key", "phone", "email", "sender_address", "post_address")
KEPT_FOR = ("contact_days", "name_months")


def configuration_of(session: Session, *, commune_id: int, since: date) -> Configuration:
    """All of it. Sessions and closures that were over before ``since`` are history, and are left out."""
    groups = groups_of(session, commune_id=commune_id)
    services = services_written(session, commune_id=commune_id)
    codes = {written.service.id: written.service.code for written in services}
    offices = offices_in(session, commune_id=commune_id)
    staffed = {one.id: counters_of(session, commune_id=commune_id, office_id=one.id) for one in offices}
    return Configuration(
        commune=commune_section(session, session.get_one(Commune, commune_id, populate_existing=True)),
        groups=tuple(GroupSection(one.code, one.name, one.icon, one.letter) for one in groups),
        services=service_sections(groups, services),
        offices=tuple(office_section(session, one, staffed[one.id], codes, since) for one in offices),
        closures=closure_sections(session, commune_id=commune_id, offices=offices, staffed=staffed, since=since),
    )


def commune_section(session: Session, commune: Commune) -> dict[str, Any]:
    words = select(CommuneSlug.language, CommuneSlug.slug).where(CommuneSlug.commune_id == commune.id)
    slugs = {row.language: row.slug for row in session.execute(words)}
    codes = select(Postcode.code).where(Postcode.commune_id == commune.id).order_by(Postcode.code)
    theme = Theme(commune.theme_brand, commune.theme_brand_strong, commune.theme_brand_soft)
    return {
        **{name: getattr(commune, name) for name in (*PLAIN, *KEPT_FOR)},
        "slugs": {language: slugs[language] for language in LANGUAGES if language in slugs},
        "postcodes": tuple(session.scalars(codes)),
        "theme": theme,
        **vars(words_of(commune)),
    }


def service_sections(groups: Sequence[ServiceGroup], services: Sequence[Written]) -> tuple[ServiceSection, ...]:
    names = {group.id: group.code for group in groups}
    return tuple(
        ServiceSection(
            group=names[one.service.group_id],
            state=state_of(one.service),
            content=replace(one.content, group_id=NEW),
            checklist=one.checklist.content,
            last_day=one.service.last_day,
        )
        for one in services
    )


def state_of(service: Service) -> ServiceState:
    if service.deactivated_at is not None:
        return ServiceState.DEACTIVATED
    return ServiceState.DRAFT if service.published_at is None else ServiceState.PUBLISHED


def offices_in(session: Session, *, commune_id: int) -> Sequence[Office]:
    wanted = select(Office).where(Office.commune_id == commune_id).order_by(Office.position, Office.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def office_section(
    session: Session, office: Office, staffed: Sequence[Staffed], codes: Mapping[int, str], since: date
) -> OfficeSection:
    own = {"commune_id": office.commune_id, "office_id": office.id}
    labels = {one.counter.id: one.counter.label for one in staffed}
    return OfficeSection(
        facts=facts_of(office),
        rules=rules_of(office),
        counters=tuple(counter_section(one, codes) for one in in_their_order(staffed)),
        sessions=tuple(named_rule(rule, labels, codes) for rule in sessions_of(session, **own, since=since)),
        is_retired=office.retired_at is not None,
    )


def in_their_order(staffed: Sequence[Staffed]) -> list[Staffed]:
    return sorted(staffed, key=lambda one: (one.counter.position, one.counter.id))


def counter_section(staffed: Staffed, codes: Mapping[int, str]) -> CounterSection:
    counter = staffed.counter
    return CounterSection(
        label=counter.label,
        note=counter.note,
        kind=counter.kind,
        max_persons=counter.max_persons,
        services=frozenset(codes[one.id] for one in staffed.services),
        is_retired=counter.retired_at is not None,
    )


def named_rule(rule: SessionRule, labels: Mapping[int, str], codes: Mapping[int, str]) -> SessionRule:
    """A session with labels and codes where its row has numbers, as a file names them."""
    named: dict[str, Any] = {
        "counters": frozenset(labels[one] for one in rule.counters),
        "lanes": frozenset(labels[one] for one in rule.lanes),
        "services": frozenset(codes[one] for one in rule.services),
    }
    return replace(rule, id=NEW, **named)


def closure_sections(
    session: Session,
    *,
    commune_id: int,
    offices: Sequence[Office],
    staffed: Mapping[int, Sequence[Staffed]],
    since: date,
) -> tuple[NamedClosure, ...]:
    """Closures in the order of their days."""
    return tuple(
        closure
        for _, closure in numbered_closures(
            session, commune_id=commune_id, offices=offices, staffed=staffed, since=since
        )
    )


def numbered_closures(
    session: Session,
    *,
    commune_id: int,
    offices: Sequence[Office],
    staffed: Mapping[int, Sequence[Staffed]],
    since: date,
) -> list[tuple[int, NamedClosure]]:
    """The same, each with the number of its row."""
    names = {office.id: office.code for office in offices}
    labels = {one.counter.id: one.counter.label for found in staffed.values() for one in found}
    reasons = dict(session.execute(select(Closure.id, Closure.reason).where(Closure.commune_id == commune_id)).all())
    found = []
    for office_id, _, rule in closures_of(session, names, [commune_id]):
        if rule.last >= since:
            counters: Any = None if rule.counters is None else frozenset(labels[one] for one in rule.counters)
            named = NamedClosure(
                names[office_id] if office_id else None, replace(rule, id=NEW, counters=counters), reasons[rule.id]
            )
            found.append((rule.id, named))
    return sorted(found, key=lambda pair: order_of(pair[1]))


def order_of(closure: NamedClosure) -> tuple[Any, ...]:
    rule = closure.rule
    start = f"{rule.start}" if rule.start else ""
    return rule.first, closure.office or "", rule.last, start, sorted(rule.counters or (), key=str)
