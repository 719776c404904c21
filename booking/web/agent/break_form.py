"""A break or an absence of a counter, as an agent types it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField
from wtforms.validators import ValidationError

from booking.core.timespan import TICK_MINUTES
from booking.models.opening import BlockReason
from booking.web.admin.fields import DayField, OptionalTime, UntilTime
from booking.web.forms import Form, choices


class BreakForm(Form):
    """From when until when on a day, and whether it is a break or an absence; nowhere why."""

    reason = RadioField(
        _l("What is it?"),
        choices=choices(((BlockReason.BREAK.value, _l("A break")), (BlockReason.ABSENCE.value, _l("An absence")))),
    )
    day = DayField(_l("Day"))
    start = OptionalTime(_l("From what time?"))
    end = UntilTime(_l("Until what time?"))

    def validate_start(self, field: Field) -> None:
        on_the_grid(field)

    def validate_end(self, field: Field) -> None:
        on_the_grid(field)


def on_the_grid(field: Field) -> None:
    wall = field.typed()
    if wall is not None and wall.minute % TICK_MINUTES:
        raise ValidationError(_l("Write a time on the five minutes, like 8:30 or 8:35."))
