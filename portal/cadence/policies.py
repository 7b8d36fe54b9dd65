"""Which policy holds for each class on a day; read as a whole, because classes are few."""

from portal.cadence.models import CadencePolicy


def in_force(day):
    """{class id: the policy that holds on that day}; a class without one is missing."""
    started = CadencePolicy.select().where(CadencePolicy.from_on <= day).order_by(CadencePolicy.from_on)
    return {policy.partner_class_id: policy for policy in started}
