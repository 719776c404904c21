"""The journal: who saw or changed what, page by page, or as a file. Nothing here changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.core.errors import TooManyLines
from booking.core.roles import Role
from booking.core.timespan import instant
from booking.core.typed import typed_day, typed_number
from booking.database import read, write
from booking.models import Office
from booking.usecases.journal import note
from booking.usecases.journal_pages import (
    NOBODY,
    RESIDENTS,
    Asked,
    Entry,
    Place,
    acting,
    entries,
    exported,
    names_of,
)
from booking.web.admin.workplace import offices_read, read_within
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.formatting import as_text, role_name, translated
from booking.web.guard import open_to
from booking.web.tables import Table, as_csv, to_take_away
from booking.words.journal import ACTS, FIELDS, SUBJECTS

FILTERS = ("from", "until", "by", "act", "subject", "office")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/journal", "journal", journal)
    blueprint.add_url_rule("/journal.csv", "journal_file", journal_file)


@dataclass(frozen=True)
class Wish:
    """What was asked for, as it was typed, and what of it can be understood."""

    typed: dict[str, str]
    asked: Asked
    unread: frozenset[str]

    @property
    def query(self) -> dict[str, str]:
        """The wish as an address carries it."""
        return {name: value for name, value in self.typed.items() if value}


@open_to(Role.AUDITOR)
def journal() -> ResponseReturnValue:
    offices = offices_read()
    wish = wished(offices)
    before = Place.read(request.args.get("before", ""))
    found, more = entries(read(), commune_id=g.commune.id, asked=wish.asked, before=before)
    return render_template(
        "admin/journal.html",
        wish=wish,
        lines=lines_of(found),
        more=more,
        is_first=before is None,
        people=acting(read(), commune_id=g.commune.id),
        offices=offices,
        acts=by_word(ACTS),
        subjects=by_word(SUBJECTS),
        whose={RESIDENTS: gettext("residents, about their own appointments"), NOBODY: gettext("the system by itself")},
    )


@open_to(Role.AUDITOR)
def journal_file() -> ResponseReturnValue:
    """What is asked for as a file. The journal says who took it out of the house."""
    wish = wished(offices_read())
    try:
        found = exported(read(), commune_id=g.commune.id, asked=wish.asked)
    except TooManyLines as refusal:
        flash(sentence_of(refusal), "warn")
        return redirect(url_for(".journal", **wish.query))
    table = Table(gettext("Journal"), head(), [row_of(line) for line in lines_of(found)])
    taken = {"act": "exported", "subject": "journal", "subject_id": g.commune.id, "fields": tuple(wish.query)}
    write(note, actor(), commune_id=g.commune.id, **taken, now=g.now)
    day = g.now.astimezone(g.commune.zone).date()
    return to_take_away(as_csv(table), f"journal-{day}.csv", "text/csv")


def wished(offices: list[Office]) -> Wish:
    typed = {name: request.args.get(name, "")[:40] for name in FILTERS}
    since, until = typed_day(typed["from"]), typed_day(typed["until"])
    by: int | str | None = typed["by"] if typed["by"] in {NOBODY, RESIDENTS} else typed_number(typed["by"])
    office = typed_number(typed["office"])
    asked = Asked(
        since=beginning_of(since) if since else None,
        until=beginning_of(until + timedelta(days=1)) if until and until < date.max else None,
        by=by,
        act=typed["act"] if typed["act"] in ACTS else None,
        subject=typed["subject"] if typed["subject"] in SUBJECTS else None,
        office_id=office if office in {one.id for one in offices} else None,
        within=read_within(),
    )
    days = {"from": since, "until": until}
    return Wish(typed, asked, frozenset(name for name, day in days.items() if typed[name] and day is None))


def beginning_of(day: date) -> datetime:
    return instant(day, time(0), g.commune.zone)


@dataclass(frozen=True)
class Line:
    """An entry as it is told: who, what was done, to what, and which parts of it."""

    entry: Entry
    at: datetime
    who: str
    role: str
    act: str
    subject: str
    called: str
    fields: tuple[str, ...]


def lines_of(found: list[Entry]) -> list[Line]:
    names = names_of(read(), commune_id=g.commune.id, found=found)
    return [line_of(entry, names.get((entry.subject, entry.subject_id))) for entry in found]


def line_of(entry: Entry, name: Any) -> Line:
    called = name if isinstance(name, str) else as_text(translated(name)) if name else ""
    return Line(
        entry,
        at=entry.at.astimezone(g.commune.zone),
        who=entry.by or (gettext("a resident") if entry.role == Role.RESIDENT else gettext("the system")),
        role=role_name(entry.role) if entry.by and entry.role and entry.role != Role.RESIDENT else "",
        act=worded(ACTS, entry.act),
        subject=worded(SUBJECTS, entry.subject),
        called=called,
        fields=tuple(dict.fromkeys(worded(FIELDS, field) for field in entry.fields)),
    )


def worded(words: dict[str, str], word: str) -> str:
    """The word in the reader's language; one that no table has, such as a column of a form, stands for itself."""
    return gettext(words[word]) if word in words else word


def by_word(words: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(((word, gettext(said)) for word, said in words.items()), key=lambda one: one[1])


def head() -> tuple[str, ...]:
    return (
        gettext("When"),
        gettext("Who"),
        gettext("Role"),
        gettext("Act"),
        gettext("Subject"),
        gettext("Number"),
        gettext("Name"),
        gettext("Parts"),
    )


def row_of(line: Line) -> tuple[str, ...]:
    number = str(line.entry.subject_id)
    when = line.at.isoformat(timespec="seconds")
    return when, line.who, line.role, line.act, line.subject, number, line.called, ", ".join(line.fields)
