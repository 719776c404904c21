"""A second factor: set up once, each code used once, replaced, taken off, and reset by a colleague alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import CodeUsed, NotOneself, TooManyTries, Unknown, WorksElsewhere, WrongCode
from booking.core.roles import Role
from booking.models import Commune, JournalEntry, Person, RecoveryCode, SecondFactor, StaffSession
from booking.usecases.joining import add_membership
from booking.usecases.journal import Actor
from booking.usecases.misses import CODES_AN_HOUR, of_proving, take_tries
from booking.usecases.people import Limits, account_for, open_session, session_of
from booking.usecases.second_factors import (
    factor_of,
    forget_by_address,
    renew_codes,
    reset,
    set_up,
    take_off,
    use_code,
    use_step,
)
from tests.databases import Database
from tests.factories import a_commune, a_person, a_second_factor
from tests.moments import EARLY
from tests.usecases.test_people import minutes

CODES = ("AAAA-AAAA-AAAA".replace("A", "B"), "CCCC-CCCC-CCCC")
FIRST = {"secret": "sealed", "step": 10, "codes": CODES, "better_than": None, "actor": Actor(), "now": EARLY}
LIMITS = Limits(idle_minutes=30, session_hours=12)


@pytest.fixture
def home(session: Session) -> Commune:
    return a_commune(session)


@pytest.fixture
def bilal(session: Session, home: Commune) -> Person:
    return a_person(session, home)


def journal(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(select(JournalEntry.act, JournalEntry.fields).order_by(JournalEntry.id))
    return [(row.act, row.fields) for row in rows]


def test_a_telephone_that_is_set_up_counts_and_every_other_session_ends(session: Session, bilal: Person) -> None:
    before = open_session(session, person_id=bilal.id, now=EARLY)

    token = set_up(session, person_id=bilal.id, **FIRST)

    assert session_of(session, token=before, limits=LIMITS, now=EARLY) is None
    found = session_of(session, token=token, limits=LIMITS, now=EARLY)
    assert found is not None
    assert found.has_second_factor
    account = account_for(session, bilal.email)
    assert account is not None
    assert account.has_second_factor
    assert journal(session) == [("changed", "second_factor")]


def test_neither_the_secret_nor_a_code_stands_anywhere_in_the_open(session: Session, bilal: Person) -> None:
    set_up(session, person_id=bilal.id, **FIRST)

    kept = session.scalars(select(RecoveryCode.digest)).all()
    assert len(kept) == 2
    assert not {*kept} & set(CODES)
    assert "sealed" not in str(journal(session))


def test_the_code_that_set_it_up_opens_nothing_again(session: Session, bilal: Person) -> None:
    set_up(session, person_id=bilal.id, **FIRST)

    for step in (9, 10):
        with pytest.raises(CodeUsed):
            use_step(session, person_id=bilal.id, step=step)
    use_step(session, person_id=bilal.id, step=11)
    with pytest.raises(CodeUsed):
        use_step(session, person_id=bilal.id, step=11)


def test_a_code_on_paper_works_once_for_its_owner_alone(session: Session, home: Commune, bilal: Person) -> None:
    set_up(session, person_id=bilal.id, **FIRST)
    chloe = a_person(session, home, email="chloe@mairie-nord.example")
    use = {"actor": Actor(), "now": EARLY}

    with pytest.raises(WrongCode):
        use_code(session, person_id=chloe.id, code=CODES[0], **use)
    use_code(session, person_id=bilal.id, code=CODES[0].lower(), **use)
    with pytest.raises(WrongCode):
        use_code(session, person_id=bilal.id, code=CODES[0], **use)

    factor = factor_of(session, person_id=bilal.id)
    assert factor is not None
    assert factor.codes == 1
    assert journal(session)[-1] == ("used", "recovery_codes")


def test_new_codes_on_paper_replace_the_old_ones(session: Session, bilal: Person) -> None:
    set_up(session, person_id=bilal.id, **FIRST)

    renew_codes(session, person_id=bilal.id, codes=["DDDD-DDDD-DDDD"], actor=Actor(), now=EARLY)

    with pytest.raises(WrongCode):
        use_code(session, person_id=bilal.id, code=CODES[0], actor=Actor(), now=EARLY)
    use_code(session, person_id=bilal.id, code="DDDD-DDDD-DDDD", actor=Actor(), now=EARLY)


def test_of_two_telephones_that_are_set_up_at_once_one_counts(session: Session, bilal: Person) -> None:
    set_up(session, person_id=bilal.id, **FIRST)

    with pytest.raises(CodeUsed):
        set_up(session, person_id=bilal.id, **FIRST | {"secret": "another"})
    with pytest.raises(CodeUsed):
        set_up(session, person_id=bilal.id, **FIRST | {"secret": "another", "better_than": "not this one"})
    set_up(session, person_id=bilal.id, **FIRST | {"secret": "another", "better_than": "sealed"})
    assert session.scalars(select(SecondFactor.secret)).all() == ["another"]


def test_of_eight_who_type_the_same_code_at_once_one_gets_in(database: Database) -> None:
    def rows(session: Session) -> int:
        person = a_person(session, a_commune(session))
        a_second_factor(session, person)
        return person.id

    number = database.write(rows)

    def once(_: int) -> bool:
        try:
            database.write(use_step, person_id=number, step=7)
        except CodeUsed:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert sorted(crowd.map(once, range(8)))[-2:] == [False, True]


def test_guessing_codes_from_everywhere_comes_to_a_pause(session: Session) -> None:
    def guess(client: str) -> None:
        own = {"person_id": 1, "client": client, "limit": 10, "pause": minutes(5)}
        take_tries(session, of=of_proving(**own), now=EARLY)

    for number in range(CODES_AN_HOUR):
        guess(f"client {number}")
    with pytest.raises(TooManyTries) as refusal:
        guess("another")
    assert refusal.value.facts == {"minutes": 60}


def test_whoever_has_taken_it_off_signs_in_anew_with_the_password(session: Session, bilal: Person) -> None:
    set_up(session, person_id=bilal.id, **FIRST)

    take_off(session, person_id=bilal.id, actor=Actor(), now=EARLY)
    take_off(session, person_id=bilal.id, actor=Actor(), now=EARLY)

    assert factor_of(session, person_id=bilal.id) is None
    assert session.scalars(select(StaffSession.person_id)).all() == []
    assert journal(session) == [("changed", "second_factor"), ("removed", "second_factor")]


def test_an_administrator_resets_a_colleagues_and_not_their_own(session: Session, home: Commune, bilal: Person) -> None:
    a_second_factor(session, bilal)
    open_session(session, person_id=bilal.id, now=EARLY)
    dora = a_person(session, home, email="dora@mairie-nord.example", role=Role.ADMINISTRATOR)
    by = {"commune_id": home.id, "actor": Actor(Role.ADMINISTRATOR, dora.id), "now": EARLY}

    reset(session, person_id=bilal.id, **by)

    assert factor_of(session, person_id=bilal.id) is None
    assert session.scalars(select(StaffSession.person_id)).all() == []
    assert journal(session) == [("reset", "second_factor")]
    with pytest.raises(NotOneself):
        reset(session, person_id=dora.id, **by)
    assert factor_of(session, person_id=dora.id) is not None


def test_nobody_resets_the_second_factor_of_who_administers_elsewhere_or_works_elsewhere(
    session: Session, home: Commune, bilal: Person
) -> None:
    moulin = a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",))
    emil = a_person(session, moulin, email="emil@moulin.example", has_telephone=True)
    rachida = a_person(session, home, email="rachida@x.example", platform_since=EARLY, has_telephone=True)
    a_second_factor(session, bilal)
    add_membership(session, commune_id=moulin.id, person_id=bilal.id, role=Role.ADMINISTRATOR)
    by = {"commune_id": home.id, "actor": Actor(Role.ADMINISTRATOR), "now": EARLY}

    for person, refusal in ((bilal, WorksElsewhere), (rachida, WorksElsewhere), (emil, Unknown)):
        with pytest.raises(refusal):
            reset(session, person_id=person.id, **by)
        assert factor_of(session, person_id=person.id) is not None


def test_a_command_takes_off_what_nobody_else_can(session: Session, home: Commune) -> None:
    dora = a_person(session, home, email="dora@mairie-nord.example", role=Role.ADMINISTRATOR)
    by = {"actor": Actor(Role.PLATFORM), "now": EARLY}

    assert forget_by_address(session, email=dora.email, **by)
    assert not forget_by_address(session, email=dora.email, **by)
    with pytest.raises(Unknown):
        forget_by_address(session, email="nobody@x.example", **by)
