"""What a resident fills in. A form ends where the domain begins: it gives a ``Wish`` or a contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field, HiddenField, RadioField, SelectField, StringField, TelField
from wtforms.validators import ValidationError

from booking.core.contacts import likelier_domain
from booking.core.errors import BookingError, ContactMissing
from booking.core.references import typed_reference
from booking.core.self_service import WhyCancelled
from booking.core.text import clean, clean_name, refuse_national_number
from booking.usecases.appointments import Helper, Wish
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.web.languages import current_language
from booking.web.names import checked_name, checked_others
from booking.web.needs import NeedsField

MOST_TYPED = 254


@dataclass(frozen=True)
class Contact:
    """An address and a phone number in E.164: one of the two, or both."""

    email: str | None
    phone: str | None


def email_of(typed: str) -> str | None:
    """The address as it can be written to, or ``None`` when nothing was typed. Raises ``ValidationError``."""
    typed = clean(typed)
    if not typed:
        return None
    try:
        refuse_national_number(typed)
        return validate_email(typed[:MOST_TYPED], check_deliverability=False).normalized
    except BookingError as refusal:
        raise ValidationError(sentence_of(refusal)) from refusal
    except EmailNotValidError as fault:
        raise ValidationError(_l("Write an e-mail address like name@example.be.")) from fault


def phone_of(typed: str) -> str | None:
    """The number in E.164, Belgian unless it says otherwise. Raises ``ValidationError``."""
    typed = clean(typed)
    if not typed:
        return None
    try:
        refuse_national_number(typed)
        number = phonenumbers.parse(typed[:40], "BE")
    except BookingError as refusal:
        raise ValidationError(sentence_of(refusal)) from refusal
    except phonenumbers.NumberParseException as fault:
        raise ValidationError(_l("Write a telephone number like 0470 12 34 56, or with + and its country.")) from fault
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(_l("Write a telephone number like 0470 12 34 56, or with + and its country."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class ContactFields(Form):
    """An e-mail address and a phone number; one of them is needed, unless somebody else is reached for the person.

    A likely slip in the address is no fault but a question, asked once: each of its answers is a button.
    """

    helper_email = EmailField(
        _l("Your e-mail address"),
        description=_l("You, who are booking"),
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    helper_phone = TelField(_l("Your mobile or phone"), render_kw={"autocomplete": "tel", "inputmode": "tel"})

    email = EmailField(_l("E-mail address"), render_kw={"autocomplete": "email", "inputmode": "email"})
    phone = TelField(_l("Mobile or phone"), render_kw={"autocomplete": "tel", "inputmode": "tel"})
    domain_meant = BooleanField(_l("The address is right as I wrote it"))
    domain_slipped = BooleanField()

    suggestion: str | None = None
    needs_contact = True
    """Whether there must be a contact at all."""

    @property
    def is_for_other(self) -> bool:
        """Whether somebody fills the form for another person."""
        raise NotImplementedError

    def validate_email(self, field: Field) -> None:
        address = email_of(field.data or "")
        is_alone = address is None and not clean(self.phone.data or "")
        if is_alone and self.needs_contact and not self.is_for_other:
            raise ValidationError(sentence_of(ContactMissing()))
        likelier = likelier_domain(address) if address else None
        if address and likelier and not self.domain_meant.data:
            meant = f"{address.rpartition('@')[0]}@{likelier}"
            if self.domain_slipped.data:
                field.data = meant
            else:
                self.suggestion = meant

    def validate_phone(self, field: Field) -> None:
        phone_of(field.data or "")

    def validate_helper_email(self, field: Field) -> None:
        if self.is_for_other and email_of(field.data or "") is None and not clean(self.helper_phone.data or ""):
            raise ValidationError(sentence_of(ContactMissing()))

    def validate_helper_phone(self, field: Field) -> None:
        if self.is_for_other:
            phone_of(field.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators)) and self.suggestion is None

    def is_refused(self) -> bool:
        """Whether the form was sent, and comes back with something to say."""
        return bool(self.errors) or self.suggestion is not None

    def contact(self) -> Contact:
        return Contact(email=email_of(self.email.data or ""), phone=phone_of(self.phone.data or ""))

    def helpers_contact(self) -> Contact:
        """That of whoever fills the form for another person; none when nobody does."""
        if not self.is_for_other:
            return Contact(None, None)
        return Contact(email_of(self.helper_email.data or ""), phone_of(self.helper_phone.data or ""))


class ContactForm(ContactFields):
    """The contact of a visit as it was when the form was opened, and of whoever booked it ``for_other``."""

    version = HiddenField()
    for_other = False

    @property
    def is_for_other(self) -> bool:
        return self.for_other


class DetailsForm(ContactFields):
    """Who comes: a name, a contact, the language at the counter. ``hold`` says which held time it was filled for.

    ``as_it_is`` is set by whoever keeps that time although what they need would take longer; ``extended`` is how often
    it had been kept longer.
    """

    for_other = BooleanField(_l("I am booking for somebody else"))
    helper_name = StringField(
        _l("Your own name"), description=_l("You, who are booking"), render_kw={"autocomplete": "name"}
    )
    name = StringField(_l("Family name and first name"), render_kw={"autocomplete": "name"})
    # The choices are checked below: what the library would say of a wrong one is in no language of ours.
    language = RadioField(
        _l("Which language at the counter?"),
        choices=choices([("fr", "Français"), ("nl", "Nederlands")]),
        validate_choice=False,
    )
    help_language = SelectField(
        _l("Would another language help you?"),
        choices=choices([("", _l("No")), ("en", "English"), ("de", "Deutsch")]),
        validate_choice=False,
    )
    others = StringField(_l("Names of the others who come, if you like"), render_kw={"autocomplete": "off"})
    needs = NeedsField("")
    hold = HiddenField()
    as_it_is = HiddenField()
    extended = HiddenField()

    def in_order(self) -> tuple[Field, ...]:
        """The fields as they stand on the page, which is how their errors are listed."""
        helper = self.for_other, self.helper_name, self.helper_email, self.helper_phone
        own = self.name, self.others, self.email, self.domain_meant, self.phone, self.language, self.help_language
        return *helper, *own

    @property
    def is_for_other(self) -> bool:
        return bool(self.for_other.data)

    def is_begun(self) -> bool:
        """Whether anything was typed: the languages are chosen beforehand, after that of the page."""
        written = (self.name, self.email, self.phone, self.helper_name, self.helper_email, self.helper_phone)
        typed = any(clean(field.data or "") for field in written)
        return typed or (self.help_language.data or "") not in {"", current_language()}

    def validate_helper_name(self, field: Field) -> None:
        if self.is_for_other:
            checked_name(field.data or "")

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

    def helper(self) -> Helper | None:
        """Who fills the form, when it is for somebody else."""
        if not self.is_for_other:
            return None
        reached = self.helpers_contact()
        return Helper(clean_name(self.helper_name.data or ""), reached.email, reached.phone)

    def wish(self) -> Wish:
        contact = self.contact()
        return Wish(
            name=clean_name(self.name.data or ""),
            email=contact.email,
            phone=contact.phone,
            language=self.language.data,
            help_language=self.help_language.data or None,
            helper=self.helper(),
            needs=self.needs.needs(),
            others=clean(self.others.data or "") or None,
        )


class FindForm(Form):
    """A reference and the contact it was given with."""

    reference = StringField(_l("Reference"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    contact = StringField(_l("E-mail address or telephone number"), render_kw={"autocomplete": "email"})

    def validate_reference(self, field: Field) -> None:
        if typed_reference(field.data or "") is None:
            raise ValidationError(_l("A reference has eight letters and digits, like K7F2 9MXD."))

    def validate_contact(self, field: Field) -> None:
        self.given()

    def wanted(self) -> tuple[str, Contact]:
        """The reference as stored, and the one contact that was written."""
        return typed_reference(self.reference.data or "") or "", self.given()

    def given(self) -> Contact:
        typed = clean(self.contact.data or "")
        if not any(sign == "@" or sign.isdigit() for sign in typed):
            raise ValidationError(_l("Write the e-mail address or telephone number you gave when you booked."))
        return Contact(email_of(typed), None) if "@" in typed else Contact(None, phone_of(typed))


class StepForm(Form):
    """A form with nothing to fill in but what was seen: the version, and how many letters had gone out."""

    version = HiddenField()
    letters = HiddenField()


class OwnNeedsForm(StepForm):
    """What is needed at a visit that is booked; ``as_it_is`` as in ``DetailsForm``."""

    needs = NeedsField("")
    as_it_is = HiddenField()


class CancelForm(StepForm):
    """Why, for whoever wants to say it: nothing has to be chosen, and nothing can be written."""

    why = RadioField(
        _l("Would you like to say why?"),
        choices=choices(
            [
                (WhyCancelled.UNSUITABLE.value, _l("The day or the time does not suit me")),
                (WhyCancelled.NOT_NEEDED.value, _l("I no longer need it")),
                (WhyCancelled.DONE_OTHERWISE.value, _l("I have done it in another way")),
                (WhyCancelled.PAPERS_MISSING.value, _l("I do not have all the papers yet")),
            ]
        ),
        validate_choice=False,
    )

    def chosen(self) -> WhyCancelled | None:
        return WhyCancelled(self.why.data) if self.why.data in list(WhyCancelled) else None
