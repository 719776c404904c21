"""Calendar, agenda, hours and first page under gunicorn with two sync workers, against bare pages of as many bytes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import asdict
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench import bare, floor
from bench.offers import days_of
from bench.place import Place
from bench.timing import Row
from booking import create_app
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.database import db, in_unit
from booking.models import Commune, Counter, Office, Service
from booking.settings import Settings
from booking.usecases.people import open_session
from tests.factories import PASSWORD, a_person, a_session
from tests.moments import BRUSSELS, EARLY, MONDAY, at
from tests.pages import visit
from tests.serving import Process, gunicorn

WORKERS = 2
HOME = "/fr/mairie-nord"
BARE = "bench.bare:create_app()"
SECRET = "of this measurement"
MONTH_END = date(MONDAY.year, MONDAY.month, 31)
ADDRESSES = {
    "tiles": "/",
    "month": f"{HOME}/services/service-0/times?office=town-hall&day={MONDAY.isoformat()}",
    "visits": f"{HOME}/agent/?day={MONDAY.isoformat()}",
    "hours": f"{HOME}/admin/hours/town-hall?week={MONDAY.isoformat()}",
}
NAMES = {
    "tiles": "first page",
    "month": "calendar of a month",
    "visits": "agenda of a full day",
    "hours": "week picture, 20 counters",
}
LEAST = {"hours": 0.3}
UNTOLD = {"connection", "server", "date", "content-length", "set-cookie", "transfer-encoding", "content-type"}
Page = tuple[list[tuple[str, str]], bytes]


def measure(engine: Engine, url: str, place: Place, folder: Path, *, requests: int, rounds: int) -> list[Row]:
    """A row for each page, and beside it how the same bytes do with nothing behind them."""
    in_unit(engine, agent_of, commune_id=place.commune_id)
    administrator = in_unit(engine, administrator_of, commune_id=place.commune_id)
    in_unit(engine, hours_of_their_own, place=place)
    environment = {
        "GUICHET_ENV": "production",
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "SMTP_URL": "smtp://127.0.0.1",
    }
    cookies = {"visits": signed_in(url, folder), "hours": cookie_for(url, folder, administrator)}
    found, log = [], folder / "log"
    for kind in ADDRESSES:
        with gunicorn(environment, workers=WORKERS, log=log, moment=EARLY) as ours:
            theirs = cookies.get(kind, "")
            page = get(ours.address + ADDRESSES[kind], theirs)
            kept = folder / "bare.json"
            facts_of(engine, url, place, kind, page).save(kept)
            with gunicorn(
                {"BARE_PAGE": str(kept)},
                workers=WORKERS,
                log=folder / "log",
                target="bench.bare:create_app()",
                path="/page",
            ) as simple:
                found.append(compared(kind, ours, theirs, simple, len(page[1]), requests, rounds))
    return found


def compared(kind: str, ours: Process, cookie: str, simple: Process, length: int, requests: int, rounds: int) -> Row:
    addresses = [ours.address + ADDRESSES[kind], f"{simple.address}/page", f"{simple.address}/constant"]
    for address in addresses[1:]:
        other = len(get(address, "")[1])
        assert abs(other - length) <= length / 10, f"{address}: {other} bytes, ours {length}"
    rates = [[rate(address, cookie, requests) for address in addresses] for _ in range(rounds)]
    mine, made, constant = (statistics.median(one[side] for one in rates) for side in range(3))
    ratio = statistics.median(one[0] / one[1] for one in rates)
    what = f"{NAMES[kind]} ({length // 1000} kB; constant text {constant:.0f}/s)"
    return Row(what, f"{mine:.0f}/s", f"{made:.0f}/s", ratio, least=LEAST.get(kind, 0.5))


def facts_of(engine: Engine, url: str, place: Place, kind: str, page: Page) -> bare.Facts:
    headers, body = page
    with Session(engine) as session:
        service = session.get_one(Service, place.services[0])
    first, last = floor.tick(at(MONDAY, "00:00")), floor.tick(at(MONTH_END + timedelta(days=1), "00:00"))
    queries = {
        "tiles": bare.TILES,
        "month": bare.TAKEN.format(
            office=place.office_id, after=first, latest=last + floor.DAY, until=last, now=f"{EARLY:%F %T}.000000"
        ),
        "hours": bare.HOURS.format(office=place.office_id),
        "visits": bare.VISITS.format(office=place.office_id, day=MONDAY.isoformat(), now=f"{EARLY:%F %T}.000000"),
    }
    return bare.Facts(
        url=url,
        kind=kind,
        query=queries[kind],
        headers=headers,
        length=len(body),
        days=asdict(days_of(place, service, MONTH_END)),
        ticks=service.minutes_first // 5,
    )


def agent_of(session: Session, *, commune_id: int) -> None:
    a_person(session, session.get_one(Commune, commune_id))


def administrator_of(session: Session, *, commune_id: int) -> str:
    """Somebody who may see the hours; gives what their cookie says."""
    email, role = "dora@mairie-nord.example", Role.ADMINISTRATOR
    dora = a_person(session, session.get_one(Commune, commune_id), email=email, role=role)
    return open_session(session, person_id=dora.id, now=EARLY)


def hours_of_their_own(session: Session, *, place: Place) -> None:
    """An afternoon for each counter that is no other's, so that a picture cannot draw two of them as one."""
    office = session.get_one(Office, place.office_id)
    for number, counter_id in enumerate(place.counters):
        start = at(MONDAY, "14:30") + number * timedelta(minutes=5)
        hours = {"start": f"{start.astimezone(BRUSSELS):%H:%M}", "end": "18:00", "mode": Mode.WALK_IN}
        a_session(session, office, [session.get_one(Counter, counter_id)], **hours)


@contextmanager
def asking(settings: Settings) -> Iterator[FlaskClient]:
    """The application in this process; its connections are closed afterwards."""
    app = create_app(settings, lambda: EARLY)
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


def cookie_for(url: str, folder: Path, token: str) -> str:
    """The cookie of somebody who has signed in."""
    settings = Settings(database_url=url, secret_key=SECRET, base_url="http://127.0.0.1", instance=folder)
    with asking(settings) as client, client.session_transaction() as cookie:
        cookie["_user_id"] = token
    signed = client.get_cookie("guichet")
    assert signed is not None
    return f"guichet={signed.value}"


def signed_in(url: str, folder: Path) -> str:
    """The cookie of an agent, got by signing in."""
    settings = Settings(database_url=url, secret_key=SECRET, base_url="http://127.0.0.1", instance=folder)
    with redirect_stderr(StringIO()), asking(settings) as client:  # a line for each request, which nobody reads here
        sign_in = visit(client, f"{HOME}/agent/sign-in")
        sign_in.submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    cookie = client.get_cookie("guichet")
    assert cookie is not None
    return f"guichet={cookie.value}"


def get(address: str, cookie: str) -> Page:
    """Headers that every answer carries, and the body."""
    request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
        headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in UNTOLD]
        return headers, answer.read()


def rate(address: str, cookie: str, requests: int, tag: str = "") -> float:
    """Requests per second, from a process of its own."""
    command = [sys.executable, "-m", "bench.load", address, cookie, str(requests), *([tag] if tag else [])]
    per_second, wrong = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert not wrong, f"{wrong} requests to {address} were not answered"
    return float(per_second)
