"""The people of a commune: what each may do, who is put to rest, and that somebody always administers all of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import ChangedMeanwhile, LastAdministrator, NotOneself, RoleNeeded, Unknown
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.models import (
    Commune,
    Desk,
    JournalEntry,
    Membership,
    MembershipService,
    Office,
    Person,
    StaffSession,
)
from booking.usecases.colleagues import (
    Standing,
    administrators,
    change,
    colleague,
    colleagues,
    deactivate,
    reactivate,
)
from booking.usecases.joining import add_membership
from booking.usecases.journal import Actor
from booking.usecases.people import Limits, account_for, communes_of, open_session, session_of
from tests.databases import Database
from tests.factories import a_commune, a_person, a_working_commune, add, an_office
from tests.moments import EARLY

LIMITS = Limits(idle_minutes=30, session_hours=12)
AGENT, ADMINISTRATOR = {Role.AGENT: frozenset[int]()}, {Role.ADMINISTRATOR: frozenset[int]()}


@pytest.fixture
def home(session: Session) -> Commune:
    return a_commune(session)


@pytest.fixture
def hall(session: Session, home: Commune) -> Office:
    return an_office(session, home)


@pytest.fixture
def bilal(session: Session, home: Commune) -> Person:
    return a_person(session, home)


@pytest.fixture
def dora(session: Session, home: Commune) -> Person:
    return a_person(session, home, name="Dora", email="dora@mairie-nord.example", role=Role.ADMINISTRATOR)


def by(person: Person, home: Commune) -> dict[str, object]:
    return {"commune_id": home.id, "actor": Actor(Role.ADMINISTRATOR, person.id), "now": EARLY}


def roles_in(session: Session, person: Person, home: Commune) -> set[Role]:
    token = open_session(session, person_id=person.id, now=EARLY)
    found = session_of(session, token=token, limits=LIMITS, now=EARLY)
    return set(found.roles_in(home.id)) if found else set()


def test_everybody_is_listed_with_their_roles_and_where(
    session: Session, home: Commune, hall: Office, bilal: Person, dora: Person
) -> None:
    add_membership(session, commune_id=home.id, person_id=bilal.id, role=Role.AUDITOR, office_ids=[hall.id])
    a_person(session, a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",)), email="e@moulin.example")

    first, second = colleagues(session, commune_id=home.id)

    assert (first.name, dict(first.roles)) == ("Bilal Amrani", {Role.AGENT: frozenset(), Role.AUDITOR: {hall.id}})
    assert (second.name, dict(second.roles), second.has_second_factor) == ("Dora", ADMINISTRATOR, True)
    assert {one.standing for one in (first, second)} == {Standing.ACTIVE}


def test_another_role_counts_at_once_and_ends_the_sessions(
    session: Session, home: Commune, hall: Office, bilal: Person, dora: Person
) -> None:
    token = open_session(session, person_id=bilal.id, now=EARLY)
    own = {"person_id": bilal.id, "speaks": ["en"], "seen": None, **by(dora, home)}

    change(session, roles={Role.RECEPTIONIST: frozenset({hall.id})}, **own)

    assert session_of(session, token=token, limits=LIMITS, now=EARLY) is None
    assert roles_in(session, bilal, home) == {Role.RECEPTIONIST}
    assert colleague(session, commune_id=home.id, person_id=bilal.id).speaks == ("en",)
    assert session.execute(select(JournalEntry.act, JournalEntry.fields)).all() == [("changed", "roles,speaks")]


def test_another_language_alone_signs_nobody_out(session: Session, home: Commune, bilal: Person, dora: Person) -> None:
    token = open_session(session, person_id=bilal.id, now=EARLY)

    change(session, person_id=bilal.id, roles=AGENT, speaks=["de"], seen=None, **by(dora, home))

    assert session_of(session, token=token, limits=LIMITS, now=EARLY)


def test_what_somebody_learned_stays_when_their_offices_change(database: Database) -> None:
    def rows(session: Session) -> None:
        work = a_working_commune(session)
        person = a_person(session, work.commune)
        number = session.scalars(select(Membership.id)).one()
        own = {"commune_id": work.commune.id, "membership_id": number, "service_id": work.service.id}
        add(session, MembershipService(**own))
        dora = a_person(session, work.commune, email="dora@mairie-nord.example", role=Role.ADMINISTRATOR)
        roles = {Role.AGENT: frozenset({work.office.id})}
        change(session, person_id=person.id, roles=roles, speaks=(), seen=None, **by(dora, work.commune))

    database.write(rows)
    assert database.count(MembershipService) == 1


def test_what_cannot_be_said_of_somebody_is_refused(
    session: Session, home: Commune, bilal: Person, dora: Person
) -> None:
    own = {"person_id": bilal.id, "speaks": (), "seen": None, **by(dora, home)}
    elsewhere = an_office(session, a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",)))

    for roles, refusal in (
        ({}, RoleNeeded),
        ({Role.AGENT: frozenset({elsewhere.id})}, Unknown),
        ({Role.PLATFORM: frozenset()}, Unknown),
    ):
        with pytest.raises(refusal):
            change(session, roles=roles, **own)
    with pytest.raises(ChangedMeanwhile):
        change(session, roles=ADMINISTRATOR, **own | {"seen": word_for("something else")})
    with pytest.raises(NotOneself):
        change(session, roles=AGENT, **own | {"person_id": dora.id})


def test_the_last_who_administers_all_of_it_stays(
    session: Session, home: Commune, hall: Office, bilal: Person, dora: Person
) -> None:
    add_membership(session, commune_id=home.id, person_id=bilal.id, role=Role.ADMINISTRATOR, office_ids=[hall.id])
    assert administrators(session, commune_id=home.id) == 1
    own = {"person_id": dora.id, "speaks": (), "seen": None, **by(bilal, home)}

    for roles in (AGENT, {Role.ADMINISTRATOR: frozenset({hall.id})}):
        with pytest.raises(LastAdministrator), session.begin_nested():
            change(session, roles=roles, **own)
    with pytest.raises(LastAdministrator), session.begin_nested():
        deactivate(session, person_id=dora.id, **by(bilal, home))
    assert roles_in(session, dora, home) == {Role.ADMINISTRATOR}


def test_two_administrators_do_not_put_each_other_to_rest(database: Database) -> None:
    def rows(session: Session) -> tuple[int, list[int]]:
        home = a_commune(session)
        people = [
            a_person(session, home, email=f"{name}@mairie-nord.example", role=Role.ADMINISTRATOR).id
            for name in ("dora", "hilde")
        ]
        return home.id, people

    commune_id, people = database.write(rows)

    def against(place: int) -> bool:
        actor = Actor(Role.ADMINISTRATOR, people[place])
        try:
            database.write(deactivate, commune_id=commune_id, person_id=people[1 - place], actor=actor, now=EARLY)
        except LastAdministrator:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(against, (0, 1))) == [False, True]
    with Session(database.engine) as session:
        assert administrators(session, commune_id=commune_id) == 1


def test_whoever_is_put_to_rest_is_out_everywhere_and_their_counter_is_closed(
    session: Session, database: Database
) -> None:
    work = a_working_commune(session)
    bilal = a_person(session, work.commune)
    dora = a_person(session, work.commune, email="dora@mairie-nord.example", role=Role.ADMINISTRATOR)
    own = {"commune_id": work.commune.id, "counter_id": work.counter.id, "person_id": bilal.id}
    desk = add(session, Desk(**own, opened_at=EARLY))
    token = open_session(session, person_id=bilal.id, now=EARLY)

    deactivate(session, person_id=bilal.id, **by(dora, work.commune))

    assert session_of(session, token=token, limits=LIMITS, now=EARLY) is None
    assert session.scalars(select(StaffSession.person_id)).all() == []
    session.refresh(desk)
    assert desk.closed_at == EARLY
    account = account_for(session, bilal.email)
    assert account is not None
    assert not account.works
    assert communes_of(session, person_id=bilal.id) == ()
    assert session.scalars(select(JournalEntry.act).order_by(JournalEntry.id)).all() == ["closed", "deactivated"]


def test_put_to_rest_in_one_commune_somebody_works_on_in_the_other(
    session: Session, home: Commune, bilal: Person, dora: Person
) -> None:
    moulin = a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",))
    add_membership(session, commune_id=moulin.id, person_id=bilal.id, role=Role.AGENT)

    deactivate(session, person_id=bilal.id, **by(dora, home))

    assert roles_in(session, bilal, home) == set()
    assert roles_in(session, bilal, moulin) == {Role.AGENT}
    assert [one.commune_id for one in communes_of(session, person_id=bilal.id)] == [moulin.id]


def test_taken_up_again_they_have_the_roles_they_had(
    session: Session, home: Commune, hall: Office, bilal: Person, dora: Person
) -> None:
    add_membership(session, commune_id=home.id, person_id=bilal.id, role=Role.AUDITOR, office_ids=[hall.id])
    deactivate(session, person_id=bilal.id, **by(dora, home))
    resting = colleague(session, commune_id=home.id, person_id=bilal.id)
    assert (resting.standing, resting.since) == (Standing.DEACTIVATED, EARLY)
    with pytest.raises(Unknown):
        deactivate(session, person_id=bilal.id, **by(dora, home))

    reactivate(session, person_id=bilal.id, **by(dora, home))

    found = colleague(session, commune_id=home.id, person_id=bilal.id)
    assert (found.standing, dict(found.roles)) == (
        Standing.ACTIVE,
        {Role.AGENT: frozenset(), Role.AUDITOR: {hall.id}},
    )
    with pytest.raises(Unknown):
        reactivate(session, person_id=bilal.id, **by(dora, home))


def test_nobody_puts_themselves_to_rest_nor_somebody_of_another_commune(
    session: Session, home: Commune, bilal: Person, dora: Person
) -> None:
    moulin = a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",))
    emil = a_person(session, moulin, email="emil@moulin.example")

    with pytest.raises(NotOneself):
        deactivate(session, person_id=dora.id, **by(dora, home))
    with pytest.raises(Unknown):
        deactivate(session, person_id=emil.id, **by(dora, home))
    with pytest.raises(Unknown):
        colleague(session, commune_id=home.id, person_id=emil.id)
