"""Dora changes hours: she sees whom it touches, and nobody is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.changes import NEW, AddClosure, EndSession, SaveSession
from booking.core.errors import AlreadyClosed, HoldGone, ReasonMissing, SessionsClash, TextMissing, Undecided, Unknown
from booking.core.opening import ClosureRule, Mode, SessionRule
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import Appointment, Claim, Closure, CounterService, JournalEntry, Message, OpeningSession
from booking.models.messages import MessageKind
from booking.models.offices import CounterKind
from booking.usecases import opening
from booking.usecases.baskets import Basket
from booking.usecases.calls import calls, number_to_call
from booking.usecases.effects import Decision, booked_in, effect_of
from booking.usecases.journal import Actor
from booking.usecases.offers import free_days
from booking.usecases.opening import make_change, remove_closure
from booking.usecases.opening_rules import sessions_of
from booking.usecases.schedules import take_whole
from booking.usecases.settling import Wanted
from tests.factories import Working, a_closure, a_counter, a_service, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import ANA, HALF_PAST_TEN, booked, confirmed, held

DORA = Actor(role=Role.ADMINISTRATOR)
STRIKE = Translated.of(fr="Grève", nl="Staking")
THURSDAY = MONDAY + timedelta(days=3)


def closing(place: Working, *days: date, **rule: Any) -> AddClosure:
    first, last = (days * 2)[:2]
    return AddClosure(place.office.id, ClosureRule(id=NEW, first=first, last=last, **rule), STRIKE)


def shortened(place: Working, *, until: str, since: date = MONDAY) -> SaveSession:
    """The session of the working commune, ending earlier from a day on."""
    rule = SessionRule(
        id=NEW,
        weekdays=frozenset(range(5)),
        start=time(8),
        end=time.fromisoformat(until),
        valid_from=date(2026, 1, 1),
        mode=Mode.APPOINTMENT,
        counters=frozenset(counter.id for counter in place.counters),
    )
    return SaveSession(place.office.id, rule, since, place.opening.id)


def made(session: Session, place: Working, change: Any, **decisions: Any) -> Any:
    told = {"actor": DORA, "now": EARLY} | {
        name: decisions.pop(name) for name in ("actor", "now", "seen") if name in decisions
    }
    wanted = Wanted(**{"decisions": {}, **decisions})
    return make_change(session, commune_id=place.commune.id, change=change, wanted=wanted, **told)


def touched(session: Session, place: Working, change: Any) -> tuple[int, ...]:
    return effect_of(session, commune_id=place.commune.id, change=change, now=EARLY).ids


def test_shortening_the_morning_touches_exactly_those_who_come_later(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    for wall in ("10:00", "10:45", "11:00", "11:45"):
        an_appointment(session, place.counter, place.service, start=at(THURSDAY, wall))
    late = session.scalars(select(Appointment.id).where(Appointment.wall_time >= time(10, 46))).all()

    assert touched(session, place, shortened(place, until="11:00")) == tuple(late)


def test_a_visit_that_would_end_after_the_new_end_is_touched(session: Session) -> None:
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "10:45"), minutes=30)

    assert touched(session, place, shortened(place, until="11:00")) == (visit.id,)


def test_past_and_cancelled_visits_are_not_touched(session: Session) -> None:
    place = a_working_commune(session)
    an_appointment(session, place.counter, place.service, start=at(MONDAY - timedelta(days=3), "11:30"))
    an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:30"), state=AppointmentState.CANCELLED)

    assert touched(session, place, shortened(place, until="11:00")) == ()


def test_a_change_from_a_later_day_leaves_the_days_before_alone(session: Session) -> None:
    place = a_working_commune(session)
    an_appointment(session, place.counter, place.service, start=at(MONDAY + timedelta(days=1), "11:30"))
    change = shortened(place, until="11:00", since=THURSDAY)

    assert touched(session, place, change) == ()
    made(session, place, change)
    rules = sessions_of(session, commune_id=place.commune.id, office_id=place.office.id, since=MONDAY)
    assert sorted((rule.end, rule.valid_until) for rule in rules) == [
        (time(11), None),
        (time(12), THURSDAY - timedelta(days=1)),
    ]


def test_nothing_is_saved_while_somebody_is_undecided(session: Session) -> None:
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:30"))

    with pytest.raises(Undecided) as refusal, session.begin_nested():
        made(session, place, shortened(place, until="11:00"))
    assert refusal.value.appointments == (visit.id,)
    assert session.scalars(select(OpeningSession.wall_end)).all() == [time(12)]


def kept(session: Session, place: Working, change: Any, *visits: Appointment) -> None:
    """A change is made, and these people are told to come all the same."""
    made(session, place, change, decisions={visit.id: Decision.KEEP for visit in visits})
    session.expire_all()


def last_session(session: Session, place: Working) -> SessionRule:
    return sessions_of(session, commune_id=place.commune.id, office_id=place.office.id, since=THURSDAY)[-1]


def test_who_is_kept_stands_outside_with_the_time_that_was_promised(session: Session) -> None:
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:30"))
    kept(session, place, shortened(place, until="11:00"), visit)

    assert visit.kept_outside_at == EARLY
    assert session.query(Claim).count() == 3


def test_who_was_kept_once_is_asked_about_again_when_the_day_closes(session: Session) -> None:
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:30"))
    kept(session, place, shortened(place, until="11:00"), visit)
    strike = closing(place, THURSDAY)

    assert touched(session, place, strike) == (visit.id,)
    with pytest.raises(Undecided), session.begin_nested():
        made(session, place, strike)
    assert touched(session, place, closing(place, THURSDAY + timedelta(days=1))) == ()


def test_who_was_kept_once_is_asked_about_again_when_the_day_grows_shorter(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:30"))
    kept(session, place, shortened(place, until="11:00"), visit)
    rule = last_session(session, place)
    without_their_counter = replace(rule, counters=frozenset({place.counters[1].id}))

    for change in (
        EndSession(place.office.id, rule.id, THURSDAY),
        SaveSession(place.office.id, replace(rule, end=time(10)), MONDAY, rule.id),
        SaveSession(place.office.id, without_their_counter, MONDAY, rule.id),
    ):
        assert touched(session, place, change) == (visit.id,)
    longer = SaveSession(place.office.id, replace(rule, start=time(7)), MONDAY, rule.id)
    assert touched(session, place, longer) == ()


def test_who_was_kept_loses_the_flag_when_the_hours_come_back(session: Session) -> None:
    place = a_working_commune(session)
    visits = [
        an_appointment(session, place.counter, place.service, start=at(THURSDAY, wall)) for wall in ("11:00", "11:30")
    ]
    kept(session, place, shortened(place, until="11:00"), *visits)
    rule = last_session(session, place)
    kept(session, place, SaveSession(place.office.id, replace(rule, end=time(11, 30)), MONDAY, rule.id))

    assert [visit.kept_outside_at for visit in visits] == [None, EARLY]
    assert "fits_again" in session.scalars(select(JournalEntry.act)).all()


def test_who_was_kept_loses_the_flag_when_the_closure_is_removed(session: Session) -> None:
    place = a_working_commune(session)
    lane = a_counter(session, place.office, label="2", kind=CounterKind.EXTRA, serves=[place.service])
    visits = [
        an_appointment(session, counter, place.service, start=at(THURSDAY, "09:00"))
        for counter in (place.counter, lane)
    ]
    late = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:30"))
    kept(session, place, shortened(place, until="11:00"), late)
    kept(session, place, closing(place, THURSDAY), *visits, late)
    closure = session.scalars(select(Closure.id)).one()

    remove_closure(session, commune_id=place.commune.id, closure_id=closure, actor=DORA, now=EARLY)
    session.expire_all()

    assert [visit.kept_outside_at for visit in (*visits, late)] == [None, None, EARLY]


def test_who_is_cancelled_hears_the_reason(session: Session) -> None:
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:30"))
    change, decision = closing(place, THURSDAY), {visit.id: Decision.CANCEL}

    with pytest.raises(ReasonMissing), session.begin_nested():
        made(session, place, change, decisions=decision, reason=Translated.of(fr="Grève"))
    outcome = made(session, place, change, decisions=decision, reason=STRIKE)
    session.expire_all()

    assert (outcome.cancelled, visit.state, visit.cancel_reason) == ((visit.id,), AppointmentState.CANCELLED, STRIKE)
    assert session.scalars(select(Message.kind)).all() == [MessageKind.CANCELLED_BY_COMMUNE]
    assert {"cancelled", "added"} <= set(session.scalars(select(JournalEntry.act)))


def test_who_has_no_mail_is_listed_to_be_called(session: Session) -> None:
    place = a_working_commune(session)
    an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:00"))
    visit = an_appointment(
        session, place.counter, place.service, start=at(THURSDAY, "11:30"), email=None, phone="+32470123456"
    )
    effect = effect_of(session, commune_id=place.commune.id, change=closing(place, THURSDAY), now=EARLY)

    assert effect.to_call == (visit.id,)


def test_a_closed_part_of_a_day_touches_only_that_part(session: Session) -> None:
    place = a_working_commune(session)
    an_appointment(session, place.counter, place.service, start=at(THURSDAY, "09:00"))
    late = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:30"))

    assert touched(session, place, closing(place, THURSDAY, start=time(11))) == (late.id,)


def test_one_counter_closed_touches_the_visits_of_that_counter(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    visits = [
        an_appointment(session, counter, place.service, start=at(THURSDAY, "09:00")) for counter in place.counters
    ]
    change = closing(place, THURSDAY, counters=frozenset({place.counters[1].id}))

    assert touched(session, place, change) == (visits[1].id,)


def test_the_whole_commune_closed_touches_every_office(session: Session) -> None:
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "09:00"))
    change = AddClosure(None, ClosureRule(id=NEW, first=THURSDAY, last=THURSDAY), STRIKE)

    assert touched(session, place, change) == (visit.id,)


def test_whoever_holds_a_time_that_closes_is_told_at_confirm(session: Session) -> None:
    place = a_working_commune(session)
    key = held(session, place)
    made(session, place, closing(place, MONDAY))

    with pytest.raises(HoldGone):
        confirmed(session, place, key)


def test_a_hold_outside_the_closed_hours_lives_on(session: Session) -> None:
    place = a_working_commune(session)
    key = held(session, place)
    made(session, place, closing(place, THURSDAY))

    assert confirmed(session, place, key).reference


def test_who_books_between_preview_and_saving_is_not_forgotten(session: Session) -> None:
    place = a_working_commune(session)
    change = closing(place, MONDAY)
    assert touched(session, place, change) == ()
    made_meanwhile = booked(session, place, start=HALF_PAST_TEN, wish=ANA)

    with pytest.raises(Undecided) as refusal:
        made(session, place, change)
    assert refusal.value.appointments == (made_meanwhile.id,)


def test_closed_hours_are_no_longer_offered_and_opened_again_they_are(session: Session) -> None:
    place = a_working_commune(session)
    wish = {"office": place.office, "basket": Basket.of(place.service), "first": THURSDAY, "last": THURSDAY}
    made(session, place, closing(place, THURSDAY))
    session.expire_all()
    assert not free_days(session, now=EARLY, **wish)[THURSDAY]  # type: ignore[arg-type]

    number = session.scalars(select(JournalEntry.subject_id).where(JournalEntry.subject == "closure")).one()
    remove_closure(session, commune_id=place.commune.id, closure_id=number, actor=DORA, now=EARLY)
    session.expire_all()
    assert free_days(session, now=EARLY, **wish)[THURSDAY]  # type: ignore[arg-type]


def test_a_closure_that_is_gone_is_not_removed_again(session: Session) -> None:
    place = a_working_commune(session)
    made(session, place, closing(place, THURSDAY))
    one = {"commune_id": place.commune.id, "closure_id": session.scalars(select(Closure.id)).one(), "actor": DORA}
    remove_closure(session, **one, now=EARLY)  # type: ignore[arg-type]

    with pytest.raises(Unknown):
        remove_closure(session, **one, now=EARLY)  # type: ignore[arg-type]
    assert session.scalars(select(JournalEntry.act).where(JournalEntry.act == "removed")).all() == ["removed"]


def test_who_removes_a_closure_while_a_colleague_does_is_told_that_it_is_gone(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = a_working_commune(session)
    made(session, place, closing(place, THURSDAY))
    number = session.scalars(select(Closure.id)).one()

    def waited(session: Session, **which: Any) -> list[int]:
        session.execute(delete(Closure))
        return take_whole(session, **which)

    monkeypatch.setattr(opening, "take_whole", waited)

    with pytest.raises(Unknown):
        remove_closure(session, commune_id=place.commune.id, closure_id=number, actor=DORA, now=EARLY)
    assert "removed" not in session.scalars(select(JournalEntry.act)).all()


def test_ending_a_session_touches_everybody_after(session: Session) -> None:
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "09:00"))

    assert touched(session, place, EndSession(place.office.id, place.opening.id, THURSDAY)) == (visit.id,)
    assert touched(session, place, EndSession(place.office.id, place.opening.id, THURSDAY + timedelta(days=1))) == ()


def test_two_sessions_do_not_share_counter_and_mode(session: Session) -> None:
    place = a_working_commune(session)
    more = replace(shortened(place, until="11:00"), session_id=None)

    with pytest.raises(SessionsClash):
        made(session, place, more)
    walk_in = replace(more, rule=replace(more.rule, mode=Mode.WALK_IN))
    made(session, place, walk_in)


def test_a_closure_needs_its_reason_in_both_languages(session: Session) -> None:
    place = a_working_commune(session)
    change = replace(closing(place, THURSDAY), reason=Translated.of(nl="Staking"))

    with pytest.raises(TextMissing):
        made(session, place, change)


def test_another_communes_hours_do_not_exist(session: Session) -> None:
    place, other = a_working_commune(session), a_working_commune(session, slug="ailleurs")
    foreign = shortened(other, until="11:00")

    for change in (foreign, closing(other, THURSDAY), replace(foreign, office_id=place.office.id)):
        with pytest.raises(Unknown), session.begin_nested():
            made(session, place, change)


def test_a_day_that_is_closed_already_does_not_touch_anybody_twice(session: Session) -> None:
    place = a_working_commune(session)
    an_appointment(session, place.counter, place.service, start=at(THURSDAY, "09:00"))
    a_closure(session, place.commune, first_day=THURSDAY, last_day=THURSDAY)

    assert touched(session, place, shortened(place, until="08:30")) == ()


def test_a_visit_whose_counter_has_stopped_serving_it_is_still_asked_about(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:30"))
    session.execute(delete(CounterService).where(CounterService.counter_id == place.counter.id))

    assert touched(session, place, shortened(place, until="11:00")) == (visit.id,)
    assert touched(session, place, closing(place, THURSDAY)) == (visit.id,)
    assert touched(session, place, shortened(place, until="11:45")) == ()


def test_a_visit_outside_all_hours_is_asked_about_when_its_day_closes(session: Session) -> None:
    place = a_working_commune(session)
    lane = a_counter(session, place.office, label="2", kind=CounterKind.EXTRA, serves=[place.service])
    visit = an_appointment(session, lane, place.service, start=at(THURSDAY, "14:00"))

    assert touched(session, place, shortened(place, until="11:00")) == ()
    assert touched(session, place, closing(place, THURSDAY, start=time(14, 10))) == (visit.id,)
    assert touched(session, place, closing(place, THURSDAY, start=time(14, 15))) == ()
    assert touched(session, place, closing(place, THURSDAY, counters=frozenset({place.counter.id}))) == ()


def test_hours_that_end_for_one_service_touch_its_visits_only(session: Session) -> None:
    place = a_working_commune(session)
    passport = a_service(session, place.commune, code="passport")
    session.add(CounterService(commune_id=place.commune.id, counter_id=place.counter.id, service_id=passport.id))
    an_appointment(session, place.counter, place.service, start=at(THURSDAY, "09:00"))
    visit = an_appointment(session, place.counter, passport, start=at(THURSDAY, "09:30"))
    change = shortened(place, until="12:00")
    limited = replace(change, rule=replace(change.rule, services=frozenset({place.service.id})))

    assert touched(session, place, limited) == (visit.id,)


def test_only_the_cancelled_whom_no_mail_reaches_are_on_the_call_list(session: Session) -> None:
    place = a_working_commune(session)
    silent = {"email": None, "phone": "+32470123456"}
    kept = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "09:00"), **silent)
    gone = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "10:00"), **silent)
    told = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:00"))
    decisions = {kept.id: Decision.KEEP, gone.id: Decision.CANCEL, told.id: Decision.CANCEL}

    outcome = made(session, place, closing(place, THURSDAY), decisions=decisions, reason=STRIKE)
    session.expire_all()

    assert (outcome.kept, outcome.cancelled, outcome.to_call) == ((kept.id,), (gone.id, told.id), (gone.id,))
    assert [one.visit.id for one in calls(session, offices=[place.office], now=EARLY)] == [gone.id]
    assert calls(session, offices=[place.office], now=at(THURSDAY, "10:00")) == ()
    assert number_to_call(session, offices=[place.office], now=EARLY) == 1
    assert number_to_call(session, offices=[], now=EARLY) == 0


def test_only_who_comes_on_the_days_of_a_change_is_read(session: Session) -> None:
    place = a_working_commune(session)
    early, on_the_day, late = (
        an_appointment(session, place.counter, place.service, start=at(THURSDAY + timedelta(days=days), "09:00")).id
        for days in (-1, 0, 1)
    )
    for change, read in (
        (closing(place, THURSDAY), [on_the_day]),
        (closing(place, THURSDAY, THURSDAY + timedelta(days=1)), [on_the_day, late]),
        (EndSession(place.office.id, place.opening.id, THURSDAY), [on_the_day, late]),
        (shortened(place, until="11:00"), [early, on_the_day, late]),
        (shortened(place, until="11:00", since=THURSDAY), [on_the_day, late]),
    ):
        found = booked_in(session, offices=[place.office], change=change, now=EARLY)
        assert [one.id for one in found] == read


def test_hours_that_are_added_until_a_day_look_no_further(session: Session) -> None:
    place = a_working_commune(session)
    rule = replace(shortened(place, until="11:00").rule, valid_from=THURSDAY, valid_until=THURSDAY)
    extra = SaveSession(place.office.id, rule, THURSDAY)

    assert extra.days == (THURSDAY, THURSDAY)
    assert replace(extra, session_id=place.opening.id).days == (THURSDAY, None), "its former hours had no end"


def test_the_same_closure_is_added_once(session: Session) -> None:
    """Removing one of two would leave the office shut."""
    place = a_working_commune(session, counters=2)
    one = frozenset({place.counter.id})
    closures = [
        AddClosure(None, closing(place, THURSDAY).rule, STRIKE),
        closing(place, THURSDAY),
        closing(place, THURSDAY, start=time(11)),
        closing(place, THURSDAY, counters=one),
        closing(place, THURSDAY, THURSDAY + timedelta(days=1)),
    ]
    for change in closures:
        made(session, place, change)
        for again in (change, replace(change, reason=Translated.of(fr="Travaux", nl="Werken"))):
            with pytest.raises(AlreadyClosed):
                touched(session, place, again)
            with pytest.raises(AlreadyClosed), session.begin_nested():
                made(session, place, again)

    assert len(session.scalars(select(Closure)).all()) == len(closures)


def test_a_closure_of_another_commune_is_none_here(session: Session) -> None:
    place, theirs = a_working_commune(session), a_working_commune(session, slug="sud")
    whole = AddClosure(None, closing(place, THURSDAY).rule, STRIKE)
    made(session, theirs, whole)

    made(session, place, whole)
    assert len(session.scalars(select(Closure)).all()) == 2


def test_a_session_that_has_not_begun_is_written_anew_without_a_trace(session: Session) -> None:
    place = a_working_commune(session)
    made(session, place, shortened(place, until="11:00", since=THURSDAY))
    rules = sessions_of(session, commune_id=place.commune.id, office_id=place.office.id, since=THURSDAY)
    change = shortened(place, until="10:00", since=THURSDAY)
    made(session, place, replace(change, session_id=rules[-1].id))

    rows = session.execute(select(OpeningSession.valid_from, OpeningSession.valid_until, OpeningSession.wall_end))
    assert sorted(tuple(row) for row in rows) == [
        (date(2026, 1, 1), THURSDAY - timedelta(days=1), time(12)),
        (THURSDAY, None, time(10)),
    ]


def test_the_journal_names_what_was_changed_and_no_value(session: Session) -> None:
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "11:30"))
    made(session, place, shortened(place, until="11:00"), decisions={visit.id: Decision.KEEP})

    entries = session.execute(select(JournalEntry.act, JournalEntry.subject, JournalEntry.fields)).all()
    assert {tuple(entry) for entry in entries} == {
        ("kept", "appointment", "kept_outside_at"),
        ("changed", "opening_session", "end"),
        (
            "added",
            "opening_session",
            "anchor,counters,end,every_weeks,lanes,last_entry,mode,most_walk_ins,nth_of_month,season,services,"
            "staff_minutes,start,valid_from,valid_until,walk_in_minutes,weekdays",
        ),
    }
