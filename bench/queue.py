"""Eight agents call until nobody of five hundred waits any more, beside eight who send the bare statement.

The bare one picks whoever's turn it is among all who wait and asks nothing else: no services, no room, no language, no
history. On both sides the visitor's end is the same statement, so that the counter is free for the next.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import Engine, create_engine, func, insert, select, text, update
from sqlalchemy.orm import Session

from bench.place import Place
from bench.timing import Row
from booking.core.errors import NobodyWaits
from booking.core.references import new_key
from booking.core.roles import Role
from booking.core.tickets import LETTERS, Origin, Step, TicketState
from booking.database import engine_options, in_unit, prepare
from booking.models import Service, Ticket, TicketLine, TicketStep
from booking.usecases.calling import Able, call_next
from booking.usecases.journal import Actor
from tests.moments import MONDAY, at

CONTEXT = multiprocessing.get_context("spawn")
PATIENCE = 120
NINE = at(MONDAY, "09:00")
AGENT = Actor(Role.AGENT)
LEAST = 0.3

WAIT_AGAIN = update(Ticket).values(state=TicketState.WAITING, counter_id=None, ended_at=None, version=1)
ENDS = "UPDATE ticket SET state = 'done', ended_at = called_at WHERE id = :id"
BARE = """
    UPDATE ticket SET state = 'called', counter_id = :counter, called_at = :now, version = version + 1
    WHERE id = (SELECT id FROM ticket WHERE office_id = :office AND local_date = :day AND state = 'waiting'
                ORDER BY turn LIMIT 1 {lock})
    RETURNING id"""


@dataclass(frozen=True)
class Seat:
    """One agent: where they sit, and whether they call as we do or barely."""

    place: Place
    counter_id: int
    is_ours: bool


def queue_up(session: Session, *, place: Place, people: int) -> None:
    """So many wait, for services of the place; in their turns they are not in the order of their numbers."""
    names = dict(session.execute(select(Service.id, Service.name).where(Service.id.in_(place.services))).all())
    for number in range(people):
        row = {
            "commune_id": place.commune_id,
            "office_id": place.office_id,
            "local_date": MONDAY,
            "letter": LETTERS[number % len(LETTERS)],
            "number": number // len(LETTERS) + 1,
            "state": TicketState.WAITING,
            "version": 1,
            "turn": int(NINE.timestamp()) + number * 7919 % 3600,
            "origin": Origin.KIOSK,
            "persons": 1,
            "status_key": new_key(),
            "issued_at": NINE,
            "last_step": Step.ISSUE,
            "last_step_at": NINE,
        }
        ticket = session.scalars(insert(Ticket).values(row).returning(Ticket.id)).one()
        service = place.services[number % len(place.services)]
        line = {"commune_id": place.commune_id, "ticket_id": ticket, "position": 1, "persons": 1, "minutes": 15}
        session.execute(insert(TicketLine).values(**line, service_id=service, service_name=names[service]))


def our_call(engine: Engine, seat: Seat) -> Callable[[], int | None]:
    place = seat.place
    able = Able(
        place.office_id, seat.counter_id, MONDAY, frozenset(place.services), spoken=("en",), language_minutes=10
    )

    def call() -> int | None:
        try:
            return in_unit(engine, call_next, able=able, actor=AGENT, now=NINE).id
        except NobodyWaits:
            return None

    return call


def bare_call(engine: Engine, seat: Seat) -> Callable[[], int | None]:
    lock = "" if engine.dialect.name == "sqlite" else "FOR UPDATE SKIP LOCKED"
    facts = {"counter": seat.counter_id, "office": seat.place.office_id, "day": str(MONDAY), "now": str(NINE)}
    statement, writer = text(BARE.format(lock=lock)), engine.execution_options(writes=True)

    def call() -> int | None:
        with writer.begin() as connection:
            return connection.execute(statement, facts).scalar()

    return call


def work(url: str, seat: Seat, ready: Barrier, answers: Any) -> None:
    """One agent in a process of their own calls and ends visits until nobody waits."""
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    call = (our_call if seat.is_ours else bare_call)(engine, seat)
    ends, called = engine.execution_options(writes=True), 0
    ready.wait(PATIENCE)
    while (ticket := call()) is not None:
        called += 1
        with ends.begin() as connection:
            connection.execute(text(ENDS), {"id": ticket})
    answers.put(called)
    engine.dispose()


def rate(engine: Engine, url: str, place: Place, *, agents: int, people: int, is_ours: bool) -> float:
    """Tickets called per second; each of them once."""
    with Session(engine) as session, session.begin():
        session.execute(WAIT_AGAIN)
    ready, answers = CONTEXT.Barrier(agents + 1), CONTEXT.Queue()
    seats = [Seat(place, counter, is_ours) for counter in place.counters[:agents]]
    running = [CONTEXT.Process(target=work, args=(url, seat, ready, answers)) for seat in seats]
    for process in running:
        process.start()
    ready.wait(PATIENCE)
    begin = time.perf_counter()
    called = sum(answers.get(timeout=PATIENCE) for _ in running)
    took = time.perf_counter() - begin
    for process in running:
        process.join(PATIENCE)
    if called != people:
        raise RuntimeError(f"{called} of {people} were called")
    return called / took


def measure(engine: Engine, url: str, place: Place, *, agents: int, people: int, rounds: int) -> Row:
    with Session(engine) as session, session.begin():
        queue_up(session, place=place, people=people)
    how = {"agents": agents, "people": people}
    pairs = [
        tuple(rate(engine, url, place, **how, is_ours=is_ours) for is_ours in (True, False)) for _ in range(rounds)
    ]
    ours, bare = max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
    with Session(engine) as session:
        steps = session.scalar(select(func.count()).select_from(TicketStep))
    if steps != rounds * people:
        raise RuntimeError(f"{steps} calls are written down, not {rounds * people}")
    what = f"{agents} agents call {people} who wait"
    return Row(what, f"{ours:.0f}/s", f"{bare:.0f}/s", ours / bare, least=LEAST)
