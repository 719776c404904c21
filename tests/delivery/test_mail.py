from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time
from email.message import EmailMessage

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from booking.core.letters import LetterKind, OtherVisit, PartyVisit, StaffLetter
from booking.core.translated import Translated
from booking.delivery.carriers import deliver
from booking.delivery.mail import compose
from booking.delivery.smtp import Sender
from booking.delivery.writing import page, subject, text
from booking.words.catalogues import OWN_NAMES
from tests.delivery.letters import (
    BIRTH,
    COMMUNE,
    IDENTITY_CARD,
    OTHER,
    TOWN_HALL,
    cancellation_letter,
    password_letter,
    visit_letter,
)
from tests.delivery.servers import Postman, parsed, serving

SHOWN = str.maketrans({"\u00a0": "~", "\u202f": "_"})
STRIKE = Translated.of(fr="grève du personnel", nl="staking van het personeel")


def shown(words: str) -> str:
    return words.translate(SHOWN)


def cancelled_by_us(**stated):
    return cancellation_letter(kind=LetterKind.CANCELLED_BY_COMMUNE, reason=STRIKE, **stated)


def reminder(**stated):
    return visit_letter(kind=LetterKind.REMINDER, **stated)


def sent(letter) -> EmailMessage:
    postman = Postman()
    with serving(postman) as url, Sender(url) as sender:
        deliver(letter, sender)
    (received,) = postman.received
    return received


