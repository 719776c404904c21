"""What births and marriages ask."""

from __future__ import annotations

from booking.core.checklist import Attendee, Checklist, Longer, Outcome, Question, Way
from booking.demo.content.catalogue.common import on_the_portal
from booking.demo.content.questions.common import NO_YES, YES, after, answer, comes, paper, said, warning

ONE_PARENT = said("Un parent suffit.", "Eén ouder volstaat.", "One parent is enough.", "Ein Elternteil genügt.")
BOTH_PARENTS = said("Les deux parents.", "Beide ouders.", "Both parents.", "Beide Eltern.")

BIRTH = Checklist(
    questions=(
        Question(
            "where",
            said(
                "Où l’enfant est-il né ?",
                "Waar is het kind geboren?",
                "Where was the child born?",
                "Wo wurde das Kind geboren?",
            ),
            (
                answer("here", "Dans notre commune", "In onze gemeente", "In our commune", "In unserer Gemeinde"),
                answer(
                    "elsewhere",
                    "Dans une autre commune",
                    "In een andere gemeente",
                    "In another commune",
                    "In einer anderen Gemeinde",
                ),
                answer("abroad", "À l’étranger", "In het buitenland", "Abroad", "Im Ausland"),
            ),
        ),
        Question(
            "married",
            said(
                "Les parents sont-ils mariés ?",
                "Zijn de ouders gehuwd?",
                "Are the parents married?",
                "Sind die Eltern verheiratet?",
            ),
            (
                answer(
                    "belgium",
                    "Oui, mariés en Belgique",
                    "Ja, gehuwd in België",
                    "Yes, married in Belgium",
                    "Ja, in Belgien verheiratet",
                ),
                answer(
                    "abroad",
                    "Oui, mariés à l’étranger",
                    "Ja, gehuwd in het buitenland",
                    "Yes, married abroad",
                    "Ja, im Ausland verheiratet",
                ),
                answer(
                    "recognised",
                    "Non, mais l’enfant est déjà reconnu",
                    "Nee, maar het kind is al erkend",
                    "No, but the child is already recognised",
                    "Nein, aber das Kind ist schon anerkannt",
                ),
                answer(
                    "not_yet",
                    "Non, et l’enfant n’est pas encore reconnu",
                    "Nee, en het kind is nog niet erkend",
                    "No, and the child is not recognised yet",
                    "Nein, und das Kind ist noch nicht anerkannt",
                ),
            ),
        ),
        Question(
            "address",
            said(
                "Les parents habitent-ils à la même adresse ?",
                "Wonen de ouders op hetzelfde adres?",
                "Do the parents live at the same address?",
                "Wohnen die Eltern unter derselben Adresse?",
            ),
            (
                YES,
                answer(
                    "no",
                    "Non, plus depuis longtemps",
                    "Nee, al lang niet meer",
                    "No, not for a long time",
                    "Nein, schon lange nicht mehr",
                ),
            ),
            after(married="belgium abroad"),
        ),
    ),
    papers=(
        paper("birth-note"),
        paper("both-cards"),
        paper("booklet", married="belgium"),
        paper("for-marr", married="abroad"),
    ),
    attendance=(
        comes(Attendee.PERSON, ONE_PARENT, married="recognised"),
        comes(Attendee.PERSON, ONE_PARENT, address="yes"),
        comes(Attendee.BOTH, BOTH_PARENTS, married="not_yet"),
        comes(Attendee.BOTH, BOTH_PARENTS, address="no"),
    ),
    warnings=(
        warning(
            said(
                "Mettez-vous d’accord sur les prénoms et le nom.",
                "Spreek de voornamen en de naam af.",
                "Agree on the first names and the family name.",
                "Einigen Sie sich auf die Vornamen und den Namen.",
            ),
        ),
        warning(
            said(
                "Mariage déjà connu en Belgique ? Alors l’acte étranger n’est pas nécessaire.",
                "Is het huwelijk al bekend in België? Dan is de buitenlandse akte niet nodig.",
                "Is the marriage known in Belgium already? Then the foreign certificate is not needed.",
                "Ist die Ehe in Belgien schon bekannt? Dann ist die ausländische Urkunde nicht nötig.",
            ),
            married="abroad",
        ),
    ),
    longer=(Longer(15, after(married="not_yet")),),
    outcomes=(
        Outcome(
            Way.OTHER_COMMUNE,
            said(
                "Une naissance se déclare à la commune où l’enfant est né, dans les 15 jours. Notre commune en"
                " est informée automatiquement.",
                "Een geboorte geeft u aan in de gemeente waar het kind geboren is, binnen 15 dagen. Onze"
                " gemeente verneemt het vanzelf.",
                "A birth is declared in the commune where the child was born, within 15 days. Our commune is"
                " told of it.",
                "Eine Geburt wird in der Gemeinde gemeldet, in der das Kind geboren wurde, innerhalb von"
                " 15 Tagen. Unsere Gemeinde erfährt es von selbst.",
            ),
            after(where="elsewhere"),
            link=on_the_portal("maternites-kraamklinieken"),
        ),
        Outcome(
            Way.PHONE,
            said(
                "L’acte étranger doit d’abord être inscrit en Belgique. Appelez-nous : nous regardons avec vous"
                " ce qu’il faut.",
                "De buitenlandse akte moet eerst in België worden opgenomen. Bel ons: wij bekijken samen wat nodig is.",
                "The foreign certificate has to be registered in Belgium first. Call us: we look with you at"
                " what is needed.",
                "Die ausländische Urkunde muss erst in Belgien eingetragen werden. Rufen Sie uns an: Wir sehen"
                " gemeinsam, was nötig ist.",
            ),
            after(where="abroad"),
        ),
    ),
)

