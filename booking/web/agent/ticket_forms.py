"""What the reception fills in: who stands there, what somebody without an appointment wants, a number on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SearchField, SelectField, StringField
from wtforms.validators import ValidationError

from booking.core.references import new_key
from booking.core.text import clean, clean_name
from booking.core.tickets import Step
from booking.core.tickets import typed_number as typed_ticket
from booking.core.typed import typed_number, typed_time
from booking.models import Service
from booking.usecases.tickets import Visitor
from booking.usecases.walk_ins import Wanted
from booking.web.forms import Form, choices
from booking.web.languages import current_language
from booking.web.names import checked_name
from booking.web.needs import NeedsField

ROWS = 3
MOST_PERSONS = 20
LONGEST_TYPED = 100


class ArrivalForm(Form):
    """The one field of the reception: a scanner types into it, or a person."""

    wanted = SearchField(
        _l("Reference, name or ticket number"),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autofocus": True},
    )

    def validate_wanted(self, field: Field) -> None:
        if not 2 <= len(clean(field.data or "")) <= LONGEST_TYPED:
            raise ValidationError(_l("Write a reference, a ticket number, or at least two letters of the name."))

    def text(self) -> str:
        return clean(self.wanted.data or "")


class TicketStepForm(Form):
    """A step of a ticket as the page of ``version`` showed it; ``back`` is where that page was."""

    step = HiddenField()
    back = HiddenField()

    def wish(self) -> tuple[Step, int, int]:
        """The step, the ticket, the version of it that was seen. ``ValueError`` for what no page of ours sends."""
        step, number, version = (self.step.data or "").split(":")
        ticket, seen = typed_number(number), typed_number(version)
        if not ticket or seen is None:
            raise ValueError
        return Step(step), ticket, seen


class WalkInForm(Form):
    """What somebody wants who has no appointment, and who they are, as far as they like.

    ``wish`` is drawn for each form: sent twice, it gives one ticket.
    """

    wish = HiddenField()
    service_1, service_2, service_3 = (SelectField(validate_choice=False) for _ in range(ROWS))
    persons_1, persons_2, persons_3 = (StringField(render_kw={"inputmode": "numeric"}) for _ in range(ROWS))
    language = RadioField(
        _l("Language at the counter"),
        choices=choices([("fr", "Français"), ("nl", "Nederlands")]),
        validate_choice=False,
    )
    help_language = SelectField(
        _l("Help language"),
        choices=choices([("", _l("No")), ("en", "English"), ("de", "Deutsch")]),
        validate_choice=False,
    )
    name = StringField(_l("Name, if the person likes"), render_kw={"autocomplete": "off"})
    needs = NeedsField("")

    def __init__(self, *args: Any, services: Iterable[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(one.id), one.name.joined(current_language())) for one in services]
        self.known = {value for value, _ in offered}
        for number, (service, persons) in enumerate(self.rows(), start=1):
            service.label.text = _l("Service") if number == 1 else _l("Service %(number)s", number=number)
            persons.label.text = _l("Persons")
            service.choices = choices([("", _l("Choose a service")), *offered])
            persons.data = persons.data or "1"
        self.wish.data = self.wish.data or new_key()
        self.language.data = self.language.data or current_language()

    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"service_{number}"], self[f"persons_{number}"]) for number in range(1, ROWS + 1)]

    def validate_service_1(self, field: Field) -> None:
        chosen = [service.data for service, _ in self.rows() if service.data]
        if not chosen or not self.known.issuperset(chosen):
            raise ValidationError(_l("Choose a service."))
        if len(set(chosen)) < len(chosen):
            raise ValidationError(_l("Choose each service once, with the number of persons."))

    def validate_persons_1(self, field: Field) -> None:
        counts = [typed_number(persons.data or "") for service, persons in self.rows() if service.data]
        if any(not count or count > MOST_PERSONS for count in counts):
            raise ValidationError(_l("Write a number of persons from 1 to %(most)s.", most=MOST_PERSONS))

    def validate_language(self, field: Field) -> None:
        if field.data not in {"fr", "nl"}:
            raise ValidationError(_l("Choose French or Dutch: both are spoken at every counter."))

    def validate_help_language(self, field: Field) -> None:
        if (field.data or "") not in {"", "en", "de"}:
            raise ValidationError(_l("Choose English or German, or no other language."))

    def validate_name(self, field: Field) -> None:
        if clean(field.data or ""):
            checked_name(field.data)

    def wanted(self) -> list[Wanted]:
        return [Wanted(int(service.data), int(persons.data)) for service, persons in self.rows() if service.data]

    def visitor(self) -> Visitor:
        name = clean(self.name.data or "")
        return Visitor(
            language=self.language.data,
            help_language=self.help_language.data or None,
            name=clean_name(name) if name else None,
            needs=self.needs.needs() or None,
        )


class PaperForm(WalkInForm):
    """A number that was given out by hand."""

    number = StringField(_l("Number on the paper"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    taken_at = StringField(_l("Given out at"), render_kw={"autocomplete": "off"})

    def validate_number(self, field: Field) -> None:
        if typed_ticket(field.data or "") is None:
            raise ValidationError(_l("A number has a letter and up to three digits, like A 027."))

    def validate_taken_at(self, field: Field) -> None:
        if clean(field.data or "") and self.at() is None:
            raise ValidationError(_l("Write a time like 8:30, 8h30 or 830."))

    def paper(self) -> tuple[str, int]:
        """Letter and number. Only after the form was found valid."""
        return typed_ticket(self.number.data or "") or ("", 0)

    def at(self) -> time | None:
        return typed_time(clean(self.taken_at.data or ""))
