"""The worker and the list: it passes on what nobody answered for, and writes by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.core.letters import VisitLetter
from booking.core.list_letters import ListLetter
from booking.core.references import link_token, short_token
from booking.core.waiting import USUAL_TERMS, OfferState, OfferTerms
from booking.delivery.short import short_text
from booking.delivery.writing import text as written
from booking.models import Appointment, Message, Offer, WaitingEntry
from booking.models.messages import MessageKind, MessageState
from booking.settings import Settings
from booking.usecases.cancellations import cancel
from booking.usecases.journal import SYSTEM
from booking.usecases.letters import letter_for
from booking.usecases.waiting_answers import decline, leave
from booking.worker import Work, pass_on_offers, send_due
from tests.conftest import SECRET
from tests.databases import Database
from tests.factories import Working, an_appointment
from tests.moments import MONDAY, Clock, at
from tests.test_worker import Post
from tests.usecases.waiting import IN_A_MONTH, a_commune_with_a_list, a_freed_time, somebody_waits, waits_with

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def work(database: Database, settings: Settings, clock: Clock, post: Post) -> Work:
    return Work(database.engine, post, settings, clock)


def two_wait(session: Session) -> Working:
    place = a_commune_with_a_list(session)
    for name in ("Bilal", "Chloe"):
        somebody_waits(session, place, name)
    return place


def test_an_offer_that_nobody_answers_goes_to_the_next_who_is_written_to(
    work: Work, post: Post, database: Database, clock: Clock
) -> None:
    place = database.write(two_wait)
    database.write(lambda session: a_freed_time(session, place, email=None) and None)
    send_due(work)
    assert post.taken == ["bilal@example.org"]

    clock.forward(hours=2)
    assert (pass_on_offers(work), pass_on_offers(work)) == (1, 0)
    send_due(work)
    assert sorted(post.taken) == ["bilal@example.org", "bilal@example.org", "chloe@example.org"]
    assert database.all(select(Offer.state).order_by(Offer.id)) == [OfferState.LAPSED, OfferState.OPEN]


def test_at_night_nobody_is_written_to(work: Work, post: Post, database: Database, clock: Clock) -> None:
    place = database.write(two_wait)
    send_due(work)
    clock.now = at(MONDAY, "23:30")
    database.write(lambda session: a_freed_time(session, place, now=clock.now, email=None) and None)
    send_due(work)
    assert post.taken == []

    clock.now = at(TUESDAY, "07:00")
    send_due(work)
    assert post.taken == ["bilal@example.org"]


def test_a_letter_about_what_is_over_is_not_sent(work: Work, post: Post, database: Database, clock: Clock) -> None:
    place = database.write(two_wait)
    send_due(work)
    database.write(lambda session: a_freed_time(session, place, email=None) and None)
    gone = {"commune_id": place.commune.id, "entry_id": database.one(select(Offer.entry_id)), "terms": USUAL_TERMS}
    database.write(leave, **gone, now=clock.now)
    send_due(work)

    assert post.taken == ["chloe@example.org"]
    states = select(Message.state).where(Message.kind == MessageKind.LIST_OFFER).order_by(Message.id)
    assert database.all(states) == [MessageState.DROPPED, MessageState.SENT]


def test_who_has_only_a_telephone_is_written_to_and_offered_times_where_there_is_a_gateway(
    work: Work, post: Post, database: Database, clock: Clock
) -> None:
    by_text, texts = replace(USUAL_TERMS, by_text=True), Texts()

    def waiting(session: Session) -> Working:
        place = a_commune_with_a_list(session)
        somebody_waits(session, place, "Bilal", phone="+32470123456", email=None, by_text=True)
        return place

    def freed(session: Session, terms: OfferTerms, start: str) -> None:
        visit = an_appointment(session, place.counter, place.service, start=at(TUESDAY, start), email=None)
        own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
        cancel(session, **own, terms=terms, actor=SYSTEM, now=clock.now)

    place = database.write(waiting)
    database.write(freed, terms=USUAL_TERMS, start="09:00")
    assert database.count(Offer) == 0
    database.write(freed, terms=by_text, start="10:00")
    send_due(replace(work, texts=texts))  # type: ignore[arg-type]

    assert post.taken == []
    ((number, said),) = texts.taken
    nonce = database.one(select(WaitingEntry.nonce))
    assert number == "+32470123456"
    assert "une heure s'est libérée pour vous" in said
    assert said.endswith(f"http://localhost/fr/mairie-nord/e/{short_token(link_token(SECRET, 'earlier', nonce))}")


def test_a_helper_is_told_for_whom_a_time_came_free(database: Database, clock: Clock) -> None:
    def helped(session: Session) -> None:
        place = a_commune_with_a_list(session, counters=2)
        contact = {"email": None, "phone": None, "helper_name": "Dina Maes", "helper_email": "dina@example.org"}
        visit = an_appointment(session, place.counters[1], place.service, start=at(IN_A_MONTH, "09:00"), **contact)
        waits_with(session, place, visit)
        a_freed_time(session, place)

    database.write(helped)
    number = database.one(select(Message.id).where(Message.kind == MessageKind.LIST_OFFER))
    with Session(database.engine) as session:
        letter = letter_for(session, message_number=number, base_url="http://localhost", secret=SECRET, now=clock.now)

    assert isinstance(letter, ListLetter)
    assert (letter.recipient, letter.addressee) == ("dina@example.org", "Dina Maes")
    assert f"avez pris ce rendez-vous pour {letter.name}" in written(letter)


class Texts:
    """A gateway for text messages that remembers what it was handed."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    def send(self, letter: VisitLetter | ListLetter, *, number: int) -> None:
        self.taken.append((letter.phone, short_text(letter)))


