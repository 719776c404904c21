"""Of the form of a service, what keeps times back: the moment at which they come out, and how many there are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField
from wtforms.validators import ValidationError

from booking.core.quotas import MOST_QUOTA, QuotaPer
from booking.core.releases import MOST_WEEKS
from booking.core.services import ServiceContent
from booking.web.admin.fields import OptionalNumberField, OptionalTime, SeenForm, said
from booking.web.forms import choices
from booking.web.languages import current_language
from booking.words.formatting import day_of_week

A_MONDAY = date(2024, 1, 1)
"""Any: days of the week have their names from dates."""

PERS = ((QuotaPer.DAY, _l("a day")), (QuotaPer.WEEK, _l("a week, from Monday to Sunday")))
LIMITS = ("buffer_minutes", "freed_minutes", "release_weekday", "release_time", "release_weeks", "quota", "quota_per")


class LimitsForm(SeenForm):
    """The fields ``LIMITS``."""

    buffer_minutes = OptionalNumberField(_l("Minutes free after a visit"), least=0, most=120)
    freed_minutes = OptionalNumberField(_l("Minutes until a time that came free is offered"), least=0, most=1440)
    release_weekday = SelectField(_l("New times open"), validate_choice=False, description=_l("New times open"))
    release_time = OptionalTime(_l("At what time"))
    release_weeks = OptionalNumberField(_l("For so many weeks"), least=1, most=MOST_WEEKS)
    quota = OptionalNumberField(_l("Appointments at most"), least=1, most=MOST_QUOTA)
    quota_per = SelectField(_l("Counted in"), validate_choice=False, choices=choices(PERS))

    def weekday(self) -> int | None:
        """The day of the week on which times come out, Monday is 0; ``None`` where they do not."""
        return int(self.release_weekday.data) if self.release_weekday.data in set("0123456") else None

    def validate_release_time(self, field: Field) -> None:
        if self.weekday() is not None and not said(field):
            raise ValidationError(_l("Write a time like 8:30, 8h30 or 830."))

    def validate_release_weeks(self, field: Field) -> None:
        if self.weekday() is not None and not said(field):
            raise ValidationError(_l("Say for how many weeks they open."))

    def limits(self) -> dict[str, Any]:
        """What was written, as a service says it. Only after the form was found valid."""
        weekday, quota = self.weekday(), self.quota.given()
        is_week = self.quota_per.data == QuotaPer.WEEK
        return {
            **{name: self[name].given() or 0 for name in ("buffer_minutes", "freed_minutes")},
            "release_weekday": weekday,
            "release_time": None if weekday is None else self.release_time.typed(),
            "release_weeks": None if weekday is None else self.release_weeks.given(),
            "quota": quota,
            "quota_per": None if quota is None else QuotaPer.WEEK if is_week else QuotaPer.DAY,
        }


def weekday_choices() -> list[tuple[str, Any]]:
    """When times come out: not at a moment of the week, or on one of its days."""
    days = ((str(number), A_MONDAY + timedelta(days=number)) for number in range(7))
    named = [(value, day_of_week(day, current_language())) for value, day in days]
    return choices([("", _l("At no fixed moment: all can be booked")), *named])


def limits_shown(content: ServiceContent) -> dict[str, str]:
    """The same as the fields show it."""
    shown = {"quota_per": (content.quota_per or QuotaPer.DAY).value}
    minutes = {"buffer_minutes": content.buffer_minutes, "freed_minutes": content.freed_minutes}
    shown |= {name: str(number) for name, number in minutes.items() if number}
    if content.release_weekday is not None and content.release_time is not None:
        shown |= {"release_weekday": str(content.release_weekday), "release_time": f"{content.release_time:%H:%M}"}
        shown["release_weeks"] = str(content.release_weeks)
    return shown | ({"quota": str(content.quota)} if content.quota is not None else {})
