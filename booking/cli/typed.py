"""What is typed after an option, made good or refused."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click
import phonenumbers
from email_validator import EmailNotValidError, validate_email

from booking.cli.refusals import told
from booking.core.errors import BookingError
from booking.core.text import clean, clean_name
from booking.usecases.communes import word_in_addresses

LONGEST_ADDRESS = 254
POSTCODE = re.compile("[1-9][0-9]{3}")


def an_address(context: click.Context, option: click.Parameter, typed: str) -> str:
    """One e-mail address, as a letter could carry it."""
    try:
        return validate_email(clean(typed)[: LONGEST_ADDRESS + 1], check_deliverability=False).normalized
    except EmailNotValidError as fault:
        raise click.BadParameter("Write one e-mail address, like name@commune.be.") from fault


def a_name(context: click.Context, option: click.Parameter, typed: str) -> str:
    try:
        return clean_name(typed)
    except BookingError as refusal:
        raise click.BadParameter(told(refusal)) from refusal


def a_phone(context: click.Context, option: click.Parameter, typed: str) -> str:
    """A number that can be dialled, in E.164: Belgian unless it says otherwise."""
    try:
        number = phonenumbers.parse(typed, "BE")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise click.BadParameter("Write a telephone number like +3225550100.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def a_word(context: click.Context, option: click.Parameter, typed: str) -> str:
    """A word for addresses as it will stand in them."""
    word = word_in_addresses(typed)
    if not word:
        raise click.BadParameter("Write a word of letters, digits and hyphens, like val-saint-pierre.")
    return word


def postcodes(context: click.Context, option: click.Parameter, typed: Sequence[str]) -> Sequence[str]:
    if not all(POSTCODE.fullmatch(one) for one in typed):
        raise click.BadParameter("Write a postcode of four digits, like 1190.")
    return typed