MARRIAGE = Checklist(
    questions=(
        Question(
            "here",
            said(
                "L’un de vous est-il inscrit dans notre commune ?",
                "Is een van u ingeschreven in onze gemeente?",
                "Is one of you registered here?",
                "Ist einer von Ihnen hier eingetragen?",
            ),
            (YES, NO_YES[0]),
        ),
        Question(
            "born",
            said(
                "Quel est votre lieu de naissance ?",
                "Waar bent u geboren?",
                "Where were you born?",
                "Wo sind Sie geboren?",
            ),
            (
                answer(
                    "belgium", "En Belgique, pour les deux", "Allebei in België", "Both in Belgium", "Beide in Belgien"
                ),
                answer(
                    "abroad",
                    "À l’étranger, pour l’un ou pour les deux",
                    "Een van ons of allebei in het buitenland",
                    "One or both abroad",
                    "Einer oder beide im Ausland",
                ),
            ),
        ),
        Question(
            "before",
            said(
                "Y a-t-il eu un mariage avant celui-ci ?",
                "Was een van u al gehuwd?",
                "Has one of you been married before?",
                "War einer von Ihnen schon verheiratet?",
            ),
            (
                answer("no", "Non, ou en Belgique", "Nee, of in België", "No, or in Belgium", "Nein, oder in Belgien"),
                answer("abroad", "Oui, à l’étranger", "Ja, in het buitenland", "Yes, abroad", "Ja, im Ausland"),
            ),
        ),
        Question(
            "present",
            said(
                "Avez-vous tous les deux une inscription en Belgique, et pouvez-vous venir ?",
                "Bent u allebei in België ingeschreven, en kunt u allebei komen?",
                "Are you both registered in Belgium, and can you both come?",
                "Sind Sie beide in Belgien eingetragen, und können Sie beide kommen?",
            ),
            (
                YES,
                answer(
                    "not_registered",
                    "L’un de nous n’est pas inscrit",
                    "Een van ons is niet ingeschreven",
                    "One of us is not registered",
                    "Einer von uns ist nicht eingetragen",
                ),
                answer(
                    "absent",
                    "L’un de nous ne peut pas venir",
                    "Een van ons kan niet komen",
                    "One of us cannot come",
                    "Einer von uns kann nicht kommen",
                ),
            ),
        ),
    ),
    papers=(
        paper("two-cards"),
        paper("for-birth", born="abroad"),
        paper("ended", before="abroad"),
        paper("status", present="not_registered"),
        paper("proxy", present="absent"),
        paper("notary"),
    ),
    attendance=(
        comes(
            Attendee.BOTH,
            said("Les deux personnes qui se marient.", "Beide partners.", "Both partners.", "Beide Partner."),
            present="yes not_registered",
        ),
        comes(
            Attendee.PERSON,
            said(
                "La personne qui peut venir, avec la procuration de l’autre.",
                "De partner die kan komen, met de volmacht van de andere.",
                "The partner who can come, with the other’s written authority.",
                "Der Partner, der kommen kann, mit der Vollmacht des anderen.",
            ),
            present="absent",
        ),
    ),
    warnings=(
        warning(
            said(
                "La date du mariage est confirmée après contrôle du dossier : au plus tôt 14 jours après la"
                " déclaration.",
                "De huwelijksdatum wordt bevestigd na controle van het dossier: ten vroegste 14 dagen na de aangifte.",
                "The date of the wedding is confirmed once the file has been checked: at the earliest 14 days"
                " after the declaration.",
                "Das Datum der Hochzeit wird nach Prüfung der Unterlagen bestätigt: frühestens 14 Tage nach der"
                " Anmeldung.",
            ),
        ),
        warning(
            said(
                "Les actes belges, nous les demandons nous-mêmes.",
                "De Belgische akten vragen wij zelf op.",
                "We fetch the Belgian certificates ourselves.",
                "Die belgischen Urkunden besorgen wir selbst.",
            ),
            born="belgium",
        ),
    ),
    outcomes=(
        Outcome(
            Way.OTHER_COMMUNE,
            said(
                "Un mariage se déclare dans la commune où l’un de vous est inscrit.",
                "U doet de huwelijksaangifte in de gemeente waar een van u ingeschreven is.",
                "A marriage is declared in the commune where one of you is registered.",
                "Eine Eheschließung melden Sie in der Gemeinde an, in der einer von Ihnen eingetragen ist.",
            ),
            after(here="no"),
        ),
    ),
)
