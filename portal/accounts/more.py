"""The page of everything that is not in the tabs: what is there, in the order in which it is shown."""

from dataclasses import dataclass

from portal.i18n import N_


@dataclass(frozen=True)
class Entry:
    """One line, shown to those whose role may open its page."""

    endpoint: str
    label: str
    meaning: str


MORE = (
    (
        N_("Work"),
        (
            Entry("visits.mine", N_("Visits"), N_("Yours by day: planned, waiting for an answer, held")),
            Entry("coverage.overview", N_("Coverage"), N_("Who is visited as planned, and who is neglected")),
            Entry("kpis.library", N_("KPIs"), N_("What is measured, with its unit and its target")),
            Entry("targets.overview", N_("Targets"), N_("What classes and people are to reach, and by when")),
            Entry("publishing.overview", N_("Publishing"), N_("Partner pages: drafts, approvals, what is out")),
            Entry("leave.overview", N_("Leave"), N_("Who is away, and who stands in")),
        ),
    ),
    (
        N_("Set-up"),
        (
            Entry("imports.overview", N_("Import"), N_("Partners, contacts, users, sales and targets from a file")),
            Entry("cadence.classes", N_("Classes"), N_("How often partners of each class are visited")),
            Entry("partners.tiers", N_("Tiers"), N_("The levels of your partner programme")),
            Entry("admin.workspace", N_("Company"), N_("Fiscal year, currency, time zone, mail")),
        ),
    ),
    (
        N_("People and records"),
        (
            Entry("admin.users", N_("Users"), N_("Who may sign in, in which role")),
            Entry("teams.overview", N_("Teams and regions"), N_("Who works with whom, and where")),
            Entry("audit.overview", N_("Who did what"), N_("Every change, sign-in and page that a partner read")),
            Entry("admin.outbox", N_("Outbox"), N_("Mails that wait, were sent or did not get through")),
            Entry("operation.state", N_("State of the portal"), N_("Backups, disk, mail and jobs, and what to do")),
        ),
    ),
)
