"""Publishing as one act: snapshot, build, proof, switch, record; with roll back and withdrawal.

Files and rows cannot be switched in one transaction. The site is switched first, then the rows are written; whoever
comes next finishes what was switched and calls the rest failed (`recover`)."""

import hashlib
import time
from zoneinfo import ZoneInfo

from portal.accounts import outbox
from portal.accounts.models import User, Workspace
from portal.db import database, read_snapshot
from portal.i18n import N_, Message, translations
from portal.partners.models import Partner
from portal.propositions.models import PropositionVersion
from portal.publishing.archive import Archive
from portal.publishing.blockers import blocking, publishable
from portal.publishing.internal_texts import forbidden
from portal.publishing.live import Busy, kept_numbers, live_number, next_number, only_one
from portal.publishing.models import UNDER_WAY, PageApproval, Publication, Withdrawal
from portal.publishing.record import record
from portal.publishing.snapshot import head, pages
from portal.records import AuditEvent
from site_build.build import build
from site_build.check import CheckFailed
from site_build.content import BadContent
from site_build.release import Refused, Releases

# What each step of the build means for the state of the publication.
STATE_OF_STEP = {"check": "built", "switch": "checked", "clear up": "checked"}
INTERRUPTED = N_("The build was interrupted. The site is as it was; publish again.")
NOTHING_TO_PUBLISH = N_("No partner's page can be published. Approve at least one page first.")
PROBLEMS_SHOWN = 50


class NothingToPublish(Exception):
    """Not one partner's page may be published."""


def publish(stamp, settings, progress=lambda step, done, total: None):
    """Publishes every page that nothing blocks; returns the Publication: published, unchanged, or failed with a reason.

    A failure leaves the live site as it was. Raises Busy. Must not run inside a transaction."""
    with only_one(settings):
        recover(stamp, settings)
        with database.atomic():
            publication = Publication.begin(stamp, _today(stamp))
        try:
            _build(stamp, settings, publication, progress)
        except NothingToPublish:
            _fail(stamp, publication, NOTHING_TO_PUBLISH)
        except CheckFailed as failed:
            _fail(stamp, publication, N_("The check before the switch found texts that must not be published."), failed)
        except (Refused, BadContent, OSError) as reason:
            if _is_switched(settings, publication):
                raise
            _fail(stamp, publication, str(reason))
        except BaseException:
            if not _is_switched(settings, publication):
                _fail(stamp, publication, N_("Something unexpected stopped the build. The site is as it was."))
            raise
        remove_withdrawn_files(stamp, settings)
        return publication


def roll_back(stamp, settings, to=None):
    """Shows an earlier release again, the one before unless told; returns its number. Raises Busy or Refused."""
    with only_one(settings), Releases(settings.site).opened() as releases:
        number = releases.roll_back(to)
        with database.atomic():
            AuditEvent.write(stamp, "Publication.roll_back", details={"to": number})
        return number


def withdraw(stamp, partner, reason, settings):
    """From this commit on the gate refuses the page; then its files leave every kept release (spec/0-decisions.md 25).

    A build that runs right now removes them at its end."""
    with database.atomic():
        withdrawal = Withdrawal.begin(stamp, partner, reason)
    try:
        with only_one(settings):
            remove_withdrawn_files(stamp, settings)
    except (Busy, Refused):
        pass
    return Withdrawal.get_by_id(withdrawal.id)


def remove_withdrawn_files(stamp, settings):
    """Takes the files of withdrawn pages out of all releases; also those that an earlier try could not remove."""
    waiting = list(Withdrawal.with_files())
    if not waiting:
        return
    with Releases(settings.site).opened() as releases:
        releases.withdraw([withdrawal.partner_id for withdrawal in waiting])
    with database.atomic():
        for withdrawal in waiting:
            withdrawal.change(stamp, action="Withdrawal.files_removed", files_removed_at=stamp.at)


def approve_waiting(stamp):
    """Approves every page that waits for nothing but an approval; returns how many. The word of whoever runs the
    portal, for a channel that was just imported: in daily work managers approve."""
    codes = blocking(Partner.select(), _today(stamp))
    waiting = [partner_id for partner_id, found in codes.items() if found == ["not_approved"]]
    return PageApproval.give(stamp, Partner.select().where(Partner.id.in_(waiting))) if waiting else 0


def finish_interrupted(stamp, settings):
    """Finishes what a killed publication or withdrawal left; nothing while somebody is at work, who does it then.

    True: files of withdrawn pages left the kept releases."""
    waiting = Withdrawal.with_files().exists()
    try:
        with only_one(settings):
            recover(stamp, settings)
            remove_withdrawn_files(stamp, settings)
    except (Busy, Refused):
        return False
    return waiting


