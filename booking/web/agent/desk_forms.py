"""What is sent from the page of a counter, and the pages of one's own keys and skills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from booking.core.errors import BookingError, HandOverUnclear, KeyTaken, KeyUnclear
from booking.core.keys import KeyedStep, chosen_keys, typed_key
from booking.core.tickets import Aside, Step
from booking.core.typed import typed_number
from booking.usecases.skills import Skills
from booking.usecases.ticket_steps import StepWish
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.words.catalogues import INTERFACE_LANGUAGES, OWN_NAMES

DONE_AND_NEXT = "done_next"
HELP_LANGUAGES = tuple(language for language in INTERFACE_LANGUAGES if language not in {"fr", "nl"})
"""French and Dutch are spoken at every counter."""

MOST_PERSONS = 99


class CounterForm(Form):
    """Something that concerns a counter; ``counter`` is its number."""

    counter = HiddenField()

    def number(self) -> int:
        """``ValueError`` for what no page of ours sends."""
        return sent_number(self.counter.data)


class HelpForm(CounterForm):
    wanted = HiddenField()


def sent_number(text: str | None) -> int:
    number = typed_number(text or "")
    if not number:
        raise ValueError
    return number


@dataclass(frozen=True)
class Asked:
    """A step as it was sent. ``services`` with their persons replace what the ticket is for."""

    ticket_id: int
    wish: StepWish
    and_next: bool
    services: Mapping[int, int] | None


class StepForm(CounterForm):
    """A step with a ticket, as the page of its version offered it: ``step`` may carry a reason after a colon."""

    ticket = HiddenField()
    step = HiddenField()

    def asked(self) -> Asked:
        """Raises ``HandOverUnclear``, or ``ValueError`` for what no page of ours sends."""
        number, version = (self.ticket.data or "").split(":")
        name, _, reason = (self.step.data or "").partition(":")
        step = Step.DONE if name == DONE_AND_NEXT else Step(name)
        services, to = None, None
        if step == Step.CHANGE_SERVICE:
            services = persons_sent("persons-")
            added = request.form.get("service", "")
            if added:
                services.setdefault(sent_number(added), persons_of("persons") or 1)
        elif step == Step.HAND_OVER:
            to, services = self.handed_to()
        wish = StepWish(
            step,
            sent_number(version),
            counter_id=self.number(),
            for_counter_id=to,
            aside=Aside(reason) if step == Step.SET_ASIDE else None,
            delivered=delivered_at(step),
        )
        return Asked(sent_number(number), wish, name == DONE_AND_NEXT, services)

    def handed_to(self) -> tuple[int | None, dict[int, int] | None]:
        to, service = request.form.get("to", ""), request.form.get("service", "")
        if not to and not service:
            raise HandOverUnclear
        services = {sent_number(service): persons_of("persons") or 1} if service else None
        return sent_number(to) if to else None, services


def delivered_at(step: Step) -> dict[int, int]:
    """What was delivered when a visit ends: nothing at all while papers are missing."""
    if step == Step.INCOMPLETE:
        return dict.fromkeys(persons_sent("delivered-"), 0)
    return persons_sent("delivered-") if step == Step.DONE else {}


def persons_sent(prefix: str) -> dict[int, int]:
    """For how many persons, by service: none where nothing legible stands."""
    names = [name for name in request.form if name.startswith(prefix)]
    return {sent_number(name.removeprefix(prefix)): persons_of(name) for name in names}


def persons_of(name: str) -> int:
    return min(typed_number(request.form.get(name, "")) or 0, MOST_PERSONS)


def is_letter(_form: Form, field: Field) -> None:
    try:
        typed_key(field.data or "")
    except BookingError as refusal:
        raise ValidationError(sentence_of(refusal)) from refusal


def key_field(label: str) -> StringField:
    asked = {"maxlength": 1, "autocomplete": "off", "spellcheck": "false"}
    return StringField(label, validators=[is_letter], render_kw=asked)


class KeysForm(Form):
    """A letter for each step, under the step's name; ``are_on`` is whether single keys do anything at all."""

    are_on = BooleanField(_l("Use single keys"))
    forward = key_field(_l("Next action: call, begin, done and next"))
    call_again = key_field(_l("Call again"))
    absent = key_field(_l("Did not come"))
    done = key_field(_l("Done"))
    incomplete = key_field(_l("Papers incomplete"))
    set_aside = key_field(_l("Set aside"))
    resume = key_field(_l("Resume"))
    hand_over = key_field(_l("Hand over"))
    change_service = key_field(_l("Change the service"))
    back = key_field(_l("Back to the queue"))
    priority = key_field(_l("Give priority"))
    leave = key_field(_l("Left before being called"))
    undo = key_field(_l("Undo the last step"))
    help = key_field(_l("Ask for help"))

    def steps(self) -> list[Field]:
        return [self[step.value] for step in KeyedStep]

    def typed(self) -> dict[KeyedStep, str]:
        return {step: typed_key(self[step.value].data or "") for step in KeyedStep}

    def validate_are_on(self, _field: Field) -> None:
        """All letters together: each may stand once. What is no letter is said at its own place."""
        try:
            chosen_keys(self.typed())
        except KeyUnclear:
            return
        except KeyTaken as refusal:
            raise ValidationError(sentence_of(refusal)) from refusal

    def chosen(self) -> dict[str, str] | None:
        return chosen_keys(self.typed()) if self.are_on.data else None


class SkillsForm(Form):
    speaks = SelectMultipleField(
        _l("Languages I help in"), choices=choices((code, OWN_NAMES[code]) for code in HELP_LANGUAGES)
    )
    learned = SelectMultipleField(_l("Services I have learned"), coerce=int)

    @classmethod
    def about(cls, skills: Skills, said: Mapping[int, str]) -> SkillsForm:
        """``said``: what each service is called in the reader's language."""
        form = cls(speaks=list(skills.speaks), learned=sorted(skills.learned))
        form.learned.choices = choices(said.items())
        return form
