"""Moving house, and parking near it."""

from __future__ import annotations

from booking.core.appointments import ServiceMode
from booking.core.services import Fee
from booking.core.translated import Translated
from booking.demo.content.catalogue.common import PARKING, SINCE, on_the_portal
from booking.demo.content.shapes import DemoService

ADDRESS = "address"

SERVICES = (
    DemoService(
        code="change-of-address",
        group=ADDRESS,
        mode=ServiceMode.ONLINE,
        name=Translated.of(
            fr="Changement d’adresse",
            nl="Adreswijziging",
            en="Change of address",
            de="Wohnsitzwechsel",
        ),
        summary=Translated.of(
            fr="Un déménagement se déclare dans les 8 jours ouvrables.",
            nl="U verhuist? Geef het aan binnen 8 werkdagen.",
            en="Tell us within 8 working days that you have moved.",
            de="Einen Umzug melden Sie innerhalb von 8 Werktagen.",
        ),
        details=Translated.of(
            fr="Vous déclarez votre déménagement à la commune où vous arrivez : en ligne, au guichet, par téléphone ou"
            " par courrier. La police passe ensuite à votre adresse. Après son passage, une lettre vous invite à faire"
            " inscrire la nouvelle adresse sur votre carte.",
            nl="U doet dat bij de gemeente waar u gaat wonen: online, aan het loket, telefonisch of met de post. Daarna"
            " komt de politie langs op uw adres. Na dat bezoek nodigt een brief u uit om het nieuwe adres op uw kaart"
            " te laten zetten.",
            en="You do so in the commune where you arrive: online, at the counter, by phone or by post. The police then"
            " visit your address. After the visit, a letter invites you to have the new address put on your card.",
            de="Sie melden ihn in der Gemeinde, in die Sie ziehen: online, am Schalter, per Telefon oder per Post."
            " Danach kommt die Polizei bei Ihnen vorbei. Nach dem Besuch lädt ein Brief Sie ein, die neue Adresse auf"
            " dem Ausweis eintragen zu lassen.",
        ),
        who_comes=Translated.of(
            fr="Une personne majeure du ménage, pour tout le ménage.",
            nl="Een meerderjarig gezinslid, voor het hele gezin.",
            en="One adult of the household, for everybody in it.",
            de="Eine volljährige Person des Haushalts, für alle.",
        ),
        papers=("household-id", "lodging"),
        fees=(Fee(SINCE, 0),),
        link=on_the_portal("adresse-adres"),
        by_phone=Translated.of(
            fr="Appelez le {phone} : nous remplissons la déclaration avec vous et vous l’envoyons à signer.",
            nl="Bel {phone}: wij vullen de aangifte met u in en sturen ze u om te ondertekenen.",
            en="Call {phone}: we fill in the declaration with you and send it to you to sign.",
            de="Rufen Sie {phone} an: Wir füllen die Erklärung mit Ihnen aus und schicken sie Ihnen zur Unterschrift.",
        ),
        by_post=Translated.of(
            fr="Écrivez à l’administration communale, service Population, {post}. Indiquez la nouvelle adresse, la"
            " date et les noms, et joignez une copie de chaque carte et du bail.",
            nl="Schrijf het nieuwe adres, de datum en de namen op en voeg een kopie van elke kaart en van het"
            " huurcontract toe: gemeentebestuur, dienst Bevolking, {post}.",
            en="Write down the new address, the date and the names, and add a copy of each card and of the lease:"
            " municipal administration, Population service, {post}.",
            de="Schreiben Sie die neue Adresse, das Datum und die Namen auf und legen Sie eine Kopie jedes Ausweises"
            " und des Mietvertrags bei: Gemeindeverwaltung, Bevölkerungsdienst, {post}.",
        ),
        minutes_first=15,
        minutes_extra=5,
        minutes_beside=10,
        max_persons=8,
    ),
    DemoService(
        code="address-on-card",
        group=ADDRESS,
        mode=ServiceMode.WALK_IN,
        name=Translated.of(
            fr="Nouvelle adresse sur la carte",
            nl="Nieuw adres op de kaart",
            en="New address on the card",
            de="Neue Adresse auf dem Ausweis",
        ),
        summary=Translated.of(
            fr="Vous avez reçu notre lettre ? Nous inscrivons l’adresse sur la puce de votre carte.",
            nl="Hebt u onze brief gekregen? Wij zetten het adres op de chip van uw kaart.",
            en="Have you received our letter? We put the address on the chip of your card.",
            de="Haben Sie unseren Brief erhalten? Wir schreiben die Adresse auf den Chip Ihres Ausweises.",
        ),
        details=Translated.of(
            fr="La lettre arrive après le passage de la police à votre nouvelle adresse. Le code PIN est nécessaire :"
            " si vous l’avez oublié, nous vous aidons au même guichet.",
            nl="De brief komt nadat de politie op uw nieuwe adres is langsgekomen. U hebt de pincode nodig: code"
            " vergeten, dan helpen wij u aan hetzelfde loket.",
            en="The letter comes after the police have visited your new address. The PIN code is needed: if you have"
            " forgotten it, we help you at the same counter.",
            de="Der Brief kommt, nachdem die Polizei Ihre neue Adresse besucht hat. Sie brauchen den PIN-Code: Haben"
            " Sie ihn vergessen, helfen wir Ihnen am selben Schalter.",
        ),
        who_comes=Translated.of(
            fr="Une personne du ménage, avec toutes les cartes et leurs codes PIN.",
            nl="Eén persoon van het gezin, met alle kaarten en hun pincodes.",
            en="One person of the household, with all the cards and their PIN codes.",
            de="Eine Person des Haushalts, mit allen Ausweisen und ihren PIN-Codes.",
        ),
        papers=("letter", "household-cards"),
        fees=(Fee(SINCE, 0),),
        minutes_first=10,
        minutes_extra=5,
        minutes_beside=5,
        max_persons=8,
    ),
)

PARKING_CARD = DemoService(
    code="parking-card",
    group=ADDRESS,
    mode=ServiceMode.ELSEWHERE,
    name=Translated.of(
        fr="Carte de riverain",
        nl="Bewonerskaart",
        en="Resident’s parking card",
        de="Anwohnerparkkarte",
    ),
    summary=Translated.of(
        fr="Stationner près de chez vous : c’est la Région qui s’en occupe.",
        nl="Parkeren in uw buurt: dat regelt het Gewest.",
        en="Parking near your home is handled by the Region.",
        de="Parken in Ihrer Nähe: Darum kümmert sich die Region.",
    ),
    details=Translated.of(
        fr="La demande se fait auprès de l’agence, en ligne ou à son guichet.",
        nl="U vraagt ze aan bij het agentschap, online of aan het loket daar.",
        en="You apply to the agency, online or at its counter.",
        de="Sie beantragen sie bei der Agentur, online oder an ihrem Schalter.",
    ),
    link=PARKING,
    authority=Translated.of(
        fr="l’agence régionale du stationnement",
        nl="het gewestelijk parkeeragentschap",
        en="the Region’s parking agency",
        de="die Parkagentur der Region",
    ),
)
