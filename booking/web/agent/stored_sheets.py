"""The stored day sheets: handed out while the network is there, for when it is not."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, abort, g
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read, write
from booking.usecases.journal import note
from booking.usecases.sheets import kept_sheet
from booking.web.agent.desk import actor, office
from booking.web.guard import open_to

TYPES = {"pdf": "application/pdf", "html": "text/html"}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(f"/sheets/<day>.<any({','.join(TYPES)}):form>", "stored_sheet", stored_sheet)


@open_to(Role.RECEPTIONIST)
def stored_sheet(day: str, form: str) -> ResponseReturnValue:
    """One stored sheet of the office here, always as a file to be kept: it has its style inside, as no page of ours.

    The journal says who took it out of the house.
    """
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        abort(404)
    here = office()
    content = kept_sheet(read(), office=here, day=wanted, as_pdf=form == "pdf")
    taken = {"act": "downloaded", "subject": "office", "subject_id": here.id, "fields": ("name", "needs")}
    write(note, actor(here.id), commune_id=g.commune.id, **taken, now=g.now)
    answer = Response(content, mimetype=TYPES[form])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{here.code}-{wanted}.{form}")
    return answer
