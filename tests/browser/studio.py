"""The two demonstration communes, served to a browser, with a clock that can be moved."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from booking import create_app, mailbox
from booking.core.appointments import AppointmentState, Channel, HoldKind
from booking.core.errors import NotServedHere, NoWalkIns, SlotTaken
from booking.core.marks import Mark
from booking.core.rebookings import Settled
from booking.core.references import link_token
from booking.core.roles import Role
from booking.core.tickets import AT_COUNTER, Origin, TicketState
from booking.core.translated import Translated
from booking.core.waiting import USUAL_TERMS
from booking.database import db, engine_options, prepare
from booking.delivery import carrier
from booking.demo import load
from booking.demo.content.communes import MOULIN, VAL
from booking.demo.content.offices import MILL, TOWN_HALL
from booking.demo.content.shapes import DemoCommune
from booking.demo.founding import commune_ids
from booking.models import (
    Appointment,
    AppointmentLine,
    Base,
    Counter,
    CounterService,
    Membership,
    Office,
    RebookedVisit,
    Service,
    Ticket,
)
from booking.settings import Settings
from booking.usecases.appointments import Wish
from booking.usecases.banners import Notice, add_banner
from booking.usecases.cancellations import cancel
from booking.usecases.holds import release
from booking.usecases.journal import SYSTEM, Actor
from booking.usecases.late_marks import Pressed, keep
from booking.usecases.takeover import Agreed, take_over
from booking.usecases.tickets import Issued, Visitor
from booking.usecases.waiting_answers import pass_on
from booking.usecases.walk_ins import Wanted, take_ticket
from booking.worker import Work, carry_visits_on, send_due
from tests.conftest import application, let_go
from tests.databases import Database
from tests.moments import EARLY, MONDAY, Clock
from tests.serving import free_port, live_server

MAIN_OFFICES = {VAL: TOWN_HALL, MOULIN: MILL}
ADMINISTRATORS = {VAL: "dora@val-saint-pierre.example", MOULIN: "hilde@moulin-saint-jean.example"}
SOMEBODY = Wish("Youssef El Idrissi", "youssef.elidrissi@mailbox.example", None, "fr")
OWN_ADDRESS = "ana@example.org"
"""Of whoever books in the pictures."""


def settings_in(folder: Path, *, port: int = 0) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder}/demonstration.sqlite3",
        secret_key="only for these pictures",
        base_url=f"http://127.0.0.1:{port}",
        instance=folder,
    )


def found(folder: Path, now: datetime = EARLY) -> None:
    """Both communes of the demonstration, as they are at ``now``, in a database of their own in ``folder``."""
    settings = settings_in(folder)
    app = create_app(settings, lambda: now)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        for _ in load(db.engine, settings=settings, now=now):
            pass
    let_go(app)


@dataclass(frozen=True)
class Studio:
    """``home`` is the address of the commune's first page, without a slash at its end."""

    app: Flask
    database: Database
    clock: Clock
    address: str
    home: str
    content: DemoCommune

    def letters(self) -> list[str]:
        """The worker sends what is due; gives where to see the letters, oldest first."""
        settings: Settings = self.app.extensions["settings"]
        known = {kept.name for kept in mailbox.listing(settings.mailbox)}
        with carrier("", settings.mailbox) as keeper:
            work = Work(self.database.engine, keeper, settings, self.clock)
            carry_visits_on(work)
            send_due(work)
        new = [kept.name for kept in mailbox.listing(settings.mailbox) if kept.name not in known]
        return [f"{self.address}/dev/mail/{name}" for name in reversed(new)]

    def is_to(self, letter: str, recipient: str) -> bool:
        """Whether a letter, by where it is seen, goes to this address."""
        settings: Settings = self.app.extensions["settings"]
        known = mailbox.opened(settings.mailbox, letter.rpartition("/")[2])
        return known is not None and recipient in str(known["To"])

    def at_the_beginning(self) -> None:
        """The clock shows again what it showed at first."""
        self.clock.now = EARLY


@contextmanager
def studio(founded: Path, content: DemoCommune, language: str) -> Iterator[Studio]:
    """One of the communes in one of its languages, on a copy of what was ``found`` in a folder."""
    with tempfile.TemporaryDirectory() as place:
        folder, clock = Path(place), Clock()
        shutil.copy(founded / "demonstration.sqlite3", folder)
        settings = settings_in(folder, port=free_port())
        engine = create_engine(settings.database_url, **engine_options(settings.database_url))
        prepare(engine)
        app = application(settings, clock)
        with live_server(app, port=int(settings.base_url.rpartition(":")[2])) as address:
            home = f"{address}/{language}/{content.slugs[language]}"
            yield Studio(app, Database(settings.database_url, engine), clock, address, home, content)
        let_go(app)
        engine.dispose()


def asked_at(here: Studio) -> str:
    """Where somebody lands who opens the link of a message that proposes another time."""
    mine = (RebookedVisit.state == Settled.PROPOSED, RebookedVisit.commune_id == commune_of(here))
    wanted = select(Appointment.nonce).join(RebookedVisit, RebookedVisit.appointment_id == Appointment.id).where(*mine)
    nonce = here.database.all(wanted.order_by(Appointment.id).limit(1))[0]
    token = link_token(here.app.extensions["settings"].secret_key, "appointment", nonce)
    return f"{here.home}/appointment/open/{token}/proposal"


