"""What a member of staff fills in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, HiddenField, PasswordField, RadioField, SearchField, StringField
from wtforms.validators import Length, ValidationError

from booking.core.errors import BookingError
from booking.core.marks import Mark
from booking.core.passwords import LONGEST, check_password
from booking.core.text import clean, clean_name
from booking.core.typed import typed_number
from booking.usecases.people import written
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.words.catalogues import INTERFACE_LANGUAGES, OWN_NAMES

LONGEST_ADDRESS = 254
LONGEST_SEARCH = 100
LONGEST_CODE = 40


class AddressForm(Form):
    """The address an account is known by."""

    email = EmailField(
        _l("E-mail address"),
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )

    def validate_email(self, field: Field) -> None:
        typed = clean(field.data or "")
        if "@" not in typed or len(typed) > LONGEST_ADDRESS:
            raise ValidationError(_l("Write the e-mail address of your account, like name@commune.be."))

    def address(self) -> str:
        return written(clean(self.email.data or ""))


class SignInForm(AddressForm):
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})

    def validate_password(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_l("Write your password."))

    def typed_password(self) -> str:
        return (self.password.data or "")[:LONGEST]


class NewPasswordForm(Form):
    password = PasswordField(
        _l("New password"),
        validators=[Length(max=LONGEST, message=_l("Write at most 200 characters."))],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_password(self, field: Field) -> None:
        try:
            check_password(field.data or "")
        except BookingError as refusal:
            raise ValidationError(sentence_of(refusal)) from refusal

    def typed(self) -> str:
        return self.password.data or ""


class CodeForm(Form):
    """A code of one's telephone, or one on paper."""

    code = StringField(
        _l("Your code"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false", "maxlength": "40"},
    )

    def validate_code(self, field: Field) -> None:
        if not self.text():
            raise ValidationError(_l("Write the six digits that your telephone shows."))

    def text(self) -> str:
        return clean(self.code.data or "")[:LONGEST_CODE]


class NewFactorForm(CodeForm):
    """The first code of a new telephone; ``present`` is one of the telephone it replaces."""

    present = StringField(
        _l("A code of the telephone you have had so far, or a code on paper"),
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "40"},
    )

    def validate_present(self, field: Field) -> None:
        if not self.present_text():
            raise ValidationError(_l("Write a code of the telephone you have had so far, or a code on paper."))

    def present_text(self) -> str:
        return clean(self.present.data or "")[:LONGEST_CODE]


class OwnPasswordForm(NewPasswordForm):
    current = PasswordField(_l("Present password"), render_kw={"autocomplete": "current-password"})

    def validate_current(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_l("Write your password."))

    def typed_current(self) -> str:
        return (self.current.data or "")[:LONGEST]


class ComingForm(NewPasswordForm):
    """What a new colleague says of themselves."""

    name = StringField(_l("Your name"), render_kw={"autocomplete": "name", "spellcheck": "false"})
    language = RadioField(
        _l("Language of my screens"), choices=choices((code, OWN_NAMES[code]) for code in INTERFACE_LANGUAGES)
    )

    def validate_name(self, field: Field) -> None:
        try:
            clean_name(field.data or "")
        except BookingError as refusal:
            raise ValidationError(sentence_of(refusal)) from refusal

    def own_name(self) -> str:
        return clean_name(self.name.data or "")


class LanguageForm(Form):
    language = RadioField(
        _l("Language of my screens"), choices=choices((code, OWN_NAMES[code]) for code in INTERFACE_LANGUAGES)
    )


class FindForm(Form):
    """A name, or a part of it, a reference or a telephone number."""

    wanted = SearchField(
        _l("Name, reference or telephone number"),
        validators=[Length(max=LONGEST_SEARCH, message=_l("Write at most 100 characters."))],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def validate_wanted(self, field: Field) -> None:
        if len(clean(field.data or "")) < 2:
            raise ValidationError(_l("Write at least two letters of the name, the reference, or the telephone number."))

    def text(self) -> str:
        return clean(self.wanted.data or "")


class MarkForm(Form):
    """A mark given on a page of visits; ``back`` is where that page was."""

    mark = HiddenField()
    back = HiddenField()

    def wish(self) -> tuple[Mark, int, int]:
        """The mark, the visit, the version of it that was seen. ``ValueError`` for what no page of ours sends."""
        mark, number, version = (self.mark.data or "").split(":")
        seen = typed_number(version)
        visit = typed_number(number)
        if seen is None or not visit:
            raise ValueError
        return Mark(mark), visit, seen


class DecisionForm(MarkForm):
    """How a visit went after all; or ``leave``, the visit that stays as it is."""

    leave = HiddenField()


class MoveForm(Form):
    """A free time of a visit that is moved, as the page of ``version`` offered it; ``overbook`` when none is free."""

    version = HiddenField()
    office = HiddenField()
    counter = HiddenField()
    start = HiddenField()
    overbook = HiddenField()

    def seen(self) -> int:
        number = typed_number(self.version.data or "")
        return -1 if number is None else number


class RungForm(Form):
    """What was done, one of three: the person of a ``message`` was rung or written to, that of a ``visit`` was asked
    whether they come, or a ``call`` is taken back. ``back`` is where the list was.
    """

    message = HiddenField()
    visit = HiddenField()
    call = HiddenField()
    back = HiddenField()
