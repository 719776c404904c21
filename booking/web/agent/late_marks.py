"""Visits about which two things were said, one of them without a connection: somebody decides."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import ForbiddenMove, NotMissedYet, OutOfDate, TooEarlyToMark, TooLateToArrive
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.usecases.late_marks import decide, leave_as_is, undecided
from booking.usecases.visits_found import office_of_visit
from booking.web.agent.desk import actor, looked_after
from booking.web.agent.forms import DecisionForm
from booking.web.agent.visits import refuse_what_agents_say
from booking.web.answers import answer
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/late-marks", "late_marks", late_marks, methods=["GET", "POST"])


@open_to(Role.RECEPTIONIST)
def late_marks() -> ResponseReturnValue:
    """What was said, what is true now and who said so, with what can be decided. A decision leads back here."""
    form, scope = DecisionForm(), {"commune_id": g.commune.id, "office_ids": [one.id for one in looked_after()]}
    try:
        if form.validate_on_submit():
            as_it_is = typed_number(form.leave.data or "")
            if as_it_is:
                at = office_of_visit(read(), **scope, appointment_id=as_it_is)
                write(leave_as_is, **scope, appointment_id=as_it_is, actor=actor(at), now=g.now)
            else:
                mark, number, version = form.wish()
                at = refuse_what_agents_say(mark, number)
                seen = {"appointment_id": number, "version": version}
                write(decide, **scope, **seen, mark=mark, actor=actor(at), now=g.now)
            return redirect(url_for(".late_marks"), 303)
    except ValueError:
        abort(400)
    except (OutOfDate, ForbiddenMove, TooEarlyToMark, NotMissedYet, TooLateToArrive) as refusal:
        return answer(refusal, "agent/late_marks.html", found=undecided(read(), **scope, now=g.now))
    return render_template("agent/late_marks.html", found=undecided(read(), **scope, now=g.now))