def tree(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


@pytest.mark.parametrize(
    ("letter", "method"),
    [(visit_letter(), "REQUEST"), (cancellation_letter(), "CANCEL"), (cancelled_by_us(), "CANCEL")],
    ids=["confirmation", "cancellation", "cancelled by the commune"],
)
def test_a_letter_arrives_with_what_calendars_understand(letter, method):
    message = sent(letter)

    assert tree(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    *_, alternative, attached = message.walk()
    assert alternative["Content-Type"].params["method"] == method
    assert alternative["Content-Transfer-Encoding"] == "base64"
    assert attached.get_filename() == attached["Content-Type"].params["name"] == "rendez-vous.ics"
    content = attached.get_payload(decode=True)
    assert alternative.get_payload(decode=True) == content

    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == method
    assert event["ORGANIZER"] == f"mailto:{message['From'].addresses[0].addr_spec}"
    assert event["ORGANIZER"].params["CN"] == message["From"].addresses[0].display_name == "Val-Saint-Pierre"
    assert event["ATTENDEE"] == f"mailto:{message['To'].addresses[0].addr_spec}"
    assert event["SEQUENCE"] == letter.sequence


def test_the_headers_say_who_writes_and_that_a_machine_sends():
    message = sent(visit_letter(language="nl"))

    assert str(message["From"]) == "Sint-Pietersdal <rendez-vous@val-saint-pierre.example>"
    assert str(message["To"]) == "Ana Silva <ana@example.be>"
    assert message["Message-ID"] == "<message-1@guichet.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "nl"
    assert message["Date"].datetime == visit_letter().stamped_at
    assert list(message.iter_attachments())[0].get_filename() == "afspraak.ics"


SUBJECTS = [
    (visit_letter(), "Votre rendez-vous du jeudi 3~décembre à 8_h_30"),
    (visit_letter(language="nl"), "Uw afspraak van donderdag 3~december om 8.30~uur"),
    (visit_letter(is_sensitive=True), "Votre rendez-vous à la commune"),
    (visit_letter(is_sensitive=True, language="nl"), "Uw afspraak bij de gemeente"),
    (cancellation_letter(), "Votre rendez-vous du jeudi 3~décembre à 8_h_30 est annulé"),
    (cancellation_letter(language="nl"), "Uw afspraak van donderdag 3~december om 8.30~uur is geannuleerd"),
    (cancellation_letter(is_sensitive=True), "Votre rendez-vous à la commune est annulé"),
    (cancelled_by_us(), "Nous devons annuler votre rendez-vous du jeudi 3~décembre à 8_h_30"),
    (cancelled_by_us(language="nl"), "Wij moeten uw afspraak van donderdag 3~december om 8.30~uur annuleren"),
    (cancelled_by_us(is_sensitive=True, language="nl"), "Wij moeten uw afspraak bij de gemeente annuleren"),
    (reminder(), "Rappel~: votre rendez-vous du jeudi 3~décembre à 8_h_30"),
    (reminder(language="nl"), "Herinnering: uw afspraak van donderdag 3~december om 8.30~uur"),
    (reminder(is_sensitive=True), "Rappel~: votre rendez-vous à la commune"),
    (reminder(is_sensitive=True, language="nl"), "Herinnering: uw afspraak bij de gemeente"),
    (password_letter(), "Een nieuw wachtwoord kiezen"),
    (password_letter(language="fr"), "Choisir un nouveau mot de passe"),
]


@pytest.mark.parametrize(("letter", "expected"), SUBJECTS)
def test_the_subject_says_what_and_when_or_nothing_delicate(letter, expected):
    assert shown(subject(letter)) == expected
    assert shown(str(parsed(compose(letter).as_bytes())["Subject"])) == expected


MEASURE = {
    "fr": [
        "Bonjour,",
        "Votre rendez-vous est fixé au jeudi 3~décembre 2026 à 8_h_30.",
        "Maison communale",
        "place communale~1",
        "Tram 92, arrêt Pacification",
        "Carte d’identité (eID)",
        "À apporter~:",
        "- votre carte d’identité actuelle",
        "Un empêchement_? Déplacez ou annulez votre rendez-vous avec ce lien~: l’heure servira à quelqu’un d’autre.",
        "https://guichet.example/fr/val-saint-pierre/v/" + "0123456789abcdef" * 4,
        "Par téléphone~: 02~123~45~67",
        "Le fichier joint ajoute le rendez-vous à votre agenda.",
        "Au nom de~: Ana Silva",
        "Référence~: K7F2~9MXD",
        "Nous gardons vos coordonnées jusqu’au 2~janvier 2027. Ensuite nous les effaçons.",
    ],
    "nl": [
        "Goedendag,",
        "Uw afspraak ligt vast: donderdag 3~december 2026 om 8.30~uur.",
        "Gemeentehuis",
        "Gemeenteplein~1",
        "Tram 92, halte Pacificatie",
        "Identiteitskaart (eID)",
        "Mee te brengen:",
        "- uw huidige identiteitskaart",
        "Verhinderd? Verplaats of annuleer uw afspraak met deze link: zo komt het tijdstip vrij voor iemand anders.",
        "https://guichet.example/nl/sint-pietersdal/v/" + "0123456789abcdef" * 4,
        "Telefonisch: 02~123~45~67",
        "Het bestand in bijlage zet de afspraak in uw agenda.",
        "Op naam van: Ana Silva",
        "Referentie: K7F2~9MXD",
        "Wij bewaren uw contactgegevens tot en met 2~januari 2027. Daarna wissen wij ze.",
    ],
}


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_date_place_checklist_change_reference_in_that_order(language):
    lines = [line for line in shown(text(visit_letter(language=language))).splitlines() if line]

    assert lines[1:-2] == MEASURE[language]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_page_says_what_the_plain_text_says(language):
    said = re.sub(r"[ \n]+", " ", shown(visible_text(page(visit_letter(language=language)))))

    for line in MEASURE[language]:
        if not line.startswith("https:"):
            assert line.removeprefix("- ").rstrip("~:") in said
    assert visit_letter().manage_url.in_(language) in page(visit_letter(language=language))


def visible_text(content: str) -> str:
    document = html5lib.HTMLParser(strict=True).parse(content)
    body = document.find("{http://www.w3.org/1999/xhtml}body")
    return "".join(body.itertext())


@pytest.mark.parametrize(
    "letter",
    [
        visit_letter(help_language="en"),
        cancellation_letter(),
        cancelled_by_us(language="nl"),
        reminder(language="nl", help_language="de", asks_coming=True),
        password_letter(),
    ],
)
def test_every_page_is_valid_and_calls_for_nothing_from_outside(letter):
    content = page(letter)

    visible_text(content)
    assert "src=" not in content
    assert "url(" not in content
    assert f'<html lang="{letter.language}">' in content


@pytest.mark.parametrize(
    ("help_language", "notice", "greeting"),
    [
        ("en", "Translation. The French and Dutch texts are the official ones.", "Hello,"),
        ("de", "Übersetzung. Verbindlich sind die französische und die niederländische Fassung.", "Guten Tag,"),
    ],
)
def test_a_help_language_stands_below_marked_as_a_translation(help_language, notice, greeting):
    letter = visit_letter(help_language=help_language)
    told, content = text(letter), page(letter)

    for form in (told, content):
        assert form.index("Bonjour,") < form.index(notice) < form.index(greeting)
        assert form.count(notice) == 1
    assert f'<div class="help" lang="{help_language}">' in content
    assert sent(letter)["Content-Language"] == f"fr, {help_language}"


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("help_language", ["en", "de"])
def test_every_kind_of_letter_helps_below_its_own_text(kind, help_language):
    """In its own words: what French says is not said twice."""
    letter = visit_letter(kind=kind, help_language=help_language, asks_coming=True, reason=STRIKE)
    alone = text(replace(letter, help_language=None)).splitlines()
    own, _, helping = text(letter).partition(f"---------- {OWN_NAMES[help_language]} ----------")

    assert [line for line in alone[:-3] if line not in own.splitlines()] == []
    sentences = {line for line in own.splitlines() if line.endswith((".", ":"))}
    assert sentences
    assert sentences.isdisjoint(helping.splitlines())


REMINDED = {
    "fr": [
        "Bonjour,",
        "Nous vous rappelons votre rendez-vous~: jeudi 3~décembre 2026 à 8_h_30.",
        "Merci de confirmer que vous venez.",
        "https://guichet.example/fr/val-saint-pierre/coming/0123",
        "Maison communale",
        "place communale~1",
        "Tram 92, arrêt Pacification",
        "Carte d’identité (eID)",
        "À apporter~:",
        "- votre carte d’identité actuelle",
        "Un empêchement_? Déplacez ou annulez votre rendez-vous avec ce lien~: l’heure servira à quelqu’un d’autre.",
        "https://guichet.example/fr/val-saint-pierre/v/" + "0123456789abcdef" * 4,
    ],
    "nl": [
        "Goedendag,",
        "Wij herinneren u aan uw afspraak: donderdag 3~december 2026 om 8.30~uur.",
        "Laat ons weten dat u komt.",
        "https://guichet.example/nl/sint-pietersdal/coming/0123",
        "Gemeentehuis",
        "Gemeenteplein~1",
        "Tram 92, halte Pacificatie",
        "Identiteitskaart (eID)",
        "Mee te brengen:",
        "- uw huidige identiteitskaart",
        "Verhinderd? Verplaats of annuleer uw afspraak met deze link: zo komt het tijdstip vrij voor iemand anders.",
        "https://guichet.example/nl/sint-pietersdal/v/" + "0123456789abcdef" * 4,
    ],
}


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_reminder_says_when_where_what_to_bring_and_how_to_change_it(language):
    asking = reminder(language=language, asks_coming=True)
    lines = [line for line in shown(text(asking)).splitlines() if line]

    assert lines[1:13] == REMINDED[language]
    said = re.sub(r"[ \n]+", " ", shown(visible_text(page(asking))))
    for line in REMINDED[language]:
        if not line.startswith("https:"):
            assert line.removeprefix("- ").rstrip("~:") in said
    assert f'href="{asking.coming_url.in_(language)}"' in page(asking)


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if not kind.ends_the_visit])
def test_what_takes_place_names_the_visit_it_belongs_with(kind):
    other = OtherVisit(
        day=date(2026, 12, 3), wall=time(8, 45), office=TOWN_HALL.name, services=(BIRTH.service,), reference="K7F29MXZ"
    )
    letter = visit_letter(kind=kind, others=(other,))

    for form in (text(letter), page(letter)):
        assert "K7F2\u00a09MXZ" in form


