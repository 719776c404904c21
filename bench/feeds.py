"""What it costs that screens and agents ask again and again: answers that nothing has changed, and a full counter page.

A bare page for the first is one that reads one row by the raw driver and answers 304; for the second, one that reads
the visits of the day and renders as many bytes. The share of the processor is what two workers really used while a
hundred screens and thirty agents asked every three seconds.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
import urllib.error
import urllib.request
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench import bare
from bench.offers import days_of
from bench.pages import HOME, SECRET, WORKERS, agent_of, get, rate, signed_in
from bench.place import Place
from bench.queue import queue_up
from bench.timing import Row
from booking.core.roles import Role
from booking.database import in_unit
from booking.models import Person, Service
from booking.usecases.desks import open_desk
from booking.usecases.journal import Actor
from booking.usecases.screens import renew_screen
from tests.moments import EARLY, MONDAY
from tests.serving import Process, gunicorn

SCREENS, AGENTS, EVERY_SECONDS = 100, 30, 3
WAITING = 200
DESK = f"{HOME}/agent/desk"
ONE_ROW = "select count(*), sum(version) from ticket where office_id = {office} and local_date = '{day}'"


def measure(
    engine: Engine, url: str, place: Place, folder: Path, *, requests: int, rounds: int, seconds: float
) -> tuple[list[Row], str]:
    """The rows, and a line that says what the polling of a whole hall takes of the processor."""
    in_unit(engine, agent_of, commune_id=place.commune_id)
    in_unit(engine, queue_up, place=place, people=WAITING)
    secret = in_unit(engine, open_hall, place=place)
    cookie = signed_in(url, folder)
    environment = {
        "GUICHET_ENV": "production",
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "SMTP_URL": "smtp://127.0.0.1",
    }
    with gunicorn(environment, workers=WORKERS, log=folder / "log", moment=EARLY) as ours:
        feed, desk = f"{ours.address}/screen/{secret}/feed", ours.address + DESK
        tag, (headers, page) = tag_of(feed), get(desk, cookie)
        kept = folder / "bare.json"
        facts(engine, url, place, headers, len(page)).save(kept)
        simple_one = gunicorn(
            {"BARE_PAGE": str(kept)},
            workers=WORKERS,
            log=folder / "log",
            target="bench.bare:create_app()",
            path="/page",
        )
        with simple_one as simple:
            fresh = [
                (rate(feed, "", requests, tag), rate(f"{simple.address}/fresh", "", requests, tag))
                for _ in range(rounds)
            ]
            pages = [
                (rate(desk, cookie, requests), rate(f"{simple.address}/page", "", requests)) for _ in range(rounds)
            ]
        share = share_of(ours, feed, tag, desk, cookie, seconds=seconds)
    rows = [
        row("a screen is told that nothing has changed", fresh, least=0.5),
        row(f"an agent's page, {WAITING} waiting ({len(page) // 1000} kB)", pages, least=0.3),
    ]
    return rows, f"{SCREENS} screens and {AGENTS} agents ask every {EVERY_SECONDS} s: {share:.0%} of one core"


def row(what: str, rates: list[tuple[float, float]], *, least: float) -> Row:
    mine, made = (statistics.median(one[side] for one in rates) for side in (0, 1))
    ratio = statistics.median(ours / other for ours, other in rates)
    return Row(what, f"{mine:.0f}/s", f"{made:.0f}/s", ratio, least=least)


def open_hall(session: Session, *, place: Place) -> str:
    """An agent sits at the first counter, and a screen hangs in the hall: its secret."""
    actor = Actor(Role.AGENT, session.scalars(select(Person.id)).first())
    own = {"commune_id": place.commune_id, "actor": actor, "now": EARLY}
    open_desk(session, **own, office_ids=[place.office_id], counter_id=place.counters[0])
    return renew_screen(session, **own, office_id=place.office_id)


def facts(engine: Engine, url: str, place: Place, headers: list[tuple[str, str]], length: int) -> bare.Facts:
    with Session(engine) as session:
        service = session.get_one(Service, place.services[0])
    return bare.Facts(
        url=url,
        kind="visits",
        query=bare.VISITS.format(office=place.office_id, day=MONDAY.isoformat(), now=f"{EARLY:%F %T}.000000"),
        headers=headers,
        length=length,
        days=asdict(days_of(place, service, MONDAY)),
        ticks=3,
    )


def tag_of(address: str) -> str:
    with urllib.request.urlopen(address) as answer:
        return str(answer.headers["ETag"])


def share_of(ours: Process, feed: str, tag: str, desk: str, cookie: str, *, seconds: float) -> float:
    """The processor time of the workers per second, while everybody asks in turn at an even pace."""
    pause = EVERY_SECONDS / (SCREENS + AGENTS)
    desk_tag = tag_with(desk, cookie)
    asking: list[threading.Thread] = []
    begin, before = time.perf_counter(), used(ours)
    for number in range(int(seconds / pause)):
        is_screen = number % (SCREENS + AGENTS) < SCREENS
        asked = (feed, "", tag) if is_screen else (desk, cookie, desk_tag)
        asking.append(threading.Thread(target=ask, args=asked))
        asking[-1].start()
        threading.Event().wait(max(0.0, begin + (number + 1) * pause - time.perf_counter()))
    for one in asking:
        one.join()
    return (used(ours) - before) / (time.perf_counter() - begin)


def tag_with(address: str, cookie: str) -> str:
    request = urllib.request.Request(address, headers={"Cookie": cookie, "X-Fresh": "1"})
    with urllib.request.urlopen(request) as answer:
        return str(answer.headers["ETag"])


def ask(address: str, cookie: str, tag: str) -> None:
    request = urllib.request.Request(address, headers={"Cookie": cookie, "X-Fresh": "1", "If-None-Match": tag})
    try:
        urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as answer:
        if answer.code != 304:
            raise


def used(ours: Process) -> float:
    """Seconds of processor time that the workers have used so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0
    for pid in ours.children():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / ticks
