"""Refusals with a number in them: said as the number asks for, in the reader's language."""

from __future__ import annotations

import pytest
from flask import Flask, g

from booking.core.errors import BookingError, TooManyAppointments, TooManyPersons, TooManyTries
from booking.web.answers import sentence_of

pytestmark = pytest.mark.engines("sqlite")


@pytest.mark.parametrize(
    ("refusal", "language", "words"),
    [
        (TooManyTries(minutes=1), "fr", "Attendez 1~minute et réessayez"),
        (TooManyTries(minutes=5), "fr", "Attendez 5~minutes et réessayez"),
        (TooManyTries(minutes=1), "nl", "Wacht 1~minuut en probeer"),
        (TooManyTries(minutes=5), "nl", "Wacht 5~minuten en probeer"),
        (TooManyTries(minutes=1), "en", "Please wait 1~minute and try"),
        (TooManyPersons(limit=1), "fr", "limité à 1~personne."),
        (TooManyPersons(limit=4), "fr", "limité à 4~personnes."),
        (TooManyPersons(limit=1), "nl", "hoogstens 1~persoon."),
        (TooManyPersons(limit=4), "nl", "hoogstens 4~personen."),
        (TooManyPersons(limit=1), "en", "at most 1 person."),
        (TooManyPersons(limit=4), "en", "at most 4 people."),
        (TooManyAppointments(limit=1), "fr", "Annulez-le si"),
        (TooManyAppointments(limit=4), "fr", "Annulez-en un"),
        (TooManyAppointments(limit=1), "nl", "Er is al 1 komende afspraak"),
        (TooManyAppointments(limit=4), "nl", "Er zijn al 4 komende afspraken"),
    ],
)
def test_a_number_is_followed_by_the_word_it_asks_for(
    app: Flask, refusal: BookingError, language: str, words: str
) -> None:
    with app.test_request_context():
        g.language = language
        assert words in sentence_of(refusal).replace("\u00a0", "~")
