"""What the driving licence asks."""

from __future__ import annotations

from booking.core.checklist import Attendee, Checklist, Outcome, Question, Way
from booking.demo.content.catalogue.common import THE_PERSON, on_the_portal
from booking.demo.content.questions.common import NO_YES, YES, after, answer, comes, paper, said, warning

DRIVING_LICENCE = Checklist(
    questions=(
        Question(
            "what",
            said("De quoi s’agit-il ?", "Waarover gaat het?", "What is it about?", "Worum geht es?"),
            (
                answer(
                    "exam",
                    "Premier permis ou catégorie en plus, examen réussi",
                    "Eerste rijbewijs of categorie erbij, geslaagd",
                    "First licence or new category, test passed",
                    "Erster Führerschein oder neue Klasse, Prüfung bestanden",
                ),
                answer(
                    "provisional",
                    "Permis provisoire",
                    "Voorlopig rijbewijs",
                    "Provisional licence",
                    "Provisorischer Führerschein",
                ),
                answer(
                    "renewal",
                    "Renouvellement, ou ancien modèle en papier",
                    "Vernieuwing, of oud papieren model",
                    "Renewal, or old paper model",
                    "Erneuerung, oder altes Papiermodell",
                ),
                answer(
                    "lost",
                    "Permis perdu ou volé",
                    "Rijbewijs verloren of gestolen",
                    "Licence lost or stolen",
                    "Führerschein verloren oder gestohlen",
                ),
                answer(
                    "foreign",
                    "Permis d’un autre pays",
                    "Rijbewijs van een ander land",
                    "Licence of another country",
                    "Führerschein eines anderen Landes",
                ),
            ),
        ),
        Question(
            "category",
            said("Quelle catégorie ?", "Welke categorie?", "Which category?", "Welche Klasse?"),
            (
                answer("one", "A, AM, B ou G", "A, AM, B of G", "A, AM, B or G", "A, AM, B oder G"),
                answer(
                    "two",
                    "C, D, taxi ou ambulance (groupe 2)",
                    "C, D, taxi of ambulance (groep 2)",
                    "C, D, taxi or ambulance (group 2)",
                    "C, D, Taxi oder Krankenwagen (Gruppe 2)",
                ),
            ),
            after(what="exam renewal lost"),
        ),
        Question(
            "likeness",
            said(
                "La photo de votre carte d’identité vous ressemble-t-elle encore ?",
                "Gelijkt u nog op de foto van uw identiteitskaart?",
                "Does your identity card photo still look like you?",
                "Sind Sie auf dem Foto Ihres Ausweises noch gut zu erkennen?",
            ),
            (YES, NO_YES[0]),
        ),
    ),
    papers=(
        paper("card"),
        paper("exam", what="exam"),
        paper("provisional", what="exam"),
        paper("theory", what="provisional"),
        paper("school", what="provisional"),
        paper("licence", what="renewal"),
        paper("lic-police", what="lost"),
        paper("medical", category="two"),
        paper("photo", likeness="no"),
    ),
    attendance=(comes(Attendee.PERSON, THE_PERSON),),
    warnings=(
        warning(
            said(
                "Allez d’abord à la police, même pour une perte : sans son attestation, nous ne pouvons rien faire.",
                "Ga eerst naar de politie, ook bij verlies: zonder haar attest kunnen wij niets doen.",
                "Go to the police first, for a loss too: without their statement we can do nothing.",
                "Gehen Sie zuerst zur Polizei, auch bei Verlust: Ohne deren Bescheinigung können wir nichts tun.",
            ),
            what="lost",
        ),
        warning(
            said(
                "Le renouvellement se demande aussi en ligne.",
                "De vernieuwing kunt u ook online aanvragen.",
                "The renewal can also be requested online.",
                "Die Erneuerung können Sie auch online beantragen.",
            ),
            what="renewal",
        ),
        warning(
            said(
                "Pas de photo : elle vient de votre carte d’identité.",
                "Geen foto: ze komt van uw identiteitskaart.",
                "No photo: it comes from your identity card.",
                "Kein Foto: Es kommt von Ihrem Ausweis.",
            ),
            likeness="yes",
        ),
    ),
    outcomes=(
        Outcome(
            Way.OTHER_SERVICE,
            said(
                "Un permis d’un autre pays s’échange : c’est une autre démarche.",
                "Een rijbewijs van een ander land wordt omgewisseld: dat is een andere formaliteit.",
                "A licence of another country is exchanged: that is another service.",
                "Ein Führerschein eines anderen Landes wird umgetauscht: Das ist ein anderes Anliegen.",
            ),
            after(what="foreign"),
            service="foreign-licence",
        ),
        Outcome(
            Way.WALK_IN,
            said(
                "Le permis provisoire se demande le plus vite en ligne. Si vous préférez : au guichet, sans"
                " rendez-vous.",
                "Het voorlopig rijbewijs vraagt u het snelst online aan. Liever niet? Dan aan het loket, zonder"
                " afspraak.",
                "The provisional licence is quickest online. If you prefer: at the counter, without an appointment.",
                "Der provisorische Führerschein geht online am schnellsten. Lieber nicht? Am Schalter, ohne Termin.",
            ),
            after(what="provisional"),
            link=on_the_portal("permis-rijbewijs"),
        ),
    ),
)
