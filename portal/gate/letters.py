"""What is mailed to readers, in their language: (subject, body). `{link}` becomes the link when the mail is sent."""

from portal import i18n
from portal.accounts.models import Workspace
from portal.i18n import N_

INVITATION = (
    N_("%(vendor)s: your partner page"),
    N_(
        "Hello %(name)s,\n\n"
        "%(vendor)s keeps a page for %(partner)s: both scores, what each side promised, and when you meet next. "
        "You may read it.\n\n"
        "Open this link and press the button:\n{link}\n\n"
        "The link works once, within 72 hours. Later, open the same page and give your mail address: "
        "you get a new link. There is no password."
    ),
)
SIGN_IN = (
    N_("%(vendor)s: your link"),
    N_(
        "Hello %(name)s,\n\n"
        "here is the link to your partner page at %(vendor)s. Open it and press the button:\n{link}\n\n"
        "The link works once, within 10 minutes. If you did not ask for it, do nothing: nobody comes in without it."
    ),
)
NEWS = (
    N_("%(vendor)s: your partner page is new"),
    N_(
        "Hello %(name)s,\n\n"
        "the page of %(partner)s has new numbers. Read it here:\n%(address)s\n\n"
        "This mail holds no key. If you are not signed in on this device, give your mail address there, "
        "and a link is mailed to you."
    ),
)


def invitation(reader):
    return _letter(INVITATION, reader)


def sign_in(reader):
    return _letter(SIGN_IN, reader)


def news(reader, address):
    """That the page is new, with the address of the gate's front page and no token (spec/0-decisions.md 26)."""
    return _letter(NEWS, reader, address=address)


def _letter(texts, reader, **more):
    said = i18n.translations(reader.language).gettext
    values = {
        "name": reader.contact.name,
        "vendor": Workspace.get_only().name,
        "partner": reader.contact.partner.name,
        **more,
    }
    return tuple(said(text) % values for text in texts)
