"""Papers to bring, by code. They stand in a list after *to bring*: lower case, no full stop."""

from __future__ import annotations

from collections.abc import Mapping

from booking.core.translated import Translated

PAPERS: Mapping[str, Translated] = {
    "card": Translated.of(
        fr="votre carte actuelle, même périmée",
        nl="uw huidige kaart, ook als ze vervallen is",
        en="your current card, even if expired",
        de="Ihren heutigen Ausweis, auch abgelaufen",
    ),
    "letter": Translated.of(
        fr="la convocation, si vous l’avez",
        nl="de oproepingsbrief, als u die hebt",
        en="the letter of invitation, if you have it",
        de="die Vorladung, falls vorhanden",
    ),
    "photo": Translated.of(
        fr="une photo récente (moins de 6 mois), de face, fond clair",
        nl="een recente pasfoto (jonger dan 6 maanden), vooraanzicht, lichte achtergrond",
        en="a recent photo (under 6 months), facing front, light background",
        de="ein neues Passfoto (höchstens 6 Monate), von vorn, heller Hintergrund",
    ),
    "no-photo": Translated.of(
        fr="pas de photo : nous la prenons au guichet",
        nl="geen foto: wij nemen ze aan het loket",
        en="no photo: we take it at the counter",
        de="kein Foto: wir machen es am Schalter",
    ),
    "loss": Translated.of(
        fr="l’attestation de perte ou de destruction (nous la faisons aussi sur place)",
        nl="het attest van verlies of vernietiging (wij maken het ook ter plaatse op)",
        en="the statement of loss or destruction (we also make it on the spot)",
        de="die Verlustbescheinigung (wir stellen sie auch vor Ort aus)",
    ),
    "theft": Translated.of(
        fr="l’attestation de vol de la police",
        nl="het attest van diefstal van de politie",
        en="the police statement of theft",
        de="die Diebstahlbescheinigung der Polizei",
    ),
    "parent": Translated.of(
        fr="la carte d’identité du parent qui vient",
        nl="de identiteitskaart van de ouder die meekomt",
        en="the identity card of the parent who comes",
        de="den Ausweis des begleitenden Elternteils",
    ),
    "consent": Translated.of(
        fr="l’accord écrit de l’autre parent et la copie de sa carte",
        nl="de schriftelijke toestemming van de andere ouder en een kopie van de kaart",
        en="the other parent’s written consent and a copy of their card",
        de="die schriftliche Zustimmung des anderen Elternteils mit Ausweiskopie",
    ),
    "ruling": Translated.of(
        fr="la décision de justice sur l’autorité parentale ou la tutelle",
        nl="de rechterlijke beslissing over ouderlijk gezag of voogdij",
        en="the court decision on parental authority or guardianship",
        de="die Gerichtsentscheidung über elterliche Gewalt oder Vormundschaft",
    ),
    "child-card": Translated.of(
        fr="la carte de l’enfant, s’il en a une",
        nl="de kaart van het kind, als het er een heeft",
        en="the child’s card, if there is one",
        de="den Ausweis des Kindes, falls vorhanden",
    ),
    "old-pass": Translated.of(
        fr="l’ancien passeport, même périmé",
        nl="het oude paspoort, ook als het vervallen is",
        en="the old passport, even if expired",
        de="den alten Reisepass, auch abgelaufen",
    ),
    "exam": Translated.of(
        fr="le formulaire de demande du centre d’examen",
        nl="het aanvraagformulier van het examencentrum",
        en="the application form from the test centre",
        de="das Antragsformular des Prüfungszentrums",
    ),
    "provisional": Translated.of(
        fr="votre permis provisoire",
        nl="uw voorlopig rijbewijs",
        en="your provisional licence",
        de="Ihren provisorischen Führerschein",
    ),
    "licence": Translated.of(
        fr="votre permis actuel",
        nl="uw huidige rijbewijs",
        en="your current licence",
        de="Ihren heutigen Führerschein",
    ),
    "lic-police": Translated.of(
        fr="l’attestation de perte ou de vol de la police",
        nl="het attest van verlies of diefstal van de politie",
        en="the police statement of loss or theft",
        de="die Verlust- oder Diebstahlbescheinigung der Polizei",
    ),
    "medical": Translated.of(
        fr="l’attestation d’aptitude médicale (groupe 2)",
        nl="het rijgeschiktheidsattest (groep 2)",
        en="the medical fitness certificate (group 2)",
        de="die Bescheinigung der Fahrtauglichkeit (Gruppe 2)",
    ),
    "eu-id": Translated.of(
        fr="votre carte d’identité nationale ou votre passeport, valable",
        nl="uw geldige nationale identiteitskaart of uw geldig paspoort",
        en="your valid national identity card or passport",
        de="gültigen nationalen Ausweis oder Reisepass",
    ),
    "lodging": Translated.of(
        fr="le bail à votre nom, le titre de propriété, ou l’accord écrit de la personne qui vous loge avec"
        " copie de sa carte",
        nl="het huurcontract op uw naam, de eigendomstitel, of de schriftelijke toestemming van wie u onderdak"
        " geeft met kopie van de kaart",
        en="the lease in your name, the deed, or the written agreement of the person who houses you with a"
        " copy of their card",
        de="den Mietvertrag auf Ihren Namen, den Eigentumstitel oder die schriftliche Zustimmung der"
        " aufnehmenden Person mit Ausweiskopie",
    ),
    "work": Translated.of(
        fr="un contrat de travail, ou l’attestation de l’employeur (annexe 19bis)",
        nl="een arbeidsovereenkomst, of het attest van de werkgever (bijlage 19bis)",
        en="an employment contract or the employer’s statement (annex 19bis)",
        de="einen Arbeitsvertrag oder die Bescheinigung des Arbeitgebers (Anlage 19bis)",
    ),
    "self": Translated.of(
        fr="le numéro d’entreprise et l’attestation de la caisse d’assurances sociales",
        nl="het ondernemingsnummer en het attest van het sociaalverzekeringsfonds",
        en="the enterprise number and the certificate of the social insurance fund",
        de="die Unternehmensnummer und die Bescheinigung der Sozialversicherungskasse",
    ),
    "seeker": Translated.of(
        fr="l’inscription chez Actiris, ou des copies de candidatures",
        nl="de inschrijving bij Actiris, of kopieën van sollicitaties",
        en="registration with Actiris, or copies of applications",
        de="die Eintragung bei Actiris oder Kopien von Bewerbungen",
    ),
    "study": Translated.of(
        fr="la preuve d’inscription dans un établissement reconnu",
        nl="het bewijs van inschrijving in een erkende instelling",
        en="proof of enrolment at a recognised institution",
        de="den Nachweis der Einschreibung an einer anerkannten Einrichtung",
    ),
    "health": Translated.of(
        fr="une assurance maladie",
        nl="een ziekteverzekering",
        en="health insurance",
        de="eine Krankenversicherung",
    ),
    "means": Translated.of(
        fr="la preuve de ressources suffisantes",
        nl="het bewijs van voldoende bestaansmiddelen",
        en="proof of sufficient means",
        de="den Nachweis ausreichender Mittel",
    ),
    "kin": Translated.of(
        fr="l’acte qui prouve le lien de famille, légalisé ou avec apostille, et traduit si nécessaire",
        nl="de akte die de verwantschap bewijst, gelegaliseerd of met apostille, en zo nodig vertaald",
        en="the certificate proving the family tie, legalised or with apostille, translated if needed",
        de="die Urkunde zum Verwandtschaftsnachweis, legalisiert oder mit Apostille, gegebenenfalls übersetzt",
    ),
    "birth-note": Translated.of(
        fr="l’attestation de naissance reçue à l’hôpital ou de la sage-femme",
        nl="het geboorteattest van het ziekenhuis of de vroedvrouw",
        en="the birth note from the hospital or midwife",
        de="die Geburtsbescheinigung des Krankenhauses oder der Hebamme",
    ),
    "both-cards": Translated.of(
        fr="les cartes d’identité ou passeports des deux parents",
        nl="de identiteitskaarten of paspoorten van beide ouders",
        en="both parents’ identity cards or passports",
        de="die Ausweise oder Pässe beider Eltern",
    ),
    "booklet": Translated.of(
        fr="le carnet de mariage, si vous l’avez",
        nl="het trouwboekje, als u het hebt",
        en="the marriage booklet, if you have it",
        de="das Heiratsbuch, falls vorhanden",
    ),
    "for-marr": Translated.of(
        fr="l’acte de mariage étranger, légalisé ou avec apostille, et traduit si nécessaire",
        nl="de buitenlandse huwelijksakte, gelegaliseerd of met apostille, en zo nodig vertaald",
        en="the foreign marriage certificate, legalised or with apostille, translated if needed",
        de="die ausländische Heiratsurkunde, legalisiert oder mit Apostille, gegebenenfalls übersetzt",
    ),
    "two-cards": Translated.of(
        fr="vos deux cartes d’identité ou passeports",
        nl="de identiteitskaart of het paspoort van u beiden",
        en="both your identity cards or passports",
        de="Ihre beiden Ausweise oder Pässe",
    ),
    "for-birth": Translated.of(
        fr="l’acte de naissance étranger, légalisé ou avec apostille, et traduit si nécessaire",
        nl="de buitenlandse geboorteakte, gelegaliseerd of met apostille, en zo nodig vertaald",
        en="the foreign birth certificate, legalised or with apostille, translated if needed",
        de="die ausländische Geburtsurkunde, legalisiert oder mit Apostille, gegebenenfalls übersetzt",
    ),
    "ended": Translated.of(
        fr="l’acte étranger qui prouve le divorce ou le décès de l’ex-conjoint",
        nl="de buitenlandse akte van echtscheiding of van overlijden van de vorige partner",
        en="the foreign divorce or death certificate of the former spouse",
        de="die ausländische Scheidungs- oder Sterbeurkunde des früheren Ehepartners",
    ),
    "status": Translated.of(
        fr="une preuve de nationalité, de célibat et de résidence de la personne qui n’est pas inscrite en Belgique",
        nl="een bewijs van nationaliteit, ongehuwde staat en verblijfplaats van wie niet in België is ingeschreven",
        en="proof of nationality, unmarried status and residence of the person not registered in Belgium",
        de="Nachweis von Staatsangehörigkeit, Ledigenstand und Wohnsitz der nicht in Belgien eingetragenen Person",
    ),
    "proxy": Translated.of(
        fr="la procuration avec signature légalisée de la personne absente",
        nl="de volmacht met gewettigde handtekening van wie afwezig is",
        en="the absent person’s written authority, signature certified",
        de="die Vollmacht der abwesenden Person mit beglaubigter Unterschrift",
    ),
    "notary": Translated.of(
        fr="l’attestation du notaire, s’il y a un contrat de mariage",
        nl="het attest van de notaris, als er een huwelijkscontract is",
        en="the notary’s note, if there is a marriage contract",
        de="die Bescheinigung des Notars bei Ehevertrag",
    ),
    "own-card": Translated.of(
        fr="votre carte d’identité ou de séjour",
        nl="uw identiteitskaart of verblijfskaart",
        en="your identity card or residence card",
        de="Ihren Personalausweis oder Aufenthaltstitel",
    ),
    "other-id": Translated.of(
        fr="une autre pièce d’identité avec photo, si vous en avez une",
        nl="een ander identiteitsdocument met foto, als u er een hebt",
        en="another identity document with a photo, if you have one",
        de="ein anderes Ausweisdokument mit Foto, falls vorhanden",
    ),
    "codes-letter": Translated.of(
        fr="la lettre avec vos codes PIN et PUK",
        nl="de brief met uw pin- en pukcode",
        en="the letter with your PIN and PUK codes",
        de="den Brief mit Ihren PIN- und PUK-Codes",
    ),
    "foreign-licence": Translated.of(
        fr="le permis étranger, en original",
        nl="het originele buitenlandse rijbewijs",
        en="the original foreign licence",
        de="den ausländischen Führerschein im Original",
    ),
    "residence-permit": Translated.of(
        fr="votre titre de séjour actuel, même périmé",
        nl="uw huidige verblijfstitel, ook als die vervallen is",
        en="your current residence card, even if expired",
        de="Ihren heutigen Aufenthaltstitel, auch abgelaufen",
    ),
    "sworn-translation": Translated.of(
        fr="une traduction par un traducteur juré, si nous vous l’avons demandée",
        nl="een beëdigde vertaling, als wij erom gevraagd hebben",
        en="a sworn translation, if we have asked for one",
        de="eine vereidigte Übersetzung, falls wir darum gebeten haben",
    ),
    "household-id": Translated.of(
        fr="la carte ou le passeport de chaque personne qui déménage",
        nl="de kaart of het paspoort van iedereen die verhuist",
        en="the card or passport of everybody who moves",
        de="den Ausweis oder Pass aller, die umziehen",
    ),
    "household-cards": Translated.of(
        fr="les cartes de toutes les personnes du ménage et leurs codes PIN",
        nl="de kaarten van alle gezinsleden en hun pincodes",
        en="the cards of everybody in the household and their PIN codes",
        de="die Ausweise aller Personen des Haushalts und ihre PIN-Codes",
    ),
    "purpose": Translated.of(
        fr="la lettre de l’employeur ou de l’organisation qui demande l’extrait",
        nl="de brief van de werkgever of organisatie die het uittreksel vraagt",
        en="the letter of the employer or organisation that asks for the extract",
        de="den Brief des Arbeitgebers oder der Organisation, die den Auszug verlangt",
    ),
    "original": Translated.of(
        fr="le document à signer, ou l’original à copier",
        nl="het document om te ondertekenen, of het origineel",
        en="the document to sign, or the original to be copied",
        de="das Dokument zum Unterschreiben, oder das Original",
    ),
    "grounds": Translated.of(
        fr="la preuve que la raison de votre séjour existe toujours (travail, études, famille)",
        nl="het bewijs dat de reden van uw verblijf nog bestaat (werk, studie, gezin)",
        en="proof that the reason for your stay still exists (work, studies, family)",
        de="den Nachweis, dass der Grund Ihres Aufenthalts weiter besteht (Arbeit, Studium, Familie)",
    ),
    "death-note": Translated.of(
        fr="l’attestation de décès du médecin",
        nl="het overlijdensattest van de arts",
        en="the doctor’s certificate of death",
        de="die Todesbescheinigung des Arztes",
    ),
    "late-card": Translated.of(
        fr="la carte d’identité de la personne décédée",
        nl="de identiteitskaart van de overledene",
        en="the identity card of the person who died",
        de="den Ausweis der verstorbenen Person",
    ),
    "teen-card": Translated.of(
        fr="la carte d’identité de l’enfant",
        nl="de identiteitskaart van het kind",
        en="the child’s identity card",
        de="den Personalausweis des Kindes",
    ),
    "theory": Translated.of(
        fr="la preuve de réussite de l’examen théorique",
        nl="het bewijs dat u voor het theorie-examen geslaagd bent",
        en="the proof that you passed the theory test",
        de="den Nachweis der bestandenen Theorieprüfung",
    ),
    "school": Translated.of(
        fr="le certificat de l’auto-école, ou les papiers de la personne qui vous guide",
        nl="het getuigschrift van de rijschool, of de papieren van uw begeleider",
        en="the certificate of the driving school, or the papers of whoever guides you",
        de="die Bescheinigung der Fahrschule, oder die Papiere der begleitenden Person",
    ),
    "relative-card": Translated.of(
        fr="la carte d’identité ou de séjour du membre de la famille que vous rejoignez",
        nl="de identiteits- of verblijfskaart van het familielid bij wie u komt wonen",
        en="the identity or residence card of the relative you are joining",
        de="den Ausweis oder Aufenthaltstitel der Person aus Ihrer Familie, zu der Sie ziehen",
    ),
    "old-belgian-card": Translated.of(
        fr="votre ancienne carte belge, si vous l’avez encore",
        nl="uw oude Belgische kaart, als u ze nog hebt",
        en="your old Belgian card, if you still have it",
        de="Ihren alten belgischen Ausweis, falls noch vorhanden",
    ),
}
