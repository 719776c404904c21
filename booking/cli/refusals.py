"""What a command says when it is refused."""

from __future__ import annotations

from collections.abc import Mapping

import click
from sqlalchemy.exc import DBAPIError

from booking.core import errors
from booking.core.errors import BookingError
from booking.database import is_absence, is_outdated

SENTENCES: Mapping[type[BookingError], str] = {
    errors.AddressTaken: "There is already an account with this e-mail address.",
    errors.LetterTaken: "A group that has to stay has the letter of another one.",
    errors.LooksLikeNationalNumber: "This looks like a national register number, which is not stored.",
    errors.LettersUsedUp: "There is no letter left for the tickets of one more group.",
    errors.NameMissing: "A name has at least one letter, of any script.",
    errors.NotInProduction: "This is only for demonstrations and development.",
    errors.OtherName: "This is not the name of the commune.",
    errors.PasswordTooCommon: "This password is one of the first that others would try. Choose another one.",
    errors.PasswordTooShort: "A password has at least {limit} characters.",
    errors.SlugTaken: "Another commune already has this word in its addresses.",
    errors.TextMissing: "A commune needs its name and its postal address in French and in Dutch.",
    errors.TextTooLong: "This is too long: at most {limit} characters.",
    errors.UnknownZone: "There is no time zone of this name: write one like Europe/Brussels.",
    errors.VisitsToCome: "{number} appointments are still to come: settle them, or add --with-appointments.",
}
"""The refusals that a command can meet; their facts fill the blanks."""


class refusing:
    """A refusal of the floors below, and a database that is not ready, end a command with one line and no traceback."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, fault: BaseException | None, at: object) -> None:
        if isinstance(fault, BookingError):
            raise click.ClickException(told(fault)) from fault
        if isinstance(fault, DBAPIError) and is_outdated(fault):
            raise click.ClickException("The database is not up to date: run flask --app app db upgrade") from fault
        if isinstance(fault, DBAPIError) and is_absence(fault):
            said = str(fault.orig).partition("\n")[0]
            raise click.ClickException(f"The database does not answer: {said}") from fault


def told(refusal: BookingError) -> str:
    if isinstance(refusal, errors.Unknown):
        return " ".join(f"There is no {thing} {word}." for thing, word in refusal.facts.items())
    return SENTENCES[type(refusal)].format_map(refusal.facts)
