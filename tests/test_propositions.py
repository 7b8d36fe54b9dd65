"""Propositions: drafts, versions, approval of exactly one text, and two people who write at once."""

from datetime import timedelta

import pytest

from portal.markdown import RENDERER_VERSION
from portal.partners.models import Partner
from portal.propositions.approved import approved
from portal.propositions.difference import Line, difference
from portal.propositions.models import Proposition, PropositionVersion
from portal.propositions.starter import PARTS, starter_text, unanswered
from portal.records import Stale, Stamp

TEXT = "# Who it is for\n\nWorkshops with **ten** fitters."


@pytest.fixture
def version(cast):
    return Proposition.write(cast.stamp, cast.orebro, "en", TEXT)


def page_of(partner, rest=""):
    return f"/partners/{partner.id}/proposition{rest}"


def approved_texts(partner):
    found = approved(Partner.select())[partner.id]
    return {locale: version.number for locale, version in found.items()}


# --- versions -----------------------------------------------------------------------------------------------------


def test_the_first_text_is_version_one(version):
    assert (version.number, version.html.startswith("<h2>Who it is for</h2>")) == (1, True)


def test_another_text_is_another_version(cast, version):
    again = version.proposition.save_text(cast.stamp, TEXT + "\n\nAnd tyres.")
    assert (again.number, version.proposition.latest) == (2, 2)


def test_the_same_text_is_the_same_version(cast, version):
    assert version.proposition.save_text(cast.stamp, TEXT.replace("\n", "\r\n")) == version


def test_saving_over_somebody_elses_text_is_refused(cast, version):
    shown = version.proposition.version
    version.proposition.save_text(cast.stamp, "Theirs", version=shown)
    with pytest.raises(Stale):
        Proposition.get_by_id(version.proposition_id).save_text(cast.stamp, "Mine", version=shown)


def test_html_of_an_earlier_renderer_is_drawn_anew(version):
    PropositionVersion.update(html="<p>old</p>", renderer="0").execute()
    assert PropositionVersion.render_anew() == 1
    drawn = PropositionVersion.get()
    assert (drawn.html, drawn.renderer) == (version.html, RENDERER_VERSION)


def test_html_of_this_renderer_stays(version):
    assert PropositionVersion.render_anew() == 0


def test_typed_html_stays_text(cast):
    hostile = Proposition.write(cast.stamp, cast.orebro, "en", "<script>alert(1)</script>[x](javascript:alert(1))")
    assert "<script" not in hostile.html
    assert "javascript:" not in hostile.html


# --- approval -----------------------------------------------------------------------------------------------------


def test_a_draft_is_not_approved(cast, version):
    assert approved_texts(cast.orebro) == {}


def test_an_approved_version_is_the_one(cast, version):
    version.approve(cast.stamp)
    assert approved_texts(cast.orebro) == {"en": 1}


def test_a_later_draft_leaves_the_approved_text_standing(cast, version):
    version.approve(cast.stamp)
    version.proposition.save_text(cast.stamp, "Better")
    assert approved_texts(cast.orebro) == {"en": 1}


def test_the_newest_approved_version_stands(cast, version):
    version.approve(cast.stamp)
    version.proposition.save_text(cast.stamp, "Better").approve(cast.stamp)
    assert approved_texts(cast.orebro) == {"en": 2}


def test_a_text_sent_back_is_no_longer_approved(cast, version):
    version.approve(cast.stamp)
    version.send_back(cast.stamp, "The figure is from 2019.")
    assert approved_texts(cast.orebro) == {}


def test_the_approval_is_of_this_text_and_no_other(cast, version):
    version.approve(cast.stamp)
    PropositionVersion.update(body="Other", sha256="0" * 64).execute()
    assert approved_texts(cast.orebro) == {}


def test_each_language_is_approved_for_itself(cast, version):
    Proposition.write(cast.stamp, cast.orebro, "sv", "Svenska").approve(cast.stamp)
    assert approved_texts(cast.orebro) == {"sv": 1}


def test_a_submitted_version_waits_until_it_is_answered(cast, version):
    version.submit(cast.stamp)
    assert version.waits
    version.send_back(Stamp(cast.stamp.at + timedelta(minutes=1)), "Shorter, please.")
    assert not version.waits


def test_it_waits_again_when_it_is_sent_again(cast, version):
    version.send_back(cast.stamp, "Shorter, please.")
    version.submit(Stamp(cast.stamp.at + timedelta(minutes=1)))
    assert version.waits


# --- starting and comparing ---------------------------------------------------------------------------------------


