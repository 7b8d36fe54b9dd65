"""People at a partner: two fields to add, edited with a version, noted as having left, never lost."""

from portal.partners.models import Contact


def add(client, partner, **fields):
    return client.post(f"/partners/{partner.id}/contacts/new", data={"name": "Åsa Öberg", **fields})


def edited(contact, **fields):
    form = {"version": contact.version, "name": contact.name, "seniority": "", "locale": ""}
    return {**form, **fields}


def test_two_fields_add_a_person(cast):
    answer = add(cast.client(cast.par), cast.orebro, reach="asa@orebro.example")
    made = Contact.select().get()
    assert answer.status_code == 303
    assert (made.partner, made.name, made.email, made.phone) == (cast.orebro, "Åsa Öberg", "asa@orebro.example", "")


def test_the_second_field_may_be_a_phone_number(cast):
    add(cast.client(cast.par), cast.orebro, reach="+46 19 12 34")
    assert Contact.select().get().phone == "+46 19 12 34"


def test_a_name_is_enough(cast):
    add(cast.client(cast.par), cast.orebro)
    assert Contact.select().get().name == "Åsa Öberg"


def test_what_is_neither_is_said_beside_the_field_and_kept(cast):
    answer = add(cast.client(cast.par), cast.orebro, reach="ask the reception")
    assert answer.status_code == 422
    assert "Write a phone number or a mail address." in answer.text
    assert "ask the reception" in answer.text


def test_nobody_is_added_to_somebody_elses_partner(cast):
    assert add(cast.client(cast.par), cast.malmo).status_code == 404
    assert Contact.select().count() == 0


def test_leadership_adds_nobody(cast):
    assert add(cast.client(cast.lena), cast.orebro).status_code == 403


def test_a_person_is_edited(cast):
    contact = cast.contact(cast.orebro)
    form = edited(contact, title="CEO", seniority="c_level", key_contact="y")
    assert cast.client(cast.par).post(f"/contacts/{contact.id}", data=form).status_code == 303
    now_stored = Contact.get_by_id(contact.id)
    assert (now_stored.title, now_stored.seniority, now_stored.key_contact) == ("CEO", "c_level", True)


def test_a_form_cannot_move_a_person_to_another_partner(cast):
    contact = cast.contact(cast.orebro)
    cast.client(cast.par).post(f"/contacts/{contact.id}", data=edited(contact, partner=cast.malmo.id, partner_id=3))
    assert Contact.get_by_id(contact.id).partner == cast.orebro


def test_two_who_edit_at_once_see_both_texts(cast):
    contact = cast.contact(cast.orebro)
    contact.change(cast.stamp, title="Buyer")
    form = edited(contact, version=1, title="Purchasing director")
    answer = cast.client(cast.par).post(f"/contacts/{contact.id}", data=form)
    assert answer.status_code == 409
    assert "Buyer" in answer.text and "Purchasing director" in answer.text
    assert Contact.get_by_id(contact.id).title == "Buyer"


def test_the_page_about_two_texts_stores_what_was_chosen(cast):
    contact = cast.contact(cast.orebro, key_contact=True)
    form = edited(contact, title="Both", key_contact="False")
    cast.client(cast.par).post(f"/contacts/{contact.id}", data=form)
    assert (Contact.get_by_id(contact.id).title, Contact.get_by_id(contact.id).key_contact) == ("Both", False)


def test_somebody_elses_contact_does_not_exist(cast):
    contact = cast.contact(cast.malmo)
    client = cast.client(cast.par)
    assert client.get(f"/contacts/{contact.id}").status_code == 404
    assert client.post(f"/contacts/{contact.id}/left").status_code == 404


def test_a_person_that_left_is_kept_and_no_longer_listed(cast):
    contact = cast.contact(cast.orebro)
    cast.client(cast.par).post(f"/contacts/{contact.id}/left")
    assert Contact.get_by_id(contact.id).left_on == cast.today
    assert list(Contact.at(cast.orebro)) == []


def test_having_left_can_be_undone(cast):
    contact = cast.contact(cast.orebro, left_on=cast.today)
    cast.client(cast.par).post(f"/contacts/{contact.id}/stays")
    assert list(Contact.at(cast.orebro)) == [contact]


def test_key_contacts_come_first(cast):
    cast.contact(cast.orebro, "Anna")
    cast.contact(cast.orebro, "Zoe", key_contact=True)
    assert [contact.name for contact in Contact.at(cast.orebro)] == ["Zoe", "Anna"]


def test_the_overview_calls_and_writes_with_one_tap(cast):
    cast.contact(cast.orebro, phone="+46 (0)19-12 34", email="kim@orebro.example")
    page = cast.client(cast.par).get(f"/partners/{cast.orebro.id}").text
    assert 'href="tel:+46191234"' in page
    assert 'href="mailto:kim@orebro.example"' in page
