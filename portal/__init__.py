"""The partner portal. Read the packages in this order; it is the way that a visit travels:

accounts (who may act) → imports → partners → kpis → actions → visits (the phone logs one) → cadence (is the partner
due?) → coverage (leadership's figure) → propositions → scorecards (score and snapshot) → publishing (rows become
values; `site_build` draws, freezes, checks and releases them) → gate (the partner reads its own page) → field (what a
PAM sees).
"""
