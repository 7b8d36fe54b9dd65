"""Who sees whose partners."""

from portal.partners.models import Partner
from portal.web import now


def names(user):
    return sorted(partner.name for partner in Partner.visible_to(user, now().date()))


def test_a_pam_sees_the_own_portfolio_only(cast):
    assert names(cast.par) == ["Falun Oy", "Örebro AB"]


def test_a_manager_sees_the_team(cast):
    assert names(cast.maja) == ["Falun Oy", "Örebro AB"]


def test_leadership_sees_all(cast):
    assert names(cast.lena) == ["Falun Oy", "Malmö AB", "Nobody's Ltd", "Örebro AB"]


def test_a_pam_without_a_portfolio_sees_nothing(cast):
    assert names(cast.petra) == []
