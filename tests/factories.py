"""Rows with honest defaults, so that a test says only what it is about.

Each takes a session, adds one row (and what it cannot do without), flushes and returns it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel, HoldKind, ServiceMode
from booking.core.needs import NeedTimes
from booking.core.opening import Mode
from booking.core.references import ALPHABET, new_key
from booking.core.reminders import USUAL_HOURS
from booking.core.roles import WITH_A_SECOND_FACTOR, Role
from booking.core.second_factor import code_at, sealed, step_at
from booking.core.tickets import ENDED, HIGHEST, LETTERS, Origin, Step, TicketState
from booking.core.timespan import TICK, tick_of
from booking.core.translated import Translated
from booking.core.turns import seconds
from booking.models import (
    Appointment,
    AppointmentLine,
    Claim,
    Closure,
    Commune,
    CommuneSlug,
    Counter,
    CounterService,
    Membership,
    MembershipOffice,
    Office,
    OpeningCounter,
    OpeningService,
    OpeningSession,
    Person,
    Postcode,
    SecondFactor,
    Service,
    ServiceGroup,
    Ticket,
    TicketLine,
)
from booking.models.offices import CounterKind
from tests.moments import BRUSSELS, EARLY, MONDAY, at

NOTHING = Translated({})
PASSWORD = "nine green bottles"
SECRET_KEY = "a key of the tests, long enough to be one"
TELEPHONE = b"a telephone of twenty"[:20]
WORKING_DAYS = 0b0011111

numbers = count(1)


def a_commune(
    session: Session,
    *,
    slug: str = "mairie-nord",
    slug_nl: str = "gemeente-noord",
    name: Translated = Translated.of(fr="Mairie Nord", nl="Gemeente Noord"),
    postcodes: Iterable[str] = ("1999",),
    **columns: Any,
) -> Commune:
    """A real commune (not a demonstration), French first, addressed as ``/fr/mairie-nord/``."""
    commune = Commune(
        **{
            "name": name,
            "first_language": "fr",
            "zone_key": "Europe/Brussels",
            "theme_brand": "#1d4f91",
            "theme_brand_strong": "#163d70",
            "theme_brand_soft": "#e8eef6",
            "phone": "+3222000000",
            "email": f"population@{slug}.example",
            "post_address": Translated.of(
                fr="Place du Nord 1, 1999 Mairie Nord", nl="Noordplein 1, 1999 Gemeente Noord"
            ),
            "sender_address": f"rendez-vous@{slug}.example",
            "contact_days": 30,
            "name_months": 12,
            "need_minutes": NeedTimes(),
            "privacy_text": NOTHING,
            "legal_text": NOTHING,
            "is_demonstration": False,
            "created_at": EARLY,
            **columns,
        }
    )
    add(session, commune)
    slugs = {"fr": slug, "nl": slug_nl, "en": slug, "de": slug}
    add(
        session, *(CommuneSlug(language=language, slug=word, commune_id=commune.id) for language, word in slugs.items())
    )
    add(session, *(Postcode(code=code, commune_id=commune.id) for code in postcodes))
    return commune


def an_office(session: Session, commune: Commune, *, code: str = "town-hall", **columns: Any) -> Office:
    office = Office(
        **{
            "commune_id": commune.id,
            "code": code,
            "position": 1,
            "name": Translated.of(fr="Maison communale", nl="Gemeentehuis"),
            "address": Translated.of(fr="Place du Nord 1", nl="Noordplein 1"),
            "transport": Translated.of(fr="Tram 7, arrêt Nord", nl="Tram 7, halte Noord"),
            "access": Translated.of(fr="Entrée de plain-pied", nl="Drempelvrije ingang"),
            "zone_key": commune.zone_key,
            "start_step": 15,
            "grace_minutes": 15,
            "late_rule": NOTHING,
            **columns,
        }
    )
    return add(session, office)


def a_counter(
    session: Session, office: Office, *, label: str = "1", serves: Iterable[Service] = (), **columns: Any
) -> Counter:
    counter = Counter(
        **{
            "commune_id": office.commune_id,
            "office_id": office.id,
            "position": next(numbers),
            "label": label,
            "note": NOTHING,
            "kind": CounterKind.NORMAL,
            **columns,
        }
    )
    add(session, counter)
    for service in serves:
        add(session, CounterService(commune_id=office.commune_id, counter_id=counter.id, service_id=service.id))
    return counter


def a_service(
    session: Session,
    commune: Commune,
    *,
    code: str = "identity-card",
    group: ServiceGroup | None = None,
    **columns: Any,
) -> Service:
    """A published service of a quarter of an hour, ten minutes more for each further person, up to 4 persons."""
    group = group or a_group(session, commune, code=f"group-{next(numbers)}")
    service = Service(
        **{
            "commune_id": commune.id,
            "group_id": group.id,
            "code": code,
            "position": next(numbers),
            "mode": ServiceMode.APPOINTMENT,
            "name": Translated.of(fr="Carte d’identité", nl="Identiteitskaart", en="Identity card"),
            "summary": Translated.of(fr="Demander une carte", nl="Een kaart aanvragen"),
            **dict.fromkeys(("details", "who_comes", "link", "authority", "by_phone", "by_post"), NOTHING),
            "minutes_first": 15,
            "minutes_extra": 10,
            "max_persons": 4,
            "notice_minutes": 120,
            "cancel_notice_minutes": 120,
            "horizon_days": 60,
            "is_sensitive": False,
            "reminder_hours": USUAL_HOURS,
            "asks_coming": False,
            "asks_names": False,
            "published_at": EARLY - timedelta(days=30),
            **columns,
        }
    )
    return add(session, service)


def a_group(session: Session, commune: Commune, *, code: str = "cards", **columns: Any) -> ServiceGroup:
    name = Translated.of(fr="Cartes et passeports", nl="Kaarten en paspoorten")
    taken = set(session.scalars(select(ServiceGroup.letter).where(ServiceGroup.commune_id == commune.id)))
    letter = next(letter for letter in LETTERS if letter not in taken)
    own = {"commune_id": commune.id, "code": code, "position": next(numbers), "letter": letter}
    group = own | {"name": name, "icon": "card", **columns}
    return add(session, ServiceGroup(**group))


def a_session(
    session: Session,
    office: Office,
    counters: Iterable[Counter],
    *,
    start: str = "08:00",
    end: str = "12:00",
    weekdays: int = WORKING_DAYS,
    services: Iterable[Service] = (),
    **columns: Any,
) -> OpeningSession:
    """Opening hours by appointment, Monday to Friday from 8 to 12 o'clock, from 2026 on, for all services."""
    opening = OpeningSession(
        **{
            "commune_id": office.commune_id,
            "office_id": office.id,
            "weekdays": weekdays,
            "wall_start": time.fromisoformat(start),
            "wall_end": time.fromisoformat(end),
            "valid_from": date(2026, 1, 1),
            "every_weeks": 1,
            "mode": Mode.APPOINTMENT,
            **columns,
        }
    )
    add(session, opening)
    own = {"commune_id": office.commune_id, "session_id": opening.id}
    add(session, *(OpeningCounter(**own, counter_id=counter.id) for counter in counters))
    add(session, *(OpeningService(**own, service_id=service.id) for service in services))
    return opening


