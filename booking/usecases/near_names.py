"""Names that are nearly what was heard: a letter wrong, missing, added or swapped, or words that are run together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.text import folded
from booking.usecases.cautions import with_cautions
from booking.usecases.visits import APPOINTMENTS, Visit
from booking.usecases.visits_found import IS_NAMED, named, of_these

SINCE = timedelta(days=30)
"""Who calls about a visit under a name that is misheard has come lately, or is still to come."""

SHORTEST, LONG = 4, 8
"""Shorter words are right or wrong; in long ones two letters may be."""

PARTICLE = 3
"""Up to so many letters a word is often written together with the next: *van den*, *el*, *de la*."""

MOST_NAMES, MOST_NEAR = 25, 20

Spellings = Mapping[str, Sequence[str]]
"""How the words of names are spelled, alone or run together, each with the names it stands in."""


def near(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    text: str,
    today: date,
    now: datetime,
    known: Collection[int] = (),
) -> tuple[Visit, ...]:
    """Visits of the last month and of the days to come under nearly this name, 20 at most, in the order of ``find``.

    ``known`` are those that were found already.
    """
    words = folded(text).split()
    if not any(len(word) >= SHORTEST for word in words):
        return ()
    lately = (APPOINTMENTS.c.commune_id == commune_id, APPOINTMENTS.c.local_date >= today - SINCE)
    names = session.scalars(select(APPOINTMENTS.c.name_search).where(*lately, IS_NAMED).distinct())
    likely = likeliest(words, spellings_of([name for name in names if name]))
    if not likely:
        return ()
    found = named(
        session,
        APPOINTMENTS.c.name_search.in_(likely),
        commune_id=commune_id,
        office_ids=office_ids,
        today=today,
        since=today - SINCE,
    )
    near = of_these(session, [one for one in found if one not in known][:MOST_NEAR], today=today, now=now)
    return with_cautions(session, near, commune_id=commune_id, now=now)


def spellings_of(names: Sequence[str]) -> Spellings:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        words = name.split()
        for word in words:
            found[word].append(name)
        if any(len(word) <= PARTICLE for word in words):
            for run in runs_of(words):
                found[run].append(name)
    return found


def runs_of(words: Sequence[str]) -> Iterator[str]:
    """Two or three words that follow one another, written as one."""
    for number in (2, 3):
        yield from ("".join(words[at : at + number]) for at in range(len(words) - number + 1))


def likeliest(words: Sequence[str], spellings: Spellings) -> list[str]:
    """The names in which nearly every word of these stands, or all of them run together, the nearest first."""
    errors: dict[str, int] = {}
    for wanted in {tuple(words), ("".join(words),)}:
        for name, wrong in errors_in(wanted, spellings).items():
            errors[name] = min(wrong, errors.get(name, wrong))
    return sorted(errors, key=lambda name: (errors[name], name))[:MOST_NAMES]


def errors_in(words: Sequence[str], spellings: Spellings) -> dict[str, int]:
    """The names that have all of these words, each with how many letters are wrong in them."""
    found: dict[str, int] | None = None
    for word in words:
        here: dict[str, int] = {}
        for spelling, wrong in alike(word, spellings):
            for name in spellings[spelling]:
                here[name] = min(wrong, here.get(name, wrong))
        found = here if found is None else {name: found[name] + here[name] for name in found.keys() & here.keys()}
    return found or {}


def alike(word: str, spellings: Spellings) -> Iterator[tuple[str, int]]:
    if len(word) < SHORTEST:
        if word in spellings:
            yield word, 0
        return
    most = 2 if len(word) >= LONG else 1
    close = process.extract(word, spellings.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    yield from ((spelling, int(wrong)) for spelling, wrong, _ in close)
