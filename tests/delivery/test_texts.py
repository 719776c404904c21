"""Text messages: what they say in how much room, and the gateway that takes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.letters import LetterKind, VisitLetter
from booking.core.translated import Translated
from booking.delivery import gateway
from booking.delivery.carriers import Later, Refused
from booking.delivery.gateway import TextSender
from booking.delivery.gsm import DOUBLE, PLAIN, TWO_PARTS, in_gsm, places
from booking.delivery.short import SHORT, short_text
from booking.textgateway import TextGateway
from tests.delivery.letters import AN_OFFER, COMMUNE, TOWN_HALL, list_letter, visit_letter

STRIKE = Translated.of(fr="grève du personnel", nl="staking van het personeel")
LINKS = {language: visit_letter().short_url.in_(language) for language in ("fr", "nl")}
BODY = '{"to": "{to}", "text": "{text}", "reference": "{id}", "parts": 2, "from": {"name": "Guichet"}}'


def to_ana(**stated: Any) -> VisitLetter:
    return visit_letter(**{"recipient": "", "phone": "+32470123456"} | stated)


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        (
            to_ana(),
            "Val-Saint-Pierre : votre rendez-vous est fixé, jeudi 3 décembre à 8 h 30, Maison communale, "
            "place communale 1. Référence : K7F2 9MXD. Pour le déplacer ou l'annuler : 02 123 45 67, " + LINKS["fr"],
        ),
        (
            to_ana(kind=LetterKind.REMINDER, language="nl"),
            "Sint-Pietersdal: herinnering aan uw afspraak, donderdag 3 december om 8.30 uur, Gemeentehuis, "
            "Gemeenteplein 1. Referentie: K7F2 9MXD. Verhinderd? Laat het ons weten: 02 123 45 67, " + LINKS["nl"],
        ),
        (
            to_ana(kind=LetterKind.REMINDER, asks_coming=True),
            "Val-Saint-Pierre : rappel de votre rendez-vous, jeudi 3 décembre à 8 h 30, Maison communale, "
            "place communale 1. Référence : K7F2 9MXD. Merci de confirmer que vous venez : 02 123 45 67, "
            + LINKS["fr"],
        ),
        (
            to_ana(kind=LetterKind.CANCELLED_BY_COMMUNE, reason=STRIKE),
            "Val-Saint-Pierre : nous devons annuler votre rendez-vous du jeudi 3 décembre à 8 h 30. "
            "Raison : grève du personnel. Pour un nouveau rendez-vous : 02 123 45 67",
        ),
        (
            to_ana(kind=LetterKind.CANCELLED_BY_COMMUNE, language="nl"),
            "Sint-Pietersdal: wij moeten uw afspraak van donderdag 3 december om 8.30 uur annuleren. "
            "Voor een nieuwe afspraak: 02 123 45 67",
        ),
    ],
)
def test_a_text_message_says_when_where_whom_to_call_and_the_way_back(letter: VisitLetter, said: str) -> None:
    assert short_text(letter) == said


@pytest.mark.parametrize("kind", SHORT)
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_no_name_and_no_service_stands_in_a_text_message(kind: LetterKind, language: str) -> None:
    said = short_text(to_ana(kind=kind, language=language, reason=STRIKE))

    assert not [word for word in ("Ana", "Silva", "carte", "kaart") if word.casefold() in said.casefold()]


@pytest.mark.parametrize("kind", SHORT)
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_it_fits_in_two_parts_however_long_the_names_are(kind: LetterKind, language: str) -> None:
    long = Translated.of(fr="ê" * 200, nl="[" * 120)
    letter = to_ana(kind=kind, language=language, reason=long, office=replace(TOWN_HALL, name=long, address=long))

    assert places(short_text(letter)) <= TWO_PARTS
    ends = letter.kind.ends_the_visit
    assert short_text(letter).endswith("02 123 45 67" if ends else f" 02 123 45 67, {LINKS[language]}")


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        (
            {},
            "Val-Saint-Pierre : une heure s'est libérée pour vous, jeudi 3 décembre à 8 h 30, Maison communale, "
            "place communale 1. Nous la gardons jusqu'à 12 h. La prendre ou la laisser : ",
        ),
        (
            {"language": "nl", "offer": replace(AN_OFFER, told_on=AN_OFFER.told_on - timedelta(days=1))},
            "Sint-Pietersdal: er is een tijdstip vrijgekomen voor u, donderdag 3 december om 8.30 uur, Gemeentehuis, "
            "Gemeenteplein 1. Wij houden het vrij tot vrijdag 20 november om 12 uur. Nemen of laten: ",
        ),
        (
            {"offer": None},
            "Val-Saint-Pierre : quelqu'un, sans doute vous, souhaite un message dès qu'un rendez-vous plus proche "
            "se libère. Confirmez avec ce lien : ",
        ),
    ],
)
def test_whoever_waits_for_an_earlier_time_is_told_in_two_parts_where_to_answer(
    letter: dict[str, Any], said: str
) -> None:
    short = short_text(list_letter(recipient="", phone="+32470123456", **letter))

    assert short == f"{said}{LINKS[letter.get('language', 'fr')]}"
    assert places(short) <= TWO_PARTS


def test_a_link_is_whole_even_where_the_commune_has_the_longest_of_names() -> None:
    long = replace(COMMUNE, name=Translated.of(fr="Val" * 66, nl="Dal" * 66))

    said = short_text(to_ana(commune=long))
    assert places(said) <= TWO_PARTS
    assert said.endswith(f" {LINKS['fr']}")


def test_a_commune_without_a_telephone_names_its_pages() -> None:
    silent, said = replace(COMMUNE, phone=""), LetterKind.CANCELLED_BY_COMMUNE

    assert short_text(to_ana(commune=silent, kind=said)).endswith(" https://guichet.example/fr/val-saint-pierre/")
    assert short_text(to_ana(commune=silent)).endswith(f" : {LINKS['fr']}")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("à 8\u202fh\u202f30, l’hôtel « Forêt »", 'à 8 h 30, l\'hotel " Foret "'),
        ("Ça coûte 25\u00a0€ – déjà payé…", "Ça coute 25 € - déjà payé..."),
        ("Łódź, Ђ, 🙂", "?ódz, ?, ?".replace("ó", "o")),
    ],
)
def test_letters_a_telephone_does_not_know_lose_their_accents(written: str, sent: str) -> None:
    assert in_gsm(written) == sent


@given(st.text())
def test_whatever_is_written_stays_in_the_alphabet(text: str) -> None:
    assert set(in_gsm(text)) <= PLAIN | DOUBLE


class Handler(BaseHTTPRequestHandler):
    """Keeps what it is sent and answers as the test says."""

    def do_GET(self) -> None:  # noqa: N802
        self.server.kept.append((self.path, None, dict(self.headers)))  # type: ignore[attr-defined]
        self.answer()

    def do_POST(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.kept.append((self.path, json.loads(body), dict(self.headers)))  # type: ignore[attr-defined]
        self.answer()

    def answer(self) -> None:
        self.server.may_answer.wait(10)  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *told: Any) -> None:
        """Says nothing."""


@contextmanager
def answering(
    status: int = 200, *, is_slow: bool = False
) -> Iterator[tuple[str, list[tuple[str, Any, dict[str, str]]]]]:
    """A gateway's address, and the requests it was sent: path, body, headers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept: list[tuple[str, Any, dict[str, str]]] = []
    may_answer = Event()
    server.kept, server.status, server.may_answer = kept, status, may_answer  # type: ignore[attr-defined]
    if not is_slow:
        may_answer.set()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kept
    finally:
        may_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()


