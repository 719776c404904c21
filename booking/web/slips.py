"""The appointment slip: one page in French and Dutch, for an A4 sheet or a receipt of 80 mm."""

from __future__ import annotations

import segno
from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from booking.core.letters import VisitLetter
from booking.core.translated import OFFICIAL
from booking.database import read
from booking.models import Appointment
from booking.usecases.letters import visit_letter
from booking.web.languages import speaking
from booking.words.formatting import date_sentence

RECEIPT = "receipt"


def slip_of(appointment: Appointment, back: str) -> ResponseReturnValue:
    """What a person takes home; the language at the counter comes first. ``back`` is where the page leads back to."""
    letter = visit_letter(read(), appointment=appointment, base_url=current_app.extensions["settings"].base_url)
    order = sorted(OFFICIAL, key=lambda one: one != letter.language)
    return render_template(
        "resident/slip.html",
        letter=letter,
        days=[(language, date_sentence(letter.day, language)) for language in order],
        halves=[half_in(language, letter) for language in order],
        code=qr_code(letter.reference),
        is_receipt=request.args.get("paper") == RECEIPT,
        back=back,
    )


def half_in(language: str, letter: VisitLetter) -> str:
    with speaking(language):
        return render_template("resident/slip_half.html", letter=letter, code=language)


def qr_code(reference: str) -> str:
    """The reference as a QR code (ISO/IEC 18004), drawn in the page: it says nothing to whoever cannot look it up."""
    return str(segno.make(reference, micro=False, error="m").svg_inline(omitsize=True, border=2))
