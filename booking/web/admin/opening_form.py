"""The forms of opening hours, as a clerk thinks of them; each gives a change of hours."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from booking.core.changes import NEW, SaveSession
from booking.core.errors import NothingLeft
from booking.core.opening import LAST, MOST_KEPT, Mode, Season, SessionRule
from booking.core.typed import is_end_of_day, typed_day_of_year, typed_number
from booking.models import Counter, Office, Service
from booking.models.offices import CounterKind
from booking.web.admin.fields import (
    DayField,
    OptionalDay,
    OptionalNumberField,
    OptionalTime,
    SeenForm,
    TimeField,
    TypedField,
    said,
)
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.words.formatting import date_numeric, day_of_week, time_plain

A_MONDAY = date(2027, 1, 4)
MODES = (
    (Mode.APPOINTMENT.value, _l("By appointment only")),
    (Mode.WALK_IN.value, _l("Without an appointment")),
    (Mode.BOTH.value, _l("With or without an appointment")),
)
NTH = (
    ("1", _l("the first")),
    ("2", _l("the second")),
    ("3", _l("the third")),
    ("4", _l("the fourth")),
    ("5", _l("the fifth")),
    (str(LAST), _l("the last")),
)
ENDS_FIRST = _l("The end must come after the start.")
PAST_MIDNIGHT = _l(
    "Hours end on the day on which they begin, at 23:59 at the latest: write what comes after midnight as hours of the "
    "next day."
)
SMALL_HOURS = time(6)
KEPT = tuple((str(minutes), str(minutes)) for minutes in range(0, MOST_KEPT + 1, 5))
MOST_TICKETS = 999


class ClosingTime(TimeField):
    """When a session ends: before midnight, which is the next day already."""

    def pre_validate(self, form: Any) -> None:
        if is_end_of_day(self.data or ""):
            raise ValidationError(PAST_MIDNIGHT)
        super().pre_validate(form)


class DaysForm(Form):
    """A form about days to come: ``today`` is the office's own, and what is over is not changed any more."""

    today = date.min

    def check_not_over(self, day: date | None) -> None:
        if day and day < self.today:
            raise ValidationError(_l("This day is over: write today or a later one."))


class CountersForm(Form):
    """Hours of one day with who works and for what: what every opening has."""

    start = TimeField(_l("Opens at"), render_kw={"inputmode": "numeric", "autocomplete": "off"})
    end = ClosingTime(_l("Closes at"), render_kw={"inputmode": "numeric", "autocomplete": "off"})
    mode = RadioField(_l("With or without an appointment?"), choices=choices(MODES), default=Mode.APPOINTMENT.value)
    last_entry = OptionalTime(_l("Last ticket at"), render_kw={"inputmode": "numeric", "autocomplete": "off"})
    counters = SelectMultipleField(_l("Which counters?"), coerce=str, validate_choice=False)
    lanes = SelectMultipleField(_l("Extra counters for overbooking"), coerce=str, validate_choice=False)
    services = SelectMultipleField(_l("Only for these services"), coerce=str, validate_choice=False)
    walk_in_minutes = SelectField(
        _l("Minutes of each hour kept for people without an appointment"), choices=choices(KEPT), default="0"
    )
    staff_minutes = SelectField(
        _l("Minutes of each hour kept for appointments that staff make"), choices=choices(KEPT), default="0"
    )
    most_walk_ins = OptionalNumberField(_l("Most tickets without an appointment"), least=0, most=MOST_TICKETS)

    def offer(self, counters: list[Counter], services: list[Service], language: str) -> None:
        """Give the form its boxes: the counters of the office, the services of the commune."""
        kinds = {CounterKind.NORMAL: self.counters, CounterKind.EXTRA: self.lanes}
        for kind, field in kinds.items():
            field.choices = choices((str(one.id), one.label) for one in counters if one.kind == kind)
        self.services.choices = choices((str(service.id), service.name.joined(language)) for service in services)

    def validate_end(self, field: TimeField) -> None:
        start, end = self.start.typed(), field.typed()
        if start and end and end < start and end <= SMALL_HOURS:
            raise ValidationError(PAST_MIDNIGHT)
        check_order(start, end)

    def validate_last_entry(self, field: OptionalTime) -> None:
        last, end = field.typed(), self.end.typed()
        check_order(self.start.typed(), last)
        if last and end and last > end:
            raise ValidationError(_l("The last ticket cannot be given after closing."))

    def validate_counters(self, field: SelectMultipleField) -> None:
        if not chosen(field):
            raise ValidationError(_l("Choose at least one counter."))

    def validate_staff_minutes(self, field: SelectField) -> None:
        if sum(typed_number(one.data or "") or 0 for one in (self.walk_in_minutes, field)) > MOST_KEPT:
            raise ValidationError(sentence_of(NothingLeft()))

    def common(self) -> dict[str, Any]:
        """What every rule takes from these fields."""
        return {
            "id": NEW,
            "start": self.start.wall(),
            "end": self.end.wall(),
            "mode": Mode(self.mode.data),
            "last_entry": self.last_entry.typed(),
            "counters": chosen(self.counters),
            "lanes": chosen(self.lanes),
            "services": chosen(self.services),
            "walk_in_minutes": int(self.walk_in_minutes.data),
            "staff_minutes": int(self.staff_minutes.data),
            "most_walk_ins": self.most_walk_ins.given(),
        }