def sender(url: str, body: str = "", secret: str = "") -> TextSender:
    return TextSender(TextGateway.parse(url, body, secret))


def test_a_gateway_is_asked_by_its_address() -> None:
    with answering() as (address, kept):
        sender(f"{address}/send?to={{to}}&text={{text}}&id={{id}}").send(to_ana(), number=7)

    ((path, body, _headers),) = kept
    assert body is None
    assert parse_qs(urlsplit(path).query) == {
        "to": ["+32470123456"],
        "text": [short_text(to_ana())],
        "id": ["guichet-7"],
    }


def test_or_it_is_sent_a_body_and_a_secret() -> None:
    with answering(202) as (address, kept):
        sender(f"{address}/v1/messages", BODY, "X-Api-Key: 0123 456").send(to_ana(), number=7)

    ((path, body, headers),) = kept
    assert path == "/v1/messages"
    assert body == {
        "to": "+32470123456",
        "text": short_text(to_ana()),
        "reference": "guichet-7",
        "parts": 2,
        "from": {"name": "Guichet"},
    }
    assert (headers["X-Api-Key"], headers["Content-Type"]) == ("0123 456", "application/json")


def test_what_a_message_says_is_never_taken_for_a_blank() -> None:
    written = TextGateway.parse("https://sms.example/{to}/{text}", "", "")

    assert written.request(to="{text}", text="{id}", number=1)[0] == "https://sms.example/%7Btext%7D/%7Bid%7D"


@pytest.mark.parametrize("status", [400, 422])
def test_what_is_wrong_with_the_message_is_refused(status: int) -> None:
    with answering(status) as (address, _), pytest.raises(Refused, match=f"gateway answered {status}"):
        sender(f"{address}/{{to}}/{{text}}").send(to_ana(), number=7)


@pytest.mark.parametrize("status", [302, 401, 404, 429, 500, 503])
def test_what_is_wrong_with_the_gateway_or_its_settings_is_tried_later_and_no_redirection_followed(status: int) -> None:
    with answering(status) as (address, kept):
        with pytest.raises(Later, match=f"gateway answered {status}"):
            sender(f"{address}/{{to}}/{{text}}").send(to_ana(), number=7)
        assert len(kept) == 1


def test_a_gateway_that_is_away_or_too_slow_is_tried_later_and_the_number_stays_unsaid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway, "TIMEOUT", 0.2)
    with answering(is_slow=True) as (address, _), pytest.raises(Later) as slow:
        sender(f"{address}/{{to}}/{{text}}").send(to_ana(), number=7)
    with pytest.raises(Later) as away:
        sender(f"{address}/{{to}}/{{text}}").send(to_ana(), number=7)

    assert [one.value.reason.partition(":")[0] for one in (slow, away)] == ["gateway away"] * 2
    assert "470" not in slow.value.reason + away.value.reason
