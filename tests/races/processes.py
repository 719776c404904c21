"""Steps in real processes that begin together: no thread, no shared connection."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import Engine, create_engine

from booking.core.errors import BookingError
from booking.database import engine_options, in_unit, prepare

PATIENCE = 120
# Each is forked from a process that was started clean and has nothing open: as apart as with a new start, and quicker.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["pytest", "psycopg", "tests.races.booking", "booking.usecases.opening"])

Step = Callable[[Engine], Any]


@dataclass(frozen=True)
class Unit:
    """A step: one use-case with its arguments, in a unit of its own."""

    verb: Callable[..., Any]
    arguments: dict[str, Any]

    def __call__(self, engine: Engine) -> Any:
        return in_unit(engine, self.verb, **self.arguments)


@dataclass(frozen=True)
class CameOf:
    """What a step gave, or the name of the refusal it met; ``fault`` is what must never happen."""

    value: Any = None
    refusal: str | None = None
    fault: str | None = None


def came_of(step: Step, engine: Engine) -> CameOf:
    try:
        return CameOf(step(engine))
    except BookingError as refusal:
        return CameOf(refusal=type(refusal).__name__)
    except Exception as fault:
        return CameOf(fault=f"{fault!r}"[:500])


def run(url: str, ready: Barrier, number: int, share: Sequence[Step], results: Any) -> None:
    """One process with an engine of its own: begins each of its steps with the others."""
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    for place, step in enumerate(share):
        ready.wait(PATIENCE)
        results.put((place, number, came_of(step, engine)))
    engine.dispose()


def together(url: str, shares: Sequence[Sequence[Step]]) -> list[list[CameOf]]:
    """Take every share in a process of its own: all begin their first step at once, then their second, and so on.

    Gives the outcomes of each of these moments, in the order of the shares. A fault fails the test.
    """
    moments = len(shares[0])
    assert {len(share) for share in shares} == {moments}, "shares must be of one length"
    ready, results = CONTEXT.Barrier(len(shares)), CONTEXT.Queue()
    running = [
        CONTEXT.Process(target=run, args=(url, ready, number, share, results)) for number, share in enumerate(shares)
    ]
    for process in running:
        process.start()
    outcomes = sorted((results.get(timeout=PATIENCE) for _ in range(moments * len(shares))), key=lambda one: one[:2])
    for process in running:
        process.join(PATIENCE)
    faults = [outcome.fault for _, _, outcome in outcomes if outcome.fault]
    assert not faults, faults[:5]
    told = [outcome for _, _, outcome in outcomes]
    return [told[at : at + len(shares)] for at in range(0, len(told), len(shares))]
