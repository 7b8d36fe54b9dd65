"""One box over partners, people and visits: found by folded words, and only what the user may read."""

from datetime import timedelta

import pytest

from portal.field.search import search
from portal.web import now

TODAY = now().date()
SECRET = "hemlig-ubåt"


@pytest.fixture
def secrets(cast):
    """What only those may find who may read Malmö AB."""
    cast.contact(cast.malmo, "Ulla Ubåt", email="ulla@malmo.example")
    cast.held(cast.malmo, TODAY - timedelta(days=5), cast.sven, note=f"Talked about {SECRET}", purpose=SECRET)
    return cast


def found(cast, who, text):
    result = search(who, text, TODAY)
    return (
        [partner.name for partner in result.partners],
        [contact.name for contact in result.contacts],
        [visit.partner.name for visit in result.visits],
    )


def test_a_partner_is_found_without_its_marks(cast):
    assert found(cast, cast.par, "orebro")[0] == ["Örebro AB"]


def test_a_person_is_found_by_name_title_mail_and_phone(cast):
    cast.contact(cast.orebro, "Åsa Öberg", title="Inköpschef", email="asa@orebro.example", phone="+46 19 555")
    for text in ("asa oberg", "inkopschef", "asa@orebro", "555"):
        assert found(cast, cast.par, text)[1] == ["Åsa Öberg"], text


def test_a_person_is_found_under_a_new_name(cast):
    contact = cast.contact(cast.orebro, "Åsa Öberg")
    contact.change(cast.stamp, name="Åsa Lind")
    assert found(cast, cast.par, "lind")[1] == ["Åsa Lind"]


def test_a_visit_is_found_by_purpose_note_and_next_step(cast):
    for field in ("purpose", "note", "next_step"):
        cast.held(cast.orebro, TODAY - timedelta(days=3), **{field: f"Pumpar {field}"})
    assert len(found(cast, cast.par, "pumpar")[2]) == 3


def test_a_visit_is_found_without_the_marks_of_its_words(cast):
    cast.held(cast.orebro, TODAY - timedelta(days=3), note="Åtgärdsplan för Öresund")
    assert found(cast, cast.par, "oresund atgardsplan")[2] == ["Örebro AB"]


def test_a_corrected_note_is_found_by_its_new_words(cast):
    visit = cast.held(cast.orebro, TODAY - timedelta(days=3), note="Pumpar")
    visit.change(cast.stamp, note="Kompressorer")
    assert found(cast, cast.par, "kompressorer")[2] == ["Örebro AB"]
    assert found(cast, cast.par, "pumpar")[2] == []


@pytest.mark.parametrize("text", ["malmo", "ubat", "ulla@", SECRET])
def test_nothing_of_somebody_elses_partner_is_found(secrets, text):
    assert found(secrets, secrets.par, text) == ([], [], [])


def test_the_manager_finds_what_the_team_wrote(secrets):
    assert found(secrets, secrets.otto, SECRET)[2] == ["Malmö AB"]


def test_an_archived_partner_is_not_found(secrets):
    secrets.malmo.archive(secrets.stamp)
    assert found(secrets, secrets.lena, "malmo")[:2] == ([], [])


@pytest.mark.parametrize("text", ["", "   ", "%", "_"])
def test_no_words_find_nothing(secrets, text):
    assert search(secrets.lena, text, TODAY).total == 0


def test_the_page_shows_all_three_kinds(secrets):
    page = secrets.client(secrets.sven).get("/search?q=ub%C3%A5t").text
    assert "Ulla Ubåt" in page and SECRET in page


def test_the_page_tells_another_pam_nothing(secrets):
    page = secrets.client(secrets.par).get("/search?q=malmo").text
    assert "Malmö AB" not in page


def test_a_stranger_signs_in_first(cast):
    assert cast.client().get("/search?q=orebro").status_code == 302


def test_the_box_keeps_what_was_typed(cast):
    assert 'value="&#34;&lt;b&gt;"' in cast.client(cast.par).get('/search?q="<b>').text
