"""Staff: accounts, sessions, forgotten passwords, and how often one may be wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import AddressTaken, LinkOver, PasswordTooCommon, PasswordTooShort, TooManyTries
from booking.core.passwords import check_password
from booking.core.roles import Role
from booking.models import Commune, JournalEntry, LoginFailure, Message, Person, StaffSession
from booking.models.messages import MessageKind
from booking.usecases.joining import add_membership, create_person, join
from booking.usecases.journal import Actor
from booking.usecases.misses import forgive, of_signing_in, take_tries, take_try
from booking.usecases.passwords import ask_for_reset, person_to_reset, set_password
from booking.usecases.people import (
    Limits,
    account_for,
    communes_of,
    end_all_sessions,
    end_session,
    offices_of,
    open_session,
    seen,
    session_of,
)
from tests.databases import Database
from tests.factories import a_commune, a_person, an_office
from tests.moments import EARLY

LIMITS = Limits(idle_minutes=30, session_hours=12)
BILAL = "bilal@mairie-nord.example"
SIGN_IN = {"kind": "account", "key": "bilal", "limit": 3, "pause": timedelta(minutes=5)}


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def home(session: Session) -> Commune:
    return a_commune(session)


@pytest.fixture
def bilal(session: Session, home: Commune) -> Person:
    return a_person(session, home)


def test_an_account_is_found_however_its_address_is_typed(session: Session, bilal: Person) -> None:
    found = account_for(session, "  Bilal@Mairie-Nord.EXAMPLE ")

    assert found is not None
    assert found.id == bilal.id
    assert account_for(session, "nobody@mairie-nord.example") is None


def test_an_account_that_was_deactivated_is_none(session: Session, home: Commune) -> None:
    a_person(session, home, deactivated_at=EARLY)

    assert account_for(session, BILAL) is None


def test_the_row_of_a_session_does_not_hold_its_token(session: Session, bilal: Person) -> None:
    token = open_session(session, person_id=bilal.id, now=EARLY)

    assert len(bytes.fromhex(token)) == 16
    assert session.scalars(select(StaffSession.token_digest)).all() != [token]
    found = session_of(session, token=token, limits=LIMITS, now=EARLY)
    assert found is not None
    assert found.id == bilal.id


def test_a_session_ends_after_half_an_hour_without_a_request(session: Session, bilal: Person) -> None:
    token = open_session(session, person_id=bilal.id, now=EARLY)
    seen(session, token=token, now=EARLY + minutes(20))

    assert session_of(session, token=token, limits=LIMITS, now=EARLY + minutes(49))
    assert session_of(session, token=token, limits=LIMITS, now=EARLY + minutes(50)) is None


def test_a_session_ends_after_twelve_hours_however_busy(session: Session, bilal: Person) -> None:
    token = open_session(session, person_id=bilal.id, now=EARLY)
    for number in range(1, 49):
        seen(session, token=token, now=EARLY + minutes(15 * number))

    assert session_of(session, token=token, limits=LIMITS, now=EARLY + minutes(719))
    assert session_of(session, token=token, limits=LIMITS, now=EARLY + minutes(720)) is None


def test_being_seen_is_written_once_a_minute(session: Session, bilal: Person) -> None:
    token = open_session(session, person_id=bilal.id, now=EARLY)
    when = select(StaffSession.seen_at)

    seen(session, token=token, now=EARLY + minutes(0.9))
    assert session.scalars(when).one() == EARLY
    seen(session, token=token, now=EARLY + minutes(1))
    assert session.scalars(when).one() == EARLY + minutes(1)


def test_signing_out_ends_one_session_or_all(session: Session, bilal: Person) -> None:
    first, second, third = (open_session(session, person_id=bilal.id, now=EARLY) for _ in range(3))

    end_session(session, token=first)
    assert [bool(session_of(session, token=one, limits=LIMITS, now=EARLY)) for one in (first, second)] == [False, True]

    end_all_sessions(session, person_id=bilal.id)
    assert session_of(session, token=third, limits=LIMITS, now=EARLY) is None


def test_deactivating_somebody_ends_what_they_have_open(session: Session, bilal: Person) -> None:
    token = open_session(session, person_id=bilal.id, now=EARLY)
    bilal.deactivated_at = EARLY
    session.flush()

    assert session_of(session, token=token, limits=LIMITS, now=EARLY) is None


def offices_behind(session: Session, door: Role, *, person: Person, commune: Commune) -> list[str]:
    token = open_session(session, person_id=person.id, now=EARLY)
    found = session_of(session, token=token, limits=LIMITS, now=EARLY)
    assert found is not None
    limited_to = found.offices_behind(door, commune_id=commune.id)
    offices = offices_of(session, commune_id=commune.id, limited_to=limited_to, now=EARLY)
    return [office.code for office in offices.open]


def test_an_office_is_in_use_until_the_moment_it_is_closed_down(session: Session, home: Commune) -> None:
    for code, closed_at in (("gone", EARLY), ("going", EARLY + timedelta(seconds=1)), ("here", None)):
        an_office(session, home, code=code, retired_at=closed_at)

    found = offices_of(session, commune_id=home.id, limited_to=None, now=EARLY)

    assert [[office.code for office in offices] for offices in found] == [["going", "here"], ["gone"]]


def test_a_membership_without_offices_covers_them_all(session: Session, home: Commune) -> None:
    _, south = (an_office(session, home, code=code) for code in ("north", "south"))
    chloe = a_person(session, home, email="chloe@mairie-nord.example", offices=[south])

    assert offices_behind(session, Role.AGENT, person=chloe, commune=home) == ["south"]
    add_membership(session, commune_id=home.id, person_id=chloe.id, role=Role.ADMINISTRATOR)
    assert offices_behind(session, Role.AGENT, person=chloe, commune=home) == ["north", "south"]


@pytest.mark.parametrize(
    ("works_in", "administers", "agents_pages", "administration"),
    [
        ((), ("south",), ["north", "south", "west"], ["south"]),
        (("north",), ("south",), ["north", "south"], ["south"]),
        (("north",), (), ["north", "south", "west"], ["north", "south", "west"]),
        ((), None, ["north", "south", "west"], []),
    ],
)
def test_an_administrator_administers_no_more_than_what_they_administer(
    session: Session,
    home: Commune,
    works_in: tuple[str, ...],
    administers: tuple[str, ...] | None,
    agents_pages: list[str],
    administration: list[str],
) -> None:
    """Whoever works in other offices as an agent does not administer them."""
    offices = {code: an_office(session, home, code=code) for code in ("north", "south", "west")}
    chloe = a_person(session, home, offices=[offices[code] for code in works_in])
    if administers is not None:
        own = {"commune_id": home.id, "person_id": chloe.id, "role": Role.ADMINISTRATOR}
        add_membership(session, **own, office_ids=[offices[code].id for code in administers])

    assert offices_behind(session, Role.AGENT, person=chloe, commune=home) == agents_pages
    assert offices_behind(session, Role.ADMINISTRATOR, person=chloe, commune=home) == administration


def test_nobody_works_in_the_offices_of_a_commune_they_do_not_belong_to(session: Session, home: Commune) -> None:
    sud = a_commune(session, slug="sud", slug_nl="zuid")
    an_office(session, sud)
    bilal = a_person(session, home)

    assert offices_behind(session, Role.AGENT, person=bilal, commune=sud) == []


def test_an_administrator_is_created_with_an_account_of_their_own(session: Session, home: Commune) -> None:
    dora = {"email": "Dora@Mairie-Nord.example", "name": "Dora", "language": "nl", "password_hash": "x"}
    join(session, commune_id=home.id, role=Role.ADMINISTRATOR, **dora, now=EARLY)

    found = account_for(session, "dora@mairie-nord.example")
    assert found is not None
    assert [one.commune_id for one in communes_of(session, person_id=found.id)] == [home.id]
    with pytest.raises(AddressTaken):
        create_person(session, **dora, now=EARLY)


def test_a_deactivated_account_is_not_joined_to_anything(session: Session, home: Commune) -> None:
    a_person(session, home, deactivated_at=EARLY)
    bilal = {"email": BILAL, "name": "Bilal", "language": "nl", "password_hash": "x"}

    with pytest.raises(AddressTaken):
        join(session, commune_id=home.id, role=Role.ADMINISTRATOR, **bilal, now=EARLY)


# Forgotten passwords


def reset_of(session: Session) -> tuple[str | None, int]:
    """The nonce in Bilal's row, and how many messages about it there are."""
    kinds = session.scalars(select(Message.kind)).all()
    assert set(kinds) <= {MessageKind.PASSWORD_RESET}
    return session.scalars(select(Person.reset_nonce).where(Person.email == BILAL)).one(), len(kinds)


