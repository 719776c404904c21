"""What residents come for: the list with its search, and one service with what to bring."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from booking.core.checklist import PhotoRule, resolve
from booking.core.roles import Role
from booking.core.text import clean
from booking.database import read
from booking.models import Office, Service
from booking.usecases.baskets import Basket
from booking.usecases.catalogue import fees_from, found_by, groups_of, public_service
from booking.usecases.checklists import newest_of
from booking.usecases.hours import hours_of, walk_in
from booking.usecases.offers import first_free, offices_for
from booking.usecases.paused import pauses_of
from booking.web.guard import open_to
from booking.web.resident.releases import coming_out


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", "services", services)
    blueprint.add_url_rule("/services/<service>", "service", service_page)


@open_to(Role.RESIDENT)
def services() -> ResponseReturnValue:
    """Every public service in its group; with ``q``, those it may mean, the best first."""
    query = clean(request.args.get("q", ""))[:80]
    wanted = {"commune_id": g.commune.id, "today": today()}
    found = found_by(read(), **wanted, query=query, language=g.language) if query else []
    groups = [] if found else groups_of(read(), **wanted)
    shown = found if query else [card for group in groups for card in group.cards]
    bookable = [card.service for card in shown if card.service.mode.is_bookable]
    earliest = first_free(read(), commune_id=g.commune.id, services=bookable, now=g.now) if bookable else {}
    return render_template("resident/services.html", groups=groups, found=found, earliest=earliest, query=query)


@open_to(Role.RESIDENT)
def service_page(service: str) -> ResponseReturnValue:
    found = public_service(read(), commune_id=g.commune.id, code=service)
    return render_template("resident/service.html", **shown(found))


def shown(found: Service) -> dict[str, Any]:
    """What the page of a service shows."""
    offices = offices_for(read(), commune_id=g.commune.id, basket=Basket.of(found))
    bookable = found.mode.is_bookable and bool(offices)
    earliest = first_free(read(), commune_id=g.commune.id, services=[found], now=g.now) if bookable else {}
    content = newest_of(read(), service=found).content
    weeks = hours_of(read(), commune_id=g.commune.id, service=found, now=g.now)
    places = offices or [week.office for week in weeks]
    return {
        "service": found,
        "asks": len(content.questions),
        "resolution": resolve(content, {}, common_rule(places)),
        "offices": told_apart(places),
        "fees": fees_from(read(), service=found, day=today(), until=found.terms.window.latest(g.now).date()),
        "today": today(),
        "bookable": bookable,
        "earliest": earliest.get(found.id),
        "weeks": weeks,
        "coming_out": coming_out(Basket.of(found), offices[0], g.now) if bookable else None,
        "paused": pauses_of(read(), offices=places, service_ids=[found.id], now=g.now) if g.has_pauses else [],
        "walk_in": walk_in(weeks, now=g.now),
        "takes_walk_ins": found.mode.takes_walk_ins,
    }


def common_rule(offices: list[Office]) -> PhotoRule | None:
    """The rule about photos when it is the same everywhere."""
    rules = {office.photo_rule for office in offices}
    return rules.pop() if len(rules) == 1 else None


def told_apart(offices: list[Office]) -> list[Office]:
    """The offices whose rules about photos have to be told apart: none when they agree."""
    return [] if common_rule(offices) else offices


def today() -> date:
    """The day the commune's clocks show."""
    return g.now.astimezone(g.commune.zone).date()
