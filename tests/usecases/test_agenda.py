"""The agenda underneath: what is free, what is found, who was not reached."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import Unknown
from booking.core.marks import Mark
from booking.core.opening import Mode
from booking.core.references import new_key
from booking.core.text import folded
from booking.core.timespan import Span
from booking.core.translated import Translated
from booking.models import Appointment, Closure, JournalEntry, Message
from booking.models.messages import MessageKind, MessageState
from booking.models.opening import BlockReason
from booking.usecases.agenda import Agenda, agenda_of
from booking.usecases.baskets import WishedLine
from booking.usecases.blocks import Kept, add_blocks
from booking.usecases.calls import calls
from booking.usecases.counter_days import Kind
from booking.usecases.journal import Actor
from booking.usecases.looks import look_up_contact
from booking.usecases.loose_ends import loose_ends, unmarked
from booking.usecases.moves import hold_instead
from booking.usecases.schedules import take_whole
from booking.usecases.visits import Choice
from booking.usecases.visits_found import find, visit
from tests.factories import Working, a_session, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, at

REASON = Translated.of(fr="Inventaire", nl="Inventaris")


@pytest.fixture
def home(session: Session) -> Working:
    return a_working_commune(session, counters=2)


def booked(
    session: Session, home: Working, wall: str = "09:00", *, day: date = MONDAY, **columns: object
) -> Appointment:
    name = columns.setdefault("name", "Ana Peeters")
    columns.setdefault("name_search", folded(str(name)))
    counter = columns.pop("counter", home.counter)
    return an_appointment(session, counter, home.service, start=at(day, wall), **columns)  # type: ignore[arg-type]


def agenda(session: Session, home: Working, *, day: date = MONDAY, now: object = EARLY, **choice: int) -> Agenda:
    session.refresh(home.office)
    return agenda_of(session, office=home.office, day=day, choice=Choice(**choice), now=now)  # type: ignore[arg-type]


def stretches(found: Agenda, number: int) -> list[tuple[Kind, str, str]]:
    cells = (cell.stretch for cell in found.grid.columns[number].cells if cell.stretch)
    told = [(one.kind, f"{one.wall:%H:%M}", f"{one.wall_end:%H:%M}") for one in cells]
    return sorted(told, key=lambda one: one[1:])


def test_free_time_is_what_is_open_and_not_taken(session: Session, home: Working) -> None:
    booked(session, home, "09:00")
    booked(session, home, "09:15")

    found = agenda(session, home)

    assert stretches(found, 0) == [(Kind.FREE, "08:00", "09:00"), (Kind.FREE, "09:30", "12:00")]
    assert stretches(found, 1) == [(Kind.FREE, "08:00", "12:00")]


@pytest.mark.parametrize(("start", "cards"), [("11:15", [(36, 6), (42, 3)]), ("10:45", [(33, 3), (36, 6)])])
def test_a_time_held_to_move_a_visit_stands_beside_it_and_never_over_it(
    session: Session, home: Working, start: str, cards: list[tuple[int, int]]
) -> None:
    moving = booked(session, home, "11:00", minutes=30)
    booked(session, home, "10:00", minutes=120, counter=home.counters[1])
    own = {"commune_id": home.commune.id, "appointment_id": moving.id, "office_id": home.office.id, "key": new_key()}
    hold_instead(
        session,
        **own,
        lines=[WishedLine(home.service.id)],
        start=at(MONDAY, start),
        length=timedelta(minutes=10),
        client="ana",
        per_client=5,
        instead_of=None,
        now=EARLY,
    )

    column = agenda(session, home).grid.columns[0]
    assert sorted((cell.row, cell.rows) for cell in column.cells if cell.visit) == cards


def test_hours_without_appointments_are_neither_free_nor_closed(session: Session, home: Working) -> None:
    a_session(session, home.office, home.counters[:1], start="13:00", end="14:00", mode=Mode.WALK_IN)
    take_whole(session, commune_id=home.commune.id)

    kinds = {kind for kind, first, _ in stretches(agenda(session, home), 0) if first == "13:00"}

    assert kinds == {Kind.WALK_IN}


def test_a_break_is_no_break_while_everything_is_closed(session: Session, home: Working) -> None:
    own = {"commune_id": home.commune.id}
    spans = (Span(at(MONDAY, "10:00"), at(MONDAY, "10:30")), Span(at(MONDAY, "11:00"), at(MONDAY, "11:15")))
    add_blocks(session, **own, blocks=[Kept(home.counter.id, span, BlockReason.BREAK) for span in spans], now=EARLY)
    late = {"first_day": MONDAY, "last_day": MONDAY, "wall_start": time(10, 15), "reason": REASON}
    add(session, Closure(**own, office_id=home.office.id, **late))
    take_whole(session, **own)

    assert stretches(agenda(session, home), 0) == [
        (Kind.FREE, "08:00", "10:00"),
        (Kind.BREAK, "10:00", "10:15"),
        (Kind.CLOSED, "10:15", "11:00"),
    ]


def test_a_counter_with_breaks_alone_is_shut(session: Session, home: Working) -> None:
    own = {"commune_id": home.commune.id}
    span = Span(at(MONDAY, "10:00"), at(MONDAY, "10:30"))
    add_blocks(session, **own, blocks=[Kept(home.counter.id, span, BlockReason.KEPT)], now=EARLY)
    add(session, Closure(**own, office_id=home.office.id, first_day=MONDAY, last_day=MONDAY, reason=REASON))
    take_whole(session, **own)

    assert agenda(session, home).grid.columns == ()


def test_a_visit_outside_the_hours_has_its_time_for_itself(session: Session, home: Working) -> None:
    booked(session, home, "12:00", minutes=30, kept_outside_at=EARLY)

    assert stretches(agenda(session, home), 0)[-1] == (Kind.CLOSED, "12:30", "13:00")


def test_what_counters_do_is_told_of_the_hours_still_to_come(session: Session, home: Working) -> None:
    a_session(session, home.office, home.counters[:1], start="13:00", end="14:00", mode=Mode.WALK_IN)
    take_whole(session, commune_id=home.commune.id)

    def told(now: datetime) -> list[tuple[str, list[Kind]]]:
        return [
            (f"{one.wall:%H}", [kind for kind, _ in one.times])
            for one in agenda(session, home, now=now).entries
            if one.times
        ]

    assert told(EARLY) == [("08", [Kind.FREE]), ("13", [Kind.WALK_IN])]
    assert told(at(MONDAY, "10:12")) == [("10", [Kind.FREE]), ("13", [Kind.WALK_IN])]
    assert told(at(MONDAY, "13:59")) == [("13", [Kind.WALK_IN])]
    assert told(at(MONDAY + timedelta(days=1), "07:00")) == []


def test_a_day_when_the_clock_changes_keeps_its_wall_times(session: Session, home: Working) -> None:
    sunday = date(2027, 3, 28)
    a_session(session, home.office, home.counters[:1], weekdays=64, start="01:00", end="04:00")
    take_whole(session, commune_id=home.commune.id)

    found = agenda(session, home, day=sunday)

    assert stretches(found, 0) == [(Kind.FREE, "01:00", "04:00")]
    assert found.grid.rows == 24
    assert [f"{wall:%H}" for _, wall in found.grid.hours] == ["01", "03"]


def test_a_counter_shut_all_day_has_no_column(session: Session, home: Working) -> None:
    a_session(session, home.office, home.counters[:1], weekdays=32)
    take_whole(session, commune_id=home.commune.id)

    found = agenda(session, home, day=MONDAY + timedelta(days=5))

    assert ([column.label for column in found.grid.columns], found.closed_counters) == (["1"], ("2",))


def test_a_visit_at_a_closed_counter_still_has_its_place(session: Session, home: Working) -> None:
    booked(session, home, "19:10", day=MONDAY + timedelta(days=6), kept_outside_at=EARLY)

    found = agenda(session, home, day=MONDAY + timedelta(days=6))

    (cell,) = (cell for cell in found.grid.columns[0].cells if cell.visit)
    assert (cell.row, cell.rows) == (2, 3)


def test_another_visit_is_told_as_taken_time_when_the_view_is_narrowed(session: Session, home: Working) -> None:
    booked(session, home, "09:00")

    found = agenda(session, home, service_id=home.service.id + 1)

    assert found.visits == ()
    assert (Kind.OTHER, "09:00", "09:15") in stretches(found, 0)


def everybody(session: Session, home: Working) -> None:
    for place, name in enumerate(("Éloïse D’Hondt", "eloise dubois", "Nguyễn Thị Minh", "محمد العلوي", "100 % Pur")):
        booked(session, home, "08:00", day=MONDAY + timedelta(days=place), name=name)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("eloise", ["Éloïse D’Hondt", "eloise dubois"]),
        ("dhondt", ["Éloïse D’Hondt"]),
        ("thiminh", ["Nguyễn Thị Minh"]),
        ("ELOÏSE d'hondt", ["Éloïse D’Hondt"]),
        ("hondt éloïse", ["Éloïse D’Hondt"]),
        ("minh nguyen", ["Nguyễn Thị Minh"]),
        ("محمد", ["محمد العلوي"]),
        ("nobody", []),
        ("%%%", []),
        ("__", []),
        ("100", ["100 % Pur"]),
    ],
)
def test_a_person_is_found_whatever_the_accents_case_or_order(
    session: Session, home: Working, typed: str, names: list[str]
) -> None:
    everybody(session, home)
    scope = {"commune_id": home.commune.id, "office_ids": (home.office.id,)}

    assert [one.name for one in find(session, **scope, text=typed, today=MONDAY, now=EARLY)] == names


def test_a_person_is_found_by_the_reference_however_it_is_typed(session: Session, home: Working) -> None:
    ana = booked(session, home, reference="K7F29MXD")
    scope = {"commune_id": home.commune.id, "office_ids": (home.office.id,)}

    for typed in ("k7f2 9mxd", "K7F2-9MXD", "K7F29MXD"):
        assert [one.id for one in find(session, **scope, text=typed, today=MONDAY, now=EARLY)] == [ana.id]


@pytest.mark.parametrize(
    ("name", "typed"), [("Serkan Yılmaz", "yilmaz"), ("Łucja Øster", "lucja oster"), ("Đorđe Strauß", "dorde strauss")]
)
def test_a_name_is_found_as_a_plain_keyboard_writes_it(session: Session, home: Working, name: str, typed: str) -> None:
    booked(session, home, "08:00", name=name)
    scope = {"commune_id": home.commune.id, "office_ids": (home.office.id,), "today": MONDAY, "now": EARLY}

    assert [one.name for one in find(session, text=typed, **scope)] == [name]
    assert [one.name for one in find(session, text=name, **scope)] == [name]


def test_a_search_finds_cancelled_visits_but_no_held_time_and_no_other_office(session: Session, home: Working) -> None:
    booked(session, home, "08:00", state=AppointmentState.CANCELLED)
    booked(session, home, "08:30", state=AppointmentState.HELD)
    scope = {"commune_id": home.commune.id, "text": "peeters", "today": MONDAY, "now": EARLY}

    assert len(find(session, office_ids=(home.office.id,), **scope)) == 1  # type: ignore[arg-type]
    assert find(session, office_ids=(), **scope) == ()  # type: ignore[arg-type]


def test_a_search_shows_today_first_then_what_comes_then_what_is_over_and_fifty_at_most(
    session: Session, home: Working
) -> None:
    for place in range(-30, 30):
        booked(session, home, "08:00", day=MONDAY + timedelta(days=place))
    scope = {"commune_id": home.commune.id, "office_ids": (home.office.id,)}

    found = find(session, **scope, text="ana", today=MONDAY, now=at(MONDAY, "10:12"))  # type: ignore[arg-type]

    assert [(one.day - MONDAY).days for one in found] == [*range(30), *range(-1, -21, -1)]


def test_past_visits_wait_until_somebody_settles_them(session: Session, home: Working) -> None:
    yesterday = MONDAY - timedelta(days=1)
    forgotten = booked(session, home, day=yesterday)
    booked(session, home, "10:00", day=yesterday, state=AppointmentState.FULFILLED, settled_at=EARLY)
    booked(session, home, "08:00")

    assert [one.id for one in unmarked(session, offices=[home.office], now=EARLY)] == [forgotten.id]
    assert Mark.ARRIVED not in unmarked(session, offices=[home.office], now=EARLY)[0].marks
    assert loose_ends(session, offices=[home.office], now=EARLY).unmarked == 1


def test_visits_to_settle_go_through_each_day_from_its_morning_the_last_day_first(
    session: Session, home: Working
) -> None:
    for days, wall in ((3, "09:00"), (1, "12:15"), (1, "12:00"), (3, "08:00")):
        booked(session, home, wall, day=MONDAY - timedelta(days=days))

    told = unmarked(session, offices=[home.office], now=EARLY)

    assert [((MONDAY - one.day).days, f"{one.wall:%H:%M}") for one in told] == [
        (1, "12:00"),
        (1, "12:15"),
        (3, "08:00"),
        (3, "09:00"),
    ]


def a_message(session: Session, home: Working, about: Appointment, state: MessageState, **columns: object) -> None:
    message = {
        "commune_id": home.commune.id,
        "kind": MessageKind.CONFIRMATION,
        "appointment_id": about.id,
        "version": 1,
        "copy": 0,
        "state": state,
        "created_at": EARLY,
        "due_at": EARLY,
        "attempts": 1,
    }
    add(session, Message(**(message | columns)))


def test_a_refused_message_is_told_with_the_phone_until_a_later_one_is_on_its_way(
    session: Session, home: Working
) -> None:
    ana = booked(session, home, phone="+32470123456")
    a_message(session, home, ana, MessageState.REFUSED)
    booked(session, home, "10:00")

    (lost,) = calls(session, offices=[home.office], now=EARLY)
    assert (lost.visit.id, lost.phone, lost.visit.is_unreached) == (ana.id, "+32470123456", True)
    assert loose_ends(session, offices=[home.office], now=EARLY).to_call == 1

    a_message(session, home, ana, MessageState.QUEUED, copy=1)
    assert calls(session, offices=[home.office], now=EARLY) == ()


def test_a_refused_message_no_longer_matters_after_the_visit(session: Session, home: Working) -> None:
    a_message(session, home, booked(session, home), MessageState.REFUSED)

    assert calls(session, offices=[home.office], now=at(MONDAY, "09:15")) == ()


def test_looking_at_a_contact_is_written_down_and_stays_within_ones_offices(session: Session, home: Working) -> None:
    ana = booked(session, home)
    look = {"commune_id": home.commune.id, "appointment_id": ana.id, "now": EARLY}

    with pytest.raises(Unknown):
        look_up_contact(session, **look, office_ids=(home.office.id + 1,), actor=Actor())  # type: ignore[arg-type]
    assert session.scalars(select(JournalEntry)).all() == []

    assert look_up_contact(session, **look, office_ids=(home.office.id,), actor=Actor()).email == "ana@example.org"  # type: ignore[arg-type]
    assert session.scalars(select(JournalEntry.act)).all() == ["looked"]


def test_a_held_time_is_no_visit_one_can_open(session: Session, home: Working) -> None:
    held = booked(session, home, state=AppointmentState.HELD)

    with pytest.raises(Unknown):
        visit(session, commune_id=home.commune.id, office_ids=(home.office.id,), appointment_id=held.id, now=EARLY)


def test_past_visits_wait_in_the_order_of_their_day_the_last_day_first(session: Session, home: Working) -> None:
    before = {wall: booked(session, home, wall, day=MONDAY - timedelta(days=2)).id for wall in ("11:00", "09:00")}
    yesterday = {wall: booked(session, home, wall, day=MONDAY - timedelta(days=1)).id for wall in ("10:15", "10:00")}

    found = [one.id for one in unmarked(session, offices=[home.office], now=EARLY)]

    assert found == [yesterday["10:00"], yesterday["10:15"], before["09:00"], before["11:00"]]
