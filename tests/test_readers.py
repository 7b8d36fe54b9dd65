"""Who may read a partner's page: inviting, inviting again, revoking, and telling that a page is new."""

from datetime import timedelta

import pytest

from portal.accounts import outbox
from portal.accounts.models import OutboxMessage
from portal.gate.announcing import announce
from portal.gate.models import Reader, ReaderSession
from portal.gate.readers import CannotInvite, invite, revoke
from portal.partners.models import StatusAssignment
from portal.publishing.models import Publication, PublishedPage, Withdrawal
from portal.records import Stamp
from portal.web import now
from tests.gate import Gate


@pytest.fixture
def gate(cast, settings):
    made = Gate(cast, settings)
    made.release(1, [cast.orebro, cast.malmo])
    yield made
    made.clear()


@pytest.fixture
def kim(cast):
    return cast.contact(cast.orebro, "Kim Kontakt", email="Kim@Orebro.example")


def address_of(contact, more=""):
    return f"/partners/{contact.partner_id}/contacts/{contact.id}/reader{more}"


def is_out(browser):
    return browser.get("/my/en/").location == "/my/?language=en"


# --- inviting -----------------------------------------------------------------------------------------------------


def test_an_invitation_is_mailed_in_the_contacts_language(cast, kim, stamp):
    _, message = invite(stamp, kim)
    assert (message.to_address, message.to_name) == ("kim@orebro.example", "Kim Kontakt")
    assert "Örebro AB" in message.body


def test_nobody_without_a_mail_address_is_invited(cast, stamp):
    with pytest.raises(CannotInvite):
        invite(stamp, cast.contact(cast.orebro, "Anonym"))


def test_nobody_who_left_is_invited(cast, stamp):
    with pytest.raises(CannotInvite):
        invite(stamp, cast.contact(cast.orebro, email="gone@orebro.example", left_on=now().date()))


def test_inviting_again_ends_the_earlier_link(gate, kim, cast):
    _, first = gate.invited_again(kim)
    _, second = gate.invited_again(kim)
    assert [cast.client().get(path).status_code for path in (first, second)] == [410, 200]


def test_inviting_again_drops_the_mail_that_still_waits(kim, stamp):
    invite(stamp, kim)
    invite(stamp, kim)
    assert outbox.waiting(now()).count() == 1


def test_inviting_again_leaves_a_reader_signed_in(gate, kim):
    _, path = gate.invited_again(kim)
    browser = gate.enter(path)
    gate.invited_again(kim)
    assert not is_out(browser)


def test_another_address_must_be_invited_and_ends_what_the_old_one_opened(gate, kim, stamp):
    _, path = gate.invited_again(kim)
    browser = gate.enter(path)
    kim.change(stamp, email="new@orebro.example")
    _, path = gate.invited_again(kim)
    assert is_out(browser) and not is_out(gate.enter(path))


# --- revoking -----------------------------------------------------------------------------------------------------


def test_who_is_revoked_is_out_in_every_browser(gate, kim, stamp):
    reader, path = gate.invited_again(kim)
    first, second = gate.enter(path), gate.enter(gate.asked_link(reader.email))
    revoke(stamp, Reader.get_by_id(reader.id))
    assert is_out(first) and is_out(second)


def test_a_revoked_readers_links_are_void(gate, kim, stamp, cast):
    reader, path = gate.invited_again(kim)
    revoke(stamp, reader)
    assert cast.client().post(path).status_code == 410


def test_a_revoked_reader_gets_no_link(gate, kim, stamp):
    reader, _ = gate.invited_again(kim)
    revoke(stamp, reader)
    assert gate.asked_link(reader.email) is None


def test_inviting_again_revives_no_session(gate, kim, stamp):
    reader, path = gate.invited_again(kim)
    browser = gate.enter(path)
    kept = ReaderSession.get()
    revoke(stamp, Reader.get_by_id(reader.id))
    gate.invited_again(kim)
    # Even if the row had survived: its epoch is over.
    ReaderSession.insert(**kept.__data__).execute()
    assert is_out(browser)


# --- the portal's page --------------------------------------------------------------------------------------------


def test_the_page_shows_who_may_read(gate, cast, kim):
    _, path = gate.invited_again(kim)
    gate.enter(path)
    page = cast.client(cast.par).get(f"/partners/{cast.orebro.id}/readers").text
    assert "Kim Kontakt" in page and "May read" in page


def test_who_has_no_mail_address_is_led_to_where_one_is_added(cast):
    contact = cast.contact(cast.orebro, "Anonym")
    page = cast.client(cast.par).get(f"/partners/{cast.orebro.id}/readers").text
    assert f'href="/contacts/{contact.id}"' in page


def test_a_partner_without_contacts_is_led_to_the_first(cast):
    page = cast.client(cast.par).get(f"/partners/{cast.orebro.id}/readers").text
    assert f'href="/partners/{cast.orebro.id}/contacts/new"' in page


def test_the_page_says_why_somebody_is_out(gate, cast, kim, stamp):
    gate.invited_again(kim)
    kim.change(stamp, left_on=now().date())
    page = cast.client(cast.par).get(f"/partners/{cast.orebro.id}/readers").text
    assert "Kim Kontakt has left the company." in page


