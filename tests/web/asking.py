"""How the web tests answer the questions of a service: as a person without scripts would."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.core.checklist import Checklist
from booking.core.roles import Role
from booking.usecases.checklists import save_checklist
from booking.usecases.journal import Actor
from tests.databases import Database
from tests.factories import Working, a_working_commune
from tests.lists import NEW_CARD
from tests.moments import EARLY
from tests.pages import Page, visit
from tests.web.booking import ANA, HALF_PAST_TEN, SERVICE, number

DORA = Actor(Role.ADMINISTRATOR)


def asks(session: Session, place: Working, content: Checklist = NEW_CARD) -> int:
    own = {"commune_id": place.commune.id, "service_id": place.service.id}
    return save_checklist(session, **own, content=content, actor=DORA, now=EARLY)


def open_asking(database: Database, **choices: Any) -> Working:
    """A commune at work whose identity card has questions."""

    def rows(session: Session) -> Working:
        place = a_working_commune(session, **choices)
        asks(session, place)
        return place

    place: Working = database.write(rows)
    return place


def answering(client: FlaskClient, address: str = SERVICE, **answers: str) -> Page:
    """What follows the answers being sent."""
    page = visit(client, f"{address}/questions")
    return sent(page, **answers)


def sent(page: Page, **answers: str) -> Page:
    fields = {f"question-{code}": answer for code, answer in answers.items()}
    known = {control.attrib.get("name") for control in page.form(holding="question-why").iter()}
    first = {name: value for name, value in fields.items() if name in known}
    page = page.submit(holding="question-why", **first)
    later = {name: value for name, value in fields.items() if name not in known}
    return page.submit(holding="question-why", **later) if later else page


def booking_with(client: FlaskClient, **answers: str) -> Page:
    """The confirmation of a visit that was made with these answers."""
    answering(client, **answers)
    times = visit(client, f"{SERVICE}/times?office=town-hall")
    details = times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    return details.submit(holding="name", **ANA)