@pytest.mark.parametrize("kind", [LetterKind.CONFIRMATION, LetterKind.REMINDER, LetterKind.CANCELLATION])
def test_who_books_for_a_group_reads_every_appointment_of_it(kind):
    party = (
        PartyVisit(date(2027, 1, 5), time(9, 0), "Ana Peeters", "K7F29MXD"),
        PartyVisit(date(2027, 1, 5), time(9, 15), "<b>Bao</b>", "K7F29MXE", is_cancelled=True),
    )
    letter = visit_letter(kind=kind, helper_name="Maison Espoir", is_for_helper=True, party=party)

    assert "Votre groupe a 2 rendez-vous en tout" in text(letter)
    assert "Ana Peeters, référence K7F2\u00a09MXD\n" in text(letter)
    assert "<b>Bao</b>, référence K7F2\u00a09MXE\u00a0: annulé\n" in text(letter)
    assert "<b>Bao" not in page(letter)
    assert "référence K7F2\u00a09MXE\u00a0: annulé</li>" in page(letter)


def test_a_reminder_asks_nothing_when_the_service_does_not_and_leaves_the_calendar_as_it_is():
    message = sent(reminder())

    assert tree(message) == ["multipart/alternative", "text/plain", "text/html"]
    assert "confirmer" not in message.get_body(("plain",)).get_content()


