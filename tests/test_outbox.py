"""Mail that waits, its links, and where it goes."""

import stat
from dataclasses import replace
from datetime import timedelta
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread

import pytest

from portal import mail
from portal.accounts import links, outbox
from portal.accounts.models import OutboxMessage, ShareLink

LINK = {"purpose": "test", "holder_kind": "user", "holder_id": 7, "minutes": 10, "path": "/enter/{token}"}


@pytest.fixture
def letter(db, stamp):
    return outbox.post(stamp, "kim@example.com", "Kim", "Come in", "Hello {Kim}, this way: {link}", dict(LINK))


def kept(settings):
    return sorted(settings.outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)


def test_a_stored_message_holds_no_link(letter):
    assert letter.body == "Hello {Kim}, this way: {link}"
    assert ShareLink.select().count() == 0


def test_without_a_mail_server_it_becomes_a_file_that_nobody_else_reads(letter, settings, now):
    assert outbox.deliver(settings, now) == 1
    assert stat.S_IMODE(kept(settings)[-1].stat().st_mode) == 0o600


def test_the_link_in_the_sent_mail_opens_its_door_once(letter, settings, now):
    address = outbox.hand_over(settings, letter, now)
    assert address.startswith("http://127.0.0.1:8000/enter/")
    assert links.take("test", address.rpartition("/")[2], now).holder_id == 7
    assert links.take("test", address.rpartition("/")[2], now) is None


def test_what_went_out_does_not_go_again(letter, settings, now):
    outbox.deliver(settings, now)
    assert outbox.deliver(settings, now + timedelta(days=1)) == 0


def test_two_that_deliver_at_once_send_it_once(letter, settings, now):
    same = OutboxMessage.get_by_id(letter.id)
    outbox.hand_over(settings, letter, now)
    assert outbox.hand_over(settings, same, now) == ""


class Refusing:
    def send(self, message, name):
        raise mail.MailTrouble("no such mailbox")

    def close(self):
        pass


@pytest.fixture
def refused(letter, settings, now, monkeypatch):
    monkeypatch.setattr(mail, "carrier", lambda settings: Refusing())
    outbox.deliver(settings, now)
    return OutboxMessage.get_by_id(letter.id)


def test_a_refused_mail_says_why(refused):
    assert (refused.error, refused.sent_at, refused.attempts) == ("no such mailbox", None, 1)


def test_a_refused_mail_leaves_no_open_link(refused):
    assert ShareLink.select().count() == 0


def test_a_refused_mail_waits_before_its_next_try(refused, now):
    assert list(outbox.waiting(now + timedelta(minutes=1))) == []
    assert list(outbox.waiting(now + timedelta(minutes=2))) == [refused]


def test_after_eight_attempts_it_is_given_up(refused, settings, now):
    for hours in range(1, 8):
        outbox.deliver(settings, now + timedelta(days=hours))
    assert list(outbox.given_up()) == [refused]


def test_a_name_cannot_add_a_header(settings, now):
    message = mail.compose("portal@example.com", "Kim\r\nBcc: all@example.com", "kim@example.com", "A\nB", "Text", now)
    assert message["Bcc"] is None
    assert message["Subject"] == "A B"


def test_three_links_of_a_purpose_are_open_at_most(db, now):
    tokens = [links.make(now, "test", "user", 7, timedelta(hours=1)) for _ in range(4)]
    assert [bool(links.peek("test", token, now)) for token in tokens] == [False, True, True, True]


def test_a_link_opens_no_other_door(db, now):
    token = links.make(now, "test", "user", 7, timedelta(hours=1))
    assert links.take("reset", token, now) is None


def test_a_link_ends_with_its_time(db, now):
    token = links.make(now, "test", "user", 7, timedelta(hours=1))
    assert links.take("test", token, now + timedelta(hours=1)) is None


# --- a mail server ------------------------------------------------------------------------------------------------


class Post(StreamRequestHandler):
    """Speaks as much SMTP as a mail needs; knows nobody whose name is not Kim."""

    def handle(self):
        self.server.connections += 1
        self.say("220 ready")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
            if word == b"QUIT":
                return self.say("221 bye")
            self.say("550 no such mailbox" if word == b"RCPT" and b"kim" not in line else "250 ok")

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def mail_server():
    with TCPServer(("127.0.0.1", 0), Post) as server:
        server.mails, server.connections = [], 0
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def by_mail(settings, mail_server):
    return replace(settings, mail_url=f"smtp://127.0.0.1:{mail_server.server_address[1]}")


def test_two_mails_go_out_over_one_connection(letter, by_mail, mail_server, stamp, now):
    outbox.post(stamp, "kim@example.com", "Kim", "Grüße", "Zweiter Brief")
    assert outbox.deliver(by_mail, now) == 2
    assert mail_server.connections == 1
    assert "Subject: Come in" in mail_server.mails[0] and "http://127.0.0.1:8000/enter/" in mail_server.mails[0]


def test_a_mailbox_that_does_not_exist_holds_up_nobody(db, by_mail, mail_server, stamp, now):
    wrong = outbox.post(stamp, "nobody@example.com", "Nobody", "Hello", "Text")
    outbox.post(stamp, "kim@example.com", "Kim", "Hello", "Text")
    assert outbox.deliver(by_mail, now) == 1
    assert "no such mailbox" in OutboxMessage.get_by_id(wrong.id).error


def test_a_password_is_not_sent_in_the_clear(letter, by_mail, mail_server, now):
    with_password = replace(by_mail, mail_url=by_mail.mail_url.replace("//", "//user:canary@"))
    assert outbox.deliver(with_password, now) == 0
    error = OutboxMessage.get_by_id(letter.id).error
    assert "STARTTLS" in error and "canary" not in error


def test_a_mail_server_that_is_away_is_an_error_and_no_crash(letter, settings, now):
    assert outbox.deliver(replace(settings, mail_url="smtp://127.0.0.1:1"), now) == 0
    assert "refused" in OutboxMessage.get_by_id(letter.id).error
