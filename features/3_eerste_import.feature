# language: nl
Functionaliteit: De eerste import
  Het hoofdstuk "Let op!": de eerste keer komt alles binnen, en wat er is blijft staan.

  @H11
  Regel: De eerste import haalt alle afnames op sinds de school met JIJ! toetst

    Voorbeeld: Drie schooljaren komen in meer dan honderd batches binnen
      Stel een school uit het scenario "eerste-import"
      Als alle toetsresultaten worden opgehaald
      Dan vraagt de eerste aanroep geen begindatum
      En zijn er minstens 12000 resultaten in minstens 100 batches ontvangen
      En lopen de afnamedata over 3 schooljaren
      En zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer

    Voorbeeld: Een latere keer gaat sneller, omdat er weinig bij is gekomen
      Stel een school uit het scenario "eerste-import"
      En alle toetsresultaten zijn opgehaald
      Als alle toetsresultaten worden opgehaald
      Dan is er hoogstens 2 keer aangeroepen

  @H16
  Regel: Wat al is weggeschreven wordt niet nog eens verwerkt

    Voorbeeld: Twee keer alles ophalen levert niets dubbel op
      Stel een school uit het scenario "grote-dag"
      En alle toetsresultaten zijn opgehaald
      Als alle toetsresultaten worden opgehaald vanaf "2024-08-01"
      Dan zijn er 0 resultaten bijgekomen
      En zijn er 1110 resultaten overgeslagen
      En zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer

    Voorbeeld: Eerst het nieuwste schooljaar, dan een vroeger begin
      Stel een school uit het scenario "onbekende-leerlingen"
      En alle toetsresultaten zijn opgehaald vanaf "2024-08-01"
      Als alle toetsresultaten worden opgehaald vanaf "2023-08-01"
      Dan zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer
