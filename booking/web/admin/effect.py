"""The page between a change of hours and its saving: whom it touches, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, Field, RadioField

from booking.core.changes import Change, Retire
from booking.core.errors import AlreadyClosed, BookingError, ReasonMissing, Undecided
from booking.core.rebookings import LONGEST_ANSWER_DAYS, AnswerTerms, Silence
from booking.core.seen import check_seen
from booking.core.translated import OFFICIAL, Translated
from booking.database import read, write
from booking.usecases.counter_changes import retire
from booking.usecases.effects import NOTHING, Decision, Effect, effect_of
from booking.usecases.opening import make_change
from booking.usecases.settling import Outcome, Wanted
from booking.web.admin.fields import NumberField, ask_for, said_in, spread, texts
from booking.web.admin.listed import (
    Listed,
    decided_singly,
    decisions_about,
    has_changed,
    is_of_the_list,
    listed,
    was_listed,
)
from booking.web.admin.told import Part
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.contacts_seen import phones_seen
from booking.web.forms import Form, choices

WHYS = ("why_fr", "why_nl", "why_en", "why_de")
OWN = ("csrf_token", "step", "switch_to", "move", "silence", "answer_days", *WHYS)
DECISIONS = (
    (Decision.PROPOSE.value, _l("Propose another time")),
    (Decision.KEEP.value, _l("Keep")),
    (Decision.CANCEL.value, _l("Cancel")),
)
SILENCES = (
    (Silence.CALL.value, _l("We call them")),
    (Silence.CANCEL.value, _l("The appointment is cancelled")),
)


@texts("why", _l("Reason, for those who are asked or cancelled"), most=300)
class EffectForm(Form):
    """What holds for everybody: whether those stay at their time who can, a decision for those without one of their
    own, how long people may think and what their silence means, and the reason in the messages.
    """

    move = BooleanField()
    for_all = RadioField(_l("For all of them"), choices=choices(DECISIONS), validate_choice=False)
    silence = RadioField(_l("Who does not answer in time"), choices=choices(SILENCES), default=Silence.CALL.value)
    answer_days = NumberField(_l("Days to answer"), least=1, most=LONGEST_ANSWER_DAYS)

    def in_order(self) -> list[Field]:
        return [self.for_all, self.answer_days, self.silence, *(self[name] for name in WHYS)]

    def answer(self) -> AnswerTerms:
        """Only after the form was found valid."""
        return AnswerTerms(timedelta(days=self.answer_days.number()), Silence(self.silence.data))


@dataclass(frozen=True)
class Proposal:
    """A change as it is shown: its heading, the change in sentences, and where to go when it is made or given up.

    ``former`` is the session that is to be changed or ended, ``seen`` the word for it as the form showed it,
    ``compared`` the same hours in words before and after, with what differs. ``reason`` is one already given,
    which those who are cancelled may be told too. ``verb`` is what makes the change. Where nobody may be kept
    (``may_keep`` off), that is not offered; without a form (``has_form`` off) there is none to go back to. What is no
    change of hours or counters (no ``change``) has an effect ``seen_by`` something else.
    """

    change: Change | None
    heading: str
    sentences: Sequence[str]
    back: str
    seen: str | None = None
    former: object = None
    compared: tuple[tuple[Part, ...], ...] = ()
    reason: Translated = NOTHING
    verb: Callable[..., Outcome] = make_change
    seen_by: Callable[[], Effect] | None = None
    may_keep: bool = True
    has_form: bool = True

    def decided(self) -> EffectForm:
        days = str(current_app.extensions["settings"].answer_days)
        form = EffectForm(data=spread("why", self.reason) | {"answer_days": days})
        if not was_listed():
            form.move.data = True
        if not self.may_keep:
            form.for_all.choices = choices(pair for pair in DECISIONS if pair[0] != Decision.KEEP)
        return form

    def effect(self) -> Effect:
        """Whom it would touch if it were made now."""
        if self.change is None:
            return self.seen_by() if self.seen_by else Effect(())
        return effect_of(read(), commune_id=g.commune.id, change=self.change, now=g.now)

    @property
    def decisions(self) -> list[tuple[str, Any]]:
        """What can be chosen for one person."""
        return [(value, words) for value, words in DECISIONS if self.may_keep or value != Decision.KEEP]


def retiring(change: Retire, heading: str, back: str) -> Proposal:
    """A counter or an office that is taken out of use: nobody is kept there."""
    sentences = [_("No appointments are offered there any more. What took place there stays in the agenda.")]
    return Proposal(change, heading, sentences, back, verb=retire, may_keep=False, has_form=False)


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


def touches(proposal: Proposal) -> bool:
    """Whether a change has an effect to be seen first, or had one when it was shown."""
    return was_listed() or bool(proposal.effect().touched)


def applied(proposal: Proposal) -> ResponseReturnValue:
    """Make the change, if everybody whom it touches now was on the list that was decided about."""
    decided = proposal.decided()
    if not was_listed() or not decided.validate_on_submit():
        return effect_page(proposal, decided=decided, status=422 if decided.errors else 200)
    effect = proposal.effect()
    if has_changed(effect):
        return effect_page(proposal, decided=decided, status=409)
    wanted = wanted_for(effect, decided)
    if len(wanted.decisions) + len(wanted.moving) < len(effect.ids):
        return effect_page(proposal, decided=decided, said=_("Say what becomes of each appointment."), status=422)
    try:
        told_ = {"wanted": wanted, "seen": proposal.seen} | ({"change": proposal.change} if proposal.change else {})
        outcome = write(proposal.verb, commune_id=g.commune.id, **told_, actor=actor(), now=g.now)
    except Undecided as refusal:
        return effect_page(proposal, decided=decided, said=sentence_of(refusal), status=409)
    except ReasonMissing:
        ask_for(decided, "why", wanted.reason.missing(OFFICIAL))
        return effect_page(proposal, decided=decided, status=422)
    flash(told(outcome))
    return redirect(after(outcome, proposal), 303)


def wanted_for(effect: Effect, decided: EffectForm) -> Wanted:
    """What was chosen: who was decided about one by one is not moved, whatever holds for the others."""
    singly = decided_singly()
    moving = frozenset(one for one in effect.elsewhere if decided.move.data and one not in singly)
    about = {one: decision for one, decision in decisions_about(effect).items() if one not in moving}
    return Wanted(about, said_in(decided, "why"), moving, decided.answer())


def after(outcome: Outcome, proposal: Proposal) -> str:
    """Where everybody can be followed, else whom to ring, else where the change was made."""
    if outcome.rebooking_id is not None:
        return url_for("admin.rebooking", number=outcome.rebooking_id)
    return url_for("admin.calls") if outcome.to_call else proposal.back


def effect_page(
    proposal: Proposal, *, decided: EffectForm | None = None, said: str | None = None, status: int = 200
) -> ResponseReturnValue:
    effect = proposal.effect()
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
    """What was done, in a few sentences."""
    moved, asked, kept, gone = (len(ids) for ids in (outcome.moved, outcome.proposed, outcome.kept, outcome.cancelled))
    sentences = (
        (moved, ngettext("%(num)s appointment keeps its time.", "%(num)s appointments keep their time.", moved)),
        (
            asked,
            ngettext(
                "For %(num)s person another time is being looked for.",
                "For %(num)s people another time is being looked for.",
                asked,
            ),
        ),
        (kept, ngettext("%(num)s appointment is kept.", "%(num)s appointments are kept.", kept)),
        (gone, ngettext("%(num)s appointment is cancelled.", "%(num)s appointments are cancelled.", gone)),
    )
    done = [sentence for number, sentence in sentences if number]
    return " ".join([_("The change is saved."), *done]) if done else _("The change is saved. It touches nobody.")
