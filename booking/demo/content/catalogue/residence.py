"""Residence of those who come from other countries."""

from __future__ import annotations

from booking.core.appointments import ServiceMode
from booking.core.services import Fee
from booking.core.translated import Translated
from booking.demo.content.catalogue.common import SINCE
from booking.demo.content.shapes import DemoService

RESIDENCE = "residence"

FOR_THE_CARD = Fee(
    SINCE,
    2500,
    Translated.of(
        fr="Pour la carte, lors de la deuxième visite.",
        nl="Voor de kaart, bij het tweede bezoek.",
        en="For the card, at the second visit.",
        de="Für die Karte, beim zweiten Besuch.",
    ),
)

SERVICES = (
    DemoService(
        code="eu-registration",
        group=RESIDENCE,
        mode=ServiceMode.APPOINTMENT,
        name=Translated.of(
            fr="Première inscription, citoyen de l’Union européenne",
            nl="Eerste inschrijving, burger van de Europese Unie",
            en="First registration, EU citizen",
            de="Erste Eintragung, EU-Bürger",
        ),
        summary=Translated.of(
            fr="Vous arrivez d’Italie, de Pologne ou d’ailleurs dans l’Union : inscrivez-vous dans les 3 mois.",
            nl="U komt uit Italië, Polen of een ander land van de Unie: schrijf u in binnen 3 maanden.",
            en="You come from Italy, Poland or elsewhere in the Union: register within 3 months.",
            de="Sie kommen aus Italien, Polen oder einem anderen Land der Union: Melden Sie sich innerhalb von"
            " 3 Monaten an.",
        ),
        details=Translated.of(
            fr="Le dossier doit être complet : sinon nous ne pouvons pas le prendre. Vous recevez l’annexe 19, puis la"
            " police passe à votre adresse. Une lettre vous invite ensuite à commander la carte ; vous venez la"
            " chercher sans rendez-vous.",
            nl="Het dossier moet volledig zijn: anders kunnen wij het niet aannemen. U krijgt bijlage 19, daarna komt"
            " de politie langs op uw adres. Een brief nodigt u dan uit om de kaart te bestellen; u haalt ze af zonder"
            " afspraak.",
            en="The file must be complete, or we cannot take it. You receive annex 19, then the police visit your"
            " address. A letter then invites you to order the card, which you collect without an appointment.",
            de="Die Unterlagen müssen vollständig sein, sonst können wir sie nicht annehmen. Sie erhalten die"
            " Anlage 19, danach besucht die Polizei Ihre Adresse. Ein Brief lädt Sie dann ein, die Karte zu bestellen;"
            " Sie holen sie ohne Termin ab.",
        ),
        who_comes=Translated.of(
            fr="Toutes les personnes qui s’inscrivent, les enfants aussi.",
            nl="Iedereen die zich inschrijft, ook de kinderen.",
            en="Everybody who registers, children too.",
            de="Alle, die sich anmelden, auch die Kinder.",
        ),
        fees=(FOR_THE_CARD,),
        minutes_first=30,
        minutes_extra=15,
        minutes_beside=25,
        max_persons=6,
        notice_minutes=24 * 60,
        horizon_days=90,
    ),
    DemoService(
        code="residence-card",
        group=RESIDENCE,
        mode=ServiceMode.APPOINTMENT,
        name=Translated.of(
            fr="Renouvellement d’un titre de séjour",
            nl="Vernieuwing van een verblijfstitel",
            en="Renewal of a residence card",
            de="Erneuerung eines Aufenthaltstitels",
        ),
        summary=Translated.of(
            fr="Carte A, B, F, K, L ou EU : venez 30 à 45 jours avant son échéance.",
            nl="A-, B-, F-, K-, L- of EU-kaart: kom 30 tot 45 dagen vóór ze vervalt.",
            en="Card A, B, F, K, L or EU: come 30 to 45 days before it expires.",
            de="Karte A, B, F, K, L oder EU: Kommen Sie 30 bis 45 Tage vor dem Ablauf.",
        ),
        details=Translated.of(
            fr="Apportez la preuve que la raison de votre séjour existe toujours : travail, études, famille. Si la"
            " nouvelle carte n’est pas prête à temps, vous recevez un document provisoire. Carte orange : le même"
            " rendez-vous, le même guichet.",
            nl="Breng het bewijs mee dat de reden van uw verblijf nog bestaat: werk, studie, gezin. Is de nieuwe"
            " verblijfskaart niet op tijd klaar, dan krijgt u een voorlopig document. Oranje kaart: dezelfde afspraak,"
            " hetzelfde loket.",
            en="Bring proof that the reason for your stay still exists: work, studies, family. If the new card is not"
            " ready in time, you receive a temporary document. Orange card: the same appointment, the same counter.",
            de="Bringen Sie den Nachweis mit, dass der Grund Ihres Aufenthalts weiter besteht: Arbeit, Studium,"
            " Familie. Ist die neue Karte nicht rechtzeitig fertig, erhalten Sie ein vorläufiges Dokument. Orange"
            " Karte: derselbe Termin, derselbe Schalter.",
        ),
        who_comes=Translated.of(
            fr="La personne elle-même, à cause des empreintes ; un enfant vient avec un parent.",
            nl="De persoon zelf, voor de vingerafdrukken; een kind komt met een ouder.",
            en="The person, because of the fingerprints; a child comes with a parent.",
            de="Die Person selbst, wegen der Fingerabdrücke; ein Kind kommt mit einem Elternteil.",
        ),
        papers=("residence-permit", "photo", "grounds"),
        fees=(FOR_THE_CARD,),
        minutes_first=20,
        minutes_extra=10,
        minutes_beside=15,
        max_persons=5,
    ),
)
