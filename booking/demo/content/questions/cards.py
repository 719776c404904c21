"""What the identity card and the Kids-ID ask."""

from __future__ import annotations

from booking.core.checklist import Attendee, Checklist, Outcome, Paper, Question, Urgency, Way
from booking.demo.content.papers import PAPERS
from booking.demo.content.questions.common import (
    A_PARENT,
    COME_TODAY,
    DOCSTOP,
    IN_PERSON,
    NO_YES,
    THE_GUARDIAN,
    after,
    answer,
    comes,
    paper,
    photo,
    said,
    warning,
)

IDENTITY_CARD = Checklist(
    questions=(
        Question(
            "why",
            said(
                "Pourquoi une nouvelle carte ?",
                "Waarom een nieuwe kaart?",
                "Why a new card?",
                "Warum ein neuer Ausweis?",
            ),
            (
                answer(
                    "expired",
                    "Elle est périmée, ou le sera bientôt",
                    "Ze is vervallen of bijna",
                    "It has expired, or soon will",
                    "Abgelaufen, oder bald",
                ),
                answer(
                    "first",
                    "Première carte (12 ans)",
                    "Eerste kaart (12 jaar)",
                    "First card (age 12)",
                    "Erster Ausweis (12 Jahre)",
                ),
                answer("lost", "Elle est perdue", "Ik ben ze kwijt", "It is lost", "Verloren"),
                answer("stolen", "Elle a été volée", "Ze is gestolen", "It was stolen", "Gestohlen"),
                answer(
                    "damaged",
                    "Elle est abîmée, ou le nom ou la photo change",
                    "Ze is beschadigd, of naam of foto wijzigt",
                    "It is damaged, or name or photo change",
                    "Beschädigt, oder Name oder Foto ändert sich",
                ),
            ),
        ),
        Question(
            "whom",
            said("Pour qui ?", "Voor wie?", "For whom?", "Für wen?"),
            (
                answer("me", "Pour moi", "Voor mezelf", "For me", "Für mich"),
                answer(
                    "child",
                    "Pour mon enfant de 12 à 17 ans",
                    "Voor mijn kind van 12 tot 17 jaar",
                    "For my child aged 12 to 17",
                    "Für mein Kind von 12 bis 17 Jahren",
                ),
                answer(
                    "ward",
                    "Pour un enfant dont j’ai la tutelle",
                    "Voor een kind van wie ik voogd ben",
                    "For a child whose guardian I am",
                    "Für ein Kind, dessen Vormund ich bin",
                ),
                answer(
                    "homebound",
                    "Pour une personne qui ne peut pas se déplacer",
                    "Voor iemand die zich niet kan verplaatsen",
                    "For someone who cannot travel",
                    "Für jemanden, der nicht kommen kann",
                ),
            ),
        ),
        Question(
            "when",
            said(
                "Quand vous la faut-il ?", "Wanneer hebt u ze nodig?", "When do you need it?", "Wann brauchen Sie ihn?"
            ),
            (
                answer(
                    "later",
                    "Ce n’est pas urgent (environ 3 semaines)",
                    "Niet dringend (ongeveer 3 weken)",
                    "Not urgent (about 3 weeks)",
                    "Nicht dringend (etwa 3 Wochen)",
                ),
                answer(
                    "soon",
                    "Dans les prochains jours",
                    "Een van de volgende dagen",
                    "Within days",
                    "In den nächsten Tagen",
                ),
            ),
        ),
    ),
    papers=(
        paper("card", why="expired damaged"),
        paper("child-card", why="first"),
        paper("loss", why="lost"),
        paper("theft", why="stolen"),
        paper("parent", whom="child ward"),
        paper("ruling", whom="ward"),
        photo(),
        paper("letter"),
    ),
    attendance=(
        comes(Attendee.PERSON, IN_PERSON, whom="me"),
        comes(
            Attendee.CHILD,
            said(
                "L’enfant : nous prenons ses empreintes.",
                "Het kind: wij nemen vingerafdrukken.",
                "The child: we take fingerprints.",
                "Das Kind: Wir nehmen Fingerabdrücke.",
            ),
            whom="child ward",
        ),
        comes(Attendee.PARENT, A_PARENT, whom="child"),
        comes(Attendee.PARENT, THE_GUARDIAN, whom="ward"),
    ),
    warnings=(
        warning(DOCSTOP, why="lost stolen"),
        warning(
            said(
                "La Kids-ID reste valable jusqu’à sa date d’expiration.",
                "De Kids-ID blijft geldig tot haar vervaldatum.",
                "The Kids-ID stays valid until its expiry date.",
                "Die Kids-ID bleibt bis zu ihrem Ablaufdatum gültig.",
            ),
            why="first",
        ),
    ),
    urgent=(Urgency(after(when="soon")),),
    outcomes=(
        Outcome(
            Way.PHONE,
            said(
                "Appelez-nous : un agent communal vient à domicile.",
                "Bel ons: een medewerker komt aan huis.",
                "Call us: an agent comes to the home.",
                "Rufen Sie uns an: Jemand von uns kommt nach Hause.",
            ),
            after(whom="homebound"),
        ),
        Outcome(Way.WALK_IN, COME_TODAY, after(why="lost stolen")),
    ),
)

