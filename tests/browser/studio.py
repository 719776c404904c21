"""A commune at work, served to a browser, with a clock that can be moved."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import Appointment, Counter, CounterService, Message, Service, ServiceGroup
from booking.models.messages import MessageKind, MessageState
from tests.conftest import application, let_go, settings_for
from tests.databases import Database, Databases
from tests.factories import (
    Working,
    a_counter,
    a_person,
    a_service,
    a_session,
    a_working_commune,
    add,
    an_appointment,
)
from tests.moments import EARLY, MONDAY, Clock, at
from tests.serving import live_server
from tests.web.asking import asks

ADDRESSES = {"fr": "/fr/mairie-nord", "nl": "/nl/gemeente-noord"}
IN_STEPS = {"minutes_first": 45, "max_persons": 1, "information_minutes": 20, "information_days": 7}
DORA = "dora@mairie-nord.example"


@dataclass(frozen=True)
class Studio:
    app: Flask
    database: Database
    clock: Clock
    address: str


@contextmanager
def studio(language: str = "fr") -> Iterator[Studio]:
    """Three counters on a Monday morning with a few visits; Dora, who reads ``language``, runs the commune."""
    with tempfile.TemporaryDirectory() as folder:
        databases, clock = Databases(Path(folder), "looks", None), Clock()
        database = databases.give("sqlite")
        database.write(partial(a_full_morning, language=language))
        app = application(settings_for(database, Path(folder)), clock)
        with live_server(app) as address:
            yield Studio(app, database, clock, address)
        let_go(app)
        databases.close()


def a_full_morning(session: Session, language: str) -> None:
    home = a_working_commune(session, counters=3)
    what_needs_no_appointment(session, home)
    what_takes_more_than_one(session, home)
    what_asks(session, home)
    names = ("Ana Peeters", "Yusuf Demir", "Marie-Joséphine Vandenbroucke-Charlier", "Nguyễn Thị Minh", "Ali")
    for place, name in enumerate(names):
        start = at(MONDAY, "08:30") + timedelta(minutes=30 * place)
        an_appointment(session, home.counters[place % 3], home.service, start=start, name=name)
    people_to_ring(session, home)
    dora = {"name": "Dora Willems", "email": DORA, "role": Role.ADMINISTRATOR}
    a_person(session, home.commune, language=language, **dora)


def what_asks(session: Session, home: Working) -> None:
    """A passport whose questions lead to a list, or to another way."""
    group = session.scalars(select(ServiceGroup)).one()
    name = Translated.of(fr="Passeport", nl="Paspoort")
    passport = a_service(session, home.commune, code="passport", name=name, group=group)
    add(session, CounterService(commune_id=home.commune.id, counter_id=home.counter.id, service_id=passport.id))
    asks(session, replace(home, service=passport))


def people_to_ring(session: Session, home: Working) -> None:
    """Tuesday's: Sekou, who has no e-mail address, and Fatima, whose mailbox refused the confirmation."""
    for wall, name, email, kind in (
        ("09:00", "Sekou", None, MessageKind.REMINDER_2),
        ("09:30", "Fatima Zahra Ben Abdelkader", "fatima@example.org", MessageKind.CONFIRMATION),
    ):
        start = at(MONDAY + timedelta(days=1), wall)
        contact = {"email": email, "phone": "+32470123456"}
        visit = an_appointment(session, home.counter, home.service, start=start, name=name, **contact)
        row = {"commune_id": visit.commune_id, "kind": kind, "appointment_id": visit.id, "version": 1, "copy": 0}
        row |= {"state": MessageState.TO_RING if email is None else MessageState.REFUSED, "attempts": 1}
        of_start = start if kind == MessageKind.REMINDER_2 else None
        add(session, Message(**row, created_at=EARLY, due_at=EARLY, of_start=of_start))


def what_needs_no_appointment(session: Session, home: Working) -> None:
    """One service to walk in for at counter 1, one that is done online, one that another authority does."""
    site = Translated.of(fr="https://site.example/fr", nl="https://site.example/nl")
    beside = {
        "link": site,
        "authority": Translated.of(fr="l’agence régionale", nl="het gewestelijk agentschap"),
        "by_phone": Translated.of(
            fr="Appelez-nous\u00a0: nous remplissons le formulaire.", nl="Bel ons: wij vullen het in."
        ),
        "by_post": Translated.of(fr="Écrivez à la commune.", nl="Schrijf naar de gemeente."),
    }
    named = {
        ServiceMode.WALK_IN: Translated.of(fr="Retrait d’une carte", nl="Afhaling van een kaart"),
        ServiceMode.ONLINE: Translated.of(fr="Changement d’adresse", nl="Adreswijziging"),
        ServiceMode.ELSEWHERE: Translated.of(fr="Carte de riverain", nl="Bewonerskaart"),
    }
    group = session.scalars(select(ServiceGroup)).one()
    made = [
        a_service(session, home.commune, group=group, code=mode.value, mode=mode, name=name, **beside)
        for mode, name in named.items()
    ]
    desk = a_counter(session, home.office, label="A1", serves=made[:2])
    a_session(session, home.office, [desk], start="08:30", end="12:30", mode=Mode.WALK_IN)


def what_takes_more_than_one(session: Session, home: Working) -> None:
    """Births at a counter of their own, and marriages, in two steps."""
    group = session.scalars(select(ServiceGroup)).one()
    named = (
        ("birth", "Déclaration de naissance", "Geboorteaangifte", {"minutes_first": 30, "max_persons": 1}),
        ("marriage", "Déclaration de mariage", "Huwelijksaangifte", IN_STEPS),
    )
    made = [
        a_service(session, home.commune, group=group, code=code, name=Translated.of(fr=fr, nl=nl), **terms)
        for code, fr, nl, terms in named
    ]
    a_session(session, home.office, [a_counter(session, home.office, label="4", serves=made)])


def taken_by_others(here: Studio) -> None:
    """The one held time goes to other residents, at every counter."""

    def take(session: Session) -> None:
        held = session.scalars(select(Appointment).where(Appointment.state == AppointmentState.HELD)).one()
        start, service = held.start, session.scalars(select(Service).where(Service.code == "identity-card")).one()
        session.execute(delete(Appointment).where(Appointment.id == held.id))
        for counter in session.scalars(select(Counter)).all():
            an_appointment(session, counter, service, start=start, name="Somebody Quicker")

    here.database.write(take)
