"""Cards and passports."""

from __future__ import annotations

from datetime import date

from booking.core.appointments import ServiceMode
from booking.core.checklist import UrgentMode
from booking.core.services import Fee
from booking.core.translated import Translated
from booking.demo.content.catalogue.common import SINCE, THE_PERSON, on_the_portal, urgent
from booking.demo.content.shapes import DemoService

CARDS = "cards"
FROM_2027 = date(2027, 1, 1)

FOR_FINGERPRINTS = Translated.of(
    fr="La personne elle-même, à cause des empreintes.",
    nl="De persoon zelf, voor de vingerafdrukken.",
    en="The person, because of the fingerprints.",
    de="Die Person selbst, wegen der Fingerabdrücke.",
)
BEFORE_HALF_PAST_ELEVEN = Translated.of(
    fr="Sans rendez-vous, avant 11 h 30.",
    nl="Zonder afspraak, vóór 11.30 uur.",
    en="Without an appointment, before 11:30.",
    de="Ohne Termin, vor 11.30 Uhr.",
)
CHILD_AND_PARENT = Translated.of(
    fr="L’enfant et un parent qui a l’autorité parentale, ou la personne qui a la tutelle.",
    nl="Het kind en een ouder met ouderlijk gezag, of de voogd.",
    en="The child and a parent with parental authority, or the guardian.",
    de="Das Kind und ein Elternteil mit elterlicher Gewalt, oder der Vormund.",
)

