"""What the checklists share: how they are written down, and the answers and warnings that come back in several."""

from __future__ import annotations

from booking.core.checklist import (
    Answer,
    Attendance,
    Attendee,
    Caution,
    Condition,
    Paper,
    Question,
    When,
)
from booking.core.translated import Translated
from booking.demo.content.papers import PAPERS


def said(fr: str, nl: str, en: str, de: str) -> Translated:
    return Translated.of(fr=fr, nl=nl, en=en, de=de)


def answer(code: str, fr: str, nl: str, en: str, de: str) -> Answer:
    return Answer(code, said(fr, nl, en, de))


def after(**answers: str) -> When:
    """That each of these questions was answered so; several answers of one question are parted by a space."""
    return tuple(Condition(question, tuple(codes.split())) for question, codes in answers.items())


def paper(name: str, code: str = "", /, **answers: str) -> Paper:
    """A paper by its name; with a ``code`` of its own where the same one is wanted in another case too."""
    return Paper(code or name, PAPERS[name], after(**answers))


def photo(**answers: str) -> Paper:
    """A photo, as the office has it: taken at the counter, or brought."""
    return Paper("photo", PAPERS["photo"], after(**answers), taken_here=PAPERS["no-photo"])


def comes(who: Attendee, text: Translated, /, **answers: str) -> Attendance:
    return Attendance(who, text, after(**answers))


def warning(text: Translated, /, **answers: str) -> Caution:
    return Caution(text, after(**answers))


NO_YES = (answer("no", "Non", "Nee", "No", "Nein"), answer("yes", "Oui", "Ja", "Yes", "Ja"))
YES = answer("yes", "Oui", "Ja", "Yes", "Ja")

DOCSTOP = said(
    "Appelez d’abord DocStop au 00800 2123 2123, jour et nuit : votre carte est bloquée tout de suite.",
    "Bel eerst DocStop op 00800 2123 2123, dag en nacht: uw kaart wordt meteen geblokkeerd.",
    "First call DocStop on 00800 2123 2123, day and night: your card is blocked at once.",
    "Rufen Sie zuerst DocStop an: 00800 2123 2123, Tag und Nacht. Der Ausweis wird sofort gesperrt.",
)
IN_PERSON = said(
    "La personne elle-même : nous prenons ses empreintes.",
    "De persoon zelf: wij nemen vingerafdrukken.",
    "The person: we take fingerprints.",
    "Die Person selbst: Wir nehmen Fingerabdrücke.",
)
CHILD_COMES = said(
    "L’enfant vient pour la demande.",
    "Het kind komt mee voor de aanvraag.",
    "The child comes for the request.",
    "Das Kind kommt zum Antrag mit.",
)
A_PARENT = said(
    "Un parent accompagne l’enfant : un seul suffit.",
    "Een ouder komt mee: één ouder volstaat.",
    "A parent comes with the child: one is enough.",
    "Ein Elternteil kommt mit: Das genügt.",
)
THE_GUARDIAN = said(
    "La personne qui a la tutelle accompagne l’enfant.",
    "De voogd komt met het kind mee.",
    "The guardian comes with the child.",
    "Der Vormund kommt mit dem Kind.",
)
COME_TODAY = said(
    "Présentez-vous aujourd’hui sans rendez-vous : la déclaration et la nouvelle carte se font en une visite.",
    "Kom vandaag zonder afspraak: de aangifte en de nieuwe kaart gebeuren in één bezoek.",
    "Come today without an appointment: the declaration and the new card take one visit.",
    "Kommen Sie heute ohne Termin: Anzeige und neuer Ausweis werden bei einem Besuch erledigt.",
)
OLD_PASSPORT = Question(
    "before",
    said(
        "Avez-vous déjà eu un passeport ?",
        "Had u al een paspoort?",
        "Have you had a passport before?",
        "Hatten Sie schon einen Reisepass?",
    ),
    (
        NO_YES[0],
        answer("have", "Oui, je l’ai", "Ja, ik heb het", "Yes, I have it", "Ja, er liegt vor"),
        answer(
            "lost", "Oui, mais il est perdu", "Ja, maar ik ben het kwijt", "Yes, but it is lost", "Ja, aber verloren"
        ),
        answer(
            "stolen",
            "Oui, mais il a été volé",
            "Ja, maar het is gestolen",
            "Yes, but it was stolen",
            "Ja, aber gestohlen",
        ),
    ),
)
LOST_PASSPORT = said(
    "La perte se déclare au guichet, lors de la même visite.",
    "De aangifte van verlies doet u aan het loket, tijdens hetzelfde bezoek.",
    "The loss is declared at the counter, during the same visit.",
    "Den Verlust melden Sie am Schalter, beim selben Besuch.",
)
DEPARTURE = Question(
    "when",
    said("Quand partez-vous ?", "Wanneer vertrekt u?", "When do you leave?", "Wann reisen Sie?"),
    (
        answer(
            "later", "Dans plus de 3 semaines", "Over meer dan 3 weken", "In more than 3 weeks", "In mehr als 3 Wochen"
        ),
        answer(
            "sooner",
            "Dans 2 jours à 3 semaines",
            "Over 2 dagen tot 3 weken",
            "In 2 days to 3 weeks",
            "In 2 Tagen bis 3 Wochen",
        ),
        answer("now", "Aujourd’hui ou demain", "Vandaag of morgen", "Today or tomorrow", "Heute oder morgen"),
    ),
)
VERY_URGENT = said(
    "Un passeport pour aujourd’hui ou demain se demande au guichet fédéral des passeports très urgents.",
    "Een paspoort voor vandaag of morgen vraagt u aan bij het federale loket voor zeer dringende paspoorten.",
    "A passport for today or tomorrow is requested at the federal desk for very urgent passports.",
    "Einen Reisepass für heute oder morgen beantragen Sie am föderalen Schalter für sehr dringende Pässe.",
)
