"""Which passwords are refused, and how they are kept: spec/7-bar.md AU-1 to AU-3."""

from itertools import islice

import pytest

from portal.accounts import passwords

PAR = {"name": "Pär Partner", "email": "par.p@nordlicht.example", "company": "Nordlicht AB"}


@pytest.mark.parametrize(
    "password",
    [
        "lantern violin granite",
        "correcthorsebatterystaple",
        "Zq7#vR2!mK9x",
        "tjugofyra rävar",
        "密码是一个很长的句子对吧朋友们",
        "🦊 fox trot ten 🦊",
        "            a b c d e",
        "kd83nfls02md" + "å" * 188,
    ],
)
def test_what_nobody_expects_may_be_a_password(password):
    assert passwords.problems(password, **PAR) == []


@pytest.mark.parametrize(
    "password",
    [
        "eleven chrs",
        "kd83nfls02md" + "å" * 189,
        "abababababab",
        "aaaaaaaabbbccc",
        "abcdXabcdXabcdX",
        "Password1234",
        "P@ssw0rd1234!",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "123456789012",
        "zyxwvutsrqpo",
        "Sommar2026!!",
        "Salasana12345",
        "welcomewelcome",
        "letmeinletmein1",
        "football-Stockholm-1999",
        "par.p likes tea",
        "I am Partner no 7",
        "NORDLICHT rocks us",
        "my Portal into town",
    ],
)
def test_what_is_tried_first_is_refused(password):
    assert passwords.problems(password, **PAR)


def test_the_list_of_common_passwords_is_long_enough():
    assert sum(1 for _ in passwords.common_passwords()) >= 10_000


def test_each_on_the_list_is_refused():
    every_seventh = islice(passwords.common_passwords(), 0, None, 7)
    assert [word for word in every_seventh if not passwords.is_common(word)] == []


def test_the_refusal_names_the_word():
    assert "nordlicht" in str(passwords.problems("nordlicht rocks us", **PAR)[0])


def test_a_long_password_counts_to_its_last_character():
    kept = passwords.hashed("kd83nfls02md" * 16)
    assert passwords.matches(kept, "kd83nfls02md" * 16)
    assert not passwords.matches(kept, "kd83nfls02md" * 16 + "x")


def test_two_keyboards_type_the_same_a_with_dots():
    assert passwords.matches(passwords.hashed("tjugofyra r\u00e4var"), "tjugofyra ra\u0308var")


def test_it_is_kept_as_argon2id_with_46_mib():
    assert passwords.hashed("lantern violin granite").startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_weaker_parameters_are_outdated():
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("x")
    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(passwords.hashed("x"))


def test_nobodys_password_matches_nothing():
    assert not passwords.matches(None, "nobody has this password")


def test_a_third_at_once_is_sent_away(monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._turn(), passwords._turn(), pytest.raises(passwords.Busy):
        passwords.hashed("lantern violin granite")


def test_who_is_sent_away_is_told_when_to_come_back(cast, monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._turn(), passwords._turn():
        answer = cast.client().post("/sign-in", data={"email": "par@nordlicht.example", "password": "x"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
