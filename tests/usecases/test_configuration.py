"""A commune as a file: written, read again, and applied to a commune that is there or is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from booking import yamlfile
from booking.core.appointments import AppointmentState
from booking.core.configuration.tree import FaultKind
from booking.core.errors import ChangedMeanwhile, ImportTouches, SlugTaken
from booking.core.seen import word_for
from booking.core.translated import Translated
from booking.demo.content.communes import COMMUNES
from booking.demo.content.people import STAFF
from booking.demo.content.shapes import DemoCommune
from booking.demo.founding import close, found
from booking.models import (
    Appointment,
    Commune,
    Counter,
    JournalEntry,
    Office,
    OpeningSession,
    Service,
    ServiceGroup,
)
from booking.usecases.communes import remove_commune
from booking.usecases.configuration.applying import apply_file, effect_of_file, shown
from booking.usecases.configuration.current import configuration_of
from booking.usecases.configuration.effect import Act, Effect, Subject
from booking.usecases.configuration.reading import office_record, read_configuration, written
from booking.usecases.configuration.sections import (
    COMMUNE_KEYS,
    GROUP,
    Configuration,
    Names,
    counter_record,
    service_record,
)
from booking.usecases.journal import SYSTEM
from tests.factories import Working, a_group, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at

NOBODY = {member.email: "no hash" for member in STAFF}


def as_text(session: Session, commune_id: int) -> str:
    return yamlfile.write(written(configuration_of(session, commune_id=commune_id, since=MONDAY)))


def from_text(text: str) -> Configuration:
    configuration, faults = read_configuration(yamlfile.read(text.encode()))
    assert faults == ()
    assert configuration is not None
    return configuration


def apply(session: Session, text: str) -> Effect:
    return apply_file(session, configuration=from_text(text), actor=SYSTEM, now=EARLY)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("content", COMMUNES, ids=lambda content: content.code)
def test_a_whole_commune_goes_through_a_file_and_is_the_same(session: Session, content: DemoCommune) -> None:
    commune_id = found(session, content=content, hashes=NOBODY, now=EARLY)
    close(session, commune_id=commune_id, code=content.code, today=MONDAY)
    before = as_text(session, commune_id)
    remove_commune(session, commune_id=commune_id)

    effect = apply(session, before)

    assert effect.is_new
    again = session.scalars(select(Commune.id)).one()
    assert as_text(session, again) == before
    assert apply(session, before).items == (), "applied twice it does nothing"


# A commune that works


@pytest.fixture
def work(session: Session) -> Working:
    return a_working_commune(session, counters=2)


def changed(session: Session, work: Working, *changes: tuple[str, str]) -> str:
    """The file of a commune, with some of its words replaced: each stands in it."""
    text = as_text(session, work.commune.id)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


def effect(session: Session, text: str) -> Effect:
    return effect_of_file(session, configuration=from_text(text), actor=SYSTEM, now=EARLY)


def faults_of(text: str) -> list[tuple[str, FaultKind, str]]:
    """What is wrong with a file: the line as it stands there, the fault, and what it names."""
    _, faults = read_configuration(yamlfile.read(text.encode()))
    lines = text.splitlines()
    return [(lines[fault.line - 1].strip(), fault.kind, fault.what) for fault in faults]


def told(found: Effect) -> list[tuple[str, str, str]]:
    return [(item.act.value, item.subject.value, said(item.name)) for item in found.items]


def said(name: Translated | str) -> str:
    return name.in_("fr") if isinstance(name, Translated) else name


def test_a_file_that_says_what_is_there_does_nothing(session: Session, work: Working) -> None:
    an_appointment(session, work.counter, work.service)
    found = apply(session, as_text(session, work.commune.id))

    assert (found.is_new, found.commune_id, found.items, found.touched) == (False, work.commune.id, (), ())
    assert session.scalars(select(JournalEntry.act)).all() == []


def test_the_effect_is_seen_before_and_nothing_of_it_stays(session: Session, work: Working) -> None:
    text = changed(session, work, ("minutes_extra: 10", "minutes_extra: 5"), ("Maison communale", "Hôtel communal"))
    before = as_text(session, work.commune.id)

    seen = effect(session, text)

    assert told(seen) == [("changed", "service", "Carte d’identité"), ("changed", "office", "Hôtel communal")]
    assert [item.fields for item in seen.items] == [("minutes_extra",), ("name",)]
    session.expire_all()
    assert as_text(session, work.commune.id) == before
    assert apply(session, text).items == seen.items
    assert as_text(session, work.commune.id) == text


def test_what_a_file_does_not_name_is_taken_out_of_use_and_comes_back(session: Session, work: Working) -> None:
    whole = as_text(session, work.commune.id)
    bare = whole[: whole.index("services:")].replace("groups:", "groups: []\nx:")
    bare = bare[: bare.index("x:")]

    gone = apply(session, bare)

    assert {(act, subject) for act, subject, _ in told(gone)} == {("gone", "service"), ("gone", "office")}
    assert session.scalars(select(Service.deactivated_at.is_not(None))).all() == [True]
    again = apply(session, whole)
    assert ("back", "office", "Maison communale") in told(again)
    assert as_text(session, work.commune.id) == whole


def test_hours_change_from_today_and_the_past_stays_as_it_was(session: Session, work: Working) -> None:
    text = changed(session, work, ('end: "12:00"', 'end: "16:00"'))

    found = apply(session, text)

    assert [(item.act, item.subject) for item in found.items] == [
        (Act.GONE, Subject.SESSION),
        (Act.NEW, Subject.SESSION),
    ]
    rows = session.scalars(select(OpeningSession).order_by(OpeningSession.id).execution_options(populate_existing=True))
    assert [(row.valid_from, row.valid_until, f"{row.wall_end:%H}") for row in rows] == [
        (date(2026, 1, 1), MONDAY - timedelta(days=1), "12"),
        (MONDAY, None, "16"),
    ]
    assert apply(session, text).items == ()


Change = tuple[str, str]
STRANDING: dict[str, tuple[Change, ...]] = {
    "hours end before it": (('end: "12:00"', 'end: "09:00"'),),
    "the day is closed": (
        ("offices:", f"closures:\n  - first: {MONDAY}\n    reason: {{fr: Grève, nl: Staking}}\noffices:"),
    ),
    "its counter goes": (('- label: "1"', '- label: "1"\n        is_retired: true'),),
    "its counter becomes an extra lane": (
        ('- label: "1"', '- label: "1"\n        kind: extra'),
        ('          - "1"\n          - "2"', '          - "2"\n        lanes:\n          - "1"'),
    ),
    "its counter no longer does it": (('- label: "1"\n        services:\n          - identity-card', '- label: "1"'),),
    "its service is over": (("state: published", "state: deactivated"),),
    "its service is had without appointment": (("mode: appointment\n    name", "mode: walk_in\n    name"),),
    "the office goes": (("code: town-hall", "code: town-hall\n    is_retired: true"),),
    "the office has another word": (("code: town-hall", "code: elsewhere"),),
}


@pytest.mark.parametrize("changes", STRANDING.values(), ids=STRANDING.keys())
def test_no_file_strands_an_appointment(session: Session, work: Working, changes: tuple[Change, ...]) -> None:
    visit = an_appointment(session, work.counter, work.service, start=at(MONDAY, "09:00"))
    text = changed(session, work, *changes)
    before = as_text(session, work.commune.id)

    assert effect(session, text).touched == (visit.id,)
    with pytest.raises(ImportTouches), session.begin_nested():
        apply(session, text)

    session.expire_all()
    assert as_text(session, work.commune.id) == before
    assert visit.state == AppointmentState.BOOKED


def test_a_visit_elsewhere_in_the_week_is_no_obstacle(session: Session, work: Working) -> None:
    an_appointment(session, work.counter, work.service, start=at(MONDAY, "09:00"))

    assert apply(session, changed(session, work, ('start: "08:00"', 'start: "09:00"'))).touched == ()


def test_a_hold_outside_the_new_hours_ends(session: Session, work: Working) -> None:
    an_appointment(session, work.counter, work.service, start=at(MONDAY, "11:00"), state=AppointmentState.HELD)

    apply(session, changed(session, work, ('end: "12:00"', 'end: "10:00"')))

    assert session.scalar(select(func.count(Appointment.id))) == 0


def test_another_effect_than_the_one_that_was_seen_is_not_applied(session: Session, work: Working) -> None:
    text = changed(session, work, ("minutes_extra: 10", "minutes_extra: 5"))
    seen = word_for(shown(effect(session, text)))
    session.execute(update(Service).values(max_persons=3))
    session.expire_all()

    with pytest.raises(ChangedMeanwhile), session.begin_nested():
        apply_file(session, configuration=from_text(text), seen=seen, actor=SYSTEM, now=EARLY)


def test_a_file_makes_a_commune_that_was_not_there(session: Session, work: Working) -> None:
    text = changed(session, work, ("mairie-nord", "mairie-sud"), ("gemeente-noord", "gemeente-zuid"))

    found = apply(session, text)

    assert (found.is_new, told(found)[0]) == (True, ("new", "commune", "Mairie Nord"))
    theirs = session.scalars(select(Commune.id).order_by(Commune.id.desc())).first()
    assert as_text(session, theirs or 0) == text
    assert apply(session, as_text(session, work.commune.id)).items == (), "nothing of the other one has changed"


def test_the_word_of_another_commune_is_theirs(session: Session, work: Working) -> None:
    text = changed(session, work, ("fr: mairie-nord", "fr: mairie-sud"))

    with pytest.raises(SlugTaken), session.begin_nested():
        apply(session, text)


def test_groups_change_letters_and_places_and_empty_ones_go(session: Session, work: Working) -> None:
    a_group(session, work.commune, code="empty")
    a_group(session, work.commune, code="family")
    text = as_text(session, work.commune.id)
    configuration = from_text(text)
    first, _, family = configuration.groups
    wanted = replace(configuration, groups=(replace(family, letter=first.letter), replace(first, letter=family.letter)))

    found = apply_file(session, configuration=wanted, actor=SYSTEM, now=EARLY)

    assert [item.act for item in found.items] == [Act.CHANGED, Act.CHANGED, Act.GONE]
    again = configuration_of(session, commune_id=work.commune.id, since=MONDAY)
    assert [(one.code, one.letter) for one in again.groups] == [
        ("family", first.letter),
        (first.code, family.letter),
    ]


WRAP = "\n    "
WRONG: dict[str, tuple[tuple[str, str], str, FaultKind, str]] = {
    "an unknown key": (("max_persons: 4", "max_person: 4"), "max_person: 4", FaultKind.UNKNOWN_KEY, "max_person"),
    "a service nobody offers": (
        ("- identity-card\n      - label", "- passport\n      - label"),
        "- passport",
        FaultKind.UNKNOWN_NAME,
        "passport",
    ),
    "a counter that is not there": (
        ('counters:\n          - "1"', 'counters:\n          - "9"'),
        '- "9"',
        FaultKind.UNKNOWN_NAME,
        "9",
    ),
    "reversed hours": (('end: "12:00"', 'end: "07:00"'), "- weekdays:", FaultKind.HOURS, ""),
    "a missing text": (("nl: Gemeente Noord", "de: Nord"), "fr: Mairie Nord", FaultKind.DUTCH_MISSING, ""),
    "a faint colour": (
        (
            "first_language: fr",
            f"first_language: fr\n  theme: {{brand: '#1d4f91', soft: '#e8eef6',{WRAP}strong: '#eeeeee'}}",
        ),
        "strong: '#eeeeee'}",
        FaultKind.CONTRAST,
        "strong",
    ),
    "another version": (("guichet: 1", "guichet: 2"), "guichet: 2", FaultKind.OTHER_VERSION, "1"),
    "a bad address": (
        ('email: "population@', 'email: "population'),
        'email: "populationmairie-nord.example"',
        FaultKind.ADDRESS,
        "",
    ),
    "a zone that is none": (
        ("first_language: fr", "first_language: fr\n  zone_key: Europe/Ixelles"),
        "zone_key: Europe/Ixelles",
        FaultKind.ZONE,
        "",
    ),
    "two counters of one name": (('- label: "2"', '- label: "1"'), '- label: "1"', FaultKind.SAME_NAME, "1"),
    "a published service without a summary": (
        ("nl: Een kaart aanvragen", "en: Apply for a card"),
        "summary:",
        FaultKind.NOT_PUBLISHABLE,
        "summary nl",
    ),
}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("change", "line", "kind", "what"), WRONG.values(), ids=WRONG.keys())
def test_every_fault_is_named_with_its_line(
    session: Session, work: Working, change: tuple[str, str], line: str, kind: FaultKind, what: str
) -> None:
    assert (line, kind, what) in faults_of(changed(session, work, change))


@pytest.mark.engines("sqlite")
def test_sessions_that_clash_name_one_another(session: Session, work: Working) -> None:
    text = as_text(session, work.commune.id)
    opening = text[text.index("      - weekdays:") :]
    twice = text + opening

    assert [(kind, what) for _, kind, what in faults_of(twice)] == [
        (FaultKind.CLASH, str(text[: text.index(opening)].count("\n") + 1))
    ]


@pytest.mark.engines("sqlite")
def test_a_checklist_that_does_not_hold_together_is_named_where_it_breaks(session: Session, work: Working) -> None:
    paper = "checklist:\n      papers:\n        - code: card\n          text: {fr: x, nl: y}\n          when:\n"
    condition = "            - {question: age, answers: [adult]}\n"
    text = changed(session, work, ("    minutes_extra: 10\n", f"    minutes_extra: 10\n    {paper}{condition}"))

    assert ("- code: card", FaultKind.CHECKLIST, "unknown_question") in faults_of(text)


@pytest.mark.engines("sqlite")
def test_every_column_of_what_is_configured_stands_in_the_file_or_is_left_out_on_purpose() -> None:
    rows = {"id", "commune_id", "office_id", "group_id", "position", "created_at"}
    left_out = {
        Commune: {"is_demonstration", "logo_mark", "logo_width", "logo_height", "logo_alt"},
        Service: {"published_at", "deactivated_at"},
        Office: {"screen_key", "feed_key", "schedule_version", "retired_at"},
        Counter: {"feed_key", "retired_at"},
        ServiceGroup: set[str](),
    }
    names = Names()
    known = {
        Commune: {*COMMUNE_KEYS, "theme_brand", "theme_brand_strong", "theme_brand_soft"},
        Service: set(service_record(names).keys),
        Office: set(office_record(names, None).keys),
        Counter: set(counter_record(()).keys),
        ServiceGroup: set(GROUP.keys),
    }
    for model, without in left_out.items():
        columns = {column.name for column in model.__table__.columns} - rows - without
        assert columns <= known[model], model.__name__
