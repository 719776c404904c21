"""Tickets at the kiosk: for one service in two presses, for several in a few more, and with a need for who says one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field, HiddenField, RadioField
from wtforms.validators import ValidationError

from booking.core.appointments import MOST_SERVICES
from booking.core.errors import BookingError, TooManyServices, Unknown
from booking.core.references import new_key, wish_key
from booking.core.roles import Role
from booking.core.tickets import Origin
from booking.core.translated import OFFICIAL
from booking.core.typed import typed_number
from booking.database import read, write
from booking.models import Office, Service
from booking.usecases.catalogue import public_service
from booking.usecases.handing_out import hand_out
from booking.usecases.kiosks import count_ticket, office_coded
from booking.usecases.next_ways import AtTheDoor, at_the_door, next_ways
from booking.usecases.ticket_slips import slip_by_key
from booking.usecases.tickets import Issued, Visitor
from booking.usecases.walk_ins import Wanted
from booking.web.answers import sentence_of, status_of
from booking.web.forms import Form, choices
from booking.web.guard import open_to
from booking.web.languages import current_language
from booking.web.needs import NeedsField
from booking.web.resident.baskets import as_named, named_beside, persons_of
from booking.web.resident.kiosk import actor, next_shown
from booking.web.security import client
from booking.web.tickets import printed

Chosen = Sequence[tuple[Service, int]]
"""The services somebody comes for, each for so many persons, in the order in which they were named."""

MORE, NEEDS = "more", "needs"
"""What a button asks for before the ticket: one service more, or to say what one needs."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kiosk/<office>/services", "kiosk_services", services)
    blueprint.add_url_rule("/kiosk/<office>/services/<service>", "kiosk_service", take, methods=["GET", "POST"])
    blueprint.add_url_rule("/kiosk/<office>/services/<service>/needs", "kiosk_needs", needs)
    blueprint.add_url_rule("/kiosk/<office>/tickets/<key>", "kiosk_ticket", ticket)


def check_persons(form: Form, field: Field) -> None:
    if not 1 <= (typed_number(field.data or "") or 0) <= len(field.choices):
        raise ValidationError(_("Choose for how many persons you come."))


