"""What staff fill in for a group: for what and when, and then under whom."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from booking.core.errors import ContactMissing
from booking.core.parties import MOST_IN_PARTY
from booking.core.text import clean, clean_name
from booking.core.typed import typed_number
from booking.usecases.appointments import Helper
from booking.usecases.parties import PartyWish
from booking.usecases.party_times import PartyPlace
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.web.names import checked_name
from booking.web.resident.forms import email_of, phone_of


class PartOfDay(NamedTuple):
    """From when until when the first visit may begin, on the office's wall."""

    since: time
    until: time | None


NOON = time(12)
PARTS = {"day": PartOfDay(time(0), None), "morning": PartOfDay(time(0), NOON), "afternoon": PartOfDay(NOON, None)}
FEWEST, USUAL = 2, 12


def typed_size(text: str) -> int:
    """How many persons were asked for, within what is booked at once."""
    return min(max(typed_number(text) or USUAL, FEWEST), MOST_IN_PARTY)


class PartyForm(Form):
    """A way that was proposed, and whoever it is booked under."""

    way = RadioField(_l("When?"), validate_choice=False)
    helper_name = StringField(_l("Organisation or person who comes with the group"), render_kw={"autocomplete": "off"})
    helper_email = EmailField(_l("Their e-mail address"), render_kw={"autocomplete": "off", "inputmode": "email"})
    helper_phone = TelField(_l("Their telephone"), render_kw={"autocomplete": "off", "inputmode": "tel"})
    language = RadioField(
        _l("Which language at the counter?"),
        choices=choices([("fr", "Français"), ("nl", "Nederlands")]),
        validate_choice=False,
    )
    names = TextAreaField(_l("Names of the people, one on each line"), render_kw={"autocomplete": "off"})

    def validate_way(self, field: Field) -> None:
        if not self.places():
            raise ValidationError(_l("Choose one of these times."))

    def validate_helper_name(self, field: Field) -> None:
        checked_name(field.data or "")

    def validate_helper_email(self, field: Field) -> None:
        if email_of(field.data or "") is None and not clean(self.helper_phone.data or ""):
            raise ValidationError(sentence_of(ContactMissing()))

    def validate_helper_phone(self, field: Field) -> None:
        phone_of(field.data or "")

    def validate_language(self, field: Field) -> None:
        if field.data not in {"fr", "nl"}:
            raise ValidationError(_l("Choose French or Dutch: both are spoken at every counter."))

    def validate_names(self, field: Field) -> None:
        typed = lines_of(field.data or "")
        if len(typed) > max(len(self.places()), FEWEST):
            raise ValidationError(_l("There are more names than people in the group."))
        for one in typed:
            checked_name(one)

    def places(self) -> tuple[PartyPlace, ...]:
        """The places of the way that was chosen; none for what no page of ours sends."""
        found = [place_in(one) for one in (self.way.data or "").split(",")]
        return tuple(one for one in found if one) if all(found) else ()

    def wish(self) -> PartyWish:
        """Who comes. Only after the form was found valid."""
        helper = Helper(
            clean_name(self.helper_name.data or ""),
            email_of(self.helper_email.data or ""),
            phone_of(self.helper_phone.data or ""),
        )
        names = tuple(clean_name(one) for one in lines_of(self.names.data or ""))
        return PartyWish(helper, self.language.data, names)


class PartyCancelForm(Form):
    """The visits of a group that do not take place; ``everybody`` is the button for all of them."""

    gone = SelectMultipleField(coerce=str, validate_choice=False)
    everybody = HiddenField()

    def numbers(self) -> list[int]:
        return [number for one in self.gone.data or () if (number := typed_number(one))]


def lines_of(text: str) -> list[str]:
    return [typed for line in text.splitlines() if (typed := clean(line))]


def as_value(places: tuple[PartyPlace, ...]) -> str:
    """A way as the form sends it: counter and minutes since the epoch of each place."""
    return ",".join(f"{one.counter_id}-{int(one.start.timestamp()) // 60}" for one in places)


def place_in(text: str) -> PartyPlace | None:
    counter, _, minutes = text.partition("-")
    number, start = typed_number(counter), typed_number(minutes)
    if not number or not start:
        return None
    return PartyPlace(number, datetime.fromtimestamp(start * 60, UTC))