def test_a_link_sets_one_password_and_signs_out_everywhere(session: Session, home: Commune, bilal: Person) -> None:
    token = open_session(session, person_id=bilal.id, now=EARLY)
    ask_for_reset(session, email=BILAL, commune_id=home.id, now=EARLY)
    nonce, messages = reset_of(session)
    assert (messages, person_to_reset(session, nonce=nonce or "", now=EARLY)) == (1, BILAL)

    use = {"nonce": nonce or "", "actor": Actor()}
    set_password(session, **use, password_hash="new", now=EARLY + minutes(59))

    session.expire_all()
    assert bilal.password_hash == "new"
    assert session_of(session, token=token, limits=LIMITS, now=EARLY) is None
    assert session.scalars(select(JournalEntry.fields)).all() == ["password"]
    with pytest.raises(LinkOver):
        set_password(session, **use, password_hash="newer", now=EARLY + minutes(59))


def test_a_link_is_over_after_an_hour(session: Session, home: Commune, bilal: Person) -> None:
    ask_for_reset(session, email=BILAL, commune_id=home.id, now=EARLY)
    nonce, _ = reset_of(session)

    with pytest.raises(LinkOver):
        set_password(session, nonce=nonce or "", password_hash="new", actor=Actor(), now=EARLY + minutes(60))


