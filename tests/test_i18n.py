"""Languages, and texts that wait for their reader's language."""

import pytest
from babel.support import NullTranslations

from portal.i18n import LANGUAGES, N_, Message, negotiate, translations


class Swedish(NullTranslations):
    def gettext(self, message):
        return {"%(name)s is archived.": "%(name)s är arkiverad.", "nobody": "ingen"}.get(message, message)


def test_a_message_is_english_until_somebody_reads_it():
    assert str(Message(N_("%(name)s is archived."), {"name": "Örebro AB"})) == "Örebro AB is archived."


def test_a_message_is_said_in_the_readers_language():
    assert Message("%(name)s is archived.", {"name": "X"}).said(Swedish()) == "X är arkiverad."


def test_a_message_inside_a_message_is_translated_too():
    assert Message("%(name)s is archived.", {"name": Message("nobody")}).said(Swedish()) == "ingen är arkiverad."


def test_equal_messages_are_one_in_a_set():
    assert len({Message("a", {"x": 1}), Message("a", {"x": 1})}) == 1


def test_the_browsers_favourite_that_we_speak_is_chosen():
    assert negotiate("de-DE, fi;q=0.4, sv-FI;q=0.9, *;q=0.1") == "sv"


def test_a_language_that_is_ruled_out_is_not_chosen():
    assert negotiate("sv;q=0, fi;q=0.1") == "fi"


@pytest.mark.parametrize("header", [None, "", ";;,", "xx;q=abc", "q=1,,", "*"])
def test_an_unreadable_wish_gives_the_default(header):
    assert negotiate(header, LANGUAGES, "fi") == "fi"


def test_only_allowed_languages_are_offered():
    assert negotiate("sv", ("en", "fi"), "fi") == "fi"


def test_english_needs_no_catalogue():
    assert translations("en").gettext("Any text") == "Any text"


def test_a_language_that_we_do_not_speak_is_refused():
    with pytest.raises(ValueError, match="xx"):
        translations("xx")
