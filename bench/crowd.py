"""Sixteen processes book at once, every one other times: each must get what it asks for, and nobody notice the rest."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.orm import Session

from bench.bookings import book
from bench.place import Place
from booking.core.appointments import AppointmentState
from booking.core.errors import BookingError
from booking.database import engine_options, prepare
from booking.models import Appointment
from tests.moments import MONDAY, at

CONTEXT = multiprocessing.get_context("spawn")
PATIENCE = 120
STARTS_A_DAY = 25
"""Starts of a quarter of an hour from 8:00 on, none of which overlaps another."""


@dataclass(frozen=True)
class Came:
    """What one process met: the slowest of its bookings in seconds, refusals, and units that were run again."""

    slowest: float
    refused: tuple[str, ...]
    again: int


def start_number(number: int) -> datetime:
    """The ``number``-th start: every one at a time of its own, on working days from Tuesday on."""
    days, place = divmod(number, STARTS_A_DAY)
    weeks, weekday = divmod(days + 1, 5)
    return at(MONDAY + timedelta(days=7 * weeks + weekday), f"{8 + place // 4:02}:{place % 4 * 15:02}")


def run(url: str, place: Place, numbers: Sequence[int], ready: Barrier, answers: Any) -> None:
    """One process with an engine of its own books its numbers, one after the other, beginning with the others."""
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    faults: list[object] = []
    event.listen(engine, "handle_error", faults.append)
    refused, slowest = [], 0.0
    ready.wait(PATIENCE)
    for number in numbers:
        begin = time.perf_counter()
        try:
            book(engine, place, start_number(number), number)
        except BookingError as refusal:
            refused.append(type(refusal).__name__)
        slowest = max(slowest, time.perf_counter() - begin)
    answers.put(Came(slowest, tuple(refused), len(faults)))
    engine.dispose()


def crowd(engine: Engine, url: str, place: Place, *, processes: int = 16, each: int = 50) -> str:
    """A line that says how many were booked, refused and tried again, and how fast."""
    ready, answers = CONTEXT.Barrier(processes + 1), CONTEXT.Queue()
    running = [
        CONTEXT.Process(target=run, args=(url, place, range(number * each, (number + 1) * each), ready, answers))
        for number in range(processes)
    ]
    for process in running:
        process.start()
    ready.wait(PATIENCE)
    begin = time.perf_counter()
    came = [answers.get(timeout=PATIENCE) for _ in running]
    took = time.perf_counter() - begin
    for process in running:
        process.join(PATIENCE)
    with Session(engine) as session:
        state = Appointment.state == AppointmentState.BOOKED
        there = session.scalar(select(func.count()).select_from(Appointment).where(state))
    total, again = processes * each, sum(one.again for one in came)
    refused = sum(len(one.refused) for one in came)
    verdict = "ok" if there == total and not refused and not again else "MISSED"
    return (
        f"{processes} processes, times of their own: {there} of {total} booked, {refused} refused, {again} run again, "
        f"{total / took:.0f}/s, the slowest {max(one.slowest for one in came):.2f} s  {verdict}"
    )
