"""The page between a change of hours and its saving: whom it touches, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField

from booking.core.changes import Change
from booking.core.errors import BookingError, ReasonMissing, Undecided
from booking.core.opening import SessionRule
from booking.core.seen import check_seen
from booking.core.translated import OFFICIAL, Translated
from booking.core.typed import typed_number
from booking.database import read, write
from booking.usecases.effects import NOTHING, Decision, Effect, Outcome, effect_of
from booking.usecases.opening import make_change
from booking.web.admin.fields import ask_for, said_in, spread, texts
from booking.web.admin.told import Part
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.contacts_seen import phones_seen
from booking.web.forms import Form, choices

OWN = ("csrf_token", "step", "shown", "switch_to", "for_all", "why_fr", "why_nl", "why_en", "why_de")
DECISION = "decision-"


@texts("why", _l("Reason for the cancelled appointments"), most=300)
class EffectForm(Form):
    """What holds for everybody: a decision, for those without one of their own, and the reason in the messages."""

    for_all = RadioField(
        _l("For all of them"),
        choices=choices(((Decision.KEEP.value, _l("Keep")), (Decision.CANCEL.value, _l("Cancel")))),
        validate_choice=False,
    )


@dataclass(frozen=True)
class Proposal:
    """A change as it is shown: its heading, the change in sentences, and where to go when it is made or given up.

    ``former`` is the session that is to be changed or ended, ``seen`` the word for it as the form showed it,
    ``compared`` the same hours in words before and after, with what differs. ``reason`` is one already given,
    which those who are cancelled may be told too.
    """

    change: Change
    heading: str
    sentences: Sequence[str]
    back: str
    seen: str | None = None
    former: SessionRule | None = None
    compared: tuple[tuple[Part, ...], ...] = ()
    reason: Translated = NOTHING

    def decided(self) -> EffectForm:
        return EffectForm(data=spread("why", self.reason))


def step() -> str:
    """What the clerk wants to see: the ``form``, the ``effect`` of it, or to ``apply`` it.

    A page that is sent to be shown in another language stays the page it was.
    """
    if request.method != "POST":
        return "form"
    if g.switching:
        return "effect" if request.form.get("shown") == "effect" else "form"
    return request.form.get("step") or "effect"


def is_proposed(form: Form) -> bool:
    """Whether the form was sent to go on with, and is right."""
    return step() in {"effect", "apply"} and bool(form.validate())


def consider(proposal: Proposal, refused: Callable[[BookingError], ResponseReturnValue]) -> ResponseReturnValue:
    """Show the effect of a change, or make it when everybody is decided about.

    ``refused`` is the page to return to when the hours themselves are refused.
    """
    try:
        check_seen(proposal.seen, proposal.former)
        return applied(proposal) if step() == "apply" else effect_page(proposal)
    except BookingError as refusal:
        return refused(refusal)


def applied(proposal: Proposal) -> ResponseReturnValue:
    decided = proposal.decided()
    if not decided.validate_on_submit():
        return effect_page(proposal, decided=decided, status=422)
    reason = said_in(decided, "why")
    try:
        outcome = write(
            make_change,
            commune_id=g.commune.id,
            change=proposal.change,
            decisions=decisions(),
            reason=reason,
            seen=proposal.seen,
            actor=actor(),
            now=g.now,
        )
    except Undecided as refusal:
        if set(refusal.appointments) <= listed():
            return effect_page(proposal, decided=decided, said=_("Say what becomes of each appointment."), status=422)
        return effect_page(proposal, decided=decided, said=sentence_of(refusal), status=409)
    except ReasonMissing:
        ask_for(decided, "why", reason.missing(OFFICIAL))
        return effect_page(proposal, decided=decided, status=422)
    flash(told(outcome))
    return redirect(url_for(".calls") if outcome.to_call else proposal.back, 303)


def effect_page(
    proposal: Proposal, *, decided: EffectForm | None = None, said: str | None = None, status: int = 200
) -> ResponseReturnValue:
    effect: Effect = effect_of(read(), commune_id=g.commune.id, change=proposal.change, now=g.now)
    phones_seen(one.appointment.id for one in effect.to_call if one.appointment.phone)
    known, was_shown = listed(), request.form.get("shown") == "effect"
    page = render_template(
        "admin/effect.html",
        proposal=proposal,
        effect=effect,
        decided=decided or proposal.decided(),
        chosen={number: request.form.get(f"{DECISION}{number}") for number in known},
        new=set(effect.ids) - known if was_shown else set(),
        said=said,
        carried=[(name, value) for name, value in request.form.items(multi=True) if is_carried(name)],
    )
    return page, status


def is_carried(name: str) -> bool:
    return name not in OWN and not name.startswith(DECISION)


def listed() -> set[int]:
    """The appointments that were on the page that was sent."""
    numbers = [name.removeprefix(DECISION) for name in request.form if name.startswith(DECISION)]
    return {number for one in numbers if (number := typed_number(one)) is not None}


def decisions() -> dict[int, Decision]:
    """What was decided about each appointment on the page; a choice for all holds for those without one of their own.

    Only what was listed is decided about: somebody who came meanwhile is not covered by "all".
    """
    known: Any = {decision.value for decision in Decision}
    found: dict[int, Decision] = {}
    for number in listed():
        wish = request.form.get(f"{DECISION}{number}")
        wish = request.form.get("for_all") if wish == "all" else wish
        if wish in known:
            found[number] = Decision(wish)
    return found


def told(outcome: Outcome) -> str:
    """What was done, in one or two sentences."""
    kept = ngettext("%(num)s appointment is kept.", "%(num)s appointments are kept.", len(outcome.kept))
    gone = ngettext("%(num)s appointment is cancelled.", "%(num)s appointments are cancelled.", len(outcome.cancelled))
    done = [sentence for number, sentence in ((outcome.kept, kept), (outcome.cancelled, gone)) if number]
    return " ".join([_("The change is saved."), *done]) if done else _("The change is saved. It touches nobody.")
