"""The same confirmation, however often it is sent and whatever dies meanwhile, makes one appointment and one mail."""

from __future__ import annotations

import http.client
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from booking.models import Appointment, Message
from tests.databases import Database
from tests.factories import a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.races.crowd import Answer, Resident, all_at_once
from tests.races.test_bookings import HOME, SERVICE, surroundings
from tests.serving import gunicorn

pytestmark = pytest.mark.races

START = int(at(MONDAY, "11:00").timestamp()) // 60
ANA = {"name": "Ana Peeters", "email": "ana@example.org", "phone": "", "language": "fr", "help_language": ""}


def holding(server: str) -> tuple[Resident, dict[str, str]]:
    """Ana in front of the filled form: her browser, and what it would send."""
    ana = Resident(server, "10.0.0.1")
    token = ana.get(f"{SERVICE}/times").hidden("csrf_token")
    ana.post(f"{SERVICE}/hold", office="town-hall", persons=1, start=START, csrf_token=token)
    page = ana.get(f"{HOME}/details")
    return ana, {**ANA, "csrf_token": page.hidden("csrf_token"), "hold": page.hidden("hold")}


def reference_on(page: Answer) -> str:
    found = re.search(r'class="reference">([^<]+)<', page.text)
    assert found, page.text[:800]
    return found.group(1)


def test_twenty_times_the_same_confirmation_is_one_appointment(database: Database, tmp_path: Path) -> None:
    database.write(a_working_commune)
    with gunicorn(surroundings(database, tmp_path), workers=4, log=tmp_path / "log", moment=EARLY) as web:
        ana, form = holding(web.address)
        windows = [replace(ana, cookies=dict(ana.cookies)) for _ in range(20)]

        def confirm(window: Resident) -> Answer:
            return window.get(window.post(f"{HOME}/details", **form).location)

        pages = all_at_once(windows, confirm)

    assert {page.status for page in pages} == {200}
    assert len({reference_on(page) for page in pages}) == 1
    assert database.count(Appointment) == database.count(Message) == 1


def test_a_kill_between_commit_and_answer_loses_nothing(database: Database, tmp_path: Path) -> None:
    database.write(a_working_commune)
    dying = f"tests.races.dying:app_dying({EARLY.isoformat()!r}, '{HOME}/details', {str(tmp_path / 'died')!r})"
    surrounding = surroundings(database, tmp_path)
    with gunicorn(surrounding, workers=1, log=tmp_path / "log", target=dying) as web:
        ana, form = holding(web.address)
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            ana.post(f"{HOME}/details", **form)
        assert (tmp_path / "died").exists()
        reference = database.one(select(Appointment.reference))
        again = ana.get(ana.post(f"{HOME}/details", **form).location)

    assert reference_on(again).replace("\u00a0", "").replace(" ", "") == reference
    assert database.count(Appointment) == database.count(Message) == 1
