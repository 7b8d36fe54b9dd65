"""Contacts, visits and promises that the demo makes up for a channel; the same for the same seed and day."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from portal.actions.models import Action
from portal.demo import words
from portal.demo.portfolio import store
from portal.partners.models import Contact, OwnerAssignment, Partner
from portal.visits.models import AgendaItem, Outcome, Visit, VisitAction

PAST_DAYS = 548  # eighteen months
# How often a class is visited in the demo, in days; D only when something happens.
INTERVALS = {"A": 45, "B": 90, "C": 180, "D": 700}
MODES, MODE_WEIGHTS = ("on_site", "video", "phone"), (72, 20, 8)
NOT_HELD = ("cancelled_partner", "cancelled_us", "missed", "rescheduled")
PROMISED_SINCE = 240  # days: older promises say nothing about this year


@dataclass
class Account:
    """One partner as the demo sees it."""

    partner_id: int
    name: str
    owner_id: int
    code: str
    contacts: list = field(default_factory=list)  # ids


@dataclass
class Diary:
    """What is made up, until it is stored at once. What hangs on a visit stands under the visit's place."""

    visits: list = field(default_factory=list)
    agenda: list = field(default_factory=list)  # (place of the visit, columns)
    outcomes: list = field(default_factory=list)
    promises: list = field(default_factory=list)


def accounts(codes, today):
    """The partners that belong to somebody, in order."""
    owners = dict(OwnerAssignment.as_of(today, OwnerAssignment.partner, OwnerAssignment.user).tuples())
    names = Partner.select(Partner.id, Partner.name).order_by(Partner.id).tuples()
    return [
        Account(partner_id, name, owners[partner_id], codes.get(partner_id, "D"))
        for partner_id, name in names
        if partner_id in owners
    ]


def people(stamp, chosen, random):
    """One contact for a partner of class D, two or three for the others; the first is the key contact."""
    rows, whose = [], []
    for account in chosen:
        for number in range(1 if account.code == "D" else random.randint(2, 3)):
            rows.append(_contact(account, number, random))
            whose.append(account)
    for account, contact_id in zip(whose, store(stamp, Contact, rows, with_ids=True), strict=True):
        account.contacts.append(contact_id)


def _contact(account, number, random):
    first, last = random.choice(words.FIRST_NAMES), random.choice(words.LAST_NAMES)
    title, function, seniority = words.POSITIONS[0 if number == 0 else random.randrange(1, len(words.POSITIONS))]
    values = {
        "partner": account.partner_id,
        "name": f"{first} {last}",
        "title": f"{title} (made up)",
        "function": function,
        "seniority": seniority,
        "email": f"{first}.{last}.{account.partner_id}-{number}@partner.example".lower(),
        "phone": "",
        "key_contact": number == 0,
    }
    return {**values, "search": Contact.search_text(values)}


def visits(stamp, chosen, today, random):
    """Eighteen months of visits and the weeks ahead, with agendas, outcomes and promises; returns the Diary."""
    diary = Diary()
    zeal = {account.owner_id: random.uniform(0.55, 1.05) for account in chosen}
    for account in chosen:
        on = today - timedelta(days=PAST_DAYS) + timedelta(days=random.randint(0, INTERVALS[account.code]))
        while (on := on + _pause(account, zeal, random)) < today:
            _look_back(diary, account, _working_day(on), today, random)
    _look_ahead(diary, stamp, chosen, today, random)
    _store(diary, stamp)
    return diary


def _pause(account, zeal, random):
    return timedelta(days=int(INTERVALS[account.code] * random.uniform(0.7, 1.4) / zeal[account.owner_id]))


def _working_day(day):
    return day - timedelta(days=max(0, day.weekday() - 4))


def _look_back(diary, account, on, today, random):
    """A visit whose day has passed: held with what it led to, or not held for a reason."""
    kind, purpose, goal = random.choice(words.PURPOSES)
    planned = {"visit_type": kind, "planned_on": on, "purpose": purpose, "goal": goal}
    if random.random() < 0.06:
        reason = random.choice(NOT_HELD)
        diary.visits.append(
            _visit(account, on, state="not_held", not_held_reason=reason, not_held_note=words.MADE_UP, **planned)
        )
        return
    prepared = planned if random.random() < 0.8 else {"visit_type": kind}
    place = len(diary.visits)
    diary.visits.append(
        _visit(
            account,
            on,
            state="held",
            held_on=on,
            mode=random.choices(MODES, MODE_WEIGHTS)[0],
            minutes=random.choice((45, 60, 90, 120)),
            goal_met=random.choices(("yes", "partly", "no", None), (45, 30, 10, 15))[0],
            note=f"{random.choice(words.NOTES)} ({words.MADE_UP})",
            next_step=random.choice(words.NEXT_STEPS) if random.random() < 0.4 else "",
            logged_at=_moment(on, 17) + timedelta(days=random.choices((0, 1, 3), (80, 15, 5))[0]),
            **prepared,
        )
    )
    _agenda(diary, place, random, done=True)
    _outcomes(diary, place, account, on, today, random)


