# language: nl
Functionaliteit: De koppeling instellen
  Voorbereiding en Ad 2 en Ad 3 van de handleiding: wat er klaar moet staan voordat er iets op te
  halen valt.

  @H02
  Regel: De gebruiker heeft het recht om toetsresultaten van JIJ! te importeren; dat voor TOA is een ander

    Voorbeeld: Met het recht voor JIJ! komt de import op gang
      Stel een school uit het scenario "twee-scholen"
      En een gebruiker met het recht "Toetsresultaten JIJ! importeren"
      Als alle toetsresultaten worden opgehaald
      Dan zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer

    Voorbeeld: Alleen het recht voor TOA is niet genoeg
      Stel een school uit het scenario "twee-scholen"
      En een gebruiker met het recht "Toetsresultaten TOA importeren"
      Als alle toetsresultaten worden opgehaald
      Dan mislukt het ophalen met de melding "Toetsresultaten JIJ! importeren"
      En is de webservice niet aangeroepen

  @H03
  Regel: Drie velden stellen de koppeling in: adres, instellingscode en SOAP-key

    Voorbeeld: Met de drie velden ingevuld werkt de koppeling
      Stel een school uit het scenario "twee-scholen"
      Als alle toetsresultaten worden opgehaald
      Dan bevat elke aanroep de ingevulde instellingscode en SOAP-key
      En zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer

    Abstract Scenario: Zonder een van de drie velden wordt er niets aangeroepen
      Stel een school uit het scenario "twee-scholen"
      En het veld "<veld>" is niet ingevuld
      Als alle toetsresultaten worden opgehaald
      Dan mislukt het ophalen met de melding "<melding>"
      En is de webservice niet aangeroepen

      Voorbeelden:
        | veld            | melding             |
        | adres           | web service address |
        | instellingscode | instellingscode     |
        | SOAP-key        | SOAP-key            |

  @H04
  Regel: Zonder een SOAP-key die de leverancier aan de school gaf is er geen toegang

    Abstract Scenario: Een SOAP-key die niemand heeft gekregen wordt geweigerd
      Stel een school uit het scenario "twee-scholen"
      En de SOAP-key is "<key>"
      Als alle toetsresultaten worden opgehaald
      Dan weigert de webservice met code "Client.AutorisatieOngeldig"
      En is er niets opgeslagen

      Voorbeelden:
        | key                                    |
        | verzonnen                              |
        | jij-twee-links-6b1e8f04d7c94a5         |
        | JIJ-TWEE-LINKS-6B1E8F04D7C94A52        |

  @H05
  Regel: Het adres is dat van de WSDL, met het pad /api/v3/results/doclit?wsdl

    Voorbeeld: Op het adres staat de WSDL, en die wijst de weg voor de aanroepen
      Stel een school uit het scenario "lege-school"
      Dan eindigt het adres op "/api/v3/results/doclit?wsdl"
      En staat daar een WSDL met de operatie "HaalToetsresultaten"

    Voorbeeld: Een adres waar geen WSDL staat levert een duidelijke melding op
      Stel een school uit het scenario "lege-school"
      En het adres eindigt op "/api/v2/results?wsdl"
      Als alle toetsresultaten worden opgehaald
      Dan mislukt het ophalen met de melding "no WSDL at"
      En is de webservice niet aangeroepen

  @H06
  Regel: De instellingscode is die van het eigen JIJ!-account van de school

    Voorbeeld: De code van een andere school wordt geweigerd
      Stel een school uit het scenario "twee-scholen"
      En de instellingscode is "99TR"
      Als alle toetsresultaten worden opgehaald
      Dan weigert de webservice met code "Client.OngeldigeKlantIdentificatie"
      En is er niets opgeslagen

    Voorbeeld: Een code die nergens bij hoort krijgt hetzelfde antwoord
      Stel een school uit het scenario "twee-scholen"
      En de instellingscode is "99ZZ"
      Als alle toetsresultaten worden opgehaald
      Dan weigert de webservice met code "Client.OngeldigeKlantIdentificatie"
      En is er niets opgeslagen

    Voorbeeld: Twee scholen in één Magister houden hun resultaten uit elkaar
      Stel een school uit het scenario "twee-scholen"
      Als alle toetsresultaten worden opgehaald
      En de andere school van het scenario wordt ingesteld
      En alle toetsresultaten worden opgehaald
      Dan zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer

  @H07
  Regel: Een SOAP-key van TOA werkt niet voor JIJ!

    Voorbeeld: De key van TOA wordt geweigerd, en een tweede poging is zinloos
      Stel een school uit het scenario "toa-key"
      Als alle toetsresultaten worden opgehaald
      Dan weigert de webservice met code "Client.AutorisatieOngeldig"
      En noemt de melding "TOA"
      En is er 1 keer aangeroepen
      En is er niets opgeslagen

    Voorbeeld: Met de key van JIJ! werkt dezelfde school wel
      Stel een school uit het scenario "toa-key"
      En de SOAP-key is "jij-toa-key-e8409b6d17c34f5a"
      Als alle toetsresultaten worden opgehaald
      Dan zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer
