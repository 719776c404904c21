"""Births, marriages, deaths."""

from __future__ import annotations

from booking.core.appointments import ServiceMode
from booking.core.services import Fee
from booking.core.translated import Translated
from booking.demo.content.catalogue.common import SINCE
from booking.demo.content.shapes import DemoService

FAMILY = "family"

SERVICES = (
    DemoService(
        code="birth",
        group=FAMILY,
        mode=ServiceMode.APPOINTMENT,
        name=Translated.of(
            fr="Déclaration de naissance",
            nl="Geboorteaangifte",
            en="Declaration of birth",
            de="Geburtserklärung",
        ),
        summary=Translated.of(
            fr="Dans les 15 jours, à la commune où l’enfant est né.",
            nl="Binnen 15 dagen, in de gemeente waar het kind geboren is.",
            en="Within 15 days, in the commune where the child was born.",
            de="Innerhalb von 15 Tagen, in der Gemeinde, in der das Kind geboren wurde.",
        ),
        details=Translated.of(
            fr="Mettez-vous d’accord sur les prénoms et le nom. Si le quinzième jour est un jour de fermeture, vous"
            " avez jusqu’au jour ouvrable suivant. L’enfant est né dans une autre commune ? La déclaration se fait"
            " là-bas, et notre commune en est informée automatiquement.",
            nl="Spreek de voornamen en de naam af. Valt de vijftiende dag op een sluitingsdag, dan hebt u tot de"
            " volgende werkdag. Is het kind in een andere gemeente geboren? Dan doet u daar aangifte, en verneemt onze"
            " gemeente het vanzelf.",
            en="Agree on the first names and the family name. If the fifteenth day is a day of closure, you have until"
            " the next working day. Was the child born in another commune? Then the declaration is made there, and our"
            " commune is told of it.",
            de="Einigen Sie sich auf die Vornamen und den Namen. Fällt der fünfzehnte Tag auf einen Schließtag, haben"
            " Sie bis zum nächsten Werktag Zeit. Wurde das Kind in einer anderen Gemeinde geboren? Dann geben Sie die"
            " Erklärung dort ab, und unsere Gemeinde erfährt es von selbst.",
        ),
        who_comes=Translated.of(
            fr="Un parent suffit si vous êtes mariés ou si l’enfant est déjà reconnu ; sinon, les deux parents.",
            nl="Eén ouder volstaat als u gehuwd bent of als het kind al erkend is; anders beide ouders.",
            en="One parent if you are married or the child is already recognised; otherwise both.",
            de="Ein Elternteil, wenn Sie verheiratet sind oder das Kind schon anerkannt ist; sonst beide.",
        ),
        fees=(Fee(SINCE, 0),),
        by_phone=Translated.of(
            fr="Le délai est court ? Appelez le {phone} : nous trouvons un moment à temps.",
            nl="Is de termijn kort? Bel {phone}: wij vinden op tijd een moment.",
            en="Little time left? Call {phone}: we find a moment in time.",
            de="Ist die Frist knapp? Rufen Sie {phone} an: Wir finden rechtzeitig einen Termin.",
        ),
        minutes_first=30,
        notice_minutes=60,
        horizon_days=30,
    ),
    DemoService(
        code="marriage",
        group=FAMILY,
        mode=ServiceMode.APPOINTMENT,
        name=Translated.of(
            fr="Déclaration de mariage",
            nl="Huwelijksaangifte",
            en="Declaration of marriage",
            de="Anmeldung der Eheschließung",
        ),
        summary=Translated.of(
            fr="Pour se marier ici : le dossier se prépare avec nous.",
            nl="Hier trouwen: u bereidt het dossier met ons voor.",
            en="To marry here: the file is prepared with us.",
            de="Hier heiraten: Die Unterlagen bereiten Sie mit uns vor.",
        ),
        details=Translated.of(
            fr="L’un de vous est inscrit dans la commune. Nous demandons nous-mêmes les actes belges. Le mariage a lieu"
            " au plus tôt 14 jours après la déclaration, puis dans les 6 mois. La date du mariage est confirmée après"
            " contrôle du dossier.",
            nl="Een van u is in de gemeente ingeschreven. De Belgische akten vragen wij zelf op. U trouwt ten vroegste"
            " 14 dagen na de aangifte, daarna binnen 6 maanden. De huwelijksdatum wordt bevestigd na controle van het"
            " dossier.",
            en="One of you is registered in the commune. We fetch Belgian certificates ourselves. The wedding is at the"
            " earliest 14 days after the declaration, then within 6 months. The date of the wedding is confirmed once"
            " the file has been checked.",
            de="Einer von Ihnen ist in der Gemeinde eingetragen. Belgische Urkunden besorgen wir selbst. Die Hochzeit"
            " ist frühestens 14 Tage nach der Anmeldung möglich, dann innerhalb von 6 Monaten. Das Datum wird nach"
            " Prüfung der Unterlagen bestätigt.",
        ),
        who_comes=Translated.of(
            fr="Les deux personnes qui se marient.",
            nl="Beide partners.",
            en="Both partners.",
            de="Beide Partner.",
        ),
        fees=(Fee(SINCE, 3000),),
        minutes_first=45,
        information_minutes=20,
        information_days=7,
        notice_minutes=48 * 60,
        horizon_days=90,
        reminder_hours=(168, 48),
        asks_coming=True,
    ),
    DemoService(
        code="death",
        group=FAMILY,
        mode=ServiceMode.WALK_IN,
        name=Translated.of(
            fr="Déclaration de décès",
            nl="Overlijdensaangifte",
            en="Declaration of death",
            de="Todesfall melden",
        ),
        summary=Translated.of(
            fr="Sans rendez-vous et sans attendre.",
            nl="Zonder afspraak en zonder wachten.",
            en="Without an appointment and without waiting.",
            de="Ohne Termin und ohne Warten.",
        ),
        details=Translated.of(
            fr="Un décès se déclare à la commune où il a eu lieu. Le plus souvent, les pompes funèbres le font pour la"
            " famille. Présentez-vous à l’accueil : nous vous recevons à l’écart.",
            nl="Een overlijden geeft u aan in de gemeente waar het plaatsvond. Meestal doet de begrafenisondernemer dat"
            " voor de familie. Meld u aan bij het onthaal: wij ontvangen u apart.",
            en="A death is declared in the commune where it took place. Mostly the undertaker does it for the family."
            " Come to reception: we receive you in private.",
            de="Ein Todesfall wird in der Gemeinde gemeldet, in der er eingetreten ist. Meist übernimmt das der"
            " Bestatter für die Familie. Kommen Sie zum Empfang: Wir empfangen Sie in einem eigenen Raum.",
        ),
        who_comes=Translated.of(
            fr="Quelqu’un de la famille, ou les pompes funèbres.",
            nl="Iemand van de familie, of de begrafenisondernemer.",
            en="Somebody of the family, or the undertaker.",
            de="Jemand aus der Familie, oder der Bestatter.",
        ),
        papers=("death-note", "late-card"),
        fees=(Fee(SINCE, 0),),
        by_phone=Translated.of(
            fr="Pompes funèbres : {undertakers}. Familles : {phone}.",
            nl="Begrafenisondernemers: {undertakers}. Families: {phone}.",
            en="Undertakers: {undertakers}. Families: {phone}.",
            de="Bestatter: {undertakers}. Familien: {phone}.",
        ),
        minutes_first=20,
        is_sensitive=True,
    ),
)