def test_what_is_not_written_in_the_help_language_stays_in_the_readers_own():
    told = text(visit_letter(language="nl", help_language="en"))

    assert told.count("Gemeenteplein\u00a01") == 2
    assert "place communale" not in told
    assert '<span lang="nl">Gemeenteplein\u00a01</span>' in page(visit_letter(language="nl", help_language="en"))


@pytest.mark.parametrize("help_language", [None, "fr", "ar"])
def test_without_a_help_language_we_can_write_the_letter_stands_alone(help_language):
    assert text(visit_letter(help_language=help_language)) == text(visit_letter())


def test_a_delicate_visit_is_not_named_in_the_letter_but_its_papers_are():
    letter = visit_letter(lines=(BIRTH,), is_sensitive=True)

    for form in (text(letter), page(letter)):
        assert "naissance" not in form
        assert "le carnet de mariage" in form


def test_a_cancellation_confirms_and_tells_that_the_calendar_entry_goes():
    told = shown(text(cancellation_letter(language="nl")))

    assert "Uw afspraak van donderdag 3~december 2026 om 8.30~uur is geannuleerd, zoals gevraagd." in told
    assert "haalt de geannuleerde afspraak ook uit uw agenda" in told
    assert "Mee te brengen" not in told
    assert visit_letter().manage_url.in_("nl") not in told


def test_when_the_commune_cancels_the_reason_is_followed_by_what_to_do_next():
    lines = [line for line in shown(text(cancelled_by_us())).splitlines() if line]

    assert lines[1:6] == [
        "Bonjour,",
        "Nous devons annuler votre rendez-vous du jeudi 3~décembre 2026 à 8_h_30.",
        "Raison~: grève du personnel",
        "Prenez un nouveau rendez-vous ici~:",
        "https://guichet.example/fr/val-saint-pierre/",
    ]
    assert lines[6] == "Par téléphone~: 02~123~45~67"


def test_the_fee_is_an_example_only_in_the_demonstration():
    line = replace(IDENTITY_CARD, persons=2, fee_cents=2600, fee_note=Translated.of(fr="Par carte bancaire."))
    real = shown(text(visit_letter(lines=(line,))))
    shop_window = shown(text(visit_letter(lines=(line,), commune=replace(COMMUNE, is_demonstration=True))))

    assert "Tarif~: 26~€ par personne\nPar carte bancaire." in real
    assert "2~personnes" in real
    assert "Démonstration" not in real
    assert "Tarif d’exemple~: 26~€ par personne" in shop_window
    assert "Démonstration~: cette commune n’existe pas." in shop_window
    written = html5lib.parse(page(visit_letter(lines=(line,))), namespaceHTMLElements=False)
    assert "Tarif~: 26~€ par personne · Par carte bancaire." in re.sub(r"\s+", " ", shown("".join(written.itertext())))


def test_nothing_to_pay_is_said_in_a_word():
    assert "Tarif\u00a0: gratuit\n" in text(visit_letter(lines=(replace(IDENTITY_CARD, persons=3, fee_cents=0),)))


def test_the_logo_has_its_own_order_and_the_product_follows_the_reader():
    dutch_first = replace(COMMUNE, logo_order=("nl", "fr"))
    lines = text(visit_letter(commune=dutch_first)).splitlines()

    assert lines[0] == "Sint-Pietersdal · Val-Saint-Pierre"
    assert lines[-1] == "Guichet · Loket"
    assert text(visit_letter(language="nl")).splitlines()[-1] == "Loket · Guichet"


