"""The checklist of a service: its form, and what every way through its questions leads to."""

from __future__ import annotations

from itertools import islice
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from booking.core.checklist import Checklist, Procedure
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

MOST_SHOWN = 1000
"""So many ways through the questions are shown: whoever has more asks too much."""


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
        if not put_problems(form, typed, allowed) and "preview" not in request.form:
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

    While somebody types, the preview alone is asked for.
    """
    faulty = [field for field in form.in_order() if field.errors]
    template = "admin/checklist_live.html" if "HX-Request" in request.headers else "admin/checklist.html"
    return page_of(
        form,
        template,
        refusal=refusal,
        written=found,
        is_preview="preview" in request.form,
        faulty=faulty,
        **({"number": 0} if faulty else preview(content, found.service)),
    )


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
    }
