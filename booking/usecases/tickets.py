"""Handing out tickets: a number that nobody else has, the services, and the first step of a history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking.core.errors import NumbersUsedUp, NumberTaken, TicketChanged, Unknown
from booking.core.needs import Need
from booking.core.references import new_key
from booking.core.tickets import HIGHEST, Origin, Step, TicketState, number_told
from booking.core.timespan import local_date
from booking.core.translated import Translated
from booking.core.turns import Turn
from booking.models import Office, Service, ServiceGroup, Ticket, TicketLine, TicketNumber, TicketStep
from booking.usecases.journal import SYSTEM, Actor
from booking.usecases.rows import refusing
from booking.usecases.statements import insert_into, table_of

STEP = insert(table_of(TicketStep))


@dataclass(frozen=True)
class TicketWish:
    """A service somebody came for, for so many persons, and how long it is expected to take."""

    service_id: int
    service_name: Translated
    persons: int
    minutes: int


@dataclass(frozen=True)
class Visitor:
    """Who holds a ticket, as far as anybody needs to know: nothing of it is asked for as a condition."""

    language: str | None = None
    help_language: str | None = None
    name: str | None = None
    needs: frozenset[Need] | None = None


@dataclass(frozen=True)
class Issued:
    """A ticket as it is handed out: its number as it is called, and the key of its page."""

    id: int
    letter: str
    number: int
    status_key: str
    wait_minutes: int | None = None

    @property
    def told(self) -> str:
        return number_told(self.letter, self.number)


def issue(
    session: Session,
    *,
    office: Office,
    wishes: Sequence[TicketWish],
    visitor: Visitor,
    origin: Origin,
    turn: Turn,
    appointment_id: int | None = None,
    wait_minutes: int | None = None,
    paper: tuple[str, int] | None = None,
    returns_id: int | None = None,
    key: str | None = None,
    actor: Actor = SYSTEM,
    now: datetime,
) -> Issued:
    """Write a ticket that waits, for the office's local day.

    ``paper`` is the letter and the number it was given by hand already; ``key`` opens the ticket's page, a new one
    unless it is given. Raises ``NumbersUsedUp``, ``NumberTaken`` when the paper number belongs to another ticket of the
    day, or ``TicketChanged`` when somebody is just writing the ticket of this key.
    """
    day = local_date(now, office.zone)
    if paper is None:
        letter = letter_of(session, commune_id=office.commune_id, service_id=wishes[0].service_id)
        number = next_number(session, office=office, day=day, letter=letter)
    else:
        letter, number = paper
        if not 1 <= number <= HIGHEST:
            raise NumbersUsedUp
    key = key or new_key()
    row = {
        "commune_id": office.commune_id,
        "office_id": office.id,
        "local_date": day,
        "letter": letter,
        "number": number,
        "state": TicketState.WAITING,
        "version": 1,
        "turn": turn.turn,
        "leads_from": turn.leads_from,
        "origin": origin,
        "appointment_id": appointment_id,
        "persons": max(wish.persons for wish in wishes),
        "language": visitor.language,
        "help_language": visitor.help_language,
        "name": visitor.name,
        "needs": visitor.needs,
        "status_key": key,
        "wait_minutes": wait_minutes,
        "calls": 0,
        "issued_at": now,
        "last_step": Step.ISSUE,
        "last_step_at": now,
        "returns_id": returns_id,
    }
    with (
        refusing(session, NumberTaken, on="uq_ticket_office_id_local_date_letter_number"),
        refusing(session, TicketChanged, on="uq_ticket_status_key"),
    ):
        ticket_id = session.scalars(insert(table_of(Ticket)).values(**row).returning(table_of(Ticket).c.id)).one()
    own = {"commune_id": office.commune_id, "ticket_id": ticket_id}
    session.execute(
        insert(table_of(TicketLine)),
        [
            own
            | {
                "position": position,
                "service_id": wish.service_id,
                "service_name": wish.service_name,
                "persons": wish.persons,
                "minutes": wish.minutes,
            }
            for position, wish in enumerate(wishes, start=1)
        ],
    )
    write_step(session, **own, step=Step.ISSUE, state=TicketState.WAITING, counter_id=None, actor=actor, now=now)
    return Issued(ticket_id, letter, number, key, wait_minutes)


def write_step(
    session: Session,
    *,
    commune_id: int,
    ticket_id: int,
    step: Step,
    state: TicketState,
    counter_id: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    facts = {"commune_id": commune_id, "ticket_id": ticket_id, "at": now, "step": step, "state": state}
    session.execute(STEP, facts | {"counter_id": counter_id, "person_id": actor.person_id})


def letter_of(session: Session, *, commune_id: int, service_id: int) -> str:
    """The letter of a service's group. Raises ``Unknown``."""
    wanted = (
        select(ServiceGroup.letter)
        .join(Service, (Service.commune_id == ServiceGroup.commune_id) & (Service.group_id == ServiceGroup.id))
        .where(Service.commune_id == commune_id, Service.id == service_id)
    )
    letter = session.scalars(wanted).one_or_none()
    if letter is None:
        raise Unknown
    return letter


def next_number(session: Session, *, office: Office, day: date, letter: str) -> int:
    """The next number of a letter on a day that is on no ticket yet. Raises ``NumbersUsedUp``.

    Whoever counts keeps the row until their unit ends, so that no two have one number; one that was written by hand
    before is passed over.
    """
    on_tickets = select(Ticket.number).where(
        Ticket.office_id == office.id, Ticket.local_date == day, Ticket.letter == letter, Ticket.origin == Origin.PAPER
    )
    by_hand: frozenset[int] | None = None
    while True:
        number = counted(session, office=office, day=day, letter=letter)
        by_hand = frozenset(session.scalars(on_tickets)) if by_hand is None else by_hand
        if number not in by_hand:
            return number


def counted(session: Session, *, office: Office, day: date, letter: str) -> int:
    """One more of a letter on a day, in one statement. Raises ``NumbersUsedUp``."""
    first = {"commune_id": office.commune_id, "office_id": office.id, "local_date": day, "letter": letter, "n": 1}
    one_more = (
        insert_into(session, TicketNumber)
        .values(**first)
        .on_conflict_do_update(index_elements=["office_id", "local_date", "letter"], set_={"n": TicketNumber.n + 1})
    )
    with refusing(session, NumbersUsedUp, on="ck_ticket_number_n_in_bounds"):
        return int(session.scalars(one_more.returning(TicketNumber.n)).one())
