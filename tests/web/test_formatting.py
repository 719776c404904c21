"""Titles, names and addresses break where a careful printer would break them."""

from __future__ import annotations

import pytest
from flask import Flask, g

from booking.web.formatting import ordinal_shown, unbroken


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Votre rendez-vous est fixé.", 'Votre <span class="nowrap">rendez-vous</span> est fixé.'),
        ("Val-Saint-Pierre", '<span class="nowrap">Val-Saint-Pierre</span>'),
        ("Gemeenteplein 1, 1091 Gent", "Gemeenteplein\u00a01, 1091 Gent"),
        ("Rue du Nord 12B", "Rue du Nord\u00a012B"),
        ("Carte d’identité", "Carte d’identité"),
        ("A <b> & c-d", 'A &lt;b&gt; &amp; <span class="nowrap">c-d</span>'),
    ],
)
def test_a_word_with_a_hyphen_and_a_house_number_stay_whole(text: str, shown: str) -> None:
    assert str(unbroken(text)) == shown


def test_a_name_that_may_be_wider_than_a_phone_still_breaks() -> None:
    assert "nowrap" not in unbroken("Sint-Pieters-Woluwe-Noord")


@pytest.mark.parametrize(("language", "shown"), [("fr", "2<sup>e</sup>"), ("nl", "2e"), ("de", "2."), ("en", "2nd")])
def test_what_french_writes_after_a_number_in_a_row_stands_above_the_line(
    app: Flask, language: str, shown: str
) -> None:
    with app.app_context():
        g.language = language
        assert str(ordinal_shown(2)) == shown
