"""The form of a name that is written anew, by the person or by an agent."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField
from wtforms.validators import ValidationError

from booking.core.errors import BookingError, TextTooLong
from booking.core.text import clean, clean_name, refuse_national_number
from booking.web.answers import sentence_of
from booking.web.forms import Form

MOST_OTHERS = 400
"""So many characters the names of those who come along may have."""


def checked_name(typed: str) -> str:
    """The name as it is kept. Raises ``ValidationError`` for what is none."""
    try:
        return clean_name(typed)
    except BookingError as refusal:
        raise ValidationError(sentence_of(refusal)) from refusal


def checked_others(typed: str) -> str:
    """The names of those who come along as they are kept. Raises ``ValidationError`` for what is none."""
    names = clean(typed)
    try:
        refuse_national_number(names)
        if len(names) > MOST_OTHERS:
            raise TextTooLong(limit=MOST_OTHERS)
    except BookingError as refusal:
        raise ValidationError(sentence_of(refusal)) from refusal
    return names


class NameForm(Form):
    """A name, and the version of the appointment it was read from."""

    name = StringField(_l("Family name and first name"), render_kw={"autocomplete": "off"})
    version = HiddenField()

    def validate_name(self, field: Field) -> None:
        checked_name(field.data or "")

    def written(self) -> str:
        """What was typed, as it is kept. Only after the form was found valid."""
        return clean_name(self.name.data or "")
