# language: nl
Functionaliteit: Toetsresultaten importeren
  Het hoofdstuk "Importeren toetsresultaten": een druk op 'Toetsresultaten ophalen' haalt op wat er
  sinds de vorige keer bij is gekomen, voor de leerlingen die Magister kent.

  @H08
  Regel: Het importscherm vraagt voldoende rechten

    Voorbeeld: Een gebruiker zonder het recht haalt niets op
      Stel een school uit het scenario "onbekende-leerlingen"
      En een gebruiker met het recht "Cijfers invoeren"
      Als alle toetsresultaten worden opgehaald
      Dan mislukt het ophalen met de melding "Toetsresultaten JIJ! importeren"
      En is de webservice niet aangeroepen
      En is er niets opgeslagen

  @H09
  Regel: 'Toetsresultaten ophalen' haalt op wat er sinds de laatste import bij is gekomen

    Voorbeeld: Een tweede keer komen alleen de nieuwe resultaten erbij
      Stel een school uit het scenario "periodiek"
      En alle toetsresultaten zijn opgehaald
      Als de klok naar het volgende moment van het scenario gaat
      En alle toetsresultaten worden opgehaald
      Dan zijn er 19 resultaten bijgekomen
      En zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer

    Voorbeeld: Is er niets nieuws, dan komt er niets bij
      Stel een school uit het scenario "periodiek"
      En alle toetsresultaten zijn opgehaald
      Als alle toetsresultaten worden opgehaald
      Dan zijn er 0 resultaten bijgekomen
      En meldt Magister dat er geen resultaten meer zijn gevonden

  @H10
  Regel: Alleen resultaten van leerlingen wier stamnummer bekend is komen binnen

    Voorbeeld: Van onbekende leerlingen wordt niets bewaard
      Stel een school uit het scenario "onbekende-leerlingen"
      Als alle toetsresultaten worden opgehaald
      Dan zijn er 376 resultaten van onbekende leerlingen geteld
      En zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer

    Voorbeeld: De webservice laat onbekende leerlingen al weg als Magister de stamnummers meestuurt
      Stel een school uit het scenario "onbekende-leerlingen"
      En Magister stuurt de bekende stamnummers mee
      Als alle toetsresultaten worden opgehaald
      Dan zijn er 0 resultaten van onbekende leerlingen geteld
      En zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer

    Voorbeeld: Een gefilterde batch is nooit leeg zolang er nog resultaten zijn
      Stel een school uit het scenario "onbekende-leerlingen"
      En Magister stuurt de bekende stamnummers mee
      Als alle toetsresultaten worden opgehaald
      Dan is alleen de laatste batch leeg