class SessionForm(CountersForm, SeenForm):
    """Recurring hours."""

    weekdays = SelectMultipleField(_l("On which days?"), coerce=str, validate_choice=False)
    repeat = RadioField(
        _l("How often?"),
        choices=choices(
            (
                ("weekly", _l("Every week")),
                ("weeks", _l("Every … weeks")),
                ("month", _l("Once a month")),
            )
        ),
        default="weekly",
    )
    every_weeks = TypedField(_l("Every how many weeks?"), render_kw={"inputmode": "numeric"})
    anchor = OptionalDay(_l("Weeks counted from"))
    nth = SelectField(_l("Which of those days in the month?"), choices=choices(NTH))
    since = DayField(_l("From which day?"))
    until = OptionalDay(_l("Until which day?"))
    season_first = TypedField(_l("Every year from"))
    season_last = TypedField(_l("Every year until"))

    def offer(self, counters: list[Counter], services: list[Service], language: str) -> None:
        super().offer(counters, services, language)
        days = [A_MONDAY + timedelta(days=number) for number in range(7)]
        self.weekdays.choices = choices((str(day.weekday()), day_of_week(day, language)) for day in days)

    def in_order(self) -> list[Field]:
        """The fields as they follow one another on the page."""
        first = [
            self.weekdays,
            self.start,
            self.end,
            self.last_entry,
            self.mode,
            self.counters,
            self.lanes,
            self.services,
        ]
        first += [self.walk_in_minutes, self.staff_minutes, self.most_walk_ins]
        return [*first, *(field for field in self if field not in first)]

    def validate_weekdays(self, field: SelectMultipleField) -> None:
        if not chosen(field):
            raise ValidationError(_l("Choose at least one day of the week."))

    def validate_every_weeks(self, field: TypedField) -> None:
        if self.repeat.data == "weeks" and not 2 <= (typed_number(field.data or "") or 0) <= 12:
            raise ValidationError(_l("Write a whole number from %(least)s to %(most)s.", least=2, most=12))

    def validate_anchor(self, field: OptionalDay) -> None:
        if self.repeat.data == "weeks" and field.typed() is None:
            raise ValidationError(_l("Give the first date from which the weeks are counted."))

    def validate_until(self, field: OptionalDay) -> None:
        since, until = self.since.typed(), field.typed()
        if since and until and until < since:
            raise ValidationError(ENDS_FIRST)

    def validate_season_first(self, field: TypedField) -> None:
        check_season_end(field, self.season_last)

    def validate_season_last(self, field: TypedField) -> None:
        check_season_end(field, self.season_first)

    def change(self, office: Office, *, session_id: int | None, today: date) -> SaveSession:
        """The change that was written. Only after the form was found valid.

        With ``session_id`` it changes that session from the wished day on, but never before ``today``, the
        office's own: the past is not altered. Without, it is a new session.
        """
        since = self.since.day() if session_id is None else max(self.since.day(), today)
        counted, monthly = self.repeat.data == "weeks", self.repeat.data == "month"
        rule = SessionRule(
            **self.common(),
            weekdays=chosen(self.weekdays),
            valid_from=since,
            valid_until=self.until.typed(),
            every_weeks=typed_number(self.every_weeks.data or "") or 1 if counted else 1,
            anchor=self.anchor.typed() if counted else None,
            nth_of_month=int(self.nth.data) if monthly else None,
            season=season_of(self.season_first.data, self.season_last.data),
        )
        return SaveSession(office.id, rule, since, session_id)


