"""``python -m bench [--quick]``: every measurement on both databases, as a table of medians and ratios.

*Ours* goes through the use-cases or the pages. The *floor* is as little as can do the same: the same statements by the
raw driver, the bits counted by a few lines that know this one place, a page of as many bytes from a bare template. What
must not grow with the years has itself as its floor, in a database without any years behind it.
Both are measured in turn on the same machine in the same minute, so the ratio is what counts and not the milliseconds.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url, text

from bench import archive, bookings, effects, feeds, figures, offers, pages, possibilities, queue
from bench.crowd import crowd
from bench.place import Place, a_place, fill, two_offices
from bench.timing import HEAD, Row
from booking.database import in_unit
from tests.databases import ENGINES, Database, Databases


@dataclass(frozen=True)
class Runs:
    """How often each thing is done; medians are taken over so many pairs."""

    offers: int = 25
    bookings: int = 100
    past: int = 200_000
    ends: int = 25
    counted: int = 1_000_000
    rounds: int = 3
    requests: int = 400
    processes: int = 16
    each: int = 50
    agents: int = 8
    people: int = 500
    polled: float = 12.0


QUICK = Runs(
    offers=3,
    bookings=5,
    past=2_000,
    ends=3,
    counted=20_000,
    rounds=1,
    requests=60,
    processes=4,
    each=5,
    agents=2,
    people=20,
    polled=0.5,
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="What Guichet costs, as ratios.")
    parser.add_argument("--quick", action="store_true", help="a few runs: whether it works, not what it costs")
    runs = QUICK if parser.parse_args().quick else Runs()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        databases = Databases(folder, "bench", None)
        try:
            for name in ENGINES:
                measure(name, databases, folder, runs)
        finally:
            databases.close()
            if databases.cluster:
                databases.cluster.remove()


def measure(name: str, databases: Databases, folder: Path, runs: Runs) -> None:
    full, copy, empty, old, new = (fresh(databases, name, use) for use in ("full", "copy", "empty", "old", "new"))
    many = fresh(databases, name, "many")
    # What is booked in one database is told again to its copy: a second office has a database of its own.
    apart = fresh(databases, name, "apart")
    place = one_place(full, copy, empty, old, new, many)
    visits = {in_unit(database.engine, fill, place=place) for database in (full, copy)}
    offices = in_unit(apart.engine, two_offices)
    for office in offices:
        in_unit(apart.engine, fill, place=office)
    for database in (full, copy, apart):
        know(database)
    print(f"\n{name}, {len(place.counters)} counters, {visits.pop()} visits in 90 days\n{HEAD}")
    show(*offers.measure(full.engine, place, runs=runs.offers))
    show(*effects.measure(full.engine, place, runs=runs.offers))
    show(*possibilities.measure(apart.engine, offices, runs=runs.offers))
    show(bookings.measure(full.engine, copy.engine, place, runs=runs.bookings))
    show(*archive.measure(old.engine, new.engine, place, visits=runs.past, runs=runs.ends))
    years = (many.engine, old.engine, new.engine, url_of(many))
    show(*figures.measure(*years, place, folder, appointments=runs.counted, runs=runs.rounds))
    show(*pages.measure(full.engine, url_of(full), place, folder, requests=runs.requests, rounds=runs.rounds))
    show(
        queue.measure(
            apart.engine, url_of(apart), offices[0], agents=runs.agents, people=runs.people, rounds=runs.rounds
        )
    )
    asked = {"requests": runs.requests, "rounds": runs.rounds, "seconds": runs.polled}
    fresh_again, share = feeds.measure(copy.engine, url_of(copy), place, folder, **asked)
    show(*fresh_again)
    print(share, flush=True)
    print(crowd(empty.engine, url_of(empty), place, processes=runs.processes, each=runs.each), flush=True)


def one_place(*databases: Database) -> Place:
    """The same place in each database, ids and all."""
    (place,) = {in_unit(database.engine, a_place) for database in databases}
    return place


def show(*rows: Row) -> None:
    for row in rows:
        print(row, flush=True)


def fresh(databases: Databases, name: str, use: str) -> Database:
    """A new database with its tables."""
    database = databases.bare(name, use)
    database.create()
    return database


def know(database: Database) -> None:
    """Tell PostgreSQL what is in it: that of an installation finds out by itself, that of tests does not."""
    if database.engine.dialect.name == "postgresql":
        in_unit(database.engine, lambda session: session.execute(text("ANALYZE")) and None)


def url_of(database: Database) -> str:
    return make_url(database.url).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
