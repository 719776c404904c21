"""A hold becomes an appointment once; an appointment is found, corrected and cancelled."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel, sources_of
from booking.core.errors import (
    AlreadyBooked,
    ContactMissing,
    ForbiddenMove,
    HoldGone,
    HoldLapsed,
    OutOfDate,
    TooLateToCancel,
    TooManyAppointments,
    TooManyCopies,
    TooSoon,
    Unknown,
    VisitBegun,
)
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import Appointment, Claim, CounterService, JournalEntry, Message, Seat
from booking.models.messages import MessageKind
from booking.usecases import cancellations
from booking.usecases.appointments import find, send_again, with_nonce
from booking.usecases.cancellations import cancel, cancel_each
from booking.usecases.contacts import correct_contact
from booking.usecases.journal import Actor
from tests.factories import a_service, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import ANA, HALF_PAST_TEN, booked, confirmed, held

RESIDENT = Actor(role=Role.RESIDENT, client="somewhere")
LIMITS = {"per_contact": 4, "limit": 3}
STRIKE = Translated.of(fr="Grève", nl="Staking")


def only(session: Session) -> Appointment:
    session.expire_all()
    return session.scalars(select(Appointment)).one()


def test_confirming_gives_a_reference_and_leaves_one_message(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    visit, message = only(session), session.scalars(select(Message)).one()

    assert (visit.state, visit.reference, visit.held_until) == (AppointmentState.BOOKED, made.reference, None)
    assert (message.kind, message.appointment_id, message.version) == (MessageKind.CONFIRMATION, made.id, 1)
    assert visit.uid.endswith("@mairie-nord.example")


def test_the_same_confirmation_again_gives_the_same_answer(session: Session) -> None:
    place = a_working_commune(session)
    key = held(session, place)
    first, again = confirmed(session, place, key), confirmed(session, place, key)

    assert (again.id, again.reference, again.again) == (first.id, first.reference, True)
    assert session.query(Message).count() == 1


def test_a_form_left_open_shows_the_appointment_for_an_hour_and_no_longer(session: Session) -> None:
    place = a_working_commune(session)
    key = held(session, place)
    made = confirmed(session, place, key)

    assert confirmed(session, place, key, now=EARLY + timedelta(minutes=59)).id == made.id
    with pytest.raises(HoldGone):
        confirmed(session, place, key, now=EARLY + timedelta(minutes=60))


def test_a_lapsed_hold_is_not_confirmed_even_if_nobody_took_it(session: Session) -> None:
    place = a_working_commune(session)
    key = held(session, place)

    with pytest.raises(HoldLapsed):
        confirmed(session, place, key, now=EARLY + timedelta(minutes=10))


def test_another_communes_hold_is_not_confirmed_here(session: Session) -> None:
    place, elsewhere = a_working_commune(session), a_working_commune(session, slug="sud")
    key = held(session, place)

    with pytest.raises(HoldGone):
        confirmed(session, elsewhere, key)
    assert only(session).state == AppointmentState.HELD


def test_a_visit_that_would_have_begun_is_not_confirmed_however_long_its_time_is_held(session: Session) -> None:
    place = a_working_commune(session)
    place.service.notice_minutes = 0
    key = held(session, place, now=HALF_PAST_TEN - timedelta(minutes=5))

    with pytest.raises(TooSoon):
        confirmed(session, place, key, now=HALF_PAST_TEN)
    assert confirmed(session, place, key, now=HALF_PAST_TEN - timedelta(seconds=1)).reference


def test_online_a_contact_is_needed_at_the_desk_it_is_not(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    nobody = replace(ANA, email=None)
    with pytest.raises(ContactMissing):
        confirmed(session, place, held(session, place), wish=nobody)
    session.rollback()

    place = a_working_commune(session)
    assert confirmed(session, place, held(session, place, channel=Channel.DESK), wish=nobody).reference


def test_one_person_has_one_appointment_to_come_for_a_service(session: Session) -> None:
    place = a_working_commune(session, counters=3)
    booked(session, place)

    with pytest.raises(AlreadyBooked):
        booked(session, place, wish=replace(ANA, name="peeters, ANÁ", email="ana+card@example.org"))


def test_the_limit_frees_itself_when_the_visit_is_over(session: Session) -> None:
    place = a_working_commune(session)
    booked(session, place)
    tuesday, over = at(MONDAY, "10:30") + timedelta(days=1), HALF_PAST_TEN + timedelta(minutes=15)

    key = held(session, place, start=tuesday, now=over)
    assert confirmed(session, place, key, now=over).reference


def test_a_contact_has_so_many_appointments_in_all(session: Session) -> None:
    place = a_working_commune(session, counters=4)
    for name in ("Ana", "Bilal"):
        confirmed(session, place, held(session, place), wish=replace(ANA, name=name), per_contact=2)

    with pytest.raises(TooManyAppointments):
        confirmed(session, place, held(session, place), wish=replace(ANA, name="Chloé"), per_contact=2)


def test_another_service_is_another_appointment(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    passport = a_service(session, place.commune, code="passport")
    for counter in place.counters:
        session.add(
            CounterService(commune_id=place.commune.id, counter_id=counter.id, service_id=passport.id),
        )
    session.flush()
    booked(session, place)

    assert booked(session, place, service_id=passport.id).reference


def test_cancelling_frees_the_counter_at_once_and_says_so(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    done = cancel(session, commune_id=place.commune.id, appointment_id=made.id, version=1, actor=RESIDENT, now=EARLY)
    visit = only(session)

    assert done
    assert (visit.state, visit.sequence, visit.version) == (AppointmentState.CANCELLED, 1, 2)
    assert session.query(Claim).count() == session.query(Seat).count() == 0
    assert session.scalars(select(Message.kind).order_by(Message.id)).all() == [
        MessageKind.CONFIRMATION,
        MessageKind.CANCELLATION,
    ]
    assert session.scalars(select(JournalEntry.act)).all() == ["cancelled"]
    booked(session, place)


def test_cancelling_twice_does_nothing_twice(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    step = {"commune_id": place.commune.id, "appointment_id": made.id, "actor": RESIDENT, "now": EARLY}

    assert cancel(session, **step, version=1)  # type: ignore[arg-type]
    assert not cancel(session, **step, version=1)  # type: ignore[arg-type]
    assert session.query(Message).count() == 2


def test_an_old_page_does_not_cancel(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)

    with pytest.raises(OutOfDate):
        cancel(session, commune_id=place.commune.id, appointment_id=made.id, version=0, actor=RESIDENT, now=EARLY)


@pytest.mark.parametrize("state", sorted(set(AppointmentState) - set(sources_of(AppointmentState.CANCELLED))))
def test_what_does_not_lead_to_a_cancellation_is_not_cancelled_even_by_the_commune(
    session: Session, state: AppointmentState
) -> None:
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, state=state)
    step = {"commune_id": place.commune.id, "appointment_id": visit.id, "now": EARLY}

    with nullcontext() if state == AppointmentState.CANCELLED else pytest.raises(ForbiddenMove):
        assert not cancel(session, **step, actor=Actor(role=Role.ADMINISTRATOR), reason=STRIKE)  # type: ignore[arg-type]
    assert only(session).state == state
    assert session.query(Message).count() == session.query(JournalEntry).count() == 0


def test_too_near_to_cancel_alone_but_the_commune_still_can(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    near = HALF_PAST_TEN - timedelta(minutes=119)
    step = {"commune_id": place.commune.id, "appointment_id": made.id, "now": near}

    with pytest.raises(TooLateToCancel):
        cancel(session, **step, version=1, actor=RESIDENT)  # type: ignore[arg-type]
    assert cancel(session, **step, actor=Actor(role=Role.ADMINISTRATOR), reason=STRIKE)  # type: ignore[arg-type]
    assert session.scalars(select(Message.kind).order_by(Message.id)).all()[-1] == MessageKind.CANCELLED_BY_COMMUNE


def test_many_are_cancelled_in_pieces_and_each_is_told(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancellations, "AT_ONCE", 2)
    place = a_working_commune(session, counters=5)
    wanted = {"start": HALF_PAST_TEN}
    ids = [
        an_appointment(session, counter, place.service, **wanted, email=f"{n}@x.be" if n else None).id
        for n, counter in enumerate(place.counters)
    ]
    cancel(session, commune_id=place.commune.id, appointment_id=ids[1], actor=RESIDENT, now=EARLY)
    told = {"commune_id": place.commune.id, "reason": STRIKE, "actor": Actor(role=Role.ADMINISTRATOR), "now": EARLY}

    done = cancel_each(session, ids, **told)  # type: ignore[arg-type]

    assert done == (ids[0], *ids[2:]), "who has cancelled already is not told again"
    session.expire_all()
    assert {visit.state for visit in session.scalars(select(Appointment))} == {AppointmentState.CANCELLED}
    assert session.query(Claim).count() == 0
    letters = session.execute(select(Message.appointment_id, Message.kind).order_by(Message.appointment_id)).all()
    by_us = [(number, MessageKind.CANCELLED_BY_COMMUNE) for number in (ids[0], *ids[2:])]
    assert sorted(tuple(one) for one in letters) == sorted([(ids[1], MessageKind.CANCELLATION), *by_us])
    assert session.query(JournalEntry).filter_by(act="cancelled", fields="cancel_reason,state").count() == 4
    theirs = a_working_commune(session, slug="ailleurs")
    visit = an_appointment(session, theirs.counter, theirs.service)
    assert cancel_each(session, [visit.id], **told) == ()  # type: ignore[arg-type]


def test_another_communes_appointment_cannot_be_cancelled(session: Session) -> None:
    place = a_working_commune(session)
    other = a_working_commune(session, slug="ailleurs")
    made = booked(session, place)

    with pytest.raises(Unknown):
        cancel(session, commune_id=other.commune.id, appointment_id=made.id, actor=Actor(), now=EARLY)


def test_a_corrected_contact_gets_the_confirmation(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    right = {"email": "ana@right.example", "phone": None, "actor": RESIDENT, "now": EARLY} | LIMITS
    home = place.commune.id

    correct_contact(session, commune_id=home, appointment_id=made.id, version=1, **right)  # type: ignore[arg-type]
    visit = only(session)

    assert (visit.email, visit.version, visit.sequence) == ("ana@right.example", 2, 0)
    assert session.scalars(select(Message.version).order_by(Message.id)).all() == [1, 2]
    with pytest.raises(OutOfDate):
        correct_contact(session, commune_id=home, appointment_id=made.id, version=1, **right)  # type: ignore[arg-type]


def test_the_confirmation_is_sent_again_three_times_at_most(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    home = {"commune_id": place.commune.id, "appointment_id": made.id, "version": 1, "limit": 3, "now": EARLY}
    for letters in (1, 2, 3):
        send_again(session, **home, seen=letters)  # type: ignore[arg-type]

    with pytest.raises(TooManyCopies):
        send_again(session, **home, seen=4)  # type: ignore[arg-type]


def test_a_button_pressed_twice_sends_one_letter_and_uses_one_copy(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    home = {"commune_id": place.commune.id, "appointment_id": made.id, "version": 1, "limit": 3, "now": EARLY}
    for letters in (1, 1, 2, 2, 3, 3):
        send_again(session, **home, seen=letters)  # type: ignore[arg-type]

    assert session.scalars(select(Message.copy).order_by(Message.id)).all() == [0, 1, 2, 3]


def test_with_a_corrected_address_the_link_is_another_and_with_a_phone_alone_it_stays(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    home = {"commune_id": place.commune.id, "appointment_id": made.id, "actor": RESIDENT, "now": EARLY} | LIMITS
    of = {"commune_id": place.commune.id}

    same = correct_contact(session, **home, version=1, email=ANA.email, phone="+32470123456")  # type: ignore[arg-type]
    assert same == made.nonce
    new = correct_contact(session, **home, version=2, email="ana@right.example", phone=None)  # type: ignore[arg-type]

    assert with_nonce(session, **of, nonce=made.nonce) is None
    found = with_nonce(session, **of, nonce=new)
    assert found is not None
    assert found.id == made.id


def test_a_letter_to_a_corrected_address_counts_as_a_copy(session: Session) -> None:
    """Nobody's mailbox is filled by a stranger who corrects the address again and again."""
    place = a_working_commune(session)
    made = booked(session, place)
    home = {"commune_id": place.commune.id, "appointment_id": made.id, "now": EARLY}
    send_again(session, **home, version=1, seen=1, limit=3)  # type: ignore[arg-type]
    correct = {**home, **LIMITS, "phone": None, "actor": RESIDENT}
    for version in (1, 2):
        correct_contact(session, **correct, version=version, email=f"a{version}@right.example")  # type: ignore[arg-type]

    with pytest.raises(TooManyCopies):
        correct_contact(session, **correct, version=3, email="another@right.example")  # type: ignore[arg-type]


