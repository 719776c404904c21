"""Bare pages: what ours show, from the same tables by the raw driver, as little as Flask and Jinja can do for it.

Served by the same server with the headers of ours, and filled up with markup to as many bytes. ``/constant`` is the
same again with nothing behind it: a text that was made before.
"""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, Response
from sqlalchemy import make_url

from bench import floor

EPOCH = date(1970, 1, 1)
MARKUP = '<span class="govuk-visually-hidden"></span>\n'


@dataclass(frozen=True)
class Facts:
    """What a bare page is told: where the database is, what to ask, how many bytes its page must have."""

    url: str
    kind: str
    query: str
    headers: list[tuple[str, str]]
    length: int
    days: dict[str, Any]
    ticks: int

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self)))


TILES = """select c.id, c.name, s.language, s.slug, p.code from commune c
join commune_slug s on s.commune_id = c.id join postcode p on p.commune_id = c.id order by c.id"""

TAKEN = """select counter_id, start, "end" from appointment where office_id = {office} and "end" > {after}
and "end" <= {latest} and start <= {until} and (state in ('booked', 'fulfilled', 'missed') or held_until > '{now}')"""

VISITS = """select a.id, a.version, cast(a.wall_time as varchar), l.minutes, c.label, a.name, l.service_name, l.persons,
a.language, a.reference, a.state from appointment a join counter c on c.id = a.counter_id
join appointment_line l on l.appointment_id = a.id
where a.office_id = {office} and a.local_date = '{day}' and a.state <> 'cancelled'
and (a.state <> 'held' or a.held_until > '{now}') order by a.start, a.counter_id"""


HOURS = """select c.label, s.weekdays, cast(s.wall_start as varchar), cast(s.wall_end as varchar), s.mode
from opening_session s join opening_counter o on o.session_id = s.id join counter c on c.id = o.counter_id
where s.office_id = {office} order by c.position, s.wall_start"""


def create_app() -> Flask:
    """The bare page that the file named by ``BARE_PAGE`` describes."""
    facts = Facts(**json.loads(Path(os.environ["BARE_PAGE"]).read_text()))
    days, connection = floor.Days(**facts.days), connected(facts.url)
    app = Flask(__name__)
    app.extensions["connection"] = connection
    app.jinja_env.filters["read"] = cache(json.loads)
    template = app.jinja_env.get_template(f"{facts.kind}.html")

    def rows() -> list[Any]:
        found: list[Any] = connection.execute(facts.query).fetchall()
        return by_day(floor.every_start(days, found, facts.ticks)) if facts.kind == "month" else found

    def rendered(filler: str) -> str:
        return template.render(rows=rows(), filler=filler)

    @cache
    def filler() -> str:
        return MARKUP * ((facts.length - len(rendered(""))) // len(MARKUP))

    @cache
    def constant() -> str:
        return rendered(filler())

    @app.get("/page")
    def page() -> Response:
        return Response(rendered(filler()), headers=facts.headers)

    @app.get("/constant")
    def same() -> Response:
        return Response(constant(), headers=facts.headers)

    @app.get("/fresh")
    def fresh() -> Response:
        # Whatever the database says is what the other side has already.
        connection.execute(facts.query).fetchall()
        return Response(status=304, headers={"ETag": 'W/"the-same"'})

    return app


def connected(url: str) -> Any:
    """A connection of the raw driver that nobody has to commit."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return sqlite3.connect(str(address.database), check_same_thread=False)
    host, user = str(address.query["host"]), address.username
    return psycopg.connect(host=host, user=user, dbname=address.database, autocommit=True)


def by_day(ticks: list[int]) -> list[tuple[date, list[int]]]:
    days = groupby(ticks, key=lambda tick: tick // floor.DAY)
    return [(EPOCH + timedelta(days=day), list(found)) for day, found in days]
