"""What the first registration of a citizen of the Union asks."""

from __future__ import annotations

from booking.core.checklist import Attendee, Checklist, Longer, Outcome, Question, Way
from booking.demo.content.questions.common import NO_YES, after, answer, comes, paper, said, warning

EU_REGISTRATION = Checklist(
    questions=(
        Question(
            "why",
            said(
                "Pourquoi êtes-vous en Belgique ?",
                "Waarom bent u in België?",
                "Why are you in Belgium?",
                "Warum sind Sie in Belgien?",
            ),
            (
                answer("work", "Je travaille", "Ik werk", "I work", "Ich arbeite"),
                answer(
                    "self",
                    "J’ai une activité indépendante",
                    "Ik werk als zelfstandige",
                    "I am self-employed",
                    "Ich bin selbständig",
                ),
                answer("seeker", "Je cherche du travail", "Ik zoek werk", "I am looking for work", "Ich suche Arbeit"),
                answer("study", "J’étudie", "Ik studeer", "I study", "Ich studiere"),
                answer(
                    "means",
                    "Autre raison, avec mes propres moyens",
                    "Een andere reden, met eigen middelen",
                    "Another reason, with my own means",
                    "Ein anderer Grund, mit eigenen Mitteln",
                ),
                answer(
                    "family",
                    "Je rejoins ma famille",
                    "Ik voeg mij bij mijn familie",
                    "I am joining my family",
                    "Ich ziehe zu meiner Familie",
                ),
            ),
        ),
        Question(
            "who",
            said("Qui s’inscrit ?", "Wie schrijft zich in?", "Who registers?", "Wer meldet sich an?"),
            (
                answer("one", "Une personne", "Eén persoon", "One person", "Eine Person"),
                answer("several", "Plusieurs personnes", "Meerdere personen", "Several people", "Mehrere Personen"),
            ),
        ),
        Question(
            "before",
            said(
                "Avez-vous déjà eu une inscription en Belgique ?",
                "Was u al ingeschreven in België?",
                "Have you been registered in Belgium before?",
                "Waren Sie schon einmal in Belgien eingetragen?",
            ),
            (
                NO_YES[0],
                answer("past", "Oui, dans le passé", "Ja, vroeger", "Yes, in the past", "Ja, früher"),
                answer(
                    "still",
                    "Oui, et elle existe encore",
                    "Ja, en ik ben het nog",
                    "Yes, and I still am",
                    "Ja, und ich bin es noch",
                ),
            ),
        ),
        Question(
            "nationality",
            said(
                "Quelle est votre nationalité ?",
                "Welke nationaliteit hebt u?",
                "What is your nationality?",
                "Welche Staatsangehörigkeit haben Sie?",
            ),
            (
                answer(
                    "eu",
                    "Union européenne, Islande, Liechtenstein, Norvège ou Suisse",
                    "Europese Unie, IJsland, Liechtenstein, Noorwegen of Zwitserland",
                    "EU, Iceland, Liechtenstein, Norway or Switzerland",
                    "EU, Island, Liechtenstein, Norwegen oder Schweiz",
                ),
                answer("other", "Une autre", "Een andere", "Another one", "Eine andere"),
            ),
        ),
    ),
    papers=(
        paper("eu-id"),
        paper("lodging"),
        paper("work", why="work"),
        paper("self", why="self"),
        paper("seeker", why="seeker"),
        paper("study", why="study"),
        paper("health", why="study means"),
        paper("means", why="study means"),
        paper("kin", why="family"),
        paper("relative-card", why="family"),
        # Who joins family brings it already.
        paper("kin", "kin-together", who="several", why="work self seeker study means"),
        paper("old-belgian-card", before="past"),
        paper("photo"),
    ),
    attendance=(
        comes(
            Attendee.PERSON,
            said(
                "La personne qui s’inscrit.",
                "De persoon die zich inschrijft.",
                "The person who registers.",
                "Die Person, die sich anmeldet.",
            ),
            who="one",
        ),
        comes(
            Attendee.EVERYBODY,
            said(
                "Toutes les personnes qui s’inscrivent, les enfants aussi.",
                "Iedereen die zich inschrijft, ook de kinderen.",
                "Everybody who registers, children too.",
                "Alle, die sich anmelden, auch die Kinder.",
            ),
            who="several",
        ),
    ),
    warnings=(
        warning(
            said(
                "Le dossier doit être complet : sinon nous ne pouvons pas le prendre.",
                "Het dossier moet volledig zijn: anders kunnen wij het niet aannemen.",
                "The file must be complete, or we cannot take it.",
                "Die Unterlagen müssen vollständig sein, sonst können wir sie nicht annehmen.",
            ),
        ),
    ),
    longer=(Longer(15, after(who="several")),),
    outcomes=(
        Outcome(
            Way.OTHER_SERVICE,
            said(
                "Pour une autre nationalité, c’est le guichet Séjour qui vous reçoit.",
                "Met een andere nationaliteit komt u naar het loket Verblijf.",
                "With another nationality, the Residence counter receives you.",
                "Mit einer anderen Staatsangehörigkeit empfängt Sie der Schalter Aufenthalt.",
            ),
            after(nationality="other"),
            service="residence-card",
        ),
        Outcome(
            Way.OTHER_SERVICE,
            said(
                "Votre inscription en Belgique existe encore : un changement d’adresse suffit.",
                "U bent nog ingeschreven in België: een adreswijziging volstaat.",
                "You are still registered in Belgium: a change of address is enough.",
                "Sie sind noch in Belgien eingetragen: Ein Wohnsitzwechsel genügt.",
            ),
            after(before="still"),
            service="change-of-address",
        ),
    ),
)
