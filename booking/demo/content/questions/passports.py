"""What the two passports ask."""

from __future__ import annotations

from booking.core.checklist import Attendee, Checklist, Outcome, Question, Urgency, Way
from booking.demo.content.catalogue.common import on_the_portal
from booking.demo.content.questions.common import (
    A_PARENT,
    CHILD_COMES,
    DEPARTURE,
    IN_PERSON,
    LOST_PASSPORT,
    OLD_PASSPORT,
    THE_GUARDIAN,
    VERY_URGENT,
    YES,
    after,
    answer,
    comes,
    paper,
    photo,
    said,
    warning,
)

TODAY = Outcome(Way.ELSEWHERE, VERY_URGENT, after(when="now"), link=on_the_portal("passeport-paspoort"))

PASSPORT = Checklist(
    questions=(
        Question(
            "belgian",
            said(
                "Avez-vous la nationalité belge et habitez-vous la commune ?",
                "Bent u Belg en woont u in de gemeente?",
                "Are you Belgian and registered here?",
                "Haben Sie die belgische Staatsangehörigkeit und wohnen Sie in der Gemeinde?",
            ),
            (
                YES,
                answer(
                    "elsewhere",
                    "J’ai la nationalité belge, mais j’habite ailleurs",
                    "Ik ben Belg, maar elders ingeschreven",
                    "Belgian, but registered elsewhere",
                    "Belgische Staatsangehörigkeit, aber anderswo eingetragen",
                ),
                answer(
                    "refugee",
                    "J’ai le statut de réfugié ou d’apatride",
                    "Ik ben erkend vluchteling of staatloos",
                    "Recognised refugee or stateless",
                    "Anerkannt als Flüchtling oder staatenlos",
                ),
            ),
        ),
        OLD_PASSPORT,
        DEPARTURE,
    ),
    papers=(paper("card"), paper("old-pass", before="have"), paper("theft", before="stolen"), photo()),
    attendance=(comes(Attendee.PERSON, IN_PERSON),),
    warnings=(warning(LOST_PASSPORT, before="lost"),),
    urgent=(Urgency(after(when="sooner")),),
    outcomes=(
        Outcome(
            Way.OTHER_COMMUNE,
            said(
                "Un passeport se demande à la commune de votre adresse officielle. À l’étranger : au consulat.",
                "Een paspoort vraagt u aan in de gemeente waar u ingeschreven bent. In het buitenland: bij het"
                " consulaat.",
                "A passport is requested from the commune where you are registered. Abroad: from the consulate.",
                "Einen Reisepass beantragen Sie in der Gemeinde, in der Sie eingetragen sind. Im Ausland: beim"
                " Konsulat.",
            ),
            after(belgian="elsewhere"),
        ),
        Outcome(
            Way.OTHER_SERVICE,
            said(
                "Vous recevez un titre de voyage, au guichet Séjour.",
                "U krijgt een reisdocument, aan het loket Verblijf.",
                "You get a travel document, at the Residence counter.",
                "Sie erhalten ein Reisedokument, am Schalter Aufenthalt.",
            ),
            after(belgian="refugee"),
            service="residence-card",
        ),
        TODAY,
    ),
)

CHILD_PASSPORT = Checklist(
    questions=(
        Question(
            "age",
            said("Quel âge a l’enfant ?", "Hoe oud is het kind?", "How old is the child?", "Wie alt ist das Kind?"),
            (
                answer("baby", "Moins de 4 ans", "Jonger dan 4 jaar", "Under 4", "Unter 4 Jahren"),
                answer("child", "De 4 à 11 ans", "Van 4 tot 11 jaar", "From 4 to 11", "Von 4 bis 11 Jahren"),
                answer("teen", "De 12 à 17 ans", "Van 12 tot 17 jaar", "From 12 to 17", "Von 12 bis 17 Jahren"),
            ),
        ),
        Question(
            "who",
            said(
                "Qui vient avec l’enfant ?",
                "Wie komt met het kind mee?",
                "Who comes with the child?",
                "Wer kommt mit dem Kind?",
            ),
            (
                answer(
                    "home",
                    "Le parent chez qui il est inscrit",
                    "De ouder bij wie het is ingeschreven",
                    "The parent the child is registered with",
                    "Der Elternteil, bei dem es eingetragen ist",
                ),
                answer("both", "Les deux parents", "Beide ouders", "Both parents", "Beide Eltern"),
                answer("other", "L’autre parent", "De andere ouder", "The other parent", "Der andere Elternteil"),
                answer("guardian", "La personne qui a la tutelle", "De voogd", "The guardian", "Der Vormund"),
            ),
        ),
        OLD_PASSPORT,
        DEPARTURE,
    ),
    papers=(
        paper("parent", who="home both other"),
        paper("consent", who="other"),
        paper("ruling", who="guardian"),
        paper("child-card", age="baby child"),
        paper("teen-card", age="teen"),
        paper("old-pass", before="have"),
        paper("theft", before="stolen"),
        paper("photo", "baby-photo", age="baby"),
        photo(age="child teen"),
    ),
    attendance=(
        comes(Attendee.CHILD, CHILD_COMES, age="baby child"),
        comes(
            Attendee.CHILD,
            said(
                "L’enfant vient pour la demande : nous prenons ses empreintes.",
                "Het kind komt mee voor de aanvraag: wij nemen vingerafdrukken.",
                "The child comes for the request: we take fingerprints.",
                "Das Kind kommt zum Antrag mit: Wir nehmen Fingerabdrücke.",
            ),
            age="teen",
        ),
        comes(Attendee.PARENT, A_PARENT, who="home other"),
        comes(Attendee.BOTH, said("Les deux parents.", "Beide ouders.", "Both parents.", "Beide Eltern."), who="both"),
        comes(Attendee.PARENT, THE_GUARDIAN, who="guardian"),
    ),
    warnings=(warning(LOST_PASSPORT, before="lost"),),
    urgent=(Urgency(after(when="sooner")),),
    outcomes=(TODAY,),
)
