"""The people of the commune: the list, an invitation, what each may do, and the steps of their way here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from booking.core.errors import (
    AddressTaken,
    BookingError,
    ChangedMeanwhile,
    LastAdministrator,
    NotOneself,
    RoleMissing,
    Unknown,
    WorksElsewhere,
    WorksHere,
)
from booking.core.roles import IN_A_COMMUNE, Role
from booking.core.text import folded
from booking.core.typed import typed_number
from booking.database import read, write
from booking.models import Office
from booking.usecases.colleagues import Colleague, Standing, change, colleague, colleagues, deactivate, reactivate
from booking.usecases.invitations import invite, invite_again, withdraw
from booking.usecases.second_factors import reset
from booking.web.admin.fields import page_of
from booking.web.admin.people_form import InviteForm, PersonForm, person_form
from booking.web.admin.workplace import administers_everywhere
from booking.web.agent.desk import actor, workplaces
from booking.web.answers import sentence_of, status_of
from booking.web.forms import Form
from booking.web.guard import open_to


@dataclass(frozen=True)
class Step:
    """A step of somebody's way here: what is done, the question before it, what it means, its button, what is said."""

    verb: Callable[..., None]
    question: Any
    meaning: Any
    button: Any
    done: Any


STEPS = {
    "deactivate": Step(
        deactivate,
        _l("Deactivate the account of %(name)s?"),
        _l("They are signed out everywhere within seconds and can no longer open anything here. What they did stays."),
        _l("Deactivate the account"),
        _l("The account of %(name)s is deactivated, and signed out everywhere."),
    ),
    "reactivate": Step(
        reactivate,
        _l("Open the commune again to %(name)s?"),
        _l("They have the roles again that they had."),
        _l("Reactivate the account"),
        _l("%(name)s works here again."),
    ),
    "reset": Step(
        reset,
        _l("Take off the second step of %(name)s?"),
        _l(
            "For a telephone that is lost, and codes on paper that are lost with it. Make sure that it is them "
            "who ask: until they set up another one, their password alone opens their account."
        ),
        _l("Take it off"),
        _l("%(name)s signs in with the password alone now, and sets up another telephone."),
    ),
    "again": Step(
        invite_again,
        _l("Send the invitation to %(name)s again?"),
        _l("The link of the first letter no longer works then."),
        _l("Send it again"),
        _l("The invitation to %(name)s is on its way again."),
    ),
    "withdraw": Step(
        withdraw,
        _l("Take back the invitation to %(name)s?"),
        _l("The link in the letter no longer works then."),
        _l("Take it back"),
        _l("%(name)s is no longer invited."),
    ),
}

