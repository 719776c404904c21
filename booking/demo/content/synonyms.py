"""What people call the services, in their own words: short, old, federal or foreign names."""

from __future__ import annotations

from collections.abc import Mapping

from booking.core.translated import Translated


def lines(**languages: str) -> Translated:
    """Phrases that a comma parts here and that stand on lines of their own in the form."""
    return Translated({language: text.replace(", ", "\n") for language, text in languages.items()})


SYNONYMS: Mapping[str, Translated] = {
    "identity-card": lines(
        fr="pièce d’identité, carte eID, refaire sa carte, renouveler sa carte, carte périmée, carte expirée,"
        " carte abîmée, nouvelle carte, papiers d’identité, CI",
        nl="identiteitsbewijs, pas, identiteitspas, ID-kaart, vervallen kaart, verlopen kaart, beschadigde kaart,"
        " nieuwe kaart, kaart vernieuwen, legitimatie",
        en="ID, ID card, proof of identity, renew my card, expired card, damaged card, new card",
        de="Ausweis, neuer Ausweis, ID-Karte, Identitätskarte, Ausweis abgelaufen, Ausweis erneuern, Perso",
    ),
    "kids-id": lines(
        fr="carte d’identité enfant, carte pour mon enfant, KidsID, carte bébé, carte d’identité pour bébé",
        nl="identiteitskaart kind, kaart voor mijn kind, KidsID, kaart voor de baby, kinderkaart",
        en="child identity card, ID for a child, KidsID, baby ID, card for my child",
        de="Kinderausweis, Ausweis für mein Kind, KidsID, Ausweis für ein Baby",
    ),
    "passport": lines(
        fr="passeport, voyage, voyager, visa, partir à l’étranger, vacances hors d’Europe, passeport perdu,"
        " passeport volé",
        nl="reispas, internationaal paspoort, pas, reisdocument, op reis, reizen, vakantie buiten Europa, paspoort"
        " kwijt, paspoort gestolen",
        en="passport, travel document, travel abroad, holiday outside Europe, lost passport, stolen passport",
        de="Pass, Reisedokument, Reise, verreisen, ins Ausland reisen, Pass verloren, Pass gestohlen",
    ),
    "child-passport": lines(
        fr="passeport enfant, passeport bébé, passeport mineur, passeport de mon fils, passeport de ma fille,"
        " voyage avec un enfant",
        nl="reispas kind, paspoort kind, paspoort baby, paspoort minderjarige, paspoort voor mijn zoon, paspoort"
        " voor mijn dochter, op reis met een kind",
        en="child passport, kids passport, passport for a minor, baby passport, passport for my son, passport for"
        " my daughter, travel with a child",
        de="Kinderpass, Kinderreisepass, Pass für mein Kind, Pass für ein Baby, Pass für meinen Sohn, Pass für"
        " meine Tochter, Reise mit Kind",
    ),
    "collection": lines(
        fr="aller chercher ma carte, chercher mon passeport, récupérer mon permis, retirer ma carte, retirer mon"
        " passeport, carte prête, activer ma carte",
        nl="ophalen, kaart ophalen, paspoort afhalen, rijbewijs ophalen, kaart is klaar, kaart activeren",
        en="pick up, pick up my card, collect my passport, card is ready, activate my card",
        de="abholen, Ausweis abholen, Pass abholen, Ausweis ist fertig, Ausweis aktivieren",
    ),
    "lost-card": lines(
        fr="carte perdue, carte volée, portefeuille perdu, portefeuille volé, sac volé, j’ai perdu mes papiers,"
        " bloquer ma carte, DocStop, carte égarée, j’ai égaré ma carte, déclaration de perte, attestation de"
        " perte",
        nl="kaart kwijt, kaart verloren, kaart gestolen, portefeuille verloren, portefeuille gestolen, portemonnee"
        " kwijt, kaart blokkeren, DocStop, verliesaangifte, attest van verlies",
        en="lost ID, lost identity card, stolen ID, lost wallet, stolen wallet, stolen bag, block my card,"
        " DocStop, theft",
        de="Ausweis verloren, Ausweis gestohlen, Karte verloren, Geldbörse verloren, Brieftasche gestohlen,"
        " Ausweis sperren, DocStop, Verlustanzeige",
    ),
    "pin-codes": lines(
        fr="code oublié, code pin, code puk, code perdu, carte bloquée, débloquer ma carte, changer le code, mot"
        " de passe de la carte",
        nl="code vergeten, pincode, pukcode, puk, code kwijt, kaart geblokkeerd, kaart deblokkeren, code wijzigen",
        en="forgotten code, forgot PIN, PUK code, card blocked, unblock my card, change the code",
        de="Code vergessen, PIN vergessen, PUK, Karte gesperrt, Karte entsperren, Code ändern",
    ),
    "driving-licence": lines(
        fr="permis, permis de conduire, permis B, permis provisoire, premier permis, permis perdu, permis volé,"
        " renouveler mon permis, permis international, examen réussi",
        nl="rijbewijs, rijbewijs B, voorlopig rijbewijs, eerste rijbewijs, rijbewijs kwijt, rijbewijs gestolen,"
        " rijbewijs vernieuwen, internationaal rijbewijs, geslaagd voor het rijexamen",
        en="driving licence, driver’s license, provisional licence, learner permit, lost licence, stolen licence,"
        " renew my licence, driving test passed, international driving permit",
        de="Führerschein, Fahrerlaubnis, provisorischer Führerschein, Führerschein verloren, Führerschein"
        " erneuern, internationaler Führerschein, Prüfung bestanden",
    ),
    "foreign-licence": lines(
        fr="échanger mon permis, permis de conduire étranger, permis d’un autre pays, convertir un permis, permis"
        " marocain, permis turc, permis non européen",
        nl="rijbewijs omwisselen, rijbewijs omruilen, rijbewijs van een ander land, Marokkaans rijbewijs, Turks"
        " rijbewijs",
        en="swap my licence, convert a licence, exchange a license, licence of another country, Moroccan licence,"
        " Turkish licence",
        de="Führerschein umtauschen, Führerschein umschreiben, Führerschein aus einem anderen Land",
    ),
    "change-of-address": lines(
        fr="déménagement, déménager, j’ai déménagé, nouveau logement, nouvelle maison, nouvel appartement,"
        " domiciliation, changer de domicile, s’inscrire dans la commune",
        nl="verhuizen, verhuizing, verhuisd, verhuis, nieuwe woning, nieuw adres, domicilie wijzigen, inschrijven"
        " in de gemeente",
        en="moving, moving house, I have moved, new flat, new house, new address, register my address",
        de="Umzug, umziehen, umgezogen, Umzug melden, neue Wohnung, Wohnsitz anmelden, Adressänderung, ummelden",
    ),
    "address-on-card": lines(
        fr="changement d’adresse sur la puce, adresse sur la puce, mettre à jour la puce, adresse sur ma carte",
        nl="adres op de chip, chip aanpassen, adres op mijn kaart, adreswijziging op de kaart",
        en="address on the chip, update the chip, address on my card",
        de="Adresse auf dem Chip, Chip ändern, Adresse auf dem Ausweis ändern",
    ),
    "certificates": lines(
        fr="composition de ménage, composition de famille, certificat de résidence, certificat de domicile, preuve"
        " d’adresse, preuve de domicile, prouver où j’habite, certificat de vie, certificat de nationalité,"
        " attestation de résidence, certificat d’inscription",
        nl="gezinssamenstelling, samenstelling van het gezin, bewijs van woonst, attest van verblijfplaats,"
        " woonplaatsattest, bewijs van adres, bewijzen waar ik woon, levensbewijs, nationaliteitsbewijs, attest"
        " van inschrijving",
        en="household composition, family composition, proof of address, proof of residence, where I live, life"
        " certificate, nationality certificate",
        de="Haushaltszusammensetzung, Wohnsitzbescheinigung, Meldebescheinigung, Adressnachweis,"
        " Lebensbescheinigung, Staatsangehörigkeitsnachweis, Familienzusammensetzung",
    ),
    "criminal-record": lines(
        fr="certificat de bonne vie et mœurs, bonnes vie et mœurs, casier judiciaire, casier vierge, modèle 595,"
        " modèle 596.2, certificat de bonne conduite",
        nl="bewijs van goed gedrag en zeden, bewijs van goed gedrag, strafblad, blanco strafblad, model 595, model"
        " 596.2, goed zedelijk gedrag",
        en="certificate of good conduct, police clearance, police certificate, clean record, background check",
        de="Leumundszeugnis, Führungszeugnis, Strafregisterauszug, Vorstrafen, polizeiliches Führungszeugnis",
    ),
    "certified-copy": lines(
        fr="légaliser une signature, signature légalisée, copie conforme, copie de diplôme, certifier un document,"
        " authentifier une copie, procuration",
        nl="handtekening wettigen, legalisatie, handtekening legaliseren, kopie waarmerken, voor eensluidend"
        " verklaren, gewaarmerkte kopie, kopie van een diploma, volmacht",
        en="certify a signature, legalise a signature, certified copy, true copy, copy of a diploma, authenticate"
        " a document",
        de="Unterschrift beglaubigen, Beglaubigung, beglaubigte Kopie, Kopie beglaubigen, Zeugnis beglaubigen,"
        " Vollmacht",
    ),
    "parking-card": lines(
        fr="carte riverain, carte de stationnement, stationner, se garer, parking, parcmètre, zone bleue,"
        " stationnement habitant, carte de dérogation",
        nl="parkeerkaart, parkeervergunning, parkeren, bewonersparkeren, blauwe zone, parking",
        en="parking permit, resident parking, park my car, parking card, blue zone",
        de="Parkausweis, Anwohnerparken, Bewohnerparkausweis, parken, Parkkarte",
    ),
    "birth": lines(
        fr="naissance, bébé, nouveau-né, déclarer un enfant, mon enfant est né, reconnaissance, reconnaître un enfant",
        nl="geboorte, baby, pasgeboren, kind aangeven, mijn kind is geboren, erkenning, kind erkennen",
        en="birth, newborn, baby, register a baby, my child was born, recognition of a child",
        de="Geburt, Baby, Neugeborenes, Geburt anmelden, Kind ist geboren, Vaterschaftsanerkennung",
    ),
    "marriage": lines(
        fr="mariage, se marier, nous marions, épouser, cérémonie, fiancés",
        nl="trouwen, huwen, huwelijk, huwelijk aangeven, bruiloft, trouw",
        en="marriage, getting married, marry, wedding",
        de="Heirat, heiraten, Hochzeit, Trauung, Eheschließung, Ehe",
    ),
    "death": lines(
        fr="décès, mort, quelqu’un est mort, décédé, enterrement, funérailles, obsèques, crémation, acte de décès",
        nl="overlijden, dood, iemand is overleden, gestorven, begrafenis, crematie, overlijden melden, overlijdensakte",
        en="death, somebody died, dead, deceased, funeral, burial, cremation",
        de="Tod, gestorben, verstorben, Sterbefall, Beerdigung, Bestattung, Sterbeurkunde",
    ),
    "eu-registration": lines(
        fr="annexe 19, citoyen européen, européen, j’arrive en Belgique, arriver d’un autre pays, première fois en"
        " Belgique, enregistrement, s’inscrire comme européen, annexe 8",
        nl="bijlage 19, EU-burger, Europeaan, ik kom in België wonen, nieuw in België, aankomst, inschrijven als"
        " Europeaan, bijlage 8",
        en="annex 19, EU citizen, European, new in Belgium, arriving in Belgium, coming from Italy, register as a"
        " European",
        de="Anlage 19, EU-Bürger, Europäer, neu in Belgien, Ankunft in Belgien, als EU-Bürger anmelden",
    ),
    "residence-card": lines(
        fr="carte de séjour, titre de séjour, permis de séjour, carte pour étranger, carte orange, attestation"
        " d’immatriculation, carte A, carte B, carte F, carte F+, carte K, carte L, prolonger mon séjour",
        nl="verblijfskaart, verblijfstitel, verblijfsvergunning, vreemdelingenkaart, oranje kaart, attest van"
        " immatriculatie, A-kaart, B-kaart, F-kaart, K-kaart, L-kaart, verblijf verlengen",
        en="residence permit, residence card, foreigner card, orange card, card A, card B, card F, extend my stay",
        de="Aufenthaltskarte, Aufenthaltstitel, Aufenthaltserlaubnis, Aufenthaltsgenehmigung, orange Karte, Karte"
        " A, Karte F, Aufenthalt verlängern",
    ),
}
