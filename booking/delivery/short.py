"""A letter as a text message: no name, no service, at most two parts, in the language of the person alone."""

from __future__ import annotations

from typing import Final, NamedTuple

from booking.core.letters import LetterKind, VisitLetter
from booking.core.list_letters import ListLetter
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
            "%(commune)s: your appointment is made, %(moment)s, %(place)s. Reference: %(reference)s. "
            "To change or cancel it: %(way)s"
        ),
        _l(
            "%(commune)s: your appointment is made, %(moment)s. Reference: %(reference)s. "
            "To change or cancel it: %(way)s"
        ),
    ),
    LetterKind.MOVED: Short(
        _l(
            "%(commune)s: your appointment has changed. It is now %(moment)s, %(place)s. Reference: %(reference)s. "
            "To change or cancel it: %(way)s"
        ),
        _l(
            "%(commune)s: your appointment has changed. It is now %(moment)s. Reference: %(reference)s. "
            "To change or cancel it: %(way)s"
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
    LetterKind.PAUSED: Short(
        _l(
            "%(commune)s: a system is down at the moment, and your appointment, %(moment)s, %(place)s, "
            "may not go ahead. You can choose another time: %(way)s"
        ),
        _l(
            "%(commune)s: a system is down at the moment, and your appointment, %(moment)s, may not go ahead. "
            "You can choose another time: %(way)s"
        ),
    ),
    LetterKind.REBOOKING: Short(
        _l(
            "%(commune)s: we cannot receive you on %(moment)s. Held for you instead, until %(until)s: %(new)s, "
            "%(place)s. Accept it, choose another time or cancel: %(way)s"
        ),
        _l("%(commune)s: we cannot receive you on %(moment)s. Held for you until %(until)s: %(new)s. Answer: %(way)s"),
    ),
}
"""The kinds of letters with a short form. Of another kind, whoever has no e-mail address hears nothing."""

ASKING: Final = Short(
    _l(
        "%(commune)s: reminder of your appointment, %(moment)s, %(place)s. Reference: %(reference)s. "
        "Please say whether you are coming: %(way)s"
    ),
    _l(
        "%(commune)s: reminder of your appointment, %(moment)s. Reference: %(reference)s. "
        "Please say whether you are coming: %(way)s"
    ),
)
"""A reminder of a visit for which the office would like to know whether one comes."""


LIST_PROOF: Final = _l(
    "%(commune)s: somebody, probably you, asked to be told of an earlier appointment. "
    "Confirm it with this link: %(way)s"
)
OFFER: Final = _l(
    "%(commune)s: a time has come free for you, %(moment)s, %(place)s. We are keeping it until %(until)s. "
    "Take it or leave it: %(way)s"
)
OFFER_UNTIL_A_DAY: Final = _l(
    "%(commune)s: a time has come free for you, %(moment)s, %(place)s. We are keeping it until %(until_day)s. "
    "Take it or leave it: %(way)s"
)

OVER: Final = _l(
    "%(commune)s: we are no longer keeping the time that came free for you. You keep your place in the list, and there "
    "is nothing you have to do: %(way)s"
)


def has_short(letter: VisitLetter | ListLetter) -> bool:
    return isinstance(letter, ListLetter) or letter.kind in SHORT


def short_text(letter: VisitLetter | ListLetter) -> str:
    """The text message for a letter that has one, in the letters of a telephone."""
    return short_of_list(letter) if isinstance(letter, ListLetter) else short_of_visit(letter)


def short_of_list(letter: ListLetter) -> str:
    """What somebody in the list is told."""
    language, way = letter.language, letter.short_url.in_(letter.language)
    facts, text, places_named = {"commune": letter.commune.name.in_(language), "way": way}, LIST_PROOF, ("",)
    if letter.over:
        text = OVER
    if letter.offer:
        offer, until = letter.offer, letter.offer.until
        name, address = offer.office.name.in_(language), offer.office.address.in_(language)
        facts["moment"] = formatting.moment_without_year(offer.day, offer.wall, language)
        facts["until"] = formatting.time_sentence(until.time(), language)
        facts["until_day"] = formatting.moment_without_year(until.date(), until.time(), language)
        text = OFFER if until.date() == offer.told_on else OFFER_UNTIL_A_DAY
        places_named = (f"{name}, {address}", name)
    pattern = texts(language).gettext(text)
    said = [in_gsm(pattern % (facts | {"place": place})) for place in places_named]
    return next((one for one in said if places(one) <= TWO_PARTS), shortened(said[-1], way))


def short_of_visit(letter: VisitLetter) -> str:
    language, office = letter.language, letter.office
    short = ASKING if letter.kind == LetterKind.REMINDER and letter.asks_coming else SHORT[letter.kind]
    catalogue, way = texts(letter.language), way_back(letter)
    proposal = letter.proposal
    if proposal:
        office = proposal.office
    name, address = office.name.in_(language), office.address.in_(language)
    facts = {
        "commune": letter.commune.name.in_(language),
        "moment": formatting.moment_without_year(letter.day, letter.wall, language),
        "reference": formatting.reference_shown(letter.reference),
        "reason": letter.reason.in_(language).strip().rstrip("."),
        "way": way,
    }
    if proposal:
        until = proposal.until
        facts["new"] = formatting.moment_without_year(proposal.day, proposal.wall, language)
        facts["until"] = formatting.moment_without_year(until.date(), until.time(), language)
    tries = [(short.brief, name)]
    if letter.reason or letter.kind != LetterKind.CANCELLED_BY_COMMUNE:
        tries = [(short.whole, f"{name}, {address}"), (short.whole, name), *tries]
    said = [in_gsm(catalogue.gettext(text) % (facts | {"place": place})) for text, place in tries]
    return next((one for one in said if places(one) <= TWO_PARTS), shortened(said[-1], way))


def way_back(letter: VisitLetter) -> str:
    """Whom to call, and the link to the appointment's page; of a visit that ends, where to make another."""
    language, phone = letter.language, letter.commune.phone
    called = formatting.phone_shown(phone, language) if phone else ""
    if letter.kind.ends_the_visit:
        return called or letter.commune.home_url.in_(language)
    return ", ".join(filter(None, (called, letter.short_url.in_(language))))


def shortened(said: str, way: str) -> str:
    """What has no room loses its middle: a link is whole or it leads nowhere."""
    end = f" {in_gsm(way)}"
    return said[: TWO_PARTS - len(end)] + end
