"""How Dora closes a day while others book: a look at whom it touches, a decision about each, the change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from booking.core.changes import NEW, AddClosure
from booking.core.errors import Undecided
from booking.core.opening import ClosureRule
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.database import reading
from booking.models import Counter
from booking.usecases.counters import deactivate_counter
from booking.usecases.effects import Decision, effect_of
from booking.usecases.journal import Actor
from booking.usecases.opening import make_change
from booking.usecases.settling import Outcome, Wanted
from tests.moments import EARLY
from tests.races.processes import Unit

DORA = Actor(role=Role.ADMINISTRATOR)
STRIKE = Translated.of(fr="Grève", nl="Staking")


def closure(day: date) -> AddClosure:
    """The whole commune closed on one day."""
    return AddClosure(None, ClosureRule(id=NEW, first=day, last=day), STRIKE)


def closing(commune_id: int, change: AddClosure, decided: Mapping[int, Decision]) -> Unit:
    told = {"commune_id": commune_id, "change": change, "wanted": Wanted(decided, STRIKE)}
    return Unit(make_change, {**told, "actor": DORA, "now": EARLY})


def taking_away(counter: Counter) -> Unit:
    """A counter goes out of use."""
    told = {"commune_id": counter.commune_id, "counter_id": counter.id, "actor": DORA, "now": EARLY}
    return Unit(deactivate_counter, told)


@dataclass(frozen=True)
class Closed:
    """What Dora decided about each on her list, and what was done."""

    decided: dict[int, Decision]
    outcome: Outcome


def closes(engine: Engine, *, commune_id: int, day: date, looks: bool = True) -> Closed:
    """Dora sees whom the closure touches, decides about exactly those, and about who came meanwhile when told.

    Without ``looks`` she has seen the list before anybody was on it.
    """
    change, decided = closure(day), dict[int, Decision]()
    if looks:
        with reading(engine) as session:
            decided = decisions(effect_of(session, commune_id=commune_id, change=change, now=EARLY).ids)
    while True:
        try:
            return Closed(decided, closing(commune_id, change, decided)(engine))
        except Undecided as refusal:
            decided = decided | decisions(refusal.appointments)


def decisions(appointments: Iterable[int]) -> dict[int, Decision]:
    """Dora keeps every third one, and asks every third one about another time."""
    ways = (Decision.KEEP, Decision.CANCEL, Decision.PROPOSE)
    return {one: ways[one % 3] for one in appointments}
