"""What a partner reads as new: the values of its page compared with those of the publication before."""

from site_build.values import PromiseKept, PromiseMade, PropositionApproved, RagChanged, ScoreChanged

MOST = 12


def changes(page, previous, done):
    """The changes since the previous page, most telling first. `done`: (side, text) of promises that are done now."""
    if previous is None:
        return ()
    found = (
        *_scores(page, previous),
        *_statuses(page, previous),
        *_kept(page, previous, done),
        *_made(page, previous),
        *_propositions(page, previous),
    )
    return found[:MOST]


def _scores(page, previous):
    for side, now, before in (("partner", page.yours, previous.yours), ("vendor", page.ours, previous.ours)):
        if None not in (now.score, before.score) and now.score != before.score:
            yield ScoreChanged(side, before.score, now.score)


def _statuses(page, previous):
    before = {kpi.code: kpi.rag for kpi in (*previous.yours.kpis, *previous.ours.kpis)}
    for kpi in (*page.yours.kpis, *page.ours.kpis):
        if kpi.code in before and before[kpi.code] != kpi.rag:
            yield RagChanged(kpi.code, kpi.names, before[kpi.code], kpi.rag)


def _kept(page, previous, done):
    for promise in previous.promises:
        if (promise.side, promise.text) in done and promise.text not in [other.text for other in page.promises]:
            yield PromiseKept(promise.text, promise.side)


def _made(page, previous):
    known = {(promise.side, promise.text) for promise in previous.promises}
    for promise in page.promises:
        if (promise.side, promise.text) not in known:
            yield PromiseMade(promise.text, promise.side, promise.due_on)


def _propositions(page, previous):
    known = {(proposition.language, proposition.version) for proposition in previous.propositions}
    new = [one for one in page.propositions if (one.language, one.version) not in known]
    if new:
        yield PropositionApproved(max(one.version for one in new))
