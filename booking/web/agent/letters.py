"""Letters to people without e-mail: shown, printed from the browser, or as one PDF file."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import Unknown
from booking.core.letters import VisitLetter
from booking.core.roles import Role
from booking.core.timespan import local_date
from booking.core.translated import OFFICIAL
from booking.database import read
from booking.paper.pdf import NoPrinter, pdf_of
from booking.usecases.calls import calls
from booking.usecases.paper_letters import letters_on_paper
from booking.web.agent.calls import day_wished
from booking.web.agent.desk import looked_after, office_ids
from booking.web.contacts_seen import visits_seen
from booking.web.guard import open_to
from booking.web.languages import speaking
from booking.words.catalogues import INTERFACE_LANGUAGES


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/visits/<row:number>/letter", "letter", letter)
    blueprint.add_url_rule("/visits/<row:number>/letter.pdf", "letter_file", letter_file)
    blueprint.add_url_rule("/calls/letters", "letters", letters)
    blueprint.add_url_rule("/calls/letters.pdf", "letters_file", letters_file)


@open_to(Role.RECEPTIONIST)
def letter(number: int) -> ResponseReturnValue:
    """The letter about one visit, as it will be on paper."""
    return shown(letters_about([number]), url_for(".visit", number=number), url_for(".letter_file", number=number))


@open_to(Role.RECEPTIONIST)
def letter_file(number: int) -> ResponseReturnValue:
    return printed(letters_about([number]), instead=url_for(".letter", number=number))


@open_to(Role.RECEPTIONIST)
def letters() -> ResponseReturnValue:
    """All letters of the call list, each on a sheet of its own."""
    day = day_wished()
    return shown(letters_to_call(), url_for(".calls", day=day), url_for(".letters_file", day=day))


@open_to(Role.RECEPTIONIST)
def letters_file() -> ResponseReturnValue:
    return printed(letters_to_call(), instead=url_for(".letters", day=day_wished()))


def letters_to_call() -> Sequence[VisitLetter]:
    found = calls(read(), offices=looked_after(), day=day_wished(), now=g.now)
    return letters_about([one.visit.id for one in found]) if found else ()


def letters_about(numbers: Sequence[int]) -> Sequence[VisitLetter]:
    """The letters, and a line in the journal for each visit that was opened so. Raises ``Unknown``."""
    own = {"commune_id": g.commune.id, "office_ids": office_ids(), "appointment_ids": numbers}
    found = letters_on_paper(read(), **own, base_url=current_app.extensions["settings"].base_url, now=g.now)
    if not found:
        raise Unknown
    visits_seen(numbers)
    return found


def shown(found: Sequence[VisitLetter], back: str, file: str) -> ResponseReturnValue:
    return render_template("agent/letters.html", letters=sheets(found), back=back, file=file)


def printed(found: Sequence[VisitLetter], *, instead: str) -> ResponseReturnValue:
    """One file with all letters; where there are none or no file can be made, the page that a browser prints."""
    if not found:
        return redirect(instead, 303)
    page = render_template("agent/letters_file.html", letters=sheets(found))
    try:
        content = pdf_of(page)
    except NoPrinter:
        flash(_("This machine makes no PDF files. Print this page instead."))
        return redirect(instead, 303)
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename="letters.pdf")
    return answer


def sheets(found: Sequence[VisitLetter]) -> list[list[tuple[str, str]]]:
    """The pages of each letter: in which language, and what stands on it."""
    today = local_date(g.now, g.commune.zone)
    return [[(language, sheet_in(language, one, today)) for language in languages_of(one)] for one in found]


def languages_of(one: VisitLetter) -> Sequence[str]:
    """The person's own language, then the one that helps; both official ones where theirs is not known."""
    known = [one.language] if one.language else list(OFFICIAL)
    helping = [one.help_language] if one.help_language in INTERFACE_LANGUAGES else []
    return [*dict.fromkeys([*known, *filter(None, helping)])]


def sheet_in(language: str, one: VisitLetter, today: object) -> str:
    with speaking(language):
        return render_template("agent/letter_text.html", letter=one, code=language, today=today)
