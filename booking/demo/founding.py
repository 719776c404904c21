"""The communes of the demonstration come to be: offices, counters, services, hours, staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.opening import ClosureRule, SessionRule
from booking.demo.content.closures import closures_for, extra_openings_for
from booking.demo.content.communes import COMMUNES, VAL
from booking.demo.content.logos import LOGOS, SHOWN, SIDE
from booking.demo.content.offices import offices_of
from booking.demo.content.people import SOCIAL_WORKER, STAFF
from booking.demo.content.services import GROUPS, SERVICES, checklist_of, content_of
from booking.demo.content.sessions import sessions_of
from booking.demo.content.shapes import DemoClosure, DemoCommune, DemoOffice, DemoSession
from booking.demo.content.words import MESSAGES, WORDS
from booking.models import Closure, Commune, CommuneSlug, Counter, Office, Service
from booking.models.offices import CounterKind
from booking.usecases.checklists import save_checklist
from booking.usecases.commune_words import change_words
from booking.usecases.communes import Contacts, Theme, create_commune
from booking.usecases.counters import CounterFacts, add_counter
from booking.usecases.joining import add_membership, create_person
from booking.usecases.journal import SYSTEM
from booking.usecases.message_texts import change_text
from booking.usecases.offices import OfficeFacts, add_office
from booking.usecases.opening import open_session, shut
from booking.usecases.people import account_for
from booking.usecases.queue_rules import change_rules, rules_of
from booking.usecases.schedules import take_whole
from booking.usecases.services import add_group, add_service, publish_service
from booking.usecases.themes import describe_logo, set_logo
from booking.usecases.trusted import trust


@dataclass(frozen=True)
class Codes:
    """What the content names by code, as the rows that stand for it."""

    offices: Mapping[str, int]
    services: Mapping[str, int]
    counters: Mapping[tuple[str, str], int]


def found(session: Session, *, content: DemoCommune, hashes: Mapping[str, str], now: datetime) -> int:
    """Create a commune with everything but closures and visits, and give its id.

    ``hashes`` are those of its staff's passwords, by address, made beforehand.
    """
    commune_id = create_commune(
        session,
        name=content.name,
        slugs=content.slugs,
        zone=content.zone,
        contacts=Contacts(content.phone, content.email, content.post_address, content.sender),
        first_language=content.first_language,
        postcodes=content.postcodes,
        theme=Theme(content.brand, content.brand_strong, content.brand_soft),
        is_demonstration=True,
        now=now,
    )
    change_words(session, commune_id=commune_id, words=WORDS[content.code], actor=SYSTEM, now=now)
    dress(session, commune_id=commune_id, code=content.code, now=now)
    if content.code == VAL:
        known = {"email": SOCIAL_WORKER.email, "phone": None, "note_": "Entraide ASBL"}
        trust(session, commune_id=commune_id, **known, actor=SYSTEM, now=now)
    services = found_services(session, commune_id=commune_id, content=content, now=now)
    for office in offices_of(content.code):
        found_office(session, commune_id=commune_id, office=office, services=services, now=now)
    for opening in sessions_of(content.code):
        found_session(session, commune_id=commune_id, opening=opening)
    # Published last: what can be done online needs a counter that serves it.
    for service_id in services.values():
        publish_service(session, commune_id=commune_id, service_id=service_id, actor=SYSTEM, now=now)
    hire(session, commune_id=commune_id, code=content.code, hashes=hashes, now=now)
    return commune_id


def dress(session: Session, *, commune_id: int, code: str, now: datetime) -> None:
    """The logo of a commune, and its own words in messages."""
    own = {"commune_id": commune_id, "actor": SYSTEM, "now": now}
    set_logo(session, png=LOGOS[code], width=SIDE, height=SIDE, **own)
    describe_logo(session, alt=SHOWN[code], **own)
    for kind, wording in MESSAGES[code].items():
        change_text(session, kind=kind, wording=wording, **own)


def found_services(session: Session, *, commune_id: int, content: DemoCommune, now: datetime) -> dict[str, int]:
    own = {"commune_id": commune_id}
    groups = {
        group.code: add_group(session, **own, code=group.code, name=group.name, icon=group.icon) for group in GROUPS
    }
    services = {}
    for service in SERVICES:
        written = content_of(service, content, group_id=groups[service.group])
        services[service.code] = add_service(session, **own, content=written, actor=SYSTEM, now=now)
    # An answer may lead to another service: all of them are there before the first list is written.
    for service in SERVICES:
        named = {**own, "service_id": services[service.code], "actor": SYSTEM, "now": now}
        save_checklist(session, **named, content=checklist_of(service))
    return services


def found_office(
    session: Session, *, commune_id: int, office: DemoOffice, services: Mapping[str, int], now: datetime
) -> None:
    own = {"commune_id": commune_id}
    facts = OfficeFacts(
        code=office.code,
        name=office.name,
        address=office.address,
        transport=office.transport,
        access=office.access,
        start_step=office.start_step,
        photo_rule=office.photo_rule,
        grace_minutes=office.grace_minutes,
        late_rule=office.late_rule,
    )
    office_id = add_office(session, **own, facts=facts, actor=SYSTEM, now=now)
    rules = replace(rules_of(session.get_one(Office, office_id)), queue_policy=office.queue_policy)
    change_rules(session, **own, office_id=office_id, rules=rules, actor=SYSTEM, now=now)
    for counter in (*office.counters, *office.lanes):
        served = frozenset(services[code] for code in counter.services)
        kind = CounterKind.EXTRA if counter in office.lanes else CounterKind.NORMAL
        wanted = CounterFacts(label=counter.label, note=counter.note, kind=kind, service_ids=served)
        add_counter(session, **own, office_id=office_id, facts=wanted, actor=SYSTEM, now=now)


def found_session(session: Session, *, commune_id: int, opening: DemoSession) -> None:
    codes = codes_of(session, commune_id=commune_id)
    rule = SessionRule(
        id=0,
        weekdays=opening.weekdays,
        start=opening.start,
        end=opening.end,
        valid_from=opening.valid_from,
        valid_until=opening.valid_until,
        every_weeks=opening.every_weeks,
        anchor=opening.anchor,
        nth_of_month=opening.nth_of_month,
        season=opening.season,
        mode=opening.mode,
        counters=frozenset(codes.counters[opening.office, label] for label in opening.counters),
        services=frozenset(codes.services[code] for code in opening.services),
        last_entry=opening.last_entry,
        lanes=frozenset(codes.counters[opening.office, label] for label in opening.lanes),
        walk_in_minutes=opening.walk_in_minutes,
    )
    open_session(session, commune_id=commune_id, office_id=codes.offices[opening.office], rule=rule)


def codes_of(session: Session, *, commune_id: int) -> Codes:
    offices = session.execute(select(Office.code, Office.id).where(Office.commune_id == commune_id))
    services = session.execute(select(Service.code, Service.id).where(Service.commune_id == commune_id))
    counters = session.execute(
        select(Office.code, Counter.label, Counter.id)
        .join(Office, Office.id == Counter.office_id)
        .where(Counter.commune_id == commune_id)
    )
    return Codes(
        {row.code: row.id for row in offices},
        {row.code: row.id for row in services},
        {(row.code, row.label): row.id for row in counters},
    )


def close(session: Session, *, commune_id: int, code: str, today: date) -> None:
    """Enter the closures and extra openings of this year and the next, where they are not there yet.

    A year is entered whole, once: what an administrator takes out of it stays out.
    """
    entered = session.scalar(select(func.max(Closure.last_day)).where(Closure.commune_id == commune_id))
    first = max(today.year, entered.year + 1 if entered else 0)
    if first > today.year + 1:
        return
    span = date(first, 1, 1), date(today.year + 1, 12, 31)
    codes = codes_of(session, commune_id=commune_id)
    for closure in closures_for(code, *span):
        enter_closure(session, commune_id=commune_id, closure=closure, codes=codes)
    for opening in extra_openings_for(code, *span):
        found_session(session, commune_id=commune_id, opening=opening)
    take_whole(session, commune_id=commune_id)


def enter_closure(session: Session, *, commune_id: int, closure: DemoClosure, codes: Codes) -> None:
    counters = frozenset(codes.counters[closure.office or "", label] for label in closure.counters)
    rule = ClosureRule(
        id=0,
        first=closure.first,
        last=closure.last,
        start=closure.start,
        end=closure.end,
        counters=counters or None,
    )
    office_id = codes.offices[closure.office] if closure.office else None
    shut(session, commune_id=commune_id, office_id=office_id, rule=rule, reason=closure.reason)


def hire(session: Session, *, commune_id: int, code: str, hashes: Mapping[str, str], now: datetime) -> None:
    """The people of a commune; who has an account already, works for another commune too."""
    for member in (member for member in STAFF if member.commune == code):
        known = account_for(session, member.email)
        person_id = (
            known.id
            if known
            else create_person(
                session,
                email=member.email,
                name=member.name,
                language=member.language,
                password_hash=hashes[member.email],
                now=now,
            )
        )
        add_membership(session, commune_id=commune_id, person_id=person_id, role=member.role)


def commune_ids(session: Session) -> dict[str, int]:
    """The demonstration communes there are, by code."""
    found_ids = {}
    for content in COMMUNES:
        wanted = (
            select(Commune.id)
            .join(CommuneSlug, CommuneSlug.commune_id == Commune.id)
            .where(Commune.is_demonstration, CommuneSlug.language == "fr", CommuneSlug.slug == content.slugs["fr"])
        )
        number = session.scalars(wanted).one_or_none()
        if number is not None:
            found_ids[content.code] = number
    return found_ids
