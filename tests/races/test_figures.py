"""Several workers count the same day and tell the same administrators, while visits change under their hands."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Alert, Appointment, DailyFigure, FiguredDay, FirstFree, Message
from booking.models.messages import MessageKind
from booking.usecases.alerts import tell_administrators
from booking.usecases.daily_figures import count_day, days_due
from booking.usecases.first_free import note_first_free
from tests.databases import Database
from tests.moments import MONDAY, at
from tests.races.processes import Unit, together
from tests.test_worker_figures import a_full_week
from tests.usecases.test_figures_month import FEBRUARY, a_month

pytestmark = pytest.mark.races

WORKERS, TIMES = 4, 25


def mark(session: Session, *, state: AppointmentState) -> None:
    """One visit of Monday after the other is said to have gone this way or that."""
    some = select(func.min(Appointment.id)).where(Appointment.local_date == MONDAY, Appointment.state != state)
    this = update(Appointment).where(Appointment.id == some.scalar_subquery())
    session.execute(this.values(state=state, version=Appointment.version + 1))


def test_a_day_counted_by_several_at_once_while_it_changes_is_what_its_rows_say(database: Database) -> None:
    work = database.write(a_month)
    counting = Unit(count_day, {"office_id": work.office.id, "day": MONDAY, "now": FEBRUARY})
    states = (AppointmentState.MISSED, AppointmentState.FULFILLED)
    marking = [Unit(mark, {"state": states[place % 2]}) for place in range(TIMES)]

    together(database.url, [*[[counting] * TIMES for _ in range(WORKERS)], marking])

    with Session(database.engine) as session:
        due = [one for one in days_due(session, now=FEBRUARY, back=40) if one.day == MONDAY]
    for one in due:
        database.write(count_day, office_id=one.office_id, day=one.day, now=FEBRUARY)
    rows = select(Appointment.state, func.count()).where(Appointment.local_date == MONDAY).group_by(Appointment.state)
    says = dict(database.all(rows))
    kept = database.one(select(DailyFigure).where(DailyFigure.day == MONDAY))
    assert sum(kept.came.values()) == says.get(AppointmentState.FULFILLED, 0)
    assert sum(kept.missed.values()) == says.get(AppointmentState.MISSED, 0)
    assert database.count(FiguredDay, FiguredDay.day == MONDAY) == 1


def test_several_workers_write_down_the_morning_and_tell_of_it_once(database: Database) -> None:
    home = database.write(lambda session: a_full_week(session, promised_days=2))
    morning, own = at(MONDAY, "08:00"), {"commune_id": home.commune.id}
    noting = Unit(note_first_free, own | {"day": MONDAY, "now": morning})
    telling = Unit(tell_administrators, own | {"now": morning})

    together(database.url, [[noting, telling, telling] for _ in range(WORKERS)])

    assert database.count(FirstFree) == database.count(Alert) == 1
    assert database.all(select(Message.kind)) == [MessageKind.ALERT_PROMISE] * 2