def test_bilal_gets_a_link_for_a_new_password_and_no_calendar():
    message = sent(password_letter())

    assert tree(message) == ["multipart/alternative", "text/plain", "text/html"]
    told = shown(message.get_body(("plain",)).get_content())
    assert "één keer en gedurende 60~minuten" in told
    assert "https://guichet.example/nl/password/abc" in told
    assert "https://guichet.example/nl/password/abc" in message.get_body(("html",)).get_content()


def test_a_colour_that_is_none_never_reaches_the_style_sheet():
    content = page(visit_letter(commune=replace(COMMUNE, colour="red;} body{display:none")))

    assert "display:none" not in content


def test_a_first_of_the_month_is_written_as_such():
    letter = visit_letter(kept_until=date(2027, 1, 1))

    assert "jusqu’au 1er~janvier 2027" in shown(text(letter))


NAMES = st.one_of(
    st.text(min_size=1, max_size=100),
    st.sampled_from(
        [
            "Ana\r\nBcc: emil@example.be",
            '"Ana" <emil@example.be>, x',
            "محمد أمين",
            "<script>alert(1)</script>",
            "👩‍👩‍👧‍👦 " * 20,
            "Zoë\x0b\x85\u2028\x00",
            "=?utf-8?q?Emil?=",
            ":.=?utf-8?q?x?= emil@example.be<@>'a,=?utf-8?q?x?=.,:::: =?utf-8?q?x?==?utf-8?q?x?=(;,;b  ](,=?ut",
            "a, <emil@example.be> " * 4,
        ]
    ),
)


@settings(deadline=None)
@given(name=NAMES)
def test_no_name_becomes_a_header_a_recipient_or_markup(name):
    letter = visit_letter(name=name)
    content = compose(letter).as_bytes()
    message = parsed(content)

    assert message.keys() == compose(visit_letter()).keys()
    assert [address.addr_spec for address in message["To"].addresses] == ["ana@example.be"]
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert "<script" not in page(letter)


def test_a_staff_letter_has_no_visit():
    assert isinstance(password_letter(), StaffLetter)


@pytest.mark.parametrize(
    ("language", "sentence", "in_all"),
    [
        ("fr", "Ce rendez-vous va avec celui du jeudi 3~décembre 2026 à 9_h, référence M4P8~2QRS.", "117~€"),
        ("nl", "Deze afspraak hoort bij die van donderdag 3~december 2026 om 9~uur, referentie M4P8~2QRS.", "117~€"),
    ],
)
def test_of_two_that_belong_together_each_letter_names_the_other_until_it_is_cancelled(language, sentence, in_all):
    lines = (replace(IDENTITY_CARD, persons=2, fee_cents=2600), replace(BIRTH, fee_cents=6500))
    told = {"language": language, "lines": lines, "others": (OTHER,)}
    both, alone = (
        visit_letter(**told | {"others": others}) for others in ((OTHER,), (replace(OTHER, is_cancelled=True),))
    )

    for letter in (both, replace(both, kind=LetterKind.REMINDER)):
        assert sentence in shown(text(letter))
        assert sentence in shown(words_of(page(letter)))
    assert in_all in shown(text(both))
    assert "M4P8" not in text(alone)


def words_of(html: str) -> str:
    return " ".join("".join(html5lib.parse(html, namespaceHTMLElements=False).itertext()).split(" "))


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_whoever_helps_reads_for_whom_and_the_person_who_booked_it(language: str) -> None:
    facts = {"language": language, "name": "Yusuf Demir", "helper_name": "Samira <Haddad>"}
    to_helper = compose(visit_letter(**facts, is_for_helper=True, recipient="samira@asbl.example"))
    to_person = compose(visit_letter(**facts))

    assert str(to_helper["To"]).startswith("Samira Haddad <samira@")
    assert str(to_person["To"]).startswith("Yusuf Demir <")
    for letter, said in (
        (to_helper, {"fr": "pris ce rendez-vous pour Yusuf Demir", "nl": "de afspraak voor Yusuf Demir maakte"}),
        (to_person, {"fr": "a pris ce rendez-vous pour vous", "nl": "heeft deze afspraak voor u gemaakt"}),
    ):
        plain, page = (letter.get_body((kind,)) for kind in ("plain", "html"))
        assert plain is not None
        assert page is not None
        assert said[language] in plain.get_content()
        assert "<Haddad>" not in page.get_content(), "a name is no markup"
