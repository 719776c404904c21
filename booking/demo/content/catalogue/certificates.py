"""Certificates, extracts, certified signatures."""

from __future__ import annotations

from booking.core.appointments import ServiceMode
from booking.core.services import Fee
from booking.core.translated import Translated
from booking.demo.content.catalogue.address import ADDRESS
from booking.demo.content.catalogue.common import SINCE, on_the_portal
from booking.demo.content.shapes import DemoService

THE_PERSON_OR_AUTHORITY = Translated.of(
    fr="La personne elle-même, ou quelqu’un avec une procuration et une copie de sa carte.",
    nl="De persoon zelf, of iemand met een volmacht en een kopie van de kaart.",
    en="The person, or somebody with a written authority and a copy of the person’s card.",
    de="Die Person selbst, oder jemand mit Vollmacht und Ausweiskopie.",
)

SERVICES = (
    DemoService(
        code="certificates",
        group=ADDRESS,
        mode=ServiceMode.ONLINE,
        name=Translated.of(
            fr="Certificats : ménage, résidence, vie, nationalité",
            nl="Attesten: gezin, verblijfplaats, leven, nationaliteit",
            en="Certificates: household, residence, life, nationality",
            de="Bescheinigungen: Haushalt, Wohnsitz, Leben, Staatsangehörigkeit",
        ),
        summary=Translated.of(
            fr="Composition de ménage et autres certificats, tout de suite.",
            nl="Gezinssamenstelling en andere attesten, meteen.",
            en="Household composition and other certificates, at once.",
            de="Haushaltszusammensetzung und andere Bescheinigungen, sofort.",
        ),
        details=Translated.of(
            fr="Avec votre carte d’identité et son code PIN, vous les téléchargez vous-même, gratuitement. Au guichet,"
            " vous les recevez imprimés et signés.",
            nl="Met uw identiteitskaart en de pincode downloadt u ze zelf, gratis. Aan het loket krijgt u ze afgedrukt"
            " en ondertekend.",
            en="With your identity card and its PIN code you download them yourself, free of charge. At the counter you"
            " get them printed and signed.",
            de="Mit Ihrem Ausweis und dem PIN-Code laden Sie sie selbst herunter, kostenlos. Am Schalter erhalten Sie"
            " sie gedruckt und unterschrieben.",
        ),
        who_comes=THE_PERSON_OR_AUTHORITY,
        papers=("own-card",),
        fees=(
            Fee(
                SINCE,
                500,
                Translated.of(
                    fr="Au guichet ; gratuit en ligne.",
                    nl="Aan het loket; online gratis.",
                    en="At the counter; free online.",
                    de="Am Schalter; online kostenlos.",
                ),
            ),
        ),
        link=on_the_portal("certificats-attesten"),
        by_phone=Translated.of(
            fr="Appelez le {phone} : nous vous envoyons le certificat par la poste.",
            nl="Bel {phone}: wij sturen u het attest met de post.",
            en="Call {phone}: we send you the certificate by post.",
            de="Rufen Sie {phone} an: Wir schicken Ihnen die Bescheinigung per Post.",
        ),
        by_post=Translated.of(
            fr="Écrivez à l’administration communale, service Population, {post}. Indiquez le certificat voulu et"
            " joignez une copie de votre carte.",
            nl="Vermeld welk attest u wilt en voeg een kopie van uw kaart toe: gemeentebestuur, dienst Bevolking,"
            " {post}.",
            en="Say which certificate you want and add a copy of your card: municipal administration, Population"
            " service, {post}.",
            de="Geben Sie die gewünschte Bescheinigung an und legen Sie eine Ausweiskopie bei: Gemeindeverwaltung,"
            " Bevölkerungsdienst, {post}.",
        ),
        minutes_first=5,
        minutes_extra=3,
        max_persons=5,
    ),
    DemoService(
        code="criminal-record",
        group=ADDRESS,
        mode=ServiceMode.ONLINE,
        name=Translated.of(
            fr="Extrait de casier judiciaire",
            nl="Uittreksel uit het strafregister",
            en="Criminal record extract",
            de="Auszug aus dem Strafregister",
        ),
        summary=Translated.of(
            fr="Pour un emploi, un stage ou une activité avec des enfants.",
            nl="Voor een baan, een stage of een activiteit met kinderen.",
            en="For a job, a traineeship or an activity with children.",
            de="Für eine Arbeit, ein Praktikum oder eine Tätigkeit mit Kindern.",
        ),
        details=Translated.of(
            fr="C’est l’ancien certificat de bonne vie et mœurs. Le modèle 596.2, pour le travail avec des personnes"
            " mineures, demande l’avis de la police : il est prêt plus tard, nous vous prévenons.",
            nl="Het vroegere bewijs van goed gedrag en zeden. Voor model 596.2, om met minderjarigen te werken, geeft"
            " de politie advies: het is later klaar, wij verwittigen u.",
            en="It used to be called certificate of good conduct. Model 596.2, for work with minors, needs the advice"
            " of the police: it is ready later, and we tell you.",
            de="Früher Leumundszeugnis genannt. Für das Modell 596.2, zur Arbeit mit Minderjährigen, gibt die Polizei"
            " eine Stellungnahme ab: Es ist später fertig, wir sagen Ihnen Bescheid.",
        ),
        who_comes=THE_PERSON_OR_AUTHORITY,
        papers=("own-card", "purpose"),
        fees=(
            Fee(
                SINCE,
                1000,
                Translated.of(
                    fr="Gratuit pour certains usages.",
                    nl="Gratis voor sommige doeleinden.",
                    en="Free for some purposes.",
                    de="Für manche Zwecke kostenlos.",
                ),
            ),
        ),
        link=on_the_portal("casier-strafregister"),
        by_phone=Translated.of(
            fr="Appelez le {phone} : nous vous disons quel modèle il vous faut et nous vous envoyons le formulaire.",
            nl="Bel {phone}: wij zeggen u welk model u nodig hebt en sturen u het formulier.",
            en="Call {phone}: we tell you which model you need and send you the form.",
            de="Rufen Sie {phone} an: Wir sagen Ihnen, welches Modell Sie brauchen, und schicken Ihnen das Formular.",
        ),
        by_post=Translated.of(
            fr="Écrivez à l’administration communale, service Population, {post}. Joignez une copie de votre carte et"
            " la demande de l’employeur.",
            nl="Voeg een kopie van uw kaart en de vraag van de werkgever toe: gemeentebestuur, dienst Bevolking,"
            " {post}.",
            en="Add a copy of your card and the employer’s request: municipal administration, Population service,"
            " {post}.",
            de="Legen Sie eine Ausweiskopie und das Schreiben des Arbeitgebers bei: Gemeindeverwaltung,"
            " Bevölkerungsdienst, {post}.",
        ),
        minutes_first=10,
        minutes_beside=5,
    ),
    DemoService(
        code="certified-copy",
        group=ADDRESS,
        mode=ServiceMode.WALK_IN,
        name=Translated.of(
            fr="Légalisation de signature, copie certifiée conforme",
            nl="Wettiging van een handtekening, eensluidend afschrift",
            en="Certified signature or copy",
            de="Beglaubigung von Unterschrift oder Kopie",
        ),
        summary=Translated.of(
            fr="Signez devant nous, ou apportez l’original à copier.",
            nl="Onderteken in ons bijzijn, of breng het origineel mee.",
            en="Sign in front of us, or bring the original to be copied.",
            de="Unterschreiben Sie vor uns, oder bringen Sie das Original mit.",
        ),
        details=Translated.of(
            fr="Ne signez pas à l’avance : la signature se fait au guichet. Pour un document qui part à l’étranger,"
            " demandez d’abord à l’autorité de ce pays ce qu’elle accepte.",
            nl="Onderteken niet vooraf: dat doet u aan het loket. Is het document voor het buitenland bestemd, vraag"
            " dan eerst aan de overheid daar wat zij aanvaardt.",
            en="Do not sign beforehand: you do that at the counter. For a document that goes abroad, first ask the"
            " authority there what it accepts.",
            de="Unterschreiben Sie nicht im Voraus: Das tun Sie am Schalter. Geht das Dokument ins Ausland, fragen Sie"
            " zuerst die Behörde dort, was sie annimmt.",
        ),
        who_comes=Translated.of(
            fr="La personne qui signe ; pour une copie, n’importe qui.",
            nl="De persoon die ondertekent; voor een afschrift mag iedereen komen.",
            en="The person who signs; for a copy, anybody.",
            de="Die Person, die unterschreibt; für eine Kopie kann jeder kommen.",
        ),
        papers=("own-card", "original"),
        fees=(Fee(SINCE, 500),),
        minutes_first=10,
        minutes_extra=5,
        minutes_beside=5,
        max_persons=5,
    ),
)