def test_a_second_link_replaces_the_first(session: Session, home: Commune, bilal: Person) -> None:
    ask_for_reset(session, email=BILAL, commune_id=home.id, now=EARLY)
    first, _ = reset_of(session)
    ask_for_reset(session, email=BILAL, commune_id=home.id, now=EARLY + minutes(10))
    second, messages = reset_of(session)

    assert messages == 2
    assert first != second
    with pytest.raises(LinkOver):
        person_to_reset(session, nonce=first or "", now=EARLY + minutes(10))


def test_asking_again_at_once_sends_no_second_message(session: Session, home: Commune, bilal: Person) -> None:
    for second in range(5):
        ask_for_reset(session, email=BILAL, commune_id=home.id, now=EARLY + timedelta(seconds=second))

    assert reset_of(session)[1] == 1


def test_nothing_is_sent_to_an_address_without_an_account(session: Session, home: Commune, bilal: Person) -> None:
    ask_for_reset(session, email="ana@example.org", commune_id=home.id, now=EARLY)

    assert reset_of(session) == (None, 0)


def test_a_link_asked_for_elsewhere_comes_from_ones_own_commune(session: Session, home: Commune, bilal: Person) -> None:
    other = a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",))
    ask_for_reset(session, email=BILAL, commune_id=other.id, now=EARLY)

    assert session.scalars(select(Message.commune_id)).one() == home.id


@pytest.mark.parametrize("password", ["azerty", "short one", "eleven char"])
def test_a_short_password_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooShort):
        check_password(password)


@pytest.mark.parametrize(
    "password",
    ["motdepasse2027", "Wachtwoord-2027", "123456789012", "aaaaaaaaaaaaaa", "Pa ss wo rd 1234", "Azerty123456"],
)
def test_a_password_that_everybody_tries_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check_password(password)


@pytest.mark.parametrize("password", ["sint-pieter 2027", "nine green bottles", "Ψυχή και σώμα", "correct horse"])
def test_an_own_sentence_is_a_password(password: str) -> None:
    check_password(password)


