# language: nl
Functionaliteit: Toetsresultaten periodiek ophalen
  Het gelijknamige hoofdstuk: batch voor batch, vanaf de vorige keer, tot er niets meer is.

  @H17
  Regel: Resultaten komen in batches; één druk op de knop haalt één batch

    Voorbeeld: Eén druk haalt één batch
      Stel een school uit het scenario "grote-dag"
      Als er 1 keer op 'Toetsresultaten ophalen' wordt gedrukt
      Dan is er 1 keer aangeroepen
      En zijn er 100 resultaten bijgekomen

    Voorbeeld: De volgende druk haalt de volgende batch
      Stel een school uit het scenario "grote-dag"
      Als er 1 keer op 'Toetsresultaten ophalen' wordt gedrukt
      En er 1 keer op 'Toetsresultaten ophalen' wordt gedrukt
      Dan gaat de laatste aanroep verder met de vervolgsleutel van de vorige
      En zijn er 200 verschillende resultaten opgeslagen

  @H18
  Regel: Het ophalen begint bij de datum van de laatste import

    Voorbeeld: De begindatum is de dag van het nieuwste opgehaalde resultaat
      Stel een school uit het scenario "periodiek"
      En alle toetsresultaten zijn opgehaald
      Als de klok naar het volgende moment van het scenario gaat
      En alle toetsresultaten worden opgehaald
      Dan vraagt de eerste aanroep resultaten vanaf "2025-05-09"

    Voorbeeld: Hoe lang er ook niets komt, de begindatum blijft die van het nieuwste resultaat
      Stel een school uit het scenario "periodiek"
      En alle toetsresultaten zijn opgehaald
      Als alle toetsresultaten worden opgehaald
      En alle toetsresultaten worden opgehaald
      Dan vraagt de eerste aanroep resultaten vanaf "2025-05-09"
      En zijn er 0 resultaten bijgekomen

    Voorbeeld: Een dag die groter is dan een batch gaat niet verloren
      Stel een school uit het scenario "grote-dag"
      En alle toetsresultaten zijn opgehaald
      Als de klok naar het volgende moment van het scenario gaat
      En alle toetsresultaten worden opgehaald
      Dan vraagt de eerste aanroep resultaten vanaf "2025-03-11"
      En zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer

  @H19
  Regel: Bij veel resultaten wordt de handeling herhaald

    Voorbeeld: Twaalf keer drukken haalt twaalf batches op
      Stel een school uit het scenario "grote-dag"
      Als er 11 keer op 'Toetsresultaten ophalen' wordt gedrukt
      Dan meldt Magister dat er nog resultaten kunnen zijn
      Als er 1 keer op 'Toetsresultaten ophalen' wordt gedrukt
      Dan zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer
      Als er 1 keer op 'Toetsresultaten ophalen' wordt gedrukt
      Dan meldt Magister dat er geen resultaten meer zijn gevonden

  @H20
  Regel: Alles is binnen zodra er geen resultaten meer worden gevonden

    Voorbeeld: De laatste batch is leeg, en pas dan is het klaar
      Stel een school uit het scenario "grote-dag"
      Als alle toetsresultaten worden opgehaald
      Dan is alleen de laatste batch leeg
      En meldt Magister dat er geen resultaten meer zijn gevonden
      En zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer

    Voorbeeld: Een school zonder resultaten is na één aanroep klaar
      Stel een school uit het scenario "lege-school"
      Als alle toetsresultaten worden opgehaald
      Dan is er 1 keer aangeroepen
      En meldt Magister dat er geen resultaten meer zijn gevonden
      En is er niets opgeslagen