def a_closure(session: Session, commune: Commune, *, first_day: date, last_day: date, **columns: Any) -> Closure:
    """The whole commune closed on whole days."""
    reason = Translated.of(fr="Jour férié", nl="Feestdag")
    days = {"first_day": first_day, "last_day": last_day}
    return add(session, Closure(**{"commune_id": commune.id, "reason": reason, **days, **columns}))


def an_appointment(
    session: Session,
    counter: Counter,
    service: Service,
    *,
    start: datetime | None = None,
    minutes: int = 15,
    persons: int = 1,
    state: AppointmentState = AppointmentState.BOOKED,
    **columns: Any,
) -> Appointment:
    """Ana's visit on Monday at 9 o'clock, booked, with its line and its claims (none when it is cancelled)."""
    start = start or at(MONDAY, "09:00")
    wall, number, held = start.astimezone(BRUSSELS), next(numbers), state == AppointmentState.HELD
    known = {
        "reference": a_reference(number),
        "booked_at": EARLY,
        "name": "Ana Peeters",
        "name_search": "ana peeters",
        "email": "ana@example.org",
        "language": "fr",
    }
    appointment = Appointment(
        **{
            "commune_id": counter.commune_id,
            "office_id": counter.office_id,
            "counter_id": counter.id,
            "state": state,
            "start": start,
            "end": start + timedelta(minutes=minutes),
            "local_date": wall.date(),
            "wall_time": wall.time(),
            "channel": Channel.ONLINE,
            "created_at": EARLY,
            "hold_kind": HoldKind.PUBLIC,
            "hold_key": new_key(),
            "held_until": EARLY + timedelta(minutes=10) if held else None,
            "extensions": 0,
            "uid": f"{number}@mairie-nord.example",
            "nonce": new_key(),
            "sequence": 0,
            "version": 1,
            "cancelled_at": EARLY if state == AppointmentState.CANCELLED else None,
            **({} if held else known),
            **columns,
        }
    )
    add(session, appointment)
    own = {"commune_id": counter.commune_id, "appointment_id": appointment.id}
    snapshot = {"service_id": service.id, "service_name": service.name, "persons": persons, "minutes": minutes}
    add(session, AppointmentLine(**own, **snapshot, position=1))
    if appointment.state != AppointmentState.CANCELLED:
        ticks = range(tick_of(start), tick_of(start) + minutes // int(TICK.total_seconds() // 60))
        add(session, *(Claim(**own, counter_id=counter.id, tick=tick) for tick in ticks))
    return appointment


def a_ticket(
    session: Session,
    office: Office,
    service: Service,
    *,
    letter: str = "A",
    number: int | None = None,
    state: TicketState = TicketState.WAITING,
    issued_at: datetime | None = None,
    persons: int = 1,
    **columns: Any,
) -> Ticket:
    """Somebody without an appointment who has waited since 9 o'clock on Monday, next in the order of their arrival."""
    issued_at = issued_at or at(MONDAY, "09:00")
    ended = {"ended_at": issued_at} if state in ENDED else {}
    ticket = Ticket(
        **{
            "commune_id": office.commune_id,
            "office_id": office.id,
            "local_date": issued_at.astimezone(BRUSSELS).date(),
            "letter": letter,
            "number": number or next(numbers) % HIGHEST + 1,
            "state": state,
            "version": 1,
            "turn": seconds(issued_at),
            "origin": Origin.RECEPTION,
            "persons": persons,
            "status_key": new_key(),
            "issued_at": issued_at,
            "last_step": Step.ISSUE,
            "last_step_at": issued_at,
            **ended,
            **columns,
        }
    )
    add(session, ticket)
    own = {"commune_id": office.commune_id, "ticket_id": ticket.id}
    line = {"service_id": service.id, "service_name": service.name, "persons": persons, "minutes": 15}
    add(session, TicketLine(**own, **line, position=1))
    return ticket


def a_person(
    session: Session,
    commune: Commune | None = None,
    *,
    name: str = "Bilal Amrani",
    email: str = "bilal@mairie-nord.example",
    role: Role = Role.AGENT,
    offices: Iterable[Office] = (),
    password: str = PASSWORD,
    has_telephone: bool | None = None,
    **columns: Any,
) -> Person:
    """A member of staff who signs in with ``PASSWORD``; with a commune, an agent in all its offices.

    An administrator has a telephone for the second step, unless ``has_telephone`` says no.
    """
    person = Person(
        **{
            "email": email,
            "name": name,
            "language": "fr",
            "password_hash": quick_hash(password),
            "created_at": EARLY - timedelta(days=30),
            **columns,
        }
    )
    add(session, person)
    if commune is not None:
        membership = add(session, Membership(commune_id=commune.id, person_id=person.id, role=role))
        own = {"commune_id": commune.id, "membership_id": membership.id}
        add(session, *(MembershipOffice(**own, office_id=office.id) for office in offices))
    if has_telephone if has_telephone is not None else role in WITH_A_SECOND_FACTOR:
        a_second_factor(session, person)
    return person


def a_second_factor(session: Session, person: Person) -> SecondFactor:
    """The telephone of somebody who signs in with a second step; ``code_for`` says what it shows."""
    kept = sealed(SECRET_KEY, TELEPHONE)
    return add(session, SecondFactor(person_id=person.id, secret=kept, last_step=0, since=EARLY - timedelta(days=30)))


def code_for(now: datetime = EARLY, later: int = 0) -> str:
    """What the telephone shows, or will show some half minutes ``later``."""
    return code_at(TELEPHONE, step_at(now) + later)


@dataclass(frozen=True)
class Working:
    """A commune that can be booked: one office, its counters, one service, hours from Monday to Friday."""

    commune: Commune
    office: Office
    counters: tuple[Counter, ...]
    service: Service
    opening: OpeningSession

    @property
    def counter(self) -> Counter:
        return self.counters[0]


def a_working_commune(session: Session, *, counters: int = 1, slug: str = "mairie-nord", **commune: Any) -> Working:
    """Everything a resident needs to book an identity card, with ``counters`` counters open at once."""
    if slug != "mairie-nord":
        commune.setdefault("slug_nl", f"{slug}-nl")
    home = a_commune(session, slug=slug, **commune)
    office = an_office(session, home)
    service = a_service(session, home)
    row = tuple(a_counter(session, office, label=str(n), serves=[service]) for n in range(1, counters + 1))
    return Working(home, office, row, service, a_session(session, office, row))


def a_reference(number: int) -> str:
    """The ``number``-th reference: different for every number, the same in every run."""
    letters = ""
    for _ in range(8):
        number, place = divmod(number, len(ALPHABET))
        letters = ALPHABET[place] + letters
    return letters


@cache
def quick_hash(password: str) -> str:
    """A true argon2 hash, made with as little work as is allowed: tests sign in often."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def add(session: Session, *rows: Any) -> Any:
    """Add rows and flush them, so that they have their ids; gives the first."""
    session.add_all(rows)
    session.flush()
    return rows[0] if rows else None
