"""Driving licences."""

from __future__ import annotations

from booking.core.appointments import ServiceMode
from booking.core.services import Fee
from booking.core.translated import Translated
from booking.demo.content.catalogue.common import SINCE, THE_PERSON, on_the_portal
from booking.demo.content.shapes import DemoService

DRIVING = "driving"

SERVICES = (
    DemoService(
        code="driving-licence",
        group=DRIVING,
        mode=ServiceMode.BOTH,
        name=Translated.of(
            fr="Permis de conduire belge",
            nl="Belgisch rijbewijs",
            en="Belgian driving licence",
            de="Belgischer Führerschein",
        ),
        summary=Translated.of(
            fr="Premier permis, permis provisoire, renouvellement, perte ou vol.",
            nl="Eerste rijbewijs, voorlopig rijbewijs, vernieuwing, verlies of diefstal.",
            en="First licence, provisional licence, renewal, loss or theft.",
            de="Erster und provisorischer Führerschein, Erneuerung, Verlust oder Diebstahl.",
        ),
        details=Translated.of(
            fr="Vous avez réussi l’examen ? Venez avec le formulaire du centre d’examen. Le permis provisoire et le"
            " renouvellement se demandent aussi en ligne. Un permis perdu ou volé se déclare d’abord à la police. La"
            " photo et la signature viennent de votre carte d’identité.",
            nl="Geslaagd voor het examen? Kom met het formulier van het examencentrum. Het voorlopig rijbewijs en de"
            " vernieuwing kunt u ook online aanvragen. Een verloren of gestolen rijbewijs geeft u eerst aan bij de"
            " politie. De foto en de handtekening komen van uw identiteitskaart.",
            en="Have you passed the test? Come with the form from the test centre. The provisional licence and the"
            " renewal can also be requested online. A lost or stolen licence is first declared at the police. Photo and"
            " signature come from your identity card.",
            de="Haben Sie die Prüfung bestanden? Kommen Sie mit dem Formular des Prüfungszentrums. Den provisorischen"
            " Führerschein und die Erneuerung können Sie auch online beantragen. Einen verlorenen oder gestohlenen"
            " Führerschein melden Sie zuerst bei der Polizei. Foto und Unterschrift kommen von Ihrem Ausweis.",
        ),
        who_comes=THE_PERSON,
        fees=(Fee(SINCE, 3000),),
        link=on_the_portal("permis-rijbewijs"),
        minutes_first=10,
        minutes_extra=10,
        minutes_beside=5,
        max_persons=2,
    ),
    DemoService(
        code="foreign-licence",
        group=DRIVING,
        mode=ServiceMode.APPOINTMENT,
        name=Translated.of(
            fr="Échange d’un permis étranger",
            nl="Omwisseling van een buitenlands rijbewijs",
            en="Exchange of a foreign licence",
            de="Umtausch eines ausländischen Führerscheins",
        ),
        summary=Translated.of(
            fr="Échanger un permis obtenu dans un autre pays contre un permis belge.",
            nl="Een rijbewijs van een ander land omwisselen voor een Belgisch rijbewijs.",
            en="Exchange a licence from another country for a Belgian one.",
            de="Den Führerschein eines anderen Landes gegen einen belgischen umtauschen.",
        ),
        details=Translated.of(
            fr="Le permis étranger doit être valable. Nous le gardons et le faisons contrôler ; cela prend plusieurs"
            " semaines. Nous vous prévenons quand le permis belge est prêt.",
            nl="Het buitenlandse rijbewijs moet geldig zijn. Wij houden het bij en laten het controleren; dat duurt"
            " enkele weken. Wij verwittigen u wanneer het Belgische rijbewijs klaar is.",
            en="The foreign licence must be valid. We keep it and have it checked, which takes several weeks. We tell"
            " you when the Belgian licence is ready.",
            de="Der ausländische Führerschein muss gültig sein. Wir behalten ihn und lassen ihn prüfen; das dauert"
            " einige Wochen. Wir sagen Ihnen Bescheid, wenn der belgische Führerschein fertig ist.",
        ),
        who_comes=THE_PERSON,
        papers=("foreign-licence", "residence-permit", "photo", "sworn-translation"),
        fees=(Fee(SINCE, 3000),),
        minutes_first=25,
        minutes_extra=20,
        minutes_beside=20,
        max_persons=2,
        notice_minutes=24 * 60,
        horizon_days=90,
    ),
)
