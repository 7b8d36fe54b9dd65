"""What the demo publishes, and who may read it: propositions, approvals, and three readers that nobody has mailed."""

from portal.accounts.models import normal_email
from portal.demo import words
from portal.gate.models import Reader
from portal.partners.models import Contact, Partner
from portal.propositions.models import Proposition
from portal.publishing.models import PageApproval

WITH_PROPOSITION = 40
READERS = 3


def publishable(stamp, chosen):
    """Approves every page, with propositions for the largest partners; returns how many have one.

    The very first partner has it in every language, so that the switch on its page can be tried."""
    partners = {
        partner.id: partner for partner in Partner.select().where(Partner.id.in_([a.partner_id for a in chosen]))
    }
    largest = [partners[account.partner_id] for account in chosen[:WITH_PROPOSITION]]
    for partner in largest:
        for language in PROPOSITIONS if partner == largest[0] else ("en",):
            version = Proposition.write(
                stamp, partner, language, PROPOSITIONS[language].format(name=partner.name, city=partner.city)
            )
            version.submit(stamp)
            version.approve(stamp, words.MADE_UP)
    PageApproval.give(stamp, Partner.select())
    return len(largest)


def readers(stamp, chosen):
    """Lets the key contact of the first few partners in; no mail goes out before somebody asks for a link."""
    contacts = Contact.select().where(Contact.id.in_([account.contacts[0] for account in chosen[:READERS]]))
    for contact in contacts:
        Reader.add(
            stamp, contact=contact, email=normal_email(contact.email), invited_at=stamp.at, action="reader.invite"
        )
    return len(contacts)


def first_reader():
    """The address with which the gate can be tried."""
    return Reader.select().order_by(Reader.id).first().email


PROPOSITIONS = {
    "en": """## Who it is for

People in and around {city} who ride every week and want a bicycle that is fitted, serviced and ready when they need it.

## What they struggle with

Bikes bought from a picture do not fit, parts take weeks, and nobody near by knows the frame.

## What we do together

{name} advises, fits and services; we deliver frames, parts and training. A customer leaves with a fitted bicycle and a
date for the first service.

## Who brings what

| {name} | We |
|---|---|
| Fitting by trained staff | Training twice a year |
| Service within three working days | Parts from stock in two days |
| Demo bikes on the floor | Two demo bikes a season |

## What makes it different

- One appointment for fitting, one for the first service, both booked at the till
- Every part of the last ten years is on stock

## Proof

Customers who were fitted come back for service twice as often as those who were not.

*This text is made up for the demo.*
""",
    "sv": """## Vem det är för

Människor i och omkring {city} som cyklar varje vecka och vill ha en cykel som är inprovad, servad och klar när de
behöver den.

## Vad som är svårt för dem

Cyklar som köps efter en bild passar inte, delar dröjer i veckor, och ingen i närheten känner ramen.

## Vad vi gör tillsammans

{name} ger råd, provar in och servar; vi levererar ramar, delar och utbildning. Kunden går hem med en inprovad cykel och
en tid för den första servicen.

## Vem som bidrar med vad

| {name} | Vi |
|---|---|
| Inprovning av utbildad personal | Utbildning två gånger om året |
| Service inom tre arbetsdagar | Delar från lager inom två dagar |
| Democyklar i butiken | Två democyklar per säsong |

## Vad som skiljer oss från andra

- En tid för inprovning och en för den första servicen, båda bokade i kassan
- Alla delar från de senaste tio åren i lager

## Belägg

Kunder som har fått cykeln inprovad kommer tillbaka för service dubbelt så ofta som andra.

*Texten är påhittad för demonstrationen.*
""",
    "fi": """## Kenelle

Ihmisille paikkakunnalla {city} ja sen ympäristössä: niille, jotka ajavat joka viikko ja haluavat pyörän, joka on
sovitettu, huollettu ja valmiina silloin kun sitä tarvitaan.

## Mikä heille on vaikeaa

Kuvan perusteella ostettu pyörä ei sovi, varaosia odotetaan viikkoja, eikä kukaan lähellä tunne runkoa.

## Mitä teemme yhdessä

{name} neuvoo, sovittaa ja huoltaa; me toimitamme rungot, varaosat ja koulutuksen. Asiakas lähtee mukanaan sovitettu
pyörä ja aika ensihuoltoon.

## Kuka tuo mitä

| {name} | Me |
|---|---|
| Koulutettu henkilökunta sovittaa | Koulutus kahdesti vuodessa |
| Huolto kolmessa arkipäivässä | Varaosat varastosta kahdessa päivässä |
| Esittelypyöriä myymälässä | Kaksi esittelypyörää kaudessa |

## Mikä erottaa meidät muista

- Yksi aika sovitukseen ja toinen ensihuoltoon, molemmat varataan kassalla
- Kaikki varaosat kymmeneltä viime vuodelta varastossa

## Näyttö

Asiakkaat, joille pyörä on sovitettu, palaavat huoltoon kaksi kertaa niin usein kuin muut.

*Teksti on keksitty esittelyä varten.*
""",
}
