"""What administrators read when something does not go well: of which service, by how much, and where to look."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from booking.core.alerts import AlertLetter, Broken, Cause
from booking.core.translated import Translated
from booking.delivery.mail import compose
from booking.delivery.writing import page, subject, text
from tests.delivery.letters import COMMUNE, IDENTITY_CARD

PASSPORT = Translated.of(fr="Passeport", nl="Paspoort")


def alert_letter(**stated: Any) -> AlertLetter:
    facts: dict[str, Any] = {
        "cause": Cause.PROMISE,
        "message_id": "<message-9@guichet.example>",
        "language": "fr",
        "recipient": "dora@val-saint-pierre.example",
        "name": "Dora",
        "commune": COMMUNE,
        "day": date(2026, 12, 3),
        "broken": (Broken("identity-card", IDENTITY_CARD.service, 14, 23), Broken("passport", PASSPORT, 1, None)),
        "url": "https://guichet.example/fr/val-saint-pierre/admin/",
        "stamped_at": datetime(2026, 12, 3, 7, 0, tzinfo=UTC),
        "expires_at": datetime(2026, 12, 3, 23, 0, tzinfo=UTC),
    }
    return AlertLetter(**facts | stated)


def plain(said: str) -> str:
    return " ".join(said.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ("Le jeudi 3 décembre 2026", "Carte d’identité (eID) : libre dans 23 jours ; promis : dans les 14")),
        ("nl", ("Op donderdag 3 december 2026", "Identiteitskaart (eID): vrij over 23 dagen; beloofd: binnen 14")),
        ("de", ("Am Donnerstag, 3. Dezember 2026", ": frei in 23 Tagen; zugesagt: innerhalb von 14")),
        ("en", ("On Thursday 3 December 2026", "Identity card (eID): free in 23 days; promised: within 14")),
    ],
)
def test_a_broken_promise_names_the_service_and_both_numbers(language: str, told: tuple[str, ...]) -> None:
    letter = alert_letter(language=language)

    assert [one for one in told if one not in plain(text(letter))] == []
    assert letter.url in text(letter)
    assert f'href="{letter.url}"' in page(letter)
    assert "<strong>" in page(letter)


def test_where_nothing_is_free_it_says_that() -> None:
    assert "Passeport : rien n’est libre ; promis : dans le jour" in plain(text(alert_letter()))
    assert "Paspoort: niets is vrij; beloofd: binnen 1 dag" in plain(text(alert_letter(language="nl")))


def test_late_post_is_told_without_the_name_of_anybody() -> None:
    letter = alert_letter(cause=Cause.POST, broken=())

    assert subject(letter) == "Les messages aux habitants partent en retard"
    assert "partent avec du retard" in text(letter)
    assert letter.url in text(letter)


@pytest.mark.parametrize("cause", Cause)
def test_an_alert_is_a_mail_like_any_other(cause: Cause) -> None:
    message = compose(alert_letter(cause=cause))

    assert message["To"] == "Dora <dora@val-saint-pierre.example>"
    assert message["Content-Language"] == "fr"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
