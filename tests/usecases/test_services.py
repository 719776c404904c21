"""Dora writes what the commune offers: drafts, texts in two languages, publishing, deactivating."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.checklist import Checklist, Paper
from booking.core.errors import CodeTaken, HoldGone, NotBookable, NotReachable, TextMissing, Unknown
from booking.core.roles import Role
from booking.core.services import Fee, Gap, ServiceContent
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Commune, JournalEntry, Office
from booking.usecases.baskets import WishedLine
from booking.usecases.catalogue import fee_on, public_service, public_services
from booking.usecases.checklists import newest_of, save_checklist
from booking.usecases.holds import hold
from booking.usecases.journal import Actor
from booking.usecases.services import (
    add_group,
    add_service,
    change_service,
    content_of,
    deactivate_service,
    groups_of,
    publish_service,
    reactivate_service,
    service_written,
    services_written,
    unpublish_service,
)
from tests.factories import Working, a_commune, a_group, a_service, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import confirmed

DORA = Actor(Role.ADMINISTRATOR)
CARD = Paper("card", Translated.of(fr="votre carte", nl="uw kaart"))
BOTH = Translated.of(fr="Passeport", nl="Paspoort")


@pytest.fixture
def commune(session: Session) -> Commune:
    return a_commune(session)


@pytest.fixture
def passport(session: Session, commune: Commune) -> ServiceContent:
    """A passport as Dora writes it: complete in French and Dutch."""
    return ServiceContent(
        group_id=a_group(session, commune).id,
        code="passport",
        mode=ServiceMode.APPOINTMENT,
        name=BOTH,
        summary=Translated.of(fr="Demander un passeport", nl="Een paspoort aanvragen"),
        fees=(Fee(date(2026, 1, 1), 9000), Fee(date(2027, 2, 1), 9500)),
    )


def add(session: Session, commune: Commune, content: ServiceContent) -> int:
    return add_service(session, commune_id=commune.id, content=content, actor=DORA, now=EARLY)


def added(session: Session, commune: Commune, content: ServiceContent) -> dict[str, Any]:
    """The service just added, as the other verbs want it named."""
    service_id = add(session, commune, content)
    return {"commune_id": commune.id, "service_id": service_id, "actor": DORA, "now": EARLY}


def test_a_new_service_is_a_draft_that_residents_do_not_see(
    session: Session, commune: Commune, passport: ServiceContent
) -> None:
    add(session, commune, passport)

    assert public_services(session, commune_id=commune.id) == []
    assert [one.service.code for one in services_written(session, commune_id=commune.id)] == ["passport"]


def test_what_was_written_is_read_back_as_it_was(session: Session, commune: Commune, passport: ServiceContent) -> None:
    add(session, commune, passport)

    assert service_written(session, commune_id=commune.id, code="passport").content == passport


def test_a_complete_service_is_published_with_its_list_and_the_fee_of_the_day(
    session: Session, commune: Commune, passport: ServiceContent
) -> None:
    one = added(session, commune, passport)
    save_checklist(session, **one, content=Checklist(papers=(CARD,)))
    publish_service(session, **one)

    service = public_service(session, commune_id=commune.id, code="passport")
    fees = [fee_on(session, service=service, day=day) for day in (date(2025, 1, 1), MONDAY, date(2027, 2, 1))]
    assert newest_of(session, service=service).content.papers == (CARD,)
    assert [fee and fee.cents for fee in fees] == [None, 9000, 9500]


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"name": Translated.of(fr="Passeport", en="Passport")}, Gap("name", "nl")),
        ({"summary": Translated({})}, Gap("summary", "fr")),
        ({"details": Translated.of(nl="Kom persoonlijk.")}, Gap("details", "fr")),
        ({"who_comes": Translated.of(en="The holder")}, Gap("who_comes", "nl")),
        ({"fees": (Fee(MONDAY, 100, Translated.of(fr="par enfant")),)}, Gap("fees", "nl")),
        ({"mode": ServiceMode.ELSEWHERE}, Gap("authority", "fr")),
    ],
)
def test_half_a_text_keeps_a_service_a_draft(
    session: Session, commune: Commune, passport: ServiceContent, changes: dict[str, Any], gap: Gap
) -> None:
    half = replace(passport, **changes)
    one = added(session, commune, half)

    with pytest.raises(TextMissing) as refusal:
        publish_service(session, **one)

    assert gap.language in refusal.value.facts["languages"]  # type: ignore[operator]
    assert gap in service_written(session, commune_id=commune.id, code="passport").gaps
    assert public_services(session, commune_id=commune.id) == []


def test_english_and_german_are_welcome_but_never_needed(
    session: Session, commune: Commune, passport: ServiceContent
) -> None:
    named = replace(passport, name=Translated.of(fr="Passeport", nl="Paspoort", en="Passport", de="Reisepass"))

    assert named.gaps() == passport.gaps() == ()


@pytest.mark.parametrize("left_out", ["link", "by_phone", "by_post"])
def test_an_online_service_keeps_a_way_for_those_who_are_not_online(
    session: Session, commune: Commune, passport: ServiceContent, left_out: str
) -> None:
    ways = {"link": BOTH, "by_phone": BOTH, "by_post": BOTH, left_out: Translated({})}
    one = added(session, commune, replace(passport, mode=ServiceMode.ONLINE, **ways))

    with pytest.raises(NotReachable):
        publish_service(session, **one)


def test_a_published_service_cannot_lose_a_language(
    session: Session, commune: Commune, passport: ServiceContent
) -> None:
    one = added(session, commune, passport)
    publish_service(session, **one)

    with pytest.raises(TextMissing):
        change_service(session, **one, content=replace(passport, name=Translated.of(fr="Passeport")))


def test_a_change_replaces_fees_and_says_what_it_touched(
    session: Session, commune: Commune, passport: ServiceContent
) -> None:
    one = added(session, commune, passport)
    after = replace(passport, fees=(), minutes_first=20)

    change_service(session, **one, content=after)

    assert service_written(session, commune_id=commune.id, code="passport").content == after
    fields = session.scalars(select(JournalEntry.fields).where(JournalEntry.act == "changed")).one()
    assert fields == "fees,minutes_first"


def test_saving_without_a_change_leaves_nothing_in_the_journal(
    session: Session, commune: Commune, passport: ServiceContent
) -> None:
    one = added(session, commune, passport)
    change_service(session, **one, content=passport)

    assert session.scalars(select(JournalEntry.act)).all() == ["added"]


def test_two_services_of_a_commune_never_share_a_short_name(
    session: Session, commune: Commune, passport: ServiceContent
) -> None:
    add(session, commune, passport)
    other = added(session, commune, replace(passport, code="other"))

    with pytest.raises(CodeTaken):
        add(session, commune, passport)
    with pytest.raises(CodeTaken):
        change_service(session, **other, content=passport)


def test_a_theme_of_another_commune_is_not_known_here(
    session: Session, commune: Commune, passport: ServiceContent
) -> None:
    elsewhere = a_commune(session, slug="sud", slug_nl="zuid")

    with pytest.raises(Unknown):
        add(session, commune, replace(passport, group_id=a_group(session, elsewhere).id))


def test_dora_cannot_touch_a_service_of_another_commune(
    session: Session, commune: Commune, passport: ServiceContent
) -> None:
    elsewhere = a_commune(session, slug="sud", slug_nl="zuid")
    one = added(session, commune, passport) | {"commune_id": elsewhere.id}

    for verb in (publish_service, unpublish_service, deactivate_service, reactivate_service):
        with pytest.raises(Unknown):
            verb(session, **one)
    with pytest.raises(Unknown):
        change_service(session, **one, content=passport)


def test_other_minutes_leave_booked_visits_as_they_are(session: Session) -> None:
    work = a_working_commune(session)
    visit = an_appointment(session, work.counter, work.service)
    content = content_of(session, service=work.service)

    change_service(
        session,
        commune_id=work.commune.id,
        service_id=work.service.id,
        content=replace(content, minutes_first=40, name=BOTH),
        actor=DORA,
        now=EARLY,
    )

    session.expire_all()
    line = session.scalars(select(AppointmentLine)).one()
    assert visit.end - visit.start == timedelta(minutes=15)
    assert (line.minutes, line.service_name.in_("fr")) == (15, "Carte d’identité")


def hold_at_nine(session: Session, work: Working) -> str:
    return hold(
        session,
        commune_id=work.commune.id,
        office_id=work.office.id,
        lines=[WishedLine(work.service.id)],
        start=at(MONDAY + timedelta(days=1), "09:00"),
        length=timedelta(minutes=10),
        client=None,
        per_client=5,
        now=EARLY,
    )


def test_a_service_with_appointments_ends_and_the_appointments_stay(session: Session) -> None:
    work = a_working_commune(session)
    an_appointment(session, work.counter, work.service)
    version = work.office.schedule_version
    one = {"commune_id": work.commune.id, "service_id": work.service.id, "actor": DORA, "now": EARLY}

    deactivate_service(session, **one)

    session.expire_all()
    assert len(session.scalars(select(Appointment)).all()) == 1
    assert session.get_one(Office, work.office.id).schedule_version != version
    with pytest.raises(NotBookable):
        hold_at_nine(session, work)

    reactivate_service(session, **one)
    publish_service(session, **one)
    session.expire_all()
    assert hold_at_nine(session, work)


@pytest.mark.parametrize("verb", [unpublish_service, deactivate_service, "walk-in"])
def test_whoever_holds_a_time_for_a_service_that_ends_is_told_at_confirm(session: Session, verb: Any) -> None:
    work = a_working_commune(session)
    other = a_service(session, work.commune, code="passport")
    an_appointment(session, work.counter, work.service)
    an_appointment(session, work.counter, other, start=at(MONDAY, "10:00"), state=AppointmentState.HELD)
    key = hold_at_nine(session, work)
    one = {"commune_id": work.commune.id, "service_id": work.service.id, "actor": DORA, "now": EARLY}

    if verb == "walk-in":
        content = replace(content_of(session, service=work.service), mode=ServiceMode.WALK_IN)
        change_service(session, **one, content=content)
    else:
        verb(session, **one)

    with pytest.raises(HoldGone):
        confirmed(session, work, key)
    left = session.scalars(select(Appointment.state).order_by(Appointment.id)).all()
    assert left == [AppointmentState.BOOKED, AppointmentState.HELD], "what is for another service stays"


def test_an_unpublished_service_is_a_draft_again(session: Session) -> None:
    work = a_working_commune(session)

    unpublish_service(session, commune_id=work.commune.id, service_id=work.service.id, actor=DORA, now=EARLY)

    assert public_services(session, commune_id=work.commune.id) == []


def test_themes_stand_in_the_order_they_were_added_and_have_names_of_their_own(
    session: Session, commune: Commune
) -> None:
    for code in ("driving", "cards"):
        add_group(session, commune_id=commune.id, code=code, name=BOTH, icon="card")

    assert [group.code for group in groups_of(session, commune_id=commune.id)] == ["driving", "cards"]
    with pytest.raises(CodeTaken):
        add_group(session, commune_id=commune.id, code="cards", name=BOTH, icon="card")
