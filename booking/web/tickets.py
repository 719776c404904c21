"""A ticket on paper: in French and in Dutch, for a receipt of 80 mm, with a code that leads to its page."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from flask import current_app, render_template, url_for

from booking.core.translated import OFFICIAL
from booking.usecases.ticket_slips import TicketSlip
from booking.web.languages import speaking


@dataclass(frozen=True)
class PrintedTicket:
    """A slip ready to be shown: its two halves, and the code that leads to the page of the ticket."""

    slip: TicketSlip
    halves: list[tuple[str, str]]
    code: str


def printed(slip: TicketSlip) -> PrintedTicket:
    """The language at the counter comes first; the page of the ticket opens in it too."""
    order = sorted(OFFICIAL, key=lambda one: one != slip.language)
    halves = [(language, half_in(language, slip)) for language in order]
    return PrintedTicket(slip, halves, code_of(slip))


def half_in(language: str, slip: TicketSlip) -> str:
    with speaking(language):
        return render_template("parts/ticket_half.html", slip=slip, code=language)


def code_of(slip: TicketSlip) -> str:
    """The address of the ticket's page as a QR code: whoever reads it learns a number and a wait, and no name."""
    address = current_app.extensions["settings"].base_url + status_address(slip.status_key, slip.language)
    return str(segno.make(address, micro=False, error="m").svg_inline(omitsize=True, border=2))


def status_address(key: str, language: str) -> str:
    """The page of a ticket, for whoever has its key."""
    return url_for("resident.status", key=key, lang=language)
