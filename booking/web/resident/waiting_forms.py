"""What somebody fills in who wants an earlier appointment: where, on which days, in which part of them, from when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from booking.core.errors import AddressMissing
from booking.core.preferences import PartOfDay
from booking.core.text import clean
from booking.core.typed import typed_day, typed_number
from booking.core.waiting import EVERY_DAY, EVERY_PART, Wishes
from booking.models import Office, WaitingEntry
from booking.usecases.waiting import WishedTime
from booking.usecases.waiting_list import Wishable, wishes_of
from booking.web.answers import sentence_of
from booking.web.formatting import translated
from booking.web.forms import Form, choices
from booking.web.resident.forms import DetailsForm
from booking.words.formatting import date_without_year, day_of_week

A_MONDAY = date(2027, 1, 4)

PART_NAMES = {
    PartOfDay.MORNING: _l("in the morning, before 12 o’clock"),
    PartOfDay.MIDDAY: _l("around midday, from 12 to 14 o’clock"),
    PartOfDay.AFTERNOON: _l("in the afternoon, from 14 to 17 o’clock"),
    PartOfDay.EVENING: _l("in the evening, from 17 o’clock on"),
}


class WishesForm(Form):
    """When and where somebody would come. What there is to choose from is given by ``offer``."""

    offices = SelectMultipleField(_l("Where would you come?"), validate_choice=False)
    weekdays = SelectMultipleField(_l("On which days?"), validate_choice=False)
    parts = SelectMultipleField(_l("In which part of the day?"), validate_choice=False)
    first = SelectField(_l("From when on?"), validate_choice=False)

    def offer(self, wishable: Wishable, *, first: date, last: date, language: str) -> None:
        """Say what can be wished between two days; a group with one choice only is not shown."""
        self.wishable, self.first_day, self.last_day = wishable, first, last
        self.offices.choices = choices((one.code, translated(one.name)) for one in wishable.offices)
        days = sorted(wishable.weekdays)
        self.weekdays.choices = choices((str(day), day_of_week(on_weekday(day), language)) for day in days)
        self.parts.choices = choices((part.value, PART_NAMES[part]) for part in PartOfDay if part in wishable.parts)
        mondays = [monday for monday in mondays_after(first) if monday <= last]
        soonest = [("", _l("As soon as possible"))]
        self.first.choices = choices(
            [*soonest, *((one.isoformat(), date_without_year(one, language)) for one in mondays)]
        )

    def tick_all(self, *, offices: Iterable[Office]) -> None:
        """What is ticked before anybody has chosen: these offices, every day and every part of it."""
        self.offices.data = [office.code for office in offices]
        self.weekdays.data = [str(day) for day in self.wishable.weekdays]
        self.parts.data = [part.value for part in self.wishable.parts]

    def tick_wishes(self, entry: WaitingEntry, offices: Iterable[Office]) -> None:
        """What somebody in the list has wished so far."""
        self.tick_all(offices=offices)
        wishes = wishes_of(entry)
        self.weekdays.data = [str(day) for day in self.wishable.weekdays & wishes.weekdays]
        self.parts.data = [part.value for part in self.wishable.parts & wishes.parts]
        self.first.data = wishes.first.isoformat()

    def groups(self) -> list[Field]:
        """The fields in which there is something to choose."""
        several = [field for field in (self.offices, self.weekdays, self.parts) if len(field.choices) > 1]
        return [*several, self.first]

    def validate_offices(self, field: Field) -> None:
        if len(field.choices) > 1 and not self.chosen_offices():
            raise ValidationError(_l("Choose at least one office."))

    def validate_weekdays(self, field: Field) -> None:
        if len(field.choices) > 1 and not self.chosen_weekdays():
            raise ValidationError(_l("Choose at least one day of the week."))

    def validate_parts(self, field: Field) -> None:
        if len(field.choices) > 1 and not self.chosen_parts():
            raise ValidationError(_l("Choose at least one part of the day."))

    def chosen_offices(self) -> list[Office]:
        return [office for office in self.wishable.offices if office.code in (self.offices.data or ())]

    def chosen_weekdays(self) -> frozenset[int]:
        typed = {typed_number(one) for one in self.weekdays.data or ()}
        return frozenset(day for day in self.wishable.weekdays if day in typed)

    def chosen_parts(self) -> frozenset[PartOfDay]:
        return frozenset(part for part in self.wishable.parts if part.value in (self.parts.data or ()))

    def time(self) -> WishedTime:
        """Whoever takes every choice there is takes those, too, that come later."""
        weekdays, parts, offices = self.chosen_weekdays(), self.chosen_parts(), self.chosen_offices()
        from_day = min(max(typed_day(self.first.data or "") or self.first_day, self.first_day), self.last_day)
        wishes = Wishes(
            from_day,
            self.last_day,
            weekdays if weekdays and weekdays != self.wishable.weekdays else EVERY_DAY,
            parts if parts and parts != self.wishable.parts else EVERY_PART,
        )
        some = 0 < len(offices) < len(self.wishable.offices)
        return WishedTime(wishes, tuple(office.id for office in offices) if some else ())


class AppointmentWishesForm(WishesForm):
    """Who has an appointment only says when and where an earlier one would suit; ``version`` is what was seen of it."""

    version = HiddenField()


class JoinForm(WishesForm, DetailsForm):
    """Who has no appointment says, beside the wishes, for whom it will be and where to write.

    With ``by_text`` there is a gateway, and a telephone is enough.
    """

    by_text = False

    def in_order(self) -> tuple[Field, ...]:
        who = (
            self.name,
            self.email,
            self.domain_meant,
            *([self.phone] * self.by_text),
            self.language,
            self.help_language,
        )
        return *self.groups(), *who

    def validate_email(self, field: Field) -> None:
        if not clean(field.data or "") and not self.by_text:
            raise ValidationError(sentence_of(AddressMissing()))
        super().validate_email(field)


def on_weekday(number: int) -> date:
    """Some day that is this day of the week."""
    return A_MONDAY + timedelta(days=number)


def mondays_after(day: date) -> list[date]:
    """The Mondays of the year that follow a day."""
    monday = day + timedelta(days=7 - day.weekday())
    return [monday + timedelta(weeks=number) for number in range(52)]
