"""An invitation: one link for one use, for three days, that makes an account or leaves one as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.errors import AddressTaken, AnotherAccount, LinkOver, Unknown, WorksHere
from booking.core.letters import StaffLetter
from booking.core.references import nonce_of
from booking.core.roles import Role
from booking.models import Commune, JournalEntry, Membership, Message, Office, Person
from booking.usecases.colleagues import Standing, colleague
from booking.usecases.invitations import LASTS, accept, come, invitation, invite, invite_again, withdraw
from booking.usecases.joining import join
from booking.usecases.journal import Actor
from booking.usecases.letters import letter_for
from booking.usecases.passwords import ask_for_reset
from booking.usecases.people import Limits, account_for, open_session, session_of
from booking.usecases.retention import forget_invitations
from tests.factories import SECRET_KEY, a_commune, a_person, an_office
from tests.moments import EARLY

LIMITS = Limits(idle_minutes=30, session_hours=12)
SALMA = {"email": "Salma@Nord.example", "name": "Salma Idrissi", "language": "nl", "role": Role.AGENT}
DORA = Actor(Role.ADMINISTRATOR)
COMING = {"name": "Salma El Idrissi", "language": "fr", "password_hash": "kept", "actor": Actor(Role.AGENT)}


@pytest.fixture
def home(session: Session) -> Commune:
    return a_commune(session)


@pytest.fixture
def hall(session: Session, home: Commune) -> Office:
    return an_office(session, home)


def invited(session: Session, home: Commune, *, offices: Sequence[Office] = (), **changes: object) -> int:
    facts = SALMA | {"office_ids": [one.id for one in offices], "actor": DORA, "now": EARLY} | changes
    return invite(session, commune_id=home.id, **facts)  # type: ignore[arg-type]


def nonce(session: Session) -> str:
    return session.scalars(select(Membership.invitation_nonce).where(Membership.invited_until.is_not(None))).one() or ""


def roles(session: Session, token: str, home: Commune) -> set[Role]:
    found = session_of(session, token=token, limits=LIMITS, now=EARLY)
    return set(found.roles_in(home.id)) if found else set()


def test_somebody_new_chooses_name_and_password_and_works_where_they_were_invited(
    session: Session, home: Commune, hall: Office
) -> None:
    number = invited(session, home, offices=[hall])
    link = nonce(session)
    what = invitation(session, nonce=link, now=EARLY)
    assert (what.email, what.role, what.has_account) == ("salma@nord.example", Role.AGENT, False)
    assert account_for(session, "salma@nord.example") is None

    token = come(session, nonce=link, **COMING, now=EARLY)

    found = session_of(session, token=token, limits=LIMITS, now=EARLY)
    assert found is not None
    assert (found.id, found.name, found.reach) == (number, "Salma El Idrissi", {home.id: {Role.AGENT: {hall.id}}})
    assert session.scalars(select(JournalEntry.act).order_by(JournalEntry.id)).all() == ["invited", "joined"]


def test_the_letter_leads_to_the_invitation_in_the_language_it_was_given(session: Session, home: Commune) -> None:
    invited(session, home)
    letter = letter_for(
        session,
        message_number=session.scalars(select(Message.id)).one(),
        base_url="http://guichet.example",
        secret=SECRET_KEY,
        now=EARLY,
    )

    assert isinstance(letter, StaffLetter)
    assert (letter.language, letter.recipient, letter.invited_as) == ("nl", "salma@nord.example", Role.AGENT)
    address, _, token = letter.url.rpartition("/")
    assert address == "http://guichet.example/nl/gemeente-noord/agent/invitation/open"
    assert nonce_of(SECRET_KEY, "invitation", token) == nonce(session)


def test_a_link_works_once_and_for_three_days(session: Session, home: Commune) -> None:
    invited(session, home)
    link = nonce(session)
    with pytest.raises(LinkOver):
        come(session, nonce=link, **COMING, now=EARLY + LASTS)

    come(session, nonce=link, **COMING, now=EARLY + LASTS - timedelta(seconds=1))

    with pytest.raises(LinkOver):
        come(session, nonce=link, **COMING, now=EARLY)
    with pytest.raises(LinkOver):
        invitation(session, nonce=link, now=EARLY)


def test_sent_again_it_has_another_link_but_not_within_two_minutes(session: Session, home: Commune) -> None:
    number = invited(session, home)
    first, own = nonce(session), {"commune_id": home.id, "person_id": number, "actor": DORA}

    invite_again(session, **own, now=EARLY + timedelta(minutes=1))
    assert nonce(session) == first
    invite_again(session, **own, now=EARLY + timedelta(days=5))

    with pytest.raises(LinkOver):
        come(session, nonce=first, **COMING, now=EARLY)
    assert invitation(session, nonce=nonce(session), now=EARLY + timedelta(days=7))
    assert len(session.scalars(select(Message.id)).all()) == 2


def test_taken_back_it_opens_nothing_and_nothing_is_left_of_whoever_has_no_account(
    session: Session, home: Commune
) -> None:
    number = invited(session, home)
    link = nonce(session)

    withdraw(session, commune_id=home.id, person_id=number, actor=DORA, now=EARLY)

    with pytest.raises(LinkOver):
        come(session, nonce=link, **COMING, now=EARLY)
    assert session.scalars(select(Person.id)).all() == session.scalars(select(Message.id)).all() == []
    with pytest.raises(Unknown):
        withdraw(session, commune_id=home.id, person_id=number, actor=DORA, now=EARLY)


@pytest.fixture
def emil(session: Session) -> Person:
    moulin = a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",))
    return a_person(session, moulin, name="Emil", email="emil@moulin.example")


def test_who_works_elsewhere_accepts_with_the_account_they_have_and_it_stays_as_it_is(
    session: Session, home: Commune, emil: Person
) -> None:
    kept = emil.password_hash
    invited(session, home, email=emil.email, name="Somebody", language="de")
    before = open_session(session, person_id=emil.id, now=EARLY)
    assert roles(session, before, home) == set()
    with pytest.raises(LinkOver), session.begin_nested():
        come(session, nonce=nonce(session), **COMING, now=EARLY)

    token = accept(session, nonce=nonce(session), person_id=emil.id, actor=Actor(), now=EARLY)

    session.expire_all()
    assert (emil.name, emil.language, emil.password_hash) == ("Emil", "fr", kept)
    assert roles(session, token, home) == {Role.AGENT}
    assert session_of(session, token=before, limits=LIMITS, now=EARLY) is None


def test_nobody_accepts_what_is_for_somebody_else(session: Session, home: Commune, emil: Person) -> None:
    bilal = a_person(session, home)
    invited(session, home, email=emil.email)

    with pytest.raises(AnotherAccount), session.begin_nested():
        accept(session, nonce=nonce(session), person_id=bilal.id, actor=Actor(), now=EARLY)

    assert invitation(session, nonce=nonce(session), now=EARLY).person_id == emil.id


def test_an_invitation_taken_back_leaves_an_account_that_is_there(
    session: Session, home: Commune, emil: Person
) -> None:
    number = invited(session, home, email=emil.email)

    withdraw(session, commune_id=home.id, person_id=number, actor=DORA, now=EARLY)

    assert account_for(session, emil.email) is not None


def test_who_is_here_already_is_not_invited(session: Session, home: Commune) -> None:
    a_person(session, home)
    invited(session, home)

    for email in ("bilal@mairie-nord.example", "salma@nord.example"):
        with pytest.raises(WorksHere):
            invited(session, home, email=email)
    session.execute(update(Person).values(deactivated_at=EARLY))
    with pytest.raises(AddressTaken):
        invited(session, home, email="bilal@mairie-nord.example")


def test_who_is_invited_has_no_password_to_be_forgotten_or_guessed(session: Session, home: Commune) -> None:
    invited(session, home)

    ask_for_reset(session, email="salma@nord.example", commune_id=home.id, now=EARLY)

    assert session.scalars(select(Person.reset_nonce)).one() is None
    assert colleague(session, commune_id=home.id, person_id=session.scalars(select(Person.id)).one()).standing == (
        Standing.INVITED
    )


def test_a_command_that_makes_an_account_of_it_ends_the_invitation(session: Session, home: Commune) -> None:
    invited(session, home)
    link = nonce(session)
    facts = {"email": "salma@nord.example", "name": "Salma", "language": "fr", "password_hash": "x", "now": EARLY}

    done = join(session, commune_id=home.id, role=Role.AGENT, **facts)

    assert (done.is_new_account, done.is_new_role) == (True, True)
    with pytest.raises(LinkOver):
        come(session, nonce=link, **COMING, now=EARLY)
    assert account_for(session, "salma@nord.example") is not None


def test_what_nobody_accepted_is_forgotten_a_month_after_its_link_has_lapsed(
    session: Session, home: Commune, emil: Person
) -> None:
    invited(session, home)
    invited(session, home, email=emil.email)
    over = EARLY + LASTS + timedelta(days=30)

    assert forget_invitations(session, now=over - timedelta(seconds=1)) == 0
    assert forget_invitations(session, now=over) == 2
    assert session.scalars(select(Person.email)).all() == [emil.email]
