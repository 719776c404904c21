"""The journal as it is read: what is asked for and nothing else, page by page; and nothing rewrites it."""

from __future__ import annotations

import ast
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from booking.core.errors import TooManyLines
from booking.core.roles import Role
from booking.core.spreadsheets import csv_file
from booking.usecases import journal_pages
from booking.usecases.journal import SYSTEM, Actor, note
from booking.usecases.journal_pages import NOBODY, RESIDENTS, Asked, Place, acting, entries, exported, names_of
from booking.words.journal import ACTS, SUBJECTS
from tests.factories import Working, a_commune, a_counter, a_person, a_working_commune, an_appointment, an_office
from tests.moments import EARLY
from tests.shape import ROOT

HOUR = timedelta(hours=1)


@pytest.fixture
def work(session: Session) -> Working:
    return a_working_commune(session)


def done(session: Session, work: Working, actor: Actor = SYSTEM, **changes: object) -> None:
    act = {"act": "changed", "subject": "service", "subject_id": work.service.id, "now": EARLY} | changes
    note(session, actor, commune_id=work.commune.id, **act)  # type: ignore[arg-type]


def numbers(session: Session, work: Working, **asked: object) -> list[int]:
    """The numbers of the rows that acts were about, the newest first."""
    found, _ = entries(session, commune_id=work.commune.id, asked=Asked(**asked))  # type: ignore[arg-type]
    return [one.subject_id for one in found]


def test_pages_follow_one_another_without_a_gap_whatever_the_order_of_writing(session: Session, work: Working) -> None:
    """Some acts have one moment, and those of a demonstration were not written in their order."""
    for number in range(1, 8):
        done(session, work, subject_id=number, now=EARLY + HOUR * (number % 3))
    read, before = [], None
    for _ in range(4):
        found, before = entries(session, commune_id=work.commune.id, asked=Asked(), before=before, most=2)
        read += [one.subject_id for one in found]
        before = Place.read(str(before)) if before else None

    assert read == [5, 2, 7, 4, 1, 6, 3]
    assert before is None


@pytest.mark.parametrize("written", ["", "x", "1", "-1-2", "99999999999999999999-1", "１-２"])
def test_a_place_nobody_wrote_is_none(written: str) -> None:
    assert Place.read(written) is None


def test_each_filter_leaves_out_the_rest(session: Session, work: Working) -> None:
    bilal = a_person(session, work.commune)
    done(session, work, Actor(Role.AGENT, bilal.id), subject_id=1)
    done(session, work, Actor(Role.RESIDENT), subject_id=2, act="cancelled", subject="appointment")
    done(session, work, subject_id=3, now=EARLY + HOUR)

    assert numbers(session, work, by=bilal.id) == [1]
    assert numbers(session, work, by=RESIDENTS) == [2]
    assert numbers(session, work, by=NOBODY) == [3]
    assert numbers(session, work, act="cancelled") == [2]
    assert numbers(session, work, subject="service") == [3, 1]
    assert numbers(session, work, since=EARLY + HOUR) == [3]
    assert numbers(session, work, until=EARLY + HOUR) == [2, 1]


def test_an_office_has_what_happened_in_it(session: Session, work: Working) -> None:
    station = an_office(session, work.commune, code="station")
    there = a_counter(session, station, label="9", serves=[work.service])
    visit, other = an_appointment(session, work.counter, work.service), an_appointment(session, there, work.service)
    for subject, number in (
        ("appointment", visit.id),
        ("appointment", other.id),
        ("counter", there.id),
        ("office", station.id),
        ("screen", work.office.id),
        ("opening_session", work.opening.id),
        ("service", work.service.id),
    ):
        done(session, work, subject=subject, subject_id=number)

    found, _ = entries(session, commune_id=work.commune.id, asked=Asked(office_id=station.id))
    assert [(one.subject, one.subject_id) for one in found] == [
        ("office", station.id),
        ("counter", there.id),
        ("appointment", other.id),
    ]
    only = {"within": frozenset({work.office.id})}
    found, _ = entries(session, commune_id=work.commune.id, asked=Asked(**only))
    assert [one.subject for one in found] == ["opening_session", "screen", "appointment"]
    assert numbers(session, work, office_id=station.id, **only) == []


def test_what_acts_were_about_has_a_name_and_no_resident_has_one(session: Session, work: Working) -> None:
    bilal = a_person(session, work.commune)
    visit = an_appointment(session, work.counter, work.service, name="Yusuf Demir")
    about = {"person": bilal.id, "counter": work.counter.id, "service": work.service.id, "appointment": visit.id}
    for subject, number in about.items():
        done(session, work, subject=subject, subject_id=number)
    found, _ = entries(session, commune_id=work.commune.id, asked=Asked())

    names = names_of(session, commune_id=work.commune.id, found=found)

    assert names["person", bilal.id] == bilal.name
    assert names["counter", work.counter.id] == work.counter.label
    assert names["service", work.service.id] == work.service.name
    assert ("appointment", visit.id) not in names
    assert acting(session, commune_id=work.commune.id) == [(bilal.id, bilal.name)]


def test_another_commune_reads_nothing_of_it(session: Session, work: Working) -> None:
    moulin = a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",))
    done(session, work)

    assert entries(session, commune_id=moulin.id, asked=Asked()) == ([], None)


def test_a_file_holds_all_of_it_or_says_that_it_is_too_much(
    session: Session, work: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_pages, "MOST_EXPORTED", 3)
    for number in range(1, 4):
        done(session, work, subject_id=number)
    assert len(exported(session, commune_id=work.commune.id, asked=Asked())) == 3

    done(session, work)
    with pytest.raises(TooManyLines):
        exported(session, commune_id=work.commune.id, asked=Asked())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "＝1", "\r\n=1"])  # noqa: RUF001
def test_no_cell_becomes_a_formula(cell: str) -> None:
    assert csv_file([(cell, "b;c")]).decode("utf-8-sig").lstrip('"').startswith("'")


def test_a_cell_stays_one_cell_whatever_is_in_it() -> None:
    assert csv_file([("a;b", 'c"d', "é")]) == '\ufeff"a;b";"c""d";é\r\n'.encode()


def test_nothing_rewrites_the_journal_but_the_sweep_that_forgets() -> None:
    """Nobody updates or deletes its rows; the sweep blanks where an act came from, and deletes what is a year old."""
    rewriting = set()
    for path in (ROOT / "booking").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                named = {part.id for one in node.args for part in ast.walk(one) if isinstance(part, ast.Name)}
                if node.func.id in {"update", "delete", "sweep"} and named & {"JournalEntry", "JOURNAL"}:
                    rewriting.add((path.name, node.func.id))

    assert rewriting == {("retention.py", "update"), ("retention.py", "sweep")}


def test_every_act_and_every_subject_of_the_code_has_its_words() -> None:
    acts, subjects = set(), set()
    for path in (ROOT / "booking/usecases").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
                acts |= {node.value.value} if node.arg == "act" else set()
                subjects |= {node.value.value} if node.arg == "subject" else set()

    assert acts - ACTS.keys() == set()
    assert subjects - SUBJECTS.keys() == set()