def recover(stamp, settings):
    """Finishes a publication that was switched but not recorded, and calls every other unfinished one failed.

    Only for who holds the lock: then nobody is building."""
    for publication in Publication.select().where(Publication.state.in_(UNDER_WAY)):
        with database.atomic():
            if _is_switched(settings, publication):
                _record(stamp, settings, publication, publication.report["number"], {})
            else:
                publication.fail(stamp, INTERRUPTED)


def _is_switched(settings, publication):
    """Do readers see it, although it is not written down yet? Then it has not failed: `recover` finishes it."""
    number = publication.report.get("number")
    return number is not None and number == live_number(settings) and Publication.numbered(number) is None


def _build(stamp, settings, publication, progress):
    archive = Archive(settings)
    number = next_number(settings)
    with database.atomic():
        PropositionVersion.render_anew()
    snapshot = head(number, stamp.at)
    publication.tell("building", number, "snapshot", 0, 1)
    progress("snapshot", 0, 1)
    with read_snapshot():
        chosen, live = publishable(Partner.select(), snapshot.as_of_on), live_number(settings)
        # With a site that is live, none is an answer too: the last page leaves it.
        if not chosen and live is None:
            raise NothingToPublish
        previous = archive.pages_of(live)
        path = archive.keep(snapshot, pages(snapshot, chosen, previous))
    built = build(
        path,
        settings.content,
        settings.site,
        forbidden(),
        progress=_Teller(publication, number, progress),
    )
    with database.atomic():
        if built.certificate is None:
            archive.forget(number)
            publication.change(stamp, action="Publication.unchanged", state="unchanged", partners=built.kept)
        else:
            _record(stamp, settings, publication, number, _report(built))
    archive.prune(kept_numbers(settings))


def _today(stamp):
    return stamp.at.astimezone(ZoneInfo(Workspace.get_only().timezone)).date()


def _record(stamp, settings, publication, number, report):
    path = Archive(settings).path(number)
    partners, drawn_pages = record(stamp, publication, path)
    publication.change(
        stamp,
        action="Publication.publish",
        state="published",
        number=number,
        built_at=stamp.at,
        published_at=stamp.at,
        partners=partners,
        pages=drawn_pages,
        sha256=_sha256(path),
        report=report,
        failure="",
    )


def _report(built):
    certificate = built.certificate
    return {
        "drawn": built.drawn,
        "kept": built.kept,
        "removed": built.removed,
        "files": certificate.files,
        "files_scanned": certificate.files_scanned,
        "scans": [list(scan) for scan in certificate.scans],
        "fields": len(certificate.published_fields),
    }


def _fail(stamp, publication, reason, failed=None):
    """Keeps the reason and tells the administrators.

    What was found is kept word by word: as a text it would be an internal text that stands in a page, for ever."""
    found = [_found(problem) for problem in failed.problems] if failed else []
    with database.atomic():
        publication.change(stamp, report={"problems": found[:PROBLEMS_SHOWN], "found": len(found)})
        publication.fail(stamp, reason)
        if failed:
            _alert(stamp)


def _found(problem):
    """[kind, path, words, id of the partner whose page it is or None]"""
    folder, _slash, rest = problem.path.partition("/")
    number = rest.partition("/")[0]
    return [problem.kind, problem.path, problem.text.split(), int(number) if folder == "partners" else None]


def _alert(stamp):
    for admin in User.active_admins():
        say = translations(admin.locale).gettext
        subject = say(N_("A publication was stopped"))
        body = say(N_("The check before the switch stopped a publication. The site is as it was. See Publishing."))
        outbox.post(stamp, admin.email, admin.name, subject, body)


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Teller:
    """Passes the build's progress on, and writes it down once a second for who watches the page."""

    def __init__(self, publication, number, progress):
        self.publication, self.number, self.progress = publication, number, progress
        self.told_at, self.told_step = 0.0, None

    def __call__(self, step, done, total):
        self.progress(step, done, total)
        now = time.monotonic()
        if step != self.told_step or now - self.told_at > 1:
            state = STATE_OF_STEP.get(step, "building")
            self.publication.tell(state, self.number, step, done, total)
            self.told_at, self.told_step = now, step


def reason_of(publication):
    """Why it failed, to be said in the reader's language; a reason from the files is shown as it is."""
    return Message(publication.failure.replace("%", "%%"))