class ExtraForm(CountersForm, DaysForm):
    """An extra opening: hours of one single day."""

    day = DayField(_l("On which day?"))

    def in_order(self) -> list[Field]:
        """The fields as they follow one another on the page."""
        return [self.day, *(field for field in self if field is not self.day)]

    def validate_day(self, field: DayField) -> None:
        self.check_not_over(field.typed())

    def change(self, office: Office) -> SaveSession:
        """The change that was written. Only after the form was found valid."""
        day = self.day.day()
        rule = SessionRule(**self.common(), weekdays=frozenset({day.weekday()}), valid_from=day, valid_until=day)
        return SaveSession(office.id, rule, day)


class EndForm(SeenForm):
    """From which day on a session is over."""

    since = DayField(_l("First day without these hours"))


def chosen(field: SelectMultipleField) -> frozenset[int]:
    """The ticked boxes that were really offered."""
    offered = {choice.value for choice in field.choices or ()}
    return frozenset(int(value) for value in field.data or () if value in offered)


def check_order(start: time | None, end: time | None) -> None:
    if start and end and end <= start:
        raise ValidationError(ENDS_FIRST)


def check_season_end(field: TypedField, other: TypedField) -> None:
    written, needed = said(field), bool(said(other))
    if (written or needed) and typed_day_of_year(written) is None:
        raise ValidationError(_l("Write a day and a month, like 1/7."))


def season_of(first: str | None, last: str | None) -> Season | None:
    begins, ends = typed_day_of_year(first or ""), typed_day_of_year(last or "")
    return Season(begins, ends) if begins and ends else None


def written(rule: SessionRule) -> dict[str, Any]:
    """The fields that show a rule, for changing it."""
    repeat = "weeks" if rule.every_weeks > 1 else "month" if rule.nth_of_month else "weekly"
    return {
        "start": time_plain(rule.start),
        "end": time_plain(rule.end),
        "mode": rule.mode.value,
        "last_entry": time_plain(rule.last_entry) if rule.last_entry else "",
        "counters": [str(counter) for counter in rule.counters],
        "lanes": [str(counter) for counter in rule.lanes],
        "services": [str(service) for service in rule.services],
        "walk_in_minutes": str(rule.walk_in_minutes),
        "staff_minutes": str(rule.staff_minutes),
        "most_walk_ins": "" if rule.most_walk_ins is None else str(rule.most_walk_ins),
        "weekdays": [str(day) for day in rule.weekdays],
        "repeat": repeat,
        "every_weeks": str(rule.every_weeks) if repeat == "weeks" else "",
        "anchor": date_numeric(rule.anchor, "fr") if rule.anchor else "",
        "nth": str(rule.nth_of_month or 1),
        "until": date_numeric(rule.valid_until, "fr") if rule.valid_until else "",
        "season_first": "{1}/{0}".format(*rule.season.first) if rule.season else "",
        "season_last": "{1}/{0}".format(*rule.season.last) if rule.season else "",
    }
