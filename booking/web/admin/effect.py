"""The page between a change of hours and its saving: whom it touches, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField

from booking.core.changes import Change
from booking.core.errors import AlreadyClosed, BookingError, ReasonMissing, Undecided
from booking.core.opening import SessionRule
from booking.core.seen import check_seen
from booking.core.translated import OFFICIAL, Translated
from booking.database import read, write
from booking.usecases.effects import NOTHING, Decision, Outcome, effect_of
from booking.usecases.opening import make_change
from booking.web.admin.fields import ask_for, said_in, spread, texts
from booking.web.admin.listed import Listed, decisions_about, has_changed, is_of_the_list, listed, was_listed
from booking.web.admin.told import Part
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.contacts_seen import phones_seen
from booking.web.forms import Form, choices

OWN = ("csrf_token", "step", "switch_to", "why_fr", "why_nl", "why_en", "why_de")


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
        return "effect" if was_listed() else "form"
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
    except AlreadyClosed as refusal:
        if step() != "apply":
            return refused(refusal)
        # A button pressed twice: what was wanted is done.
        flash(sentence_of(refusal))
        return redirect(proposal.back, 303)
    except BookingError as refusal:
        return refused(refusal)


def applied(proposal: Proposal) -> ResponseReturnValue:
    """Make the change, if everybody whom it touches now was on the list that was decided about."""
    decided = proposal.decided()
    if not was_listed() or not decided.validate_on_submit():
        return effect_page(proposal, decided=decided, status=422 if decided.errors else 200)
    effect = effect_of(read(), commune_id=g.commune.id, change=proposal.change, now=g.now)
    if has_changed(effect):
        return effect_page(proposal, decided=decided, status=409)
    about, reason = decisions_about(effect), said_in(decided, "why")
    if len(about) < len(effect.ids):
        return effect_page(proposal, decided=decided, said=_("Say what becomes of each appointment."), status=422)
    try:
        outcome = write(
            make_change,
            commune_id=g.commune.id,
            change=proposal.change,
            decisions=about,
            reason=reason,
            seen=proposal.seen,
            actor=actor(),
            now=g.now,
        )
    except Undecided as refusal:
        return effect_page(proposal, decided=decided, said=sentence_of(refusal), status=409)
    except ReasonMissing:
        ask_for(decided, "why", reason.missing(OFFICIAL))
        return effect_page(proposal, decided=decided, status=422)
    flash(told(outcome))
    return redirect(url_for(".calls") if outcome.to_call else proposal.back, 303)


def effect_page(
    proposal: Proposal, *, decided: EffectForm | None = None, said: str | None = None, status: int = 200
) -> ResponseReturnValue:
    effect = effect_of(read(), commune_id=g.commune.id, change=proposal.change, now=g.now)
    shown = listed(effect)
    phones_seen(one.appointment.id for one in shown.to_call if one.appointment.phone)
    page = render_template(
        "admin/effect.html",
        proposal=proposal,
        effect=effect,
        listed=shown,
        decided=decided or proposal.decided(),
        said=said or (said_of_change(shown) if has_changed(effect) else None),
        carried=[(name, value) for name, value in request.form.items(multi=True) if is_carried(name)],
    )
    return page, status


def said_of_change(shown: Listed) -> str:
    """That the list is another one than a moment ago: somebody has come, or somebody has gone."""
    if shown.new:
        return sentence_of(Undecided(appointments=tuple(shown.new)))
    return _("The list has changed since it was shown. Look at it again before you save.")


def is_carried(name: str) -> bool:
    return name not in OWN and not is_of_the_list(name)


def told(outcome: Outcome) -> str:
    """What was done, in one or two sentences."""
    kept = ngettext("%(num)s appointment is kept.", "%(num)s appointments are kept.", len(outcome.kept))
    gone = ngettext("%(num)s appointment is cancelled.", "%(num)s appointments are cancelled.", len(outcome.cancelled))
    done = [sentence for number, sentence in ((outcome.kept, kept), (outcome.cancelled, gone)) if number]
    return " ".join([_("The change is saved."), *done]) if done else _("The change is saved. It touches nobody.")
