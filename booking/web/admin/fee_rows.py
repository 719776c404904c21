"""The rows of fees in the form of a service: what is wrong with what was typed there."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from booking.core.checklist import Procedure
from booking.core.typed import typed_cents, typed_day

PROCEDURES = ((Procedure.NORMAL, _l("Normal procedure")), (Procedure.URGENT, _l("Urgent procedure")))


def day_of_fee(form: Any, field: Field) -> None:
    row = int(field.name.split("_")[1])
    if form.is_empty_fee(row):
        return
    day = typed_day(field.data or "")
    if day is None:
        raise ValidationError(_l("Write a date like 31/12/2027."))
    procedure = form.procedure_of(row)
    if (day, procedure) in {(fee.valid_from, fee.procedure) for other, fee in form.fee_rows() if other < row}:
        raise ValidationError(_l("Another fee begins on this day already."))


def amount_of_fee(form: Any, field: Field) -> None:
    if not form.is_empty_fee(int(field.name.split("_")[1])) and typed_cents(field.data or "") is None:
        raise ValidationError(_l("Write an amount like 25 or 11,50; 0 when it is free."))
