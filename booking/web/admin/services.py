"""Services: the list with what is missing, the form, and the steps of a service's life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from booking.core.errors import BookingError, ChangedMeanwhile, CodeTaken, NotReachable, TextMissing
from booking.core.roles import Role
from booking.core.services import ServiceContent
from booking.database import read, write
from booking.models import Service
from booking.usecases.counters import staying
from booking.usecases.lengthening import effect_of_minutes, lengthen
from booking.usecases.services import (
    Written,
    add_service,
    change_service,
    deactivate_service,
    groups_of,
    publish_service,
    reactivate_service,
    service_written,
    services_written,
    unpublish_service,
)
from booking.web.admin.effect import Proposal, consider, step, touches
from booking.web.admin.fields import page_of
from booking.web.admin.service_form import FIELD_WORDS, ServiceForm, service_form
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of, status_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.resident.services import shown

MINUTES = ("minutes_first", "minutes_extra", "minutes_beside", "information_minutes")


@dataclass(frozen=True)
class Step:
    """A step in a service's life: what is done, the question before it, the word on its button, what is said after."""

    verb: Callable[..., None]
    question: Any
    button: Any
    done: Any


STEPS = {
    "publish": Step(
        publish_service,
        _l("Show %(service)s to residents?"),
        _l("Publish"),
        _l("%(service)s is published: residents see it from now on."),
    ),
    "unpublish": Step(
        unpublish_service,
        _l("Stop showing %(service)s to residents?"),
        _l("Make it a draft again"),
        _l("%(service)s is a draft: residents no longer see it."),
    ),
    "deactivate": Step(
        deactivate_service,
        _l("Deactivate %(service)s?"),
        _l("Deactivate"),
        _l("%(service)s is deactivated: no new appointments can be made for it."),
    ),
    "reactivate": Step(
        reactivate_service,
        _l("Take %(service)s up again?"),
        _l("Take up again as a draft"),
        _l("%(service)s is a draft again."),
    ),
}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/services", "services", services)
    blueprint.add_url_rule("/services/new", "new_service", new_service, methods=["GET", "POST"])
    blueprint.add_url_rule("/services/<service>", "service", service, methods=["GET", "POST"])
    blueprint.add_url_rule("/services/<service>/preview", "service_preview", service_preview)
    steps = ",".join(STEPS)
    blueprint.add_url_rule(
        f"/services/<service>/<any({steps}):step>", "service_step", service_step, methods=["GET", "POST"]
    )


@open_to(Role.ADMINISTRATOR)
def services() -> ResponseReturnValue:
    found = services_written(read(), commune_id=g.commune.id)
    groups = groups_of(read(), commune_id=g.commune.id)
    by_group = [(group, [one for one in found if one.service.group_id == group.id]) for group in groups]
    return render_template("admin/services.html", by_group=by_group, steps_of=steps_of)


def steps_of(service: Service) -> list[tuple[str, Any]]:
    """What can be done with a service as it is, each step with the word on its button."""
    if service.deactivated_at is not None:
        possible = ["reactivate"]
    else:
        possible = ["unpublish" if service.published_at else "publish", "deactivate"]
    return [(step, STEPS[step].button) for step in possible]


@open_to(Role.ADMINISTRATOR)
def new_service() -> ResponseReturnValue:
    form = service_form(groups_of(read(), commune_id=g.commune.id), None, g.language)
    if form.validate_on_submit():
        content = form.content()
        try:
            write(add_service, commune_id=g.commune.id, content=content, actor=actor(), now=g.now)
        except CodeTaken as refusal:
            form.code.errors = [sentence_of(refusal)]
        else:
            flash(_l("%(service)s is saved as a draft.", service=content.name.joined(g.language)))
            return redirect(url_for(".service", service=content.code), 303)
    return filled(form, None)