def _visit(account, on, **given):
    """A visit as its partner's owner planned it a week before."""
    made = {"created_at": _moment(on, 8) - timedelta(days=7), "created_by": account.owner_id}
    return {
        "partner": account.partner_id,
        "owner": account.owner_id,
        "search": Visit.search_text(given),
        **made,
        **given,
    }


def _moment(day, hour):
    return datetime.combine(day, time(hour), UTC)


def _agenda(diary, place, random, *, done):
    items = random.sample(words.AGENDA, random.randint(2, 3))
    for position, (block, text, minutes) in enumerate(items, start=1):
        item = {"position": position, "block": block, "text": text, "minutes": minutes, "done": done}
        diary.agenda.append((place, item))


def _outcomes(diary, place, account, on, today, random):
    if random.random() < 0.3:
        kind, text = random.choice(words.FEEDBACK)
        diary.outcomes.append((place, {"kind": kind, "text": text, "shared_text": ""}))
    if account.code == "D" or (today - on).days > PROMISED_SINCE or random.random() < 0.35:
        return
    for side in random.choice((("vendor",), ("partner",), ("vendor", "partner"))):
        promise = _promise(account, side, on, today, random)
        diary.promises.append((place, promise))
        diary.outcomes.append((place, {"kind": "commitment", "text": "", "shared_text": promise["shared_text"]}))


def _promise(account, side, on, today, random):
    """Most are kept by their day, some late, some not at all."""
    due_on = _working_day(on + timedelta(days=random.randint(14, 45)))
    fate = random.choices(("kept", "late", "open"), (74, 13, 13) if due_on < today else (30, 0, 70))[0]
    done_on = {
        "kept": min(due_on - timedelta(days=random.randint(0, 10)), today),
        "late": min(due_on + timedelta(days=random.randint(1, 12)), today),
        "open": None,
    }[fate]
    return {
        "partner": account.partner_id,
        "side": side,
        "user": account.owner_id if side == "vendor" else None,
        "contact": account.contacts[0] if side == "partner" else None,
        "text": words.MADE_UP,
        "shared_text": random.choice(words.PROMISES[side]),
        "due_on": due_on,
        "original_due_on": due_on,
        "slip_count": 0,
        "state": "open" if done_on is None else "done",
        "done_on": done_on,
    }


def _look_ahead(diary, stamp, chosen, today, random):
    """Planned visits: today and tomorrow for everybody, later for most; a few that nobody has answered."""
    seen = {}
    for account in sorted(chosen, key=lambda account: account.code):
        seen[account.owner_id] = number = seen.get(account.owner_id, 0) + 1
        if number <= 4:
            on = today + timedelta(days=(0, 1, 3, 7)[number - 1])
        elif account.code == "D":
            continue
        elif random.random() < 0.02:
            on = _working_day(today - timedelta(days=random.randint(2, 10)))
        elif random.random() < 0.5:
            on = _working_day(today + timedelta(days=random.randint(8, 60)))
        else:
            continue
        kind, purpose, goal = random.choice(words.PURPOSES)
        confirmed = on >= today and random.random() < 0.4
        place = len(diary.visits)
        diary.visits.append(
            _visit(
                account,
                min(on, today),
                state="confirmed" if confirmed else "planned",
                planned_on=on,
                visit_type=kind,
                purpose=f"{purpose} ({words.MADE_UP})",
                goal=goal,
                confirmed_at=stamp.at if confirmed else None,
            )
        )
        _agenda(diary, place, random, done=False)


def _store(diary, stamp):
    ids = store(stamp, Visit, diary.visits, with_ids=True)
    store(stamp, AgendaItem, [{"visit": ids[place], **item} for place, item in diary.agenda])
    store(stamp, Outcome, [{"visit": ids[place], **item} for place, item in diary.outcomes])
    actions = store(stamp, Action, [item for _place, item in diary.promises], with_ids=True)
    places = [place for place, _item in diary.promises]
    links = [{"visit": ids[place], "action": action} for place, action in zip(places, actions, strict=True)]
    store(stamp, VisitAction, links)


def seeded(today: date):
    # Nothing secret hangs on it: the demo is to look the same whenever it is made on that day.
    return Random(f"demo {today.isoformat()}")  # noqa: S311