def taken_by_others(here: Studio) -> None:
    """The one held time goes to other residents, at every counter that could serve it."""
    public = (Appointment.state == AppointmentState.HELD, Appointment.hold_kind == HoldKind.PUBLIC)
    held = here.database.one(select(Appointment).where(*public, Appointment.commune_id == commune_of(here)))
    own = {"commune_id": held.commune_id}
    line = here.database.one(select(AppointmentLine).where(AppointmentLine.appointment_id == held.id))
    here.database.write(lambda session: release(session, **own, hold_key=held.hold_key) and None)
    serving = (
        select(Counter.id)
        .join(CounterService, CounterService.counter_id == Counter.id)
        .where(Counter.office_id == held.office_id, CounterService.service_id == line.service_id)
    )
    minutes = (held.end - held.start) // timedelta(minutes=1)
    for counter in here.database.all(serving):
        theirs = Agreed(line.service_id, counter, held.start, minutes, 1, SOMEBODY, Channel.PHONE, held.created_at)
        with suppress(SlotTaken):
            here.database.write(take_over, **own, office_id=held.office_id, visits=[theirs], now=here.clock.now)


def given_back(here: Studio) -> None:
    """Somebody who would come tomorrow for a card, alone, cancels."""
    commune, tomorrow = commune_of(here), MONDAY + timedelta(days=1)
    theirs = (
        select(Appointment)
        .join(AppointmentLine, AppointmentLine.appointment_id == Appointment.id)
        .join(Service, Service.id == AppointmentLine.service_id)
        .where(Appointment.commune_id == commune, Appointment.state == AppointmentState.BOOKED)
        .where(Appointment.local_date == tomorrow, Appointment.email != OWN_ADDRESS, Service.code == "identity-card")
        .order_by(Appointment.start, Appointment.id)
    )
    visit = here.database.all(theirs)[0]
    which = {"commune_id": commune, "appointment_id": visit.id, "version": visit.version}
    here.database.write(cancel, **which, actor=SYSTEM, now=here.clock.now)


def passed_on(here: Studio) -> None:
    """The worker offers the next in the list what somebody left."""
    here.database.write(pass_on, terms=USUAL_TERMS, now=here.clock.now)


def a_notice(here: Studio) -> None:
    """Every page of the commune warns of a strike."""
    day = MONDAY + timedelta(days=3)
    text = Translated.of(
        fr="Jeudi 7 janvier, une grève peut allonger l’attente. Votre rendez-vous est maintenu.",
        nl="Op donderdag 7 januari kan een staking voor langere wachttijden zorgen. Uw afspraak gaat door.",
    )
    notice = Notice(text, MONDAY, None, day, None)
    here.database.write(add_banner, commune_id=commune_of(here), notice=notice, actor=SYSTEM, now=here.clock.now)


def a_walk_in(here: Studio) -> Issued:
    """Somebody takes a ticket at the commune's main office, for what is had there without an appointment."""

    def taken(session: Session) -> Issued:
        of_commune = (Office.commune_id == commune_of(here), Office.code == MAIN_OFFICES[here.content.code])
        office = session.scalars(select(Office).where(*of_commune)).one()
        visitor = Visitor(language=here.content.first_language)
        services = select(Service.id).where(Service.commune_id == office.commune_id)
        for service_id in session.scalars(services.order_by(Service.position, Service.id)).all():
            wanted = {"wanted": [Wanted(service_id)], "visitor": visitor, "origin": Origin.KIOSK}
            with suppress(NoWalkIns, NotServedHere), session.begin_nested():
                return take_ticket(session, office=office, **wanted, now=here.clock.now)
        raise AssertionError("nobody is served without an appointment")

    issued: Issued = here.database.write(taken)
    return issued


def called(here: Studio, ticket: Issued) -> None:
    """It is their turn, at a counter where nobody else stands."""

    def rows(session: Session) -> None:
        row = session.get_one(Ticket, ticket.id)
        busy = select(Ticket.counter_id).where(Ticket.state.in_(AT_COUNTER), Ticket.local_date == row.local_date)
        free = select(Counter).where(Counter.office_id == row.office_id, Counter.id.not_in(busy.scalar_subquery()))
        row.state, row.counter_id = TicketState.CALLED, session.scalars(free).first().id
        row.calls, row.called_at, row.version = 1, here.clock.now, row.version + 1

    here.database.write(rows)


def said_without_a_connection(here: Studio) -> None:
    """An agent said of a visit that it is done, and a colleague has dealt with it meanwhile."""

    def rows(session: Session) -> None:
        own = (Appointment.commune_id == commune_of(here), Appointment.local_date == MONDAY)
        visit = session.scalars(select(Appointment).where(*own, Appointment.state == AppointmentState.BOOKED)).first()
        agent = session.scalars(select(Membership.person_id).where(Membership.commune_id == visit.commune_id)).first()
        pressed = Pressed(Mark.DONE, visit.id, visit.version, here.clock.now)
        keep(session, commune_id=visit.commune_id, pressed=pressed, actor=Actor(Role.AGENT, agent), now=here.clock.now)

    here.database.write(rows)


def commune_of(here: Studio) -> int:
    with Session(here.database.engine) as session:
        return commune_ids(session)[here.content.code]


def start_of(here: Studio) -> datetime:
    """When the visit begins that was booked in these pictures, with the address that they use."""
    mine = select(Appointment.start).where(
        Appointment.email == OWN_ADDRESS, Appointment.state == AppointmentState.BOOKED
    )
    start: datetime = here.database.one(mine)
    return start
