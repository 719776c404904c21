"""Dora writes a checklist, Ana answers it: each visit keeps the list it was made with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.checklist import Checklist, Outcome, Paper, PhotoRule, Procedure, Told, Way
from booking.core.errors import ChangedMeanwhile, ChecklistInconsistent, ForbiddenMove, Unknown
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.models import Appointment, AppointmentLine, ChecklistVersion, JournalEntry
from booking.usecases.baskets import BasketLine, WishedLine
from booking.usecases.check import problems
from booking.usecases.checklists import NO_LIST, newest, newest_of, save_checklist
from booking.usecases.held import held_by
from booking.usecases.journal import Actor
from booking.usecases.papers import lists_of, tick
from booking.usecases.retention import forget_answers
from tests.factories import Working, a_service, a_working_commune
from tests.lists import FOR_MY_CHILD, NEW_CARD, OLD_CARD, after
from tests.moments import EARLY
from tests.usecases.booking import booked, confirmed, held

DORA = Actor(Role.ADMINISTRATOR)
ANSWERED = Told(1, tuple(sorted(FOR_MY_CHILD.items())))


@pytest.fixture
def place(session: Session) -> Working:
    return a_working_commune(session)


def save(session: Session, place: Working, content: Checklist = NEW_CARD, **other: Any) -> int:
    own = {"commune_id": place.commune.id, "service_id": place.service.id}
    return save_checklist(session, **own, content=content, actor=DORA, now=EARLY, **other)


def for_my_child(session: Session, place: Working) -> Appointment:
    """Ana's visit for her child: the answers cost ten minutes more."""
    lines = [WishedLine(place.service.id, 1, 10, ANSWERED)]
    made = confirmed(session, place, held(session, place, lines=lines))
    return session.scalars(select(Appointment).where(Appointment.nonce == made.nonce)).one()


def test_each_change_is_a_new_version_and_the_older_ones_stay(session: Session, place: Working) -> None:
    assert newest_of(session, service=place.service) == NO_LIST
    later = replace(NEW_CARD, papers=NEW_CARD.papers[:1])

    assert [save(session, place), save(session, place, later), save(session, place, later)] == [1, 2, 2]

    assert newest_of(session, service=place.service).content == later
    assert newest(session, commune_id=place.commune.id)[place.service.id].number == 2
    kept = session.scalars(select(ChecklistVersion.content).order_by(ChecklistVersion.version)).all()
    assert kept == [NEW_CARD, later]
    fields = session.scalars(select(JournalEntry.fields).where(JournalEntry.act == "changed")).all()
    assert fields == ["checklist", "checklist"]


def test_what_does_not_hold_together_is_refused(session: Session, place: Working) -> None:
    lost = replace(NEW_CARD, papers=(replace(OLD_CARD, when=after(nothing="yes")),))

    with pytest.raises(ChecklistInconsistent):
        save(session, place, lost)
    assert newest_of(session, service=place.service) == NO_LIST


def test_an_answer_may_lead_to_another_service_of_the_commune_only(session: Session, place: Working) -> None:
    leads = Outcome(Way.OTHER_SERVICE, OLD_CARD.text, after(why="lost"), service="passport")
    with pytest.raises(ChecklistInconsistent):
        save(session, place, replace(NEW_CARD, outcomes=(leads,)))

    a_service(session, place.commune, code="passport")
    assert save(session, place, replace(NEW_CARD, outcomes=(leads,))) == 1
    with pytest.raises(ChecklistInconsistent):
        save(session, place, replace(NEW_CARD, outcomes=(replace(leads, service=place.service.code),)))


def test_nobody_writes_over_a_version_they_have_not_seen(session: Session, place: Working) -> None:
    seen = word_for(newest_of(session, service=place.service).content)
    save(session, place)

    with pytest.raises(ChangedMeanwhile):
        save(session, place, replace(NEW_CARD, papers=()), seen=seen)


def test_the_service_of_another_commune_is_not_there(session: Session, place: Working) -> None:
    with pytest.raises(Unknown):
        save_checklist(session, commune_id=-1, service_id=place.service.id, content=NEW_CARD, actor=DORA, now=EARLY)


