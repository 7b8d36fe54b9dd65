"""Publishing: what stands in the way, what a page shows, the act itself, roll back and withdrawal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.accounts.models import OutboxMessage
from portal.actions.models import Action
from portal.fiscal import add_months, month_start
from portal.kpis.models import KpiActual, KpiTarget
from portal.operation import jobs
from portal.partners.models import Partner, StatusAssignment
from portal.propositions.models import Proposition, PropositionVersion
from portal.publishing import publication as act
from portal.publishing.blockers import REASONS, blockers, blocking
from portal.publishing.live import Busy, kept_numbers, live_number
from portal.publishing.models import PageApproval, Publication, PublishedPage, Withdrawal
from portal.publishing.preview import preview
from portal.publishing.publication import publish, recover, roll_back, withdraw
from portal.publishing.snapshot import head, pages
from portal.records import AuditEvent, Stamp
from portal.scorecards.models import ScoreSnapshot
from site_build.values import PromiseKept, PromiseMade, PropositionApproved, RagChanged, ScoreChanged
from tests.planting import through_the_wall

SECRET = "their new buyer wants a deeper discount"

THOUSAND = 100_000


@pytest.fixture
def here(settings, tmp_path):
    """Settings whose files lie in a folder of this test."""
    return replace(settings, data=tmp_path)


@pytest.fixture
def site(app, here):
    """The app with the files of this test."""
    kept, app.extensions["settings"] = app.extensions["settings"], here
    yield here
    app.extensions["settings"] = kept


@pytest.fixture
def today(cast):
    return head(1, cast.stamp.at).as_of_on


@pytest.fixture
def revenue(cast, today):
    """Örebro has reached half of what its year to date asks for."""
    kpi = cast.kpi("revenue", weight=30)
    last = add_months(month_start(today), -1)
    cast.actual(kpi, cast.orebro, last, 50 * THOUSAND)
    cast.target(kpi, last, add_months(last, 1), 100 * THOUSAND, partner=cast.orebro)
    return kpi


@pytest.fixture
def approved(cast, revenue):
    PageApproval.give(cast.stamp, only(cast.orebro))
    return cast


def only(partner):
    return Partner.select().where(Partner.id == partner.id)


def codes(cast, partner):
    return blocking(Partner.select(), head(1, cast.stamp.at).as_of_on)[partner.id]


def later(stamp, minutes=1):
    return Stamp(stamp.at + timedelta(minutes=minutes), "user", 1)


def page_of(cast, partner, previous=lambda ids: {}):
    return next(pages(head(1, cast.stamp.at), [partner.id], previous))


def file_of(site, partner, language="en"):
    return site.site / "current" / "partners" / str(partner.id) / language / "index.html"


def with_note(cast, shared, internal):
    """An action with both texts."""
    texts = {"shared_text": shared, "text": internal}
    return Action.add(cast.stamp, partner=cast.orebro, user=cast.par, **texts)


def tree(site):
    root = (site.site / "current").resolve()
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


# --- what stands in the way ---------------------------------------------------------------------------------------


def test_without_an_approval_nothing_is_published(cast, revenue):
    assert codes(cast, cast.orebro) == ["not_approved"]


def test_an_approved_page_with_a_figure_may_go_out(approved):
    assert codes(approved, approved.orebro) == []


def test_reasons_are_said_in_words(cast, revenue, today):
    assert blockers(only(cast.orebro), today) == {cast.orebro.id: [REASONS["not_approved"]]}


def test_an_approval_that_was_taken_back_holds_no_longer(approved):
    PageApproval.take_back(approved.stamp, approved.orebro)
    assert codes(approved, approved.orebro) == ["not_approved"]


def test_an_archived_partner_is_not_published(approved):
    approved.orebro.change(approved.stamp, archived_at=approved.stamp.at)
    assert codes(approved, approved.orebro) == ["archived"]


def test_a_partner_that_has_ended_is_not_published(approved, today):
    StatusAssignment.assign(approved.stamp, approved.orebro, "ended", today)
    assert codes(approved, approved.orebro) == ["ended"]


def test_an_empty_page_is_not_published(approved):
    PageApproval.give(approved.stamp, only(approved.falun))
    assert codes(approved, approved.falun) == ["nothing_to_show"]


@pytest.mark.parametrize("what", ["visit", "promise", "proposition"])
def test_one_thing_to_show_is_enough(approved, today, what):
    PageApproval.give(approved.stamp, only(approved.falun))
    if what == "visit":
        approved.held(approved.falun, today)
    elif what == "promise":
        approved.action(approved.falun)
    else:
        Proposition.write(approved.stamp, approved.falun, "en", "Together").approve(approved.stamp)
    assert codes(approved, approved.falun) == []


def test_an_internal_note_is_nothing_to_show(approved):
    PageApproval.give(approved.stamp, only(approved.falun))
    Action.add(approved.stamp, partner=approved.falun, text="Only ours")
    assert codes(approved, approved.falun) == ["nothing_to_show"]


def test_approving_twice_is_one_approval(approved):
    assert PageApproval.give(approved.stamp, only(approved.orebro)) == 0
    assert PageApproval.select().count() == 1


# --- what a page shows --------------------------------------------------------------------------------------------


def test_a_page_shows_the_score_and_its_numbers(approved):
    page = page_of(approved, approved.orebro)
    (kpi,) = page.yours.kpis
    assert (kpi.actual, kpi.target, kpi.rag, kpi.score) == (50 * THOUSAND, 100 * THOUSAND, "bad", 0.5)
    assert (page.yours.score, page.yours.rag, page.ours.score) == (50.0, "bad", None)


def test_an_open_promise_shows_its_shared_text_and_never_the_internal_one(approved):
    with_note(approved, "Send the list", "Secret")
    (promise,) = page_of(approved, approved.orebro).promises
    assert (promise.text, promise.side, promise.owner) == ("Send the list", "vendor", "Pär Partner")


def test_an_action_without_a_shared_text_is_not_shown(approved):
    with_note(approved, "", "Secret")
    assert page_of(approved, approved.orebro).promises == ()


def test_of_the_next_visit_only_day_and_way_are_shown(approved, today):
    approved.planned(approved.orebro, today + timedelta(days=9), purpose="Secret", mode="video")
    approved.planned(approved.orebro, today + timedelta(days=4), mode="on_site")
    visits = page_of(approved, approved.orebro).visits
    assert (visits.next_on, visits.next_mode) == (today + timedelta(days=4), "on_site")


def test_the_person_to_call_is_the_one_who_looks_after_the_partner(approved):
    assert page_of(approved, approved.orebro).contact.name == "Pär Partner"


def test_without_an_owner_there_is_nobody_to_call(approved):
    assert page_of(approved, approved.nobodys).contact is None


def test_only_an_approved_proposition_is_shown(approved):
    version = Proposition.write(approved.stamp, approved.orebro, "en", "Approved")
    version.approve(approved.stamp)
    version.proposition.save_text(approved.stamp, "Draft")
    (shown,) = page_of(approved, approved.orebro).propositions
    assert (shown.html, shown.version) == ("<p>Approved</p>", 1)


def test_a_kpi_that_is_not_published_is_not_shown(approved, revenue):
    revenue.change(approved.stamp, published=False)
    assert page_of(approved, approved.orebro).yours.kpis == ()


def test_a_target_that_was_made_up_is_labelled(approved, revenue):
    revenue.targets.get().change(approved.stamp, made_up=True)
    (kpi,) = page_of(approved, approved.orebro).yours.kpis
    assert "made up" in dict(kpi.formulas)["en"]


def test_the_number_of_queries_does_not_grow_with_the_partners(approved, db):
    def queries(ids):
        seen = []
        hook = seen.append
        db.query_hooks.append(hook)
        list(pages(head(1, approved.stamp.at), ids))
        db.query_hooks.remove(hook)
        return len(seen)

    one = queries([approved.orebro.id])
    assert one == queries([partner.id for partner in Partner.select()]) <= 32


# --- what changed -------------------------------------------------------------------------------------------------


def test_what_changed_is_told_once(approved, revenue, here, today):
    promise = approved.action(approved.orebro, "Send the list")
    before = page_of(approved, approved.orebro)
    promise.change(approved.stamp, state="done", done_on=today)
    approved.action(approved.orebro, "Lend a fitter")
    revenue.actuals.get().change(approved.stamp, value=100 * THOUSAND)
    Proposition.write(approved.stamp, approved.orebro, "en", "Together").approve(approved.stamp)
    after = page_of(approved, approved.orebro, lambda ids: {approved.orebro.id: before})
    assert after.changes == (
        ScoreChanged("partner", 50.0, 100.0),
        RagChanged("revenue", (("en", "Revenue"),), "bad", "good"),
        PromiseKept("Send the list", "vendor"),
        PromiseMade("Lend a fitter", "vendor", None),
        PropositionApproved(1),
    )
    assert after.yours.previous_score == 50.0


def test_a_page_without_news_is_the_one_of_before(approved):
    before = page_of(approved, approved.orebro)
    assert page_of(approved, approved.orebro, lambda ids: {approved.orebro.id: before}) is before


# --- the act ------------------------------------------------------------------------------------------------------


def test_a_publication_is_live_and_written_down(approved, here):
    done = publish(approved.stamp, here)
    assert (done.state, done.number, done.partners, done.pages) == ("published", 1, 1, 3)
    assert "Örebro AB" in file_of(here, approved.orebro).read_text()
    assert live_number(here) == 1
    (shown,) = PublishedPage.select()
    assert (shown.publication, shown.partner, shown.score.score) == (done, approved.orebro, 50.0)


def test_only_what_may_go_out_is_in_the_release(approved, here):
    publish(approved.stamp, here)
    assert [entry.name for entry in (here.site / "current" / "partners").iterdir()] == [str(approved.orebro.id)]


def test_the_score_is_frozen_with_what_it_was_made_of(approved, here):
    publish(approved.stamp, here)
    (frozen,) = ScoreSnapshot.select()
    assert (frozen.side, frozen.score, frozen.inputs[0]["actual"]) == ("partner", 50.0, 50 * THOUSAND)


def test_publishing_again_without_a_change_is_no_new_publication(approved, here):
    publish(approved.stamp, here)
    again = publish(later(approved.stamp), here)
    assert (again.state, again.number, live_number(here)) == ("unchanged", None, 1)


def test_what_a_page_said_before_may_be_said_again(approved, revenue, today, here):
    revenue.change(approved.stamp, formula="Sum of the order lines of the period.")
    # Only a part is due yet, which the page says in one breath with the formula.
    KpiTarget.update(until_on=add_months(month_start(today), 3)).execute()
    publish(approved.stamp, here)
    KpiActual.update(value=60 * THOUSAND).execute()
    again = publish(later(approved.stamp), here)
    assert (again.state, again.failure) == ("published", "")


def test_a_score_that_did_not_change_is_frozen_once(approved, here):
    publish(approved.stamp, here)
    approved.action(approved.orebro)
    publish(later(approved.stamp), here)
    assert ScoreSnapshot.select().count() == 1
    assert {page.score_id for page in PublishedPage.select()} == {ScoreSnapshot.get().id}


def test_numbers_follow_each_other(approved, here):
    publish(approved.stamp, here)
    approved.action(approved.orebro)
    assert publish(later(approved.stamp), here).number == 2


def test_with_nothing_approved_the_publication_fails_with_the_reason(cast, here):
    failed = publish(cast.stamp, here)
    assert (failed.state, failed.failure) == ("failed", act.NOTHING_TO_PUBLISH)


def test_the_last_page_leaves_the_site_when_its_approval_is_taken_back(approved, here):
    publish(approved.stamp, here)
    PageApproval.take_back(approved.stamp, approved.orebro)
    done = publish(later(approved.stamp), here)
    assert (done.state, done.partners, live_number(here)) == ("published", 0, 2)
    assert not file_of(here, approved.orebro).exists()


def test_an_internal_text_that_stands_in_a_page_stops_everything(approved, here, monkeypatch):
    publish(approved.stamp, here)
    before = tree(here)
    approved.held(approved.orebro, approved.stamp.at.date(), note=SECRET)
    through_the_wall(monkeypatch, approved.orebro, SECRET)
    failed = publish(later(approved.stamp), here)
    assert (failed.state, failed.report["found"] > 0) == ("failed", True)
    assert tree(here) == before


def test_all_that_only_waits_for_an_approval_is_approved_at_once(cast, here):
    cast.held(cast.orebro, cast.today)
    cast.held(cast.malmo, cast.today, cast.sven)
    cast.malmo.archive(cast.stamp)
    assert act.approve_waiting(cast.stamp) == 1
    assert [page.partner for page in PageApproval.select()] == [cast.orebro]


def test_the_administrators_are_told_of_a_leak(approved, here, monkeypatch):
    through_the_wall(monkeypatch, approved.orebro, with_note(approved, "", SECRET).text)
    publish(approved.stamp, here)
    assert [mail.to_address for mail in OutboxMessage.select()] == [approved.ada.email]


def test_once_the_mistake_is_mended_publishing_works_again(approved, here, monkeypatch):
    with monkeypatch.context() as mistaken:
        through_the_wall(mistaken, approved.orebro, with_note(approved, "", SECRET).text)
        publish(approved.stamp, here)
    assert publish(later(approved.stamp), here).state == "published"


def test_a_note_may_name_a_partner_with_a_long_name(approved, here):
    approved.orebro.change(approved.stamp, name="Five Long Words Bicycle Company")
    approved.held(approved.orebro, approved.stamp.at.date(), note="Met Five Long Words Bicycle Company at noon")
    assert publish(approved.stamp, here).state == "published"


def test_an_unexpected_error_is_kept_and_raised(approved, here, monkeypatch):
    monkeypatch.setattr(act, "build", lambda *_args, **_named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publish(approved.stamp, here)
    assert Publication.get().state == "failed"


def test_two_publications_at_once_are_one(approved, here):
    with act.only_one(here), pytest.raises(Busy):
        publish(approved.stamp, here)


def test_progress_is_told(approved, here):
    told = []
    publish(approved.stamp, here, lambda *step: told.append(step[0]))
    assert list(dict.fromkeys(told)) == ["snapshot", "plan", "take over", "draw", "check", "switch", "clear up"]


def test_a_publication_killed_before_the_switch_has_failed(approved, here):
    killed = Publication.begin(approved.stamp, approved.stamp.at.date())
    recover(approved.stamp, here)
    assert (Publication.get_by_id(killed.id).state, live_number(here)) == ("failed", None)


def test_a_publication_killed_after_the_switch_is_finished(approved, here, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_args):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(act, "_record", killed)
        with pytest.raises(Killed):
            publish(approved.stamp, here)
    recover(later(approved.stamp), here)
    (finished,) = Publication.select()
    assert (finished.state, finished.number, PublishedPage.select().count()) == ("published", 1, 1)


def test_html_of_an_earlier_renderer_is_drawn_anew_before_it_goes_out(approved, here):
    Proposition.write(approved.stamp, approved.orebro, "en", "Together").approve(approved.stamp)
    PropositionVersion.update(html="<p>old</p>", renderer="0").execute()
    publish(approved.stamp, here)
    assert "Together" in file_of(here, approved.orebro).read_text()


# --- back and away ------------------------------------------------------------------------------------------------


@pytest.fixture
def twice(approved, here):
    publish(approved.stamp, here)
    first = tree(here)
    approved.action(approved.orebro, "Lend a fitter")
    publish(later(approved.stamp), here)
    return first


def test_roll_back_shows_the_release_before_byte_for_byte(approved, here, twice):
    roll_back(later(approved.stamp, 2), here)
    assert (live_number(here), tree(here)) == (1, twice)


def test_a_named_release_can_be_shown_again(approved, here, twice):
    roll_back(later(approved.stamp, 2), here)
    roll_back(later(approved.stamp, 3), here, kept_numbers(here)[2])
    assert live_number(here) == 2
    assert AuditEvent.select().where(AuditEvent.action == "Publication.roll_back").count() == 2


def test_after_a_roll_back_the_next_number_is_new(approved, here, twice):
    roll_back(later(approved.stamp, 2), here)
    approved.action(approved.orebro, "Another promise")
    assert publish(later(approved.stamp, 3), here).number == 3


def test_a_withdrawn_page_leaves_every_release(approved, here, twice):
    withdrawal = withdraw(later(approved.stamp, 2), approved.orebro, "They asked for it", here)
    assert withdrawal.files_removed_at is not None
    assert not list(here.site.rglob(f"partners/{approved.orebro.id}"))


def test_a_withdrawn_page_is_not_published_again_by_itself(approved, here, twice):
    withdraw(later(approved.stamp, 2), approved.orebro, "", here)
    assert codes(approved, approved.orebro) == ["withdrawn", "not_approved"]


def test_a_new_approval_ends_the_withdrawal(approved, here, twice):
    withdraw(later(approved.stamp, 2), approved.orebro, "", here)
    PageApproval.give(later(approved.stamp, 3), only(approved.orebro))
    assert Withdrawal.of(approved.orebro) is None
    assert publish(later(approved.stamp, 4), here).state == "published"
    assert file_of(here, approved.orebro).is_file()


def test_a_withdrawal_during_a_build_removes_the_files_at_its_end(approved, here, twice):
    with act.only_one(here):
        withdrawal = withdraw(later(approved.stamp, 2), approved.orebro, "", here)
    assert withdrawal.files_removed_at is None
    publish(later(approved.stamp, 3), here)
    assert not file_of(here, approved.orebro).exists()


def test_a_withdrawal_that_was_interrupted_is_finished_by_the_job(approved, here, twice):
    with act.only_one(here):
        withdrawal = withdraw(later(approved.stamp, 2), approved.orebro, "", here)
    jobs.run("finish", here, later(approved.stamp, 3).at)
    assert Withdrawal.get_by_id(withdrawal.id).files_removed_at is not None
    assert not list(here.site.rglob(f"partners/{approved.orebro.id}"))


def test_the_job_leaves_to_who_is_at_work_what_is_under_way(approved, here):
    building = Publication.begin(approved.stamp, approved.stamp.at.date())
    with act.only_one(here):
        jobs.run("finish", here, later(approved.stamp).at)
    assert Publication.get_by_id(building.id).state == building.state


def test_the_job_calls_a_killed_build_failed(approved, here):
    killed = Publication.begin(approved.stamp, approved.stamp.at.date())
    jobs.run("finish", here, later(approved.stamp).at)
    assert Publication.get_by_id(killed.id).state == "failed"


# --- preview ------------------------------------------------------------------------------------------------------


def test_the_preview_is_what_will_be_published(approved, here):
    shown = preview(approved.orebro, here, approved.stamp.at, None, 1).draw("sv")
    publish(approved.stamp, here)
    assert file_of(here, approved.orebro, "sv").read_text() == shown


def test_the_preview_says_what_would_be_new(approved, here):
    publish(approved.stamp, here)
    approved.action(approved.orebro, "Lend a fitter")
    shown = preview(approved.orebro, here, later(approved.stamp).at, 1, 2)
    assert shown.differences("en") == ["We promised: Lend a fitter"]


def test_without_news_nothing_differs(approved, here):
    publish(approved.stamp, here)
    assert not preview(approved.orebro, here, later(approved.stamp).at, 1, 2).differs


# --- pages of the portal ------------------------------------------------------------------------------------------

OF_PARTNER = ("/partners/{}/page", "/partners/{}/page/preview/sv", "/partners/{}/scorecard")


@pytest.mark.parametrize("address", OF_PARTNER)
def test_the_pages_of_a_partner_answer(approved, site, address):
    assert approved.client(approved.par).get(address.format(approved.orebro.id)).status_code == 200


@pytest.mark.parametrize("address", OF_PARTNER)
def test_another_pams_partner_is_not_there(approved, site, address):
    assert approved.client(approved.sven).get(address.format(approved.orebro.id)).status_code == 404


@pytest.mark.parametrize("address", [*OF_PARTNER, "/publishing", "/publishing/new"])
def test_a_stranger_is_asked_to_sign_in(approved, site, address):
    assert approved.client().get(address.format(approved.orebro.id)).status_code == 302


@pytest.mark.parametrize("show", ["ready", "blocked", *REASONS, "nonsense"])
def test_the_overview_answers(approved, site, show):
    assert approved.client(approved.maja).get(f"/publishing?show={show}").status_code == 200


def test_the_overview_shows_the_own_partners_only(approved, site):
    shown = approved.client(approved.sven).get("/publishing?show=blocked").text
    assert "Malmö AB" in shown
    assert "Falun Oy" not in shown


def test_a_manager_approves_a_page_and_takes_it_back(cast, revenue, site):
    browser = cast.client(cast.maja)
    browser.post(f"/partners/{cast.orebro.id}/page/approval")
    assert codes(cast, cast.orebro) == []
    browser.post(f"/partners/{cast.orebro.id}/page/approval/delete")
    assert codes(cast, cast.orebro) == ["not_approved"]


def test_a_manager_approves_all_that_wait_for_nothing_else(cast, revenue, site):
    cast.client(cast.maja).post("/publishing/approvals", data={"all": "1"})
    assert [row.partner_id for row in PageApproval.select()] == [cast.orebro.id]


def test_a_manager_approves_nobody_elses_partner(cast, site):
    cast.client(cast.maja).post("/publishing/approvals", data={"partner": [cast.malmo.id, cast.falun.id]})
    assert [row.partner_id for row in PageApproval.select()] == [cast.falun.id]


@pytest.mark.parametrize(
    "address", ["/publishing/approvals", "/partners/{}/page/approval", "/partners/{}/page/withdrawal"]
)
def test_a_pam_approves_nothing(cast, site, address):
    assert cast.client(cast.par).post(address.format(cast.orebro.id)).status_code == 403


def test_another_teams_manager_withdraws_nothing(approved, site):
    assert approved.client(approved.otto).post(f"/partners/{approved.orebro.id}/page/withdrawal").status_code == 404


def test_an_administrator_publishes(approved, site):
    browser = approved.client(approved.ada)
    assert browser.get("/publishing/new").status_code == 200
    assert browser.post("/publishing/publications").status_code == 303
    assert live_number(site) == 1
    assert "Publication 1 is live: 1 partner." in browser.get("/publishing").text


def test_a_manager_does_not_publish(approved, site):
    assert approved.client(approved.maja).post("/publishing/publications").status_code == 403


def test_a_failed_publication_shows_its_reason(cast, site):
    browser = cast.client(cast.ada)
    browser.post("/publishing/publications")
    assert "Approve at least one page first" in browser.get(f"/publishing/{Publication.get().id}").text


def test_what_stopped_a_publication_is_shown_to_administrators_only(approved, site, monkeypatch):
    through_the_wall(monkeypatch, approved.orebro, with_note(approved, "", SECRET).text)
    stopped = publish(approved.stamp, site)
    words = "their new buyer wants a"
    assert words in approved.client(approved.ada).get(f"/publishing/{stopped.id}").text
    assert words not in approved.client(approved.maja).get(f"/publishing/{stopped.id}").text


def test_a_publication_shows_its_leak_report(approved, site):
    done = publish(approved.stamp, site)
    assert "Leak report" in approved.client(approved.maja).get(f"/publishing/{done.id}").text


def test_while_a_build_runs_the_overview_shows_how_far_it_is(approved, site):
    Publication.begin(approved.stamp, approved.stamp.at.date()).tell("built", 1, "check", 3, 7)
    with act.only_one(site):
        shown = approved.client(approved.ada).get("/publishing").text
    assert "Being checked" in shown
    assert "3 of 7" in shown
    assert "/publishing/new" not in shown


def test_after_a_killed_build_publishing_is_offered_again(approved, site):
    Publication.begin(approved.stamp, approved.stamp.at.date())
    assert "/publishing/new" in approved.client(approved.ada).get("/publishing").text


def test_an_administrator_rolls_back(approved, site, twice):
    first = Publication.numbered(1)
    browser = approved.client(approved.ada)
    assert browser.get(f"/publishing/{first.id}/roll-back").status_code == 200
    assert browser.post(f"/publishing/{first.id}/roll-back").status_code == 303
    assert live_number(site) == 1


def test_a_manager_withdraws_a_page(approved, site, twice):
    approved.client(approved.maja).post(f"/partners/{approved.orebro.id}/page/withdrawal", data={"reason": "Asked"})
    assert Withdrawal.of(approved.orebro).reason == "Asked"
    assert not file_of(site, approved.orebro).exists()


def test_the_preview_runs_no_script_and_is_framed_by_nobody_else(approved, site):
    answer = approved.client(approved.par).get(f"/partners/{approved.orebro.id}/page/preview/en")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "frame-ancestors 'self'" in policy


def test_the_previews_style_sheet_is_there(approved, site):
    browser = approved.client(approved.par)
    page = browser.get(f"/partners/{approved.orebro.id}/page/preview/en").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert browser.get(address).mimetype == "text/css"


def test_the_previews_languages_lead_to_previews(approved, site):
    page = approved.client(approved.par).get(f"/partners/{approved.orebro.id}/page/preview/en").text
    assert f'href="/partners/{approved.orebro.id}/page/preview/sv"' in page
    assert 'href="/my/' not in page
