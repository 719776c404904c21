"""A commune's own words in its letters: around the facts, which always stay."""

from __future__ import annotations

import pytest

from booking.core.letters import LetterKind
from booking.core.message_texts import Wording
from booking.core.translated import Translated
from booking.delivery.writing import page, subject, text
from tests.delivery.letters import list_letter, visit_letter

OWN = Wording(
    subject=Translated.of(fr="{commune} vous attend {moment}", nl="{commune} verwacht u op {moment}"),
    opening=Translated.of(fr="Chère et cher {name},\n\nMerci <b>!</b>", nl="Beste {name},"),
    closing=Translated.of(fr="Bien à vous,\nle service Population, {phone}", nl="Met vriendelijke groeten"),
)


def plain(said: str) -> str:
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def test_own_words_stand_before_and_after_the_facts() -> None:
    letter = visit_letter(wording=OWN)
    said = plain(text(letter))

    assert plain(subject(letter)) == "Val-Saint-Pierre vous attend jeudi 3 décembre à 8 h 30"
    assert said.index("Chère et cher Ana Silva,") < said.index("3 décembre 2026") < said.index("Bien à vous,")
    assert "Bonjour," not in said
    assert "K7F2" in said
    assert "le service Population, 02 123 45 67" in said


def test_in_a_page_own_words_are_words_and_no_markup() -> None:
    html = page(visit_letter(wording=OWN))

    assert "<p>Chère et cher Ana Silva,</p>" in html
    assert "<p>Merci &lt;b&gt;!&lt;/b&gt;</p>" in html
    assert "<p>Bien à vous,<br>le service Population" in html


def test_a_language_without_own_words_has_the_usual_ones() -> None:
    letter = visit_letter(wording=OWN, help_language="en")
    helped = text(letter).partition("English")[2]

    assert "Hello," in helped
    assert "Chère" not in helped


def test_a_delicate_visit_keeps_its_subject() -> None:
    assert subject(visit_letter(wording=OWN, is_sensitive=True)) == subject(visit_letter(is_sensitive=True))


@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_of_letter_carries_them(kind: LetterKind) -> None:
    said = text(visit_letter(kind=kind, wording=OWN, language="nl"))

    assert "Beste Ana Silva," in said
    assert "Goedendag," not in said
    assert "Met vriendelijke groeten" in said


def test_the_list_for_an_earlier_appointment_carries_them_too() -> None:
    own = Wording(
        subject=Translated.of(fr="Une heure libre : {moment}", nl="Een vrij tijdstip: {moment}"),
        opening=Translated.of(fr="Salutations, {office}.", nl="Gegroet, {office}."),
    )
    letter = list_letter(wording=own)

    assert plain(subject(letter)).startswith("Une heure libre : jeudi 3 décembre")
    assert "Salutations, Maison communale." in text(letter)


def test_a_sample_says_that_it_is_one() -> None:
    letter = visit_letter(wording=OWN, is_sample=True)

    assert plain(subject(letter)).startswith("Essai : Val-Saint-Pierre vous attend")
    assert "Ceci est un essai" in text(letter)
    assert "Ceci est un essai" in page(letter)


def test_the_name_of_a_person_fills_no_other_blank() -> None:
    letter = visit_letter(name="{reference}\nBcc: x@example.org", wording=OWN)

    assert "Chère et cher {reference} Bcc: x@example.org," in text(letter)
    assert "\n" not in subject(letter)
