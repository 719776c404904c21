"""A letter as a text message: no name, no service, at most two parts, in the language of the person alone."""

from __future__ import annotations

from typing import Final, NamedTuple

from booking.core.letters import LetterKind, VisitLetter
from booking.delivery.gsm import TWO_PARTS, in_gsm, places
from booking.words import formatting
from booking.words.catalogues import texts

_l = str  # Marks a text for the translators; it is looked up when its language is known.


class Short(NamedTuple):
    """What is said, and what is left of it where there is no room or nothing to fill a blank with."""

    whole: str
    brief: str


SHORT: Final = {
    LetterKind.CONFIRMATION: Short(
        _l(
            "%(commune)s: your appointment is made, %(moment)s, %(place)s. Reference: %(reference)s. Questions: %(way)s"
        ),
        _l("%(commune)s: your appointment is made, %(moment)s. Reference: %(reference)s. Questions: %(way)s"),
    ),
    LetterKind.MOVED: Short(
        _l(
            "%(commune)s: your appointment has changed. It is now %(moment)s, %(place)s. Reference: %(reference)s. "
            "Questions: %(way)s"
        ),
        _l(
            "%(commune)s: your appointment has changed. It is now %(moment)s. Reference: %(reference)s. "
            "Questions: %(way)s"
        ),
    ),
    LetterKind.REMINDER: Short(
        _l(
            "%(commune)s: reminder of your appointment, %(moment)s, %(place)s. Reference: %(reference)s. "
            "Cannot come? Please tell us: %(way)s"
        ),
        _l("%(commune)s: reminder of your appointment, %(moment)s. Reference: %(reference)s. Cannot come? %(way)s"),
    ),
    LetterKind.CANCELLED_BY_COMMUNE: Short(
        _l(
            "%(commune)s: we have to cancel your appointment on %(moment)s. Reason: %(reason)s. "
            "For a new appointment: %(way)s"
        ),
        _l("%(commune)s: we have to cancel your appointment on %(moment)s. For a new appointment: %(way)s"),
    ),
}
"""The kinds of letters with a short form. Of another kind, whoever has no e-mail address hears nothing."""


def short_text(letter: VisitLetter) -> str:
    """The text message for a letter of a kind in ``SHORT``, in the letters of a telephone."""
    language, office = letter.language, letter.office
    short, catalogue = SHORT[letter.kind], texts(letter.language)
    name, address = office.name.in_(language), office.address.in_(language)
    facts = {
        "commune": letter.commune.name.in_(language),
        "moment": formatting.moment_without_year(letter.day, letter.wall, language),
        "reference": formatting.reference_shown(letter.reference),
        "reason": letter.reason.in_(language).strip().rstrip("."),
        "way": formatting.phone_shown(letter.commune.phone, language)
        if letter.commune.phone
        else letter.commune.home_url.in_(language),
    }
    tries = [(short.brief, name)]
    if letter.reason or letter.kind != LetterKind.CANCELLED_BY_COMMUNE:
        tries = [(short.whole, f"{name}, {address}"), (short.whole, name), *tries]
    said = [in_gsm(catalogue.gettext(text) % (facts | {"place": place})) for text, place in tries]
    return next((one for one in said if places(one) <= TWO_PARTS), said[-1][:TWO_PARTS])
