"""The gate: every contact reads the own company's page and nothing else (spec/7-bar.md A, PA-1 to PA-5)."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from portal.accounts import outbox
from portal.accounts.models import Attempt, OutboxMessage, ShareLink
from portal.gate import readers
from portal.gate.models import Reader, ReaderSession
from portal.partners.models import StatusAssignment
from portal.publishing.models import Withdrawal
from portal.records import AuditEvent, Stamp
from portal.tokens import token_hash
from portal.web import now
from tests.gate import Gate


@pytest.fixture
def gate(cast, settings):
    made = Gate(cast, settings)
    made.release(1, [cast.orebro, cast.malmo])
    yield made
    made.clear()


def reads(browser, language="en"):
    return browser.get(f"/my/{language}/").text


def is_out(browser):
    return browser.get("/my/en/").location == "/my/?language=en"


@pytest.fixture
def later(gate):
    """Who acts once the readers have come in."""
    return lambda: Stamp(now())


# --- the own page -------------------------------------------------------------------------------------------------


def test_each_contact_reads_the_page_of_the_own_company(gate, cast):
    _, kim = gate.signed_in(cast.orebro)
    _, mo = gate.signed_in(cast.malmo, email="mo@malmo.example")
    assert "The page of Örebro AB" in reads(kim)
    assert "The page of Malmö AB" in reads(mo)


def test_a_stranger_is_sent_to_the_front_page(gate, cast):
    assert is_out(cast.client())


def test_a_user_of_the_portal_is_no_reader(gate, cast):
    assert is_out(cast.client(cast.ada))


def test_a_reader_is_no_user_of_the_portal(gate, cast):
    _, kim = gate.signed_in(cast.orebro)
    assert kim.get(f"/partners/{cast.orebro.id}/readers").location.startswith("/sign-in")


def test_the_front_page_leads_to_the_page_in_the_readers_language(gate, cast):
    _, kim = gate.signed_in(cast.orebro, locale="sv")
    assert kim.get("/my/").location == "/my/sv/"


def test_the_front_page_leads_to_another_language_where_the_own_is_not_published(gate, cast):
    _, kim = gate.signed_in(cast.orebro, locale="fi")
    assert kim.get("/my/").location == "/my/en/"


def test_a_language_that_is_not_published_offers_the_others(gate, cast):
    _, kim = gate.signed_in(cast.orebro)
    answer = kim.get("/my/fi/")
    assert answer.status_code == 404 and "/my/sv/" in answer.text


def test_a_new_release_is_served_at_once(gate, cast):
    _, kim = gate.signed_in(cast.orebro)
    gate.release(2, [cast.orebro])
    assert "release 2" in reads(kim)


def test_before_the_first_publication_there_is_no_page_and_no_error(cast, settings):
    _, kim = Gate(cast, settings).signed_in(cast.orebro)
    assert kim.get("/my/en/").status_code == 404


def test_a_withdrawn_page_is_gone_before_its_files_are(gate, cast):
    _, kim = gate.signed_in(cast.orebro)
    Withdrawal.add(cast.stamp, partner=cast.orebro, at=now())
    answer = kim.get("/my/en/")
    assert answer.status_code == 404 and "The page of" not in answer.text


# --- paths --------------------------------------------------------------------------------------------------------

TRICKS = (
    "/my/../partners/{id}/en/index.html",
    "/my/%2e%2e/partners/{id}/en/",
    "/my/en/../../{id}/en/index.html",
    "/my/en/..%2f..%2f{id}%2fen%2findex.html",
    "/my/en/%252e%252e/{id}/en/",
    "/my/en\\..\\..\\{id}\\en\\index.html",
    "/my//partners/{id}/en/",
    "/my/en/%00",
    "/my/{id}/en/",
    "/my/en/?partner={id}",
    "/partners/{id}/en/index.html",
    "/site/current/partners/{id}/en/index.html",
    "/public/../partners/{id}/en/index.html",
    "/public/%2e%2e/partners/{id}/en/index.html",
    "/public/..%5cpartners%5c{id}%5cen%5cindex.html",
    "/public//../partners/{id}/en/index.html",
    "/public/../manifest.json",
    "/public/%2fetc/passwd",
    "/public/static/../../partners/{id}/en/index.html",
    "/public/" + "a" * 300 + "/",
)


@pytest.mark.parametrize("trick", TRICKS)
def test_no_path_reaches_another_partners_page(gate, cast, trick):
    _, kim = gate.signed_in(cast.orebro)
    answer = kim.get(trick.format(id=cast.malmo.id))
    assert answer.status_code < 500
    assert "The page of Malmö AB" not in answer.text and "the manifest" not in answer.text


@pytest.mark.parametrize("trick", TRICKS)
def test_no_undecoded_path_reaches_another_partners_page(gate, cast, trick):
    _, kim = gate.signed_in(cast.orebro)
    # As a server would hand it on that does not decode or merge anything.
    answer = kim.get("/", environ_overrides={"PATH_INFO": trick.format(id=cast.malmo.id).partition("?")[0]})
    assert answer.status_code < 500
    assert "The page of Malmö AB" not in answer.text and "the manifest" not in answer.text


def test_a_link_inside_the_public_folder_leads_nowhere_else(gate, cast, settings):
    public = (settings.site / "current" / "public").resolve()
    (public / "way-out").symlink_to(public.parent / "partners" / str(cast.malmo.id))
    assert cast.client().get("/public/way-out/en/index.html").status_code == 404


# --- the mailed link ----------------------------------------------------------------------------------------------


def test_three_scanners_neither_come_in_nor_use_up_the_link(gate, cast):
    _, path = gate.invited(cast.orebro)
    scanners = [cast.client() for _ in range(3)]
    assert [scanner.get(path).status_code for scanner in scanners] == [200, 200, 200]
    assert all(is_out(scanner) for scanner in scanners)
    assert "The page of Örebro AB" in reads(gate.enter(path))


def test_a_link_works_once(gate, cast):
    _, path = gate.invited(cast.orebro)
    gate.enter(path)
    second = cast.client()
    assert (second.get(path).status_code, second.post(path).status_code) == (410, 410)
    assert is_out(second)


def test_an_invitation_lives_72_hours(gate, cast):
    _, path = gate.invited(cast.orebro)
    link = ShareLink.get()
    assert link.expires_at - link.created_at == timedelta(hours=72)
    ShareLink.update(expires_at=now() - timedelta(seconds=1)).execute()
    assert cast.client().post(path).status_code == 410


def test_a_link_that_was_asked_for_lives_ten_minutes(gate, cast):
    gate.signed_in(cast.orebro)
    gate.asked_link("Kim@Orebro.example")
    link = ShareLink.get()
    assert link.expires_at - link.created_at == timedelta(minutes=10)


def test_who_asks_comes_in_by_the_mailed_link(gate, cast):
    gate.signed_in(cast.orebro)
    path = gate.asked_link("Kim@Orebro.example")
    assert "The page of Örebro AB" in reads(gate.enter(path))


def test_a_garbled_link_is_gone_like_a_used_one(gate, cast):
    assert cast.client().post("/my/enter/garbled").status_code == 410


def test_only_hashes_of_links_and_sessions_are_stored(gate, cast):
    _, path = gate.invited(cast.orebro)
    token = path.rpartition("/")[2]
    assert ShareLink.get().token_hash == token_hash(token)
    cookie = gate.enter(path).get_cookie("partner").value
    assert ReaderSession.get().token_hash == token_hash(cookie)
    assert cookie != token


def test_a_waiting_mail_holds_no_link(gate, cast):
    gate.signed_in(cast.orebro)
    cast.client().post("/my/", data={"email": "kim@orebro.example"})
    assert "{link}" in OutboxMessage.select().order_by(OutboxMessage.id.desc()).get().body
    assert ShareLink.select().count() == 0


# --- unknown addresses --------------------------------------------------------------------------------------------


def test_an_unknown_address_gets_the_same_answer(gate, cast):
    gate.signed_in(cast.orebro)
    answers = [cast.client().post("/my/", data={"email": f"{name}@orebro.example"}) for name in ("kim", "nobody")]
    assert answers[0].status_code == answers[1].status_code == 303
    assert answers[0].location == answers[1].location


def test_nothing_is_mailed_to_an_unknown_address(gate, cast):
    assert gate.asked_link("nobody@orebro.example") is None


def test_an_address_without_an_at_is_explained(gate, cast):
    answer = cast.client().post("/my/", data={"email": "kim"})
    assert answer.status_code == 400 and "like name@company.com" in answer.text


def test_asking_too_often_has_to_wait(gate, cast):
    asker = cast.client()
    codes = [asker.post("/my/", data={"email": "nobody@orebro.example"}).status_code for _ in range(11)]
    assert codes == [303] * 10 + [429]


def test_waiting_says_how_long(gate, cast):
    asker = cast.client()
    answers = [asker.post("/my/", data={"email": "nobody@orebro.example"}) for _ in range(11)]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900


def test_guessing_links_has_to_wait(gate, cast):
    guesser = cast.client()
    codes = [guesser.post(f"/my/enter/guess-{number}").status_code for number in range(51)]
    assert codes == [410] * 50 + [429]


def test_known_and_unknown_addresses_are_counted_alike(gate, cast):
    gate.signed_in(cast.orebro)
    for name in ("kim", "nobody"):
        cast.client().post("/my/", data={"email": f"{name}@orebro.example"})
    assert Attempt.select().count() == 2


# --- out at the next request --------------------------------------------------------------------------------------


def test_who_left_is_out_in_every_browser_at_the_next_request(gate, cast, stamp):
    reader, first = gate.signed_in(cast.orebro)
    second = gate.enter(gate.asked_link(reader.email))
    reader.contact.change(stamp, left_on=now().date())
    assert is_out(first) and is_out(second)


def test_coming_back_revives_no_session(gate, cast, later):
    reader, kim = gate.signed_in(cast.orebro)
    reader.contact.change(later(), left_on=now().date())
    reader.contact.change(later(), left_on=None)
    assert is_out(kim)


def test_who_came_back_may_ask_for_a_new_link(gate, cast, later):
    reader, _ = gate.signed_in(cast.orebro)
    reader.contact.change(later(), left_on=now().date())
    reader.contact.change(later(), left_on=None)
    assert "The page of Örebro AB" in reads(gate.enter(gate.asked_link(reader.email)))


def test_who_left_gets_no_link(gate, cast, stamp):
    reader, _ = gate.signed_in(cast.orebro)
    reader.contact.change(stamp, left_on=now().date())
    assert gate.asked_link(reader.email) is None


def test_a_link_of_who_left_meanwhile_is_void(gate, cast, stamp):
    reader, path = gate.invited(cast.orebro)
    reader.contact.change(stamp, left_on=now().date())
    assert cast.client().post(path).status_code == 410


def test_another_mail_address_ends_what_the_old_one_opened(gate, cast, stamp):
    reader, kim = gate.signed_in(cast.orebro)
    reader.contact.change(stamp, email="kim@elsewhere.example")
    assert is_out(kim)


def test_an_archived_partners_readers_are_out(gate, cast, stamp):
    _, kim = gate.signed_in(cast.orebro)
    cast.orebro.change(stamp, archived_at=now())
    assert is_out(kim)


def test_an_ended_partners_readers_are_out(gate, cast, stamp):
    _, kim = gate.signed_in(cast.orebro)
    StatusAssignment.assign(stamp, cast.orebro, "ended", now().date())
    assert is_out(kim)


def test_bringing_a_partner_back_revives_no_session(gate, cast, later):
    _, kim = gate.signed_in(cast.orebro)
    cast.orebro.change(later(), archived_at=now())
    cast.orebro.change(later(), archived_at=None)
    assert is_out(kim)


def test_an_ordinary_change_to_the_contact_ends_nothing(gate, cast, later):
    reader, kim = gate.signed_in(cast.orebro)
    reader.contact.change(later(), title="Head of sales")
    cast.orebro.change(later(), city="Kumla")
    assert not is_out(kim)


def test_a_session_lasts_thirty_days(gate, cast):
    _, kim = gate.signed_in(cast.orebro)
    ReaderSession.update(created_at=now() - timedelta(days=30, seconds=-60)).execute()
    assert not is_out(kim)
    ReaderSession.update(created_at=now() - timedelta(days=30, seconds=1)).execute()
    assert is_out(kim)


# --- leaving ------------------------------------------------------------------------------------------------------


def test_a_cookie_that_was_kept_opens_nothing_after_signing_out(gate, cast):
    _, kim = gate.signed_in(cast.orebro)
    kept = kim.get_cookie("partner").value
    kim.post("/my/leave")
    thief = cast.client()
    thief.set_cookie("partner", kept)
    assert is_out(kim) and is_out(thief)


def test_asking_to_leave_leaves_nothing_yet(gate, cast):
    _, kim = gate.signed_in(cast.orebro)
    kim.get("/my/leave")
    assert not is_out(kim)


def test_entering_anew_ends_the_session_that_was_open_in_this_browser(gate, cast):
    reader, kim = gate.signed_in(cast.orebro)
    kim.post(gate.asked_link(reader.email))
    assert ReaderSession.select().count() == 1


# --- one address at two partners ----------------------------------------------------------------------------------


@pytest.fixture
def kim_of_two(gate, cast):
    """Kim reads for Örebro AB and for Malmö AB at one address, and came in by the invitation of Örebro AB."""
    gate.invited(cast.malmo)
    return gate.signed_in(cast.orebro)[1]


def test_one_address_at_two_partners_may_choose(kim_of_two):
    choice = kim_of_two.get("/my/", follow_redirects=True).text
    assert "Örebro AB" in choice and "Malmö AB" in choice


def test_what_was_chosen_is_read(kim_of_two, cast):
    other = Reader.of_partner(cast.malmo).get()
    assert kim_of_two.post("/my/choose", data={"reader": other.id}).location == "/my/en/"
    assert "The page of Malmö AB" in reads(kim_of_two)


def test_a_reader_of_another_address_cannot_be_chosen(gate, kim_of_two, cast):
    other, _ = gate.invited(cast.malmo, email="mo@malmo.example")
    assert kim_of_two.post("/my/choose", data={"reader": other.id}).status_code == 404
    assert "The page of Örebro AB" in reads(kim_of_two)


def test_a_partner_that_has_ended_is_no_choice(kim_of_two, cast, stamp):
    StatusAssignment.assign(stamp, cast.malmo, "ended", now().date())
    assert kim_of_two.get("/my/").location == "/my/en/"


# --- headers, cookie, record --------------------------------------------------------------------------------------


def test_a_page_allows_no_script_and_is_not_kept(gate, cast):
    _, kim = gate.signed_in(cast.orebro)
    headers = kim.get("/my/en/").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self';")
    assert "script" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("path", ["/my/", "/my/enter/x", "/my/leave", "/my/choose", "/my/xx/", "/my/en/"])
def test_every_answer_of_the_gate_is_closed_alike(gate, cast, path):
    headers = cast.client().get(path).headers
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin" if path == "/my/xx/" else "no-referrer")
    assert "no-store" in headers["Cache-Control"]


def test_the_gates_own_pages_hold_no_script(gate, cast):
    _, path = gate.invited(cast.orebro)
    pages = [cast.client().get(address).text for address in ("/my/", path, "/my/enter/used")]
    assert not any("<script" in page for page in pages)


def test_the_cookie_is_the_servers_alone(gate, cast):
    _, path = gate.invited(cast.orebro)
    cookie = cast.client().post(path).headers["Set-Cookie"]
    assert cookie.startswith("partner=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie and "Domain" not in cookie


def test_every_page_that_is_read_is_on_record(gate, cast):
    reader, kim = gate.signed_in(cast.orebro)
    kim.get("/my/sv/")
    line = AuditEvent.get(AuditEvent.action == "page.read")
    assert (line.actor_kind, line.actor_id) == ("reader", reader.id)
    assert (line.object_type, line.object_id) == ("Partner", cast.orebro.id)
    assert line.details == {"language": "sv", "publication": 11, "contact": reader.contact_id}


def test_coming_in_and_being_turned_away_are_on_record(gate, cast):
    _, path = gate.invited(cast.orebro)
    gate.enter(path)
    cast.client().post(path)
    lines = AuditEvent.select().where(AuditEvent.action == "reader.sign_in").order_by(AuditEvent.id)
    assert [(line.actor_kind, line.result) for line in lines] == [("reader", "done"), ("stranger", "denied")]


def test_the_gate_needs_a_token_in_its_forms(gate, cast, app, monkeypatch):
    _, path = gate.invited(cast.orebro)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    stranger = cast.client()
    assert stranger.post(path).status_code == 400
    assert is_out(stranger)


# --- public pages and hosts ---------------------------------------------------------------------------------------


def test_anybody_reads_the_public_pages(gate, cast):
    assert "The public front page" in cast.client().get("/public/").text


def test_a_public_page_that_is_not_there_says_so_in_its_own_look(gate, cast):
    answer = cast.client().get("/public/en/nothing/")
    assert (answer.status_code, "No such public page" in answer.text) == (404, True)


def test_files_whose_name_changes_with_their_bytes_may_be_kept(gate, cast):
    headers = cast.client().get("/public/static/site.0123456789ab.css").headers
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Type"].startswith("text/css")


PORTAL, SITE = "https://portal.nordlicht.example", "https://partners.nordlicht.example"


@pytest.fixture
def own_host(gate, app, settings, monkeypatch):
    """The partner pages have a host name of their own, and both hosts speak https."""
    apart = replace(settings, public_url=PORTAL, site_url=SITE)
    monkeypatch.setitem(app.extensions, "settings", apart)
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", [urlsplit(url).hostname for url in (PORTAL, SITE)])


@pytest.mark.parametrize("path", ["/my/", "/public/"])
def test_the_gate_answers_on_its_own_host_only(own_host, cast, path):
    browser = cast.client()
    assert [browser.get(path, base_url=host).status_code for host in (SITE, PORTAL)] == [200, 404]


def test_the_portal_does_not_answer_on_the_gates_host(own_host, cast):
    browser = cast.client()
    assert [browser.get("/sign-in", base_url=host).status_code for host in (PORTAL, SITE)] == [200, 404]


def test_the_gates_host_leads_to_the_gate(own_host, cast):
    assert cast.client().get("/", base_url=SITE).location == "/my/"


def test_both_hosts_have_their_styles_and_their_pulse(own_host, cast):
    browser = cast.client()
    for path in ("/static/css/portal.css", "/healthz"):
        answers = [browser.get(path, base_url=host, buffered=True) for host in (PORTAL, SITE)]
        assert [answer.status_code for answer in answers] == [200, 200]


def test_mailed_links_lead_to_the_gates_host(own_host, cast, app):
    _, message = readers.invite(cast.stamp, cast.contact(cast.orebro, email="kim@orebro.example"))
    assert outbox.hand_over(app.extensions["settings"], message, now()).startswith(f"{SITE}/my/enter/")


def test_over_https_the_cookie_belongs_to_this_host_alone(own_host, gate, cast):
    _, path = gate.invited(cast.orebro)
    cookie = cast.client().post(path, base_url=SITE).headers["Set-Cookie"]
    assert cookie.startswith("__Host-partner=") and "Secure" in cookie


def test_over_https_a_form_needs_no_referrer(own_host, gate, cast, app, monkeypatch):
    _, path = gate.invited(cast.orebro)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    browser = cast.client()
    shown = browser.get(path, base_url=SITE).text
    token = shown.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert browser.post(path, base_url=SITE, data={"csrf_token": token}).location == "/my/"