POSSIBLE = {
    Standing.ACTIVE: ("deactivate",),
    Standing.DEACTIVATED: ("reactivate",),
    Standing.INVITED: ("again", "withdraw"),
}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/people", "people", people)
    blueprint.add_url_rule("/people/new", "invite", invite_somebody, methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<row:number>", "person", person, methods=["GET", "POST"])
    steps = ",".join(STEPS)
    blueprint.add_url_rule(
        f"/people/<row:number>/<any({steps}):step>", "person_step", person_step, methods=["GET", "POST"]
    )


def check_reach() -> None:
    """People are those of the whole commune. Raises ``RoleMissing`` for who administers some offices of it."""
    if not administers_everywhere():
        raise RoleMissing


@dataclass(frozen=True)
class Wish:
    """What the list is narrowed to; empty is everybody."""

    text: str
    role: str
    office: str
    standing: str

    @classmethod
    def asked(cls) -> Wish:
        return cls(*(request.args.get(name, "")[:100] for name in ("q", "role", "office", "state")))

    def fits(self, one: Colleague, offices: Sequence[Office]) -> bool:
        wanted = typed_number(self.office) if self.office in {str(office.id) for office in offices} else None
        here = [role for role, where in one.roles.items() if wanted is None or not where or wanted in where]
        return (
            folded(self.text) in folded(f"{one.name} {one.email}")
            and bool(here)
            and (self.role not in {*IN_A_COMMUNE} or self.role in here)
            and (self.standing not in {*Standing} or self.standing == one.standing)
        )


@open_to(Role.ADMINISTRATOR)
def people() -> ResponseReturnValue:
    check_reach()
    wish, offices = Wish.asked(), all_offices()
    everybody = colleagues(read(), commune_id=g.commune.id)
    found = [one for one in everybody if wish.fits(one, offices)]
    names = {office.id: office.name for office in offices}
    return render_template(
        "admin/people.html", found=found, wish=wish, offices=offices, names=names, roles=IN_A_COMMUNE
    )


@open_to(Role.ADMINISTRATOR)
def invite_somebody() -> ResponseReturnValue:
    check_reach()
    form = InviteForm.here(workplaces().open)
    if form.validate_on_submit():
        facts = form.facts()
        try:
            number = write(invite, commune_id=g.commune.id, **facts, actor=actor(), now=g.now)
        except (WorksHere, AddressTaken) as refusal:
            form.email.errors = [sentence_of(refusal)]
        else:
            flash(
                _l("The invitation to %(name)s is on its way: the link works once, for three days.", name=facts["name"])
            )
            return redirect(url_for(".person", number=number), 303)
    return page_of(form, "admin/invite.html")


@open_to(Role.ADMINISTRATOR)
def person(number: int) -> ResponseReturnValue:
    check_reach()
    found = colleague(read(), commune_id=g.commune.id, person_id=number)
    form = person_form(found, all_offices())
    if found.standing == Standing.ACTIVE and form.validate_on_submit():
        try:
            save(found, form)
        except ChangedMeanwhile as refusal:
            found = colleague(read(), commune_id=g.commune.id, person_id=number)
            form.show_again(found.what_they_may)
            return filled(form, found, refusal)
        except (LastAdministrator, NotOneself) as refusal:
            return filled(form, found, refusal)
        flash(_l("%(name)s is saved.", name=found.name))
        return redirect(url_for(".person", number=number), 303)
    return filled(form, found)


def save(found: Colleague, form: PersonForm) -> None:
    own = {"commune_id": g.commune.id, "person_id": found.id, "seen": form.seen.data}
    write(change, **own, roles=form.roles(), speaks=form.speaks.data or (), actor=actor(), now=g.now)


def filled(form: PersonForm, found: Colleague, refusal: BookingError | None = None) -> ResponseReturnValue:
    steps = [(step, STEPS[step].button) for step in steps_for(found)]
    return page_of(form, "admin/person.html", refusal=refusal, found=found, steps=steps)


def steps_for(found: Colleague) -> Iterable[str]:
    """What can be done with somebody as they are; nobody does it to themselves."""
    if found.id == g.staff.id:
        return ()
    resets = ("reset",) if found.has_second_factor and found.standing == Standing.ACTIVE else ()
    return (*resets, *POSSIBLE[found.standing])


@open_to(Role.ADMINISTRATOR)
def person_step(number: int, step: str) -> ResponseReturnValue:
    check_reach()
    found = colleague(read(), commune_id=g.commune.id, person_id=number)
    taken, refusal, form = STEPS[step], None, Form()
    if step not in steps_for(found):
        # Somebody else was faster, or an address was typed: the page of the person says what is true.
        return redirect(url_for(".person", number=number), 303)
    if form.validate_on_submit():
        try:
            write(taken.verb, commune_id=g.commune.id, person_id=number, actor=actor(), now=g.now)
        except (LastAdministrator, NotOneself, WorksElsewhere, Unknown) as fault:
            refusal = fault
        else:
            flash(str(taken.done) % {"name": found.name})
            return redirect(url_for(".people"), 303)
    page = render_template(
        "admin/person_step.html",
        form=form,
        found=found,
        asked=str(taken.question) % {"name": found.name},
        taken=taken,
        is_warning=step in {"deactivate", "reset"},
        refusal=sentence_of(refusal) if refusal else None,
    )
    return page, status_of(refusal) if refusal else 200


def all_offices() -> list[Office]:
    """The offices a role can be limited to: those in use, and those closed down, where something is still settled."""
    return [*workplaces().open, *workplaces().closed]