# Misses


def test_after_so_many_misses_there_is_a_pause(session: Session) -> None:
    for second in range(3):
        take_try(session, **SIGN_IN, now=EARLY + timedelta(seconds=second))

    with pytest.raises(TooManyTries) as refusal:
        take_try(session, **SIGN_IN, now=EARLY + minutes(2))

    assert refusal.value.facts == {"minutes": 3}


def test_each_miss_is_forgotten_after_its_own_pause(session: Session) -> None:
    for number in range(3):
        take_try(session, **SIGN_IN, now=EARLY + minutes(number))

    assert take_try(session, **SIGN_IN, now=EARLY + minutes(5)) == 1
    with pytest.raises(TooManyTries):
        take_try(session, **SIGN_IN, now=EARLY + minutes(5.5))


def test_a_success_gives_its_try_back(session: Session) -> None:
    for _ in range(20):
        place = take_try(session, **SIGN_IN, now=EARLY)
        forgive(session, kind="account", key="bilal", n=place)

    assert session.scalars(select(LoginFailure)).all() == []


def test_the_misses_of_one_are_not_those_of_another(session: Session) -> None:
    for _ in range(3):
        take_try(session, **SIGN_IN, now=EARLY)

    assert take_try(session, **(SIGN_IN | {"key": "chloe"}), now=EARLY) == 1
    assert take_try(session, **(SIGN_IN | {"kind": "client"}), now=EARLY) == 1


def signing_in(session: Session, *, client: str, now: datetime = EARLY) -> None:
    take_tries(session, of=of_signing_in(email=BILAL, client=client, limit=10, pause=minutes(5)), now=now)


def test_guessing_from_everywhere_is_slowed_for_the_account_too(session: Session) -> None:
    for number in range(300):
        signing_in(session, client=f"client {number // 10}")

    with pytest.raises(TooManyTries) as refusal:
        signing_in(session, client="another")
    assert refusal.value.facts == {"minutes": 60}


def test_one_stranger_alone_never_uses_up_the_tries_of_an_account(session: Session) -> None:
    """Ten misses every five minutes, for three hours."""
    for pause in range(36):
        for _ in range(10):
            signing_in(session, client="a stranger", now=EARLY + minutes(5 * pause))

    signing_in(session, client="Bilal's own", now=EARLY + minutes(180))


def test_a_new_password_forgets_the_misses_of_its_account_and_of_no_other(
    session: Session, home: Commune, bilal: Person
) -> None:
    take_tries(session, of=of_signing_in(email="chloe@x.example", client="here", limit=10, pause=minutes(5)), now=EARLY)
    others = session.scalars(select(LoginFailure.key)).all()
    signing_in(session, client="here")
    ask_for_reset(session, email=BILAL, commune_id=home.id, now=EARLY)
    nonce, _ = reset_of(session)

    set_password(session, nonce=nonce or "", password_hash="new", actor=Actor(client="here"), now=EARLY)

    left = select(LoginFailure.key).where(LoginFailure.kind != "client")
    assert set(session.scalars(left)) == {*others} - {"here"}


def test_a_refused_try_leaves_nothing_behind(database: Database) -> None:
    for _ in range(3):
        database.write(take_try, **SIGN_IN, now=EARLY)
    before = database.all(select(LoginFailure.n, LoginFailure.at))

    with pytest.raises(TooManyTries):
        database.write(take_try, **SIGN_IN, now=EARLY + minutes(1))

    assert database.all(select(LoginFailure.n, LoginFailure.at)) == before


def test_whoever_tries_all_at_once_gains_nothing(database: Database) -> None:
    def once(_: int) -> int:
        try:
            return int(database.write(take_try, **SIGN_IN, now=EARLY))
        except TooManyTries:
            return 0

    with ThreadPoolExecutor(8) as crowd:
        places = list(crowd.map(once, range(16)))

    assert sorted(places) == [0] * 13 + [1, 2, 3]