def test_who_has_an_appointment_is_led_to_it_and_who_has_none_to_the_place(database: Database, clock: Clock) -> None:
    def with_and_without(session: Session) -> tuple[str, str]:
        place = a_commune_with_a_list(session, counters=2)
        visit = an_appointment(session, place.counters[1], place.service, start=at(IN_A_MONTH, "09:00"))
        waits_with(session, place, visit)
        entry = somebody_waits(session, place, "Bilal")
        a_freed_time(session, place)
        a_freed_time(session, place, start=at(TUESDAY, "09:00"))
        return visit.nonce, entry.nonce

    visit, entry = database.write(with_and_without)
    offers = select(Message.id).where(Message.kind == MessageKind.LIST_OFFER).order_by(Message.id)
    with Session(database.engine) as session:
        told = [
            letter_for(session, message_number=number, base_url="http://localhost", secret=SECRET, now=clock.now)
            for number in database.all(offers)
        ]

    addresses = [letter.url.in_("fr") for letter in told]  # type: ignore[union-attr]
    assert addresses == [
        f"http://localhost/fr/mairie-nord/appointment/open/{link_token(SECRET, 'appointment', visit)}",
        f"http://localhost/fr/mairie-nord/earlier/open/{link_token(SECRET, 'earlier', entry)}",
    ]
    assert database.count(WaitingEntry) == 2


def over(database: Database) -> list[MessageState]:
    """What became of the letters that say that an offer is over."""
    kept = select(Message.state).where(Message.kind == MessageKind.LIST_OVER)
    return database.all(kept.order_by(Message.id))


def the_offer(database: Database) -> dict[str, int]:
    offer = database.one(select(Offer))
    return {"commune_id": offer.commune_id, "entry_id": offer.entry_id, "offer_id": offer.id}


def one_waits(session: Session) -> Working:
    place = a_commune_with_a_list(session)
    somebody_waits(session, place, "Bilal")
    a_freed_time(session, place, email=None)
    return place


def test_whose_offer_lapses_is_told_once_that_it_is_over_and_keeps_the_place(
    work: Work, post: Post, database: Database, clock: Clock
) -> None:
    database.write(one_waits)
    send_due(work)
    clock.forward(hours=2)
    pass_on_offers(work)
    number = database.one(select(Message.id).where(Message.kind == MessageKind.LIST_OVER))
    with Session(database.engine) as session:
        letter = letter_for(session, message_number=number, base_url="http://localhost", secret=SECRET, now=clock.now)
    send_due(work)
    pass_on_offers(work)
    send_due(work)

    assert isinstance(letter, ListLetter)
    said = written(letter).replace("\u00a0", " ")
    assert "Nous ne gardons plus l’heure qui s’était libérée pour vous." in said
    assert "Vous gardez votre place sur la liste jusqu’au 1er février 2027." in said
    assert (post.taken, over(database)) == (["bilal@example.org"] * 2, [MessageState.SENT])


