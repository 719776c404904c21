"""How the races move appointments: steps for processes, and people who move about until they are told to stop."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.synchronize import Event

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from booking.core.appointments import Step as WhichStep
from booking.core.errors import BookingError
from booking.core.references import new_key
from booking.core.roles import Role
from booking.database import engine_options, in_unit, prepare
from booking.models import Appointment, Office
from booking.usecases.baskets import WishedLine
from booking.usecases.journal import Actor
from booking.usecases.moves import Moved, accept, hold_instead
from tests.moments import EARLY

RESIDENT = Actor(role=Role.RESIDENT, client="somewhere")


@dataclass(frozen=True)
class Moves:
    """A step of two units: somebody holds another time for their appointment and accepts it."""

    appointment_id: int
    service_id: int
    office_id: int
    start: datetime
    now: datetime = EARLY
    length: timedelta = timedelta(minutes=10)
    step: WhichStep | None = None

    def __call__(self, engine: Engine) -> Moved:
        with Session(engine) as session:
            appointment = session.get_one(Appointment, self.appointment_id)
            home, version = appointment.commune_id, appointment.version
        held = in_unit(
            engine,
            hold_instead,
            commune_id=home,
            appointment_id=self.appointment_id,
            office_id=self.office_id,
            lines=[WishedLine(self.service_id, step=self.step)],
            start=self.start,
            length=self.length,
            client=f"person {self.appointment_id}",
            per_client=5,
            key=new_key(),
            instead_of=None,
            now=self.now,
        )
        return in_unit(engine, accept, commune_id=home, hold_key=held, version=version, actor=RESIDENT, now=self.now)


def move_about(
    url: str, people: Sequence[int], service_id: int, starts: Sequence[datetime], seed: int, began: float, stop: Event
) -> None:
    """Move one of these people after the other to one of these times, until told to stop: a second is a minute."""
    engine, rng = create_engine(url, **engine_options(url)), random.Random(seed)  # noqa: S311
    prepare(engine)
    with Session(engine) as session:
        office_id = session.scalars(select(Office.id)).one()
    while not stop.is_set():
        now = EARLY + timedelta(minutes=time.monotonic() - began)
        step = Moves(rng.choice(people), service_id, office_id, rng.choice(starts), now, timedelta(minutes=2))
        try:
            step(engine)
        except BookingError:
            continue
