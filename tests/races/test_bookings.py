"""Four hundred people want twenty times: twenty get one each, everybody is told, nothing else happens."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Appointment, Claim, Message
from booking.usecases.check import problems
from tests.databases import Database
from tests.factories import a_commune, a_counter, a_service, a_session, an_office
from tests.moments import EARLY, MONDAY, at
from tests.races.crowd import Answer, Resident, all_at_once
from tests.serving import gunicorn

pytestmark = pytest.mark.races

CROWD, TIMES, PROCESSES = 400, 20, 4
ROUNDS = range(1, 6)
HOME = "/fr/mairie-nord"
SERVICE = f"{HOME}/services/identity-card"


def twenty_times(session: Session) -> None:
    """One counter that is open for exactly twenty visits of a quarter of an hour."""
    home = a_commune(session)
    office = an_office(session, home)
    service = a_service(session, home, horizon_days=1)
    a_session(session, office, [a_counter(session, office, serves=[service])], start="11:00", end="16:00")


def surroundings(database: Database, folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database.url,
        "SECRET_KEY": "of these tests",
        "TRUSTED_PROXIES": "1",
        "INSTANCE_DIR": str(folder),
    }


def starts() -> list[int]:
    first = int(at(MONDAY, "11:00").timestamp()) // 60
    return [first + 15 * number for number in range(TIMES)]


def books(resident: Resident, start: int) -> Answer:
    """Hold a time and confirm it; where it is gone, take one of those offered instead, as long as there are any."""
    token = resident.get(f"{SERVICE}/times").hidden("csrf_token")
    wish: dict[str, Any] = {"office": "town-hall", "persons": 1, "csrf_token": token, "service": "identity-card"}
    answer = resident.post(f"{SERVICE}/hold", **wish, start=start)
    while answer.status == 409 and (near := answer.buttons("start")):
        answer = resident.post(f"{HOME}/details/take", **wish, start=near[0])
    if answer.status == 303:
        answer = resident.get(answer.location)
    if answer.status != 200:
        return answer
    details = {
        "phone": "",
        "help_language": "",
        "name": f"Ana {resident.address}",
        "email": f"ana.{resident.address}@example.org",
        "language": "fr",
    }
    answer = resident.post(f"{HOME}/details", **wish, **details, hold=answer.hidden("hold"))
    return resident.get(answer.location) if answer.status == 303 else answer


@pytest.mark.parametrize("round_", ROUNDS)
def test_twenty_of_four_hundred_get_a_time_and_the_others_are_told(
    database: Database, tmp_path: Path, round_: int
) -> None:
    database.write(twenty_times)
    offered = starts()
    with gunicorn(surroundings(database, tmp_path), workers=PROCESSES, log=tmp_path / "log", moment=EARLY) as web:
        crowd = [Resident(web.address, f"10.{n // 200}.{n % 200}.{round_}") for n in range(CROWD)]
        answers = all_at_once(crowd, lambda resident: books(resident, offered[hash(resident.address) % TIMES]))

    told = Counter(answer.status for answer in answers)
    assert told == {200: TIMES, 409: CROWD - TIMES}, told
    assert all(answer.says("Votre rendez-vous est fixé.") for answer in answers if answer.status == 200)
    assert all(answer.says("autre heure libre") for answer in answers if answer.status == 409)
    assert len(set(database.all(select(Appointment.start)))) == TIMES
    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == TIMES
    assert database.count(Message) == TIMES
    claimed = select(func.count()).select_from(Claim).group_by(Claim.appointment_id)
    assert database.all(claimed) == [3] * TIMES
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []
