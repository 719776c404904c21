"""What an administrator says of a colleague: their roles, where, and the languages they help in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectMultipleField
from wtforms.validators import ValidationError

from booking.core.errors import BookingError, RoleNeeded
from booking.core.roles import IN_A_COMMUNE, Role
from booking.core.seen import word_for
from booking.core.text import clean, clean_name
from booking.models import Office
from booking.usecases.colleagues import Colleague, Roles
from booking.usecases.people import written
from booking.web.admin.fields import SeenForm, TypedField
from booking.web.agent.desk_forms import HELP_LANGUAGES
from booking.web.answers import sentence_of
from booking.web.formatting import as_text, role_name, translated
from booking.web.forms import Form, choices
from booking.web.resident.forms import email_of
from booking.words.catalogues import INTERFACE_LANGUAGES, OWN_NAMES

MAY = {
    Role.ADMINISTRATOR: _l("Sets hours, services, counters and people; and all that agents do."),
    Role.AGENT: _l("Serves at a counter; and all that the reception does."),
    Role.RECEPTIONIST: _l("Books, checks in, hands out tickets."),
    Role.AUDITOR: _l("Reads the journal and the figures, changes nothing, sees no resident."),
}


def told(role: Role) -> str:
    """A role with what it opens."""
    return f"{role_name(role).capitalize()} – {MAY[role]}"


class PersonForm(SeenForm):
    """The base of ``person_form``, which adds two fields for each role."""

    speaks = SelectMultipleField(
        _l("Languages they help in"), choices=choices((code, OWN_NAMES[code]) for code in HELP_LANGUAGES)
    )

    def of_roles(self) -> list[tuple[Role, Field, Field]]:
        """Each role with the field that gives it and the one that limits it."""
        return [(role, self[f"role_{role}"], self[f"offices_{role}"]) for role in IN_A_COMMUNE]

    def roles(self) -> Roles:
        return {role: frozenset(where.data or ()) for role, given, where in self.of_roles() if given.data}

    def validate(self, extra_validators: Any = None) -> bool:
        is_right = super().validate(extra_validators)
        if not self.roles():
            first = self.of_roles()[0][1]
            first.errors = [*first.errors, sentence_of(RoleNeeded())]
            return False
        return bool(is_right)


def person_form(colleague: Colleague, offices: Sequence[Office]) -> PersonForm:
    """The form about a colleague, as it was sent or as they are now."""

    class AboutThem(PersonForm):
        pass

    now: dict[str, Any] = {"speaks": list(colleague.speaks)}
    for role in IN_A_COMMUNE:
        setattr(AboutThem, f"role_{role}", BooleanField(told(role)))
        setattr(AboutThem, f"offices_{role}", offices_field(offices))
        now[f"role_{role}"] = role in colleague.roles
        now[f"offices_{role}"] = sorted(colleague.roles.get(role, ()))
    return AboutThem(data=now, seen=word_for(colleague.what_they_may))


def offices_field(offices: Sequence[Office]) -> SelectMultipleField:
    offered = choices((office.id, as_text(translated(office.name))) for office in offices)
    return SelectMultipleField(_l("Only in these offices"), coerce=int, choices=offered)


class InviteForm(Form):
    """Whom an administrator invites, and to what."""

    email = TypedField(_l("E-mail address"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    name = TypedField(_l("Name"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    role = RadioField(_l("Role"))
    offices = SelectMultipleField(_l("Only in these offices"), coerce=int)
    language = RadioField(
        _l("Language of the invitation"), choices=choices((code, OWN_NAMES[code]) for code in INTERFACE_LANGUAGES)
    )

    @classmethod
    def here(cls, offices: Sequence[Office]) -> InviteForm:
        form = cls(role=Role.AGENT.value, language=g.language)
        form.role.choices = choices((role.value, told(role)) for role in IN_A_COMMUNE)
        form.offices.choices = choices((office.id, as_text(translated(office.name))) for office in offices)
        return form

    def validate_email(self, field: Field) -> None:
        if not email_of(clean(field.data or "")):
            raise ValidationError(_l("Write one e-mail address, like name@commune.be."))

    def validate_name(self, field: Field) -> None:
        try:
            clean_name(field.data or "")
        except BookingError as refusal:
            raise ValidationError(sentence_of(refusal)) from refusal

    def facts(self) -> dict[str, Any]:
        """What was written. Only after the form was found valid."""
        return {
            "email": written(email_of(clean(self.email.data or "")) or ""),
            "name": clean_name(self.name.data or ""),
            "language": self.language.data,
            "role": Role(self.role.data),
            "office_ids": frozenset(self.offices.data or ()),
        }
