"""A commune's text in several languages: who reads what, and what is still missing."""

from __future__ import annotations

from copy import deepcopy

import pytest

from booking.core.translated import Translated

CARD = Translated.of(fr="Carte", nl="Kaart", en="Card")


@pytest.mark.parametrize(
    ("text", "reader", "read", "language"),
    [
        (CARD, "nl", "Kaart", "nl"),
        (CARD, "en", "Card", "en"),
        (CARD, "de", "Carte", "fr"),
        (Translated.of(nl="Kaart", en="Card"), "fr", "Kaart", "nl"),
        (Translated.of(de="Karte"), "fr", "Karte", "de"),
        (Translated.of(), "fr", "", "fr"),
    ],
)
def test_ana_reads_her_language_or_else_the_first_there_is(
    text: Translated, reader: str, read: str, language: str
) -> None:
    assert text.in_(reader) == read
    assert text.language_for(reader) == language


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (CARD, ()),
        (Translated.of(fr="Carte", en="Card"), ("nl",)),
        (Translated.of(fr="", nl="Kaart"), ("fr",)),
        (Translated.of(), ("fr", "nl")),
    ],
)
def test_a_text_is_whole_in_french_and_dutch(text: Translated, missing: tuple[str, ...]) -> None:
    assert text.missing() == missing


def test_a_text_without_words_is_none() -> None:
    assert not Translated.of(fr="", nl="")
    assert CARD


def test_two_texts_that_say_the_same_are_one_whatever_was_written_first() -> None:
    again = Translated.of(en="Card", nl="Kaart", fr="Carte", de="")

    assert {CARD, again, deepcopy(CARD)} == {CARD}
    assert list(again) == [("fr", "Carte"), ("nl", "Kaart"), ("en", "Card")]
    assert Translated.of(fr="Carte", nl="Kaart") != CARD


@pytest.mark.parametrize(
    ("text", "reader", "readings"),
    [
        (CARD, "nl", (("nl", "Kaart"),)),
        (Translated.of(fr="Carte", nl="Kaart"), "de", (("fr", "Carte"), ("nl", "Kaart"))),
        (Translated.of(nl="Kaart"), "fr", (("nl", "Kaart"),)),
        (Translated.of(fr="Beliris", nl="Beliris"), "de", (("fr", "Beliris"),)),
        (Translated.of(en="Card"), "de", (("en", "Card"),)),
        (Translated.of(), "de", ()),
    ],
)
def test_what_is_missing_is_read_in_both_official_languages(
    text: Translated, reader: str, readings: tuple[tuple[str, str], ...]
) -> None:
    assert text.readings(reader) == readings
    assert text.joined(reader) == "\u00a0/ ".join(said for _, said in readings)