def test_whoever_turns_an_offer_down_or_leaves_is_not_told_that_it_is_over(
    work: Work, post: Post, database: Database, clock: Clock
) -> None:
    place = database.write(one_waits)
    send_due(work)
    database.write(decline, **the_offer(database), terms=USUAL_TERMS, now=clock.now)
    send_due(work)
    assert post.taken == ["bilal@example.org"]

    visit = {"start": at(TUESDAY, "10:00"), "email": None}
    database.write(lambda session: a_freed_time(session, place, **visit) and None)
    send_due(work)
    gone = {"commune_id": place.commune.id, "entry_id": database.one(select(WaitingEntry.id)), "terms": USUAL_TERMS}
    database.write(leave, **gone, now=clock.now)
    pass_on_offers(work)
    send_due(work)
    assert (post.taken, over(database)) == (["bilal@example.org"] * 2, [])


def test_an_offer_that_was_never_told_has_no_end_to_tell(
    work: Work, post: Post, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY, "22:00")
    place = database.write(two_wait)
    send_due(work)
    database.write(lambda session: a_freed_time(session, place, now=clock.now, email=None) and None)
    database.write(lambda session: session.execute(delete(Appointment).where(Appointment.state == "held")) and None)
    pass_on_offers(work)
    clock.now = at(TUESDAY, "07:00")
    send_due(work)

    assert (post.taken, over(database)) == ([], [])


def test_when_the_hours_take_an_offered_time_away_its_person_is_told_before_they_answer(
    work: Work, post: Post, database: Database, clock: Clock
) -> None:
    database.write(one_waits)
    send_due(work)
    database.write(lambda session: session.execute(delete(Appointment).where(Appointment.state == "held")) and None)
    clock.forward(minutes=1)

    assert pass_on_offers(work) == 1
    send_due(work)
    assert (post.taken, over(database)) == (["bilal@example.org"] * 2, [MessageState.SENT])
    assert database.one(select(Offer.state)) == OfferState.LAPSED


def test_at_night_nobody_is_told_that_an_offer_is_over_and_with_a_new_one_in_the_morning_not_at_all(
    work: Work, post: Post, database: Database, clock: Clock
) -> None:
    place = database.write(one_waits)
    send_due(work)
    clock.now = at(MONDAY, "22:00")
    pass_on_offers(work)
    send_due(work)
    assert (post.taken, over(database)) == (["bilal@example.org"], [MessageState.QUEUED])

    visit = {"start": at(MONDAY + timedelta(days=3), "10:00"), "email": None, "now": clock.now}
    database.write(lambda session: a_freed_time(session, place, **visit) and None)
    clock.now = at(TUESDAY, "07:00")
    send_due(work)
    assert (post.taken, over(database)) == (["bilal@example.org"] * 2, [MessageState.DROPPED])


def test_by_text_message_too_the_end_of_an_offer_is_said(work: Work, database: Database, clock: Clock) -> None:
    by_text, texts = replace(USUAL_TERMS, by_text=True), Texts()

    def offered(session: Session) -> None:
        place = a_commune_with_a_list(session)
        somebody_waits(session, place, "Bilal", phone="+32470123456", email=None, by_text=True)
        visit = an_appointment(session, place.counter, place.service, start=at(TUESDAY, "10:00"), email=None)
        own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
        cancel(session, **own, terms=by_text, actor=SYSTEM, now=clock.now)

    database.write(offered)
    texted = replace(work, texts=texts)  # type: ignore[arg-type]
    send_due(texted)
    clock.forward(hours=2)
    pass_on_offers(work)
    send_due(texted)

    assert [number for number, _ in texts.taken] == ["+32470123456"] * 2
    assert "nous ne gardons plus l'heure qui s'etait liberee" in texts.taken[1][1].translate(str.maketrans("éè", "ee"))
    assert "/fr/mairie-nord/e/" in texts.taken[1][1]
