"""How an office calls those who wait, the letters of the tickets, and the secret of the calling screen."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField

from booking.core.errors import BookingError, ChangedMeanwhile, LetterTaken
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.core.tickets import LETTERS
from booking.core.translated import OFFICIAL
from booking.core.turns import QueuePolicy
from booking.database import read, write
from booking.models import Office, ServiceGroup
from booking.usecases.queue_rules import QueueRules, change_letters, change_rules, letters_of, rules_of
from booking.usecases.screens import renew_screen, revoke_screen
from booking.web.admin.fields import NumberField, OptionalNumberField, SeenForm, page_of
from booking.web.admin.workplace import own_office
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.web.guard import open_to
from booking.web.languages import speaking
from booking.web.queue_rules import RULES, example_of, sentence_of_rule
from booking.web.slips import qr_code


class QueueForm(SeenForm):
    queue_policy = RadioField(
        _l("In which order do you call?"), choices=choices((policy.value, rule.name) for policy, rule in RULES.items())
    )
    language_minutes = NumberField(
        _l("So many minutes a language brings somebody forward where it is spoken"), least=0, most=60
    )
    calls_needed = NumberField(_l("So many calls before somebody counts as absent"), least=1, most=9)
    check_in_minutes = OptionalNumberField(
        _l("People say that they are there at the earliest so many minutes before their appointment"),
        least=5,
        most=240,
    )
    walk_in_lead_minutes = NumberField(
        _l("Tickets are handed out so many minutes before the counters open"), least=0, most=180
    )
    calls_with_sound = BooleanField(_l("The calling screen rings when somebody is called"))

    def in_order(self) -> list[Field]:
        return [self[name] for name in ("queue_policy", *NUMBERS, "check_in_minutes", "calls_with_sound")]

    def rules(self) -> QueueRules:
        """What was written. Only after the form was found valid."""
        return QueueRules(
            queue_policy=QueuePolicy(self.queue_policy.data),
            check_in_minutes=self.check_in_minutes.given(),
            calls_with_sound=bool(self.calls_with_sound.data),
            **{name: self[name].number() for name in NUMBERS},
        )


NUMBERS = ("language_minutes", "calls_needed", "walk_in_lead_minutes")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/offices/<office>/queue", "queue", queue, methods=["GET", "POST"])
    blueprint.add_url_rule("/offices/<office>/screen", "screen", screen, methods=["GET", "POST"])
    blueprint.add_url_rule("/letters", "letters", letters, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def queue(office: str) -> ResponseReturnValue:
    here = own_office(office)
    form = QueueForm(data=shown(rules_of(here)), seen=word_for(rules_of(here)))
    if form.validate_on_submit():
        own = {"commune_id": g.commune.id, "office_id": here.id}
        try:
            write(change_rules, **own, rules=form.rules(), seen=form.seen.data, actor=actor(), now=g.now)
        except ChangedMeanwhile as refusal:
            here = own_office(office)
            form.show_again(rules_of(here))
            return filled(form, here, refusal)
        flash(_l("The rules of the queue are saved."))
        return redirect(url_for(".queue", office=office), 303)
    return filled(form, here)


def filled(form: QueueForm, here: Office, refusal: BookingError | None = None) -> ResponseReturnValue:
    return page_of(form, "admin/queue.html", refusal=refusal, office=here, explained=explained())


def explained() -> dict[str, dict[str, Any]]:
    """Each rule as the hall reads it, in both languages, and an example for whoever chooses it."""
    told: dict[str, dict[str, Any]] = {policy.value: {"example": example_of(policy)} for policy in QueuePolicy}
    for language in OFFICIAL:
        with speaking(language):
            for policy in QueuePolicy:
                told[policy.value][language] = sentence_of_rule(policy)
    return told


def shown(rules: QueueRules) -> dict[str, Any]:
    """Rules as their fields show them."""
    check_in = "" if rules.check_in_minutes is None else str(rules.check_in_minutes)
    numbers = {name: str(getattr(rules, name)) for name in NUMBERS}
    plain = {"queue_policy": rules.queue_policy.value, "calls_with_sound": rules.calls_with_sound}
    return plain | numbers | {"check_in_minutes": check_in}


@open_to(Role.ADMINISTRATOR)
def screen(office: str) -> ResponseReturnValue:
    """The address of the calling screen is shown once, when it is made; kept is only what knows it again."""
    here, form, link = own_office(office), Form(), None
    if form.validate_on_submit():
        own = {"commune_id": g.commune.id, "office_id": here.id, "actor": actor(), "now": g.now}
        if request.form.get("step") == "revoke":
            write(revoke_screen, **own)
            flash(_l("No address opens the calling screen any more."))
            return redirect(url_for(".screen", office=office), 303)
        secret = write(renew_screen, **own)
        link = f"{current_app.extensions['settings'].base_url}{url_for('screen.hall', secret=secret)}"
        here = own_office(office)
    return render_template("admin/screen.html", form=form, office=here, link=link, code=qr_code(link) if link else None)


@open_to(Role.ADMINISTRATOR)
def letters() -> ResponseReturnValue:
    groups = letters_of(read(), commune_id=g.commune.id)
    form = letters_form(groups)
    if form.validate_on_submit():
        wanted = {group.id: form[f"letter_{group.id}"].data for group in groups}
        try:
            write(
                change_letters,
                commune_id=g.commune.id,
                letters=wanted,
                seen=form.seen.data,
                actor=actor(),
                now=g.now,
            )
        except (ChangedMeanwhile, LetterTaken) as refusal:
            there = letters_of(read(), commune_id=g.commune.id)
            form.show_again(kept(there))
            return page_of(form, "admin/letters.html", refusal=refusal, groups=groups)
        flash(_l("The letters of the tickets are saved."))
        return redirect(url_for(".services"), 303)
    return page_of(form, "admin/letters.html", groups=groups)


def letters_form(groups: list[ServiceGroup]) -> SeenForm:
    """A form with a letter for each topic, as it was sent or as it is now."""

    class LettersForm(SeenForm):
        def validate(self, extra_validators: Any = None) -> bool:
            is_right, fields = super().validate(extra_validators), [self[f"letter_{group.id}"] for group in groups]
            for place, field in enumerate(fields):
                if field.data in {other.data for other in fields[:place]}:
                    field.errors = [*field.errors, sentence_of(LetterTaken())]
                    is_right = False
            return bool(is_right)

    offered = choices((letter, letter) for letter in LETTERS)
    for group in groups:
        name = group.name.joined(g.language)
        setattr(LettersForm, f"letter_{group.id}", SelectField(name, choices=offered, description=name))
    now = {f"letter_{group.id}": group.letter for group in groups}
    return LettersForm(data=now, seen=word_for(kept(groups)))


def kept(groups: list[ServiceGroup]) -> dict[int, str]:
    """The letters as the use-case compares them with what was shown."""
    return {group.id: group.letter for group in sorted(groups, key=lambda group: group.id)}