SERVICES = (
    DemoService(
        code="identity-card",
        group=CARDS,
        mode=ServiceMode.APPOINTMENT,
        name=Translated.of(
            fr="Carte d’identité (eID), à partir de 12 ans",
            nl="Identiteitskaart (eID), vanaf 12 jaar",
            en="Identity card (eID), from age 12",
            de="Personalausweis (eID), ab 12 Jahren",
        ),
        summary=Translated.of(
            fr="Demander ou renouveler votre carte d’identité électronique.",
            nl="Uw elektronische identiteitskaart aanvragen of vernieuwen.",
            en="Apply for your electronic identity card, or renew it.",
            de="Den elektronischen Personalausweis beantragen oder erneuern.",
        ),
        details=Translated.of(
            fr="Nous prenons vos empreintes et commandons la carte. Carte perdue ou volée ? Appelez d’abord DocStop"
            " au 00800 2123 2123, jour et nuit.",
            nl="Wij nemen uw vingerafdrukken en bestellen de kaart. Kaart kwijt of gestolen? Bel eerst DocStop op"
            " 00800 2123 2123, dag en nacht.",
            en="We take your fingerprints and order the card. Card lost or stolen? First call DocStop on"
            " 00800 2123 2123, day and night.",
            de="Wir nehmen Ihre Fingerabdrücke und bestellen den Ausweis. Ausweis verloren oder gestohlen? Rufen Sie"
            " zuerst DocStop an: 00800 2123 2123, Tag und Nacht.",
        ),
        who_comes=Translated.of(
            fr="La personne elle-même, à cause des empreintes. De 12 à 17 ans : l’enfant et un parent.",
            nl="De persoon zelf, voor de vingerafdrukken. Van 12 tot 17 jaar: het kind en een ouder.",
            en="The person, because of the fingerprints. From 12 to 17: the child and a parent.",
            de="Die Person selbst, wegen der Fingerabdrücke. Von 12 bis 17 Jahren: das Kind und ein Elternteil.",
        ),
        fees=(Fee(SINCE, 2600), Fee(FROM_2027, 2700), urgent(15000)),
        urgent_mode=UrgentMode.WALK_IN,
        urgent_text=BEFORE_HALF_PAST_ELEVEN,
        minutes_first=15,
        minutes_extra=10,
        minutes_beside=10,
        max_persons=5,
    ),
    DemoService(
        code="kids-id",
        group=CARDS,
        mode=ServiceMode.APPOINTMENT,
        name=Translated.of(
            fr="Kids-ID, enfant belge de moins de 12 ans",
            nl="Kids-ID, Belgisch kind jonger dan 12 jaar",
            en="Kids-ID, Belgian child under 12",
            de="Kids-ID, belgisches Kind unter 12 Jahren",
        ),
        summary=Translated.of(
            fr="La carte d’identité d’un enfant, utile surtout en voyage.",
            nl="De identiteitskaart van een kind, vooral nuttig op reis.",
            en="A child’s identity card, needed above all for travelling.",
            de="Der Ausweis eines Kindes, vor allem für Reisen.",
        ),
        details=Translated.of(
            fr="L’enfant vient pour la demande ; pour le retrait, il peut rester à la maison. Comptez 3 semaines."
            " Certains pays demandent un passeport : vérifiez-le avant de partir. Un enfant d’une autre nationalité"
            " reçoit un autre document, au guichet Séjour.",
            nl="Het kind komt mee voor de aanvraag; voor de afhaling mag het thuisblijven. Reken op 3 weken. Sommige"
            " landen vragen een paspoort: kijk het na vóór u vertrekt. Een kind met een andere nationaliteit krijgt"
            " een ander document, aan het loket Verblijf.",
            en="The child comes for the request and may stay at home for the collection. Allow 3 weeks. Some countries"
            " ask for a passport: check before you leave. A child of another nationality gets another document, at the"
            " Residence counter.",
            de="Das Kind kommt zum Antrag mit; bei der Abholung darf es zu Hause bleiben. Rechnen Sie mit 3 Wochen."
            " Manche Länder verlangen einen Reisepass: Prüfen Sie das vor der Abreise. Ein Kind mit anderer"
            " Staatsangehörigkeit erhält ein anderes Dokument, am Schalter Aufenthalt.",
        ),
        who_comes=CHILD_AND_PARENT,
        fees=(Fee(SINCE, 1100), Fee(FROM_2027, 1150), urgent(11500)),
        urgent_mode=UrgentMode.WALK_IN,
        urgent_text=BEFORE_HALF_PAST_ELEVEN,
        minutes_first=15,
        minutes_extra=10,
        minutes_beside=10,
        max_persons=5,
    ),
    DemoService(
        code="passport",
        group=CARDS,
        mode=ServiceMode.APPOINTMENT,
        name=Translated.of(
            fr="Passeport, adulte",
            nl="Paspoort, volwassene",
            en="Passport, adult",
            de="Reisepass, Erwachsene",
        ),
        summary=Translated.of(
            fr="Demander ou renouveler un passeport belge.",
            nl="Een Belgisch paspoort aanvragen of vernieuwen.",
            en="Apply for a Belgian passport, or renew it.",
            de="Einen belgischen Reisepass beantragen oder erneuern.",
        ),
        details=Translated.of(
            fr="Pour un voyage en dehors de l’Union européenne, par exemple au Maroc ou en Turquie. Il faut la"
            " nationalité belge et une adresse dans la commune.",
            nl="Ook reispas of internationaal paspoort genoemd: voor een reis buiten de Europese Unie, bijvoorbeeld"
            " naar Marokko of Turkije. U hebt de Belgische nationaliteit en een adres in de gemeente.",
            en="For travel outside the European Union, to Morocco or Turkey for example. You need Belgian nationality"
            " and an address in the commune.",
            de="Für Reisen außerhalb der Europäischen Union, zum Beispiel nach Marokko oder in die Türkei. Sie brauchen"
            " die belgische Staatsangehörigkeit und eine Adresse in der Gemeinde.",
        ),
        who_comes=FOR_FINGERPRINTS,
        fees=(Fee(SINCE, 9000), urgent(28500)),
        urgent_mode=UrgentMode.WALK_IN,
        urgent_text=BEFORE_HALF_PAST_ELEVEN,
        minutes_first=15,
        minutes_extra=10,
        minutes_beside=10,
        max_persons=5,
    ),
    DemoService(
        code="child-passport",
        group=CARDS,
        mode=ServiceMode.APPOINTMENT,
        name=Translated.of(
            fr="Passeport, moins de 18 ans",
            nl="Paspoort, jonger dan 18 jaar",
            en="Passport, under 18",
            de="Reisepass, unter 18 Jahren",
        ),
        summary=Translated.of(
            fr="Le passeport belge d’un enfant, pour un voyage hors de l’Union européenne.",
            nl="Het Belgische paspoort van een kind, voor een reis buiten de Europese Unie.",
            en="A child’s Belgian passport, for travel outside the European Union.",
            de="Der belgische Reisepass eines Kindes, für Reisen außerhalb der Europäischen Union.",
        ),
        details=Translated.of(
            fr="L’enfant vient pour la demande ; à partir de 12 ans, nous prenons ses empreintes. Si les parents ont"
            " deux adresses, venez avec le parent chez qui l’enfant est inscrit. Comptez 3 semaines, plus longtemps"
            " avant l’été. Certains pays, comme le Maroc ou la Turquie, ont leurs propres règles pour les enfants.",
            nl="Het kind komt mee voor de aanvraag; vanaf 12 jaar nemen wij vingerafdrukken. Hebben de ouders twee"
            " adressen, dan komt de ouder bij wie het kind is ingeschreven. Reken op 3 weken, en langer vóór de zomer."
            " Sommige landen, zoals Marokko of Turkije, hebben eigen regels voor de reispas van kinderen.",
            en="The child comes for the request; from age 12 we take fingerprints. If the parents have two addresses,"
            " the parent with whom the child is registered comes. Allow 3 weeks, and more before the summer. Some"
            " countries, such as Morocco or Turkey, have their own rules for children.",
            de="Das Kind kommt zum Antrag mit; ab 12 Jahren nehmen wir Fingerabdrücke. Haben die Eltern zwei Adressen,"
            " kommt der Elternteil, bei dem das Kind eingetragen ist. Rechnen Sie mit 3 Wochen, vor dem Sommer mit"
            " mehr. Manche Länder wie Marokko oder die Türkei haben eigene Regeln für Kinder.",
        ),
        who_comes=CHILD_AND_PARENT,
        # The answer most parents give: the child has no passport yet.
        fees=(Fee(SINCE, 4500), urgent(24000)),
        urgent_mode=UrgentMode.WALK_IN,
        urgent_text=BEFORE_HALF_PAST_ELEVEN,
        minutes_first=20,
        minutes_extra=10,
        minutes_beside=15,
        max_persons=5,
    ),
    DemoService(
        code="collection",
        group=CARDS,
        mode=ServiceMode.WALK_IN,
        name=Translated.of(
            fr="Retrait d’une carte, d’un passeport ou d’un permis",
            nl="Afhaling van een kaart, paspoort of rijbewijs",
            en="Collecting a card, passport or licence",
            de="Abholung von Ausweis, Pass oder Führerschein",
        ),
        summary=Translated.of(
            fr="Votre document est prêt ? Venez le chercher sans rendez-vous.",
            nl="Is uw document klaar? Haal het af zonder afspraak.",
            en="Is your document ready? Come and collect it without an appointment.",
            de="Ist Ihr Dokument fertig? Holen Sie es ohne Termin ab.",
        ),
        details=Translated.of(
            fr="Attendez la lettre avec vos codes : avant, la carte n’est pas encore là. Nous l’activons avec vous au"
            " guichet. Pour une Kids-ID, l’enfant peut rester à la maison.",
            nl="Wacht op de brief met uw codes: voordien is de kaart er nog niet. Wij activeren ze samen met u aan het"
            " loket. Voor een Kids-ID mag het kind thuisblijven.",
            en="Wait for the letter with your codes: before that the card is not here yet. We activate it with you at"
            " the counter. For a Kids-ID the child may stay at home.",
            de="Warten Sie auf den Brief mit Ihren Codes: Vorher ist der Ausweis noch nicht da. Wir aktivieren ihn mit"
            " Ihnen am Schalter. Bei einer Kids-ID darf das Kind zu Hause bleiben.",
        ),
        who_comes=Translated.of(
            fr="La personne elle-même. Pour une Kids-ID : un parent.",
            nl="De persoon zelf. Voor een Kids-ID: een ouder.",
            en="The person. For a Kids-ID: a parent.",
            de="Die Person selbst. Bei einer Kids-ID: ein Elternteil.",
        ),
        papers=("card", "codes-letter"),
        fees=(Fee(SINCE, 0),),
        minutes_first=10,
        minutes_extra=5,
        minutes_beside=5,
        max_persons=5,
    ),
    DemoService(
        code="lost-card",
        group=CARDS,
        mode=ServiceMode.WALK_IN,
        name=Translated.of(
            fr="Perte ou vol d’une carte",
            nl="Verlies of diefstal van een kaart",
            en="Lost or stolen card",
            de="Verlust oder Diebstahl eines Ausweises",
        ),
        summary=Translated.of(
            fr="Carte perdue ou volée : bloquez-la, puis venez sans rendez-vous.",
            nl="Kaart kwijt of gestolen: laat ze blokkeren en kom zonder afspraak.",
            en="Block a lost or stolen card, then come without an appointment.",
            de="Verlorenen oder gestohlenen Ausweis sperren, dann ohne Termin kommen.",
        ),
        details=Translated.of(
            fr="Appelez d’abord DocStop au 00800 2123 2123 : gratuit, jour et nuit. Une carte perdue se déclare à la"
            " commune, une carte volée à la police. Au guichet, vous recevez une attestation et nous préparons avec"
            " vous la demande d’une nouvelle carte.",
            nl="Bel eerst DocStop op 00800 2123 2123: gratis, dag en nacht. Een verloren kaart geeft u aan bij de"
            " gemeente, een gestolen kaart bij de politie. Aan het loket krijgt u een attest en bereiden wij met u de"
            " aanvraag van een nieuwe kaart voor.",
            en="First call DocStop on 00800 2123 2123: free, day and night. A lost card is declared at the commune, a"
            " stolen one at the police. At the counter you get a statement, and we prepare the request for a new card"
            " with you.",
            de="Rufen Sie zuerst DocStop an: 00800 2123 2123, kostenlos, Tag und Nacht. Einen verlorenen Ausweis melden"
            " Sie bei der Gemeinde, einen gestohlenen bei der Polizei. Am Schalter erhalten Sie eine Bescheinigung, und"
            " wir bereiten mit Ihnen den Antrag auf einen neuen vor.",
        ),
        who_comes=Translated.of(
            fr="La personne elle-même, ou un parent pour un enfant.",
            nl="De persoon zelf, of een ouder voor een kind.",
            en="The person, or a parent for a child.",
            de="Die Person selbst, oder ein Elternteil für ein Kind.",
        ),
        papers=("other-id", "photo"),
        fees=(Fee(SINCE, 0),),
        minutes_first=10,
        minutes_extra=5,
        minutes_beside=5,
        max_persons=5,
    ),
    DemoService(
        code="pin-codes",
        group=CARDS,
        mode=ServiceMode.WALK_IN,
        name=Translated.of(
            fr="Codes PIN et PUK",
            nl="Pin- en pukcode",
            en="PIN and PUK codes",
            de="PIN- und PUK-Code",
        ),
        summary=Translated.of(
            fr="Code oublié ou carte bloquée : nous la débloquons au guichet.",
            nl="Code vergeten of kaart geblokkeerd: wij maken ze aan het loket weer bruikbaar.",
            en="Code forgotten or card blocked: we unblock it at the counter.",
            de="Code vergessen oder Karte gesperrt: Wir entsperren sie am Schalter.",
        ),
        details=Translated.of(
            fr="Les cartes plus anciennes demandent parfois de nouveaux codes : ils arrivent chez vous par la poste."
            " Vous pouvez aussi les demander en ligne.",
            nl="Oudere kaarten hebben soms nieuwe codes nodig: die komen bij u thuis met de post. U kunt ze ook online"
            " aanvragen.",
            en="Older cards sometimes need new codes, which come to your home by post. You can also ask for them"
            " online.",
            de="Ältere Ausweise brauchen manchmal neue Codes: Sie kommen mit der Post zu Ihnen nach Hause. Sie können"
            " sie auch online anfordern.",
        ),
        who_comes=THE_PERSON,
        papers=("own-card",),
        fees=(Fee(SINCE, 0),),
        link=on_the_portal("pin-puk"),
        minutes_first=5,
        minutes_extra=5,
        max_persons=5,
    ),
)
