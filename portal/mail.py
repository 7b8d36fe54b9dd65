"""Sends mails by SMTP, or keeps them as files where no mail server is set."""

import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from urllib.parse import unquote, urlsplit

TIMEOUT = 15  # seconds
PORTS = {"smtp": 587, "smtps": 465}


class MailTrouble(Exception):
    """The mail was not taken; the text says why, without the password of the mail server."""


def compose(sender, to_name, to_address, subject, body, at):
    """A plain-text mail. Line breaks in names and subjects become blanks: nobody adds a header of his own."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = formataddr((_one_line(to_name), _one_line(to_address)))
    message["Subject"] = _one_line(subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


class Folder:
    """Where mails go without a mail server: one file each, readable for nobody else (0600 in 0700)."""

    def __init__(self, folder):
        self.folder = folder

    def send(self, message, name):
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / f"{name}.eml", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())

    def close(self):
        """Nothing is open between two mails."""


class Server:
    """A mail server: `smtp://user:password@host:port` (STARTTLS) or `smtps://…`. One connection serves many mails."""

    def __init__(self, mail_url):
        self.parts = urlsplit(mail_url)
        self.connection = None

    def send(self, message, _name):
        try:
            if self.connection is None:
                self._connect()
            self.connection.send_message(message)
        except (OSError, smtplib.SMTPException, ValueError) as reason:
            self.close()
            raise MailTrouble(f"{type(reason).__name__}: {reason}"[:500]) from reason

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _connect(self):
        context = ssl.create_default_context()
        self.connection = self._opened(context)
        if self.parts.scheme == "smtp":
            self._encrypt(context)
        if self.parts.username:
            self.connection.login(unquote(self.parts.username), unquote(self.parts.password or ""))

    def _opened(self, context):
        host, port = self.parts.hostname, self.parts.port or PORTS[self.parts.scheme]
        if self.parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
        return smtplib.SMTP(host, port, timeout=TIMEOUT)

    def _encrypt(self, context):
        """A password never travels in the clear; a relay on the same machine may do without both."""
        self.connection.ehlo()
        if self.parts.username or self.connection.has_extn("starttls"):
            self.connection.starttls(context=context)


def carrier(settings):
    """What takes mails away: the mail server, or the folder."""
    return Server(settings.mail_url) if settings.mail_url else Folder(settings.outbox)


def _one_line(text):
    return " ".join(text.split())
