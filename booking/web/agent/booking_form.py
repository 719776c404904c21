"""Who a booking of staff is for: one name is enough, and no contact has to be given."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from booking.core.needs import Need
from booking.core.text import clean, clean_name
from booking.usecases.appointments import Wish
from booking.web.forms import choices
from booking.web.names import checked_name, checked_others
from booking.web.resident.forms import ContactFields


class StaffContactForm(ContactFields):
    """A contact that staff write down: a person has one, or none."""

    version = HiddenField()
    is_for_other = False
    needs_contact = False


class BookingForm(StaffContactForm):
    """``hold`` is the key of the time that is held."""

    name = StringField(_l("Family name and first name"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    language = RadioField(
        _l("Language at the counter"),
        choices=choices([("fr", "Français"), ("nl", "Nederlands")]),
        validate_choice=False,
    )
    help_language = SelectField(
        _l("Help language"),
        choices=choices([("", _l("none")), ("en", "English"), ("de", "Deutsch")]),
        validate_choice=False,
    )
    others = StringField(_l("Names of the others who come"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    hold = HiddenField()

    def in_order(self) -> tuple[Field, ...]:
        return self.name, self.others, self.language, self.phone, self.email, self.domain_meant, self.help_language

    def validate_name(self, field: Field) -> None:
        checked_name(field.data or "")

    def validate_others(self, field: Field) -> None:
        checked_others(field.data or "")

    def validate_language(self, field: Field) -> None:
        if field.data not in {"fr", "nl"}:
            raise ValidationError(_l("Choose French or Dutch: both are spoken at every counter."))

    def validate_help_language(self, field: Field) -> None:
        if (field.data or "") not in {"", "en", "de"}:
            raise ValidationError(_l("Choose English or German, or no other language."))

    def wish(self, needs: frozenset[Need]) -> Wish:
        """Only after the form was found valid."""
        contact = self.contact()
        return Wish(
            name=clean_name(self.name.data or ""),
            email=contact.email,
            phone=contact.phone,
            language=self.language.data,
            help_language=self.help_language.data or None,
            needs=needs,
            others=clean(self.others.data or "") or None,
        )