def test_a_visit_keeps_its_version_answers_and_minutes_whatever_is_written_later(
    session: Session, place: Working
) -> None:
    save(session, place)
    visit = for_my_child(session, place)
    save(session, place, replace(NEW_CARD, papers=(Paper("other", OLD_CARD.text),)))
    session.expire_all()

    (found,) = lists_of(session, appointment=visit)

    assert [one.code for one in found.resolution.to_bring] == ["card", "parent", "photo"]
    assert [answer.in_("fr") for _, answer in found.answers] == ["Périmée", "Pour mon enfant", "Oui", "Plus tard"]
    assert (found.line.checklist_version, found.line.procedure) == (1, Procedure.NORMAL)
    assert (visit.end - visit.start).total_seconds() == (15 + 10) * 60
    assert problems(session, now=EARLY) == []


def test_the_list_of_a_visit_follows_the_photo_rule_of_its_office(session: Session, place: Working) -> None:
    save(session, place)
    visit = for_my_child(session, place)
    place.office.photo_rule = PhotoRule.AT_COUNTER
    session.flush()

    (found,) = lists_of(session, appointment=visit)
    assert found.resolution.to_bring[-1].text.in_("fr") == "pas de photo"


def test_a_visit_that_was_asked_nothing_keeps_the_newest_list(session: Session, place: Working) -> None:
    save(session, place)
    booked(session, place)

    line = session.scalars(select(AppointmentLine)).one()
    assert (line.checklist_version, line.answers, line.added_minutes) == (1, None, 0)


def test_what_is_held_is_held_with_its_answers(session: Session, place: Working) -> None:
    save(session, place)
    lines = [WishedLine(place.service.id, 1, 10, ANSWERED)]
    key = held(session, place, lines=lines)

    again = held_by(session, commune_id=place.commune.id, hold_key=key)
    assert again
    assert again.basket.lines == (BasketLine(place.service, 1, 10, ANSWERED),)
    assert again.minutes == 25


def ready(session: Session, visit: Appointment) -> frozenset[str]:
    session.expire_all()
    return lists_of(session, appointment=visit)[0].ticked


def test_ana_ticks_what_is_ready_and_takes_it_back(session: Session, place: Working) -> None:
    save(session, place)
    visit = for_my_child(session, place)
    (line,) = lists_of(session, appointment=visit)
    own: dict[str, Any] = {"commune_id": place.commune.id, "appointment_id": visit.id}
    version = visit.version

    tick(session, **own, ready={line.line.id: ["card", "loss", "made up"], -1: ["photo"]})
    assert ready(session, visit) == {"card"}, "what is not on her list is left out"
    tick(session, **own, ready={})
    assert ready(session, visit) == frozenset()
    assert visit.version == version


def test_nothing_is_ticked_for_a_visit_that_is_cancelled_or_not_here(session: Session, place: Working) -> None:
    save(session, place)
    visit = for_my_child(session, place)
    visit.state, visit.cancelled_at = AppointmentState.CANCELLED, EARLY
    session.flush()

    with pytest.raises(ForbiddenMove):
        tick(session, commune_id=place.commune.id, appointment_id=visit.id, ready={})
    with pytest.raises(Unknown):
        tick(session, commune_id=-1, appointment_id=visit.id, ready={})


def test_answers_and_ticks_are_erased_when_contacts_are(session: Session, place: Working) -> None:
    save(session, place)
    visit = for_my_child(session, place)
    (line,) = lists_of(session, appointment=visit)
    tick(session, commune_id=place.commune.id, appointment_id=visit.id, ready={line.line.id: ["card"]})

    assert forget_answers(session, now=visit.start + timedelta(days=place.commune.contact_days)) == 0
    assert forget_answers(session, now=visit.start + timedelta(days=place.commune.contact_days + 1)) == 1
    session.expire_all()
    kept = session.scalars(select(AppointmentLine)).one()
    assert (kept.answers, kept.ticked, kept.checklist_version) == (None, None, 1)
    assert forget_answers(session, now=visit.start + timedelta(days=400)) == 0


def test_a_version_that_is_lost_is_found_by_the_check(session: Session, place: Working) -> None:
    save(session, place)
    for_my_child(session, place)
    session.scalars(select(AppointmentLine)).one().checklist_version = 7
    session.flush()

    assert [one for one in problems(session, now=EARLY) if "version of its list" in one]
