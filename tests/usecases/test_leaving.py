"""A commune leaves with everything that is kept of it, and nothing of any other one goes with it."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from booking import yamlfile
from booking.archive import write_archive
from booking.core.errors import OtherName, VisitsToCome
from booking.core.tables import sheet_of
from booking.core.translated import Translated
from booking.models import Appointment, Base, Commune, Counter, JournalEntry, Office, Person, StaffSession
from booking.usecases.check import problems
from booking.usecases.configuration.applying import apply_file
from booking.usecases.configuration.reading import read_configuration
from booking.usecases.journal import SYSTEM, Actor, note
from booking.usecases.leaving import LEFT_OUT, is_secret, leave, tables_handed_over
from booking.usecases.visit_imports import Readers, begin, book_piece, keep_file
from tests.factories import Working, a_person, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.test_migrations import something_of_everything

NOT_OF_A_COMMUNE = {"configuration_file", "login_failure", "person", "recovery_code", "second_factor", "staff_session"}
READERS = Readers(email=str, phone=lambda text: f"+{text.removeprefix('00')}")


@pytest.fixture
def north(session: Session) -> int:
    """The commune that has a row in every table; it comes first."""
    something_of_everything(session)
    return session.scalars(select(Commune.id)).one()


@pytest.fixture
def south(session: Session) -> Working:
    """A real commune beside the one that leaves, at work too."""
    name = Translated.of(fr="Mairie Sud", nl="Gemeente Zuid")
    work = a_working_commune(session, slug="sud", name=name)
    an_appointment(session, work.counter, work.service)
    a_person(session, work.commune, email="emil@sud.example", name="Emil")
    return work


def rows(session: Session, table: Table, commune_id: int) -> list[Any]:
    owner = table.columns.get("commune_id") if table.name != "commune" else table.columns.id
    return [] if owner is None else list(session.execute(select(table).where(owner == commune_id)).all())


def archive_of(session: Session, commune_id: int) -> zipfile.ZipFile:
    file = BytesIO()
    write_archive(session, file, commune_id=commune_id, now=EARLY)
    return zipfile.ZipFile(file)


def test_everything_that_is_kept_of_a_commune_is_handed_over(session: Session, north: int, south: Working) -> None:
    found = archive_of(session, north)

    assert found.testzip() is None
    for table in Base.metadata.sorted_tables:
        kept = rows(session, table, north)
        if table.name in LEFT_OUT or table.name in NOT_OF_A_COMMUNE:
            continue
        told = [json.loads(line) for line in found.read(f"rows/{table.name}.jsonl").splitlines()]
        assert len(told) == len(kept) > 0, table.name
        assert told[0].keys() == {column.name for column in table.columns if not is_secret(column.name)}
    assert json.loads(found.read("rows/staff.jsonl"))["email"] == "bilal@mairie-nord.example"


def test_no_key_no_password_and_nothing_of_others_is_in_it(session: Session, north: int, south: Working) -> None:
    visit = session.scalars(select(Appointment).where(Appointment.commune_id == north)).first()
    found = archive_of(session, north)
    everything = b"".join(found.read(name) for name in found.namelist()).decode()

    assert visit is not None
    for secret in (visit.nonce, visit.hold_key, "$argon2", "emil@sud.example", "Mairie Sud"):
        assert secret not in everything


def test_the_tables_that_are_handed_over_are_all_but_those_left_out_on_purpose() -> None:
    handed = {table.name for table in tables_handed_over()}

    assert {table.name for table in Base.metadata.sorted_tables} - handed == LEFT_OUT | NOT_OF_A_COMMUNE


def test_a_commune_goes_with_every_row_and_nothing_of_another_goes(
    session: Session, north: int, south: Working
) -> None:
    before = {table.name: rows(session, table, south.commune.id) for table in Base.metadata.sorted_tables}

    leave(session, commune_id=north, name="mairie nord", with_visits=True, now=EARLY)

    assert [table.name for table in Base.metadata.sorted_tables if rows(session, table, north)] == []
    after = {table.name: rows(session, table, south.commune.id) for table in Base.metadata.sorted_tables}
    assert after == before
    assert session.scalars(select(Person.name)).all() == ["Emil"]
    assert session.scalars(select(StaffSession.person_id)).all() == []


def test_the_name_is_typed_in_any_of_its_languages_and_no_other_word_will_do(session: Session, south: Working) -> None:
    own = {"commune_id": south.commune.id, "with_visits": True, "now": EARLY}
    for wrong in ("", " ", "Mairie Nord", "sud"):
        with pytest.raises(OtherName):
            leave(session, name=wrong, **own)

    leave(session, name=" Gemeente  Zuid", **own)
    assert session.scalars(select(Commune.id)).all() == []


def test_it_stays_while_somebody_is_expected_unless_that_is_said(session: Session, south: Working) -> None:
    own = {"commune_id": south.commune.id, "name": "Mairie Sud", "now": EARLY}
    with pytest.raises(VisitsToCome) as refused:
        leave(session, **own)
    assert refused.value.facts == {"number": 1}

    session.execute(delete(Appointment))
    leave(session, **own)


def test_whom_the_journal_of_another_commune_names_keeps_an_account_that_opens_nothing(
    session: Session, north: int, south: Working
) -> None:
    bilal = session.scalars(select(Person.id).where(Person.name == "Bilal Amrani")).one()
    about = {"act": "changed", "subject": "office", "subject_id": south.office.id}
    note(session, Actor(person_id=bilal), commune_id=south.commune.id, **about, now=EARLY)

    leave(session, commune_id=north, name="Mairie Nord", with_visits=True, now=EARLY)

    assert sorted(session.scalars(select(Person.name))) == ["Bilal Amrani", "Emil"]
    assert session.scalars(select(JournalEntry.person_id)).all() == [bilal]


def test_two_communes_merge_by_what_one_hands_over(session: Session, south: Working) -> None:
    """South goes into North: its office, its service and its visits, with the words that North has already changed."""
    home = a_working_commune(session)
    told = archive_of(session, south.commune.id)
    theirs, mine = (archive_of(session, one.commune.id).read("configuration.yaml").decode() for one in (south, home))
    renamed = theirs.replace("town-hall", "town-hall-south")
    office = renamed[renamed.index("  - code: town-hall-south") :]
    configuration, faults = read_configuration(yamlfile.read((mine + office).encode()))
    assert (faults, configuration is None) == ((), False)
    assert configuration is not None
    apply_file(session, configuration=configuration, actor=SYSTEM, now=EARLY)

    agenda = told.read("appointments-to-come.csv").replace(b"town-hall", b"town-hall-south")
    leave(session, commune_id=south.commune.id, name="Mairie Sud", with_visits=True, now=EARLY)
    dora = a_person(session, home.commune, email="dora@nord.example")
    own: dict[str, Any] = {"commune_id": home.commune.id, "now": EARLY, "actor": SYSTEM}
    number = keep_file(session, sheet=sheet_of(agenda), filename="south.csv", person_id=dora.id, **own)
    begin(session, import_id=number, confirms=False, **own)
    assert book_piece(session, import_id=number, readers=READERS, office_ids=None, **own).booked == 1

    visit, office_code, label = session.execute(
        select(Appointment, Office.code, Counter.label)
        .join(Office, Office.id == Appointment.office_id)
        .join(Counter, Counter.id == Appointment.counter_id)
    ).one()
    assert (visit.name, visit.start, visit.email) == ("Ana Peeters", at(MONDAY, "09:00"), "ana@example.org")
    assert (office_code, label, session.scalars(select(Commune.id)).all()) == (
        "town-hall-south",
        "1",
        [home.commune.id],
    )
    assert problems(session, now=EARLY) == []