@open_to(Role.ADMINISTRATOR)
def service(service: str) -> ResponseReturnValue:
    found = service_written(read(), commune_id=g.commune.id, code=service)
    form = service_form(groups_of(read(), commune_id=g.commune.id), found.content, g.language)
    if form.code.data is None:
        form.code.data = service
    form.is_published = found.service.published_at is not None
    if step() != "form" and form.validate():
        proposal = lengthening(found, replace(form.content(), code=service), form.seen.data)
        if proposal is not None and touches(proposal):
            return consider(proposal, lambda refusal: shown_again(form, service, refusal))
    if form.validate_on_submit():
        content = replace(form.content(), code=service)
        own = {"commune_id": g.commune.id, "service_id": found.service.id}
        try:
            write(change_service, **own, content=content, seen=form.seen.data, actor=actor(), now=g.now)
        except ChangedMeanwhile as refusal:
            return shown_again(form, service, refusal)
        except (TextMissing, NotReachable) as refusal:
            # Published since this page was read: what residents now see has to be complete. Or no counter serves it.
            told = refusal if form.is_complete() else None
            return filled(form, service_written(read(), commune_id=g.commune.id, code=service), told)
        flash(_l("%(service)s is saved.", service=content.name.joined(g.language)))
        return redirect(url_for(".service", service=service), 303)
    return filled(form, found)


def shown_again(form: ServiceForm, service: str, refusal: BookingError) -> ResponseReturnValue:
    """The form as it was typed, beside what is saved now."""
    found = service_written(read(), commune_id=g.commune.id, code=service)
    form.show_again(found.content)
    return filled(form, found, refusal)


def lengthening(found: Written, content: ServiceContent, seen: str | None) -> Proposal | None:
    """A service that takes longer, to be seen first; ``None`` when it takes no longer than it did."""
    minutes = [(getattr(content, name) or 0, getattr(found.content, name) or 0) for name in MINUTES]
    if not any(after > before for after, before in minutes) or not content.mode.is_bookable:
        return None
    own = {"service_id": found.service.id, "content": content}
    return Proposal(
        None,
        _("%(service)s takes longer", service=content.name.joined(g.language)),
        [_("The appointments below were made when it took less time. Kept, they last as long as was agreed.")],
        url_for(".service", service=content.code),
        seen=seen,
        former=found.content,
        verb=partial(lengthen, **own),
        seen_by=lambda: effect_of_minutes(read(), commune_id=g.commune.id, **own, now=g.now),
    )


def filled(form: ServiceForm, written: Written | None, refusal: BookingError | None = None) -> ResponseReturnValue:
    """The form as it was typed, with a sentence at whatever is not right."""
    page = {"written": written, "words": FIELD_WORDS, "steps_of": steps_of}
    return page_of(form, "admin/service.html", refusal=refusal, **page)


@open_to(Role.ADMINISTRATOR)
def service_preview(service: str) -> ResponseReturnValue:
    """The page of a service as residents see it, of a draft too: what it links to is not there for everybody yet."""
    found = service_written(read(), commune_id=g.commune.id, code=service).service
    return render_template("admin/service_preview.html", **shown(found))


@open_to(Role.ADMINISTRATOR)
def service_step(service: str, step: str) -> ResponseReturnValue:
    found = service_written(read(), commune_id=g.commune.id, code=service)
    taken, name = STEPS[step], found.service.name.joined(g.language)
    refusal = None
    form = Form()
    if form.validate_on_submit():
        try:
            own = {"commune_id": g.commune.id, "service_id": found.service.id}
            write(taken.verb, **own, actor=actor(), now=g.now)
        except (TextMissing, NotReachable) as fault:
            refusal = fault
        else:
            flash(str(taken.done) % {"service": name})
            return redirect(url_for(".services"), 303)
    page = render_template(
        "admin/service_step.html",
        form=form,
        written=found,
        step=step,
        question_asked=str(taken.question) % {"service": name},
        button=taken.button,
        words=FIELD_WORDS,
        refusal=sentence_of(refusal) if refusal else None,
        staying=staying(read(), commune_id=g.commune.id, service_ids=[found.service.id], now=g.now),
    )
    return page, status_of(refusal) if refusal else 200