def test_the_page_says_when_somebody_last_read(gate, cast, kim):
    _, path = gate.invited_again(kim)
    gate.enter(path).get("/my/en/")
    assert "Last read on" in cast.client(cast.par).get(f"/partners/{cast.orebro.id}/readers").text


def test_an_invitation_runs_out_after_72_hours(gate, cast, kim):
    gate.invited_again(kim)
    Reader.update(invited_at=now() - timedelta(hours=73)).execute()
    page = cast.client(cast.par).get(f"/partners/{cast.orebro.id}/readers").text
    assert "Invitation has run out" in page


def test_a_pam_invites_by_a_button_and_sees_the_link_once(cast, kim):
    answer = cast.client(cast.par).post(address_of(kim))
    assert "/my/enter/" in answer.text
    assert "/my/enter/" not in cast.client(cast.par).get(f"/partners/{cast.orebro.id}/readers").text


def test_with_a_mail_server_no_link_is_shown(cast, kim, app, settings, monkeypatch):
    monkeypatch.setitem(app.extensions, "settings", _with_mail(settings))
    answer = cast.client(cast.par).post(address_of(kim))
    assert answer.status_code == 303
    assert OutboxMessage.select().count() == 1


def _with_mail(settings):
    values = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    return type(settings)(**{**values, "mail_url": "smtp://127.0.0.1:9"})


def test_a_pam_revokes_by_a_button(gate, cast, kim):
    _, path = gate.invited_again(kim)
    browser = gate.enter(path)
    assert cast.client(cast.par).post(address_of(kim, "/delete")).status_code == 303
    assert is_out(browser)


def test_leadership_sees_the_readers_and_changes_nothing(cast, kim):
    lena = cast.client(cast.lena)
    page = lena.get(f"/partners/{cast.orebro.id}/readers")
    assert page.status_code == 200 and "/reader" not in page.text.replace("/readers", "")
    assert lena.post(address_of(kim)).status_code == 403


def test_a_foreign_partners_readers_do_not_exist(cast, kim):
    sven = cast.client(cast.sven)
    assert sven.get(f"/partners/{cast.orebro.id}/readers").status_code == 404
    assert sven.post(address_of(kim)).status_code == 404
    assert sven.post(address_of(kim, "/delete")).status_code == 404


def test_a_contact_of_another_partner_is_not_found_below_the_own(cast, kim):
    mo = cast.contact(cast.malmo, "Mo", email="mo@malmo.example")
    assert cast.client(cast.par).post(f"/partners/{cast.orebro.id}/contacts/{mo.id}/reader").status_code == 404


def test_a_stranger_is_sent_to_sign_in(cast, kim):
    assert cast.client().get(f"/partners/{cast.orebro.id}/readers").location.startswith("/sign-in")


# --- telling that a page is new -----------------------------------------------------------------------------------


def publish(cast, number, sha256, partner=None):
    made = Publication.add(cast.stamp, number=number, as_of_on=now().date(), state="published", published_at=now())
    PublishedPage.create(publication=made, partner=partner or cast.orebro, sha256=sha256)


@pytest.fixture
def reading(gate, cast, kim):
    """Kim has read publication 11, whose page was `a`."""
    publish(cast, 11, "a")
    _, path = gate.invited_again(kim)
    gate.enter(path).get("/my/en/")
    outbox.deliver(gate.settings, now())
    return Reader.get()


def told(settings, days=0):
    return announce(Stamp(now() + timedelta(days=days), "job"), settings)


def test_a_changed_page_is_told_once(reading, cast, settings):
    publish(cast, 12, "b")
    assert [told(settings), told(settings)] == [1, 0]


def test_the_mail_leads_to_the_front_page_and_holds_no_token(reading, cast, settings):
    publish(cast, 12, "b")
    told(settings)
    message = OutboxMessage.get(OutboxMessage.sent_at.is_null())
    assert f"{settings.site_url}/my/\n" in message.body
    assert message.link is None and "/enter/" not in message.body


def test_an_unchanged_page_is_not_told(reading, cast, settings):
    publish(cast, 12, "a")
    assert told(settings) == 0


def test_nobody_is_told_more_than_once_a_week(reading, cast, settings):
    publish(cast, 12, "b")
    told(settings)
    publish(cast, 13, "c")
    assert [told(settings, days=6), told(settings, days=8)] == [0, 1]


def test_who_has_read_it_meanwhile_is_not_told(reading, gate, cast, settings):
    publish(cast, 12, "b")
    Reader.update(known_publication=12).execute()
    assert told(settings) == 0


def test_who_never_came_in_is_not_told(gate, cast, kim, settings):
    gate.invited_again(kim)
    publish(cast, 11, "a")
    assert told(settings) == 0


def test_who_came_in_before_there_was_a_page_is_told_of_the_first(gate, cast, kim, settings):
    _, path = gate.invited_again(kim)
    gate.enter(path)
    publish(cast, 11, "a")
    assert told(settings) == 1


def test_a_withdrawn_page_is_not_told(reading, cast, settings):
    publish(cast, 12, "b")
    Withdrawal.add(cast.stamp, partner=cast.orebro, at=now())
    assert told(settings) == 0


def test_who_is_out_is_not_told(reading, cast, settings):
    publish(cast, 12, "b")
    StatusAssignment.assign(cast.stamp, cast.orebro, "ended", now().date())
    assert told(settings) == 0
