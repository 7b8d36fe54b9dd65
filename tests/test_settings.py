"""Settings come from the environment only, and a wrong one is refused with its name, the reason and the way out."""

import stat

import pytest

from portal.settings import SETTINGS, SettingsError, read_settings


@pytest.fixture
def read(tmp_path):
    def read(**environment):
        return read_settings({"PORTAL_DATA": str(tmp_path / "data"), **environment})

    return read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("WORKERS", "0"),
        ("THREADS", "many"),
        ("PROXIES", "9"),
        ("PUBLIC_URL", "portal.example.com"),
        ("PUBLIC_URL", "https://portal.example.com/app"),
        ("SITE_URL", "ftp://partners.example.com"),
        ("DATABASE_URL", "mysql://localhost/portal"),
        ("MAIL_URL", "mail.example.com"),
        ("BACKUP_AGE_WARNING_HOURS", "0"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(read, name, value):
    with pytest.raises(SettingsError, match=f"{name} is wrong"):
        read(**{name: value})


@pytest.mark.parametrize("key", ["short", "x" * 64, "changeme", "secret-key"])
def test_a_key_that_could_be_guessed_is_refused(read, key):
    with pytest.raises(SettingsError, match="Unset it"):
        read(SECRET_KEY=key)


def test_a_key_from_a_tutorial_is_refused(read):
    with pytest.raises(SettingsError, match="known"):
        read(SECRET_KEY="192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf")


def test_a_weak_earlier_key_is_refused_too(read):
    with pytest.raises(SettingsError):
        read(SECRET_KEY_FALLBACKS="changeme")


def test_the_key_is_made_once_and_only_its_owner_can_read_it(read):
    first, second = read(), read()
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((first.data / "secret.key").stat().st_mode) == 0o600
    assert len(first.secret_key) >= 64


def test_a_key_that_others_can_read_is_refused_with_the_way_out(read):
    (read().data / "secret.key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        read()


def test_without_any_setting_only_this_machine_is_served(read):
    settings = read()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_the_data_folder_is_private(read):
    assert stat.S_IMODE(read().data.stat().st_mode) == 0o700


def test_no_secret_is_in_what_is_shown_of_the_settings(read):
    shown = repr(read(SECRET_KEY="canary-0123456789-abcdefghijklmnop", MAIL_URL="smtp://ada:canary@mail.example"))
    assert "canary" not in shown


def test_the_password_of_the_database_is_not_shown_either(read):
    assert "canary" not in repr(read(DATABASE_URL="postgresql://portal:canary@db.example/portal"))


def test_every_setting_explains_itself():
    assert [setting.name for setting in SETTINGS if len(setting.meaning) < 20 and setting.name != "WORKERS"] == [
        "MAIL_FROM"
    ]