def test_a_phone_number_is_corrected_however_many_letters_went_out(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    home = {"commune_id": place.commune.id, "appointment_id": made.id, "version": 1, "now": EARLY}
    for letters in (1, 2, 3):
        send_again(session, **home, seen=letters, limit=3)  # type: ignore[arg-type]

    correct_contact(session, **home, **LIMITS, email=None, phone="+32470123456", actor=RESIDENT)  # type: ignore[arg-type]

    assert only(session).phone == "+32470123456"


BY_PHONE = replace(ANA, email=None, phone="+32470000000")


@pytest.mark.parametrize(("by_text", "confirmations"), [(True, 2), (False, 1)])
def test_with_a_gateway_a_corrected_number_gets_the_confirmation(
    session: Session, by_text: bool, confirmations: int
) -> None:
    place = a_working_commune(session)
    made = booked(session, place, wish=BY_PHONE)
    right = {"email": None, "phone": "+32470123456", "by_text": by_text, "actor": RESIDENT, "now": EARLY} | LIMITS
    correct_contact(session, commune_id=place.commune.id, appointment_id=made.id, version=1, **right)  # type: ignore[arg-type]

    assert only(session).phone == "+32470123456"
    kept = select(Message.version).where(Message.kind == MessageKind.CONFIRMATION).order_by(Message.id)
    assert session.scalars(kept).all() == [1, 2][:confirmations]


def test_whoever_got_the_text_message_at_a_mistyped_number_keeps_no_way_in(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place, wish=BY_PHONE)
    home = {"commune_id": place.commune.id, "appointment_id": made.id, "actor": RESIDENT, "now": EARLY} | LIMITS
    same = correct_contact(session, **home, version=1, email=None, phone=BY_PHONE.phone, by_text=True)  # type: ignore[arg-type]
    assert same == made.nonce

    correct_contact(session, **home, version=2, email=None, phone="+32470123456", by_text=True)  # type: ignore[arg-type]
    assert with_nonce(session, commune_id=place.commune.id, nonce=made.nonce) is None


def test_a_text_message_to_a_corrected_number_counts_as_a_copy(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place, wish=BY_PHONE)
    home = {"commune_id": place.commune.id, "appointment_id": made.id, "actor": RESIDENT, "now": EARLY, "limit": 1}
    right = {**home, "per_contact": 4, "email": None, "by_text": True}
    correct_contact(session, **right, version=1, phone="+32470123456")  # type: ignore[arg-type]

    with pytest.raises(TooManyCopies):
        correct_contact(session, **right, version=2, phone="+32470123457")  # type: ignore[arg-type]


def test_once_the_visit_has_begun_no_letter_is_sent_about_it_any_more(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    home = {"commune_id": place.commune.id, "appointment_id": made.id, "version": 1, "now": HALF_PAST_TEN}

    with pytest.raises(VisitBegun):
        send_again(session, **home, seen=1, limit=3)  # type: ignore[arg-type]
    with pytest.raises(VisitBegun):
        correct_contact(session, **home, **LIMITS, email="ana@right.example", phone=None, actor=RESIDENT)  # type: ignore[arg-type]


def test_a_reference_opens_nothing_without_its_contact(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    wanted = {"commune_id": place.commune.id, "reference": made.reference}

    assert find(session, **wanted, email="ANA@example.org").id == made.id  # type: ignore[arg-type]
    for other in ({"email": "eve@example.org"}, {"phone": "+32470123456"}, {}):
        with pytest.raises(Unknown):
            find(session, **wanted, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize("known", [{"email": "ana@example.org"}, {"phone": "+32470123456"}])
def test_a_visit_with_two_contacts_is_found_by_either(session: Session, known: dict[str, str]) -> None:
    place = a_working_commune(session)
    made = booked(session, place, wish=replace(ANA, phone="+32470123456"))

    assert find(session, commune_id=place.commune.id, reference=made.reference, **known).id == made.id  # type: ignore[arg-type]


def test_each_contact_of_a_visit_counts_towards_its_own_limit(session: Session) -> None:
    place = a_working_commune(session, counters=4)
    for number, name in enumerate(("Ana", "Bilal")):
        wish = replace(ANA, name=name, email=f"address-{number}@example.org", phone="+32470123456")
        confirmed(session, place, held(session, place), wish=wish, per_contact=2)

    chloe = replace(ANA, name="Chloé", email=None, phone="+32470123456")
    with pytest.raises(TooManyAppointments):
        confirmed(session, place, held(session, place), wish=chloe, per_contact=2)


def test_one_person_is_known_again_by_the_phone_alone(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    booked(session, place, wish=replace(ANA, phone="+32470123456"))

    with pytest.raises(AlreadyBooked):
        booked(session, place, wish=replace(ANA, email=None, phone="+32470123456"))


def test_a_contact_that_was_corrected_away_counts_no_longer(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    made = booked(session, place, wish=replace(ANA, phone="+32470123456"))
    right = {"email": "ana@right.example", "phone": None, "per_contact": 4, "limit": 3, "actor": RESIDENT, "now": EARLY}
    correct_contact(session, commune_id=place.commune.id, appointment_id=made.id, version=1, **right)  # type: ignore[arg-type]

    assert booked(session, place, wish=replace(ANA, email=None, phone="+32470123456")).reference
