"""The questions of a service, and what the answers lead to: the exact list, or another way than an appointment."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField
from wtforms.validators import ValidationError

from booking.core.checklist import Procedure, Question, Resolution, asked, given, in_words, resolve
from booking.core.errors import Unknown
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.database import read
from booking.models import Service
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.catalogue import fee_on, public_service
from booking.usecases.checklists import Version, newest_of
from booking.usecases.hours import hours_of, walk_in
from booking.usecases.offers import offices_for
from booking.web.forms import Form, choices
from booking.web.guard import open_to
from booking.web.resident.answers import answers_to, carried, comes_without_appointment, keep_answers
from booking.web.resident.baskets import in_address, persons_of
from booking.web.resident.services import common_rule, today, told_apart


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/services/<service>/questions", "questions", questions, methods=["GET", "POST"])
    blueprint.add_url_rule("/services/<service>/list", "result", result)


class QuestionsForm(Form):
    """The questions that are asked, each a choice of one answer."""

    asked: tuple[Question, ...] = ()

    def answers(self) -> dict[str, str]:
        """What was chosen, whether or not everything was."""
        return {one.code: value for one in self.asked if (value := self[field_of(one)].data)}


def field_of(question: Question) -> str:
    return f"question-{question.code}"


def chosen(form: Form, field: Field) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(_l("Choose one of the answers."))


def form_for(questions: tuple[Question, ...], answers: dict[str, str]) -> QuestionsForm:
    """The form of these questions, with what is known already."""

    class Asking(QuestionsForm):
        pass

    Asking.asked = questions
    for one in questions:
        given_ = choices((answer.code, answer.text.joined(g.language)) for answer in one.answers)
        text = one.text.joined(g.language)
        field = RadioField(text, choices=given_, validators=[chosen], validate_choice=False, description=text)
        setattr(Asking, field_of(one), field)
    return Asking(data={field_of(one): answers.get(one.code) for one in questions})


def sent(version: Version) -> dict[str, str]:
    """The answers that a form has just brought, as far as their questions were to be put."""
    brought = {one.code: request.form.get(field_of(one), "") for one in version.content.questions}
    return given(version.content, brought)


@open_to(Role.RESIDENT)
def questions(service: str) -> ResponseReturnValue:
    """All questions at once; one that depends on an answer follows when that is known."""
    found, version = asking(service)
    is_sent = request.method == "POST" and not g.switching
    answers = sent(version) if request.method == "POST" else answers_to(found, version)
    # Whoever comes back to change an answer finds the questions that it made needless, too.
    form = form_for(asked(version.content, answers, to_the_end=True), answers)
    form.validate_on_submit()
    needed = asked(version.content, answers)
    seen = {*request.form.getlist("asked"), *answers}
    forgive(form, {field_of(one) for one in needed if one.code in seen})
    faults = [field for field in form if field.errors]
    if is_sent and not faults and len(answers) == len(needed):
        keep_answers(found, version, answers)
        return redirect(url_for(".result", service=service, **carried()), 303)
    page = render_template(
        "resident/questions.html", service=found, form=form, has_more=is_sent and not faults, carried=carried()
    )
    return page, 422 if faults else 200


def forgive(form: QuestionsForm, seen: set[str]) -> None:
    """What nobody was asked, or need not be asked any more, is no fault."""
    for name in map(field_of, form.asked):
        if name not in seen:
            form[name].errors = []


def asking(code: str) -> tuple[Service, Version]:
    """A public service and its list. Raises ``Unknown`` where nothing is asked."""
    found = public_service(read(), commune_id=g.commune.id, code=code)
    version = newest_of(read(), service=found)
    if not version.content.questions:
        raise Unknown
    return found, version


@open_to(Role.RESIDENT)
def result(service: str) -> ResponseReturnValue:
    found, version = asking(service)
    answers = answers_to(found, version)
    offices = offices_for(read(), commune_id=g.commune.id, basket=Basket.of(found))
    resolution = resolve(version.content, answers, common_rule(offices))
    if resolution.unanswered:
        return redirect(url_for(".questions", service=service, **carried()), 303)
    return render_template(
        "resident/list.html",
        service=found,
        resolution=resolution,
        answers=in_words(version.content, answers),
        offices=told_apart(offices),
        **consequences(found, resolution),
    )


def consequences(service: Service, resolution: Resolution) -> dict[str, Any]:
    """What a result says beside the list: another way, hours without an appointment, fees, minutes."""
    outcome = resolution.outcome
    is_urgent = resolution.procedure == Procedure.URGENT
    rest = rest_of(service)
    comes_at_once = outcome is None and comes_without_appointment(service, resolution)
    takes_walk_ins = comes_at_once or (outcome is not None and outcome.way.is_visit)
    weeks = (
        hours_of(read(), commune_id=g.commune.id, service=service, mode=Mode.WALK_IN, now=g.now)
        if takes_walk_ins
        else []
    )
    return {
        "outcome": outcome,
        "other": other_service(outcome.service) if outcome and outcome.service else None,
        "comes_at_once": comes_at_once,
        "is_urgent": is_urgent,
        "needs_list": outcome is None or outcome.way.is_visit,
        "can_book": outcome is None and not comes_at_once and service.mode.is_bookable,
        "walk_in": walk_in(weeks, now=g.now),
        "fee": fee_on(read(), service=service, day=today()),
        "urgent_fee": fee_on(read(), service=service, day=today(), procedure=Procedure.URGENT) if is_urgent else None,
        "minutes": service.terms.minutes(persons_wished(service)) + resolution.added_minutes,
        "onward": onward(service),
        "asked_next": asked_next(service),
        "rest": rest,
        "rest_address": url_for(".times", **in_address(rest)) if rest else None,
        "lines": carried().get("line", []),
        "again": url_for(".questions", service=service.code, **carried()),
    }


def onward(service: Service) -> str:
    """Where a time is chosen, for this service or for the one it is added to."""
    wish = carried()
    (main,) = wish.pop("main", [service.code])[:1]
    return url_for(".times", service=main, **wish)


def asked_next(service: Service) -> Service | None:
    """Another service of the same visit whose questions come before a time is chosen."""
    wish = carried()
    if "line" in wish:
        return None
    codes = (*wish.get("main", ()), *(one.partition(":")[0] for one in wish.get("with", ())))
    others = (other_service(code) for code in codes if code != service.code)
    return next((other for other in others if other and is_unanswered(other)), None)


def is_unanswered(service: Service) -> bool:
    version = newest_of(read(), service=service)
    return bool(resolve(version.content, answers_to(service, version)).unanswered)


def persons_wished(service: Service) -> int:
    """How many come for this service, as the address tells; else one."""
    wish = carried()
    main = [] if "main" in wish else [f"{service.code}:{number}" for number in wish.get("persons", ())]
    named = (one.partition(":") for one in (*main, *wish.get("with", ()), *wish.get("line", ())))
    persons = max((persons_of(number) for code, _, number in named if code == service.code), default=1)
    return min(max(persons, 1), service.max_persons)


def rest_of(service: Service) -> Basket | None:
    """What is left of a visit for several services without this one, which is had in another way."""
    wish = carried()
    (main,) = wish.get("main", [service.code])[:1]
    named = (one.partition(":") for one in (f"{main}:{wish.get('persons', ['1'])[0]}", *wish.get("with", ())))
    found = ((other_service(code), persons_of(number)) for code, _, number in named if code != service.code)
    left = tuple(BasketLine(other, number) for other, number in found if other)
    return Basket(left) if left and "line" not in wish else None


def other_service(code: str) -> Service | None:
    """Where an answer leads, as long as residents can read it."""
    try:
        return public_service(read(), commune_id=g.commune.id, code=code)
    except Unknown:
        return None
