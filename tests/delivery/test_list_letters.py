"""What is written to whoever waits for an earlier appointment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from booking.delivery.mail import compose
from booking.delivery.writing import page, subject, text
from tests.delivery.letters import AN_OFFER, list_letter


def lines(said: str) -> str:
    """One text, with plain spaces."""
    return " ".join(said.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "fr",
            (
                "Une heure s’est libérée pour vous : jeudi 3 décembre 2026 à 8 h 30.",
                "Nous la gardons jusqu’à 12 h.",
                "Votre rendez-vous du mardi 12 janvier à 9 h 15 reste à vous",
            ),
        ),
        (
            "nl",
            (
                "Er is een tijdstip vrijgekomen voor u: donderdag 3 december 2026 om 8.30 uur.",
                "Wij houden het vrij tot 12 uur.",
                "Antwoordt u niet, dan blijft ze zoals ze is.",
            ),
        ),
    ],
)
def test_an_offer_says_when_it_is_until_when_and_what_stays(language: str, told: tuple[str, ...]) -> None:
    letter = list_letter(language=language)

    assert [one for one in told if one not in lines(text(letter))] == []
    assert letter.url.in_(language) in text(letter)
    assert f'href="{letter.url.in_(language)}"' in page(letter)


def test_until_another_day_says_the_day() -> None:
    kept = replace(AN_OFFER, until=datetime.combine(date(2026, 11, 21), time(7, 30)))

    assert "Nous la gardons jusqu’au samedi 21 novembre à 7 h 30." in lines(text(list_letter(offer=kept)))


def test_without_an_appointment_the_place_in_the_list_stays() -> None:
    said = lines(text(list_letter(offer=replace(AN_OFFER, present=None))))

    assert "vous gardez votre place sur la liste" in said
    assert "12 janvier" not in said


def test_the_address_is_proved_by_a_letter_that_anybody_may_have_asked_for() -> None:
    letter = list_letter(offer=None)

    assert subject(letter) == "Confirmez que vous souhaitez un rendez-vous plus proche"
    assert "Ce n’était pas vous ? Alors ne faites rien" in lines(text(letter))
    assert "Ana" not in text(letter)


@pytest.mark.parametrize("offer", [AN_OFFER, None])
def test_a_delicate_visit_is_not_named(offer: object) -> None:
    letter = list_letter(is_sensitive=True, offer=offer)

    assert "identité" not in text(letter) + page(letter) + subject(letter)
    assert "décembre" not in subject(letter)


def test_the_help_language_stands_beside_it_and_no_calendar_is_attached() -> None:
    message = compose(list_letter(help_language="de"))

    assert message["Content-Language"] == "fr, de"
    assert "Für Sie ist ein Termin frei geworden" in text(list_letter(help_language="de"))
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
