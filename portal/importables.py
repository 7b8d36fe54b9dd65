"""Everything that can be imported, in the order in which the kinds stand on each other."""

from portal.accounts import importable as accounts
from portal.kpis import importable as kpis
from portal.partners import importable as partners

IMPORTABLES = {each.kind: each for each in (*accounts.IMPORTABLES, *partners.IMPORTABLES, *kpis.IMPORTABLES)}
