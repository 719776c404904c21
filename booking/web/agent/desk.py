"""Where a member of staff sits: their offices in this commune, and the one they have chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, g, request, session

from booking.core.errors import Unknown
from booking.core.roles import IN_A_COMMUNE, Role, may_enter
from booking.database import read
from booking.models import Office
from booking.usecases.journal import Actor
from booking.usecases.loose_ends import LooseEnds, loose_ends
from booking.usecases.overbooking import OVERBOOKING
from booking.usecases.people import Workplaces, offices_of
from booking.web.addresses import Whereabouts
from booking.web.security import client
from booking.words.catalogues import OWN_NAMES


def workplaces() -> Workplaces:
    """The offices of this commune in which this person may do what the page is for, read once per request."""
    if "workplaces" not in g:
        door = getattr(current_app.view_functions.get(request.endpoint or ""), "open_to", None)
        limited_to = g.staff.offices_in(g.commune.id, Role.AGENT if door == Role.AGENT else Role.RECEPTIONIST)
        g.workplaces = offices_of(read(), commune_id=g.commune.id, limited_to=limited_to, now=g.now)
    return g.workplaces  # type: ignore[no-any-return]


def offices() -> Sequence[Office]:
    """Those in use: where one can sit."""
    return workplaces().open


def closed_down() -> Sequence[Office]:
    """Those closed down. Nobody sits there, but what took place there is found, and settled, from wherever one sits."""
    return workplaces().closed


def office_here() -> Office | None:
    """The chosen office, else the first of the membership; ``None`` while the commune has none."""
    chosen = session.get("offices", {}).get(str(g.commune.id))
    return next((office for office in offices() if office.id == chosen), next(iter(offices()), None))


def office() -> Office:
    """The office all pages of the agent are about; the first closed down when none is in use.

    Raises ``Unknown`` while there is none.
    """
    here = office_here() or next(iter(closed_down()), None)
    if here is None:
        raise Unknown
    return here


def sit_down(code: str) -> Office:
    """Choose an office, kept in the signed cookie, and give it. Raises ``Unknown`` for one that is not theirs."""
    chosen = next((office for office in offices() if office.code == code), None)
    if chosen is None:
        raise Unknown
    session["offices"] = {**session.get("offices", {}), str(g.commune.id): chosen.id}
    return chosen


ABOUT_ONE_THING = {
    "agent.visit": "agent.agenda",
    "agent.move": "agent.agenda",
    "agent.cancel": "agent.agenda",
    "agent.correct_contact": "agent.agenda",
    "agent.counter_out": "agent.counters",
    "agent.breaks": "agent.counters",
    "agent.party_booked": "agent.party",
    "admin.session": "admin.hours",
    "admin.end_session": "admin.hours",
    "admin.counter": "admin.counters",
    "admin.counter_step": "admin.counters",
    "admin.office_step": "admin.counters",
}
"""Pages about something that one office alone has, with the page where another office has its own."""


def same_page(page: Whereabouts, here: Office) -> str | None:
    """The page for another office, with its view and its day; ``None`` for hours this person does not set there."""
    reach = g.staff.offices_in(g.commune.id, Role.ADMINISTRATOR)
    if "office" in page.values and reach is not None and here.id not in reach:
        return None
    endpoint = ABOUT_ONE_THING.get(page.endpoint, page.endpoint)
    about = {"number", "step"} if endpoint != page.endpoint else set()
    values = {name: value for name, value in page.values.items() if name not in about}
    if endpoint == "admin.counters":
        values.pop("office", None)
    elif "office" in values:
        values["office"] = here.code
    # A counter is narrowed to by its number, and that is none of the other office's.
    query = [(name, value) for name, value in page.query if name != "counter"]
    return replace(page, endpoint=endpoint, values=values, query=query).address()


def office_ids() -> tuple[int, ...]:
    return tuple(office.id for office in (*offices(), *closed_down()))


def looked_after() -> Sequence[Office]:
    """The offices whose loose ends are tied up from here: the chosen one, and those nobody sits in any more."""
    return [*filter(None, [office_here()]), *closed_down()]


def actor(at: int | None = None) -> Actor:
    """Who acts, for the journal: in their highest role in the commune, or in the office ``at`` which it is done.

    Only for an office of theirs.
    """
    roles = g.staff.roles_in(g.commune.id) if at is None else g.staff.roles_at(at, g.commune.id)
    highest = next(role for role in IN_A_COMMUNE if role in roles)
    return Actor(highest, g.staff.id, client())


def is_agent_at(office_id: int) -> bool:
    """Whether this person may do in an office what an agent does: one who is reception there does what it does."""
    return may_enter(Role.AGENT, g.staff.roles_at(office_id, g.commune.id))


def may_overbook(office_id: int) -> bool:
    """Whether this person may give an extra lane of an office when nothing is free there."""
    return actor(office_id).role in OVERBOOKING


@dataclass(frozen=True)
class Desk:
    """What the head of every staff page shows: where one sits, where else one may, and what waits to be settled."""

    office: Office | None
    offices: Sequence[Office]
    loose_ends: LooseEnds


def desk() -> Desk:
    """Counted once per request."""
    if "desk" not in g:
        g.desk = Desk(office_here(), offices(), loose_ends(read(), offices=looked_after(), now=g.now))
    return g.desk  # type: ignore[no-any-return]


def in_every_page() -> dict[str, Any]:
    """The head of a staff page is filled only where there is one."""
    return {"desk": desk, "own_names": OWN_NAMES, "is_agent_at": is_agent_at}
