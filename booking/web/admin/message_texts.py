"""What the commune says in its messages in its own words: each kind with its form, its preview and its test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from booking.core.errors import BookingError, ChangedMeanwhile, SentEnough, Unknown, UnknownBlanks
from booking.core.letters import VisitLetter
from booking.core.list_letters import ListLetter
from booking.core.message_texts import AS_EVERYWHERE, TextKind, Wording, unknown_blanks
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.core.translated import LANGUAGES, OFFICIAL
from booking.database import read, write
from booking.delivery.writing import page, subject, text
from booking.models import Person
from booking.usecases.message_texts import PARTS, change_text, own_kinds, send_test, wording_of
from booking.usecases.samples import sample
from booking.web.admin.fields import Asked, SeenForm, page_of, said_in, spread, texts
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.words.calendar import description, location, summary

KIND_WORDS = {
    TextKind.CONFIRMATION: _l("Appointment made"),
    TextKind.MOVED: _l("Appointment moved or changed"),
    TextKind.RESTORED: _l("Cancellation undone"),
    TextKind.REMINDER: _l("Reminder"),
    TextKind.CANCELLATION: _l("Cancelled by the person"),
    TextKind.CANCELLED_BY_COMMUNE: _l("Cancelled by the commune"),
    TextKind.PAUSED: _l("A system is down"),
    TextKind.LIST_PROOF: _l("List for an earlier appointment: confirm the address"),
    TextKind.LIST_OFFER: _l("List for an earlier appointment: a time has come free"),
    TextKind.LIST_OVER: _l("List for an earlier appointment: the time is no longer kept"),
}
BLANK_WORDS = {
    "name": _l("the name of who gets it"),
    "commune": _l("the name of the commune"),
    "phone": _l("its telephone number"),
    "moment": _l("day and time of the appointment"),
    "office": _l("the office"),
    "reference": _l("the reference"),
    "reason": _l("the reason that was given"),
}
PART_WORDS = {
    "subject": (_l("Subject"), 120, False),
    "opening": (_l("Before the facts"), 1500, True),
    "closing": (_l("After the facts"), 1500, True),
}
IN_A_MAIL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class TextForm(SeenForm):
    """A commune's own words for one kind of message."""

    def in_order(self) -> list[Field]:
        return [self[f"{part}_{language}"] for part in PARTS for language in LANGUAGES]

    def wording(self) -> Wording:
        return Wording(**{part: said_in(self, part) for part in PARTS})


def text_form(kind: TextKind, wording: Wording) -> TextForm:
    """The form as it was sent, or as there are words; a blank that this kind cannot fill is refused at its field."""

    class OfKind(TextForm):
        pass

    for part, (legend, most, long) in PART_WORDS.items():
        texts(part, legend, most=most, long=long, check=partial(check_blanks, kind), asked=Asked.TOGETHER)(OfKind)
    shown = {name: said for part in PARTS for name, said in spread(part, getattr(wording, part)).items()}
    return OfKind(data=shown, seen=word_for(wording))


def check_blanks(kind: TextKind, written: str) -> None:
    found = unknown_blanks(written, kind.blanks)
    if found:
        known = ", ".join(f"{{{blank}}}" for blank in kind.blanks)
        raise ValidationError(sentence_of(UnknownBlanks(blanks=", ".join(found), known=known)))


@dataclass(frozen=True)
class Shown:
    """A message as somebody gets it in one language: its subject, its text, and the entry in their calendar if any."""

    language: str
    subject: str
    text: str
    calendar: tuple[str, str, str] | None


