"""The checklist of a service: its form, and what every way through its questions leads to."""

from __future__ import annotations

from itertools import islice
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from booking.core.checklist import Checklist, Procedure, asked, given, resolve
from booking.core.checklist_paths import paths, ways
from booking.core.errors import BookingError, ChangedMeanwhile, ChecklistInconsistent
from booking.core.roles import Role
from booking.database import read, write
from booking.models import Service
from booking.usecases.catalogue import fee_on, offices_of
from booking.usecases.checklists import other_services, save_checklist
from booking.usecases.services import Written, service_written, services_written
from booking.web.admin.checklist_content import put_problems, written
from booking.web.admin.checklist_form import ChecklistForm, checklist_form
from booking.web.admin.fields import page_of
from booking.web.agent.desk import actor
from booking.web.guard import open_to
from booking.web.resident.answers import comes_without_appointment
from booking.web.resident.services import common_rule, told_apart

MOST_SHOWN = 1000
"""So many ways through the questions are shown: whoever has more asks too much."""


SAVING_LATER = {"open", "add"}
"""The buttons that open a part of the form or add a row to it."""

STAYING = SAVING_LATER | {"preview"}
"""The buttons that save nothing."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/services/<service>/checklist", "checklist", checklist, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def checklist(service: str) -> ResponseReturnValue:
    found = service_written(read(), commune_id=g.commune.id, code=service)
    allowed = other_services(read(), service=found.service)
    form = checklist_form(found.checklist.content, named(allowed))
    content = found.checklist.content
    if form.validate_on_submit():
        typed = written(form)
        content = typed.content
        if not put_problems(form, typed, allowed) and STAYING.isdisjoint(request.form):
            own = {"commune_id": g.commune.id, "service_id": found.service.id}
            try:
                write(save_checklist, **own, content=content, seen=form.seen.data, actor=actor(), now=g.now)
            except ChangedMeanwhile as refusal:
                found = service_written(read(), commune_id=g.commune.id, code=service)
                form.show_again(found.checklist.content)
                return filled(form, found, content, refusal)
            except ChecklistInconsistent as refusal:
                # A service it leads to has ended since this page was read.
                put_problems(form, typed, other_services(read(), service=found.service))
                return filled(form, found, content, refusal)
            flash(_l("The list of %(service)s is saved. New appointments get it.", service=name_of(found.service)))
            return redirect(url_for(".checklist", service=service), 303)
    return filled(form, found, content)


def name_of(service: Service) -> str:
    return service.name.joined(g.language)


def named(allowed: frozenset[str]) -> list[tuple[str, str]]:
    """The services an answer may lead to, by name."""
    everything = services_written(read(), commune_id=g.commune.id)
    return [(one.service.code, name_of(one.service)) for one in everything if one.service.code in allowed]


def filled(
    form: ChecklistForm, found: Written, content: Checklist, refusal: BookingError | None = None
) -> ResponseReturnValue:
    """The form as it was typed; below it what it leads to, once it holds together.

    With scripts a part alone is asked for: the preview while somebody types, or a row that is opened.
    """
    faulty = [field for field in form.in_order() if field.errors]
    if not SAVING_LATER.isdisjoint(request.form):
        # Whoever asks for one more row is not finished, and is told later what is missing.
        for field in faulty:
            field.errors = []
    return page_of(
        form,
        template_of(form),
        refusal=refusal,
        written=found,
        address=url_for(".checklist", service=found.service.code),
        is_preview="preview" in request.form,
        opened=dict.fromkeys([*request.form.getlist("opened"), *request.form.getlist("open")]),
        pressed=request.form.get("open", ""),
        faulty=faulty,
        **({"number": 0} if faulty else preview(content, found.service)),
    )


def template_of(form: ChecklistForm) -> str:
    if "HX-Request" in request.headers and "preview" in request.form:
        return "admin/checklist_live.html"
    if "HX-Request" in request.headers and form.has_opened(request.form.get("open", "")):
        return "admin/checklist_opened.html"
    return "admin/checklist.html"


def preview(content: Checklist, service: Service) -> dict[str, Any]:
    """What every way through the questions leads to, with what is said beside it: fees, minutes, offices."""
    number = sum(1 for _ in islice(paths(content), MOST_SHOWN + 1))
    today = g.now.astimezone(g.commune.zone).date()
    fees = {procedure: fee_on(read(), service=service, day=today, procedure=procedure) for procedure in Procedure}
    return {
        "number": number,
        "ways": ways(content) if number <= MOST_SHOWN else None,
        "fees": {procedure: fee for procedure, fee in fees.items() if fee},
        "minutes_for_one": service.terms.minutes(1),
        "offices": offices_of(read(), commune_id=g.commune.id),
        "tried": tried(content, service),
    }


def tried(content: Checklist, service: Service) -> dict[str, Any]:
    """The draft as a resident meets it: the questions to be put, and what the answers chosen so far lead to."""
    offices = offices_of(read(), commune_id=g.commune.id)
    chosen = {one.code: request.form.get(f"try-{one.code}", "") for one in content.questions}
    answers = given(content, chosen)
    resolution = resolve(content, answers, common_rule(offices))
    outcome = resolution.outcome
    other = outcome.service if outcome else ""
    return {
        "questions": asked(content, answers),
        "answers": answers,
        "resolution": resolution,
        "other": dict(named(frozenset({other}))).get(other, "") if other else "",
        "offices": told_apart(offices),
        "comes_at_once": outcome is None and comes_without_appointment(service, resolution),
        "needs_list": outcome is None or outcome.way.is_visit,
    }