def test_the_starter_asks_for_every_part():
    text = starter_text("en", "Örebro AB", "Nordlicht")
    assert text.count("# ") == len(PARTS)
    assert "# What Örebro AB does" in text
    assert len(unanswered("en", text)) == len(PARTS)


def test_an_answered_text_has_no_open_question():
    assert unanswered("en", TEXT) == []


def test_a_difference_names_each_line():
    assert difference("one\ntwo", "one\nthree") == [Line("kept", "one"), Line("removed", "two"), Line("added", "three")]


# --- pages --------------------------------------------------------------------------------------------------------


def test_a_pam_writes_for_the_own_partner(cast):
    answer = cast.client(cast.par).post(page_of(cast.orebro, "/sv/edit"), data={"body": "Vi", "version": 0})
    assert answer.status_code == 303
    assert Proposition.of_partner(cast.orebro)["sv"].body == "Vi"


@pytest.mark.parametrize("rest", ["", "/en/edit", "/en/versions/1"])
def test_another_pams_partner_is_not_there(cast, version, rest):
    assert cast.client(cast.sven).get(page_of(cast.orebro, rest)).status_code == 404


@pytest.mark.parametrize("rest", ["", "/en/edit", "/en/versions/1"])
def test_a_stranger_is_asked_to_sign_in(cast, version, rest):
    assert cast.client().get(page_of(cast.orebro, rest)).status_code == 302


@pytest.mark.parametrize("rest", ["", "/en/edit", "/sv/edit", "/en/versions/1"])
def test_the_pages_answer(cast, version, rest):
    version.submit(cast.stamp)
    assert cast.client(cast.maja).get(page_of(cast.orebro, rest)).status_code == 200


def test_an_unknown_language_is_not_there(cast):
    assert cast.client(cast.par).get(page_of(cast.orebro, "/xx/edit")).status_code == 404


def test_the_preview_is_what_will_be_published(cast):
    answer = cast.client(cast.par).post(
        page_of(cast.orebro, "/en/preview"), data={"body": TEXT}, headers={"Accept": "application/json"}
    )
    assert answer.json == {"html": "<h2>Who it is for</h2>\n<p>Workshops with <strong>ten</strong> fitters.</p>"}


def test_without_a_script_the_preview_keeps_what_was_typed(cast):
    answer = cast.client(cast.par).post(page_of(cast.orebro, "/en/preview"), data={"body": TEXT})
    assert "# Who it is for" in answer.text
    assert "<h2>Who it is for</h2>" in answer.text


def test_two_people_at_once_see_both_texts(cast, version):
    shown = version.proposition.version
    version.proposition.save_text(cast.stamp, "Theirs")
    data = {"body": "Mine", "version": shown}
    answer = cast.client(cast.par).post(page_of(cast.orebro, "/en/edit"), data=data)
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert "Mine" in answer.text


def test_an_empty_text_is_refused(cast):
    assert cast.client(cast.par).post(page_of(cast.orebro, "/en/edit"), data={"body": " "}).status_code == 400


def test_a_text_with_open_questions_is_not_sent_for_approval(cast):
    version = Proposition.write(cast.stamp, cast.orebro, "en", starter_text("en", "Örebro AB", "Nordlicht"))
    cast.client(cast.par).post(page_of(cast.orebro, "/en/submission"))
    assert PropositionVersion.get_by_id(version.id).submitted_at is None


def test_a_pam_sends_for_approval(cast, version):
    cast.client(cast.par).post(page_of(cast.orebro, "/en/submission"))
    assert PropositionVersion.get_by_id(version.id).waits


def test_a_manager_approves_in_the_own_team(cast, version):
    data = {"number": 1, "decision": "approved"}
    assert cast.client(cast.maja).post(page_of(cast.orebro, "/en/approval"), data=data).status_code == 303
    assert PropositionVersion.get_by_id(version.id).decision.created_by == cast.maja.id


def test_a_pam_does_not_approve(cast, version):
    data = {"number": 1, "decision": "approved"}
    assert cast.client(cast.par).post(page_of(cast.orebro, "/en/approval"), data=data).status_code == 403


def test_another_teams_manager_does_not_approve(cast, version):
    data = {"number": 1, "decision": "approved"}
    assert cast.client(cast.otto).post(page_of(cast.orebro, "/en/approval"), data=data).status_code == 404


def test_sending_back_needs_a_comment(cast, version):
    data = {"number": 1, "decision": "returned", "comment": " "}
    assert cast.client(cast.maja).post(page_of(cast.orebro, "/en/approval"), data=data).status_code == 400
    assert PropositionVersion.get_by_id(version.id).decision is None
