"""What figures cost: the page of years of appointments, which must come soon, and counting one day anew, which must
not grow with the years.

The page has a limit instead of a floor: so long may whoever asks for everything at once wait.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from contextlib import redirect_stderr
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from bench.pages import HOME, SECRET, asking
from bench.place import Place, fill
from bench.timing import Row, paired, seconds
from booking.core.figures import Lead, Sums, Told, Way
from booking.core.roles import Role
from booking.database import in_unit
from booking.models import Commune, DailyFigure, FirstFree, HourlyFigure
from booking.settings import Settings
from booking.usecases.daily_figures import count_day, figure_row
from booking.usecases.people import open_session
from booking.usecases.statements import table_of
from tests.factories import a_person
from tests.moments import EARLY, MONDAY, at

SECONDS = {"sqlite": 5.0, "postgresql": 2.0}
A_DAY = 520
"""So many appointments twenty counters have on a day."""

AT_ONCE = 40
OPEN_HOURS = range(8, 15)
CHOICES = [f"{lead} {told}" for lead in Lead for told in Told]
WAYS = [f"{way} {language}" for way in Way for language in ("fr", "nl")]


def measure(
    many: Engine, old: Engine, new: Engine, url: str, place: Place, folder: Path, *, appointments: int, runs: int
) -> list[Row]:
    """The page over the kept days of so many appointments; one day counted beside years of visits and without any."""
    days = years_of_days(many, place, appointments)
    for engine in (old, new):
        in_unit(engine, fill, place=place, days=1)
    acts = [counting(engine, place) for engine in (old, new)]
    return [
        whole_period(many, url, days, place, folder, appointments=appointments, runs=runs),
        paired("one day of figures counted anew, beside years", *acts, runs=runs, most=2),
    ]


def years_of_days(engine: Engine, place: Place, appointments: int) -> list[date]:
    """As many days as so many appointments take, written as what the worker would have kept of each."""
    dice = random.Random(20270104)
    number = -(-appointments // A_DAY)
    days = [MONDAY - timedelta(days=back) for back in range(number, 0, -1)]
    for begin in range(0, number, AT_ONCE):
        in_unit(engine, write_days, place=place, days=days[begin : begin + AT_ONCE], dice=dice)
    in_unit(engine, lambda session: session.execute(text("ANALYZE")) and None)
    return days


def write_days(session: Session, *, place: Place, days: list[date], dice: random.Random) -> None:
    figures: list[dict[str, Any]] = []
    hours: list[dict[str, Any]] = []
    free: list[dict[str, Any]] = []
    for day in days:
        this = {"commune_id": place.commune_id, "office_id": place.office_id, "day": day}
        for service in place.services:
            sums = a_service_of_a_day(-(-A_DAY // len(place.services)), dice)
            figures.append(this | figure_row(service, sums))
            free.append(this | {"service_id": service, "days": dice.randint(1, 30)})
        minutes = {"open_minutes": 1200, "walk_in_minutes": 0, "taken_minutes": 900, "used_minutes": 800}
        hours += (this | {"hour": hour} | minutes for hour in OPEN_HOURS)
    for model, rows in ((DailyFigure, figures), (HourlyFigure, hours), (FirstFree, free)):
        session.execute(insert(table_of(model)), rows)


def a_service_of_a_day(number: int, dice: random.Random) -> Sums:
    """So many visits, each of which waited and took as long as it did."""

    def counted(draw: Callable[[], Any]) -> dict[Any, int]:
        found: dict[Any, int] = {}
        for _ in range(number):
            key = draw()
            found[key] = found.get(key, 0) + 1
        return found

    return Sums(
        ways=counted(lambda: dice.choice(WAYS)),
        came=counted(lambda: dice.choice(CHOICES)),
        missed={dice.choice(CHOICES): 1},
        waits=counted(lambda: dice.randint(0, 40)),
        serving=counted(lambda: dice.randint(5, 30)),
        handled=number,
    )


def whole_period(
    engine: Engine, url: str, days: list[date], place: Place, folder: Path, *, appointments: int, runs: int
) -> Row:
    """The page of all these days at once, as an administrator gets it."""
    token = in_unit(engine, signed_in, commune_id=place.commune_id)
    settings = Settings(database_url=url, secret_key=SECRET, base_url="http://localhost", instance=folder)
    most = SECONDS[engine.dialect.name]
    with redirect_stderr(StringIO()), asking(settings) as client:  # a line for each request, which nobody reads here
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        ask = page_of(client, f"{HOME}/admin/figures?from={days[0]}&until={days[-1]}")
        ask()
        taken = statistics.median(seconds(ask) for _ in range(runs))
    what = f"page of figures over {appointments} appointments"
    return Row(what, f"{taken * 1000:.0f} ms", f"{most * 1000:.0f} ms", taken / most, most=1)


def page_of(client: FlaskClient, address: str) -> Callable[[], None]:
    def ask() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status

    return ask


def signed_in(session: Session, *, commune_id: int) -> str:
    commune = session.get_one(Commune, commune_id)
    dora = a_person(session, commune, name="Dora", email="dora@mairie-nord.example", role=Role.ADMINISTRATOR)
    return open_session(session, person_id=dora.id, now=EARLY)


def counting(engine: Engine, place: Place) -> Callable[[], None]:
    """A full day of twenty counters, counted as the worker does it."""
    now = at(MONDAY + timedelta(days=1), "03:00")
    return lambda: in_unit(engine, count_day, office_id=place.office_id, day=MONDAY, now=now)
