"""What the tests of the gate share: a release on disk, readers who were invited, and their browsers."""

import json
import os
import shutil
from urllib.parse import urlsplit

from portal.accounts import outbox
from portal.gate import entering, readers
from portal.web import now

PAGE = "<!doctype html><title>{name}</title><p>The page of {name} in {language}, release {number}</p>"


class Gate:
    def __init__(self, cast, settings):
        self.cast, self.settings = cast, settings
        self.clear()

    def clear(self):
        """The folder is that of all tests of this worker."""
        shutil.rmtree(self.settings.site, ignore_errors=True)

    def release(self, number, partners, languages=("en", "sv")):
        """Releases a page for each of these partners, and one public page, as the site build would."""
        folder = self.settings.site / "releases" / str(number)
        for partner in partners:
            for language in languages:
                self._write(
                    folder / "partners" / str(partner.id) / language / "index.html",
                    PAGE.format(name=partner.name, language=language, number=number),
                )
        self._write(folder / "public" / "index.html", "<p>The public front page</p>")
        self._write(folder / "public" / "404.html", "<p>No such public page</p>")
        self._write(folder / "public" / "static" / "site.0123456789ab.css", "body{}")
        manifest = {"release": number, "publication": number + 10, "kept": "the manifest"}
        self._write(folder / "manifest.json", json.dumps(manifest, separators=(",", ":")))
        new = self.settings.site / "current.new"
        new.symlink_to(f"releases/{number}")
        os.replace(new, self.settings.site / "current")

    def _write(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def invited(self, partner, name="Kim Kontakt", email="kim@orebro.example", **fields):
        """(reader, the path of the mailed link)"""
        contact = self.cast.contact(partner, name, email=email, **fields)
        return self.invited_again(contact)

    def invited_again(self, contact):
        reader, message = readers.invite(self.cast.stamp, contact)
        return reader, self.mailed(message)

    def mailed(self, message):
        """The path of the link that is in this message, which is sent by this."""
        return urlsplit(outbox.hand_over(self.settings, message, now())).path

    def signed_in(self, partner, **fields):
        """(reader, browser) of somebody who has come in by the mailed link."""
        reader, path = self.invited(partner, **fields)
        return reader, self.enter(path)

    def enter(self, path):
        browser = self.cast.client()
        browser.post(path)
        return browser

    def asked_link(self, email):
        """The path of the link that is mailed to who asks with this address, or None: nothing is mailed."""
        self.cast.client().post("/my/", data={"email": email})
        waiting = list(outbox.waiting(now()))
        return self.mailed(waiting[-1]) if waiting else None


def session_of(browser):
    cookie = browser.get_cookie("partner")
    return entering.ReaderSession.find(cookie.value, now()) if cookie else None
