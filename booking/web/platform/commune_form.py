"""The form of a new commune: its names and addresses, how it is reached, its colours, its first office and person."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, RadioField, SelectField, TelField
from wtforms.validators import ValidationError

from booking.core.colours import is_colour, too_faint
from booking.core.errors import BookingError
from booking.core.text import clean_name
from booking.core.translated import LANGUAGES, OFFICIAL, Translated
from booking.usecases.communes import Contacts, Theme, word_in_addresses
from booking.usecases.offices import OfficeFacts
from booking.usecases.starting import TOWN_HALL
from booking.usecases.welcoming import FirstAdministrator
from booking.web.admin.fields import Asked, TypedField, at_most, said, said_in, texts
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.web.resident.forms import email_of, phone_of
from booking.words.catalogues import OWN_NAMES

POSTCODE = re.compile("[1-9][0-9]{3}")
USUAL = Theme()
QUIET = {"autocomplete": "off", "spellcheck": "false"}
FIRST_OFFICE = "town-hall"


@texts("office_address", _l("Address of the office, when it is another one"), most=300, asked=Asked.TOGETHER)
@texts("office_name", _l("Name of the office"), most=120, asked=Asked.ALWAYS)
@texts("post_address", _l("Postal address"), most=300, asked=Asked.ALWAYS)
@texts("name", _l("Name of the commune"), most=120, asked=Asked.ALWAYS)
class NewCommuneForm(Form):
    slug_fr = TypedField(_l("Word in French addresses"), validators=[at_most(60)], render_kw=QUIET)
    slug_nl = TypedField(_l("Word in Dutch addresses"), validators=[at_most(60)], render_kw=QUIET)
    first_language = RadioField(
        _l("Which language comes first?"),
        choices=choices((language, OWN_NAMES[language]) for language in OFFICIAL),
        default="fr",
    )
    postcodes = TypedField(_l("Postcodes"), validators=[at_most(200)], render_kw=QUIET | {"inputmode": "numeric"})
    phone = TelField(_l("Telephone number"), description=_l("Telephone number"), render_kw=QUIET)
    email = EmailField(
        _l("E-mail address for residents"), description=_l("E-mail address for residents"), render_kw=QUIET
    )
    sender = EmailField(
        _l("Address its messages come from"), description=_l("Address its messages come from"), render_kw=QUIET
    )
    brand = TypedField(_l("Colour"), default=USUAL.brand, render_kw=QUIET)
    strong = TypedField(_l("Stronger colour"), default=USUAL.strong, render_kw=QUIET)
    soft = TypedField(_l("Soft colour for surfaces"), default=USUAL.soft, render_kw=QUIET)
    admin_name = TypedField(_l("Name of the administrator"), validators=[at_most(100)], render_kw=QUIET)
    admin_email = EmailField(
        _l("E-mail address of the administrator"),
        description=_l("E-mail address of the administrator"),
        render_kw=QUIET,
    )
    admin_language = SelectField(_l("Language of the invitation"), choices=choices(OWN_NAMES.items()), default="fr")

    def __init__(self) -> None:
        names = {f"office_name_{language}": text for language, text in TOWN_HALL}
        super().__init__(data=names)

    def in_order(self) -> list[Field]:
        """As they stand on the page."""

        def spoken(name: str) -> list[str]:
            return [f"{name}_{language}" for language in LANGUAGES]

        reached = ["slug_fr", "slug_nl", "first_language", "postcodes", "phone", "email", "sender"]
        looks = ["brand", "strong", "soft"]
        person = ["admin_name", "admin_email", "admin_language"]
        office = [*spoken("office_name"), *spoken("office_address")]
        return [self[one] for one in (*spoken("name"), *reached, *spoken("post_address"), *looks, *office, *person)]

    def validate_slug_fr(self, field: Field) -> None:
        self.check_word("fr", field)

    def validate_slug_nl(self, field: Field) -> None:
        self.check_word("nl", field)

    def check_word(self, language: str, field: Field) -> None:
        """Without a word of its own it is made from the name."""
        if said(self[f"name_{language}"]) and not self.word(language):
            raise ValidationError(_l("Write a word of letters, digits and hyphens, like val-saint-pierre."))

    def word(self, language: str) -> str:
        return word_in_addresses(said(self[f"slug_{language}"]) or said(self[f"name_{language}"]))

    def validate_postcodes(self, field: Field) -> None:
        codes = self.codes()
        if not codes or not all(POSTCODE.fullmatch(one) for one in codes):
            raise ValidationError(_l("Write postcodes of four digits, with commas between them: 1091, 1092."))

    def codes(self) -> list[str]:
        return [one for one in re.split(r"[,;\s]+", said(self.postcodes)) if one]

    def validate_phone(self, field: Field) -> None:
        if phone_of(field.data or "") is None:
            raise ValidationError(_l("Write a telephone number like 02 555 01 10."))

    def validate_email(self, field: Field) -> None:
        needed_address(field)

    def validate_sender(self, field: Field) -> None:
        needed_address(field)

    def validate_admin_email(self, field: Field) -> None:
        needed_address(field)

    def validate_admin_name(self, field: Field) -> None:
        try:
            clean_name(field.data or "")
        except BookingError as refusal:
            raise ValidationError(sentence_of(refusal)) from refusal

    def validate_brand(self, field: Field) -> None:
        self.check_colour(field)

    def validate_strong(self, field: Field) -> None:
        self.check_colour(field)

    def validate_soft(self, field: Field) -> None:
        self.check_colour(field)

    def check_colour(self, field: Field) -> None:
        colours = [said(self[name]) for name in ("brand", "strong", "soft")]
        if not is_colour(said(field)):
            raise ValidationError(_l("Write a colour like #1d4f91."))
        if all(map(is_colour, colours)) and field.name in too_faint(*colours):
            raise ValidationError(
                _l("This colour has too little contrast: nobody could read what is written in it or on it.")
            )

    def facts(self) -> dict[str, Any]:
        """What ``welcome`` is told. Only after the form was found valid."""
        post_address = said_in(self, "post_address")
        office = OfficeFacts(
            code=FIRST_OFFICE,
            name=said_in(self, "office_name"),
            address=said_in(self, "office_address") or post_address,
        )
        words = {language: self.word(language) for language in OFFICIAL}
        return {
            "name": said_in(self, "name"),
            "slugs": words | {"en": words["fr"], "de": words["fr"]},
            "zone": office.zone_key,
            "contacts": self.contacts(post_address),
            "first_language": self.first_language.data,
            "postcodes": self.codes(),
            "theme": Theme(*(said(self[name]).lower() for name in ("brand", "strong", "soft"))),
            "office": office,
            "administrator": FirstAdministrator(
                clean_name(self.admin_name.data or ""),
                email_of(self.admin_email.data or "") or "",
                self.admin_language.data,
            ),
        }

    def contacts(self, post_address: Translated) -> Contacts:
        return Contacts(
            phone=phone_of(self.phone.data or "") or "",
            email=email_of(self.email.data or "") or "",
            post_address=post_address,
            sender_address=email_of(self.sender.data or "") or "",
        )


def needed_address(field: Field) -> None:
    if email_of(field.data or "") is None:
        raise ValidationError(_l("Write an e-mail address like name@example.be."))
