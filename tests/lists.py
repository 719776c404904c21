"""The checklist the tests speak of: why a new card, for whom, and how soon."""

from __future__ import annotations

from booking.core.checklist import (
    Answer,
    Attendance,
    Attendee,
    Caution,
    Checklist,
    Condition,
    Longer,
    Outcome,
    Paper,
    Question,
    Urgency,
    Way,
    When,
)
from booking.core.translated import Translated


def said(fr: str, nl: str) -> Translated:
    return Translated.of(fr=fr, nl=nl)


def after(**answers: str) -> When:
    """``after(why="lost stolen")``: that the question was answered by one of these."""
    return tuple(Condition(question, tuple(codes.split())) for question, codes in answers.items())


OLD_CARD = Paper("card", said("votre carte", "uw kaart"), after(why="expired"))
STATEMENT = Paper("loss", said("l’attestation de perte", "het attest van verlies"), after(why="lost"))
PARENT_CARD = Paper("parent", said("la carte du parent", "de kaart van de ouder"), after(whom="child"))
PHOTO = Paper("photo", said("une photo", "een foto"), taken_here=said("pas de photo", "geen foto"))

NEW_CARD = Checklist(
    questions=(
        Question(
            "why",
            said("Pourquoi une carte ?", "Waarom een kaart?"),
            (Answer("expired", said("Périmée", "Vervallen")), Answer("lost", said("Perdue", "Verloren"))),
        ),
        Question(
            "whom",
            said("Pour qui ?", "Voor wie?"),
            (
                Answer("me", said("Pour moi", "Voor mij")),
                Answer("child", said("Pour mon enfant", "Voor mijn kind")),
                Answer("absent", said("Pour une personne alitée", "Voor iemand in bed")),
            ),
        ),
        Question(
            "school",
            said("Va-t-il à l’école ?", "Gaat het naar school?"),
            (Answer("yes", said("Oui", "Ja")), Answer("no", said("Non", "Nee"))),
            after(whom="child"),
        ),
        Question(
            "when",
            said("Quand ?", "Wanneer?"),
            (Answer("later", said("Plus tard", "Later")), Answer("soon", said("Bientôt", "Snel"))),
        ),
    ),
    papers=(OLD_CARD, STATEMENT, PARENT_CARD, PHOTO),
    attendance=(
        Attendance(Attendee.PERSON, said("Vous", "U"), after(whom="me")),
        Attendance(Attendee.PARENT, said("Vous et l’enfant", "U en het kind"), after(whom="child")),
    ),
    warnings=(Caution(said("Appelez d’abord.", "Bel eerst."), after(why="lost")),),
    urgent=(Urgency(after(when="soon")),),
    longer=(Longer(10, after(whom="child")),),
    outcomes=(
        Outcome(Way.PHONE, said("Nous venons chez vous.", "Wij komen bij u."), after(whom="absent")),
        Outcome(Way.WALK_IN, said("Venez aujourd’hui.", "Kom vandaag."), after(why="lost", when="soon")),
    ),
)
FOR_ME = {"why": "expired", "whom": "me", "when": "later"}
FOR_MY_CHILD = {"why": "expired", "whom": "child", "school": "yes", "when": "later"}