CHILD_PHOTO = Paper(
    "photo",
    PAPERS["photo"],
    taken_here=said(
        "pas de photo à partir de 4 ans : nous la prenons au guichet ; avant 4 ans, une photo récente",
        "geen foto vanaf 4 jaar: wij nemen ze aan het loket; vóór 4 jaar een recente pasfoto",
        "no photo from age 4: we take it at the counter; under 4, a recent photo",
        "kein Foto ab 4 Jahren: wir machen es am Schalter; unter 4 Jahren ein neues Passfoto",
    ),
)

KIDS_ID = Checklist(
    questions=(
        Question(
            "nationality",
            said(
                "Quelle est la nationalité de l’enfant ?",
                "Welke nationaliteit heeft het kind?",
                "What is the child’s nationality?",
                "Welche Staatsangehörigkeit hat das Kind?",
            ),
            (
                answer("belgian", "Belge", "Belgisch", "Belgian", "Belgisch"),
                answer("other", "Une autre", "Een andere", "Another one", "Eine andere"),
            ),
        ),
        Question(
            "before",
            said(
                "A-t-il déjà une Kids-ID ?",
                "Heeft het al een Kids-ID?",
                "Is there a Kids-ID already?",
                "Gibt es schon eine Kids-ID?",
            ),
            (
                *NO_YES,
                answer(
                    "lost",
                    "Oui, mais elle est perdue",
                    "Ja, maar ze is kwijt",
                    "Yes, but it is lost",
                    "Ja, aber verloren",
                ),
                answer(
                    "stolen",
                    "Oui, mais elle a été volée",
                    "Ja, maar ze is gestolen",
                    "Yes, but it was stolen",
                    "Ja, aber gestohlen",
                ),
            ),
        ),
        Question(
            "who",
            said(
                "Qui accompagne l’enfant ?",
                "Wie komt met het kind mee?",
                "Who comes with the child?",
                "Wer begleitet das Kind?",
            ),
            (
                answer("parent", "Un parent", "Een ouder", "A parent", "Ein Elternteil"),
                answer("guardian", "La personne qui a la tutelle", "De voogd", "The guardian", "Der Vormund"),
                answer("other", "Une autre personne", "Iemand anders", "Somebody else", "Jemand anderes"),
            ),
        ),
        Question(
            "leaving",
            said(
                "Partez-vous dans les trois semaines ?",
                "Vertrekt u binnen drie weken?",
                "Are you leaving within three weeks?",
                "Reisen Sie in den nächsten drei Wochen?",
            ),
            NO_YES,
        ),
    ),
    papers=(
        paper("parent"),
        paper("child-card", before="yes"),
        paper("loss", before="lost"),
        paper("theft", before="stolen"),
        paper("ruling", who="guardian"),
        CHILD_PHOTO,
    ),
    attendance=(
        comes(
            Attendee.CHILD,
            said(
                "L’enfant vient pour la demande ; pour le retrait, il peut rester à la maison.",
                "Het kind komt mee voor de aanvraag; voor de afhaling mag het thuisblijven.",
                "The child comes for the request and may stay at home for the collection.",
                "Das Kind kommt zum Antrag mit; bei der Abholung darf es zu Hause bleiben.",
            ),
        ),
        comes(Attendee.PARENT, A_PARENT, who="parent"),
        comes(Attendee.PARENT, THE_GUARDIAN, who="guardian"),
    ),
    warnings=(
        warning(DOCSTOP, before="lost stolen"),
        warning(
            said(
                "Certains pays demandent un passeport : vérifiez-le avant de partir.",
                "Sommige landen vragen een paspoort: kijk het na vóór u vertrekt.",
                "Some countries ask for a passport: check before you leave.",
                "Manche Länder verlangen einen Reisepass: Prüfen Sie das vor der Abreise.",
            ),
            leaving="yes",
        ),
    ),
    urgent=(Urgency(after(leaving="yes")),),
    outcomes=(
        Outcome(
            Way.OTHER_SERVICE,
            said(
                "Un enfant d’une autre nationalité reçoit un autre document, au guichet Séjour.",
                "Een kind met een andere nationaliteit krijgt een ander document, aan het loket Verblijf.",
                "A child of another nationality gets another document, at the Residence counter.",
                "Ein Kind mit anderer Staatsangehörigkeit erhält ein anderes Dokument, am Schalter Aufenthalt.",
            ),
            after(nationality="other"),
            service="residence-card",
        ),
        Outcome(
            Way.NOT_POSSIBLE,
            said(
                "Seul un parent ou la personne qui a la tutelle peut demander une Kids-ID. Un grand-parent ou un"
                " voisin ne le peut pas, même avec une procuration.",
                "Alleen een ouder of de voogd kan een Kids-ID aanvragen. Een grootouder of buur kan dat niet,"
                " ook niet met een volmacht.",
                "Only a parent or the guardian can ask for a Kids-ID. A grandparent or a neighbour cannot, not"
                " even with a written authority.",
                "Nur ein Elternteil oder der Vormund kann eine Kids-ID beantragen. Großeltern oder Nachbarn"
                " können es nicht, auch nicht mit Vollmacht.",
            ),
            after(who="other"),
        ),
    ),
)