class TakeForm(Form):
    """For how many persons each service is; ``wish`` is drawn for each form: sent twice, it gives one ticket."""

    wish = HiddenField()
    persons, persons_2, persons_3, persons_4, persons_5 = (
        RadioField(validators=[check_persons], validate_choice=False) for _place in range(MOST_SERVICES)
    )
    needs = NeedsField("")

    def __init__(self, *args: Any, chosen: Chosen, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = chosen
        fields = [field for field in self if field.type == "RadioField"]
        for field in fields[len(chosen) :]:
            del self[field.name]
        self.rows = [(service, field) for (service, _persons), field in zip(chosen, fields, strict=False)]
        for (service, field), (_service, persons) in zip(self.rows, chosen, strict=True):
            several = _("%(service)s, for how many persons?", service=service.name.joined(current_language()))
            field.label.text = several if len(chosen) > 1 else _("For how many persons?")
            field.choices = choices((str(number), str(number)) for number in range(1, service.max_persons + 1))
            field.data = field.data or str(persons)
        self.wish.data = self.wish.data or new_key()

    def said(self) -> Chosen:
        """Only after the form was found valid."""
        return [(service, int(field.data)) for service, field in self.rows]


def chosen_in(code: str) -> Chosen:
    """What an address names; a service named twice counts once. Raises ``Unknown`` or ``TooManyServices``."""
    main = public_service(read(), commune_id=g.commune.id, code=code)
    persons = {main: persons_of(request.args.get("persons", ""))}
    for service, number in named_beside(request.args):
        persons.setdefault(service, number)
    if len(persons) > MOST_SERVICES:
        raise TooManyServices(limit=MOST_SERVICES)
    return list(persons.items())


def in_address(chosen: Chosen) -> dict[str, Any]:
    """What is chosen as ``url_for`` takes it. No need stands in an address: it is about health."""
    (main, persons), *others = chosen
    return {"service": main.code, "persons": persons, "with": as_named(others)}


def can_be_added(here: Office, chosen: Chosen) -> list[AtTheDoor]:
    """What the office gives now beside what is chosen, to whoever has one ticket for all of it."""
    if len(chosen) >= MOST_SERVICES:
        return []
    beside = frozenset(service.id for service, _persons in chosen)
    found = at_the_door(read(), office=here, beside=beside, now=g.now)
    return [one for one in found if one.opens is None and not one.is_paused]


@open_to(Role.RESIDENT)
def services(office: str) -> ResponseReturnValue:
    """What tickets are given for; when something is chosen already, what can be had beside it."""
    here = office_coded(read(), commune_id=g.commune.id, code=office)
    chosen = list(dict(named_beside(request.args)).items())
    if not chosen:
        found = at_the_door(read(), office=here, now=g.now)
        ways = [(one, url_for(".kiosk_service", office=office, service=one.service.code)) for one in found]
        return render_template("kiosk/services.html", office=here, services=ways)
    ways = [
        (one, url_for(".kiosk_service", office=office, **in_address([*chosen, (one.service, 1)])))
        for one in can_be_added(here, chosen)
    ]
    back = url_for(".kiosk_service", office=office, **in_address(chosen))
    return render_template("kiosk/services.html", office=here, services=ways, chosen=chosen, back=back)


@open_to(Role.RESIDENT)
def take(office: str, service: str) -> ResponseReturnValue:
    """For how many persons, then the ticket; or first one service more, or what somebody needs."""
    here = office_coded(read(), commune_id=g.commune.id, code=office)
    form = TakeForm(chosen=chosen_in(service))
    if not form.validate_on_submit():
        page = render_template("kiosk/service.html", form=form, **shown(here, form.chosen))
        return page, 422 if form.errors else 200
    chosen, then = form.said(), request.form.get("then")
    if then == MORE:
        return redirect(url_for(".kiosk_services", office=office, **{"with": as_named(chosen)}), 303)
    if then == NEEDS:
        return redirect(url_for(".kiosk_needs", office=office, **in_address(chosen)), 303)
    try:
        write(count_ticket, client=client(), now=g.now)
        issued = taken(here.id, chosen, form)
    except Unknown:
        raise
    except BookingError as refusal:
        return refused(office, form, refusal)
    return redirect(url_for(".kiosk_ticket", office=office, key=issued.status_key), 303)


def shown(here: Office, chosen: Chosen) -> dict[str, Any]:
    """What the page says beside the form: whether something can be added, and where each service is left out."""
    left = [[*chosen[:place], *chosen[place + 1 :]] for place in range(len(chosen))]
    return {
        "office": here,
        "can_add": bool(can_be_added(here, chosen)),
        "action": url_for(".kiosk_service", office=here.code, **in_address(chosen)),
        "without": [url_for(".kiosk_service", office=here.code, **in_address(rest)) if rest else None for rest in left],
    }


@open_to(Role.RESIDENT)
def needs(office: str, service: str) -> ResponseReturnValue:
    """The same things as when one books; what is said goes to the ticket, and stands in no address."""
    here = office_coded(read(), commune_id=g.commune.id, code=office)
    form = TakeForm(chosen=chosen_in(service))
    return render_template("kiosk/needs.html", form=form, **shown(here, form.chosen))


def taken(office_id: int, chosen: Chosen, form: TakeForm) -> Issued:
    """Whoever reads the kiosk in French or Dutch speaks it; in another language, that one helps."""
    language, said = current_language(), form.needs.needs() or None
    spoken = Visitor(language, needs=said) if language in OFFICIAL else Visitor(help_language=language, needs=said)
    return write(
        hand_out,
        office_id=office_id,
        wanted=[Wanted(service.id, persons) for service, persons in chosen],
        visitor=spoken,
        origin=Origin.KIOSK,
        key=wish_key(current_app.config["SECRET_KEY"], "ticket", form.wish.data or ""),
        actor=actor(),
        now=g.now,
    )


def refused(office: str, form: TakeForm, refusal: BookingError) -> ResponseReturnValue:
    here = office_coded(read(), commune_id=g.commune.id, code=office)
    ways = next_ways(read(), office=here, services=[service for service, _persons in form.chosen], now=g.now)
    told = {"form": form, "refusal": sentence_of(refusal), **shown(here, form.chosen)}
    return render_template("kiosk/service.html", **told, **next_shown(ways)), status_of(refusal)


@open_to(Role.RESIDENT)
def ticket(office: str, key: str) -> ResponseReturnValue:
    here = office_coded(read(), commune_id=g.commune.id, code=office)
    slip = slip_by_key(read(), commune_id=g.commune.id, key=key)
    return render_template("kiosk/ticket.html", office=here, printed=printed(slip))