def add_to(blueprint: Blueprint) -> None:
    kinds, languages = "','".join(TextKind), ",".join(OFFICIAL)
    own = f"/commune/texts/<any('{kinds}'):kind>"
    blueprint.add_url_rule("/commune/texts", "message_texts", message_texts)
    blueprint.add_url_rule(own, "message_text", message_text, methods=["GET", "POST"])
    by_mail = f"{own}/mail/<any({languages}):language>"
    blueprint.add_url_rule(by_mail, "mail_preview", mail_preview, methods=["POST"])
    blueprint.add_url_rule(f"{own}/test", "test_text", test_text, methods=["POST"])
    blueprint.add_url_rule(f"{own}/default", "default_text", default_text, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def message_texts() -> ResponseReturnValue:
    own = own_kinds(read(), commune_id=g.commune.id)
    return render_template("admin/message_texts.html", kinds=KIND_WORDS, own=own)


@open_to(Role.ADMINISTRATOR)
def message_text(kind: str) -> ResponseReturnValue:
    wanted = TextKind(kind)
    now_said = wording_of(read(), commune_id=g.commune.id, kind=wanted)
    form = text_form(wanted, now_said)
    if not form.validate_on_submit():
        return filled(form, wanted, None if form.errors else now_said)
    if request.form.get("step") == "preview":
        return filled(form, wanted, form.wording())
    own = {"commune_id": g.commune.id, "kind": wanted, "wording": form.wording(), "seen": form.seen.data}
    try:
        write(change_text, **own, actor=actor(), now=g.now)
    except ChangedMeanwhile as refusal:
        form.show_again(wording_of(read(), commune_id=g.commune.id, kind=wanted))
        return filled(form, wanted, form.wording(), refusal)
    flash(_l("The text is saved: messages have it from now on."))
    return redirect(url_for(".message_text", kind=kind), 303)


def filled(
    form: TextForm, kind: TextKind, wording: Wording | None, refusal: BookingError | None = None
) -> ResponseReturnValue:
    """The form, and below it how a message reads with these words; nothing while they are not right."""
    page: dict[str, Any] = {"kind": kind, "name": KIND_WORDS[kind], "blanks": {b: BLANK_WORDS[b] for b in kind.blanks}}
    page["previews"] = [preview(kind, wording, language) for language in OFFICIAL] if wording is not None else []
    page["own_address"] = own_address()
    page["is_own"] = kind in own_kinds(read(), commune_id=g.commune.id)
    return page_of(form, "admin/message_text.html", refusal=refusal, **page)


def preview(kind: TextKind, wording: Wording, language: str) -> Shown:
    letter = letter_in(kind, wording, language)
    has_calendar = isinstance(letter, VisitLetter) and letter.kind.nature.has_calendar
    entry = (summary(letter), location(letter), description(letter)) if has_calendar else None  # type: ignore[arg-type]
    return Shown(language, subject(letter), text(letter), entry)


def own_address() -> str:
    """Where tests go: to whoever looks."""
    return read().get_one(Person, g.staff.id).email


def letter_in(kind: TextKind, wording: Wording, language: str) -> VisitLetter | ListLetter:
    """The message with sample data as it would arrive: not marked as a test."""
    return replace(
        sample(
            read(),
            commune=g.commune,
            kind=kind,
            language=language,
            recipient=own_address(),
            wording=wording,
            base_url=current_app.extensions["settings"].base_url,
            now=g.now,
        ),
        is_sample=False,
    )


@open_to(Role.ADMINISTRATOR)
def mail_preview(kind: str, language: str) -> ResponseReturnValue:
    """What is typed, as the HTML of a mail: with the styles inside that mail needs, and nothing that runs."""
    wanted = TextKind(kind)
    form = text_form(wanted, AS_EVERYWHERE)
    if not form.validate_on_submit():
        return filled(form, wanted, None)
    answer = current_app.response_class(page(letter_in(wanted, form.wording(), language)), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = IN_A_MAIL
    return answer


@open_to(Role.ADMINISTRATOR)
def test_text(kind: str) -> ResponseReturnValue:
    if Form().validate_on_submit():
        own = {"commune_id": g.commune.id, "person_id": g.staff.id, "kind": TextKind(kind)}
        try:
            write(send_test, **own, actor=actor(), now=g.now)
        except SentEnough as refusal:
            flash(sentence_of(refusal), "warn")
        else:
            flash(_l("Two tests are on their way to %(address)s, in French and in Dutch.", address=own_address()))
    return redirect(url_for(".message_text", kind=kind), 303)


@open_to(Role.ADMINISTRATOR)
def default_text(kind: str) -> ResponseReturnValue:
    wanted, form = TextKind(kind), Form()
    if wanted not in own_kinds(read(), commune_id=g.commune.id):
        raise Unknown
    if form.validate_on_submit():
        write(change_text, commune_id=g.commune.id, kind=wanted, wording=AS_EVERYWHERE, actor=actor(), now=g.now)
        flash(_l("Messages of this kind read as everywhere again."))
        return redirect(url_for(".message_text", kind=kind), 303)
    return render_template("admin/message_default.html", form=form, kind=wanted, name=KIND_WORDS[wanted])
