"""A freed time goes through the list: to the first whom it fits, then to the next, then to the public."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.checklist import Procedure, Told
from booking.core.errors import OfferOver, SlotTaken, TooManyAppointments
from booking.core.needs import Need, NeedTimes
from booking.core.preferences import PartOfDay
from booking.core.waiting import PASSING_ON, USUAL_TERMS, OfferState, WaitingState, Wishes
from booking.models import Appointment, AppointmentLine, FreedTime, Message, Offer, WaitingEntry, WaitingLine
from booking.models.messages import MessageKind
from booking.usecases.baskets import Basket
from booking.usecases.check import problems
from booking.usecases.moves import accept as move
from booking.usecases.offers import free_days
from booking.usecases.own_data import written_out
from booking.usecases.retention import KINDS
from booking.usecases.waiting_answers import accept, decline, leave
from booking.usecases.waiting_figures import ListFigures, figures, median_gain
from tests.factories import Working, a_counter, a_service, a_session, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import booked, held
from tests.usecases.waiting import (
    ANA,
    IN_A_MONTH,
    NINE,
    WEDNESDAY,
    a_commune_with_a_list,
    a_freed_time,
    give_back,
    held_visits,
    kept_for,
    somebody_waits,
    states,
    the_worker_passes_on,
    waits_with,
)
from tests.web.counting import counted

TWO_HOURS = timedelta(hours=2)


def answer(session: Session, place: Working, entry: WaitingEntry, *, now: datetime = EARLY, **other: int) -> str:
    offer = session.scalars(select(Offer).where(Offer.entry_id == entry.id).order_by(Offer.id.desc())).first()
    assert offer is not None
    own = {"commune_id": place.commune.id, "entry_id": entry.id, "offer_id": offer.id}
    return accept(session, **own, terms=USUAL_TERMS, actor=ANA, now=now, **{"per_contact": 4, **other})


def test_the_office_is_taken_before_the_time_that_is_passed_on_as_whoever_pauses_there_takes_it(
    session: Session,
) -> None:
    place = a_commune_with_a_list(session)
    ana, _ = somebody_waits(session, place, "Ana"), somebody_waits(session, place, "Bilal")
    a_freed_time(session, place)

    with counted(session.connection()) as said:
        refuse(session, place, ana)

    shares = next(at for at, one in enumerate(said) if one.startswith("SELECT office.") and "retired_at IS NULL" in one)
    frees = next(at for at, one in enumerate(said) if one.startswith("DELETE FROM appointment"))
    assert shares < frees


def refuse(session: Session, place: Working, entry: WaitingEntry, *, now: datetime = EARLY) -> None:
    for number in session.scalars(select(Offer.id).where(Offer.entry_id == entry.id)).all():
        own = {"commune_id": place.commune.id, "entry_id": entry.id, "offer_id": number}
        decline(session, **own, terms=USUAL_TERMS, now=now)


def is_public(session: Session, place: Working, start: datetime = NINE, *, now: datetime = EARLY) -> bool:
    day = start.date()
    wish = {"office": place.office, "basket": Basket.of(place.service)}
    return start in free_days(session, **wish, first=day, last=day, now=now)[day]  # type: ignore[arg-type]


def all_is_well(session: Session, *, now: datetime = EARLY) -> None:
    session.flush()
    assert problems(session, now=now) == []


def test_a_cancelled_time_is_kept_for_the_first_in_the_list_and_nobody_else_sees_it(session: Session) -> None:
    place = a_commune_with_a_list(session)
    first, second = (somebody_waits(session, place, name) for name in ("Bilal", "Chloe"))
    a_freed_time(session, place)

    assert (kept_for(session, first), kept_for(session, second)) == (NINE, None)
    assert not is_public(session, place)
    with pytest.raises(SlotTaken):
        held(session, place, start=NINE)
    (letter,) = session.scalars(select(Message).where(Message.kind == MessageKind.LIST_OFFER)).all()
    assert (letter.waiting_entry_id, letter.due_at) == (first.id, EARLY)
    all_is_well(session)


def test_whoever_takes_it_has_an_appointment_and_leaves_the_list(session: Session) -> None:
    place = a_commune_with_a_list(session)
    first = somebody_waits(session, place, "Bilal")
    a_freed_time(session, place)
    nonce = answer(session, place, first, now=EARLY + timedelta(minutes=119))
    assert answer(session, place, first, now=EARLY + timedelta(minutes=119)) == nonce
    session.expire_all()

    visit = session.scalars(select(Appointment).where(Appointment.nonce == nonce)).one()
    assert (visit.state, visit.start, visit.name, visit.email) == (
        AppointmentState.BOOKED,
        NINE,
        "Bilal",
        "bilal@example.org",
    )
    assert (first.state, first.name, first.email) == (WaitingState.DONE, None, None)
    assert states(session) == [OfferState.TAKEN]
    kinds = session.scalars(select(Message.kind).where(Message.appointment_id == visit.id)).all()
    assert MessageKind.CONFIRMATION in kinds


def test_a_time_that_is_turned_down_goes_to_the_next_and_then_to_the_public(session: Session) -> None:
    place = a_commune_with_a_list(session)
    first, second = (somebody_waits(session, place, name) for name in ("Bilal", "Chloe"))
    a_freed_time(session, place)

    refuse(session, place, first)
    assert (kept_for(session, first), kept_for(session, second)) == (None, NINE)
    refuse(session, place, second)
    assert is_public(session, place)
    assert states(session) == [OfferState.DECLINED] * 2
    assert {first.state, second.state} == {WaitingState.LIVE}
    all_is_well(session)


def test_the_worker_passes_on_what_nobody_answered_for(session: Session) -> None:
    place = a_commune_with_a_list(session)
    first, second = (somebody_waits(session, place, name) for name in ("Bilal", "Chloe"))
    a_freed_time(session, place)

    assert the_worker_passes_on(session, now=EARLY + TWO_HOURS - timedelta(seconds=1)) == 0
    later = EARLY + TWO_HOURS
    with pytest.raises(OfferOver):
        answer(session, place, first, now=later)
    assert the_worker_passes_on(session, now=later) == 1
    assert (kept_for(session, first, now=later), kept_for(session, second, now=later)) == (None, NINE)
    assert the_worker_passes_on(session, now=later + TWO_HOURS) == 1
    assert is_public(session, place, now=later + TWO_HOURS)
    assert states(session) == [OfferState.LAPSED] * 2


def test_for_ten_minutes_a_lapsed_offer_is_the_workers_then_the_publics(session: Session) -> None:
    place = a_commune_with_a_list(session)
    first = somebody_waits(session, place, "Bilal")
    a_freed_time(session, place)
    over = EARLY + TWO_HOURS
    almost = over + PASSING_ON - timedelta(seconds=1)

    assert not is_public(session, place, now=almost)
    with pytest.raises(SlotTaken):
        held(session, place, start=NINE, now=almost)
    assert is_public(session, place, now=over + PASSING_ON)
    held(session, place, start=NINE, now=over + PASSING_ON)
    with pytest.raises(OfferOver):
        answer(session, place, first, now=over + PASSING_ON)
    assert the_worker_passes_on(session, now=over + PASSING_ON) == 1
    assert [visit.hold_kind for visit in held_visits(session)] == [HoldKind.PUBLIC]


def test_it_fits_whoever_wished_for_such_a_time_and_comes_for_what_the_counter_serves(session: Session) -> None:
    place = a_commune_with_a_list(session)
    branch = an_office(session, place.commune, code="branch")
    passport = a_service(session, place.commune, code="passport", earlier_list=True)
    somebody_waits(session, place, "Elsewhere", offices=[branch.id])
    somebody_waits(session, place, "Tuesdays", wishes=Wishes(MONDAY, IN_A_MONTH, weekdays=frozenset({1})))
    somebody_waits(session, place, "Evenings", wishes=Wishes(MONDAY, IN_A_MONTH, parts=frozenset({PartOfDay.EVENING})))
    somebody_waits(session, place, "Later", wishes=Wishes(WEDNESDAY + timedelta(days=1), IN_A_MONTH))
    somebody_waits(session, place, "Sooner", wishes=Wishes(MONDAY, WEDNESDAY - timedelta(days=1)))
    other = Working(place.commune, place.office, place.counters, passport, place.opening)
    somebody_waits(session, other, "Passport")
    fits = somebody_waits(
        session, place, "Fits", wishes=Wishes(WEDNESDAY, WEDNESDAY, frozenset({2}), frozenset({PartOfDay.MORNING}))
    )
    a_freed_time(session, place)

    assert kept_for(session, fits) == NINE
    assert len(held_visits(session)) == 1


def test_a_family_gets_it_only_with_the_room_it_needs(session: Session) -> None:
    place = a_commune_with_a_list(session)
    family = somebody_waits(session, place, "Family", persons=2)
    alone = somebody_waits(session, place, "Alone")
    neighbour = an_appointment(session, place.counter, place.service, start=at(WEDNESDAY, "09:15"), email=None)
    a_freed_time(session, place, start=at(WEDNESDAY, "08:00"))
    assert kept_for(session, family) == at(WEDNESDAY, "08:00")

    a_freed_time(session, place)
    assert kept_for(session, alone) == NINE
    assert neighbour.state == AppointmentState.BOOKED
    all_is_well(session)


def test_what_a_long_visit_frees_is_shared_out(session: Session) -> None:
    place = a_commune_with_a_list(session)
    people = [somebody_waits(session, place, f"Person{number}") for number in range(3)]
    visit = an_appointment(session, place.counter, place.service, start=NINE, minutes=30)
    for start in ("08:45", "09:30"):
        an_appointment(session, place.counter, place.service, start=at(WEDNESDAY, start), email=None)
    give_back(session, place, visit)

    assert [kept_for(session, one) for one in people] == [NINE, NINE + timedelta(minutes=15), None]
    all_is_well(session)


def test_somebody_with_an_appointment_is_offered_only_what_is_earlier(session: Session) -> None:
    place = a_commune_with_a_list(session, counters=2)
    theirs = an_appointment(session, place.counters[1], place.service, start=at(WEDNESDAY, "10:00"))
    entry = waits_with(session, place, theirs)

    a_freed_time(session, place, start=at(WEDNESDAY, "10:00"))
    a_freed_time(session, place, start=at(WEDNESDAY, "11:00"))
    assert kept_for(session, entry) is None
    a_freed_time(session, place)
    assert kept_for(session, entry) == NINE
    (hold,) = held_visits(session)
    assert (hold.replaces_id, hold.hold_kind) == (theirs.id, HoldKind.OFFER)


def test_whoever_takes_it_is_moved_there_and_their_old_time_goes_to_the_list(session: Session) -> None:
    place = a_commune_with_a_list(session, counters=2)
    theirs = an_appointment(session, place.counters[1], place.service, start=at(WEDNESDAY, "11:00"), email="a@b.org")
    reference, nonce = theirs.reference, theirs.nonce
    entry = waits_with(session, place, theirs)
    next_ = somebody_waits(session, place, "Chloe")
    a_freed_time(session, place)
    for _ in range(2):
        assert answer(session, place, entry) == nonce
    session.expire_all()

    assert (theirs.start, theirs.counter_id, theirs.reference) == (NINE, place.counters[0].id, reference)
    assert (entry.state, states(session)[0]) == (WaitingState.DONE, OfferState.TAKEN)
    assert kept_for(session, next_) == at(WEDNESDAY, "11:00")
    kinds = session.scalars(select(Message.kind).where(Message.appointment_id == theirs.id)).all()
    assert MessageKind.MOVED in kinds


def test_who_moves_by_themselves_leaves_the_old_time_to_the_list_and_keeps_the_offer(session: Session) -> None:
    place = a_commune_with_a_list(session, counters=2)
    theirs = an_appointment(session, place.counters[1], place.service, start=at(WEDNESDAY, "11:00"))
    entry = waits_with(session, place, theirs)
    next_ = somebody_waits(session, place, "Chloe")
    a_freed_time(session, place)
    key = held(session, place, start=at(WEDNESDAY, "10:00"), replaces_id=theirs.id)
    own = {"commune_id": place.commune.id, "hold_key": key, "version": theirs.version}
    move(session, **own, actor=ANA, now=EARLY)

    assert kept_for(session, entry) == NINE
    assert kept_for(session, next_) == at(WEDNESDAY, "11:00")


def test_nobody_thinks_about_two_times_or_about_one_twice(session: Session) -> None:
    place = a_commune_with_a_list(session)
    only = somebody_waits(session, place, "Bilal")
    a_freed_time(session, place)
    a_freed_time(session, place, start=at(WEDNESDAY, "10:00"))
    assert kept_for(session, only) == NINE
    assert is_public(session, place, at(WEDNESDAY, "10:00"))

    refuse(session, place, only)
    assert kept_for(session, only) is None
    assert is_public(session, place)


def test_three_offers_a_day_are_enough_for_one_person(session: Session) -> None:
    place = a_commune_with_a_list(session)
    only = somebody_waits(session, place, "Bilal")
    for wall in ("08:00", "09:00", "10:00"):
        a_freed_time(session, place, start=at(WEDNESDAY, wall))
        refuse(session, place, only)
    a_freed_time(session, place, start=at(WEDNESDAY, "11:00"))
    assert kept_for(session, only) is None

    tomorrow = EARLY + timedelta(days=1)
    a_freed_time(session, place, start=at(WEDNESDAY, "11:30"), now=tomorrow)
    assert kept_for(session, only, now=tomorrow) == at(WEDNESDAY, "11:30")
    assert session.scalars(select(Offer.n).order_by(Offer.id)).all() == [1, 2, 3, 1]


def test_at_night_the_time_is_kept_at_once_and_told_in_the_morning(session: Session) -> None:
    place = a_commune_with_a_list(session)
    only = somebody_waits(session, place, "Bilal")
    night, seven = at(MONDAY, "23:00"), at(MONDAY + timedelta(days=1), "07:00")
    a_freed_time(session, place, now=night)

    assert not is_public(session, place, now=night)
    letter = session.scalars(select(Message).where(Message.kind == MessageKind.LIST_OFFER)).one()
    offer = session.scalars(select(Offer)).one()
    assert (letter.due_at, offer.told_at, offer.until) == (seven, seven, seven + TWO_HOURS)
    assert kept_for(session, only, now=seven + timedelta(minutes=119)) == NINE


def test_whoever_leaves_gives_the_kept_time_to_the_next(session: Session) -> None:
    place = a_commune_with_a_list(session)
    first, second = (somebody_waits(session, place, name) for name in ("Bilal", "Chloe"))
    a_freed_time(session, place)
    leave(session, commune_id=place.commune.id, entry_id=first.id, terms=USUAL_TERMS, now=EARLY)
    session.expire_all()

    assert (first.state, first.email) == (WaitingState.WITHDRAWN, None)
    assert kept_for(session, second) == NINE


def test_who_cancels_the_visit_that_was_to_be_earlier_loses_the_offer_to_the_next(session: Session) -> None:
    place = a_commune_with_a_list(session, counters=2)
    theirs = an_appointment(session, place.counters[1], place.service, start=at(IN_A_MONTH, "10:00"))
    waits_with(session, place, theirs)
    next_ = somebody_waits(session, place, "Chloe", wishes=Wishes(MONDAY, WEDNESDAY))
    a_freed_time(session, place)
    give_back(session, place, theirs)

    assert the_worker_passes_on(session, now=EARLY) == 1
    assert kept_for(session, next_) == NINE
    all_is_well(session)


def test_limits_per_contact_hold_for_who_takes_an_offer(session: Session) -> None:
    place = a_commune_with_a_list(session)
    other = a_service(session, place.commune, code="passport", earlier_list=True)
    counter = a_counter(session, place.office, label="9", serves=[other])
    a_session(session, place.office, [counter])
    entry = somebody_waits(session, place, "Ana")
    booked(session, place, service_id=other.id, start=at(WEDNESDAY, "11:00"))
    a_freed_time(session, place, email=None)

    with pytest.raises(TooManyAppointments), session.begin_nested():
        answer(session, place, entry, per_contact=1)
    assert answer(session, place, entry)


def test_without_the_list_a_time_is_the_publics_at_once_and_counts_nowhere(session: Session) -> None:
    place = a_commune_with_a_list(session)
    somebody_waits(session, place, "Bilal")
    place.service.earlier_list = False
    a_freed_time(session, place)

    assert is_public(session, place)
    assert session.scalars(select(FreedTime)).all() == []


def test_the_figures_count_what_was_freed_offered_and_taken(session: Session) -> None:
    place = a_commune_with_a_list(session)
    nobody = {"commune_id": place.commune.id, "service_ids": [place.service.id], "now": EARLY}
    assert median_gain(session, **nobody) is None  # type: ignore[arg-type]
    a_freed_time(session, place, start=at(WEDNESDAY, "08:00"))
    first = somebody_waits(session, place, "Bilal")
    a_freed_time(session, place)
    refuse(session, place, first)
    a_freed_time(session, place, start=at(WEDNESDAY, "10:00"))
    answer(session, place, first)

    told = figures(session, commune_id=place.commune.id, since=EARLY - timedelta(days=30))
    assert told == {place.service.id: ListFigures(freed=3, offered=2, taken=1, mean_days=26)}
    assert median_gain(session, **nobody) == 26  # type: ignore[arg-type]


def test_whom_an_offer_was_made_to_is_forgotten_when_it_counts_no_more(session: Session) -> None:
    place = a_commune_with_a_list(session)
    first = somebody_waits(session, place, "Bilal")
    a_freed_time(session, place)
    refuse(session, place, first)

    assert KINDS["asked"](session, now=EARLY + timedelta(days=1)) == 0
    assert KINDS["asked"](session, now=EARLY + timedelta(days=2)) == 1
    assert session.scalars(select(Offer.contact_key)).all() == [None]


def moved(session: Session, place: Working, visit: Appointment, wall: str, *, persons: int = 1) -> None:
    """Its person moves a visit by themselves, to another time of that Wednesday."""
    key = held(session, place, start=at(WEDNESDAY, wall), replaces_id=visit.id, persons=persons)
    own = {"commune_id": place.commune.id, "hold_key": key, "version": visit.version}
    move(session, **own, actor=ANA, now=EARLY)
    session.expire_all()


@pytest.mark.parametrize(("wall", "persons"), [("08:00", 1), ("10:00", 2)])
def test_who_moves_to_something_sooner_or_for_more_people_is_not_taken_back_by_an_old_offer(
    session: Session, wall: str, persons: int
) -> None:
    place = a_commune_with_a_list(session, counters=2)
    theirs = an_appointment(session, place.counters[1], place.service, start=at(WEDNESDAY, "11:00"), email="a@b.org")
    entry = waits_with(session, place, theirs)
    next_ = somebody_waits(session, place, "Chloe", wishes=Wishes(MONDAY, WEDNESDAY))
    a_freed_time(session, place)
    assert kept_for(session, entry) == NINE
    moved(session, place, theirs, wall, persons=persons)
    refuse(session, place, next_)

    assert kept_for(session, entry) is None
    with pytest.raises(OfferOver), session.begin_nested():
        answer(session, place, entry)
    session.expire_all()
    assert theirs.start == at(WEDNESDAY, wall)
    assert the_worker_passes_on(session, now=EARLY) == 1
    assert kept_for(session, next_) == NINE


def test_who_waits_without_an_appointment_is_offered_a_visit_with_what_they_answered(session: Session) -> None:
    place = a_commune_with_a_list(session)
    answered = Told(3, (("whom", "child"), ("when", "now")), Procedure.URGENT)
    entry = somebody_waits(session, place, "Bilal", told=answered)
    a_freed_time(session, place)
    nonce = answer(session, place, entry)
    session.expire_all()

    lines = select(AppointmentLine).join(Appointment, Appointment.id == AppointmentLine.appointment_id)
    line = session.scalars(lines.where(Appointment.nonce == nonce)).one()
    assert (line.checklist_version, line.answers, line.procedure) == (3, dict(answered.answers), answered.procedure)

    wish = session.scalars(select(WaitingLine).where(WaitingLine.entry_id == entry.id)).one()
    assert (entry.state, wish.answers) == (WaitingState.DONE, None), "the list keeps no answers of those who left it"


def test_what_she_takes_along_says_which_earlier_times_she_was_offered_and_when(session: Session) -> None:
    place = a_commune_with_a_list(session)
    visit = an_appointment(session, place.counter, place.service, start=NINE + timedelta(days=7))
    session.flush()
    assert written_out(session, appointment=visit, now=EARLY)["earlier_times"] == []

    waits_with(session, place, visit)
    a_freed_time(session, place)
    (offered,) = written_out(session, appointment=visit, now=EARLY)["earlier_times"]
    assert (offered["offered_at"], offered["state"]) == (EARLY.isoformat(), OfferState.OPEN)
    assert offered.keys() == {"state", "day", "offered_at", "told_at", "until", "gained_days"}


def test_what_somebody_needs_makes_their_visit_longer_and_goes_with_them(session: Session) -> None:
    place = a_commune_with_a_list(session, need_minutes=NeedTimes.of({Need.SIGN_LANGUAGE: 15}))
    ana = somebody_waits(session, place, "Ana", needs=frozenset({Need.SIGN_LANGUAGE, Need.LOW_COUNTER}))
    bilal = somebody_waits(session, place, "Bilal", needs=frozenset({Need.LOW_COUNTER}))
    for beside in ("08:45", "09:15"):
        an_appointment(session, place.counter, place.service, start=at(WEDNESDAY, beside))
    a_freed_time(session, place)
    assert kept_for(session, ana) is None, "a quarter of an hour is too short for her"
    assert kept_for(session, bilal) == NINE

    a_freed_time(session, place, start=at(WEDNESDAY, "10:00"), minutes=30)
    assert kept_for(session, ana) == at(WEDNESDAY, "10:00")
    answer(session, place, ana)
    session.expire_all()
    visit = session.scalars(select(Appointment).where(Appointment.name == "Ana")).one()
    assert visit.end - visit.start == timedelta(minutes=30)
    assert visit.needs == {Need.SIGN_LANGUAGE, Need.LOW_COUNTER}
    assert (ana.state, ana.needs) == (WaitingState.DONE, None), "the list keeps nothing of those who left it"
