"""What is written to whoever waits for an earlier appointment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from booking.core.list_letters import OverFacts
from booking.delivery.gsm import TWO_PARTS, places
from booking.delivery.mail import compose
from booking.delivery.short import short_text
from booking.delivery.writing import page, subject, text
from tests.delivery.letters import AN_OFFER, IDENTITY_CARD, list_letter


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


def test_an_offer_says_what_to_bring_who_comes_and_what_it_costs_before_it_is_answered() -> None:
    letter = list_letter(offer=replace(AN_OFFER, lines=(replace(IDENTITY_CARD, fee_cents=2150),)))

    for said in (lines(text(letter)), lines(page(letter))):
        assert "votre carte d’identité actuelle" in said
        assert "21,50 €" in said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Le rendez-vous dure 25 minutes."),
        ("nl", "De afspraak duurt 25 minuten."),
        ("de", "Der Termin dauert 25 Minuten."),
    ],
)
def test_an_offer_says_how_long_the_visit_takes(language: str, said: str) -> None:
    letter = list_letter(language="fr" if language == "de" else language, offer=replace(AN_OFFER, minutes=25))
    letter = replace(letter, help_language="de") if language == "de" else letter

    assert said in lines(text(letter))
    assert said in lines(page(letter))


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
    assert "Ce n’était pas vous ? Ne faites rien" in lines(text(letter))
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


AN_END = {"offer": None, "over": OverFacts(date(2027, 1, 31), datetime.combine(date(2027, 1, 12), time(9, 15)))}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "fr",
            (
                "Nous ne gardons plus l’heure qui s’était libérée pour vous.",
                "Votre rendez-vous du mardi 12 janvier à 9 h 15 n’a pas changé, et vous gardez votre place",
                "Vous n’avez rien à faire.",
            ),
        ),
        (
            "nl",
            (
                "Wij houden het tijdstip dat voor u vrijkwam niet langer vrij.",
                "Uw afspraak van dinsdag 12 januari om 9.15 uur is niet veranderd",
                "U hoeft niets te doen.",
            ),
        ),
    ],
)
def test_the_end_of_an_offer_says_what_stays_and_that_nothing_is_to_be_done(
    language: str, told: tuple[str, ...]
) -> None:
    letter = list_letter(language=language, **AN_END)

    assert [one for one in told if one not in lines(text(letter))] == []
    assert f'href="{letter.url.in_(language)}"' in page(letter)
    assert subject(letter) == told[0].rstrip(".")


def test_the_end_of_an_offer_is_said_in_the_help_language_too() -> None:
    said = lines(text(list_letter(help_language="de", offer=None, over=OverFacts(date(2027, 1, 31)))))

    assert "Vous gardez votre place sur la liste jusqu’au 31 janvier 2027." in said
    assert "Sie behalten Ihren Platz auf der Warteliste bis zum 31. Januar 2027." in said


def test_the_end_of_an_offer_has_room_in_a_text_message() -> None:
    for language in ("fr", "nl"):
        said = short_text(list_letter(language=language, recipient="", phone="+32470123456", **AN_END))
        assert places(said) <= TWO_PARTS
        assert list_letter().short_url.in_(language) in said
